"""What templates of public pages need: places to go, words and numbers in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from everycount.charts.render import HATCH
from everycount.language.language import Language
from everycount_hub.models.wording import wording
from everycount_hub.portal.navigation import FOOT, MAIN

register = template.Library()


@register.simple_tag(takes_context=True)
def portal_nav(context: template.Context) -> str:
    """Put the parts of the portal into `entries` and `foot`, and the hatching into `hatch`."""
    path = context["request"].path
    context["entries"] = [_entry(name, title, path) for name, title in MAIN]
    context["foot"] = [_entry(name, title, path) for name, title in FOOT]
    return ""


@register.simple_tag
def hatch() -> SafeString:
    """Return the hatching of missing figures; a page with charts holds it once."""
    return mark_safe(HATCH)  # noqa: S308 - a constant of ours


@register.filter
def named(names: Mapping[str, str], words: Language) -> str:
    """Return a name by language in the reader's, else in English, else in any."""
    return wording(names, words.code)


@register.filter
def number(value: float | None, words: Language) -> str:
    """Return a number with one decimal at most."""
    return "" if value is None else words.number(value)


@register.filter
def count(value: int | None, words: Language) -> str:
    """Return a whole number, thousands apart."""
    return "" if value is None else words.number(value, decimals=0)


@register.filter
def drawing(svg: str, kind: str) -> SafeString:
    """Return a chart of ours with the class that says for which width it was drawn."""
    return mark_safe(svg.replace('class="chart"', f'class="chart {kind}"', 1))  # noqa: S308


def _entry(name: str, title: object, path: str) -> dict[str, Any]:
    address = reverse(name)
    is_home = name == "portal:home"
    return {
        "address": address,
        "title": title,
        "is_here": path == address if is_home else path.startswith(address),
    }
