"""Charts that answer when one points at a mark, for pages on which JavaScript runs."""

import hashlib
import json
from copy import deepcopy
from functools import cache
from importlib.resources import files as resources
from typing import Any, Final

import vl_convert

from everycount.charts.theme import TOKENS, VEGA_LITE, Spec
from everycount.language.catalogue import N_

TIP: Final = "tip"
"""Field of a row that holds what to say of its mark, worded in the reader's language."""
DATED: Final = N_("{name}, {period}: {figure}")
PLAIN: Final = N_("{name}: {figure}")
OPTIONS: Final[Spec] = {
    "actions": False,
    "ast": True,  # expressions are read, not compiled: a strict policy allows no eval
    "defaultStyle": False,
    "mode": "vega-lite",
    "renderer": "svg",
}
"""Options of vega-embed under which it needs neither inline styles nor eval."""


def interactive(spec: Spec, *, dated: str = DATED, plain: str = PLAIN) -> Spec:
    """Return what a page embeds: a chart with tips and the page's colours, and how to embed it.

    A mark is described when its rows have a field `tip`, or `name` and `figure`; others say
    nothing. Colours of the theme become tokens of the page's style sheet, so that the chart
    follows the reader's theme; the page holds `render.HATCH` for missing figures.

    Parameters
    ----------
    spec : dict
        A specification from a function of this package.
    dated, plain : str
        What is said of a figure with a period and of one without, in the reader's language.

    Returns
    -------
    dict
        `spec` and `options`, as the script of `browser_bundle` reads them from the page.

    Raises
    ------
    ValueError
        If the chart has no description.

    Examples
    --------
    >>> bar = {"type": "bar", "color": "#16202c"}
    >>> made = interactive({"description": "One bar.", "mark": bar})
    >>> made["spec"]["mark"]["color"], made["options"]["ast"]
    ('var(--ink)', True)
    """
    if not spec.get("description"):
        raise ValueError("a chart needs a description")
    live = _in_tokens(deepcopy(spec))
    for layer in live.get("layer", [live]):
        _add_tips(layer, dated=dated, plain=plain)
        if _has_tips(layer):
            tip = {"field": TIP, "type": "nominal"}
            layer["encoding"] = layer["encoding"] | {"tooltip": tip, "description": tip}
        elif isinstance(layer.get("mark"), dict):
            # Words and lines are read in the table; only marks that say something are reached.
            layer["mark"] = layer["mark"] | {"tooltip": None, "aria": False}
    return {"spec": live, "options": OPTIONS}


def data_block(spec: Spec) -> str:
    """Return the block of data that a page holds for a chart; it is not run.

    Examples
    --------
    >>> data_block({"description": "</script>", "mark": "bar"})[:68]
    '<script type="application/json" class="chart-spec">{"options":{"acti'
    """
    text = json.dumps(interactive(spec), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # As text of a chart could end the block or open a comment.
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f'<script type="application/json" class="chart-spec">{safe}</script>'


@cache
def browser_bundle() -> bytes:
    """Return the script that draws charts in a browser: Vega, Vega-Lite, vega-embed and ours.

    It is made from what vl-convert holds; nothing is fetched. Made once, for a file that the
    page loads: see `bundle_name`.

    References
    ----------
    vega (BSD-3-Clause), vega-lite (BSD-3-Clause), vega-embed (BSD-3-Clause).
    """
    ours = (resources("everycount.charts") / "interactive.js").read_text(encoding="utf-8")
    made: str = vl_convert.javascript_bundle(ours, VEGA_LITE)
    return made.encode()


def bundle_name() -> str:
    """Return the name of the script's file: with its digest, so that it may be kept for ever.

    Examples
    --------
    >>> bundle_name()[:7], bundle_name()[-3:]
    ('charts.', '.js')
    """
    return f"charts.{hashlib.sha256(browser_bundle()).hexdigest()[:16]}.js"


def _add_tips(layer: Spec, *, dated: str, plain: str) -> None:
    """Give the rows of a layer that name a figure a tip, unless they have one."""
    values = layer.get("data", {}).get("values")
    for row in values if isinstance(values, list) else []:
        if {"name", "figure"} <= row.keys():
            row.setdefault(TIP, (dated if "period" in row else plain).format_map(row))


def _has_tips(layer: Spec) -> bool:
    """Tell whether rows of a layer say something."""
    values = layer.get("data", {}).get("values")
    rows = values if isinstance(values, list) else []
    looked = [field for step in layer.get("transform", []) for field in _looked_up(step)]
    return TIP in looked or any(TIP in row for row in rows)


def _looked_up(step: Spec) -> list[str]:
    """Return the fields that a step takes from another table."""
    fields: list[str] = step.get("from", {}).get("fields", [])
    return fields


def _in_tokens(part: Any) -> Any:
    """Return a part of a specification with tokens for colours."""
    if isinstance(part, dict):
        return {name: _in_tokens(value) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [_in_tokens(value) for value in part]
    return TOKENS.get(part, part) if isinstance(part, str) else part
