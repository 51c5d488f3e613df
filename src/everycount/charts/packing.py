"""Pack dots of equal size beside a line so that none covers another, always in the same way."""

from collections.abc import Sequence
from math import sqrt
from typing import Final

SMALLEST: Final = 1.6
"""Least radius of a dot in pixels."""
STEP: Final = 0.8
"""By which part dots are made smaller until they fit."""


def packed(places: Sequence[float], *, radius: float) -> list[float]:
    """Return how far each dot is moved across the line it belongs to.

    Dots are set down from left to right, each where it is least far from the line.

    Parameters
    ----------
    places : sequence of float
        Where dots stand along the line, in pixels; this is kept.
    radius : float
        Of a dot, in pixels, with the space about it.

    Returns
    -------
    list of float
        Pixels above (negative) or below the line, in the order of `places`.

    Examples
    --------
    >>> packed([10, 10, 10, 30], radius=2)
    [0.0, -4.0, 4.0, 0.0]
    """
    order = sorted(range(len(places)), key=lambda number: (places[number], number))
    moved = [0.0] * len(places)
    near: list[int] = []
    for number in order:
        x = places[number]
        near = [other for other in near if x - places[other] < 2 * radius]
        taken = []
        for other in near:
            half = sqrt(4 * radius * radius - (x - places[other]) ** 2) - 1e-6
            taken.append((moved[other] - half, moved[other] + half))
        moved[number] = round(_nearest(sorted(taken)), 2)
        near.append(number)
    return moved


def _nearest(taken: Sequence[tuple[float, float]]) -> float:
    """Return what is nearest to zero and not taken, of stretches in order."""
    low, high = 0.0, 0.0
    for start, end in taken:  # upwards from zero, over what joins
        if start < high < end:
            high = end
    for start, end in sorted(taken, key=lambda ends: -ends[1]):
        if start < low < end:
            low = start
    return low if -low <= high else high


def fitted(places: Sequence[float], *, radius: float, height: float) -> tuple[float, list[float]]:
    """Return a radius with which dots stay within a height, and how far each is moved.

    Where even the smallest do not fit, they cover one another in part, so that all stay in place.

    Examples
    --------
    >>> radius, moved = fitted([10] * 9, radius=4, height=40)
    >>> round(radius, 2), max(moved)
    (2.05, 16.4)
    """
    moved = packed(places, radius=radius)
    while _reach(moved, radius) > height / 2 and radius * STEP >= SMALLEST:
        radius *= STEP
        moved = packed(places, radius=radius)
    most = _reach(moved, 0)
    if most + radius > height / 2:
        moved = [round(y * (height / 2 - radius) / most, 2) for y in moved]
    return radius, moved


def _reach(moved: Sequence[float], radius: float) -> float:
    return max(map(abs, moved), default=0.0) + radius
