"""Print a report as PDF: a template of ours, data that are never markup, same bytes anywhere."""

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files as resources
from typing import Final
from warnings import warn

from everycount.charts.fonts import FAMILIES, BoxesWarning, boxes_message, missing_glyphs
from everycount.charts.paper import typeset

ACCESSIBLE: Final = "ua-1"
"""PDF/UA-1, ISO 14289-1: tags, language, title and alternative texts, checked while printing."""
DATA: Final = "data.json"
FONTS: Final = ("Libertinus Serif", *FAMILIES)
"""The text font that typst holds; Arabic and charts come from the fonts shipped beside it."""

_FAMILIES: Final = json.dumps(FONTS).replace("[", "(").replace("]", ")")
_MAIN: Final = f"""\
#set document(title: sys.inputs.title, date: none)
#set text(font: {_FAMILIES}, lang: sys.inputs.lang)
#include "report.typ"
"""
_UNPRINTABLE: Final = ("could not be displayed", "disallowed codepoint")
"""What typst says of a character that PDF/UA forbids, or that none of its fonts has."""


def pdf_bytes(
    template: str,
    data: object,
    *,
    title: str,
    files: Mapping[str, bytes] | None = None,
    lang: str = "en",
) -> bytes:
    """Return a report as a tagged PDF (PDF/UA-1).

    The template is markup of ours; it reads the data from the virtual file ``data.json`` and the
    pictures from `files`, so that no word of anybody becomes markup. The fonts are ours and those
    that come with typst, fonts of the computer are not looked at, and no time is written: the
    same arguments give the same bytes. Nothing is fetched and nothing is left on the disk.

    Letters that those fonts lack (Chinese, Khmer) print as empty boxes: a `BoxesWarning` names
    them, and the file then is tagged but does not claim PDF/UA, which forbids boxes. Latin with
    all Vietnamese letters, Greek, Cyrillic, Hebrew and Arabic are there.

    Parameters
    ----------
    template : str
        Markup of typst, from ``reports/templates``.
    data : object
        What JSON can hold: texts, numbers, lists, dictionaries.
    title : str
        Title of the document, as a viewer shows it.
    files : mapping, optional
        Further files by the name that the template gives, such as charts by `print_svg`.
    lang : str
        Language of the text, two or three letters of ISO 639.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    ValueError
        If the title is empty, or a number is not finite.
    RuntimeError
        If the template does not compile: a mistake of ours.

    References
    ----------
    ISO 14289-1:2014 (PDF/UA-1). Decision record 4.

    Examples
    --------
    >>> pdf_bytes('#json("data.json").name', {"name": "Đắk Lắk"}, title="One province")[:5]
    b'%PDF-'
    """
    if not title.strip():
        raise ValueError("a PDF needs a title")
    sources = {
        **(files or {}),
        "main.typ": _MAIN.encode(),
        "report.typ": template.encode(),
        DATA: json.dumps(data, allow_nan=False, sort_keys=True).encode(),
    }
    inputs = {"title": title, "lang": lang}
    import typst  # noqa: PLC0415 - 84 MB that only a PDF needs

    try:
        try:
            return _compile(sources, inputs, [ACCESSIBLE])
        except typst.TypstError as error:
            if not any(words in error.message for words in _UNPRINTABLE):
                raise
            _warn_of_boxes(title, data)
            return _compile(sources, inputs, [])
    except typst.TypstError as error:
        raise RuntimeError(f"the template does not compile: {error.diagnostic}") from error


def read_template(name: str) -> str:
    """Return a template of typst that ships with the library, such as ``audit_page.typ``."""
    place = resources("everycount.reports") / "templates" / name
    return place.read_text(encoding="utf-8")


def _warn_of_boxes(title: str, data: object) -> None:
    """Say which letters of a report print as boxes, if it is letters that a font lacks."""
    missing = missing_glyphs(f"{title}{json.dumps(data, ensure_ascii=False, sort_keys=True)}")
    if missing:
        message = boxes_message(missing, subject=f"the PDF {title!r}")
        warn(message, BoxesWarning, stacklevel=3)


def _compile(
    sources: Mapping[str, bytes], inputs: Mapping[str, str], standards: Sequence[str]
) -> bytes:
    """Return the document that ``main.typ`` makes."""
    return typeset(sources, format="pdf", inputs=inputs, standards=standards)[0]
