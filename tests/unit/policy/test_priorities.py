"""Priorities and the plan that follows, worked by hand."""

from dataclasses import replace

import pytest

from everycount.model.issue import Decision, Issue
from everycount.model.plan import PlanLine, Rating
from everycount.model.review import FrameworkUse, IndicatorLink, PolicyText, Review
from everycount.model.supply import Catalogue, DataSource, Supply
from everycount.model.vocabulary import Vocabulary
from everycount.policy.plan import Cost, costs, draft_plan, unplanned
from everycount.policy.priorities import priorities

YES = Decision(status="accepted", by="Lan")
SET = "world@2023"
NOTHING = Catalogue()


def rate(key, criterion, mark, by="Ann"):
    side = "user" if criterion == "demand" else "producer"
    return Rating(framework=SET, key=key, by=by, side=side, criterion=criterion, mark=mark)


def link(issue, key):
    return IndicatorLink(issue=issue, framework=SET, key=key, band="likely", decision=YES)


REVIEW = Review(
    title="Law",
    policy=PolicyText(name="law.txt", digest="", language="en"),
    vocabulary=Vocabulary(id="none", title={"en": "None"}, source="us"),
    frameworks=(FrameworkUse(reference=SET, title="World", level="global"),),
    issues=tuple(
        Issue(id=name, passage=name, action=f"do {name}", decision=YES) for name in ("1", "2")
    ),
    links=(*(link("1", key) for key in "abcde"), link("2", "d")),
    ratings=(
        rate("a", "demand", 5),
        rate("a", "demand", 2, "Ben"),
        rate("a", "feasibility", 4),
        rate("a", "cost", 1),
        rate("b", "demand", 4),
        rate("b", "cost", 5),
        rate("c", "demand", 1),
        rate("c", "feasibility", 5),
        rate("d", "demand", 3),
        rate("d", "feasibility", 3),
        rate("z", "feasibility", 5),
    ),
    sources=(
        DataSource(code="lfs", title="Labour force survey", agency="NSO", next=2028),
        DataSource(code="dhs", title="Health survey", agency="MoH", next=2027),
        DataSource(code="old", title="Old survey", agency="NSO"),
    ),
    supplies=(
        Supply(framework=SET, key="a", state="new module", sources=("lfs", "dhs")),
        Supply(framework=SET, key="b", state="no method"),
        Supply(framework=SET, key="c", state="reprocessing", sources=("old",)),
        Supply(framework=SET, key="d", state="produced", sources=("lfs",)),
    ),
)


def test_priorities_are_ordered_by_place_score_and_issues():
    found = priorities(REVIEW, NOTHING)
    assert [(each.key, each.place) for each in found] == [
        ("a", "first"),
        ("b", "invest"),
        ("c", "easy"),
        ("d", "later"),
        ("e", "not rated"),
        ("z", "not rated"),
    ]


def test_score_is_the_mean_of_demand_feasibility_and_what_is_left_of_cost():
    by_key = {each.key: each for each in priorities(REVIEW, NOTHING)}
    a = by_key["a"]
    assert (a.demand, a.feasibility, a.cost) == (3.5, 4, 1)
    assert a.score == pytest.approx((3.5 + 4 + 5) / 3)
    assert by_key["b"].score == pytest.approx((4 + 1) / 2)
    assert (by_key["e"].score, by_key["z"].demand, by_key["z"].issues) == (None, None, ())
    assert (a.users, a.producers, a.is_disputed, by_key["b"].is_disputed) == (2, 1, True, False)
    assert by_key["d"].issues == ("1", "2")


def test_draft_plan_follows_the_state_of_figures_and_the_next_round():
    made = draft_plan(REVIEW, NOTHING).plan
    assert [(line.id, line.key, line.phase, line.source, line.due) for line in made] == [
        ("P1", "a", "design", "dhs", "2027"),
        ("P2", "b", "specify needs", "", ""),
        ("P3", "c", "process", "old", ""),
        ("P4", "d", "disseminate", "lfs", ""),
        ("P5", "e", "specify needs", "", ""),
    ]
    assert (made[0].responsible, made[0].note) == ("MoH", "priority: first")
    assert (made[4].step, made[4].note) == (
        "find out whether figures exist, and from which source",
        "",
    )
    assert all(line.cost is None for line in made)


def test_lines_that_are_in_the_plan_stay():
    line = PlanLine(id="P2", framework=SET, key="a", step="ask again", due="2030")
    made = draft_plan(replace(REVIEW, plan=(line,)), NOTHING)
    assert made.plan[0] == line
    assert [each.id for each in made.plan] == ["P2", "P3", "P4", "P5", "P6"]
    assert draft_plan(made, NOTHING) == made
    assert unplanned(made, NOTHING) == ()
    dropped = replace(made, plan=(replace(line, state="dropped"), *made.plan[1:]))
    assert unplanned(dropped, NOTHING) == ((SET, "a"),)


def test_costs_never_add_up_different_currencies():
    def line(name, **more):
        return PlanLine(id=name, framework=SET, key="a", step="s", **more)

    found = costs(
        [
            line("1", due="2027-05", cost=10.0, currency="VND"),
            line("2", due="2027", cost=5.0, currency="USD"),
            line("3", due="2027-01-02", cost=1.5, currency="VND"),
            line("4", due="2027"),
            line("5"),
            line("6", due="2028", cost=99.0, currency="VND", state="dropped"),
        ]
    )
    assert found == (
        Cost(year="2027", currency="USD", total=5, lines=1, uncosted=1),
        Cost(year="2027", currency="VND", total=11.5, lines=2, uncosted=1),
        Cost(year="", currency="", total=0, lines=0, uncosted=1),
    )
