"""The wordings by which the indicators of a framework are recognised, in one language."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from everycount.model.framework import Framework
from everycount.model.match import Alias
from everycount.policy.match_words import clean

Keywords = Mapping[str, Mapping[str, Sequence[str]]]
"""By language and then by code of an SDG target (5.5) or indicator (5.5.1): words of our own."""
_SDG: Final = re.compile(r"((?:1[0-7]|[1-9])\.(?:\d{1,2}|[a-d]))\.\d{1,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The indicators of a framework that share one title: they cannot be told apart by it."""

    title: str
    """As published in the language of the search."""
    keys: tuple[str, ...]
    """Keys of the indicators, in the order of the framework."""
    target: tuple[str, ...] = ()
    """Keywords of their SDG targets."""
    own: tuple[str, ...] = ()
    """Keywords of the indicators themselves."""
    aliases: tuple[Alias, ...] = ()
    """Titles that somebody linked to one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """What a search in one framework goes through."""

    framework: str
    """Framework, as id@version."""
    language: str
    entries: tuple[Entry, ...]
    untitled: int
    """Indicators without a title in the language; they cannot be found."""


def fields_of(
    framework: Framework,
    language: str,
    *,
    aliases: Iterable[Alias] = (),
    keywords: Keywords | None = None,
) -> Fields:
    """Return the wordings of a framework in one language.

    Parameters
    ----------
    framework : Framework
        Framework to be searched.
    language : str
        ISO 639-1 code. Titles in other languages are not used: matching does not cross languages.
    aliases : iterable of Alias, optional
        Linked titles; those of other frameworks, other languages or unknown keys are left aside.
    keywords : mapping, optional
        Keywords by language and SDG code, used where the framework keeps SDG keys.

    Returns
    -------
    Fields
        One entry for each distinct title, in the order of the framework.

    Examples
    --------
    >>> from everycount.model.framework import Source
    >>> from everycount.model.indicator import Indicator
    >>> seats = Indicator(key="5.5.1", code="5.5.1", title={"en": "Seats held by women"})
    >>> sdg = Framework(id="sdg-global", version="1", title={"en": "SDG"}, publisher="UN",
    ...     level="global", valid_from="2023", source=Source(citation="UN"), indicators=(seats,))
    >>> fields = fields_of(sdg, "en", keywords={"en": {"5.5": ("women elected",)}})
    >>> fields.entries[0].target
    ('women elected',)
    """
    known = (keywords or {}).get(language, {}) if "sdg" in framework.id.split("-") else {}
    linked: dict[str, list[Alias]] = {}
    for alias in aliases:
        if alias.framework == framework.reference and alias.language == language:
            linked.setdefault(alias.key, []).append(alias)
    titled: dict[str, list[str]] = {}
    for indicator in framework.indicators:
        if language in indicator.title:
            titled.setdefault(clean(indicator.title[language]), []).append(indicator.key)
    return Fields(
        framework=framework.reference,
        language=language,
        entries=tuple(
            Entry(
                title=title,
                keys=tuple(keys),
                target=_unique(word for key in keys for word in known.get(target_of(key), ())),
                own=_unique(word for key in keys for word in known.get(key, ())),
                aliases=tuple(alias for key in keys for alias in linked.get(key, ())),
            )
            for title, keys in titled.items()
        ),
        untitled=sum(language not in indicator.title for indicator in framework.indicators),
    )


def target_of(key: str) -> str:
    """Return the SDG target of an SDG indicator, or nothing for a key of another form.

    Examples
    --------
    >>> target_of("5.5.1"), target_of("17.18.2"), target_of("5.a.1"), target_of("I.1")
    ('5.5', '17.18', '5.a', '')
    """
    found = _SDG.fullmatch(key)
    return found.group(1) if found else ""


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    """Return each wording once, in order."""
    return tuple(dict.fromkeys(words))
