"""Series of figures over periods, in pixels: runs without a gap, dashed where modelled, dots."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Final, Literal

from everycount.charts import estimates, marks, paths, periods
from everycount.charts.scales import Number, Scale
from everycount.charts.theme import FOCUS, MEN, OTHER, SECOND, TOTAL, WOMEN, Spec
from everycount.survey.group_figures import Flag

Tone = Literal["focus", "second", "quiet", "women", "men", "total"]

COLOURS: Final[dict[Tone, str]] = {
    "focus": FOCUS,
    "second": SECOND,
    "quiet": OTHER,
    "women": WOMEN,
    "men": MEN,
    "total": TOTAL,
}
DOT: Final = 46
"""Size of a dot in square pixels: 7.6 across."""
WIDTHS: Final[dict[Tone, float]] = {"focus": 2.6, "women": 2.4, "men": 2.4}
"""Width of lines that are not quiet; the others have `QUIET`."""
QUIET: Final = 1.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The figure of one period, with its interval where there is one."""

    period: str
    value: float = nan
    """NaN where there is no figure, and where it is hidden."""
    low: float = nan
    high: float = nan
    flag: Flag = ""

    @property
    def is_shown(self) -> bool:
        """Whether there is a figure to draw."""
        return not isnan(self.value)

    @property
    def has_interval(self) -> bool:
        """Whether there is an interval to draw."""
        return self.is_shown and not (isnan(self.low) or isnan(self.high))


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The figures of one area or group, in any order of periods, no period twice."""

    name: str
    points: tuple[Point, ...]
    tone: Tone = "quiet"
    """Whether it is in focus, and whom it counts, which say colour and shape."""
    step: float | None = None
    """Years from one figure to the next where none is missing; what is usual in it unless given."""

    def __post_init__(self) -> None:
        for point in self.points:
            figures = (point.value, point.low, point.high)
            estimates.refuse_untold(f"{self.name}, {point.period}", point.flag, figures)
        found = Counter(point.period for point in self.points)
        twice = sorted(period for period, count in found.items() if count > 1)
        if twice:
            raise ValueError(f"{self.name}: found {twice[0]} twice, expected one figure a period")

    @property
    def colour(self) -> str:
        """Colour of line and label."""
        return COLOURS[self.tone]

    @property
    def known(self) -> list[Point]:
        """Points with a figure, in order of time."""
        return sorted(
            (point for point in self.points if point.is_shown),
            key=lambda point: periods.in_years(point.period),
        )

    @property
    def reach(self) -> list[float]:
        """All figures and ends of intervals, which an axis has to hold."""
        ends = [end for p in self.known if p.has_interval for end in (p.low, p.high)]
        return [*(point.value for point in self.known), *ends]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """Where periods and figures stand in pixels."""

    time: Scale
    value: Scale

    def spot(self, point: Point) -> tuple[float, float]:
        """Return the place of a point.

        Examples
        --------
        >>> plane = Plane(time=Scale(numbers=(2000, 2010), start=0, end=50),
        ...               value=Scale(numbers=(0, 100), start=100, end=0))
        >>> plane.spot(Point(period="2005", value=30))
        (25.0, 70.0)
        """
        return self.time.place(periods.in_years(point.period)), self.value.place(point.value)


def stretches(series: Series) -> list[tuple[bool, list[Point]]]:
    """Return the parts of a line: whether it is dashed, and its points.

    A line is broken at a gap, at a period without a figure and at a hidden one. Between two figures
    it is dashed if either is modelled. A point that nothing joins is a part of its own.

    Examples
    --------
    >>> points = [Point(period=str(2010 + k), value=k, flag=flag)
    ...           for k, flag in enumerate(["", "", "modelled"])]
    >>> [(is_dashed, len(part)) for is_dashed, part in stretches(Series(name="A", points=points))]
    [(False, 2), (True, 2)]
    """
    known = series.known
    times = [periods.in_years(point.period) for point in known]
    empty = [periods.in_years(point.period) for point in series.points if not point.is_shown]
    parts: list[tuple[bool, list[Point]]] = []
    for run in periods.runs(times, step=series.step):
        part: list[Point] = []
        is_dashed = False
        for number in run:
            joint = known[number]
            if part:
                before = periods.in_years(part[-1].period)
                if any(before < time < times[number] for time in empty):
                    parts.append((is_dashed, part))
                    part = []
                else:
                    is_modelled = "modelled" in (part[-1].flag, joint.flag)
                    if len(part) > 1 and is_modelled is not is_dashed:
                        parts.append((is_dashed, part))
                        part = part[-1:]
                    is_dashed = is_modelled
            part = [*part, joint]
        parts.append((is_dashed, part))
    return [(is_dashed and len(part) > 1, part) for is_dashed, part in parts]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Placed:
    """A series, the parts of its line, and the plane it is drawn on."""

    series: Series
    plane: Plane
    parts: list[tuple[bool, list[Point]]]
    number: Number

    def row(self, point: Point) -> Spec:
        """Return the place of a point, and what a reader who points at it is told."""
        x, y = self.plane.spot(point)
        told = {"name": self.series.name, "period": point.period}
        return {"x": x, "y": y, **told, "figure": self.number(point.value)}


def drawn(placed: Sequence[tuple[Series, Plane]], *, number: Number) -> list[Spec]:
    """Return intervals, lines and dots of series, those in focus over the others.

    Dots stand at the newest figure, at figures of few cases, hollow, at those that no line joins,
    and at all where figures come less often than once a year, so that lines are not taken for them.
    Series of one tone share their layers.

    Examples
    --------
    >>> plane = Plane(time=Scale(numbers=(2000, 2010), start=0, end=50),
    ...               value=Scale(numbers=(0, 100), start=100, end=0))
    >>> one = Series(name="A", points=(Point(period="2005", value=30),))
    >>> [layer["mark"]["type"] for layer in drawn([(one, plane)], number=str)]
    ['point']
    """
    tones: dict[Tone, list[_Placed]] = {}
    for is_over in (False, True):
        for series, plane in placed:
            if (series.tone in WIDTHS) is is_over:
                entry = _Placed(series=series, plane=plane, parts=stretches(series), number=number)
                tones.setdefault(series.tone, []).append(entry)
    return [
        layer
        for draw in (_intervals, _lines, _dots)
        for tone, entries in tones.items()
        for layer in draw(entries, tone)
    ]


def _intervals(entries: Sequence[_Placed], tone: Tone) -> list[Spec]:
    """Return bands of the intervals of runs, and upright lines where a point stands alone."""
    runs, alone = [], []
    for entry in entries:
        for _, part in entry.parts:
            scale = entry.plane.value
            rows = [
                {"x": entry.plane.spot(p)[0], "y": scale.place(p.high), "y2": scale.place(p.low)}
                for p in part
                if p.has_interval
            ]
            if len(rows) > 1:
                runs.append(rows)
            else:
                alone += [row | {"x2": row["x"]} for row in rows]
    layers = [paths.bands(runs, colour=COLOURS[tone], opacity=0.16)] if runs else []
    if alone:
        upright = marks.lines(alone, colour=COLOURS[tone], width=5)
        upright["mark"]["opacity"] = estimates.FAINT
        layers.append(upright)
    return layers


def _lines(entries: Sequence[_Placed], tone: Tone) -> list[Spec]:
    """Return the lines, those between modelled figures dashed."""
    colour, width = COLOURS[tone], WIDTHS.get(tone, QUIET)
    solid, broken = [], []
    for entry in entries:
        for is_dashed, part in entry.parts:
            if is_dashed:
                broken.append([entry.plane.spot(point) for point in part])
            elif len(part) > 1:
                solid.append([entry.row(point) for point in part])
    layers = [paths.strokes(solid, colour=colour, width=width)] if solid else []
    return [*layers, *([paths.dashed(broken, colour=colour, width=width)] if broken else [])]


def _dots(entries: Sequence[_Placed], tone: Tone) -> list[Spec]:
    """Return the dots, those of few cases hollow."""
    found: dict[bool, list[Spec]] = {False: [], True: []}
    for entry in entries:
        known = entry.series.known
        alone = [part[0] for _, part in entry.parts if len(part) == 1]
        is_sparse = periods.usual_step([periods.in_years(point.period) for point in known]) > 1
        for point in known:
            is_few = point.flag == "few"
            if is_few or is_sparse or point is known[-1] or point in alone:
                found[is_few].append(entry.row(point))
    shape = "diamond" if tone == "men" else "circle"
    return [
        marks.marks(
            rows,
            marks.Key(words="", shape=shape, colour=COLOURS[tone], hollow=is_few, size=DOT),
        )
        for is_few, rows in found.items()
        if rows
    ]
