"""Give a framework titles in further languages, from a table of translations."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from everycount.errors import InputError, Problem
from everycount.model.framework import Framework
from everycount.model.indicator import LANGUAGE
from everycount.policy.match_words import clean


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """One title in one language, as a table gives it."""

    key: str
    """Key of the indicator."""
    language: str
    title: str
    where: str = ""
    """Place in the table, such as ``row 3``, for messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """A framework with the titles of a table, and what the table lacks."""

    framework: Framework
    missing: Mapping[str, tuple[str, ...]]
    """By language of the table: keys of the indicators that still have no title in it."""
    replaced: tuple[tuple[str, str], ...] = ()
    """Key and language of titles that were there before and read differently now."""


def with_translations(framework: Framework, table: Sequence[Translation]) -> Translated:
    """Return a framework that carries the titles of a table besides its own.

    Parameters
    ----------
    framework : Framework
        Framework version. It is not changed.
    table : sequence of Translation
        Titles by key and language, in any order. An indicator may lack a language.

    Returns
    -------
    Translated
        The framework under the same id and version, with what is missing and what was replaced.

    Raises
    ------
    InputError
        With every fault of the table: unknown keys, languages that are no code, empty titles, and
        titles given twice.

    Examples
    --------
    >>> from everycount.model.framework import Source
    >>> from everycount.model.indicator import Indicator
    >>> core = Framework(id="core", version="1", title={"en": "Core"}, publisher="NSO",
    ...     level="national", valid_from="2024", source=Source(citation="NSO"), indicators=tuple(
    ...         Indicator(key=key, code=key, title={"en": key}) for key in ("poverty", "seats")))
    >>> told = with_translations(core, [Translation(key="poverty", language="vi", title="Nghèo")])
    >>> told.framework.indicators[0].title, told.missing
    ({'en': 'poverty', 'vi': 'Nghèo'}, {'vi': ('seats',)})
    """
    problems = list(_problems(framework, table))
    if problems:
        raise InputError(f"translations of {framework.reference}", problems)
    titles: dict[str, dict[str, str]] = {}
    for entry in table:
        titles.setdefault(entry.key, {})[entry.language] = clean(entry.title)
    indicators = tuple(
        replace(indicator, title={**indicator.title, **titles.get(indicator.key, {})})
        for indicator in framework.indicators
    )
    return Translated(
        framework=replace(framework, indicators=indicators),
        missing={
            language: tuple(each.key for each in indicators if language not in each.title)
            for language in sorted({entry.language for entry in table})
        },
        replaced=tuple(
            (each.key, language)
            for each in framework.indicators
            for language, title in titles.get(each.key, {}).items()
            if each.title.get(language, title) != title
        ),
    )


def _problems(framework: Framework, table: Sequence[Translation]) -> Iterator[Problem]:
    """Yield every fault of a table."""
    keys = {indicator.key for indicator in framework.indicators}
    times = Counter((entry.key, entry.language) for entry in table)
    for number, entry in enumerate(table, start=1):
        where = entry.where or f"entry {number}"
        if entry.key not in keys:
            expected = f"the key of an indicator of {framework.reference}"
            yield Problem(f"{where}, key", repr(entry.key), expected)
        if not LANGUAGE.fullmatch(entry.language):
            yield Problem(f"{where}, language", repr(entry.language), "a code such as fr or vi")
        if not clean(entry.title):
            yield Problem(f"{where}, title", "nothing", "words")
        if times[entry.key, entry.language] > 1:
            found = f"{entry.key} in {entry.language} {times[entry.key, entry.language]} times"
            yield Problem(f"{where}, key", found, "each title once")
