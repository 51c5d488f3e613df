"""Sensitivities: against the estimator by hand, and when there are none."""

import numpy as np
import pytest

from everycount.arrays.sobol import sobol
from everycount.audit.builds import Outcome
from everycount.audit.draws import sample
from everycount.audit.sensitivity import (
    LEVEL,
    RESAMPLES,
    STREAM,
    explain_variance,
    mixed_draws,
)

WEIGHTS = {"vary": "weights", "name": "Weights", "how": "noise", "spread": 1.0}
MEANS = {
    "vary": "groups",
    "name": "Means",
    "options": [{"name": "0"}, {"name": "1", "aggregate": "minimum"}],
}
NEEDS = {"vary": "groups", "name": "Needs", "options": [{"name": "0"}, {"name": "1", "least": 1}]}


@pytest.fixture
def explain(builds_of, tree, steps, vary, plan):
    def make(*assumptions, base=60, change=None, **keys):
        text = tree + steps + plan(**keys) + "".join(vary(**each) for each in assumptions)
        builds = builds_of(text)
        weights = builds.result.state.weights
        drawn = sample(builds.methodology, weights, 2 * base, seed=1, stream=0)
        one, other = drawn.take(slice(base)), drawn.take(slice(base, None))
        names = [each["name"] for each in assumptions]
        outcomes = [builds.run(each) for each in (one, other, mixed_draws(names, one, other))]
        if change is not None:
            outcomes = change(outcomes)
        return builds, outcomes, explain_variance(builds, *outcomes, seed=3)

    return make


def test_indices_of_ranks_scores_shifts_and_gaps(explain):
    builds, outcomes, found = explain(WEIGHTS, MEANS, pairs=[["U1", "U3"]])
    assert (found.base, found.builds, found.note) == (60, 240, "")
    assert found.incomplete == ()
    assert found.table["target"].unique(maintain_order=True).to_list() == [
        "mean_shift", "rank", "score", "gap"
    ]  # fmt: skip
    scores = [each.scores[builds.nodes[0]] for each in outcomes]
    score = sobol(
        *(each[:, [1]] for each in scores[:2]),
        scores[2][:, [1]].reshape(2, 60, 1),
        resamples=RESAMPLES,
        level=LEVEL,
        centre="mean",
        rng=np.random.default_rng([3, STREAM]),
    )
    own = found.table.filter(target="score", unit="U2")
    assert own["assumption"].to_list() == ["Weights", "Means"]
    np.testing.assert_allclose(own["first"], score.first[:, 0], atol=1e-9)
    np.testing.assert_allclose(own["total"], score.total[:, 0], atol=1e-9)
    gap = found.table.filter(target="gap")
    assert gap.select("unit", "other").rows() == [("U1", "U3")] * 2
    assert found.table.filter(unit="U2").height == 4


def test_units_without_a_rank_in_some_builds_are_named(explain):
    _, _, found = explain(WEIGHTS, NEEDS, pairs=[["U1", "U7"]])
    assert found.incomplete == ("U4", "U7") or set(found.incomplete) == {"U4", "U7"}
    assert "U7" not in found.table["unit"]
    assert found.table.filter(target="gap").is_empty()
    assert not found.table.filter(target="mean_shift").is_empty()


def test_a_node_that_nobody_has_in_some_builds(explain):
    strict = {**NEEDS, "groups": ["h"], "options": [{"name": "0"}, {"name": "1", "of": "children"}]}

    def blank(outcomes):
        for each in outcomes:
            for scores in each.scores.values():
                scores[0] = np.nan
        return outcomes

    _, _, found = explain(WEIGHTS, strict, change=blank)
    assert found.table.is_empty()
    assert len(found.incomplete) == 7


def test_failed_builds_refuse_it(explain):
    def fail(outcomes):
        one = outcomes[0]
        return [Outcome(rows=one.rows, scores=one.scores, failures={2: "x"}), *outcomes[1:]]

    _, _, found = explain(WEIGHTS, change=fail)
    assert found.note == "1 of 180 builds failed, and none may be left out of them"
    assert found.table.is_empty()
    assert found.base == 0


def test_too_few_draws_and_nothing_to_vary(explain):
    assert explain(WEIGHTS, base=1)[2].note == "it takes 2 draws of either base sample"
    assert explain(base=5)[2].note == "there is no choice that varies"
