"""The data catalogue: what is published, each version in each format, how to cite it."""

import csv
import gzip
import io
import json
import re

import pytest
from lxml import etree, html

from everycount.io.importers.read import read_dataset
from everycount.io.sample import sample_path
from everycount_hub import store
from everycount_hub.actions import datasets, releases
from everycount_hub.edition.kept import place_of
from everycount_hub.jobs.worker import work_once
from everycount_hub.models import Dataset, DatasetVersion, Review, Workspace
from everycount_hub.portal.citing import Work, bibtex, ris

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


PLACE = "/en/data/viet-nam/seats/"
FORMATS = ("csv", "xlsx", "sdmx.csv", "sdmx.xml", "stat.json")


def test_catalogue_lists_what_is_published_and_no_draft(office, client):
    office.release(office.approved(office.dataset(framework=SET, licence="CC-BY-4.0")))
    office.checked(office.dataset("secret"), "5e,VNM,2020,F,10,PT\n")
    text = words(client.get("/en/data/").content)
    assert "1 of 1 datasets" in text
    assert "Seats" in text
    assert "Secret" not in text
    assert client.get("/en/data/viet-nam/secret/").status_code == 404


def test_facets_narrow_and_count_what_the_others_leave(office, client):
    office.release(office.approved(office.dataset(framework=SET, licence="CC-BY-4.0")))
    office.release(office.approved(office.dataset("posts"), "5e,VNM,2020,F,10,PT\n"))
    shown = html.fromstring(client.get("/en/data/?licence=CC-BY-4.0").content)
    assert [each.text for each in shown.cssselect("tbody th a")] == ["Seats"]
    said = [
        " ".join(e.text_content().split()) for e in shown.cssselect("nav[aria-label=Licence] a")
    ]
    assert said == ["not stated (1)", "✓ CC-BY-4.0 (1)"]
    assert "No dataset has all of this" in words(client.get("/en/data/?licence=GPL").content)
    assert client.get("/en/data/?country=" + "x" * 5000).status_code == 200


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_catalogue_as_a_file(office, client, ending):
    office.release(office.approved(office.dataset(framework=SET)))
    answer = client.get(f"/en/data/data.{ending}")
    assert answer.status_code == 200
    if ending == "json":
        (row,) = json.loads(answer.content)["tables"][0]["rows"]
        assert (row["dataset"], row["observations"], row["version"]) == ("seats", 2, 1)


def test_page_tells_facts_versions_and_indicators(office, client):
    dataset = office.dataset(framework=SET, licence="CC-BY-4.0", source_url="https://ipu.example/a")
    office.release(office.approved(dataset))
    fixed = office.approved(dataset, "5d,VNM,2020,F,26.72,PT\n", reason="A slip of the pen")
    office.release(fixed, title="Figures put right")
    text = words(client.get(PLACE).content)
    for said in ("CC-BY-4.0", "https://ipu.example/a", "A slip of the pen", "2010", fixed.digest):
        assert (said in text) == (said != "2010")
    rows = html.fromstring(client.get(PLACE).content).cssselect("#versions tbody tr")
    assert [row.cssselect("th")[0].text_content().strip() for row in rows] == ["2", "1"]
    assert all(len(row.cssselect("a[download]")) == len(FORMATS) for row in rows)


def test_every_format_of_every_version_has_the_figures_of_that_version(office, client):
    dataset = office.dataset(framework=SET)
    first = office.approved(dataset)
    office.release(first)
    second = office.approved(dataset, "5d,VNM,2020,F,26.72,PT\n", reason="slip")
    office.release(second)
    for version, values in ((first, {26.7, 19.6}), (second, {26.72})):
        for ending in FORMATS:
            answer = client.get(f"{PLACE}{version.digest}.{ending}")
            assert answer.status_code == 200, ending
            content = body(answer)
            found = {
                float(each) for each in re.findall(rb"(?<![\d.])\d\d\.\d{1,2}(?![\d.])", content)
            }
            if ending != "xlsx":
                assert values <= found, ending
                assert not ({26.7, 19.6, 26.72} - values) & found, ending


def test_file_can_be_read_back(office, client, tmp_path):
    version = office.approved(office.dataset(framework=SET))
    office.release(version)
    for ending in ("csv", "xlsx", "sdmx.csv", "sdmx.xml"):
        place = tmp_path / f"figures.{ending}"
        place.write_bytes(body(client.get(f"{PLACE}{version.digest}.{ending}")))
        table = read_dataset(place).table
        assert sorted(table["OBS_VALUE"].to_list()) == [19.6, 26.7], ending


def test_file_is_made_once_and_compressed_where_taken(office, client):
    version = office.approved(office.dataset(framework=SET))
    office.release(version)
    address = f"{PLACE}{version.digest}.csv"
    plain = body(client.get(address))
    packed = client.get(address, headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert packed["Content-Length"] == str(len(body(packed)))
    assert gzip.decompress(body(client.get(address, headers={"accept-encoding": "gzip"}))) == plain
    assert "Accept-Encoding" in packed["Vary"]
    assert len(list(place_of("").glob("*"))) == 1


def test_same_file_whatever_the_language_of_the_reader(office, client):
    version = office.approved(office.dataset(framework=SET))
    office.release(version)
    answers = {
        body(client.get(f"/{c}/data/viet-nam/seats/{version.digest}.xlsx")) for c in ("ar", "en")
    }
    assert len(answers) == 1


def test_unknown_file_is_not_found(office, client):
    draft = office.checked(office.dataset("draft"))
    version = office.approved(office.dataset(framework=SET))
    office.release(version)
    assert client.get(f"{PLACE}{'0' * 64}.csv").status_code == 404
    assert client.get(f"{PLACE}{draft.digest}.zip").status_code == 404
    assert client.get(f"{PLACE}{version.digest}.zip").status_code == 404
    other = office.approved(office.dataset("posts"), "5e,VNM,2020,F,10,PT\n")
    assert client.get(f"{PLACE}{other.digest}.csv").status_code == 404


def test_withdrawn_version_leaves_a_tombstone_and_no_file(office, client):
    version = office.approved(office.dataset(framework=SET))
    office.release(version)
    address = f"{PLACE}{version.digest}.csv"
    assert status(client, address) == 200
    datasets.withdraw(version=version, reason="Counted twice", by=office.chief, keep_file=True)
    work_once()
    gone = client.get(address)
    assert gone.status_code == 410
    assert "Counted twice" in words(gone.content)
    page = client.get(PLACE)
    assert page.status_code == 200
    assert "Counted twice" in words(page.content)
    assert not html.fromstring(page.content).cssselect("a[href$='.sdmx.csv']")
    assert "withdrawn" in words(client.get("/en/data/").content)


def test_kept_files_of_what_was_withdrawn_go(office, client):
    dataset = office.dataset(framework=SET)
    version = office.approved(dataset)
    office.release(version)
    status(client, f"{PLACE}{version.digest}.csv")
    datasets.withdraw(version=version, reason="Counted twice", by=office.chief, keep_file=True)
    other = office.approved(office.dataset("posts", framework=SET), "5e,VNM,2020,F,10,PT\n")
    office.release(other)
    status(client, f"/en/data/viet-nam/posts/{other.digest}.csv")
    assert [each.name.partition("-")[0] for each in place_of("").glob("*")] == [other.digest]


def test_bundle_is_a_zip_file(office, client):
    sent = sample_path("policy/viet-nam.review.json").read_bytes()
    version = office.approved(
        office.dataset("law", content="policy"), sent_file=sent, name="review.json"
    )
    office.release(version)
    answer = client.get(f"/en/data/viet-nam/law/{version.digest}.zip")
    assert body(answer)[:2] == b"PK"
    assert client.get(f"/en/data/viet-nam/law/{version.digest}.csv").status_code == 404
    assert client.get("/en/data/viet-nam/law/").status_code == 200


def test_dcat_and_schema_org_name_published_datasets_only(office, client):
    version = office.approved(office.dataset(framework=SET, licence="CC-BY-4.0"))
    office.release(version)
    office.checked(office.dataset("secret"), "5e,VNM,2020,F,10,PT\n")
    found = json.loads(client.get("/en/data/catalogue.jsonld").content)
    assert found["@type"] == "dcat:Catalog"
    assert found["dcat:dataset"]["dct:identifier"] == f"https://hub.example{PLACE}"
    urls = {each["dcat:downloadURL"]["@id"] for each in found["dcat:dataset"]["dcat:distribution"]}
    assert f"https://hub.example{PLACE}{version.digest}.stat.json" in urls
    turtle = client.get("/en/data/catalogue.ttl").content.decode()
    assert "dcat:Catalog" in turtle
    assert "secret" not in turtle.lower()
    linked = html.fromstring(client.get(PLACE).content).xpath(
        "//script[@type='application/ld+json']"
    )
    described = json.loads(linked[0].text)
    assert (described["@type"], described["version"]) == ("Dataset", "1")
    assert len(described["distribution"]) == len(FORMATS)


def test_citations_parse(office, client):
    office.release(
        office.approved(office.dataset(titles={"en": "Seats & {50 %}"}, licence="CC-BY-4.0"))
    )
    plain = client.get(f"{PLACE}cite.txt").content.decode()
    assert plain.startswith("Viet Nam (20")
    assert f"https://hub.example{PLACE}" in plain
    entry = client.get(f"{PLACE}cite.bib").content.decode()
    fields = dict(re.findall(r"^  (\w+) = \{(.*)\},$", entry, re.MULTILINE))
    assert fields["title"] == r"{Seats \& \{50 \%\}}"
    assert fields["author"] == "{Viet Nam}"
    bare = re.sub(r"\\.", "", entry)
    assert bare.count("{") == bare.count("}")
    lines = client.get(f"{PLACE}cite.ris").content.decode().split("\r\n")
    tags = [re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", each).groups() for each in lines if each]
    assert (tags[0], tags[-1]) == (("TY", "DATA"), ("ER", ""))
    assert ("TI", "Seats & {50 %}") in tags


def test_texts_cannot_add_fields_to_a_citation():
    work = Work(key="a", authors=("A\nTY  - BOOK",), title="B},\n year = {1}", version="1",
                day="2026-01-02", address="https://a.example/")  # fmt: skip
    assert len([each for each in ris(work).split("\r\n") if each.startswith("TY")]) == 1
    assert len(re.findall(r"^ *year = ", bibtex(work), re.MULTILINE)) == 1


def test_page_as_a_file(office, client):
    office.release(office.approved(office.dataset(framework=SET)))
    text = client.get(f"{PLACE}data.csv").content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["version"], row["withdrawn"]) == ("1", "false")
    assert client.get(f"{PLACE}data.xlsx").status_code == 200


@pytest.mark.parametrize("code", ["vi", "ar", "fr", "es"])
def test_pages_in_each_language_without_inline_code(office, client, code):
    office.release(office.approved(office.dataset(framework=SET)))
    for path in ("data/", "data/viet-nam/seats/"):
        shown = html.fromstring(client.get(f"/{code}/{path}").content)
        assert shown.get("lang") == code
        assert not shown.xpath("//*[@style]")
        assert len(shown.xpath("//h1")) == 1


def test_sdmx_file_is_well_formed(office, client):
    version = office.approved(office.dataset(framework=SET, titles={"en": "Côte d'Ivoire <&>"}))
    office.release(version)
    etree.fromstring(body(client.get(f"{PLACE}{version.digest}.sdmx.xml")))


def test_reader_is_asked_to_wait_where_many_files_are_made(office, client, monkeypatch):
    from everycount_hub.edition import kept

    version = office.approved(office.dataset(framework=SET))
    office.release(version)
    monkeypatch.setattr(kept, "PATIENCE", 0.01)
    for _turn in range(kept.AT_ONCE):
        kept._WRITING.acquire()
    try:
        answer = client.get(f"{PLACE}{version.digest}.csv")
    finally:
        for _turn in range(kept.AT_ONCE):
            kept._WRITING.release()
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert status(client, f"{PLACE}{version.digest}.csv") == 200


def test_disk_without_room_leaves_no_half_file(office, client, monkeypatch):
    from everycount_hub.edition import kept

    version = office.approved(office.dataset(framework=SET))
    office.release(version)

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept.os, "fsync", full)
    answer = client.get(f"{PLACE}{version.digest}.csv")
    assert answer.status_code == 503
    assert "No space left" in answer.content.decode()
    assert list(place_of("").iterdir()) == []
