"""Merging the reviews of groups, with agreement counted by hand."""

from dataclasses import replace
from math import isnan

import pytest

from everycount.errors import InputError
from everycount.model.issue import Cause, Decision, Issue, Tag, Target
from everycount.model.plan import PlanLine, Rating
from everycount.model.review import Event, FrameworkUse, IndicatorLink, PolicyText, Review, SignOff
from everycount.model.supply import DataSource, Supply
from everycount.model.vocabulary import Concept, TargetGroup, Vocabulary
from everycount.policy.merging import merge

ON = "2026-11-22"
SET = "world@2023"


def decided(status, by="Lan"):
    return Decision(status=status, by=by, on=ON, why="seen") if status else Decision()


def issue(number, status, by, **more):
    given = {
        "id": number,
        "passage": number,
        "clause": f"Words {number}.",
        "action": f"do {number}",
    }
    return Issue(**{**given, "decision": decided(status, by), **more})


def link(number, key, status, by, **more):
    return IndicatorLink(
        issue=number, framework=SET, key=key, band="likely", decision=decided(status, by), **more
    )


VOCABULARY = Vocabulary(
    id="small",
    title={"en": "Small list"},
    source="our own",
    groups=tuple(
        TargetGroup(code=code, title={"en": code}, terms={"en": (code,)})
        for code in ("women", "girls")
    ),
    concepts=(
        Concept(
            code="access",
            title={"en": "Access"},
            question={"en": "Can it be reached?"},
            terms={"en": ("access",)},
        ),
    ),
)
TARGET = Target(id="1-t1", words=Cause(passage="1", start=0, end=4, words="60 %"), value=60)


def review(name, issues, links=(), **more):
    return Review(
        title="Law",
        policy=PolicyText(name="law.txt", digest="a" * 64, language="en"),
        vocabulary=VOCABULARY,
        reviewers=name,
        frameworks=(FrameworkUse(reference=SET, title="World", level="global"),),
        issues=tuple(issues),
        links=tuple(links),
        **more,
    )


YES, NO = "accepted", "rejected"
NORTH = review(
    "North",
    [
        issue("1", YES, "An", groups=(Tag(code="women"),), dimension="social", targets=(TARGET,)),
        issue("2", YES, "An"),
        issue("3", NO, "An"),
        issue("4", YES, "An"),
        issue("5", None, ""),
    ],
    [
        link("1", "a", YES, "An", relation="close"),
        link("1", "b", NO, "An"),
        link("2", "a", YES, "An"),
    ],
    log=(Event(on=ON, by="An", what="issue 1", field="decision"),),
)
SOUTH = review(
    "South",
    [
        issue(
            *("1", YES, "Binh"),
            groups=(Tag(code="women"), Tag(code="girls")),
            concepts=(Tag(code="access", grade=2),),
            action="do it all",
            dimension="economic",
            targets=(replace(TARGET, value=65, decision=decided(YES, "Binh")),),
        ),
        issue("2", NO, "Binh"),
        issue("3", NO, "Binh"),
        issue("4", None, ""),
        issue("5", None, ""),
        issue("6", YES, "Binh"),
    ],
    [
        link("1", "a", YES, "Binh", relation="broader"),
        link("1", "b", YES, "Binh"),
        link("4", "a", None, ""),
    ],
)


def test_what_both_decided_alike_stands_and_the_rest_is_open():
    merged, _ = merge([NORTH, SOUTH], on=ON)
    found = {each.id: (each.decision.status, each.decision.by) for each in merged.issues}
    assert found == {
        "1": (YES, "An; Binh"),
        "2": ("proposed", ""),
        "3": (NO, "An; Binh"),
        "4": (YES, "An"),  # South had not come to it: nothing accepted is lost
        "5": ("proposed", ""),
        "6": (YES, "Binh"),
    }
    assert merged.issue("2").stale == "groups differ (North: accepted, South: rejected)"
    assert merged.reviewers == "North; South"
    assert merged.log[0] == NORTH.log[0]
    assert (merged.log[-1].what, merged.log[-1].after) == ("review", "2")


def test_links_of_both_groups_are_kept():
    merged, _ = merge([NORTH, SOUTH], on=ON)
    found = {each.ends[::2]: each for each in merged.links}
    assert found["1", "a"].decision.by == "An; Binh"
    assert found["1", "a"].relation is None  # close and broader: to be settled
    assert found["1", "b"].stale == "groups differ (North: rejected, South: accepted)"
    assert found["2", "a"].decision.is_accepted
    assert not found["4", "a"].stale


def test_merged_issue_has_the_tags_of_all_and_the_confirmed_reading():
    merged, _ = merge([NORTH, SOUTH], on=ON)
    first = merged.issue("1")
    assert [tag.code for tag in first.groups] == ["women", "girls"]
    assert first.concepts[0].grade == 2
    assert (first.action, first.targets[0].value) == ("do 1", 65)


def test_agreement_is_that_counted_by_hand():
    _, merged = merge([NORTH, SOUTH], on=ON)
    found = {each.question: each for each in merged.agreements}
    # Clauses 1, 2, 3 were decided by both: yes yes, yes no, no no. Observed 2/3; by chance
    # 2/3 x 1/3 + 1/3 x 2/3 = 4/9; kappa = (2/3 - 4/9) / (1 - 4/9) = 0.4. 4, 5, 6 are left out.
    issues = found["issues"]
    assert (issues.units, issues.left_out) == (3, 3)
    assert issues.share == pytest.approx(2 / 3)
    assert issues.kappa == pytest.approx(0.4)
    # On issue 1, which both accepted: women yes yes, girls no yes.
    groups = found["target groups"]
    assert (groups.units, groups.left_out, groups.share, groups.kappa) == (2, 0, 0.5, 0)
    assert (found["core concepts"].units, found["core concepts"].share) == (1, 0)
    assert (found["dimension"].units, found["dimension"].left_out) == (1, 3)
    # Links of issue 1: a yes yes, b no yes; 2 a is left out, since South rejected the issue.
    assert (found["links"].units, found["links"].left_out) == (2, 1)
    assert merged.groups == ("North", "South")


def test_differences_say_who_said_what():
    _, merged = merge([NORTH, SOUTH], on=ON)
    found = {(each.question, each.what): each.answers for each in merged.differences}
    assert found["issues", "2"] == (("North", "yes"), ("South", "no"))
    assert found["target groups", "1: girls"] == (("North", "no"), ("South", "yes"))
    assert found["links", f"1: {SET} b"] == (("North", "no"), ("South", "yes"))
    assert found["dimension", "1"] == (("North", "social"), ("South", "economic"))
    assert found["action", "1"] == (("North", "do 1"), ("South", "do it all"))
    assert found["targets", "1-t1, value"] == (("North", "60"), ("South", "65"))
    assert ("issues", "4") not in found


def test_three_groups_are_compared_by_fleiss():
    west = review("West", [issue("1", YES, "Chi"), issue("2", YES, "Chi"), issue("3", NO, "Chi")])
    _, merged = merge([NORTH, SOUTH, west], on=ON)
    issues = merged.agreements[0]
    # 3 yes; 2 yes 1 no; 3 no: observed (1 + 1/3 + 1) / 3 = 7/9; chance (5/9)^2 + (4/9)^2 = 41/81.
    assert issues.kappa == pytest.approx((7 / 9 - 41 / 81) / (1 - 41 / 81))
    assert issues.share == pytest.approx(7 / 9)
    answers = {each.what: each.answers for each in merged.differences if each.question == "issues"}
    assert answers["2"] == (("North", "yes"), ("South", "no"), ("West", "yes"))


def test_agreement_without_common_decisions_is_not_a_number():
    one = review("One", [issue("1", YES, "An")])
    other = review("Two", [issue("2", YES, "Binh")])
    _, merged = merge([one, other], on=ON)
    assert merged.agreements[0].units == 0
    assert isnan(merged.agreements[0].kappa)
    assert isnan(merged.agreements[0].share)


def test_a_third_group_that_is_silent_is_named():
    west = review("West", [issue("2", None, "")])
    merged, _ = merge([NORTH, SOUTH, west], on=ON)
    assert merged.issue("2").stale.endswith("South: rejected, West: not decided)")


def test_added_issues_of_one_name_get_names_of_their_own():
    one = review("One", [issue("9", YES, "An", clause="First words")])
    other = review(
        "Two", [issue("9", YES, "Binh", clause="Other words")], [link("9", "a", YES, "Binh")]
    )
    dissent = SignOff(
        by="Bo", organisation="Union", verdict="dissents", on=ON, words="no", about="9 w@1 a b"
    )
    event = Event(on=ON, by="Bo", what="issue 9", field="action")
    other = replace(other, sign_offs=(dissent,), log=(event,))
    merged, _ = merge([one, other], on=ON)
    assert [each.id for each in merged.issues] == ["9", "9-2"]
    assert merged.links[0].issue == "9-2"
    assert merged.sign_offs[0].about == "9-2 w@1 a b"
    assert merged.log[0].what == "issue 9-2"


def test_two_issues_of_one_clause_stay_apart():
    twice = [issue("1", YES, "An"), issue("1b", NO, "An", passage="1", clause="Words 1.")]
    other = [issue("1", YES, "Bo"), issue("1b", YES, "Bo", passage="1", clause="words  1")]
    _, merged = merge([review("One", twice), review("Two", other)], on=ON)
    assert [each.what for each in merged.differences] == ["1, issue 2"]


def test_sources_figures_ratings_and_plans_are_joined():
    rating = Rating(framework=SET, key="a", by="Ann", side="user", criterion="demand", mark=4)
    line = PlanLine(id="P1", framework=SET, key="a", step="count")
    one = replace(
        NORTH,
        sources=(DataSource(code="lfs", title="Labour force survey"),),
        supplies=(Supply(framework=SET, key="a", state="produced"),),
        ratings=(rating,),
        plan=(line,),
    )
    other = replace(
        SOUTH,
        frameworks=(
            FrameworkUse(reference=SET, title="World", level="global", is_loaded=False),
            FrameworkUse(reference="b@1", title="B", level="regional"),
        ),
        sources=(DataSource(code="lfs", title="LFS", agency="NSO"),),
        supplies=(Supply(framework=SET, key="a", state="no method"),),
        ratings=(rating,),
        plan=(replace(line, due="2027"),),
    )
    merged, told = merge([one, other], on=ON)
    assert [each.reference for each in merged.frameworks] == [SET, "b@1"]
    assert merged.frameworks[0].is_loaded
    assert (len(merged.sources), len(merged.supplies), len(merged.plan)) == (1, 1, 1)
    assert merged.ratings == (rating,)
    found = {(each.question, each.what): dict(each.answers)["South"] for each in told.differences}
    assert found["sources", "lfs, title"] == "LFS"
    assert found["figures", f"{SET} a, state"] == "no method"
    assert found["plan", "P1, due"] == "2027"
    merged, _ = merge([other, one], on=ON)
    assert merged.frameworks[0].is_loaded


def test_breakdowns_in_other_words_are_told():
    one = review("One", [issue("1", YES, "An", breakdowns=(("sex",), ("sex", "age")))])
    other = review("Two", [issue("1", YES, "Bo")])
    _, merged = merge([one, other], on=ON)
    (found,) = merged.differences
    assert found.answers == (("One", "sex; sex x age"), ("Two", "nothing"))


def test_reviews_that_cannot_be_merged_are_refused_with_every_reason():
    other = replace(
        SOUTH,
        reviewers="North",
        policy=replace(SOUTH.policy, digest="", name="other.txt"),
        vocabulary=replace(VOCABULARY, id="else"),
    )
    with pytest.raises(InputError) as caught:
        merge([NORTH, other, replace(SOUTH, reviewers=" ")], on=ON)
    assert [str(each) for each in caught.value.problems] == [
        "review 2, reviewers: found 'North' again, expected another name",
        "review 2, policy: found other.txt, digest none, expected the document of review 1, "
        "aaaaaaaaaaaa",
        "review 2, vocabulary: found another list than review 1 (else), expected the same groups "
        "and concepts",
        "review 3, reviewers: found nothing, expected the name of the group",
    ]
    with pytest.raises(InputError, match="reviews: found 0, expected two or more"):
        merge([], on=ON)
