"""Show areas or groups by periods or indicators as cells of at most five classes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Final

from everycount.charts import class_steps, marks, wrapping
from everycount.charts.crossing_places import Band, bands
from everycount.charts.estimates import refuse_untold
from everycount.charts.name_rows import boxes
from everycount.charts.scales import Number
from everycount.charts.theme import INK, MISSING, MUTED, OTHER, SURFACE, Spec, frame
from everycount.survey.group_figures import Flag

__all__ = ["Cell", "Words", "heat_map"]

ROW: Final = 20
"""Height of a row of one line, in pixels."""
NAMES: Final = 0.34
"""Part of the width that names of rows take at most."""
MOST: Final = 44
"""Most width of a cell."""
SHORT: Final = 8
"""Letters of column names that may be left out when there is no room, such as years."""
APART: Final = 8
"""Pixels between two names of columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The figure of one row in one column."""

    row: str
    column: str
    value: float = nan
    """NaN where there is no figure, and where it is hidden."""
    flag: Flag = ""

    def __post_init__(self) -> None:
        refuse_untold(f"{self.row}, {self.column}", self.flag, (self.value,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words in the chart, in the language of the page."""

    below: str = "under {high}"
    between: str = "{low} to under {high}"
    above: str = "{low} and over"
    none: str = "no figure"
    hidden: str = "dot: not shown"
    few: str = "ring: few cases"
    modelled: str = "e: modelled"


WORDS: Final = Words()


def heat_map(
    cells: Sequence[Cell],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    breaks: Sequence[float],
    description: str,
    number: Number,
    column: Callable[[str], str] = str,
    words: Words = WORDS,
    width: int = 720,
) -> Spec:
    """Return a cell for each row and column, in the colour of its class.

    Parameters
    ----------
    cells : sequence of Cell
        At most one for each combination; one that is left out has no figure.
    rows, columns : sequence of str
        In the order to show. Short names of columns, such as years, are thinned out where they do
        not fit; columns with long ones stand in bands under one another.
    breaks : sequence of float
        Lower ends of the classes but the first: one to four, ascending.
    description : str
        The chart in a sentence.
    number : callable
        Words a figure.
    column : callable
        Words the name of a column.
    words : Words
        Words in the chart.
    width : int
        CSS pixels, 300 and more.

    Returns
    -------
    dict
        A Vega-Lite specification.

    Raises
    ------
    ValueError
        If there are no rows or columns, a cell is in none of them or twice, or the breaks are not
        one to four ascending figures.

    Examples
    --------
    >>> cells = [Cell(row="Viet Nam", column="2019", value=26.7)]
    >>> heat_map(cells, rows=["Viet Nam"], columns=["2019", "2020"], breaks=[10, 30],
    ...          description="One.", number="{:g}".format)["height"]
    40
    """
    placed = _placed(cells, rows, columns, breaks)
    told = [column(name) for name in columns]
    sheet = _sheet(rows, told, width)
    named = dict(zip(told, columns, strict=True))
    found = [
        (placed.get((row, named[head])) or Cell(row=row, column=named[head]), sides)
        for band in sheet.bands
        for (row, head), sides in band.sides()
    ]
    key = wrapping.legend(_keys([cell for cell, _ in found], breaks, number, words),
                          width=width - 4)  # fmt: skip
    top = key.height + 2
    outside = frame(
        description=description,
        width=sheet.inner,
        height=sheet.height,
        margins=(top, width - sheet.left - sheet.inner, 4, sheet.left),
    )
    return outside | {
        "layer": [
            *key.layers(left=-sheet.left, top=-top),
            *sheet.names,
            *_cells(found, breaks, number),
        ]
    }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sheet:
    """Bands of cells and the layers of names, in pixels."""

    bands: tuple[Band, ...]
    names: tuple[Spec, ...]
    left: int
    inner: int
    height: int


def _placed(
    cells: Sequence[Cell], rows: Sequence[str], columns: Sequence[str], breaks: Sequence[float]
) -> dict[tuple[str, str], Cell]:
    """Return the cells by row and column, and refuse those that cannot be placed."""
    if not (rows and columns):
        raise ValueError("a heat map needs at least one row and one column")
    class_steps.refuse(breaks)
    placed: dict[tuple[str, str], Cell] = {}
    for cell in cells:
        if cell.row not in rows or cell.column not in columns:
            raise ValueError(f"{cell.row}, {cell.column}: found no such row and column")
        if (cell.row, cell.column) in placed:
            raise ValueError(f"{cell.row}, {cell.column}: found twice, expected one cell")
        placed[cell.row, cell.column] = cell
    return placed


def _sheet(rows: Sequence[str], columns: Sequence[str], width: int) -> _Sheet:
    """Return where cells stand: one band with thinned names, or bands with whole ones."""
    if max(map(len, columns)) > SHORT:
        sheet = bands(rows, columns, [], width=width)
        return _Sheet(bands=tuple(sheet.bands), names=tuple(sheet.names()), left=sheet.left,
                      inner=sheet.inner, height=sheet.height)  # fmt: skip
    longest = max(wrapping.room(name) for name in rows)
    word = max(wrapping.longest_word(name) for name in rows)
    left = round(min(longest, max(NAMES * width, min(word, 0.45 * width)))) + 12
    wide = min(MOST, round((width - left - 6) / len(columns), 2))
    takes = max(wrapping.room(name, size=11) for name in columns) + APART
    every = next(k for k in (1, 2, 5, 10, 20, 50, 100, 1000) if k * wide >= takes or k == 1000)
    tops, names = [20.0], []
    for row in rows:
        lines = wrapping.wrap(row, left - 10)
        tall = max(ROW, wrapping.height(len(lines)) + 4)
        names += wrapping.block(lines, x=-8, middle=tops[-1] + tall / 2 - 0.5)
        tops.append(round(tops[-1] + tall, 1))
    last = len(columns) - 1
    edge = width - left - 2
    heads = []
    for number, head in enumerate(columns):
        if (last - number) % every:  # counted from the last, which always has its name
            continue
        half = wrapping.room(head, size=11) / 2
        x = min((number + 0.5) * wide - 0.5, edge - half)
        heads.append({"x": round(x, 1), "y": 9, "text": wrapping.isolated(head)})
    band = Band(rows=tuple(rows), columns=tuple(columns), wide=wide, tops=tuple(tops),
                heads=tuple(heads), names=tuple(names))  # fmt: skip
    return _Sheet(
        bands=(band,),
        names=(
            marks.texts(heads, size=11, align="center", colour=MUTED),
            marks.texts(names, align="right"),
        ),
        left=left,
        inner=round(wide * len(columns)),
        height=round(tops[-1]),
    )


def _keys(
    cells: Sequence[Cell], breaks: Sequence[float], number: Number, words: Words
) -> list[marks.Key]:
    """Return what colours and signs mean, the classes always and signs that there are."""
    shown = [cell for cell in cells if not isnan(cell.value)]
    keys = class_steps.keys(
        breaks, number=number, below=words.below, between=words.between, above=words.above
    )
    if any(isnan(cell.value) and cell.flag != "hidden" for cell in cells):
        keys.append(marks.Key(words=words.none, shape="square", colour=MISSING, size=150))
    if any(cell.flag == "hidden" for cell in cells):
        keys.append(marks.Key(words=words.hidden, shape="circle", colour=OTHER, size=14))
    if any(cell.flag == "few" for cell in shown):
        keys.append(marks.Key(words=words.few, shape="circle", colour=INK, hollow=True, size=30))
    if any(cell.flag == "modelled" for cell in shown):
        keys.append(marks.Key(words=words.modelled, shape=""))
    return keys


def _cells(
    found: Sequence[tuple[Cell, Spec]], breaks: Sequence[float], number: Number
) -> list[Spec]:
    """Return a layer for each class, and the signs of cells that are missing or marked."""
    colours = class_steps.colours(breaks)
    classes: dict[str, list[Spec]] = {colour: [] for colour in (*colours, MISSING)}
    hidden, few, letters, ground = [], [], [], []
    for cell, sides in found:
        middle = {
            "x": round((sides["x"] + sides["x2"]) / 2, 1),
            "y": round((sides["y"] + sides["y2"]) / 2, 1),
        }
        told = {"row": cell.row, "column": cell.column}
        if cell.flag == "hidden":
            hidden.append(middle | told)
        elif isnan(cell.value):
            classes[MISSING].append(sides | told)
        else:
            colour = class_steps.colour(cell.value, breaks)
            classes[colour].append(sides | told | {"figure": number(cell.value)})
            if cell.flag == "few":
                few.append(middle)
            if cell.flag == "modelled":
                letters.append(middle | {"text": "e"})
                ground.append(middle)
    layers = [boxes(values, colour=colour) for colour, values in classes.items() if values]
    if hidden:
        layers.append(marks.marks(hidden, marks.Key(words="", shape="circle", colour=OTHER,
                                                    size=14)))  # fmt: skip
    if few:
        layers.append(marks.marks(few, marks.Key(words="", shape="circle", colour=INK, hollow=True,
                                                 size=30)))  # fmt: skip
    if letters:
        paper = marks.Key(words="", shape="circle", colour=SURFACE, size=110)
        layers.append(marks.marks(ground, paper))
        layers.append(marks.texts(letters, size=10, align="center"))
    return layers
