"""A chart that answers, in Chromium under a policy without inline styles, scripts and eval."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files

import numpy as np
import pytest

from everycount.charts.area_map import area_map
from everycount.charts.geometry import Geometry
from everycount.charts.interactive import browser_bundle, bundle_name, data_block
from everycount.charts.map_arcs import light_topology
from everycount.charts.render import HATCH, svg
from everycount.charts.tile_layout import TileLayout
from everycount.charts.tile_map import tile_map

SQUARE = np.array([[0, 0], [0, 1], [1, 1], [1, 0], [0, 0.0]])
SHAPES = {"A": [[SQUARE]], "B": [[SQUARE + np.array([1, 0])]], "C": [[SQUARE + np.array([0, 1])]]}
TIPS = {"A": "A: 12,5 % <b>2020</b>", "B": "B: 81 %", "C": "C: لا رقم"}


class Quiet(SimpleHTTPRequestHandler):
    def end_headers(self):
        self.send_header("Content-Security-Policy", "default-src 'self'; object-src 'none'")
        super().end_headers()

    def log_message(self, *words):
        pass


class Address:
    """A page of the server, as the browser asks for it."""

    def __init__(self, address):
        self.address = address

    def as_uri(self):
        return self.address


def chart_page(*specs):
    figures = "".join(
        f'<figure class="fig"><div class="chart-live">{svg(spec)}{data_block(spec)}</div></figure>'
        for spec in specs
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Charts</title>'
        '<link rel="icon" href="icon.svg"><link rel="stylesheet" href="everycount.css">'
        f'{HATCH}{figures}<script src="{bundle_name()}"></script></html>'
    )


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("live")
    geometry = Geometry(topology=light_topology(SHAPES))
    figures = {"A": 12.5, "B": 81.0}
    shapes = area_map(
        figures, breaks=[50], geometry=geometry, description="Two areas.", tips=TIPS, width=300
    )
    layout = TileLayout(places={"A": (0, 0), "B": (1, 0), "C": (0, 1)})
    tiles = tile_map(figures, breaks=[50], layout=layout, description="Tiles.", tips=TIPS)
    (folder / "index.html").write_text(chart_page(shapes, tiles), encoding="utf-8")
    (folder / bundle_name()).write_bytes(browser_bundle())
    (folder / "icon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    style = (files("everycount") / "assets" / "everycount.css").read_bytes()
    (folder / "everycount.css").write_bytes(style)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Address(f"http://127.0.0.1:{server.server_port}/index.html")
    server.shutdown()
    server.server_close()


@pytest.fixture
def live(browser, page):
    browser.complaints.clear()
    browser.open(page)
    browser.evaluate(
        "new Promise(done => { const look = () => document.querySelectorAll('[data-live]').length"
        " === 2 ? done() : setTimeout(look, 20); look(); })"
    )
    return browser


SHOWN = "(b => b && b.style.display === 'block' ? b.textContent : '')"
SHOWN += "(document.querySelector('.chart-tip'))"


def press(browser, key):
    for kind in ("rawKeyDown", "keyUp"):
        code = {"Tab": 9, "Escape": 27, "End": 35, "Home": 36, "ArrowRight": 39, "ArrowLeft": 37}
        browser.call(
            "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code[key]
        )


def test_chart_is_drawn_again_under_a_strict_policy(live):
    assert live.complaints == []
    assert live.evaluate("document.querySelectorAll('.chart-live > svg').length") == 0
    paths = "[...document.querySelectorAll('.chart-live')].map(h => h.querySelectorAll"
    assert live.evaluate(f"{paths}('[role=img][aria-label]').length)") == [3, 3]
    assert live.evaluate("document.querySelectorAll('svg [fill=\"url(#hatch)\"]').length") == 2


def test_chart_follows_the_theme(browser, page, live):
    fill = "getComputedStyle(document.querySelector('[aria-label^=\"B:\"]')).fill"
    light = live.evaluate(fill)
    browser.open(page, dark=True)
    browser.evaluate(
        "new Promise(done => { const look = () => document.querySelector('[data-live]')"
        " ? done() : setTimeout(look, 20); look(); })"
    )
    assert light == "rgb(10, 82, 96)"
    assert browser.evaluate(fill) == "rgb(184, 233, 229)"


def test_keys_reach_each_mark_and_say_what_it_is(live):
    said = []
    for key in ("Tab", "ArrowRight", "ArrowRight", "ArrowRight", "End", "Home", "ArrowLeft"):
        press(live, key)
        said.append(live.evaluate(SHOWN))
    words = [TIPS[code] for code in "ABC"]
    assert said == [*words, words[0], words[2], words[0], words[2]]
    assert live.evaluate("document.activeElement.getAttribute('aria-label')") == words[2]
    press(live, "Escape")
    assert live.evaluate(SHOWN) == ""
    press(live, "Tab")
    assert live.evaluate("document.activeElement.closest('svg').getAttribute('aria-label')") == (
        "Tiles."
    )


def test_pointing_at_a_mark_says_what_it_is(live):
    place = live.evaluate(
        "(r => ({x: r.left + r.width / 2, y: r.top + r.height / 2}))"
        "(document.querySelectorAll('[aria-label^=\"B:\"]')[0].getBoundingClientRect())"
    )
    live.call("Input.dispatchMouseEvent", type="mouseMoved", **place)
    assert live.evaluate(SHOWN) == TIPS["B"]
    live.call("Input.dispatchMouseEvent", type="mouseMoved", x=1, y=1)
    assert live.evaluate(SHOWN) == ""
    assert live.complaints == []
