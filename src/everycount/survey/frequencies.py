"""Say a share as so many of so many people, which more readers understand than a percentage."""

from math import floor
from typing import Final

LEAST: Final = 3.5
"""People of so many that a frequency counts at least, so that rounding moves it by a seventh at
most: 4 of 1,000, and not 0 of 100."""
NEARLY: Final = 1e-9
"""Shares closer than this to 0 or 1 are none or all; an estimate is not exact to more."""


def natural_frequency(share: float, *, denominator: int | None = None) -> str:
    """Return a share as so many of so many, with a denominator that suits its size.

    Parameters
    ----------
    share : float
        From 0 to 1.
    denominator : int, optional
        The denominator to use, where two frequencies shall be compared. Else 100, 1,000 and so on,
        the first that counts 4 people or more on either side.

    Returns
    -------
    str
        "none", "1 in 200", "4 of 1,000", "88 of 100" or "all".

    Raises
    ------
    ValueError
        If the share is not from 0 to 1.

    References
    ----------
    Gigerenzer, G. and Hoffrage, U. (1995), How to improve Bayesian reasoning without instruction:
    frequency formats, Psychological Review 102, 684-704.

    Examples
    --------
    >>> [natural_frequency(share) for share in (0, 0.004, 0.005, 0.027, 0.881, 0.9996)]
    ['none', '4 of 1,000', '1 in 200', '27 of 1,000', '88 of 100', '9,996 of 10,000']
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share of {share}: expected 0 to 1")
    if share < NEARLY or share > 1 - NEARLY:
        return "none" if share < 0.5 else "all"
    people = denominator or _denominator(share)
    count = floor(share * people + 0.5)
    if denominator is None:
        while people > 100 and count % 10 == 0:
            count, people = count // 10, people // 10
        each = people // count
        if people % count == 0 and each >= 100 and f"{each}".rstrip("0") in {"1", "2", "5"}:
            return f"1 in {each:,}"
    return f"{count:,} of {people:,}"


def _denominator(share: float) -> int:
    """Return the first power of ten that counts people enough on either side."""
    people = 100
    while min(share, 1 - share) * people < LEAST:
        people *= 10
    return people


def common_denominator(one: float, other: float) -> int | None:
    """Return one denominator for two shares that are both small, or both large; else None.

    Examples
    --------
    >>> common_denominator(0.004, 0.06), common_denominator(0.004, 0.9)
    (1000, None)
    """
    are_small = min(one, other) > NEARLY and max(one, other) < 0.1
    are_large = min(one, other) > 0.9 and max(one, other) < 1 - NEARLY
    if not (are_small or are_large):
        return None
    return max(_denominator(share) for share in (one, other))
