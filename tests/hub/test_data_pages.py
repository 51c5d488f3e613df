"""Pages about datasets, releases and jobs: who sees them, what they do, with how many queries."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from everycount.errors import Unavailable
from everycount_hub import queue, store
from everycount_hub.jobs.worker import work_once
from everycount_hub.models import AuditEvent, Dataset, DatasetVersion, Job, Release
from everycount_hub.permissions import Role

pytestmark = pytest.mark.django_db
FIGURES = "INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE,UNIT_MEASURE\n5a,VNM,2021,F,{value},PT\n"
PLACE = "/workspaces/viet-nam/"
SEATS = f"{PLACE}datasets/seats/"


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path):
    settings.STORE_FOLDER = tmp_path / "store"


class People:
    """A signed-in browser for each role."""

    def __init__(self, workspace, make_member):
        self.workspace, self.make_member, self.clients = workspace, make_member, {}

    def __getitem__(self, role: str) -> Client:
        if role not in self.clients:
            self.clients[role] = Client()
            self.clients[role].force_login(self.make_member(self.workspace, role))
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


def figures(value=30.26, text=None):
    return SimpleUploadedFile("figures.csv", (text or FIGURES.format(value=value)).encode())


def make_dataset(people, kind="own", slug="seats"):
    given = {"slug": slug, "kind": kind, "name_en": slug.title(), "licence": "CC-BY-4.0"}
    return post(people["producer"], f"{PLACE}datasets/new/", **given)


@pytest.fixture
def approved(people):
    """A dataset with a version that is approved, made in the pages alone."""
    make_dataset(people)
    post(people["producer"], f"{SEATS}submit/", file=figures())
    work_once()
    post(people["methodologist"], f"{SEATS}1/review/", outcome="fit")
    post(people["approver"], f"{SEATS}1/approve/", note="Well made")
    return DatasetVersion.objects.get()


def release(people, status=302, **given):
    usual = {"title": "June", "versions": [DatasetVersion.objects.latest("pk").pk]}
    return post(people["approver"], f"{PLACE}releases/new/", status, **{**usual, **given})


# ---------------------------------------------------------------- the whole life in pages


def test_life_of_own_data_from_form_to_release_and_tombstone(people, approved):
    release(people)
    page = text_of(people["reader"].get(f"{SEATS}1/"))
    assert "released" in page
    assert "30.26" in page
    post(people["producer"], f"{SEATS}submit/", file=figures(31.5), reason="By-election counted")
    work_once()
    post(people["methodologist"], f"{SEATS}2/review/", outcome="fit")
    post(people["approver"], f"{SEATS}2/approve/")
    release(people, title="July")
    waiting = text_of(people["reader"].get(f"{PLACE}releases/2/changes/"))
    assert "Being compared: waiting" in waiting
    assert "Look again" in waiting
    work_once()
    changes = text_of(people["reader"].get(f"{PLACE}releases/2/changes/"))
    assert "Look again" not in changes
    assert "What changed from June to July" in changes
    assert "1 with another value" in changes
    assert "30.26 31.5 1.24" in changes
    assert "By-election counted" in changes
    again = people["reader"].get(f"{PLACE}releases/2/changes/?from=1")
    assert text_of(again) == changes
    post(people["approver"], f"{SEATS}1/withdraw/", reason="Superseded", file="keep")
    tombstone = text_of(people["reader"].get(f"{SEATS}1/"))
    assert "Withdrawn by Person" in tombstone
    assert "Superseded Its file is kept." in tombstone
    assert "withdrawn since" in text_of(people["reader"].get(f"{PLACE}releases/1/"))


def test_version_page_shows_faults_in_words(people):
    make_dataset(people)
    post(people["producer"], f"{SEATS}submit/", file=figures(text=FIGURES.format(value="<b>x")))
    work_once()
    answer = people["producer"].get(f"{SEATS}1/")
    page = text_of(answer)
    assert "faulty" in page
    assert "cannot be read as what it is said to hold" in page
    assert "<b>x" not in answer.content.decode()
    assert "Next steps Send the mended file Check again Withdraw" in page
    assert "If the columns of the file have names of their own: what a column mapping is" in page
    post(people["producer"], f"{SEATS}1/check/")
    assert Job.objects.filter(state="queued").count() == 1
    waiting = text_of(people["producer"].get(f"{SEATS}1/"))
    assert "The check: waiting" in waiting


def test_version_page_says_that_the_check_failed(people):
    make_dataset(people)
    post(people["producer"], f"{SEATS}submit/", file=figures())
    version = DatasetVersion.objects.get()
    store.source_path(version.source, version.source_name).unlink()
    work_once()
    page = text_of(people["producer"].get(f"{SEATS}1/"))
    assert "The check could not be done. the file figures.csv is not in the store" in page


def test_version_page_narrows_the_figures(people, approved):
    page = people["approver"].get(f"{SEATS}1/?INDICATOR=5a&REF_AREA=XYZ")
    assert "No row has these codes" in text_of(page)
    found = people["approver"].get(f"{SEATS}1/?INDICATOR=5a&REF_AREA=VNM")
    assert "30.26" in text_of(found)
    store.version_path(approved.digest).unlink()
    assert "the store has no file of the version" in text_of(people["approver"].get(f"{SEATS}1/"))


def test_submit_with_a_mapping(people):
    make_dataset(people)
    text = FIGURES.format(value=3).replace("SEX", "Group").replace(",F,", ",Women,")
    mapping = SimpleUploadedFile("m.toml", b'[columns]\nGroup = "SEX"\n[values.SEX]\nWomen = "F"\n')
    post(people["producer"], f"{SEATS}submit/", file=figures(text=text), mapping=mapping)
    work_once()
    version = DatasetVersion.objects.get()
    assert store.scan(version.digest).collect()["SEX"].to_list() == ["F"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "File : This field is required"),
        ({"file": b""}, "The submitted file is empty"),
        ({"file": b"x", "mapping": b"\xff\xfe"}, "Expected a TOML file, which is UTF-8"),
        ({"file": b"x", "mapping": b"#" * 100_001}, "A column mapping is a short TOML file"),
        ({"file": b"too long for the test"}, "a page takes up to 0 MB"),
    ],
)
def test_submit_refuses_with_words(people, settings, given, words):
    settings.LARGEST_FILE = 10
    make_dataset(people)
    files = {name: SimpleUploadedFile(f"{name}.csv", content) for name, content in given.items()}
    answer = post(people["producer"], f"{SEATS}submit/", 422, **files)
    assert words in text_of(answer)
    assert not DatasetVersion.objects.exists()


def test_submit_asks_why_from_the_second_version_on(people, approved):
    answer = post(people["producer"], f"{SEATS}submit/", 422, file=figures(3))
    assert "Why there is a new version : This field is required" in text_of(answer)


def test_submit_when_the_disk_is_full(people, monkeypatch):
    make_dataset(people)

    def full(*_given, **_named):
        raise Unavailable("the disk of the store is full (0 MB free)")

    monkeypatch.setattr(store, "put_source", full)
    answer = post(people["producer"], f"{SEATS}submit/", 422, file=figures())
    assert "the disk of the store is full" in text_of(answer)


def test_create_with_a_name_that_is_taken(people):
    make_dataset(people)
    answer = post(
        people["producer"], f"{PLACE}datasets/new/", 422, slug="seats", kind="own", name_en="x"
    )
    assert "There is a dataset “seats” already" in text_of(answer)
    assert Dataset.objects.count() == 1


def test_steps_refuse_in_words_and_keep_what_was_written(people, approved):
    answer = post(people["methodologist"], f"{SEATS}1/review/", 422, outcome="fit", note="Mine")
    assert "is approved, so it cannot become reviewed. It can be released" in text_of(answer)
    assert "Mine" in answer.content.decode()
    answer = post(people["approver"], f"{SEATS}1/review/", 422, outcome="returned")
    assert "Say what is to be put right" in text_of(answer)


# ---------------------------------------------------------------- releases


def test_release_page_before_its_time_is_seen_by_few(people, approved):
    until = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    release(people, embargoed_until=until)
    assert "Embargoed until" in text_of(people["approver"].get(f"{PLACE}releases/1/"))
    assert people["reader"].get(f"{PLACE}releases/1/").status_code == 404
    assert people["reader"].get(f"{PLACE}releases/1/changes/").status_code == 404
    assert people["reader"].get(f"{SEATS}1/").status_code == 404
    assert people["reader"].get(SEATS).status_code == 404
    assert "June" not in text_of(people["reader"].get(f"{PLACE}releases/"))
    assert "Seats" not in text_of(people["reader"].get(f"{PLACE}datasets/"))
    answer = post(people["approver"], f"{PLACE}releases/1/call-off/", 422)
    assert "This field is required" in text_of(answer)
    post(people["approver"], f"{PLACE}releases/1/call-off/", reason="Too early")
    assert "was called off" in text_of(people["approver"].get(f"{PLACE}releases/1/"))
    answer = post(people["approver"], f"{PLACE}releases/1/call-off/", 422, reason="Again")
    assert "only an embargoed release can be called off" in text_of(answer)
    release(people, title="July")
    assert "July" in text_of(people["reader"].get(f"{PLACE}releases/"))


def test_release_refuses_in_words(people, approved):
    answer = release(people, 422, embargoed_until="2020-01-01T00:00")
    assert "The end of the embargo is in the past" in text_of(answer)
    answer = release(people, 422, versions=[999])
    assert "Select a valid choice" in text_of(answer)
    assert not Release.objects.exists()


def test_changes_of_the_first_release(people, approved):
    release(people)
    page = text_of(people["reader"].get(f"{PLACE}releases/1/changes/"))
    assert "There is no earlier release" in page
    assert people["reader"].get(f"{PLACE}releases/1/changes/?from=7").status_code == 404


def test_changes_show_how_far_a_comparison_is_and_why_it_failed(people, approved):
    release(people)
    post(people["producer"], f"{SEATS}submit/", file=figures(31.5), reason="By-election counted")
    work_once()
    post(people["methodologist"], f"{SEATS}2/review/", outcome="fit")
    post(people["approver"], f"{SEATS}2/approve/")
    release(people, title="July")
    path = f"{PLACE}releases/2/changes/"
    people["reader"].get(path)
    people["reader"].get(path)
    job = Job.objects.get(kind="compare_versions")
    Job.objects.exclude(pk=job.pk).delete()
    held = queue.claim(worker="w")
    assert held == job
    queue.tell(held, 0.4, "800,000 of 2,000,000 rows compared")
    page = people["reader"].get(path)
    assert 'value="40"' in page.content.decode()
    assert "Being compared: running 800,000 of 2,000,000 rows compared" in text_of(page)
    queue.fail(held, "no room")
    page = text_of(people["reader"].get(path))
    assert "The versions could not be compared. no room" in page
    assert Job.objects.filter(kind="compare_versions").count() == 1
    post(people["reader"], f"{path}?from=1")
    work_once()
    assert "1 with another value" in text_of(people["reader"].get(path))


def test_changes_name_what_is_new_the_same_and_gone(people, approved):
    make_dataset(people, slug="births")
    post(people["producer"], f"{PLACE}datasets/births/submit/", file=figures(2))
    work_once()
    births = f"{PLACE}datasets/births/1/"
    post(people["methodologist"], f"{births}review/", outcome="fit")
    post(people["approver"], f"{births}approve/")
    both = list(DatasetVersion.objects.order_by("pk").values_list("pk", flat=True))
    release(people, versions=both[:1])
    release(people, versions=both)
    release(people, versions=both[1:])
    page = text_of(people["reader"].get(f"{PLACE}releases/2/changes/"))
    assert "New in this release: version 1" in page
    assert "The same version 1" in page
    page = text_of(people["reader"].get(f"{PLACE}releases/3/changes/"))
    assert "No longer in the release; it had version 1" in page
    post(people["approver"], f"{births}withdraw/", reason="Names", file="remove")
    assert AuditEvent.objects.filter(verb="dataset_version.withdrawn").exists()


# ---------------------------------------------------------------- jobs


def test_job_page_shows_how_far_it_is_and_lets_cancel(people, workspace, make_member):
    make_dataset(people)
    post(people["producer"], f"{SEATS}submit/", file=figures())
    job = queue.claim(worker="w")
    queue.tell(job, 0.4, "Storing 5 observations")
    page = people["producer"].get(f"/jobs/{job.pk}/")
    assert 'value="40"' in page.content.decode()
    assert "Storing 5 observations" in text_of(page)
    assert "Storing 5 observations" in text_of(people["producer"].get(f"{SEATS}1/"))
    assert people["methodologist"].get(f"/jobs/{job.pk}/").status_code == 200
    assert people["methodologist"].post(f"/jobs/{job.pk}/cancel/").status_code == 403
    assert people["reader"].get(f"/jobs/{job.pk}/").status_code == 404
    assert people["producer"].get(f"/jobs/{job.pk}/cancel/").status_code == 405
    post(people["producer"], f"/jobs/{job.pk}/cancel/")
    assert "to be cancelled" in text_of(people["producer"].get(f"/jobs/{job.pk}/"))
    answer = post(people["producer"], f"/jobs/{job.pk}/again/", 422)
    assert "only one that failed or was cancelled is tried again" in text_of(answer)
    with pytest.raises(queue.Cancelled):
        queue.tell(job, 0.5, "Checking")
    queue.stop(job)
    answer = post(people["producer"], f"/jobs/{job.pk}/cancel/", 422)
    assert "there is nothing to cancel" in text_of(answer)
    answer = post(people["producer"], f"/jobs/{job.pk}/again/")
    assert answer["Location"] != f"/jobs/{job.pk}/"
    work_once()
    assert DatasetVersion.objects.get().state == "checked"


def test_jobs_page_notices_that_nobody_works(people):
    assert "Nothing has been computed yet" in text_of(people["reader"].get(f"{PLACE}jobs/"))
    make_dataset(people)
    post(people["producer"], f"{SEATS}submit/", file=figures())
    Job.objects.update(run_at=timezone.now() - timedelta(hours=1))
    page = text_of(people["producer"].get(f"{PLACE}jobs/"))
    assert "perhaps no worker runs" in page
    assert "Check of a version" in page


def test_job_of_the_hub_itself_is_not_for_everybody(people, make_user):
    job = queue.enqueue(kind="x", key="y", arguments={})
    assert people["producer"].get(f"/jobs/{job.pk}/").status_code == 404


# ---------------------------------------------------------------- who may

OPEN = {
    "datasets": set(Role),
    "dataset_create": {Role.CONTRIBUTOR, Role.PRODUCER},
    "releases": set(Role),
    "release_make": {Role.APPROVER},
    "jobs": set(Role),
}
STEPS = {
    "dataset_fetch": {Role.CONTRIBUTOR, Role.PRODUCER},
    "dataset_submit": {Role.CONTRIBUTOR, Role.PRODUCER},
    "version_check": {Role.PRODUCER, Role.METHODOLOGIST, Role.APPRAISER, Role.APPROVER},
    "version_appraise": {Role.APPRAISER},
    "version_review": {Role.METHODOLOGIST, Role.APPROVER},
    "version_approve": {Role.APPROVER},
    "version_withdraw": {Role.PRODUCER, Role.APPROVER},
}


@pytest.mark.parametrize("role", list(Role))
def test_pages_open_to_those_with_the_permission_only(role, people, approved, make_user):
    release(people)
    version = approved
    for name, roles in OPEN.items():
        answer = people[role.value].get(reverse(name, args=["viet-nam"]))
        assert answer.status_code == (200 if role in roles else 403), name
    for name, roles in STEPS.items():
        place = ["viet-nam", "seats"] + [version.number] * name.startswith("version")
        path = reverse(name, args=place)
        for send in (people[role.value].get, people[role.value].post):
            assert (send(path).status_code in {200, 422, 302}) == (role in roles), (name, role)


def test_pages_of_a_workspace_do_not_exist_for_strangers(
    people, approved, make_workspace, make_member
):
    stranger = Client()
    stranger.force_login(make_member(make_workspace("kenya"), "approver", "producer"))
    release(people)
    for path in (
        f"{PLACE}datasets/", f"{PLACE}datasets/new/", SEATS, f"{SEATS}submit/", f"{SEATS}1/",
        f"{SEATS}1/approve/", f"{SEATS}1/withdraw/", f"{PLACE}releases/", f"{PLACE}releases/1/",
        f"{PLACE}releases/new/", f"{PLACE}jobs/", f"/jobs/{Job.objects.first().pk}/",
    ):  # fmt: skip
        assert stranger.get(path).status_code == 404, path
    assert stranger.post(f"{SEATS}1/withdraw/", {"reason": "x", "file": "keep"}).status_code == 404
    assert DatasetVersion.objects.get().state == "released"


def test_contributor_sees_what_they_sent_and_nothing_else(people, approved):
    make_dataset_path = f"{PLACE}datasets/new/"
    post(people["contributor"], make_dataset_path, slug="mine", kind="own", name_en="Mine")
    post(people["contributor"], f"{PLACE}datasets/mine/submit/", file=figures(1))
    page = text_of(people["contributor"].get(f"{PLACE}datasets/"))
    assert "Mine" in page
    assert "Seats" not in page
    assert people["contributor"].get(f"{SEATS}1/").status_code == 404
    assert people["contributor"].get(f"{SEATS}submit/").status_code == 404


# ---------------------------------------------------------------- how much it costs


@pytest.mark.parametrize(
    ("path", "most"),
    [
        (f"{PLACE}datasets/", 12),
        (SEATS, 14),
        (f"{SEATS}1/", 18),
        (f"{PLACE}releases/", 11),
        (f"{PLACE}releases/1/", 13),
        (f"{PLACE}jobs/", 12),
    ],
)
def test_pages_cost_the_same_however_much_there_is(
    path, most, people, approved, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    release(people)
    client = people["approver"]
    client.get(path)
    with CaptureQueriesContext(connection) as before:
        client.get(path)
    count = len(before)
    assert 5 < count <= most
    for number in range(3):
        make_dataset(people, slug=f"more-{number}")
        more = f"{PLACE}datasets/more-{number}/"
        post(people["producer"], f"{more}submit/", file=figures(number))
        release(people, versions=[approved.pk], title=f"More {number}")
    with django_assert_num_queries(count):
        client.get(path)
