"""Builds of a small index under chosen draws, each against an index built on its own."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from everycount.audit import builds as module
from everycount.audit.draws import Draws

MEANS = {
    "vary": "groups",
    "name": "Means",
    "options": [
        {"name": "0"},
        {"name": "root", "aggregate": "geometric"},
        {"name": "leaves", "of": "indicators"},
    ],
}
NEEDS = {
    "vary": "groups",
    "name": "Needs",
    "groups": ["g"],
    "options": [{"name": "0"}, {"name": "all", "least": 1}],
}
SCALE = {
    "vary": "step",
    "name": "Scale",
    "do": "normalise",
    "options": [
        {"name": "0"},
        {"name": "z", "step": {"do": "normalise", "method": "z_score"}},
    ],
}
WEIGHTS = {"vary": "weights", "name": "Weights", "how": "noise", "spread": 0.5}
LEFT = {"vary": "leave_one_out", "name": "Left out"}
SETS = {
    "vary": "weights",
    "name": "Sets",
    "how": "sets",
    "sets": [{"name": "0"}, {"name": "x", "weights": {"g": 5}}],
}


@pytest.fixture
def of(builds_of, tree, steps, vary, plan):
    def make(*assumptions, tree=tree, steps=steps, data=None, **keys):
        text = tree + steps + plan(**keys) + "".join(vary(**each) for each in assumptions)
        return builds_of(text) if data is None else builds_of(text, data)

    return make


def top(builds, draws, **keys):
    outcome = builds.run(draws, **keys)
    return outcome.scores[builds.result.state.tree.top]


def test_nothing_chosen_is_the_index_itself(of, chosen):
    builds = of(MEANS, NEEDS, SCALE, WEIGHTS, LEFT)
    assert_allclose(top(builds, chosen(builds))[0], builds.result.score)


def test_options_of_groups(of, chosen, scores_of, tree, steps):
    builds = of(MEANS, NEEDS)
    found = top(builds, chosen(builds, Means=[1, 2, -1, 1], Needs=[-1, -1, 1, 1]))
    plain, roots = (
        tree + steps,
        tree + steps.replace('renormalise"', 'renormalise", method = "geometric"'),
    )
    strict = '{ code = "g", least = 1, '
    leaves = plain.replace('{ code = "index" }', '{ code = "index", of = "indicators" }')
    assert_allclose(found[0], scores_of(roots))
    assert_allclose(found[1], scores_of(leaves))
    assert_allclose(found[2], scores_of(plain.replace('{ code = "g", ', strict)))
    assert_allclose(found[3], scores_of(roots.replace('{ code = "g", ', strict)))


def test_sets_of_weights(of, chosen, scores_of, tree, steps):
    builds = of(SETS)
    found = top(builds, chosen(builds, Sets=[0, 1]))
    heavy = (tree + steps).replace('{ code = "g", ', '{ code = "g", weight = 5, ')
    assert_allclose(found, [scores_of(tree + steps), scores_of(heavy)])


@pytest.mark.parametrize("cells", [1, 20, 500])
def test_the_size_of_chunks_makes_no_difference(of, drawn, monkeypatch, cells):
    errors = {"vary": "figures", "name": "Errors", "relative": {"*": 0.1}}
    for builds in (of(MEANS, SCALE, NEEDS, WEIGHTS, LEFT), of(MEANS, LEFT, errors)):
        draws = drawn(builds, 40)
        whole = builds.run(draws)
        monkeypatch.setattr(module, "_CELLS", cells)
        monkeypatch.setattr(module, "_ERRING", cells)
        parts = builds.run(draws)
        monkeypatch.undo()
        assert parts.failures == whole.failures
        assert_allclose(top(builds, draws), whole.scores[builds.nodes[0]], rtol=1e-14)
        for node in builds.nodes:
            assert_allclose(parts.scores[node], whole.scores[node], rtol=1e-12)


def test_many_cells_or_few_make_no_difference(of, drawn, monkeypatch):
    builds = of(MEANS, SCALE, NEEDS, WEIGHTS)
    draws = drawn(builds, 60)
    whole = builds.run(draws)
    monkeypatch.setattr(module, "_WORTH", 1)
    apart = builds.run(draws)
    assert apart.failures == whole.failures
    assert_allclose(apart.scores[builds.nodes[0]], whole.scores[builds.nodes[0]], rtol=1e-12)


def test_the_same_seed_gives_the_same_bytes(of, drawn):
    found = [of(MEANS, SCALE, WEIGHTS, LEFT) for _ in range(2)]
    one, other = (top(each, drawn(each, 30)) for each in found)
    assert one.tobytes() == other.tobytes()


def test_more_choices_than_an_integer_holds_combinations(of, chosen):
    """40 choices of 3 have more combinations than 64 bits tell apart."""
    codes = [f"k{i}" for i in range(40)]
    groups = ['{ code = "index" }', *(f'{{ code = "{c}", parent = "index" }}' for c in codes)]
    leaves = [f'{{ code = "x{c}", parent = "{c}" }}' for c in codes]
    tree = f"groups = [{', '.join(groups)}]\nindicators = [{', '.join(leaves)}]\n"
    steps = '\nsteps = [{ do = "aggregate", missing = "renormalise" }]\n'
    data = "unit," + ",".join(f"x{c}" for c in codes) + "\n"
    data += "".join(f"U{u}," + ",".join(str(u + i % 7) for i in range(40)) + "\n" for u in range(3))
    options = [{"name": "0"}, {"name": "1", "needs": 1}, {"name": "2", "least": 0.5}]
    each = [{"vary": "groups", "name": f"N{c}", "groups": [c], "options": options} for c in codes]
    builds = of(*each, tree=tree, steps=steps, data=data)
    rng = np.random.default_rng(1)
    numbers = {f"N{c}": rng.integers(0, 3, 40) for c in codes}
    keys, which = module._kinds(list(numbers.values()), 40)
    assert len(keys) == 40
    assert_array_equal(np.array(keys)[which], np.array(list(numbers.values())).T)
    draws = Draws(count=40, numbers=numbers, weights={})
    assert_allclose(top(builds, draws), np.tile(builds.result.score, (40, 1)))


def test_no_draws_have_no_scores(of, chosen):
    builds = of(MEANS, SCALE)
    none = chosen(builds, 1).take(slice(0))
    outcome = builds.run(none)
    assert outcome.scores[builds.nodes[0]].shape == (0, 7)
    assert outcome.good.size == 0


# ------------------------------------------------------------------------------------ leaving out


def without(tree, code):
    return "\n".join(line for line in tree.splitlines() if f'"{code}"' not in line)


@pytest.mark.parametrize("code", ["a", "b", "c", "d", "e"])
@pytest.mark.parametrize("method", ["arithmetic", "geometric", "harmonic", "minimum"])
def test_an_indicator_that_is_left_out_is_no_part_of_its_group(
    of, chosen, scores_of, tree, steps, code, method
):
    steps = steps.replace('renormalise"', f'renormalise", method = "{method}"')
    builds = of(LEFT, steps=steps)
    found = top(builds, chosen(builds, Left_out="abcde".index(code) + 1))
    assert_allclose(found[0], scores_of(without(tree, code) + steps))


def test_rules_of_coverage_have_seen_what_is_left_out(of, chosen):
    data = "unit,a,b,c,d,e\nU1,10,20,30,40,50\nU2,20,30,10,50,\nU3,30,20,60,10,90\n"
    tree = """
groups = [{ code = "index", needs = 2 }, { code = "g", parent = "index", needs = 2 },
  { code = "h", parent = "index" }]
indicators = [
  { code = "a", parent = "g", worst = 0, best = 100 },
  { code = "b", parent = "g", worst = 0, best = 100 },
  { code = "e", parent = "h", worst = 0, best = 100 },
]
"""
    builds = of(LEFT, tree=tree, data=data, nodes=["index", "g", "h"])
    index, g, h = builds.nodes
    scores = builds.run(chosen(builds, Left_out=[1, 3])).scores
    # g asks for two figures, of which both are there; h has lost all it had, and counted for U1.
    assert_allclose(scores[g][0], [20.8, 30.7, 20.8])
    assert_allclose(scores[g][1], [15.85, 25.75, 25.75])
    assert np.isnan(scores[h][1]).all()
    assert_allclose(scores[index][1], [15.85, np.nan, 25.75])


def test_a_group_that_loses_everything_is_no_part_of_another(of, chosen, scores_of, tree, steps):
    builds = of(steps=steps.replace("renormalise", "propagate"))
    lost = np.zeros((1, 5), bool)
    lost[0, :2] = True
    found = top(builds, chosen(builds), without=lost)
    rest = without(without(without(tree, "a"), "b"), "g").replace("[\n", "[\n", 1)
    assert_allclose(found[0], scores_of(rest + steps.replace("renormalise", "propagate")))


def test_what_is_left_out_of_a_formula_leaves_nothing(of, chosen):
    tree = """
groups = [
  { code = "index" },
  { code = "f", parent = "index", aggregate = "formula", formula = "a - b" },
  { code = "h", parent = "index" },
]
indicators = [
  { code = "a", parent = "f" },
  { code = "b", parent = "f" },
  { code = "c", parent = "h" },
]
"""
    steps = '\nsteps = [{ do = "aggregate", missing = "renormalise" }]\n'
    data = "unit,a,b,c\nU1,5,1,7\nU2,9,2,8\n"
    builds = of(tree=tree, steps=steps, data=data, nodes=["index", "f"])
    index, f = builds.nodes
    lost = np.array([[True, False, False], [True, True, False], [False, False, True]])
    scores = builds.run(chosen(builds, 3), without=lost).scores
    assert_allclose(scores[f], [[np.nan] * 2, [np.nan] * 2, [4, 7]])
    assert_allclose(scores[index], [[7, 8], [7, 8], [4, 7]])


def test_nothing_left_fails_every_draw(of, chosen):
    builds = of(LEFT)
    outcome = builds.run(chosen(builds, 2), without=np.ones((2, 5), bool))
    assert outcome.failures == {0: "no unit has a score", 1: "no unit has a score"}


# ------------------------------------------------------------------------- steps between the groups


STEPPED = """
steps = [
  { do = "normalise", method = "goalposts", scale = [1, 100] },
  { do = "aggregate", missing = "renormalise", to = 2 },
  %s
  { do = "aggregate", missing = "renormalise" },
]
"""
SIBLINGS = '{ do = "impute", method = "siblings", level = 2 },'
GAP = "unit,a,b,c,d,e\nU1,10,20,30,40,50\nU2,20,30,,,\nU3,30,20,60,10,90\n"


def test_a_sub_index_is_filled_from_siblings_that_nobody_asked_for(of, chosen):
    builds = of(LEFT, steps=STEPPED % SIBLINGS, data=GAP, nodes=["h"])
    state = builds.result.state
    h = state.tree.position("h")
    assert not np.isnan(state.values[1, h])
    assert_allclose(builds.run(chosen(builds)).scores[h][0], state.values[:, h])


def test_figures_that_are_given_for_a_group_without_any(of, chosen):
    given = '{ do = "impute", method = "given", level = 2, values = { h = { "*" = 7 } } },'
    data = "unit,a,b,c,d,e\nU1,10,20,,,\nU2,20,30,,,\nU3,30,20,,,\n"
    builds = of(LEFT, steps=STEPPED % given, data=data)
    assert_allclose(top(builds, chosen(builds))[0], builds.result.score)


@pytest.mark.parametrize("method", ["min_max", "z_score", "rank"])
def test_a_group_without_scores_in_some_draws_is_not_put_on_a_scale(of, chosen, method):
    step = f'{{ do = "normalise", method = "{method}", level = 2 }},'
    tree = """
groups = [{ code = "index" }, { code = "g", parent = "index" }, { code = "h", parent = "index" }]
indicators = [
  { code = "a", parent = "g", worst = 0, best = 100 },
  { code = "b", parent = "g", worst = 0, best = 100 },
  { code = "c", parent = "h", worst = 0, best = 100 },
]
"""
    data = "unit,a,b,c\nU1,10,,30\nU2,20,,70\nU3,90,,60\n"
    builds = of(LEFT, tree=tree, steps=STEPPED % step, data=data)
    outcome = builds.run(chosen(builds, Left_out=[1]))
    assert not outcome.failures
    assert_array_equal(np.argsort(outcome.scores[builds.nodes[0]][0]), [0, 2, 1])


def test_a_draw_that_cannot_be_put_on_a_scale_fails_alone(of, chosen):
    step = '{ do = "normalise", method = "min_max", level = 2 },'
    constant = "unit,a,b,c,d,e\nU1,10,20,30,40,50\nU2,20,30,30,40,50\nU3,30,20,30,40,60\n"
    builds = of(LEFT, steps=STEPPED % step, data=constant)
    outcome = builds.run(chosen(builds, Left_out=[0, 5, 4]))
    assert list(outcome.failures) == [1]
    assert outcome.failures[1].startswith("h: the constant")
    assert np.isnan(outcome.scores[builds.nodes[0]][1]).all()
    assert outcome.good.tolist() == [0, 2]


def test_a_step_that_no_draw_can_do_fails_them_all(of, chosen):
    step = '{ do = "normalise", method = "distance_to_reference", reference = "U1", level = 2 },'
    other = {
        "vary": "step",
        "name": "Reference",
        "do": "normalise",
        "nth": 2,
        "options": [
            {"name": "0"},
            {
                "name": "moon",
                "step": {
                    "do": "normalise",
                    "method": "distance_to_reference",
                    "reference": "Moon",
                    "level": 2,
                },
            },
        ],
    }
    builds = of(other, steps=STEPPED % step)
    outcome = builds.run(chosen(builds, Reference=[0, 1]))
    assert list(outcome.failures) == [1]
    assert outcome.failures[1].startswith("step normalise, reference: found 'Moon'")


WEIGH = '{ do = "weigh", method = "standard_deviations", level = 2 },'


def test_weights_read_off_scores_of_groups(of, chosen, scores_of, tree):
    builds = of(MEANS, SCALE, LEFT, steps=STEPPED % WEIGH)
    found = top(builds, chosen(builds, Means=[-1, 1]))
    roots = (STEPPED % WEIGH).replace('renormalise"', 'renormalise", method = "geometric"')
    assert_allclose(found, [scores_of(tree + STEPPED % WEIGH), scores_of(tree + roots)])


def test_a_draw_whose_weights_cannot_be_read_fails_alone(of, chosen):
    constant = "unit,a,b,c,d,e\nU1,10,20,30,40,50\nU2,20,30,30,40,50\nU3,30,20,30,40,60\n"
    builds = of(LEFT, steps=STEPPED % WEIGH, data=constant)
    outcome = builds.run(chosen(builds, Left_out=[5, 4]))
    assert list(outcome.failures) == [0]
    assert "h" in outcome.failures[0]


def test_screening_after_groups(of, chosen, scores_of, tree):
    screen = '{ do = "screen", units = 0.9 },'
    builds = of(MEANS, steps=STEPPED % screen)
    found = top(builds, chosen(builds, Means=[-1]))
    assert np.isnan(found[0]).tolist() == [False] * 3 + [True] + [False] * 2 + [True]
    assert_allclose(found[0], scores_of(tree + STEPPED % screen))


# ------------------------------------------------------------------------------------- failures


def test_a_mean_of_figures_below_0_fails_with_its_part(of, chosen):
    builds = of(MEANS, SCALE)
    outcome = builds.run(chosen(builds, Means=[0, 1, 1], Scale=[1, 1, 0]))
    assert outcome.failures == {1: "group g (geometric): a has scores of 0 or less"}
    assert np.isnan(outcome.scores[builds.nodes[0]][1]).all()


def test_each_draw_fails_for_its_own_part(of, chosen):
    powers = {
        "vary": "groups",
        "name": "Means",
        "groups": ["g"],
        "options": [{"name": "0"}, {"name": "2", "aggregate": "generalised", "power": 2}],
    }
    weights = {
        "vary": "weights",
        "name": "W",
        "how": "sets",
        "sets": [{"name": "0"}, {"name": "x", "weights": {"a": 0, "b": 1}}],
    }
    builds = of(powers, weights, SCALE)
    outcome = builds.run(chosen(builds, Means=[1, 1], Scale=[1, 1], W=[0, 1]))
    assert outcome.failures == {
        0: "group g (generalised): a has scores below 0",
        1: "group g (generalised): b has scores below 0",
    }


@pytest.mark.parametrize("weights", [(), (WEIGHTS,)])
def test_benefit_of_the_doubt_of_figures_below_0_fails(of, drawn, weights):
    best = {
        "vary": "groups",
        "name": "Means",
        "groups": ["g"],
        "options": [{"name": "0"}, {"name": "1", "aggregate": "benefit_of_the_doubt"}],
    }
    builds = of(best, SCALE, *weights)
    draws = drawn(builds, 12)
    outcome = builds.run(draws)
    bad = (draws.numbers["Means"] == 1) & (draws.numbers["Scale"] == 1)
    assert 0 < bad.sum() < 12
    assert sorted(outcome.failures) == np.flatnonzero(bad).tolist()
    assert set(outcome.failures.values()) <= {
        f"group g (benefit_of_the_doubt): {part}: found {why}"
        for part in "ab"
        for why in {each.rsplit("found ", 1)[1] for each in outcome.failures.values()}
    }


def test_copeland_of_what_is_left(of, chosen, scores_of, tree, steps):
    steps = steps.replace('renormalise"', 'renormalise", method = "copeland"')
    builds = of(LEFT, steps=steps)
    found = top(builds, chosen(builds, Left_out=[1, 0]))
    assert_allclose(found, [scores_of(without(tree, "a") + steps), scores_of(tree + steps)])
    lost = np.zeros((1, 5), bool)
    lost[0, :2] = True
    only = top(builds, chosen(builds, 1), without=lost)
    rest = without(without(without(tree, "a"), "b"), "g")
    assert_allclose(only[0], scores_of(rest + steps))


YEARS = "unit,period,a,b,c,d,e\n" + "".join(
    f"U{u},{y},{u},{u + 1},{y - 2000},{u * 2},{u * y % 7}\n"
    for u in (1, 2, 3)
    for y in (2018, 2019)
)


def test_options_that_change_the_rows_fail(of, chosen):
    steps = """
steps = [
  { do = "select", take = "latest" },
  { do = "normalise", method = "goalposts" },
  { do = "aggregate", missing = "renormalise" },
]
"""
    more = {
        "vary": "step",
        "name": "Editions",
        "do": "select",
        "options": [
            {"name": "0"},
            {"name": "two", "step": {"do": "select", "periods": [2018, 2019]}},
            {"name": "none", "leave_out": True},
            {"name": "mean", "step": {"do": "select", "take": "mean"}},
        ],
    }
    builds = of(more, steps=steps, data=YEARS)
    outcome = builds.run(chosen(builds, Editions=[0, 1, 2, 3]))
    why = "audit: found 6 units in periods, expected 3, as the method has"
    assert outcome.failures == {1: why, 2: why}


def test_options_that_do_not_fit_one_another_fail(of, chosen):
    """Filling along time needs several editions, which another option gives up."""
    steps = """
steps = [
  { do = "select", periods = [2018, 2019] },
  { do = "impute", method = "mean" },
  { do = "normalise", method = "goalposts" },
  { do = "aggregate", missing = "renormalise" },
]
"""
    select = {
        "vary": "step",
        "name": "Editions",
        "do": "select",
        "options": [{"name": "0"}, {"name": "one", "step": {"do": "select", "last": 2018}}],
    }
    fill = {
        "vary": "step",
        "name": "Filling",
        "do": "impute",
        "options": [{"name": "0"}, {"name": "last", "step": {"do": "impute", "method": "last"}}],
    }
    builds = of(select, fill, steps=steps, data=YEARS)
    outcome = builds.run(chosen(builds, Editions=[0, 1], Filling=[1, 1]))
    assert outcome.failures == {
        1: "steps.1.method: found last after one edition was selected, expected it before select"
    }


def test_only_some_rows(of, drawn):
    builds = of(MEANS, WEIGHTS, LEFT)
    draws = drawn(builds, 20)
    whole, rows = builds.run(draws), np.array([1, 4])
    some = builds.of_rows(rows).run(draws)
    assert some.rows.tolist() == [1, 4]
    assert_allclose(some.scores[builds.nodes[0]], whole.scores[builds.nodes[0]][:, rows])


def test_what_a_screen_leaves_out_is_left_out_of_every_draw(of, chosen, scores_of, tree):
    data = "unit,a,b,c,d,e\nU1,10,20,,,50\nU2,20,,,40,50\nU3,30,,30,41,60\nU4,,,,,60\n"
    steps = """
steps = [
  { do = "screen", units = 0.3, indicators = 0.5 },
  { do = "normalise", method = "goalposts" },
  { do = "aggregate", missing = "renormalise" },
]
"""
    lonely = tree.replace('"c", parent = "h"', '"c", parent = "i"').replace(
        "groups = [", 'groups = [{ code = "i", parent = "index" },'
    )
    builds = of(WEIGHTS, LEFT, tree=lonely, steps=steps, data=data, nodes=["index", "i"])
    outcome = builds.run(chosen(builds, Left_out=[0]))
    index, i = builds.nodes
    assert_allclose(outcome.scores[index][0], scores_of(lonely + steps, data))
    assert np.isnan(outcome.scores[index][0]).tolist() == [False, False, False, True]
    assert np.isnan(outcome.scores[i]).all()


def test_a_group_that_nobody_has_is_not_put_on_a_scale(of, chosen):
    step = '{ do = "normalise", method = "min_max", level = 2, nodes = ["h"] },'.replace(
        "level = 2, ", ""
    )
    data = "unit,a,b,c,d,e\nU1,10,20,,,\nU2,20,30,,,\nU3,30,20,,,\n"
    builds = of(LEFT, steps=STEPPED % step, data=data)
    assert_allclose(top(builds, chosen(builds))[0], builds.result.score)


def test_a_group_that_is_constant_in_every_draw_fails_them_all(of, chosen):
    step = '{ do = "normalise", method = "min_max", level = 2 },'
    data = "unit,a,b,c,d,e\nU1,10,20,30,40,50\nU2,20,30,30,40,60\nU3,30,20,30,40,70\n"
    builds = of(LEFT, steps=STEPPED % step, data=data)
    outcome = builds.run(chosen(builds, Left_out=[5, 5]))
    assert list(outcome.failures) == [0, 1]


def test_a_formula_group_that_loses_everything_is_no_part_of_another(of, chosen, scores_of):
    tree = """
groups = [
  { code = "index", needs = 2 },
  { code = "f", parent = "index", aggregate = "formula", formula = "a - b" },
  { code = "h", parent = "index" },
]
indicators = [
  { code = "a", parent = "f" },
  { code = "b", parent = "f" },
  { code = "c", parent = "h" },
]
"""
    steps = '\nsteps = [{ do = "aggregate", missing = "renormalise" }]\n'
    data = "unit,a,b,c\nU1,5,1,7\nU2,9,,8\n"
    builds = of(tree=tree, steps=steps, data=data)
    lost = np.array([[True, True, False], [False, False, False]])
    found = top(builds, chosen(builds, 2), without=lost)
    assert_allclose(found, [[7, np.nan], [5.5, np.nan]])


def test_what_a_group_requires(of, chosen, scores_of, tree, steps):
    needy = tree.replace('{ code = "h", ', '{ code = "h", requires = ["c"], ')
    builds = of(LEFT, tree=needy, nodes=["h"])
    h = builds.nodes[0]
    found = builds.run(chosen(builds, Left_out=[0, 4])).scores[h]
    assert_allclose(found[0], builds.result.state.values[:, h])
    assert np.isnan(found).tolist() == [[False] * 6 + [True]] * 2
