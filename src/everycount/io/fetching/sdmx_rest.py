"""Any SDMX REST service, version 2 or 1.5: data as SDMX-CSV, one answer a dataflow."""

from collections.abc import Iterator

from everycount.errors import InputError, NotFound, Problem
from everycount.io.fetching.client import Client
from everycount.io.fetching.query import Query

NAME = "sdmx"
TITLE = "any SDMX REST service"
ADDRESS = ""
FORMAT = ""
PAUSE = 0.5
PRODUCER = ""
LICENCE = ""
ACCEPT = (
    "application/vnd.sdmx.data+csv;version=2.0.0, application/vnd.sdmx.data+csv;version=1.0.0;"
    "q=0.9, application/vnd.sdmx.structurespecificdata+xml;version=2.1;q=0.5, "
    "application/vnd.sdmx.genericdata+xml;version=2.1;q=0.4"
)
"""Media types in order of preference: SDMX REST 2.1 specification, representations."""
OTHER_VERSION = (InputError, NotFound)
"""How a service answers an address of the other version of the standard."""


def pages(query: Query, client: Client) -> Iterator[tuple[str, bytes]]:
    """Yield the answer for every dataflow."""
    if not query.address:
        problem = Problem("address", "nothing", "the address of the service (--address)")
        raise InputError("the SDMX service", [problem])
    for code in query.codes:
        yield f"{code.replace(',', '-')}.sdmx", _fetch(query, code, client)


def _fetch(query: Query, code: str, client: Client) -> bytes:
    """Return the data of a dataflow, by version 2 of the standard or else 1.5."""
    match code.split(","):
        case [flow] if flow:
            agency, version = "*", "*"
        case [agency, flow] if agency and flow:
            version = "*"
        case [agency, flow, version] if agency and flow and version:
            pass
        case _:
            problem = Problem("dataflow", repr(code), "FLOW, AGENCY,FLOW or AGENCY,FLOW,VERSION")
            raise InputError("the SDMX service", [problem])
    base = query.address.rstrip("/")
    newer: dict[str, str] = {}
    limits = [f"ge:{query.first}"] if query.first is not None else []
    limits += [f"le:{query.last}"] if query.last is not None else []
    if limits:
        newer["c[TIME_PERIOD]"] = "+".join(limits)
    if query.areas:
        newer["c[REF_AREA]"] = ",".join(query.areas)
    older: dict[str, str] = {}
    if query.first is not None:
        older["startPeriod"] = str(query.first)
    if query.last is not None:
        older["endPeriod"] = str(query.last)
    address = f"{base}/data/dataflow/{agency}/{flow}/{version}/{query.key or '*'}"
    try:
        return client.get(address, newer, accept=ACCEPT)
    except OTHER_VERSION:
        return client.get(f"{base}/data/{code}/{query.key or 'all'}", older, accept=ACCEPT)
