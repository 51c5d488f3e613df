"""Write the page of an index: finding, ranking, map, averages, method, sources; one HTML file."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from everycount.reports.html import html_bytes

NO_FIGURE: Final = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One sentence that holds one number."""

    before: str
    number: str
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stat:
    """A number worth seeing first; at most four to a page."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A ranked unit, or with `lacks` one that is not."""

    unit: str
    name: str
    group: str = ""
    rank: str = ""
    score: float | None = None
    band: str = ""
    figures: int
    """Indicators with a figure."""
    of: int
    """Indicators of the method."""
    reason: str = ""
    """Why it is not ranked, where it is not."""
    lacks: tuple[str, ...] = ()
    """Codes of the indicators without a figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A name for scores from a limit up, written as people read it: `90 and over`."""

    name: str
    limits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A chart as `charts.render.svg` writes it; put into the page as it is, never escaped."""

    svg: str
    narrow: str = ""
    """The same chart for less than 480 pixels; empty where the wide one only shrinks."""
    title: str
    """What one sees."""
    unit: str = ""
    """Unit and years."""
    legend: tuple[str, ...] = ()
    """On a map: the classes, lowest first."""
    missing: str = ""
    """On a map: the word for areas without a score."""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMean:
    """Averages over the areas of one group."""

    name: str
    areas: int
    """Areas with a score."""
    of: int
    """Areas of the group."""
    mean: float | None
    weighted: float | None = None
    covered: float | None = None
    """Share of the group's weight that the areas with a score hold, from 0 to 1."""
    is_all: bool = False
    """Whether the row is of all areas together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Averages by one grouping."""

    title: str
    note: str = ""
    weight: str = ""
    """What the second mean is weighted by; empty where there is none."""
    rows: tuple[GroupMean, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A group at the top of the tree, such as a goal."""

    code: str
    name: str
    depth: int = 1
    """How deep it stands below the index: 1, 2 or more."""
    used: int
    """Indicators of this method."""
    of: int
    """Indicators in the original."""
    areas: int
    """Areas with a score."""
    mean: float | None = None
    lowest: float | None = None
    lowest_area: str = ""
    highest: float | None = None
    highest_area: str = ""
    note: str = ""
    """Why there is no score, where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRow:
    """An indicator with its goalposts."""

    code: str
    name: str
    level: str
    unit: str = ""
    worst: str = ""
    best: str = ""
    basis: str = ""
    """Where the goalposts come from."""
    basis_kind: str = ""
    """Whether somebody agreed on them, the index set them, or they were seen in the figures."""
    kind: str = ""
    """Formative or reflective."""
    areas: int = 0
    years: str = ""
    absent: str = ""
    """Why it is not in the build; empty where it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A series with its licence."""

    indicators: str
    producer: str
    title: str
    series: str
    licence: str
    licence_url: str = ""
    url: str = ""
    retrieved: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file beside the page."""

    name: str
    href: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPage:
    """All that the page of an index shows, as plain words and numbers."""

    title: str
    finding: Finding
    notice: str = ""
    stats: tuple[Stat, ...] = ()
    scale: tuple[float, float] = (0.0, 100.0)
    """Ends of the scale of scores, for the bars."""
    decimals: int = 1
    areas: tuple[Area, ...]
    """Ranked, in the order to show."""
    group_name: str = "Region"
    """What `Area.group` is."""
    ranking_note: str = ""
    bands: tuple[Band, ...] = ()
    not_ranked: tuple[Area, ...] = ()
    map: Drawing | None = None
    spread: Drawing | None = None
    """Scores by group, beside the averages."""
    groupings: tuple[Grouping, ...] = ()
    level_name: str = "Goal"
    levels_title: str = "Goals"
    levels: tuple[Level, ...] = ()
    levels_note: str = ""
    steps: tuple[str, ...]
    """The method in words, a step each."""
    indicators: tuple[IndicatorRow, ...] = ()
    indicators_note: str = ""
    sources: tuple[SourceRow, ...] = ()
    files: tuple[File, ...] = ()
    trace: tuple[tuple[str, str], ...] = ()
    """Label and value: digests, version, counts."""


def index_page(page: IndexPage) -> bytes:
    """Return the page of an index as one HTML file that needs nothing else.

    Style sheet and charts are inside; there is no script. Links to `page.files` are relative.

    Parameters
    ----------
    page : IndexPage
        What to show. Texts are escaped; only the charts are taken as they are.

    Returns
    -------
    bytes
        HTML in UTF-8. The same page gives the same bytes.

    Raises
    ------
    ValueError
        If no area is ranked and none is listed as not ranked: there would be nothing to show.

    Examples
    --------
    >>> page = IndexPage(title="An index", finding=Finding(before="Norway scores", number="93.9"),
    ...                  areas=(Area(unit="NOR", name="Norway", figures=1, of=1),), steps=("Rank",))
    >>> index_page(page).startswith(b"<!doctype html>")
    True
    """
    if not page.areas and not page.not_ranked:
        raise ValueError("the page of an index needs at least one area")
    values = {"page": page, "number": _number, "share": _share}
    values |= {"percent_of": _percent_of, "by_level": _by_level}
    return html_bytes("index_page.html", values)


def _number(value: float | None, decimals: int) -> str:
    """Return a number as people read it."""
    return NO_FIGURE if value is None else f"{value:,.{decimals}f}"


def _share(value: float | None) -> str:
    """Return a share from 0 to 1 in percent."""
    return NO_FIGURE if value is None else f"{100 * value:.0f} %"


def _percent_of(value: float, scale: tuple[float, float]) -> str:
    """Return where a score lies on the scale, for the length of a bar."""
    low, high = scale
    return f"{min(100.0, max(0.0, 100 * (value - low) / (high - low))):.1f}%"


def _by_level(rows: Sequence[IndicatorRow]) -> list[tuple[str, list[IndicatorRow]]]:
    """Return neighbouring indicators of one level together."""
    return [(level, list(found)) for level, found in groupby(rows, key=lambda row: row.level)]
