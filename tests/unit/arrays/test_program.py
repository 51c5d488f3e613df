"""Programs of the attacker, against tables small enough to see through."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from everycount.arrays.bounds import learn, tighten
from everycount.arrays.lattice import Lattice, cross, margins
from everycount.arrays.program import furthest, joint_program, program_of_sums

TWO = cross((2, 2))


def knowledge(lattice, tables, hidden, known=(), base=1):
    numbers = np.arange(lattice.cells)
    cells = margins(lattice, np.array(tables))
    told = np.isin(numbers, known)
    return learn(cells, np.isin(numbers, hidden), told, base=base, most=5)


def range_of(program, figure, unknowns="any"):
    ends = [
        furthest(program, figure, direction, unknowns=unknowns, seconds=30).bound
        for direction in (-1, 1)
    ]
    return [round(end, 6) for end in ends]


def test_sums_bound_hidden_cells_as_the_margins_allow():
    start = knowledge(TWO, [[2, 3, 4, 5]], [5, 6, 7, 8])
    program = program_of_sums(TWO, start)
    assert range_of(program, 5) == [0, 5]
    assert range_of(program, 8) == [3, 8]
    assert range_of(program, 0) == [14, 14]


def test_parts_that_do_not_hang_together_are_solved_alone():
    lattice = cross((2, 2, 2), order=2)
    tables = np.arange(1, 9)[None]
    inside = [7 + k for k in range(4)]
    others = [11 + k for k in range(4)]
    program = program_of_sums(lattice, knowledge(lattice, tables, [*inside, *others]))
    parts = program.column_part
    assert set(parts[:4]) == {parts[0]}
    assert set(parts[4:]) == {parts[4]} != {parts[0]}
    assert furthest(program, 7, 1, unknowns="any", seconds=9).columns.size == 4


def test_joint_cells_say_more_than_sums():
    # all pairs are known: the three-way cells move along one cube alone
    lattice = Lattice(levels=(2, 2, 2), crossings=cross((2, 2, 2)).crossings)
    table = [[1, 4, 3, 2, 5, 6, 7, 8]]
    hidden = np.arange(19, 27)
    start = knowledge(lattice, table, hidden)
    program, layer, joint = joint_program(lattice, start, tighten(lattice, start))
    assert_array_equal(layer, np.zeros(8))
    assert_array_equal(joint, np.arange(8))
    # 000 gains with 011, 101, 110, which may lose 1, and 001, 010, 100, 111 may lose 3
    assert range_of(program, 19, "whole") == [0, 4]
    found = furthest(program, 19, 1, unknowns="whole", seconds=30)
    values = np.rint(found.values)
    assert_array_equal(
        margins(lattice, values)[~np.isin(np.arange(27), hidden)],
        margins(lattice, np.array(table[0], float))[~np.isin(np.arange(27), hidden)],
    )


def test_rows_that_others_imply_are_left_out():
    start = knowledge(TWO, [[2, 3, 4, 5], [1, 1, 1, 1]], [5])
    program, layer, _ = joint_program(TWO, start, start)
    # of each layer the three cells shown and the row and column of the fourth
    assert program.matrix.shape == (2 * 5, 8)
    assert_array_equal(layer, [0] * 4 + [1] * 4)
    told = knowledge(TWO, [[2, 3, 4, 5], [1, 1, 1, 1]], [5], known=[5])
    assert joint_program(TWO, told, told)[0].matrix.shape == (2 * 5 + 1, 8)


def test_joint_cells_below_a_known_zero_are_left_out():
    start = knowledge(TWO, [[0, 3, 4, 5], [2, 0, 0, 1]], [8])
    _, layer, joint = joint_program(TWO, start, tighten(TWO, start))
    assert list(zip(layer.tolist(), joint.tolist(), strict=True)) == [
        (0, 1),
        (0, 2),
        (0, 3),
        (1, 0),
        (1, 3),
    ]


def test_a_known_number_ties_yes_to_no():
    inside = [5, 6, 7, 8]
    start = knowledge(TWO, [[0, 3, 4, 5], [1, 1, 1, 1]], inside, known=inside)
    program, _, _ = joint_program(TWO, start, tighten(TWO, start))
    assert range_of(program, 5, "whole") == [0, 1]
    assert range_of(program, 9 + 5, "whole") == [0, 1]
    assert range_of(program, 18 + 5, "whole") == [1, 1]


def test_rounded_figures_leave_ranges():
    start = knowledge(TWO, [[2, 3, 4, 5]], [], base=5)
    program, _, _ = joint_program(TWO, start, tighten(TWO, start))
    # rows 5 and 9 are shown as 5 and 10: 3 to 7, 8 to 12; cells as 0, 5, 5, 5: 0 to 2, 3 to 7
    assert range_of(program, 5, "whole") == [0, 2]
    assert range_of(program, 8, "whole") == [3, 7]
    assert range_of(program, 0, "whole") == [13, 17]


def test_without_a_crossing_but_one_nothing_is_tied():
    only = Lattice(levels=(2, 2), crossings=((0, 1),))
    start = knowledge(only, [[2, 3, 4, 5]], [0])
    program, _, _ = joint_program(only, start, start)
    assert range_of(program, 0) == [0, start.endless]
    assert range_of(program_of_sums(only, start), 0) == [0, start.endless]
    assert range_of(program_of_sums(only, start), 1) == [3, 3]


@pytest.mark.parametrize("unknowns", ["whole", "any"])
def test_no_time_proves_nothing_that_is_not_so(unknowns):
    rng = np.random.default_rng(10)
    lattice = cross((5, 5, 5, 5), order=2)
    tables = rng.poisson(1.0, (1, lattice.joint))
    hidden = np.flatnonzero(rng.random(lattice.cells) < 0.6)
    start = knowledge(lattice, tables, hidden)
    program, _, _ = joint_program(lattice, start, start)
    cell = int(hidden[-1])
    found = furthest(program, cell, 1, unknowns=unknowns, seconds=0.0)
    assert found.bound is None or found.bound >= margins(lattice, tables)[0, cell]
    assert found.columns.size == found.values.size
