"""Show what each choice does to the ranks: alone, and as a share of all the variation."""

from functools import partial
from typing import Any, Final

import polars as pl

from everycount.audit.sensitivity import GAP, LEVEL, MEAN_SHIFT, RANK, RESAMPLES
from everycount.charts import choices, sensitivity_bars
from everycount.charts.theme import Spec
from everycount.reports.audit_cells import NONE, decimal, interval, number, rank, share, text, words
from everycount.reports.audit_page import Chart, Column, Section, Table
from everycount.reports.audit_view import ON_PAGE, ON_PAPER, View, chart_of
from everycount.reports.wording import figure, percent, plural

_NAN: Final = float("nan")
_OF_RESULT: Final = "the mean shift of all ranks"


def choices_of(view: View) -> Section | None:
    """Return what each choice alone does to the ranks; None where nothing was varied."""
    table = view.found.choices
    if not len(table):
        return None
    said = (
        "Here one choice is made otherwise and everything else stays as the method declares it.",
    )
    return Section(
        text=said,
        findings=view.findings("Choices", lambda each: each.check == "choices"),
        charts=(_choice_chart(table),),
        tables=(_choice_table(view, table),),
    )


def _choice_chart(table: pl.DataFrame) -> Chart:
    rows = [
        choices.Choice(
            assumption=row["assumption"],
            option=row["option"],
            shift=_NAN if row["mean_shift"] is None else row["mean_shift"],
        )
        for row in table.iter_rows(named=True)
    ]
    title = "How far ranks move when one choice is changed"
    return chart_of(
        lambda width: choices.choices(rows, title=title, width=width),
        title=title,
        unit="Places, on average over all units",
    )


def _choice_table(view: View, table: pl.DataFrame) -> Table:
    places = view.limits.places
    columns: tuple[Column, ...] = (
        words("Choice and option"),
        number("Mean places moved"),
        number(f"Units moving over {places} places"),
        number("Most places moved"),
        text("Unit that moves most"),
        number("Builds"),
    )
    failed = bool(table["failed"].sum())
    if failed:
        columns = (*columns, number("Failed builds"))
    rows = []
    for row in table.iter_rows(named=True):
        cells = (
            f"{row['assumption']}: {row['option']}",
            decimal(row["mean_shift"], 1),
            share(row["moved"]),
            rank(row["largest"]),
            view.unit(row["unit"]) if row["largest"] else NONE,
            f"{row['builds']:,}",
        )
        rows.append((*cells, f"{row['failed']:,}") if failed else cells)
    return Table(
        title="What each choice alone does to the ranks",
        columns=columns,
        rows=tuple(rows),
        note="What is drawn, or left out in turn, is an average over many builds.",
        file=view.file("choices.csv"),
    )


# ---------------------------------------------------------------- sensitivity


def sensitivity_of(view: View) -> Section:
    """Return which choices the differences between the builds come from, or why not told."""
    found = view.found.sensitivity
    if found.note:
        said = f"Which choices matter most together was not computed: {found.note}."
        return Section(text=(said,))
    table = view.shown(found.table)
    own = table.filter(pl.col("target") == MEAN_SHIFT)
    own = own.sort("total", descending=True, nulls_last=True, maintain_order=True)
    told = (
        f"Of all the variation of {_OF_RESULT} between builds, the share that each choice brings: "
        "alone, and with what it does together with other choices. Shares alone add up to at most "
        f"1; those with the others may add up to more. {_method(view)}",
    )
    return Section(
        text=told,
        findings=view.findings("Sensitivity", lambda each: each.check == "sensitivity"),
        charts=(_bars(own),),
        tables=(_indices(view, own), *_pairs(view, table), *_by_unit(view, table)),
    )


def _method(view: View) -> str:
    found = view.found.sensitivity
    return (
        f"Estimated from {plural(found.builds, 'build')} (two samples of {found.base:,}, and one "
        f"more for each choice), with intervals that hold {percent(LEVEL)} of {RESAMPLES} "
        "bootstrap samples."
    )


def _bars(own: pl.DataFrame) -> Chart:
    rows = [
        sensitivity_bars.Sensitivity(
            name=row["assumption"],
            **{name: _NAN if row[name] is None else row[name] for name in _FIGURES},
        )
        for row in own.iter_rows(named=True)
    ]
    title = "Which choices the differences between builds come from"
    return chart_of(
        partial(_drawn, rows, title),
        title=title,
        unit=f"Share of the variation of {_OF_RESULT}; 1 is all of it",
    )


_FIGURES: Final = ("first", "first_low", "first_high", "total", "total_low", "total_high")


def _drawn(rows: list[sensitivity_bars.Sensitivity], title: str, width: int) -> Spec:
    return sensitivity_bars.sensitivity_bars(rows, title=title, width=width)


_COLUMNS: Final[tuple[Column, ...]] = (
    number("Alone"),
    number("Interval"),
    number("With the others"),
    number("Interval"),
)


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        decimal(row["first"], 2),
        interval(row["first_low"], row["first_high"]),
        decimal(row["total"], 2),
        interval(row["total_low"], row["total_high"]),
    )


def _indices(view: View, own: pl.DataFrame) -> Table:
    deviation = own["variance"][0] ** 0.5
    return Table(
        title="What each choice brings to the mean shift of ranks",
        columns=(text("Choice"), *_COLUMNS),
        rows=tuple((row["assumption"], *_cells(row)) for row in own.iter_rows(named=True)),
        note=(
            f"The mean shift has a standard deviation of {figure(deviation)} places over the "
            "builds. Figures below 0 are estimates of something small and stand as they are."
        ),
        file=view.file("sensitivity.csv"),
    )


def _pairs(view: View, table: pl.DataFrame) -> tuple[Table, ...]:
    """Return what the gap between two units comes from, for the pairs the method asks for."""
    own = table.filter(pl.col("target") == GAP)
    if not len(own):
        return ()
    rows = tuple(
        (
            f"{view.name(row['unit'])} and {view.name(row['other'])}",
            row["assumption"],
            *_cells(row),
        )
        for row in own.iter_rows(named=True)
    )
    columns = (text("Pair"), text("Choice"), *_COLUMNS)
    title = "What each choice brings to the places between two units"
    file = view.file("sensitivity.csv")
    return (Table(title=title, columns=columns, rows=rows, file=file, on_paper=ON_PAPER),)


def _by_unit(view: View, table: pl.DataFrame) -> tuple[Table, ...]:
    """Return for each unit the choice that its rank depends on most."""
    own = table.filter(pl.col("target") == RANK)
    most = own.sort("total", descending=True, nulls_last=True, maintain_order=True)
    most = most.unique("unit", keep="first", maintain_order=True)
    by_unit = {row["unit"]: row for row in most.iter_rows(named=True)}
    if not by_unit:
        return ()
    rows = []
    for unit, place in view.ranks.select("unit", "nominal").iter_rows():
        row = by_unit.get(unit)
        if row is None:
            cells: tuple[str, ...] = ("not told: no rank in some builds", *[NONE] * 4)
        elif row["total"] is None:
            cells = ("none: the rank is the same in all builds", *[NONE] * 4)
        else:
            cells = (row["assumption"], *_cells(row))
        rows.append((view.unit(unit), rank(place), *cells))
    return (
        Table(
            title="The choice that the rank of each unit depends on most",
            columns=(text("Unit"), number("Rank"), text("Choice"), *_COLUMNS),
            rows=tuple(rows),
            note="The choice with the largest share together with the others.",
            file=view.file("sensitivity.csv"),
            on_page=ON_PAGE,
            on_paper=ON_PAPER,
        ),
    )
