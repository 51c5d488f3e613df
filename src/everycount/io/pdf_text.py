"""Read the text of a PDF: every line with where it stands on its page."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes import c_double
from itertools import accumulate
from typing import Any, Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from everycount.errors import InputError, Problem
from everycount.io.pdf_rules import read_rules
from everycount.policy.grid import Rule, continued, grids_of, with_tables
from everycount.policy.lines import Line, Page

WORD: Final = re.compile(r"\S+")
APART: Final = 2.0
"""White between words, in heights of a line, beyond which they stand in different columns."""
MOST: Final = 2_000
"""Pages a document has at most. 200 pages are read in about a second, and the longest national
strategies have some 400; beyond this it is a collection, to be split."""


@contextmanager
def opened(content: bytes, subject: str) -> Iterator[Any]:
    """Open a PDF.

    Parameters
    ----------
    content : bytes
        The file.
    subject : str
        What messages call it.

    Yields
    ------
    PdfDocument

    Raises
    ------
    InputError
        If it is damaged, encrypted, or has no pages or too many.
    """
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise InputError(subject, [_unreadable(error)]) from error
    with document:
        count = len(document)
        if count > MOST:
            problem = Problem("pages", f"{count:,}", f"at most {MOST:,}: split the document")
            raise InputError(subject, [problem])
        yield document


def _unreadable(error: pdfium.PdfiumError) -> Problem:
    """Return what keeps a PDF from being opened."""
    if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
        return Problem("file", "a PDF that asks for a password", "one without")
    return Problem("file", "a damaged PDF, or none", "a PDF that other programs open")


def read_pdf(content: bytes, subject: str) -> tuple[tuple[str, ...], tuple[Page, ...]]:
    """Return the text of each page, and its lines with their places.

    Parameters
    ----------
    content : bytes
        The file.
    subject : str
        What messages call it.

    Returns
    -------
    tuple of str
        The text of each page, as PDFium hands it out.
    tuple of Page
        Lines parted where much white is between words, and those in ruled tables in their cells.

    Raises
    ------
    InputError
        If it is damaged, encrypted, has no pages or too many, or a page is damaged.
    """
    texts, pages = [], []
    with opened(content, subject) as document:
        for number in range(1, len(document) + 1):
            try:
                text, page = _read_page(document[number - 1], number)
            except pdfium.PdfiumError as error:
                problem = Problem(f"page {number}", "a damaged page", "one that can be opened")
                raise InputError(subject, [problem]) from error
            texts.append(text)
            pages.append(page)
    return tuple(texts), continued(pages)


class _Characters:
    """Where the characters of a page stand.

    Parameters
    ----------
    reader : PdfTextPage
        The page.
    text : str
        Its text. What lies beyond the basic plane of Unicode counts twice for PDFium.
    """

    def __init__(self, reader: Any, text: str) -> None:
        widths = (2 if ord(character) > 0xFFFF else 1 for character in text)
        self._places = range(len(text)) if text.isascii() else [0, *accumulate(widths)]
        self._reader = reader.raw
        # A page has some thousand characters to ask for; one place for the answers is enough.
        self._sides = tuple(c_double() for _ in range(4))
        self._loose = raw.FS_RECTF()

    def edges(self, at: int) -> tuple[float, float]:
        """Return the left and right edge of a character."""
        raw.FPDFText_GetCharBox(self._reader, self._places[at], *self._sides)
        return self._sides[0].value, self._sides[1].value

    def height(self, at: int) -> tuple[float, float]:
        """Return the lower and upper edge of a character, the same for all of a font."""
        raw.FPDFText_GetLooseCharBox(self._reader, self._places[at], self._loose)
        return self._loose.bottom, self._loose.top


def _read_page(page: Any, number: int) -> tuple[str, Page]:
    """Return the text of a page and its lines."""
    reader = page.get_textpage()
    text = reader.get_text_range()
    characters = _Characters(reader, text)
    grids = grids_of(read_rules(page))
    down = [rule for grid in grids for rule in grid.down]
    lines, start = list[Line](), 0
    for piece in text.split("\r\n"):
        lines += _lines(characters, piece, start, number=number, down=down)
        start += len(piece) + 2
    width, height = page.get_size()
    whole = Page(number=number, width=width, height=height, lines=tuple(lines))
    return text, with_tables(whole, grids)


def _lines(
    characters: _Characters, piece: str, start: int, *, number: int, down: Sequence[Rule]
) -> Iterator[Line]:
    """Yield a line of text, or its parts if a rule or much white is between them."""
    words = [match.span() for match in WORD.finditer(piece)]
    if not words:
        return
    bottom, top = characters.height(start + words[0][0])
    parts = [words[0]]
    for begin, end in words[1:]:
        left = characters.edges(start + parts[-1][1] - 1)[1]
        right = characters.edges(start + begin)[0]
        is_ruled = down and _is_between(down, left, right, height=(bottom + top) / 2)
        if is_ruled or right - left > APART * (top - bottom):
            parts.append((begin, end))
        else:
            parts[-1] = (parts[-1][0], end)
    for begin, end in parts:
        bottom, top = characters.height(start + begin)
        yield Line(
            text=piece[begin:end],
            page=number,
            start=start + begin,
            end=start + end,
            left=characters.edges(start + begin)[0],
            right=characters.edges(start + end - 1)[1],
            bottom=bottom,
            top=top,
        )


def _is_between(down: Sequence[Rule], left: float, right: float, *, height: float) -> bool:
    """Tell whether a rule goes down between two words."""
    return any(
        left - 1 <= rule.at <= right + 1 and rule.start <= height <= rule.end for rule in down
    )
