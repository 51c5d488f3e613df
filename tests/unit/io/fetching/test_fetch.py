"""Every service asks for all of its pages, and says what is wrong with an answer."""

import json
from datetime import UTC, date, datetime

import httpx2
import pytest

from everycount.errors import InputError, NotFound
from everycount.io.fetching.client import Client
from everycount.io.fetching.fetch import fetch_dataset, fetch_pages, find_service, services
from everycount.io.fetching.query import Query
from everycount.model.column_mapping import ColumnMapping


def client(answer, asked=None):
    """Return a client whose requests `answer` answers, and a list of them."""

    def carry(request):
        if asked is not None:
            asked.append(str(request.url))
        content = answer(request)
        if isinstance(content, httpx2.Response):
            return content
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return httpx2.Response(200, content=body)

    return Client(
        sleep=lambda seconds: None,
        now=lambda: datetime(2024, 6, 1, tzinfo=UTC),
        transport=httpx2.MockTransport(carry),
    )


def fetch(name, answer, *codes, asked=None, **options):
    """Return the names and contents of the pages."""
    query = Query(codes=codes, **options)
    pages = fetch_pages(find_service(name), query, client=client(answer, asked))
    return [(page.name, page.content) for page in pages]


def test_services_are_named():
    assert [service.NAME for service in services()] == [
        "world-bank", "un-sdg", "unsd", "who", "sdmx",
    ]  # fmt: skip
    with pytest.raises(NotFound, match="no service 'worldbank'; perhaps 'world-bank'"):
        find_service("worldbank")
    with pytest.raises(NotFound, match=r"no service 'xyz'\. Services: "):
        find_service("xyz")


def test_nothing_asked_is_refused():
    with pytest.raises(InputError, match="at least one code of a series"):
        fetch("who", lambda request: {})


def test_world_bank_is_asked_page_by_page():
    asked = []

    def answer(request):
        page = int(request.url.params["page"])
        return [{"page": page, "pages": 2}, [{"value": page}]]

    pages = fetch("world-bank", answer, "A", "B", areas=("VNM", "KHM"), first=2000, asked=asked)
    assert [name for name, _ in pages] == ["A-1.json", "A-2.json", "B-1.json", "B-2.json"]
    assert asked[1].startswith("https://api.worldbank.org/v2/country/VNM;KHM/indicator/A?")
    assert "page=2" in asked[1]
    assert "date=2000%3A2100" in asked[1]
    fetch("world-bank", answer, "A", last=2001, address="http://127.0.0.1/v2", asked=asked)
    assert asked[-1].startswith("http://127.0.0.1/v2/country/all/indicator/A?")
    assert "date=1960%3A2001" in asked[-1]
    fetch("world-bank", answer, "A", asked=asked)
    assert "date=" not in asked[-1]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([{"message": [{"value": "Invalid value"}]}], "series X: found 'Invalid value'"),
        ([{"page": 1}], "found no pages"),
        (b"<html>maintenance", "found '<html>maintenance', expected JSON"),
    ],
)
def test_world_bank_message_is_told(answer, words):
    with pytest.raises(InputError, match=words):
        fetch("world-bank", lambda request: answer, "X")


def test_un_sdg_is_asked_page_by_page():
    asked = []

    def answer(request):
        return {"totalPages": 2, "data": []}

    pages = fetch("un-sdg", answer, "SG_GEN_PARL", areas=("704", "116"), last=1961, asked=asked)
    assert [name for name, _ in pages] == ["SG_GEN_PARL-1.json", "SG_GEN_PARL-2.json"]
    assert asked[1] == (
        "https://unstats.un.org/sdgapi/v1/sdg/Series/Data?seriesCode=SG_GEN_PARL&pageSize=1000"
        "&page=2&areaCode=704&areaCode=116&timePeriod=1960&timePeriod=1961"
    )
    fetch("un-sdg", answer, "A", first=2030, asked=asked)
    assert asked[-1].endswith("&timePeriod=2030")
    fetch("un-sdg", answer, "A", asked=asked)
    assert asked[-1].endswith("&page=2")
    with pytest.raises(InputError, match="series A: found no pages"):
        fetch("un-sdg", lambda request: [], "A")


def test_who_is_asked_link_by_link():
    asked = []

    def answer(request):
        if "skip" in str(request.url):
            return {"value": []}
        return {"value": [], "@odata.nextLink": "https://ghoapi.azureedge.net/api/X?$skip=1000"}

    pages = fetch("who", answer, "X", areas=("VNM", "KHM"), first=2000, last=2020, asked=asked)
    assert [name for name, _ in pages] == ["X-1.json", "X-2.json"]
    assert httpx2.URL(asked[0]).params["$filter"] == (
        "(SpatialDim eq 'VNM' or SpatialDim eq 'KHM') and TimeDim ge 2000 and TimeDim le 2020"
    )
    with pytest.raises(InputError, match="indicator X: found no figures"):
        fetch("who", lambda request: {"error": "no"}, "X")
    circle = {"value": [], "@odata.nextLink": "https://ghoapi.azureedge.net/api/X"}
    with pytest.raises(InputError, match="page 2: found the link of an earlier page"):
        fetch("who", lambda request: circle, "X")


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("DF_A", "/data/dataflow/*/DF_A/*/*"),
        ("AG,DF_A", "/data/dataflow/AG/DF_A/*/*"),
        ("AG,DF_A,1.0", "/data/dataflow/AG/DF_A/1.0/*"),
    ],
)
def test_sdmx_service_is_asked_by_version_2(code, path):
    asked = []
    fetch("sdmx", lambda request: b"x", code, address="https://s.example/rest/", asked=asked)
    assert asked == [f"https://s.example/rest{path}"]


def test_sdmx_service_of_the_older_version_is_asked_by_it():
    asked = []

    def answer(request):
        if "/dataflow/" in str(request.url):
            return httpx2.Response(404, content=b"unknown resource")
        return b"old"

    options = {"first": 2000, "last": 2010, "areas": ("704",), "key": "A..F"}
    pages = fetch("unsd", answer, "AG,DF", asked=asked, **options)
    assert pages == [("AG-DF.sdmx", b"old")]
    newer, older = (httpx2.URL(url) for url in asked)
    assert newer.params["c[TIME_PERIOD]"] == "ge:2000+le:2010"
    assert newer.params["c[REF_AREA]"] == "704"
    assert older.path == "/ws/rest/data/AG,DF/A..F"
    assert dict(older.params) == {"startPeriod": "2000", "endPeriod": "2010"}


@pytest.mark.parametrize("code", ["", "A,,B", "A,B,C,D"])
def test_dataflow_that_is_none_is_refused(code):
    with pytest.raises(InputError, match="expected FLOW, AGENCY,FLOW or AGENCY,FLOW,VERSION"):
        fetch("sdmx", lambda request: b"x", code, address="https://s.example")


def test_sdmx_service_needs_an_address():
    with pytest.raises(InputError, match="the address of the service"):
        fetch("sdmx", lambda request: b"x", "DF")


HEADER = b"INDICATOR,REF_AREA,TIME_PERIOD,CUST_BREAKDOWN,OBS_VALUE\n"


def test_pages_become_one_dataset_with_its_origin():
    def answer(request):
        code = b"A" if "/A/" in request.url.path else b"B"
        return HEADER + b"5a,704,2019,_T,1\n" + code + b",704,2019,_T,2\n"

    query = Query(codes=("A", "B"), address="https://s.example")
    data = fetch_dataset("sdmx", query, client=client(answer))
    assert data.table["INDICATOR"].to_list() == ["5a", "A", "B"]
    (origin,) = data.origins
    assert origin.title == "any SDMX REST service: A, B"
    assert origin.url == "https://s.example"
    assert origin.accessed == date(2024, 6, 1)
    assert len(origin.sha256) == 64


def test_labels_of_all_pages_are_kept():
    def answer(request):
        place = b"North" if "/A/" in request.url.path else b"South"
        return b"INDICATOR,REF_AREA,TIME_PERIOD,Region,OBS_VALUE\n5a,704,2019," + place + b",1\n"

    query = Query(codes=("A", "B"), address="https://s.example")
    mapping = ColumnMapping(breakdown=("Region",))
    data = fetch_dataset("sdmx", query, mapping=mapping, client=client(answer))
    assert list(data.codes["CUST_BREAKDOWN"].by_id) == ["REGION--NORTH", "REGION--SOUTH"]


def test_pages_that_contradict_each_other_are_refused():
    def answer(request):
        return HEADER + b"5a,704,2019,_T," + (b"1" if "/A/" in request.url.path else b"2") + b"\n"

    query = Query(codes=("A", "B"), address="https://s.example")
    with pytest.raises(InputError, match=r"5a, 704, .*found different figures on two pages"):
        fetch_dataset("sdmx", query, client=client(answer))
