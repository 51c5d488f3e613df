"""What follows from sums, against bounds worked out by hand."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from everycount.arrays import bounds
from everycount.arrays.bounds import learn, tighten
from everycount.arrays.lattice import Lattice, cross, margins

TWO = cross((2, 2))


def knowledge(lattice, tables, hidden, known=(), base=1):
    numbers = np.arange(lattice.cells)
    cells = margins(lattice, np.array(tables))
    told = np.isin(numbers, known)
    return learn(cells, np.isin(numbers, hidden), told, base=base, most=5)


def test_published_figures_are_known_and_hidden_ones_are_not():
    found = knowledge(TWO, [[2, 3, 4, 5]], [5, 8])
    assert_array_equal(found.low, [[14, 5, 9, 6, 8, 0, 3, 4, 0]])
    assert_array_equal(found.high[0, [5, 8]], [found.endless] * 2)
    assert found.endless > 14 + 5


def test_a_known_sum_of_hidden_layers():
    found = knowledge(TWO, [[2, 3, 4, 5], [1, 1, 1, 1]], [5, 8], known=[5])
    assert_array_equal(found.low[:, [5, 8]], [[0, 0], [0, 0], [3, 0]])
    assert (found.high[2, 5], found.high[2, 8]) == (3, found.endless)


def test_rounded_figures_are_known_within_their_range():
    found = knowledge(TWO, [[2, 3, 4, 5]], [5], base=5)
    assert_array_equal(found.low, [[13, 3, 8, 3, 8, 0, 3, 3, 3]])
    assert_array_equal(found.high[0, :5], [17, 7, 12, 7, 12])


def test_the_only_hole_of_a_line_is_known():
    found = tighten(TWO, knowledge(TWO, [[2, 3, 4, 5]], [5]))
    assert (found.low[0, 5], found.high[0, 5]) == (2, 2)


def test_four_holes_leave_what_moves():
    found = tighten(TWO, knowledge(TWO, [[2, 3, 4, 5]], [5, 6, 7, 8]))
    assert_array_equal(found.low, [[14, 5, 9, 6, 8, 0, 0, 1, 3]])
    assert_array_equal(found.high, [[14, 5, 9, 6, 8, 5, 5, 6, 8]])


def test_conclusions_travel_from_table_to_table():
    # cell (0, 0) follows from the row, the row from the other rows
    found = tighten(TWO, knowledge(TWO, [[2, 3, 4, 5]], [1, 5]))
    assert_array_equal(found.low, found.high)


def test_yes_no_and_both_are_tied():
    found = tighten(TWO, knowledge(TWO, [[0, 3, 4, 5], [1, 1, 1, 1]], [5, 6, 7, 8], known=[5, 6]))
    # 1 respondent in the cell: yes is 0 or 1
    assert (found.low[0, 5], found.high[0, 5]) == (0, 1)
    assert (found.low[1, 5], found.high[1, 5]) == (0, 1)


def test_without_a_total_there_is_no_bound():
    only = Lattice(levels=(2, 2), crossings=((0, 1),))
    found = tighten(only, knowledge(only, [[2, 3, 4, 5]], [0]))
    assert found.high[0, 0] == found.endless


def test_bounds_are_true_after_any_number_of_rounds(monkeypatch):
    rng = np.random.default_rng(8)
    lattice = cross((3, 3, 3), order=2)
    table = rng.poisson(2.0, (1, 27))
    hidden = np.flatnonzero(rng.random(lattice.cells) < 0.3)
    start = knowledge(lattice, table, hidden)
    widths = []
    for rounds in (0, 1, 2, 200):
        monkeypatch.setattr(bounds, "ROUNDS", rounds)
        found = tighten(lattice, start)
        truth = margins(lattice, table)
        assert ((found.low <= truth) & (truth <= found.high)).all()
        widths.append((found.high - found.low).sum())
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < widths[1] < widths[0]


@pytest.mark.parametrize("base", [1, 5])
def test_bounds_hold_the_truth_where_counts_are_rounded(base):
    rng = np.random.default_rng(9)
    lattice = cross((3, 4))
    for _ in range(20):
        tables = rng.poisson(6.0, (2, 12))
        found = tighten(lattice, knowledge(lattice, tables, [9, 10], base=base))
        truth = bounds.figures_of(margins(lattice, tables))
        assert ((found.low <= truth) & (truth <= found.high)).all()
