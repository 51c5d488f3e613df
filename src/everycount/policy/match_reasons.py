"""Say in words why two texts may belong together, and what speaks against it."""

from collections.abc import Mapping
from typing import Final

from everycount.policy.match_profile import Profile, topic_words
from everycount.policy.negation import contrary, sides_of
from everycount.policy.slots import described, opposed, same_scale

SHOWN: Final = 4
"""Shared words named in a reason; more do not help to judge."""


def reasons(asked: Profile, told: Profile, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return what a query and an indicator share, in words.

    Parameters
    ----------
    asked : Profile
        The query.
    told : Profile
        The indicator.
    labels : mapping
        English label by thesaurus concept.

    Returns
    -------
    tuple of str
        Empty when they share nothing that can be named.

    Examples
    --------
    >>> from everycount.policy.match_profile import profile
    >>> from everycount.policy.thesaurus import Finder
    >>> one = profile("Share of women aged 15-49 years in work", "en", Finder())
    >>> other = profile("Proportion of women aged 15-49 years at work", "en", Finder())
    >>> reasons(one, other, {})
    ('both a proportion', 'both about women', 'both of ages 15 to 49', 'words in both: women, work')
    """
    found = []
    if asked.slots.measure and asked.slots.measure == told.slots.measure:
        found.append(f"both {_article(told.slots.measure)}")
    people = asked.slots.people & told.slots.people
    if people:
        found.append(f"both about {', '.join(sorted(people))}")
    if asked.slots.ages and asked.slots.ages == told.slots.ages:
        found.append(f"both of ages {described(asked.slots.ages)}")
    both = asked.concepts.keys() & told.concepts.keys()
    topics = sorted(labels.get(group, group) for group in both)
    if topics:
        found.append(f"both on {', '.join(topics)}")
    shared = [word for stemmed, word in told.words.items() if stemmed in asked.words]
    if shared:
        found.append(f"words in both: {', '.join(shared[:SHOWN])}")
    return tuple(found)


def warnings(asked: Profile, told: Profile, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return what contradicts a match, in words.

    Parameters
    ----------
    asked : Profile
        The query.
    told : Profile
        The indicator.
    labels : mapping
        English label by thesaurus concept.

    Returns
    -------
    tuple of str
        Empty when nothing does.

    Examples
    --------
    >>> from everycount.policy.match_profile import profile
    >>> from everycount.policy.thesaurus import Finder
    >>> one = profile("Number of men aged 18 years and over", "en", Finder())
    >>> other = profile("Proportion of women aged 15 years and over", "en", Finder())
    >>> for words in warnings(one, other, {}):
    ...     print(words)
    about women, where the query is about men
    ages 15 and over, where the query says 18 and over
    a proportion, where the query has a number
    """
    found = [*contradictions(asked, told, labels)]
    ages = asked.slots.ages, told.slots.ages
    if ages[0] and ages[1] and ages[0] != ages[1]:
        found.append(f"ages {described(ages[1])}, where the query says {described(ages[0])}")
    if not same_scale(asked.slots.measure, told.slots.measure):
        found.append(
            f"{_article(told.slots.measure)}, where the query has {_article(asked.slots.measure)}"
        )
    return tuple(found)


def contradictions(asked: Profile, told: Profile, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return the gravest warnings: opposite people, and what one side denies or leaves out.

    Examples
    --------
    >>> from everycount.policy.match_profile import profile
    >>> from everycount.policy.thesaurus import Finder
    >>> one, other = (profile(text, "en", Finder()) for text in ("Rural homes", "Urban homes"))
    >>> contradictions(one, other, {})
    ('about urban population, where the query is about rural population',)
    """
    found = []
    pair = opposed(asked.slots.people, told.slots.people)
    if pair:
        found.append(f"about {pair[1]}, where the query is about {pair[0]}")
    found += _left_out(asked, told, labels, "leaves out {}, which the query is about")
    found += _left_out(told, asked, labels, "about {}, which the query leaves out")
    return (*found, *_denied(asked, told))


def _denied(asked: Profile, told: Profile) -> list[str]:
    """Return a warning for each thing one text denies and the other is about."""
    query, title = (sides_of(side.topic, side.language) for side in (asked, told))
    found = [
        f"about ‘{each.words}’, where the query is about the opposite"
        for each in contrary(title, query)
    ]
    return found + [
        f"about the opposite of ‘{each.words}’, which the query is about"
        for each in contrary(query, title)
    ]


def _left_out(
    about: Profile, excluding: Profile, labels: Mapping[str, str], wording: str
) -> list[str]:
    """Return a warning for each thing one text leaves out and the other is about."""
    if not excluding.slots.excluded:
        return []
    found = []
    for words_left in excluding.slots.excluded:
        named = topic_words(words_left, excluding.language).keys()
        if named and named <= about.words.keys() and words_left not in about.slots.excluded:
            found.append(wording.format(words_left))
    if not found:
        names = sorted(
            labels.get(group, group) for group in excluding.excluded & about.concepts.keys()
        )
        found = [wording.format(name) for name in names]
    return found


def _article(measure: str) -> str:
    """Return a kind of measure with its article."""
    return f"{'an' if measure[0] in 'aei' else 'a'} {measure}"
