"""Say where rows of estimates stand: wrapped names beside or above them, panels with headings."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isnan
from typing import Final

from everycount.charts import wrapping
from everycount.charts.estimates import GroupEstimate, Measure
from everycount.charts.theme import Spec

NARROW: Final = 480
"""Under this width intervals stand in the table only, and long names above their rows."""
ROW: Final = 24
"""Height of a row of one line, in CSS pixels."""
UNDER: Final = 20
"""Height of a dot under its name."""
OVER: Final = 9
"""Pixels over a name that stands above its row: a name belongs to the dot under it."""
BESIDE: Final = 0.36
"""Part of the width that names beside their rows may take."""
WORD: Final = 0.45
"""Part that they take at most where a single word needs it."""
PANEL: Final = 14
"""Pixels between two panels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """How the width of a chart of rows is shared out, in pixels."""

    left: int
    """Names."""
    inner: int
    """The drawing."""
    right: int
    """Figures and intervals."""
    figures: int
    """Figures alone."""
    has_spans: bool
    """Whether intervals stand after the figures."""
    is_above: bool
    """Whether names stand above their rows, and not beside them."""

    @property
    def width(self) -> int:
        """All of it."""
        return self.left + self.inner + self.right


def columns(
    rows: Sequence[GroupEstimate],
    notes: Sequence[str],
    *,
    spans: Sequence[str],
    measure: Measure,
    width: int,
) -> Columns:
    """Return how the width is shared: names, drawing, figures and, if there is room, intervals.

    Parameters
    ----------
    rows : sequence of GroupEstimate
        At least one.
    notes : sequence of str
        What stands under each name; empty for nothing.
    spans : sequence of str
        The intervals in words.
    measure : Measure
        How figures are printed.
    width : int
        CSS pixels.

    Returns
    -------
    Columns
        They add up to `width`.

    Examples
    --------
    >>> row = GroupEstimate(name="Poorest fifth", estimate=0.4)
    >>> shared = columns([row], [""], spans=[""], measure=Measure(), width=328)
    >>> shared.left, shared.right, shared.is_above
    (90, 43, False)
    """
    texts = [*(row.name for row in rows), *notes]
    longest = max(wrapping.room(text) for text in texts)
    is_above = width < NARROW and longest > BESIDE * width
    word = max(wrapping.longest_word(text) for text in texts)
    names = ceil(min(longest, max(BESIDE * width, min(word, WORD * width))))
    told = [measure.told(row.estimate, row.flag) for row in rows if row.is_shown]
    figures = ceil(max((wrapping.room(text, bold=True) for text in told), default=0)) + 12
    widest = ceil(max(wrapping.room(text, size=11) for text in spans))
    has_spans = width >= NARROW and 0 < widest < 0.3 * width
    left, right = 8 if is_above else names + 14, figures + (widest + 14 if has_spans else 4)
    return Columns(
        left=left,
        inner=width - left - right,
        right=right,
        figures=figures,
        has_spans=has_spans,
        is_above=is_above,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placed:
    """Where everything stands, in pixels; y from the top of the drawing."""

    columns: Columns
    rows: tuple[GroupEstimate, ...]
    """From top to bottom: panels as they first appear, rows as given."""
    middles: tuple[float, ...]
    """Of the dots."""
    names: tuple[Spec, ...]
    notes: tuple[Spec, ...]
    headings: tuple[Spec, ...]
    panels: tuple[tuple[float, float], ...]
    """Top and bottom of each."""

    @property
    def height(self) -> int:
        """From the first row to the last."""
        return ceil(self.panels[-1][1])

    @property
    def shown(self) -> list[tuple[GroupEstimate, float]]:
        """Rows with a figure, and their middles."""
        return [(row, y) for row, y in zip(self.rows, self.middles, strict=True) if row.is_shown]

    @property
    def with_interval(self) -> list[tuple[GroupEstimate, float]]:
        """Rows with a figure and its interval, and their middles."""
        return [(row, y) for row, y in self.shown if not (isnan(row.low) or isnan(row.high))]


@dataclass(slots=True, kw_only=True, eq=False)
class _Sheet:
    """A sheet that is written on from the top down."""

    columns: Columns
    y: float = 0.0

    def heading(self, words: str) -> list[Spec]:
        """Write the heading of a panel; nothing for none."""
        if not words:
            return []
        lines = wrapping.wrap(words, self.columns.width - 8, bold=True)
        tall = wrapping.height(len(lines))
        places = wrapping.block(lines, x=2 - self.columns.left, middle=self.y + tall / 2)
        self.y += tall + 6
        return places

    def row(self, name: str, note: str, free: float = 0) -> tuple[list[Spec], list[Spec], float]:
        """Write a name and its note, leave room over the dot, and say where that stands."""
        is_above, left = self.columns.is_above, self.columns.left
        most = self.columns.width - 10 if is_above else left - 13
        named = wrapping.wrap(name, most)
        noted = wrapping.wrap(note, most, size=11) if note else []
        upper, lower = wrapping.height(len(named)), wrapping.height(len(noted), size=11)
        text = upper + lower
        tall = OVER + text + UNDER if is_above else max(ROW, text + 8)
        top = self.y + (OVER if is_above else free + (tall - text) / 2)
        middle = self.y + free + (tall - UNDER / 2 if is_above else tall / 2)
        x = 2 - left if is_above else -12
        self.y += free + tall
        return (
            wrapping.block(named, x=x, middle=top + upper / 2),
            wrapping.block(noted, x=x, middle=top + upper + lower / 2, size=11),
            round(middle, 1),
        )


def placed(
    rows: Sequence[GroupEstimate], notes: Sequence[str], shared: Columns, *, free: float = 0
) -> Placed:
    """Return where rows, their names and the headings of panels stand.

    `free` pixels are left over the first dot, and its panel starts under them.

    Examples
    --------
    >>> rows = [GroupEstimate(name="Poorest", panel=age) for age in ("15–24", "25–34")]
    >>> shared = columns(rows, ["", ""], spans=[""], measure=Measure(), width=328)
    >>> [round(top) for top, _ in placed(rows, ["", ""], shared).panels]
    [20, 79]
    """
    first: dict[str, int] = {}
    for number, row in enumerate(rows):
        first.setdefault(row.panel, number)
    order = sorted(range(len(rows)), key=lambda number: first[rows[number].panel])
    sheet = _Sheet(columns=shared)
    middles: list[float] = []
    panels: list[tuple[float, float]] = []
    names: list[Spec] = []
    under: list[Spec] = []
    headings: list[Spec] = []
    for panel, start in first.items():
        if start != order[0]:
            sheet.y += PANEL
        headings += sheet.heading(panel)
        top = sheet.y
        for number in (number for number in order if rows[number].panel == panel):
            is_first = number == order[0]
            row = rows[number]
            named, noted, middle = sheet.row(row.name, notes[number], free if is_first else 0)
            if is_first and free:
                top = middle - UNDER / 2
            names += named
            under += noted
            middles.append(middle)
        panels.append((round(top, 1), round(sheet.y, 1)))
    return Placed(
        columns=shared,
        rows=tuple(rows[number] for number in order),
        middles=tuple(middles),
        names=tuple(names),
        notes=tuple(under),
        headings=tuple(headings),
        panels=tuple(panels),
    )
