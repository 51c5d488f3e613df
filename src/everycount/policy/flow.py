"""The running text of a document, and where each of its characters stands in the file."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from everycount.model.document import Span
from everycount.policy.invisible import HIDDEN, visible, visible_at
from everycount.policy.lines import Element, Line, Table

SOFT: Final = re.compile("[\u00ad\ufffe]\\s*")
"""Hyphens that are only there because a line ends: the soft hyphen, and what PDFium makes of it."""
HYPHEN: Final = re.compile(r"(?P<before>\w?)[-‐]\s*\n\s*(?P<after>\w?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An unbroken piece of the running text."""

    at: int
    page: int
    starts: Sequence[int]
    ends: Sequence[int]
    """Offsets of its characters, and behind them, in the text of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Lines one after another in Unicode NFC, without characters that nobody sees."""

    text: str
    pieces: tuple[Piece, ...]
    notes: Mapping[int, str]
    """What stands in the margin, by the position of the line it is beside."""
    levels: Mapping[int, int]
    """Levels of headings, by position."""
    tables: tuple[tuple[int, Table], ...]
    """Tables, each with the end of the text before it."""
    sources: tuple[str, ...]
    """The text of each page."""

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Return where a piece of the text stands, one span for each unbroken piece."""
        found: list[Span] = []
        words = self.text[start:end].strip()
        if not words:
            return ()
        start = self.text.index(words, start)
        end = start + len(words)
        first = bisect_right(self.pieces, start, key=lambda piece: piece.at) - 1
        for piece in self.pieces[first:]:
            if piece.at >= end:
                break
            low, high = max(start - piece.at, 0), min(end - piece.at, len(piece.starts))
            here = Span(page=piece.page, start=piece.starts[low], end=piece.ends[high - 1])
            self._join(found, here)
        return tuple(found)

    def _join(self, spans: list[Span], here: Span) -> None:
        """Add a span, to the last one if only white space is between them."""
        last = spans[-1] if spans else None
        if last and last.page == here.page and last.end <= here.start:
            between = self.sources[here.page - 1][last.end : here.start]
            if not visible(between).strip():
                spans[-1] = Span(page=here.page, start=last.start, end=here.end)
                return
        spans.append(here)

    def notes_within(self, start: int, end: int) -> str:
        """Return what stands in the margin beside a piece of the text."""
        return words_of(" ".join(note for at, note in self.notes.items() if start <= at < end))

    def tables_within(self, start: int, end: int) -> Iterator[tuple[int, Table]]:
        """Yield the tables behind a character of a piece of the text, with their numbers from 1.

        A piece without characters, at the beginning, has what stands before all text.
        """
        for number, (at, table) in enumerate(self.tables, 1):
            if start < at <= end or start == at == end:
                yield number, table


def flow_of(elements: Sequence[Element], sources: Sequence[str]) -> Flow:
    r"""Return the running text of lines.

    Parameters
    ----------
    elements : sequence of Line or Table
        In the order of reading.
    sources : sequence of str
        The text of each page.

    Returns
    -------
    Flow

    Examples
    --------
    >>> lines = [Line(text="of wo-", page=1, start=2, end=8),
    ...          Line(text="men", page=1, start=10, end=13)]
    >>> flow = flow_of(lines, ["5 of wo-  men"])
    >>> flow.text, flow.spans(0, 10)
    ('of wo-\nmen', (Span(page=1, start=2, end=13),))
    """
    texts: list[str] = []
    pieces: list[Piece] = []
    notes: dict[int, str] = {}
    levels: dict[int, int] = {}
    tables: list[tuple[int, Table]] = []
    length = 0
    for each in elements:
        if isinstance(each, Table):
            tables.append((length, each))
            continue
        text, starts, ends = _composed(each)
        if not text:
            continue
        before = each.before if texts else ""
        texts += [before, text]
        at = length + len(before)
        pieces.append(Piece(at=at, page=each.page, starts=starts, ends=ends))
        if each.note:
            notes[at] = each.note
        if each.level:
            levels[at] = each.level
        length = at + len(text)
    return Flow(
        text="".join(texts),
        pieces=tuple(pieces),
        notes=notes,
        levels=levels,
        tables=tuple(tables),
        sources=tuple(sources),
    )


def _composed(line: Line) -> tuple[str, Sequence[int], Sequence[int]]:
    """Return the text of a line in NFC, with where each character begins and ends in the page."""
    is_plain = line.text.isascii() or not HIDDEN.search(line.text)
    if is_plain and unicodedata.is_normalized("NFC", line.text):
        return line.text, range(line.start, line.end), range(line.start + 1, line.end + 1)
    places = [line.start + at for at in visible_at(line.text)]
    text, starts, ends = "", list[int](), list[int]()
    # A letter and the marks that follow it are one character once composed, or stay together.
    for match in re.finditer(r"(?s).[\u0300-\u036f]*", visible(line.text)):
        letters = unicodedata.normalize("NFC", match[0])
        text += letters
        starts += [places[match.start()]] * len(letters)
        ends += [places[match.end() - 1] + 1] * len(letters)
    return text, starts, ends


def words_of(text: str) -> str:
    r"""Return a piece of text as one line, words that a hyphen breaks joined, in Unicode NFC.

    A hyphen at the end of a line goes if a small letter follows; whether it would stay inside
    the line cannot be known.

    Parameters
    ----------
    text : str
        Lines parted by line breaks.

    Returns
    -------
    str

    Examples
    --------
    >>> words_of("the wo-\nmen  and non-\nEuropean\n")
    'the women and non-European'
    """
    joined = HYPHEN.sub(_joined, SOFT.sub("", visible(text)))
    return unicodedata.normalize("NFC", " ".join(joined.split()))


def _joined(match: re.Match[str]) -> str:
    """Return the letters around a hyphen at the end of a line, with it or without."""
    before, after = match["before"], match["after"]
    if before.isalpha() and after.islower():
        return before + after
    # A dash at the end of a line is a dash, not part of a word.
    return f"{before}-{after}" if before and after else f"{before}- {after}"
