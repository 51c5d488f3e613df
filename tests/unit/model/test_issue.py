import pytest

from everycount.model.issue import Cause, Decision, Issue, Tag, Target
from everycount.model.strict import Faults

WORDS = Cause(passage="1", start=0, end=4, words="30 %")


def refused(make):
    with pytest.raises(Faults) as error:
        make()
    return {path: (found, expected) for path, found, expected in error.value.faults}


def target(**given):
    return Target(**{"id": "T1", "words": WORDS, **given})


def issue(**given):
    return Issue(**{"id": "1", "passage": "1", "action": "Do", **given})


def test_decision_needs_somebody_who_took_it():
    assert Decision().is_accepted is False
    assert Decision(status="accepted", by="Hoa").is_accepted
    assert not Decision(status="rejected", by="Hoa").is_accepted
    found = refused(lambda: Decision(status="yes", by=" "))
    assert found[("status",)] == ("'yes'", "one of proposed, accepted, rejected")
    assert found[("by",)] == ("nobody", "who decided")


@pytest.mark.parametrize(
    ("given", "path", "found"),
    [
        ({"id": ""}, "id", "''"),
        ({"value": float("nan")}, "value", "nan"),
        ({"baseline": float("inf")}, "baseline", "inf"),
        ({"value": 1e308}, "value", "1e+308"),
        ({"baseline": -1.1e15}, "baseline", "-1.1e+15"),
        ({"comparator": "under"}, "comparator", "'under'"),
        ({"comparator": "between", "value": 5}, "upper", "none"),
        ({"comparator": "at least", "upper": 5}, "upper", "5 with 'at least'"),
        ({"comparator": "between", "value": 5, "upper": 5}, "upper", "5"),
    ],
)
def test_target_is_refused(given, path, found):
    assert refused(lambda: target(**given))[(path,)][0] == found


def test_target_tells_what_the_clause_leaves_open():
    assert target().open_slots == ("value", "unit", "year", "baseline")
    told = target(value=30, unit="%", year=2030, baseline=20)
    assert told.open_slots == ("baseline year", "denominator")
    whole = target(
        value=30,
        unit="%",
        year=2030,
        baseline=20,
        baseline_year=2020,
        denominator="deputies",
    )
    assert whole.open_slots == ()
    assert target(comparator="between", value=5, upper=6).upper == 6
    assert target(comparator="between", upper=6).value is None


def test_issue_is_refused_with_all_its_faults():
    found = refused(
        lambda: issue(
            id="",
            action=" x",
            groups=(Tag(code="women"), Tag(code="women")),
            concepts=(Tag(code="access"), Tag(code="quality"), Tag(code="access")),
            targets=(target(), target()),
            breakdowns=(("sex",), (), ("sex", "sex"), ("",)),
        )
    )
    assert list(found) == [
        *(("id",), ("action",), ("groups", 1), ("concepts", 2), ("targets", 1)),
        *(("breakdowns", 1), ("breakdowns", 2), ("breakdowns", 3)),
    ]
    assert found["groups", 1] == ("'women' again", "each once")


def test_ids_hold_no_character_that_nobody_sees():
    found = refused(lambda: issue(id="11\u200b.2"))
    assert found["id",] == (r"'11\u200b.2'", "a name without invisible characters")
    assert issue(id="11\N{NO-BREAK SPACE}a", action="می\u200cخواهد").action


def test_issue_may_leave_everything_else_open():
    assert issue().decision == Decision()


def test_decisions_have_dates_and_targets_have_years_of_our_time():
    found = refused(lambda: Decision(status="accepted", by="Hoa", on="31/12/2026"))
    assert found[("on",)] == (
        "'31/12/2026'",
        "a date such as 2026-11-22, one that the calendar has",
    )
    found = refused(lambda: target(year=99999, baseline_year=20))
    assert found[("year",)] == ("99999", "a year from 1900 to 2200")
    assert found[("baseline_year",)] == ("20", "a year from 1900 to 2200")
