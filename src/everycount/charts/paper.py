"""Put charts on paper: plain colours for tokens, and typst with the shipped fonts alone."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from everycount.charts.fonts import SANS, fonts_folder
from everycount.charts.render import HATCH
from everycount.charts.theme import MISSING, TOKENS

if TYPE_CHECKING:
    import typst

Format = Literal["pdf", "png", "svg"]

_NAMESPACE: Final = "http://www.w3.org/2000/svg"
_COLOURS: Final = {token: colour for colour, token in TOKENS.items() if colour != MISSING} | {
    "var(--surface-2)": "#f5f7f8",  # the hatching's two, as in the style sheet's light theme
    "var(--c-none)": "#a9b3bc",
}
_HATCH: Final = HATCH[HATCH.index("<defs>") : HATCH.index("</svg>")]


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
    >>> print_svg('<svg xmlns="http://www.w3.org/2000/svg"><rect fill="var(--ink)"/></svg>')[:47]
    b'<svg font-family="Everycount Sans" xmlns="http:'
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
    root.set("font-family", SANS)
    root.set("xmlns", _NAMESPACE)
    return ET.tostring(root, encoding="unicode").encode()


def typeset(
    sources: Mapping[str, bytes],
    *,
    format: Format,
    inputs: Mapping[str, str],
    standards: Sequence[str] = (),
    ppi: float = 144,
    with_typst_fonts: bool = True,
) -> list[bytes]:
    """Return what the file ``main.typ`` makes: pages of a picture, or one document.

    Fonts of the computer are not looked at and no time is written, so that the same sources give
    the same bytes. Nothing is fetched and nothing is left on the disk.

    Parameters
    ----------
    sources : mapping of str to bytes
        Files by the names that ``main.typ`` and its parts give them.
    format : {"pdf", "png", "svg"}
        A document, or one picture a page.
    inputs : mapping of str to str
        What ``sys.inputs`` holds.
    standards : sequence of str
        Standards that a PDF must keep, such as ``ua-1``.
    ppi : float
        Dots an inch of a PNG; an inch is 72 units of the page.
    with_typst_fonts : bool
        Whether the fonts that typst holds may be used beside the shipped ones.

    Returns
    -------
    list of bytes
        One document, or as many pictures as there are pages.

    Raises
    ------
    typst.TypstError
        If the sources do not compile.

    Examples
    --------
    >>> made = typeset({"main.typ": b"#set document(title: [a]); a"}, format="png", inputs={})
    >>> made[0][1:4]
    b'PNG'
    """
    import typst  # noqa: PLC0415 - 84 MB that only paper needs

    # The stubs do not know of sources in memory, nor narrow the standards from a list.
    made: Any = typst.compile(
        cast("Any", dict(sources)),
        format=format,
        font_paths=_fonts(embedded=with_typst_fonts),
        ignore_system_fonts=True,
        sys_inputs=dict(inputs),
        pdf_standards=cast("Any", list(standards)),
        ppi=ppi,
        timestamp=0,
    )
    return list(map(bytes, made)) if isinstance(made, list) else [bytes(made)]


@cache
def _fonts(*, embedded: bool) -> "typst.Fonts":
    """Return the shipped fonts, beside those that typst holds or alone."""
    import typst  # noqa: PLC0415

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=embedded,
        font_paths=[str(fonts_folder())],
    )


def _plain(paint: str) -> str:
    """Return the colour of a token; what is no token is returned as it is."""
    if "var(" not in paint:
        return paint
    if paint not in _COLOURS:
        raise ValueError(f"{paint} is no colour of the theme; charts use those of theme.py")
    return _COLOURS[paint]
