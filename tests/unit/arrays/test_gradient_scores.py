import re

import numpy as np
import pytest

from everycount.arrays.gradient import concentration, linear_ends, logit_ends
from everycount.arrays.gradient_scores import gradient_scores
from everycount.errors import ColumnError

NAMES = ["aci", "rci", "sii", "rii", "sii_linear", "rii_linear"]


def sample(rows=80, *, ties=True, seed=3):
    rng = np.random.default_rng(seed)
    wealth = rng.normal(size=rows)
    rank = np.floor(2 * wealth) if ties else wealth
    y = (rng.uniform(size=rows) < 0.5 + 0.1 * wealth).astype(float)
    return y, rng.uniform(0.5, 4, rows), rank


def by_groups(y, weight, rank):
    """Rates and shares of those who share a rank."""
    which = [rank == value for value in np.unique(rank)]
    sizes = np.array([weight[own].sum() for own in which])
    return np.array([np.average(y[own], weights=weight[own]) for own in which]), sizes / sizes.sum()


@pytest.mark.parametrize("ties", [True, False])
def test_values_are_those_of_the_groups_that_share_a_rank(ties):
    y, weight, rank = sample(ties=ties)
    rates, shares = by_groups(y, weight, rank)
    index, mean = concentration(rates, shares), shares @ rates
    low, high = logit_ends(rates, shares, 1.0)
    bottom, top = linear_ends(rates, shares)
    wanted = [index, index / mean, high - low, high / low, top - bottom, top / bottom]
    found = gradient_scores(NAMES, y, weight, rank, scale=1)
    np.testing.assert_allclose(found.values, wanted, rtol=1e-11)
    assert found.reasons == (None,) * 6


@pytest.mark.parametrize("ties", [True, False])
def test_scores_are_weights_times_derivatives_by_them(ties):
    y, weight, rank = sample(ties=ties)
    found = gradient_scores(NAMES, y, weight, rank, scale=1)
    step = 1e-5
    for row in (0, 7, 41, 79):
        more, less = weight.copy(), weight.copy()
        more[row] += step
        less[row] -= step
        ends = [gradient_scores(NAMES, y, w, rank, scale=1).values for w in (more, less)]
        slope = weight[row] * (ends[0] - ends[1]) / (2 * step)
        np.testing.assert_allclose(found.scores[row], slope, rtol=1e-6, atol=1e-9)


def test_scores_add_up_to_nothing():
    scores = gradient_scores(NAMES, *sample(), scale=1).scores
    np.testing.assert_allclose(scores.sum(axis=0), 0, atol=1e-12)


def test_variance_from_scores_is_that_of_the_jackknife():
    y, _, rank = sample(400, ties=False)
    one = np.ones(400)
    found = gradient_scores(NAMES, y, one, rank, scale=1)
    left_out = []
    for row in range(400):
        weight = one.copy()
        weight[row] = 0
        left_out.append(gradient_scores(NAMES, y, weight, rank, scale=1).values)
    jackknife = 399 * np.var(left_out, axis=0)
    np.testing.assert_allclose(400 * np.var(found.scores, axis=0), jackknife, rtol=0.03)


def test_percentages_give_the_same_shape():
    y, weight, rank = sample()
    one = gradient_scores(["sii", "rii", "aci"], y, weight, rank, scale=1)
    hundred = gradient_scores(["sii", "rii", "aci"], 100 * y, weight, rank, scale=100)
    times = np.array([100, 1, 100])
    np.testing.assert_allclose(hundred.values, times * one.values, rtol=1e-12)
    np.testing.assert_allclose(hundred.scores, times * one.scores, rtol=1e-10, atol=1e-12)


def test_rows_without_weight_score_nothing_and_may_be_missing():
    y, weight, rank = sample()
    weight[:5] = 0
    whole = gradient_scores(NAMES, y, weight, rank, scale=1)
    y[:3], rank[2:5] = np.nan, np.nan
    found = gradient_scores(NAMES, y, weight, rank, scale=1)
    assert found.values.tolist() == whole.values.tolist()
    assert (found.scores[:5] == 0).all()
    np.testing.assert_array_equal(found.scores, whole.scores)


# ------------------------------------------------------------------------------- no value


@pytest.mark.parametrize(
    ("name", "y", "rank", "scale", "reason"),
    [
        ("aci", [1, 0, 1], [2, 2, 2], None, "everyone has the same rank"),
        ("rci", [0, 0, 0], [1, 2, 3], None, "the mean is 0, and a relative measure needs one"),
        ("rii", [0, 0, 0], [1, 2, 3], 1, "the mean is 0"),
        ("sii", [0, 1, 0], [1, 2, 3], None, "no scale was given, and a logistic curve needs one"),
        ("rii", [0, 0, 1], [1, 2, 3], 1, "no finite logistic curve fits best"),
        ("rii_linear", [0, 0, 1], [1, 2, 3], None, "the line is not above 0 at the lowest rank"),
    ],
)
def test_measure_without_a_value_says_why(name, y, rank, scale, reason):
    found = gradient_scores([name, "aci"], y, [1, 1, 1], rank, scale=scale)
    assert found.reasons[0].startswith(reason)
    assert np.isnan(found.values[0])
    assert np.isnan(found.scores[:, 0]).all()
    assert np.isnan(found.scores[:, 1]).any() == (found.reasons[1] is not None)


# ------------------------------------------------------------------------------- refusals


def test_faults_of_all_columns_are_told_at_once():
    wanted = (
        "column 0: found 1 missing or infinite where the weight is not 0, expected none; "
        "column 0: found 1 values outside 0 to 1, expected the scale that was given; "
        "column 1: found 2 weights missing, infinite or below 0, expected 0 or more; "
        "column 2: found 1 missing or infinite where the weight is not 0, expected none"
    )
    with pytest.raises(ColumnError, match=f"^{re.escape(wanted)}$"):
        gradient_scores(["aci"], [np.nan, 2, 1, 0], [1, 1, np.nan, -1], [1, np.inf, 1, 1], scale=1)


def test_sample_without_weight_is_refused():
    with pytest.raises(ColumnError, match="column 1: found no weight above 0, expected at least"):
        gradient_scores(["aci"], [1, 0], [0, 0], [1, 2])


def test_unknown_measure_is_refused():
    with pytest.raises(ValueError, match=r"found \['gini'\], expected some of \['aci', 'rci'"):
        gradient_scores(["gini"], [1, 0], [1, 1], [1, 2])


@pytest.mark.parametrize(("y", "rank"), [([[1, 0]], [1, 2]), ([1, 0], [1, 2, 3])])
def test_shapes_that_do_not_fit_are_refused(y, rank):
    with pytest.raises(ValueError, match=r"of y, weight and rank, expected \(rows,\) each"):
        gradient_scores(["aci"], y, [1, 1], rank)
