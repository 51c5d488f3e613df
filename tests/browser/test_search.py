"""Search in Chromium: the same order as on the server; a copy in a folder, searched and walked."""

import csv
import json
from importlib.resources import files
from pathlib import Path

import pytest

from everycount.search.find import address_of, find
from everycount.search.index import Entry, build
from everycount_hub.portal.search.written import labels, written

SCRIPT = Path(str(files("everycount_hub") / "static" / "everycount_hub"))
QUERIES = Path(__file__).parents[1] / "hub" / "search" / "queries.csv"
TITLES = ("Viet Nam", "Rwanda", "Côte d’Ivoire", "Đức", "Mali", "الإمارات العربية المتحدة", "Niger")
MORE = ("", "the", "parl", "5.5.1", "áo straße", "women men girls", "womne vietnma", "niger mali")


def an_index():
    with QUERIES.open(encoding="utf-8") as file:
        texts = [row["query"] for row in csv.DictReader(file)]
    areas = [
        Entry(kind="area", title=title, address=f"areas/a{at}/", parameter=f"A{at}",
              codes=(f"A{at}",), has_figures=True)
        for at, title in enumerate(TITLES)
    ]  # fmt: skip
    # What was asked makes titles as well: words of five languages, shared by several.
    indicators = [
        Entry(kind="indicator", title=text, address=f"indicators/{at}/", codes=(f"{at}x",),
              areas=tuple(f"A{each}" for each in range(at % 8)), about=(texts[at - 1],))
        for at, text in enumerate(texts)
    ]  # fmt: skip
    meanings = [("women", "femmes", "mujeres", "phụ nữ", "نساء"), ("seats", "sièges")]
    return build([*indicators, *areas], meanings=meanings, common="the in of"), texts


def given(index):
    return {"language": "en", "labels": labels(), **written(index)}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("search")
    for name in ("search.js", "search.css"):
        (folder / name).write_bytes((SCRIPT / name).read_bytes())
    (folder / "en" / "search").mkdir(parents=True)
    index, _ = an_index()
    text = json.dumps(given(index), ensure_ascii=False)
    (folder / "en" / "search" / "index.js").write_text(
        f"window.everycountIndex={text};", encoding="utf-8"
    )
    page = (
        '<!doctype html><html lang="en" data-copy=""><meta charset="utf-8"><title>Search</title>'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="../../search.css">'
        '<meta http-equiv="Content-Security-Policy" content="style-src \'self\' file:">'
        '<form action="index.html" class="search" data-search="index.js">'
        '<input id="q" type="search" name="q"></form><div data-results></div>'
        '<script src="../../search.js"></script></html>'
    )
    (folder / "en" / "search" / "index.html").write_text(page, encoding="utf-8")
    return folder / "en" / "search" / "index.html"


@pytest.mark.parametrize("typing", [False, True])
def test_the_browser_gives_the_same_order(browser, place, typing):
    index, texts = an_index()
    asked = [*texts, *MORE]
    browser.open(place)
    browser.evaluate(
        "new Promise(done => {const s=document.createElement('script');s.src='index.js';"
        "s.onload=()=>{window.opened=everycountSearch.open(everycountIndex);done()};"
        "document.head.append(s)})"
    )
    found = browser.evaluate(
        f"{json.dumps(asked)}.map(q=>everycountSearch.find(opened,q,{json.dumps(typing)})"
        ".map(h=>everycountSearch.addressOf(opened,h)))"
    )
    expected = [
        [address_of(index, hit) for hit in find(index, text, typing=typing)] for text in asked
    ]
    assert found == expected


def test_a_copy_draws_the_results_from_the_address(browser, place):
    browser.complaints.clear()
    browser.open(place, to="?q=femmes+au+parlement")
    links = browser.evaluate(
        "new Promise(done=>{const look=()=>{const all=[...document.querySelectorAll('.hits a')];"
        "all.length?done(all.map(a=>a.getAttribute('href'))):setTimeout(look,20)};look()})"
    )
    assert links[0].endswith("/index.html")
    assert links[0].startswith(place.parents[1].as_uri())
    assert browser.complaints == []


def test_suggestions_are_walked_with_the_keys(browser, place):
    browser.complaints.clear()
    browser.open(place)
    browser.evaluate("document.getElementById('q').focus()")
    browser.call("Input.insertText", text="rwan")
    browser.evaluate(
        "new Promise(done=>{const look=()=>document.querySelector('.suggest li')?done():"
        "setTimeout(look,20);look()})"
    )
    for kind in ("keyDown", "keyUp"):
        browser.call("Input.dispatchKeyEvent", type=kind, key="ArrowDown", code="ArrowDown")
    state = browser.evaluate(
        "(()=>{const i=document.getElementById('q');const o=document.getElementById("
        "i.getAttribute('aria-activedescendant'));return [i.getAttribute('role'),"
        "i.getAttribute('aria-expanded'),o.getAttribute('aria-selected'),o.getAttribute('role')]})()"
    )
    assert state == ["combobox", "true", "true", "option"]
    for kind in ("keyDown", "keyUp"):
        browser.call("Input.dispatchKeyEvent", type=kind, key="Escape", code="Escape")
    assert browser.evaluate("document.querySelector('.suggest').hidden") is True
    assert browser.complaints == []
