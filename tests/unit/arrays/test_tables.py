import numpy as np
import pytest

from everycount.arrays.tables import all_tables, cell_codes, places, plan_tables, table_strides

SIZES = (2, 3, 4)
EVERY = all_tables(3, 3)


def test_every_table_once_and_the_total_first():
    assert EVERY == ((), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2))
    assert all_tables(3, 0) == ((),)
    assert all_tables(0, 2) == ((),)


def test_the_last_variable_lies_closest():
    assert table_strides(SIZES, (0, 1, 2)) == [12, 4, 1]
    assert table_strides(SIZES, (2,)) == [1]
    assert table_strides(SIZES, ()) == []


def test_rows_are_added_to_the_largest_tables_only():
    plan = plan_tables(SIZES, all_tables(3, 2), ["person"] * 3)
    assert plan.cells == 1 + 2 + 3 + 4 + 6 + 8 + 12
    assert plan.deep.tolist() == [0, 1, 2]
    assert plan.size[plan.deep].tolist() == [6, 8, 12]
    # One-way tables and the total are rolled up, each from the smallest table that has it.
    assert plan.size[plan.roll_from].tolist() == [6, 6, 8, 2]
    assert plan.person == [0, 1, 2]


@pytest.mark.parametrize("wanted", [EVERY, ((), (2,)), ((0, 2), (1,), ()), ((1, 2),)])
def test_what_is_rolled_up_is_what_would_have_been_added(wanted):
    plan = plan_tables(SIZES, wanted, ["person"] * 3)
    rows = np.random.default_rng(1).integers(0, SIZES, (50, 3))
    local = np.zeros(int(plan.size.sum()))
    for number in plan.deep:
        cell = plan.base[number] + (plan.strides[number] * rows[:, plan.variables[number]]).sum(1)
        np.add.at(local, cell, 1)
    for number, source in enumerate(plan.roll_from):
        cells = plan.base[source] + np.arange(plan.size[source])
        into = plan.roll_map[plan.roll_start[number] : plan.roll_start[number + 1]]
        np.add.at(local, into, local[cells])
    codes = cell_codes(plan)
    for table in range(len(plan.base)):
        for target in range(plan.target_start[table], plan.target_start[table + 1]):
            first = plan.target_base[target]
            for at in range(plan.size[table]):
                crossed = codes[first + at] >= 0
                belongs = (rows[:, crossed] == codes[first + at][crossed]).all(axis=1)
                assert local[plan.base[table] + at] == belongs.sum()


def test_variables_of_units_and_strata_have_no_local_place():
    plan = plan_tables(SIZES, EVERY, ["stratum", "unit", "person"])
    assert (plan.stratum, plan.unit, plan.person) == ([0], [1], [2])
    assert plan.size.tolist() == [4, 1]
    # Tables that differ in the stratum variable alone are kept once: (), 1, 2, 1 x 2.
    assert plan.cells == 1 + 3 + 4 + 12
    assert plan.first == (0, 0, 1, 4, 1, 4, 8, 8)
    assert plan.inner((0, 1, 2)) == [1, 2]
    assert plan.target_start.tolist() == [0, 2, 4]
    assert plan.target_base.tolist() == [4, 8, 0, 1]
    assert plan.target_strides.tolist() == [[0], [4], [0], [1]]


def test_a_table_of_stratum_variables_is_one_cell():
    plan = plan_tables(SIZES, ((), (0,), (0, 1)), ["stratum", "stratum", "person"])
    assert plan.cells == 1
    assert plan.deep.tolist() == [0]
    assert plan.roll_map.tolist() == []


@pytest.mark.parametrize(
    "roles",
    [
        ["person", "person", "person"],
        ["unit", "person", "stratum"],
        ["stratum", "stratum", "stratum"],
        ["person", "unit", "unit"],
        ["person", "stratum", "unit"],
    ],
)
def test_kept_cells_go_to_the_cells_of_all_tables(roles):
    whole = plan_tables(SIZES, EVERY, ["person"] * 3)
    plan = plan_tables(SIZES, EVERY, roles)
    source, place, steps = places(plan, whole)
    codes = cell_codes(whole)
    levels = np.array([1, 2, 3])
    own = levels[plan.stratum]
    cells = place + steps @ own
    assert len(np.unique(cells)) == len(cells)
    # Every cell whose stratum variables have these levels is reached, and no other.
    wanted = np.ones(whole.cells, bool)
    for at in plan.stratum:
        wanted &= np.isin(codes[:, at], [-1, levels[at]])
    assert sorted(cells) == np.flatnonzero(wanted).tolist()
    # And from the kept cell that has its other levels.
    for table, start in zip(plan.wanted, plan.first, strict=True):
        inner = plan.inner(table)
        size = int(np.prod([SIZES[at] for at in inner]))
        grid = np.indices([SIZES[at] for at in inner]).reshape(len(inner), size).T
        crossed = (codes[cells] >= 0) == np.isin(np.arange(3), table)
        entries = crossed.all(axis=1) & (source >= start) & (source < start + size)
        np.testing.assert_array_equal(
            codes[cells[entries]][:, inner], grid[source[entries] - start]
        )
        assert entries.sum() == size


def test_codes_say_what_is_crossed():
    plan = plan_tables((2, 2), ((), (1,), (0, 1)), ["person", "person"])
    assert cell_codes(plan).tolist() == [
        [-1, -1], [-1, 0], [-1, 1], [0, 0], [0, 1], [1, 0], [1, 1],
    ]  # fmt: skip
