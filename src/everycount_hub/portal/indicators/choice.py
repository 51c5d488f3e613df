"""What a reader asked an indicator page for, read from its address."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from django.http import QueryDict

from everycount.figures.breakdowns import JOIN
from everycount.language.language import LANGUAGES, language
from everycount.model.observation import BREAKDOWNS
from everycount_hub.edition.nouns import AreaEntry
from everycount_hub.edition.read import Edition, open_edition
from everycount_hub.edition.summaries import Known
from everycount_hub.portal.naming import area_names

MOST = 5
"""Areas that one chart shows; more lines cannot be told apart."""
READ = 12
"""Areas of an address that are looked at: beyond is no reader's choice."""
LENGTH = 80
"""Letters of a name that are looked at."""
SPAN = (1800, 2200)
"""Years that figures can be of."""
YEAR = re.compile(r"\d{4}", re.ASCII)
Why = Literal["asked", "home", "spread", "few", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Areas, years and breakdowns of a page."""

    areas: tuple[AreaEntry, ...]
    """Those that are shown, the one in focus first."""
    why: Why
    """How they were chosen: asked for; of the countries that publish here; the highest, the median
    and the lowest figure; all there are; none."""
    unknown: tuple[str, ...] = ()
    """What was asked for and is no area of the edition."""
    beyond: int = 0
    """Areas that were asked for beyond `MOST`."""
    first: int | None = None
    last: int | None = None
    by: tuple[str, ...] = ()
    """Dimensions of the breakdown that was asked for."""
    dataset: str = ""
    """Key of the dataset that was asked for."""

    @property
    def focus(self) -> AreaEntry | None:
        """The area that sentences are about, if one was asked for."""
        return self.areas[0] if self.areas and self.why == "asked" else None

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the areas."""
        return tuple(each.code for each in self.areas)

    @property
    def is_plain(self) -> bool:
        """Whether charts of it are worth keeping: one area at most, all years, no other choice."""
        is_single = self.why != "asked" or len(self.areas) == 1
        return is_single and self.first is None and self.last is None and not self.dataset

    @property
    def key(self) -> tuple[str, ...]:
        """What tells charts of it apart."""
        years = (str(self.first or ""), str(self.last or ""))
        return (*self.codes, self.why, *years, self.dataset)


def read_choice(asked: QueryDict, edition: Edition, known: Known | None) -> Choice:
    """Return what an address asks for. What makes no sense in it is passed over, and said.

    Parameters
    ----------
    asked : QueryDict
        ``area`` (codes or names, several), ``from`` and ``to`` (years), ``by``, ``dataset``.
    edition : Edition
    known : Known, optional
        What is kept of the indicator.
    """
    texts = [each.strip()[:LENGTH] for each in asked.getlist("area")[:READ]]
    texts = list(dict.fromkeys(each for each in texts if each))
    found = {text: find_area(edition, text) for text in texts}
    areas = _once(found.values())
    unknown = tuple(text for text, area in found.items() if area is None)
    why: Why = "asked"
    if not areas:
        areas, why = _usual(edition, known)
    first, last = _year(asked.get("from", "")), _year(asked.get("to", ""))
    if first is not None and last is not None and first > last:
        first, last = last, first
    dataset = asked.get("dataset", "")
    return Choice(
        areas=tuple(areas[:MOST]),
        why=why,
        unknown=unknown,
        beyond=max(0, len(areas) - MOST),
        first=first,
        last=last,
        by=_dimensions(asked.getlist("by")),
        dataset=dataset if known and dataset in known.entry.datasets else "",
    )


def find_area(edition: Edition, text: str) -> AreaEntry | None:
    """Return the area of a code, a short name in addresses, or a name in any language."""
    direct = edition.areas.get(text.lower()) or edition.area_by_code.get(text)
    if direct is not None:
        return direct
    code = _codes_by_name(edition.digest).get(plain_name(text))
    return edition.area_by_code[code] if code else None


@lru_cache(4)
def _codes_by_name(digest: str) -> Mapping[str, str]:
    """Return the code of each area by its names; names that several share are left out."""
    edition = open_edition(digest)
    names = area_names(edition)
    found: dict[str, set[str]] = {}
    for code in edition.area_by_code:
        for each in LANGUAGES:
            found.setdefault(plain_name(language(each).area(code, names)), set()).add(code)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


def plain_name(name: str) -> str:
    """Return a name without accents and capitals."""
    apart = unicodedata.normalize("NFKD", name)
    return "".join(each for each in apart if not unicodedata.combining(each)).casefold().strip()


def _year(text: str) -> int | None:
    if not YEAR.fullmatch(text.strip()):
        return None
    year = int(text)
    return year if SPAN[0] <= year <= SPAN[1] else None


def _dimensions(asked: Sequence[str]) -> tuple[str, ...]:
    names = {name for text in asked[:READ] for name in text.upper().replace(JOIN, " ").split()}
    return tuple(each for each in BREAKDOWNS if each in names)


def _once(areas: Iterable[AreaEntry | None]) -> list[AreaEntry]:
    """Return areas, each once, in their order."""
    return list({each.code: each for each in areas if each is not None}.values())


def _usual(edition: Edition, known: Known | None) -> tuple[list[AreaEntry], Why]:
    """Return the areas of a page that was asked for none."""
    if known is None:
        return [], "none"
    newest = known.summary.latest
    ranked = newest.filter(newest["rank"].is_not_null()).sort("value", "REF_AREA")
    own = (find_area(edition, each.area) for each in edition.workspaces.values() if each.area)
    codes = set(ranked["REF_AREA"])
    here = [each for each in _once(own) if each.code in codes]
    if here:
        return here[:MOST], "home"
    ordered = ranked["REF_AREA"].to_list()
    if len(ordered) > MOST:
        picked = [ordered[-1], ordered[len(ordered) // 2], ordered[0]]
        return [edition.area_by_code[each] for each in picked], "spread"
    rest = ordered or newest["REF_AREA"].to_list()[:MOST]
    areas = [edition.area_by_code[each] for each in rest if each in edition.area_by_code]
    return areas, "few" if areas else "none"
