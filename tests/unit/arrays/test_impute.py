import numpy as np
import pytest

from everycount.arrays import impute

NAN = np.nan
X = np.array([[1.0, 5.0], [3.0, NAN], [NAN, NAN], [8.0, 7.0]])


def test_fill_mean_of_all():
    np.testing.assert_allclose(impute.fill_mean(X), [[1, 5], [3, 6], [4, 6], [8, 7]])


def test_fill_mean_by_group_leaves_what_no_group_knows():
    found = impute.fill_mean(X, [0, 0, 1, 1])
    np.testing.assert_allclose(found, [[1, 5], [3, 5], [8, 7], [8, 7]])
    found = impute.fill_mean(X, [0, 1, 1, -1])
    np.testing.assert_allclose(found, [[1, 5], [3, NAN], [3, NAN], [8, 7]])
    found = impute.fill_mean(X, [-1, 1, -1, 0])
    np.testing.assert_allclose(found, X)


def test_fill_mean_with_weights():
    found = impute.fill_mean(X, None, [1, 3, 5, NAN])
    np.testing.assert_allclose(found, [[1, 5], [3, 5], [2.5, 5], [8, 7]])


def test_fill_median():
    x = [[1.0, NAN], [2.0, NAN], [90.0, NAN], [NAN, NAN]]
    np.testing.assert_allclose(impute.fill_median(x)[:, 0], [1, 2, 90, 2])
    assert np.isnan(impute.fill_median(x)[:, 1]).all()
    np.testing.assert_allclose(impute.fill_median(x, [0, 1, 1, 1])[:, 0], [1, 2, 90, 46])


def test_nothing_to_fill():
    assert impute.fill_mean(np.empty((0, 2))).shape == (0, 2)
    assert impute.fill_median(np.empty((0, 2))).shape == (0, 2)


def test_fill_from_siblings_stays_in_the_branch():
    x = [[10.0, NAN, 30.0, NAN, 1.0], [NAN, NAN, NAN, 4.0, NAN]]
    found = impute.fill_from_siblings(x, [0, 0, 0, 1, -1])
    np.testing.assert_allclose(found, [[10, 20, 30, NAN, 1], [NAN, NAN, NAN, 4, NAN]])


UNITS, PERIODS = [1, 0, 1, 0, 1, 0], [2020, 2015, 2016, 2016, 2014, 2019]


def test_last_observed_knows_units_and_order():
    x = [[NAN], [5.0], [NAN], [NAN], [3.0], [NAN]]
    found = impute.last_observed(x, UNITS, PERIODS)
    np.testing.assert_allclose(found.ravel(), [3, 5, 3, 5, 3, 5])


def test_last_observed_is_not_carried_past_the_limit():
    x = [[NAN], [5.0], [NAN], [NAN], [3.0], [NAN]]
    found = impute.last_observed(x, UNITS, PERIODS, limit=2)
    np.testing.assert_allclose(found.ravel(), [NAN, 5, 3, 5, 3, NAN])


def test_last_observed_never_looks_ahead():
    found = impute.last_observed([[NAN], [5.0]], [0, 0], [2015, 2016])
    np.testing.assert_allclose(found.ravel(), [NAN, 5])


@pytest.mark.parametrize(
    ("edges", "wanted"),
    [("keep", [NAN, 2, 4, 8, NAN, NAN, NAN]), ("constant", [2, 2, 4, 8, 8, NAN, NAN])],
)
def test_linear(edges, wanted):
    x = [[NAN], [2.0], [NAN], [8.0], [NAN], [NAN], [NAN]]
    units = [0, 0, 0, 0, 0, 1, 1]
    periods = [2010, 2012, 2013, 2015, 2016, 2012, 2013]
    found = impute.linear(x, units, periods, edges=edges)
    np.testing.assert_allclose(found.ravel(), wanted)


def test_inputs_are_not_changed():
    before = X.copy()
    for fill in (impute.fill_mean, impute.fill_median):
        fill(X)
    impute.last_observed(X, [0, 0, 0, 0], [1, 2, 3, 4])
    impute.linear(X, [0, 0, 0, 0], [1, 2, 3, 4], edges="constant")
    np.testing.assert_array_equal(X, before)
