"""Write the report of a policy review: one HTML file, or a tagged PDF."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, Literal

from everycount.reports.html import html_bytes
from everycount.reports.pdf import pdf_bytes, read_template

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

OPEN_ROWS: Final = 12
"""Rows of a table that the page shows before it folds the rest; a screen holds about as many."""
PAPER_ROWS: Final = 40
"""Rows of a table that the PDF prints, about a page; the page and the Word file have them all."""
PAPER_OTHERS: Final = 3
"""Indicators that nobody accepted, printed under one issue of the PDF; their number is said."""

LONGEST_ROW: Final = 900
"""Characters of the longest cell of a row that is kept on one sheet of the PDF; a longer one may
need more than a sheet has."""
PARTS: Final = "policy_parts.typ"

Sign = Literal["good", "line", "warn", "off"]
"""How a tag looks, beside its word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of a text."""

    words: str
    is_cause: bool = False
    """Whether a proposal rests on these words, which are marked."""
    to: str = ""
    """Id of the part of the report that it leads to; empty for plain words."""


Text = tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stat:
    """A figure of the head of the report."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a column."""

    label: str
    kind: Literal["text", "number", "words"] = "text"
    """`text` is short, `number` is aligned at its end, `words` wraps."""
    share: float = 1
    """Share of the width of a sheet of paper, relative to the other columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table."""

    cells: tuple[Text, ...]
    id: str = ""
    """What links to this row name; empty where nothing leads here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table; the first column names the row."""

    title: str
    columns: tuple[Head, ...]
    rows: tuple[Row, ...]

    @property
    def is_wide(self) -> bool:
        """Whether it needs a sheet of paper turned sideways."""
        return len(self.columns) > 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One report on gaps, what was found first."""

    id: str
    title: str
    finding: str
    figure: str
    """How many, out of how many: `14 of 31`."""
    grid: Grid
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What somebody could change on one ground."""

    ground: Piece
    """The report it follows from."""
    rows: tuple[tuple[str, str], ...]
    """What to change, and where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What follows from the gaps, for each side."""

    finding: str
    sides: tuple[tuple[str, tuple[Changes, ...]], ...]
    """To whom, and what."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCard:
    """An indicator that would show whether an issue is acted on."""

    code: str
    title: str
    to: str = ""
    """Id of the row with its sources; empty where there is none."""
    framework: str
    """Framework, with its level."""
    decision: str
    """In words, with who and when."""
    sign: Sign
    status: str
    """accepted, rejected, or how far the match goes: `likely, not decided`."""
    facts: tuple[tuple[str, str], ...] = ()
    """Score, reasons, relation."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCard:
    """An issue with all that is known of it."""

    id: str
    name: str
    """`Issue 11.2`"""
    action: str
    sign: Sign
    status: str
    warnings: tuple[str, ...] = ()
    """Why a person should look again; dissent."""
    facts: tuple[tuple[str, Text], ...]
    targets: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    """Words of the target, and its slots by name."""
    links: tuple[LinkCard, ...] = ()
    """Accepted ones, national sets first."""
    others: tuple[LinkCard, ...] = ()
    """Those that nobody accepted, in the same order."""
    search: str = ""
    """What became of the search, where no indicator was accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseCard:
    """A clause with the issues in it."""

    id: str
    title: str
    """Where it is, as the document calls it."""
    heading: Text = ()
    page: str = ""
    text: Text = ()
    note: str = ""
    """Why there are no words, or which are marked elsewhere."""
    issues: tuple[IssueCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the report made of sentences and tables."""

    text: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPage:
    """All that the report of a review says. Parts that are left out are not shown."""

    title: str
    kicker: tuple[str, ...] = ()
    """Law, language, reviewers."""
    language: str = "en"
    """Language of the policy, in which its words and titles of indicators are."""
    finding: str
    """What was found, in a sentence."""
    stats: tuple[Stat, ...] = ()
    notices: tuple[str, ...] = ()
    """What must be known before anything else."""
    gaps: tuple[Gap, ...] = ()
    advice: Advice | None = None
    clauses: tuple[ClauseCard, ...] = ()
    clauses_note: str = ""
    """How many clauses of the document are shown."""
    plan: Part | None = None
    """Priorities, and what is to be done at what cost."""
    sources: Part | None = None
    """Sources and production cycle."""
    validation: Part | None = None
    """Who signed, and who does not agree."""
    provenance: tuple[tuple[str, str], ...] = ()


def policy_page(page: PolicyPage) -> bytes:
    """Return the report of a review as one HTML file that needs nothing else.

    The style sheet is inside, and there is no script. Rows of gaps lead to their issues, issues
    to their indicators, and back.

    Parameters
    ----------
    page : PolicyPage
        What to show, from `everycount.reports.policy_report.policy_report`. Texts are escaped.

    Returns
    -------
    bytes
        HTML in UTF-8. The same page gives the same bytes.

    Examples
    --------
    >>> page = PolicyPage(title="Law on Gender Equality", finding="Nobody has accepted an issue.")
    >>> policy_page(page).startswith(b"<!doctype html>")
    True
    """
    return html_bytes("policy_page.html", {"page": page, "OPEN_ROWS": OPEN_ROWS})


def policy_pdf(page: PolicyPage) -> bytes:
    """Return the report of a review as a tagged PDF on A4.

    Long tables are cut, and say so.

    Parameters
    ----------
    page : PolicyPage
        What to show, from `everycount.reports.policy_report.policy_report`. No text becomes
        markup.

    Returns
    -------
    bytes
        The file. The same page gives the same bytes.

    Raises
    ------
    ValueError
        If the title is empty.

    Examples
    --------
    >>> page = PolicyPage(title="Law on Gender Equality", finding="Nobody has accepted an issue.")
    >>> policy_pdf(page)[:5]
    b'%PDF-'
    """
    return paper_bytes(page, "policy_page.typ", title=page.title, language=page.language)


def paper_bytes(
    page: "DataclassInstance", template: str, *, title: str, language: str, rows: int = PAPER_ROWS
) -> bytes:
    """Return a report made of the parts of this module as a tagged PDF on A4.

    Parameters
    ----------
    page : dataclass
        What to show.
    template : str
        Name of a template of typst that takes its parts from ``policy_parts.typ``.
    title : str
        Title of the document.
    language : str
        Language of the words that are quoted.
    rows : int
        Rows of a table that are printed.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    ValueError
        If the title is empty.
    """
    data = asdict(page) | {"language": language.partition("-")[0]}
    data |= {"most_rows": rows, "most_others": PAPER_OTHERS, "longest_row": LONGEST_ROW}
    files = {PARTS: read_template(PARTS).encode()}
    return pdf_bytes(read_template(template), data, title=title, files=files)
