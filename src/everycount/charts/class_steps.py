"""Colour figures by class: at most five steps, the darkest the highest, said in words."""

from collections.abc import Sequence
from itertools import pairwise

from everycount.charts import marks
from everycount.charts.scales import Number
from everycount.charts.theme import STEPS


def refuse(breaks: Sequence[float]) -> None:
    """Refuse breaks that do not make two to five classes.

    Raises
    ------
    ValueError
        If they are not one to four ascending figures.

    Examples
    --------
    >>> refuse([10, 30])
    """
    if not 1 <= len(breaks) < len(STEPS) or list(breaks) != sorted(set(breaks)):
        raise ValueError(f"breaks {list(breaks)}: expected one to four, ascending")


def colours(breaks: Sequence[float]) -> list[str]:
    """Return the colour of each class, the ends always the palest and the darkest.

    Examples
    --------
    >>> len(set(colours([10, 20, 30, 40]))), colours([10])
    (5, ['#cfe5e1', '#0a5260'])
    """
    most = len(STEPS) - 1
    return [STEPS[round(number * most / len(breaks))] for number in range(len(breaks) + 1)]


def colour(value: float, breaks: Sequence[float]) -> str:
    """Return the colour of a figure; a break belongs to the class above it.

    Examples
    --------
    >>> colour(10, [10]) == colours([10])[1]
    True
    """
    return colours(breaks)[sum(value >= end for end in breaks)]


def words(
    breaks: Sequence[float], *, number: Number, below: str, between: str, above: str
) -> list[str]:
    """Return the classes in words, from the lowest to the highest.

    Examples
    --------
    >>> words([10, 20], number=str, below="<{high}", between="{low}-<{high}", above="{low}+")
    ['<10', '10-<20', '20+']
    """
    told = [number(end) for end in breaks]
    inner = [between.format(low=low, high=high) for low, high in pairwise(told)]
    return [below.format(high=told[0]), *inner, above.format(low=told[-1])]


def keys(
    breaks: Sequence[float], *, number: Number, below: str, between: str, above: str
) -> list[marks.Key]:
    """Return a square of each class with its words.

    Examples
    --------
    >>> len(keys([10], number=str, below="<{high}", between="", above="{low}+"))
    2
    """
    told = words(breaks, number=number, below=below, between=between, above=above)
    return [
        marks.Key(words=said, shape="square", colour=step, size=130)
        for said, step in zip(told, colours(breaks), strict=True)
    ]
