"""Reading and changing the addresses in a page, with every other byte left as it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape

TAG = re.compile(
    r"<([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[^\s=>\"'/]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?|\s|/)*)>"
)
"""A start tag and its attributes; a sign > may stand within quotes."""
ATTRIBUTE = re.compile(r"([^\s=>\"'/]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+)))?")
RAW = re.compile(r"(<(script|style|textarea)\b[^>]*>)(.*?)(</\2\s*>)", re.DOTALL | re.IGNORECASE)
"""Elements in which nothing is a tag."""
ADDRESSES = ("href", "src", "action", "data-search")
"""Attributes that hold an address, in the pages of the portal."""
CSS_ADDRESS = re.compile(r"url\(\s*[\"']?(?!data:|#)([^\"')\s]+)[\"']?\s*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A start tag of a page."""

    start: int
    end: int
    name: str
    attributes: dict[str, str | None]
    """With their values; None where an attribute has none."""

    def text(self) -> str:
        """Return the tag as it is written."""
        parts = [
            name if value is None else f'{name}="{escape(value)}"'
            for name, value in self.attributes.items()
        ]
        return f"<{' '.join([self.name, *parts])}>"


def tags_of(page: str) -> Iterator[Tag]:
    """Yield the start tags of a page, but for those in scripts, styles and text fields.

    Examples
    --------
    >>> [each.attributes for each in tags_of('<a href="/en/?a=1&amp;b=2" hidden>x</a>')]
    [{'href': '/en/?a=1&b=2', 'hidden': None}]
    """
    hidden = [match.span(3) for match in RAW.finditer(page)]
    at = 0
    for match in TAG.finditer(page):
        while at < len(hidden) and hidden[at][1] <= match.start():
            at += 1
        if at < len(hidden) and hidden[at][0] <= match.start():
            continue
        attributes = {
            name: None if "=" not in whole else unescape(double or single or bare or "")
            for whole, name, double, single, bare in (
                (each[0], each[1], each[2], each[3], each[4])
                for each in ATTRIBUTE.finditer(match[2])
            )
        }
        yield Tag(start=match.start(), end=match.end(), name=match[1], attributes=attributes)


def ids_of(page: str) -> set[str]:
    """Return the names of the places in a page that a link can lead to."""
    return {each.attributes["id"] or "" for each in tags_of(page) if "id" in each.attributes}
