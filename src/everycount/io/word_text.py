"""Read the text of a Word file: paragraphs with their numbers, headings and tables in order."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from lxml import etree

from everycount.errors import InputError, Problem
from everycount.io.text_builder import TextBuilder
from everycount.io.word_numbering import Numbering, W
from everycount.policy.languages import columns_of
from everycount.policy.lines import Column

UNPACKED: Final = 300_000_000
"""Bytes of a file once unpacked, at most. A national strategy with many pictures has 50 million;
what a zip bomb unpacks to is counted while it is read, whatever it declares."""
PART: Final = 50_000_000
"""Bytes of one part that is XML, at most; it takes some ten times as much in memory."""
ENTRIES: Final = 10_000
"""Parts of a file, at most."""
WANTED: Final = "a Word document (.docx) that Word opens"
DAMAGED: Final = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError),
    *(ValueError, OSError),
)
"""What reading an archive leads to that is damaged or has a password."""
CHUNK: Final = 1 << 20
SKIPPED: Final = frozenset(
    f"{{{space}}}{name}"
    for space, name in (
        (W[1:-1], "del"),
        (W[1:-1], "moveFrom"),
        (W[1:-1], "instrText"),
        ("http://schemas.openxmlformats.org/markup-compatibility/2006", "Fallback"),
    )
)
"""What Word does not show: text deleted or moved away, field codes, and second versions."""
HEADING: Final = re.compile(r"(?:heading|titre|título|titulo|tiêu đề)\s*([1-6])$", re.IGNORECASE)
TITLES: Final = frozenset(["title", "titre", "título"])


def read_word(content: bytes, subject: str) -> tuple[tuple[str, ...], tuple[Column, ...], str]:
    """Return the text of a Word file, and its lines, headings and tables.

    Parameters
    ----------
    content : bytes
        The file.
    subject : str
        What messages call it.

    Returns
    -------
    tuple of str
        One page: where Word breaks pages the file does not tell.
    tuple of Column
    str
        The title in the properties of the file, mostly none.

    Raises
    ------
    InputError
        If it is damaged, or would unpack to more than is allowed.
    """
    _check_size(content, subject)
    try:
        document = docx.Document(io.BytesIO(content))
        styles = _Styles(document.styles.element)
        reader = _Reader(styles, Numbering(_numbering(document.part)))
        reader.read(document.element.body)
        title = document.core_properties.title or ""
    except (OpcError, etree.LxmlError, LookupError, ValueError, AttributeError) as error:
        problem = Problem("file", f"a damaged Word document ({_first_line(error)})", WANTED)
        raise InputError(subject, [problem]) from error
    text = reader.builder.text
    return (text,), columns_of(reader.builder.elements), " ".join(title.split())


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _check_size(content: bytes, subject: str) -> None:
    """Refuse what is no zip archive, or unpacks to more than is allowed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            problem = _too_much(archive)
    except DAMAGED as error:
        found = f"a damaged archive ({_first_line(error)})"
        raise InputError(subject, [Problem("file", found, WANTED)]) from error
    if problem:
        raise InputError(subject, [problem])


def _too_much(archive: zipfile.ZipFile) -> Problem | None:
    """Return what in an archive is too much, by what it declares and by what it holds."""
    entries = archive.infolist()
    if len(entries) > ENTRIES:
        return Problem("file", f"{len(entries):,} parts", f"at most {ENTRIES:,}")
    left = UNPACKED
    for entry in entries:
        allowed = min(left, PART if entry.filename.endswith((".xml", ".rels")) else UNPACKED)
        size = entry.file_size
        if size <= allowed:
            with archive.open(entry) as part:
                size = sum(map(len, iter(partial(part.read, CHUNK), b"")))
        if size > allowed:
            found = f"{size:,} bytes once unpacked, as a zip bomb has"
            return Problem(f"part {entry.filename}", found, f"at most {allowed:,}")
        left -= size
    return None


def _numbering(part: Any) -> Any:
    """Return the root of the lists of a document, or nothing."""
    for relation in part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.NUMBERING and not relation.is_external:
            return relation.target_part.element
    return None


class _Styles:
    """Levels and lists that the styles of paragraphs give them."""

    def __init__(self, root: Any) -> None:
        self._styles = {style.get(f"{W}styleId"): style for style in root.iterchildren(f"{W}style")}

    def above(self, name: str | None) -> Iterator[Any]:
        """Yield a style and those it is based on."""
        seen = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            based = self._styles[name].find(f"{W}basedOn")
            name = None if based is None else based.get(f"{W}val")

    def level(self, name: str | None) -> int:
        """Return the level of heading of a style; 0 for text."""
        for style in self.above(name):
            outline = style.find(f"{W}pPr/{W}outlineLvl")
            if outline is not None and outline.get(f"{W}val") in tuple("012345"):
                return int(outline.get(f"{W}val")) + 1
            called = style.find(f"{W}name")
            title = "" if called is None else called.get(f"{W}val", "").lower()
            heading = HEADING.match(title)
            if heading or title in TITLES:
                return int(heading[1]) if heading else 1
        return 0


class _Reader:
    """Walks through the body of a document."""

    def __init__(self, styles: _Styles, numbering: Numbering) -> None:
        self.builder = TextBuilder()
        self._styles = styles
        self._numbering = numbering

    def read(self, around: Any) -> None:
        """Read the paragraphs and tables within an element, in their order."""
        for element in around:
            if element.tag == f"{W}p":
                self._read_paragraph(element)
            elif element.tag == f"{W}tbl":
                self._read_table(element)
            elif element.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
                self.read(element)

    def _read_paragraph(self, paragraph: Any) -> None:
        """Read a paragraph, the lines in it apart."""
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        level = self._styles.level(None if style is None else style.get(f"{W}val"))
        for at, line in enumerate(self._text(paragraph).split("\n")):
            self.builder.add_line(line, before="\n" if at else "\n\n", level=0 if at else level)

    def _read_table(self, table: Any) -> None:
        """Read a table; one column, or tables within, is only a frame around paragraphs."""
        rows = list(_within(table, "tr"))
        widest = max((len(list(_within(row, "tc"))) for row in rows), default=0)
        if widest > 1 and table.find(f".//{W}tbl") is None:
            self.builder.add_table([list(self._row(row)) for row in rows])
            return
        for row in rows:
            for cell in _within(row, "tc"):
                self.read(cell)

    def _row(self, row: Any) -> Iterator[str | None]:
        """Yield the text of the cells of a row, nothing for one that goes on from above.

        A wide cell is followed by empty ones.
        """
        for cell in _within(row, "tc"):
            goes_on = cell.find(f"{W}tcPr/{W}vMerge")
            is_below = goes_on is not None and goes_on.get(f"{W}val") != "restart"
            yield None if is_below else "\n".join(map(self._text, cell.iter(f"{W}p")))
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            width = "1" if span is None else span.get(f"{W}val", "1")
            yield from [""] * (min(int(width), 50) - 1)

    def _text(self, paragraph: Any) -> str:
        """Return the words of a paragraph behind its number."""
        words = "".join(_words(paragraph))
        label = self._label(paragraph) if words.strip() else ""
        return f"{label} {words}" if label else words

    def _label(self, paragraph: Any) -> str:
        """Return the number of a paragraph of a list, its own or that of its style."""
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = None if style is None else style.get(f"{W}val")
        for each in (paragraph, *self._styles.above(name)):
            numbered = each.find(f"{W}pPr/{W}numPr/{W}numId")
            if numbered is not None:
                depth = each.find(f"{W}pPr/{W}numPr/{W}ilvl")
                at = "0" if depth is None else depth.get(f"{W}val", "0")
                return self._numbering.label(numbered.get(f"{W}val", ""), int(at))
        return ""


def _within(element: Any, name: str) -> Iterator[Any]:
    """Yield the rows of a table or cells of a row, those in content controls too."""
    for each in element:
        if each.tag == f"{W}{name}":
            yield each
        elif each.tag in (f"{W}sdt", f"{W}sdtContent"):
            yield from _within(each, name)


def _words(element: Any) -> Iterator[str]:
    """Yield the words of an element as Word shows them."""
    for each in element:
        if each.tag == f"{W}t":
            yield each.text or ""
        elif each.tag in (f"{W}tab", f"{W}ptab"):
            yield "\t"
        elif each.tag in (f"{W}br", f"{W}cr"):
            yield "\n"
        elif each.tag == f"{W}noBreakHyphen":
            yield "-"
        elif each.tag not in SKIPPED and each.tag != f"{W}pPr":
            yield from _words(each)
