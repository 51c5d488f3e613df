"""Place figures between two ends: round numbers, ends that suit lines or bars, logarithms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from typing import Final, Literal

from everycount.charts import wrapping

Number = Callable[[float], str]
"""Words a figure in the language of the page."""

STEPS: Final = (1, 2, 5, 10)
FLAT: Final = 0.1
"""Part of the highest figure that an axis of lines spans at least, so that a flat line looks so."""
ALIKE: Final = 1e-11
"""Figures that differ by less than this part of themselves are taken as equal."""
APART: Final = 10
"""Pixels between two numbers of an axis."""
LOGARITHMIC: Final[tuple[tuple[int, ...], ...]] = ((1, 2, 5), (1, 3), (1,))
"""Leading digits of the numbers of a logarithmic axis, the most numbers first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """An axis: its round numbers, and where it starts and ends in pixels."""

    numbers: tuple[float, ...]
    """From the lower end to the upper."""
    start: float
    """Pixel of the lower end."""
    end: float
    """Pixel of the upper end."""
    kind: Literal["linear", "log"] = "linear"

    @property
    def low(self) -> float:
        """The lower end."""
        return self.numbers[0]

    @property
    def high(self) -> float:
        """The upper end."""
        return self.numbers[-1]

    @property
    def is_cut(self) -> bool:
        """Whether zero is off the axis."""
        return not self.low <= 0 <= self.high

    def place(self, value: float) -> float:
        """Return the pixel of a figure; one beyond an end stands at the end.

        Examples
        --------
        >>> Scale(numbers=(0, 50, 100), start=10, end=30).place(25)
        15.0
        """
        held = min(max(value, self.low), self.high)
        if self.kind == "log":
            start = log10(self.low)
            part = (log10(held) - start) / (log10(self.high) - start)
        else:
            part = held / (self.high - self.low) - self.low / (self.high - self.low)
        return round(self.start + (self.end - self.start) * part, 1) + 0.0


def round_numbers(low: float, high: float, *, count: int = 5) -> tuple[float, ...]:
    """Return about `count` round numbers that hold both ends, however large or small they are.

    Steps are 1, 2 or 5 times a power of ten. Ends that are equal get zero beside them.

    Raises
    ------
    ValueError
        If an end is not finite.

    Examples
    --------
    >>> round_numbers(12, 57, count=4), round_numbers(0, 3e-15, count=3)
    ((0.0, 20.0, 40.0, 60.0), (0.0, 1e-15, 2e-15, 3e-15))
    """
    if not isfinite(high - low):
        raise ValueError(f"an axis from {low} to {high}: expected finite ends")
    if high - low <= ALIKE * max(abs(low), abs(high)):
        low, high = min(low, 0.0), max(high, 0.0)
        high = high if high > low else 1.0
    rough = (high - low) / count
    power = floor(log10(rough))
    part = next(part for part in STEPS if _scaled(part, power) >= rough * 0.999)
    step = _scaled(part, power)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return tuple(_scaled(number * part, power) for number in range(first, last + 1))


def _scaled(number: int, power: int) -> float:
    """Return a number times a power of ten without the error of multiplying."""
    return float(f"{number}e{power}") + 0.0


def for_lines(values: Sequence[float], start: float, end: float, count: int = 5) -> Scale:
    """Return the axis of lines and dots: round ends around the figures, zero where it is near.

    Zero is near if it is no further from the figures than they are from one another.

    Parameters
    ----------
    values : sequence of float
        Finite; an empty sequence gives an axis from 0 to 1.
    start, end : float
        Pixels.
    count : int
        About how many numbers.

    Returns
    -------
    Scale
        Its `is_cut` says whether zero is left out, which a chart has to say.

    Examples
    --------
    >>> for_lines([26.0, 12.3], start=0, end=1).numbers, for_lines([71, 84], start=0, end=1).low
    ((0.0, 10.0, 20.0, 30.0), 70.0)
    """
    low, high = min(values, default=0.0), max(values, default=1.0)
    short = FLAT * max(abs(low), abs(high)) - (high - low)
    if 0 < low <= high - low or 0 > high >= low - high:
        low, high = min(low, 0.0), max(high, 0.0)
    elif high > low and short > 0:
        low, high = low - short / 2, high + short / 2
    return Scale(numbers=round_numbers(low, high, count=count), start=start, end=end)


def for_bars(values: Sequence[float], start: float, end: float, count: int = 5) -> Scale:
    """Return the axis of bars, which always holds zero.

    Examples
    --------
    >>> for_bars([71, 84], start=0, end=1, count=2).numbers
    (0.0, 50.0, 100.0)
    """
    low, high = min([0.0, *values]), max([0.0, *values])
    return Scale(numbers=round_numbers(low, high, count=count), start=start, end=end)


def logarithmic(values: Sequence[float], start: float, end: float, count: int = 5) -> Scale:
    """Return a logarithmic axis with at most about `count` numbers, where so few will do.

    Raises
    ------
    ValueError
        If a figure is not above zero.

    Examples
    --------
    >>> logarithmic([700, 90_000], start=0, end=1).numbers
    (300.0, 1000.0, 3000.0, 10000.0, 30000.0, 100000.0)
    """
    if any(not (isfinite(value) and value > 0) for value in values):
        raise ValueError(f"a logarithmic axis of {min(values)}: expected figures above zero")
    low, high = min(values, default=1.0), max(values, default=10.0)
    found: tuple[float, ...] = ()
    for digits in LOGARITHMIC:
        found = _decades(low, high, digits)
        if len(found) <= count + 1:
            return Scale(numbers=found, start=start, end=end, kind="log")
    every = ceil((len(found) - 1) / count)
    power = round(log10(found[0]))
    numbers = tuple(_scaled(1, power + every * number) for number in range(count + 1))
    kept = [number for number in numbers if number < high]
    return Scale(numbers=numbers[: len(kept) + 1], start=start, end=end, kind="log")


def _decades(low: float, high: float, digits: Sequence[int]) -> tuple[float, ...]:
    """Return numbers with leading digits from the last up to the low end to the first past it."""
    powers = range(floor(log10(low)) - 1, ceil(log10(high)) + 2)
    every = [_scaled(digit, power) for power in powers for digit in digits]
    first = max(k for k, number in enumerate(every) if number <= low * (1 + 1e-9))
    last = min(k for k, number in enumerate(every) if number >= high * (1 - 1e-9))
    return tuple(every[first : max(last, first + 1) + 1])


def fewer(make: Callable[[int], Scale], tick: Number, *, most: int = 6, size: int = 11) -> Scale:
    """Return the axis with the most numbers that stand beside one another without touching.

    Examples
    --------
    >>> wide = fewer(lambda count: for_bars([9], start=0, end=300, count=count), str)
    >>> slim = fewer(lambda count: for_bars([9], start=0, end=60, count=count), str)
    >>> len(wide.numbers), len(slim.numbers)
    (6, 3)
    """
    for count in range(most, 1, -1):
        made = make(count)
        if _has_room(made, tick, size):
            return made
    return make(1)


def _has_room(scale: Scale, tick: Number, size: int) -> bool:
    takes = [wrapping.room(tick(number), size=size) for number in scale.numbers]
    places = [scale.place(number) for number in scale.numbers]
    return all(
        abs(places[k + 1] - places[k]) >= (takes[k] + takes[k + 1]) / 2 + APART
        for k in range(len(takes) - 1)
    )
