"""The look of every chart: colours by meaning, each with its token on a page, and the config."""

from typing import Any, Final

Spec = dict[str, Any]
"""A Vega-Lite specification."""

VEGA_LITE: Final = "6.1"
SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"

INK: Final = "#16202c"
MUTED: Final = "#515d6b"
LINE: Final = "#d9dfe5"
SURFACE: Final = "#ffffff"
TRACK: Final = "#c9d1d9"
FOCUS: Final = "#00696f"
SECOND: Final = "#9c3d2c"
OTHER: Final = "#69747f"
WOMEN: Final = "#5b2a86"
MEN: Final = "#a35f00"
TOTAL: Final = "#3f4d5c"
MISSING: Final = "#e8ebee"
THIRD: Final = "#2a5fa5"
BAND: Final = "#f4e4b4"
"""The target band of an axis, drawn under the marks."""
BAND_INK: Final = "#6d5200"
"""Words inside the target band."""
ON_TARGET: Final = "#d9a400"
"""The class of a map that is on target."""
STEPS: Final = ("#cfe5e1", "#a9d5cf", "#69b1b0", "#2c848c", "#0a5260")
"""Five classes from low to high."""

TOKENS: Final = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    LINE: "var(--line)",
    SURFACE: "var(--surface)",
    TRACK: "var(--c-track)",
    FOCUS: "var(--c-1)",
    SECOND: "var(--c-2)",
    OTHER: "var(--c-other)",
    WOMEN: "var(--c-women)",
    MEN: "var(--c-men)",
    TOTAL: "var(--c-total)",
    THIRD: "var(--c-3)",
    BAND: "var(--c-band)",
    BAND_INK: "var(--c-band-ink)",
    ON_TARGET: "var(--q-band)",
    MISSING: "url(#hatch)",
    **{colour: f"var(--q-{number})" for number, colour in enumerate(STEPS, start=1)},
}
"""What stands for each colour on a page, so that a chart follows the reader's theme."""

CONFIG: Final[Spec] = {
    "background": None,
    "font": "sans-serif",
    "padding": 0,
    "view": {"stroke": None},
    "legend": {"disable": True},
    "axis": {
        "domain": False,
        "ticks": False,
        "gridColor": LINE,
        "labelColor": MUTED,
        "titleColor": MUTED,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelPadding": 6,
        "labelLimit": 0,
        "labelOverlap": False,
        "titleLimit": 0,
    },
    "text": {"fontSize": 12, "color": INK, "limit": 0},
    "bar": {"color": FOCUS},
    "circle": {"opacity": 1},
    "point": {"filled": True, "opacity": 1},
}


def frame(*, description: str, width: int, height: int, margins: tuple[int, int, int, int]) -> Spec:
    """Return the outside of a chart: its size is said, never measured.

    A chart that is sized by the text in it differs with the fonts of the computer; here the
    same figures give the same bytes everywhere.

    Parameters
    ----------
    description : str
        What, range and extremes in a sentence, for a reader who cannot see the chart.
    width, height : int
        Size of the drawing in CSS pixels, without margins.
    margins : tuple of int
        Top, right, bottom and left margin in CSS pixels.

    Returns
    -------
    dict
        The start of a Vega-Lite specification.

    Raises
    ------
    ValueError
        If `description` is empty.

    Examples
    --------
    >>> frame(description="One bar.", width=10, height=5, margins=(0, 0, 0, 0))["autosize"]
    {'type': 'none'}
    """
    if not description.strip():
        raise ValueError("a chart needs a description")
    top, right, bottom, left = margins
    return {
        "$schema": SCHEMA,
        "description": description,
        "width": width,
        "height": height,
        "autosize": {"type": "none"},
        "padding": {"top": top, "right": right, "bottom": bottom, "left": left},
        "config": CONFIG,
    }
