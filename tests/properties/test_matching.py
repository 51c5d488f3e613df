"""What holds for every match, whatever the words."""

from hypothesis import given
from hypothesis import strategies as st

from everycount.model.framework import Framework, Source
from everycount.model.indicator import Indicator
from everycount.model.match import Query
from everycount.policy.match import match
from everycount.policy.slots import slots_of

SPOKEN = (
    "women men girls share number of by sex age 15-49 years parliament water violence other than "
    "an intimate partner per 1,000 births tỷ lệ phụ nữ taux femmes <b> & ( ) , . % ’ \u0301"
)
WORDS = st.sampled_from(SPOKEN.split())
TEXTS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
TITLES = TEXTS.filter(str.strip)
LANGUAGES = st.sampled_from(["en", "fr", "es", "vi", "de"])


def framework(titles, language):
    return Framework(
        id="core",
        version="1",
        title={"en": "Core"},
        publisher="NSO",
        level="national",
        valid_from="2024",
        source=Source(citation="NSO"),
        indicators=tuple(
            Indicator(key=str(at), code=str(at), title={language: title})
            for at, title in enumerate(titles)
        ),
    )


def asked(texts):
    return [Query(id=str(at), text=text) for at, text in enumerate(texts)]


@given(st.lists(TITLES, min_size=1, max_size=5), st.lists(TEXTS, max_size=4), LANGUAGES)
def test_scores_lie_between_0_and_1_and_fall(titles, texts, language):
    core = framework(titles, language)
    for found in match(asked(texts), [core], language=language):
        scores = [each.score for each in found.candidates]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)
        assert 0 <= found.confidence <= scores[0]
        keys = [key for each in found.candidates for key in (each.key, *each.same_title)]
        assert len(keys) == len(set(keys))


@given(st.lists(TITLES, min_size=1, max_size=5), st.lists(TEXTS, max_size=4), LANGUAGES)
def test_a_match_does_not_depend_on_other_queries(titles, texts, language):
    core = framework(titles, language)
    together = match(asked(texts), [core], language=language)
    alone = [match([query], [core], language=language)[0] for query in asked(texts)]
    for one, other in zip(together, alone, strict=True):
        assert (one.band, one.note) == (other.band, other.note)
        assert [each.key for each in one.candidates] == [each.key for each in other.candidates]


@given(TEXTS, LANGUAGES)
def test_every_text_can_be_taken_apart(text, language):
    slots = slots_of(text, language)
    if slots.ages and None not in slots.ages:
        assert slots.ages[0] >= 0
