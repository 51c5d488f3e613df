"""What a title or clause says, taken apart once: its topic, concepts, people, ages, words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from everycount.policy.match_words import clean, split_excluded, split_tail, topic_stem, words
from everycount.policy.slots import Slots, slots_of
from everycount.policy.thesaurus import Finder, find


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a text says, in one language."""

    language: str
    topic: str
    """The text without breakdowns at its end and without what it leaves out."""
    heading: str = ""
    slots: Slots
    concepts: Mapping[str, str] = field(default_factory=dict)
    """Thesaurus concepts of the topic, with the words that stand for them."""
    excluded: frozenset[str] = frozenset()
    """Concepts of what the text leaves out."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Words of topic and heading by their stem, measure words and numbers left out."""


def profile(text: str, language: str, finder: Finder, *, heading: str = "") -> Profile:
    """Return what a text says.

    Parameters
    ----------
    text : str
        Title or clause.
    language : str
        ISO 639-1 code.
    finder : Finder
        Thesaurus terms of the language.
    heading : str, optional
        Heading of a clause.

    Returns
    -------
    Profile
        For scores and reasons.

    Examples
    --------
    >>> said = profile("Violence by persons other than a partner, by age", "en", Finder())
    >>> said.topic, said.slots.excluded, list(said.words)
    ('Violence by persons', ('a partner',), ['violenc'])
    """
    topic = split_excluded(split_tail(text, language)[0], language)[0]
    slots = slots_of(text, language)
    above = clean(heading)
    left_out = " ; ".join(slots.excluded)
    return Profile(
        language=language,
        topic=topic,
        heading=above,
        slots=slots,
        concepts=find(finder, topic, language),
        excluded=frozenset(find(finder, left_out, language)) if left_out else frozenset(),
        words=topic_words(f"{topic} {above}", language),
    )


def share_topic(asked: Profile, told: Profile) -> bool:
    """Tell whether a candidate has a concept that the query names; yes where the query names none.

    Examples
    --------
    >>> from everycount.policy.thesaurus import Term, Thesaurus, finder
    >>> wage = Term(group="wages", label="wages", language="en", term="wage")
    >>> known = finder(Thesaurus(terms=(wage,)), "en")
    >>> gap, ratio = (profile(text, "en", known) for text in ("Gross wages", "Gross ratio"))
    >>> share_topic(gap, ratio), share_topic(ratio, gap)
    (False, True)
    """
    return not asked.concepts or not asked.concepts.keys().isdisjoint(told.concepts)


def topic_words(text: str, language: str) -> dict[str, str]:
    """Return the words of a text by their stem, without measure words and numbers.

    Examples
    --------
    >>> topic_words("Number of women elected", "en")
    {'women': 'women', 'elect': 'elected'}
    """
    found: dict[str, str] = {}
    for word in words(text):
        stemmed = topic_stem(word, language)
        if stemmed:
            found.setdefault(stemmed, word)
    return found
