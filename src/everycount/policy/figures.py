"""Find the figures of a sentence that may be targets: shares, rates, multiples, quotas."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from everycount.model.issue import LARGEST, Comparator
from everycount.policy.numbers import FRACTIONS, NUMBER, SPELLED, read_number
from everycount.policy.words import expression

PERCENT: Final = r"%|per ?cent(?:um)?\b|pour ?cent\b|por ?ciento\b|phần trăm\b"
POINTS: Final = (
    r"percentage points?\b|points? de pourcentage\b|puntos? porcentual(?:es)?\b|điểm phần trăm\b"
)
TIMES: Final = r"times\b|fois\b|veces\b|lần\b"
STOP: Final = (
    r"(?:by|in|and|to|until|before|from|or|at|per|of|d|en|avant|au|à|et|para|hasta|y|al|vào|đến|"
    r"năm|"
    r"và|trong|for|every|is|are|se|within|among|during|with|than|dans|chez|entre|con|avec)\b"
)
"""Words that end the name of what is counted."""
NOUN: Final = rf"(?!{STOP})[^\W\d_][\w’'-]*(?: (?!{STOP})[^\W\d_][\w’'-]*){{0,2}}"
RATE: Final = (
    rf"(?P<counted>{NOUN})? ?(?:per|for every|pour|por cada|por|trên|/) ?"
    rf"(?P<base>\d[\d.,\u00a0 ]*\d) (?P<among>{NOUN})"
)
COUNTED: Final = re.compile(rf" (?P<noun>(?!{STOP})[^\W\d_]+)")
UNIT: Final = re.compile(
    rf"[\s\u00a0\u202f]?(?:(?P<points>{POINTS})|(?P<percent>{PERCENT})|(?P<times>{TIMES})|{RATE})",
    re.IGNORECASE,
)
FIGURES: Final = re.compile(
    rf"(?P<first>{NUMBER})(?:[\s\u00a0]?(?:{PERCENT})?"
    rf"(?P<join>\s?[-–—]\s?| to | and | à | et | a | al | y (?:el )?| đến | và )"
    rf"(?P<second>{NUMBER}))?",
    re.IGNORECASE,
)
YEAR: Final = re.compile(r"(?:19|20)\d\d")
BY_YEAR: Final = re.compile(
    r" (?:by|in|until|d['’]ici|en|avant|para|hasta|vào|đến)(?: the year| l['’]an| el año| năm)? "
    r"(?:à )?(?:19|20)\d\d\b",
    re.IGNORECASE,
)
"""A year behind a number that has no unit of its own."""
BEFORE: Final[dict[Comparator, re.Pattern[str]]] = {
    "at least": expression(
        r"at least | not? (?:less|fewer|lower) than | (?:a )?minimum(?: of)? | not below | "
        r"au moins | au minimum | pas moins de | al menos | por lo menos | como mínimo | "
        r"no menos del? | ít nhất | tối thiểu | không (?:dưới|thấp hơn|ít hơn)"
    ),
    "at most": expression(
        r"at most | not? more than | up to | (?:a )?maximum(?: of)? | not exceed(?:ing)? | "
        r"au plus | au maximum | jusqu['’]à | pas plus de | como máximo | a lo sumo | no más "
        r"del? | "
        r"hasta (?:un|el) | tối đa | không quá | không vượt quá | nhiều nhất"
    ),
    "more than": expression(
        r"over | above | more than | exceed(?:ing|s)? | plus de | supérieure?s? à | más del? | "
        r"superior(?:es)? al? | trên | hơn | vượt"
    ),
    "less than": expression(
        r"under | below | less than | fewer than | moins de | inférieure?s? à | en dessous de | "
        r"sous | menos del? | por debajo del? | inferior(?:es)? al? | dưới | thấp hơn | ít hơn"
    ),
    "about": expression(
        r"about | around | approximately | nearly | almost | environ | près de | alrededor del? | "
        r"cerca del? | aproximadamente | khoảng | gần"
    ),
}
"""Words before a figure, by how it must stand to the value."""
AFTER: Final = expression(r"or (?:more|above|higher) | ou plus | o más | trở lên")
"""Words behind a figure that make it the least."""
SPACING: Final = re.compile(r"\s*(?:the |les |el |la |los |le |un |l['’])?$", re.IGNORECASE)
BETWEEN: Final = expression(r"between | entre | trong khoảng")
AND: Final = ("and", "et", "y", "và", "y el")
MONEY: Final = expression(
    r"francs? | rupees? | lakhs?(?: rupees)? | dollars? | rwf | usd | euros? | pesos? | đồng | "
    r"vnd | rs"
)
TIME: Final = expression(
    r"years? | months? | days? | hours? | weeks? | minutes? | (?:working|calendar) days | ans? | "
    r"mois | jours? | heures? | semaines? | años? | mes(?:es)? | días? | horas? | semanas? | năm "
    r"| "
    r"tháng | ngày | giờ | tuần | tuổi | of age"
)
"""What is counted without being a target."""


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return an expression for any of some words, longer ones first."""
    return expression("|".join(sorted((re.escape(word) for word in words), key=len)[::-1]))


IN_WORDS: Final = {language: _any_of(words) for language, words in SPELLED.items()}
IN_FRACTIONS: Final = {language: _any_of(shares) for language, shares in FRACTIONS.items()}
SHARE_OF: Final = re.compile(r" (?:of|des?|du|d['’]|del?)\b")
CHANGE_BY: Final = re.compile(r"(?:\bby|\bde|\ben|\ba|giảm|tăng) $")
"""What stands behind or before a fraction that is a share, and not half of a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A value or range in a sentence, with how it must be met."""

    start: int
    """Offset of the words before it that belong to it, such as `at least`."""
    end: int
    """Offset behind its unit."""
    at: int
    """Offset of the number itself."""
    value: float
    upper: float | None
    unit: str
    comparator: Comparator
    first_end: int = 0
    """Offset behind the first of two numbers that a word such as `to` joins; 0 for other ranges."""
    second_at: int = 0
    """Offset of the second of those numbers."""


def find_figures(text: str, language: str) -> Iterator[Figure]:
    """Yield the figures of a sentence that may be targets, in their order.

    Money, prison terms, ages, dates and numbers of articles have no such unit and are none.

    Parameters
    ----------
    text : str
        A sentence, or a cell of a table.
    language : str
        Its language, which decides on decimal signs and words.

    Yields
    ------
    Figure

    Examples
    --------
    >>> text = "Reduce it to about 5-6% and reach 42 per 100,000 live births within 3 years."
    >>> for figure in find_figures(text, "en"):
    ...     print(figure.value, figure.upper, figure.unit, figure.comparator)
    5.0 6.0 % between
    42.0 None per 100,000 live births equal to
    """
    shares = list(_fractions(text, language))
    taken = {figure.at for figure in shares}
    in_words = [figure for figure in _in_words(text, language) if figure.at not in taken]
    found = [*_in_figures(text, language), *in_words, *shares]
    yield from _once(text, sorted(found, key=lambda figure: figure.at))


def _once(text: str, figures: Sequence[Figure]) -> Iterator[Figure]:
    """Yield figures, those that laws write twice, `thirty per cent (30%)`, once."""
    last: Figure | None = None
    for figure in figures:
        is_again = last and text[last.end : figure.start].strip() == "("
        if last and is_again and (last.value, last.unit) == (figure.value, figure.unit):
            last = replace(last, end=figure.end + text.startswith(")", figure.end))
            continue
        if last:
            yield last
        last = figure
    if last:
        yield last


def _in_figures(text: str, language: str) -> Iterator[Figure]:
    at, unit = 0, ""
    while match := FIGURES.search(text, at):
        is_year = YEAR.fullmatch(match["first"])
        figure = None if is_year else _figure(text, match, language, last_unit=unit)
        at = figure.end if figure else match.end("first")
        if figure:
            unit = figure.unit
            yield figure


def _figure(text: str, match: re.Match[str], language: str, *, last_unit: str) -> Figure | None:
    """Return the figure of one or two numbers, if it has a unit or is a quota.

    A bare number with a year behind it has the unit of the figure before it.
    """
    start, comparator = _before(text, match.start())
    unit, end = _unit(text, match.end())
    second = match["second"]
    join = (match["join"] or "").strip().lower()
    is_and = join in AND
    has_between = _ends(BETWEEN, text, match.start()) is not None
    if second and is_and and not has_between:
        # Two numbers side by side, not a range: the first stands for itself.
        unit, end = _unit(text, match.end("first"))
        second = None
    if not unit and not second:
        unit, end = _counted(text, match.end("first"), comparator)
    if not unit and last_unit and BY_YEAR.match(text, match.end("first")):
        unit, end, second = last_unit, match.end("first"), None
    if not unit:
        return None
    value = read_number(match["first"], language)
    upper = read_number(second, language) if second else None
    if (upper is not None and upper <= value) or max(value, upper or value) > LARGEST:
        return None
    if upper is None and AFTER.match(text, end + (text[end : end + 1] == " ")):
        comparator = "at least"
    has_word = upper is not None and join not in "-–—" and not has_between
    return Figure(
        start=start,
        end=end,
        at=match.start(),
        value=value,
        upper=upper,
        unit=unit,
        comparator=comparator if upper is None else "between",
        first_end=match.end("first") if has_word else 0,
        second_at=match.start("second") if has_word else 0,
    )


def _unit(text: str, at: int) -> tuple[str, int]:
    """Return the unit that stands behind a number, and where it ends."""
    match = UNIT.match(text, at)
    if match is None:
        return "", at
    if match["points"]:
        return "percentage points", match.end()
    if match["percent"]:
        return "%", match.end()
    if match["times"]:
        return "times", match.end()
    counted = f"{match['counted']} " if match["counted"] else ""
    return f"{counted}per {match['base']} {match['among']}", match.end()


def _counted(text: str, at: int, comparator: Comparator) -> tuple[str, int]:
    """Return what a quota counts, where words such as `at least` show that it is one."""
    noun = COUNTED.match(text, at)
    is_quota = comparator in ("at least", "at most")
    if noun is None or not is_quota or MONEY.match(noun["noun"]) or TIME.match(noun["noun"]):
        return "", at
    return noun["noun"], noun.end()


def _before(text: str, at: int) -> tuple[int, Comparator]:
    """Return where the words before a number begin that belong to it, and what they say."""
    for comparator, words in BEFORE.items():
        start = _ends(words, text, at)
        if start is not None:
            return start, comparator
    return at, "equal to"


def _ends(words: re.Pattern[str], text: str, at: int) -> int | None:
    """Return where words begin that end just before a number."""
    low = max(0, at - 30)
    for found in words.finditer(text, low, at):
        if SPACING.fullmatch(text, found.end(), at):
            return found.start()
    return None


def _in_words(text: str, language: str) -> Iterator[Figure]:
    """Yield shares and quotas whose number is a word."""
    words = SPELLED[language]
    for match in IN_WORDS[language].finditer(text):
        start, comparator = _before(text, match.start())
        unit, end = _unit(text, match.end())
        if not unit:
            unit, end = _counted(text, match.end(), comparator)
        if unit and words[match.group().lower()] > 1:
            yield Figure(
                start=start, end=end, at=match.start(), value=words[match.group().lower()],
                upper=None, unit=unit, comparator=comparator,
            )  # fmt: skip


def _fractions(text: str, language: str) -> Iterator[Figure]:
    """Yield fractions in words that stand for a share, as `at least half` and `by half` do."""
    shares = FRACTIONS[language]
    for match in IN_FRACTIONS[language].finditer(text):
        start, comparator = _before(text, match.start())
        is_share = SHARE_OF.match(text, match.end())
        is_change = CHANGE_BY.search(text[: match.start()])
        if comparator != "equal to" or is_share or is_change:
            yield Figure(
                start=start, end=match.end(), at=match.start(),
                value=round(shares[match.group().lower()], 1), upper=None, unit="%",
                comparator=comparator,
            )  # fmt: skip
