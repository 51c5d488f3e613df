"""Write numbers, shares and lists in plain English."""

from collections.abc import Iterable, Sequence


def figure(value: float, digits: int = 4) -> str:
    """Return a number with `digits` significant digits at most, thousands apart.

    Examples
    --------
    >>> [figure(value) for value in (0.94412, 1000.0, 47.0, -1e-7, 1234567.0)]
    ['0.9441', '1,000', '47', '-0.0000001', '1,234,567']
    """
    whole = abs(value) >= 10 ** (digits - 1)
    text = f"{value:,.0f}" if whole else f"{float(f'{value:.{digits}g}'):,.10f}"
    return text if whole else text.rstrip("0").rstrip(".")


def percent(share: float) -> str:
    """Return a share from 0 to 1 in per cent.

    Examples
    --------
    >>> percent(0.75)
    '75 %'
    """
    return f"{figure(100 * share)} %"


def plural(count: int, noun: str) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> plural(1, "area"), plural(1200, "area")
    ('1 area', '1,200 areas')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(names: Iterable[str], most: int) -> str:
    """Return names as a list in words, cut after `most`.

    Examples
    --------
    >>> listed(["4a", "8c"], 4), listed("abcdef", 3)
    ('4a and 8c', 'a, b, c and 3 more')
    """
    known = list(names)
    # A list cut before its last name would be no shorter.
    if len(known) > most + 1:
        return f"{', '.join(known[:most])} and {len(known) - most} more"
    return both(known)


def both(names: Sequence[str]) -> str:
    """Return names with commas between them, and the word "and" before the last.

    Examples
    --------
    >>> both(["Norway", "Finland", "Denmark"])
    'Norway, Finland and Denmark'
    """
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def label(column: str) -> str:
    """Return the name of a column as the head of a table.

    Examples
    --------
    >>> label("EurAsia_group"), label("region")
    ('EurAsia group', 'Region')
    """
    words = column.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
