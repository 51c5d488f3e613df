"""Print a report as PDF: a template of ours, data that are never markup, same bytes anywhere."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from functools import cache
from importlib.resources import files as resources
from typing import TYPE_CHECKING, Any, Final, cast

from everycount.charts.render import HATCH
from everycount.charts.theme import MISSING, TOKENS

if TYPE_CHECKING:
    import typst

ACCESSIBLE: Final = "ua-1"
"""PDF/UA-1, ISO 14289-1: tags, language, title and alternative texts, checked while printing."""
DATA: Final = "data.json"
FONT: Final = "Libertinus Serif"
"""The text font that typst holds; what it lacks comes from the others typst holds."""

_MAIN: Final = f"""\
#set document(title: sys.inputs.title, date: none)
#set text(font: "{FONT}", lang: sys.inputs.lang)
#include "report.typ"
"""
_NAMESPACE: Final = "http://www.w3.org/2000/svg"
_COLOURS: Final = {token: colour for colour, token in TOKENS.items() if colour != MISSING} | {
    "var(--surface-2)": "#f5f7f8",  # the hatching's two, as in the style sheet's light theme
    "var(--c-none)": "#a9b3bc",
}
_HATCH: Final = HATCH[HATCH.index("<defs>") : HATCH.index("</svg>")]
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
    pictures from `files`, so that no word of anybody becomes markup. The fonts are those that
    come with typst, fonts of the computer are not looked at, and no time is written: the same
    arguments give the same bytes. Nothing is fetched and nothing is left on the disk.

    Letters that those fonts lack (Chinese, Khmer) print as empty boxes, and the file then is
    tagged but does not claim PDF/UA, which forbids boxes. Latin with all Vietnamese letters,
    Greek, Cyrillic, Hebrew and Arabic are there.

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
            return _compile(sources, inputs, [])
    except typst.TypstError as error:
        raise RuntimeError(f"the template does not compile: {error.diagnostic}") from error


def print_svg(svg: str) -> bytes:
    """Return a chart of a page as a picture for paper: plain colours in place of tokens.

    Parameters
    ----------
    svg : str
        A chart as `charts.render.svg` writes it.

    Returns
    -------
    bytes
        A picture that needs no style sheet; hatching is inside.

    Raises
    ------
    ValueError
        If a colour is a token that no theme colour has.

    Examples
    --------
    >>> print_svg('<svg xmlns="http://www.w3.org/2000/svg"><rect fill="var(--ink)"/></svg>')
    b'<svg xmlns="http://www.w3.org/2000/svg"><rect fill="#16202c" /></svg>'
    """
    root = ET.fromstring(svg)  # noqa: S314 - written by charts.render
    hatched = TOKENS[MISSING] in {element.get("fill") for element in root.iter()}
    if hatched:
        root.insert(0, ET.fromstring(_HATCH))  # noqa: S314 - ours
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{_NAMESPACE}}}")
        for name in {"fill", "stroke"} & element.attrib.keys():
            element.set(name, _plain(element.attrib[name]))
        if len(element) == 0 and (opacity := element.attrib.pop("opacity", "")):
            # The same for a single shape, which so needs no group of its own: a third of the bytes.
            element.attrib |= {"fill-opacity": opacity, "stroke-opacity": opacity}
    root.set("xmlns", _NAMESPACE)
    return ET.tostring(root, encoding="unicode").encode()


def read_template(name: str) -> str:
    """Return a template of typst that ships with the library, such as ``audit_page.typ``."""
    place = resources("everycount.reports") / "templates" / name
    return place.read_text(encoding="utf-8")


def _compile(sources: Mapping[str, bytes], inputs: dict[str, str], standards: list[str]) -> bytes:
    """Return the document that ``main.typ`` makes."""
    import typst  # noqa: PLC0415

    # The stubs do not know of sources in memory, nor narrow the standards from a list.
    compiled: Any = typst.compile(
        cast("Any", dict(sources)),
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=inputs,
        pdf_standards=cast("Any", standards),
        timestamp=0,
    )
    return bytes(compiled)


@cache
def _fonts() -> "typst.Fonts":
    """Return the fonts that typst holds, without those of the computer."""
    import typst  # noqa: PLC0415

    return typst.Fonts(include_system_fonts=False)


def _plain(paint: str) -> str:
    """Return the colour of a token; what is no token is returned as it is."""
    if "var(" not in paint:
        return paint
    if paint not in _COLOURS:
        raise ValueError(f"{paint} is no colour of the theme; charts use those of theme.py")
    return _COLOURS[paint]
