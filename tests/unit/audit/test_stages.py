"""Stages: steps are done once for each set of parameters."""

import pytest
from numpy.testing import assert_allclose

from everycount.audit import stages as module

SCALE = {
    "vary": "step",
    "name": "Scale",
    "do": "normalise",
    "options": [{"name": "0"}, {"name": "z", "step": {"do": "normalise", "method": "z_score"}}],
}
MEANS = {
    "vary": "groups",
    "name": "Means",
    "options": [{"name": "0"}, {"name": "1", "aggregate": "harmonic"}],
}


@pytest.fixture
def counting(monkeypatch):
    """Count the steps that are done."""
    done = []
    plain = module.advance

    def advance(state, step):
        done.append(step)
        return plain(state, step)

    monkeypatch.setattr(module, "advance", advance)
    return done


def test_a_stage_is_made_once(builds_of, tree, steps, vary, counting):
    stages = builds_of(tree + steps + vary(**SCALE)).stages
    first, again = stages.before_groups((0,)), stages.before_groups((0,))
    assert [each.do for each in counting] == ["normalise"]
    assert first.state.values is again.state.values
    assert [step.do for step in first.rest] == ["aggregate"]
    assert stages.before_groups((-1,)).state.values is first.state.values
    assert stages.before_groups((1,)).state.values is not first.state.values
    assert len(counting) == 2


def test_what_is_kept_is_bounded(builds_of, tree, steps, vary, counting, monkeypatch):
    monkeypatch.setattr(module, "_KEPT", 1)
    stages = builds_of(tree + steps + vary(**SCALE)).stages
    one = stages.before_groups((0,)).state.values
    stages.before_groups((1,))
    assert_allclose(stages.before_groups((0,)).state.values, one)
    assert len(counting) == 3


OPTIMISED = """
steps = [
  { do = "normalise", method = "goalposts", scale = [1, 100] },
  { do = "weigh", method = "optimised", parents = ["h"], target = "h" },
  { do = "aggregate", missing = "renormalise" },
]
"""


def test_weights_that_depend_on_how_groups_are_made(builds_of, tree, vary, chosen, scores_of):
    data = "unit,a,b,c,d,e\n" + "".join(
        ",".join([f"U{u}", *(str(u * k % 41 + k) for k in (7, 5, 11, 13, 3))]) + "\n"
        for u in range(1, 16)
    )
    builds = builds_of(tree + OPTIMISED + vary(**MEANS), data)
    assert builds.stages.shared == (0,)
    found = builds.run(chosen(builds, Means=[0, 1])).scores[builds.nodes[0]]
    harmonic = OPTIMISED.replace('renormalise"', 'renormalise", method = "harmonic"')
    assert_allclose(found[0], scores_of(tree + OPTIMISED, data))
    assert_allclose(found[1], scores_of(tree + harmonic, data))
