"""UN Statistics Division's data service (UNdata): SDMX REST."""

from collections.abc import Iterator
from dataclasses import replace

from everycount.io.fetching import sdmx_rest
from everycount.io.fetching.client import Client
from everycount.io.fetching.query import Query

NAME = "unsd"
TITLE = "UNdata, the UN Statistics Division's SDMX service"
ADDRESS = "https://data.un.org/ws/rest"
FORMAT = ""
PAUSE = 0.5
PRODUCER = "United Nations Statistics Division"
LICENCE = "UN data terms: free reuse with citation"


def pages(query: Query, client: Client) -> Iterator[tuple[str, bytes]]:
    """Yield the answer for every dataflow."""
    yield from sdmx_rest.pages(replace(query, address=query.address or ADDRESS), client)
