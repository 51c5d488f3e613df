"""Moves of respondents that leave published figures as they are."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from everycount.arrays import shift
from everycount.arrays.bounds import learn
from everycount.arrays.lattice import cross, margins
from everycount.arrays.shift import Board, Target, Witness, effect, is_possible, push


def board_of(lattice, tables, hidden, known=None, cost=None):
    shaped = np.array(tables).reshape(len(tables), *lattice.levels)
    hidden = np.isin(np.arange(lattice.cells), hidden)
    known = np.isin(np.arange(lattice.cells), [] if known is None else known)
    cost = np.ones(lattice.cells) if cost is None else np.array(cost, float)
    return Board(lattice=lattice, tables=shaped, hidden=hidden, known=known, cost=cost)


def possible(board, witness):
    cells = margins(board.lattice, board.tables.reshape(len(board.tables), -1))
    known = learn(cells, board.hidden, board.known, base=1, most=100)
    moved = effect(board.lattice, witness, len(board.tables))
    return is_possible(board.tables, witness, moved, cells=cells, known=known)


TWO = cross((2, 2))
"""Cells: total 0, rows 1 and 2, columns 3 and 4, inside 5 to 8."""


def test_a_cube_of_hidden_cells_lets_respondents_move():
    board = board_of(TWO, [[2, 20, 30, 40]], [5, 6, 7, 8])
    before = board.tables.copy()
    up = push(board, Target(cell=5, layer=-1, direction=1), 8, buy="nothing")
    assert (up.gain, possible(board, up)) == (8, True)
    down = push(board, Target(cell=5, layer=0, direction=-1), 8, buy="nothing")
    assert (down.gain, possible(board, down)) == (2, True)
    cells, change = effect(TWO, up, 1)
    assert_array_equal(cells, [5, 6, 7, 8])
    assert_array_equal(change, [[8, -8, -8, 8]])
    assert_array_equal(board.tables, before)


@pytest.mark.parametrize("shown", [6, 7, 8])
def test_a_corner_that_is_shown_stops_them(shown):
    board = board_of(TWO, [[2, 20, 30, 40]], {5, 6, 7, 8} - {shown})
    found = push(board, Target(cell=5, layer=-1, direction=1), 8, buy="nothing")
    assert (found.gain, found.joint.size) == (0, 0)


def test_corners_are_bought_where_they_cost_least_for_what_they_bring():
    lattice = cross((2, 4))
    cost = np.ones(lattice.cells)
    cost[:7] = np.inf
    cost[[7 + 1, 7 + 5]] = 0.25  # cheap, but hardly anybody is there
    board = board_of(lattice, [[1, 1, 9, 9, 9, 9, 9, 9]], [7], cost=cost)
    found = push(board, Target(cell=7, layer=-1, direction=1), 5, buy="around")
    assert found.gain == 5
    assert possible(board, found)
    assert_array_equal(np.flatnonzero(board.hidden), [7, 9, 11, 13])
    # the cheap corners would have served for one respondent
    board = board_of(lattice, [[1, 1, 9, 9, 9, 9, 9, 9]], [7], cost=cost)
    assert push(board, Target(cell=7, layer=-1, direction=1), 1, buy="around").gain == 1
    assert_array_equal(np.flatnonzero(board.hidden), [7, 8, 11, 12])


def test_nothing_is_bought_that_must_be_shown():
    board = board_of(TWO, [[2, 20, 30, 40]], [5], cost=[np.inf] * 9)
    assert push(board, Target(cell=5, layer=-1, direction=1), 8, buy="anything").gain == 0
    assert_array_equal(np.flatnonzero(board.hidden), [5])


def test_whoever_holds_the_target_is_hidden_only_if_anything_may_be():
    # the row has nobody else: its sum must be hidden for the cell to grow
    tables, cost = [[2, 0, 30, 40]], [np.inf, *[1.0] * 8]
    board = board_of(TWO, tables, [5], cost=cost)
    assert push(board, Target(cell=5, layer=-1, direction=1), 3, buy="around").gain == 0
    found = push(board, Target(cell=5, layer=-1, direction=1), 3, buy="anything")
    assert (found.gain, possible(board, found)) == (3, True)
    assert board.hidden[[1, 2]].all()


def test_rows_of_lower_crossings_need_respondents_of_one_kind():
    lattice = cross((3, 2), order=2)
    board = board_of(lattice, [[1, 2, 8, 9, 7, 6]], [1, 2, 6, 8], cost=[np.inf] * 12)
    found = push(board, Target(cell=1, layer=-1, direction=1), 99, buy="nothing")
    assert (found.gain, possible(board, found)) == (8, True)
    assert_array_equal(effect(lattice, found, 1)[0], [1, 2, 6, 8])


def test_several_moves_add_up_and_are_bounded(monkeypatch):
    lattice = cross((2, 5))
    board = board_of(lattice, [[1, 2, 2, 2, 2, 9, 9, 9, 9, 9]], np.arange(8, 18))
    target = Target(cell=8, layer=-1, direction=1)
    assert push(board, target, 7, buy="nothing").gain == 7
    assert push(board, target, 99, buy="nothing").gain == 8
    monkeypatch.setattr(shift, "STEPS", 2)
    assert push(board, target, 7, buy="nothing").gain == 4


def test_a_known_number_of_respondents_leaves_yes_for_no():
    tables = [[0, 5, 5, 5], [9, 5, 5, 5]]
    inside = [5, 6, 7, 8]
    free = board_of(TWO, tables, inside)
    told = board_of(TWO, tables, inside, known=inside)
    yes = Target(cell=5, layer=0, direction=1)
    both = Target(cell=5, layer=-1, direction=1)
    assert push(free, both, 4, buy="nothing").gain == 4
    assert push(told, both, 4, buy="anything").gain == 0
    found = push(told, yes, 4, buy="nothing")
    assert (found.gain, possible(told, found)) == (4, True)
    assert_array_equal(effect(TWO, found, 2)[1].sum(axis=0), [0] * 4)


def test_fractions_move_from_everywhere():
    lattice = cross((2, 2, 6), order=2)
    tables = np.full((1, 24), 0.5)
    board = board_of(lattice, tables, np.flatnonzero(np.arange(lattice.cells) > 10))
    place = next(c for c in range(lattice.cells) if lattice.place(c) == (4, (0, 0)))
    found = push(board, Target(cell=place, layer=-1, direction=1), 2.75, buy="nothing")
    assert found.gain == pytest.approx(2.75)
    assert found.joint.size == 4 * 6
    assert possible(board, found)


@pytest.mark.parametrize(
    ("joint", "change", "words"),
    [
        ([0, 1], [1, -1], "a shown sum changes"),
        ([0, 1, 2, 3], [31, -31, -31, 31], "nobody is left to take"),
        ([0], [1], "the total changes"),
    ],
)
def test_a_false_witness_is_found_out(joint, change, words):
    board = board_of(TWO, [[2, 20, 30, 40]], [5, 6, 7, 8])
    layer = np.zeros(len(joint), int)
    witness = Witness(joint=np.array(joint), layer=layer, change=np.array(change), gain=1.0)
    assert not possible(board, witness), words


def test_a_witness_that_changes_the_known_number_is_found_out():
    board = board_of(TWO, [[3, 5, 5, 5], [9, 5, 5, 5]], [5, 6, 7, 8], known=[6])
    corners, zeros = np.arange(4), np.zeros(4, int)
    one = Witness(joint=corners, layer=zeros, change=np.array([1, -1, -1, 1]), gain=1.0)
    assert not possible(board, one)
    both = Witness(
        joint=np.tile(corners, 2),
        layer=np.repeat([0, 1], 4),
        change=np.array([1, -1, -1, 1, -1, 1, 1, -1]),
        gain=1.0,
    )
    assert possible(board, both)
