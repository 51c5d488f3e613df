import numpy as np
import polars as pl
import pytest

from everycount.errors import InputError, MethodError
from everycount.survey.estimate import estimate
from everycount.survey.resampled import Resampling, factors_of, resample
from everycount.survey.sample import load
from everycount.survey.unit_totals import (
    Memory,
    add_up,
    replicate_estimates_of_units,
    unit_totals,
)

ROWS = 48
DESIGN = """
characteristics = [{ name = "region" }, { name = "sex" }]
outcomes = [
  { name = "reads" },
  { name = "income", statistic = "mean" },
  { name = "sum", column = "income", statistic = "total" },
  { name = "rate", column = "income", statistic = "ratio", denominator = "hours" },
]
[sampling]
strata = ["stratum"]
psu = "village"
weight = "w"
"""


def people(seed=2):
    rng = np.random.default_rng(seed)
    village = np.repeat(np.arange(12), 4)
    return pl.DataFrame(
        {
            "stratum": (village // 4),
            "village": village,
            "w": rng.uniform(1, 4, ROWS),
            "region": rng.integers(1, 4, ROWS),
            "sex": pl.Series([None, *rng.integers(1, 3, ROWS - 1).tolist()]),
            "reads": pl.Series([None, None, *rng.integers(0, 2, ROWS - 2).tolist()]),
            "income": rng.normal(1000, 20, ROWS),
            "hours": rng.uniform(1, 9, ROWS),
        }
    )


@pytest.fixture
def totals_of(plan_of):
    def make(tables, text=DESIGN, columns=None, **options):
        plan = plan_of(people() if columns is None else columns, text, **options)
        return unit_totals(plan, tables)

    return make


def test_sums_by_unit_and_cell_in_the_order_of_rows():
    unit, cell = np.array([1, 0, 1, 1, 0]), np.array([2, 0, 2, -1, 1])
    found = add_up(unit, cell, np.arange(10.0).reshape(5, 2))
    assert list(zip(found.unit, found.cell, strict=True)) == [(0, 0), (0, 1), (1, 2)]
    assert found.values.tolist() == [[2, 3], [8, 9], [4, 6]]


def test_sums_of_no_rows():
    found = add_up(np.zeros(2, int), np.array([-1, -1]), np.ones((2, 3)))
    assert found.values.shape == (0, 3)


@pytest.mark.parametrize("at_a_time", [1, 5, 100])
def test_totals_are_sums_over_the_rows_of_a_unit(totals_of, at_a_time):
    found = totals_of([(0, 1), ()], at_a_time=at_a_time)
    table = people()
    whole = found.table(1)
    assert whole.cells.tolist() == [[-1, -1]]
    known = table["reads"].is_not_null().to_numpy()
    village = table["village"].to_numpy()
    np.testing.assert_array_equal(
        whole.matrix(0, "rows").toarray()[:, 0], np.bincount(village, known)
    )
    assert whole.matrix(0, "asked").toarray()[:, 0].tolist() == [4] * 12
    crossed = found.table(0)
    assert crossed.cells.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 1]]
    inside = ((table["region"] == 2) & (table["sex"] == 1)).fill_null(value=False).to_numpy()
    weighted = (table["w"] * table["income"]).to_numpy() * inside
    np.testing.assert_allclose(
        crossed.matrix(2, "first").toarray()[:, 2], np.bincount(village, weighted), rtol=1e-12
    )
    hours = (table["w"] * table["hours"]).to_numpy() * inside
    np.testing.assert_allclose(
        crossed.matrix(3, "second").toarray()[:, 2], np.bincount(village, hours), rtol=1e-12
    )


def test_values_are_taken_from_about_their_mean(totals_of):
    found = totals_of([()])
    assert found.shifts[0] == found.shifts[2] == found.shifts[3] == 0
    assert found.shifts[1] == pytest.approx(1000, abs=20)
    first = found.table(0).matrix(1, "first").sum()
    assert abs(first) < 1e-6


def test_parts_stay_on_the_shelf_they_are_put(plan_of):
    shelf = Memory()
    made = unit_totals(plan_of(people(), DESIGN, at_a_time=20), [(0,), (1,)], shelf=shelf)
    assert [len(shelf.take(at)) for at in range(3)] == [3, 3, 0]
    assert made.shelf is shelf
    assert {each.subject for each in made.findings.left_out} == {"reads", "sex"}


def test_rows_of_a_unit_may_stand_apart(totals_of):
    order = np.random.default_rng(1).permutation(ROWS)
    mixed = totals_of([(0,)], columns=people()[order], at_a_time=7)
    plain = totals_of([(0,)])
    for number in range(4):
        one, other = (each.table(0).matrix(number, "second").sum(axis=0) for each in (mixed, plain))
        np.testing.assert_allclose(one, other, rtol=1e-12)
    assert mixed.sampled.units == plain.sampled.units == 12


def test_faults_and_lonely_units(totals_of):
    with pytest.raises(InputError, match="weight, column w: found nothing in 1 row"):
        totals_of([()], columns=people().with_columns(w=pl.Series([None, *[1.0] * 47])))
    lonely = people().with_columns(stratum=pl.Series([9, 9, 9, 9, *[1] * 44]))
    with pytest.raises(MethodError, match=r"1 stratum with a single sampled unit \(9\)"):
        totals_of([()], columns=lonely)


def test_a_file_without_rows(plan_of):
    plan = plan_of(people(), DESIGN)
    plan.source.table = plan.source.table.clear()
    with pytest.raises(MethodError, match="file: found no rows"):
        unit_totals(plan, [()])


# -------------------------------------------------------------- replicates of units


@pytest.mark.parametrize("kind", ["JKn", "bootstrap"])
@pytest.mark.parametrize("outcome", range(4))
def test_replicates_of_units_are_those_of_rows(plan_of, totals_of, kind, outcome):
    totals = totals_of([(), (0, 1)])
    resampling = Resampling(kind=kind, count=20, seed=3)
    factors = factors_of(totals.sampled, resampling, subject="people")
    found = replicate_estimates_of_units(totals, factors, table=1, outcome=outcome)
    sample = resample(load(plan_of(people(), DESIGN)), resampling)
    figures = estimate(sample, by=["region", "sex"]).tables.table(0).figures(outcome)
    np.testing.assert_allclose(found[:, 0], figures.estimate, rtol=1e-12)
    np.testing.assert_allclose(found[:, 1:], figures.series, rtol=1e-11)


def test_a_cell_without_rows_has_no_replicates(totals_of):
    columns = people().with_columns(region=pl.Series([1, 2, *[3] * 46]))
    totals = totals_of([(0,)], columns=columns)
    factors = factors_of(totals.sampled, Resampling(kind="JKn"), subject="people")
    found = replicate_estimates_of_units(totals, factors)
    assert np.isnan(found[:2]).all()  # the first two did not answer
    assert np.isfinite(found[2]).all()
