"""Draw a specification as SVG that stands in a page and follows the page's theme."""

import json
import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import Final

import vl_convert

from everycount.charts.theme import TOKENS, VEGA_LITE, Spec

HATCH: Final = (
    '<svg class="defs" aria-hidden="true" focusable="false"><defs><pattern id="hatch" width="5" '
    'height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" '
    'height="5" fill="var(--surface-2)"/><path d="M0 0v5" stroke="var(--c-none)" '
    'stroke-width="1.6"/></pattern></defs></svg>'
)
"""The hatching of missing figures; a page with charts holds it once."""

_NAMESPACE = "{http://www.w3.org/2000/svg}"
_PAINTS = ("fill", "stroke")
_LENGTHS = ("d", "transform", "x", "y", "x1", "y1", "x2", "y2", "width", "height")
_KEPT = frozenset(
    {*_PAINTS, *_LENGTHS, "stroke-width", "opacity", "text-anchor", "font-size", "font-weight"}
)
_IDLE = {("transform", "translate(0,0)"), ("opacity", "1"), ("stroke-width", "1")}
"""What changes nothing."""
_CURVED = re.compile("[^MLZ0-9eE.,+-]")
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e[-+]?\d+)?")


def svg(spec: Spec) -> str:
    """Return a chart as an SVG element for a page.

    Colours become the page's tokens, coordinates have one decimal, and style, class, fonts and
    inner ARIA are dropped, so that a strict content security policy lets it pass. Fonts of the
    computer do not matter. Nothing is fetched.

    Parameters
    ----------
    spec : dict
        A specification from a function of this package. Its `description` becomes the label.

    Returns
    -------
    str
        One ``<svg>`` element in CSS pixels; the page needs `HATCH` once.

    Raises
    ------
    ValueError
        If a colour is not in the theme.

    References
    ----------
    Everycount design brief, section 5.

    Examples
    --------
    >>> from everycount.charts.ranking import ranking
    >>> svg(ranking([("Norway", 93.9)], description="Norway scores 93.9."))[:46]
    '<svg xmlns="http://www.w3.org/2000/svg" class='
    """
    short, texts = _shortened(spec)
    drawn = vl_convert.vegalite_to_svg(short, vl_version=VEGA_LITE, allowed_base_urls=[])
    root = ET.fromstring(drawn)  # noqa: S314 - written by vl-convert a line above
    width, height = root.attrib["width"], root.attrib["height"]
    label = {"role": "img", "aria-label": spec["description"]}
    clean = ET.Element(
        "svg",
        {"xmlns": _NAMESPACE[1:-1], "class": "chart", "width": width}
        | {"viewBox": f"0 0 {width} {height}"}
        | label,
    )
    for child in root:
        clean.extend(_plain(child))
    for element in clean.iter("text"):
        element.text = texts.get(element.text or "", element.text)
    return ET.tostring(clean, encoding="unicode")


def _shortened(spec: Spec) -> tuple[Spec, dict[str, str]]:
    """Return a chart with short stand-ins for its texts, and the texts by stand-in.

    Vega measures every text, which takes longer than all the rest (7 ms for the name of an
    indicator), and nothing in our charts depends on it.
    """
    layers = spec.get("layer", [])
    if not any(_is_text(layer) for layer in layers):
        return spec, {}
    sign, whole = "~", json.dumps(spec, default=str, ensure_ascii=False)
    while sign in whole:  # so that no other text of the chart is taken for a stand-in
        sign += "~"
    texts: dict[str, str] = {}
    made = []
    for layer in layers:
        if not _is_text(layer):
            made.append(layer)
            continue
        values = []
        for value in layer["data"]["values"]:
            texts[f"{sign}{len(texts)}"] = value["text"]
            values.append(value | {"text": f"{sign}{len(texts) - 1}"})
        made.append(layer | {"data": {"values": values}})
    return spec | {"layer": made}, texts


def _is_text(layer: Spec) -> bool:
    """Tell whether a layer draws the texts that its own rows hold."""
    mark = layer.get("mark")
    kind = mark.get("type") if isinstance(mark, dict) else mark
    field = layer.get("encoding", {}).get("text", {}).get("field")
    return kind == "text" and field == "text" and "values" in layer.get("data", {})


def _plain(element: ET.Element) -> list[ET.Element]:
    """Return an element without what a page does not need; nothing, if it draws nothing."""
    children = [plain for child in element for plain in _plain(child)]
    tag = element.tag.removeprefix(_NAMESPACE)
    attributes = {
        name: _value(name, text)
        for name, text in element.attrib.items()
        if name in _KEPT and (name, text) not in _IDLE
    }
    if "stroke" not in attributes:
        attributes.pop("stroke-width", None)
    if tag == "g" and set(attributes) <= {"fill"}:
        return children  # Vega's groups carry fill="none", which each mark says itself
    if not _draws(tag, attributes, children):
        return []
    plain = ET.Element(tag, attributes)
    plain.text = element.text
    plain.extend(children)
    return [plain]


def _draws(tag: str, attributes: dict[str, str], children: list[ET.Element]) -> bool:
    """Say whether an element leaves ink."""
    if tag == "g":
        return bool(children)
    return any(attributes.get(paint, "none") != "none" for paint in _PAINTS)


def _value(name: str, text: str) -> str:
    """Return an attribute with its colour as a token or its numbers rounded."""
    if name in _PAINTS:
        return _paint(text)
    if name == "d" and not _CURVED.search(text):
        return _steps(text)
    return _NUMBER.sub(_rounded, text) if name in _LENGTHS else text


def _paint(colour: str) -> str:
    """Return the token of a colour."""
    if colour in {"none", "transparent"}:
        return "none"
    if colour not in TOKENS:
        raise ValueError(f"colour {colour} is not in the theme; charts use the names of theme.py")
    return TOKENS[colour]


def _rounded(match: re.Match[str]) -> str:
    """Return a number with one decimal at most, and no minus before zero."""
    return f"{round(float(match[0]), 1) + 0.0:g}"


def _steps(path: str) -> str:
    """Return a path of straight lines as steps from point to point: half as long in bytes.

    Points are put on the grid of one decimal first, so that the steps lose nothing.
    """
    parts = []
    for ring in path.replace("Z", "").split("M")[1:]:
        corners = [
            (round(float(x) * 10), round(float(y) * 10))
            for x, y in (corner.split(",") for corner in ring.split("L"))
        ]
        moves = [
            f"{_tenths(x1 - x0)},{_tenths(y1 - y0)}"
            for (x0, y0), (x1, y1) in pairwise(corners)
            if (x0, y0) != (x1, y1)
        ]
        x, y = corners[0]
        parts.append(f"M{_tenths(x)},{_tenths(y)}" + (f"l{' '.join(moves)}z" if moves else ""))
    return "".join(parts)


def _tenths(number: int) -> str:
    """Return a number of tenths in as few characters as SVG allows."""
    text = f"{number / 10:g}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
