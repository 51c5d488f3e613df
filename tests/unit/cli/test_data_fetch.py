"""`data fetch` against a service on this computer."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import polars as pl
import pytest
from click.testing import CliRunner

from everycount.cli.data import data

FIGURES = b"INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE,extra\n5a,704,2019,F,1.5,x\n"


class Service(BaseHTTPRequestHandler):
    """Answers every request with the same figures."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(FIGURES)

    def log_message(self, *words):
        pass


@pytest.fixture
def address():
    server = HTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def run(*args):
    words = ["fetch", "sdmx", "DF", *(str(each) for each in args)]
    return CliRunner().invoke(data, words, catch_exceptions=False)


def test_figures_are_fetched_once_and_written(address, tmp_path):
    place, cache = tmp_path / "seats.parquet", tmp_path / "cache"
    result = run("--address", address, "-o", place, "--cache", cache)
    assert result.exit_code == 0
    assert "1 observations, 1 requests" in result.stderr
    assert "note: columns left out: extra" in result.stderr
    assert pl.read_parquet(place)["OBS_VALUE"].to_list() == [1.5]
    again = run("--address", address, "-o", place, "--cache", cache)
    assert "1 observations, 0 requests" in again.stderr


def test_answers_are_kept_as_they_came(address, tmp_path):
    folder = tmp_path / "raw"
    run("--address", address, "-o", folder, "--raw", "--no-cache")
    assert [place.read_bytes() for place in folder.iterdir()] == [FIGURES]


def test_help_names_the_services():
    result = run("--help")
    for name in ("world-bank", "un-sdg", "unsd", "who", "everycount data fetch"):
        assert name in result.stdout
