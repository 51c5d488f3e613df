import numpy as np
import pytest

from everycount.arrays.pool import observed

NAN = np.nan
X = np.array([[4.0, NAN], [1.0, NAN], [NAN, NAN], [3.0, NAN], [2.0, NAN]])


@pytest.mark.parametrize("statistic", ["min", "max", "p0", "p2.5", "p10", "p50", "p100"])
def test_observed_is_the_quantile_of_type_7(statistic):
    share = {"min": 0, "max": 100}.get(statistic) or float(statistic.strip("minaxp") or 0)
    found = observed(X, statistic)
    np.testing.assert_allclose(found, [np.percentile([1, 2, 3, 4], share), NAN])


def test_observed_within_labels_and_rows():
    found = observed([[1.0], [2.0], [9.0]], "max", pool=[2018, 2018, 2019])
    assert found.ravel().tolist() == [2, 2, 9]
    assert observed([[1.0], [2.0]], "max", pool=np.array([True, False])).tolist() == [1]
    assert np.isnan(observed([[1.0]], "max", pool=np.array([False]))).all()


@pytest.mark.parametrize("statistic", ["mean", "p101", "p-1", "p", "pnan"])
def test_observed_refuses(statistic):
    with pytest.raises(ValueError, match="expected min, max or p0 to p100"):
        observed([[1.0]], statistic)
