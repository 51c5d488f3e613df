import numpy as np
import pytest

from everycount.arrays.psus import covariance_of_totals, folds_of, merge_lonely


def test_folds_are_even_within_strata_and_over_all():
    stratum = np.random.default_rng(1).integers(0, 7, 100)
    fold = folds_of(stratum, folds=10, rng=np.random.default_rng(2))
    np.testing.assert_array_equal(np.bincount(fold), np.full(10, 10))
    for code in range(7):
        counts = np.bincount(fold[stratum == code], minlength=10)
        assert np.ptp(counts) <= 1


def test_folds_follow_the_generator():
    stratum = np.zeros(40, int)
    one, again, other = (
        folds_of(stratum, folds=4, rng=np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()


def test_every_psu_may_be_in_every_fold():
    seen = {int(folds_of([1, 2], folds=2, rng=np.random.default_rng(s))[0]) for s in range(20)}
    assert seen == {0, 1}


@pytest.mark.parametrize("folds", [1, 4])
def test_folds_without_sense_are_refused(folds):
    with pytest.raises(ValueError, match=f"folds: found {folds}, expected from 2 to 3, the PSUs"):
        folds_of([1, 1, 1], folds=folds, rng=np.random.default_rng(1))


@pytest.mark.parametrize(
    ("stratum", "expected"),
    [
        ([1, 1, 2, 2], [1, 1, 2, 2]),
        ([1, 2], [1, 1]),
        ([1, 2, 3, 4, 5], [1, 1, 3, 3, 3]),
        ([5, 3, 3, 1], [1, 3, 3, 1]),
        ([1, 1, 2], [1, 1, 1]),
        ([0, 1, 1, 2, 2], [0, 0, 0, 2, 2]),
        ([1, 1, 2, 3, 3], [1, 1, 1, 3, 3]),
        ([4], [4]),
    ],
)
def test_lonely_strata_are_merged(stratum, expected):
    assert merge_lonely(stratum).tolist() == expected


def test_covariance_is_that_of_totals_within_strata():
    scores = np.array([[1.0, 2.0], [3.0, 2.0], [4.0, 0.0], [10.0, 1.0], [10.0, 8.0]])
    stratum = np.array([3, 3, 5, 5, 5])
    expected = 2 * np.cov(scores[:2].T) + 3 * np.cov(scores[2:].T)
    np.testing.assert_allclose(covariance_of_totals(scores, stratum), expected, rtol=1e-12)


def test_covariance_of_lonely_strata_is_that_of_their_merger():
    found = covariance_of_totals([[1.0], [3.0]], [1, 2])
    assert found == pytest.approx(4.0)


def test_one_psu_has_no_covariance():
    assert np.isnan(covariance_of_totals([[1.0, 2.0]], [1])).all()
