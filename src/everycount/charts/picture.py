"""A chart with its title, source and licence as one picture: what a journalist pastes."""

import json
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from importlib.resources import files as resources
from typing import Final
from warnings import warn

from everycount.charts.fonts import FAMILIES, BoxesWarning, boxes_message, missing_glyphs
from everycount.charts.paper import Format, print_svg, typeset
from everycount.charts.render import svg
from everycount.charts.theme import INK, MISSING, MUTED, Spec
from everycount.charts.wrapping import isolated

CARDS: Final = {"landscape": (1200, 630), "square": (1080, 1080)}
"""Sizes in pixels of the pictures that social media show beside a link, and alone. Open Graph
images are asked for at 1.91 to 1."""
MARGIN: Final = 24
"""Around a chart of its own size, in CSS pixels."""
SCALE: Final = 2
"""Pixels of a PNG for each CSS pixel, for screens of today and for print."""
NO_ROOM: Final = "the words leave no room"
LAY_OUT: Final = 720
"""Width in CSS pixels at which the words have their plain size; cards scale with theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """The words in a picture, in the reader's language."""

    title: str
    """What one sees: the finding, with its year."""
    subtitle: str = ""
    """Unit, area and years."""
    source: str
    """Producer, series, year of the copy."""
    licence: str = ""
    notes: tuple[str, ...] = ()
    """Such as the note on boundaries."""
    legend: tuple[tuple[str, str], ...] = ()
    """Colour of the theme and words of each class; charts that hold their own key need none."""
    language: str = "en"

    def __post_init__(self) -> None:
        """Refuse a picture that says not what it is or where it comes from."""
        if not self.title.strip() or not self.source.strip():
            raise ValueError("a picture needs a title and a source")

    @property
    def text(self) -> str:
        """All its words."""
        entries = (words for _, words in self.legend)
        return "".join(
            (self.title, self.subtitle, self.source, self.licence, *self.notes, *entries)
        )


def picture(
    spec: Spec,
    caption: Caption,
    *,
    format: Format = "png",
    size: tuple[int, int] | None = None,
) -> bytes:
    """Return a chart with its words as a picture in plain colours on white.

    The fonts are those shipped with the library, and words are set from right to left where their
    language is. The same arguments give the same bytes on every computer.

    Parameters
    ----------
    spec : dict
        A specification from a function of this package.
    caption : Caption
        What stands around it.
    format : {"png", "pdf", "svg"}
        PDF is tagged (PDF/UA-1); letters of an SVG are outlines, so that it needs no font.
    size : tuple of int, optional
        Width and height in pixels, such as those of `CARDS`: the chart is scaled into what the
        words leave. If left out, the chart keeps its size and the picture takes what it needs,
        a PNG with two pixels for each of CSS.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    ValueError
        If the words leave no room for the chart.

    Warns
    -----
    BoxesWarning
        If the fonts lack letters; a PDF then does not claim PDF/UA.

    Examples
    --------
    >>> from everycount.charts.ranking import ranking
    >>> chart = ranking([("Norway", 93.9)], description="Norway scores 93.9.")
    >>> made = picture(chart, Caption(title="Norway leads", source="Own figures"))
    >>> made[1:4]
    b'PNG'
    """
    drawn = svg(spec)
    missing = missing_glyphs(caption.text + _words(drawn))
    if missing:
        warn(boxes_message(missing, subject=caption.title), BoxesWarning, stacklevel=2)
    width, height = size or (spec_width(drawn) + 2 * MARGIN, 0)
    unit = width / LAY_OUT if size else 1.0
    data = {
        "alt": spec["description"],
        "title": caption.title,
        "subtitle": caption.subtitle,
        "foot": [*caption.notes, caption.source, caption.licence],
        "legend": [
            {"colour": "" if colour == MISSING else colour, "words": isolated(words)}
            for colour, words in caption.legend
        ],
        "width": width,
        "height": height,
        "unit": unit,
        "margin": MARGIN,
        "fonts": FAMILIES,
        "ink": INK,
        "muted": MUTED,
    }
    sources = {
        "main.typ": (resources("everycount.charts") / "picture.typ").read_bytes(),
        "chart.svg": print_svg(drawn),
        "hatch.svg": print_svg(_HATCHED),
        "data.json": json.dumps(data, sort_keys=True).encode(),
    }
    try:
        return typeset(
            sources,
            format=format,
            inputs={"lang": caption.language},
            standards=["ua-1"] if format == "pdf" and not missing else [],
            ppi=72 if size else 72 * SCALE,
            with_typst_fonts=False,
        )[0]
    except RuntimeError as error:
        if NO_ROOM not in str(error):
            raise
        message = f"a picture of {width} by {height}: its words leave no room for the chart"
        raise ValueError(message) from error


def spec_width(drawn: str) -> int:
    """Return the width of a drawn chart in CSS pixels."""
    return round(float(ET.fromstring(drawn).attrib["width"]))  # noqa: S314 - written by render


def _words(drawn: str) -> str:
    """Return the words inside a drawn chart."""
    return "".join(ET.fromstring(drawn).itertext())  # noqa: S314 - written by render


_HATCHED: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="14" height="14">'
    '<rect width="14" height="14" fill="url(#hatch)"/></svg>'
)
