import numpy as np
import pytest
from scipy import stats

from everycount.arrays import moments

NAN = np.nan


def test_shapes_are_those_of_type_2():
    x = np.random.default_rng(1).lognormal(size=(30, 3))
    skew, kurtosis = moments.skewness_and_kurtosis(x)
    np.testing.assert_allclose(skew, stats.skew(x, bias=False))
    np.testing.assert_allclose(kurtosis, stats.kurtosis(x, bias=False))
    np.testing.assert_allclose(moments.skewness(x), skew)
    np.testing.assert_allclose(moments.excess_kurtosis(x), kurtosis)


def test_missing_values_are_left_out():
    x = np.array([[1.0], [NAN], [2.0], [3.0], [10.0]])
    np.testing.assert_allclose(moments.skewness(x), stats.skew([1, 2, 3, 10], bias=False))
    np.testing.assert_allclose(moments.mean(x), [4])
    assert moments.lowest(x) == [1]
    assert moments.highest(x) == [10]


@pytest.mark.parametrize(
    ("column", "skew_known", "kurtosis_known"),
    [
        ([1.0, 2.0, NAN, NAN], False, False),
        ([1.0, 2.0, 5.0, NAN], True, False),
        ([1.0, 2.0, 5.0, 6.0], True, True),
        ([0.1, 0.1, 0.1, 0.1], False, False),
        ([NAN, NAN, NAN, NAN], False, False),
    ],
)
def test_shape_needs_enough_values_that_differ(column, skew_known, kurtosis_known):
    x = np.array(column)[:, None]
    assert np.isfinite(moments.skewness(x)) == skew_known
    assert np.isfinite(moments.excess_kurtosis(x)) == kurtosis_known


def test_standard_deviation_of_few_values():
    x = [[1.0, 0.1, NAN], [NAN, 0.1, NAN], [NAN, 0.1, NAN]]
    np.testing.assert_array_equal(moments.standard_deviation(x), [NAN, 0.0, NAN])


def test_empty_table_has_no_moments():
    nothing = np.empty((0, 2))
    for function in (moments.mean, moments.lowest, moments.highest, moments.skewness):
        assert np.isnan(function(nothing)).all()
