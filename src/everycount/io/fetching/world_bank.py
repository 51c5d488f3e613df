"""World Bank Indicators API, version 2: JSON in pages."""

from collections.abc import Iterator

from everycount.errors import InputError, Problem
from everycount.io.fetching.client import Client
from everycount.io.fetching.json_pages import read_json
from everycount.io.fetching.query import Query

NAME = "world-bank"
TITLE = "World Bank Indicators"
ADDRESS = "https://api.worldbank.org/v2"
FORMAT = "world-bank-json"
PAUSE = 0.2
PRODUCER = "World Bank"
LICENCE = "CC-BY-4.0"
SIZE = 5000
"""Observations of a page; the service allows 32,500 and is quicker with fewer."""


def pages(query: Query, client: Client) -> Iterator[tuple[str, bytes]]:
    """Yield the pages of every series."""
    areas = ";".join(query.areas) or "all"
    years = {}
    if query.first is not None or query.last is not None:
        years["date"] = f"{query.first or 1960}:{query.last or 2100}"
    for code in query.codes:
        address = f"{query.address or ADDRESS}/country/{areas}/indicator/{code}"
        number, last = 1, 1
        while number <= last:
            parameters = {"format": "json", "per_page": str(SIZE), "page": str(number), **years}
            content = client.get(address, parameters)
            name = f"{code}-{number}.json"
            last = _count_pages(read_json(content, subject=name), code)
            yield name, content
            number += 1


def _count_pages(answer: object, code: str) -> int:
    """Return how many pages there are; messages come with status 200."""
    match answer:
        case [{"pages": int() as count}, *_]:
            return count
        case [{"message": [{"value": str() as words}, *_]}, *_]:
            raise InputError("the World Bank", [Problem(f"series {code}", repr(words), "figures")])
    raise InputError("the World Bank", [Problem(f"series {code}", "no pages", "pages of figures")])
