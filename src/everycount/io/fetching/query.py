"""What is asked of a service: series, areas, years."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from everycount.io.fetching.client import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to fetch."""

    codes: tuple[str, ...]
    """Codes of series or indicators; of an SDMX service dataflows, as ``AGENCY,FLOW,VERSION``."""
    areas: tuple[str, ...] = ()
    """Codes of areas as the service has them; all if left out."""
    first: int | None = None
    last: int | None = None
    """Years from and to."""
    key: str = ""
    """Key of an SDMX query, such as ``A..F``; all if left out."""
    address: str = ""
    """Address of the service, where it is not its usual one."""


class Service(Protocol):
    """What a module of this package offers."""

    NAME: str
    TITLE: str
    ADDRESS: str
    """Where the service is; empty where the user must say."""
    FORMAT: str
    """Name of the format of its answers, as `importers.formats` knows it."""
    PAUSE: float
    """Seconds between two requests."""
    PRODUCER: str
    LICENCE: str

    def pages(self, query: Query, client: Client) -> Iterator[tuple[str, bytes]]:
        """Yield the name and content of each page of the answer."""
        ...
