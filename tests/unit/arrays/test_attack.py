"""What is deduced of hidden cells, against tables where it is known."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from everycount.arrays import attack as own
from everycount.arrays.attack import Verdict, attack, describe
from everycount.arrays.disclose import (
    Demand,
    MinimumAnswers,
    MinimumRespondents,
    Rules,
    judge_counts,
)
from everycount.arrays.lattice import Lattice, cross, margins
from everycount.arrays.program import Solution

TWO = cross((2, 2))
FIVE = Rules(respondents=MinimumRespondents(least=5, width=1))


def mask(lattice, cells):
    return np.isin(np.arange(lattice.cells), cells)


def demand_of(lattice, tables, rules=FIVE):
    return judge_counts(margins(lattice, tables), rules)


def one_cell(lattice, cell, figures=1, **asked):
    """Demand something of one cell."""
    shape = (figures, lattice.cells)
    parts = {name: np.zeros(shape) for name in ("up", "down", "width")}
    for name, value in asked.items():
        parts[name][0, cell] = value
    return Demand(reason=mask(lattice, [cell]).astype(int), **parts)


def test_the_only_hole_of_a_line_leaks():
    table = [[2, 20, 30, 40]]
    found = attack(TWO, table, mask(TWO, [5]), demand=demand_of(TWO, table))
    assert found.verdict[5] == Verdict.LEAK_SUMS
    assert (found.low[0, 5], found.high[0, 5]) == (2, 2)
    assert not found.verdict[np.arange(9) != 5].any()


def test_four_corners_are_safe_with_whole_respondents():
    table = [[2, 20, 30, 40]]
    found = attack(TWO, table, mask(TWO, [5, 6, 7, 8]), demand=demand_of(TWO, table))
    assert found.verdict[5] == Verdict.RESPONDENTS
    assert (found.low[0, 5], found.high[0, 5]) == (0, 22)
    assert found.whole_high[0, 5] >= 5
    assert_array_equal(found.shown_high, found.whole_high)
    # the cell as it is published stays as it is
    assert_array_equal(found.shown_low[0, :5], margins(TWO, table)[0, :5])


def test_a_parent_below_the_minimum_leaks_that_the_cell_is_below():
    table = [[1, 2, 30, 40]]
    hidden = mask(TWO, [5, 6, 7, 8])
    demand = one_cell(TWO, 5, up=4, width=4)
    found = attack(TWO, table, hidden, demand=demand)
    assert found.verdict[5] == Verdict.LEAK_SUMS
    assert found.high[0, 5] == 3
    hidden = mask(TWO, [1, 2, 5, 6, 7, 8])
    assert attack(TWO, table, hidden, demand=demand).verdict[5] == Verdict.RESPONDENTS


@pytest.mark.parametrize(
    ("asked", "verdict"),
    [
        ({"down": 2}, Verdict.RESPONDENTS),
        ({"down": 3}, Verdict.LEAK_SUMS),
        ({"width": 22}, Verdict.RESPONDENTS),
        ({"width": 23}, Verdict.LEAK_SUMS),
        ({"up": 18, "down": 1, "width": 22}, Verdict.RESPONDENTS),
    ],
)
def test_each_side_of_the_range_may_be_demanded(asked, verdict):
    hidden = mask(TWO, [5, 6, 7, 8])
    found = attack(TWO, [[2, 20, 30, 40]], hidden, demand=one_cell(TWO, 5, **asked))
    assert found.verdict[5] == verdict


def test_the_linear_program_finds_what_single_sums_do_not():
    lattice = cross((3, 3), order=2)
    table = [[6, 4, 5, 1, 9, 3, 5, 1, 3]]
    hidden = mask(lattice, [1, 3, 4, 6, 8, 10, 12, 14, 15])
    found = attack(lattice, table, hidden, demand=one_cell(lattice, 15, up=1, width=1))
    assert found.verdict[15] == Verdict.LEAK_TABLES
    assert (found.low[0, 15], found.high[0, 15]) == (3, 3)


def test_the_joint_program_finds_what_the_linear_one_does_not(monkeypatch):
    lattice = cross((2, 2, 2), order=2)
    table = [[8, 0, 4, 0, 2, 1, 1, 3]]
    hidden = mask(lattice, [3, 4, 6, 9, 11, 13, 14, 15, 16, 17, 18])
    demand = one_cell(lattice, 16, up=3, width=3)
    found = attack(lattice, table, hidden, demand=demand)
    assert found.verdict[16] == Verdict.LEAK_JOINT
    assert (found.low[0, 16], found.high[0, 16], found.joint_cells) == (0, 3, 1)
    assert "The joint program over the finest cells was run for 1 cell." in describe(found)
    out_of_time = attack(lattice, table, hidden, demand=demand, seconds=0.0)
    assert out_of_time.verdict[16] == Verdict.UNPROVEN
    assert out_of_time.joint_cells == 0
    monkeypatch.setattr(own, "JOINT", 10)
    too_large = attack(lattice, table, hidden, demand=demand)
    assert too_large.verdict[16] == Verdict.UNPROVEN
    assert describe(too_large)[0].startswith("1 cell unproven")


def test_a_program_that_proves_nothing_in_time_says_nothing(monkeypatch):
    def nothing(program, figure, direction, *, unknowns, seconds):
        return Solution(bound=None, columns=np.empty(0, int), values=np.empty(0))

    monkeypatch.setattr(own, "furthest", nothing)
    lattice = cross((2, 2, 2), order=2)
    hidden = mask(lattice, [3, 4, 6, 9, 11, 13, 14, 15, 16, 17, 18])
    demand = one_cell(lattice, 16, up=3, width=3)
    found = attack(lattice, [[8, 0, 4, 0, 2, 1, 1, 3]], hidden, demand=demand)
    assert found.verdict[16] == Verdict.UNPROVEN
    assert found.high[0, 16] > 3


def sparse():
    """Return a table in which corners have no level of the third characteristic in common."""
    lattice = Lattice(levels=(2, 2, 40), crossings=((), (0,), (1,), (2,), (0, 1)))
    table = np.zeros((2, 2, 40), int)
    for corner, (i, j) in enumerate(np.ndindex(2, 2)):
        table[i, j, corner::4] = 3
    hidden = np.zeros(lattice.cells, bool)
    hidden[45:49] = True
    return lattice, table.reshape(1, -1), hidden


def test_fractions_show_what_whole_respondents_do_not(monkeypatch):
    monkeypatch.setattr(own, "JOINT", 0)
    lattice, table, hidden = sparse()
    found = attack(lattice, table, hidden, demand=one_cell(lattice, 45, up=4, width=4))
    assert found.verdict[45] == Verdict.FRACTIONS
    assert found.shown_high[0, 45] == pytest.approx(34)
    assert found.whole_high[0, 45] == 30
    assert "fractions" in describe(found)[0]


def test_one_respondent_shows_that_nothing_is_determined(monkeypatch):
    monkeypatch.setattr(own, "JOINT", 0)
    lattice, table, hidden = sparse()
    table[0, :] += np.isin(np.arange(160), [40, 80])  # corners 01 and 10 share one joint level
    found = attack(lattice, table, hidden, demand=one_cell(lattice, 45, up=4, width=4))
    assert found.verdict[45] == Verdict.MIXED
    assert 1 <= found.whole_high[0, 45] - found.whole_low[0, 45] < 4
    # the joint program settles it with whole respondents
    monkeypatch.setattr(own, "JOINT", 10**9)
    found = attack(lattice, table, hidden, demand=one_cell(lattice, 45, up=4, width=4))
    assert found.verdict[45] == Verdict.RESPONDENTS
    assert found.joint_cells == 1


def test_yes_and_no_are_attacked_with_the_number_of_respondents():
    tables = [[0, 9, 9, 9], [9, 9, 9, 9]]
    demand = demand_of(TWO, tables, Rules(answers=MinimumAnswers(least=1)))
    inside = mask(TWO, [5, 6, 7, 8])
    found = attack(TWO, tables, inside, demand=demand)
    assert found.verdict[5] == Verdict.RESPONDENTS
    assert found.high[:, 5].tolist() == [9, 18, 27]
    known = attack(TWO, tables, inside, demand=demand, known=inside)
    assert known.verdict[5] == Verdict.RESPONDENTS
    assert (known.low[2, 5], known.high[2, 5], known.high[0, 5]) == (9, 9, 9)
    told = attack(TWO, tables, inside, demand=demand, known=mask(TWO, [6]))
    assert told.verdict[5] == Verdict.RESPONDENTS


def test_a_known_number_of_few_respondents_leaks():
    table = [[2, 20, 30, 40]]
    inside = mask(TWO, [5, 6, 7, 8])
    found = attack(TWO, table, inside, demand=demand_of(TWO, table), known=inside)
    assert found.verdict[5] == Verdict.LEAK_SUMS


def test_rounding_leaves_a_range_where_a_hole_is_not_enough():
    table = [[22, 21, 31, 43]]
    demand = one_cell(TWO, 5, up=1, width=2)
    exact = attack(TWO, table, mask(TWO, [5]), demand=demand)
    assert exact.verdict[5] == Verdict.LEAK_SUMS
    rounded = attack(TWO, table, mask(TWO, [5]), demand=demand, base=5)
    # row 43 is 45, so 43 to 47, less 20, so 18 to 22, leaves 21 to 29; the others say 22 to 26
    assert (rounded.low[0, 5], rounded.high[0, 5]) == (22, 26)
    assert rounded.verdict[5] == Verdict.RESPONDENTS
    assert (rounded.whole_low[0, 5], rounded.whole_high[0, 5]) == (22, 26)


def test_amounts_are_attacked_in_any_unit():
    for unit in (1e-6, 1.0, 1e9):
        table = np.array([[2.5, 20, 30, 40]]) * unit
        demand = one_cell(TWO, 5, up=2 * unit, down=2 * unit, width=4 * unit)
        hidden = mask(TWO, [5, 6, 7, 8])
        found = attack(TWO, table, hidden, demand=demand, base=5)
        assert found.verdict[5] == Verdict.FRACTIONS
        assert found.shown_low[0, 5] <= 0.5 * unit * (1 + 1e-6)
        assert found.shown_high[0, 5] >= 4.5 * unit * (1 - 1e-6)
        assert_allclose(found.high[0, 5], 22.5 * unit, rtol=1e-5)
        bare = attack(TWO, table, mask(TWO, [5]), demand=demand)
        assert bare.verdict[5] == Verdict.LEAK_SUMS


def test_amounts_are_settled_by_the_joint_program():
    lattice = cross((2, 2, 2), order=2)
    table = np.array([[8, 0, 4, 0, 2, 1, 1, 3.0]])
    hidden = mask(lattice, [3, 4, 6, 9, 11, 13, 14, 15, 16, 17, 18])
    found = attack(lattice, table, hidden, demand=one_cell(lattice, 16, up=3, width=3))
    assert found.verdict[16] == Verdict.LEAK_JOINT
    assert_allclose(found.high[0, 16], 3, atol=1e-4)


def test_no_bound_is_infinite():
    only = Lattice(levels=(2, 2), crossings=((0, 1),))
    found = attack(
        only, [[2, 3, 4, 5]], [True, False, False, False], demand=one_cell(only, 0, up=9)
    )
    assert found.verdict[0] == Verdict.RESPONDENTS
    assert found.high[0, 0] == np.inf


def test_nothing_demanded_is_nothing_examined():
    table = [[2, 20, 30, 40]]
    found = attack(TWO, table, np.zeros(9, bool), demand=demand_of(TWO, table, Rules()))
    assert not found.verdict.any()
    assert describe(found) == ("The joint program over the finest cells was run for 0 cells.",)
    nobody = attack(TWO, np.zeros((1, 4)), np.ones(9, bool), demand=demand_of(TWO, [[9] * 4]))
    assert_array_equal(nobody.high, np.full((1, 9), np.inf))


@pytest.mark.parametrize(
    ("tables", "hidden", "words"),
    [
        ([1, 2, 3, 4], [0] * 9, r"expected \(1, 4\) or \(2, 4\)"),
        ([[1, 2, 3]], [0] * 9, r"expected \(1, 4\) or \(2, 4\)"),
        ([[1]] * 3, [0] * 9, r"expected \(1, 4\) or \(2, 4\)"),
        ([[1, 2, 3, -4]], [0] * 9, "numbers of 0 or more"),
        ([[1, 2, 3, np.inf]], [0] * 9, "numbers of 0 or more"),
        ([[1, 2, 3, 4]], [0] * 8, r"found hidden \(8,\)"),
        ([[1, 2, 3, 4]] * 2, [0] * 9, r"expected \(9,\), \(9,\) and \(3, 9\)"),
        ([[1, 2, 3, 4]], [0] * 9, "confidential cells that are not hidden"),
    ],
)
def test_what_does_not_fit_is_refused(tables, hidden, words):
    with pytest.raises(ValueError, match=words):
        attack(TWO, tables, hidden, demand=one_cell(TWO, 5, up=1))
