"""What holds for every index: order, units of measure and strangers make no difference."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from everycount.index.build import build
from everycount.index.methodology import Average, Methodology
from everycount.index.nodes import Group, ScoredIndicator
from everycount.index.steps import Aggregate, Impute, Normalise
from everycount.io.results import result_files
from everycount.model.observations import COLUMNS, Observations
from everycount.model.units import Units

PARENTS = {"a": "g", "b": "g", "c": "h", "d": "index", "e": "h"}
GROUPS = {"index": None, "g": "index", "h": "index"}
FIGURES = st.integers(1, 400).map(lambda n: n / 4)
CELLS = st.one_of(st.just(np.nan), FIGURES)
TABLES = st.integers(2, 7).flatmap(lambda n: arrays(float, (n, 5), elements=CELLS))
FULL = st.integers(2, 7).flatmap(lambda n: arrays(float, (n, 5), elements=FIGURES))
SEEDS = st.integers(0, 2**32 - 1)
MEANS = ("arithmetic", "geometric", "harmonic", "minimum", "log_mean_exp")
# Shrinking an index takes minutes, and what is found is small enough to read as it is.
FEW = settings(max_examples=15, phases=[Phase.explicit, Phase.generate])

GOALPOSTS = Normalise(do="normalise", method="goalposts", scale=(1, 100))


def aggregate(method="arithmetic", **keys):
    if method == "generalised":
        keys["power"] = keys.get("power", 3.0)
    if method == "log_mean_exp":
        keys["rate"] = 0.05
    return Aggregate(
        do="aggregate", missing=keys.pop("missing", "renormalise"), method=method, **keys
    )


def make(*steps, down=(), weights=None, least=None):
    """Return a method over the tree above; indicators in `down` are better the lower."""
    indicators = tuple(
        ScoredIndicator(
            code=code,
            parent=parent,
            weight=1.0 if weights is None else weights[j],
            worst=100.0 if code in down else 0.0,
            best=0.0 if code in down else 100.0,
        )
        for j, (code, parent) in enumerate(PARENTS.items())
    )
    groups = tuple(Group(code=code, parent=parent, least=least) for code, parent in GROUPS.items())
    return Methodology(id="p", title="P", groups=groups, indicators=indicators, steps=steps)


def observe(table, rows=None, columns=None, period=None):
    """Return a table of figures as observations, in any order of rows and columns."""
    rows = range(len(table)) if rows is None else rows
    columns = list(PARENTS) if columns is None else columns
    codes = list(PARENTS)
    cells = [
        (f"U{i}", period, code, float(table[i, codes.index(code)]), None, None)
        for i in rows
        for code in columns
        if not np.isnan(table[i, codes.index(code)])
    ]
    return Observations(
        table=pl.DataFrame(cells, schema=COLUMNS, orient="row"),
        units=tuple(f"U{i}" for i in rows),
        variables=tuple(columns),
        layout="wide",
    )


def scores_of(result):
    table = result.scores()
    return {(u, n): (s, r) for u, n, s, r in table.select("unit", "node", "score", "rank").rows()}


def same(left, right):
    assert left.keys() == right.keys()
    assert {key: rank for key, (_, rank) in left.items()} == {
        key: rank for key, (_, rank) in right.items()
    }
    scores = [np.array([table[key][0] for key in left], float) for table in (left, right)]
    np.testing.assert_allclose(*scores, rtol=1e-9, atol=1e-9)


@FEW
@given(table=TABLES, seed=SEEDS)
def test_the_order_of_units_and_columns_is_irrelevant(table, seed):
    draw = np.random.default_rng(seed)
    method = replace(make(GOALPOSTS, aggregate()), ranking=replace(make().ranking, decimals=6))
    rows = draw.permutation(len(table)).tolist()
    columns = draw.permutation(list(PARENTS)).tolist()
    same(
        scores_of(build(method, observe(table))),
        scores_of(build(method, observe(table, rows, columns))),
    )


@FEW
@given(table=TABLES, seed=SEEDS)
def test_the_order_of_nodes_is_irrelevant(table, seed):
    draw = np.random.default_rng(seed)
    impute = Impute(do="impute", method="siblings")
    method = replace(
        make(GOALPOSTS, impute, aggregate()), ranking=replace(make().ranking, decimals=6)
    )
    other = replace(
        method,
        indicators=tuple(method.indicators[k] for k in draw.permutation(5)),
        groups=tuple(method.groups[k] for k in draw.permutation(3)),
    )
    same(scores_of(build(method, observe(table))), scores_of(build(other, observe(table))))


def varied(table):
    """Make every column vary, so that its extremes and its spread say something."""
    table = table.copy()
    table[0], table[1] = 1.0, 50.0
    return table


@pytest.mark.parametrize("method", ["min_max", "z_score", "rank", "percentile_rank", "borda"])
@FEW
@given(
    table=TABLES,
    slope=st.integers(1, 4000).map(lambda n: n / 8),
    start=st.integers(-800, 800).map(lambda n: n / 8),
)
def test_units_of_measure_are_irrelevant(method, table, slope, start):
    table = varied(table)
    own = make(Normalise(do="normalise", method=method), aggregate(), down=("b", "d"))
    found = build(own, observe(table)).state.values
    changed = build(own, observe(table * slope + start)).state.values
    np.testing.assert_allclose(found, changed, atol=1e-7)


@pytest.mark.parametrize("method", [*MEANS, "generalised"])
@FEW
@given(table=TABLES, seed=SEEDS)
def test_a_group_lies_between_its_parts(method, table, seed):
    weights = np.random.default_rng(seed).uniform(0.1, 1, 5).tolist()
    state = build(make(GOALPOSTS, aggregate(method), weights=weights), observe(table)).state
    for k in state.tree.order:
        parts = state.values[:, state.tree.children[k]]
        low, high = np.fmin.reduce(parts, axis=1), np.fmax.reduce(parts, axis=1)
        own = state.values[:, k]
        assert (np.isnan(own) == np.isnan(parts).all(axis=1)).all()
        known = ~np.isnan(own)
        assert (own[known] >= low[known] - 1e-6).all()
        assert (own[known] <= high[known] + 1e-6).all()


@pytest.mark.parametrize("method", [*MEANS, "generalised"])
@FEW
@given(table=FULL, unit=SEEDS, column=st.integers(0, 4), more=FIGURES)
def test_an_improvement_never_lowers_a_score(method, table, unit, column, more):
    own = make(GOALPOSTS, aggregate(method), down=("a", "c"))
    row = unit % len(table)
    better = table.copy()
    better[row, column] += -more if "abcde"[column] in "ac" else more
    before, after = build(own, observe(table)), build(own, observe(better))
    assert after.score[row] >= before.score[row] - 1e-9
    others = np.arange(len(table)) != row
    np.testing.assert_array_equal(after.score[others], before.score[others])


@pytest.mark.parametrize("method", ["rank", "percentile_rank", "min_max", "copeland"])
@FEW
@given(table=FULL, unit=SEEDS, column=st.integers(0, 4), more=FIGURES)
def test_an_improvement_never_costs_a_rank(method, table, unit, column, more):
    table = varied(table)
    row = unit % len(table)
    if method == "copeland":
        own = make(GOALPOSTS, aggregate("copeland"))
    else:
        own = make(Normalise(do="normalise", method=method), aggregate())
    better = table.copy()
    better[row, column] += more
    before, after = build(own, observe(table)), build(own, observe(better))
    if method == "copeland":
        # A group's own duels cannot be lost by improving; those of the top may be, through others.
        column_of_group = before.state.tree.parent[column]
        assert after.ranks[row, column_of_group] <= before.ranks[row, column_of_group]
    else:
        assert after.state.values[row, column] >= before.state.values[row, column] - 1e-9


@FEW
@given(table=TABLES, unit=SEEDS)
def test_leaving_a_unit_out_changes_nobody_between_goalposts(table, unit):
    own = make(GOALPOSTS, aggregate("geometric"))
    rows = [i for i in range(len(table)) if i != unit % len(table)]
    all_of_them = build(own, observe(table)).score[rows]
    np.testing.assert_array_equal(build(own, observe(table, rows)).score, all_of_them)


@FEW
@given(table=TABLES, figures=arrays(float, 5, elements=st.integers(2, 49).map(float)))
def test_leaving_out_who_is_nobodys_extreme_changes_nobody(table, figures):
    table = np.vstack([varied(table), figures])  # between the extremes 1 and 50 of the others
    own = make(Normalise(do="normalise", method="min_max"), aggregate())
    rest = list(range(len(table) - 1))
    all_of_them = build(own, observe(table)).score[:-1]
    np.testing.assert_allclose(build(own, observe(table, rest)).score, all_of_them)


@FEW
@given(table=TABLES)
def test_renormalising_equals_filling_with_the_mean_of_the_siblings(table):
    fill = Impute(do="impute", method="siblings")
    left = build(make(GOALPOSTS, aggregate()), observe(table)).state
    filled = build(make(GOALPOSTS, fill, aggregate()), observe(table)).state
    np.testing.assert_allclose(filled.values[:, 6:], left.values[:, 6:], atol=1e-9)  # g and h


@FEW
@given(table=TABLES, share=st.integers(0, 4).map(lambda n: n / 4))
def test_asking_for_more_parts_only_takes_scores_away(table, share):
    free = build(make(GOALPOSTS, aggregate()), observe(table)).state.values
    strict = build(make(GOALPOSTS, aggregate(), least=share), observe(table)).state.values
    assert (np.isnan(free) <= np.isnan(strict)).all()
    groups = slice(6, None)
    known = ~np.isnan(strict[:, groups])
    np.testing.assert_array_equal(strict[:, groups][known], free[:, groups][known])


@FEW
@given(table=TABLES)
def test_the_same_inputs_give_the_same_bytes(table):
    method = replace(
        make(GOALPOSTS, Impute(do="impute", method="mean"), aggregate("geometric")),
        averages=(Average(by="region"),),
    )
    about = Units(
        codes=tuple(f"U{i}" for i in range(len(table))),
        groups={"region": tuple("nes"[i % 3] for i in range(len(table)))},
    )
    first = result_files(build(method, observe(table), about), {})
    again = result_files(build(method, observe(table.copy()), about), {})
    assert first == again
