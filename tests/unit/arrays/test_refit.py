import numpy as np
import pytest

from everycount.arrays.main_effects import main_effects
from everycount.arrays.refit import refit
from everycount.errors import MethodError


def cells(seed, count=80, levels=4, circumstances=3, digits=3):
    rng = np.random.default_rng(seed)
    codes = np.unique(rng.integers(0, levels, (count, circumstances)), axis=0)
    return codes, 5 * rng.random(len(codes)), np.round(rng.random(len(codes)), digits), rng


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("digits", [3, 0])
def test_fits_under_other_weights_are_those_of_main_effects(seed, digits):
    codes, weight, mean, rng = cells(seed, digits=digits)
    again = refit(codes, main_effects(codes, weight, mean))
    for _ in range(4):
        other = weight * rng.poisson(1, len(weight))
        held = other > 0
        expected = main_effects(codes, other, mean)
        assert again(other, mean)[held] == pytest.approx(expected[held], abs=1e-10)


def test_a_replicate_that_separates_is_fitted_anew():
    codes = np.array([[0], [0], [1], [1]])
    mean = np.array([0.0, 1.0, 0.0, 1.0])
    again = refit(codes, main_effects(codes, np.ones(4), mean))
    assert again(np.array([1.0, 0, 1, 1]), mean)[[0, 2, 3]] == pytest.approx([0, 0.5, 0.5])


def test_cells_at_their_limit_stay_there():
    codes = np.array([[0], [1], [2]])
    weight, mean = np.array([1.0, 1, 1]), np.array([0.0, 0.4, 1.0])
    found = refit(codes, main_effects(codes, weight, mean))(2 * weight, mean)
    assert found == pytest.approx([0, 0.4, 1])


def test_a_sample_in_which_all_cells_are_at_their_limit_has_nothing_to_fit():
    codes, mean = np.array([[0], [1]]), np.array([0.0, 1.0])
    chance = main_effects(codes, np.ones(2), mean)
    assert refit(codes, chance)(np.array([2.0, 1]), mean).tolist() == [0, 1]


def test_an_outcome_that_is_no_share_is_refused_as_by_main_effects():
    codes = np.array([[0], [1]])
    again = refit(codes, np.array([0.5, 0.5]))
    with pytest.raises(MethodError, match="outside 0 to 1"):
        again(np.ones(2), np.array([0.2, 7.0]))
