"""What a policy asks of each indicator, told from what people accepted."""

import pytest

from everycount.model.issue import Cause, Decision, Issue, Tag, Target
from everycount.model.review import Clause, FrameworkUse, IndicatorLink, PolicyText, Review
from everycount.model.supply import Catalogue
from everycount.model.vocabulary import TargetGroup, Vocabulary
from everycount.policy.handbook_demand import demand_facts, target_words

YES = Decision(status="accepted", by="Lan", on="2026-11-22")
WORDS = Cause(passage="5", start=0, end=4, words="30 %")


def target(**more):
    return Target(**{"id": "t", "words": WORDS, "value": 30, "unit": "%", **more})


def review(*links, issues=None):
    first = Issue(
        id="5.1",
        passage="5",
        action="Women own firms",
        decision=YES,
        groups=(Tag(code="women"),),
        targets=(target(comparator="at least", year=2030), target(id="u", value=None)),
        breakdowns=(("sex",), ("sex", "age")),
        frequency="every year",
        area_level="province",
    )
    second = Issue(id="x", passage="", action="More women", decision=YES)
    return Review(
        title="Review",
        policy=PolicyText(
            name="law.pdf",
            digest="",
            language="vi",
            title="Law",
            clauses=(Clause(number="5", kind="article", label="Điều năm", text="30 %"),),
        ),
        vocabulary=Vocabulary(
            id="own",
            title={"en": "Own"},
            source="us",
            groups=(TargetGroup(code="women", title={"en": "Women", "vi": "Phụ nữ"}, terms={}),),
        ),
        frameworks=(FrameworkUse(reference="f@1", title="F", level="global"),),
        issues=issues or (first, second),
        links=tuple(
            IndicatorLink(
                issue=issue, framework="f@1", key=key, band="added", relation=relation, decision=YES
            )
            for issue, key, relation in links
        ),
    )


def facts(*links, framework="f@1"):
    return demand_facts(review(*links), Catalogue(), framework, language="en")


def test_clauses_issues_targets_and_breakdowns_are_told():
    assert facts(("5.1", "I.1", None), ("x", "I.1", "exact"))["I.1"] == {
        "clauses": {"vi": "Law: Điều năm (5), not in the document"},
        "issues": {"vi": "Women own firms\nMore women"},
        "target_groups": {"vi": "Phụ nữ"},
        "policy_target": {"vi": "at least 30 %, by 2030"},
        "required_breakdowns": {"en": "sex; sex x age"},
        "required_frequency": {"en": "every year"},
        "required_areas": {"en": "province"},
    }


def test_links_that_are_only_related_or_of_another_set_do_not_count():
    assert facts(("5.1", "I.1", "related")) == {}
    assert facts(("5.1", "I.1", None), framework="g@1") == {}


def test_an_issue_that_says_little_leaves_fields_out():
    assert set(facts(("x", "I.2", None))["I.2"]) == {"clauses", "issues"}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"comparator": "between", "upper": 40}, "30 to 40 %"),
        ({"comparator": "about", "unit": ""}, "about 30"),
        ({"measure": "Owners", "comparator": "more than"}, "Owners: more than 30 %"),
        ({"value": None}, ""),
    ],
)
def test_target_is_said_in_words(more, words):
    assert target_words(target(**more)) == words
