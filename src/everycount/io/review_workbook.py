"""Take a review into an Excel workbook for a workshop without internet, and back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from everycount.io.files import digest, read_bytes
from everycount.io.review_file import review_bytes
from everycount.io.review_workbook_edits import (
    SheetEdits,
    problems_between,
    sheet_edits,
    with_edits,
)
from everycount.io.review_workbook_pages import about, comparison, concepts, gaps, groups
from everycount.io.review_workbook_read import Opened
from everycount.io.review_workbook_rows import Sheet, context_of, known_names
from everycount.io.review_workbook_sheets import SHEETS, SOURCE_SHEET
from everycount.io.review_workbook_write import Page, write_workbook
from everycount.model.gap import GapTable
from everycount.model.indicator import wording
from everycount.model.review import Review
from everycount.model.supply import Catalogue
from everycount.policy.edits import Conflict, merge_edits


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookEdits:
    """What came back in a workbook."""

    base: Review
    """The review that the workbook was made from."""
    theirs: Review
    """The same with what people changed and added."""
    notices: tuple[str, ...]
    """What a person should know: rows that are not there any more, columns not read."""


def workbook_bytes(
    review: Review, catalogue: Catalogue, *, reports: Sequence[GapTable] = ()
) -> bytes:
    """Return a review as a workbook that people fill in.

    Parameters
    ----------
    review : Review
        The review.
    catalogue : Catalogue
        Frameworks at hand, for the titles of indicators.
    reports : sequence of GapTable, optional
        Reports of gaps, for a sheet of their own.

    Returns
    -------
    bytes
        An ``.xlsx`` file: what may be filled in is white, the rest grey and locked without a
        password. A hidden sheet carries the review, by which `read_workbook` tells what changed.
        The same review gives the same bytes.

    Examples
    --------
    >>> from everycount.model.review import PolicyText, Vocabulary
    >>> law = PolicyText(name="law.pdf", digest="", language="en")
    >>> words = Vocabulary(id="own", title={"en": "Own"}, source="us")
    >>> review = Review(title="Law", policy=law, vocabulary=words)
    >>> workbook_bytes(review, Catalogue())[:2]
    b'PK'
    """
    language = review.policy.language
    titles = {
        (framework.reference, indicator.key): wording(indicator.title, language)
        for framework in catalogue.frameworks
        for indicator in framework.indicators
    }
    issues, targets, national, international, *rest = SHEETS
    pages: list[Page | Sheet] = [
        about(review),
        concepts(review),
        issues,
        groups(review),
        targets,
        national,
        international,
        comparison(review, titles),
        gaps(reports),
        *rest,
    ]
    return write_workbook(context_of(review, titles), pages)


def read_workbook(path: Path | str, *, decided_by: str = "") -> WorkbookEdits:
    """Read a workbook that people filled in.

    Parameters
    ----------
    path : Path or str
        The file; ``-`` is standard input.
    decided_by : str, optional
        Who decided, for rows that were decided without a name. Without it they are faults.

    Returns
    -------
    WorkbookEdits
        The review it was made from, and what it is with the changes. Rows may have been sorted
        as a whole, filtered or added; a row that is not there any more is told, not dropped.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        With every fault and its sheet and row: rows that do not hold together any more, ids that
        do not exist or stand twice, columns or sheets renamed, cells that say something else than
        their column is for; or why the file is no workbook of a review.
    """
    subject = Path(path).name
    opened = Opened(read_bytes(path), subject)
    base = opened.carried()
    context, known = context_of(base), known_names(base)
    edits: list[SheetEdits] = []
    for sheet in SHEETS:
        lines = opened.lines(sheet)
        found = sheet_edits(sheet, lines, context, known=known, decided_by=decided_by)
        edits.append(found)
        if sheet is SOURCE_SHEET:
            known = replace(known, sources=[*known.sources, *(s.code for _, s in found.added)])
    # Without its header a sheet says nothing of its rows.
    opened.refuse()
    opened.problems += [problem for each in edits for problem in each.problems]
    opened.problems += problems_between(edits, base)
    opened.refuse()
    notices = (*opened.notices, *(notice for each in edits for notice in each.notices))
    theirs = _signed(with_edits(base, edits), len(base.sign_offs), digest(review_bytes(base)))
    return WorkbookEdits(base=base, theirs=theirs, notices=notices)


def import_workbook(
    review: Review, path: Path | str, *, by: str, on: str, decided_by: str = ""
) -> tuple[Review, tuple[Conflict, ...], tuple[str, ...]]:
    """Take what people filled in into the present review.

    Parameters
    ----------
    review : Review
        The review as it is now; it may have changed since the workbook was made.
    path : Path or str
        The workbook; ``-`` is standard input.
    by : str
        Who takes it in.
    on : str
        Date.
    decided_by : str, optional
        Who decided, for rows that were decided without a name.

    Returns
    -------
    review : Review
        The review with every change of the workbook that the review does not contradict, each
        an event in its log.
    conflicts : tuple of Conflict
        What was changed differently here and in the workbook. The review keeps its own.
    notices : tuple of str
        Rows that are not there any more, columns not read.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        With every fault and its sheet and row, as in `read_workbook`.
    """
    edits = read_workbook(path, decided_by=decided_by)
    merged, conflicts = merge_edits(
        edits.base, review, edits.theirs, by=by, on=on, why=f"workbook {Path(path).name}"
    )
    return merged, conflicts, edits.notices


def _signed(review: Review, known: int, of: str) -> Review:
    """Return a review whose new sign-offs say which review was signed."""
    new = tuple(replace(each, of=of) for each in review.sign_offs[known:])
    return replace(review, sign_offs=(*review.sign_offs[:known], *new))
