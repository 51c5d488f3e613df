"""What holds for every measure of inequality: order of rows, units, merged groups, equality."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from everycount.arrays.gradient_scores import gradient_scores
from everycount.arrays.group_table import GroupTable
from everycount.arrays.inequality import inequality
from everycount.arrays.inequality_measures import MEASURES

NAMES = tuple(MEASURES)
SCALE = 100.0
RATES = st.integers(8, 792).map(lambda n: n / 8)  # 1 to 99 by eighths
PEOPLE = st.integers(1, 1_000)
FACTORS = st.sampled_from([0.01, 0.5, 3.0, 1_000.0])
DIRECTIONS = st.sampled_from(["favourable", "adverse"])
FEW = settings(max_examples=25)
PEOPLE_NAMES = ("aci", "rci", "sii", "rii", "sii_linear", "rii_linear")
# A line or curve through ridits depends on where groups are cut.
TURNED, INVERTED = ("d", "aci", "rci", "sii", "sii_linear"), ("r", "rii")
CUT_DEPENDENT = {"sii", "rii", "sii_linear", "rii_linear"}
UNWEIGHTED = {name for name, row in MEASURES.items() if row.weighting == "unweighted"} - {"d", "r"}


@st.composite
def tables(draw, *, least=2):
    groups = draw(st.integers(least, 7))
    columns = [
        draw(st.lists(values, min_size=groups, max_size=groups)) for values in (RATES, PEOPLE)
    ]
    errors = draw(st.lists(st.integers(1, 40), min_size=groups, max_size=groups))
    return GroupTable(
        estimates=np.array(columns[0]),
        sizes=np.array(columns[1]),
        std_errors=np.array(errors) / 16,
        order=np.arange(groups) if draw(st.booleans()) else None,
        reference=draw(st.integers(0, groups - 1)),
        direction=draw(DIRECTIONS),
        scale=SCALE,
    )


def changed(table, **given):
    names = ["estimates", "direction", "sizes", "std_errors", "order", "reference", "scale"]
    return GroupTable(**({name: getattr(table, name) for name in names} | given))


def measured(table, names=NAMES):
    return {row.name: row for row in inequality(names, table)}


def same(one, other, *, factor=1.0, rel=1e-9):
    for field in ("value", "std_error", "low", "high"):
        wanted = pytest.approx(
            factor * getattr(one, field), rel=rel, abs=1e-9 * factor, nan_ok=True
        )
        assert getattr(other, field) == wanted, (one.name, field)


@FEW
@given(tables(), st.randoms(use_true_random=False))
def test_order_of_the_rows_is_irrelevant(table, random):
    groups = len(table.estimates)
    rows = np.array(random.sample(range(groups), groups))
    # Which of equal groups is taken for the best is no matter to the value but to the error.
    assume(len(set(table.estimates)) == groups)
    shuffled = changed(
        table,
        estimates=table.estimates[rows],
        sizes=table.sizes[rows],
        std_errors=table.std_errors[rows],
        order=None if table.order is None else table.order[rows],
        reference=int(np.flatnonzero(rows == table.reference)[0]),
    )
    for one, other in zip(measured(table).values(), measured(shuffled).values(), strict=True):
        same(one, other, rel=1e-8)
        assert one.reason == other.reason


@FEW
@given(tables(), FACTORS)
def test_unit_of_the_indicator_scales_absolute_measures_and_leaves_relative_ones(table, factor):
    times = changed(
        table,
        estimates=factor * table.estimates,
        std_errors=factor * table.std_errors,
        scale=factor * SCALE,
    )
    powers, once = {"indicator": 1, "indicator squared": 2}, measured(table)
    for name, row in measured(times).items():
        power = powers.get(MEASURES[name].unit, 0)
        same(once[name], row, factor=factor**power, rel=1e-7)


@FEW
@given(tables(), FACTORS)
def test_only_proportions_of_sizes_matter(table, factor):
    times = measured(changed(table, sizes=factor * table.sizes))
    for name, row in measured(table).items():
        same(row, times[name], rel=1e-8)


@FEW
@given(tables(), RATES)
def test_equality_is_neutral(table, rate):
    equal = changed(table, estimates=np.full(len(table.estimates), rate))
    for name, row in measured(equal).items():
        if row.reason is None:
            assert row.value == pytest.approx(MEASURES[name].neutral, abs=1e-6), name


@FEW
@given(tables())
def test_measures_stay_above_their_floor(table):
    for name, row in measured(table).items():
        floor = MEASURES[name].floor
        if floor is not None:
            assert row.value >= floor - 1e-9, name


@FEW
@given(tables(), st.data())
def test_merging_groups_with_equal_estimates_changes_nothing_that_counts_people(table, data):
    groups = len(table.estimates)
    at = data.draw(st.integers(0, groups - 2))
    assume(table.reference != at + 1)
    y = table.estimates.copy()
    y[at + 1] = y[at]
    sizes = np.delete(table.sizes, at + 1)
    sizes[at] += table.sizes[at + 1]
    keep = np.delete(np.arange(groups), at + 1)
    split = changed(table, estimates=y)
    merged = changed(
        table.kept(keep), estimates=y[keep], sizes=sizes, std_errors=table.std_errors[keep]
    )
    assume(len(keep) > 1)
    found = measured(merged)
    for name, row in measured(split).items():
        if name not in CUT_DEPENDENT | UNWEIGHTED:
            assert found[name].value == pytest.approx(row.value, rel=1e-9, abs=1e-9, nan_ok=True)


@FEW
@given(tables())
def test_reversed_order_turns_the_gradient_round(table):
    groups = len(table.estimates)
    up = changed(table, order=np.arange(groups))
    down = changed(table, order=np.arange(groups)[::-1])
    one, other = (measured(way, TURNED + INVERTED) for way in (up, down))
    for name in TURNED:
        assert other[name].value == pytest.approx(-one[name].value, rel=1e-7, abs=1e-9)
        assert other[name].std_error == pytest.approx(one[name].std_error, rel=1e-7)
    for name in INVERTED:
        assert other[name].value == pytest.approx(1 / one[name].value, rel=1e-7)
        assert (other[name].low, other[name].high) == pytest.approx(
            (1 / one[name].high, 1 / one[name].low), rel=1e-7
        )


@FEW
@given(tables())
def test_shortfalls_have_the_absolute_gradient_turned_round(table):
    short = changed(table, estimates=SCALE - table.estimates, order=np.arange(len(table.estimates)))
    whole = changed(table, order=np.arange(len(table.estimates)))
    names = ("aci", "sii", "sii_linear")
    one, other = measured(whole, names), measured(short, names)
    for name in names:
        assert other[name].value == pytest.approx(-one[name].value, rel=1e-7, abs=1e-9)
        assert other[name].std_error == pytest.approx(one[name].std_error, rel=1e-7)


@FEW
@given(tables(least=3))
def test_people_of_groups_measure_as_the_groups(table):
    groups = len(table.estimates)
    found = gradient_scores(
        PEOPLE_NAMES, table.estimates, table.sizes, np.arange(groups), scale=SCALE
    )
    of_groups = measured(changed(table, order=np.arange(groups)), PEOPLE_NAMES)
    for name, value in zip(PEOPLE_NAMES, found.values, strict=True):
        wanted = of_groups[name].value
        if name == "rii_linear" and not wanted > 0:
            continue  # people may have a line that ends below 0, which is no ratio of groups
        assert value == pytest.approx(wanted, rel=1e-8, abs=1e-9), name
    np.testing.assert_allclose(
        found.scores.sum(axis=0)[:3], 0, atol=1e-9 * max(1, np.abs(found.scores[:, :3]).max())
    )
