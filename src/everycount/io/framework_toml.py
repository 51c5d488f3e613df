"""Write a framework as TOML in a stable order: a heading, the groups, the indicators."""

import json
from collections.abc import Iterator
from dataclasses import MISSING, fields
from typing import Any

from everycount.model.framework import Framework, Group, Source
from everycount.model.indicator import Indicator

HEADING = (
    "# A framework of Everycount: docs/reference/formats.md describes every key.\n"
    "# The key of an indicator identifies it; its code is only what the publisher prints.\n"
)
EXACT = 2.0**53  # up to here a float holds every whole number
APART = ("source", "groups", "indicators")  # tables of their own, below the heading


def framework_toml(framework: Framework) -> bytes:
    """Return the framework as a TOML file in UTF-8; the same framework gives the same bytes.

    Parameters
    ----------
    framework : Framework
        Any framework; what has its default value is left out.

    Returns
    -------
    bytes
        Text that reads back as the same framework.

    Examples
    --------
    >>> core = Framework(id="core", version="1", title={"en": "Core"}, publisher="NSO",
    ...     level="national", valid_from="2024", source=Source(citation="Decision 5"))
    >>> print(framework_toml(core).decode().splitlines()[4])
    title.en = "Core"
    """
    blocks = [
        "\n".join(_lines(framework)),
        "\n".join(("[source]", *_lines(framework.source))),
        *("\n".join(("[[groups]]", *_lines(group))) for group in framework.groups),
        *("\n".join(("[[indicators]]", *_lines(each))) for each in framework.indicators),
    ]
    return (HEADING + "\n\n".join(blocks) + "\n").encode()


def _lines(noun: Framework | Source | Group | Indicator) -> Iterator[str]:
    """Yield a line for each field of a noun that says something, in the order of the fields."""
    for each in fields(noun):
        value = getattr(noun, each.name)
        if isinstance(noun, Framework) and each.name in APART:
            continue
        if isinstance(value, dict):
            yield from (f"{each.name}.{key} = {_value(text)}" for key, text in value.items())
        elif each.default is MISSING or value != each.default:
            yield f"{each.name} = {_value(value)}"


def _value(value: Any) -> str:
    """Return a text, number or list as TOML writes it."""
    if isinstance(value, str):
        # A JSON string is a TOML string, but for DEL, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, tuple):
        return f"[{', '.join(_value(part) for part in value)}]"
    number = float(value)
    return repr(int(number)) if number.is_integer() and abs(number) < EXACT else repr(number)
