"""Search of the portal: the list of queries, the page, the index for the browser."""

import csv
import json
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from everycount.io.areas import area_table
from everycount.io.frameworks import load_framework
from everycount.io.search_words import shipped_meanings
from everycount.language.language import LANGUAGES, language
from everycount.search.common_words import COMMON
from everycount.search.find import address_of, find
from everycount.search.index import build
from everycount_hub.edition import search as searching
from everycount_hub.edition.nouns import AreaEntry, IndicatorEntry
from everycount_hub.edition.write import write_edition
from everycount_hub.models import Edition
from everycount_hub.portal.search import indexed
from everycount_hub.queries.editions import current_edition

SET = "sdg-gender-index@2019"
LIST = Path(__file__).parent / "search" / "queries.csv"
QUERIES = list(csv.DictReader(LIST.read_text(encoding="utf-8").splitlines()))
OF_AN_EDITION = ("policies/", "indices/")
"""Where queries lead that need a published policy or index; the others are asked here."""
EMPTY = frozenset({"1d", "2b", "6c", "8a"})
"""Indicators of the set that have no figures in this test."""


def contents():
    framework = load_framework(SET)
    table = area_table().filter(area_table()["iso3"].is_not_null())
    areas = [
        AreaEntry(slug=row["iso3"].lower(), code=row["code"], names={}, iso3=row["iso3"])
        for row in table.iter_rows(named=True)
    ]
    codes = tuple(each.code for each in areas)
    indicators = [
        IndicatorEntry(
            slug=each.key, code=each.key, framework=SET, names=each.title, group=each.group,
            rows=0 if each.key in EMPTY else 9, areas=() if each.key in EMPTY else codes,
        )
        for each in framework.indicators
    ]  # fmt: skip
    return searching.Contents(
        indicators=indicators, areas=areas, datasets=(), frameworks={SET: framework}
    )


@pytest.fixture(scope="module")
def indexes():
    found = list(searching.findable(contents()))
    made = {}
    for code in LANGUAGES:
        words, start = language(code), f"/{code}/"
        with indexed.translation.override(code):
            entries = [indexed._entry(None, each, words, start) for each in found]
        kept = [each for each in entries if each is not None]
        made[code] = build(kept, meanings=shipped_meanings(), common=COMMON)
    return made


def place(indexes, query):
    index = indexes[query["language"]]
    found = [address_of(index, each) for each in find(index, query["query"])]
    return found.index(query["wanted"]) + 1 if query["wanted"] in found else 0


ASKED = [each for each in QUERIES if not each["wanted"].startswith(OF_AN_EDITION)]


@pytest.mark.parametrize("query", ASKED, ids=lambda each: f"{each['language']}: {each['query']}")
def test_what_is_wanted_comes_first_or_among_the_first(indexes, query):
    assert 0 < place(indexes, query) <= int(query["within"])


def test_the_mean_reciprocal_rank_of_the_queries(indexes):
    places = [place(indexes, each) for each in ASKED]
    assert len(ASKED) >= 60
    assert sum(1 / each for each in places if each) / len(places) > 0.9


def test_what_can_be_found_is_kept_in_a_file(tmp_path):
    searching.write_findable(tmp_path, contents())
    assert [each.name for each in tmp_path.iterdir()] == [searching.FILE]
    read, made = searching.read_findable(tmp_path), list(searching.findable(contents()))
    assert [(each.kind, dict(each.titles), each.areas) for each in read] == [
        (each.kind, dict(each.titles), each.areas) for each in made
    ]


# ---------------------------------------------------------------- the page, of an edition


@pytest.fixture
def client(settings, tmp_path, db):
    """Give a client of a portal that shows two figures, without the life of a dataset."""
    settings.STORE_FOLDER, settings.PORTAL_FOLDER = tmp_path / "store", tmp_path / "portal"
    inputs = {"format": 1, "workspaces": [], "datasets": [], "releases": []}
    digest = write_edition(inputs, lambda done, words: None)
    folder = tmp_path / "portal" / "editions" / digest
    given = [searching._plain(each) for each in searching.findable(contents())]
    (folder / searching.FILE).write_text(json.dumps(given), encoding="utf-8")
    Edition.objects.create(digest=digest, made_at=timezone.now(), facts={})
    indexed._index.cache_clear()
    indexed.script_of.cache_clear()
    yield Client()
    indexed._index.cache_clear()
    indexed.script_of.cache_clear()


def test_the_page_shows_the_pair_first_and_facets_as_links(client):
    page = client.get("/en/search/", {"q": "women in parliament vietnam"}).content.decode()
    hits = page.partition('<ol class="hits">')[2]
    assert hits.index("/en/indicators/5d/?area=VNM") < hits.index("/en/areas/vnm/")
    assert all(each in page for each in ("kind=indicator", "area=VNM", "figures=yes"))


def test_a_facet_narrows(client):
    given = {"q": "parliament vietnam", "kind": "area"}
    page = client.get("/en/search/", given).content.decode()
    hits = page.partition('<ol class="hits">')[2].partition("</ol>")[0]
    assert "/en/areas/vnm/" in hits
    assert "/en/indicators/" not in hits
    assert 'aria-current="true"' in page


def test_titles_without_a_translation_say_their_language(client):
    page = client.get("/ar/search/", {"q": "النساء في البرلمان"}).content.decode()
    assert 'lang="en" dir="auto">Proportion of seats held by women' in page


@pytest.mark.parametrize("query", ["", "zzzzzzzz", "<script>alert(1)</script>", "%", "a" * 500])
def test_the_page_bears_any_query(client, query):
    answer = client.get("/vi/search/", {"q": query, "kind": "x\x00", "goal": "99"})
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


def test_the_index_is_a_plain_script(client):
    answer = client.get("/fr/search/index.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    text = answer.content.decode()
    assert text.startswith("window.everycountIndex={")
    content = json.loads(text.removeprefix("window.everycountIndex=").removesuffix(";"))
    assert content["language"] == "fr"
    assert len(content["terms"]) == len(content["rarity"]) == len(content["posts"])


def test_every_page_has_the_form(client):
    page = client.get("/es/indices/").content.decode()
    assert 'data-search="/es/search/index.js"' in page


def test_an_edition_from_before_there_was_search_gets_its_file(client, settings):
    place = current_edition().folder / searching.FILE
    place.unlink()
    assert client.get("/en/search/", {"q": "indicators"}).status_code == 200
    assert place.is_file()
