"""Read the text of an HTML page: paragraphs, headings, lists and tables in their order."""

import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from everycount.errors import InputError, Problem
from everycount.io.plain_text import decode
from everycount.io.text_builder import TextBuilder
from everycount.policy.languages import columns_of
from everycount.policy.lines import Column
from everycount.policy.numerals import lettered, roman

INLINE: Final = re.compile(
    r"a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|img|ins|kbd|label|mark|o:p|q|s"
    r"|samp|small|span|strike|strong|sub|sup|time|tt|u|var|wbr"
)
"""Elements that go on in the line they stand in. HTML Living Standard, 4.5 and 15.3.1."""
SILENT: Final = re.compile(
    r"|head|script|style|noscript|template|iframe|object|svg|math|nav|button|select|textarea"
)
"""Elements whose words are no part of the text, or lead elsewhere; comments have no name."""
BREAK: Final = re.compile(r"br")
HEADING: Final = re.compile(r"h([1-6])$")
DECLARED: Final = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
"""How a page names its encoding, in its first 1024 bytes. HTML Living Standard, 13.2.3.2."""
SIGN_IN: Final = 2_000
"""Letters below which a page that asks for a password is nothing but that."""

COUNT: Final = re.compile(r"[0-9]{1,4}")
"""A number that a page may count from or to; a longer one is an attack, or a slip."""
WIDEST: Final = 50
"""Rows or columns that a cell goes over, at most."""


def read_html(content: bytes, subject: str) -> tuple[tuple[str, ...], tuple[Column, ...], str]:
    """Return the text of an HTML page, and its lines, headings and tables.

    Entities that a page defines itself are not looked up, nor is anything it refers to.

    Parameters
    ----------
    content : bytes
        The file.
    subject : str
        What messages call it.

    Returns
    -------
    tuple of str
        One page: the words in the order of the file.
    tuple of Column
    str
        The title; empty if it has none.

    Raises
    ------
    InputError
        If it has no words, or is a page that asks to sign in.
    """
    text = _declared(content) or decode(content, subject)
    root = _root(text, subject)
    builder = TextBuilder()
    _Reader(builder).read(root)
    asks = root.xpath("//input[translate(@type, 'PASWORD', 'pasword') = 'password']")
    if asks and len(builder.text) < SIGN_IN:
        problem = Problem("page", "one that asks to sign in", "the document behind it")
        raise InputError(subject, [problem])
    title = " ".join("".join(root.xpath("string(//title)")).split())
    return (builder.text,), columns_of(builder.elements), title


def _root(text: str, subject: str) -> Any:
    """Return the outermost element of a page."""
    # Without huge_tree, whatever is nested 256 deep would be left out without a word.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True)
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if any(each.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for each in parser.error_log):
        problem = Problem("page", "elements nested more than 2,048 deep", "a page for readers")
        raise InputError(subject, [problem])
    if root is None:
        raise InputError(subject, [Problem("page", "no text in it", "the text of a document")])
    return root


def _declared(content: bytes) -> str:
    """Return the text in the encoding that the page names; nothing if it is not in that."""
    found = DECLARED.search(content[:1024])
    if not found or content[:1] in b"\xef\xff\xfe":
        return ""
    try:
        return content.decode(found[1].decode("ascii"))
    except (LookupError, UnicodeDecodeError):
        return ""


class _Reader:
    """Walks through a page, gathering words until a block ends."""

    def __init__(self, builder: TextBuilder) -> None:
        self.builder = builder
        self.words: list[str] = []
        self.level = 0
        self.is_broken = False
        # How far the lists have been counted.
        self.items: dict[Any, int] = {}

    def read(self, root: Any) -> None:
        """Read the words of an element and of all in it."""
        # Pages may be nested more deeply than Python calls functions.
        stack: list[Iterator[tuple[str, Any]]] = [iter([("start", root)])]
        while stack:
            step = next(stack[-1], None)
            if step is None:
                stack.pop()
            elif step[0] == "start":
                stack.append(self._begin(step[1]))
            else:
                self._end(step[1])

    def _begin(self, element: Any) -> Iterator[tuple[str, Any]]:
        """Begin an element; return what is to come in it."""
        name = element.tag if isinstance(element.tag, str) else ""
        if SILENT.fullmatch(name):
            return iter([("end", element)])
        if name == "table" and _is_data(element):
            self._flush()
            self.builder.add_table(_grid(element))
            return iter([("end", element)])
        if BREAK.fullmatch(name):
            self._flush()
            self.is_broken = True
        elif not INLINE.fullmatch(name):
            self._flush()
            heading = HEADING.match(name)
            self.level = int(heading[1]) if heading else self.level
        self.words += [self._label(element) if name == "li" else "", element.text or ""]
        return iter([*(("start", child) for child in element), ("end", element)])

    def _label(self, item: Any) -> str:
        """Return the number that browsers show before an item of a numbered list."""
        around = item.getparent()
        if around.tag != "ol":
            return ""
        first = around.get("start", "1")
        start = int(first) if COUNT.fullmatch(first) else 1
        number = self.items[around] = self.items.get(around, start - 1) + 1
        kind = around.get("type", "1")
        if kind in ("a", "A"):
            return f"{lettered(number)}) "
        return f"{roman(number)}) " if kind in ("i", "I") else f"{number}. "

    def _end(self, element: Any) -> None:
        """End an element, and go on with what follows it."""
        name = element.tag if isinstance(element.tag, str) else ""
        if not any(kind.fullmatch(name) for kind in (INLINE, SILENT, BREAK)):
            self._flush()
            self.level = 0
        self.words.append(element.tail or "")

    def _flush(self) -> None:
        """Make a line of the words so far."""
        line = " ".join("".join(self.words).split())
        self.words = []
        if line:
            if self.is_broken:
                self.builder.add_line(line, before="\n", level=self.level)
            else:
                self.builder.add_line(line, level=self.level)
            self.is_broken = False


def _is_data(table: Any) -> bool:
    """Tell whether a table holds data: two columns and rows or more, and no table within."""
    rows = _grid(table)
    is_plain = not table.xpath(".//table | .//p[3] | .//h1 | .//h2 | .//h3")
    return is_plain and len(rows) > 1 and max(map(len, rows)) > 1


def _grid(table: Any) -> list[list[str | None]]:
    """Return the text of the cells of a table, nothing for those that go on from above.

    A wide cell is followed by empty ones.
    """
    found: list[list[str | None]] = []
    # Rows for which a cell that began above still goes on, by column.
    left: dict[int, int] = {}
    for row in table.iter("tr"):
        cells: list[str | None] = []
        for cell in row.iterchildren("td", "th"):
            while left.get(len(cells), 0):
                left[len(cells)] -= 1
                cells.append(None)
            left[len(cells)] = _number(cell, "rowspan") - 1
            cells.append(" ".join("".join(cell.itertext()).split()))
            cells += [""] * (_number(cell, "colspan") - 1)
        while left.get(len(cells), 0):
            left[len(cells)] -= 1
            cells.append(None)
        found.append(cells)
    return found


def _number(cell: Any, name: str) -> int:
    """Return over how many rows or columns a cell goes."""
    given = cell.get(name, "1")
    return min(max(int(given), 1), WIDEST) if COUNT.fullmatch(given) else 1
