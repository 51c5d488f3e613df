"""What holds for affirmed and denied words, whatever the text."""

from hypothesis import given
from hypothesis import strategies as st

from everycount.policy.compare import Definition, compare
from everycount.policy.negation import contrary, sides_of

SPOKEN = (
    "women employed unemployed not without or and in training paid unpaid formal non account , . - "
    "other than partner neither with sans pas ne emploi sin no không có việc làm 15-49 & ( \u0301"
)
TEXTS = st.lists(st.sampled_from(SPOKEN.split()), min_size=1, max_size=10).map(" ".join)
LANGUAGES = st.sampled_from(["en", "fr", "es", "vi", "de"])


@given(TEXTS, LANGUAGES)
def test_no_text_is_contrary_to_itself(text, language):
    sides = sides_of(text, language)
    assert contrary(sides, sides) == ()
    assert all(each.stems for each in sides.denials)


@given(TEXTS, LANGUAGES)
def test_the_same_definition_has_no_part_that_differs(text, language):
    definition = Definition(title=text, language=language)
    found = compare(definition, definition)
    assert found.relation == "exact"
    assert {each.grade for each in found.aspects} <= {"same", "not stated"}


@given(TEXTS, TEXTS, LANGUAGES)
def test_opposites_are_found_from_either_side(first, second, language):
    one, other = (Definition(title=text, language=language) for text in (first, second))
    there, back = compare(one, other), compare(other, one)
    assert there.reason.startswith("opposite") == back.reason.startswith("opposite")
    if there.reason.startswith("opposite"):
        assert there.relation == back.relation == "related"
