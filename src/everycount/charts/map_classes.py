"""Classes of a map: breaks at round numbers and the target, their colours and their words."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, pairwise
from math import floor, isfinite, log, log10
from typing import Final

from everycount.charts.theme import STEPS
from everycount.language.catalogue import N_

MOST: Final = len(STEPS)
"""Classes that a reader can tell apart on a map; everycount design brief, section 5."""
ROUND: Final = (1.0, 2.0, 2.5, 5.0)
"""Steps between breaks, times a power of ten."""
UNDER: Final = N_("under {high}")
BETWEEN: Final = N_("{low}–{high}")
OVER: Final = N_("{low} and over")
EVEN_ENOUGH: Final = 0.8
"""Breaks at equal steps are preferred while they are so even beside the most even ones."""


def choose_breaks(
    values: Iterable[float], target: float | None = None, *, classes: int = MOST
) -> tuple[float, ...]:
    """Return lower bounds of classes at round numbers, with the target among them.

    Breaks at equal steps are taken where they fill the classes about evenly, else round numbers
    that fill them most evenly, as skewed figures need.

    Parameters
    ----------
    values : iterable of float
        The figures of the map. Missing ones are left out beforehand.
    target : float, optional
        Becomes a break if it lies among the figures.
    classes : int
        At most so many, two to five.

    Returns
    -------
    tuple of float
        One to four breaks, ascending.

    Raises
    ------
    ValueError
        If there are no figures, one is not finite, or `classes` is not two to five.

    Examples
    --------
    >>> choose_breaks(range(101)), choose_breaks(range(101), 70)
    ((20.0, 40.0, 60.0, 80.0), (20.0, 40.0, 70.0, 80.0))
    >>> choose_breaks([1, 2, 2, 3, 5, 9, 40, 300, 900])
    (2.0, 5.0, 10.0, 50.0)
    """
    figures = sorted(values)
    if not figures or not all(map(isfinite, [*figures, target or 0.0])):
        raise ValueError("breaks of classes need figures, all of them finite")
    if not 2 <= classes <= MOST:
        raise ValueError(f"found {classes} classes, expected two to {MOST}")
    low, high = figures[0], figures[-1]
    aim = float(target) if target is not None and low < target <= high else None
    if low == high:
        return (low,)
    regular = _best(_regular(low, high, aim, classes - 1), figures)
    if _evenness(regular, figures) >= EVEN_ENOUGH * log(min(classes, len(set(figures)))):
        return regular
    return _best([regular, *_irregular(low, high, aim, classes - 1)], figures)


def _best(tried: Iterable[tuple[float, ...]], figures: Sequence[float]) -> tuple[float, ...]:
    """Return the breaks that fill the classes most evenly, the first of equals."""
    return max(tried, key=lambda breaks: round(_evenness(breaks, figures), 6))


def _evenness(breaks: Sequence[float], figures: Sequence[float]) -> float:
    """Return the entropy of the shares of figures in each class."""
    shares = [
        count / len(figures) for count in Counter(classify(x, breaks) for x in figures).values()
    ]
    return -sum(share * log(share) for share in shares)


def _regular(low: float, high: float, aim: float | None, count: int) -> list[tuple[float, ...]]:
    """Return runs of up to `count` multiples of a round step between the ends."""
    power = 10.0 ** floor(log10(high - low))
    found: list[tuple[float, ...]] = []
    for step in (part * power * scale for scale in (1, 0.1) for part in reversed(ROUND)):
        inside = _multiples(low, high, step)
        runs = [inside[at : at + count] for at in range(max(1, len(inside) - count + 1))]
        # Longer rows of multiples are tried with smaller steps only while there are few runs.
        if inside and len(inside) <= 4 * count:
            found += [_with(aim, run, count) for run in runs]
    return found


def _multiples(low: float, high: float, step: float) -> tuple[float, ...]:
    """Return the multiples of a step above the lower end, up to the upper one."""
    first, last = floor(low / step + 1e-9) + 1, floor(high / step + 1e-9)
    return tuple(round(number * step, 12) for number in range(first, last + 1))


def _with(aim: float | None, run: tuple[float, ...], count: int) -> tuple[float, ...]:
    """Return breaks with the target: beside them, or in place of the nearest."""
    if aim is None or aim in run:
        return run
    if len(run) < count:
        return tuple(sorted((*run, aim)))
    nearest = min(run, key=lambda value: abs(value - aim))
    return tuple(sorted({aim, *run} - {nearest}))


def _irregular(low: float, high: float, aim: float | None, count: int) -> list[tuple[float, ...]]:
    """Return choices of round numbers, which stand closer where figures are smaller."""
    largest = max(abs(low), abs(high))
    rounds = {
        sign * part * 10.0 ** (floor(log10(largest)) - power)
        for sign in (1, -1)
        for power in range(4)
        for part in (1, 2, 5)
    } | {0.0}
    inside = sorted(round(value, 12) for value in rounds if low < value <= high)
    chosen = list(combinations(inside, min(count, len(inside))))
    return [_with(aim, each, count) for each in chosen if each]


def classify(value: float, breaks: Sequence[float]) -> int:
    """Return the class of a value: the number of breaks it reaches, counted from 0.

    Parameters
    ----------
    value : float
        In the unit of the breaks. Never missing.
    breaks : sequence of float
        Lower bounds of the second and further classes, ascending.

    Returns
    -------
    int
        0 to ``len(breaks)``.

    Examples
    --------
    >>> [classify(score, [60, 70, 80, 90]) for score in (12, 60, 89.9, 90)]
    [0, 1, 3, 4]
    """
    return bisect_right(breaks, value)


def check_breaks(breaks: Sequence[float]) -> None:
    """Refuse breaks of which a map cannot be made.

    Raises
    ------
    ValueError
        If there are none, more than four, or they do not ascend.
    """
    if not 1 <= len(breaks) < MOST or list(breaks) != sorted(set(breaks)):
        raise ValueError(f"breaks: found {list(breaks)}, expected one to four, ascending")


def class_colours(breaks: Sequence[float]) -> tuple[str, ...]:
    """Return a colour of the theme for each class, darkest last.

    Examples
    --------
    >>> class_colours([50])
    ('#2c848c', '#0a5260')
    """
    return STEPS[-len(breaks) - 1 :]


def plain_number(value: float) -> str:
    """Return a number as English writes it, without needless digits.

    Examples
    --------
    >>> plain_number(-1250.5)
    '−1,250.5'
    """
    return f"{value:,.10g}".replace("-", "−")


def class_labels(
    breaks: Sequence[float],
    *,
    number: Callable[[float], str] = plain_number,
    under: str = UNDER,
    between: str = BETWEEN,
    over: str = OVER,
) -> list[str]:
    """Return the words of the legend, lowest class first.

    Parameters
    ----------
    breaks : sequence of float
        Lower bounds as given to the map.
    number : callable
        Writes a number in the reader's language, with its unit if the legend is to have it.
    under, between, over : str
        Words of the first, a middle and the last class in the reader's language, with ``{low}``
        and ``{high}`` where numbers go.

    Returns
    -------
    list of str
        One label more than there are breaks.

    Examples
    --------
    >>> class_labels([60, 70.5])
    ['under 60', '60–70.5', '70.5 and over']
    >>> class_labels([60.5], number=lambda value: f"{value}".replace(".", ","), under="dưới {high}")
    ['dưới 60,5', '60,5 and over']
    """
    texts = [number(value) for value in breaks]
    middle = [between.format(low=low, high=high) for low, high in pairwise(texts)]
    return [under.format(high=texts[0]), *middle, over.format(low=texts[-1])]
