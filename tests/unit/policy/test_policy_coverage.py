"""How far a policy goes with the concepts and groups of a list."""

from everycount.model.issue import Decision, Issue, Tag
from everycount.model.vocabulary import Concept, TargetGroup, Vocabulary
from everycount.policy.coverage import coverage

CONCEPTS = tuple(
    Concept(code=code, title={"en": code}, question={}, terms={}) for code in ("c1", "c2")
)
GROUPS = tuple(
    TargetGroup(code=code, title={"en": code}, terms={}, parent=parent)
    for code, parent in (("women", ""), ("rural", "women"), ("men", ""))
)
VOCABULARY = Vocabulary(
    id="own", title={"en": "Own"}, source="Own", groups=GROUPS, concepts=CONCEPTS
)


def issue(name, *, groups=(), concepts=(), status="proposed"):
    by = "" if status == "proposed" else "A"
    return Issue(
        id=name,
        passage=name,
        action="Do",
        groups=tuple(Tag(code=code) for code in groups),
        concepts=tuple(Tag(code=code, grade=grade) for code, grade in concepts),
        decision=Decision(status=status, by=by),
    )


def test_coverage_takes_the_best_grade_and_counts_clauses():
    issues = [
        issue("1", groups=["rural"], concepts=[("c1", 2)]),
        issue("2", groups=["women", "rural"], concepts=[("c1", 4)]),
    ]
    found = coverage(issues, VOCABULARY)
    assert [(c.code, c.grade, c.clauses) for c in found.concepts] == [("c1", 4, 2), ("c2", 0, 0)]
    assert [(g.code, g.grade, g.clauses, g.parts) for g in found.groups] == [
        ("women", 1, 1, 1),
        ("rural", 1, 2, 0),
        ("men", 0, 0, 0),
    ]
    assert (found.concept_share, found.group_share, found.quality) == (0.5, 2 / 3, 0.5)
    assert found.rank == "High"
    assert "as far as we know it" in found.note


def test_coverage_leaves_out_rejected_issues():
    found = coverage([issue("1", concepts=[("c1", 4)], status="rejected")], VOCABULARY)
    assert (found.concept_share, found.rank) == (0, "Low")


def test_coverage_ranks_by_shares_that_reach_one_half():
    only_named = coverage([issue("1", groups=["men"], concepts=[("c1", 1)])], VOCABULARY)
    assert (only_named.concept_share, only_named.quality, only_named.rank) == (0.5, 0, "Low")
    acted_on = coverage([issue("1", concepts=[("c1", 3)])], VOCABULARY)
    assert acted_on.rank == "Moderate"


def test_coverage_of_an_empty_list_is_nothing():
    empty = Vocabulary(id="own", title={"en": "Own"}, source="Own")
    assert coverage([issue("1", groups=["men"])], empty).rank == "Low"
