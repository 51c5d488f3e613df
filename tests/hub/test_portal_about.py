"""Pages about the portal, the page of an address that leads nowhere, and files for programs."""

import re

import pytest
from lxml import etree, html

from everycount_hub import store
from everycount_hub.actions import datasets, releases
from everycount_hub.jobs.worker import work_once
from everycount_hub.models import Dataset, DatasetVersion, Review, Workspace

pytestmark = pytest.mark.django_db
HEAD = "INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE,UNIT_MEASURE\n"
SET = "sdg-gender-index@2019"
ROWS = "5d,VNM,2020,F,26.7,PT\n5d,FJI,2020,F,19.6,PT\n"


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.STORE_FOLDER = tmp_path / "store"
    settings.PORTAL_FOLDER = tmp_path / "portal"
    settings.PUBLIC_URL = "https://hub.example"


class Office:
    """A public country's workspace whose people take each step."""

    def __init__(self, workspace, make_user):
        self.workspace = workspace
        Workspace.objects.filter(pk=workspace.pk).update(is_public=True)
        workspace.refresh_from_db()
        self.author, self.chief = make_user(), make_user()

    def dataset(self, slug="seats", **said):
        described = {"titles": {"en": slug.title()}, "kind": Dataset.Kind.OWN, **said}
        return datasets.create(
            workspace=self.workspace,
            description=datasets.Description(slug=slug, **described),
            by=self.author,
        )

    def checked(self, dataset, rows=ROWS, *, sent_file=None, name="figures.csv", reason="new"):
        stored = store.put_source([sent_file or (HEAD + rows).encode()], name=name)
        sent = datasets.Sent(
            digest=stored.digest, size=stored.size, name=name, origin=DatasetVersion.Origin.UPLOAD
        )
        version = datasets.submit(dataset=dataset, sent=sent, by=self.author, reason=reason)
        work_once()
        version.refresh_from_db()
        assert version.state == "checked", version.findings
        return version

    def approved(self, dataset, rows=ROWS, **given):
        version = self.checked(dataset, rows, **given)
        datasets.review(version=version, outcome=Review.Outcome.FIT, by=self.chief)
        return datasets.approve(version=version, by=self.chief)

    def release(self, *versions, title="Figures"):
        made = releases.make(
            workspace=self.workspace, versions=versions, title=title, by=self.chief
        )
        work_once()
        return made


@pytest.fixture
def office(workspace, make_user):
    return Office(workspace, make_user)


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def status(client, path):
    answer = client.get(path)
    body(answer)
    return answer.status_code


def words(content):
    return " ".join(" ".join(html.fromstring(content).itertext()).split())


PARTS = ("", "method/", "accessibility/", "api/", "corrections/", "licence/")
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("code", ["en", "vi", "ar"])
def test_pages_about_the_portal(office, client, part, code):
    office.release(office.approved(office.dataset(framework=SET)))
    shown = html.fromstring(client.get(f"/{code}/about/{part}").content)
    assert shown.get("lang") == code
    assert not shown.xpath("//*[@style]")
    (here,) = shown.cssselect("nav.tabs a[aria-current=page]")
    assert here.get("href") == f"/{code}/about/{part}"


def test_licence_page_counts_the_datasets_of_each(office, client):
    office.release(office.approved(office.dataset(framework=SET, licence="CC-BY-4.0")))
    office.release(office.approved(office.dataset("posts"), "5e,VNM,2020,F,10,PT\n"))
    shown = html.fromstring(client.get("/en/about/licence/").content)
    links = {each.get("href"): words_of(each) for each in shown.cssselect("ul.links a")}
    assert links == {
        "/en/data/?licence=none": "not stated 1 dataset",
        "/en/data/?licence=CC-BY-4.0": "CC-BY-4.0 1 dataset",
    }
    for href in links:
        assert "1 of 2 datasets" in words(client.get(href).content)


def words_of(node):
    return " ".join(" ".join(node.itertext()).split())


def test_links_of_the_pages_lead_somewhere(office, client):
    office.release(office.approved(office.dataset(framework=SET, licence="CC-BY-4.0")))
    paths = ["/en/", "/en/data/", "/en/data/viet-nam/seats/", "/en/releases/",
             "/en/releases/viet-nam/1/", *(f"/en/about/{part}" for part in PARTS)]  # fmt: skip
    found = set()
    for path in paths:
        shown = html.fromstring(client.get(path).content)
        hrefs = [each.get("href").partition("#")[0] for each in shown.xpath("//main//a[@href]")]
        found |= {
            each if each.startswith("/") else path + each for each in hrefs if "://" not in each
        }
    found = {each for each in found if not each.startswith("/api/")}
    assert len(found) > 30
    assert [each for each in sorted(found) if status(client, each) != 200] == []


def test_frame_has_description_canonical_languages_and_feed(office, client):
    office.release(office.approved(office.dataset(framework=SET)))
    shown = html.fromstring(client.get("/vi/data/?content=figures").content)
    assert shown.xpath("//meta[@name='description']/@content")[0]
    assert shown.xpath("//link[@rel='canonical']/@href") == ["https://hub.example/vi/data/"]
    languages = dict(
        zip(
            shown.xpath("//link[@hreflang]/@hreflang"),
            shown.xpath("//link[@hreflang]/@href"),
            strict=True,
        )
    )
    assert set(languages) == {"en", "vi", "fr", "es", "ar", "x-default"}
    assert (
        languages["x-default"] == languages["en"] == "https://hub.example/en/data/?content=figures"
    )
    feeds = shown.xpath("//link[@type='application/atom+xml']/@href")
    assert client.get(feeds[0]).status_code == 200


def test_unknown_address_suggests_pages_with_names_like_it(office, client):
    office.release(office.approved(office.dataset(framework=SET)))
    answer = client.get("/vi/areas/vietnam/")
    assert answer.status_code == 404
    shown = html.fromstring(answer.content)
    assert shown.get("lang") == "vi"
    assert "/vi/areas/vnm/" in [each.get("href") for each in shown.cssselect("ul.links a")]
    odd = client.get("/en/" + "%3Cscript%3E/" * 40)
    assert odd.status_code == 404
    assert b"<script>/" not in odd.content


def test_unknown_address_before_anything_is_published(client, db):
    answer = client.get("/ar/nowhere/")
    assert answer.status_code == 404
    assert html.fromstring(answer.content).get("dir") == "rtl"


def test_unknown_address_elsewhere_keeps_the_page_of_the_hub(client, db):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert b"Did you mean" not in answer.content


def test_sitemap_names_every_published_page_in_each_language(office, client):
    office.release(office.approved(office.dataset(framework=SET)))
    office.checked(office.dataset("secret"), "5e,VNM,2020,F,10,PT\n")
    root = etree.fromstring(client.get("/sitemap.xml").content)
    pages = root.xpath("//s:loc/text()", namespaces=MAP)
    assert len(pages) == len(set(pages))
    assert "https://hub.example/ar/data/viet-nam/seats/" in pages
    assert "https://hub.example/en/releases/viet-nam/1/" in pages
    assert "https://hub.example/vi/areas/vnm/" in pages
    assert not [each for each in pages if "secret" in each]
    first = root.find("s:url", MAP)
    languages = first.xpath("x:link/@hreflang", namespaces=MAP)
    assert languages == ["en", "vi", "fr", "es", "ar", "x-default"]
    own = [each.removeprefix("https://hub.example") for each in pages if "/en/" in each]
    some = [each for each in own if not re.search(r"/indicators/(?!5d/).", each)]
    assert [each for each in some if status(client, each) != 200] == []


def test_sitemap_of_an_empty_hub(client, db):
    root = etree.fromstring(client.get("/sitemap.xml").content)
    assert len(root) == 0


def test_robots_and_security(client, db, settings):
    settings.SECURITY_CONTACT = "mailto:security@office.example"
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: https://hub.example/sitemap.xml" in text
    assert "Disallow: /workbench/" in text
    told = client.get("/.well-known/security.txt").content.decode()
    assert told.startswith("Contact: mailto:security@office.example\n")
    assert re.search(r"^Expires: \d{4}-\d\d-\d\dT00:00:00Z$", told, re.MULTILINE)
