from dataclasses import replace

import pytest

from everycount.model.issue import Decision, Issue, Tag
from everycount.model.review import (
    Clause,
    FrameworkUse,
    IndicatorLink,
    PolicyText,
    Review,
    SignOff,
)
from everycount.model.strict import Faults
from everycount.model.supply import DataSource
from everycount.model.vocabulary import Concept, TargetGroup, Vocabulary

YES = Decision(status="accepted", by="Hoa")
CORE = FrameworkUse(reference="core@1", title="Core", level="national")
FIRST = Issue(id="1", passage="11.2", action="Do", groups=(Tag(code="women"),), decision=YES)
SECOND = Issue(id="2", passage="12", action="Report", concepts=(Tag(code="access"),))


def clause(number, kind, parent=""):
    return Clause(number=number, kind=kind, label=number, text="", parent=parent)


def link(issue="1", key="5", **given):
    return IndicatorLink(
        **{"issue": issue, "framework": "core@1", "key": key, "band": "likely", **given}
    )


def review(**given):
    said = {
        "title": "Law",
        "policy": PolicyText(name="law.pdf", digest="", language="en"),
        "vocabulary": Vocabulary(
            id="own",
            title={"en": "Own"},
            source="us",
            groups=(TargetGroup(code="women", title={"en": "Women"}, terms={}),),
            concepts=(Concept(code="access", title={"en": "A"}, question={}, terms={}),),
        ),
        "frameworks": (CORE,),
        "issues": (FIRST, SECOND),
        "links": (link(),),
    }
    return Review(**{**said, **given})


def refused(make):
    with pytest.raises(Faults) as error:
        make()
    return [(path, found) for path, found, _ in error.value.faults]


def test_clause_is_found_with_the_article_it_is_in():
    policy = PolicyText(
        name="law.pdf",
        digest="",
        language="en",
        clauses=(
            clause("II", "chapter"),
            clause("11", "article", "II"),
            clause("11.2", "clause", "11"),
            clause("11.2.a", "point", "11.2"),
            clause("p", "paragraph"),
        ),
    )
    assert policy.clause("11.2").kind == "clause"
    assert policy.clause("99") is None
    assert [policy.objective(number) for number in ("11.2.a", "11", "p", "99")] == [
        *("11", "11", "p", "99"),
    ]


def test_issues_are_found_by_their_id():
    assert review().issue("2") is SECOND
    assert review().issue("3") is None


def test_link_counts_once_it_and_its_issue_are_accepted():
    links = (link(decision=YES), link(key="6"), link("2", decision=YES))
    assert review(links=links).accepted == (FIRST,)
    assert review(links=links).accepted_links == links[:1]


def test_link_is_refused_with_all_its_faults():
    found = refused(lambda: link(issue="", key=" ", score=1.5, relation="same"))
    assert [path for path, _ in found] == [("issue",), ("key",), ("score",), ("relation",)]
    assert link(score=1.0, relation="close").ends == ("1", "core@1", "5")


def test_sign_off_is_refused_with_all_its_faults():
    given = {"by": "", "organisation": "", "on": "today"}
    found = refused(lambda: SignOff(verdict="dissents", **given))
    assert [path for path, _ in found] == [("by",), ("organisation",), ("words",), ("on",)]
    found = refused(lambda: SignOff(by="Hoa", organisation="GSO", on="2026", verdict="maybe"))
    assert found[0] == (("verdict",), "'maybe'")
    assert SignOff(by="Hoa", organisation="GSO", on="2026", verdict="agrees").words == ""


def test_review_is_refused_with_all_that_does_not_hang_together():
    stranger = replace(SECOND, id="1", groups=(Tag(code="boys"),), concepts=(Tag(code="quality"),))
    source = DataSource(code="LFS", title="Labour force survey")
    found = refused(
        lambda: review(
            title="",
            frameworks=(CORE, CORE),
            issues=(FIRST, stranger),
            links=(link(), link(), link("3"), link(key="7", framework="core@2")),
            sources=(source, source),
        )
    )
    assert found == [
        (("title",), "''"),
        (("issues", 1, "id"), "'1' again, first in entry 1"),
        (("frameworks", 1, "reference"), "'core@1' again, first in entry 1"),
        (("links", 1, "key"), "'1 core@1 5' again, first in entry 1"),
        (("issues", 1, "groups", 0, "code"), "'boys'"),
        (("issues", 1, "concepts", 0, "code"), "'quality'"),
        (("links", 2, "issue"), "'3'"),
        (("links", 3, "framework"), "'core@2'"),
        (("sources", 1, "code"), "'LFS' again"),
    ]


def test_clauses_of_one_number_and_parents_that_do_not_stand_before_are_refused():
    clauses = tuple(
        Clause(number=number, kind="clause", label=number, text="Words", parent=parent)
        for number, parent in (("1", "2"), ("2", ""), ("2", "2"))
    )
    with pytest.raises(Faults) as caught:
        PolicyText(name="law.txt", digest="", language="en", clauses=clauses)
    assert caught.value.faults == (
        (("clauses", 0, "parent"), "'2'", "the number of a clause before it"),
        (("clauses", 2, "number"), "'2' again", "each number once"),
    )
