"""Fill a template of a page: one HTML file with its style sheet inside, every text escaped."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from everycount.charts.render import HATCH


def html_bytes(template: str, values: Mapping[str, object]) -> bytes:
    """Return a page that needs nothing else: the style sheet is inside, and there is no script.

    Parameters
    ----------
    template : str
        Name of a template in ``reports/templates``. Besides `values` it has `style`,
        `style_digest` for the content security policy, `hatch`, and the filter `drawing`.
    values : mapping
        What the template shows; texts are escaped.

    Returns
    -------
    bytes
        HTML in UTF-8.
    """
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    given = {"style": Markup(style), "style_digest": digest, "hatch": Markup(HATCH)}  # noqa: S704
    return _environment().get_template(template).render(**values, **given).encode()


@cache
def _style() -> str:
    """Return the one style sheet."""
    return (files("everycount") / "assets" / "everycount.css").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    """Return the templates, which escape every text."""
    environment = Environment(
        loader=PackageLoader("everycount.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["drawing"] = _drawing
    return environment


def _drawing(svg: str, kind: str) -> Markup:
    """Return a chart as it is, with the class that says for which width it was drawn."""
    return Markup(svg.replace('class="chart"', f'class="chart {kind}"', 1))  # noqa: S704
