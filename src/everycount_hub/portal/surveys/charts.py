"""The charts of a survey: dots with intervals, and two characteristics crossed."""

from django.utils.translation import gettext as _

from everycount.charts import crossing_heat_map as squares
from everycount.charts.dot_intervals import dot_intervals
from everycount.charts.estimates import Everybody, GroupEstimate, Measure
from everycount.charts.interval_rows import Words
from everycount.charts.theme import Spec
from everycount.survey.group_figures import Flag
from everycount_hub.portal.drawn import Drawn, drawn
from everycount_hub.portal.surveys.opened import Cell
from everycount_hub.portal.surveys.telling import Telling

MOST = 60
"""Rows that a chart of dots has at most; beyond, the table and the crossing tell more. Ours."""


def _flag(cell: Cell) -> Flag:
    if cell.is_hidden:
        return "hidden"
    return "few" if cell.is_unsure else ""


def _measure(telling: Telling) -> Measure:
    numerals = telling.words.numerals
    return Measure(
        kind="share" if telling.is_share else "number",
        unit="" if telling.is_share else telling.unit,
        decimals=telling.decimals,
        decimal_mark=numerals.decimal,
        thousands_mark=numerals.group,
    )


def _can_draw(telling: Telling) -> bool:
    """Tell whether there is a figure, and whether shares are shares: a table may be faulty."""
    shown = [each.estimate for each in (*telling.cells, telling.total) if each.is_shown]
    is_sound = not telling.is_share or all(0 <= each <= 1 for each in shown)
    return is_sound and any(each.is_shown for each in telling.cells)


def dots(telling: Telling) -> Drawn | None:
    """Return a dot and its interval for each cell asked for; None without one, or with too many."""
    cells = telling.cells
    if len(cells) > MOST or not _can_draw(telling):
        return None
    names = telling.names

    def make(width: int) -> Spec:
        rows = [
            GroupEstimate(
                name=telling.level_words(names[-1], each.levels[-1]),
                panel=telling.level_words(names[0], each.levels[0]) if len(names) > 1 else "",
                estimate=each.estimate,
                low=each.low,
                high=each.high,
                flag=_flag(each),
            )
            for each in cells
        ]
        everybody = None
        if telling.total.is_shown and telling.outcome.statistic != "total":
            everybody = Everybody(words=_("everybody"), estimate=telling.total.estimate)
        return dot_intervals(
            rows,
            title=telling.label,
            everybody=everybody,
            measure=_measure(telling),
            words=Words(
                interval=telling.interval,
                bar=_("bar: {interval}"),
                few=_("hollow, in brackets: few cases"),
                modelled=_("dashed, e: modelled"),
                hidden=_("not shown"),
                none=_("no figure"),
                span=_("{low} to {high}"),
                everybody=_("{words}: {figure}"),
            ),
            description=alt(telling),
            width=width,
        )

    return drawn(telling.edition, _key(telling, "dots"), make)


def crossing(telling: Telling) -> Drawn | None:
    """Return a heat map of two characteristics; None if not two were asked for."""
    if len(telling.names) < 2 or not _can_draw(telling):
        return None
    one, other = telling.names

    def make(width: int) -> Spec:
        cells = [
            squares.Cell(
                row=telling.level_words(one, each.levels[0]),
                column=telling.level_words(other, each.levels[1]),
                estimate=each.estimate,
                flag=_flag(each),
            )
            for each in telling.cells
        ]
        seen = [{each.levels[at] for each in telling.cells} for at in (0, 1)]
        rows, columns = (
            [telling.level_words(name, code) for code in telling.survey.levels(name) if code in own]
            for name, own in zip(telling.names, seen, strict=True)
        )
        return squares.crossing_heat_map(
            cells,
            rows=rows,
            columns=columns,
            title=telling.label,
            measure=_measure(telling),
            words=squares.Words(
                few=_("in brackets: few cases"),
                modelled=_("dashed, e: modelled"),
                hidden=_("not shown"),
                nobody=_("blank: nobody in the sample"),
            ),
            description=alt(telling),
            width=width,
        )

    return drawn(telling.edition, _key(telling, "crossing"), make)


def alt(telling: Telling) -> str:
    """Return a chart in sentences, in the reader's language."""
    parts = [telling.finding, telling.finding_more, telling.hidden_words]
    return " ".join(each for each in parts if each)


def _key(telling: Telling, kind: str) -> tuple[str, ...]:
    return (
        "survey", kind, telling.dataset.digest, telling.words.code, telling.outcome.name,
        *telling.names,
    )  # fmt: skip
