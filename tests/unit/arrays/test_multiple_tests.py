import numpy as np
import pytest
from scipy import stats

from everycount.arrays.multiple_tests import adjusted_p_values, two_sided_p_values

# Benjamini and Hochberg (1995), section 3.1: fifteen p values of a trial of thrombolysis.
TRIAL = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459),
    *(0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
]


def test_benjamini_and_hochberg_find_the_four_of_their_example():
    found = adjusted_p_values(TRIAL, "benjamini-hochberg")
    assert (found <= 0.05).sum() == 4
    # The fifth is 15 / 5 of its own; the sixth to eighth take the least of 15 / k after them.
    np.testing.assert_allclose(found[4:9], [0.0603, 0.06385714285714286, 0.06385714285714286,
                                            0.0645, 0.0765], rtol=1e-12)  # fmt: skip


def test_bonferroni_finds_the_three_of_their_example():
    found = adjusted_p_values(TRIAL, "bonferroni")
    assert (found <= 0.05).sum() == 3
    np.testing.assert_allclose(found[:4], [0.0015, 0.006, 0.0285, 0.1425])
    assert found[9:].tolist() == [1.0] * 6


def test_holm_by_hand():
    # 5 x .01, 4 x .011 is less than that, 3 x .02, 2 x .03 the same, 1 x .9
    found = adjusted_p_values([0.9, 0.02, 0.01, 0.03, 0.011])
    np.testing.assert_allclose(found, [0.9, 0.06, 0.05, 0.06, 0.05])


@pytest.mark.parametrize("seed", range(5))
def test_benjamini_hochberg_is_that_of_scipy(seed):
    p = np.random.default_rng(seed).random(40) ** 3
    found = adjusted_p_values(p, "benjamini-hochberg")
    np.testing.assert_allclose(found, stats.false_discovery_control(p), rtol=1e-13)


def test_tests_that_were_not_made_do_not_count():
    for method in ("holm", "bonferroni", "benjamini-hochberg"):
        found = adjusted_p_values([np.nan, 0.02, np.nan, 0.01], method)
        np.testing.assert_array_equal(found[[1, 3]], adjusted_p_values([0.02, 0.01], method))
        assert np.isnan(found[[0, 2]]).all()
    assert adjusted_p_values([], "holm").tolist() == []


def test_none_leaves_p_values_as_they_are():
    p = np.array([0.2, 0.01])
    found = adjusted_p_values(p, "none")
    assert found.tolist() == [0.2, 0.01]
    assert found is not p


def test_what_is_no_p_value_is_refused():
    with pytest.raises(ValueError, match=r"p: found -0.1 to 0.5, expected from 0 to 1"):
        adjusted_p_values([0.5, -0.1])
    with pytest.raises(ValueError, match="method: found 'sidak', expected holm, benjamini"):
        adjusted_p_values([0.5], "sidak")


def test_two_sided_p_values_are_those_of_t_and_of_the_normal():
    found = two_sided_p_values([2.5, -2.5, 2.5, 2.5, np.nan], [14, 14, np.inf, 0, 5])
    expected = 2 * stats.t.sf(2.5, 14)
    np.testing.assert_allclose(found[:3], [expected, expected, 2 * stats.norm.sf(2.5)], rtol=1e-12)
    assert np.isnan(found[3:]).all()
