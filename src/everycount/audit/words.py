"""Words that several findings of an audit are put in."""

from collections.abc import Sequence

SHOWN = 8
"""Units or nodes that a sentence names before it counts the rest; the tables have all."""


def listed(items: Sequence[str]) -> str:
    """Return a list in words, of a long one the beginning.

    Examples
    --------
    >>> listed(["VNM"]), listed(["VNM", "THA", "LAO"])
    ('VNM', 'VNM, THA and LAO')
    """
    names = list(items)
    if len(names) > SHOWN:
        return f"{', '.join(names[:SHOWN])} and {len(names) - SHOWN} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def percent(share: float) -> str:
    """Return a share as a percentage, with a decimal only where a whole number would mislead.

    Examples
    --------
    >>> percent(0.95), percent(0.004), percent(0.9996)
    ('95 %', '0.4 %', '99.9 %')
    """
    hundredths = 100 * share
    if hundredths in (0.0, 100.0) or 1 <= hundredths <= 99:
        return f"{hundredths:.0f} %"
    return f"{min(99.9, max(0.1, hundredths)):.1f} %"


def counted(count: int, noun: str) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> counted(1, "build"), counted(12000, "build")
    ('1 build', '12,000 builds')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def places_in_words(places: int) -> str:
    """Return a number of places."""
    return counted(places, "place")
