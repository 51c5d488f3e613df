"""Areas that come and go: a province exists from a day to a day, and another follows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from everycount.model.codes import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One area between two days. Another extent is another area with another code."""

    code: str
    names: Mapping[str, str]
    """Name by language code."""
    kind: str = ""
    """What it is: country, region, province, city …"""
    parent: str = ""
    """Code of the area that it is a part of; empty at the top."""
    official_code: str = ""
    """Code in the country's own list, which may be used again later for another area."""
    valid_from: date | None = None
    """First day; none if it is not stated."""
    valid_to: date | None = None
    """Last day; none while it lasts."""
    predecessors: tuple[str, ...] = ()
    """Codes of the areas whose land it has."""
    successors: tuple[str, ...] = ()
    """Codes of the areas that have its land."""
    source: str = ""
    """Law or list that says so."""

    def exists(self, at: date) -> bool:
        """Tell whether the area exists on a day.

        Examples
        --------
        >>> area = Area(code="VN_24", names={"en": "Bac Giang"}, valid_to=date(2025, 6, 30))
        >>> area.exists(date(2025, 6, 30)), area.exists(date(2025, 7, 1))
        (True, False)
        """
        started = self.valid_from is None or self.valid_from <= at
        return started and (self.valid_to is None or at <= self.valid_to)

    def name(self, language: str = "en") -> str:
        """Return the name in a language, else in English, else the code."""
        return self.names.get(language) or self.names.get("en") or self.code


@dataclass(frozen=True, kw_only=True)
class Areas:
    """The areas of a country through time."""

    id: str
    """What the list is called, such as VN."""
    areas: tuple[Area, ...] = field(default_factory=tuple)

    @cached_property
    def by_code(self) -> Mapping[str, Area]:
        """The areas by their code."""
        return {area.code: area for area in self.areas}

    def codes(self) -> tuple[Code, ...]:
        """Return the areas as codes, for the labels of a dataset."""
        return tuple(Code(id=a.code, name=a.names, parent=a.parent) for a in self.areas)
