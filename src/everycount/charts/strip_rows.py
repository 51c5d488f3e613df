"""Say where strips of areas stand: names beside or over them, labels apart, dots packed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil, isnan, nan
from typing import Final, Literal

from everycount.charts import axes, marks, name_rows, scales, wrapping
from everycount.charts.estimates import refuse_untold
from everycount.charts.packing import fitted
from everycount.charts.row_places import NARROW
from everycount.charts.scales import Number, Scale
from everycount.charts.series import Tone
from everycount.charts.theme import Spec
from everycount.survey.group_figures import Flag

Shape = Literal["line", "dot"]

TICK: Final = 16
"""Height of the line of an area."""
RADIUS: Final = 4.0
"""Of a dot, with the space about it, before dots are made smaller."""
SWARM: Final = 64
"""Height of the dots of a row; of a chart with one row, `ALONE`."""
ALONE: Final = 150
LEADER: Final = 12
"""Height of the lines from the names of what is picked out to the strip."""
APART: Final = 10
"""Pixels between two such names."""
UNDER: Final = 16
"""Height under a strip for the median."""
NAMES: Final = 0.26
"""Part of the width that names of rows take at most beside their strips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """The figure of one area."""

    name: str
    value: float = nan
    """NaN where there is no figure, and where it is hidden."""
    row: str = ""
    """The region whose row it is in; the same for all if there is one row."""
    flag: Flag = ""
    tone: Tone = "quiet"
    """Anything but quiet picks it out, with its name and figure."""

    def __post_init__(self) -> None:
        refuse_untold(self.name, self.flag, (self.value,))

    @property
    def is_shown(self) -> bool:
        """Whether there is a figure to draw."""
        return not isnan(self.value)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """A strip: its areas with a figure, where each stands, and the names."""

    areas: tuple[Area, ...]
    places: tuple[tuple[float, float], ...]
    middle: float
    half: float
    """Pixels from the middle to the edge of the strip."""
    radius: float
    names: tuple[Spec, ...]
    labels: tuple[tuple[str, ...], ...]
    """Of the areas picked out, in lines, in the order of the areas."""
    picked: float
    """Middle of the labels."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """How the picture is shared out, in pixels."""

    left: int
    inner: int
    right: int
    height: int
    axis: Scale
    texts: tuple[str, ...]
    rows: tuple[Row, ...]
    low: float
    """Left end of where labels may stand."""
    high: float
    """Right end."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Plan:
    """What all strips share."""

    axis: Scale
    shape: Shape
    swarm: float
    left: int
    column: int
    """Width of the names beside strips; 0 where they stand over them."""
    low: float
    high: float


def sheet(
    areas: Sequence[Area],
    held: Sequence[float],
    *,
    tick: Number,
    unit: str,
    shape: Shape,
    label: Number,
    picked: str,
    width: int,
) -> Sheet:
    """Return where strips stand, from the top down.

    Parameters
    ----------
    areas : sequence of Area
        At least one. Rows stand in the order in which they first appear.
    held : sequence of float
        What the axis holds besides, such as a target.
    tick, label : callable
        Words a number of the axis, and a figure.
    unit : str
        Behind the last number of the axis, if it is a sign.
    shape : {"line", "dot"}
        What an area is.
    picked : str
        What is said of an area that is picked out, with its name and figure.
    width : int
        CSS pixels.

    Returns
    -------
    Sheet
        Labels are wrapped so that those of a row stand beside one another.

    Examples
    --------
    >>> areas = [Area(name="Norway", value=44.4, row="Europe"), Area(name="Chad", row="Africa")]
    >>> made = sheet(areas, [], tick=str, unit="", shape="line", label=str, picked="{name}",
    ...              width=720)
    >>> [row.middle for row in made.rows], made.height
    ([16.0, 64.0], 80)
    """
    groups: dict[str, list[Area]] = {}
    for area in areas:
        groups.setdefault(area.row, []).append(area)
    longest = max(wrapping.room(name) for name in groups)
    column = 0 if width < NARROW else ceil(min(longest, NAMES * width))
    ends = [*(area.value for area in areas if area.is_shown), *held]
    left, right = column + 22 if column else 16, 22
    while True:
        inner = width - left - right
        axis = scales.fewer(
            partial(scales.for_lines, ends, 0, inner), lambda value: f"{tick(value)} {unit[:2]}"
        )
        texts = axes.worded(axis, tick, unit)
        before, after = axes.overhang(axis, texts, inner=inner)
        if (before <= left and after <= right) or inner < width / 2:
            break
        left, right = max(left, before), max(right, after)
    plan = _Plan(
        axis=axis,
        shape=shape,
        swarm=ALONE if len(groups) == 1 else SWARM,
        left=left,
        column=column,
        low=-10.0 if column else 4.0 - left,
        high=inner + right - 2,
    )
    rows, y = [], 0.0
    for name, group in groups.items():
        shown = [area for area in group if area.is_shown]
        said = [
            picked.format(name=area.name, figure=label(area.value))
            for area in shown
            if area.tone != "quiet"
        ]
        row, y = _row(name, shown, said, y, plan)
        rows.append(row)
    return Sheet(
        left=left,
        inner=inner,
        right=right,
        height=round(y),
        axis=axis,
        texts=tuple(texts),
        rows=tuple(rows),
        low=plan.low,
        high=plan.high,
    )


def _row(
    name: str, shown: Sequence[Area], said: Sequence[str], y: float, plan: _Plan
) -> tuple[Row, float]:
    """Return a strip that starts at a height, and where the next one does."""
    across = [plan.axis.place(area.value) for area in shown]
    radius, moved = 0.0, [0.0] * len(shown)
    if plan.shape == "dot":
        radius, moved = fitted(across, radius=RADIUS, height=plan.swarm)
    half = max(TICK / 2, max(map(abs, moved), default=0.0) + radius)
    lines = wrapping.wrap(name, plan.column + 2 if plan.column else plan.high - plan.low)
    lines = lines if name else []
    tall = wrapping.height(len(lines))
    top = y
    y += 0 if plan.column or not lines else tall + 4
    most = (plan.high - plan.low) / max(1, len(said)) - APART
    labels = tuple(tuple(wrapping.wrap(text, most, size=11, bold=True)) for text in said)
    over = wrapping.height(max(map(len, labels), default=0), size=11)
    middle = y + (over + LEADER if said else 8) + half
    below = middle + half + (UNDER if shown else 0) + 8
    names: list[Spec] = []
    if plan.column:
        short = max(0.0, tall / 2 - (middle - top))
        middle, below = middle + short, max(below + short, middle + short + tall / 2 + 4)
        names = [marks.texts(wrapping.block(lines, x=-14, middle=middle), align="right")]
    elif lines:
        names = name_rows.on_paper(
            wrapping.block(lines, x=4 - plan.left, middle=top + tall / 2 + 2)
        )
    row = Row(
        areas=tuple(shown),
        places=tuple((x, round(middle + by, 1)) for x, by in zip(across, moved, strict=True)),
        middle=round(middle, 1),
        half=round(half, 1),
        radius=radius,
        names=tuple(names),
        labels=labels,
        picked=round(middle - half - LEADER + 2 - over / 2, 1),
    )
    return row, below
