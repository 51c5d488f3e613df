"""Show a two-way crossing as a heat map with its figures: few cases in brackets, hidden hatched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Final

from everycount.charts import estimates, fitting, marks, wrapping
from everycount.charts.crossing_places import Band, bands
from everycount.charts.estimates import SHARE, Measure
from everycount.charts.theme import FOCUS, INK, MISSING, MUTED, Spec, frame
from everycount.survey.group_figures import Flag

STRENGTHS: Final = (0.08, 0.2, 0.32, 0.44, 0.56)
"""Opacity of the classes. The figure stands on them: at 0.56 it has a contrast of 4.7 in the dark
theme and 6.6 in the light one, where WCAG 2.2, 1.4.3 asks for 4.5."""
STRIP: Final = 36
"""Height of the strip that says what the strengths mean."""
SIDE: Final = 34
"""Width of a class in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The estimate for one combination of two characteristics."""

    row: str
    column: str
    estimate: float = nan
    """NaN where there is nobody, and where it is hidden."""
    flag: Flag = ""

    def __post_init__(self) -> None:
        estimates.refuse_untold(self.name, self.flag, (self.estimate,))

    @property
    def name(self) -> str:
        """Both characteristics."""
        return f"{self.row}, {self.column}"

    @property
    def is_shown(self) -> bool:
        """Whether there is a figure to print."""
        return not isnan(self.estimate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of the key, in the language of the page."""

    few: str = "in brackets: few cases"
    modelled: str = "dashed, e: modelled"
    hidden: str = "not shown"
    nobody: str = "blank: nobody in the sample"


WORDS: Final = Words()


def crossing_heat_map(
    cells: Sequence[Cell],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    title: str,
    measure: Measure = SHARE,
    words: Words = WORDS,
    description: str | None = None,
    width: int = 614,
) -> Spec:
    """Return a cell for each combination: its figure, on a colour the stronger the higher it is.

    Hidden cells are hatched, whatever the reason; combinations with nobody are blank. Columns that
    do not fit beside one another stand in bands under one another, each with the names of the rows.

    Parameters
    ----------
    cells : sequence of Cell
        At most one for each combination, in any order.
    rows, columns : sequence of str
        The categories of each characteristic, in the order to show.
    title : str
        What the chart is of. It opens the description and is not drawn: a caption says it.
    measure : Measure
        What the figures are and how they are printed; shares unless given. Its ends, if it has
        any, are those of the classes.
    words : Words
        The key.
    description : str, optional
        The chart in a sentence; `alt` unless given.
    width : int
        CSS pixels, 300 and more. Names are wrapped and never cut.

    Returns
    -------
    dict
        A Vega-Lite specification. Up to five classes break at round numbers.

    Raises
    ------
    ValueError
        If there are no cells, no rows or no columns, a cell is in none of them or there twice, or
        a share is not from 0 to 1.

    References
    ----------
    Everycount design brief, section 5: few cases in brackets, one neutral sign for what is hidden.

    Examples
    --------
    >>> cells = [Cell(row="Poorest fifth", column="Rural", estimate=0.04),
    ...          Cell(row="Poorest fifth", column="Urban", flag="hidden")]
    >>> crossing_heat_map(cells, rows=["Poorest fifth"], columns=["Rural", "Urban"],
    ...                   title="Electricity")["height"]
    44
    """
    placed = _by_place(cells, rows, columns, measure)
    told = [measure.told(cell.estimate, cell.flag) for cell in cells if cell.is_shown]
    sheet = bands(rows, columns, told, width=width)
    numbers = _breaks(cells, measure)
    key = wrapping.legend(_keys(cells, placed, rows, columns, words), width=width - 4)
    strip = STRIP if numbers else 0
    top = strip + key.height + 2
    outside = frame(
        description=description
        or alt(cells, rows=rows, columns=columns, title=title, measure=measure),
        width=sheet.inner,
        height=sheet.height,
        margins=(top, width - sheet.left - sheet.inner, 4, sheet.left),
    )
    return outside | {
        "layer": [
            *_scale(numbers, measure, left=2 - sheet.left, top=2 - top),
            *key.layers(left=-sheet.left, top=strip - top),
            *sheet.names(),
            *_squares(placed, sheet.bands, numbers, measure),
            *_figures(placed, sheet.bands, measure),
        ]
    }


def _by_place(
    cells: Sequence[Cell], rows: Sequence[str], columns: Sequence[str], measure: Measure
) -> dict[tuple[str, str], Cell]:
    """Return the cells by row and column, and refuse those that cannot be placed."""
    if not (cells and rows and columns):
        raise ValueError("a heat map of a crossing needs at least one cell, row and column")
    estimates.refuse_shares(((cell.name, cell.estimate) for cell in cells), measure)
    placed: dict[tuple[str, str], Cell] = {}
    for cell in cells:
        if cell.row not in rows or cell.column not in columns:
            raise ValueError(f"{cell.name}: found no such row and column")
        if (cell.row, cell.column) in placed:
            raise ValueError(f"{cell.name}: found twice, expected one cell for a combination")
        placed[cell.row, cell.column] = cell
    return placed


def _breaks(cells: Sequence[Cell], measure: Measure) -> list[float]:
    """Return the round numbers that part the classes, as printed; none without a figure."""
    shown = [measure.factor * cell.estimate for cell in cells if cell.is_shown]
    shown += [measure.factor * end for end in measure.ends or ()]
    if not shown:
        return []
    tries = (fitting.ticks(min(shown), max(shown), count=count) for count in (5, 4))
    # Four steps asked for never make more than five.
    return next(numbers for numbers in tries if len(numbers) <= len(STRENGTHS) + 1)


def _strengths(numbers: Sequence[float]) -> list[float]:
    """Return the opacity of each class, from the first to the last strength."""
    count = len(numbers) - 1
    most = len(STRENGTHS) - 1
    return [
        STRENGTHS[round(k * most / (count - 1)) if count > 1 else most // 2] for k in range(count)
    ]


def _class(value: float, numbers: Sequence[float]) -> int:
    """Return the number of the class of a figure; a break belongs to the class above it."""
    return sum(value >= number for number in numbers[1:-1])


def _keys(
    cells: Sequence[Cell],
    placed: Mapping[tuple[str, str], Cell],
    rows: Sequence[str],
    columns: Sequence[str],
    words: Words,
) -> list[marks.Key]:
    """Return what signs mean, those that there are."""
    flags = {cell.flag for cell in cells}
    keys = []
    if "hidden" in flags:
        keys.append(marks.Key(words=words.hidden, shape="square", colour=MISSING, size=190))
    if "few" in flags:
        keys.append(marks.Key(words=words.few, shape=""))
    if "modelled" in flags:
        keys.append(marks.Key(words=words.modelled, shape=""))
    everyone = [placed.get((row, column)) for row in rows for column in columns]
    if any(cell is None or _is_blank(cell) for cell in everyone):
        keys.append(marks.Key(words=words.nobody, shape=""))
    return keys


def _is_blank(cell: Cell) -> bool:
    return not cell.is_shown and cell.flag != "hidden"


def _scale(numbers: Sequence[float], measure: Measure, *, left: float, top: float) -> list[Spec]:
    """Return a strip of the classes with the numbers that part them."""
    if not numbers:
        return []
    start = left + 10
    sides = [start + SIDE * k for k in range(len(numbers))]
    layers = [
        _rects([{"x": x, "x2": x + SIDE - 1, "y": top, "y2": top + 12}], FOCUS, strength)
        for x, strength in zip(sides, _strengths(numbers), strict=False)
    ]
    last = measure.sign if measure.kind == "share" else ""
    values = [
        {"x": x, "y": top + 21, "text": measure.tick(number) + last * (number == numbers[-1])}
        for x, number in zip(sides, numbers, strict=True)
    ]
    layers.append(marks.texts(values, size=11, align="center", colour=MUTED))
    if measure.kind == "number" and measure.unit:
        unit = {"x": sides[-1] + 14, "y": top + 6, "text": wrapping.isolated(measure.unit)}
        layers.append(marks.texts([unit], size=11, colour=MUTED))
    return layers


def _rects(values: marks.Values, colour: str, opacity: float) -> Spec:
    return {
        "data": {"values": list(values)},
        "mark": {"type": "rect", "color": colour, "opacity": opacity},
        "encoding": {
            "x": marks.PLACE | {"field": "x"},
            "x2": {"field": "x2"},
            "y": marks.PLACE | {"field": "y"},
            "y2": {"field": "y2"},
        },
    }


def _squares(
    placed: Mapping[tuple[str, str], Cell],
    sheet: Sequence[Band],
    numbers: Sequence[float],
    measure: Measure,
) -> list[Spec]:
    """Return a layer for each class, one for hidden cells and one around modelled ones."""
    strengths = _strengths(numbers) if numbers else []
    classes: list[list[Spec]] = [[] for _ in strengths]
    hidden, around = [], []
    for band in sheet:
        for names, sides in band.sides():
            cell = placed.get(names)
            if cell is None or _is_blank(cell):
                continue
            if not cell.is_shown:
                hidden.append(sides)
                continue
            classes[_class(measure.factor * cell.estimate, numbers)].append(sides)
            if cell.flag == "modelled":
                around += _edges(sides)
    layers = [
        _rects(values, FOCUS, strength)
        for values, strength in zip(classes, strengths, strict=True)
        if values
    ]
    if hidden:
        layers.append(_rects(hidden, MISSING, 1))
    if around:
        layers.append(estimates.dashes(around, colour=INK, width=1))
    return layers


def _edges(sides: Spec) -> list[Spec]:
    """Return the four edges of a cell, within it."""
    x, x2, y, y2 = sides["x"] + 1, sides["x2"] - 1, sides["y"] + 1, sides["y2"] - 1
    return [
        {"x": x, "x2": x2, "y": y, "y2": y},
        {"x": x, "x2": x2, "y": y2, "y2": y2},
        {"x": x, "x2": x, "y": y, "y2": y2},
        {"x": x2, "x2": x2, "y": y, "y2": y2},
    ]


def _figures(
    placed: Mapping[tuple[str, str], Cell], sheet: Sequence[Band], measure: Measure
) -> list[Spec]:
    """Return the figures in their cells."""
    values = [
        {
            "x": round((sides["x"] + sides["x2"]) / 2, 1),
            "y": round((sides["y"] + sides["y2"]) / 2, 1),
            "text": measure.told(cell.estimate, cell.flag),
        }
        for band in sheet
        for names, sides in band.sides()
        if (cell := placed.get(names)) is not None and cell.is_shown
    ]
    return [marks.texts(values, align="center")] if values else []


def alt(
    cells: Sequence[Cell],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    title: str,
    measure: Measure = SHARE,
) -> str:
    """Return the finding in English: the highest and the lowest cell, and how many have none.

    Examples
    --------
    >>> cells = [Cell(row="Poorest fifth", column="Rural", estimate=0.04, flag="few"),
    ...          Cell(row="Richest fifth", column="Rural", estimate=0.61),
    ...          Cell(row="Poorest fifth", column="Urban", flag="hidden")]
    >>> alt(cells, rows=["Poorest fifth", "Richest fifth"], columns=["Rural", "Urban"],
    ...     title="Electricity")
    'Electricity. 2 rows by 2 columns. Highest: Richest fifth, Rural, 61.0 %. Lowest: Poorest fifth,
    Rural, 4.0 %, few cases. Cells: 1 few cases, 1 not shown, 1 blank.'
    """
    counts = [
        f"{count:,} {noun}{'' if count == 1 else 's'}"
        for count, noun in ((len(rows), "row"), (len(columns), "column"))
    ]
    sentences = [title, " by ".join(counts)]
    shown = [cell for cell in cells if cell.is_shown]
    limits = {"few": ", few cases", "modelled": ", modelled"}
    ends = (("Highest", max), ("Lowest", min)) if len(shown) > 1 else (("One figure", max),)
    for name, pick in ends if shown else ():
        cell = pick(shown, key=lambda cell: cell.estimate)
        figure = measure.number(cell.estimate) + measure.sign + limits.get(cell.flag, "")
        sentences.append(f"{name}: {cell.name}, {figure}")
    flags = [cell.flag for cell in cells]
    blank = len(rows) * len(columns) - sum(not _is_blank(cell) for cell in cells)
    kinds = {
        "few cases": flags.count("few"),
        "modelled": flags.count("modelled"),
        "not shown": flags.count("hidden"),
        "blank": blank,
    }
    told = [f"{count:,} {kind}" for kind, count in kinds.items() if count]
    if told:
        sentences.append(f"Cells: {', '.join(told)}")
    return ". ".join(sentences) + "."
