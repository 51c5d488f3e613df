"""Words that messages share: what was found, which names were possible, which is nearest."""

import difflib
from collections.abc import Iterable, Sequence

SHOWN = 12  # choices named in a message before it only counts them
LENGTH = 60  # characters of a cell or value quoted in a message


def quote(value: object) -> str:
    """Return `value` as a message shows it: quoted if it is text, never long, None as nothing.

    Examples
    --------
    >>> quote("n/a"), quote(True), quote([1, 2]), quote({"do": "rank"})
    ("'n/a'", 'true', 'a list of 2', 'a table with do')
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return f"a table with {', '.join(map(str, value))}" if value else "an empty table"
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    written = repr(value) if isinstance(value, str | int | float) else str(value)
    return written if len(written) <= LENGTH else f"{written[:LENGTH]}…"


def nearest(found: str, names: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return the name most like `found`, capitals aside, or None if none is near.

    Names are near from the ratio `cutoff` (0 to 1) of ``difflib.SequenceMatcher``.

    Examples
    --------
    >>> nearest("Yaer", ["area", "year", "sex"])
    'year'
    """
    lowered = {name.lower(): name for name in names}
    near = difflib.get_close_matches(found.lower(), lowered, n=1, cutoff=cutoff)
    return lowered[near[0]] if near else None


def one_of(
    names: Sequence[str], *, found: str | None = None, noun: str = "codes", shown: int = SHOWN
) -> str:
    """Return the choices in words, and the nearest of them to `found` if one is near.

    More than `shown` of them are counted, not listed.

    Examples
    --------
    >>> one_of(["F", "M", "_T"]), one_of(["area", "year"], found="Year")
    ('one of F, M, _T', 'one of area, year; nearest is year')
    """
    if len(names) == 1:
        return names[0]
    few = len(names) <= shown
    listed = ", ".join(names if few else names[:3])
    choices = f"one of {listed}" if few else f"one of {len(names)} {noun} such as {listed}"
    near = nearest(found, names) if found else None
    return f"{choices}; nearest is {near}" if near else choices
