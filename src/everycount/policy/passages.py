"""Find the numbered passages of a document: parts, chapters, articles, clauses and points."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final

from everycount.model.document import Kind, Passage
from everycount.policy.enumerations import Item, items_of
from everycount.policy.flow import Flow, words_of
from everycount.policy.heads import (
    LEVELS,
    Head,
    Level,
    find_named,
    in_sequence,
    without_contents,
)
from everycount.policy.outline import find_outline, find_roman
from everycount.policy.rows import rows_of

HEADING: Final = 200
"""Characters of a heading, at most."""
SENTENCE: Final = 60
"""Characters from which what ends in a colon begins a list rather than being a heading."""
PARAGRAPH: Final = re.compile(r"\S.*?(?=\n\s*\n|\n[ \t]*[-–—•*+▪·][ \t]|\Z)", re.DOTALL)
"""What ends at an empty line, or before an item of a list."""
CONTENTS: Final = re.compile(
    r"(?:^|\n)[# \t]*(?:(?:table of )?contents|arrangement of (?:sections|articles)"
    r"|table des? mati[eè]res|sommaire|(?:tabla de )?contenidos?|[ií]ndice|mục lục)[ \t.:]*\s*\Z",
    re.IGNORECASE,
)
"""The heading of a table of contents, in the four languages."""
MARKS: Final = " \t\n.:;–—-|[]"
"""What stands around headings and is no part of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A head with its place among others."""

    head: Head
    end: int
    kind: Kind
    number: str
    parent: str


def find_passages(flow: Flow) -> tuple[Passage, ...]:
    """Return the numbered passages of a document, in its order.

    Parameters
    ----------
    flow : Flow
        Its running text.

    Returns
    -------
    tuple of Passage
        What comes before the first number, and documents without numbers, as paragraphs. Rows
        of tables follow the passage they stand in. Each number stands once: the second time
        that a document uses ``3``, as in an annex, it becomes ``3~2``, and what is within it
        ``3~2.1``. A table of contents is left out.
    """
    lines = _lines(flow.text)
    heads = in_sequence(without_contents(lines))
    first = heads[0].start if heads else len(flow.text)
    found = list(_before(flow, first, _contents(flow.text, lines)))
    for place in _places(heads, len(flow.text)):
        found += _passages_of(flow, place)
    return tuple(_told_apart(found))


def _contents(text: str, lines: Sequence[Head]) -> tuple[tuple[int, int], ...]:
    """Return where the pieces of a table of contents stand, given the lines of a text."""
    kept = without_contents(lines)
    left = lines[: len(lines) - len(kept)]
    named = [any(map(str.isalpha, head.rest)) for head in left if head.level == "article"]
    # Articles without headings are no contents, since those tell nothing.
    if 2 * sum(named) <= len(named):
        return ()
    title = CONTENTS.search(text, 0, left[0].start)
    found = [(title.start(), left[0].start)] if title else []
    first = kept[0].start
    for head, below in zip_longest(left, left[1:]):
        # What is longer than a heading is something else.
        is_near = below is not None and below.start - head.end <= HEADING
        # What stands behind an empty line may be the title of the law.
        gap = text.find("\n\n", head.end, first)
        last = _last_line(text, head, gap if gap > 0 else first)
        found.append((head.start, below.start if is_near else last))
    return tuple(_joined(found))


def _joined(pieces: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield pieces, those that touch as one."""
    start, end = pieces[0]
    for low, high in pieces[1:]:
        if low > end:
            yield start, end
            start = low
        end = high
    yield start, end


def _lines(text: str) -> list[Head]:
    """Return the lines that may begin passages."""
    named = find_named(text)
    outline = find_outline(text)
    if all(head.is_bare for head in named):
        named += find_roman(text)
    # An objective may stand in a list whose numbers are no articles.
    taken = {head.rest_at for head in outline}
    named = [head for head in named if not taken.intersection(range(head.start, head.end + 1))]
    return sorted([*named, *outline], key=lambda one: one.start)


def _places(heads: Sequence[Head], end: int) -> Iterator[Place]:
    """Yield heads with their numbers."""
    above: dict[Level, str] = {}
    has_articles = any(head.level == "article" for head in heads)
    for head, below in zip_longest(heads, heads[1:]):
        outer = LEVELS[: LEVELS.index(head.level)]
        above = {level: number for level, number in above.items() if level in outer}
        parent = next((above[level] for level in reversed(outer) if level in above), "")
        above[head.level] = number = _number(head, parent)
        kind = _kind(head.level, has_articles=has_articles)
        stop = below.start if below else end
        yield Place(head=head, end=stop, kind=kind, number=number, parent=parent)


def _kind(level: Level, *, has_articles: bool) -> Kind:
    """Return the kind of passage that a head begins."""
    if level == "target":
        return "row"
    if level == "objective":
        return "clause" if has_articles else "article"
    return level


def _number(head: Head, parent: str) -> str:
    """Return the number of a passage.

    Articles are counted through a law, and need no chapter before them; in an outline they are
    counted anew in each section.
    """
    is_roman = head.level == "section" and head.code.isalpha()
    if is_roman or (head.level == "article" and not parent.isalpha()):
        return head.code
    own = head.code if head.level == "article" else f"{head.level}-{head.code}"
    return f"{parent}.{own}" if parent else own


def _passages_of(flow: Flow, place: Place) -> Iterator[Passage]:
    """Yield a passage and those that its text numbers."""
    head, end = place.head, place.end
    heading, begin = _heading(flow, place)
    note = flow.notes_within(head.start, max(begin, head.end))
    has_items = head.level in ("article", "objective")
    items = items_of(flow.text, begin, end) if has_items else ()
    own_end = items[0].start if items else end
    yield Passage(
        number=place.number,
        kind=place.kind,
        label=head.label,
        heading=heading or note,
        text=words_of(flow.text[begin:own_end]).lstrip(".:–—- "),
        spans=flow.spans(head.start, own_end),
        parent=place.parent,
    )
    yield from rows_of(flow, head.start, own_end, parent=place.number)
    yield from _items(flow, items, place.number)


def _items(flow: Flow, items: Sequence[Item], number: str) -> Iterator[Passage]:
    """Yield what a passage numbers, each followed by what that numbers."""
    for item in items:
        own = f"{number}.{item.code}"
        yield Passage(
            number=own,
            kind="clause" if item.depth == 0 else "point",
            label=item.label,
            heading="",
            text=words_of(flow.text[item.begin : item.own_end]),
            spans=flow.spans(item.start, item.own_end),
            parent=number,
        )
        yield from rows_of(flow, item.start, item.own_end, parent=own)
        yield from _items(flow, item.items, own)


def _heading(flow: Flow, place: Place) -> tuple[str, int]:
    """Return the heading of a passage and where its text begins."""
    head, end = place.head, place.end
    if head.is_bare and head.start not in flow.levels:
        return "", head.rest_at
    at = _heading_end(flow.text, head, end)
    heading = words_of(flow.text[head.rest_at : at]).strip(MARKS)
    # An article of one paragraph has a text and no heading; an objective may have only a title.
    is_all = head.level == "article" and bool(heading) and not flow.text[at:end].strip()
    is_sentence = len(heading) > SENTENCE and flow.text[:at].endswith(":")
    is_text = is_all or is_sentence or len(heading) > HEADING
    return ("", head.rest_at) if is_text else (heading, at)


def _heading_end(text: str, head: Head, end: int) -> int:
    """Return where the heading of a passage ends."""
    gap = text.find("\n\n", head.end, end)
    block = text[head.rest_at : gap].strip() if gap > 0 else ""
    if 0 < len(block) <= HEADING and block[-1] not in ".:;," and text[gap:end].strip():
        return gap
    return _last_line(text, head, end)


def _last_line(text: str, head: Head, end: int) -> int:
    """Return where the last of the lines ends over which a heading goes."""
    at, lines = head.end, [head.rest]
    for match in re.compile(r"\n+([^\n]+)").finditer(text, at, end):
        if match.start() != at or not _continues(lines, match[1]):
            break
        lines.append(match[1])
        at = match.end()
    return at


def _continues(lines: Sequence[str], following: str) -> bool:
    """Tell whether a heading goes on in the next line."""
    begun = lines[-1].strip(MARKS)
    if not begun:
        return len(lines) == 1
    next_ = following.strip()
    return next_[:1].islower() or (begun.isupper() and next_.isupper())


def _before(flow: Flow, end: int, contents: Sequence[tuple[int, int]]) -> Iterator[Passage]:
    """Yield what stands before the first number, paragraph by paragraph, without the contents."""
    yield from rows_of(flow, 0, 0, parent="")
    starts = [0, *(stop for _, stop in contents)]
    stops = [*(start for start, _ in contents), end]
    blocks = [
        match.span()
        for start, stop in zip(starts, stops, strict=True)
        for match in PARAGRAPH.finditer(flow.text, start, stop)
    ]
    yield from _paragraphs(flow, blocks)
    for start, stop in contents:
        yield from rows_of(flow, start, stop, parent="")


def _paragraphs(flow: Flow, blocks: Sequence[tuple[int, int]]) -> Iterator[Passage]:
    """Yield paragraphs, each under its heading."""
    heading = ""
    for number, (start, stop) in enumerate(blocks, 1):
        words = words_of(flow.text[start:stop])
        if start in flow.levels:
            heading = words
        yield Passage(
            number=f"0.{number}",
            kind="paragraph",
            label="",
            heading=flow.notes_within(start, stop) or ("" if start in flow.levels else heading),
            text=words,
            spans=flow.spans(start, stop),
        )
        yield from rows_of(flow, start, stop, parent=f"0.{number}")


def _told_apart(passages: Sequence[Passage]) -> Iterator[Passage]:
    """Yield passages with numbers that stand once, each within the nearest before it."""
    times = Counter[str]()
    now: dict[str, str] = {}
    for each in passages:
        parent = now.get(each.parent, each.parent)
        number = f"{parent}{each.number.removeprefix(each.parent)}" if parent else each.number
        if not each.number.startswith(f"{each.parent}."):
            number = each.number
        times[number] += 1
        unique = number if times[number] == 1 else f"{number}~{times[number]}"
        now[each.number] = unique
        yield replace(each, number=unique, parent=parent)
