"""A client of hubs: pages followed, types kept, errors in the hub's words, patience."""

import json

import httpx2
import polars as pl
import pytest

import everycount
from everycount.errors import InputError, NotFound, Unavailable
from everycount.io.client import Hub

HUB = "https://data.example.org"


@pytest.fixture
def hub_of():
    """Make a hub whose answers are given; it keeps what was asked and how long it waited."""

    def make(*answers, url=HUB):
        left = list(answers)
        asked, waits = [], []

        def handle(request):
            asked.append(request.url)
            answer = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        hub = Hub(url, transport=httpx2.MockTransport(handle), sleep=waits.append)
        hub.asked, hub.waits = asked, waits
        return hub

    return make


def csv(text, **headers):
    return httpx2.Response(200, content=text.encode(), headers=headers)


def entries(rows, **headers):
    return httpx2.Response(200, json={"entries": rows}, headers=headers)


def fault(status, content=None, **headers):
    return httpx2.Response(
        status, json={"error": "why not"} if content is None else content, headers=headers
    )


def test_observations_keep_codes_as_text_and_values_as_numbers(hub_of):
    hub = hub_of(
        csv("REF_AREA,TIME_PERIOD,OBS_VALUE,DATASET\n004,2015,1.50,a/b\nNA,2016,,a/b\n",
            **{"Everycount-Edition": "e1"})
    )  # fmt: skip
    found = hub.observations(
        "5d", "5e", areas=["AFG", "NA"], periods="2000..2020", tolerance=2, datasets=["a/b"],
        where={"SEX": ["F", "M"], "AGE": "_T"}, fields=["OBS_VALUE"],
    )  # fmt: skip
    assert found["REF_AREA"].to_list() == ["004", "NA"]
    assert found["OBS_VALUE"].to_list() == [1.5, None]
    assert found.schema["TIME_PERIOD"] == pl.String
    assert hub.edition == "e1"
    (url,) = hub.asked
    assert url.path == "/api/v1/observations"
    assert dict(url.params) == {
        "indicator": "5d,5e", "area": "AFG,NA", "period": "2000..2020", "tolerance": "2",
        "dataset": "a/b", "fields": "OBS_VALUE", "sex": "F,M", "age": "_T", "format": "csv",
        "limit": "50000",
    }  # fmt: skip


def test_pages_are_followed_wherever_the_hub_stands(hub_of):
    hub = hub_of(
        csv("OBS_VALUE\n1\n", link='</api/v1/observations?cursor=x%26y&limit=5>; rel="next"'),
        csv("OBS_VALUE\n2\n"),
        url=f"{HUB}/below/",
    )
    assert hub.dataset("a/b")["OBS_VALUE"].to_list() == [1.0, 2.0]
    assert str(hub.asked[1]).startswith(f"{HUB}/below/api/v1/observations?")
    assert dict(hub.asked[1].params) == {"cursor": "x&y", "limit": "5"}


def test_no_figures_are_an_empty_table(hub_of):
    found = hub_of(csv("REF_AREA,OBS_VALUE\n")).observations()
    assert found.schema == {"REF_AREA": pl.String, "OBS_VALUE": pl.Float64}
    assert found.height == 0


def test_lists_are_tables_without_what_is_nested(hub_of):
    rows = [
        {"id": "5d", "names": {"en": "Seats"}, "units": ["PT"], "first": None},
        {"id": "5e", "names": {"en": "Posts"}, "units": [], "first": "2001"},
    ]
    hub = hub_of(entries(rows))
    found = hub.indicators("seats", framework="f", group="5", area="VNM")
    assert found.columns == ["id", "units", "first"]
    assert found["first"].to_list() == [None, "2001"]
    assert dict(hub.asked[0].params) == {
        "q": "seats", "framework": "f", "group": "5", "area": "VNM", "limit": "50000",
    }  # fmt: skip
    assert hub.areas("viet").height == 2
    assert hub.datasets().height == 2
    assert hub_of(entries([])).areas().height == 0


def test_what_is_not_there_is_said_in_the_hubs_words(hub_of):
    with pytest.raises(NotFound, match="why not"):
        hub_of(fault(404)).indicators()
    with pytest.raises(Unavailable, match="why not"):
        hub_of(fault(410)).indicators()


def test_every_problem_of_a_request_is_kept(hub_of):
    problems = [{"where": "sex", "found": "'x'", "expected": "one of F, M"}] * 2
    with pytest.raises(InputError, match="sex: found 'x', expected one of F, M") as caught:
        hub_of(fault(400, {"error": "no", "problems": problems})).observations()
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"<html>", "400 Bad Request"), (b"[]", "400 Bad Request"), (b'{"error": "so"}', "so")],
)
def test_an_answer_without_problems_is_one_problem(hub_of, content, words):
    answer = httpx2.Response(400, content=content)
    with pytest.raises(InputError, match=f"address: found {words}"):
        hub_of(answer).areas()


def test_a_busy_hub_is_asked_again_after_the_time_it_names(hub_of):
    later = [fault(429, **{"Retry-After": "7"}), fault(503), httpx2.ConnectError("down")]
    hub = hub_of(*later, entries([{"id": "a"}]))
    assert hub.areas().height == 1
    assert hub.waits == [7.0, 2.0, 4.0]


def test_a_hub_that_stays_busy_is_unavailable(hub_of):
    hub = hub_of(fault(503, **{"Retry-After": "soon"}))
    with pytest.raises(Unavailable, match=r"https://data\.example\.org is not available: why not"):
        hub.areas()
    assert hub.waits == [1.0, 2.0, 4.0, 8.0]
    long = hub_of(fault(429, **{"Retry-After": "9999"}))
    with pytest.raises(Unavailable, match="Try later"):
        long.areas()
    assert long.waits == []
    with pytest.raises(Unavailable, match="ConnectTimeout"):
        hub_of(httpx2.ConnectTimeout("")).areas()


@pytest.mark.parametrize(
    "url", ["", "data.example.org", "ftp://x", "https://", "http://[::1", "http://a:b"]
)
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(InputError, match="expected an address such as"):
        everycount.connect(url)


def test_it_is_closed_after_the_block(hub_of):
    with hub_of(entries([])) as hub:
        hub.areas()
    assert repr(hub) == f"connect('{HUB}')"
    with pytest.raises(RuntimeError):
        hub.areas()
    assert json.dumps(hub.url)
