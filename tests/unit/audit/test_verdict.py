"""The verdict in plain words: what may be claimed, and what may not."""

from dataclasses import replace

import polars as pl
import pytest

from everycount.audit.builds import Outcome
from everycount.audit.choices import one_at_a_time
from everycount.audit.claims import scales_differ
from everycount.audit.sensitivity import none_because
from everycount.audit.uncertainty import describe
from everycount.audit.verdict import judge

NEEDS = {"vary": "groups", "name": "Needs", "options": [{"name": "0"}, {"name": "1", "least": 1}]}
WEIGHTS = {"vary": "weights", "name": "Weights", "how": "noise", "spread": 0.2}
HARD = {"vary": "weights", "name": "Weights", "how": "dirichlet", "concentration": 0.01}
FLAT = """
groups = [{ code = "index" }]
indicators = [
  { code = "a", parent = "index", worst = 0, best = 100 },
  { code = "b", parent = "index", worst = 0, best = 100 },
]
"""


def line(units, slope):
    rows = (f"U{u:02d},{u},{(u + slope * (u % 7)) % 101}\n" for u in range(1, units + 1))
    return "unit,a,b\n" + "".join(rows)


@pytest.fixture
def of(builds_of, steps, vary, plan, drawn):
    def make(*assumptions, tree=FLAT, data=None, change=None, more="", **keys):
        text = more + tree + steps + plan(**keys)
        builds = builds_of(
            text + "".join(vary(**each) for each in assumptions), data or line(30, 0)
        )
        outcome = builds.run(drawn(builds, 200))
        outcome = outcome if change is None else change(outcome)
        found = describe(builds.result, outcome)
        choices = one_at_a_time(builds, seed=1)
        sensitivity = none_because("nobody asked")
        verdict = judge(builds.result, found, sensitivity, choices, findings=(), caveats=("Mind.",))
        return verdict, {each.check: each for each in verdict.findings}

    return make


def test_a_ranking_that_stands(of):
    verdict, found = of(WEIGHTS, data=line(30, 0.01))
    assert verdict.light == "good"
    assert verdict.headline.startswith("The ranking stands: 100 % of all pairs of units keep")
    assert verdict.places == 1
    assert verdict.places_words == ""
    assert verdict.caveats == ("Mind.",)
    said = " ".join(verdict.may)
    assert "may be said to be among the first 10" in said
    assert "may be said to be among the last 10" in said
    assert found["outside"].words == (
        "No unit's declared rank lies outside the interval from 5 to 95 % of the builds."
    )
    assert found["sensitivity"].words == "No sensitivity was computed: nobody asked."


def test_a_ranking_of_which_the_broad_lines_stand(of):
    verdict, _ = of({**WEIGHTS, "spread": 0.6}, data=line(60, 4))
    assert verdict.light == "watch"
    assert verdict.places > 3
    assert str(verdict.places) in verdict.headline
    assert verdict.places_words == (
        f"Differences of fewer than {verdict.places} places are not meaningful by themselves."
    )


def test_a_ranking_that_does_not_stand(of):
    opposite = "unit,a,b\n" + "".join(f"U{u},{u},{50.3 - u}\n" for u in range(1, 13))
    verdict, found = of(HARD, data=opposite)
    assert (verdict.light, verdict.places) == ("problem", None)
    assert verdict.headline.startswith("The ranks do not stand")
    assert "That one unit is ahead of another, from their ranks alone." in verdict.may_not
    assert verdict.places_words == ""
    assert found["told_apart"].value < 0.5


def test_nothing_that_changes_scores(of):
    verdict, _ = of({**NEEDS, "options": [{"name": "0"}, {"name": "1", "least": 0.1}]})
    assert verdict.light == "note"
    assert verdict.headline.startswith("Nothing was varied that changes a score")
    assert (verdict.may, verdict.places) == ((), None)


def test_one_unit(of):
    verdict, _ = of(WEIGHTS, data="unit,a,b\nU1,1,2\n")
    assert verdict.headline == (
        "There are fewer than two ranked units, so there is nothing to compare."
    )


def test_builds_that_failed(of):
    def all_but_one(outcome):
        return replace(outcome, failures={0: "why", 1: "so"})

    verdict, found = of(WEIGHTS, change=all_but_one)
    assert found["failed"].words == "2 builds failed and are counted nowhere else. 1: why; 1: so."

    def everything(outcome):
        return Outcome(
            rows=outcome.rows, scores=outcome.scores, failures=dict.fromkeys(range(200), "x")
        )

    verdict, found = of(WEIGHTS, change=everything)
    assert verdict.headline == "No build has a result, so nothing can be said of the ranks."
    assert verdict.light == "problem"
    assert "moved" not in found


def test_units_outside_their_interval_and_units_some_builds_lack(of):
    gaps = line(8, 0).replace("U03,3,3", "U03,3,").replace("U04,4,4", "U04,44,")
    scale = {
        "vary": "step",
        "name": "Scale",
        "do": "normalise",
        "options": [
            {"name": "rank", "step": {"do": "normalise", "method": "rank"}},
            {"name": "z", "step": {"do": "normalise", "method": "z_score"}},
        ],
    }
    verdict, found = of(NEEDS, scale, data=gaps)
    assert found["partly"].light == "watch"
    assert "U03 and U04" in found["partly"].words.replace("U04 and U03", "U03 and U04")
    said = " ".join(verdict.may_not)
    assert "without saying that some builds give none" in said
    assert "the scores of different builds are on different scales" in said
    assert found["choices"].value >= 0


def test_scales_that_differ(method_of, vary, steps):
    def options(*own):
        named = [{"name": str(k), **each} for k, each in enumerate(own)]
        step = {"vary": "step", "name": "S", "do": "normalise", "options": named}
        return method_of(FLAT + steps + vary(**step))

    def scale(**keys):
        return {"step": {"do": "normalise", **keys}}

    class Result:
        def __init__(self, methodology):
            self.methodology = methodology

    same = options({}, scale(method="min_max", scale=[1, 100]))
    other = options({}, scale(method="min_max"))
    none = options({}, {"leave_out": True})
    assert not scales_differ(Result(same))
    assert scales_differ(Result(other))
    assert scales_differ(Result(none))
    assert not scales_differ(Result(method_of(FLAT + steps)))


def test_most_of_the_variance(audit_of, steps, vary):
    found = audit_of(FLAT + steps + vary(**{**WEIGHTS, "spread": 1.0}), line(40, 9), draws=200)
    words = next(each.words for each in found.verdict.findings if each.check == "sensitivity")
    assert words.startswith("Most of the variance of the mean rank shift involves “Weights”")
    still = audit_of(FLAT + steps + vary(**WEIGHTS), line(3, 0), draws=20)
    words = next(each.words for each in still.verdict.findings if each.check == "sensitivity")
    assert words == "No choice moves the ranks, so there is no variance to explain."
    assert isinstance(still.choices, pl.DataFrame)


def test_where_no_rank_is_firm_nobody_is_named(of):
    apart = "unit,a,b\n" + "".join(f"U{u},{u},{(u + 20) % 40 + 0.3}\n" for u in range(40))
    verdict, found = of({**HARD, "concentration": 0.5}, data=apart)
    assert "firm" not in " ".join(verdict.may)
    assert found["moved"].value > 0.5


def test_units_that_are_all_level(of):
    verdict, _ = of(WEIGHTS, data="unit,a,b\nX,5,5\nY,5,5\nZ,5,5\n")
    assert verdict.headline == (
        "All units have the same score in every build: there is no ranking."
    )
    assert (verdict.light, verdict.places, verdict.may) == ("note", None, ())
