"""A method sheet: how one hard area is measured, by what, of whom, and what cannot be said."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from everycount.model.conditions import Condition
from everycount.model.strict import STRICT, Faults

Fault = tuple[tuple[str | int, ...], str, str]
IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
INDICATOR = re.compile(r"\d{1,2}\.[0-9a-d]{1,2}\.\d{1,2}")  # as the global SDG framework numbers
LimitKind = Literal[
    "underreporting",
    "age_ceiling",
    "proxy",
    "recall",
    "coverage",
    "selection",
    "concept",
    "comparability",
    "precision",
]
Soundness = Literal["sound", "with_care", "unsound"]
EARLIEST, LATEST = 1945, 2100  # years in which a source can have been published


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What a sheet rests on."""

    __pydantic_config__ = STRICT

    key: str
    """Name by which statements cite it."""
    title: str
    """Title as printed."""
    publisher: str
    """Who published it, or the authors and the journal."""
    year: int
    """Year of the edition meant."""
    url: str = ""
    """Address; left out where none is known to last."""

    def __post_init__(self) -> None:
        """Refuse a publication that cannot be found."""
        faults: list[Fault] = [
            ((name,), "nothing", "words")
            for name in ("key", "title", "publisher")
            if not getattr(self, name).strip()
        ]
        if not EARLIEST <= self.year <= LATEST:
            faults.append((("year",), str(self.year), f"a year from {EARLIEST} to {LATEST}"))
        if self.url and not self.url.startswith(("https://", "http://")):
            faults.append((("url",), repr(self.url), "an address that begins with https://"))
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing to know, and where it stands."""

    __pydantic_config__ = STRICT

    words: str
    """What must be known, done or doubted, in a sentence or two."""
    source: str = ""
    """Key of the publication; left out where it is plain statistics or the editors' advice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What the figures cannot say, by its kind."""

    __pydantic_config__ = STRICT

    kind: LimitKind
    """underreporting, age_ceiling, proxy, recall, coverage, selection, concept, comparability or
    precision."""
    words: str
    """What it does to the figures."""
    source: str = ""
    """Key of the publication; left out as in a statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A questionnaire or module that asks about the area."""

    __pydantic_config__ = STRICT

    name: str
    """Name of the questionnaire or module."""
    producer: str
    """Who makes it."""
    version: str
    """Edition or round the sheet speaks of."""
    note: str = ""
    """What it asks and of whom."""
    source: str = ""
    """Key of the publication that holds or describes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Universe:
    """Whom the figures are about."""

    __pydantic_config__ = STRICT

    words: str
    """Whom, in words."""
    conditions: tuple[Condition, ...] = ()
    """The same as conditions on columns, called by what they hold (age, sex); in a design they
    take the names and codes of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetOutcome:
    """A figure the area yields."""

    __pydantic_config__ = STRICT

    name: str
    """Short name."""
    definition: str
    """Numerator, denominator and reference period, in words."""
    sdg: tuple[str, ...] = ()
    """Codes of global SDG indicators it is, or is a part of."""
    source: str = ""
    """Key of the publication that defines it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disaggregation:
    """A characteristic by which figures may be asked for, and whether they would be sound."""

    __pydantic_config__ = STRICT

    by: str
    """The characteristic, or characteristics crossed."""
    soundness: Soundness
    """sound, with_care or unsound."""
    why: str
    """Why, and with what precaution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRecipe:
    """The computable recipe of an area, where the field has settled one."""

    __pydantic_config__ = STRICT

    name: str
    """Name of the recipe."""
    inputs: tuple[str, ...]
    """What it asks of the microdata, by name."""
    note: str = ""
    """What it makes, and which choice it leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodSheet:
    """How one area is measured well, and what nobody can say of it yet.

    Raises
    ------
    Faults
        If a statement cites a publication that is not listed, a name or code is malformed, or a
        part every sheet needs is empty: every fault at once.
    """

    __pydantic_config__ = STRICT

    id: str
    """Name of the sheet: lower case, digits and hyphens."""
    title: str
    """Title of the sheet."""
    area: str
    """The area as those who asked for it named it."""
    question: str
    """The question the figures answer."""
    instruments: tuple[Instrument, ...]
    """Questionnaires that ask it, the one to prefer first."""
    universe: Universe
    """Whom the figures are about."""
    respondent: str
    """Who answers, and for whom."""
    weight: str
    """Which weight belongs to the outcomes, and how it differs from the general one."""
    outcomes: tuple[SheetOutcome, ...]
    """Figures the area yields."""
    disaggregations: tuple[Disaggregation, ...]
    """By what they may be broken down."""
    ethics: tuple[Statement, ...]
    """What must be in place before anyone is asked."""
    limits: tuple[Limit, ...]
    """What the figures cannot say."""
    better: tuple[Statement, ...]
    """What would be needed to do better."""
    sources: tuple[Publication, ...]
    """What the sheet rests on."""
    recipe: SheetRecipe | None = None
    """How outcomes are computed, where the field has settled it."""

    def __post_init__(self) -> None:
        """Refuse a sheet that is incomplete or cites what it does not list."""
        faults = list(self._faults())
        if faults:
            raise Faults(faults)

    def _faults(self) -> Iterator[Fault]:
        if not IDENTIFIER.fullmatch(self.id):
            yield ("id",), repr(self.id), "lower case letters, digits and single hyphens"
        for name in ("title", "area", "question", "respondent", "weight"):
            if not getattr(self, name).strip():
                yield (name,), "nothing", "words"
        for name in ("instruments", "outcomes", "ethics", "limits", "better", "sources"):
            if not getattr(self, name):
                yield (name,), "none", "one or more"
        for at, outcome in enumerate(self.outcomes):
            for code in outcome.sdg:
                if not INDICATOR.fullmatch(code):
                    yield ("outcomes", at, "sdg"), repr(code), "a code such as 5.2.1 or 16.b.1"
        parts = ("instruments", "outcomes", "ethics", "limits", "better")
        yield from citation_faults(self.sources, {part: getattr(self, part) for part in parts})

    def publication(self, key: str) -> Publication:
        """Return the publication cited by this key."""
        return next(each for each in self.sources if each.key == key)


def citation_faults(
    sources: tuple[Publication, ...], parts: dict[str, tuple[object, ...]]
) -> Iterator[Fault]:
    """Yield keys that stand twice, that nothing lists, and publications that nothing cites.

    `parts` are lists of things with a `source`, a key or several.
    """
    keys = [each.key for each in sources]
    known = f"one of {', '.join(keys) or 'the sources, of which there are none'}"
    for at, key in enumerate(keys):
        if key in keys[:at]:
            yield ("sources", at, "key"), f"{key!r} for the second time", "each key once"
    cited: set[str] = set()
    for part, items in parts.items():
        for at, item in enumerate(items):
            said = getattr(item, "source", "")
            for key in [said] if isinstance(said, str) else said:
                cited.add(key)
                if key and key not in keys:
                    yield (part, at, "source"), repr(key), known
    for at, key in enumerate(keys):
        if key not in cited:
            yield ("sources", at, "key"), f"{key!r}, which nothing cites", "a source that is used"
