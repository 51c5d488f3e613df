"""The page of a version: what next, reading all of it, files to take along, and what is erased."""

import io
import json
import re
import zipfile
from datetime import date, timedelta

import openpyxl
import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from everycount.io.declare import read
from everycount.io.frameworks import SHIPPED
from everycount.io.importers.read import open_dataset
from everycount.io.importers.source import Source
from everycount.model.column_mapping import ColumnMapping
from everycount_hub import store
from everycount_hub.actions import api_tokens
from everycount_hub.contents.archive import pack
from everycount_hub.jobs.worker import work_once
from everycount_hub.models import Appraisal, AuditEvent, DatasetVersion, Job
from everycount_hub.queries import contents
from everycount_hub.workbench import downloads, guidance, versions

pytestmark = pytest.mark.django_db
PLACE = "/workspaces/viet-nam/"
SEATS = f"{PLACE}datasets/seats/"
HEAD = "INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE,UNIT_MEASURE\n"
SECRET = "Nguyen Thi Bi Mat"


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path):
    settings.STORE_FOLDER = tmp_path / "store"


class People:
    """A signed-in browser for each role."""

    def __init__(self, workspace, make_member):
        self.workspace, self.make_member = workspace, make_member
        self.clients, self.users = {}, {}

    def __getitem__(self, role: str) -> Client:
        if role not in self.clients:
            self.clients[role] = Client()
            self.users[role] = self.make_member(self.workspace, role)
            self.clients[role].force_login(self.users[role])
        return self.clients[role]


@pytest.fixture
def people(workspace, make_member):
    return People(workspace, make_member)


def text_of(answer) -> str:
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", words.replace("&#x27;", "'").replace("&quot;", '"'))


def post(client, path, status=302, **given):
    answer = client.post(path, given)
    assert answer.status_code == status, text_of(answer)[:2000]
    return answer


def rows(number, areas=("VNM",)):
    return HEAD + "".join(
        f"5{'abc'[each % 3]},{areas[each % len(areas)]},{1900 + each // 3},F,{each},PT\n"
        for each in range(number)
    )


def send(people, text, role="producer", slug="seats", kind="own", content="figures", **given):
    if not DatasetVersion.objects.filter(dataset__slug=slug).exists():
        made = {"slug": slug, "kind": kind, "name_en": slug.title(), "content": content}
        post(people[role], f"{PLACE}datasets/new/", **made)
    file = given.pop("name", "figures.csv")
    text = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile(file, text)
    post(people[role], f"{PLACE}datasets/{slug}/submit/", file=file, **given)
    work_once()
    return DatasetVersion.objects.latest("pk")


def body(answer) -> bytes:
    assert answer.status_code == 200, answer
    return b"".join(answer.streaming_content)


# ---------------------------------------------------------------- removed for good


def test_removing_the_file_erases_what_was_quoted_from_it(people):
    mapping = f'# by {SECRET}\n[columns]\nName = "COMMENT_OBS"\n'.encode()
    text = HEAD.replace("\n", ",Name\n") + f"5a,VNM,2021,F,{SECRET},PT,{SECRET}\n"
    version = send(
        people, text, name=f"{SECRET}.csv", mapping=SimpleUploadedFile("m.toml", mapping)
    )
    Job.objects.filter(kind="check_version").update(error=f"the file {SECRET}.csv is broken")
    version.metadata = {"structure": "OBSERVATION", "notes": [SECRET], "codes": {"X": {SECRET: {}}}}
    version.save()
    assert SECRET in text_of(people["producer"].get(f"{SEATS}1/"))
    post(people["producer"], f"{SEATS}1/withdraw/", reason="Held names", file="remove")
    work_once()
    version.refresh_from_db()
    assert version.error_count == 1
    assert [(each["rule"], each["count"]) for each in version.findings] == [("unreadable", 1)]
    held = [*DatasetVersion.objects.values(), *Job.objects.values(), *AuditEvent.objects.values()]
    assert SECRET not in json.dumps(held, default=str, ensure_ascii=False)
    assert version.metadata == {"structure": "OBSERVATION"}
    for page in (f"{SEATS}1/", SEATS, f"{PLACE}datasets/", f"{PLACE}audit/"):
        assert SECRET not in people["producer"].get(page).content.decode()
    page = text_of(people["producer"].get(f"{SEATS}1/"))
    assert "What was quoted from the file was erased with it." in page
    assert "File removed" in page
    made = api_tokens.make(
        user=people.users["producer"],
        name="t",
        workspace=people.workspace,
        valid=timedelta(days=30),
    )
    told = Client().get(
        "/api/datasets/viet-nam/seats/versions/1", headers={"Authorization": f"Bearer {made.text}"}
    )
    assert told.json()["findings"][0]["count"] == 1
    assert SECRET not in told.content.decode()
    assert not list(store.files())


def test_withdrawing_with_the_file_kept_keeps_what_was_found(people):
    version = send(people, HEAD + "5a,VNM,2021,F,x,PT\n")
    post(people["producer"], f"{SEATS}1/withdraw/", reason="Wrong", file="keep")
    version.refresh_from_db()
    assert version.findings[0]["examples"]
    assert version.source_name == "figures.csv"


# ---------------------------------------------------------------- faulty: what next


def test_a_contributor_is_led_from_a_faulty_version_to_the_next(people):
    send(people, HEAD + "5a,VNM,2021,F,x,PT\n", role="contributor")
    page = people["contributor"].get(f"{SEATS}1/")
    assert f'<a href="{SEATS}submit/">Send the mended file</a>' in page.content.decode()
    assert "Check again" not in text_of(page)
    assert '/workbench/help/mappings/"' in page.content.decode()
    send(people, rows(1), role="contributor", reason="Mended")
    assert "Send the mended file" not in text_of(people["contributor"].get(f"{SEATS}1/"))


def test_check_again_with_a_mapping_reads_the_same_file(people):
    text = rows(1).replace("SEX", "Group")
    send(people, text.replace("INDICATOR", "Was"))
    assert DatasetVersion.objects.get().state == "faulty"
    page = people["producer"].get(f"{SEATS}1/check/").content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert "Read it without" not in page
    mapping = SimpleUploadedFile("m.toml", b'[columns]\nWas = "INDICATOR"\nGroup = "SEX"\n')
    post(people["producer"], f"{SEATS}1/check/", mapping=mapping)
    work_once()
    version = DatasetVersion.objects.get()
    assert version.state == "checked", version.findings
    assert version.options["mapping"].startswith("[columns]")


def test_check_again_without_the_mapping_that_was_wrong(people):
    wrong = SimpleUploadedFile("m.toml", b"[colums]\n")
    send(people, rows(1), mapping=wrong)
    version = DatasetVersion.objects.get()
    assert version.state == "faulty"
    other = SimpleUploadedFile("m.toml", b"[columns]\n")
    refused = post(people["producer"], f"{SEATS}1/check/", 422, without="on", mapping=other)
    assert "Choose one: a new column mapping, or none." in text_of(refused)
    post(people["producer"], f"{SEATS}1/check/", without="on")
    work_once()
    version.refresh_from_db()
    assert (version.state, version.options) == ("checked", {})


def test_check_again_as_before_keeps_how_it_was_read(people):
    send(people, HEAD + "5a,VNM,2021,F,x,PT\n", mapping=SimpleUploadedFile("m", b"[columns]\n"))
    post(people["producer"], f"{SEATS}1/check/")
    assert DatasetVersion.objects.get().options == {"mapping": "[columns]\n"}


def test_help_about_mappings_has_an_example_that_works(people, tmp_path):
    page = people["reader"].get("/workbench/help/mappings/")
    assert "Country = &quot;REF_AREA&quot;" in page.content.decode()
    file = tmp_path / "figures.csv"
    file.write_text(guidance.FILE)
    mapping = read(guidance.MAPPING, ColumnMapping, subject="the example")
    table = pl.concat(list(open_dataset(Source(name=file.name, path=file), mapping=mapping)))
    assert table["OBS_VALUE"].to_list() == [30.3, 100.0]
    assert table["SEX"].to_list() == ["F", "_T"]


def test_an_approved_version_is_offered_for_release(people):
    version = send(people, rows(1))
    post(people["methodologist"], f"{SEATS}1/review/", outcome="fit")
    post(people["approver"], f"{SEATS}1/approve/")
    page = people["approver"].get(f"{SEATS}1/").content.decode()
    address = f"{PLACE}releases/new/?version={version.pk}"
    assert f'<a href="{address}">Make a release</a>' in page
    assert "Make a release" not in people["producer"].get(f"{SEATS}1/").content.decode()
    box = re.search(rf'<input[^>]*value="{version.pk}"[^>]*>', people["approver"].get(address).text)
    assert "checked" in box[0]
    assert people["approver"].get(f"{PLACE}releases/new/?version=x").status_code == 200


# ---------------------------------------------------------------- reading all of it


def test_figures_are_paged_and_narrowed_by_lists(people):
    version = send(people, rows(250, areas=("VNM", "KEN")))
    version.metadata = {**version.metadata, "codes": {"INDICATOR": {"5a": {"en": "Seats held"}}}}
    version.save()
    first = people["methodologist"].get(f"{SEATS}1/")
    assert "Rows 1 to 100 of 250." in text_of(first)
    assert "Page 1 of 3" in text_of(first)
    assert '<option value="5a">5a – Seats held</option>' in first.content.decode()
    assert re.search(r'<option value="\w+">\w+ – Kenya</option>', first.content.decode())
    last = text_of(people["methodologist"].get(f"{SEATS}1/?page=3"))
    assert "Rows 201 to 250 of 250." in last
    for odd in ("99", "0", "x", "9" * 30, "-1", "²"):
        assert "250." in text_of(people["methodologist"].get(f"{SEATS}1/", {"page": odd}))
    narrowed = people["methodologist"].get(f"{SEATS}1/?INDICATOR=5a")
    assert "Rows 1 to 84 of 84." in text_of(narrowed)
    assert '<option value="5a" selected>' in narrowed.content.decode()
    assert f'href="{SEATS}1/figures/csv/?INDICATOR=5a"' in narrowed.content.decode()
    shown = set()
    for page in (1, 2, 3):
        held = people["methodologist"].get(f"{SEATS}1/?page={page}").context["rows"]
        place = held.columns.index("OBS_VALUE")
        shown |= {row[place] for row in held.rows}
    assert shown == set(map(float, range(250)))


@pytest.mark.parametrize("kind", ["csv", "sdmx-csv", "excel"])
def test_figures_are_taken_along_with_their_label(kind, people, settings):
    settings.APPRAISAL_SCHEME = None
    version = send(people, rows(6), kind="third_party")
    Appraisal.objects.create(
        version=version,
        outcome="supplementary",
        reason="Fills a gap",
        expires_on=date(2040, 1, 1),
        by=people.users["producer"],
        at=timezone.now(),
        form={},
    )
    answer = people["methodologist"].get(f"{SEATS}1/figures/{kind}/?INDICATOR=5a")
    content = body(answer)
    assert answer["Content-Disposition"].startswith('attachment; filename="seats-1.')
    assert answer["X-Content-Type-Options"] == "nosniff"
    if kind == "excel":
        sheet = openpyxl.load_workbook(io.BytesIO(content))["Data"]
        table = [dict(zip(*pair, strict=True)) for pair in _pairs(list(sheet.values))]
    else:
        table = pl.read_csv(content, infer_schema=False).to_dicts()
    assert [each["INDICATOR"] for each in table] == ["5a", "5a"]
    assert all(each["APPRAISAL"] for each in table)


def _pairs(values):
    head = next(row for row in values if "INDICATOR" in row)
    return [(head, row) for row in values[values.index(head) + 1 :]]


def test_figures_beyond_what_a_file_may_have_are_refused_in_words(people, monkeypatch):
    send(people, rows(6))
    monkeypatch.setattr(contents, "MOST", 5)
    answer = people["producer"].get(f"{SEATS}1/figures/csv/", follow=True)
    assert "5 at most: narrow them by indicator or area" in text_of(answer)
    assert people["producer"].get(f"{SEATS}1/figures/pdf/").status_code == 404


def test_figures_wait_for_their_turn(people, monkeypatch):
    send(people, rows(1))
    monkeypatch.setattr(downloads, "PATIENCE", 0.01)
    with downloads.WRITING, downloads.WRITING:
        answer = people["producer"].get(f"{SEATS}1/figures/csv/", follow=True)
    assert "other files are being written" in text_of(answer)


def test_the_file_is_handed_over_as_it_came(people):
    text = HEAD + "5a,VNM,2021,F,<script>alert(1)</script>,PT\n"
    send(people, text, name="Số liệu.html", role="contributor")
    for role in ("contributor", "methodologist"):
        answer = people[role].get(f"{SEATS}1/source/")
        assert body(answer) == text.encode()
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].startswith("sandbox")
        assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''S%E1%BB%91")


def test_readers_get_the_figures_of_a_release_but_not_the_file_as_it_came(people):
    version = send(people, rows(1))
    post(people["methodologist"], f"{SEATS}1/review/", outcome="fit")
    post(people["approver"], f"{SEATS}1/approve/")
    assert people["reader"].get(f"{SEATS}1/figures/csv/").status_code == 404
    post(people["approver"], f"{PLACE}releases/new/", title="June", versions=[version.pk])
    assert b"5a" in body(people["reader"].get(f"{SEATS}1/figures/csv/"))
    assert people["reader"].get(f"{SEATS}1/source/").status_code == 404
    assert "/source/" not in people["reader"].get(f"{SEATS}1/").content.decode()
    store.source_path(version.source, version.source_name).unlink()
    assert people["producer"].get(f"{SEATS}1/source/").status_code == 404
    post(people["approver"], f"{SEATS}1/withdraw/", reason="Names", file="remove")
    assert people["producer"].get(f"{SEATS}1/source/").status_code == 404
    answer = people["producer"].get(f"{SEATS}1/figures/csv/", follow=True)
    assert "are not kept" in text_of(answer)


def test_a_framework_shows_its_facts_and_its_files(people):
    framework = (SHIPPED / "un-minimum-set-2021.toml").read_bytes()
    version = send(people, framework, slug="set", content="framework", name="set.toml")
    version.metadata["files"].append("a/b.txt")
    version.digest = store.put_bundle(
        pack({"framework.toml": framework, "a/b.txt": b"more"})
    ).digest
    version.save()
    place = f"{PLACE}datasets/set/1/"
    page = people["methodologist"].get(place)
    assert "Reference un-minimum-set@2021" in text_of(page)
    name = "framework.toml"
    assert f'href="{place}bundle/a/b.txt"' in page.content.decode()
    assert body(people["methodologist"].get(f"{place}bundle/{name}")) == framework
    answer = people["methodologist"].get(f"{place}bundle/a/b.txt")
    assert body(answer) == b"more"
    assert answer["Content-Disposition"] == 'attachment; filename="b.txt"'
    with zipfile.ZipFile(io.BytesIO(body(people["methodologist"].get(f"{place}bundle/")))) as whole:
        assert whole.namelist() == ["a/b.txt", name]
    assert people["methodologist"].get(f"{place}bundle/../secret.key").status_code == 404
    assert people["methodologist"].get(f"{place}bundle/none").status_code == 404
    assert people["reader"].get(f"{place}bundle/{name}").status_code == 404
    store.bundle_path(version.digest).unlink()
    assert people["methodologist"].get(f"{place}bundle/").status_code == 404


def test_a_version_of_figures_has_no_bundle(people):
    send(people, rows(1))
    assert people["producer"].get(f"{SEATS}1/bundle/").status_code == 404


def test_every_fact_of_every_content_has_a_title():
    assert {"title", "units", "clauses", "estimates", "entries", "reference"} <= set(versions.FACTS)
