"""Read text and Markdown: lines as they are in the file, headings and tables of Markdown told."""

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from everycount.errors import InputError, Problem
from everycount.policy.invisible import own_words
from everycount.policy.languages import columns_of
from everycount.policy.layout import without_heads
from everycount.policy.lines import Cell, Column, Element, Line, Page, Separator, Table

MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks, the longer first. The Unicode Standard, 23.8."""
CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f]")
"""Characters that text does not hold; tab, line and page breaks it does."""
MOST: Final = 10_000_000
"""Characters of a text at most: 2,000 pages of 5,000 characters, as for PDF."""
LINE: Final = 12.0
"""Height given to a line of text that has page breaks but no places, in points."""
TITLE: Final = re.compile(r"(?P<marks>#{1,6})[ \t]+(?P<title>.*?)[ \t]*#*[ \t]*$")
UNDERLINE: Final = re.compile(r"[ \t]{0,3}(=+|-+)[ \t]*$")
ROW: Final = re.compile(r"[ \t]*\|.*\|[ \t]*$")
RULE: Final = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
EMPHASIS: Final = re.compile(r"\*\*|__|`|(?<=\])\([^)\s]{0,500}\)")
"""Marks of Markdown that are no words: bold, code, and the address of a link."""


def decode(content: bytes, subject: str) -> str:
    """Return the text that bytes hold.

    Parameters
    ----------
    content : bytes
        With a byte order mark, in UTF-8, or in Windows-1252.
    subject : str
        What messages call the file.

    Returns
    -------
    str
        Without the mark; line breaks as they are.

    Raises
    ------
    InputError
        If it is no text, or too long.

    Examples
    --------
    >>> decode("l’égalité".encode("cp1252"), "law.txt")
    'l’égalité'
    """
    text = _decoded(content, subject)
    found = CONTROL.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        told = f"the control character 0x{ord(found[0]):02X}, as files that are no text have"
        raise InputError(subject, [Problem(f"line {line}", told, "text in UTF-8")])
    if len(text) > MOST:
        problem = Problem("file", f"{len(text):,} characters", f"at most {MOST:,}: split the text")
        raise InputError(subject, [problem])
    return text


def _decoded(content: bytes, subject: str) -> str:
    """Return bytes as text, by their mark or else the likeliest way."""
    mark, name = next((each for each in MARKS if content.startswith(each[0])), (b"", "utf-8"))
    try:
        return content.removeprefix(mark).decode(name)
    except UnicodeDecodeError as error:
        if not mark:
            return _western(content, subject)
        found = f"bytes that are not {name.upper()}, which the first bytes of the file announce"
        problem = Problem(f"byte {len(mark) + error.start + 1}", found, "text in UTF-8")
        raise InputError(subject, [problem]) from error


def _western(content: bytes, subject: str) -> str:
    """Return bytes as Windows-1252."""
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        byte = f"0x{content[error.start]:02X}, which no text in UTF-8 or Windows-1252 has there"
        problem = Problem(f"byte {error.start + 1}", byte, "text in UTF-8")
        raise InputError(subject, [problem]) from error


def read_text(content: bytes, subject: str) -> tuple[tuple[str, ...], tuple[Column, ...]]:
    """Return the pages of a text, parted by form feeds, and its lines.

    Parameters
    ----------
    content : bytes
        The file.
    subject : str
        What messages call it.

    Returns
    -------
    tuple of str
        The text of each page.
    tuple of Column
        Running heads and numbers of pages are left out if there are several pages.

    Raises
    ------
    InputError
        If it is no text, or too long.
    """
    texts = tuple(decode(content, subject).split("\f"))
    pages = [_page(text, number) for number, text in enumerate(texts, 1)]
    kept = without_heads(pages) if len(pages) > 1 else tuple(pages)
    return texts, columns_of([line for page in kept for line in page.lines])


def _page(text: str, number: int) -> Page:
    """Return the lines of a page, with heights as if they were printed under one another."""
    height = LINE * (text.count("\n") + 1)
    lines, at, end = list[Line](), 0, 0
    for line in _lines(text, number):
        at += text.count("\n", end, line.start)
        end = line.start
        lines.append(replace(line, top=height - LINE * at, bottom=height - LINE * (at + 1)))
    return Page(number=number, width=0.0, height=height, lines=tuple(lines))


def _lines(text: str, page: int = 1) -> Iterator[Line]:
    """Yield the lines that are not empty, blanks at their ends left out."""
    before: Separator = "\n\n"
    for match in re.finditer(r"[^\r\n]*(?:\r\n|[\r\n]|\Z)", text):
        first, last = own_words(match[0])
        if first < last:
            start, end = match.start() + first, match.start() + last
            yield Line(text=text[start:end], page=page, start=start, end=end, before=before)
        before = "\n" if first < last else "\n\n"


def read_markdown(content: bytes, subject: str) -> tuple[tuple[str, ...], tuple[Column, ...]]:
    """Return the text of a Markdown file, and its lines, headings and tables.

    Parameters
    ----------
    content : bytes
        The file.
    subject : str
        What messages call it.

    Returns
    -------
    tuple of str
        One page: the file as it is.
    tuple of Column

    Raises
    ------
    InputError
        If it is no text, or too long.
    """
    text = decode(content, subject)
    elements: list[Element] = []
    for is_row, group in groupby(_lines(text), key=lambda line: bool(ROW.match(line.text))):
        lines = list(group)
        elements += [_table(lines)] if is_row else _marked(lines)
    return (text,), columns_of(elements)


def _marked(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield lines without the marks of Markdown, headings with their level."""
    waiting: Line | None = None
    for line in lines:
        underline = UNDERLINE.match(line.text)
        title = TITLE.match(line.text)
        if underline and waiting and line.before == "\n":
            waiting = replace(waiting, level=1 if underline[1][0] == "=" else 2, before="\n\n")
        if waiting:
            yield from _pieces(waiting)
        waiting = None if underline else line
        if title:
            part = _part(line, *title.span("title"))
            waiting = replace(part, level=len(title["marks"]), before="\n\n")
    if waiting:
        yield from _pieces(waiting)


def _pieces(line: Line) -> Iterator[Line]:
    """Yield what is between marks of emphasis."""
    at, before = 0, line.before
    for match in [*EMPHASIS.finditer(line.text), None]:
        stop = match.start() if match else len(line.text)
        if stop > at:
            yield replace(_part(line, at, stop), before=before, level=line.level if not at else 0)
            before = ""
        at = match.end() if match else stop


def _part(line: Line, start: int, end: int) -> Line:
    """Return a part of a line."""
    return replace(line, text=line.text[start:end], start=line.start + start, end=line.start + end)


def _table(lines: Sequence[Line]) -> Table:
    """Return the table that lines between bars are."""
    rows = [line for line in lines if not RULE.match(line.text)]
    return Table(page=1, rows=tuple(tuple(_cells(line)) for line in rows))


def _cells(line: Line) -> Iterator[Cell]:
    """Yield what is between the bars of a line."""
    for match in re.finditer(r"(?<=\|)(?:\\\||[^|])*(?=\|)", line.text):
        own = match[0].strip()
        start = match.start() + match[0].index(own)
        yield (_part(line, start, start + len(own)),) if own else ()
