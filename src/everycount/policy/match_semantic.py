"""How alike queries and the indicators of a framework are by sentence embedding."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from everycount.arrays.lexical import best_of_owner
from everycount.model.match import Query
from everycount.policy.match_fields import Fields
from everycount.policy.match_lexical import HEADING
from everycount.policy.match_words import clean, split_tail

Floats = NDArray[np.float64]
Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Turns texts into rows of length 1."""
TARGET: Final = 0.3
"""Weight of the keywords of the SDG target beside the title (1); set beforehand."""
PHRASE: Final = 0.5
"""Weight of the best single keyword of the indicator; chosen as in `match_lexical`."""
ALIAS: Final = 0.95
"""Weight of a linked title beside the indicator's own; set beforehand."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Semantic:
    """How alike queries and entries are by meaning."""

    scores: Floats
    """From 0 to 1, shape (queries, entries)."""
    aliases: Floats
    """The same for each alias, its weight included, shape (queries, aliases)."""


def semantic_scores(
    queries: Sequence[Query], fields: Fields, embed: Embed, *, language: str
) -> Semantic:
    """Return how alike queries and the indicators of a framework are by meaning.

    Parameters
    ----------
    queries : sequence of Query
        Queries of one language.
    fields : Fields
        Wordings of the framework.
    embed : callable
        Turns texts into vectors of length 1, such as `read_sentence_model` returns.
    language : str
        ISO 639-1 code of the queries.

    Returns
    -------
    Semantic
        Cosines below 0 count as 0.
    """
    asked = _vectors(queries, embed, language)
    entries = fields.entries
    titles = asked @ embed([split_tail(entry.title, language)[0] for entry in entries]).T
    phrases = [(at, word) for at, entry in enumerate(entries) for word in entry.own]
    best = best_of_owner(
        asked @ embed([word for _, word in phrases]).T, [at for at, _ in phrases], len(entries)
    )
    targets = asked @ embed(["; ".join(entry.target) for entry in entries]).T
    named = np.array([bool(entry.target) for entry in entries])
    own = (titles + PHRASE * best + TARGET * np.where(named, targets, 0.0)) / _whole(fields)
    aliases = [(at, alias.title) for at, entry in enumerate(entries) for alias in entry.aliases]
    linked = ALIAS * asked @ embed([split_tail(title, language)[0] for _, title in aliases]).T
    owners = [at for at, _ in aliases]
    scores = np.maximum(own, best_of_owner(linked, owners, len(entries)))
    return Semantic(scores=np.clip(scores, 0, 1), aliases=np.asarray(linked, float))


def _whole(fields: Fields) -> Floats:
    """Return by what the sum of an entry is divided: the weights of the fields that it has."""
    return np.array(
        [1 + PHRASE * bool(entry.own) + TARGET * bool(entry.target) for entry in fields.entries]
    )


def _vectors(queries: Sequence[Query], embed: Embed, language: str) -> Floats:
    """Return queries as vectors, the heading apart from the clause."""
    bodies = np.asarray(embed([split_tail(query.text, language)[0] for query in queries]), float)
    above = [clean(query.heading) for query in queries]
    share = np.array([HEADING if heading else 0.0 for heading in above])[:, None]
    if not share.any():
        return bodies
    return np.asarray((1 - share) * bodies + share * embed(above), float)
