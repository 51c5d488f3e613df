import numpy as np
import pytest

from everycount.arrays.sampling_variance import smooth_variance
from everycount.errors import MethodError

NAN = np.nan


def test_line_is_that_of_least_squares_on_logarithms():
    rng = np.random.default_rng(1)
    sizes = rng.integers(10, 500, 30)
    variance = 3 / sizes * np.exp(rng.normal(size=30) * 0.4)
    found = smooth_variance(variance, sizes, replace="all")
    slope, intercept = np.polyfit(np.log(sizes), np.log(variance), 1)
    assert found.slope == pytest.approx(slope, rel=1e-10)
    assert found.intercept == pytest.approx(intercept, rel=1e-10)
    raw = np.exp(intercept + slope * np.log(sizes))
    assert found.correction == pytest.approx(variance.sum() / raw.sum(), rel=1e-10)
    np.testing.assert_allclose(found.variance, raw * found.correction, rtol=1e-10)
    assert found.variance.sum() == pytest.approx(variance.sum(), rel=1e-12)
    assert found.areas == 30
    assert found.is_replaced.all()


def test_only_zeros_give_way_if_asked():
    found = smooth_variance([4.0, 2, 0, 1, NAN, 3], [25, 50, 50, 100, 10, NAN], replace="zero")
    np.testing.assert_array_equal(found.is_replaced, [False, False, True, False, False, False])
    np.testing.assert_allclose(found.variance, [4, 2, 2, 1, NAN, 3])
    np.testing.assert_allclose(found.fitted, [4, 2, 2, 1, 10, NAN])


def test_missing_variance_stays_missing():
    found = smooth_variance([4.0, 2, 1, NAN], [25, 50, 100, 10], replace="all")
    np.testing.assert_array_equal(found.is_replaced, [True, True, True, False])
    assert np.isnan(found.variance[3])


def test_equal_sizes_give_the_mean_variance():
    found = smooth_variance([1.0, 2, 6, 0], [50, 50, 50, 50], replace="zero")
    assert found.slope == 0
    assert found.variance[3] == pytest.approx(3)


def test_faults_come_at_once():
    with pytest.raises(MethodError) as caught:
        smooth_variance([0.0, 2, 0, 1], [NAN, 20, 0, 10], replace="zero")
    assert [str(p) for p in caught.value.problems] == [
        "area 0: found sample size nan, expected one above 0 to smooth its variance",
        "area 2: found sample size 0, expected one above 0 to smooth its variance",
        "variances: found 2 areas with a variance above 0 and a sample size, "
        "expected at least 3 to fit a function to",
    ]
    with pytest.raises(MethodError, match="area 1: found sample size -3"):
        smooth_variance([1.0, 2, 3, 4], [9, -3, 8, 7], replace="all")
