"""Set words in lines that fit: names are wrapped and never cut, keys flow, Arabic is set apart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from unicodedata import bidirectional, category, combining, east_asian_width, normalize

from everycount.charts import marks
from everycount.charts.theme import MUTED, Spec

LEADING: Final = 1.2
"""From line to line, beside the size of the type."""
WIDTHS: Final = (
    (frozenset(" .,:;'’!|iIjl"), 0.3),
    (frozenset('frt()[]-/"*°'), 0.4),
    (frozenset("mwMW%@—…"), 0.93),
)
"""Widths of letters beside the size of the type, in Noto Sans, accents left out; of Latin letters
that are not here, and of digits, 0.6, and of capitals 0.7. Text is never measured, so that the same
figures give the same bytes on every computer."""
LETTER: Final = 0.6
CAPITAL: Final = 0.7
BOLD: Final = 1.07
"""How much wider bold type is; 1.06 in Noto Sans."""
STEP: Final = 2.0
"""Pixels by which lines are made longer until they are few enough."""
APART: Final = 14
"""Pixels between two entries of a key."""

_BREAK: Final = re.compile(r"(?<=[-/–—])")


def room(text: str, *, size: int = 12, bold: bool = False) -> float:
    """Return about how many pixels a text takes, letter by letter; bold takes more.

    Examples
    --------
    >>> [round(room(text, size=10), 1) for text in ("ill", "mum", "nhóm", "NHÓM")]
    [9.0, 24.6, 27.3, 30.3]
    """
    ems = sum(_width(letter) for letter in normalize("NFD", text))
    return ems * size * (BOLD if bold else 1)


@cache
def _width(letter: str) -> float:
    """Return the width of a letter beside the size of the type."""
    if combining(letter) or category(letter) in {"Mn", "Cf"}:
        return 0.0
    if east_asian_width(letter) in "WF":
        return 1.0
    named = next((width for letters, width in WIDTHS if letter in letters), None)
    return named or (CAPITAL if letter.isupper() else LETTER)


def longest_word(text: str, *, size: int = 12, bold: bool = False) -> float:
    """Return the pixels of the longest word of a text, which a column had better have.

    Examples
    --------
    >>> longest_word("in the richest fifth", size=10) == room("richest", size=10)
    True
    """
    return max((room(word, size=size, bold=bold) for word in text.split()), default=0.0)


def height(lines: int, *, size: int = 12) -> float:
    """Return how many pixels lines of text take.

    Examples
    --------
    >>> height(2, size=10)
    24.0
    """
    return lines * size * LEADING


def wrap(text: str, width: float, *, size: int = 12, bold: bool = False) -> list[str]:
    """Return a text in lines of a width: broken at spaces, then at hyphens, at last anywhere.

    Nothing is left out. Lines are about as long as one another, so that no word stands alone. A
    text without words is one empty line.

    Examples
    --------
    >>> wrap("Poorest fifth, rural", 90, size=10)
    ['Poorest', 'fifth, rural']
    """
    lines = _filled(text, width, size=size, bold=bold)
    least = max(
        room(text, size=size, bold=bold) / len(lines), longest_word(text, size=size, bold=bold)
    )
    while len(lines) > 1 and least < width:
        narrower = _filled(text, least, size=size, bold=bold)
        if len(narrower) == len(lines):
            return narrower
        least += STEP
    return lines


def _filled(text: str, width: float, *, size: int, bold: bool) -> list[str]:
    """Return a text in lines, each as full as it can be."""
    lines = [""]
    for word in text.split():
        for number, part in enumerate(_parts(word, width, size=size, bold=bold)):
            gap = " " if lines[-1] and not number else ""
            if not lines[-1] or room(f"{lines[-1]}{gap}{part}", size=size, bold=bold) <= width:
                lines[-1] += gap + part
            else:
                lines.append(part)
    return lines


def _parts(word: str, width: float, *, size: int, bold: bool) -> list[str]:
    """Return a word in parts that fit each, one part if it fits."""
    if room(word, size=size, bold=bold) <= width:
        return [word]
    parts: list[str] = []
    for piece in _BREAK.split(word):
        parts.append("")
        for letter in piece:
            # A mark stays with the letter that it is on.
            is_full = room(parts[-1] + letter, size=size, bold=bold) > width
            if is_full and parts[-1] and not combining(letter):
                parts.append("")
            parts[-1] += letter
    return [part for part in parts if part]


def isolated(text: str) -> str:
    """Return a text of Arabic or Hebrew between marks that keep its order in a chart.

    Charts run from left to right in every language; without the marks a bracket or a full stop at
    the end of such a text would stand at its wrong side.

    References
    ----------
    Unicode Standard Annex 9, section 2.4: explicit directional isolates.

    Examples
    --------
    >>> isolated("rural"), isolated("ريف")[0] == chr(0x2067)
    ('rural', True)
    """
    is_right = any(bidirectional(letter) in {"R", "AL"} for letter in text)
    return f"\u2067{text}\u2069" if is_right else text


def block(lines: Sequence[str], *, x: float, middle: float, size: int = 12) -> list[Spec]:
    """Return the places of lines around a middle, in pixels: x, y and text.

    Examples
    --------
    >>> block(["Poorest", "fifth"], x=4, middle=20, size=10)
    [{'x': 4, 'y': 14.0, 'text': 'Poorest'}, {'x': 4, 'y': 26.0, 'text': 'fifth'}]
    """
    first = middle - height(len(lines) - 1, size=size) / 2
    return [
        {"x": x, "y": round(first + height(number, size=size), 1), "text": isolated(line)}
        for number, line in enumerate(lines)
    ]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Legend:
    """A key in as many lines as it needs, to be put over a drawing."""

    width: float
    entries: tuple[tuple[marks.Key, tuple[str, ...], float, float], ...]
    """Mark, lines of words, and left side and top in pixels."""

    @property
    def height(self) -> int:
        """Pixels from its top to what stands under it."""
        ends = [top + height(len(lines), size=11) for _, lines, _, top in self.entries]
        return round(max(ends)) + 12 if ends else 0

    def layers(self, *, left: float, top: float) -> list[Spec]:
        """Return the key, its corner at a place in pixels."""
        said: list[Spec] = []
        layers = []
        top += 3  # so that tall letters do not touch the edge
        first = height(1, size=11) / 2
        for mark, lines, x, y in self.entries:
            place = {"x": left + x + 8, "y": round(top + y + first, 1)}
            if mark.shape:
                layers.append(marks.marks([place], mark))
            middle = top + y + height(len(lines), size=11) / 2
            said += block(lines, x=left + x + _indent(mark), middle=middle, size=11)
        return [*layers, marks.texts(said, size=11, colour=MUTED)] if said else []


def _indent(key: marks.Key) -> int:
    """Return how many pixels the mark of a key takes; one without a shape has none."""
    return 20 if key.shape else 4


def legend(keys: Sequence[marks.Key], *, width: float) -> Legend:
    """Return a key whose entries stand beside one another while they fit, long ones wrapped.

    A key without a shape is words alone.

    Examples
    --------
    >>> entry = marks.Key(words="bar: 95 % interval", shape="circle")
    >>> legend([entry, entry], width=300).height, legend([entry, entry], width=160).height
    (25, 42)
    """
    entries = []
    x = y = 0.0
    tallest = 1
    for entry in keys:
        lines = wrap(entry.words, width - 24, size=11)
        takes = _indent(entry) + max(room(line, size=11) for line in lines)
        if x and x + takes > width:
            x, y = 0.0, y + height(tallest, size=11) + 4
            tallest = 1
        entries.append((entry, tuple(lines), round(x, 1), round(y, 1)))
        x, tallest = x + takes + APART, max(tallest, len(lines))
    return Legend(width=width, entries=tuple(entries))
