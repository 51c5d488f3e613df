from itertools import combinations, product

import numpy as np
import pytest
from scipy.optimize import minimize

from everycount.arrays.rasch import (
    elementary_symmetric,
    fit_rasch,
    person_reliability,
    person_severities,
)
from everycount.errors import ColumnError

# Law School Admission Test, section 6: five items, 1,000 people, each pattern with its count.
# Bock, R. D. and Lieberman, M. (1970), Psychometrika 35; Andersen, E. B. (1980), Discrete
# Statistical Models with Social Science Applications, pages 253-254.
LSAT6 = dict(
    zip(
        product((0, 1), repeat=5),
        (
            *(3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15),
            *(10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61, 28, 298),
        ),
        strict=True,
    )
)
PATTERNS = np.array(list(LSAT6), float)
COUNTS = np.array(list(LSAT6.values()), float)


def conditional_likelihood(severity, patterns, counts):
    """Return the conditional log-likelihood, by listing every pattern of a raw score."""
    items = len(severity)
    total = 0.0
    for pattern, count in zip(patterns, counts, strict=True):
        chosen = [
            np.exp(-severity[list(c)].sum()) for c in combinations(range(items), int(pattern.sum()))
        ]
        total += count * (-(pattern @ severity) - np.log(sum(chosen)))
    return total


def simulate(severity, people, rng):
    chance = 1 / (1 + np.exp(np.asarray(severity) - people[:, None]))
    return (rng.random(chance.shape) < chance).astype(float)


def test_the_patterns_are_those_published():
    assert COUNTS.sum() == 1000
    assert (COUNTS @ PATTERNS).tolist() == [924, 709, 553, 763, 870]


def test_severities_of_lsat6_maximise_the_conditional_likelihood():
    found = fit_rasch(PATTERNS, COUNTS)

    def loss(free):
        return -conditional_likelihood(np.append(free, -free.sum()), PATTERNS, COUNTS)

    best = minimize(loss, np.zeros(4), method="BFGS", options={"gtol": 1e-8})
    np.testing.assert_allclose(found.severity, np.append(best.x, -best.x.sum()), atol=1e-6)
    # Marginal estimates of the same items are within a hundredth (OpenBUGS, example LSAT).
    np.testing.assert_allclose(found.severity, [-1.26, 0.48, 1.24, 0.17, -0.63], atol=0.015)


def test_standard_errors_are_those_of_the_curvature():
    found = fit_rasch(np.repeat(PATTERNS, COUNTS.astype(int), axis=0))
    step = 1e-4
    items = 5
    basis = np.vstack([np.eye(items - 1), -np.ones(items - 1)])

    def value(free):
        return conditional_likelihood(found.severity + basis @ free, PATTERNS, COUNTS)

    curvature = np.zeros((items - 1, items - 1))
    for i, j in product(range(items - 1), repeat=2):
        ends = [
            value(step * (a * np.eye(items - 1)[i] + b * np.eye(items - 1)[j]))
            for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))
        ]
        curvature[i, j] = -(ends[0] - ends[1] - ends[2] + ends[3]) / (4 * step**2)
    covariance = basis @ np.linalg.inv(curvature) @ basis.T
    np.testing.assert_allclose(found.std_error, np.sqrt(np.diag(covariance)), rtol=1e-4)


def test_weights_are_frequencies_in_any_unit():
    once = fit_rasch(np.repeat(PATTERNS, COUNTS.astype(int), axis=0))
    weighted = fit_rasch(PATTERNS, COUNTS)
    scaled = fit_rasch(PATTERNS, COUNTS * 1234.5)
    np.testing.assert_allclose(weighted.severity, once.severity, atol=1e-11)
    np.testing.assert_allclose(weighted.infit, once.infit, atol=1e-11)
    np.testing.assert_allclose(weighted.outfit, once.outfit, atol=1e-11)
    np.testing.assert_allclose(weighted.shares, once.shares, atol=1e-12)
    assert weighted.reliability == pytest.approx(once.reliability, abs=1e-12)
    np.testing.assert_allclose(scaled.severity, weighted.severity, atol=1e-12)
    np.testing.assert_allclose(scaled.std_error, weighted.std_error, rtol=1e-9)
    assert (once.used, once.extreme, once.incomplete) == (699, 301, 0)


def test_infit_and_outfit_are_of_residuals_from_the_chance_given_the_score():
    rows = np.repeat(PATTERNS, COUNTS.astype(int), axis=0)
    found = fit_rasch(rows)
    ease = np.exp(-found.severity)
    kept = rows[(rows.sum(axis=1) > 0) & (rows.sum(axis=1) < 5)]
    chance = np.empty_like(kept)
    for at, row in enumerate(kept):
        score = int(row.sum())
        sets = list(combinations(range(5), score))
        sizes = np.array([np.prod(ease[list(c)]) for c in sets])
        for j in range(5):
            chance[at, j] = sizes[[j in c for c in sets]].sum() / sizes.sum()
    squares, variance = (kept - chance) ** 2, chance * (1 - chance)
    np.testing.assert_allclose(found.infit, squares.sum(axis=0) / variance.sum(axis=0), rtol=1e-10)
    np.testing.assert_allclose(found.outfit, (squares / variance).mean(axis=0), rtol=1e-10)


def test_a_scale_that_holds_is_found_again_and_fits():
    rng = np.random.default_rng(20190319)
    severity = np.array([-1.8, -1.0, -0.4, 0.1, 0.6, 0.9, 1.6])
    rows = simulate(severity, rng.normal(0.3, 1.5, 20_000), rng)
    found = fit_rasch(rows)
    away = (found.severity - (severity - severity.mean())) / found.std_error
    assert np.abs(away).max() < 3.5
    np.testing.assert_allclose(found.infit, 1, atol=0.03)
    assert 0.5 < found.reliability < found.flat_reliability + 0.2


def test_rows_that_say_nothing_are_counted_and_change_nothing():
    rows = np.vstack([PATTERNS, [[np.nan, 1, 0, 1, 1]], [[1, 0, 0, 1, 1]], [[1, 0, 0, 1, 1]]])
    weights = np.append(COUNTS, [5.0, 0.0, np.nan])
    found, plain = fit_rasch(rows, weights), fit_rasch(PATTERNS, COUNTS)
    np.testing.assert_array_equal(found.severity, plain.severity)
    assert found.incomplete == plain.incomplete + 3
    assert plain.incomplete == 2  # patterns nobody has


def test_two_items_have_the_log_odds_of_the_one_against_the_other():
    found = fit_rasch([[1, 0]] * 30 + [[0, 1]] * 10 + [[1, 1]] * 7)
    half = np.log(3) / 2
    np.testing.assert_allclose(found.severity, [-half, half], atol=1e-12)


def test_far_apart_items_are_still_found():
    rng = np.random.default_rng(3)
    severity = np.array([-5.0, -2.5, 0.0, 2.5, 5.0])
    rows = simulate(severity, rng.normal(0, 4, 20_000), rng)
    found = fit_rasch(rows)
    np.testing.assert_allclose(found.severity, severity, atol=0.3)


def test_one_answer_against_thousands_is_found_by_shorter_steps():
    rows = [[1, 0]] * 3 + [[0, 1]]
    found = fit_rasch(rows, [10_000.0, 1, 1, 1])
    half = np.log(10_002) / 2
    np.testing.assert_allclose(found.severity, [-half, half], atol=1e-10)
    people = [[1, 0, 0]] * 9 + [[0, 1, 0], [0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 0]]
    weights = np.append(np.full(9, 1e6), [1, 1, 1, 1, 1e5])
    found = fit_rasch(people, weights)
    assert np.isfinite(found.std_error).all()
    slope = 1e-4 * np.array([[1, -1, 0], [0, 1, -1], [-1, 0, 1]])
    best = conditional_likelihood(found.severity, np.array(people), weights)
    for way in np.vstack([slope, -slope]):
        assert conditional_likelihood(found.severity + way, np.array(people), weights) < best


def test_items_without_a_finite_severity_are_named():
    rows = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 0], [1, 1, 1, 0]], float)
    with pytest.raises(ColumnError) as caught:
        fit_rasch(rows)
    assert [fault[:2] for fault in caught.value.faults] == [
        (0, "a yes of all 4 who affirm some items and not all"),
        (3, "no yes of the 4 who affirm some items and not all"),
    ]
    with pytest.raises(ColumnError, match="no yes of the 0 who affirm some") as caught:
        fit_rasch([[1, 1], [0, 0]])
    assert len(caught.value.faults) == 2


def test_items_that_are_divided_are_named():
    easy, hard = [[1, 0, 0, 0], [0, 1, 0, 0]], [[1, 1, 1, 0], [1, 1, 0, 1]]
    with pytest.raises(ColumnError, match="never differ from other items both ways") as caught:
        fit_rasch(easy + hard)
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize(
    ("rows", "weights"),
    [([[1], [0]], None), ([1, 0], None), ([[1, 2]], None), ([[1, 0]], [-1])],
)
def test_what_is_no_answer_is_our_mistake(rows, weights):
    with pytest.raises(ValueError, match=r"two items|0, 1 or missing"):
        fit_rasch(rows, weights)


def test_people_stand_where_the_expected_score_is_theirs():
    severity = np.array([-1.7, -0.3, 0.4, 0.5, 1.1])
    where, error = person_severities(severity, highest_error="own")
    chance = 1 / (1 + np.exp(severity - where[:, None]))
    np.testing.assert_allclose(chance.sum(axis=1), [0.5, 1, 2, 3, 4, 4.5], atol=1e-12)
    np.testing.assert_allclose(error, (chance * (1 - chance)).sum(axis=1) ** -0.5, rtol=1e-12)
    lowest = person_severities(severity)[1]
    np.testing.assert_array_equal(lowest[:-1], error[:-1])
    assert lowest[-1] == error[0]


def test_extreme_scores_stand_where_one_says():
    severity = np.array([-1.0, 0.0, 1.0])
    where = person_severities(severity, extremes=(0.1, 2.9))[0]
    near = person_severities(severity)[0]
    assert where[0] < near[0]
    assert where[-1] > near[-1]
    np.testing.assert_allclose(where, -where[::-1], atol=1e-12)


def test_reliability_grows_with_the_spread_of_people():
    severity = np.linspace(-1, 1, 8)
    middle = person_reliability(severity, np.array([0, 0, 1, 8, 1, 0, 0.0]))
    spread = person_reliability(severity, np.array([8, 1, 0, 0, 0, 1, 8.0]))
    assert 0 <= middle < spread < 1


def test_elementary_symmetric_functions_sum_products():
    values = [0.5, 2.0, 3.0, 7.0]
    expected = [sum(np.prod(c) for c in combinations(values, r)) for r in range(5)]
    np.testing.assert_allclose(elementary_symmetric(values), expected, rtol=1e-14)
