"""The kinds of chart that `everycount chart` draws: one entry each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan

from everycount.charts.bars import Bar, bars
from everycount.charts.dumbbell import Pair, dumbbell
from everycount.charts.dumbbell import Words as PairWords
from everycount.charts.heat_map import Cell, heat_map
from everycount.charts.lines import lines
from everycount.charts.map_classes import choose_breaks
from everycount.charts.scatter import Axis, Dotted, scatter
from everycount.charts.series import Point, Series, Tone
from everycount.charts.slope import Slope, slope
from everycount.charts.small_multiples import small_multiples
from everycount.charts.strip_plot import Area, strip_plot
from everycount.charts.targets import Target
from everycount.charts.theme import Spec
from everycount.cli.chart_rows import Row
from everycount.errors import InputError, Problem
from everycount.language.language import Language

SEX = "SEX"
"""The column whose codes F, M and _T are women, men and all; SDMX, CL_SEX."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the options say of any chart."""

    language: Language
    x: str
    y: str
    series: str | None = None
    decimals: int = 1
    unit: str = ""
    target: Target | None = None
    focus: tuple[str, ...] = ()
    names: Mapping[str, str] | None = None
    """Names of codes, such as those of areas, in the language."""
    width: int = 720
    description: str = ""

    def number(self, value: float) -> str:
        """Return a figure in the language."""
        return self.language.number(value, self.decimals)

    def tick(self, value: float) -> str:
        """Return a number of an axis: without digits that are zero anyway."""
        digits = next(d for d in range(12) if d == 11 or abs(value - round(value, d)) < 1e-9)
        return self.language.number(value, digits)

    def name(self, code: str) -> str:
        """Return what a code is called."""
        return (self.names or {}).get(code, code)

    def is_focus(self, code: str) -> bool:
        """Tell whether a code or its name is picked out."""
        return code in self.focus or self.name(code) in self.focus


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of chart, and what its columns are to hold."""

    summary: str
    x: str
    series: str
    """What the column of series holds; empty if there is none."""
    needs_series: bool
    draw: Callable[[Sequence[Row], Choices], Spec]
    x_is_number: bool = False


def _grouped(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return rows by series, in the order of the file."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.series, []).append(row)
    return found


def _tone(code: str, choices: Choices, *, only: bool = False) -> Tone:
    """Return how a series looks: women and men by their codes, those picked out in focus."""
    sexes: dict[str, Tone] = {"F": "women", "M": "men", "_T": "total"}
    if code in sexes and SEX in (choices.x, choices.series):
        return sexes[code]
    return "focus" if only or choices.is_focus(code) else "quiet"


def _series(rows: Sequence[Row], choices: Choices) -> list[Series]:
    """Return rows as series over periods."""
    groups = _grouped(rows)
    return [
        Series(
            name=choices.name(code) or choices.y,
            points=tuple(Point(period=row.x, value=row.y) for row in found),
            tone=_tone(code, choices, only=len(groups) == 1),
        )
        for code, found in groups.items()
    ]


def _lines(rows: Sequence[Row], choices: Choices) -> Spec:
    """Draw lines; above five series, those picked out before quiet ones."""
    series = _series(rows, choices)
    front = [one for one in series if one.tone != "quiet"] if len(series) > 5 else series
    if not front or len(front) > 5:
        found = f"{len(series)} series"
        expected = "one to five, or --focus with as many; more are small-multiples"
        raise InputError("the chart", [Problem("--series", found, expected)])
    behind = [one for one in series if one not in front]
    return lines(
        front,
        background=behind,
        description=choices.description,
        number=choices.number,
        tick=choices.tick,
        unit=choices.unit,
        period=choices.language.period,
        target=choices.target,
        width=choices.width,
    )


def _small_multiples(rows: Sequence[Row], choices: Choices) -> Spec:
    """Draw a small chart for each series."""
    return small_multiples(
        _series(rows, choices),
        description=choices.description,
        number=choices.number,
        period=choices.language.period,
        target=choices.target,
        width=choices.width,
    )


def _bars(rows: Sequence[Row], choices: Choices) -> Spec:
    """Draw a bar for each row."""
    return bars(
        [
            Bar(name=choices.name(row.x), value=row.y, tone=_tone(row.x, choices, only=True))
            for row in rows
        ],
        description=choices.description,
        number=choices.number,
        tick=choices.tick,
        unit=choices.unit,
        target=choices.target,
        width=choices.width,
    )


def _two(rows: Sequence[Row], codes: Sequence[str], option: str, kind: str) -> tuple[str, str]:
    """Return the two values that a column holds, or refuse another number of them."""
    found = sorted(set(codes))
    if len(found) != 2:
        shown = f"{len(found)} values ({', '.join(found[:6])})"
        raise InputError("the chart", [Problem(option, shown, f"two, for the ends of each {kind}")])
    return found[0], found[1]


def _dumbbell(rows: Sequence[Row], choices: Choices) -> Spec:
    """Draw two figures of each row of the chart, joined."""
    first, second = _two(rows, [row.series for row in rows], "--series", "line")
    values = {(row.x, row.series): row.y for row in rows}
    pairs = [
        Pair(
            name=choices.name(name),
            first=values.get((name, first), float("nan")),
            second=values.get((name, second), float("nan")),
        )
        for name in dict.fromkeys(row.x for row in rows)
    ]
    sexes = (first, second) == ("F", "M") and choices.series == SEX
    return dumbbell(
        pairs,
        description=choices.description,
        number=choices.number,
        tick=choices.tick,
        unit=choices.unit,
        kinds="sexes" if sexes else "dates",
        target=choices.target,
        words=PairWords()
        if sexes
        else PairWords(first=choices.name(first), second=choices.name(second)),
        width=choices.width,
    )


def _slope(rows: Sequence[Row], choices: Choices) -> Spec:
    """Draw a line from one date to another for each series."""
    first, second = _two(rows, [row.x for row in rows], "--x", "line")
    values = {(row.series, row.x): row.y for row in rows}
    period = choices.language.period
    return slope(
        [
            Slope(
                name=choices.name(code),
                first=values.get((code, first), float("nan")),
                second=values.get((code, second), float("nan")),
                tone=_tone(code, choices),
            )
            for code in _grouped(rows)
        ],
        dates=(period(first), period(second)),
        description=choices.description,
        number=choices.number,
        target=choices.target,
        width=choices.width,
    )


def _strip(rows: Sequence[Row], choices: Choices, *, shape: str = "line") -> Spec:
    """Draw a mark for each area, in a row for each series."""
    return strip_plot(
        [
            Area(
                name=choices.name(row.x),
                value=row.y,
                row=choices.name(row.series),
                tone=_tone(row.x, choices),
            )
            for row in rows
        ],
        description=choices.description,
        number=choices.number,
        tick=choices.tick,
        unit=choices.unit,
        shape="dot" if shape == "dot" else "line",
        target=choices.target,
        width=choices.width,
    )


def _beeswarm(rows: Sequence[Row], choices: Choices) -> Spec:
    """Draw a dot for each area, none over another."""
    return _strip(rows, choices, shape="dot")


def _scatter(rows: Sequence[Row], choices: Choices) -> Spec:
    """Draw a dot for each row at its two figures."""
    return scatter(
        [
            Dotted(
                name=choices.name(row.series),
                x=float(row.x) if row.x else float("nan"),
                y=row.y,
                tone=_tone(row.series, choices),
                has_name=choices.is_focus(row.series),
            )
            for row in rows
        ],
        x=Axis(words=choices.x, number=choices.tick),
        y=Axis(words=choices.y, number=choices.tick),
        description=choices.description,
        width=choices.width,
    )


def _heat_map(rows: Sequence[Row], choices: Choices) -> Spec:
    """Draw a cell for each row of the file."""
    known = [row.y for row in rows if not isnan(row.y)]
    target = choices.target.low if choices.target else None
    return heat_map(
        [Cell(row=choices.name(row.series), column=row.x, value=row.y) for row in rows],
        rows=[choices.name(code) for code in _grouped(rows)],
        columns=sorted({row.x for row in rows}),
        breaks=choose_breaks(known, target),
        description=choices.description,
        number=choices.number,
        column=choices.language.period,
        width=choices.width,
    )


KINDS: Mapping[str, Kind] = {
    "lines": Kind(
        summary="Change over time: one to five lines.",
        x="periods",
        series="names of the lines",
        needs_series=False,
        draw=_lines,
    ),
    "small-multiples": Kind(
        summary="Change over time of many series, a small chart each.",
        x="periods",
        series="names of the charts",
        needs_series=True,
        draw=_small_multiples,
    ),
    "slope": Kind(
        summary="Change between two dates.",
        x="the two dates",
        series="names of the lines",
        needs_series=True,
        draw=_slope,
    ),
    "bars": Kind(
        summary="Amounts, sorted, up to about 15.",
        x="names of the bars",
        series="",
        needs_series=False,
        draw=_bars,
    ),
    "dumbbell": Kind(
        summary="Women and men, or two dates, of each name.",
        x="names of the rows",
        series="the two: F and M, or two dates",
        needs_series=True,
        draw=_dumbbell,
    ),
    "strip": Kind(
        summary="All areas, a line each, with the median.",
        x="names of the areas",
        series="names of the rows",
        needs_series=False,
        draw=_strip,
    ),
    "beeswarm": Kind(
        summary="All areas, a dot each.",
        x="names of the areas",
        series="names of the rows",
        needs_series=False,
        draw=_beeswarm,
    ),
    "scatter": Kind(
        summary="Two figures of each area.",
        x="figures",
        series="names of the dots",
        needs_series=True,
        draw=_scatter,
        x_is_number=True,
    ),
    "heat-map": Kind(
        summary="Figures in rows and columns, by class.",
        x="columns",
        series="rows",
        needs_series=True,
        draw=_heat_map,
    ),
}
