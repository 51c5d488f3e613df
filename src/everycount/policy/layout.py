"""Put the lines of pages in the order in which they are read, running heads left out."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Final

from everycount.policy.columns import best_cuts, cuts_of, parted, usual_cuts
from everycount.policy.heads import HEAD
from everycount.policy.invisible import visible
from everycount.policy.languages import language_of
from everycount.policy.lines import Column, Element, Line, Page, Table, text_of
from everycount.policy.margins import with_notes

EDGE: Final = 0.12
"""Share of the height of a page at its top and bottom in which running heads stand."""
OFTEN: Final = 0.3
"""Share of pages on which a line at the edge stands that is a running head."""
STEP: Final = 5
"""Acts that number their lines number every fifth."""
PARAGRAPH: Final = 1.35
"""Steps from line to line, in usual ones, beyond which a new paragraph begins."""


def read_columns(pages: Sequence[Page]) -> tuple[Column, ...]:
    """Return the columns of all pages in the order of reading, with notes beside their lines.

    Running heads, numbers of pages and of lines, and what lies outside of a page are left out.

    Parameters
    ----------
    pages : sequence of Page
        All pages of a document.

    Returns
    -------
    tuple of Column
    """
    kept = without_heads(pages)
    cuts = [cuts_of(page.lines) for page in kept]
    usual = usual_cuts(cuts)
    found = []
    for page, own in zip(kept, cuts, strict=True):
        parts = parted([*page.lines, *page.tables], best_cuts(page.lines, own, usual))
        found += [_column(page.number, part) for part in with_notes(parts)]
    return tuple(found)


def in_reading_order(columns: Sequence[Column]) -> tuple[Element, ...]:
    """Return the lines and tables of columns, a sentence that goes on in the next one unbroken.

    Parameters
    ----------
    columns : sequence of Column
        In the order of reading.

    Returns
    -------
    tuple of Line or Table
    """
    found: list[Element] = []
    for column in columns:
        first, last = column.elements[0], found[-1] if found else None
        rest = column.elements[1:]
        if isinstance(first, Line) and isinstance(last, Line) and _goes_on(last, first):
            first = replace(first, before="\n")
        found += [first, *rest]
    return tuple(found)


def _goes_on(last: Line, first: Line) -> bool:
    """Tell whether a sentence goes on from one column to the next."""
    return first.text[:1].islower() and last.text[-1:] not in tuple(".;:!?")


def without_heads(pages: Sequence[Page]) -> tuple[Page, ...]:
    """Return pages without running heads, numbers of pages and lines, and what lies outside.

    Parameters
    ----------
    pages : sequence of Page
        All pages of a document.

    Returns
    -------
    tuple of Page
    """
    inside = [_inside(page) for page in pages]
    heads = _running_heads(inside)
    return tuple(replace(page, lines=tuple(_without(page, heads))) for page in inside)


def _inside(page: Page) -> Page:
    """Return a page without what lies outside of it, and without numbers of lines."""
    kept = [
        line
        for line in page.lines
        if line.left >= -1 and line.right <= page.width + 1 and line.bottom >= -1
    ]
    numbers = [line for line in kept if re.fullmatch(r"[0-9]{1,3}", line.text)]
    counted = {
        line.start for line in numbers if int(line.text) % STEP == 0 and _is_row(line, numbers)
    }
    return replace(page, lines=tuple(line for line in kept if line.start not in counted))


def _is_row(line: Line, numbers: Sequence[Line]) -> bool:
    """Tell whether a number stands under or over the one that is a step more or less."""
    return any(
        abs(int(line.text) - int(other.text)) == STEP
        and abs(line.right - other.right) < line.height
        for other in numbers
    )


def _running_heads(pages: Sequence[Page]) -> frozenset[str]:
    """Return lines, numbers apart, that stand at the edge of many pages."""
    counts = Counter(key for page in pages for key in {_key(line) for line in _at_edges(page)})
    return frozenset(key for key, times in counts.items() if times >= max(2, OFTEN * len(pages)))


def _key(line: Line) -> str:
    """Return a line without what changes from page to page, unless it begins an article."""
    words = visible(line.text)
    text = words if HEAD.match(words) else re.sub(r"\d+", "#", words)
    return " ".join(text.lower().split())


def _at_edges(page: Page) -> list[Line]:
    """Return the lines that stand at the top or bottom of a page."""
    margin = EDGE * page.height
    top = max((line.top for line in page.lines), default=0.0)
    # The first lines stand at the edge whatever the margins of the page are.
    return [
        line
        for line in page.lines
        if line.bottom > min(page.height - margin, top - 3 * line.height) or line.top < margin
    ]


def _without(page: Page, heads: frozenset[str]) -> Iterator[Line]:
    """Yield the lines of a page that are no running head and not its number."""
    edge = {line.start for line in _at_edges(page)}
    for line in page.lines:
        is_head = line.start in edge and (
            visible(line.text).strip().isdigit() or _key(line) in heads
        )
        if not is_head:
            yield line


def _column(page: int, part: Sequence[Element]) -> Column:
    """Return a column, its lines with what separates them."""
    steps = [above.top - below.top for above, below in pairwise(part)]
    down = [step for step in steps if step > 0]
    usual = median(down) if down else 0.0
    elements: list[Element] = [part[0]]
    for step, (above, below) in zip(steps, pairwise(part), strict=True):
        if isinstance(below, Table):
            elements.append(below)
        elif _is_beside(above, below):
            elements.append(replace(below, before=" "))
        else:
            is_apart = step > PARAGRAPH * usual or isinstance(above, Table)
            elements.append(replace(below, before="\n\n" if is_apart else "\n"))
    if isinstance(part[0], Line):
        elements[0] = replace(part[0], before="\n\n")
    return Column(
        page=page,
        elements=tuple(elements),
        language=language_of(text_of(part)),
        left=min(each.left for each in part),
    )


def _is_beside(above: Element, below: Line) -> bool:
    """Tell whether a line stands behind another on one height."""
    return isinstance(above, Line) and abs(above.top - below.top) < below.height / 3
