"""A copy of the portal as files: every page, links that lead, nothing that asks a server."""

import pytest
from click.testing import CliRunner
from django.utils import timezone

from everycount.errors import InputError
from everycount_hub.commands.export import export
from everycount_hub.edition.read import open_edition
from everycount_hub.edition.write import write_edition
from everycount_hub.export import ask as asking
from everycount_hub.export import write
from everycount_hub.export.ask import Answer, Order
from everycount_hub.export.places import file_of, link_to, target_of
from everycount_hub.export.rewrite import Known, faults_in, rewritten
from everycount_hub.export.tags import ids_of, tags_of
from everycount_hub.models import Edition

# ---------------------------------------------------------------- links


@pytest.mark.parametrize(
    ("link", "page", "path"),
    [
        ("/en/areas/", "/en/", "/en/areas/"),
        ("data.csv", "/en/areas/vnm/", "/en/areas/vnm/data.csv"),
        ("?by=sex", "/en/areas/vnm/", "/en/areas/vnm/"),
        ("http://localhost/en/", "/vi/", "/en/"),
        ("http://localhost", "/vi/", "/"),
        ("#goals", "/en/areas/b%C3%A9/".replace("%C3%A9", "é"), "/en/areas/bé/"),
        ("/en/f/a%402019/", "/en/", "/en/f/a@2019/"),
    ],
)
def test_a_link_leads_to_a_path(link, page, path):
    assert target_of(link, page, ("http://localhost",)).path == path


@pytest.mark.parametrize("link", ["https://example.org/en/", "mailto:a@example.org", "data:,"])
def test_what_leads_elsewhere_is_left_alone(link):
    assert target_of(link, "/en/", ("http://localhost",)) is None


def test_links_between_files_are_relative_and_quoted():
    assert link_to("static/a.css", "en/areas/vnm/index.html") == "../../../static/a.css"
    assert link_to("en/a b/index.html", "en/index.html", "x") == "a%20b/index.html#x"
    assert file_of("/en/") == "en/index.html"


def test_tags_within_scripts_and_text_fields_are_none():
    page = (
        '<a href="/x/"><script>"<a href=/y/>"</script><textarea><a href="/z/"></textarea><b id=q>'
    )
    assert [each.name for each in tags_of(page)] == ["a", "script", "textarea", "b"]
    assert ids_of(page) == {"q"}


# ---------------------------------------------------------------- a page


@pytest.fixture
def known(tmp_path):
    order = Order(edition="0123456789abcdef", languages=("en",), folder=tmp_path)
    page = {"is_page": True, "areas": frozenset({"vnm"})}
    answers = [
        Answer(path="/en/", is_page=True),
        Answer(path="/en/search/", is_page=True),
        Answer(path="/en/areas/vnm/", is_page=True),
        Answer(path="/en/indicators/5d/", **page),
        Answer(path="/en/old/", moved_to="/en/areas/vnm/"),
    ]
    return Known(answers={each.path: each for each in answers}, order=order)


@pytest.mark.parametrize(
    ("tag", "made"),
    [
        ('<a href="/en/areas/vnm/#x">', '<a href="areas/vnm/index.html#x">'),
        ('<a href="/en/old/">', '<a href="areas/vnm/index.html">'),
        ('<a href="/en/indicators/5d/?area=VNM">', '<a href="indicators/5d/index.html#area-vnm">'),
        ('<a href="/en/indicators/5d/?area=XXX">', '<a href="indicators/5d/index.html">'),
        ('<a class="x" href="/workbench/">', '<a class="x">'),
        ('<a href="/fr/">', "<a>"),
        ('<a href="?kind=area">', "<a>"),
        ('<link rel="alternate" hreflang="fr" href="/fr/">', ""),
        ('<a href="https://example.org/?a=1&amp;b">', '<a href="https://example.org/?a=1&amp;b">'),
        ('<form method="get" action="/en/x/">', '<form method="get" action="#" hidden>'),
        ('<form action="#figures">', '<form action="#figures">'),
        ('<html lang="en">', '<html lang="en" data-copy="">'),
    ],
)
def test_links_lead_into_the_copy_or_nowhere(known, tag, made):
    assert rewritten(tag, "/en/", known) == made


def test_search_answers_a_form_for_words(known):
    page = rewritten('<form action="/en/areas/"><input name="q"></form>', "/en/", known)
    assert page.startswith('<form action="search/index.html" data-search="search/index.js">')


def test_the_view_for_an_area_becomes_its_line(known):
    page = '<a href="?area=vnm">Viet Nam</a><a href="?area=vnm">again</a>'
    assert rewritten(page, "/en/indicators/5d/", known) == (
        '<a href="../../areas/vnm/index.html" id="area-vnm">Viet Nam</a>'
        '<a href="../../areas/vnm/index.html">again</a>'
    )


def test_links_that_lead_nowhere_are_found():
    ids = {"en/index.html": frozenset({"here"}), "a.csv": frozenset()}
    page = (
        '<a href="#here"><a href="#there"><a href="../a.csv"><a href="../b.csv"><a href="/a.csv">'
    )
    assert faults_in(page, "en/index.html", ids) == ["#there", "../b.csv", "/a.csv"]


# ---------------------------------------------------------------- the whole


PAGES = {
    "/en/": '<html><head><link rel="stylesheet" href="/static/everycount.css"></head><body>'
    '<main id="main"><div class="wrap"><a href="/en/areas/">Areas</a></div></main></body></html>',
    "/en/search/": '<html><form action="/en/search/" data-search="/en/search/index.js">'
    '<input name="q"></form></html>',
    "/en/areas/": '<html><a href="/en/">Home</a><a href="data.csv">Data</a></html>',
}


@pytest.fixture
def edition(settings, tmp_path, db):
    settings.STORE_FOLDER, settings.PORTAL_FOLDER = tmp_path / "store", tmp_path / "portal"
    inputs = {"format": 1, "workspaces": [], "datasets": [], "releases": []}
    digest = write_edition(inputs, lambda done, words: None)
    Edition.objects.create(digest=digest, made_at=timezone.now(), facts={})
    return open_edition(digest)


@pytest.fixture
def answering(monkeypatch):
    """Let pages of a few lines stand for those of the portal."""
    from django.http import HttpResponse, HttpResponseNotFound

    pages = dict(PAGES)

    def answer(path, **given):
        if path.endswith((".csv", ".js")):
            return HttpResponse(b"a,b\n", content_type="text/plain")
        return HttpResponse(pages[path]) if path in pages else HttpResponseNotFound()

    monkeypatch.setattr(asking, "ask", answer)
    return pages


def copied(edition, folder, **given):
    said = []
    usual = {"languages": ("en",), "processes": 1, "say": lambda *words: said.append(words)}
    return write.write_copy(edition, folder, **{**usual, **given}), said


def test_a_copy_has_pages_files_and_what_they_lead_to(edition, answering, tmp_path):
    written, said = copied(edition, tmp_path / "copy")
    names = {
        each.relative_to(tmp_path / "copy").as_posix() for each in (tmp_path / "copy").rglob("*.*")
    }
    assert {"index.html", "README.txt", "en/index.html", "en/areas/data.csv"} <= names
    assert {"static/everycount.css", "en/search/index.js"} <= names
    assert written.pages == 4
    assert said[-1][0] == said[-1][1]
    assert edition.digest[:12] in (tmp_path / "copy" / "en" / "index.html").read_text()


def test_a_link_that_leads_nowhere_fails_and_leaves_nothing(edition, answering, tmp_path):
    answering["/en/areas/"] = '<html><a href="/en/gone/">x</a><a href="/en/#no">y</a></html>'
    with pytest.raises(InputError, match="/en/gone/: found the answer 404, expected a page"):
        copied(edition, tmp_path / "copy")
    answering["/en/areas/"] = '<html><a href="/en/#no">y</a></html>'
    with pytest.raises(InputError, match=r"en/areas/index.html: found ../index.html#no"):
        copied(edition, tmp_path / "copy")
    assert not [each for each in tmp_path.iterdir() if "copy" in each.name]


def test_a_copy_takes_the_place_of_another_only_when_asked(edition, answering, tmp_path):
    folder = tmp_path / "copy"
    folder.mkdir()
    (folder / "old.txt").write_text("old")
    with pytest.raises(OSError, match="not empty"):
        copied(edition, folder)
    assert (folder / "old.txt").read_text() == "old"
    copied(edition, folder, replace=True)
    assert not (folder / "old.txt").exists()
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_two_copies_are_the_same_bytes(edition, answering, tmp_path):
    for name in ("a", "b"):
        copied(edition, tmp_path / name)
    for place in (tmp_path / "a").rglob("*.*"):
        assert (
            place.read_bytes() == (tmp_path / "b" / place.relative_to(tmp_path / "a")).read_bytes()
        )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--languages", "en,xx"], "found 'xx', expected some of en, fr"),
        (["--languages", ","], "found ',', expected some of"),
    ],
)
def test_the_command_names_what_is_wrong(tmp_path, given, message):
    result = CliRunner().invoke(export, [str(tmp_path / "new"), *given])
    assert message in str(result.exception)


def test_the_command_writes_over_nothing(tmp_path):
    result = CliRunner().invoke(export, [str(tmp_path)])
    assert "is there already" in str(result.exception)
