"""A match: the indicators of a framework that may answer to a clause or to another indicator."""

from dataclasses import dataclass
from typing import Literal

Band = Literal["likely", "possible", "none", "no titles"]
"""likely: proposed first, still to be confirmed, and nothing contradicts it; possible: worth a
look; none: nothing found, the
nearest are shown; no titles: the framework does not speak the language, so nothing was looked for.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A clause or the title of an indicator, for which indicators are sought."""

    id: str
    """Name by which the caller knows it. It is never used for matching."""
    text: str
    """The clause without its heading, or the title."""
    heading: str = ""
    """Heading above the clause; weighed apart, so that it cannot drown the clause."""
    language: str = ""
    """ISO 639-1 code; empty for the language of the whole call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A title that somebody linked to an indicator, used as a further wording of it."""

    framework: str
    """Framework of the indicator, as id@version."""
    key: str
    """Key of the indicator."""
    title: str
    origin: str
    """Where the title stands, such as ``RWA 1.1.1``."""
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One indicator that may answer to a query, and why."""

    framework: str
    """Framework, as id@version."""
    key: str
    title: str
    rank: int
    """Place among the candidates of its list, from 1."""
    score: float
    """How alike the two are, from 0 to 1, words and meaning together."""
    lexical: float
    """How alike by words, from 0 to 1."""
    semantic: float | None = None
    """How alike by sentence embedding, from 0 to 1; None when none was used."""
    same_title: tuple[str, ...] = ()
    """Keys of other indicators of the framework with the same title; a link may mean any."""
    reasons: tuple[str, ...] = ()
    """What the two share, in words."""
    warnings: tuple[str, ...] = ()
    """What contradicts the match, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What one framework holds for one query."""

    query: Query
    framework: str
    """Framework, as id@version."""
    band: Band
    confidence: float
    """How sure the first candidate is, from 0 to 1: its score and its lead over the second. It puts
    matches in order; the band goes by the score alone."""
    candidates: tuple[Candidate, ...] = ()
    """The best, also when the band is none: then they are only the nearest."""
    lexical: tuple[Candidate, ...] = ()
    """The best by words alone."""
    semantic: tuple[Candidate, ...] = ()
    """The best by sentence embedding alone; empty when none was used."""
    note: str = ""
    """What limited the search, such as ``no titles in vi``."""
