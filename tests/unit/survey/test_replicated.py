"""Estimates under replicate weights, against one estimate after the other."""

import numpy as np
import polars as pl
import pytest

from everycount.errors import InputError, MethodError
from everycount.survey import replicated
from everycount.survey.disaggregate import disaggregate

ROWS, REPEATS = 90, 12


def people(seed=1):
    rng = np.random.default_rng(seed)
    village = np.repeat(np.arange(REPEATS), -(-ROWS // REPEATS))[:ROWS]
    weight = rng.uniform(1, 4, ROWS)
    kept = {
        f"rw{at + 1}": np.where(village == at, 0.0, weight * REPEATS / (REPEATS - 1))
        for at in range(REPEATS)
    }
    return pl.DataFrame(
        {
            "w": weight,
            "sex": rng.integers(1, 3, ROWS),
            "place": rng.choice(["a", "b", "c"], ROWS),
            "reads": rng.integers(0, 2, ROWS),
            "income": pl.Series([None, *rng.normal(900, 100, ROWS - 1)]),
            "hours": rng.integers(1, 9, ROWS),
            **kept,
        }
    )


DESIGN = """
characteristics = [{ name = "sex" }, { name = "place" }]
outcomes = [
  { name = "reads" },
  { name = "income", statistic = "mean" },
  { name = "sum", column = "income", statistic = "total" },
  { name = "rate", column = "income", statistic = "ratio", denominator = "hours" },
]
[sampling]
weight = "w"
[sampling.replicates]
kind = "JK1"
columns = ["rw*"]
"""


def one_by_one(frame, row):
    """Rows, estimate and error of one cell: the jackknife that leaves out one village."""
    inside = np.ones(len(frame), dtype=bool)
    for name in ("sex", "place"):
        if row[name] != "_T":
            inside &= (frame[name].cast(pl.String) == row[name]).to_numpy()
    column = "reads" if row["outcome"] == "reads" else "income"
    inside &= frame[column].is_not_null().to_numpy()
    rows = frame.filter(pl.Series(inside))

    def estimate(name):
        amount = (rows[column] * rows[name]).sum()
        if row["outcome"] == "sum":
            return amount
        return (
            amount / (rows["hours"] * rows[name] if row["outcome"] == "rate" else rows[name]).sum()
        )

    found = np.array([estimate(f"rw{at + 1}") for at in range(REPEATS)])
    found = found[~np.isnan(found)]
    error = np.sqrt((REPEATS - 1) / REPEATS * ((found - found.mean()) ** 2).sum())
    return len(rows), estimate("w"), error


@pytest.mark.parametrize("at_a_time", [4, 1000])
@pytest.mark.parametrize("room", [0, replicated.ROOM])
def test_every_cell_agrees(plan_of, monkeypatch, at_a_time, room):
    """However few rows come at a time, and whether or not joint cells are rolled up on the way."""
    make = replicated._Joint
    monkeypatch.setattr(replicated, "_Joint", lambda **given: make(room=room, **given))
    frame = people()
    table = disaggregate(plan_of(frame, DESIGN, at_a_time=at_a_time)).table
    assert len(table) == 4 * (1 + 2 + 3 + 6)
    for row in table.iter_rows(named=True):
        n, estimate, error = one_by_one(frame, row)
        assert row["n"] == n
        assert row["estimate"] == pytest.approx(estimate, rel=1e-12)
        assert row["std_error"] == pytest.approx(error, rel=1e-9)
    assert table.filter(sex="_T", place="_T")["df"].to_list() == [REPEATS - 1] * 4


def test_the_producer_may_state_fewer_degrees_of_freedom(plan_of):
    table = disaggregate(plan_of(people(), DESIGN + "df = 3\n")).table
    assert table["df"].max() == 3


def test_scale_and_multipliers_of_ones_own(plan_of):
    usual, own = (
        disaggregate(plan_of(people(), DESIGN + more)).table["std_error"].to_numpy()
        for more in ("", "scale = 2.0\nrscales = [0.5]\n")
    )
    np.testing.assert_allclose(own, usual * np.sqrt(REPEATS / (REPEATS - 1)), rtol=1e-9)


def test_another_kind_needs_no_usual_scale(plan_of):
    text = DESIGN.replace('"JK1"', '"other"\nscale = 0.25\ncentre = "full"')
    row = disaggregate(plan_of(people(), text)).table.row(0, named=True)
    frame = people()
    found = [(frame["reads"] * frame[f"rw{at + 1}"]).sum() / frame[f"rw{at + 1}"].sum()
             for at in range(REPEATS)]  # fmt: skip
    wanted = np.sqrt(0.25 * ((np.array(found) - row["estimate"]) ** 2).sum())
    assert row["std_error"] == pytest.approx(wanted)


# ---------------------------------------------------------------- what cannot be


def test_too_few_replicates_of_a_kind(plan_of):
    text = DESIGN.replace("rw*", "rw1")
    with pytest.raises(MethodError) as caught:
        disaggregate(plan_of(people(), text))
    assert [str(each) for each in caught.value.problems] == [
        "sampling, replicates: found 1 of kind JK1, expected two or more columns of them"
    ]


def test_a_file_without_rows(plan_of):
    text = DESIGN.replace('characteristics = [{ name = "sex" }, { name = "place" }]', "")
    with pytest.raises(MethodError, match="file: found no rows, expected at least one"):
        disaggregate(plan_of(people().clear(), text))


def test_replicate_weights_that_are_none_are_counted_by_column(plan_of):
    frame = people().with_columns(
        rw2=pl.when(pl.int_range(pl.len()) < 3).then(None).otherwise("rw2"),
        rw3=pl.when(pl.int_range(pl.len()) < 2).then(-1.0).otherwise("rw3"),
        w=pl.when(pl.int_range(pl.len()) == 5).then(-2.0).otherwise("w"),
    )
    with pytest.raises(InputError) as caught:
        disaggregate(plan_of(frame, DESIGN, at_a_time=2))
    found = "found nothing, text or less than 0 in"
    assert [str(each) for each in caught.value.problems] == [
        f"replicate weight, column rw2: {found} 3 rows, expected a number from 0",
        f"replicate weight, column rw3: {found} 2 rows, expected a number from 0",
        "weight, column w: found a weight below 0 in 1 row, expected a number from 0",
    ]


def test_a_weight_of_its_own_without_replicates(plan_of):
    text = DESIGN.replace('{ name = "reads" }', '{ name = "reads", weight = "hours" }')
    with pytest.raises(MethodError) as caught:
        disaggregate(plan_of(people(), text))
    assert str(caught.value.problems[0]) == (
        "outcome reads: found a weight of its own (hours), expected the sampling weight, of which "
        "the file has replicates; or factors"
    )
