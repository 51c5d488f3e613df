"""Ratings and steps for indicators that do not exist."""

from dataclasses import replace

import pytest

from everycount.errors import InputError
from everycount.model.framework import Framework, Source
from everycount.model.indicator import Indicator
from everycount.model.plan import PlanLine, Rating
from everycount.model.review import PolicyText, Review
from everycount.model.vocabulary import Vocabulary
from everycount.policy.unknown import refuse_unknown_subjects

SET = Framework(
    id="here",
    version="2024",
    title={"en": "Ours"},
    publisher="us",
    level="national",
    valid_from="2024",
    source=Source(citation="a list"),
    indicators=(Indicator(key="n1", code="n1", title={"en": "Seats"}),),
)
REVIEW = Review(
    title="Law",
    policy=PolicyText(name="law.md", digest="", language="en"),
    vocabulary=Vocabulary(id="own", title={"en": "Own"}, source="us"),
)


def with_both(key):
    rating = Rating(
        framework="here@2024", key=key, by="An", side="user", criterion="demand", mark=3
    )
    line = PlanLine(id="p1", framework="here@2024", key=key, step="ask")
    return replace(REVIEW, ratings=(rating,), plan=(line,))


def test_every_rating_and_step_is_told():
    with pytest.raises(InputError) as caught:
        refuse_unknown_subjects(REVIEW, with_both("n7"), [SET])
    assert [each.where for each in caught.value.problems] == [
        "rating of here@2024 n7",
        "step p1 of the plan, here@2024 n7",
    ]
    assert caught.value.problems[0].expected == "an indicator of here@2024, such as n1"


def test_what_exists_was_there_before_or_cannot_be_judged_passes():
    refuse_unknown_subjects(REVIEW, with_both("n1"), [SET])
    refuse_unknown_subjects(with_both("n7"), with_both("n7"), [SET])
    refuse_unknown_subjects(REVIEW, with_both("n7"), [])
