import pytest

from everycount.model.plan import PlanLine, Rating
from everycount.model.strict import Faults


def refused(make):
    with pytest.raises(Faults) as error:
        make()
    return {path[0]: (found, expected) for path, found, expected in error.value.faults}


def rating(**given):
    said = {"framework": "core@1", "key": "5", "by": "Hoa", "side": "user", "mark": 3}
    return Rating(**{**said, "criterion": "demand", **given})


def line(**given):
    return PlanLine(**{"id": "P1", "framework": "core@1", "key": "5", "step": "Ask", **given})


def test_users_and_producers_rate_on_their_own_criteria():
    assert rating(side="producer", criterion="cost", mark=5).mark == 5
    assert refused(lambda: rating(criterion="cost"))["criterion"] == (
        *("'cost'", "for a user one of demand"),
    )
    assert refused(lambda: rating(side="producer"))["criterion"][1] == (
        "for a producer one of feasibility, cost"
    )


def test_rating_is_refused_with_all_its_faults():
    found = refused(lambda: rating(framework="", key="", by="", side="both", mark=6))
    assert list(found) == ["framework", "key", "by", "side", "mark"]
    assert found["mark"] == ("6", "a number from 1 to 5")
    assert "mark" in refused(lambda: rating(mark=0))


def test_plan_line_is_refused_with_all_its_faults():
    found = refused(
        lambda: line(
            id="",
            framework="",
            key="",
            step="",
            start="soon",
            due="2026-13",
            phase="dream",
            state="open",
            cost=-1.0,
        )
    )
    assert list(found) == [
        *("id", "framework", "key", "step", "start", "due", "phase", "state", "cost", "currency"),
    ]


def test_plan_line_ends_after_it_begins():
    assert refused(lambda: line(start="2027-03", due="2027-02"))["due"] == (
        *("2027-02", "a date not before the start, 2027-03"),
    )
    assert line(start="2027-03-15", due="2027").due == "2027"
    assert line(due="2027").start == ""


def test_cost_is_a_number_in_a_currency():
    assert line(cost=0.0, currency="VND").cost == 0
    assert refused(lambda: line(cost=float("inf"), currency="VND"))["cost"][0] == "inf"
    assert refused(lambda: line(cost=5.0))["currency"][0] == "nothing"
