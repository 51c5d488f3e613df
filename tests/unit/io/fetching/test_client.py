"""A client that waits, goes on, and asks for nothing twice."""

import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx2
import pytest

from everycount.errors import InputError, NotFound, Unavailable
from everycount.io.fetching import client as module
from everycount.io.fetching.cache import Cache
from everycount.io.fetching.client import Client

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
URL = "https://service.example/data"


class Wire:
    """Answers requests from a list and remembers what was asked and how long was waited."""

    def __init__(self, *answers, now=NOON):
        self.answers, self.requests, self.waited, self.time = list(answers), [], [], now

    def carry(self, request):
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self, cache=None, **options):
        return Client(
            cache,
            sleep=self.waited.append,
            now=lambda: self.time,
            transport=httpx2.MockTransport(self.carry),
            **options,
        )


def test_answer_is_returned_with_its_query():
    wire = Wire(httpx2.Response(200, content=b"figures"))
    with wire.client() as client:
        assert client.get(URL, {"c[TIME_PERIOD]": "ge:2000"}, accept="text/csv") == b"figures"
    (request,) = wire.requests
    assert request.url.params["c[TIME_PERIOD]"] == "ge:2000"
    assert request.headers["accept"] == "text/csv"
    assert request.headers["user-agent"].startswith("everycount/")
    assert wire.waited == []


def test_busy_service_is_asked_again_when_it_says():
    wire = Wire(
        httpx2.Response(429, headers={"retry-after": "7"}),
        httpx2.Response(503, headers={"retry-after": "Sat, 01 Jun 2024 12:00:20 GMT"}),
        httpx2.ConnectError("no route"),
        httpx2.Response(500),
        httpx2.Response(200, content=b"at last"),
    )
    with wire.client(pause=0.5) as client:
        assert client.get(URL) == b"at last"
    assert wire.waited == [7.0, 0.5, 20.0, 0.5, 4.0, 0.5, 8.0, 0.5]


def test_service_that_stays_away_is_unavailable():
    wire = Wire(*[httpx2.ConnectError("no route")] * 5)
    with wire.client() as client, pytest.raises(Unavailable, match=r"no route\. What was fetched"):
        client.get(URL)
    assert [wait for wait in wire.waited if wait] == [1.0, 2.0, 4.0, 8.0]


def test_service_that_asks_for_a_long_wait_is_not_waited_for():
    wire = Wire(httpx2.Response(429, headers={"retry-after": "86400"}))
    with wire.client() as client, pytest.raises(Unavailable, match="429 Too Many Requests"):
        client.get(URL)
    assert wire.waited == []


def test_endless_redirects_are_told():
    loop = httpx2.Response(302, headers={"location": URL})
    wire = Wire(*[loop] * 30)
    with wire.client() as client, pytest.raises(Unavailable, match="cannot be fetched"):
        client.get(URL)


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (404, NotFound, "has nothing: 404 Not Found: no such series"),
        (403, Unavailable, "does not let us in: 403 Forbidden: no such series"),
        (400, InputError, "found 400 Bad Request: no such series"),
    ],
)
def test_refusal_is_told_in_the_services_words(status, error, words):
    wire = Wire(httpx2.Response(status, content=b"no such\n series"))
    with wire.client() as client, pytest.raises(error, match=words):
        client.get(URL)


@pytest.mark.parametrize("address", ["", "service", "ftp://a.example", "https://a:b", "file:///x"])
def test_address_that_is_none_is_refused(address):
    with Wire().client() as client, pytest.raises(InputError, match="an address such as https"):
        client.get(address)


def test_answer_that_never_ends_is_cut(monkeypatch):
    monkeypatch.setattr(module, "LARGEST", 10)
    wire = Wire(httpx2.Response(200, content=b"x" * 11))
    with wire.client() as client, pytest.raises(InputError, match="ask for fewer series"):
        client.get(URL)


def test_fresh_answer_is_not_asked_for_again(tmp_path):
    wire = Wire(httpx2.Response(200, content=b"figures"))
    for _ in range(2):
        with wire.client(Cache(tmp_path)) as client:
            assert client.get(URL) == b"figures"
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("validator", "condition"),
    [
        ({"etag": '"v1"'}, ("if-none-match", '"v1"')),
        ({"last-modified": "Sat, 01 Jun 2024 00:00:00 GMT"}, ("if-modified-since", None)),
    ],
)
def test_old_answer_is_confirmed_by_the_service(tmp_path, validator, condition):
    wire = Wire(
        httpx2.Response(200, headers=validator, content=b"figures"),
        httpx2.Response(304),
        httpx2.Response(200, content=b"new figures"),
    )
    with wire.client(Cache(tmp_path)) as client:
        client.get(URL)
        wire.time += timedelta(hours=2)
        assert client.get(URL) == b"figures"
        name, value = condition
        assert wire.requests[1].headers[name] == (value or validator["last-modified"])
        assert client.get(URL) == b"figures"  # confirmed just now
        assert len(wire.requests) == 2
        wire.time += timedelta(hours=2)
        assert client.get(URL) == b"new figures"


def test_old_answer_without_validator_is_asked_for_anew(tmp_path):
    wire = Wire(httpx2.Response(200, content=b"a"), httpx2.Response(200, content=b"b"))
    with wire.client(Cache(tmp_path), resume=timedelta(0)) as client:
        client.get(URL)
        wire.time += timedelta(seconds=1)
        assert client.get(URL) == b"b"
    assert "if-none-match" not in wire.requests[1].headers


@pytest.mark.parametrize("damage", ["body", "json"])
def test_damaged_cache_is_asked_for_anew(tmp_path, damage):
    wire = Wire(httpx2.Response(200, content=b"figures"), httpx2.Response(200, content=b"figures"))
    with wire.client(Cache(tmp_path)) as client:
        client.get(URL)
        (kept,) = tmp_path.glob(f"*.{damage}")
        kept.write_bytes(b"{}")
        assert client.get(URL) == b"figures"
    assert len(wire.requests) == 2


class Service(BaseHTTPRequestHandler):
    """A real server, so that the fake above is held against the real thing."""

    def do_GET(self):
        known = self.headers.get("If-None-Match") == '"v1"'
        self.send_response(304 if known else 200)
        self.send_header("ETag", '"v1"')
        self.end_headers()
        if not known:
            self.wfile.write(b"figures")

    def log_message(self, *words):
        pass


def test_real_server_is_asked_and_confirms(tmp_path):
    server = HTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/data"
        with Client(Cache(tmp_path), resume=timedelta(seconds=-1)) as client:
            assert [client.get(address), client.get(address)] == [b"figures", b"figures"]
            assert client.asked == 2
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
