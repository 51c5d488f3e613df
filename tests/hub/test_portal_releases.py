"""Releases: what they hold, what changed, everything in one file, and who is told."""

import csv
import hashlib
import io
import json
import re
import zipfile

import pytest
import yaml
from lxml import etree, html

from everycount.io.sample import sample_path
from everycount_hub import store
from everycount_hub.actions import datasets, releases
from everycount_hub.edition.kept import place_of
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


ATOM = {"a": "http://www.w3.org/2005/Atom"}
PLACE = "/en/releases/viet-nam/1/"


def archive(client, place=PLACE):
    return zipfile.ZipFile(io.BytesIO(body(client.get(f"{place}all.zip"))))


def test_list_and_page_of_a_release(office, client):
    version = office.approved(office.dataset(framework=SET))
    made = office.release(version)
    assert "Figures" in words(client.get("/en/releases/").content)
    text = words(client.get(PLACE).content)
    assert made.digest in text
    assert version.digest[:12] in text
    assert "first release" in text
    assert client.get("/en/releases/viet-nam/2/").status_code == 404
    assert client.get("/en/releases/nowhere/1/").status_code == 404


def test_page_tells_what_changed_since_the_release_before(office, client):
    dataset = office.dataset(framework=SET)
    other = office.approved(office.dataset("posts"), "5e,VNM,2020,F,10,PT\n")
    office.release(office.approved(dataset), other)
    fixed = office.approved(dataset, "5d,VNM,2020,F,26.72,PT\n5d,KEN,2020,F,21,PT\n", reason="slip")
    office.release(fixed, other, title="Put right")
    answer = client.get("/en/releases/viet-nam/2/")
    changed = html.fromstring(answer.content).get_element_by_id("changes")
    text = " ".join(" ".join(changed.itertext()).split())
    assert "version 1 → 2" in text
    assert "added 1" in text
    assert "removed 1" in text
    assert "with another value 1" in text
    assert "26.72" in text
    assert "1 dataset is the same as before" in text
    assert answer["ETag"]


def test_page_whose_comparison_is_not_there_yet_is_not_cached(office, client, settings):
    dataset = office.dataset(framework=SET)
    office.release(office.approved(dataset))
    office.release(office.approved(dataset, "5d,VNM,2020,F,26.72,PT\n", reason="slip"))
    for path in (settings.STORE_FOLDER / "comparisons").glob("*"):
        path.unlink()
    answer = client.get("/en/releases/viet-nam/2/")
    assert "have not been compared yet" in words(answer.content)
    assert answer["Cache-Control"] == "no-cache"
    assert "ETag" not in answer


def test_changed_figures_of_a_withdrawn_version_are_not_shown(office, client):
    dataset = office.dataset(framework=SET)
    first = office.approved(dataset)
    office.release(first)
    office.release(office.approved(dataset, "5d,VNM,2020,F,26.72,PT\n", reason="slip"))
    datasets.withdraw(version=first, reason="Wrong", by=office.chief, keep_file=True)
    work_once()
    text = words(client.get("/en/releases/viet-nam/2/").content)
    assert "One of both versions was withdrawn" in text
    assert "26.7 " not in text


def test_archive_holds_everything_and_its_checksums_hold(office, client):
    figures = office.approved(office.dataset(framework=SET, licence="CC-BY-4.0"))
    sent = sample_path("policy/viet-nam.review.json").read_bytes()
    law = office.approved(
        office.dataset("law", content="policy"), sent_file=sent, name="review.json"
    )
    made = office.release(figures, law)
    with archive(client) as found:
        names = set(found.namelist())
        assert names == {
            "data/seats.csv", "data/seats.sdmx.csv", "metadata/seats.json", "metadata/law.json",
            "policy/law/review.json", "datapackage.json", "CITATION.cff", "README.md", "SHA256SUMS",
        }  # fmt: skip
        sums = dict(
            reversed(line.split("  ", 1)) for line in found.read("SHA256SUMS").decode().splitlines()
        )
        assert set(sums) == names - {"SHA256SUMS"}
        for name, digest in sums.items():
            assert hashlib.sha256(found.read(name)).hexdigest() == digest
        package = json.loads(found.read("datapackage.json"))
        for each in package["resources"]:
            content = found.read(each["path"])
            assert len(content) == each["bytes"]
            assert each["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        tabular = next(e for e in package["resources"] if e["path"] == "data/seats.csv")
        rows = list(csv.reader(io.StringIO(found.read("data/seats.csv").decode())))
        assert [each["name"] for each in tabular["schema"]["fields"]] == rows[0]
        assert len(rows) == 3
        cited = yaml.safe_load(found.read("CITATION.cff"))
        assert cited["identifiers"][0]["value"] == f"sha256:{made.digest}"
        assert "CC-BY-4.0" in found.read("README.md").decode()


def test_archive_is_made_once_and_has_the_same_bytes_again(office, client):
    office.release(office.approved(office.dataset(framework=SET)))
    first = body(client.get(f"{PLACE}all.zip"))
    (kept,) = place_of("").glob("*.zip")
    before = kept.stat().st_mtime_ns
    assert body(client.get("/ar/releases/viet-nam/1/all.zip")) == first
    assert kept.stat().st_mtime_ns == before
    kept.unlink()
    assert body(client.get("/ar/releases/viet-nam/1/all.zip")) == first


def test_archive_leaves_out_what_was_withdrawn_since(office, client):
    version = office.approved(office.dataset(framework=SET))
    other = office.approved(office.dataset("posts"), "5e,VNM,2020,F,10,PT\n")
    office.release(version, other)
    with archive(client) as found:
        assert "data/seats.csv" in found.namelist()
    datasets.withdraw(version=version, reason="Wrong", by=office.chief, keep_file=True)
    work_once()
    with archive(client) as found:
        assert [n for n in found.namelist() if "seats" in n] == []
        assert "Withdrawn since and left out: seats version 1" in found.read("README.md").decode()
    assert "withdrawn" in words(client.get(PLACE).content)


def test_older_release_keeps_its_own_figures(office, client):
    dataset = office.dataset(framework=SET)
    office.release(office.approved(dataset))
    office.release(office.approved(dataset, "5d,VNM,2020,F,26.72,PT\n", reason="slip"))
    with archive(client) as old, archive(client, "/en/releases/viet-nam/2/") as new:
        assert b"19.6" in old.read("data/seats.csv")
        assert b"26.72" in new.read("data/seats.csv")


def test_feed_tells_releases_corrections_and_withdrawals(office, client):
    dataset = office.dataset(framework=SET, titles={"en": "Seats\x07 & more"})
    office.release(office.approved(dataset))
    fixed = office.approved(dataset, "5d,VNM,2020,F,26.72,PT\n", reason="A slip")
    office.release(fixed, title="Put right")
    office.checked(office.dataset("secret"), "5e,VNM,2020,F,10,PT\n")
    datasets.withdraw(version=fixed, reason="Wrong after all", by=office.chief, keep_file=True)
    work_once()
    content = client.get("/en/releases/feed.atom").content
    feed = etree.fromstring(content)
    kinds = feed.xpath("//a:entry/a:category/@term", namespaces=ATOM)
    assert sorted(kinds) == ["release", "release", "withdrawal"]
    stamps = feed.xpath("//a:entry/a:updated/text()", namespaces=ATOM)
    assert stamps == sorted(stamps, reverse=True)
    assert b"Wrong after all" in content
    assert b"Secret" not in content
    ids = feed.xpath("//a:entry/a:id/text()", namespaces=ATOM)
    assert len(set(ids)) == 3
    other = etree.fromstring(client.get("/ar/releases/feed.atom").content)
    assert other.xpath("//a:entry/a:id/text()", namespaces=ATOM) == ids
    for href in feed.xpath("//a:entry/a:link/@href", namespaces=ATOM):
        assert href.startswith("https://hub.example/en/")
        assert (
            client.get(href.removeprefix("https://hub.example").partition("#")[0]).status_code
            == 200
        )


def test_correction_is_in_the_feed(office, client):
    dataset = office.dataset(framework=SET)
    office.release(office.approved(dataset))
    office.release(office.approved(dataset, "5d,VNM,2020,F,26.72,PT\n", reason="A slip"))
    feed = etree.fromstring(client.get("/en/releases/feed.atom").content)
    (entry,) = feed.xpath("//a:entry[a:category/@term='correction']", namespaces=ATOM)
    assert entry.findtext("a:title", namespaces=ATOM) == "Correction: Seats"
    assert entry.findtext("a:summary", namespaces=ATOM) == "A slip"


def test_calendar_has_lines_that_are_short_and_escaped(office, client):
    title = "Số liệu; mới, đúng\\" * 6
    office.release(office.approved(office.dataset(framework=SET)), title=title)
    content = client.get("/vi/releases/calendar.ics").content
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    whole = content.decode().replace("\r\n ", "")
    (summary,) = re.findall(r"^SUMMARY:(.*)\r$", whole, re.MULTILINE)
    plain = re.sub(r"\\(.)", r"\1", summary)
    assert plain.endswith(title)
    assert whole.count("BEGIN:VEVENT") == whole.count("END:VEVENT") == 1


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_lines_as_a_file(office, client, ending):
    version = office.approved(office.dataset(framework=SET))
    office.release(version)
    answer = client.get(f"{PLACE}data.{ending}")
    assert answer.status_code == 200
    if ending == "csv":
        (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
        assert row["digest"] == version.digest


def test_citations_of_a_release(office, client):
    office.release(office.approved(office.dataset(framework=SET)), title='A "title": {x}')
    assert yaml.safe_load(client.get(f"{PLACE}cite.cff").content)["title"] == 'A "title": {x}'
    assert client.get(f"{PLACE}cite.bib").content.startswith(
        b"@misc{everycount-viet-nam-release-1,"
    )
    assert client.get(f"{PLACE}cite.ris").content.startswith(b"TY  - DATA\r\n")


@pytest.mark.parametrize("code", ["vi", "ar", "fr", "es"])
def test_pages_in_each_language_without_inline_code(office, client, code):
    office.release(office.approved(office.dataset(framework=SET)))
    for path in ("releases/", "releases/viet-nam/1/"):
        shown = html.fromstring(client.get(f"/{code}/{path}").content)
        assert shown.get("lang") == code
        assert not shown.xpath("//*[@style]")
        assert len(shown.xpath("//h1")) == 1
