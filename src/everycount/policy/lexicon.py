"""Make a vocabulary ready for reading clauses of one language."""

from dataclasses import dataclass

from everycount.model.vocabulary import Concept, Dimension, TargetGroup, Vocabulary
from everycount.policy.terms import Finder, finder


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lexicon:
    """A vocabulary with what finds its terms in a text."""

    language: str
    groups: dict[str, TargetGroup]
    """Target groups by code."""
    concepts: dict[str, Concept]
    """Core concepts by code."""
    find_groups: Finder
    find_concepts: Finder

    def dimension(self, group: str) -> Dimension:
        """Return the dimension of a target group."""
        return self.groups[group].dimension


def lexicon_of(vocabulary: Vocabulary, language: str) -> Lexicon:
    """Return a vocabulary ready for reading clauses of one language.

    Parameters
    ----------
    vocabulary : Vocabulary
        Any vocabulary; entries without words in the language are never found.
    language : str
        Language code of the clauses.

    Examples
    --------
    >>> girls = TargetGroup(code="girls", title={"en": "Girls"}, terms={"en": ("girls",)})
    >>> own = Vocabulary(id="own", title={"en": "Own"}, source="Own", groups=(girls,))
    >>> [hit.code for hit in lexicon_of(own, "en").find_groups("All girls")]
    ['girls']
    """
    return Lexicon(
        language=language,
        groups={group.code: group for group in vocabulary.groups},
        concepts={concept.code: concept for concept in vocabulary.concepts},
        find_groups=finder(vocabulary.groups, language),
        find_concepts=finder(vocabulary.concepts, language),
    )
