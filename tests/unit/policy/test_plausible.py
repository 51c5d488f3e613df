"""What is odd in issues and targets that people changed."""

from dataclasses import replace

from everycount.model.issue import Cause, Issue, Target
from everycount.model.review import PolicyText, Review
from everycount.model.vocabulary import Vocabulary
from everycount.policy.plausible import impossible, oddities

TARGET = Target(
    id="t", words=Cause(passage="1", start=0, end=1, words="x"), value=40, unit="%", year=2030
)
ISSUE = Issue(id="1", passage="1", action="do", targets=(TARGET,))
REVIEW = Review(
    title="Law",
    policy=PolicyText(name="law.md", digest="", language="en"),
    vocabulary=Vocabulary(id="own", title={"en": "Own"}, source="us"),
)


def odd(target, issue=ISSUE):
    after = replace(REVIEW, issues=(replace(issue, targets=(target,)),))
    return oddities(replace(REVIEW, issues=(issue,)), after)


def test_a_baseline_of_the_same_year_is_impossible_and_one_before_is_not():
    assert list(impossible(replace(TARGET, baseline=1, baseline_year=2029))) == []
    assert list(impossible(replace(TARGET, baseline=1))) == []
    assert list(impossible(replace(TARGET, year=None, baseline_year=2031))) == []
    late = replace(TARGET, baseline=1, baseline_year=2030)
    assert [field for field, *_ in impossible(late)] == ["baseline_year"]
    assert odd(late) == (
        "t: the baseline is of 2030, expected a year before that of the target, 2030",
    )


def test_shares_outside_of_0_to_100_are_odd_in_every_slot():
    target = replace(TARGET, comparator="between", value=-1, upper=101, baseline=100)
    assert [words.split(";")[0] for words in odd(target)] == [
        "t: the value is -1 %",
        "t: the upper is 101 %",
    ]
    assert odd(replace(TARGET, unit="births", value=101)) == ()


def test_what_was_odd_before_is_told_once():
    issue = replace(ISSUE, area_level="planet", targets=(replace(TARGET, value=-5),))
    before = replace(REVIEW, issues=(issue,))
    assert oddities(before, replace(REVIEW, issues=(replace(issue, frequency="yearly"),))) == ()
    assert len(oddities(REVIEW, before)) == 2
