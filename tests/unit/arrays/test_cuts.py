import numpy as np
import pytest

from everycount.arrays import cuts
from everycount.arrays.cuts import cut_points


def of(*pairs):
    """Scores in batches, given anew as often as asked."""
    batches = [tuple(np.asarray(part, float) for part in pair) for pair in pairs]
    return lambda: iter(batches)


def plainly(score, weight, groups):
    """The smallest score at or below which each share of the weight lies."""
    return [
        min(
            cut
            for cut in score
            if weight[score <= cut].sum() >= weight.sum() * group / groups * (1 - 1e-12)
        )
        for group in range(1, groups)
    ]


def test_fifths_of_equal_weights():
    score = np.arange(1.0, 11.0)
    assert cut_points(of((score, np.ones(10))), 5).tolist() == [2, 4, 6, 8]


def test_weight_is_what_counts():
    assert cut_points(of(([1, 2, 3], [1, 1, 8])), 2).tolist() == [3]
    assert cut_points(of(([3, 1, 2], [0, 6, 4])), 2).tolist() == [1]


def test_many_people_with_one_score_make_several_groups_one():
    assert cut_points(of(([0, 0, 0, 0, 5], np.ones(5))), 5).tolist() == [0, 0, 0, 0]


def test_batches_are_one_sample():
    score = np.random.default_rng(2).normal(size=60)
    weight = np.random.default_rng(3).uniform(0, 2, 60)
    parts = [(score[a : a + 7], weight[a : a + 7]) for a in range(0, 60, 7)]
    found = cut_points(of(*parts, ([], [])), 10)
    assert found.tolist() == plainly(score, weight, 10)


def test_nobody_has_no_cut_points():
    assert cut_points(of(([], [])), 5).tolist() == []
    assert cut_points(of(([1, 2], [0, 0])), 5).tolist() == []
    assert cut_points(of(), 5).tolist() == []


@pytest.mark.parametrize("kept", [1, 3, 20, 400])
def test_more_scores_than_fit_are_narrowed_down_to_the_same_cuts(monkeypatch, kept):
    rng = np.random.default_rng(kept)
    score = np.concatenate([rng.normal(size=300), np.repeat(rng.normal(size=5), 20)])
    weight = rng.uniform(0, 3, 400)
    every = of((score[:150], weight[:150]), (score[150:], weight[150:]))
    exact = cut_points(every, 5)
    monkeypatch.setattr(cuts, "KEPT", kept)
    monkeypatch.setattr(cuts, "BINS", 4)
    assert cut_points(every, 5).tolist() == exact.tolist() == plainly(score, weight, 5)


def test_scores_that_are_all_the_same_need_no_narrowing(monkeypatch):
    monkeypatch.setattr(cuts, "KEPT", 2)
    assert cut_points(of(([4, 4, 4], [1, 1, 1])), 3).tolist() == [4, 4]


def test_narrowing_ends_at_two_scores_next_to_one_another(monkeypatch):
    monkeypatch.setattr(cuts, "KEPT", 1)
    monkeypatch.setattr(cuts, "BINS", 2)
    near = np.nextafter(1.0, 2.0)
    score = np.array([0.0, 1.0, 1.0, 1.0, near, near, 2.0])
    assert cut_points(of((score, np.ones(7))), 7).tolist() == [0, 1, 1, 1, near, near]


def test_the_whole_weight_lies_at_the_highest_score(monkeypatch):
    """The last bin holds the score at its upper edge."""
    monkeypatch.setattr(cuts, "KEPT", 1)
    assert cut_points(of(([1, 2, 9], [0.001, 0.001, 5])), 3).tolist() == [9, 9]
