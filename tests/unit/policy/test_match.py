"""Matching of clauses and titles with the indicators of frameworks."""

import numpy as np
import pytest

from everycount.model.framework import Framework, Source
from everycount.model.indicator import Indicator
from everycount.model.match import Alias, Query
from everycount.policy.match import match
from everycount.policy.match_bands import LIKELY, NEAREST, band_of, confidence, mixed
from everycount.policy.match_fields import fields_of, target_of
from everycount.policy.thesaurus import Term, Thesaurus

SPOUSE = "Women subjected to violence by an intimate partner"
STRANGER = "Women subjected to sexual violence by persons other than an intimate partner"
TITLES = {
    "5.2.1": SPOUSE,
    "5.2.2": STRANGER,
    "5.5.1": "Proportion of seats held by women in national parliaments",
    "4.7.1": "Extent to which education for sustainable development is taught",
    "12.8.1": "Extent to which education for sustainable development is taught",
    "6.1.1": "Proportion of population using safely managed drinking water services",
}
VIOLENCE = Thesaurus(
    terms=(
        Term(group="ipv", label="partner violence", language="en", term="intimate partner"),
        Term(group="ipv", label="partner violence", language="en", term="marital rape"),
    )
)


def framework(titles, name="sdg-global", language="en"):
    indicators = tuple(
        Indicator(key=key, code=key, title=title if isinstance(title, dict) else {language: title})
        for key, title in titles.items()
    )
    return Framework(
        id=name,
        version="1",
        title={"en": name},
        publisher="UN",
        level="global",
        valid_from="2023",
        source=Source(citation="UN"),
        indicators=indicators,
    )


SDG = framework(TITLES)


def only(text, *, frameworks=(SDG,), **options):
    (found,) = match([Query(id="q", text=text)], frameworks, **options)
    return found


def topics(texts):
    """Return a vector for each text by the topic it names, as a model might."""
    names = ("violence", "parliament", "water", "school")
    rows = np.array([[name in text.lower() for name in names] for text in texts], np.float32)
    rows = rows.reshape(len(texts), len(names)) + np.float32(0.01)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_every_query_is_matched_in_every_framework_in_order():
    other = framework({"1": "Water supply"}, name="core")
    queries = [Query(id="a", text="Drinking water"), Query(id="b", text="Parliament")]
    found = match(queries, [SDG, other])
    assert [(each.query.id, each.framework) for each in found] == [
        ("a", "sdg-global@1"),
        ("a", "core@1"),
        ("b", "sdg-global@1"),
        ("b", "core@1"),
    ]


def test_no_queries_give_no_matches():
    assert match([], [SDG]) == ()


def test_the_same_title_in_other_words_is_likely():
    found = only("Proportion of national parliament seats held by women, by region")
    assert found.band == "likely"
    assert found.candidates[0].key == "5.5.1"
    assert "both a proportion" in found.candidates[0].reasons
    assert found.confidence > 0.5


def test_a_candidate_without_the_topic_of_the_query_is_none_however_many_words_they_share():
    pay = Thesaurus(
        terms=(
            *VIOLENCE.terms,
            Term(group="wages", label="wages", language="en", term="wages"),
        )
    )
    text = "Proportion of population using wages for services"
    assert only(text).band == "possible"
    assert only(text, thesaurus=VIOLENCE).band == "possible"
    assert only(text, thesaurus=pay).band == "none"


def test_numbers_in_words_are_those_in_figures():
    other = framework({"1": "Under-5 mortality rate", "2": "Infant mortality rate"})
    both = [only(text, frameworks=(other,)) for text in ("Under-five deaths", "Under-5 deaths")]
    assert [each.candidates[0].key for each in both] == ["1", "1"]
    assert both[0].candidates[0].score == both[1].candidates[0].score


def test_a_title_about_something_else_shows_the_nearest_as_none():
    found = only("Mountain railways")
    assert found.band == "none"
    assert len(found.candidates) == 5
    assert found.candidates[0].score < NEAREST["words"]


def test_candidates_are_as_many_as_asked_and_numbered():
    found = only("Women in parliament", count=2)
    assert [each.rank for each in found.candidates] == [1, 2]
    assert found.lexical == found.candidates
    assert found.semantic == ()


def test_indicators_with_one_title_are_one_candidate():
    found = only("Education for sustainable development")
    assert (found.candidates[0].key, found.candidates[0].same_title) == ("4.7.1", ("12.8.1",))


def test_keywords_lead_to_an_indicator_whose_title_shares_no_word():
    keywords = {"en": {"6.1.1": ("piped supply",), "6.1": ("tap",)}}
    assert only("Piped supply at home").candidates[0].key != "6.1.1"
    assert only("Piped supply at home", keywords=keywords).candidates[0].key == "6.1.1"
    assert only("Households with a tap", keywords=keywords).candidates[0].key == "6.1.1"


def test_keywords_are_for_frameworks_with_sdg_keys_only():
    keywords = {"en": {"6.1": ("tap",)}}
    assert fields_of(SDG, "en", keywords=keywords).entries[-1].target == ("tap",)
    national = framework(TITLES, name="national")
    assert fields_of(national, "en", keywords=keywords).entries[-1].target == ()


@pytest.mark.parametrize(
    ("key", "target"), [("5.a.1", "5.a"), ("17.18.3", "17.18"), ("18.1.1", ""), ("5d", "")]
)
def test_the_target_is_read_from_an_sdg_key(key, target):
    assert target_of(key) == target


def test_a_linked_title_finds_its_indicator_and_is_named():
    alias = Alias(framework="sdg-global@1", key="6.1.1", title="Standpipes", origin="rwa@1 6.1.1")
    elsewhere = Alias(framework="core@1", key="1", title="Standpipes", origin="rwa@1 6.1.1")
    found = only("Standpipes", aliases=[alias, elsewhere]).candidates[0]
    assert found.key == "6.1.1"
    assert found.reasons[0] == "rwa@1 6.1.1 ‘Standpipes’ was linked to it"
    assert found.score == pytest.approx(0.9)


def test_a_linked_title_that_did_not_help_is_not_named():
    alias = Alias(framework="sdg-global@1", key="6.1.1", title="Standpipes", origin="rwa@1 6.1.1")
    found = only("Safely managed drinking water services", aliases=[alias]).candidates[0]
    assert (found.key, "linked" in found.reasons[0]) == ("6.1.1", False)


def test_a_heading_tips_the_balance_and_does_not_swamp_the_clause():
    clause = "Parliament shall have seats for women."
    (plain,) = match([Query(id="q", text=clause, heading="Drinking water services")], [SDG])
    assert plain.candidates[0].key == "5.5.1"
    (led,) = match([Query(id="q", text="The population is served.", heading="Water")], [SDG])
    assert led.candidates[0].key == "6.1.1"


def test_what_a_title_leaves_out_is_a_warning_and_no_topic():
    found = only("Marital rape and violence by an intimate partner", thesaurus=VIOLENCE)
    by_key = {each.key: each for each in found.candidates}
    assert found.candidates[0].key == "5.2.1"
    assert "both on partner violence" in by_key["5.2.1"].reasons
    assert by_key["5.2.1"].warnings == ()
    assert by_key["5.2.2"].warnings == ("leaves out an intimate partner, which the query is about",)


def test_what_the_query_leaves_out_is_a_warning_too():
    found = only("Violence against women except by an intimate partner", thesaurus=VIOLENCE)
    by_key = {each.key: each for each in found.candidates}
    assert by_key["5.2.1"].warnings == ("about an intimate partner, which the query leaves out",)


def test_other_words_for_what_is_left_out_are_seen_through_the_thesaurus():
    found = only("Punishment of marital rape of women", thesaurus=VIOLENCE)
    by_key = {each.key: each for each in found.candidates}
    assert by_key["5.2.2"].warnings == ("leaves out partner violence, which the query is about",)


def test_a_match_that_something_contradicts_is_not_likely():
    men = "Proportion of seats held by men in national parliaments"
    found = only(men)
    assert found.candidates[0].score > LIKELY["words"]
    assert found.candidates[0].warnings == ("about women, where the query is about men",)
    assert found.band == "possible"


def test_without_shared_ground_there_is_no_reason():
    assert only("Mountain railways").candidates[0].reasons == ()


def test_a_framework_without_titles_in_the_language_was_not_searched():
    found = only("Bạo lực gia đình", language="vi")
    assert (found.band, found.note) == ("no titles", "no titles in vi")
    assert found.candidates == ()


def test_titles_missing_in_part_are_told():
    titles = {"1": {"en": "Poverty", "vi": "Hộ nghèo"}, "2": {"en": "Seats"}}
    found = only("Hộ nghèo", language="vi", frameworks=[framework(titles)])
    assert found.band == "likely"
    assert found.note == "1 indicators have no title in vi and were not searched"


def test_each_query_may_speak_its_own_language():
    titles = {"1": {"en": "Poverty rate", "fr": "Taux de pauvreté"}}
    queries = [
        Query(id="a", text="Taux de pauvreté", language="fr"),
        Query(id="b", text="Poverty rate"),
    ]
    found = match(queries, [framework(titles)])
    assert [each.candidates[0].title for each in found] == ["Taux de pauvreté", "Poverty rate"]


def test_embeddings_find_what_words_do_not():
    titles = {"1": "Violence at home", "2": "Water in each school", "3": "Seats in parliament"}
    words = only("Pupils", frameworks=[framework(titles)])
    assert words.band == "none"

    def embed(texts):
        return topics([text.replace("Pupils", "school water") for text in texts])

    found = only("Pupils", frameworks=[framework(titles)], embed=embed)
    assert found.candidates[0].key == found.semantic[0].key == "2"
    assert found.candidates[0].semantic == pytest.approx(1.0, abs=0.02)
    assert found.candidates[0].lexical == 0
    assert len(found.lexical) == 3


def test_embeddings_use_keywords_aliases_and_headings():
    keywords = {"en": {"6.1": ("water",), "6.1.1": ("water at home",)}}
    alias = Alias(framework="sdg-global@1", key="4.7.1", title="School clubs", origin="rwa@1 1")
    query = Query(id="q", text="School days", heading="Water")
    (found,) = match([query], [SDG], keywords=keywords, aliases=[alias], embed=topics)
    assert found.semantic[0].key == "4.7.1"
    assert found.semantic[0].reasons[0].startswith("rwa@1 1 ‘School clubs’")
    assert found.semantic[1].key == "6.1.1"


def test_a_framework_of_one_indicator_is_searched():
    found = only("Seats", frameworks=[framework({"1": "Seats"}, name="core")])
    assert found.band == "likely"
    assert found.confidence == 1


def test_words_and_meaning_are_mixed_by_score():
    assert mixed(np.array([[1.0]]), None) == 1
    assert mixed(np.array([[1.0]]), np.array([[0.0]])) == pytest.approx(0.4)


def test_confidence_is_score_and_lead():
    assert confidence(0.4, 0.3) == pytest.approx(0.2)
    assert confidence(0.9, 0.2) > confidence(0.9, 0.3) > confidence(0.8, 0.3)


@pytest.mark.parametrize("how", ["words", "meaning"])
def test_bands_begin_at_their_thresholds(how):
    assert band_of(LIKELY[how], how) == "likely"
    assert band_of(NEAREST[how], how) == "possible"
    assert band_of(np.nextafter(NEAREST[how], 0), how) == "none"


def test_a_clause_that_denies_what_an_indicator_counts_is_warned_and_not_likely():
    work = framework({"8.5": "Women in employment", "6.1": TITLES["6.1.1"]})
    found = only("Women not in employment", frameworks=(work,))
    assert (found.band, found.candidates[0].key) == ("possible", "8.5")
    assert found.candidates[0].warnings == (
        "about the opposite of ‘not in employment’, which the query is about",
    )
