"""Compare the definitions of two indicators, part by part, and say what to change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from everycount.model.crosswalk import Relation
from everycount.model.indicator import Indicator, wording
from everycount.policy.compare_sides import opposites, restriction
from everycount.policy.cycle import years_between
from everycount.policy.match_words import clean, topic_stem
from everycount.policy.match_words import words as words_of
from everycount.policy.negation import Sides, sides_of
from everycount.policy.slots import Ages, Slots, described, is_partnered, same_scale, slots_of

Grade = Literal["same", "narrower", "broader", "different", "not stated"]
"""How the first indicator stands to the second in one part of the definition."""
ALIKE: Final = 0.5
"""Share of topic words two wordings must have in common to be called the same: half, as reading the
crosswalk's `close` links suggests. It grades for a reader, who sees both wordings."""
LEAST: Final = 1 / 3
"""Share of the shorter title's topic words below which two titles speak of different things, so
that a wider age range, say, means nothing. A reader's rule, not fitted."""
ALWAYS: Final = 99.0
"""Age in place of an open end, beyond every range that titles state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What is known of how an indicator is defined; empty where nothing is."""

    title: str
    language: str = "en"
    population: str = ""
    """Whom it is about, in words; empty to go by the title."""
    ages: Ages | None = None
    """Lowest and highest age in completed years; None to go by the title."""
    unit: str = ""
    numerator: str = ""
    denominator: str = ""
    breakdowns: tuple[str, ...] = ()
    """Characteristics, each alone; those of the title count too."""
    frequency: str = ""
    """How often figures come, such as annual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspect:
    """One part of two definitions, side by side."""

    name: str
    grade: Grade
    words: str
    """What the two say."""
    suggestion: str = ""
    """How the first could be brought to the second; empty when nothing needs changing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two indicators compared."""

    relation: Relation
    """The first is `relation` to (than) the second; a proposal, for a person to confirm."""
    reason: str
    aspects: tuple[Aspect, ...]
    """population, age, unit, numerator, denominator, breakdowns and frequency."""


def definition_of(indicator: Indicator, language: str = "en", *, frequency: str = "") -> Definition:
    """Return what a framework says of how an indicator is defined.

    Parameters
    ----------
    indicator : Indicator
        Indicator of a framework.
    language : str
        ISO 639-1 code of the title to go by; another is taken where it is missing.
    frequency : str, optional
        How often figures come; frameworks do not say.

    Returns
    -------
    Definition
        Title, unit and breakdowns, combined ones taken apart.

    Examples
    --------
    >>> pay = Indicator(key="1", code="1", title={"en": "Pay gap"}, combined=(("sex", "age"),))
    >>> definition_of(pay).breakdowns
    ('sex', 'age')
    """
    spoken = language if language in indicator.title else next(iter(indicator.title))
    combined = [name for names in indicator.combined for name in names]
    return Definition(
        title=wording(indicator.title, spoken),
        language=spoken,
        unit=indicator.unit,
        breakdowns=tuple(dict.fromkeys([*indicator.disaggregations, *combined])),
        frequency=frequency,
    )


def compare(first: Definition, second: Definition) -> Comparison:
    """Return how the first indicator stands to the second, part by part and on the whole.

    Parameters
    ----------
    first : Definition
        The indicator that may be changed, such as a national one.
    second : Definition
        The indicator it is held against, such as a global one.

    Returns
    -------
    Comparison
        Parts that either side leaves open are `not stated`.

    Examples
    --------
    >>> ours = Definition(title="Proportion of women aged 14-49 years who are employed")
    >>> theirs = Definition(title="Proportion of women aged 15-49 years who are employed, by age")
    >>> found = compare(ours, theirs)
    >>> found.relation
    'broader'
    >>> [aspect.suggestion for aspect in found.aspects if aspect.suggestion]
    ['raise the lower age from 14 to 15', 'add age to the breakdowns']
    """
    own, other = _slots(first), _slots(second)
    parts = (
        (first.numerator or own.numerator, second.numerator or other.numerator),
        (first.denominator or own.denominator, second.denominator or other.denominator),
    )
    aspects = (
        _population(first, second, own, other),
        _age(first.ages or own.ages, second.ages or other.ages),
        _unit(first.unit or own.unit, second.unit or other.unit),
        _part("numerator", parts[0], first.language),
        _part("denominator", parts[1], first.language),
        _breakdowns(_all(first, own), _all(second, other)),
        _frequency(first.frequency, second.frequency),
    )
    whole = _sides(first), _sides(second)
    apart = opposites(
        {
            "numerator": _both(parts[0], first, second),
            "denominator": _both(parts[1], first, second),
            "population": whole,
        }
    )
    if apart:
        marked = tuple(_marked(each, apart.get(each.name, "")) for each in aspects)
        reason = f"opposite {_listed(list(apart))}: {'; '.join(apart.values())}"
        return Comparison(relation="related", reason=reason, aspects=marked)
    scaled = same_scale(own.measure, other.measure)
    relation, reason = _relation(first, second, aspects, scaled=scaled)
    limit = restriction(*whole)
    if limit and relation in {"exact", "close"}:
        relation, reason = limit, "one denies or leaves out what the other does not"
    return Comparison(relation=relation, reason=reason, aspects=aspects)


def _sides(definition: Definition) -> Sides:
    """Return what title and population affirm and deny."""
    return sides_of(f"{definition.population}; {definition.title}", definition.language)


def _both(parts: tuple[str, str], first: Definition, second: Definition) -> tuple[Sides, Sides]:
    """Return what two numerators or denominators affirm and deny."""
    return sides_of(parts[0], first.language), sides_of(parts[1], second.language)


def _marked(aspect: Aspect, words: str) -> Aspect:
    """Return an aspect as different where the two say opposite things."""
    if not words:
        return aspect
    change = "make both about the same, or do not link the two"
    return replace(aspect, grade="different", words=words, suggestion=change)


def _slots(definition: Definition) -> Slots:
    """Return the parts of the title."""
    return slots_of(definition.title, definition.language)


def _all(definition: Definition, slots: Slots) -> tuple[str, ...]:
    """Return the breakdowns of a definition and its title."""
    return tuple(dict.fromkeys([*definition.breakdowns, *slots.breakdowns]))


def _population(first: Definition, second: Definition, own: Slots, other: Slots) -> Aspect:
    """Compare whom the two are about."""
    asked, told = (
        slots_of(definition.population, definition.language).people
        or slots.people | _partnered(definition)
        for definition, slots in ((first, own), (second, other))
    )
    if not asked and not told:
        return _silent("population", first.population, second.population)
    ours, theirs = _qualified(asked), _qualified(told)
    here, there = (", ".join(sorted(each)) or "everybody" for each in (ours, theirs))
    if ours == theirs:
        return Aspect(name="population", grade="same", words=f"both about {here}")
    grade: Grade = "different"
    change = f"make it about {there}, or do not link the two"
    if ours > theirs:
        grade, change = "narrower", f"widen it to {there}"
    elif ours < theirs:
        grade, change = "broader", f"restrict it to {there}"
    said = f"{here} against {there}"
    return Aspect(name="population", grade=grade, words=said, suggestion=change)


def _partnered(definition: Definition) -> frozenset[str]:
    """Return the group of those who have had a partner, where the title is about them."""
    is_about = is_partnered(definition.title, definition.language)
    return frozenset({"ever-partnered people"}) if is_about else frozenset()


def _qualified(people: frozenset[str]) -> frozenset[str]:
    """Return the groups that narrow a population: women and men are everybody, girls are women."""
    if {"women", "men"} <= people:
        people -= {"women", "men"}
    return people - {"children"} if "women" in people else people


def _age(first: Ages | None, second: Ages | None) -> Aspect:
    """Compare two age ranges."""
    if not first or not second:
        return _silent("age", first and described(first), second and described(second))
    said = f"{described(first)} against {described(second)}"
    (low, high), (lower, higher) = _closed(first), _closed(second)
    if (low, high) == (lower, higher):
        return Aspect(name="age", grade="same", words=f"both {described(first)}")
    change = " and ".join(
        words
        for words in (_moved("lower", low, lower, 0.0), _moved("upper", high, higher, ALWAYS))
        if words
    )
    if low <= lower and high >= higher:
        grade: Grade = "broader"
    elif low >= lower and high <= higher:
        grade = "narrower"
    else:
        grade = "different"
    return Aspect(name="age", grade=grade, words=said, suggestion=change)


def _closed(ages: Ages) -> tuple[float, float]:
    """Return an age range with numbers for its open ends."""
    lowest, highest = ages
    return 0.0 if lowest is None else lowest, ALWAYS if highest is None else highest


def _moved(end: str, now: float, wanted: float, opened: float) -> str:
    """Return in words how one end of an age range should move."""
    if now == wanted:
        return ""
    if wanted == opened:
        return f"drop the {end} age of {now:g}"
    if now == opened:
        return f"set the {end} age at {wanted:g}"
    return f"{'raise' if wanted > now else 'lower'} the {end} age from {now:g} to {wanted:g}"


def _unit(first: str, second: str) -> Aspect:
    """Compare two units."""
    if not first or not second:
        return _silent("unit", first, second)
    if _plain_unit(first) == _plain_unit(second):
        return Aspect(name="unit", grade="same", words=f"both in {first}")
    words = f"{first} against {second}"
    change = f"convert the figures from {first} to {second}"
    return Aspect(name="unit", grade="different", words=words, suggestion=change)


def _plain_unit(unit: str) -> str:
    """Return a unit in one spelling."""
    plain = unit.lower().replace("%", "per cent").replace("percentage", "per cent")
    return plain.replace("percent", "per cent").replace(" (per cent)", "").strip()


def _part(name: str, parts: tuple[str, str], language: str) -> Aspect:
    """Compare two numerators or denominators by their words."""
    first, second = parts
    if not first or not second:
        return _silent(name, first, second)
    ours, theirs = _topic(first, language), _topic(second, language)
    shared = len(ours & theirs) / max(len(ours | theirs), 1)
    said = f"‘{first}’ against ‘{second}’"
    narrow, wide = (is_partnered(part, language) for part in parts)
    if narrow != wide:
        limited: Grade = "narrower" if narrow else "broader"
        return Aspect(name=name, grade=limited, words=said, suggestion=f"take ‘{second}’")
    if ours == theirs or shared >= ALIKE:
        return Aspect(name=name, grade="same", words=f"alike: {said}")
    if ours < theirs or theirs < ours:
        grade: Grade = "broader" if ours < theirs else "narrower"
        return Aspect(name=name, grade=grade, words=said, suggestion=f"take ‘{second}’")
    return Aspect(name=name, grade="different", words=said, suggestion=f"take ‘{second}’")


def _topic(text: str, language: str) -> frozenset[str]:
    """Return the stems of the words that tell a topic."""
    return frozenset(topic_stem(word, language) for word in words_of(text)) - {""}


def _breakdowns(first: Sequence[str], second: Sequence[str]) -> Aspect:
    """Compare two lists of breakdowns: the one with more tells more, so it is the broader."""
    if not first or not second:
        lacking = _silent("breakdowns", ", ".join(first), ", ".join(second))
        change = f"add {_listed(second)} to the breakdowns" if second else ""
        return Aspect(name="breakdowns", grade="not stated", words=lacking.words, suggestion=change)
    missing = [name for name in second if name not in first]
    more = [name for name in first if name not in second]
    words = f"{', '.join(first)} against {', '.join(second)}"
    change = f"add {_listed(missing)} to the breakdowns" if missing else ""
    grade: Grade = "same"
    if missing or more:
        grade = "different" if missing and more else "narrower" if missing else "broader"
    return Aspect(name="breakdowns", grade=grade, words=words, suggestion=change)


def _listed(names: Sequence[str]) -> str:
    """Return names in a sentence."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _frequency(first: str, second: str) -> Aspect:
    """Compare how often figures come."""
    if not first or not second:
        return _silent("frequency", first, second)
    years = years_between(first), years_between(second)
    is_known = None not in years
    if years[0] == years[1] if is_known else _folded(first) == _folded(second):
        return Aspect(name="frequency", grade="same", words=f"both {first}")
    is_rarer = not is_known or (years[0] or 0) > (years[1] or 0)
    change = f"produce it {second} instead of {first}" if is_rarer else ""
    words = f"{first} against {second}"
    return Aspect(name="frequency", grade="different", words=words, suggestion=change)


def _folded(text: str) -> str:
    """Return words without regard to case and spaces."""
    return clean(text).casefold()


def _silent(name: str, first: str | None, second: str | None) -> Aspect:
    """Return an aspect that one side or both leave open."""
    words = f"{first or 'not stated'} against {second or 'not stated'}"
    if not first and not second:
        words = "neither says"
    return Aspect(name=name, grade="not stated", words=words)


def _relation(
    first: Definition, second: Definition, aspects: Sequence[Aspect], *, scaled: bool
) -> tuple[Relation, str]:
    """Return the relation of two indicators on the whole, and why."""
    kept = [each for each in aspects if each.name not in {"breakdowns", "frequency"}]
    different = [each.name for each in kept if each.grade == "different"]
    wider = [each.name for each in kept if each.grade == "broader"]
    tighter = [each.name for each in kept if each.grade == "narrower"]
    if not scaled:
        return "related", "they measure on different scales"
    ours, theirs = (_topic(each.title, each.language) for each in (first, second))
    if ours and theirs and len(ours & theirs) < LEAST * min(len(ours), len(theirs)):
        return "related", "their titles share few words"
    if "population" in different or len(different) > 1:
        return "related", f"different {_listed(different)}"
    if different or (wider and tighter):
        return "close", f"they differ in {_listed([*different, *wider, *tighter])}"
    if wider or tighter:
        grade: Relation = "broader" if wider else "narrower"
        return grade, f"{grade} in {_listed(wider or tighter)}"
    return _by_words(ours, theirs)


def _by_words(ours: frozenset[str], theirs: frozenset[str]) -> tuple[Relation, str]:
    """Return the relation of two indicators of which no part differs."""
    if ours == theirs:
        return "exact", "the same words, and no part differs"
    if len(ours & theirs) >= ALIKE * len(ours | theirs):
        return "close", "most words are the same, and no part differs"
    return "related", "no part differs, but the words do"
