"""Compiled functions are called as they are and as plain Python: both must give the same."""

from itertools import pairwise

import numpy as np
import pytest

from everycount.arrays import scatter as kernel
from everycount.arrays.scatter import LANES, MOMENTS, layout, new_state, padded, scatter
from everycount.arrays.tables import all_tables, cell_codes, places, plan_tables

SIZES = (2, 3, 2)
PAIRS = np.array([[2, 1, 0, 1, 0], [4, 5, 3, 0, 6]])
"""A share of slots 2 and 1; a ratio of slots 4 and 5 with own rows in 3, known in 6."""


def plan_of(roles=("person",) * 3):
    return plan_tables(SIZES, all_tables(3, 2), roles)


def rows_of(rng, lengths, *, roles=("person",) * 3, slots=7):
    """Values, codes of all variables, and where units begin."""
    starts = np.concatenate([[0], np.cumsum(lengths)])
    rows = int(starts[-1])
    unit = np.repeat(np.arange(len(lengths)), lengths)
    codes = np.array([rng.integers(0, size, rows) for size in SIZES])
    for at, role in enumerate(roles):
        if role == "unit":
            codes[at] = rng.integers(0, SIZES[at], len(lengths))[unit]
    values = np.zeros((rows, padded(slots)))
    values[:, 0] = 1
    values[:, 1] = rng.uniform(1, 3, rows)
    values[:, 2] = values[:, 1] * rng.integers(0, 2, rows)
    values[:, 3] = rng.integers(0, 2, rows)
    values[:, 6] = values[:, 3] * rng.integers(0, 2, rows)
    values[:, 4:6] = rng.normal(50, 1, (rows, 2)) * values[:, 6:7]
    return values, codes, starts, unit


def run(call, plan, values, codes, starts, strata, state, *, goes_on=(False, False)):
    call(
        values,
        np.ascontiguousarray(codes[plan.person], dtype=np.uint16),
        starts,
        strata=strata,
        unit_codes=np.ascontiguousarray(codes[plan.unit][:, starts[:-1]].T, dtype=np.int64),
        goes_on=goes_on,
        layout=layout(plan, PAIRS),
        state=state,
    )


def state_of(plan, strata=1, slots=7):
    return new_state(plan, slots=slots, outcomes=len(PAIRS), strata=strata)


def expected(plan, values, codes, unit, strata):
    """Totals and moments of every cell, worked out one by one."""
    codes_of = cell_codes(plan)
    units = int(unit[-1]) + 1
    number = int(strata.max()) + 1
    totals = np.zeros((number, plan.cells, values.shape[1]))
    moments = np.zeros((number, plan.cells, len(PAIRS), MOMENTS))
    for cell, levels in enumerate(codes_of):
        inside = ((levels[:, None] < 0) | (levels[:, None] == codes)).all(axis=0)
        sums = np.zeros((units, values.shape[1]))
        np.add.at(sums, unit[inside], values[inside])
        for stratum in range(number):
            own = sums[strata == stratum]
            totals[stratum, cell] = own.sum(axis=0)
            for outcome, (a, c, asked, is_share, counts) in enumerate(PAIRS):
                there = own[own[:, asked] > 0]
                first = there[:, a]
                second = there[:, c] - is_share * first
                apart = [each - each.mean() if len(each) else each for each in (first, second)]
                moments[stratum, cell, outcome, :7] = [
                    first.sum(),
                    second.sum(),
                    (apart[0] ** 2).sum(),
                    (apart[0] * apart[1]).sum(),
                    (apart[1] ** 2).sum(),
                    len(there),
                    (there[:, counts] > 0).sum(),
                ]
    return totals, moments


def same(state, wanted):
    for found, right in zip((state.totals, state.moments), wanted, strict=True):
        np.testing.assert_allclose(found, right, rtol=1e-12, atol=1e-12)
    assert not state.local.any()  # cleared for the next unit


@pytest.fixture
def plainly(monkeypatch):
    """Run everything that is compiled as plain Python."""
    for name in ("_scatter", "_add", "_add_line", "_add_small", "_add_deep", "_roll_up", "_count",
                 "_flush", "_flush_small"):  # fmt: skip
        monkeypatch.setattr(kernel, name, getattr(kernel, name).py_func)


LENGTHS = [3, 1, 30, 2, 40, 25, 5]
"""Small units and large ones."""
STRATA = np.array([0, 0, 0, 1, 1, 1, 1])


# ---------------------------------------------------------------- whole batches


def test_moments_of_units_in_every_cell():
    plan = plan_of()
    values, codes, starts, unit = rows_of(np.random.default_rng(1), LENGTHS)
    state = state_of(plan, strata=2)
    run(scatter, plan, values, codes, starts, STRATA, state)
    same(state, expected(plan, values, codes, unit, STRATA))


def test_plain_python_gives_the_same(plainly, monkeypatch):
    monkeypatch.setattr(kernel, "BLOCK", 16)
    plan = plan_of()
    values, codes, starts, unit = rows_of(np.random.default_rng(1), LENGTHS)
    state = state_of(plan, strata=2)
    run(scatter, plan, values, codes, starts, STRATA, state)
    same(state, expected(plan, values, codes, unit, STRATA))


@pytest.mark.parametrize("roles", [("unit", "person", "person"), ("unit", "unit", "unit")])
def test_variables_that_are_the_same_in_a_unit_are_left_out_of_the_adding(roles):
    whole, plan = plan_of(), plan_of(roles)
    values, codes, starts, unit = rows_of(np.random.default_rng(2), LENGTHS, roles=roles)
    state = state_of(plan, strata=2)
    run(scatter, plan, values, codes, starts, STRATA, state)
    source, place, _ = places(plan, whole)
    totals, moments = expected(whole, values, codes, unit, STRATA)
    np.testing.assert_allclose(state.totals[:, source], totals[:, place], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(state.moments[:, source], moments[:, place], rtol=1e-12, atol=1e-12)


def test_variables_of_units_in_plain_python(plainly):
    roles = ("unit", "person", "person")
    test_variables_that_are_the_same_in_a_unit_are_left_out_of_the_adding(roles)


@pytest.mark.parametrize("cuts", [[10], [20, 40], [2, 3, 60], [35, 36, 37, 105]])
def test_units_go_on_over_batches(cuts):
    plan = plan_of()
    values, codes, starts, unit = rows_of(np.random.default_rng(3), LENGTHS)
    state = state_of(plan, strata=2)
    edges = [0, *cuts, len(values)]
    for begin, end in pairwise(edges):
        inner = starts[(starts > begin) & (starts < end)]
        own = np.concatenate([[begin], inner, [end]])
        goes_on = (begin not in starts, end not in starts)
        strata = STRATA[unit[own[:-1]]]
        part = slice(begin, end)
        own_codes = codes[:, part]
        run(scatter, plan, values[part], own_codes, own - begin, strata, state, goes_on=goes_on)
    same(state, expected(plan, values, codes, unit, STRATA))


def test_a_unit_that_went_on_is_finished_without_rows():
    plan = plan_of()
    values, codes, starts, unit = rows_of(np.random.default_rng(4), [6])
    state = state_of(plan)
    zero = np.zeros(1, dtype=np.int64)
    run(scatter, plan, values, codes, starts, zero, state, goes_on=(False, True))
    assert not state.totals.any()
    run(scatter, plan, values[:0], codes[:, [0, 0]], np.zeros(2, np.int64), zero, state,
        goes_on=(True, False))  # fmt: skip
    same(state, expected(plan, values, codes, unit, zero))


def test_more_slots_than_one_line():
    plan = plan_of()
    values, codes, starts, unit = rows_of(np.random.default_rng(5), LENGTHS, slots=17)
    assert values.shape[1] == 24
    values[:, 7:17] = np.arange(7, 17) * values[:, [1]]
    state = state_of(plan, strata=2, slots=17)
    run(scatter, plan, values, codes, starts, STRATA, state)
    same(state, expected(plan, values, codes, unit, STRATA))


def test_squares_lose_no_digits_where_units_hardly_differ():
    plan = plan_tables((1,), ((),), ("person",))
    offsets = np.array([1, 2, 4, 5, 8]) * 2.0**-20  # exact in binary
    values = np.zeros((5, LANES))
    values[:, 0] = values[:, 1] = 1
    values[:, 2] = 1e6 + offsets
    pairs = np.array([[2, 1, 0, 0, 0]])
    state = new_state(plan, slots=3, outcomes=1, strata=1)
    scatter(
        values,
        np.zeros((1, 5), dtype=np.uint16),
        np.arange(6),
        strata=np.zeros(5, dtype=np.int64),
        unit_codes=np.zeros((5, 0), dtype=np.int64),
        goes_on=(False, False),
        layout=layout(plan, pairs),
        state=state,
    )
    right = ((offsets - offsets.mean()) ** 2).sum()
    assert state.moments[0, 0, 0, 2] == pytest.approx(right, rel=1e-9)
    assert state.moments[0, 0, 0, 3:7].tolist() == [0, 0, 5, 5]


# ---------------------------------------------------------------- each compiled function


def both(name, *arguments):
    """Call a function compiled and plain; return the changed arguments and results of each."""
    found = []
    for call in (getattr(kernel, name), getattr(kernel, name).py_func):
        own = [copied(each) for each in arguments]
        result = call(*own)
        found.append((own, result))
    return found


def copied(each):
    if isinstance(each, np.ndarray):
        return each.copy()
    return type(each)(*(part.copy() for part in each)) if hasattr(each, "_fields") else each


def alike(name, *arguments):
    compiled, plain = both(name, *arguments)
    assert compiled[1] == plain[1]
    for one, other in zip(compiled[0], plain[0], strict=True):
        parts = (one,) if isinstance(one, np.ndarray) else one if hasattr(one, "_fields") else ()
        others = (other,) if isinstance(other, np.ndarray) else other
        for a, b in zip(parts, others if parts else (), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-13, atol=1e-13)
    return compiled


@pytest.fixture
def filled():
    """A plan, its layout, and local cells with something in them."""
    plan = plan_of(("unit", "person", "person"))
    rng = np.random.default_rng(6)
    local = np.zeros((int(plan.size.sum()), LANES))
    local[::2] = rng.uniform(1, 2, local[::2].shape)
    local[::4, 3] = local[::4, 6] = 0
    local[::6, 6] = 0
    return plan, layout(plan, PAIRS), local


def test_a_row_is_added_to_a_cell():
    values = np.arange(2.0 * LANES).reshape(2, LANES)
    into = np.ones((3, LANES))
    changed, _ = alike("_add", into, 1, values, 1)
    assert changed[0][1].tolist() == (1 + values[1]).tolist()
    assert (changed[0][[0, 2]] == 1).all()


def test_a_wide_row_is_added_line_by_line():
    values = np.arange(4.0 * LANES).reshape(1, -1)
    changed, _ = alike("_add", np.zeros((1, 4 * LANES)), 0, values, 0)
    assert changed[0].tolist() == values.tolist()
    changed, _ = alike("_add_line", np.zeros((1, 4 * LANES)), 0, values, 0, LANES)
    assert changed[0][0].nonzero()[0].tolist() == list(range(LANES, 2 * LANES))


def test_rows_of_a_small_unit_note_the_cells_they_touch(filled):
    plan, own, local = filled
    values, codes, _, _ = rows_of(np.random.default_rng(7), [4, 5])
    small = np.zeros(len(plan.base) * 24 * 2, dtype=np.int64)
    arguments = (values, codes[plan.person].astype(np.uint16), 4, 9, own, local * 0, small)
    changed, count = alike("_add_small", *arguments)
    noted = changed[6][:count].reshape(-1, 2)
    assert sorted(noted[:, 0]) == np.flatnonzero(changed[5][:, 0]).tolist()
    assert changed[5][:, 0].sum() == 5 * len(plan.base)


def test_rows_of_a_large_unit_reach_the_deep_tables(filled):
    plan, own, local = filled
    values, codes, _, _ = rows_of(np.random.default_rng(8), [40])
    place = np.zeros(64, dtype=np.uint32)
    arguments = (values, codes[plan.person].astype(np.uint16), 3, 33, own, local * 0, place)
    changed, _ = alike("_add_deep", *arguments)
    assert changed[5][:, 0].sum() == 30 * len(plan.deep)


def test_tables_are_rolled_up(filled):
    plan, own, local = filled
    local[int(plan.base[1]) :] = 0
    changed, _ = alike("_roll_up", own, local)
    total = local[: int(plan.size[0])].sum(axis=0)
    for start, size in zip(plan.base, plan.size, strict=True):
        np.testing.assert_allclose(changed[1][start : start + size].sum(axis=0), total)


def test_a_cell_is_counted(filled):
    _, own, local = filled
    moments = np.zeros((2, len(PAIRS), MOMENTS))
    for cell in (0, 2, 6):
        (_, _, _, moments, _), _ = alike("_count", local, cell, 1, moments, own.pairs)
    there = local[[0, 2, 6]]
    assert moments[1, 0, :2] == pytest.approx(
        [there[:, 2].sum(), (there[:, 1] - there[:, 2]).sum()]
    )
    assert moments[1, :, 5].tolist() == [3, (there[:, 3] > 0).sum()]
    assert moments[1, :, 6].tolist() == [3, ((there[:, 3] > 0) & (there[:, 6] > 0)).sum()]
    assert not moments[0].any()


@pytest.mark.parametrize("name", ["_flush", "_flush_small"])
def test_a_finished_unit_is_added_and_cleared(filled, name):
    plan, own, local = filled
    totals = np.zeros((plan.cells, LANES))
    moments = np.zeros((plan.cells, len(PAIRS), MOMENTS))
    codes = np.array([1])
    if name == "_flush":
        changed, _ = alike(name, codes, own, local, totals, moments)
        after = changed[2:]
    else:
        cells = np.flatnonzero(local[:, 0])
        tables = np.searchsorted(plan.base[np.argsort(plan.base)], cells, side="right") - 1
        small = np.column_stack([cells, np.argsort(plan.base)[tables]]).ravel()
        changed, _ = alike(name, small, len(small), codes, own, local, totals, moments)
        after = changed[4:]
    assert not after[0].any()
    # Most local tables go to a kept table without the unit variable, and to one with it.
    times = np.repeat(np.diff(plan.target_start), plan.size)
    assert set(times) == {1, 2}
    np.testing.assert_allclose(after[1].sum(axis=0), times @ local)
    assert after[2][..., 5].sum() == times @ (local[:, 0] > 0) + times @ (local[:, 3] > 0)


def test_deep_tables_may_be_of_different_width():
    plan = plan_tables(SIZES, ((), (0, 1), (2,)), ["person"] * 3)
    values, codes, _, _ = rows_of(np.random.default_rng(10), [30])
    local, place = np.zeros((int(plan.size.sum()), LANES)), np.zeros(64, dtype=np.uint32)
    arguments = (values, codes.astype(np.uint16), 0, 30, layout(plan, PAIRS), local, place)
    changed, _ = alike("_add_deep", *arguments)
    cells = plan.base[1] + np.arange(2)
    np.testing.assert_array_equal(changed[5][cells, 0], np.bincount(codes[2]))


def test_a_batch_in_plain_python(filled):
    plan, own, _ = filled
    values, codes, starts, _ = rows_of(np.random.default_rng(9), [2, 30, 3], roles=plan.roles)
    heads = np.ascontiguousarray(codes[plan.unit][:, starts[:-1]].T)
    alike(
        "_scatter",
        values,
        codes[plan.person].astype(np.uint16),
        starts,
        np.zeros(3, dtype=np.int64),
        heads,
        (False, True),
        own,
        state_of(plan),
        np.zeros(len(plan.base) * 48, dtype=np.int64),
        np.zeros(kernel.BLOCK, dtype=np.uint32),
    )
