"""Show what each choice alone does to the ranks: bars of the mean shift."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Final

from everycount.charts import fitting, marks
from everycount.charts.theme import FOCUS, MUTED, Spec, frame

ROW: Final = 19
HEADING: Final = 26
BAR: Final = 11
NARROW: Final = 480
"""Under this width options stand above their bars, so that few need to be cut."""
NARROW_ROW: Final = 34


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What one option does when everything else stays as the method has it."""

    assumption: str
    """What is varied, which makes a heading."""
    option: str
    """The option."""
    shift: float
    """Mean absolute shift of the ranks, in places. NaN, and words, where the build failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words in the chart, in the language of the page."""

    axis: str = "mean shift, in places"
    none: str = "could not be built"


WORDS: Final = Words()


def choices(
    rows: Sequence[Choice],
    *,
    title: str,
    decimals: int = 1,
    words: Words = WORDS,
    description: str | None = None,
    width: int = 720,
) -> Spec:
    """Return a bar for each option, under its assumption: how far ranks move on average.

    Parameters
    ----------
    rows : sequence of Choice
        Assumptions are shown as they first appear, options in the order given.
    title : str
        What the chart is of. It opens the description and is not drawn: a caption says it.
    decimals : int
        Decimals of the printed shifts.
    words : Words
        Words in the chart.
    description : str, optional
        The chart in a sentence; `alt` unless given.
    width : int
        CSS pixels, 300 and more. Names that need more than 45 % of it (all of it on a narrow
        chart) are cut; the table has them in full.

    Returns
    -------
    dict
        A Vega-Lite specification. Bars start at zero.

    Raises
    ------
    ValueError
        If there are no rows, or a shift is negative.

    References
    ----------
    Saisana, M., Saltelli, A. and Tarantola, S. (2005), Uncertainty and sensitivity analysis
    techniques as tools for the quality assessment of composite indicators, Journal of the Royal
    Statistical Society A 168, 307-323: the average shift in rank.

    Examples
    --------
    >>> choices([Choice(assumption="Mean", option="geometric", shift=2.4)], title="One at a time")[
    ...     "height"]
    45
    """
    if not rows:
        raise ValueError("a chart of choices needs at least one option")
    if any(row.shift < 0 for row in rows):
        raise ValueError("a chart of choices: found a negative shift, expected 0 or more")
    is_narrow = width < NARROW
    row_height = NARROW_ROW if is_narrow else ROW
    placed = fitting.stack([row.assumption for row in rows], row=row_height, heading=HEADING)
    middles = [y + (8 if is_narrow else 0) for y in placed.middles]
    ordered = [rows[number] for number in placed.order]
    names = fitting.column([row.option for row in rows], size=12, most=width * 0.45 - 14)
    left, right = 10 if is_narrow else names + 26, 48
    inner = width - left - right
    shown = [row.shift for row in rows if not isnan(row.shift)]
    numbers = fitting.ticks(0, max(shown, default=0), count=5 if inner > 260 else 3)
    domain = (numbers[0], numbers[-1])
    outside = frame(
        description=description or alt(rows, title=title, decimals=decimals),
        width=inner,
        height=placed.height,
        margins=(4, right, 38, left),
    )
    return outside | {
        "layer": [
            *marks.axis(numbers, domain, width=inner, height=placed.height),
            marks.texts(
                [{"x": 0, "y": placed.height + 28, "text": words.axis}],
                size=11,
                colour=MUTED,
            ),
            _bars(ordered, middles, domain),
            _numbers(ordered, middles, domain, words.none, decimals),
            _names(ordered, middles, names=None if is_narrow else names, most=width - left),
            marks.texts(
                [
                    {"x": -left + 2, "y": y + 3, "text": fitting.fit(name, width)}
                    for name, y in placed.headings
                ],
                bold=True,
            ),
        ]
    }


def _names(
    rows: Sequence[Choice], middles: Sequence[float], *, names: int | None, most: int
) -> Spec:
    """Return the options before their bars, or above them where there is no room before."""
    placed = zip(rows, middles, strict=True)
    if names is None:
        above = [{"x": 0, "y": y - 15, "text": fitting.fit(row.option, most)} for row, y in placed]
        return marks.texts(above)
    before = [{"x": -12, "y": y, "text": fitting.fit(row.option, names)} for row, y in placed]
    return marks.texts(before, align="right")


def _bars(rows: Sequence[Choice], middles: Sequence[float], domain: tuple[float, float]) -> Spec:
    values = [
        {"shift": row.shift, "y": y - BAR / 2, "y2": y + BAR / 2}
        for row, y in zip(rows, middles, strict=True)
        if not isnan(row.shift)
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "rect", "color": FOCUS},
        "encoding": {
            "x": marks.at("shift", domain),
            "x2": {"datum": 0},
            "y": marks.PLACE | {"field": "y"},
            "y2": {"field": "y2"},
        },
    }


def _numbers(
    rows: Sequence[Choice],
    middles: Sequence[float],
    domain: tuple[float, float],
    none: str,
    decimals: int,
) -> Spec:
    """Return the shift at the end of each bar, or words where there is none."""
    values = [
        {"end": 0, "y": y, "text": none}
        if isnan(row.shift)
        else {"end": row.shift, "y": y, "text": f"{row.shift:.{decimals}f}"}
        for row, y in zip(rows, middles, strict=True)
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 5, "color": MUTED},
        "encoding": {
            "x": marks.at("end", domain),
            "y": marks.PLACE | {"field": "y"},
            "text": {"field": "text", "type": "nominal"},
        },
    }


def alt(rows: Sequence[Choice], *, title: str, decimals: int = 1) -> str:
    """Return the finding in English: which choice moves ranks most, and which least.

    Examples
    --------
    >>> rows = [Choice(assumption="Mean", option="geometric", shift=2.4),
    ...         Choice(assumption="Gaps", option="mean of the region", shift=0.34)]
    >>> alt(rows, title="One choice at a time")
    'One choice at a time. Ranks move most with Mean: geometric, 2.4 places on average, and least
    with Gaps: mean of the region, 0.3.'
    """
    shown = [row for row in rows if not isnan(row.shift)]
    failed = [f"{row.assumption}: {row.option}" for row in rows if isnan(row.shift)]
    words = f"{title}."
    if shown:
        most, least = (pick(shown, key=lambda row: row.shift) for pick in (max, min))
        words += (
            f" Ranks move most with {most.assumption}: {most.option}, "
            f"{most.shift:.{decimals}f} places on average"
        )
        if len(shown) > 1:
            words += (
                f", and least with {least.assumption}: {least.option}, {least.shift:.{decimals}f}"
            )
        words += "."
    return words + (f" Could not be built: {', '.join(failed)}." if failed else "")
