"""Write the page of a survey: a finding with its interval, charts, every cell, and its quality."""

from dataclasses import dataclass
from itertools import groupby

from everycount.reports.audit_page import Chart, Table
from everycount.reports.html import html_bytes
from everycount.reports.index_page import File, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRow:
    """One cell of a table of groups, ready to read."""

    group: str = ""
    """What neighbouring rows share, as a heading over them: `Schooling: None`; empty for none."""
    name: str
    """What the row is called: `Poorest fifth`."""
    figure: str = ""
    """As printed: `53.1`, in brackets where it is uncertain: `(8.1)`."""
    interval: str = ""
    cases: str = ""
    """Rows behind it, unweighted."""
    mark: str = ""
    """What a rule says of the figure, in a word: `with care`, `unreliable`."""
    untold: str = ""
    """What stands in place of figures: `not shown`, whatever the reason, or `no figure`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellTable:
    """The groups of one crossing, in the order to show."""

    title: str
    name: str
    """What it is called in a list of tables: `Schooling and wealth`."""
    head: str
    """Head of the names of rows: the characteristic."""
    figure: str
    """Head of the figures: `%`, or a unit."""
    interval: str
    """Head of the intervals, with their level: `95 % interval`."""
    rows: tuple[CellRow, ...]
    note: str = ""

    @property
    def blocks(self) -> list[tuple[str, list[CellRow]]]:
        """Neighbouring rows of one group together."""
        return [(group, list(rows)) for group, rows in groupby(self.rows, lambda row: row.group)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart with the table of the same figures in the same order."""

    title: str
    """The heading over it."""
    text: tuple[str, ...] = ()
    """Paragraphs before the chart."""
    chart: Chart
    cells: CellTable | None = None
    """The figures of groups; or else `table`."""
    table: Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FurthestSection:
    """Who is furthest behind: what was found, and every leaf of the tree."""

    text: tuple[str, ...]
    """What was found and how, a sentence each."""
    chart: Chart
    table: Table
    """A row for each leaf, furthest behind first: path, part of the people, figure, interval."""
    caveats: tuple[str, ...] = ()
    """What cannot be read out of it, a sentence each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How far the figures can be believed, and what was done so that nobody is found."""

    facts: tuple[tuple[str, str], ...]
    """Label and value: sample, errors, intervals, rules."""
    tables: tuple[Table, ...] = ()
    """Rules with the number of figures they flag; rows left out by reason."""
    terms: tuple[tuple[str, str], ...] = ()
    """A word of statistics and what it means, in plain words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyPage:
    """All that the page of a survey says of one outcome. Parts that are left out are not shown."""

    title: str
    """The outcome in words."""
    survey: str = ""
    """The survey, with its year."""
    finding: Finding
    """One sentence with its interval."""
    lead: tuple[str, ...] = ()
    """What a reader should know next, a paragraph each."""
    notice: str = ""
    """What must be known before anything else, such as that the data are simulated."""
    short: tuple[tuple[str, str], ...] = ()
    """The quality in a few figures: label and value."""
    short_note: str = ""
    reading: tuple[str, ...] = ()
    """How to read the page, a sentence each."""
    groups: Picture | None = None
    """Dots with intervals by one characteristic, or two crossed."""
    crossing: Picture | None = None
    """A heat map of two characteristics crossed."""
    furthest: FurthestSection | None = None
    outcomes: Picture | None = None
    """All outcomes of the survey beside one another."""
    cells: tuple[CellTable, ...] = ()
    """All characteristics one at a time, then two and two; each folded but the first."""
    cells_note: tuple[str, ...] = ()
    """What is not in these tables, and where it is; a sentence each."""
    quality: Quality
    provenance: tuple[tuple[str, str], ...] = ()
    """Label and value: files with their digests, version."""
    files: tuple[File, ...] = ()
    """What lies beside the page."""


def survey_page(page: SurveyPage) -> bytes:
    """Return the page of a survey as one HTML file that needs nothing else.

    Style sheet and charts are inside; there is no script. Links to `page.files` are relative.

    Parameters
    ----------
    page : SurveyPage
        What to show. Texts are escaped; only the charts are taken as they are.

    Returns
    -------
    bytes
        HTML in UTF-8. The same page gives the same bytes.

    Examples
    --------
    >>> page = SurveyPage(title="Women who cannot read", quality=Quality(facts=()),
    ...                   finding=Finding(before="Cannot read:", number="60.6 %", after="."))
    >>> survey_page(page).startswith(b"<!doctype html>")
    True
    """
    return html_bytes("survey_page.html", {"page": page})
