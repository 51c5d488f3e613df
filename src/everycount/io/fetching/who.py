"""WHO Global Health Observatory: OData JSON, a link to the next page in each."""

from collections.abc import Iterator

from everycount.errors import InputError, Problem
from everycount.io.fetching.client import Client
from everycount.io.fetching.json_pages import read_json
from everycount.io.fetching.query import Query

NAME = "who"
TITLE = "WHO Global Health Observatory"
ADDRESS = "https://ghoapi.azureedge.net/api"
FORMAT = "who-gho-api"
PAUSE = 0.2
PRODUCER = "World Health Organization"
LICENCE = "CC-BY-NC-SA-3.0-IGO"


def pages(query: Query, client: Client) -> Iterator[tuple[str, bytes]]:
    """Yield the pages of every indicator."""
    wanted = []
    if query.areas:
        wanted.append("(" + " or ".join(f"SpatialDim eq '{a}'" for a in query.areas) + ")")
    if query.first is not None:
        wanted.append(f"TimeDim ge {query.first}")
    if query.last is not None:
        wanted.append(f"TimeDim le {query.last}")
    for code in query.codes:
        parameters = {"$filter": " and ".join(wanted)} if wanted else None
        address: str | None = f"{query.address or ADDRESS}/{code}"
        number = 1
        seen: set[str] = set()
        while address:
            if address in seen:
                problem = Problem(f"page {number}", "the link of an earlier page", "the next one")
                raise InputError("the Global Health Observatory", [problem])
            seen.add(address)
            content = client.get(address, parameters, accept="application/json")
            name = f"{code}-{number}.json"
            answer = read_json(content, subject=name)
            if not isinstance(answer, dict) or "value" not in answer:
                problem = Problem(f"indicator {code}", "no figures", "a list of figures")
                raise InputError("the Global Health Observatory", [problem])
            yield name, content
            address, parameters = answer.get("@odata.nextLink"), None
            number += 1
