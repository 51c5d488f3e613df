"""Read a PDF, recognising the text of pages that are pictures where that is installed."""

from collections.abc import Sequence
from typing import Any, Final

from pypdfium2 import raw

from everycount.errors import InputError, Problem, Unavailable
from everycount.io.ocr_text import recognise
from everycount.io.pdf_text import opened, read_pdf
from everycount.policy.lines import Page

FEW: Final = 20
"""Letters below which a page has no text: a stamp or number over a picture may have some."""
COVER: Final = 0.25
"""Share of a page that a picture of it covers, at least; a logo or a photograph covers less."""
COVERED: Final = 4
"""Pages of text from which a document may have a picture as its first and last page."""


def read_any_pdf(
    content: bytes, subject: str, *, language: str | None = None
) -> tuple[tuple[str, ...], tuple[Page, ...], tuple[int, ...]]:
    """Return the text of each page of a PDF, its lines with their places, and what was recognised.

    Parameters
    ----------
    content : bytes
        The file.
    subject : str
        What messages call it.
    language : str, optional
        ISO 639-1 code of the language in which text is recognised.

    Returns
    -------
    tuple of str
        The text of each page.
    tuple of Page
    tuple of int
        Numbers of the pages whose text was recognised in a picture.

    Raises
    ------
    InputError
        If pages are pictures and recognising is not installed; a cover may be one. And as
        `read_pdf`.
    """
    texts, pages = read_pdf(content, subject)
    bare = [page.number for page in pages if len(texts[page.number - 1].strip()) < FEW]
    if not bare:
        return texts, pages, ()
    with opened(content, subject) as document:
        pictures = [number for number in bare if _is_picture(document[number - 1])]
        if not pictures:
            return texts, pages, ()
        try:
            found = recognise(document, pictures, language=language)
        except Unavailable as error:
            has_covers = len(pages) - len(bare) >= COVERED
            if has_covers and set(pictures) <= {1, len(pages)}:
                return texts, pages, ()
            raise InputError(subject, [_scanned(pictures, len(pages), error)]) from error
    return (
        tuple(found[at][0] if at in found else text for at, text in enumerate(texts, 1)),
        tuple(found[page.number][1] if page.number in found else page for page in pages),
        tuple(pictures),
    )


def _is_picture(page: Any) -> bool:
    """Tell whether a picture covers much of a page."""
    width, height = page.get_size()
    for each in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = each.get_bounds()
        if (right - left) * (top - bottom) >= COVER * width * height:
            return True
    return False


def _scanned(pictures: Sequence[int], count: int, error: Unavailable) -> Problem:
    """Return the problem that pages are pictures."""
    where = f"page {pictures[0]}" if len(pictures) == 1 else f"pages {_listed(pictures)}"
    found = "a picture without text" if len(pictures) == 1 else "pictures without text"
    whole = ", as a scanned document has" if len(pictures) == count else ""
    return Problem(where, f"{found}{whole}", f"text; {error}")


def _listed(numbers: Sequence[int]) -> str:
    """Return numbers in words, runs of them as first-last.

    Examples
    --------
    >>> _listed([1, 2, 3, 7])
    '1-3, 7'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
