import numpy as np
import pytest

from everycount.arrays.equating import equate, share_beyond
from everycount.errors import ColumnError

STANDARD = np.array([-1.5, -0.5, 0.0, 0.5, 1.5])


def test_a_stretched_and_shifted_scale_comes_back():
    found = equate(STANDARD * 2 + 3, STANDARD)
    assert (found.scale, found.shift) == pytest.approx((0.5, -1.5))
    assert found.common.all()
    assert found.correlation == pytest.approx(1)
    np.testing.assert_allclose(found.difference, 0, atol=1e-12)
    np.testing.assert_allclose(found.to_standard([3.0, 5.0]), [0, 1])
    np.testing.assert_allclose(found.from_standard(found.to_standard(2.5)), 2.5)


def test_items_that_stand_apart_are_set_aside_one_by_one_the_farthest_first():
    standard = np.array([-1.6, -1.1, -0.7, -0.2, 0.3, 0.7, 1.1, 1.5])
    own = standard + np.array([0, 0, 0, 1.2, 0, 0, -0.6, 0])
    found = equate(own, standard)
    assert np.flatnonzero(~found.common).tolist() == [3, 6]
    assert found.scale == pytest.approx(1)
    assert found.difference[[3, 6]] == pytest.approx([1.2, -0.6])
    assert np.flatnonzero(~equate(own, standard, tolerance=0.7).common).tolist() == [3]


def test_an_item_at_the_tolerance_is_common():
    assert equate(STANDARD + np.array([0.2, 0, 0, 0, 0]), STANDARD).common.all()
    found = equate(STANDARD + np.array([0.4, 0, 0, 0, 0]), STANDARD, tolerance=0.01)
    assert found.common.tolist() == [False, True, True, True, True]


def test_too_few_common_items_are_refused_with_all_that_stand_apart():
    own = STANDARD * [1, -1, 1, 1, -1] + [0, 2, -2, 1, 0]
    with pytest.raises(ColumnError, match="logits from the standard") as caught:
        equate(own, STANDARD, least=4)
    assert len(caught.value.faults) == 2
    assert "at most 0.35, or 1 such items at most" in str(caught.value)


@pytest.mark.parametrize(("own", "other"), [(np.zeros(5), STANDARD), (STANDARD, np.ones(5))])
def test_items_that_all_stand_alike_cannot_be_equated(own, other):
    with pytest.raises(ColumnError, match="as for every item") as caught:
        equate(own, other)
    assert len(caught.value.faults) == 5


def test_shares_beyond_fall_with_the_threshold_and_rise_with_the_score():
    where, error = np.array([-3.0, -1.0, 1.0, 3.0]), np.array([1.5, 1.0, 1.0, 1.5])
    low, high = share_beyond(where, error, -0.5), share_beyond(where, error, 1.5)
    assert low[0] == high[0] == 0
    assert (low[1:] > high[1:]).all()
    assert (np.diff(low) > 0).all()
    assert share_beyond(where, error, 1.0)[2] == 0.5
