"""The sheets of a review that are only read: instructions, principles, groups, comparison, gaps."""

from collections.abc import Mapping, Sequence

from everycount.io.review_workbook_cells import Cell
from everycount.io.review_workbook_sheets import SHEETS
from everycount.io.review_workbook_write import Page
from everycount.model.gap import GapTable
from everycount.model.indicator import wording
from everycount.model.issue import GRADES, Issue
from everycount.model.review import IndicatorLink, Review

HOW = (
    "White cells are filled in. Grey cells are locked, without a password.",
    "Decide on issues, targets and links in the column Decision: accepted or rejected. Say by "
    "whom in the column By; a decision without a name does not come back.",
    "Dates are text: 2026, 2026-11 or 2026-11-22.",
    "Several things in one cell stand with ; between them. Breakdowns that are needed together "
    "are joined with x: sex; sex x urbanisation.",
    "Core concepts carry a grade behind their code: "
    + ", ".join(f"{grade} {words}" for grade, words in GRADES.items())
    + ".",
    "To add something, fill one of the empty rows at the end and leave its first column empty. "
    "A link or target needs the id of an issue that is there already.",
    "Rows may be filtered. To sort, take off the protection and sort whole rows; a column sorted "
    "alone is refused when the workbook comes back.",
    "A row that is deleted stays in the review. To drop something, reject it.",
    "Columns and sheets may be moved and widened; sheets and columns of your own are left aside. "
    "The names of sheets and columns stay as they are, and so do the hidden sheets.",
    "A text too long for a cell ends with a mark; what stands before the mark may be changed.",
)
"""What the first sheet says on how to fill in the workbook."""


def about(review: Review) -> Page:
    """Return the sheet that says what the workbook is and how to fill it in."""
    policy = review.policy
    rows: list[tuple[Cell, ...]] = [
        ("Review", review.title),
        ("Reviewers", review.reviewers),
        ("Policy", policy.title or policy.name),
        ("Note", policy.note),
        ("Target groups and concepts", review.vocabulary.source),
        *((f"{at}", words) for at, words in enumerate(HOW, 1)),
        *((f"Sheet {sheet.name}", sheet.note) for sheet in SHEETS),
    ]
    return Page(name="About", columns=("About", "This workbook"), rows=rows, widths=(28, 110))


def concepts(review: Review) -> Page:
    """Return the core concepts with their key questions and how far the policy goes with each."""
    language = review.policy.language
    found: dict[str, list[tuple[int, str]]] = {}
    for issue in review.issues:
        if issue.decision.status != "rejected":
            for tag in issue.concepts:
                found.setdefault(tag.code, []).append((tag.grade, issue.id))
    rows = []
    for concept in review.vocabulary.concepts:
        issues = found.get(concept.code, [])
        best = max((grade for grade, _ in issues), default=0)
        rows.append(
            (
                concept.code,
                wording(concept.title, language),
                wording(concept.question, language) if concept.question else "",
                f"{best} {GRADES[best]}",
                "; ".join(name for _, name in issues),
            )
        )
    columns = ("Code", "Core concept", "Key question", "Highest grade", "Issues")
    return Page(name="Principles", columns=columns, rows=rows, widths=(18, 30, 60, 22, 50))


def groups(review: Review) -> Page:
    """Return the target groups and where each is named."""
    language = review.policy.language
    found: dict[str, list[Issue]] = {}
    for issue in review.issues:
        if issue.decision.status != "rejected":
            for tag in issue.groups:
                found.setdefault(tag.code, []).append(issue)
    rows = [
        (
            group.code,
            wording(group.title, language),
            group.parent,
            group.dimension,
            len(found.get(group.code, [])),
            "; ".join(issue.id for issue in found.get(group.code, [])),
            "; ".join(dict.fromkeys(issue.passage for issue in found.get(group.code, []))),
        )
        for group in review.vocabulary.groups
    ]
    columns = ("Code", "Target group", "Part of", "Dimension", "Count", "Issues", "Clauses")
    widths = (20, 36, 20, 14, 8, 40, 40)
    return Page(name="Groups", columns=columns, rows=rows, widths=widths)


def comparison_rows(
    review: Review, titles: Mapping[tuple[str, str], str]
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return accepted national and international indicators of each issue side by side.

    Parameters
    ----------
    review : Review
        The review.
    titles : mapping
        Titles of indicators by framework and key.

    Returns
    -------
    columns : tuple of str
        Heads of the columns.
    rows : list of tuple of str
        One for each issue that has accepted links.
    """
    national = {each.reference for each in review.frameworks if each.level == "national"}
    sides: dict[str, tuple[list[str], list[str]]] = {}
    for link in review.accepted_links:
        side = sides.setdefault(link.issue, ([], []))[link.framework not in national]
        side.append(_said(link, titles))
    rows: list[tuple[str, ...]] = [
        (issue.id, issue.action, "\n".join(sides[issue.id][0]), "\n".join(sides[issue.id][1]))
        for issue in review.issues
        if issue.id in sides
    ]
    return ("Issue", "Action", "National indicators", "International indicators"), rows


def comparison(review: Review, titles: Mapping[tuple[str, str], str]) -> Page:
    """Return the sheet of `comparison_rows`."""
    columns, rows = comparison_rows(review, titles)
    return Page(name="Comparison", columns=columns, rows=rows, widths=(10, 50, 60, 60))


def gaps(reports: Sequence[GapTable]) -> Page:
    """Return reports of gaps one below the other, each with its finding and its own heads."""
    rows: list[tuple[Cell, ...]] = []
    for report in reports:
        rows += [
            (report.title,),
            (report.finding,),
            *((note,) for note in report.notes),
            report.columns,
        ]
        rows += report.rows
        rows.append(())
    width = max((len(row) for row in rows), default=1)
    columns = ("Report", *("" for _ in range(1, width)))
    return Page(name="Gaps", columns=columns, rows=rows, widths=(50, *[30] * (width - 1)))


def _said(link: IndicatorLink, titles: Mapping[tuple[str, str], str]) -> str:
    """Return an indicator in words, with how it answers to the issue."""
    title = titles.get((link.framework, link.key), "")
    relation = f" ({link.relation})" if link.relation else ""
    return " ".join(filter(None, (link.framework, link.key, title))) + relation
