"""Details that give hidden cells away, and figures that are rounded."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from everycount.arrays.bounds import Knowledge, tighten
from everycount.arrays.details import (
    round_counts,
    round_significant,
    rounding_range,
    withheld_details,
)
from everycount.arrays.lattice import cross, lines, margins


def test_details_of_every_line_with_a_hidden_cell_are_withheld():
    lattice = cross((3, 3), order=2)
    hidden = np.zeros(lattice.cells, bool)
    hidden[[7 + 0, 7 + 1, 7 + 3, 7 + 4]] = True
    found = withheld_details(hidden, lattice)
    wanted = hidden.copy()
    sums = lines(lattice)
    for k, parent in enumerate(sums.parent):
        line = [parent, *sums.child[sums.start[k] : sums.start[k + 1]]]
        if hidden[line].any():
            wanted[line] = True
    assert_array_equal(found, wanted)
    assert not found[[0, 3, 6, 15]].any()  # the total, other parents, the far corner
    assert not withheld_details(np.zeros(lattice.cells, bool), lattice).any()


def variances(shown, lattice, values):
    """Return what sums say of the variances, where those of `shown` cells are known."""
    figures = margins(lattice, values)[None]
    endless = 100 * figures.max()
    start = Knowledge(
        low=np.where(shown, figures, 0.0),
        high=np.where(shown, figures, endless),
        endless=endless,
    )
    return figures[0], tighten(lattice, start)


def test_a_variance_is_found_by_difference_unless_its_lines_are_withheld():
    # region and town are strata: variances of totals add up
    lattice = cross((4, 3))
    values = np.random.default_rng(3).uniform(1, 5, lattice.joint)
    hidden = np.zeros(lattice.cells, bool)
    hidden[[8, 9, 11, 12]] = True
    hidden[8] = True
    one = np.zeros(lattice.cells, bool)
    one[8] = True
    truth, attacked = variances(~one, lattice, values)
    assert_allclose(attacked.low[0, 8], truth[8], rtol=1e-9)
    assert_allclose(attacked.high[0, 8], truth[8], rtol=1e-9)
    truth, attacked = variances(~withheld_details(hidden, lattice), lattice, values)
    assert (attacked.high - attacked.low)[0, hidden].min() > 1


def test_hidden_has_a_value_for_each_cell():
    with pytest.raises(ValueError, match=r"found shape \(2,\), expected \(9,\)"):
        withheld_details([True, False], cross((2, 2)))


def test_significant_digits():
    values = np.array([0.0123456, -1985.0, 99.96, 1e-300, 5e20, 0.0, np.nan, np.inf, -np.inf])
    assert_allclose(
        round_significant(values),
        [0.012, -2000, 100, 1e-300, 5e20, 0, np.nan, np.inf, -np.inf],
        rtol=1e-14,
    )
    assert_array_equal(round_significant([0.15, 0.0999, 123.0], 1), [0.2, 0.1, 100])
    assert round_significant(3.14159, 3) == 3.14
    with pytest.raises(ValueError, match="digits: found 0"):
        round_significant([1.0], 0)


@pytest.mark.parametrize("base", [1, 2, 3, 5, 10])
def test_the_range_of_a_rounded_count_is_all_that_round_alike(base):
    counts = np.arange(60)
    rounded = round_counts(counts, base)
    assert (rounded % base == 0).all()
    assert (np.abs(rounded - counts) <= base / 2).all()
    low, high = rounding_range(counts, base)
    for n in range(40):
        alike = counts[rounded == rounded[n]]
        assert (low[n], high[n]) == (alike.min(), alike.max())


def test_a_base_below_one_is_refused():
    with pytest.raises(ValueError, match="base: found 0"):
        round_counts([1], 0)
