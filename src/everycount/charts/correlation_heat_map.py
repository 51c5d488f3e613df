"""Show how the parts of an index correlate: the lower half of a matrix, in groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.charts import fitting, marks
from everycount.charts.correlation_cells import ROW, cell, columns, scale_strip, squares
from everycount.charts.theme import INK, MUTED, TRACK, Spec, frame

Flag = Literal["redundant", "high", "adverse", "elsewhere"]
Pairs = Mapping[tuple[int, int], Flag]

STRIP: Final = 44
TYPE: Final = 10
HEADING: Final = 17
SHAPES: Final[dict[Flag, str]] = {
    "redundant": "diamond",
    "high": "circle",
    "adverse": "triangle-down",
    "elsewhere": "square",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An indicator or a group in the matrix."""

    name: str
    group: str
    """Its parent, which makes a heading; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of the key, in the language of the page."""

    scale: str = "correlation: full squares are positive, flat ones negative"
    missing: str = "no figure"
    flags: Mapping[Flag, str] = field(
        default_factory=lambda: {
            "redundant": "says the same twice",
            "high": "very high",
            "adverse": "against its own group",
            "elsewhere": "closer to another group",
        }
    )


WORDS: Final = Words()


def correlation_heat_map(
    nodes: Sequence[Node],
    correlations: ArrayLike,
    *,
    title: str,
    flags: Pairs | None = None,
    words: Words = WORDS,
    description: str | None = None,
    width: int = 720,
) -> Spec:
    """Return a cell for each pair of nodes: full for a positive, flat for a negative correlation.

    Colour says the same as shape, and its strength how far from zero. Flagged pairs carry a mark.
    Rows and columns have the same numbers; that of a column stands at its upper end.

    Parameters
    ----------
    nodes : sequence of Node
        Groups are shown as they first appear, nodes of a group in the order given; up to about 60.
    correlations : array_like, shape (n, n)
        From -1 to 1, symmetric; the lower half is read. NaN is hatched: no figure.
    title : str
        What the chart is of. It opens the description and is not drawn: a caption says it.
    flags : mapping of tuple to str, optional
        Numbers from 0 of two nodes, in either order, to "redundant", "high", "adverse" or
        "elsewhere".
    words : Words
        The key.
    description : str, optional
        The chart in a sentence; `alt` unless given.
    width : int
        CSS pixels. Cells are up to 18 wide and get narrower, not lower; names that need more than
        38 % of the width are cut.

    Returns
    -------
    dict
        A Vega-Lite specification.

    Raises
    ------
    ValueError
        If there are fewer than two nodes, or the matrix has another shape.

    References
    ----------
    COINr 1.1.14, ``plot_corr``: groups in boxes, flags beside values.

    Examples
    --------
    >>> nodes = [Node(name=name, group="Education") for name in ("Literacy", "Schooling")]
    >>> correlation_heat_map(nodes, [[1, 0.97], [0.97, 1]], title="Correlations",
    ...                      flags={(0, 1): "redundant"})["height"]
    41
    """
    matrix = _matrix(nodes, correlations)
    placed = fitting.stack([node.group for node in nodes], row=ROW, heading=HEADING)
    names = fitting.column([node.name for node in nodes], size=TYPE, most=width * 0.38 - 30)
    left, right = names + 34, 22
    groups = [nodes[number].group for number in placed.order]
    starts, wide = columns(groups, width - left - right)
    pairs = _flagged(flags or {})
    shown = [
        marks.Key(words=words.flags[flag], shape=SHAPES[flag], colour=INK, hollow=True, size=34)
        for flag in SHAPES
        if flag in pairs.values()
    ]
    inner, side = round(starts[-1] + wide), 22 if width >= 350 else 20
    missing = words.missing if np.isnan(matrix).any() else None
    top = STRIP + (marks.key_height(shown, width=width) if shown else 0) + 6
    outside = frame(
        description=description or alt(nodes, matrix, title=title, flags=flags),
        width=inner,
        height=placed.height,
        margins=(top, max(right, width - left - inner), 4, left),
    )
    return outside | {
        "layer": [
            *scale_strip(words.scale, missing, left=-left, top=-top, side=side),
            *(marks.key(shown, width=width, left=-left, top=STRIP - top) if shown else []),
            *_rows(nodes, placed, left=left, names=names, inner=inner),
            *_numbers(placed, starts, wide),
            *squares(_cells(matrix, placed, starts, wide)),
            *_flags(pairs, placed, starts, wide),
        ]
    }


def _matrix(nodes: Sequence[Node], correlations: ArrayLike) -> NDArray[np.float64]:
    matrix = np.asarray(correlations, float)
    if len(nodes) < 2 or matrix.shape != (len(nodes), len(nodes)):
        raise ValueError(
            f"a heat map of {len(nodes)} nodes: found a matrix of {matrix.shape}, "
            "expected a row and a column for each of two nodes or more"
        )
    return matrix


def _flagged(flags: Pairs) -> Pairs:
    """Return the flags with the smaller number first."""
    return {(min(pair), max(pair)): flag for pair, flag in flags.items()}


def _cells(
    matrix: NDArray[np.float64], placed: fitting.Stack, starts: Sequence[float], wide: float
) -> list[Spec]:
    """Return the cells of the lower half."""
    return [
        cell(matrix[placed.order[row], placed.order[col]], x=starts[col], y=y, width=wide)
        for row, y in enumerate(placed.middles)
        for col in range(row)
    ]


def _rows(
    nodes: Sequence[Node], placed: fitting.Stack, *, left: float, names: float, inner: float
) -> list[Spec]:
    """Return headings with a line over each, and a number and a name before each row."""
    rows = list(zip(placed.order, placed.middles, strict=True))
    numbers = [
        {"x": -names - 12, "y": y, "text": str(number)} for number, (_, y) in enumerate(rows, 1)
    ]
    named = [
        {"x": -names - 8, "y": y, "text": fitting.fit(nodes[number].name, names, size=TYPE)}
        for number, y in rows
    ]
    titles = [
        {"x": -left + 4, "y": y + 2, "text": fitting.fit(name, left + inner, size=11)}
        for name, y in placed.headings
    ]
    over = [
        {"x": -left + 4, "x2": inner, "y": y - HEADING / 2 + 1, "y2": y - HEADING / 2 + 1}
        for _, y in placed.headings
    ]
    return [
        marks.lines(over, colour=TRACK, width=0.6),
        marks.texts(titles, size=11, bold=True),
        marks.texts(numbers, size=9, align="right", colour=MUTED),
        marks.texts(named, size=TYPE),
    ]


def _numbers(placed: fitting.Stack, starts: Sequence[float], wide: float) -> list[Spec]:
    """Return the number of each column at its upper end, where the diagonal is."""
    values = [
        {"x": start + 1, "y": y, "text": str(number)}
        for number, (start, y) in enumerate(zip(starts, placed.middles, strict=True), start=1)
    ]
    return [marks.texts(values, size=9, colour=MUTED)]


def _flags(pairs: Pairs, placed: fitting.Stack, starts: Sequence[float], wide: float) -> list[Spec]:
    """Return a mark on each flagged pair, its inside the colour of the paper."""
    place = {number: position for position, number in enumerate(placed.order)}
    layers = []
    for flag, shape in SHAPES.items():
        values = []
        for pair, found in pairs.items():
            if found == flag:
                col, row = sorted(place[number] for number in pair)
                values.append({"x": starts[col] + wide / 2 - 0.5, "y": placed.middles[row]})
        mark = marks.Key(words=flag, shape=shape, colour=INK, hollow=True, size=34)
        if values:
            layers.append(marks.marks(values, mark))
    return layers


def alt(
    nodes: Sequence[Node], correlations: ArrayLike, *, title: str, flags: Pairs | None = None
) -> str:
    """Return the finding in English: the highest and the lowest correlation, and what is flagged.

    Examples
    --------
    >>> nodes = [Node(name=name, group="") for name in ("Literacy", "Schooling", "Pay")]
    >>> alt(nodes, [[1, 0.97, 0.2], [0.97, 1, -0.4], [0.2, -0.4, 1]], title="Correlations",
    ...     flags={(0, 1): "redundant"})
    'Correlations. 3 nodes. Highest: Literacy with Schooling, 0.97. Lowest: Schooling with Pay,
    −0.40. Flagged: Literacy with Schooling (redundant).'
    """
    matrix = _matrix(nodes, correlations)
    rows, cols = np.tril_indices(len(nodes), -1)
    values = matrix[rows, cols]
    words = f"{title}. {len(nodes)} nodes."
    if not np.isnan(values).all():
        for name, k in (("Highest", np.nanargmax(values)), ("Lowest", np.nanargmin(values))):
            pair = f"{nodes[cols[k]].name} with {nodes[rows[k]].name}"
            words += f" {name}: {pair}, {values[k]:.2f}.".replace(", -", ", −")
    found = [
        f"{nodes[one].name} with {nodes[two].name} ({flag})"
        for (one, two), flag in _flagged(flags or {}).items()
    ]
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    return f"{words} Flagged: {', '.join(found[:5]) or 'none'}{more}."
