"""Show the weight a part is given against the importance it has in the scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Final

from everycount.charts import fitting, marks
from everycount.charts.theme import FOCUS, INK, MUTED, OTHER, SECOND, Spec, frame

ROW: Final = 16
HEADING: Final = 24
NARROW: Final = 480
"""Under this width figures stand in the table only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """The weight and the importance of one node, as shares from 0 to 1."""

    name: str
    """The indicator or group."""
    group: str
    """Its parent, which makes a heading; empty for none."""
    weight: float
    """Share of the weights, as the method gives it."""
    importance: float = nan
    """Share of the importance found. NaN, and not drawn, where it could not be found."""
    is_flagged: bool = False
    """Whether the two disagree by more than the limit the audit was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of the key, in the language of the page."""

    weight: str = "weight in the method"
    importance: str = "importance in the scores"
    flagged: str = "importance far from the weight"


WORDS: Final = Words()


def importance(
    rows: Sequence[Importance],
    *,
    title: str,
    words: Words = WORDS,
    description: str | None = None,
    width: int = 720,
    most: float = 0.0,
) -> Spec:
    """Return a row for each node, under its parent: a stroke for weight, a dot for importance.

    Where the two disagree the dot is a diamond and the name is bold.

    Parameters
    ----------
    rows : sequence of Importance
        Parents are shown as they first appear, nodes of a parent in the order given.
    title : str
        What the chart is of. It opens the description and is not drawn: a caption says it.
    words : Words
        The key.
    description : str, optional
        The chart in a sentence; `alt` unless given.
    width : int
        CSS pixels, 300 and more. Names that need more than 45 % of it are cut; the table has them
        in full.
    most : float
        A share that the axis reaches at least, so that some of the rows keep the axis of all.

    Returns
    -------
    dict
        A Vega-Lite specification. The axis starts at zero, or below it if a share does.

    Raises
    ------
    ValueError
        If there are no rows.

    References
    ----------
    Paruolo, P., Saisana, M. and Saltelli, A. (2013), Ratings and rankings: voodoo or science?,
    Journal of the Royal Statistical Society A 176, 609-634, on weight against importance.

    Examples
    --------
    >>> row = Importance(name="Literacy", group="Education", weight=0.5, importance=0.62)
    >>> importance([row], title="Weight and importance")["height"]
    40
    """
    if not rows:
        raise ValueError("a chart of importance needs at least one node")
    placed = fitting.stack([row.group for row in rows], row=ROW, heading=HEADING)
    ordered = [rows[number] for number in placed.order]
    is_narrow = width < NARROW
    names = fitting.column([row.name for row in rows], size=11, most=width * 0.45 - 14)
    left, right = names + 26, 16 if is_narrow else 112
    inner = width - left - right
    shares = [100 * share for row in rows for share in (row.weight, row.importance)]
    shown = [share for share in shares if not isnan(share)]
    ends = min([0.0, *shown]), max([100 * most, *shown])
    numbers = fitting.ticks(*ends, count=5 if inner > 260 else 3)
    domain = (numbers[0], numbers[-1])
    keys = _keys(words, has_flags=any(row.is_flagged for row in rows))
    top = marks.key_height(keys, width=width)
    outside = frame(
        description=description or alt(rows, title=title),
        width=inner,
        height=placed.height,
        margins=(top + 20, right, 20, left),
    )
    form = "{:g} %"
    layers = [
        *marks.key(keys, width=width, left=-left, top=-top - 20),
        *marks.axis(numbers, domain, width=inner, height=placed.height, top=True, form=form),
        marks.lines([{"x": 0, "x2": inner, "y": y, "y2": y} for y in placed.middles], width=0.5),
        *_shares(ordered, placed.middles, domain, keys),
        *_names(ordered, placed.middles, room_of_names=names),
        marks.texts(
            [
                {"x": -left + 2, "y": y + 3, "text": fitting.fit(group, width)}
                for group, y in placed.headings
            ],
            bold=True,
        ),
    ]
    if not is_narrow:
        layers.append(_figures(ordered, placed.middles, width - left))
    return outside | {"layer": layers}


def _keys(words: Words, *, has_flags: bool) -> list[marks.Key]:
    """Return the keys; the last only if there is one."""
    keys = [
        marks.Key(words=words.weight, shape=marks.TICK, colour=INK, size=90),
        marks.Key(words=words.importance, shape="circle", colour=FOCUS, size=60),
        marks.Key(words=words.flagged, shape="diamond", colour=SECOND, size=76),
    ]
    return keys if has_flags else keys[:2]


def _shares(
    rows: Sequence[Importance],
    middles: Sequence[float],
    domain: tuple[float, float],
    keys: Sequence[marks.Key],
) -> list[Spec]:
    """Return the keys and what joins them."""
    placed = list(zip(rows, middles, strict=True))
    both = [
        (row, {"low": 100 * row.weight, "high": 100 * row.importance, "y": y})
        for row, y in placed
        if not isnan(row.importance)
    ]
    weights = [{"value": 100 * row.weight, "y": y} for row, y in placed]
    layers = [
        marks.spans([line for _, line in both], domain, colour=OTHER, width=1.5, opacity=0.6),
        marks.points(weights, domain, keys[0]),
    ]
    for is_flagged, mark in zip((False, True), keys[1:], strict=False):
        found = [
            {"value": line["high"], "y": line["y"]}
            for row, line in both
            if row.is_flagged is is_flagged
        ]
        layers.append(marks.points(found, domain, mark))
    return layers


def _names(
    rows: Sequence[Importance], middles: Sequence[float], *, room_of_names: int
) -> list[Spec]:
    """Return the names before the rows, bold where there is a flag."""
    return [
        marks.texts(
            [
                {
                    "x": -12,
                    "y": y,
                    "text": fitting.fit(row.name, room_of_names, size=11 + is_flagged),
                }
                for row, y in zip(rows, middles, strict=True)
                if row.is_flagged is is_flagged
            ],
            size=11,
            align="right",
            bold=is_flagged,
        )
        for is_flagged in (False, True)
    ]


def _figures(rows: Sequence[Importance], middles: Sequence[float], right: int) -> Spec:
    """Return weight and importance in words after the rows."""
    values = [
        {"x": right - 2, "y": y, "text": f"{_share(row.weight)} → {_share(row.importance)}"}
        for row, y in zip(rows, middles, strict=True)
    ]
    return marks.texts(values, size=11, align="right", colour=MUTED)


def _share(share: float) -> str:
    return "?" if isnan(share) else f"{100 * share:.1f} %".replace("-", "−")


def alt(rows: Sequence[Importance], *, title: str) -> str:
    """Return the finding in English: where importance exceeds and falls short of weight most.

    Examples
    --------
    >>> alt([Importance(name="Literacy", group="Education", weight=0.5, importance=0.62)],
    ...     title="Weight and importance")
    'Weight and importance. Literacy has the most importance beside its weight: 50.0 % → 62.0 %.
    None is flagged.'
    """
    found = [row for row in rows if not isnan(row.importance)]
    if not found:
        return f"{title}. No importance could be found."
    most, least = (pick(found, key=lambda r: r.importance - r.weight) for pick in (max, min))
    words = f"{title}. {most.name} has the most importance beside its weight: {_pair(most)}"
    if len(found) > 1:
        words += f"; {least.name} the least: {_pair(least)}"
    flagged = [row.name for row in rows if row.is_flagged]
    named = ", ".join(flagged[:5]) + (f" and {len(flagged) - 5} more" if len(flagged) > 5 else "")
    return f"{words}. " + (f"Flagged: {named}." if flagged else "None is flagged.")


def _pair(row: Importance) -> str:
    return f"{_share(row.weight)} → {_share(row.importance)}"
