"""The whole audit: what comes out of it, and every way in which it refuses."""

import numpy as np
import polars as pl
import pytest

from everycount.audit import audit as module
from everycount.audit.audit import audit, design_of
from everycount.audit.replay import draws_table
from everycount.errors import InputError, MethodError

WEIGHTS = {"vary": "weights", "name": "Weights", "how": "noise", "spread": 0.5}
MEANS = {
    "vary": "groups",
    "name": "Means",
    "options": [{"name": "0"}, {"name": "1", "aggregate": "geometric"}],
}
ERRORS = {"vary": "figures", "name": "Errors", "relative": {"*": 0.1}}
AGGREGATE = '{ do = "aggregate", missing = "renormalise" }'


@pytest.fixture
def of(audit_of, tree, steps, vary, plan, figures):
    def make(*assumptions, tree=tree, steps=steps, data=figures, draws=60, more=None, **keys):
        text = tree + steps + plan(**(more or {})) + "".join(vary(**each) for each in assumptions)
        return audit_of(text, data, draws=draws, **keys)

    return make


def problems(of, *assumptions, kind=MethodError, **keys):
    with pytest.raises(kind) as caught:
        of(*assumptions, **keys)
    return [str(problem) for problem in caught.value.problems]


def test_everything_that_an_audit_holds(of):
    found = of(WEIGHTS, MEANS, ERRORS)
    assert found.uncertainty.builds == 60
    assert found.sensitivity.base == 30
    assert found.sensitivity.builds == 150
    assert found.choices["assumption"].to_list() == ["Weights", "Means", "Means", "Errors"]
    assert found.left_out.height == 7
    assert found.verdict.headline
    assert not found.replayed
    assert found.outcome.failures == {}


def test_the_same_seed_gives_the_same_figures(of):
    one, other, third = (of(WEIGHTS, MEANS, ERRORS, seed=seed) for seed in (5, 5, 6))
    assert one.seed == 5
    for name in ("ranks", "pairs", "acceptability"):
        assert getattr(one.uncertainty, name).equals(getattr(other.uncertainty, name))
    assert one.sensitivity.table.equals(other.sensitivity.table)
    assert one.choices.equals(other.choices)
    assert one.verdict == other.verdict
    assert not one.uncertainty.ranks.equals(third.uncertainty.ranks)


def test_its_draws_built_again_give_the_same_audit(of):
    first = of(WEIGHTS, MEANS, ERRORS)
    draws, samples = design_of(first)
    table = draws_table(first.result.methodology, draws, list(samples))
    again = of(WEIGHTS, MEANS, ERRORS, replay=table.select(pl.all().cast(pl.String)))
    assert again.replayed
    assert again.uncertainty.ranks.equals(first.uncertainty.ranks)
    assert again.sensitivity.table.equals(first.sensitivity.table)
    assert design_of(again)[1] == tuple(samples)


def test_draws_without_samples_have_no_sensitivities(of):
    first = of(WEIGHTS, MEANS)
    table = draws_table(first.result.methodology, first.draws)
    again = of(WEIGHTS, MEANS, replay=table.select(pl.all().cast(pl.String)))
    assert again.sensitivity.note == (
        "the draws that were given are not said to belong to its samples"
    )
    assert again.samples == ()
    assert again.uncertainty.ranks.equals(first.uncertainty.ranks)
    with pytest.raises(InputError, match="draws has"):
        of(WEIGHTS, MEANS, replay=pl.DataFrame({"x": ["1"]}))


def test_exclusions_and_no_draws_leave_no_sensitivities(of):
    scale = {
        "vary": "step",
        "name": "Scale",
        "do": "normalise",
        "options": [{"name": "0"}, {"name": "z", "step": {"do": "normalise", "method": "z_score"}}],
    }
    exclude = {"exclude": [{"Scale": "z", "Means": "1"}]}
    found = of(scale, MEANS, more=exclude)
    assert found.sensitivity.note == "what is excluded makes assumptions depend on one another"
    assert found.outcome.failures == {}
    none = of(WEIGHTS, more={"sensitivity_draws": 0})
    assert none.sensitivity.note == "no draws were asked for it"
    assert "Scale = 'z' with Means = '1'" in problems(of, scale, MEANS)[0]


def test_an_audit_of_everything_excluded_is_refused(of):
    other = {
        "vary": "groups",
        "name": "Needs",
        "options": [{"name": "0"}, {"name": "1", "least": 1}],
    }
    exclude = {"exclude": [{"Needs": n, "Means": m} for n in "01" for m in "01"]}
    assert problems(of, other, MEANS, more=exclude) == [
        "audit, exclude: found hardly any choice left, expected options that can go together"
    ]


def test_usual_assumptions(of):
    found = of()
    names = [each.name for each in found.result.methodology.audit.assumptions]
    assert names == ["Weights", "Scale", "Aggregation", "Indicators"]
    assert found.verdict.caveats[0] == module._USUAL


def test_nothing_at_all_can_be_varied(of):
    tree = """
groups = [{ code = "index", aggregate = "formula", formula = "a - b" }]
indicators = [{ code = "a", parent = "index" }, { code = "b", parent = "index" }]
"""
    found = of(tree=tree, steps=f"\nsteps = [{AGGREGATE}]\n", data="unit,a,b\nU1,1,5\nU2,7,1\n")
    assert found.sensitivity.table.is_empty()
    assert found.sensitivity.note
    assert found.verdict.places is None or found.verdict.light == "note"


def test_failed_builds_are_reported(of):
    data = "unit,a,b,c,d,e\nU1,5,20,30,40,50\nU2,20,30,31,41,50\nU3,30,20,33,42,60\n"
    steps = f"""
steps = [{{ do = "normalise", method = "goalposts", clip = "none" }}, {AGGREGATE}]
"""
    errors = {**ERRORS, "relative": {"a": 0.8}}
    found = of(errors, MEANS, steps=steps, data=data, draws=400)
    (failed,) = found.uncertainty.failed
    assert failed.why == "group g (geometric): a has scores of 0 or less"
    assert failed.builds + found.uncertainty.builds == 400
    assert failed.builds == len(found.outcome.failures) > 0
    assert "builds failed" in found.sensitivity.note
    words = [each.words for each in found.verdict.findings if each.check == "failed"]
    assert failed.why in words[0]


def test_sub_indices_and_panels(of):
    years = "unit,period,a,b,c,d,e\n" + "".join(
        f"U{u},{y},{u * 9},{u * y % 50},{u * 3},{u * 7 % 40},{y % 10 + u}\n"
        for u in range(1, 8)
        for y in (2018, 2019)
    )
    found = of(WEIGHTS, data=years, more={"nodes": ["g", "index"]})
    assert [(each.node, each.period) for each in found.uncertainty.standings] == [
        ("g", 2019), ("g", 2018), ("index", 2019), ("index", 2018)
    ]  # fmt: skip
    assert set(found.sensitivity.table["node"]) == {"g", "index"}


@pytest.mark.parametrize("rows", [1, 2])
def test_one_unit_and_two(of, rows):
    data = "unit,a,b,c,d,e\nU1,10,20,30,40,50\nU2,30,10,20,30,10\n"
    found = of(WEIGHTS, MEANS, data="\n".join(data.splitlines()[: rows + 1]) + "\n")
    assert found.uncertainty.standings[0].units == rows
    assert "nan" not in found.verdict.headline.lower()


@pytest.mark.parametrize("draws", [1, 2, 3, 4])
def test_very_few_draws(of, draws):
    found = of(WEIGHTS, MEANS, draws=draws)
    assert found.uncertainty.builds == draws
    assert bool(found.sensitivity.note) is (draws < 4)


def test_one_indicator_alone(of):
    tree = """
groups = [{ code = "index" }]
indicators = [{ code = "a", parent = "index", worst = 0, best = 9 }]
"""
    found = of(tree=tree, data="unit,a\nU1,1\nU2,5\nU3,8\n")
    assert found.left_out["note"].to_list() == ["nothing is left to make a score of"]


def test_an_indicator_that_nobody_has_and_one_that_never_varies(of):
    data = "unit,a,b,c,d,e\nU1,10,,30,40,50\nU2,30,,30,30,10\nU3,20,,30,70,20\n"
    found = of(WEIGHTS, MEANS, data=data)
    assert found.uncertainty.failed == ()
    shifts = dict(found.left_out.select("node", "mean_shift").rows())
    assert shifts["b"] == 0


def test_more_draws_than_there_is_memory_for(of):
    (problem,) = problems(of, WEIGHTS, kind=InputError, draws=10**10)
    assert problem.startswith("draws: found 10,000,000,000, which need")
    assert problem.endswith(" at most for 7 units")
    years = "unit,period,a,b,c,d,e\n" + "".join(
        f"U{u},{year},{u},{u * 2},{u * 3},{u * 4},{u * 5}\n"
        for u in range(1, 6)
        for year in (2018, 2019)
    )
    (problem,) = problems(of, WEIGHTS, kind=InputError, draws=10**10, data=years)
    assert problem.endswith(" units in periods, or fewer periods")


def test_a_method_without_scores(of, tree):
    scale = '{ do = "normalise", method = "goalposts" }'
    assert problems(of, WEIGHTS, steps=f"\nsteps = [{scale}]\n") == [
        "steps: found no aggregate step, expected one, as there are no ranks without"
    ]
    half = AGGREGATE.replace(" }", ", to = 2 }")
    more = {"nodes": ["index", "g"]}
    assert problems(of, WEIGHTS, steps=f"\nsteps = [{scale}, {half}]\n", more=more) == [
        "audit, node index: found no unit with a rank, expected ranks that can be tested"
    ]


def test_options_that_need_columns_nobody_has(of):
    fill = {
        "vary": "step",
        "name": "Filling",
        "do": "impute",
        "before": "normalise",
        "options": [
            {"name": "0"},
            {"name": "1", "step": {"do": "impute", "method": "mean", "weight": "people"}},
            {"name": "2", "step": {"do": "impute", "method": "mean", "by": "region"}},
        ],
    }
    assert problems(of, fill) == [
        "audit, impute, weight: found no column 'people', expected it in the data or in --units",
        "audit, impute, by: found no grouping 'region', expected it in the data or in --units",
    ]


def test_scores_of_units_without_a_rank_are_not_kept(of, tree):
    found = of(WEIGHTS, tree='ranking = { unranked = ["U2"] }\n' + tree)
    assert found.outcome.scores[found.result.state.tree.top].shape == (60, 6)
    assert np.isfinite(found.uncertainty.ranks["nominal"].to_numpy()).all()


def test_draws_and_seed_as_the_method_says(of):
    found = of(WEIGHTS, draws=None, more={"draws": 12, "seed": 9})
    assert (found.uncertainty.builds, found.seed) == (12, 9)


def test_a_number_of_draws_that_is_none(method_of, observations_of):
    method = method_of('indicators = [{ code = "a", parent = "index" }]')
    data = observations_of("unit,a\nX,1\nY,2\n", method)
    with pytest.raises(InputError) as error:
        audit(method, data, draws=0, seed=-1)
    assert "draws: found 0, expected 1 or more" in str(error.value)
    assert "seed: found -1, expected 0 or more" in str(error.value)


def test_pairs_of_units_that_the_data_do_not_have(of):
    with pytest.raises(InputError) as caught:
        of(WEIGHTS, more={"pairs": [["U1", "Moon"], ["Mars", "U2"]]})
    assert [str(problem) for problem in caught.value.problems] == [
        "audit, pairs: found 'Moon', expected a unit of the data",
        "audit, pairs: found 'Mars', expected a unit of the data",
    ]
