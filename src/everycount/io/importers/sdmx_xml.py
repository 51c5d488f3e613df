"""Feed XML to a reader piece by piece. Nothing outside the file is ever fetched or expanded."""

import re
import zlib
from collections.abc import Iterator
from typing import Any, Protocol

from lxml import etree

from everycount.errors import InputError, Problem
from everycount.io.importers.source import Source
from everycount.io.sdmx_names import NAMESPACE

PIECE = 1 << 20
"""Bytes that are read at a time."""
DEEPEST = 64
"""Elements inside one another. No message of SDMX comes near; a hostile file may nest millions."""
HTML = re.compile(rb"\s*(?:<!doctype\s+html|<html|<!--.*?-->\s*<html)", re.IGNORECASE | re.DOTALL)
WEB_PAGE = ("a page of the web (HTML)", "data; the service may have answered with an error")
ROOT = re.compile(r"<(?:(?P<prefix>[\w.\-]+):)?(?P<name>[A-Za-z]\w*)(?P<rest>[^<>]*)>?", re.DOTALL)


class XmlReader(Protocol):
    """What takes the elements of a file, in their order."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""

    def end(self, tag: str) -> None:
        """Take the end of an element."""

    def data(self, text: str) -> None:
        """Take text."""


class _RefusedError(Exception):
    """A file holds what no message of SDMX has."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(found)
        self.found, self.expected = found, expected


class _Guard:
    """Passes elements on, and stops where a file would be dangerous."""

    def __init__(self, reader: XmlReader) -> None:
        self._start, self._end, self.data = reader.start, reader.end, reader.data
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _RefusedError(f"more than {DEEPEST} elements inside one another", "fewer")
        self._start(tag, attributes)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._end(tag)

    def doctype(self, name: str, *_: object) -> None:
        if name.lower() == "html":
            raise _RefusedError(*WEB_PAGE)
        # Entities of a DTD can be made to grow without end, or to name files of this computer.
        raise _RefusedError("a document type declaration (DTD)", "a message without one")

    def close(self) -> None:
        """Do nothing: the reader has seen everything."""


def root_of(head: bytes) -> tuple[str, tuple[int, int] | None] | None:
    """Return the name of the first element and the version of SDMX, as far as bytes show them.

    Parameters
    ----------
    head : bytes
        The beginning of a file.

    Returns
    -------
    tuple of str and (int, int) or None, or None
        None if the bytes are no XML.

    Examples
    --------
    >>> root_of(b'<m:Structure xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message">')
    ('Structure', (2, 1))
    """
    wide = head[:2] in {b"\xff\xfe", b"\xfe\xff"}
    text = head.decode("utf-16" if wide else "utf-8-sig", errors="replace")
    plain = re.sub(r"<!--.*?-->|<\?.*?\?>", "", text, flags=re.DOTALL).lstrip()
    found = ROOT.match(plain)
    if found is None:
        return None
    names = NAMESPACE.findall(found["rest"])
    version = next(((int(major), int(minor)) for major, minor in names), None)
    return found["name"], version


def feed(source: Source, reader: XmlReader) -> Iterator[None]:
    """Feed a file to a reader, with a pause after each piece.

    Parameters
    ----------
    source : Source
        XML in any encoding that it declares.
    reader : XmlReader
        What takes the elements.

    Yields
    ------
    None
        After each piece, so that what was read can be taken away.

    Raises
    ------
    InputError
        With line and column if the file is not well-formed, cut short, empty, HTML, in another
        encoding than it says, or has a document type declaration.
    """
    begin = source.head(1 << 12)
    if HTML.match(begin.removeprefix(b"\xef\xbb\xbf")):
        raise InputError(source.name, [Problem("line 1", *WEB_PAGE)])
    if not begin.strip():
        raise InputError(source.name, [Problem("file", "nothing", "a message in SDMX-ML")])
    guard: Any = _Guard(reader)
    parser = etree.XMLParser(
        target=guard, resolve_entities="internal", no_network=True, load_dtd=False
    )
    is_whole = False
    try:
        with source.open() as opened:
            while piece := opened.read(PIECE):
                parser.feed(piece)
                yield
        is_whole = True
        parser.close()
    except etree.XMLSyntaxError as error:
        raise InputError(source.name, [_explain(error, is_whole=is_whole)]) from error
    except _RefusedError as error:
        raise InputError(source.name, [Problem("file", error.found, error.expected)]) from error
    except (EOFError, OSError, zlib.error) as error:
        raise source.damaged() from error


def _explain(error: etree.XMLSyntaxError, *, is_whole: bool) -> Problem:
    """Return what the parser met, in words; `is_whole` if it had been given everything."""
    line, column = error.position
    said = str(error.msg).split(", line ")[0].strip()
    where = f"line {line}, column {column}"
    if is_whole:
        return Problem(where, "the end of the file", "the rest of the message")
    if "Resource limit" in said or "Huge" in said:
        return Problem(where, "a text of more than ten million characters", "shorter ones")
    if "encoding" in said.lower():
        return Problem(where, f"bytes of another encoding ({said})", "the encoding it declares")
    return Problem(where, said, "well-formed XML")
