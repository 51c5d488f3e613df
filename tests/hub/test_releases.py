"""Releases: lists that never change, embargoes, and what changed between two."""

import errno
import hashlib
import json
import threading
from datetime import date, timedelta

import polars as pl
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from everycount.model.appraisal import Appraisal as Answers
from everycount_hub import queue, store
from everycount_hub.actions import appraisals, comparisons, datasets, releases
from everycount_hub.errors import ActionRefused
from everycount_hub.jobs.releases import compare_versions as compare_job
from everycount_hub.jobs.worker import work_once
from everycount_hub.models import (
    Appraisal,
    AuditEvent,
    Dataset,
    DatasetVersion,
    Job,
    Notification,
    Release,
    ReleaseVersion,
    Review,
)
from everycount_hub.queries import audit
from everycount_hub.queries import releases as queries

State = DatasetVersion.State
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path):
    settings.STORE_FOLDER = tmp_path / "store"


@pytest.fixture
def producer(workspace, make_member):
    return make_member(workspace, "producer")


@pytest.fixture
def approver(workspace, make_member):
    return make_member(workspace, "approver", "methodologist", "appraiser")


@pytest.fixture
def make_version(workspace, producer, approver):
    """Make an approved version of a dataset; figures by area, and metadata if they matter."""

    def make(slug, values, *, metadata=None, third_party=False, until="approve", expires_on=None):
        dataset = Dataset.objects.filter(slug=slug).first()
        kind = Dataset.Kind.THIRD_PARTY if third_party else Dataset.Kind.OWN
        about = datasets.Description(slug=slug, titles={"en": slug.title()}, kind=kind)
        if dataset is None:
            dataset = datasets.create(workspace=workspace, description=about, by=producer)
        source = store.put_source([b"x"], name="x.csv")
        upload = DatasetVersion.Origin.UPLOAD
        sent = datasets.Sent(digest=source.digest, size=1, name="x.csv", origin=upload)
        version = datasets.submit(dataset=dataset, sent=sent, by=producer, reason="a correction")
        Job.objects.all().delete()
        table = observations(values)
        checked = datasets.Checked(
            figures=store.put_rows([table]),
            metadata=metadata or {},
            findings=[],
            errors=0,
            warnings=0,
        )
        datasets.record_check(version=version, checked=checked)
        if third_party:
            finding = appraisals.Finding(
                outcome=Appraisal.Outcome.CONTEXT, reason="fits", expires_on=date(2040, 12, 31)
            )
            answers = Answers(
                id=slug, title=slug, producer="", kind="other", risk="low", profile="low"
            )
            appraisals.appraise(version=version, answers=answers, finding=finding, by=approver)
            if expires_on is not None:
                Appraisal.objects.filter(version=version).update(expires_on=expires_on)
        if until == "approve":
            datasets.review(version=version, outcome=Review.Outcome.FIT, by=approver)
            datasets.approve(version=version, by=approver)
        version.refresh_from_db()
        return version

    return make


def observations(values):
    from everycount.model.observation import OBSERVATION

    schema = dict(OBSERVATION.schema)
    usual = {name: "_T" for name in OBSERVATION.key if schema[name] == pl.String}
    rows = [
        {**usual, "INDICATOR": "5a", "REF_AREA": area, "TIME_PERIOD": "2020", "OBS_VALUE": value}
        for area, value in values.items()
    ]
    return pl.DataFrame(rows, schema=schema)


@pytest.fixture
def make(workspace, approver):
    def make(versions, **given):
        usual = {"title": "June", "workspace": workspace, "by": approver}
        return releases.make(versions=versions, **{**usual, **given})

    return make


def tomorrow():
    return timezone.now() + timedelta(days=1)


def let_time_pass():
    past = timezone.now() - timedelta(seconds=1)
    Release.objects.filter(state="embargoed").update(embargoed_until=past)
    Job.objects.filter(state="queued").update(run_at=past)


# ---------------------------------------------------------------- making one


def test_make_publishes_a_list_with_its_digest(make, make_version, workspace):
    one, two = make_version("seats", {"NA": 1.0}), make_version("births", {"NA": 2.0})
    release = make([one, two], note="First")
    assert (release.number, release.state) == (1, Release.State.PUBLISHED)
    one.refresh_from_db()
    assert one.state == State.RELEASED
    lines = sorted([["births", 1, two.digest], ["seats", 1, one.digest]])
    said = {
        "note": "First",
        "number": 1,
        "title": "June",
        "versions": lines,
        "workspace": workspace.slug,
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    assert release.digest == hashlib.sha256(text.encode()).hexdigest()
    assert sorted(release.lines.values_list("digest", flat=True)) == sorted(
        [one.digest, two.digest]
    )
    event = AuditEvent.objects.get(verb="release.published")
    assert event.facts["digest"] == release.digest


def test_make_again_lists_what_was_released_before(make, make_version):
    one = make_version("seats", {"NA": 1.0})
    first = make([one])
    two = make_version("births", {"NA": 2.0})
    second = make([one, two], title="July")
    assert second.number == 2
    assert [each.pk for each in queries.versions_of(second)] == [two.pk, one.pk]
    assert [each.pk for each in queries.versions_of(first)] == [one.pk]


def test_make_refuses_with_every_reason(make, make_version, workspace, make_workspace):
    draft = make_version("draft", {"NA": 1.0}, until="check")
    with pytest.raises(ActionRefused) as refused:
        make([draft], title=" ", embargoed_until=timezone.now())
    assert str(refused.value) == (
        "“Draft 1” is checked; only approved versions are released. The release needs a title. "
        "The end of the embargo is in the past."
    )
    with pytest.raises(ActionRefused, match="at least one version"):
        make([])
    elsewhere = make_workspace("elsewhere")
    with pytest.raises(ActionRefused, match="at least one version"):
        make([make_version("seats", {"NA": 1.0})], workspace=elsewhere)


def test_make_refuses_two_versions_of_a_dataset(make, make_version):
    both = [make_version("seats", {"NA": 1.0}), make_version("seats", {"NA": 2.0})]
    with pytest.raises(ActionRefused, match="one version of a dataset, not two"):
        make(both)


def test_make_refuses_third_party_data_whose_appraisal_expired(make, make_version):
    today = timezone.now().date()
    good = make_version("good", {"NA": 1.0}, third_party=True, expires_on=today)
    make([good])
    old = make_version("old", {"NA": 1.0}, third_party=True, expires_on=today - timedelta(days=1))
    with pytest.raises(ActionRefused, match="The appraisal of “Old 1” expired on"):
        make([old])


def test_release_never_changes_through_any_action(make, make_version, approver, producer):
    one = make_version("seats", {"NA": 1.0})
    release = make([one])
    before = Release.objects.values().get(), list(ReleaseVersion.objects.values())
    two = make_version("seats", {"NA": 3.0})
    make([two], title="Corrected")
    datasets.withdraw(version=one, reason="Wrong", by=approver, keep_file=True)
    with pytest.raises(ActionRefused, match="is published; only an embargoed release"):
        releases.call_off(release=release, reason="no", by=approver)
    assert Release.objects.values().get(pk=release.pk) == before[0]
    assert list(ReleaseVersion.objects.filter(release=release).values()) == before[1]


@pytest.mark.parametrize(
    "change", [{"published_at": None}, {"state": "embargoed", "published_at": None}]
)
def test_database_refuses_releases_that_cannot_be(change, make, make_version):
    release = make([make_version("seats", {"NA": 1.0})])
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(**change)


# ---------------------------------------------------------------- embargo


def test_embargoed_release_comes_out_when_its_time_comes(
    make, make_version, producer, make_member, workspace
):
    reader = make_member(workspace, "reader")
    version = make_version("seats", {"NA": 1.0})
    release = make([version], embargoed_until=tomorrow())
    assert work_once() == 0
    assert list(queries.releases_seen(workspace, reader)) == []
    assert list(queries.releases_seen(workspace, producer)) == [release]
    with pytest.raises(ActionRefused, match="is embargoed until"):
        releases.publish_due(release=release)
    let_time_pass()
    assert work_once() == 2  # the release, then the edition of the portal that shows it
    release.refresh_from_db()
    version.refresh_from_db()
    assert (release.state, version.state) == (Release.State.PUBLISHED, State.RELEASED)
    assert list(queries.releases_seen(workspace, reader)) == [release]
    event = AuditEvent.objects.get(verb="release.published")
    assert event.by is None
    told = Notification.objects.filter(to=producer, verb="dataset_version.released")
    assert told.get().text == "“Seats 1” is released."
    releases.publish_due(release=release)
    assert AuditEvent.objects.filter(verb="release.published").count() == 1


def test_embargoed_release_lists_a_version_that_is_out_already(make, make_version):
    out, new = make_version("out", {"NA": 1.0}), make_version("later", {"NA": 1.0})
    make([out])
    make([out, new], title="July", embargoed_until=tomorrow())
    out.refresh_from_db()
    new.refresh_from_db()
    assert (out.state, new.state) == (State.RELEASED, State.EMBARGOED)
    with pytest.raises(ActionRefused, match="“Later 1” is embargoed; only approved versions"):
        make([new], title="At once")
    let_time_pass()
    work_once()
    new.refresh_from_db()
    assert new.state == State.RELEASED


@pytest.mark.django_db(transaction=True)
def test_call_off_gives_the_versions_back(make, make_version, approver, workspace):
    out, version = make_version("out", {"NA": 1.0}), make_version("seats", {"NA": 1.0})
    make([out])
    release = make([out, version], embargoed_until=tomorrow())
    with pytest.raises(ActionRefused, match="Say why the release is called off"):
        releases.call_off(release=release, reason=" ", by=approver)
    releases.call_off(release=release, reason="Too early", by=approver)
    release.refresh_from_db()
    version.refresh_from_db()
    out.refresh_from_db()
    assert (release.state, version.state, out.state) == ("cancelled", "approved", "released")
    assert Job.objects.get(kind="publish_release").state == Job.State.CANCELLED
    assert releases.publish_due(release=release).state == "cancelled"
    make([version], title="Later")
    assert audit.verify().problem is None


def test_call_off_and_a_job_that_fires_all_the_same(make, make_version, approver):
    release = make([make_version("seats", {"NA": 1.0})], embargoed_until=tomorrow())
    releases.call_off(release=release, reason="Too early", by=approver)
    let_time_pass()
    assert work_once() == 1
    assert Job.objects.get(kind="publish_release").result["state"] == "cancelled"
    release.refresh_from_db()
    assert release.state == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_call_off_while_the_worker_publishes_one_of_both_happens(make, make_version, approver):
    version = make_version("seats", {"NA": 1.0})
    release = make([version], embargoed_until=tomorrow())
    let_time_pass()
    start, refused = threading.Barrier(2), []

    def call_off():
        try:
            start.wait()
            releases.call_off(release=release, reason="Too early", by=approver)
        except ActionRefused as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    def publish():
        try:
            start.wait()
            work_once()
        finally:
            connection.close()

    threads = [threading.Thread(target=each) for each in (call_off, publish)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    release.refresh_from_db()
    version.refresh_from_db()
    expected = ("published", "released") if refused else ("cancelled", "approved")
    assert (release.state, version.state) == expected
    assert audit.verify().problem is None


@pytest.mark.django_db(transaction=True)
def test_two_releases_at_once_get_numbers_one_after_another(make, make_version):
    versions = [make_version("one", {"NA": 1.0}), make_version("two", {"NA": 1.0})]
    start = threading.Barrier(2)

    def release(version):
        try:
            start.wait()
            make([version])
        finally:
            connection.close()

    threads = [threading.Thread(target=release, args=(each,)) for each in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Release.objects.values_list("number", flat=True)) == [1, 2]


# ---------------------------------------------------------------- what changed


@pytest.fixture
def compared(approver):
    """Have two releases compared, and return what changed by the datasets' short names."""

    def compared(first, second):
        comparisons.ask(changes=queries.compare(first, second), by=approver)
        work_once()
        return {each.slug: each for each in queries.compare(first, second)}

    return compared


def test_compare_tells_values_metadata_and_codes(make, make_version, compared):
    codes = {"REF_AREA": {"NA": {"en": "Namibia"}, "VNM": {"en": "Viet Nam"}}}
    renamed = {"REF_AREA": {"NA": {"en": "Namibia"}, "VNM": {"en": "Vietnam"}}}
    origin = {"producer": "NSO", "licence": "none"}
    old = make_version("seats", {"NA": 1.0, "VNM": 2.0}, metadata={"codes": codes})
    gone, same = make_version("gone", {"NA": 1.0}), make_version("same", {"NA": 1.0})
    first = make([old, gone, same])
    new = make_version(
        "seats",
        {"NA": 1.5, "KEN": 3.0, "VNM": 2.0},
        metadata={"codes": renamed, "origins": [origin]},
    )
    added = make_version("added", {"NA": 1.0})
    second = make([new, added, same], title="July")
    changes = compared(first, second)
    assert list(changes) == ["added", "gone", "same", "seats"]
    seats = changes["seats"]
    assert (seats.old, seats.new) == (old, new)
    counts = seats.comparison.counts
    assert (counts["added"], counts["removed"], counts["values"]) == (1, 0, 1)
    assert [(each["code"], each["change"]) for each in seats.comparison.codes] == [
        ("KEN", "added"),
        ("VNM", "renamed"),
    ]
    assert seats.metadata == (
        ("origin 1, licence", "", "none"),
        ("origin 1, producer", "", "NSO"),
    )
    assert seats.comparison.revised[0][1:3] == ("NA", "2020")
    assert Job.objects.filter(kind="compare_versions").count() == 1
    assert changes["gone"].new is None
    assert changes["added"].old is None
    for name in ("added", "gone", "same"):
        assert (changes[name].pair, changes[name].comparison) == (None, None)
        assert not changes[name].is_missing


def comparisons_in(folder):
    return sorted(each.name for each in (folder / "comparisons").glob("*"))


def two_releases(make, make_version, **more):
    old = make_version("seats", {"NA": 1.0}, **more)
    first = make([old])
    new = make_version("seats", {"NA": 2.0}, **more)
    return old, new, first, make([new], title="July")


def test_comparison_is_made_once_and_kept_by_the_digests_of_both(
    make, make_version, approver, settings
):
    old, new, first, second = two_releases(make, make_version)
    (missing,) = queries.compare(first, second)
    assert (missing.is_missing, missing.is_stopped, missing.percent) == (True, False, 0)
    for _ in range(2):
        comparisons.ask(changes=[missing], by=approver)
    job = Job.objects.get(kind="compare_versions")
    (waiting,) = queries.compare(first, second)
    assert (waiting.job, waiting.is_missing, waiting.is_stopped) == (job, False, False)
    work_once()
    (made,) = queries.compare(first, second)
    assert made.comparison.words.startswith("Observations: 0 added, 0 removed, 1 with another")
    assert (made.job, made.is_missing) == (None, False)
    comparisons.ask(changes=[made], by=approver)
    assert Job.objects.filter(kind="compare_versions").count() == 1
    (name,) = comparisons_in(settings.STORE_FOLDER)
    assert name.startswith(f"{old.digest}-{new.digest}-")
    queue.again(job)
    work_once()
    assert comparisons_in(settings.STORE_FOLDER) == [name]
    assert [*store.staged()] == []


def test_comparison_of_the_other_way_or_with_other_names_is_another(
    make, make_version, compared, settings
):
    _old, new, first, second = two_releases(make, make_version)
    compared(first, second)
    compared(second, first)
    new.metadata = {"codes": {"REF_AREA": {"NA": {"en": "Namibia"}}}}
    new.save()
    (change,) = queries.compare(first, second)
    assert change.is_missing
    compared(first, second)
    assert len(comparisons_in(settings.STORE_FOLDER)) == 3


def test_comparison_has_the_label_of_the_appraisal(make, make_version, compared):
    _old, _new, first, second = two_releases(make, make_version, third_party=True)
    change = compared(first, second)["seats"]
    assert change.comparison.counts["values"] == 1
    assert change.comparison.counts["attributes"] == 0
    old, new = change.old, change.new
    Appraisal.objects.filter(version=new).update(outcome=Appraisal.Outcome.SUPPLEMENTARY)
    assert queries.pair_of(old, DatasetVersion.objects.get(pk=new.pk)) != change.pair
    labelled = compared(first, second)["seats"].comparison
    assert labelled.counts["attributes"] == 1


def test_comparison_that_could_not_be_made_is_not_asked_for_again_by_looking(
    make, make_version, approver, compared
):
    _old, new, first, second = two_releases(make, make_version)
    place = store.version_path(new.digest)
    content = place.read_bytes()
    place.unlink()
    change = compared(first, second)["seats"]
    assert (change.is_stopped, change.is_missing) == (True, False)
    assert "the store has no file of the version" in change.job.error
    place.write_bytes(content)
    assert compared(first, second)["seats"].comparison.counts["values"] == 1


def test_compare_when_figures_are_no_longer_kept(make, make_version, approver, compared, settings):
    old, new, first, second = two_releases(make, make_version)
    other = make_version("births", {"NA": 7.0})
    third = make([other, old], title="Third")
    fourth = make([make_version("births", {"NA": 5.0}), old], title="Fourth")
    compared(third, fourth)
    compared(first, second)
    assert len(comparisons_in(settings.STORE_FOLDER)) == 2
    datasets.withdraw(version=old, reason="Names", by=approver, keep_file=False)
    work_once()
    (kept,) = comparisons_in(settings.STORE_FOLDER)
    assert kept.startswith(other.digest)
    (change,) = queries.compare(first, second)
    assert (change.pair, change.comparison, change.is_lost) == (None, None, True)
    assert (change.old, change.new) == (old, new)


def test_figures_that_are_removed_while_they_are_compared_leave_nothing(
    make, make_version, approver, settings
):
    old, new, _first, _second = two_releases(make, make_version)
    record = compare_job(lambda *_said: None, old=old.pk, new=new.pk)
    datasets.withdraw(version=old, reason="Names", by=approver, keep_file=False)
    with transaction.atomic():
        assert record()["values"] == 1
    assert comparisons_in(settings.STORE_FOLDER) == []


def test_comparison_that_finds_no_room_is_tried_later(
    make, make_version, approver, compared, monkeypatch
):
    _old, _new, first, second = two_releases(make, make_version)

    def full(*_given, **_named):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.replace", full)
        change = compared(first, second)["seats"]
    assert change.job.state == Job.State.QUEUED
    assert "cannot be written to (No space left on device): nothing was stored" in change.job.error


def test_releases_seen_and_the_one_before(make, make_version, workspace, make_user):
    one, two = make_version("one", {"NA": 1.0}), make_version("two", {"NA": 1.0})
    first, second = make([one]), make([two], embargoed_until=tomorrow())
    third = make([one], title="Third")
    stranger = make_user()
    assert not queries.releases_seen(workspace, stranger).exists()
    workspace.is_public = True
    workspace.save()
    seen = queries.releases_seen(workspace, stranger)
    assert set(seen) == {first, third}
    assert queries.before(third, seen) == first
    assert queries.before(first, seen) is None
    assert queries.before(second, Release.objects.all()) == first
    assert set(queries.releasable(workspace)) == {one}
