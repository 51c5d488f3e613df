import pytest

from everycount.errors import InputError, NotFound
from everycount.model.issue import Cause, Decision, Issue, Target
from everycount.model.review import Event, FrameworkUse, IndicatorLink, PolicyText, Review
from everycount.model.vocabulary import Vocabulary
from everycount.policy.decide import Choice, decide, decide_issue, decide_link

HOW = {"by": "Hoa", "on": "2026-11-22"}
WORDS = Cause(passage="1", start=0, end=4, words="30 %")
REVIEW = Review(
    title="Law",
    policy=PolicyText(name="law.pdf", digest="", language="en"),
    vocabulary=Vocabulary(id="own", title={"en": "Own"}, source="us"),
    frameworks=(FrameworkUse(reference="core@1", title="Core", level="national"),),
    issues=(
        Issue(
            id="11.2",
            passage="1",
            action="Reach 30 %",
            targets=(Target(id="T1", words=WORDS), Target(id="T2", words=WORDS)),
        ),
        Issue(id="12", passage="2", action="Report"),
    ),
    links=(
        IndicatorLink(issue="11.2", framework="core@1", key="5", band="likely"),
        IndicatorLink(issue="12", framework="core@1", key="5", band="likely"),
    ),
)


def choice(issue="11.2", status="accepted", **given):
    return Choice(**{"issue": issue, "status": status, **HOW, **given})


def test_decisions_are_taken_and_logged_together():
    review = decide(
        REVIEW,
        [
            choice(why="in the set"),
            choice(target="T2", status="rejected"),
            choice(framework="core@1", key="5"),
        ],
    )
    first = review.issues[0]
    assert first.decision == Decision(status="accepted", why="in the set", **HOW)
    assert [target.decision.status for target in first.targets] == ["proposed", "rejected"]
    assert [link.decision.status for link in review.links] == ["accepted", "proposed"]
    assert review.issues[1] == REVIEW.issues[1]
    assert [(event.what, event.field, event.after) for event in review.log] == [
        ("11.2", "decision", "accepted by Hoa on 2026-11-22: in the set"),
        ("11.2", "target T2, decision", "rejected by Hoa on 2026-11-22"),
        ("11.2 core@1 5", "decision", "accepted by Hoa on 2026-11-22"),
    ]
    assert review.log[0].why == "in the set"


def test_what_was_decided_may_be_decided_again_and_the_log_keeps_both():
    once = decide_issue(REVIEW, "12", "accepted", **HOW)
    twice = decide_issue(once, "12", "rejected", by="Lan", on="2026-11-23", why="no")
    assert twice.issues[1].decision.by == "Lan"
    assert [event.after for event in twice.log] == [
        "accepted by Hoa on 2026-11-22",
        "rejected by Lan on 2026-11-23: no",
    ]
    assert twice.log[1].before == twice.log[0].after
    open_ = decide_issue(twice, "12", "proposed", by="", on="2026-11-24")
    assert open_.issues[1].decision == Decision(on="2026-11-24")


def test_the_same_decision_again_is_no_event():
    once = decide_link(REVIEW, ("12", "core@1", "5"), "accepted", **HOW)
    assert decide_link(once, ("12", "core@1", "5"), "accepted", **HOW) == once
    assert once.log == (
        Event(
            what="12 core@1 5",
            field="decision",
            before="proposed",
            after="accepted by Hoa on 2026-11-22",
            **HOW,
        ),
    )


def test_what_is_not_there_is_told_with_the_nearest():
    with pytest.raises(NotFound, match=r"the review has no issue '11.3'; near: 11.2"):
        decide_issue(REVIEW, "11.3", "accepted", **HOW)
    with pytest.raises(NotFound, match=r"no link '12 core@1 6'; near: 12 core@1 5, 11.2 core@1 5"):
        decide_link(REVIEW, ("12", "core@1", "6"), "accepted", **HOW)
    with pytest.raises(NotFound, match=r"the review has no issue 'zzz'$"):
        decide_issue(REVIEW, "zzz", "accepted", **HOW)


def test_every_fault_of_every_choice_is_told():
    choices = [
        choice("11.3", by=""),
        choice(status="maybe"),
        choice(target="T3"),
        choice(framework="core@2", key="5"),
        choice("12"),
    ]
    with pytest.raises(InputError) as error:
        decide(REVIEW, choices)
    assert [str(problem) for problem in error.value.problems] == [
        "issue 11.3: found nobody, expected who decided",
        "issue 11.3: found nothing of that name, expected one that exists "
        "(the review has no issue '11.3'; near: 11.2)",
        "issue 11.2: found 'maybe', expected one of proposed, accepted, rejected",
        "issue 11.2, target T3: found nothing of that name, expected one that exists "
        "(the review has no target 'T3'; near: T2, T1)",
        "link 11.2 core@2 5: found nothing of that name, expected one that exists "
        "(the review has no link '11.2 core@2 5'; near: 11.2 core@1 5, 12 core@1 5)",
    ]


def test_a_date_that_the_calendar_lacks_is_refused():
    wrong = choice("9", by="\u200b", on="2026-02-30")
    with pytest.raises(InputError) as caught:
        decide(REVIEW, [wrong])
    assert [each.found for each in caught.value.problems] == [
        "nobody",
        "'2026-02-30'",
        "nothing of that name",
    ]
