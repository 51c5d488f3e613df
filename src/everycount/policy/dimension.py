"""Tell the dimension of an issue: social, economic, environmental or institutional."""

from collections import Counter
from collections.abc import Sequence

from everycount.model.issue import Tag
from everycount.model.vocabulary import DIMENSIONS, Dimension
from everycount.policy.lexicon import Lexicon
from everycount.policy.topics import find_topics

NAMED = 2
"""Weight of a target group that is no people, or of a concept, against a word: it is the clearer
sign. Our choice."""


def find_dimension(
    text: str, lexicon: Lexicon, *, groups: Sequence[Tag], concepts: Sequence[Tag]
) -> Dimension:
    """Return the dimension that most words of a clause point to.

    Every different word for a subject counts once; a target group other than people counts twice,
    and so does a concept with a dimension of its own other than social. With no sign, or as many
    for several, the first of social, economic, environmental and institutional is taken.

    Parameters
    ----------
    text : str
        The clause, in Unicode NFC.
    lexicon : Lexicon
        Groups and concepts by code.
    groups, concepts : sequence of Tag
        Those of the clause.

    Examples
    --------
    >>> from everycount.model.vocabulary import Vocabulary
    >>> from everycount.policy.lexicon import lexicon_of
    >>> words = lexicon_of(Vocabulary(id="own", title={"en": "Own"}, source="Own"), "en")
    >>> find_dimension("equal wages, equal pensions", words, groups=(), concepts=())
    'social'
    >>> find_dimension("wages, credit and education", words, groups=(), concepts=())
    'economic'
    """
    topics = find_topics(text, lexicon.language)
    counts = Counter(dimension for dimension, _ in {(each, word.lower()) for each, word in topics})
    own = [lexicon.dimension(tag.code) for tag in groups]
    own += [each for tag in concepts if (each := lexicon.concepts[tag.code].dimension)]
    for dimension in own:
        counts[dimension] += NAMED if dimension != "social" else 0
    return max(DIMENSIONS, key=lambda dimension: counts[dimension])
