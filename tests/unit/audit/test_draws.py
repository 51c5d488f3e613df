"""Draws: one stream for each assumption, shares that add up, and nothing that is excluded."""

import numpy as np
import pytest

from everycount.audit.draws import Draws, declared, is_excluded, joined, options_of, sample
from everycount.errors import MethodError

NOISE = {"vary": "weights", "name": "Noise", "how": "noise", "spread": 0.5, "levels": [2]}
MEANS = {"vary": "groups", "name": "Means", "options": [{"name": "0"}, {"name": "1", "least": 0.5}]}
LEFT = {"vary": "leave_one_out", "name": "Left out"}
SCALE = {
    "vary": "step",
    "name": "Scale",
    "do": "normalise",
    "options": [
        {"name": "0"},
        {"name": "1", "step": {"do": "normalise", "method": "min_max"}},
        {"name": "2", "step": {"do": "normalise", "method": "rank"}},
    ],
}
ERRORS = {"vary": "figures", "name": "Errors", "relative": {"a": 0.1}}
SETS = {
    "vary": "weights",
    "name": "Sets",
    "how": "sets",
    "sets": [{"name": "0"}, {"name": "x", "weights": {"a": 2}}, {"name": "y", "weights": {"b": 9}}],
}
ALL = (NOISE, MEANS, LEFT, SCALE, ERRORS, SETS)


@pytest.fixture
def of(builds_of, tree, steps, vary, plan):
    def make(*assumptions, **keys):
        text = tree + steps + plan(**keys)
        return builds_of(text + "".join(vary(**each) for each in assumptions))

    return make


def same(left, right, name):
    one, other = ({**each.numbers, **each.weights}[name] for each in (left, right))
    np.testing.assert_array_equal(one, other)


def test_another_assumption_changes_nothing_about_the_draws_of_the_rest(of, drawn):
    every = drawn(of(*ALL), 50)
    for assumption in ALL:
        same(drawn(of(assumption), 50), every, assumption["name"])
        same(drawn(of(*ALL[::-1]), 50), every, assumption["name"])


def test_names_with_the_same_checksum_have_streams_of_their_own(of, drawn):
    twins = [
        {**MEANS, "name": "plumless", "groups": ["g"]},
        {**MEANS, "name": "buckeroo", "groups": ["h"]},
    ]
    found = drawn(of(*twins), 60)
    assert (found.numbers["plumless"] != found.numbers["buckeroo"]).any()


def test_seeds_and_streams_differ_and_repeat(of, drawn):
    builds = of(*ALL)
    one = drawn(builds, 40)
    for name in (each["name"] for each in ALL):
        same(drawn(builds, 40), one, name)
        for other in (drawn(builds, 40, seed=2), drawn(builds, 40, stream=1)):
            with pytest.raises(AssertionError):
                same(other, one, name)


def test_options_are_drawn_equally_often(of, drawn):
    found = drawn(of(*ALL), 6000).numbers
    for name, count in (("Means", 2), ("Left out", 6), ("Scale", 3), ("Sets", 3)):
        shares = np.bincount(found[name], minlength=count) / 6000
        assert len(shares) == count
        np.testing.assert_allclose(shares, 1 / count, atol=0.02)


def test_weights_with_noise_stay_within_their_spread(of, drawn):
    weights = drawn(of(NOISE), 2000).weights["Noise"]
    assert weights.shape == (2000, 2)
    np.testing.assert_allclose(weights.min(axis=0), [0.5, 1.0], rtol=0.01)
    np.testing.assert_allclose(weights.max(axis=0), [1.5, 3.0], rtol=0.01)


def test_weights_between_limits(of, drawn):
    ranges = {"a": [0, 1], "h": [2, 2]}
    assumption = {"vary": "weights", "name": "W", "how": "ranges", "ranges": ranges}
    weights = drawn(of(assumption), 500).weights["W"]
    assert (weights[:, 1] == 2).all()
    assert 0 <= weights[:, 0].min() < 0.01
    assert 0.99 < weights[:, 0].max() <= 1


@pytest.mark.parametrize("concentration", [1e-6, 0.01, 4.0, 1e6])
def test_shares_of_a_dirichlet_distribution_add_to_the_declared_weights(of, drawn, concentration):
    assumption = {
        "vary": "weights",
        "name": "W",
        "how": "dirichlet",
        "concentration": concentration,
    }
    weights = drawn(of(assumption), 4000).weights["W"]
    np.testing.assert_allclose(weights[:, :2].sum(axis=1), 4)  # a and b of g
    np.testing.assert_allclose(weights[:, 2:5].sum(axis=1), 3)
    np.testing.assert_allclose(weights.mean(axis=0), [1, 3, 1, 1, 1, 1, 2], atol=0.1)


def test_what_has_no_weight_gets_none(builds_of, tree, steps, vary, drawn):
    tree = tree.replace('code = "a", parent = "g"', 'code = "a", parent = "index", weight = 0')
    dirichlet = vary(vary="weights", name="W", how="dirichlet", concentration=2, levels=[1])
    weights = drawn(builds_of(tree + steps + dirichlet), 50).weights["W"]
    assert (weights[:, 0] == 0).all()
    assert (weights[:, 1] == 3).all()


def test_as_declared(of):
    builds = of(*ALL)
    plain = declared(builds.methodology, builds.result.state.weights, 2)
    assert {name: each.tolist() for name, each in plain.numbers.items()} == {
        "Means": [-1, -1],
        "Left out": [0, 0],
        "Scale": [-1, -1],
        "Errors": [-1, -1],
        "Sets": [-1, -1],
    }
    assert plain.weights["Noise"].tolist() == [[1, 2], [1, 2]]


def test_draws_can_be_taken_joined_and_mixed(of, drawn):
    builds = of(*ALL)
    one, other = drawn(builds, 6), drawn(builds, 6, stream=1)
    both = joined([one, other.take(slice(2))])
    assert both.count == 8
    assert both.weights["Noise"].shape == (8, 2)
    mixed = one.with_choice("Noise", other)
    same(mixed, other, "Noise")
    same(mixed, one, "Scale")
    assert joined([]).count == 0
    assert (
        one.take(np.array([5, 0])).numbers["Scale"].tolist()
        == one.numbers["Scale"][[5, 0]].tolist()
    )


def test_options_of_assumptions(of):
    builds = of(*ALL)
    plan = builds.methodology.audit.assumptions
    assert [options_of(each, builds.methodology) for each in plan] == [
        (),
        ("0", "1"),
        ("", "a", "b", "c", "d", "e"),
        ("0", "1", "2"),
        (),
        ("0", "x", "y"),
    ]


def test_what_is_excluded_is_never_drawn(of, drawn):
    exclude = [{"Means": "1", "Scale": "2"}, {"Means": "1", "Scale": "1", "Sets": "x"}]
    builds = of(*ALL, exclude=exclude)
    found = drawn(builds, 3000)
    assert found.count == 3000
    means, scale, sets = (found.numbers[name] for name in ("Means", "Scale", "Sets"))
    assert not ((means == 1) & (scale == 2)).any()
    assert not ((means == 1) & (scale == 1) & (sets == 1)).any()
    assert ((means == 1) & (scale == 1)).any()
    assert not is_excluded(builds.methodology, found).any()


def test_where_everything_is_excluded_nothing_can_be_drawn(of, drawn):
    exclude = [{"Means": m, "Scale": s} for m in "01" for s in "012"]
    with pytest.raises(MethodError, match="hardly any choice left"):
        drawn(of(MEANS, SCALE, exclude=exclude), 10)


def test_without_assumptions_there_is_nothing_to_draw(of):
    builds = of()
    found = sample(builds.methodology, builds.result.state.weights, 3, seed=1, stream=0)
    assert (found.count, found.numbers, found.weights) == (3, {}, {})
    assert isinstance(found.take(slice(1)), Draws)
