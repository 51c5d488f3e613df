"""Show how far ranks move over the builds of an audit, and which neighbours are not told apart."""

from functools import partial
from typing import Any, Final

import numpy as np
import polars as pl

from everycount.charts.rank_intervals import RankInterval, Words, rank_intervals
from everycount.charts.theme import Spec
from everycount.reports.audit_cells import decimal, number, rank, share, text
from everycount.reports.audit_page import Chart, Column, Section, Table
from everycount.reports.audit_view import ON_PAGE, ON_PAPER, WIDE, View, chart_of, slices
from everycount.reports.wording import plural

DRAWN: Final = 250
"""Units that the chart shows at most."""
ROWS: Final = 30
"""Rows of the chart on paper in one piece: two pieces fit on a page."""
UNCERTAIN: Final = 10


def ranks_of(view: View) -> Section:
    """Return the chart and the table of rank intervals, with the findings about them."""
    charts = _charts(view)
    said = [_sentence(view)] if charts else []
    others = [
        each.node for each in view.found.uncertainty.standings if each.period == view.first.period
    ]
    others = [view.node(code) for code in others if code != view.first.node]
    if others:
        where = view.file("ranks.csv") or "the table of ranks"
        said.append(
            f"Shown are the ranks of {view.node(view.first.node)}. Those of {', '.join(others)} "
            f"were tested as well: they are in {where}."
        )
    return Section(
        text=tuple(said),
        findings=view.findings(
            "Ranks", lambda each: each.part == "uncertainty" and each.check != "told_apart"
        ),
        charts=charts,
        tables=(_table(view),) if len(view.ranks) else (),
    )


def _sentence(view: View) -> str:
    low, high = view.ends
    widths = (view.ranks[high] - view.ranks[low]).drop_nulls().to_numpy()
    half, widest = rank(float(np.median(widths))), rank(float(widths.max()))
    return (
        f"Half of the intervals are at most {half} places wide; the widest is {widest}. An "
        f"interval holds the ranks from {view.interval}: the builds beyond either end are left out."
    )


def _charts(view: View) -> tuple[Chart, ...]:
    low, high = view.ends
    known = view.ranks.drop_nulls(["median", low, high])
    rows = [
        RankInterval(
            name=view.name(row["unit"]),
            nominal=row["nominal"],
            median=row["median"],
            low=row[low],
            high=row[high],
        )
        for row in known.head(DRAWN).iter_rows(named=True)
    ]
    if not rows:
        return ()
    places = max(view.first.units, *(int(-(-row.high // 1)) for row in rows))
    shown = plural(len(known), "unit")
    if len(known) > len(rows):
        shown = f"the first {len(rows)} of {shown}"
    title = f"How far ranks move: {shown}"
    draw = partial(_drawn, title=title, places=places, words=Words(interval=view.interval))
    return (
        chart_of(
            partial(draw, rows),
            title=title,
            unit=f"Ranks, 1 is the best; {plural(view.found.uncertainty.builds, 'build')}",
            on_paper=[draw(rows[part], WIDE) for part in slices(len(rows), ROWS)],
        ),
    )


def _drawn(rows: list[RankInterval], width: int, *, title: str, places: int, words: Words) -> Spec:
    return rank_intervals(rows, title=title, places=places, words=words, width=width)


def _table(view: View) -> Table:
    low, high = view.plan.percentiles
    places = view.limits.places
    columns: tuple[Column, ...] = (
        text("Unit"),
        number("Rank"),
        number("Score"),
        number("Median rank"),
        number(f"{low:g} %"),
        number(f"{high:g} %"),
        number("Best"),
        number("Worst"),
        number("Mean shift"),
        number(f"Moves over {places}"),
    )
    partly = view.ranks.filter(pl.col("builds") < 1).height > 0
    if partly:
        columns = (*columns, number("Builds with a rank"))
    rows = tuple(_row(view, row, partly) for row in view.ranks.iter_rows(named=True))
    return Table(
        title="Rank of each unit over the builds",
        columns=columns,
        rows=rows,
        note=(
            f"Rank and score: of the method as declared. {low:g} % and {high:g} %: ends of the "
            "interval. Mean shift: places from the declared rank, on average over the builds. "
            f"Moves over {places}: share of the builds in which it moves more than "
            f"{plural(places, 'place')}. An asterisk: the declared rank is outside the interval."
        ),
        file=view.file("ranks.csv"),
        on_page=ON_PAGE,
        on_paper=None if len(rows) <= DRAWN else ON_PAPER,
    )


def _row(view: View, row: dict[str, Any], partly: bool) -> tuple[str, ...]:  # noqa: FBT001
    low, high = view.ends
    cells = (
        view.unit(row["unit"]),
        rank(row["nominal"]) + ("*" if row["outside"] else ""),
        decimal(row["score"], 2),
        *(rank(row[name]) for name in ("median", low, high, "best", "worst")),
        decimal(row["mean_shift"], 1) if row["builds"] else rank(None),
        share(row["moved"]) if row["builds"] else rank(None),
    )
    return (*cells, share(row["builds"])) if partly else cells


def least_certain_of(view: View) -> Table | None:
    """Return the units with the widest intervals, the widest first; None without any."""
    low, high = view.ends
    known = view.ranks.drop_nulls([low, high])
    if not len(known):
        return None
    wide = known.with_columns((pl.col(high) - pl.col(low)).alias("wide"))
    widest = wide.sort(["wide", "nominal", "unit"], descending=[True, False, False]).head(UNCERTAIN)
    low_end, high_end = view.plan.percentiles
    return Table(
        title=f"The least certain ranks: {len(widest)} of {len(known):,}",
        columns=(
            text("Unit"),
            number("Rank"),
            number(f"{low_end:g} %"),
            number(f"{high_end:g} %"),
            number("Places wide"),
        ),
        rows=tuple(
            (
                view.unit(row["unit"]),
                rank(row["nominal"]),
                *(rank(row[name]) for name in (low, high, "wide")),
            )
            for row in widest.iter_rows(named=True)
        ),
        note=f"The widest intervals, {view.interval}.",
    )


# ---------------------------------------------------------------- neighbours


def neighbours_of(view: View) -> Section | None:
    """Return the pairs next to each other in the ranking that are not told apart.

    None where no two units were compared.
    """
    pairs = view.shown(view.found.uncertainty.pairs)
    if not len(pairs):
        return None
    beside = _beside(view, pairs)
    alike = beside.filter(~pl.col("told_apart"))
    first, told = view.first, len(beside) - len(alike)
    said = (
        f"Two units are told apart when one of them leads in at least {share(view.limits.lead)} of "
        f"the builds in which both have a score. {first.told_apart:,} of "
        f"{plural(first.pairs, 'pair')} compared are; of the {plural(len(beside), 'pair')} next to "
        f"each other in the ranking, {f'{told:,}' if told else 'none'}.",
    )
    table = Table(
        title=f"Neighbours that are not told apart: {len(alike)} of {plural(len(beside), 'pair')}",
        columns=(
            text("Ranked higher"),
            text("Ranked lower"),
            number("Ranks"),
            number("The first leads"),
            number("Level"),
            number("The second leads"),
        ),
        rows=tuple(_pair(view, row) for row in alike.iter_rows(named=True)),
        note="Shares of the builds in which both have a score.",
        file=view.file("pairs.csv"),
        on_page=ON_PAGE,
        on_paper=ON_PAPER,
    )
    found = view.findings("Pairs", lambda each: each.check == "told_apart")
    return Section(text=said, findings=found, tables=(table,))


def _beside(view: View, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs without another unit between them, with both ranks."""
    ranks = view.ranks.select("unit", "nominal")
    below = ranks.rename({"unit": "other", "nominal": "below"})
    return (
        pairs.filter(pl.col("apart") == 1)
        .join(ranks, on="unit", maintain_order="left")
        .join(below, on="other", maintain_order="left")
    )


def _pair(view: View, row: dict[str, Any]) -> tuple[str, ...]:
    behind = max(0.0, 1 - row["leads"] - row["ties"]) if row["builds"] else None
    return (
        view.unit(row["unit"]),
        view.unit(row["other"]),
        f"{rank(row['nominal'])} and {rank(row['below'])}",
        share(row["leads"] if row["builds"] else None),
        share(row["ties"] if row["builds"] else None),
        share(behind),
    )
