"""Write the report on an indicator set: one HTML file, or a tagged PDF."""

from dataclasses import dataclass

from everycount.reports.html import html_bytes
from everycount.reports.policy_page import OPEN_ROWS, Gap, Sign, Stat, Text, paper_bytes

PRINTED = 400
"""Rows of a table that the PDF prints: a scorecard is a record, and sets have some hundred
indicators (the global SDG framework 251)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateCard:
    """The scorecard of one candidate."""

    id: str
    code: str
    title: str
    sign: Sign
    status: str
    """selected, not selected, or not decided."""
    warnings: tuple[str, ...] = ()
    """Marks that are far apart."""
    marks: tuple[tuple[str, str], ...] = ()
    """Criterion with its mean mark and who gave which; none where nobody has marked."""
    facts: tuple[tuple[str, Text], ...]
    """The decision, and what the files say for those who mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentPage:
    """All that the report on an indicator set says."""

    title: str
    kicker: tuple[str, ...] = ()
    """Publisher, version, level."""
    language: str = "en"
    """Language of the titles of indicators."""
    finding: str
    """What was found, in a sentence or two."""
    stats: tuple[Stat, ...] = ()
    notices: tuple[str, ...] = ()
    """What must be known before anything else, such as a scorecard that is not there."""
    gaps: tuple[Gap, ...] = ()
    """Scorecard, coverage of policies, data, stages, metadata, international sets."""
    cards: tuple[CandidateCard, ...] = ()
    cards_note: str = ""
    """How many candidates have a card, and why the others have none."""
    scale: str = ""
    """What the marks from lowest to highest mean."""
    criteria: tuple[tuple[str, str], ...] = ()
    """The criteria with the question that each asks."""
    provenance: tuple[tuple[str, str], ...] = ()


def assessment_page(page: AssessmentPage) -> bytes:
    """Return the report on an indicator set as one HTML file that needs nothing else.

    Parameters
    ----------
    page : AssessmentPage
        What to show, from `everycount.reports.assessment_report.assessment_report`. Texts are
        escaped.

    Returns
    -------
    bytes
        HTML in UTF-8, its style sheet inside and no script. The same page gives the same bytes.

    Examples
    --------
    >>> page = AssessmentPage(title="Draft set", finding="Nothing is selected yet.")
    >>> assessment_page(page).startswith(b"<!doctype html>")
    True
    """
    return html_bytes("assessment_page.html", {"page": page, "OPEN_ROWS": OPEN_ROWS})


def assessment_pdf(page: AssessmentPage) -> bytes:
    """Return the report on an indicator set as a tagged PDF on A4.

    Long tables are cut, and say so.

    Parameters
    ----------
    page : AssessmentPage
        What to show, from `everycount.reports.assessment_report.assessment_report`. No text
        becomes markup.

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
    >>> page = AssessmentPage(title="Draft set", finding="Nothing is selected yet.")
    >>> assessment_pdf(page)[:5]
    b'%PDF-'
    """
    return paper_bytes(
        page, "assessment_page.typ", title=page.title, language=page.language, rows=PRINTED
    )
