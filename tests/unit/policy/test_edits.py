from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everycount.model.issue import Cause, Decision, Issue, Tag, Target
from everycount.model.plan import PlanLine, Rating
from everycount.model.review import (
    Clause,
    Event,
    FrameworkUse,
    IndicatorLink,
    PolicyText,
    Review,
    SignOff,
)
from everycount.model.supply import DataSource, Supply
from everycount.model.vocabulary import Concept, TargetGroup, Vocabulary
from everycount.policy.edit_parts import fields_of, made_of, put_together, say, take_apart
from everycount.policy.edits import Conflict, differences, logged, merge_edits

YES = Decision(status="accepted", by="Hoa", on="2026-11-20")
NO = Decision(status="rejected", by="Lan", on="2026-11-21")
HOW = {"by": "Mai", "on": "2026-11-22"}
WORDS = Cause(passage="1", start=0, end=4, words="30 %")
TARGET = Target(id="T1", words=WORDS, value=30, unit="%")
RATING = Rating(framework="core@1", key="5", by="Hoa", side="user", criterion="demand", mark=5)
SIGNED = SignOff(by="Hoa", organisation="GSO", verdict="agrees", on="2026")
BASE = Review(
    title="Law",
    policy=PolicyText(
        name="law.pdf",
        digest="a" * 64,
        language="en",
        clauses=(Clause(number="1", kind="clause", label="1", text="Quota"),),
    ),
    vocabulary=Vocabulary(
        id="own",
        title={"en": "Own"},
        source="us",
        groups=tuple(
            TargetGroup(code=code, title={"en": code}, terms={}) for code in ("women", "girls")
        ),
        concepts=(Concept(code="access", title={"en": "Access"}, question={}, terms={}),),
    ),
    frameworks=(FrameworkUse(reference="core@1", title="Core", level="national"),),
    issues=(
        Issue(
            id="1",
            passage="1",
            action="Reach 30 %",
            groups=(Tag(code="women"),),
            targets=(TARGET,),
            breakdowns=(("sex",),),
        ),
        Issue(id="2", passage="2", action="Report"),
    ),
    links=(
        IndicatorLink(issue="1", framework="core@1", key="5", band="likely", score=0.5),
        IndicatorLink(issue="2", framework="core@1", key="6", band="possible"),
    ),
    sources=(DataSource(code="LFS", title="Labour force survey"),),
    supplies=(Supply(framework="core@1", key="5", sources=("LFS",)),),
    sign_offs=(SIGNED,),
    ratings=(RATING,),
    plan=(PlanLine(id="P1", framework="core@1", key="5", step="Ask"),),
    log=(Event(on="2026", by="Hoa", what="1", field="action"),),
)
FIRST, SECOND = BASE.issues


def with_issue(review=BASE, at=0, **changes):
    issues = list(review.issues)
    issues[at] = replace(issues[at], **changes)
    return replace(review, issues=tuple(issues))


def with_link(review=BASE, at=0, **changes):
    links = list(review.links)
    links[at] = replace(links[at], **changes)
    return replace(review, links=tuple(links))


def without(review, at):
    """Return a review without an issue and its links."""
    name = review.issues[at].id
    return replace(
        review,
        issues=tuple(each for each in review.issues if each.id != name),
        links=tuple(each for each in review.links if each.issue != name),
    )


def merged(mine, theirs, base=BASE):
    return merge_edits(base, mine, theirs, **HOW)


def told(before, after):
    return [(each.what, each.field, each.before, each.after) for each in differences(before, after)]


# ----------------------------------------------------------------------------- differences


def test_review_is_taken_apart_and_put_together_again():
    twice = replace(BASE, sign_offs=(SIGNED, SIGNED))
    things = take_apart(twice)
    assert put_together(things, twice.log) == twice
    assert [thing[0] for thing in things].count("sign-off") == 2
    again = next(thing for thing in things if thing[0] == "sign-off" and thing[-1] == "2")
    assert made_of(again, fields_of(again, SIGNED)) == SIGNED


def test_nothing_differs_between_a_review_and_itself():
    assert differences(BASE, replace(BASE, issues=tuple(reversed(BASE.issues)))) == ()


def test_every_part_is_compared_field_by_field():
    after = with_issue(
        groups=(Tag(code="girls"),),
        concepts=(Tag(code="access", grade=3),),
        targets=(replace(TARGET, value=40.5, baseline_year=2020),),
        breakdowns=(("sex",), ("sex", "age")),
        decision=YES,
    )
    after = with_link(after, relation="close", decision=NO)
    after = replace(
        after,
        title="Act",
        policy=replace(BASE.policy, digest=""),
        vocabulary=replace(BASE.vocabulary, title={"en": "Ours", "vi": "Ta"}),
        frameworks=(replace(BASE.frameworks[0], is_loaded=False),),
        sources=(replace(BASE.sources[0], last=2024),),
        supplies=(replace(BASE.supplies[0], state="produced"),),
        ratings=(replace(RATING, mark=4),),
        plan=(replace(BASE.plan[0], cost=2.5, currency="VND"),),
    )
    assert told(BASE, after) == [
        ("review", "title", "Law", "Act"),
        (
            *("policy", "document", "law.pdf (en), 1 passages, digest aaaaaaaaaaaa"),
            "law.pdf (en), 1 passages, digest none",
        ),
        ("vocabulary", "title", "en: Own", "en: Ours; vi: Ta"),
        ("framework core@1", "is loaded", "yes", "no"),
        ("issue 1", "breakdowns", "sex", "sex; sex x age"),
        ("issue 1", "decision", "proposed", "accepted by Hoa on 2026-11-20"),
        ("issue 1", "group women", "yes", ""),
        ("issue 1", "group girls", "", "yes"),
        ("issue 1", "concept access", "", "grade 3"),
        ("issue 1", "target T1, value", "30", "40.5"),
        ("issue 1", "target T1, baseline year", "", "2020"),
        ("link 1 core@1 5", "relation", "", "close"),
        ("link 1 core@1 5", "decision", "proposed", "rejected by Lan on 2026-11-21"),
        ("source LFS", "last", "", "2024"),
        ("supply core@1 5", "state", "", "produced"),
        ("rating core@1 5 Hoa user demand", "mark", "5", "4"),
        ("plan P1", "cost", "", "2.5"),
        ("plan P1", "currency", "", "VND"),
    ]


def test_what_is_new_or_gone_is_told_as_a_whole():
    new = Issue(id="3", passage="3", action="Fund", decision=YES, targets=(TARGET,))
    dissent = SignOff(by="Lan", organisation="VWU", verdict="dissents", on="2026", words="low")
    after = replace(without(BASE, 1), issues=(FIRST, new), sign_offs=(SIGNED, dissent), supplies=())
    assert told(BASE, after) == [
        ("issue 2", "issue", "Report", ""),
        ("link 2 core@1 6", "link", "possible", ""),
        ("supply core@1 5", "supply", "there", ""),
        ("issue 3", "issue", "", "Fund (accepted by Hoa on 2026-11-20)"),
        ("issue 3", "target T1", "", "30 %"),
        ("sign-off Lan 2026", "sign-off", "", "dissents"),
    ]


def test_values_are_said_in_words():
    assert say(1e300) == "1e+300"
    assert say(WORDS) == "30 %"
    assert say(Decision()) == "proposed"
    assert say(replace(YES, why="in the set")).endswith("2026-11-20: in the set")
    assert say((WORDS, WORDS)) == "30 %; 30 %"


def test_log_calls_issues_and_links_by_their_names():
    after = with_link(with_issue(action="Reach 40 %"), relation="close")
    events = logged(BASE, after, why="agreed", **HOW).log[1:]
    assert [(each.what, each.field, each.why) for each in events] == [
        ("1", "action", "agreed"),
        ("1 core@1 5", "relation", "agreed"),
    ]
    assert (events[0].before, events[0].after, events[0].by) == ("Reach 30 %", "Reach 40 %", "Mai")


# ----------------------------------------------------------------------------------- merge


def test_merge_of_what_nobody_changed_changes_nothing():
    assert merged(BASE, BASE) == (BASE, ())


def test_merge_takes_what_only_one_side_changed():
    mine = with_issue(frequency="every year", groups=(Tag(code="women"), Tag(code="girls")))
    theirs = with_link(
        with_issue(action="Reach 40 %", concepts=(Tag(code="access"),), decision=YES),
        decision=NO,
        relation="close",
    )
    review, conflicts = merged(mine, theirs)
    assert conflicts == ()
    assert review.issues[0] == replace(
        mine.issues[0], action="Reach 40 %", concepts=(Tag(code="access"),), decision=YES
    )
    assert review.links == theirs.links
    assert [(event.what, event.field) for event in review.log[1:]] == [
        *(("1", "action"), ("1", "decision"), ("1", "concept access")),
        *(("1 core@1 5", "relation"), ("1 core@1 5", "decision")),
    ]


def test_merge_keeps_mine_and_tells_where_both_changed():
    mine = with_issue(action="Reach 35 %", decision=NO, groups=())
    theirs = with_issue(action="Reach 40 %", decision=YES, groups=(Tag(code="women", grade=2),))
    review, conflicts = merged(mine, theirs)
    assert review == mine
    assert conflicts == (
        Conflict(
            what="issue 1",
            field="action",
            base="Reach 30 %",
            mine="Reach 35 %",
            theirs="Reach 40 %",
        ),
        Conflict(
            what="issue 1",
            field="decision",
            base="proposed",
            mine="rejected by Lan on 2026-11-21",
            theirs="accepted by Hoa on 2026-11-20",
        ),
        Conflict(what="issue 1", field="group women", base="yes", mine="", theirs="grade 2"),
    )


def test_both_sides_may_change_the_same():
    both = with_issue(action="Reach 40 %", groups=())
    assert merged(both, both) == (both, ())


def test_log_of_the_other_side_comes_along_once():
    event = Event(on="2026", by="Lan", what="2", field="action")
    theirs = replace(with_issue(at=1, action="Tell"), log=(*BASE.log, event))
    review, _ = merged(BASE, theirs)
    assert review.log[:2] == (*BASE.log, event)
    again, _ = merge_edits(BASE, review, theirs, **HOW)
    assert again == review


def test_what_one_side_takes_away_goes_unless_it_was_accepted_or_changed():
    theirs = without(BASE, 1)
    assert merged(BASE, theirs)[0].issues == (FIRST,)
    assert merged(BASE, theirs)[0].links == BASE.links[:1]
    assert merged(theirs, BASE) == (theirs, ())
    review, conflicts = merged(with_issue(at=1, action="Tell"), theirs)
    assert [issue.id for issue in review.issues] == ["1", "2"]
    assert [(each.mine, each.theirs) for each in conflicts] == [("Tell", "taken away")]
    review, conflicts = merged(theirs, with_issue(at=1, action="Tell"))
    assert [issue.id for issue in review.issues] == ["1"]
    assert [(each.mine, each.theirs) for each in conflicts] == [("taken away", "Tell")]


@pytest.mark.parametrize("is_mine", [True, False])
def test_what_was_accepted_is_never_taken_away(is_mine):
    accepted, bare = with_issue(at=1, decision=YES), without(BASE, 1)
    sides = (accepted, bare) if is_mine else (bare, accepted)
    review, conflicts = merged(*sides)
    assert review.issue("2").decision == YES
    assert conflicts[0].what == "issue 2"
    already = with_issue(at=1, decision=YES)
    review, conflicts = merged(bare, already, base=already)
    assert review.issue("2").decision == YES
    assert len(conflicts) == 1


def test_link_that_was_accepted_brings_back_its_issue_and_framework():
    bare = replace(without(BASE, 0), frameworks=(), links=(), issues=(SECOND,))
    review, _ = merged(bare, with_link(decision=YES))
    assert {issue.id for issue in review.issues} == {"1", "2"}
    assert review.frameworks == BASE.frameworks
    assert review.links[0].decision == YES


def test_source_that_new_figures_need_comes_back():
    mine = replace(BASE, sources=(), supplies=())
    supply = Supply(framework="core@1", key="6", sources=("LFS",))
    review, _ = merged(mine, replace(BASE, supplies=(*BASE.supplies, supply)))
    assert (review.sources, review.supplies) == (BASE.sources, (supply,))


def test_target_that_the_other_side_adds_brings_back_its_issue():
    new = replace(TARGET, id="T2")
    review, _ = merged(without(BASE, 1), with_issue(at=1, targets=(new,)))
    assert review.issue("2").targets == (new,)


def test_new_things_stand_behind_their_neighbours():
    new = [Issue(id=name, passage=name, action="Do") for name in ("a", "b", "c")]
    theirs = replace(BASE, issues=(new[0], FIRST, new[1], new[2], SECOND))
    review, _ = merged(BASE, theirs)
    assert [issue.id for issue in review.issues] == ["a", "1", "b", "c", "2"]
    assert [event.field for event in review.log[1:]] == ["issue"] * 3


def test_different_things_under_one_id_are_both_kept():
    def added(action, title, step, words):
        issue = Issue(id="3", passage="3", action=action, decision=YES)
        target = replace(TARGET, id="T2", words=replace(WORDS, words=words))
        first = replace(FIRST, targets=(TARGET, target))
        return replace(
            BASE,
            issues=(first, SECOND, replace(issue, targets=(TARGET,))),
            links=(*BASE.links, replace(BASE.links[0], issue="3")),
            sources=(*BASE.sources, DataSource(code="S", title=title)),
            supplies=(*BASE.supplies, Supply(framework="core@1", key="9", sources=("S",))),
            plan=(
                *BASE.plan,
                PlanLine(id="P2", framework="core@1", key="5", step=step, source="S"),
            ),
            sign_offs=(*BASE.sign_offs, replace(SIGNED, about="3 core@1 5")),
        )

    mine, theirs = added("Fund", "Census", "Plan", "10 %"), added("Train", "Panel", "Test", "20 %")
    review, conflicts = merged(mine, theirs)
    assert [(issue.id, issue.action) for issue in review.issues[2:]] == [
        ("3", "Fund"),
        ("3-2", "Train"),
    ]
    assert review.issues[3].targets == (TARGET,)
    assert [target.id for target in review.issues[0].targets] == ["T1", "T2", "T2-2"]
    assert [link.issue for link in review.links] == ["1", "2", "3", "3-2"]
    assert [source.code for source in review.sources] == ["LFS", "S", "S-2"]
    assert [(line.id, line.source) for line in review.plan[1:]] == [("P2", "S"), ("P2-2", "S-2")]
    assert review.sign_offs[-1].about == "3-2 core@1 5"
    assert [(each.what, each.field, each.theirs) for each in conflicts] == [
        ("supply core@1 9", "sources", "S-2")
    ]


def test_the_same_thing_added_on_both_sides_is_merged():
    new = Issue(id="3", passage="3", action="Fund")
    mine = replace(BASE, issues=(*BASE.issues, replace(new, frequency="every year")))
    theirs = replace(BASE, issues=(*BASE.issues, replace(new, decision=YES)))
    review, conflicts = merged(mine, theirs)
    assert review.issues[2] == replace(new, frequency="every year", decision=YES)
    assert conflicts == ()


def test_changes_that_do_not_go_together_leave_mine_and_are_told():
    mine = with_issue(targets=(replace(TARGET, comparator="between", upper=50),))
    theirs = with_issue(targets=(replace(TARGET, value=60),))
    review, conflicts = merged(mine, theirs)
    assert review == mine
    assert len(conflicts) == 1
    assert conflicts[0].field == "target T1"
    assert "expected a number above 60" in conflicts[0].theirs


def test_groups_that_would_become_parts_of_each_other_stay_as_they_are():
    women, girls = BASE.vocabulary.groups
    boys = TargetGroup(code="boys", title={"en": "boys"}, terms={})

    def grouped(*groups):
        return replace(BASE, vocabulary=replace(BASE.vocabulary, groups=groups))

    mine = grouped(replace(women, parent="girls"), girls)
    theirs = grouped(women, replace(girls, parent="women"), boys)
    review, conflicts = merged(mine, theirs)
    assert review.vocabulary.groups == (*mine.vocabulary.groups, boys)
    assert "a circle" in conflicts[0].theirs


def test_vocabulary_is_never_taken_away():
    bare = replace(BASE, vocabulary=replace(BASE.vocabulary, concepts=()))
    assert merged(BASE, bare)[0] == BASE
    assert merged(bare, BASE)[0].vocabulary == BASE.vocabulary


def test_document_that_was_read_again_on_one_side_comes_along_whole():
    mine = replace(BASE, policy=replace(BASE.policy, note="our words"))
    theirs = replace(BASE, policy=replace(BASE.policy, digest="b", clauses=()))
    review, conflicts = merged(mine, theirs)
    assert review.policy == replace(theirs.policy, note="our words")
    assert conflicts == ()


@st.composite
def sides(draw):
    """Draw what one side made of the common state: decided, reworded, took away, added."""
    review = BASE
    for at in (0, 1):
        what = draw(st.sampled_from(["nothing", "accept", "reject", "reword", "relate"]))
        if what in {"accept", "reject"}:
            review = with_issue(review, at, decision=YES if what == "accept" else NO)
        elif what == "reword":
            review = with_issue(review, at, action=draw(st.sampled_from(["Fund", "Train"])))
        elif what == "relate":
            review = with_link(review, at, decision=draw(st.sampled_from([YES, NO])))
    if draw(st.booleans()):
        review = without(review, draw(st.sampled_from([0, 1])))
    if draw(st.booleans()):
        added = Issue(id="3", passage="3", action=draw(st.sampled_from("ab")), decision=YES)
        review = replace(review, issues=(*review.issues, added))
    return review


@given(sides(), sides())
def test_nothing_accepted_is_lost_by_a_merge(mine, theirs):
    review, conflicts = merged(mine, theirs)
    told_of = {each.what for each in conflicts}
    for side in (mine, theirs):
        for issue in side.issues:
            names = {issue.id, f"{issue.id}-2"}
            kept = [each for each in review.issues if each.id in names and each.decision == YES]
            if issue.decision == YES:
                assert kept or f"issue {issue.id}" in told_of
        for link in side.links:
            if link.decision == YES:
                name = f"link {' '.join(link.ends)}"
                assert link in review.links or name in told_of
    again, _ = merge_edits(theirs, review, theirs, **HOW)
    assert again == review


@given(sides())
def test_one_side_alone_is_taken_over_whole(theirs):
    review, conflicts = merged(BASE, theirs)
    assert conflicts == ()
    assert differences(review, theirs) == ()
    assert [(event.what, event.field) for event in review.log[1:]] == [
        (each.what.removeprefix("issue ").removeprefix("link "), each.field)
        for each in differences(BASE, theirs)
    ]
