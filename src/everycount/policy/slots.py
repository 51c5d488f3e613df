"""Take a title apart: its measure, its people, ages, unit, parts of a fraction, breakdowns."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from everycount.policy.match_slot_words import AGES, BREAKDOWNS, MEASURE, OPPOSITE, PEOPLE, SCALES
from everycount.policy.match_words import split_excluded, split_tail

Ages = tuple[float | None, float | None]
_PER = re.compile(r"\b(?:per|pour|por cada|trên)\s+(\d[\d  .,]*\d{3}|\d+|capita|hab\w*)", re.I)
_OF: Final = {
    "en": re.compile(
        r"(?:as an? (?:proportion|percentage|share) of|\(?(?:%|per ?cent) of|(?:in|of|to) total)\s+"
        r"(?P<whole>[^,;()]+)",
        re.I,
    ),
    "fr": re.compile(
        r"(?:en (?:proportion|pourcentage) d[eu]s?|dans le total des?)\s+(?P<whole>[^,;()]+)", re.I
    ),
    "es": re.compile(
        r"(?:como (?:proporción|porcentaje) del?|en el total de)\s+(?P<whole>[^,;()]+)", re.I
    ),
    "vi": re.compile(r"(?:trong tổng số|so với)\s+(?P<whole>[^,;()]+)", re.I),
}
PARTNERED: Final = {
    "en": r"ever[-‑ ](?:partnered|married)",
    "fr": r"ayant (?:déjà )?(?:vécu en couple|été mariée?s?|eu un partenaire)",
    "es": r"alguna vez (?:unid[ao]s|casad[ao]s|en pareja)",
    "vi": r"từng (?:kết hôn|có chồng|có vợ|có bạn tình)",
}
"""Words for people who have had a partner. They narrow a population; as a topic of its own, such as
"married before age 18", marriage is no such group."""
_AMONG: Final = re.compile(
    r"^(?:the )?(?:proportion|percentage|share|per ?cent)s? of (?:the )?(?P<whole>.+?)"
    r"\s+(?P<part>(?:who|that|which|with|without|living|using|held|covered|engaged|subjected|having|"
    r"whose|in|at|owning|achieving)\b.+)$",
    re.I,
)
UNITS: Final = (
    (
        "per cent",
        r"%|per ?cent|percentage|proportion|share|pourcentage|porcentaje|proporción|tỷ lệ",
    ),
    ("hours", r"hours?|heures?|horas?|giờ"),
    ("days", r"days|jours|días"),
    ("years", r"life expectancy|espérance de vie|esperanza de vida|tuổi thọ"),
    ("US dollars", r"united states dollars?|us\$|usd|dollars?"),
    ("litres", r"litres?|liters?"),
    ("tonnes", r"tonnes?|tons"),
)
"""Units by the words of a title that give them away; "per 1,000" is read apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """What a title says about each part of a definition; empty where it says nothing."""

    measure: str = ""
    """proportion, rate, ratio, index, average, amount, number or existence."""
    people: frozenset[str] = frozenset()
    """Groups named, such as women or children."""
    ages: Ages | None = None
    """Lowest and highest age in completed years; None at an open end."""
    unit: str = ""
    numerator: str = ""
    denominator: str = ""
    excluded: tuple[str, ...] = ()
    """What the title says it leaves out, such as an intimate partner."""
    breakdowns: tuple[str, ...] = ()
    """Characteristics after "by"."""


@lru_cache(maxsize=20_000)
def slots_of(text: str, language: str = "en") -> Slots:
    """Return the parts of a title or clause.

    Parameters
    ----------
    text : str
        Title as published, or a clause.
    language : str
        en, fr, es or vi. English is read best: parts of a fraction are found mostly there.

    Returns
    -------
    Slots
        Parts that the text does not state are empty.

    Examples
    --------
    >>> slots = slots_of("Proportion of women aged 20-24 years who were married before 18, by sex")
    >>> slots.measure, sorted(slots.people), slots.ages, slots.breakdowns
    ('proportion', ['women'], (20.0, 24.0), ('sex',))
    """
    body, tail = split_tail(text, language)
    _, excluded = split_excluded(body, language)
    part, whole = _fraction(body, language)
    measure, unit = _measure(body, language), _unit(body)
    if measure in {"number", "amount"} and (whole or unit.startswith("per ")):
        measure = "proportion" if whole else "rate"  # a number set against another
    return Slots(
        measure=measure,
        people=_people(body, language),
        ages=_ages(body, language),
        unit=unit,
        numerator=part,
        denominator=whole,
        excluded=excluded,
        breakdowns=breakdowns_of(tail),
    )


def breakdowns_of(tail: str) -> tuple[str, ...]:
    """Return the characteristics named in a list such as "by sex, age and location".

    Examples
    --------
    >>> breakdowns_of("by sex, age and location")
    ('sex', 'age', 'location')
    """
    found = [(match.start(), name) for name, match in _named(tail)]
    return tuple(name for _, name in sorted(found))


def is_partnered(text: str, language: str = "en") -> bool:
    """Return whether a text is about people who have had a partner, and nobody else.

    Examples
    --------
    >>> is_partnered("Ever-partnered women"), is_partnered("Women married before age 18")
    (True, False)
    """
    words = PARTNERED.get(language)
    return bool(words and re.search(rf"(?<!\w)(?:{words})(?!\w)", text, re.I))


def opposed(first: frozenset[str], second: frozenset[str]) -> tuple[str, str] | None:
    """Return the groups by which two texts are about different people, if they are.

    Examples
    --------
    >>> opposed(frozenset({"women"}), frozenset({"men"}))
    ('women', 'men')
    >>> opposed(frozenset({"women", "men"}), frozenset({"men"})) is None
    True
    """
    for pair in OPPOSITE:
        for one, other in (pair, pair[::-1]):
            alone = one in first and other not in first
            if alone and other in second and one not in second:
                return one, other
    return None


def same_scale(first: str, second: str) -> bool:
    """Tell whether two measures can stand for one another; an unstated one can for any.

    Examples
    --------
    >>> same_scale("proportion", "rate"), same_scale("number", "rate"), same_scale("", "index")
    (True, False, True)
    """
    return not first or not second or any({first, second} <= scale for scale in SCALES)


def _measure(text: str, language: str) -> str:
    """Return the kind of measure whose word stands first."""
    pattern = _any_of("measure", language)
    found = pattern.search(text) if pattern else None
    return str(found.lastgroup) if found else ""


def _people(text: str, language: str) -> frozenset[str]:
    """Return the groups of people a text names."""
    pattern = _any_of("people", language)
    named = {word.lower() for word in pattern.findall(text)} if pattern else set()
    return frozenset(kind for word in named for kind in _kinds(word, language))


def _ages(text: str, language: str) -> Ages | None:
    """Return the first age range a text states."""
    if not any(map(str.isdigit, text)) and "five" not in text.lower():
        return None
    for pattern in _age_patterns(language):
        found = pattern.search(text)
        if found:
            return _range({name: value for name, value in found.groupdict().items() if value})
    return None


def _range(groups: dict[str, str]) -> Ages:
    """Return the ages a pattern caught; "below 18" ends with 17 completed years."""
    if "five" in groups:
        return (None, 4.0)
    if "below" in groups:
        return (None, float(groups["below"]) - 1)
    lowest = next(float(value) for name, value in groups.items() if name.startswith("from"))
    return (lowest, float(groups["to"]) if "to" in groups else None)


def _unit(text: str) -> str:
    """Return the unit a title gives away: "per 1,000" before anything else."""
    per = _PER.search(text)
    if per:
        return f"per {per.group(1).strip().replace(' ', ',').replace(' ', ',')}"
    found = _any_unit().search(text)
    return UNITS[int(str(found.lastgroup)[1:])][0] if found else ""


def _fraction(text: str, language: str) -> tuple[str, str]:
    """Return numerator and denominator as far as the wording tells them apart."""
    pattern = _OF.get(language)
    found = pattern.search(text) if pattern else None
    if found:
        return text[: found.start()].strip(" ,("), found.group("whole").strip()
    among = _AMONG.match(text) if language == "en" else None
    if among:
        return among.group("part").strip(), among.group("whole").strip()
    return "", ""


def _named(tail: str) -> list[tuple[str, re.Match[str]]]:
    """Return the characteristics a list names, each with the place of its first word."""
    found = {name: pattern.search(tail) for name, pattern in _compiled_breakdowns()}
    return [(name, match) for name, match in found.items() if match]


@cache
def _any_of(kind: str, language: str) -> re.Pattern[str] | None:
    """Return one expression for all words of a table, its groups named for measures only."""
    table = MEASURE if kind == "measure" else PEOPLE
    form = "(?P<{}>{})" if kind == "measure" else "(?#{}){}"
    spoken = [(name, words[language]) for name, words in table.items() if language in words]
    parts = "|".join(form.format(name, words) for name, words in spoken)
    return re.compile(rf"(?<!\w)(?:{parts})(?!\w)", re.I) if spoken else None


@cache
def _kinds(word: str, language: str) -> tuple[str, ...]:
    """Return the groups of people that a word names: girls are women and children."""
    return tuple(
        kind for kind, words in PEOPLE.items() if re.fullmatch(words[language], word, re.I)
    )


@cache
def _age_patterns(language: str) -> tuple[re.Pattern[str], ...]:
    """Return the ways to state an age range in a language."""
    return tuple(re.compile(words, re.I) for words in AGES.get(language, ()))


@cache
def _compiled_breakdowns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the expressions of the characteristics."""
    return tuple(
        (name, re.compile(rf"\b(?:{words})\b", re.I)) for name, words in BREAKDOWNS.items()
    )


@cache
def _any_unit() -> re.Pattern[str]:
    """Return one expression for all units, each in a group with its number."""
    parts = "|".join(f"(?P<u{at}>{words})" for at, (_, words) in enumerate(UNITS))
    return re.compile(rf"(?<!\w)(?:{parts})(?!\w)", re.I)


def described(ages: Ages) -> str:
    """Return an age range in words.

    Examples
    --------
    >>> described((15, 49)), described((15, None)), described((None, 4))
    ('15 to 49', '15 and over', 'up to 4')
    """
    lowest, highest = ages
    if highest is None:
        return f"{lowest:g} and over"
    return f"up to {highest:g}" if lowest is None else f"{lowest:g} to {highest:g}"
