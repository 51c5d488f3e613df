"""How sure a match is, and the band that follows from it."""

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from everycount.model.match import Band

Floats = NDArray[np.float64]
How = Literal["words", "meaning"]
"""words: words alone; meaning: words and sentence embedding."""
MEANING: Final = 0.6
"""Share of the embedding in the score, beside .4 of the words. From .5 to .8 the share of first
guesses that are right changes by at most 2 points on the names named in `match_lexical`. Scores are
mixed and not ranks, so that a clear first by one side alone keeps its place."""
LEAD: Final = 2.0
"""Weight of the lead over the second candidate beside the score; see `confidence`."""
LIKELY: Final[dict[How, float]] = {"words": 0.585, "meaning": 0.66}
"""Score from which a first candidate is likely. Ground: of the Minimum Set's 63 items against the
SDG indicators, the 41 without an equivalent score up to .58 by words (one .60) and .63 with the
model, the 22 with one from .61 and .69 (one .39 and .47). Above it, all first guesses for Rwanda's
titles were right, 98 of 100 for the World Bank's names, 8 or 9 of 10 for Eurostat's (22 November
2026)."""
NEAREST: Final[dict[How, float]] = {"words": 0.25, "meaning": 0.38}
"""Score below which nothing was found and only the nearest are shown. Ground: of the same titles, 4
to 7 of 100 from Rwanda and the World Bank, which all have an equivalent, lie below; of the Minimum
Set's items without one, a third."""
APART: Final[dict[How, float]] = {"words": 0.45, "meaning": 0.55}
"""Score below which nothing was found, either, where the query names concepts of the thesaurus and
the first candidate has none of them: what they share are words such as "gross" or "ratio". Ground:
of the Minimum Set's items without an equivalent this tells 5 more of 41 by words, 8 with the model,
and costs none of the titles with one, 81 of Rwanda and 61 of the United Kingdom; from .42 to .5 by
words, and from .52 with the model, it is the same (22 November 2026)."""


def mixed(lexical: Floats, semantic: Floats | None) -> Floats:
    """Return the score by words and meaning together; by words alone when there is no other.

    Examples
    --------
    >>> mixed(np.array([[0.5]]), np.array([[1.0]])).round(3)
    array([[0.8]])
    """
    return lexical if semantic is None else (1 - MEANING) * lexical + MEANING * semantic


def confidence(best: float, second: float) -> float:
    """Return how sure a first candidate is, from 0 to 1: a third its score, two thirds its lead.

    Of lead weights from 0 to 4, twice put the most right firsts among the surest 20 and 40 % of
    Eurostat's names; on Rwanda's and the World Bank's all weights do alike.

    Examples
    --------
    >>> round(confidence(0.5, 0.25), 3), confidence(1.0, 0.0)
    (0.333, 1.0)
    """
    return best - LEAD / (1 + LEAD) * min(best, second)


def band_of(best: float, how: How, *, shares_topic: bool = True) -> Band:
    """Return the band of a match from its first candidate.

    Parameters
    ----------
    best : float
        Score of the first candidate.
    how : {"words", "meaning"}
        What the score is made of.
    shares_topic : bool
        Whether the candidate has a concept that the query names, or the query names none.

    Examples
    --------
    >>> band_of(0.7, "words"), band_of(0.4, "words"), band_of(0.1, "words")
    ('likely', 'possible', 'none')
    >>> band_of(0.4, "words", shares_topic=False)
    'none'
    """
    if best < (NEAREST if shares_topic else APART)[how]:
        return "none"
    return "likely" if best >= LIKELY[how] else "possible"
