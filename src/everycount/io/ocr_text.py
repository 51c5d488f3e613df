"""Recognise the text of pages that are pictures; needs the extra ``ocr`` and Tesseract."""

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, Final

from everycount.errors import Unavailable
from everycount.policy.lines import Line, Page

DPI: Final = 300
"""Points per inch at which pages are drawn, as Tesseract's manual asks: "Improving the quality
of the output", Rescaling."""
POINTS: Final = 72
"""Points of a PDF in an inch. ISO 32000-2, 8.3.2.3."""
LARGEST: Final = 40_000_000
"""Points of a picture, at most, about A2 at 300 to the inch; larger pages are drawn coarser."""
PACKS: Final = {"en": "eng", "fr": "fra", "es": "spa", "vi": "vie"}
"""Names of the languages in Tesseract."""
WORD, LINE = 5, 4
"""Levels in Tesseract's table of what it found."""


def recognise(
    document: Any, numbers: Sequence[int], *, language: str | None = None
) -> dict[int, tuple[str, Page]]:
    """Return the text of pages that are pictures, and its lines with their places.

    Parameters
    ----------
    document : PdfDocument
        An open PDF.
    numbers : sequence of int
        Pages, from 1.
    language : str, optional
        ISO 639-1 code. Left out: all four that can be read, as far as they are installed.

    Returns
    -------
    dict of int to tuple
        By page: its text, and the page. A line in it is a line of a column.

    Raises
    ------
    Unavailable
        If the extra, the program or its data for the language are not installed.
    """
    tesseract = _load()
    packs = _packs(tesseract, language)
    return {
        number: _recognise(tesseract, document[number - 1], number, packs) for number in numbers
    }


def _load() -> Any:
    """Return the module that runs Tesseract."""
    try:
        return import_module("pytesseract")
    except ModuleNotFoundError as error:
        raise Unavailable(
            "recognising text in pictures is not part of this installation: install "
            "everycount[ocr] and the program tesseract (Debian package tesseract-ocr)"
        ) from error


def _packs(tesseract: Any, language: str | None) -> str:
    """Return the names of the languages to recognise, as Tesseract wants them."""
    try:
        installed = set(tesseract.get_languages())
    except tesseract.TesseractNotFoundError as error:
        raise Unavailable(
            "recognising text in pictures needs the program tesseract: install it (Debian "
            "package tesseract-ocr) with the data of its languages"
        ) from error
    wanted = [PACKS[language]] if language in PACKS else list(PACKS.values())
    found = [pack for pack in wanted if pack in installed]
    if not found:
        packages = ", ".join(f"tesseract-ocr-{pack}" for pack in wanted)
        raise Unavailable(
            f"tesseract has no data for {' or '.join(wanted)}: install it (Debian package "
            f"{packages})"
        )
    return "+".join(found)


def _recognise(tesseract: Any, page: Any, number: int, packs: str) -> tuple[str, Page]:
    """Return the text of a page and its lines."""
    width, height = page.get_size()
    scale = min(DPI / POINTS, (LARGEST / (width * height)) ** 0.5)
    picture = page.render(scale=scale).to_pil()
    told = tesseract.image_to_data(
        picture, lang=packs, config=f"--dpi {round(scale * POINTS)}", output_type="dict"
    )
    lines = list(_lines(told, number, scale, height))
    text = "\n".join(line.text for line in lines)
    return text, Page(number=number, width=width, height=height, lines=tuple(lines))


def _lines(
    told: Mapping[str, Sequence[Any]], number: int, scale: float, height: float
) -> Iterator[Line]:
    """Yield the lines that Tesseract found, parted by line breaks in the text of the page."""
    start, words, line = 0, list[str](), 0
    for at, level in enumerate([*told["level"], LINE]):
        if level == WORD and told["text"][at].strip():
            words.append(told["text"][at].strip())
        if level != LINE:
            continue
        if words:
            text = " ".join(words)
            left, top = told["left"][line] / scale, told["top"][line] / scale
            yield Line(
                text=text,
                page=number,
                start=start,
                end=start + len(text),
                left=left,
                right=left + told["width"][line] / scale,
                bottom=height - top - told["height"][line] / scale,
                top=height - top,
            )
            start += len(text) + 1
        words, line = [], at
