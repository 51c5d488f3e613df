"""Days and moments, written one way on every page of the workbench: never to be misread, in UTC."""

from datetime import UTC, date, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from everycount.language.language import language

register = template.Library()


@register.filter
def day(when: date | None) -> str:
    """Return a day in words, such as 23 November 2026; empty without one.

    Examples
    --------
    >>> day(date(2026, 11, 23)), day(None)
    ('23 November 2026', '')
    """
    return language(get_language() or "en").date(_day(when)) if when else ""


@register.filter
def moment(when: datetime | None) -> str:
    """Return a moment in words, such as 23 November 2026, 01:06 UTC; empty without one."""
    if not when:
        return ""
    return _("{day}, {time} UTC").format(day=day(when), time=f"{when.astimezone(UTC):%H:%M}")


@register.filter
def day_short(when: date | None) -> SafeString | str:
    """Return a day as tables have it, such as 2026-11-23; empty without one."""
    return _marked(when, f"{_day(when):%Y-%m-%d}") if when else ""


@register.filter
def moment_short(when: datetime | None) -> SafeString | str:
    """Return a moment as tables have it, such as 2026-11-23 01:06 UTC; empty without one."""
    return _marked(when, f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC") if when else ""


def _day(when: date) -> date:
    """Return the day of a moment in UTC."""
    return when.astimezone(UTC).date() if isinstance(when, datetime) else when


def _marked(when: date, text: str) -> SafeString:
    """Return what a table shows: from left to right, in one line, readable by programs."""
    mark = when.astimezone(UTC).isoformat() if isinstance(when, datetime) else when.isoformat()
    return format_html('<time class="nowrap" dir="ltr" datetime="{}">{}</time>', mark, text)
