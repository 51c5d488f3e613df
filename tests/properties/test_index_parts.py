"""Contributions add up to what they are said to add up to."""

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from everycount.index.build import build
from everycount.index.explanation import explain
from everycount.index.methodology import Methodology
from everycount.index.nodes import Group, ScoredIndicator
from everycount.index.steps import Aggregate, Impute, Normalise
from everycount.index.trends import trend
from everycount.model.observations import COLUMNS, Observations

PARENTS = {"a": "g", "b": "g", "c": "h", "d": "index", "e": "i", "f": "i"}
GROUPS = {"index": None, "g": "index", "h": "index", "i": "h"}
FIGURES = st.integers(1, 400).map(lambda n: n / 4)
CELLS = st.one_of(st.just(np.nan), FIGURES, FIGURES)
UNITS = 4
TABLES = arrays(float, (UNITS, len(PARENTS)), elements=CELLS)
PANELS = arrays(float, (2 * UNITS, len(PARENTS)), elements=CELLS)
WEIGHTS = arrays(float, len(PARENTS), elements=st.integers(1, 9).map(float))
# Shrinking an index takes minutes, and what is found is small enough to read as it is.
FEW = settings(max_examples=15, phases=[Phase.explicit, Phase.generate])
MEANS = {
    "arithmetic": {},
    "geometric": {},
    "harmonic": {},
    "minimum": {},
    "generalised": {"power": -0.5},
    "log_mean_exp": {"rate": 0.02},
}


def make(method, weights, *, least=None, top=None, fill=False):
    keys = MEANS[method]
    steps = [Normalise(do="normalise", method="goalposts", scale=(1, 100))]
    mean = {"do": "aggregate", "missing": "renormalise", "method": method, **keys}
    if fill:
        steps += [Aggregate(**mean, to=2), Impute(do="impute", method="mean", level=2)]
    return Methodology(
        id="p",
        title="P",
        groups=tuple(
            Group(
                code=code,
                parent=parent,
                least=least if code != "index" else None,
                aggregate="formula" if top and code == "index" else None,
                formula=top if code == "index" else None,
            )
            for code, parent in GROUPS.items()
        ),
        indicators=tuple(
            ScoredIndicator(code=code, parent=parent, weight=float(w), worst=0.0, best=100.0)
            for (code, parent), w in zip(PARENTS.items(), weights, strict=True)
        ),
        steps=(*steps, Aggregate(**mean)),
    )


def observe(table, periods=(None,)):
    rows = [(f"U{i}", period) for i in range(len(table) // len(periods)) for period in periods]
    cells = [
        (unit, period, code, float(table[k, j]), None, None)
        for k, (unit, period) in enumerate(rows)
        for j, code in enumerate(PARENTS)
        if not np.isnan(table[k, j])
    ]
    return Observations(
        table=pl.DataFrame(cells, schema=COLUMNS, orient="row"),
        units=tuple(dict.fromkeys(unit for unit, _ in rows)),
        periods=tuple(period for period in periods if period),
        variables=tuple(PARENTS),
        layout="wide",
    )


def check(result):
    for row, unit in enumerate(result.state.units):
        if np.isnan(result.score[row]):
            continue
        found = explain(result, unit)
        groups = {part.code: part for part in found.parts}
        alone = [
            groups[code].contribution or 0
            for code in GROUPS
            if any(
                note.startswith(code) or f", {code}" in note.split(":")[0] for note in found.notes
            )
        ]
        total = sum(figure.contribution or 0 for figure in found.figures) + sum(alone)
        assert total == pytest.approx(found.score - found.baseline, abs=1e-7)
        assert groups["index"].contribution == pytest.approx(found.score - found.baseline, abs=1e-7)


@pytest.mark.parametrize("method", MEANS)
@FEW
@given(table=TABLES, weights=WEIGHTS, least=st.sampled_from([None, 0.6, 1.0]))
def test_contributions_add_up_to_the_score_less_the_baseline(method, table, weights, least):
    check(build(make(method, weights, least=least), observe(table)))


@pytest.mark.parametrize("method", ["arithmetic", "geometric"])
@FEW
@given(table=TABLES, weights=WEIGHTS)
def test_filled_groups_add_their_own_part(method, table, weights):
    check(build(make(method, weights, least=1.0, fill=True), observe(table)))


@FEW
@given(table=TABLES, weights=WEIGHTS)
def test_contributions_through_a_formula(table, weights):
    top = "100 - 50 * g / hmean(g, h) + d * i / 100"
    check(build(make("arithmetic", weights, top=top), observe(table)))


@FEW
@given(table=TABLES, weights=WEIGHTS)
def test_under_arithmetic_means_a_part_is_effective_weight_times_score(table, weights):
    full = np.where(np.isnan(table), 50.0, table)
    result = build(make("arithmetic", weights), observe(full))
    for part in explain(result, "U0").parts:
        assert part.contribution == pytest.approx(part.effective_weight * part.score)


@pytest.mark.parametrize("method", MEANS)
@FEW
@given(panel=PANELS, weights=WEIGHTS, least=st.sampled_from([None, 0.6, 1.0]))
def test_contributions_to_a_trend_add_up_to_the_change(method, panel, weights, least):
    result = build(make(method, weights, least=least), observe(panel, (2015, 2020)))
    found = trend(result, 2030)
    for unit, change in found.nodes.filter(node="index").select("unit", "change").rows():
        parts = found.contributions.filter(unit=unit)
        if change is None:
            assert parts.height == 0
        else:
            assert parts["contribution"].sum() == pytest.approx(change, abs=1e-7)


@FEW
@given(panel=PANELS, weights=WEIGHTS)
def test_under_arithmetic_means_a_change_is_told_to_the_indicator_that_made_it(panel, weights):
    full = np.where(np.isnan(panel), 50.0, panel)
    result = build(make("arithmetic", weights), observe(full, (2015, 2020)))
    found = trend(result, 2030)
    shares = {each.node: each.effective for each in result.weights()}
    moved = {
        (unit, node): change
        for unit, node, change in found.nodes.select("unit", "node", "change").rows()
    }
    for unit, part, contribution in found.contributions.rows():
        assert contribution == pytest.approx(shares[part] * moved[unit, part], abs=1e-7)


@FEW
@given(table=TABLES, weights=WEIGHTS)
def test_the_score_that_would_gain_a_rank_does(table, weights):
    method = make("geometric", weights)
    result = build(method, observe(table))
    for row, unit in enumerate(result.state.units):
        if np.isnan(result.score[row]) or result.ranks[row, result.state.tree.top] == 1:
            continue
        found = explain(result, unit)
        for j, figure in enumerate(found.figures):
            if figure.value_to_gain is None:
                continue
            changed = table.copy()
            changed[row, j] = figure.value_to_gain
            again = build(method, observe(changed)).score
            assert again[row] >= found.next_score - 1e-6
