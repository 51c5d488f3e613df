"""Word the gaps of a review for its report, each row leading to its issue."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from everycount.model.gap import GapTable
from everycount.policy.gap_advice import SET, TEXT
from everycount.policy.gap_stages import STAGES
from everycount.reports.policy_comparison import by_pair
from everycount.reports.policy_page import Advice, Changes, Gap, Grid, Head, Piece, Row, Text
from everycount.reports.policy_places import Places, heads_of, plain
from everycount.reports.wording import label

NOT_GAPS = frozenset({"advice", "production"})
"""Tables of `policy.gaps` that have parts of their own in the report."""
LISTS = frozenset({"issues", "implied by"})
"""Columns with ids of several issues."""
SIDES = {
    SET: "To the owners of the indicator set",
    TEXT: "To the authors of the text",
}
PAIR_SHARES = (15, 34, 34, 15, 48, 34)
"""Width of the columns of the comparison: issues, two indicators, relation, differences, and
suggestion where there is one."""
COUNTED = tuple(label(name) for name in (*STAGES, "not classed"))
"""Columns that hold numbers."""


def gaps_of(tables: Sequence[GapTable], places: Places) -> tuple[Gap, ...]:
    """Return the gaps of a review, ready to read.

    Parameters
    ----------
    tables : sequence of GapTable
        From `everycount.policy.gaps.gaps`.
    places : Places
        Where issues and indicators stand in the report.

    Returns
    -------
    tuple of Gap
        In the same order; advice and production have parts of their own.
    """
    return tuple(_gap(table, places) for table in tables if table.id not in NOT_GAPS)


def _gap(found: GapTable, places: Places) -> Gap:
    """Return one report on gaps."""
    is_pairs = found.id == "comparison"
    table = by_pair(found) if is_pairs else found
    rows = tuple(Row(cells=tuple(_cells(table.columns, row, places))) for row in table.rows)
    labels = [label(name) for name in table.columns]
    columns = heads_of(labels, [row.cells for row in rows], numbers=COUNTED)
    return Gap(
        id=place_of(table.id),
        title=table.title,
        finding=table.finding,
        figure=figure_of(table),
        grid=Grid(
            title=table.title,
            columns=_of_pairs(columns) if is_pairs else columns,
            rows=rows,
        ),
        notes=table.notes,
    )


def _of_pairs(columns: Sequence[Head]) -> tuple[Head, ...]:
    """Return the heads of the comparison with most room for what differs."""
    return tuple(
        replace(head, share=share) for head, share in zip(columns, PAIR_SHARES, strict=False)
    )


def _cells(columns: Sequence[str], row: Sequence[str], places: Places) -> Iterator[Text]:
    """Yield the cells of a row, leading to the issues or the indicator that they name."""
    named = dict(zip(columns, row, strict=True))
    for column, words in named.items():
        if column == "issue":
            yield (places.issue(words),)
        elif column == "clause":
            # A label such as (b) says little without its article.
            yield plain(places.clauses.get(named["issue"], words))
        elif column in LISTS and words:
            yield places.issue_list(words)
        elif column == "indicator" and words:
            yield (Piece(words=words, to=places.names.get(words, "")),)
        else:
            yield plain(words)


def place_of(table: str) -> str:
    """Return the id of a report on gaps within the page.

    Examples
    --------
    >>> place_of("groups-missed")
    'gap-groups-missed'
    """
    return f"gap-{table}"


def advice_of(table: GapTable, titles: Mapping[str, str]) -> Advice:
    """Return what follows from the gaps for each side.

    Parameters
    ----------
    table : GapTable
        The advice.
    titles : mapping
        Titles of the other reports by id.

    Returns
    -------
    Advice
    """
    sides: dict[str, dict[str, list[tuple[str, str]]]] = {name: {} for name in SIDES}
    for to, words, about, ground in table.rows:
        sides[to].setdefault(ground, []).append((label(words), about))
    return Advice(
        finding=table.finding,
        sides=tuple(
            (SIDES[to], tuple(_changes(titles, *each) for each in found.items()))
            for to, found in sides.items()
        ),
        notes=table.notes,
    )


def _changes(titles: Mapping[str, str], ground: str, rows: list[tuple[str, str]]) -> Changes:
    """Return what to change on one ground."""
    return Changes(ground=Piece(words=titles[ground], to=place_of(ground)), rows=tuple(rows))


def figure_of(table: GapTable) -> str:
    """Return what a report counted, or that it could not.

    Examples
    --------
    >>> figure_of(GapTable(id="x", title="X", finding="x", columns=(), count=14, of=31))
    '14 of 31'
    """
    if table.count is None:
        return "not known"
    return f"{table.count:,}" if table.of is None else f"{table.count:,} of {table.of:,}"
