"""Find the years of a sentence, deadlines apart from years that figures are compared with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from everycount.policy.words import expression

YEARS: Final = re.compile(
    r"(?<![\d/.,-])(?P<year>(?:19|20)\d\d)"
    r"(?:(?:\s?[-–—/]\s?| (?:to|until|till|through|à|jusqu['’]à|al?|hasta|đến|tới|"
    r"(?P<and>and|et|y|và)) (?:the year |l['’]an(?:née)? |el (?:año )?|năm )?)"
    r"(?P<last>(?:19|20)\d\d))?(?![\d/]|\s?%|[.,]\d)",
    re.IGNORECASE,
)
"""A year, or a period, whose end counts; `and` joins one only behind a word such as `between`."""
BETWEEN: Final = re.compile(
    r"\b(?:between|entre|giữa)(?: the years?| les années| los años| (?:các )?năm)?\s*$",
    re.IGNORECASE,
)
NUMBERED: Final = re.compile(
    r"(?:\bno\.?\s?\d+ of|\bact,?|\bcode,?|\blaw,?|\bloi(?: n°\s?\S+)?(?: de)?|\bley(?: de)?|"
    r"\bluật|\d{4}/\S*|\bof \d{1,2}(?:st|nd|rd|th)? \w+)\s*$",
    re.IGNORECASE,
)
"""What stands before the year of a law."""
COMPARED: Final = expression(
    r"compared (?:to|with)(?: the)?(?: level of| year)? | baseline(?: of| year)? | "
    r"par rapport à | référence(?: de)? | respecto (?:a|de)(?:l)? | "
    r"en comparación con | so với(?: năm)? | relative to"
)
"""Words before the year that a figure is compared with."""
SINCE: Final = expression(r"since | depuis | desde(?: el(?: año)?)? | từ năm")
"""Words before such a year, unless a period begins with it."""
NEAR: Final = 40
"""Characters before a year in which those words stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A year in a sentence."""

    start: int
    end: int
    year: int
    is_base: bool
    """Whether figures are compared with it."""


def find_years(text: str) -> Iterator[Year]:
    """Yield the years of a sentence, in their order; years of laws are none.

    Parameters
    ----------
    text : str
        A sentence.

    Yields
    ------
    Year

    Examples
    --------
    >>> text = "By 2030, cut it by half compared with 2010, as Law 2003 asks; from 2021 to 2025."
    >>> [(each.year, each.is_base) for each in find_years(text)]
    [(2030, False), (2010, True), (2025, False)]
    """
    at = 0
    while match := YEARS.search(text, at):
        before = text[max(0, match.start() - NEAR) : match.start()]
        is_two = bool(match["and"]) and not BETWEEN.search(before)
        last = "" if is_two else match["last"] or ""
        at = match.end("year") if is_two else match.end()
        if NUMBERED.search(before):
            continue
        yield Year(
            start=match.start(),
            end=at,
            year=int(last or match["year"]),
            is_base=_ends(COMPARED, before) or (not last and _ends(SINCE, before)),
        )


def _ends(words: re.Pattern[str], before: str) -> bool:
    """Tell whether a text ends with such words."""
    return any(not before[found.end() :].strip() for found in words.finditer(before))
