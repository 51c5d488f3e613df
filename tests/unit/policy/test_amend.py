import pytest

from everycount.errors import InputError, NotFound
from everycount.model.issue import Cause, Decision, Issue, Tag, Target
from everycount.model.plan import Rating
from everycount.model.review import (
    FrameworkUse,
    IndicatorLink,
    PolicyText,
    Review,
    SignOff,
)
from everycount.model.vocabulary import Vocabulary
from everycount.policy.amend import (
    add_issue,
    add_link,
    confirm_target,
    edit_issue,
    rate,
    set_relation,
    sign,
)

HOW = {"by": "Hoa", "on": "2026-11-22"}
WORDS = Cause(passage="1", start=0, end=4, words="30 %")
TARGETS = (Target(id="T1", words=WORDS, unit="%"), Target(id="T2", words=WORDS))
LINK = IndicatorLink(issue="1", framework="core@1", key="5", band="added")
OTHER = IndicatorLink(issue="1", framework="core@1", key="6", band="likely")
REVIEW = Review(
    title="Law",
    policy=PolicyText(name="law.pdf", digest="", language="en"),
    vocabulary=Vocabulary(id="own", title={"en": "Own"}, source="us"),
    frameworks=(FrameworkUse(reference="core@1", title="Core", level="national"),),
    issues=(
        Issue(id="1", passage="1", action="Reach 30 %", targets=TARGETS),
        Issue(id="2", passage="2", action="Report"),
    ),
    links=(OTHER,),
)


def events(review):
    return [(event.what, event.field, event.before, event.after) for event in review.log]


def problems(error):
    return [str(problem) for problem in error.value.problems]


def test_target_is_confirmed_with_its_reading_put_right():
    review = confirm_target(REVIEW, "1", "T1", changes={"denominator": "deputies"}, **HOW)
    target = review.issues[0].targets[0]
    assert (target.denominator, target.decision) == (
        "deputies",
        Decision(status="accepted", **HOW),
    )
    assert review.issues[0].targets[1] == TARGETS[1]
    assert events(review) == [
        ("1", "target T1, denominator", "", "deputies"),
        ("1", "target T1, decision", "proposed", "accepted by Hoa on 2026-11-22"),
    ]


def test_target_that_the_clause_does_not_state_is_rejected():
    review = confirm_target(REVIEW, "1", "T2", status="rejected", why="none stated", **HOW)
    assert review.issues[0].targets[1].decision.status == "rejected"
    assert [event.why for event in review.log] == ["none stated"]


def test_target_is_not_confirmed_with_faults():
    with pytest.raises(NotFound, match="the review has no target 'T3'; near: T2, T1"):
        confirm_target(REVIEW, "1", "T3", **HOW)
    with pytest.raises(InputError) as error:
        confirm_target(REVIEW, "1", "T1", changes={"unti": "%", "comparator": "between"}, **HOW)
    assert problems(error) == [
        "unti: found a field that is not known, expected one of words, measure, comparator, "
        "value, upper, unit, year, baseline, baseline_year, numerator, denominator",
        "upper: found none, expected an upper end with 'between', and only then",
    ]
    with pytest.raises(InputError, match="T1: found nobody, expected who decided"):
        confirm_target(REVIEW, "1", "T1", by="", on="2026")


def test_issue_is_changed_field_by_field():
    changes = {"action": "Reach 40 %", "breakdowns": (("sex",),)}
    review = edit_issue(REVIEW, "1", changes=changes, why="agreed", **HOW)
    assert review.issues[0].breakdowns == (("sex",),)
    assert review.issues[1] == REVIEW.issues[1]
    assert events(review) == [
        ("1", "action", "Reach 30 %", "Reach 40 %"),
        ("1", "breakdowns", "", "sex"),
    ]
    assert {event.why for event in review.log} == {"agreed"}


def test_issue_is_not_changed_with_faults():
    with pytest.raises(NotFound, match="no issue '3'"):
        edit_issue(REVIEW, "3", changes={}, **HOW)
    with pytest.raises(InputError) as error:
        edit_issue(REVIEW, "1", changes={"decision": "yes", "action": ""}, **HOW)
    assert problems(error)[0].startswith("decision: found a field that is not known, expected")
    assert problems(error)[1].startswith("action: found '', expected a name")
    with pytest.raises(InputError, match="groups, 0, code: found 'women', expected one of"):
        edit_issue(REVIEW, "1", changes={"groups": (Tag(code="women"),)}, **HOW)


def test_issue_and_link_are_added():
    review = add_issue(REVIEW, Issue(id="3", passage="", action="Fund"), why="missing", **HOW)
    review = add_link(review, LINK, **HOW)
    assert (review.issues[-1].action, review.links[-1]) == ("Fund", LINK)
    assert events(review) == [("3", "issue", "", "Fund"), ("1 core@1 5", "link", "", "added")]


def test_what_does_not_hang_together_is_not_added():
    with pytest.raises(InputError, match="found '2' again, first in entry 2, expected each id"):
        add_issue(REVIEW, Issue(id="2", passage="", action="Fund"), **HOW)
    with pytest.raises(InputError, match="1 core@1 6 has 1 problem"):
        add_link(REVIEW, OTHER, **HOW)


def test_relation_is_said_and_taken_back():
    review = set_relation(REVIEW, OTHER.ends, "close", **HOW)
    assert review.links[0].relation == "close"
    back = set_relation(review, OTHER.ends, None, **HOW)
    assert events(back) == [
        ("1 core@1 6", "relation", "", "close"),
        ("1 core@1 6", "relation", "close", ""),
    ]
    with pytest.raises(InputError, match="relation: found 'same', expected one of exact"):
        set_relation(REVIEW, OTHER.ends, "same", **HOW)
    with pytest.raises(NotFound, match="no link '1 core@1 7'"):
        set_relation(REVIEW, ("1", "core@1", "7"), "close", **HOW)


def test_dissent_is_recorded_with_its_ground():
    said = SignOff(
        by="Lan", organisation="VWU", verdict="dissents", on="2026", about="1", words="too low"
    )
    review = sign(REVIEW, said)
    assert review.sign_offs == (said,)
    assert [(event.by, event.what, event.why) for event in review.log] == [
        ("Lan", "sign-off Lan 1 2026", "too low")
    ]
    whole = SignOff(by="Lan", organisation="VWU", verdict="agrees", on="2026")
    assert sign(review, whole).sign_offs == (said, whole)
    about = SignOff(by="Lan", organisation="VWU", verdict="agrees", on="2026", about="1 core@1 5")
    with pytest.raises(NotFound, match="no issue or link '1 core@1 5'; near: 1 core@1 6"):
        sign(REVIEW, about)


def test_mark_takes_the_place_of_an_earlier_one():
    rating = Rating(framework="core@1", key="5", by="Hoa", side="user", criterion="demand", mark=2)
    other = Rating(framework="core@1", key="5", by="Lan", side="user", criterion="demand", mark=3)
    again = Rating(framework="core@1", key="5", by="Hoa", side="user", criterion="demand", mark=4)
    review = rate(rate(rate(REVIEW, rating, on="2026"), other, on="2026"), again, on="2027")
    assert review.ratings == (other, again)
    assert events(review)[2] == ("rating core@1 5 Hoa user demand", "mark", "2", "4")
    unknown = Rating(framework="core@2", key="5", by="A", side="user", criterion="demand", mark=4)
    with pytest.raises(NotFound, match="no framework 'core@2'; near: core@1"):
        rate(REVIEW, unknown, on="2026")
