"""What is varied when a method says nothing."""

import pytest

from everycount.audit.builds import Builds
from everycount.audit.usual import usual_plan


@pytest.fixture
def usual(builds_of):
    def make(text, data=None):
        builds = builds_of(text) if data is None else builds_of(text, data)

        def prepare(method):
            from dataclasses import replace

            result = replace(builds.result, methodology=method)
            return Builds(result, builds.stages.laid_out, builds.nodes)

        method, notes = usual_plan(builds.methodology, prepare)
        return [each.name for each in method.audit.assumptions], notes, method

    return make


def test_all_that_fits_is_varied(usual, tree, steps):
    names, notes, method = usual(tree + steps)
    assert names == ["Weights", "Scale", "Aggregation", "Indicators"]
    assert notes == ()
    scale = method.audit.assumptions[1].options[1]
    assert (scale.name, scale.step.method, scale.step.scale) == (
        "lowest and highest figure",
        "min_max",
        (1, 100),
    )


def test_standard_deviations_beside_extremes(usual, tree, steps):
    _, _, method = usual(tree + steps.replace("goalposts", "min_max"))
    scale = method.audit.assumptions[1].options[1]
    assert (scale.step.method, scale.step.scale) == ("z_score", (50.5, 9.9))


def test_what_does_not_fit_is_named(usual, tree, steps):
    data = "unit,a,b,c,d,e\nU1,0,2,3,4,5\nU2,0,7,9,1,3\n"
    names, notes, _ = usual(tree + steps.replace("[1, 100]", "[0, 100]"), data)
    assert names == ["Weights", "Aggregation", "Indicators"]
    assert notes == (
        "Scale was not varied: step normalise (min_max), a: found the constant 0, expected values "
        "that differ.",
    )
    zero = data.replace("U1,0,2,", "U1,0,0,").replace("U2,0", "U2,1")
    names, notes, _ = usual(tree + steps.replace("[1, 100]", "[0, 100]"), zero)
    assert "Aggregation" not in names
    assert notes[-1] == (
        "Aggregation was not varied: group index (geometric): g has scores of 0 or less."
    )


def test_weights_that_a_step_sets_late_are_not_varied(usual, tree, steps):
    late = steps.replace("scale = [1, 100] },", "scale = [1, 100] },\n")
    late = late.replace(
        '{ do = "aggregate", missing = "renormalise" }',
        '{ do = "aggregate", missing = "renormalise", to = 2 }, { do = "weigh", method = "equal", '
        'level = 2 }, { do = "aggregate", missing = "renormalise" }',
    )
    names, notes, _ = usual(tree + late)
    assert "Weights" not in names
    assert notes[0].startswith(
        "Weights was not varied: it does not fit the method (weights of g, h"
    )


@pytest.mark.parametrize("nodes", ["", ', nodes = ["a"]'])
def test_few_indicators_and_other_scales(usual, nodes):
    text = f"""
groups = [{{ code = "index", aggregate = "formula", formula = "a - b" }}]
indicators = [
  {{ code = "a", parent = "index", worst = 0, best = 9 }},
  {{ code = "b", parent = "index", worst = 0, best = 9 }},
]
steps = [
  {{ do = "normalise", method = "rank"{nodes} }},
  {{ do = "aggregate", missing = "renormalise" }},
]
"""
    names, _, _ = usual(text, "unit,a,b\nU1,1,2\nU2,2,5\n")
    assert names == []
