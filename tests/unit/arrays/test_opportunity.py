import numpy as np
import pytest

from everycount.arrays.circumstances import collapse
from everycount.arrays.clustered import by_psu, cluster
from everycount.arrays.main_effects import main_effects
from everycount.arrays.opportunity import (
    dissimilarity_of_replicates,
    grouped,
    opportunity,
    opportunity_scores,
)
from everycount.errors import MethodError

NAN = np.nan

# -------------------------------------------------------------- D and HOI


def test_indices_by_hand():
    # Coverage 3.6 / 10; the means are 0.26, 0.04 and 0.44 away from it.
    found = opportunity([4, 4, 2], [0.1, 0.4, 0.8])
    assert found.coverage == pytest.approx(0.36)
    assert found.dissimilarity == pytest.approx((4 * 0.26 + 4 * 0.04 + 2 * 0.44) / 10 / 0.72)
    assert found.opportunity == pytest.approx(0.36 * (1 - found.dissimilarity))
    assert (found.groups, found.lowest, found.highest) == (3, 0.1, 0.8)


def test_barrier_is_measured_on_its_complement():
    weight, mean = np.array([4.0, 4, 2]), np.array([0.1, 0.4, 0.8])
    assert opportunity(weight, mean, outcome="barrier") == opportunity(weight, 1 - mean)


@pytest.mark.parametrize(("mean", "outcome"), [([0, 0], "opportunity"), ([1, 1], "barrier")])
def test_outcome_that_nobody_has_is_shared_equally(mean, outcome):
    found = opportunity([1, 2], mean, outcome=outcome)
    assert (found.coverage, found.dissimilarity, found.opportunity) == (0, 0, 0)


def test_outcome_of_one_group_alone_leaves_all_but_its_share():
    assert opportunity([9, 1], [0, 1]).dissimilarity == pytest.approx(0.9)


def test_group_without_weight_does_not_count():
    assert opportunity([1, 1, 0], [0.2, 0.6, NAN]) == opportunity([1, 1], [0.2, 0.6])


def test_outcome_may_be_an_amount_but_not_for_a_barrier():
    assert opportunity([1, 1], [10, 30]).dissimilarity == pytest.approx(0.25)
    with pytest.raises(MethodError) as caught:
        opportunity([1, 1], [0.5, 30], outcome="barrier")
    assert str(caught.value.problems[0]) == (
        "outcome: found 1 values from 30.0 to 30.0, expected 0 to 1, to have a complement"
    )


def test_negative_amount_has_no_dissimilarity():
    with pytest.raises(
        MethodError, match=r"found 2 values from -3\.0 to -1\.0, expected 0 or more"
    ):
        opportunity([1, 1, 1], [-1, -3, 5])


@pytest.mark.parametrize(
    ("weight", "mean"), [([1, 1], [0.5]), ([0, 0], [0.5, 0.5]), ([[1]], [[0.5]]), ([], [])]
)
def test_arguments_that_do_not_fit_are_refused(weight, mean):
    with pytest.raises(ValueError, match="expected two of the same length with some weight"):
        opportunity(weight, mean)


def test_groups_of_cells_have_the_means_of_their_people():
    weight, mean = grouped([1, 3, 2, 0, 5], [0.5, 1.0, 0.0, 0.7, 0.9], [7, 7, 3, 9, -1])
    np.testing.assert_allclose(weight, [2, 4, 0])
    np.testing.assert_allclose(mean, [0, 0.875, 0])


# -------------------------------------------------------------- errors


def sample(rows=400):
    rng = np.random.default_rng(3)
    codes = rng.integers(0, 3, (rows, 2))
    return {
        "y": (rng.random(rows) < 0.2 + 0.2 * codes[:, 0]).astype(float),
        "weight": rng.uniform(0.5, 2, rows),
        "codes": codes,
        "kinds": ["ordered", "nominal"],
        "psu": np.arange(rows) // 20,
        "stratum": np.arange(rows) // 80,
    }


@pytest.mark.parametrize("outcome", ["opportunity", "barrier"])
def test_replicates_are_computed_as_the_sample_is(outcome):
    table = cluster(**sample())
    factors = np.random.default_rng(1).integers(0, 3, (20, 5)).astype(float)
    groups = np.array([0, 0, 1, 1, 2, 2, 2, -1, 0])
    by_cells = dissimilarity_of_replicates(by_psu(table, factors), outcome=outcome)
    by_group = dissimilarity_of_replicates(by_psu(table, factors), groups=groups, outcome=outcome)
    by_logit = dissimilarity_of_replicates(by_psu(table, factors), over="logit", outcome=outcome)
    for place, cells in enumerate(by_psu(table, factors)):
        fitted = main_effects(cells.codes, cells.weight, cells.mean)
        for found, means in (
            (by_cells, (cells.weight, cells.mean)),
            (by_group, grouped(cells.weight, cells.mean, groups)),
            (by_logit, (cells.weight, fitted)),
        ):
            one = opportunity(*means, outcome=outcome)
            assert found.coverage[place] == one.coverage
            assert found.dissimilarity[place] == one.dissimilarity
            assert found.opportunity[place] == one.opportunity
    assert len(by_cells.coverage) == 5


def test_no_replicates_are_refused():
    with pytest.raises(ValueError, match="replicates: found none, expected at least one"):
        dissimilarity_of_replicates([])


def of_rows(y, weight, groups, outcome):
    cells = collapse(y, weight, groups[:, None], kinds=["nominal"])
    return opportunity(cells.weight, cells.mean, outcome=outcome)


@pytest.mark.parametrize("outcome", ["opportunity", "barrier"])
def test_scores_are_derivatives_by_the_weights(outcome):
    data = sample(60)
    y, weight, groups = data["y"], data["weight"], data["codes"][:, 0]
    scores = opportunity_scores(y, weight, groups, outcome=outcome)
    for row in range(60):
        step = np.zeros(60)
        step[row] = 1e-6
        above, below = (of_rows(y, weight + h, groups, outcome) for h in (step, -step))
        for name in ("coverage", "dissimilarity", "opportunity"):
            slope = (getattr(above, name) - getattr(below, name)) / 2e-6
            assert getattr(scores, name)[row] == pytest.approx(slope, abs=1e-8), (row, name)
            assert (weight * getattr(scores, name)).sum() == pytest.approx(0, abs=1e-12)


def test_rows_out_of_the_domain_have_score_zero():
    data = sample(60)
    groups = np.where(np.arange(60) < 9, -1, data["codes"][:, 0])
    found = opportunity_scores(data["y"], data["weight"], groups)
    inside = opportunity_scores(data["y"][9:], data["weight"][9:], groups[9:])
    assert not found.dissimilarity[:9].any()
    np.testing.assert_array_equal(found.dissimilarity[9:], inside.dissimilarity)
    np.testing.assert_array_equal(found.opportunity[9:], inside.opportunity)


def test_group_on_the_kink_pulls_neither_way():
    # Group 1 has the mean of all: its people matter through the totals alone.
    y, groups = np.array([0, 0, 1, 0, 1, 1.0]), np.array([0, 0, 1, 1, 2, 2])
    scores = opportunity_scores(y, np.ones(6), groups).dissimilarity
    assert scores[2] == pytest.approx(scores[3] + (1 * (1 / 3 * (0 - 2 / 3))) / 2)


def test_scores_of_an_outcome_nobody_has_are_refused():
    with pytest.raises(ValueError, match="y: found nobody with the outcome, expected somebody"):
        opportunity_scores([0, 0], [1, 1], [0, 1])
    with pytest.raises(ValueError, match="nobody"):
        opportunity_scores([1, 0], [1, 1], [-1, -1])
