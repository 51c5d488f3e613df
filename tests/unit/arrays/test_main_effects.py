from itertools import product

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from everycount.arrays import main_effects as module
from everycount.arrays.main_effects import main_effects
from everycount.errors import MethodError


def grid(*sizes):
    return np.array(list(product(*(range(size) for size in sizes))))


def assert_balanced(codes, weight, mean, chance, atol=1e-14):
    """The equations of the maximum: fitted and observed shares agree within each category."""
    share = weight / weight.sum()
    for column in codes.T:
        for value in np.unique(column):
            inside = column == value
            np.testing.assert_allclose(
                (share * chance)[inside].sum(), (share * mean)[inside].sum(), atol=atol
            )


def log_odds(chance):
    return np.log(chance / (1 - chance))


def test_one_circumstance_is_fitted_exactly():
    mean = np.array([0.2, 0.5, 0.9])
    found = main_effects(np.array([[0], [3], [7]]), np.array([1.0, 2.0, 5.0]), mean)
    np.testing.assert_allclose(found, mean, rtol=1e-12)


def test_fit_is_the_maximum_that_a_general_optimiser_finds():
    rng = np.random.default_rng(4)
    codes = grid(2, 3)
    weight, mean = rng.uniform(1, 9, 6), rng.uniform(0.1, 0.9, 6)
    dummies = np.column_stack([np.ones(6), codes[:, 0], codes[:, 1] == 1, codes[:, 1] == 2])

    def loss(effects):
        linear = dummies @ effects
        return (weight * (np.logaddexp(0, linear) - mean * linear)).sum()

    best = minimize(loss, np.zeros(4), tol=1e-12).x
    found = main_effects(codes, weight, mean)
    np.testing.assert_allclose(found, expit(dummies @ best), atol=1e-6)
    assert_balanced(codes, weight, mean, found)


def test_effects_add_on_the_scale_of_log_odds():
    rng = np.random.default_rng(5)
    codes = grid(3, 4)
    found = log_odds(main_effects(codes, rng.uniform(1, 9, 12), rng.uniform(0.1, 0.9, 12)))
    table = found.reshape(3, 4)
    np.testing.assert_allclose(table - table[:1] - table[:, :1] + table[0, 0], 0, atol=1e-11)


def test_weights_may_be_of_any_size():
    rng = np.random.default_rng(6)
    codes, mean = grid(3, 3), rng.uniform(0, 1, 9)
    weight = np.exp(rng.normal(0, 3, 9))
    found = main_effects(codes, weight, mean)
    np.testing.assert_allclose(main_effects(codes, weight * 1e6, mean), found, rtol=1e-10)
    assert_balanced(codes, weight, mean, found)


def test_category_without_the_outcome_has_chance_zero_and_does_not_touch_the_others():
    rng = np.random.default_rng(7)
    codes = grid(3, 4)
    weight, mean = rng.uniform(1, 9, 12), rng.uniform(0.1, 0.9, 12)
    mean[codes[:, 0] == 0] = 0.0
    mean[codes[:, 1] == 3] = 1.0
    mean[(codes[:, 0] == 0) & (codes[:, 1] == 3)] = 0.0
    # Category 3 of the second is then all 1 in what the first leaves over.
    found = main_effects(codes, weight, mean)
    np.testing.assert_array_equal(found[codes[:, 0] == 0], 0.0)
    rest = codes[:, 0] > 0
    np.testing.assert_array_equal(found[rest & (codes[:, 1] == 3)], 1.0)
    inner = rest & (codes[:, 1] < 3)
    np.testing.assert_allclose(
        found[inner], main_effects(codes[inner], weight[inner], mean[inner]), rtol=1e-12
    )


def test_outcome_that_nobody_or_everybody_has():
    codes = grid(2, 2)
    assert main_effects(codes, np.ones(4), np.zeros(4)).tolist() == [0, 0, 0, 0]
    assert main_effects(codes, np.ones(4), np.ones(4)).tolist() == [1, 1, 1, 1]


def test_separation_by_several_categories_together_goes_to_its_limit():
    # Nobody has it unless both are 1 or more, and all do at 2 and 2: no single category tells.
    codes = grid(3, 3)
    mean = np.where(codes.sum(axis=1) < 2, 0.0, np.where(codes.sum(axis=1) > 2, 1.0, 0.4))
    weight = np.arange(1.0, 10)
    found = main_effects(codes, weight, mean)
    np.testing.assert_array_equal(found[mean == 0], 0.0)
    np.testing.assert_array_equal(found[mean == 1], 1.0)
    middle = mean == 0.4
    np.testing.assert_allclose(found[middle], 0.4, rtol=1e-12)


def test_limit_is_what_many_newton_steps_come_near():
    codes = grid(3, 3)
    rng = np.random.default_rng(2)
    mean = np.where(codes.sum(axis=1) < 2, 0.0, rng.uniform(0.2, 0.8, 9))
    weight = rng.uniform(1, 5, 9)
    found = main_effects(codes, weight, mean)
    near = np.clip(mean, 1e-9, 1)
    np.testing.assert_allclose(found, main_effects(codes, weight, near), atol=1e-6)
    assert_balanced(codes, weight, mean, found)


def test_circumstances_that_say_the_same_do_not_matter():
    rng = np.random.default_rng(8)
    codes = grid(3, 3)
    weight, mean = rng.uniform(1, 9, 9), rng.uniform(0.1, 0.9, 9)
    twice = np.column_stack([codes, 2 - codes[:, 0], np.zeros(9, int)])
    np.testing.assert_allclose(
        main_effects(twice, weight, mean), main_effects(codes, weight, mean), rtol=1e-11
    )


def test_cell_without_weight_has_no_part():
    codes = grid(2, 3)
    weight, mean = np.array([1.0, 2, 3, 4, 5, 0]), np.array([0.1, 0.2, 0.3, 0.9, 0.7, 7.0])
    found = main_effects(codes, weight, mean)
    assert found[5] == 0
    np.testing.assert_allclose(found[:5], main_effects(codes[:5], weight[:5], mean[:5]), rtol=1e-12)


def test_steps_that_overshoot_are_shortened():
    # Found by trying: a full Newton step would fit worse here.
    weight = np.array([0.371, 0.779, 13.155, 0.01, 6.877, 0.023, 26.041, 0.047, 0.264])
    mean = np.array([0.001, 0.999, 0.001, 0.999, 0.999, 0.999, 0.001, 0.999, 0.999])
    found = main_effects(grid(3, 3), weight, mean)
    assert_balanced(grid(3, 3), weight, mean, found)


@pytest.mark.parametrize("wrong", [-0.1, 1.5, np.nan])
def test_mean_that_is_no_share_is_refused(wrong):
    with pytest.raises(MethodError) as caught:
        main_effects(grid(2), np.ones(2), np.array([0.5, wrong]))
    assert str(caught.value.problems[0]) == (
        "outcome: found 1 cells with a mean outside 0 to 1, expected 0 or 1, or a share"
    )


@pytest.mark.parametrize(("name", "value"), [("HALVINGS", 0), ("MANY", 1)])
def test_fit_that_does_not_converge_is_refused(monkeypatch, name, value):
    monkeypatch.setattr(module, "FEW", 1)
    monkeypatch.setattr(module, name, value)
    with pytest.raises(MethodError, match="fit: found chances that still move after"):
        main_effects(grid(2, 2), np.ones(4), np.array([0.1, 0.2, 0.6, 0.9]))


def test_slow_fit_without_separation_goes_on(monkeypatch):
    codes, mean = grid(2, 2), np.array([0.1, 0.2, 0.6, 0.9])
    expected = main_effects(codes, np.ones(4), mean)
    monkeypatch.setattr(module, "FEW", 1)
    np.testing.assert_allclose(main_effects(codes, np.ones(4), mean), expected, rtol=1e-13)
