"""Number the list paragraphs of a Word file as Word shows them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from everycount.policy.numerals import lettered, roman

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""Namespace of a Word file. ECMA-376 part 1, annex A.1."""
SHAPES: Final[dict[str, Callable[[int], str]]] = {
    "decimal": str,
    "decimalZero": "{:02d}".format,
    "lowerLetter": lettered,
    "upperLetter": lambda number: lettered(number).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
}
"""Kinds of number. ECMA-376 part 1, 17.18.59; bullets and the others are left out."""
START: Final = re.compile(r"[0-9]{1,5}")
"""Where a list may start; Word itself stops at 32,767."""
LEVELS: Final = 9
"""Levels of a list. ECMA-376 part 1, 17.9.6."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """How one level of a list is numbered."""

    start: int
    shape: str
    pattern: str
    """Such as ``%1.%2``."""


class Numbering:
    """The lists of a Word file, and how far each has been counted.

    Parameters
    ----------
    root : lxml element or None
        Of the part ``numbering.xml``.
    """

    def __init__(self, root: Any) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._seen: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def _read(self, root: Any) -> None:
        """Read the lists and their levels."""
        for kind in root.iterchildren(f"{W}abstractNum"):
            self._levels[_value(kind, "abstractNumId", own=True)] = {
                int(_value(level, "ilvl", own=True)): _level(level)
                for level in kind.iterchildren(f"{W}lvl")
            }
        for each in root.iterchildren(f"{W}num"):
            name = _value(each, "numId", own=True)
            self._lists[name] = _value(each, "abstractNumId")
            for override in each.iterchildren(f"{W}lvlOverride"):
                start = _value(override, "startOverride")
                if START.fullmatch(start):
                    self._starts[name, int(_value(override, "ilvl", own=True))] = int(start)

    def label(self, name: str, depth: int) -> str:
        """Count a paragraph of a list and return its number, such as ``2.1`` or ``(a)``.

        Parameters
        ----------
        name : str
            The list, `numId` of the file.
        depth : int
            Its level, from 0.

        Returns
        -------
        str
            Empty for bullets and for lists that the file does not describe.
        """
        kind = self._lists.get(name, "")
        levels = self._levels.get(kind, {})
        if depth not in levels:
            return ""
        counts = self._counts.setdefault(kind, {})
        start = self._starts.get((name, depth))
        if start is not None and (name, depth) not in self._seen:
            counts[depth] = start
        else:
            counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        self._seen.add((name, depth))
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        return self._written(levels, counts, depth)

    @staticmethod
    def _written(levels: dict[int, _Level], counts: dict[int, int], depth: int) -> str:
        """Return a number as the pattern of its level says."""
        if levels[depth].shape not in SHAPES:
            return ""
        text = levels[depth].pattern
        for at in range(LEVELS):
            if at in levels and f"%{at + 1}" in text:
                shape = SHAPES.get(levels[at].shape, str)
                text = text.replace(f"%{at + 1}", shape(counts.get(at, levels[at].start)))
        return text.strip()


def _level(level: Any) -> _Level:
    """Read how a level is numbered."""
    start = _value(level, "start")
    return _Level(
        start=int(start) if START.fullmatch(start) else 1,
        shape=_value(level, "numFmt") or "decimal",
        pattern=_value(level, "lvlText"),
    )


def _value(element: Any, name: str, *, own: bool = False) -> str:
    """Return an attribute of an element, or the value of an element within it."""
    if own:
        return str(element.get(f"{W}{name}", ""))
    within = element.find(f"{W}{name}")
    return "" if within is None else str(within.get(f"{W}val", ""))
