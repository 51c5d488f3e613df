"""Draws as a table: written, read again and built again; and every fault of a table at once."""

import numpy as np
import polars as pl
import pytest
from numpy.testing import assert_array_equal

from everycount.audit.draws import joined
from everycount.audit.replay import draws_table, mixed, read_draws
from everycount.errors import InputError

ASSUMPTIONS = (
    {"vary": "weights", "name": "Noise", "how": "noise", "spread": 0.5, "levels": [2]},
    {
        "vary": "groups",
        "name": "Means",
        "options": [{"name": "sum"}, {"name": "root", "aggregate": "geometric"}],
    },
    {"vary": "leave_one_out", "name": "Left out"},
    {"vary": "figures", "name": "Errors", "relative": {"*": 0.1}, "limits": {"*": [1, 99]}},
    {
        "vary": "weights",
        "name": "Sets",
        "how": "sets",
        "sets": [{"name": "declared"}, {"name": "x", "weights": {"a": 2}}],
    },
)


@pytest.fixture(scope="module")
def builds(builds_of, tree, steps, vary):
    return builds_of(tree + steps + "".join(vary(**each) for each in ASSUMPTIONS))


def as_text(table):
    return table.select(pl.all().cast(pl.String))


def test_draws_come_back_as_they_were(builds, drawn):
    draws = drawn(builds, 40)
    table = draws_table(builds.methodology, draws)
    assert table.columns == [
        "draw", "Noise[g]", "Noise[h]", "Means", "Left out", "Errors", "Sets"
    ]  # fmt: skip
    assert table["draw"].to_list() == list(range(1, 41))
    for again in (as_text(table), pl.read_csv(table.write_csv().encode(), infer_schema=False)):
        read = read_draws(builds.methodology, again, name="draws.csv")
        assert read.sets == {}
        assert read.draws.count == 40
        for name, each in {**draws.numbers, **draws.weights}.items():
            assert_array_equal({**read.draws.numbers, **read.draws.weights}[name], each)
        first, second = builds.run(draws), builds.run(read.draws)
        assert first.scores[builds.nodes[0]].tobytes() == second.scores[builds.nodes[0]].tobytes()


def test_samples_come_back_too(builds, drawn):
    first, second = drawn(builds, 2), drawn(builds, 2, stream=1)
    own = [each["name"] for each in ASSUMPTIONS]
    names = ["A", "B", *map(mixed, own)]
    draws = joined([first, second, *(first.with_choice(name, second) for name in own)])
    table = draws_table(builds.methodology, draws, [name for name in names for _ in range(2)])
    read = read_draws(builds.methodology, as_text(table), name="draws.csv")
    assert {name: rows.tolist() for name, rows in read.sets.items()} == {
        name: [2 * k, 2 * k + 1] for k, name in enumerate(names)
    }
    assert read.independent.tolist() == [0, 1, 2, 3]
    # Rows that are not the mixture they are said to be.
    wrong = [name for name in ["B", "A", *map(mixed, own)] for _ in range(2)]
    found = faults(builds, as_text(draws_table(builds.methodology, draws, wrong)))
    assert len(found) > 1
    assert "found other choices, expected the row of A with" in found[0]


def faults(builds, table):
    with pytest.raises(InputError) as caught:
        read_draws(builds.methodology, table, name="draws.csv")
    return [str(problem) for problem in caught.value.problems]


def test_all_faults_at_once(builds, drawn):
    table = as_text(draws_table(builds.methodology, drawn(builds, 4)))
    broken = table.drop("Noise[h]").with_columns(
        pl.Series("Noise[g]", ["1", "-1", "much", "inf"]),
        pl.Series("Means", ["sum", "root", "Sum", None]),
        pl.Series("Left out", ["", "f", "a", "b"]),
        pl.Series("Errors", ["1", "1.5", "-1", str(2**63)]),
        pl.Series("Moon", ["1"] * 4),
    )
    numbered = "expected a whole number of 0 or more"
    assert faults(builds, broken) == [
        "row 3, Noise[g]: found '-1', expected a number of 0 or more",
        "row 4, Noise[g]: found 'much', expected a number of 0 or more",
        "row 5, Noise[g]: found 'inf', expected a number of 0 or more",
        "column 'Noise[h]': found nothing, expected a column with a number of 0 or more",
        "row 4, Means: found 'Sum', expected one of sum, root",
        "row 5, Means: found '', expected one of sum, root",
        "row 3, Left out: found 'f', expected one of an empty cell, a, b, c, d, e",
        f"row 3, Errors: found '1.5', {numbered}",
        f"row 4, Errors: found '-1', {numbered}",
        f"row 5, Errors: found '{2**63}', {numbered}",
        "column 'Moon': found no assumption of this name, expected one of Errors, Left out, Means, "
        "Noise[g], Noise[h], Sets, draw, set",
    ]


def test_a_table_without_rows_and_one_without_columns(builds, drawn):
    table = as_text(draws_table(builds.methodology, drawn(builds, 1)))
    assert faults(builds, table.clear()) == ["table: found no draws, expected a row for each build"]
    assert len(faults(builds, pl.DataFrame())) == 7


def test_samples_that_do_not_fit(builds, drawn):
    names = ["A", "B", *(mixed(each["name"]) for each in ASSUMPTIONS)]
    table = draws_table(builds.methodology, drawn(builds, 9), [*names, "A", "C"])
    found = faults(builds, as_text(table))
    wanted = ", ".join(names)
    assert found == [
        *(f"set '{name}': found 1 rows, expected 2 rows of each of {wanted}" for name in names[1:]),
        f"set: found C, expected one of {wanted}",
    ]
    none = as_text(draws_table(builds.methodology, drawn(builds, 1), ["B"]))
    assert faults(builds, none)[0] == (
        f"set 'A': found 0 rows, expected some rows of each of {wanted}"
    )


def test_many_options_are_shown_in_part(builds_of, steps, vary, drawn):
    codes = [f"i{k}" for k in range(30)]
    leaves = ", ".join(f'{{ code = "{c}", parent = "index", worst = 0, best = 9 }}' for c in codes)
    tree = f'groups = [{{ code = "index" }}]\nindicators = [{leaves}]\n'
    data = "unit," + ",".join(codes) + "\n" + "".join(f"U{u}" + f",{u}" * 30 + "\n" for u in (1, 2))
    builds = builds_of(tree + steps + vary(vary="leave_one_out", name="L"), data)
    table = as_text(draws_table(builds.methodology, drawn(builds, 1)))
    assert faults(builds, table.with_columns(pl.lit("x").alias("L")))[0].endswith("i17, i18 …")


def test_draws_as_declared_have_empty_cells(builds, chosen):
    table = draws_table(builds.methodology, chosen(builds))
    assert table["Means"].to_list() == [None]
    assert np.isclose(table["Noise[h]"][0], 2)
