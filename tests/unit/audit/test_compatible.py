"""Options that cannot go together are found before anything is drawn, and named."""

import numpy as np
import pytest

from everycount.audit import compatible
from everycount.audit.compatible import culprits, refuse_incompatible, try_all
from everycount.errors import MethodError

SCALE = {
    "vary": "step",
    "name": "Scale",
    "do": "normalise",
    "options": [
        {"name": "0-100"},
        {"name": "z", "step": {"do": "normalise", "method": "z_score"}},
    ],
}
MEANS = {
    "vary": "groups",
    "name": "Means",
    "options": [{"name": "sum"}, {"name": "root", "aggregate": "geometric"}],
}
NEEDS = {
    "vary": "groups",
    "name": "Needs",
    "options": [{"name": "any"}, {"name": "all", "least": 1}],
}
WEIGHTS = {"vary": "weights", "name": "Weights", "how": "noise", "spread": 0.2}


@pytest.fixture
def of(builds_of, tree, steps, vary, plan):
    def make(*assumptions, tree=tree, **keys):
        return builds_of(
            tree + steps + plan(**keys) + "".join(vary(**each) for each in assumptions)
        )

    return make


def refused(builds):
    with pytest.raises(MethodError) as caught:
        refuse_incompatible(builds)
    return [str(problem) for problem in caught.value.problems]


def test_what_goes_together_is_not_refused(of):
    refuse_incompatible(of())
    refuse_incompatible(of(WEIGHTS))
    refuse_incompatible(of(MEANS, NEEDS, WEIGHTS))


def test_the_pair_to_blame_is_named(of):
    assert refused(of(NEEDS, SCALE, MEANS)) == [
        "audit, Scale = 'z' with Means = 'root': found group g (geometric): a has scores of 0 or "
        "less, expected options that can go together; or say under audit.exclude that these do not"
    ]


def test_what_is_excluded_is_not_tried(of):
    refuse_incompatible(of(SCALE, MEANS, exclude=[{"Scale": "z", "Means": "root"}]))
    everything = [{"Scale": s, "Means": m} for s in ("0-100", "z") for m in ("sum", "root")]
    tried, failures = try_all(of(SCALE, MEANS, exclude=everything))
    assert (tried, failures) == ([], {})


def test_an_option_that_never_works_is_named_alone(of):
    halves = {
        "vary": "step",
        "name": "Log",
        "do": "treat",
        "before": "aggregate",
        "options": [
            {"name": "no"},
            {"name": "yes", "step": {"do": "treat", "transform": "log", "always": True}},
        ],
    }
    scale = {**SCALE, "options": [SCALE["options"][1], {"name": "0-100"}]}
    found = refused(of(halves, NEEDS, {**scale, "options": [*scale["options"][::-1]]}))
    assert len(found) == 1
    assert found[0].startswith("audit, Log = 'yes' with Scale = 'z': found step treat")


def test_options_under_which_nobody_has_a_score(of, tree):
    strict = {
        **NEEDS,
        "options": [{"name": "any"}, {"name": "all", "needs": 2}],
        "groups": ["index"],
    }
    data_of_one_group = tree.replace("worst = 100, best = 0", "worst = 100, best = 0")
    builds = of(strict, tree=data_of_one_group)
    refuse_incompatible(builds)
    lost = np.zeros((1, 5), bool)
    lost[0] = True
    assert builds.run(_one(builds), without=lost).failures == {0: "no unit has a score"}


def _one(builds):
    from everycount.audit.draws import declared

    return declared(builds.methodology, builds.result.state.weights)


def test_more_than_ten_problems_are_counted(of):
    groups = [{**MEANS, "name": f"M{k}", "groups": [g]} for k, g in enumerate("gh")]
    many = {
        **SCALE,
        "options": [
            {"name": "0-100"},
            *(
                {"name": f"z{k}", "step": {"do": "normalise", "method": "z_score", "scale": [k, 1]}}
                for k in range(-6, 0)
            ),
        ],
    }
    found = refused(of(many, *groups))
    assert len(found) == 11
    assert found[-1] == ("audit: found 2 more combinations, expected options that can go together")


def test_culprits_of_three():
    tried = [{"a": a, "b": b, "c": c} for a in "01" for b in "01" for c in "01"]
    assert culprits(tried, {7: "why"}) == [((("a", "1"), ("b", "1"), ("c", "1")), "why")]
    assert culprits(tried, {4: "x", 5: "x", 6: "x", 7: "x"}) == [((("a", "1"),), "x")]


def test_of_too_many_combinations_some_are_tried_with_every_pair(monkeypatch):
    monkeypatch.setattr(compatible, "MOST", 60)
    chosen = compatible._combinations([2, 3, 5, 2, 2, 3])
    assert 40 <= len(chosen) <= 60
    assert len({tuple(row) for row in chosen.tolist()}) == len(chosen)
    for i, first in enumerate([2, 3, 5, 2, 2, 3]):
        assert set(chosen[:, i]) == set(range(first))
    huge = compatible._combinations([2] * 80)
    assert len(huge) <= 60
    assert (huge.min(axis=0) == 0).all()


def test_all_combinations_where_there_are_few():
    chosen = compatible._combinations([2, 3])
    assert chosen.tolist() == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]
    assert compatible._combinations([]).shape == (1, 0)
