"""Show how far ranks move when an index is built in other ways: an interval for each unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from everycount.charts import fitting, marks
from everycount.charts.theme import FOCUS, INK, MUTED, SECOND, Spec, frame

ROW: Final = 12
"""Height of a row in CSS pixels: 129 units take 1,550."""
TYPE: Final = 10
NARROW: Final = 480
"""Under this width the intervals stand in the table only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankInterval:
    """The ranks of one unit over the builds tested; 1 is the best. No figure may be missing."""

    name: str
    """What the row is called."""
    nominal: float
    """Rank by the method as it stands."""
    median: float
    """Rank in the middle of the builds."""
    low: float
    """Lower end of the interval: the better rank."""
    high: float
    """Upper end."""

    @property
    def is_outside(self) -> bool:
        """Whether the nominal rank is not in the interval."""
        return not self.low <= self.nominal <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of the key, in the language of the page."""

    interval: str = "5 to 95 % of the builds"
    median: str = "median"
    nominal: str = "rank of the method"
    outside: str = "rank of the method, outside its interval"


WORDS: Final = Words()


def rank_intervals(
    rows: Sequence[RankInterval],
    *,
    title: str,
    places: int,
    words: Words = WORDS,
    description: str | None = None,
    width: int = 720,
) -> Spec:
    """Return a row for each unit: the interval of its rank, the median and the nominal rank.

    A nominal rank outside its interval has a diamond, a line to the interval and a bold name.

    Parameters
    ----------
    rows : sequence of RankInterval
        In any order; they are shown by nominal rank, equal ones by name.
    title : str
        What the chart is of. It opens the description and is not drawn: a caption says it.
    places : int
        The last place of the ranking, where the axis ends. A part of the rows, such as the half
        that fits on a page, so keeps the axis of all.
    words : Words
        The key.
    description : str, optional
        The chart in a sentence; `alt` unless given.
    width : int
        CSS pixels, 360 and more. Names that need more than 45 % of it are cut; the table has them
        in full.

    Returns
    -------
    dict
        A Vega-Lite specification.

    Raises
    ------
    ValueError
        If there are no rows, or a rank is not between 1 and `places`.

    References
    ----------
    Everycount design brief, section 5: estimates and ranks are dots with intervals.

    Examples
    --------
    >>> row = RankInterval(name="Denmark", nominal=3, median=8, low=3, high=32)
    >>> rank_intervals([row], title="Ranks", places=129)["height"]
    12
    """
    _check(rows, places)
    ordered = sorted(rows, key=lambda row: (row.nominal, row.name))
    numbers, right = 24, (52 if width >= NARROW else 8)
    names = (
        fitting.column([row.name for row in ordered], size=TYPE, most=width * 0.45 - numbers)
        + numbers
    )
    left, inner, height = names + 14, width - names - 14 - right, ROW * len(ordered)
    domain = (1.0, float(max(places, 2)))
    middles = [ROW * k + ROW / 2 for k in range(len(ordered))]
    keys = _keys(words, has_outside=any(row.is_outside for row in ordered))
    top = marks.key_height(keys, width=width)
    outside = frame(
        description=description or alt(rows, title=title, words=words),
        width=inner,
        height=height,
        margins=(top + 20, right, 20, left),
    )
    layers = [
        *marks.key(keys, width=width, left=-left, top=-top - 20),
        *marks.axis(_ranks(places, inner), domain, width=inner, height=height, top=True),
        *_guides(middles, inner),
        *_intervals(ordered, middles, domain, keys),
        *_names(ordered, middles, names - numbers),
    ]
    if width >= NARROW:
        layers.append(_figures(ordered, middles, inner + right))
    return outside | {"layer": layers}


def _check(rows: Sequence[RankInterval], places: int) -> None:
    if not rows:
        raise ValueError("a chart of rank intervals needs at least one unit")
    for row in rows:
        ranks = (row.nominal, row.median, row.low, row.high)
        if not all(1 <= rank <= places for rank in ranks):
            raise ValueError(f"{row.name}: found ranks {ranks}, expected 1 to {places}")


def _keys(words: Words, *, has_outside: bool) -> list[marks.Key]:
    """Return the keys; the last only if there is one."""
    keys = [
        marks.Key(words=words.interval, shape=marks.BAR, colour=FOCUS, size=170, opacity=0.45),
        marks.Key(words=words.median, shape="circle", colour=FOCUS, size=30),
        marks.Key(words=words.nominal, shape=marks.TICK, colour=INK, size=60),
        marks.Key(words=words.outside, shape="diamond", colour=SECOND, size=56),
    ]
    return keys if has_outside else keys[:3]


def _ranks(places: int, width: int) -> list[float]:
    """Return the ranks on the axis: the first, round ones, the last."""
    inside = fitting.ticks(0, places, count=max(3, width // 45))
    step = inside[1]
    round_ones = [rank for rank in inside if 1 < rank < places - 0.45 * step]
    return sorted({1.0, *round_ones, float(places)})


def _guides(middles: Sequence[float], inner: int) -> list[Spec]:
    """Return a thin line for each row to lie on."""
    return [marks.lines([{"x": 0, "x2": inner, "y": y, "y2": y} for y in middles], width=0.5)]


def _intervals(
    rows: Sequence[RankInterval],
    middles: Sequence[float],
    domain: tuple[float, float],
    keys: Sequence[marks.Key],
) -> list[Spec]:
    placed = list(zip(rows, middles, strict=True))
    bars = [{"low": row.low, "high": row.high, "y": y} for row, y in placed]
    middle = [{"value": row.median, "y": y} for row, y in placed]
    layers = [
        marks.spans(bars, domain, colour=FOCUS, width=5, opacity=0.45),
        marks.points(
            [{"value": row.nominal, "y": y} for row, y in placed if not row.is_outside],
            domain,
            keys[2],
        ),
        marks.points(middle, domain, keys[1]),
    ]
    moved = [(row, y) for row, y in placed if row.is_outside]
    if not moved:
        return layers
    gaps = [
        {"low": row.nominal, "high": min(max(row.nominal, row.low), row.high), "y": y}
        for row, y in moved
    ]
    away = [{"value": row.nominal, "y": y} for row, y in moved]
    return [
        *layers,
        marks.spans(gaps, domain, colour=SECOND, width=1),
        marks.points(away, domain, keys[3]),
    ]


def _names(
    rows: Sequence[RankInterval], middles: Sequence[float], room_of_names: float
) -> list[Spec]:
    """Return rank and name before each row; bold where the rank lies outside its interval."""
    placed = list(zip(rows, middles, strict=True))
    ranks = [{"x": -room_of_names - 16, "y": y, "text": f"{row.nominal:g}"} for row, y in placed]
    layers = [marks.texts(ranks, size=TYPE, align="right", colour=MUTED)]
    for is_outside in (False, True):
        values = [
            {
                "x": -room_of_names - 10,
                "y": y,
                "text": fitting.fit(row.name, room_of_names, size=TYPE + is_outside),
            }
            for row, y in placed
            if row.is_outside is is_outside
        ]
        layers.append(marks.texts(values, size=TYPE, bold=is_outside))
    return layers


def _figures(rows: Sequence[RankInterval], middles: Sequence[float], right: float) -> Spec:
    """Return the ends of the interval after each row."""
    values = [
        {"x": right - 2, "y": y, "text": f"{row.low:g}–{row.high:g}"}
        for row, y in zip(rows, middles, strict=True)
    ]
    return marks.texts(values, size=TYPE, align="right", colour=MUTED)


def alt(rows: Sequence[RankInterval], *, title: str, words: Words = WORDS) -> str:
    """Return the finding in English: how wide the intervals are, and which ranks lie outside.

    Examples
    --------
    >>> rows = [RankInterval(name="Norway", nominal=1, median=1, low=1, high=1),
    ...         RankInterval(name="Denmark", nominal=3, median=8, low=4, high=32)]
    >>> alt(rows, title="Ranks of 2 areas")
    'Ranks of 2 areas. Interval: 5 to 95 % of the builds. Half of the units span 14 places or fewer,
    the widest is Denmark, 4 to 32. Outside its interval: Denmark (3).'
    """
    widest = max(rows, key=lambda row: row.high - row.low)
    half = median(row.high - row.low for row in rows)
    away = [f"{row.name} ({row.nominal:g})" for row in rows if row.is_outside]
    named = ", ".join(away[:5]) + (f" and {len(away) - 5} more" if len(away) > 5 else "")
    outside = f"Outside its interval: {named}." if away else "No nominal rank is outside."
    return (
        f"{title}. Interval: {words.interval}. Half of the units span {half:g} places or fewer, "
        f"the widest is {widest.name}, {widest.low:g} to {widest.high:g}. {outside}"
    )
