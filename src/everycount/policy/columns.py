"""Find the white between the columns of pages, and part their lines there."""

from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from everycount.policy.lines import Element, Line, Table

GUTTER: Final = 0.7
"""Width of the white between columns, at least, in heights of a line."""
FEWEST: Final = 3
"""Lines that make a column."""
CROSSING: Final = 0.1
"""Lines of a page, as a share, that may cross the white of most pages."""

Cuts = tuple[float, ...]
"""Where columns part, in points from the left edge of the page."""


def cuts_of(lines: Sequence[Line]) -> Cuts:
    """Return where white runs from top to bottom between the columns of a page.

    Parameters
    ----------
    lines : sequence of Line
        Of one page.

    Returns
    -------
    tuple of float
        In points from the left edge, from left to right.
    """
    parts, found = [list(lines)], list[float]()
    while parts:
        part = parts.pop()
        cut = _gutter(part)
        if cut is not None:
            found.append(cut)
            parts.append([line for line in part if line.right <= cut])
            parts.append([line for line in part if line.right > cut])
    return tuple(sorted(found))


def _gutter(lines: Sequence[Line]) -> float | None:
    """Return where the widest white runs from top to bottom between two columns."""
    if len(lines) < 2 * FEWEST:
        return None
    best, cut = GUTTER * median(line.height for line in lines), None
    across = sorted(lines, key=lambda each: each.left)
    reach = across[0].right
    for line in across:
        if line.left - reach > best:
            best, cut = line.left - reach, (line.left + reach) / 2
        reach = max(reach, line.right)
    return cut


def usual_cuts(cuts: Sequence[Cuts]) -> Cuts:
    """Return the cuts that most pages with columns have, where their middle lies.

    Parameters
    ----------
    cuts : sequence of tuple of float
        Those of each page.

    Returns
    -------
    tuple of float
        Empty if fewer than half of the pages have columns.
    """
    several = [own for own in cuts if own]
    if not several or 2 * len(several) < len(cuts):
        return ()
    number = Counter(map(len, several)).most_common(1)[0][0]
    alike = [own for own in several if len(own) == number]
    return tuple(median(own[at] for own in alike) for at in range(number))


def best_cuts(lines: Sequence[Line], own: Cuts, usual: Cuts) -> Cuts:
    """Return the cuts of a page: the usual ones if hardly a line crosses these.

    A title over all columns, or a slip, hides the white between them.

    Parameters
    ----------
    lines : sequence of Line
        Of the page.
    own, usual : tuple of float
        The cuts found on it, and those of most pages.

    Returns
    -------
    tuple of float
    """
    if len(own) >= len(usual):
        return own
    crossing = sum(_crosses(line, cut) for line in lines for cut in usual)
    return usual if crossing <= CROSSING * len(lines) else own


def _crosses(line: Element, cut: float) -> bool:
    """Tell whether a line lies on both sides of a cut by more than a letter or two."""
    slack = 0.0 if isinstance(line, Table) else line.height
    return line.left < cut - slack and line.right > cut + slack


def parted(elements: Sequence[Element], cuts: Cuts) -> list[list[Element]]:
    """Return the columns of a page from left to right, each from top to bottom.

    Parameters
    ----------
    elements : sequence of Line or Table
        Of one page.
    cuts : tuple of float
        Where columns part. What lies over several goes to the first of them.

    Returns
    -------
    list of list of Line or Table
        Columns without anything left out.
    """
    parts: list[list[Element]] = [[] for _ in range(len(cuts) + 1)]
    for each in elements:
        crosses = any(_crosses(each, cut) for cut in cuts)
        parts[bisect(cuts, each.left if crosses else (each.left + each.right) / 2)].append(each)
    return [_in_rows(part) for part in parts if part]


def _in_rows(elements: Sequence[Element]) -> list[Element]:
    """Return elements from top to bottom, those on one height from left to right."""
    down = sorted(elements, key=lambda each: (-each.top, each.left))
    rows = [[down[0]]]
    for above, below in pairwise(down):
        slack = min(above.top - above.bottom, below.top - below.bottom) / 3
        if rows[-1][0].top - below.top <= slack:
            rows[-1].append(below)
        else:
            rows.append([below])
    return [each for row in rows for each in sorted(row, key=lambda one: one.left)]
