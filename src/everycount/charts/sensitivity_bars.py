"""Show how much of the variance each assumption brings, alone and with the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Final

from everycount.charts import fitting, marks
from everycount.charts.theme import FOCUS, INK, MUTED, SECOND, SURFACE, Spec, frame

ROW: Final = 42
NARROW_ROW: Final = 58
APART: Final = 8
"""Pixels from the middle of a row to each of its two lines."""
NARROW: Final = 480
"""Under this width names stand above their rows, and figures in the table only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """The Sobol indices of one assumption, shares of the variance of one result.

    An index may be negative, by error of sampling. All six are NaN for a result that does not vary.
    """

    name: str
    """The assumption."""
    first: float
    """First-order index: what it brings alone."""
    first_low: float
    """Lower end of the interval of `first`."""
    first_high: float
    """Upper end."""
    total: float
    """Total index: what it brings alone and together with others."""
    total_low: float
    """Lower end of the interval of `total`."""
    total_high: float
    """Upper end."""

    @property
    def is_missing(self) -> bool:
        """Whether there is nothing to draw."""
        return isnan(self.first) or isnan(self.total)

    @property
    def ends(self) -> tuple[float, ...]:
        """Ends of both intervals."""
        return self.first_low, self.first_high, self.total_low, self.total_high


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words of the key and of a row without indices, in the language of the page."""

    first: str = "alone (first order)"
    total: str = "with the others (total)"
    interval: str = "line: bootstrap interval, 90 %"
    none: str = "no index: the result does not vary"


WORDS: Final = Words()


def sensitivity_bars(
    rows: Sequence[Sensitivity],
    *,
    title: str,
    words: Words = WORDS,
    description: str | None = None,
    width: int = 720,
) -> Spec:
    """Return two dots with intervals for each assumption: its first-order and its total index.

    Dots and not bars, since these are estimates and may lie below zero; zero has a strong line.

    Parameters
    ----------
    rows : sequence of Sensitivity
        In the order to show.
    title : str
        What the chart is of, with the result that varies. It opens the description and is not
        drawn: a caption says it.
    words : Words
        The key.
    description : str, optional
        The chart in a sentence; `alt` unless given.
    width : int
        CSS pixels, 300 and more.

    Returns
    -------
    dict
        A Vega-Lite specification. The axis holds 0 to 1 and every interval.

    Raises
    ------
    ValueError
        If there are no rows.

    References
    ----------
    Everycount design brief, section 5: an estimate is never a bar with a whisker.

    Examples
    --------
    >>> row = Sensitivity(name="Weights", first=-0.05, first_low=-0.31, first_high=0.17,
    ...                   total=0.23, total_low=0.17, total_high=0.31)
    >>> sensitivity_bars([row], title="Mean shift of ranks")["height"]
    42
    """
    if not rows:
        raise ValueError("a chart of sensitivity needs at least one assumption")
    is_narrow = width < NARROW
    row_height = NARROW_ROW if is_narrow else ROW
    names = fitting.column([row.name for row in rows], size=12, most=width * 0.4)
    left, right = (12, 16) if is_narrow else (names + 16, 150)
    inner, height = width - left - right, row_height * len(rows)
    numbers = _ticks(rows, 4 if is_narrow else 8)
    domain = (numbers[0], numbers[-1])
    keys = [
        marks.Key(words=words.first, shape="circle", colour=FOCUS, size=72),
        marks.Key(words=words.total, shape="diamond", colour=SECOND, size=72, hollow=True),
    ]
    room_of_key = width - 24
    note = {"x": -left + 4, "y": -12, "text": words.interval}
    top = marks.key_height(keys, width=room_of_key)
    middles = [row_height * k + row_height / 2 + (10 if is_narrow else 0) for k in range(len(rows))]
    zero = round(-inner * domain[0] / (domain[1] - domain[0]), 1)
    outside = frame(
        description=description or alt(rows, title=title),
        width=inner,
        height=height,
        margins=(top + 20, right, 22, left),
    )
    return outside | {
        "layer": [
            *marks.key(keys, width=room_of_key, left=-left, top=-top - 20),
            marks.texts([note], size=11, colour=MUTED),
            *marks.axis(numbers, domain, width=inner, height=height),
            marks.lines([{"x": zero, "x2": zero, "y": 0, "y2": height}], colour=INK),
            *_estimates(rows, middles, domain, keys),
            *_names(rows, middles, left=left, inner=inner, is_narrow=is_narrow),
            *_words(rows, middles, none=words.none, zero=zero),
            *([] if is_narrow else [_figures(rows, middles, inner)]),
        ]
    }


def _ticks(rows: Sequence[Sensitivity], count: int) -> list[float]:
    """Return the axis: it holds 0, 1 and all intervals."""
    ends = [end for row in rows if not row.is_missing for end in row.ends]
    return fitting.ticks(min([0.0, *ends]), max([1.0, *ends]), count=count)


def _estimates(
    rows: Sequence[Sensitivity],
    middles: Sequence[float],
    domain: tuple[float, float],
    keys: Sequence[marks.Key],
) -> list[Spec]:
    shown = [(row, y) for row, y in zip(rows, middles, strict=True) if not row.is_missing]
    firsts = [
        {"value": r.first, "low": r.first_low, "high": r.first_high, "y": y - APART}
        for r, y in shown
    ]
    totals = [
        {"value": r.total, "low": r.total_low, "high": r.total_high, "y": y + APART}
        for r, y in shown
    ]
    return [
        marks.spans(firsts, domain, colour=FOCUS, width=2.5, opacity=0.6),
        marks.spans(totals, domain, colour=SECOND, width=2.5, opacity=0.6),
        marks.points(firsts, domain, keys[0]),
        marks.points(totals, domain, keys[1]),
    ]


def _names(
    rows: Sequence[Sensitivity], middles: Sequence[float], *, left: int, inner: int, is_narrow: bool
) -> list[Spec]:
    """Return the names, before the rows or, on a ground that hides the axis, above them."""
    up, most = (26, inner + left) if is_narrow else (0, left - 14)
    placed = list(zip(rows, middles, strict=True))
    words = [
        {"x": -left + 4, "y": y - up, "text": fitting.fit(row.name, most)} for row, y in placed
    ]
    ground = [{"x": -left, "x2": inner, "y": y - up, "y2": y - up} for y in middles]
    return [
        *([marks.lines(ground, colour=SURFACE, width=20)] if is_narrow else []),
        marks.texts(words),
    ]


def _words(
    rows: Sequence[Sensitivity], middles: Sequence[float], *, none: str, zero: float
) -> list[Spec]:
    """Return what stands where there is no index."""
    values = [
        {"x": zero + 6, "y": y, "text": none}
        for row, y in zip(rows, middles, strict=True)
        if row.is_missing
    ]
    return [marks.texts(values, size=11, colour=MUTED)] if values else []


def _figures(rows: Sequence[Sensitivity], middles: Sequence[float], inner: int) -> Spec:
    """Return the indices with their intervals after the rows."""
    values = []
    for row, y in zip(rows, middles, strict=True):
        if not row.is_missing:
            first = _figure(row.first, row.first_low, row.first_high)
            total = _figure(row.total, row.total_low, row.total_high)
            values += [
                {"x": inner + 146, "y": y - APART, "text": first},
                {"x": inner + 146, "y": y + APART, "text": total},
            ]
    return marks.texts(values, size=11, align="right", colour=MUTED)


def _figure(value: float, low: float, high: float) -> str:
    shown = [round(each, 2) + 0.0 for each in (value, low, high)]  # never minus zero
    return "{:.2f} ({:.2f} to {:.2f})".format(*shown).replace("-", "−")


def alt(rows: Sequence[Sensitivity], *, title: str) -> str:
    """Return the finding in English: what matters most, alone and in all, and what stays open.

    Examples
    --------
    >>> row = Sensitivity(name="Weights", first=0.3, first_low=-0.1, first_high=0.5,
    ...                   total=0.4, total_low=0.2, total_high=0.6)
    >>> alt([row], title="Mean shift of ranks")
    'Mean shift of ranks. Most comes from Weights: 0.40 of the variance with the others (0.20 to
    0.60), 0.30 alone (−0.10 to 0.50). Alone not told from zero: Weights.'
    """
    shown = [row for row in rows if not row.is_missing]
    if not shown:
        return f"{title}. The result does not vary."
    most = max(shown, key=lambda row: row.total)
    total = _figure(most.total, most.total_low, most.total_high)
    first = _figure(most.first, most.first_low, most.first_high)
    unsure = [row.name for row in shown if row.first_low <= 0]
    words = f" Alone not told from zero: {', '.join(unsure)}." if unsure else ""
    return (
        f"{title}. Most comes from {most.name}: "
        f"{total.replace(' (', ' of the variance with the others (')}, "
        f"{first.replace(' (', ' alone (')}.{words}"
    )
