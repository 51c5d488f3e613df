"""Draw a survey: dots with intervals, a heat map of a crossing, all outcomes beside one another."""

from collections.abc import Sequence
from dataclasses import replace
from math import isnan
from typing import Final

from everycount.charts import crossing_heat_map as squares
from everycount.charts import dot_intervals as dots
from everycount.charts import equiplot
from everycount.charts.estimates import Everybody, GroupEstimate
from everycount.charts.interval_rows import Words as RowWords
from everycount.charts.theme import Spec
from everycount.reports.audit_page import Column, Table
from everycount.reports.audit_view import chart_of
from everycount.reports.survey_page import CellTable, Picture
from everycount.reports.survey_view import FLAGS, Cell, SurveyView, capitalised, lowered

FEW: Final = "hollow, in brackets: uncertain, see the table"
"""Of dots; rules flag figures for few cases, and for other reasons too."""
BRACKETS: Final = "in brackets: uncertain, see the table"
"""Of the cells of a heat map."""
GROUPS: Final = range(2, 8)
"""How many groups an equiplot can tell apart."""


def row_words(view: SurveyView) -> RowWords:
    """Return the words of charts that draw rows."""
    return RowWords(interval=view.interval, few=FEW)


def everybody_of(view: SurveyView) -> Everybody | None:
    """Return the line for everybody; none of a total, or where the figure is not told."""
    total = view.total.estimate
    if isnan(total) or view.outcome.statistic == "total":
        return None
    return Everybody(words=view.everybody, estimate=total)


def groups_of(view: SurveyView, names: Sequence[str]) -> Picture:
    """Return dots with intervals by one characteristic, or by two of which the first makes panels.

    Parameters
    ----------
    view : SurveyView
        The outcome.
    names : sequence of str
        One characteristic, or two whose crossing was made.
    """
    cells = view.cells(names)
    panel = panel_words(view, names)
    rows = [
        GroupEstimate(
            name=cell.levels[-1],
            panel=panel.format(cell.levels[0]),
            estimate=cell.estimate,
            low=cell.low,
            high=cell.high,
            flag=FLAGS[cell.flag],
        )
        for cell in cells
    ]
    title = f"{view.label} by {both_words(view, names)}"
    everybody, words = everybody_of(view), row_words(view)
    sure = [replace(row, flag="") if row.flag == "few" else row for row in rows]
    alt = dots.alt(sure, title=title, everybody=everybody, measure=view.measure, words=words)
    alt += uncertain_words(_few(cells))

    def draw(width: int) -> Spec:
        return dots.dot_intervals(
            rows,
            title=title,
            everybody=everybody,
            measure=view.measure,
            words=words,
            description=alt,
            width=width,
        )

    return Picture(
        title=heading(view, names),
        chart=chart_of(draw, title=ends_words(view, names, cells), unit=unit_words(view)),
        cells=table_of(view, names, cells),
    )


def crossing_of(view: SurveyView, names: Sequence[str]) -> Picture:
    """Return a heat map of the crossing of two characteristics, the first in rows."""
    cells = view.cells(names)
    rows, columns = (
        [level for level in view.levels(name).values() if level in {c.levels[at] for c in cells}]
        for at, name in enumerate(names)
    )
    drawn = [
        squares.Cell(
            row=cell.levels[0],
            column=cell.levels[1],
            estimate=cell.estimate,
            flag=FLAGS[cell.flag],
        )
        for cell in cells
    ]
    title = f"{view.label} by {both_words(view, names)}"
    sure = [replace(each, flag="") if each.flag == "few" else each for each in drawn]
    alt = squares.alt(sure, rows=rows, columns=columns, title=title, measure=view.measure)
    alt += uncertain_words(_few(cells))

    def draw(width: int) -> Spec:
        return squares.crossing_heat_map(
            drawn,
            rows=rows,
            columns=columns,
            title=title,
            measure=view.measure,
            words=squares.Words(few=BRACKETS),
            description=alt,
            width=width,
        )

    shown = f"Rows: {view.character(names[0])}. Columns: {view.character(names[1])}"
    return Picture(
        title=heading(view, names),
        chart=chart_of(
            draw,
            title=ends_words(view, names, cells),
            unit=f"{unit_words(view)}. {shown}",
        ),
        cells=table_of(view, names, cells),
    )


def outcomes_of(view: SurveyView) -> Picture | None:
    """Return all shares of the survey by one characteristic; None if there are not two, or no such.

    The characteristic is one of 2 to 7 levels that ascend, the one whose groups are furthest apart
    over all outcomes; or if none ascends, any of as many levels.
    """
    plan = view.found.plan
    shares = [each for each in plan.design.outcomes if each.statistic == "proportion"]
    views = [view.other(each) for each in shares]
    fit = [name for name, coding in view.codings.items() if len(coding.levels) in GROUPS]
    fit = [name for name in fit if all(each.cells([name]) for each in views)]
    ascending = [name for name in fit if view.codings[name].characteristic.is_ordered]
    if len(views) < 2 or not fit:
        return None
    name = max(ascending or fit, key=lambda name: sum(each.spread(name) for each in views))
    groups = list(view.levels(name).values())
    found = [_by_level(each, name) for each in views]
    lines = [
        equiplot.Line(
            name=each.label,
            figures=tuple(cells[group].estimate for group in groups),
            flags=tuple(FLAGS[cells[group].flag] for group in groups),
        )
        for each, cells in zip(views, found, strict=True)
    ]
    return _equiplot(view, name, groups, lines=lines, views=views, found=found)


def _by_level(view: SurveyView, name: str) -> dict[str, Cell]:
    """Return the cells of one characteristic by level, an empty one where nobody belongs."""
    none = {level: Cell(levels=(level,)) for level in view.levels(name).values()}
    return none | {cell.levels[0]: cell for cell in view.cells([name])}


def _equiplot(
    view: SurveyView,
    name: str,
    groups: Sequence[str],
    *,
    lines: Sequence[equiplot.Line],
    views: Sequence[SurveyView],
    found: Sequence[dict[str, Cell]],
) -> Picture:
    character = lowered(view.character(name))
    title = f"Outcomes by {character}"
    sure = [
        replace(line, flags=tuple("" if flag == "few" else flag for flag in line.flags))
        for line in lines
    ]
    flags = {flag for line in lines for flag in line.flags}
    alt = equiplot.alt(sure, groups, title=title)
    alt += uncertain_words(sum(_few(list(cells.values())) for cells in found))

    def draw(width: int) -> Spec:
        return equiplot.equiplot(
            lines,
            groups,
            title=title,
            words=equiplot.Words(few=FEW),
            description=alt,
            width=width,
        )

    rows = [
        (each.label, *(_told(each, cell) for cell in (each.total, *(cells[g] for g in groups))))
        for each, cells in zip(views, found, strict=True)
    ]
    heads = ("All", *groups)
    brackets = "In brackets: uncertain. " if "few" in flags else ""
    wide = [line for line in lines if len(line.shown) > 1]
    apart = max(wide, key=_apart).name if wide else ""
    return Picture(
        title="All outcomes beside one another",
        text=(
            "Each line is an outcome with people and a weight of its own; each dot one group. The "
            "longer the line, the further apart the groups are.",
        ),
        chart=chart_of(
            draw,
            title=f"By {character}" + (f", furthest apart: {apart}" if apart else ""),
            unit="%, of the people each outcome is about",
        ),
        table=Table(
            title=f"All outcomes by {character}, %",
            columns=(
                Column(label="Outcome", kind="words"),
                *(Column(label=head, kind="number") for head in heads),
            ),
            rows=tuple(rows),
            note=f"{brackets}The table of estimates has the intervals.",
        ),
    )


def _apart(line: equiplot.Line) -> float:
    return line.figures[line.shown[-1]] - line.figures[line.shown[0]]


def _told(view: SurveyView, cell: Cell) -> str:
    """Return a figure for a cell of a table, or what stands for it."""
    row = view.row(cell, "")
    return row.untold or row.figure


def table_of(view: SurveyView, names: Sequence[str], cells: Sequence[Cell]) -> CellTable:
    """Return cells as a table, those of the first of two characteristics under a heading."""
    panel = panel_words(view, names)
    return CellTable(
        title=f"{view.label}, by {both_words(view, names)}",
        name=capitalised(both_words(view, names)),
        head=view.character(names[-1]),
        figure=view.head,
        interval=view.interval,
        rows=tuple(view.row(cell, cell.levels[-1], panel.format(cell.levels[0])) for cell in cells),
    )


def panel_words(view: SurveyView, names: Sequence[str]) -> str:
    """Return the heading of a level of the first of two characteristics, `{}` for the level."""
    if len(names) == 1:
        return ""
    return f"{view.character(names[0]).replace('{', '{{').replace('}', '}}')}: {{}}"


def both_words(view: SurveyView, names: Sequence[str]) -> str:
    """Return characteristics as a phrase: `wealth and schooling`."""
    return " and ".join(lowered(view.character(name)) for name in names)


def heading(view: SurveyView, names: Sequence[str]) -> str:
    """Return a heading: `Schooling and wealth together`."""
    return capitalised(both_words(view, names)) + (" together" if len(names) > 1 else "")


def unit_words(view: SurveyView) -> str:
    """Return what the figures are, as a caption says it."""
    if view.measure.kind == "share":
        return f"% of {view.own.people}" if view.own.people else "%"
    return view.outcome.unit or view.outcome.statistic.capitalize()


def ends_words(view: SurveyView, names: Sequence[str], cells: Sequence[Cell]) -> str:
    """Return what one sees: the lowest and the highest figure, flagged ones left aside."""
    known = [cell for cell in cells if cell.is_certain]
    if len(known) < 2:
        return heading(view, names)
    low, high = (pick(known, key=lambda cell: cell.estimate) for pick in (min, max))
    ends = [f"{view.number(cell.estimate)} ({', '.join(cell.levels)})" for cell in (low, high)]
    return f"From {ends[0]} to {ends[1]}"


def uncertain_words(count: int) -> str:
    """Return how many figures are uncertain, as the end of a description.

    Examples
    --------
    >>> uncertain_words(3)
    ' In brackets, uncertain: 3.'
    """
    return f" In brackets, uncertain: {count:,}." if count else ""


def _few(cells: Sequence[Cell]) -> int:
    return sum(FLAGS[cell.flag] == "few" for cell in cells)
