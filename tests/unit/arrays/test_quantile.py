import math
from typing import get_args

import numpy as np
import pytest

from everycount.arrays.quantile import Rule, order_rows, quantile, replicate_quantiles

RULES = get_args(Rule)
NUMPY = {
    "math": "inverted_cdf",
    "hf1": "inverted_cdf",
    "school": "averaged_inverted_cdf",
    "hf2": "averaged_inverted_cdf",
    "hf4": "interpolated_inverted_cdf",
    "hf5": "hazen",
    "hf6": "weibull",
    "hf7": "linear",
    "hf8": "median_unbiased",
    "hf9": "normal_unbiased",
}
"""Hyndman and Fan's definitions under NumPy's names; its third is not R survey's."""


def rng(seed=7):
    return np.random.default_rng(seed)


# -------------------------------------------------------------- rules


@pytest.mark.parametrize("rule", NUMPY)
@pytest.mark.parametrize("n", [2, 3, 20, 101])
def test_equal_weights_give_what_hyndman_and_fan_define(rule, n):
    values = rng().normal(size=n)
    # Not below the first step, where R goes its own way, and on no step but the last.
    p = np.append(1 / n + (1 - 1 / n) * np.linspace(0.0123, 0.9876, 56), 1)
    wanted = np.quantile(values, p, method=NUMPY[rule])
    np.testing.assert_allclose(quantile(values, np.full(n, 0.3), p, rule=rule), wanted, atol=1e-12)


def test_ties_of_equal_weights_are_as_hyndman_and_fan_define():
    values, p = rng().normal(size=16), [0.25, 0.5, 0.75]
    for rule, name in NUMPY.items():
        wanted = np.quantile(values, p, method=name)
        np.testing.assert_allclose(quantile(values, np.ones(16), p, rule=rule), wanted)


@pytest.mark.parametrize("rule", ["math", "school"])
def test_whole_weights_count_rows_as_often(rule):
    values, times = rng().normal(size=30), rng(8).integers(1, 6, 30)
    p = (np.array([0.03, 0.1, 0.25, 0.5, 0.77, 0.9, 1.0]) * times.sum()).round() / times.sum()
    wanted = np.quantile(np.repeat(values, times), p, method=NUMPY[rule])
    np.testing.assert_allclose(quantile(values, times, p, rule=rule), wanted)


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        # Sums 1, 4, 6, 10 of 10: steps at .1, .4, .6 and 1.
        ("math", [10, 20, 20, 30, 40]),
        ("school", [15, 20, 25, 30, 40]),
        ("hf3", [20, 20, 20, 30, 40]),
        ("hf4", [10, 10 + 10 * 0.15 / 0.3, 20, 25, 40]),
        # Middles of the weights: .05, .25, .5, .8.
        ("hf5", [10 + 10 * 0.05 / 0.2, 20, 20 + 10 * 0.15 / 0.25, 30, 40]),
        # Sums over 10 + 4.
        ("hf6", [10 + 10 * 0.4 / 3, 10 + 10 * 2.5 / 3, 20 + 10 * 1.6 / 2, 30 + 10 * 1 / 4, 40]),
        # Sums before over 6: 0, 1/6, 4/6, 1.
        ("hf7", [16, 20 + 10 * 0.5 / 3, 20 + 10 * 1.4 / 3, 20 + 10 * 2 / 3, 40]),
        # Sums less a third of the weight over 10 + 4/3: 2/3, 3, 16/3, 26/3 of 34/3.
        ("hf8", [10 + 10 * 7 / 35, 10 + 10 * 13 / 14, 20 + 10 * 23 / 35, 30 + 1, 40]),
        # Sums less three eighths over 11: .625, 2.875, 5.25, 8.5.
        (
            "hf9",
            [
                10 + 10 * 0.475 / 2.25,
                10 + 10 * 2.125 / 2.25,
                20 + 10 * 1.525 / 2.375,
                30 + 10 * 0.25 / 3.25,
                40,
            ],
        ),
    ],
)
def test_unequal_weights_by_hand(rule, wanted):
    found = quantile([30, 10, 40, 20], [2, 1, 4, 3], [0.1, 0.25, 0.4, 0.5, 1.0], rule=rule)
    np.testing.assert_allclose(found, wanted)


def test_hf3_goes_to_the_even_one_of_the_distinct_values_at_a_tie():
    values, weights = [1, 2, 2, 3, 4], [2, 1, 1, 2, 2]  # steps at .25, .5, .75, 1
    found = quantile(values, weights, [0.25, 0.3, 0.5, 0.75], rule="hf3")
    np.testing.assert_array_equal(found, [2, 2, 2, 4])


def test_shah_and_vaish_with_weights_of_mean_one_by_hand():
    # Sums .5, 1, 3, and plus 1/2 less half the weight .75, 1.25, 2.5, of 4.
    found = quantile(
        [10, 20, 30], [0.5, 0.5, 2], [0.1, 0.19, 0.3, 0.32, 0.6, 0.7], rule="shahvaish"
    )
    np.testing.assert_array_equal(found, [10, 10, 10, 20, 20, 30])


def test_shah_and_vaish_is_off_by_half_of_a_weight_that_is_not_scaled():
    values, p = np.arange(1, 101), [0.25, 0.5]
    one = quantile(values, np.ones(100), p, rule="shahvaish")
    twenty = quantile(values, np.full(100, 20.0), p, rule="shahvaish")
    np.testing.assert_array_equal(one, [25, 50])
    np.testing.assert_array_equal(twenty, [25 + 9, 50 + 10])  # R's; by 9.5 rows


def test_shah_and_vaish_orders_by_share_where_weights_take_it_out_of_order():
    # Over 5: 1/3, 2/3, -1/3, 4.
    found = quantile([1, 2, 3, 4], [1, 1, 9, 1], [0.0, 0.1, 0.14, 0.7, 0.9], rule="shahvaish")
    np.testing.assert_array_equal(found, [3, 1, 2, 2, 4])


# -------------------------------------------------------------- ties and edges


def test_sums_are_exact_enough_to_see_ties():
    # Added in doubles, half of 200 weights of 30.97 is less than half their sum.
    values, weights = np.arange(200.0), np.full(200, 30.97)
    assert np.cumsum(weights)[99] / np.cumsum(weights)[-1] < 0.5
    assert quantile(values, weights, [0.5], rule="school") == 99.5


def test_sums_are_those_of_exact_addition():
    weights = rng().lognormal(3, 2, 5000)
    found = order_rows(np.arange(5000.0), weights).sums
    for k in (1, 10, 777, 5000):
        assert found[k - 1] == math.fsum(weights[:k])


def test_a_tie_is_found_among_weights_and_measured_among_shares():
    # R: .57 of 6194 is less than the first 114 weights of 30.97, which are .57 of all of them.
    values, weights = np.arange(1.0, 201.0), np.full(200, 30.97)
    assert quantile(values, weights, [0.57], rule="school") == 114
    # .1 of them all is the first 20 weights, but 20 weights are less than .1 of them all.
    assert quantile(values, weights, [0.1], rule="math") == 21


def test_below_the_first_step_is_as_on_it():
    values, weights, p = [10, 20, 40], [1, 1, 2], [0.0, 0.1]
    np.testing.assert_array_equal(quantile(values, weights, p, rule="math"), [10, 10])
    np.testing.assert_array_equal(quantile(values, weights, p, rule="school"), [15, 15])
    np.testing.assert_array_equal(quantile(values, weights, p, rule="hf3"), [20, 20])
    np.testing.assert_allclose(quantile(values, weights, p, rule="hf4"), [0, 4])


@pytest.mark.parametrize("rule", RULES)
def test_the_last_probability_is_the_greatest_value(rule):
    values, weights = rng().normal(size=12), rng(8).uniform(0.5, 1.5, 12)
    if rule == "shahvaish":
        weights[np.argmax(values)] = 0.4
        weights *= 12 / weights.sum()
    assert quantile(values, weights, [1.0], rule=rule) == values.max()


@pytest.mark.parametrize("rule", RULES)
def test_rows_without_value_or_weight_do_not_count(rule):
    values, weights = rng().normal(size=30), rng(8).uniform(0.5, 1.5, 30)
    values[[3, 8]] = np.nan
    weights[[5, 9, 10]] = 0
    own = [i for i in range(30) if i not in {3, 5, 8, 9, 10}]
    p = [0.1, 0.5, 0.9]
    alone = quantile(values[own], weights[own], p, rule=rule)
    np.testing.assert_array_equal(quantile(values, weights, p, rule=rule), alone)


@pytest.mark.parametrize("rule", RULES)
def test_one_row_is_every_quantile_and_no_row_none(rule):
    np.testing.assert_array_equal(quantile([4, 5], [0, 2], [0, 0.3, 1], rule=rule), [5, 5, 5])
    assert np.isnan(quantile([4, np.nan], [0, 2], [0, 0.3], rule=rule)).all()
    assert np.isnan(quantile([], [], [0.3], rule=rule)).all()
    assert quantile([4.0], [1], [], rule=rule).shape == (0,)


@pytest.mark.parametrize("rule", RULES)
def test_equal_values_are_every_quantile(rule):
    found = quantile([4.0] * 5, [1, 2, 3, 1, 1], [0, 0.3, 1], rule=rule)
    np.testing.assert_array_equal(found, [4, 4, 4])


def test_weights_that_add_nothing_leave_no_gap():
    # The sums of the first two rows are equal in doubles.
    for rule in RULES:
        found = quantile([1, 2, 3], [1e17, 1e-3, 1e17], [0.0, 0.25, 0.5, 1.0], rule=rule)
        assert np.isfinite(found).all()


def test_no_row_has_no_shares():
    rows = order_rows(np.array([np.nan]), np.array([1.0]))
    assert np.isnan(rows.shares(np.array([1.0, 2.0]))).all()
    rows = order_rows(np.array([3.0, 1.0]), np.array([1.0, 3.0]))
    np.testing.assert_array_equal(rows.shares(np.array([0.0, 1, 2, 3, 4])), [0, 0.75, 0.75, 1, 1])


# -------------------------------------------------------------- replicates


@pytest.mark.parametrize("rule", RULES)
def test_replicates_are_quantiles_under_each_weight(rule):
    values = rng().normal(size=20).round(1)
    values[4] = np.nan
    weights = rng(8).integers(0, 3, (20, 6)).astype(float)
    p = [0.2, 0.5, 0.9]
    found = replicate_quantiles(values, weights.T, p, rule=rule)
    assert found.shape == (6, 3)
    for each, own in zip(found, weights.T, strict=True):
        np.testing.assert_array_equal(each, quantile(values, own, p, rule=rule))


def test_replicates_may_be_given_one_by_one_and_be_empty():
    each = (np.full(3, float(k)) for k in range(3))
    found = replicate_quantiles([1.0, 2.0, 3.0], each, [0.5])
    np.testing.assert_array_equal(found, [[np.nan], [2], [2]])
    assert replicate_quantiles([1.0], [], [0.5, 0.6]).shape == (0, 2)


# -------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"rule": "hf10"}, "rule: found 'hf10', expected one of math, school"),
        ({"values": [1.0, np.inf]}, "values: found another shape or infinity"),
        ({"values": [[1.0, 2.0]]}, "values: found another shape or infinity"),
        ({"weights": [1.0]}, r"weights: found shape \(1,\), expected that of values, \(2,\)"),
        ({"weights": [1.0, -1.0]}, "weights: found a negative number, infinity or NaN"),
        ({"weights": [1.0, np.nan]}, "weights: found a negative number, infinity or NaN"),
        ({"weights": [1.0, np.inf]}, "weights: found a negative number, infinity or NaN"),
        ({"probabilities": [1.1]}, "probabilities: found .* expected a list of shares from 0 to 1"),
        ({"probabilities": [-0.1]}, "probabilities: found"),
        ({"probabilities": [np.nan]}, "probabilities: found"),
        ({"probabilities": 0.5}, "probabilities: found"),
    ],
)
def test_arguments_outside_their_domain_are_refused(changed, words):
    given = {
        "values": [1.0, 2.0],
        "weights": [1.0, 1.0],
        "probabilities": [0.5],
        "rule": "math",
        **changed,
    }
    with pytest.raises(ValueError, match=words):
        quantile(**given)


def test_negative_replicate_weights_are_refused():
    with pytest.raises(ValueError, match="weights: found a negative number"):
        replicate_quantiles([1.0, 2.0], [[1.0, 1.0], [-0.5, 2.0]], [0.5])
