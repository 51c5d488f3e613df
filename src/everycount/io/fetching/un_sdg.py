"""UN SDG database, API version 1: JSON in pages."""

from collections.abc import Iterator

from everycount.errors import InputError, Problem
from everycount.io.fetching.client import Client
from everycount.io.fetching.json_pages import read_json
from everycount.io.fetching.query import Query

NAME = "un-sdg"
TITLE = "UN Global SDG Indicators Database"
ADDRESS = "https://unstats.un.org/sdgapi/v1/sdg"
FORMAT = "un-sdg-api"
PAUSE = 0.5
PRODUCER = "United Nations Statistics Division"
LICENCE = "UN data terms: free reuse with citation"
SIZE = 1000
FIRST, LAST = 1960, 2030
"""Years that are asked for where only one end is given: the service takes a list of years."""


def pages(query: Query, client: Client) -> Iterator[tuple[str, bytes]]:
    """Yield the pages of every series."""
    address = f"{query.address or ADDRESS}/Series/Data"
    # The service repeats a parameter for several values.
    areas = "".join(f"&areaCode={area}" for area in query.areas)
    years = ""
    if query.first is not None or query.last is not None:
        last_year = LAST if query.last is None else query.last
        first_year = FIRST if query.first is None else query.first
        years = "".join(f"&timePeriod={year}" for year in range(first_year, last_year + 1))
    for code in query.codes:
        number, last = 1, 1
        while number <= last:
            where = f"{address}?seriesCode={code}&pageSize={SIZE}&page={number}{areas}{years}"
            content = client.get(where, accept="application/json")
            name = f"{code}-{number}.json"
            answer = read_json(content, subject=name)
            match answer:
                case {"totalPages": int() as last}:
                    yield name, content
                case _:
                    problem = Problem(f"series {code}", "no pages", "pages of figures")
                    raise InputError("the UN SDG database", [problem])
            number += 1
