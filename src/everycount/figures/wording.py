"""Words that the statements about figures share: values with their units, and what limits them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from everycount.figures import sentences
from everycount.figures.series import Series
from everycount.language.language import Language

PRESENT = 3
"""Age in years up to which a figure is told of in the present tense. The rule of the portal."""
PERCENT = ("PT", "PERCENT", "PC", "PERCENTAGE")
"""Codes of percentages: SDG CL_UNIT_MEASURE and UN SDG database (PERCENT), World Bank (PC)."""
COUNTS = ("NUMBER", "NB", "PS", "PERSONS", "HH")
"""Codes of counts of whole things: SDG CL_UNIT_MEASURE, UN SDG database, ILOSTAT."""
LEAST = 0.05
"""Differences below this would be 0.0 with one decimal; they get two significant digits."""
Row = Mapping[str, Any]
"""A row of a table of figures, as `DataFrame.row(named=True)` gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What the figures say, in words of one language."""

    finding: str
    """One sentence."""
    caveats: tuple[str, ...] = ()
    """What limits it, each a sentence."""

    @property
    def text(self) -> str:
        """The finding and what limits it."""
        return " ".join((self.finding, *self.caveats))


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a sentence about an indicator is made of."""

    language: Language
    title: str
    """Title of the indicator in the language."""
    unit: str | None = None
    """Code of the unit."""
    unit_mult: int = 0
    unit_label: str = ""
    """What the unit is called in the language; empty where the title says it."""
    names: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)
    """Names of areas of the dataset's own."""

    def of(self, series: Series) -> "Words":
        """Return the words with the unit of a series."""
        return Words(
            language=self.language,
            title=self.title,
            unit=series.unit,
            unit_mult=series.unit_mult,
            unit_label=self.unit_label,
            names=self.names,
        )

    @property
    def is_percent(self) -> bool:
        """Whether the figures are percentages."""
        return self.unit in PERCENT

    def value(self, value: float) -> str:
        """Return a figure with its unit."""
        full = value * 10.0**self.unit_mult
        if self.is_percent:
            return self.language.percent(full)
        if self.unit in COUNTS:
            number = self.language.number(full, 0)
        else:
            number = self.language.significant(full)
        if not self.unit_label:
            return number
        return self.language.gettext(sentences.WITH_UNIT).format(
            number=number, unit=self.unit_label
        )

    def points(self, points: float) -> str:
        """Return a difference of percentages, without its sign."""
        size = abs(points)
        if 0 < size < LEAST:
            return self.language.significant(size, 2)
        return self.language.number(size)

    def say(self, message: str, area: str = "", **parts: str) -> str:
        """Return a message in the language, with the title, the area and other parts."""
        language = self.language
        return language.gettext(message).format(
            area=language.isolate(language.area(area, self.names)),
            title=language.isolate(self.title),
            **parts,
        )


def is_recent(age: int) -> bool:
    """Tell whether a figure of this age in years is told of in the present tense.

    Examples
    --------
    >>> is_recent(3), is_recent(4)
    (True, False)
    """
    return age <= PRESENT


def caveats(language: Language, **which: bool) -> tuple[str, ...]:
    """Return what limits a statement, in words.

    Examples
    --------
    >>> from everycount.language.language import language
    >>> caveats(language("en"), few=True, modelled=False)
    ('Part of this rests on few cases.',)
    """
    return tuple(
        language.gettext(sentences.CAVEATS[name]) for name, is_so in which.items() if is_so
    )
