"""Write the report of an audit, in words and rows: one HTML file, or a tagged PDF."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import Any, Final, Literal

from everycount.audit.findings import LIGHTS, ORDER, Light
from everycount.charts.paper import print_svg
from everycount.reports.html import html_bytes
from everycount.reports.index_page import File
from everycount.reports.pdf import pdf_bytes, read_template
from everycount.reports.wording import plural

FEW: Final = 3
"""Lines of findings in order or for information that need no fold."""
FOLD: Final = 15
"""A table of more rows than this is folded on the page; paper has no fold."""
SYMBOLS: Final[dict[Light, str]] = {"good": "✓", "note": "○", "watch": "▲", "problem": "■"}
"""The shape of a light, beside its word: never colour alone."""

_GRAVE: Final = frozenset({"problem", "watch"})
_SIZE: Final = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One line of the summary: a question, what was found, and how to read it."""

    question: str
    """A question in plain words: `Do ranks hold?`"""
    result: str
    """The answer with its figures."""
    light: Light
    """How serious it is; the word for it is that of `LIGHTS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Varied:
    """An assumption that was varied."""

    name: str
    """What was varied: `Normalisation`."""
    options: tuple[str, ...]
    """The ways, in words, the declared one first."""
    note: str = ""
    """How the ways were drawn, or what could not go together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A threshold that findings were judged by."""

    name: str
    """In words: `Least share of units with a figure`."""
    value: str
    source: str
    """Where the value comes from; or that the method sets it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A finding of the audit, as a sentence."""

    part: str
    """The part of the audit, in words; neighbours of one part stand under one heading."""
    light: Light
    words: str
    """The sentence, with its figures."""
    about: tuple[str, ...] = ()
    """What the sentence is about, an item a line: indicators with their figures."""
    limit: str = ""
    """What it was judged by: `correlation above 0.95 (JRC 2019)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table."""

    label: str
    kind: Literal["text", "number", "words"] = "text"
    """`text` is short, `number` is aligned at its end, `words` wraps and takes the room left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table whose cells are ready to read; the first column names the row."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    """A cell for every column; a cell may be empty."""
    note: str = ""
    file: str = ""
    """Name of the file beside the report that holds all of it."""
    on_page: int | None = None
    """How many rows the page shows before it refers to `file`; all of them, where left out."""
    on_paper: int | None = None
    """How many rows the PDF prints before it refers to `file`; all of them, where left out."""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.title!r}: every row needs {len(self.columns)} cells")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart as `charts.render.svg` writes it."""

    svg: str
    alt: str
    """What, range and extremes in a sentence, for a reader who does not see it."""
    title: str
    """What one sees."""
    unit: str = ""
    """Unit, and of how many builds."""
    key: str = ""
    """The marks in words: `Dot: nominal rank. Line: 5th to 95th percentile.`"""
    narrow: str = ""
    """The same chart for less than 480 pixels; empty where the wide one only shrinks."""
    on_paper: tuple[str, ...] = ()
    """The same chart in pieces, a page each at most; empty where the wide one fits on a page."""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the report: sentences, findings, charts and their tables, in that order."""

    title: str = ""
    """A heading of its own, inside `coherence`; the other parts have theirs from the page."""
    text: tuple[str, ...] = ()
    """Paragraphs."""
    findings: tuple[Judged, ...] = ()
    """In any order: the gravest are shown first in each part."""
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question of the conceptual checklist with a person's answer."""

    question: str
    answer: str
    """`Yes`, `Partly`, `No`, `Not applicable`; or that nobody has answered."""
    note: str = ""
    by: str = ""
    """Who says so, and when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """All that the report of an audit says. Parts that are left out are not shown."""

    title: str
    """`Audit of …`"""
    method: str
    """Name of the method, with its version."""
    edition: str = ""
    """Which figures: year, units, release."""
    notice: str = ""
    headline: str
    """The verdict in one sentence."""
    places: int | None = None
    """Differences of fewer places than this are not meaningful; said where it is 2 or more."""
    may: tuple[str, ...] = ()
    """What may be said, a sentence each."""
    may_not: tuple[str, ...] = ()
    """What may not be said, a sentence each."""
    readings: tuple[Reading, ...]
    """The summary, in the order to show."""
    tested: tuple[tuple[str, str], ...] = ()
    """Label and value: builds, failed builds, seed, interval."""
    assumptions: tuple[Varied, ...] = ()
    thresholds: tuple[Limit, ...] = ()
    ranks: Section | None = None
    """Chart and table of rank intervals."""
    least_certain: Table | None = None
    """The ten widest intervals."""
    choices: Section | None = None
    """What each choice alone does to the ranks."""
    sensitivity: Section | None = None
    """Shares of the variation that each choice explains; or in `text` why there are none."""
    neighbours: Section | None = None
    """Pairs that are not told apart, with the share of builds in which one leads."""
    coherence: tuple[Section, ...] = ()
    """Each with a title: figures, correlations, groups, importance, size, others, one out."""
    checklist: tuple[Answered, ...] = ()
    limits: tuple[str, ...] = ()
    """What the audit cannot say, and caveats of this one; a sentence each."""
    provenance: tuple[tuple[str, str], ...] = ()
    """Label and value: inputs with their digests, method, version."""
    files: tuple[File, ...] = ()
    """What lies beside the report."""


def audit_page(page: AuditPage) -> bytes:
    """Return the report of an audit as one HTML file that needs nothing else.

    Style sheet and charts are inside; there is no script. Links to `page.files` are relative.

    Parameters
    ----------
    page : AuditPage
        What to show. Texts are escaped; only the charts are taken as they are.

    Returns
    -------
    bytes
        HTML in UTF-8. The same page gives the same bytes.

    Examples
    --------
    >>> reading = Reading(question="Do ranks hold?", result="Most do.", light="good")
    >>> page = AuditPage(title="Audit of an index", method="An index", headline="Ranks hold.",
    ...                  readings=(reading,))
    >>> audit_page(page).startswith(b"<!doctype html>")
    True
    """
    values = {"page": page, "by_part": by_part}
    values |= {"FOLD": FOLD, "LIGHTS": LIGHTS, "SYMBOLS": SYMBOLS}
    return html_bytes("audit_page.html", values)


def audit_pdf(page: AuditPage) -> bytes:
    """Return the report of an audit as a tagged PDF on A4.

    Parameters
    ----------
    page : AuditPage
        What to show. No text becomes markup.

    Returns
    -------
    bytes
        The file. The same page gives the same bytes.

    Raises
    ------
    ValueError
        If the title is empty, or a chart has a colour that is none of the theme's.

    Examples
    --------
    >>> page = AuditPage(title="Audit of an index", method="An index", headline="Ranks hold.",
    ...                  readings=())
    >>> audit_pdf(page)[:5]
    b'%PDF-'
    """
    drawn: dict[str, bytes] = {}
    data = asdict(page) | {name: _printed(getattr(page, name), drawn) for name in _SECTIONS}
    data |= {"coherence": [_printed(section, drawn) for section in page.coherence]}
    data |= {"words": LIGHTS, "symbols": SYMBOLS}
    return pdf_bytes(read_template("audit_page.typ"), data, title=page.title, files=drawn)


_SECTIONS: Final = ("ranks", "choices", "sensitivity", "neighbours")


def _printed(section: Section | None, drawn: dict[str, bytes]) -> dict[str, Any] | None:
    """Return a part as plain data, and put its charts among what is drawn."""
    if section is None:
        return None
    charts = [
        asdict(replace(chart, svg="", narrow="", on_paper=()))
        | {"pieces": [_put(svg, drawn) for svg in chart.on_paper or (chart.svg,)]}
        for chart in section.charts
    ]
    findings = [asdict(part) | {"is_short": part.is_short} for part in by_part(section.findings)]
    return asdict(section) | {"charts": charts, "findings": findings}


def _put(svg: str, drawn: dict[str, bytes]) -> dict[str, Any]:
    """Put a drawing among the files of the PDF; return its name and its size in CSS pixels."""
    size = _SIZE.search(svg)
    assert size is not None, "a chart of charts.render.svg has a viewBox"
    name = f"chart-{len(drawn) + 1}.svg"
    drawn[name] = print_svg(svg)
    return {"name": name, "width": float(size[1]), "height": float(size[2])}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alike:
    """Findings of one light that were judged by one limit."""

    light: Light
    limit: str
    rows: tuple[Judged, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """The findings of one part of the audit, the gravest first."""

    name: str
    grave: tuple[_Alike, ...]
    """Those to be looked at."""
    rest: tuple[_Alike, ...]
    """Those in order or for information."""

    @property
    def rest_words(self) -> str:
        """What the fold says: `Coherence: 14 findings in order or for information`."""
        found = plural(sum(len(each.rows) for each in self.rest), "finding")
        return f"{self.name}: {found} in order or for information"

    @property
    def is_short(self) -> bool:
        """Whether there are so few findings that none needs a fold."""
        lines = sum(1 + len(row.about) for each in self.rest for row in each.rows)
        return not self.grave and lines <= FEW


def by_part(findings: Sequence[Judged]) -> list[_Part]:
    """Return neighbouring findings of one part together, and in it those of a light and limit.

    Of what is in order or for information the limit is not said again: the thresholds have it.
    """
    parts = []
    for name, found in groupby(findings, key=lambda finding: finding.part):
        rows = [row if row.light in _GRAVE else replace(row, limit="") for row in found]
        limits = list(dict.fromkeys(row.limit for row in rows))
        rows.sort(key=lambda row: (ORDER.index(row.light), limits.index(row.limit)))
        alike = [
            _Alike(light=light, limit=limit, rows=tuple(same))
            for (light, limit), same in groupby(rows, key=lambda row: (row.light, row.limit))
        ]
        grave = tuple(each for each in alike if each.light in _GRAVE)
        rest = tuple(each for each in alike if each.light not in _GRAVE)
        parts.append(_Part(name=name, grave=grave, rest=rest))
    return parts
