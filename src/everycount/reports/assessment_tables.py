"""Word the reports on an indicator set: findings, and tables whose rows lead to candidates."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from everycount.model.framework import Framework
from everycount.model.gap import GapTable
from everycount.model.review import Review
from everycount.model.scorecard import CRITERIA
from everycount.policy.assessment_coverage import is_matched, served_issues
from everycount.policy.gap_stages import STAGES
from everycount.policy.landscape import count
from everycount.reports.policy_gaps import figure_of, place_of
from everycount.reports.policy_page import Gap, Grid, Piece, Row, Text
from everycount.reports.policy_places import heads_of, plain
from everycount.reports.wording import label, listed

NUMBERS = frozenset(
    {*CRITERIA, "mean", *STAGES, "not classed", "issues", "with an indicator", "indicators used"}
    | {"indicators"}
)
"""Columns that hold numbers."""
SHARES: dict[str, float] = {
    "candidate": 56,
    "selection": 14,
    **dict.fromkeys((str(name) for name in CRITERIA), 12),
    "mean": 8,
}
"""Columns of the table of all candidates with their width; cards have the rest."""
FIGURES = {
    "scorecard": "not decided",
    "policy-coverage": "without",
    "beyond-data": "beyond",
    "stage-balance": "without outcome",
    "metadata": "incomplete",
    "international": "lacking",
}
"""What the figure of a report counts."""
COVERAGE = ("policy", "issues", "with an indicator", "indicators used")
"""What the table of policies shows; issues without an indicator have a table of their own."""
NAMED = 8
"""Candidates with marks far apart that a note names."""

Places = Mapping[str, str]
"""Ids of the cards by code of the candidate."""


def reports_of(
    tables: Sequence[GapTable], framework: Framework, reviews: Sequence[Review], cards: Places
) -> tuple[Gap, ...]:
    """Return the reports on a set, ready to read.

    Parameters
    ----------
    tables : sequence of GapTable
        From `everycount.policy.assessment.assess_set`.
    framework : Framework
        The set.
    reviews : sequence of Review
        Reviews of policies that the set is to serve.
    cards : mapping
        Ids of the cards of candidates by their code.

    Returns
    -------
    tuple of Gap
        In the same order, with the issues of each policy that the set leaves without an
        indicator behind the coverage of policies.
    """
    return tuple(_reports(tables, framework, reviews, cards))


def _reports(
    tables: Sequence[GapTable], framework: Framework, reviews: Sequence[Review], cards: Places
) -> Iterator[Gap]:
    """Yield the reports in their order."""
    for table in tables:
        if table.id == "scorecard":
            yield _overview(table, cards)
        elif table.id == "policy-coverage":
            yield _gap(table, cards, shown=COVERAGE, notes=table.notes)
            yield from _uncovered(framework, reviews)
        else:
            yield _gap(table, cards, shown=table.columns, notes=table.notes)


def _overview(table: GapTable, cards: Places) -> Gap:
    """Return the scorecard of the candidates that were marked or decided on; others are named."""
    known = [table.columns.index(name) for name in (*CRITERIA, "selection")]
    code = table.columns.index("code")
    shown = [row for row in table.rows if any(row[at] for at in known)]
    others = [row[code] for row in table.rows if not any(row[at] for at in known)]
    notes = [*table.notes, *_far_apart(table)]
    if others and shown:
        notes.append(f"Neither marked nor decided on ({len(others):,}): {', '.join(others)}.")
    rows = [_marks(dict(zip(table.columns, row, strict=True)), cards) for row in shown]
    grid = _grid(table.title, tuple(SHARES), rows)
    columns = zip(grid.columns, SHARES.values(), strict=True)
    heads = tuple(replace(head, share=share) for head, share in columns)
    gap = _gap(replace(table, rows=()), cards, shown=(), notes=tuple(notes))
    return replace(gap, grid=replace(grid, columns=heads))


def _marks(named: Mapping[str, str], cards: Places) -> tuple[Text, ...]:
    """Return the cells of a candidate: what it is, whether it was selected, its marks."""
    code = named["code"]
    candidate = (Piece(words=code, to=cards.get(code, "")), Piece(words=f" {named['title']}"))
    marks = (plain(named[name]) for name in (*CRITERIA, "mean"))
    return (candidate, plain(named["selection"]), *marks)


def _gap(table: GapTable, cards: Places, *, shown: Sequence[str], notes: tuple[str, ...]) -> Gap:
    """Return one report."""
    at = [table.columns.index(name) for name in shown]
    rows = [tuple(_cell(shown[k], row[i], cards) for k, i in enumerate(at)) for row in table.rows]
    return Gap(
        id=place_of(table.id),
        title=table.title,
        finding=table.finding,
        figure=figure_of(table) + ("" if table.count is None else f" {FIGURES[table.id]}"),
        grid=_grid(table.title, shown, rows),
        notes=notes,
    )


def _grid(title: str, columns: Sequence[str], rows: Sequence[tuple[Text, ...]]) -> Grid:
    """Return a table of cells."""
    numbers = [label(name) for name in columns if name in NUMBERS]
    return Grid(
        title=title,
        columns=heads_of([label(name) for name in columns], rows, numbers=numbers),
        rows=tuple(Row(cells=cells) for cells in rows),
    )


def _cell(column: str, words: str, cards: Places) -> Text:
    """Return a cell; codes of candidates lead to their cards."""
    if column == "code":
        return (Piece(words=words, to=cards.get(words, "")),)
    if column == "which" and words:
        pieces: list[Piece] = []
        for code in words.split(", "):
            pieces += (Piece(words=", "), Piece(words=code, to=cards.get(code, "")))
        return tuple(pieces[1:])
    return plain(words)


def _far_apart(table: GapTable) -> Iterator[str]:
    """Yield whose marks are far apart."""
    code, disputed = (table.columns.index(name) for name in ("code", "disputed"))
    found = [f"{row[code]} ({row[disputed]})" for row in table.rows if row[disputed]]
    if found:
        yield f"Marks far apart, to be talked over: {listed(found, NAMED)}."


def _uncovered(framework: Framework, reviews: Sequence[Review]) -> Iterator[Gap]:
    """Yield the accepted issues of each policy that have no indicator in the set."""
    matched = [review for review in reviews if is_matched(review, framework)]
    for number, review in enumerate(matched, 1):
        served = served_issues(review, framework)
        rows = [
            (plain(issue.id), plain(issue.action))
            for issue in review.accepted
            if issue.id not in served
        ]
        if not rows:
            continue
        # The policy is named once above its issues, and not again on each row.
        title = f"Issues that the set does not show: {review.title}"
        issues = count(len(rows), "accepted issue")
        waits = "waits" if len(rows) == 1 else "wait"
        yield Gap(
            id=place_of("issues-without" if number == 1 else f"issues-without-{number}"),
            title=title,
            finding=f"{issues} of this policy {waits} for an indicator of the set.",
            figure=f"{len(rows):,} of {len(review.accepted):,} issues",
            grid=_grid(title, ("issue", "action"), rows),
        )
