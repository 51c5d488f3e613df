"""Show what each part of an index matters to its group, beside the weight it is given."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import polars as pl

from everycount.audit.checks import CHECKS, caught
from everycount.charts.importance import Importance, importance
from everycount.charts.theme import Spec
from everycount.reports.audit_cells import decimal, fine_share, number, words
from everycount.reports.audit_page import Chart, Section, Table
from everycount.reports.audit_view import ON_PAPER, WIDE, View, chart_of, slices

MANY: Final = 12
"""A group of more parts has a chart of its own."""
ROWS: Final = 40
"""Rows of the chart that fit on a page of paper, with the headings between them."""


def importance_of(view: View) -> Section | None:
    """Return the section on importance and weight; None where no group is a mean of parts."""
    table = view.found.coherence.importance
    if not len(table):
        return None
    return Section(
        title="Importance and weight",
        text=(
            "A weight says what a part should matter; how much it does matter depends on how the "
            "scores differ and go together. Importance is the share of the variance of the group's "
            "score that a part accounts for on its own (correlation ratio), out of all parts.",
        ),
        findings=view.findings("Importance", lambda each: each.part == "importance"),
        charts=_charts(view, table),
        tables=(_table(view, table),),
    )


def _charts(view: View, table: pl.DataFrame) -> tuple[Chart, ...]:
    found = view.found.coherence.groups
    single = found.filter(pl.col("parts") < 2)["node"].to_list()
    known = table.drop_nulls(["share", "weight"]).filter(~pl.col("parent").is_in(single))
    if not len(known):
        return ()
    flagged = _flagged(view, table)
    rows = [
        Importance(
            name=f"{row['node']} {view.short(row['node'])}",
            group=_heading(view, row),
            weight=row["weight"],
            importance=row["share"],
            is_flagged=(row["parent"], row["node"]) in flagged,
        )
        for row in known.iter_rows(named=True)
    ]
    many = {name for name in {row.group for row in rows} if _count(rows, name) > MANY}
    # On one axis with groups of three parts, the shares of dozens would lie on one spot.
    apart = [[row for row in rows if row.group == name] for name in sorted(many)]
    others = [row for row in rows if row.group not in many]
    return tuple(_chart(each) for each in (*apart, others) if each)


def _count(rows: Sequence[Importance], group: str) -> int:
    return sum(row.group == group for row in rows)


def _chart(rows: Sequence[Importance]) -> Chart:
    groups = {row.group for row in rows}
    where = next(iter(groups)) if len(groups) == 1 else "its group"
    title = f"What each part matters in {where}, beside its weight"
    draw = partial(_drawn, title=title, most=max(max(r.weight, r.importance) for r in rows))
    return chart_of(
        partial(draw, rows),
        title=title,
        unit="Share among all parts of the same group",
        on_paper=[draw(rows[part], WIDE) for part in slices(len(rows), ROWS)],
    )


def _flagged(view: View, table: pl.DataFrame) -> set[tuple[str, str]]:
    """Return the parts, with their groups, that a check of the audit catches."""
    return {
        (row["parent"], row["node"])
        for check in CHECKS
        if check.table == "importance"
        for row in caught(table, check, view.limits).iter_rows(named=True)
    }


def _heading(view: View, row: dict[str, Any]) -> str:
    """Return the group; under the top, its indicators stand apart from its groups."""
    tree = view.result.state.tree
    name = view.short(row["parent"])
    is_indicator = tree.position(row["node"]) < tree.indicators
    parts = tree.children[tree.position(row["parent"])]
    above = any(part >= tree.indicators for part in parts)
    return f"{name}, all indicators" if is_indicator and above else name


def _drawn(rows: Sequence[Importance], width: int, *, title: str, most: float) -> Spec:
    return importance(rows, title=title, most=most, width=width)


def _table(view: View, table: pl.DataFrame) -> Table:
    near = table["note"].str.contains("approximate").any()
    return Table(
        title="Weight and importance of each part",
        columns=(
            words("Part"),
            words("Group"),
            number("Weight"),
            number("Importance"),
            number("Correlation ratio"),
            number("Pearson squared"),
            number("Weight that would equalise"),
        ),
        rows=tuple(_row(view, row) for row in table.iter_rows(named=True)),
        note=(
            "The last column has the weights with which every part would matter as its present "
            "weight says, for comparison and not as advice; a dash where there are none. "
            + ("Where scores are missing they are approximate." if near else "")
        ).strip(),
        file=view.file("coherence.csv"),
        on_paper=ON_PAPER,
    )


def _row(view: View, row: dict[str, Any]) -> tuple[str, ...]:
    return (
        view.node(row["node"]),
        _heading(view, row),
        fine_share(row["weight"]),
        fine_share(row["share"]),
        decimal(row["ratio"], 2),
        decimal(row["pearson_squared"], 2),
        fine_share(row["equalising"]),
    )
