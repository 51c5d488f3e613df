"""The life of a dataset: every action in every state, four eyes, embargo, tombstones."""

import threading
from datetime import date, timedelta

import polars as pl
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from everycount.errors import NotFound, Unavailable
from everycount.io.appraisals import shipped_scheme
from everycount.model.appraisal import Appraisal as Answers
from everycount.model.appraisal import GateAnswer, Score
from everycount_hub import store
from everycount_hub.actions import appraisals, datasets, files, releases
from everycount_hub.actions import dataset_life as life
from everycount_hub.errors import ActionRefused
from everycount_hub.jobs.worker import work_once
from everycount_hub.models import (
    Appraisal,
    AuditEvent,
    Dataset,
    DatasetVersion,
    Job,
    Notification,
    Release,
    Review,
)
from everycount_hub.queries import audit
from everycount_hub.queries import datasets as queries
from everycount_hub.store_check import verify_store

State = DatasetVersion.State
pytestmark = pytest.mark.django_db
FIGURES = b"INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE,UNIT_MEASURE\n5.5.1a,VNM,2021,F,30.26,PT\n"
FAULTY = b"INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE\n5.5.1a,VNM,2021,Female,thirty\n"


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path):
    settings.STORE_FOLDER = tmp_path / "store"


@pytest.fixture
def people(workspace, make_member):
    class People:
        producer = make_member(workspace, "producer", name="Prue")
        appraiser = make_member(workspace, "appraiser", name="Anna")
        reviewer = make_member(workspace, "methodologist", name="Rita")
        approver = make_member(workspace, "approver", name="Apu")
        second = make_member(workspace, "approver", name="Sam")
        reader = make_member(workspace, "reader", name="Rea")
        contributor = make_member(workspace, "contributor", name="Con")

    return People


@pytest.fixture
def make_dataset(workspace, people):
    def make(slug="seats", kind=Dataset.Kind.OWN) -> Dataset:
        about = datasets.Description(slug=slug, titles={"en": slug.title()}, kind=kind)
        return datasets.create(workspace=workspace, description=about, by=people.producer)

    return make


@pytest.fixture
def send(people):
    def send(dataset, content=FIGURES, reason="", by=None, **given) -> DatasetVersion:
        stored = store.put_source([content], name="figures.csv")
        sent = datasets.Sent(
            digest=stored.digest,
            size=stored.size,
            name="figures.csv",
            origin=DatasetVersion.Origin.UPLOAD,
            options=given.pop("options", {}),
        )
        return datasets.submit(
            dataset=dataset, sent=sent, by=by or people.producer, reason=reason, **given
        )

    return send


GATE = [each.id for each in shipped_scheme().gate]
CRITERIA = [each.id for each in shipped_scheme().criteria]
ANSWERS = Answers(
    id="seats-1",
    title="Seats",
    producer="A ministry",
    kind="administrative",
    risk="medium",
    profile="medium",
    gate={name: GateAnswer(answer="yes", evidence="a letter") for name in GATE},
    scores={name: Score(level="A2", evidence="a report") for name in CRITERIA},
)
ACCEPT = appraisals.Finding(
    outcome=Appraisal.Outcome.SUPPLEMENTARY, reason="Fills a gap", expires_on=date(2040, 12, 31)
)
DECLINE = appraisals.Finding(outcome=Appraisal.Outcome.DECLINED, reason="No consent")


class Steps:
    """What people do with a version, by the name of the step."""

    def __init__(self, people, workspace):
        self.people, self.workspace = people, workspace

    def check(self, version):
        datasets.check_again(version=version, by=self.people.producer)

    def find_fine(self, version):
        stored = store.put_rows([pl.DataFrame({"INDICATOR": ["5a"], "REF_AREA": ["NA"]})])
        self._record(version, stored, errors=0)

    def find_faults(self, version):
        self._record(version, None, errors=2)

    def _record(self, version, stored, errors):
        found = datasets.Checked(
            figures=stored, metadata={}, findings=[], errors=errors, warnings=0
        )
        datasets.record_check(version=version, checked=found)

    def accept(self, version):
        self._appraise(version, ACCEPT)

    def decline(self, version):
        self._appraise(version, DECLINE)

    def _appraise(self, version, finding):
        appraisals.appraise(
            version=version, answers=ANSWERS, finding=finding, by=self.people.appraiser
        )

    def find_fit(self, version):
        datasets.review(version=version, outcome=Review.Outcome.FIT, by=self.people.reviewer)

    def send_back(self, version):
        datasets.review(
            version=version,
            outcome=Review.Outcome.RETURNED,
            by=self.people.reviewer,
            note="Sum is off",
        )

    def approve(self, version):
        datasets.approve(version=version, by=self.people.approver)

    def release(self, version):
        self._release(version, None)

    def embargo(self, version):
        self._release(version, timezone.now() + timedelta(days=1))

    def _release(self, version, until):
        releases.make(
            workspace=self.workspace,
            versions=[version],
            title="June",
            by=self.people.approver,
            embargoed_until=until,
        )

    def withdraw(self, version):
        datasets.withdraw(version=version, reason="Wrong", by=self.people.approver, keep_file=True)


@pytest.fixture
def steps(people, workspace):
    return Steps(people, workspace)


OWN_PATHS = {
    State.SUBMITTED: [],
    State.FAULTY: ["find_faults"],
    State.CHECKED: ["find_fine"],
    State.REVIEWED: ["find_fine", "find_fit"],
    State.RETURNED: ["find_fine", "send_back"],
    State.APPROVED: ["find_fine", "find_fit", "approve"],
    State.EMBARGOED: ["find_fine", "find_fit", "approve", "embargo"],
    State.RELEASED: ["find_fine", "find_fit", "approve", "release"],
    State.WITHDRAWN: ["find_fine", "find_fit", "approve", "release", "withdraw"],
}
THIRD_PATHS = {
    State.SUBMITTED: [],
    State.FAULTY: ["find_faults"],
    State.CHECKED: ["find_fine"],
    State.APPRAISED: ["find_fine", "accept"],
    State.DECLINED: ["find_fine", "decline"],
    State.REVIEWED: ["find_fine", "accept", "find_fit"],
    State.RETURNED: ["find_fine", "accept", "send_back"],
    State.APPROVED: ["find_fine", "accept", "find_fit", "approve"],
    State.EMBARGOED: ["find_fine", "accept", "find_fit", "approve", "embargo"],
    State.RELEASED: ["find_fine", "accept", "find_fit", "approve", "release"],
    State.WITHDRAWN: ["withdraw"],
}
ALLOWED = {
    # step: states in which own data may take it, and third-party data
    "check": ({"submitted", "faulty"}, {"submitted", "faulty"}),
    "find_fine": ({"submitted"}, {"submitted"}),
    "find_faults": ({"submitted"}, {"submitted"}),
    "accept": (set(), {"checked", "appraised", "declined"}),
    "decline": (set(), {"checked", "appraised", "declined"}),
    "find_fit": ({"checked"}, {"appraised"}),
    "send_back": ({"checked", "reviewed"}, {"checked", "appraised", "reviewed"}),
    "approve": ({"reviewed"}, {"reviewed"}),
    "release": ({"approved", "released"}, {"approved", "released"}),
    "embargo": ({"approved", "released"}, {"approved", "released"}),
    "withdraw": (
        {"submitted", "faulty", "checked", "reviewed", "returned", "approved", "released"},
        {
            *("submitted", "faulty", "checked", "appraised", "declined", "reviewed", "returned"),
            *("approved", "released"),
        },
    ),
}
"""Written out by hand, not taken from the table of steps."""
AFTER = {
    "check": "submitted",
    "find_fine": "checked",
    "find_faults": "faulty",
    "accept": "appraised",
    "decline": "declined",
    "find_fit": "reviewed",
    "send_back": "returned",
    "approve": "approved",
    "release": "released",
    "embargo": "embargoed",
    "withdraw": "withdrawn",
}


@pytest.mark.parametrize("step", sorted(ALLOWED))
@pytest.mark.parametrize("kind", list(Dataset.Kind))
def test_every_action_in_every_state(step, kind, make_dataset, send, steps):
    third = kind == Dataset.Kind.THIRD_PARTY
    paths = THIRD_PATHS if third else OWN_PATHS
    for number, (state, path) in enumerate(paths.items()):
        version = send(make_dataset(f"d{number}", kind))
        for each in path:
            getattr(steps, each)(version)
        Job.objects.all().delete()
        version.refresh_from_db()
        assert version.state == state
        before = AuditEvent.objects.count()
        told = Notification.objects.count()
        if state in ALLOWED[step][third]:
            getattr(steps, step)(version)
            assert AuditEvent.objects.count() == before + 1, (state, step)
            after = DatasetVersion.objects.get(pk=version.pk).state
            assert after == AFTER[step] or (step, state, after) == ("embargo", "released", state)
        else:
            with pytest.raises(ActionRefused):
                getattr(steps, step)(version)
            assert AuditEvent.objects.count() == before, (state, step)
            assert Notification.objects.count() == told
            assert DatasetVersion.objects.get(pk=version.pk).state == state
    assert audit.verify().problem is None


def test_life_has_every_step_and_reaches_every_state():
    assert set(life.LIFE) == set(life.Step)
    assert {after for _before, after in life.LIFE.values()} == set(State)
    assert all(State.WITHDRAWN not in before for before, _after in life.LIFE.values())


def test_a_refusal_says_what_is_and_what_would_do(make_dataset, send, steps):
    version = send(make_dataset())
    with pytest.raises(ActionRefused) as refused:
        steps.approve(version)
    assert str(refused.value) == (
        "“Seats 1” is submitted, so it cannot become approved. Wait until its check is done."
    )


@pytest.mark.parametrize("state", State)
def test_a_refusal_says_what_to_do_in_every_state(state, make_dataset, send):
    version = send(make_dataset())
    version.state = state
    for step, (before, _after) in life.LIFE.items():
        if state not in before:
            with pytest.raises(ActionRefused) as refused:
                life.demand_open(version, step)
            assert str(refused.value).endswith(str(life.NEXT[state]))
            assert str(refused.value).startswith(f"“Seats 1” is {state.label}")


def test_withdrawing_what_is_embargoed_names_the_release(make_dataset, send):
    version = send(make_dataset())
    version.state = State.EMBARGOED
    with pytest.raises(ActionRefused, match=r"withdrawn[.] Call off its release"):
        life.demand_open(version, life.Step.WITHDRAW)


def test_approving_third_party_data_that_are_checked_asks_for_the_appraisal(make_dataset, send):
    version = send(make_dataset(kind=Dataset.Kind.THIRD_PARTY))
    version.state = State.CHECKED
    with pytest.raises(ActionRefused, match="It is to be appraised next"):
        life.demand_open(version, life.Step.APPROVE)


# ---------------------------------------------------------------- four eyes


@pytest.mark.parametrize("step", ["accept", "find_fit", "send_back", "approve"])
@pytest.mark.parametrize("part", ["author", "submitted_by"])
def test_nobody_decides_about_their_own(step, part, make_dataset, send, steps, people):
    deciding = {"accept": "appraiser", "approve": "approver"}.get(step, "reviewer")
    person = getattr(people, deciding)
    version = send(make_dataset(kind=Dataset.Kind.THIRD_PARTY))
    for each in ["find_fine", "accept", "find_fit"][: {"accept": 1, "approve": 3}.get(step, 2)]:
        getattr(steps, each)(version)
    DatasetVersion.objects.filter(pk=version.pk).update(**{part: person})
    with pytest.raises(ActionRefused, match="You wrote or sent “Seats 1”: somebody else has to"):
        getattr(steps, step)(version)


def test_database_knows_four_eyes_too(make_dataset, send, steps, people):
    version = send(make_dataset(), author=people.reviewer)
    for each in OWN_PATHS[State.CHECKED]:
        getattr(steps, each)(version)
    for person in (people.producer, people.reviewer):
        with pytest.raises(IntegrityError), transaction.atomic():
            DatasetVersion.objects.filter(pk=version.pk).update(
                approved_by=person, approved_at=timezone.now(), state=State.APPROVED
            )


@pytest.mark.parametrize(
    "change",
    [
        {"state": State.RELEASED},
        {"state": State.WITHDRAWN},
        {"number": 2},
        {"is_file_removed": True},
        {"digest": "", "state": State.REVIEWED},
    ],
)
def test_database_refuses_versions_that_cannot_be(change, make_dataset, send, steps):
    version = send(make_dataset())
    steps.find_fine(version)
    with pytest.raises(IntegrityError), transaction.atomic():
        DatasetVersion.objects.filter(pk=version.pk).update(**change)


@pytest.mark.django_db(transaction=True)
def test_two_approvers_at_once_one_wins(make_dataset, send, steps, people):
    version = send(make_dataset())
    for each in OWN_PATHS[State.REVIEWED]:
        getattr(steps, each)(version)
    outcomes, start = [], threading.Barrier(2)

    def approve(person):
        try:
            start.wait()
            datasets.approve(version=version, by=person)
            outcomes.append("approved")
        except ActionRefused as refused:
            outcomes.append(str(refused))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=approve, args=(each,)) for each in (people.approver, people.second)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=len) == [
        "approved",
        "“Seats 1” is approved already. It can be released; a correction is sent as the next "
        "version.",
    ]
    assert AuditEvent.objects.filter(verb="dataset_version.approved").count() == 1
    assert audit.verify().problem is None


@pytest.mark.django_db(transaction=True)
def test_submissions_at_once_get_numbers_one_after_another(make_dataset, send):
    dataset = make_dataset()
    send(dataset)
    start = threading.Barrier(3)

    def again(number):
        try:
            start.wait()
            send(dataset, FIGURES + b"%d" % number, reason="More figures")
        finally:
            connection.close()

    threads = [threading.Thread(target=again, args=(each,)) for each in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(dataset.versions.values_list("number", flat=True)) == [1, 2, 3, 4]


# ---------------------------------------------------------------- submitting and checking


def test_create_refuses_a_short_name_that_is_taken(make_dataset):
    make_dataset()
    with pytest.raises(ActionRefused, match="There is a dataset “seats” already"):
        make_dataset()


def test_submit_again_needs_a_reason(make_dataset, send):
    dataset = make_dataset()
    send(dataset)
    with pytest.raises(ActionRefused, match="has a version 1 already: say why there is a new one"):
        send(dataset, reason="  ")
    assert send(dataset, reason="Hà Giang was missing").number == 2


def test_submit_of_a_file_that_was_collected(make_dataset, send, monkeypatch):
    dataset = make_dataset()

    def collected(content, name):
        stored = put(content, name=name)
        store.source_path(stored.digest, name).unlink()
        return stored

    put = store.put_source
    monkeypatch.setattr(store, "put_source", collected)
    with pytest.raises(Unavailable, match="no longer in the store: please send it again"):
        send(dataset)
    assert not DatasetVersion.objects.exists()


def test_check_by_the_worker_keeps_figures_and_metadata(make_dataset, send):
    version = send(make_dataset())
    assert work_once() == 1
    job = Job.objects.get()
    assert (job.state, job.error) == (Job.State.DONE, "")
    version.refresh_from_db()
    assert (version.state, version.row_count, version.error_count) == (State.CHECKED, 1, 0)
    assert store.read_slice(version.digest, {"REF_AREA": "VNM"})["OBS_VALUE"].to_list() == [30.26]
    assert version.metadata["structure"]
    assert verify_store(queries.named_files()) == ()


def test_check_by_the_worker_keeps_faults_in_words(make_dataset, send, people):
    version = send(make_dataset(), FAULTY)
    work_once()
    version.refresh_from_db()
    assert (version.state, version.digest, version.row_count) == (State.FAULTY, "", None)
    finding = version.findings[0]
    assert (finding["rule"], finding["severity"]) == ("unreadable", "error")
    assert version.error_count == finding["count"] == len(finding["examples"])
    assert any("thirty" in each["found"] for each in finding["examples"])
    note = Notification.objects.get(to=people.producer, verb="dataset_version.faulty")
    assert "has faults" in note.text


def test_check_finds_what_rules_find(make_dataset, send):
    content = FIGURES + b"5.5.1a,VNM,2021,M,169.74,PT\n"
    version = send(make_dataset(), content)
    work_once()
    version.refresh_from_db()
    assert version.row_count == 2
    rules = {each["rule"]: each for each in version.findings}
    assert rules, "a share of 170 % is found by some rule"
    assert all(
        {"title", "why", "remedy", "count", "examples"} <= set(each) for each in rules.values()
    )
    assert version.error_count == sum(
        each["count"] for each in rules.values() if each["severity"] == "error"
    )


def test_check_with_a_column_mapping(make_dataset, send):
    mapping = '[columns]\nGroup = "SEX"\nValue = "OBS_VALUE"\n[values.SEX]\nWomen = "F"\n'
    content = b"INDICATOR,REF_AREA,TIME_PERIOD,Group,Value\n5.5.1a,NA,2021,Women,4\n"
    version = send(make_dataset(), content, options={"mapping": mapping, "format": "plain"})
    work_once()
    version.refresh_from_db()
    assert store.scan(version.digest).collect().select("REF_AREA", "SEX").rows() == [("NA", "F")]


def test_check_with_a_mapping_that_is_no_toml(make_dataset, send):
    version = send(make_dataset(), options={"mapping": "columns = ["})
    work_once()
    version.refresh_from_db()
    assert version.state == State.FAULTY
    assert "line 1" in str(version.findings[0]["examples"])


def test_check_without_its_file_is_a_failure_not_a_finding(make_dataset, send, people):
    version = send(make_dataset())
    store.source_path(version.source, version.source_name).unlink()
    work_once()
    assert Job.objects.get().error == "the file figures.csv is not in the store"
    version.refresh_from_db()
    assert version.state == State.SUBMITTED
    assert Notification.objects.filter(to=people.producer, verb="job.failed").exists()


def test_check_of_a_version_that_went_on_does_nothing(make_dataset, send, steps):
    version = send(make_dataset())
    steps.find_fine(version)
    work_once()
    assert Job.objects.get().result == {"state": "checked"}


def test_check_again_is_refused_while_one_waits(make_dataset, send, people):
    version = send(make_dataset())
    with pytest.raises(ActionRefused, match="is being checked already"):
        datasets.check_again(version=version, by=people.producer)


def test_check_again_in_another_way(make_dataset, send, people):
    content = FIGURES.replace(b"SEX", b"Group").replace(b",F,", b",Women,")
    version = send(make_dataset(), content, options={"mapping": '[columns]\nGroup = "SEX"\n'})
    work_once()
    version.refresh_from_db()
    assert version.state == State.FAULTY
    mapping = '[columns]\nGroup = "SEX"\n[values.SEX]\nWomen = "F"\n'
    datasets.check_again(version=version, by=people.producer, options={"mapping": mapping})
    work_once()
    version.refresh_from_db()
    assert (version.state, version.error_count) == (State.CHECKED, 0)


# ---------------------------------------------------------------- appraisal, review


def test_appraise_of_own_data_is_refused(make_dataset, send, steps):
    version = send(make_dataset())
    steps.find_fine(version)
    with pytest.raises(ActionRefused, match="own data: only third-party data are appraised"):
        steps.accept(version)


def test_review_of_third_party_data_waits_for_the_appraisal(make_dataset, send, steps):
    version = send(make_dataset(kind=Dataset.Kind.THIRD_PARTY))
    steps.find_fine(version)
    with pytest.raises(ActionRefused, match="third-party data: it is appraised before"):
        steps.find_fit(version)


def test_review_that_sends_back_says_why(make_dataset, send, steps, people):
    version = send(make_dataset())
    steps.find_fine(version)
    with pytest.raises(ActionRefused, match="Say what is to be put right"):
        datasets.review(version=version, outcome=Review.Outcome.RETURNED, by=people.reviewer)
    steps.send_back(version)
    note = Notification.objects.get(to=people.producer, verb="dataset_version.returned")
    assert note.text == "“Seats 1” was sent back: Sum is off"


def test_each_step_tells_those_concerned(make_dataset, send, steps, people):
    version = send(make_dataset())
    for each in ["find_fine", "find_fit", "approve", "release", "withdraw"]:
        getattr(steps, each)(version)
    told = {
        verb: set(
            Notification.objects.filter(verb=f"dataset_version.{verb}").values_list(
                "to__name", flat=True
            )
        )
        for verb in ("checked", "reviewed", "approved", "released", "withdrawn")
    }
    assert told == {
        "checked": {"Prue", "Rita", "Apu", "Sam"},
        "reviewed": {"Prue", "Apu", "Sam"},
        "approved": {"Prue", "Sam"},
        "released": {"Prue", "Sam"},
        "withdrawn": {"Prue", "Sam"},
    }
    links = Notification.objects.filter(verb__startswith="dataset_version.").values("link")
    assert links.distinct().get() == {"link": version.get_absolute_url()}


# ---------------------------------------------------------------- withdrawal and files


def test_withdraw_leaves_a_tombstone_and_may_remove_the_file(make_dataset, send, people):
    version = send(make_dataset())
    work_once()
    version.refresh_from_db()
    path, source = (
        store.version_path(version.digest),
        store.source_path(version.source, version.source_name),
    )
    with pytest.raises(ActionRefused, match="Say why the version is withdrawn"):
        datasets.withdraw(version=version, reason=" ", by=people.approver, keep_file=False)
    datasets.withdraw(version=version, reason="Names in it", by=people.approver, keep_file=False)
    assert path.exists()
    work_once()
    assert not path.exists()
    assert not source.exists()
    version.refresh_from_db()
    assert (version.withdrawn_by, version.withdrawn_reason) == (people.approver, "Names in it")
    assert not queries.has_figures(version)
    with pytest.raises(NotFound, match="the figures of “Seats 1” are not kept"):
        queries.rows_of(version, {})
    with pytest.raises(NotFound, match="are not kept"):
        queries.figures(version)
    event = AuditEvent.objects.get(verb="store.files_removed")
    assert set(event.facts["files"]) == {path.name, source.name}


def test_withdraw_keeps_a_file_that_another_version_needs(make_dataset, send, people):
    one, two = send(make_dataset("one")), send(make_dataset("two"))
    work_once()
    one.refresh_from_db()
    datasets.withdraw(version=one, reason="Wrong", by=people.approver, keep_file=False)
    work_once()
    two.refresh_from_db()
    assert two.digest == one.digest
    assert queries.rows_of(two, {}).rows


def test_orphans_are_collected_after_a_day_and_named_files_never(make_dataset, send):
    version = send(make_dataset())
    work_once()
    orphan = store.put_source([b"nobody's"], name="x.csv")
    half = store.version_path("0" * 64).parents[2] / ".staged-killed"
    half.mkdir()
    (half / "0.parquet").write_bytes(b"half")
    now = timezone.now()
    assert files.remove_unnamed(now=now) == ()
    later = now + timedelta(days=1, minutes=1)
    assert half.exists()
    assert files.remove_unnamed(now=later) == (f"{orphan.digest}.csv",)
    assert not half.exists()
    assert files.remove_unnamed(now=later) == ()
    version.refresh_from_db()
    assert verify_store(queries.named_files()) == ()
    assert AuditEvent.objects.filter(verb="store.files_removed").count() == 1


# ---------------------------------------------------------------- who sees what


def test_versions_seen_before_and_after_release(
    workspace, make_workspace, make_dataset, send, steps, people, make_user
):
    stranger = make_user()
    version = send(make_dataset(), by=people.contributor)

    def who():
        return {
            each.name
            for each in (people.reader, people.reviewer, people.contributor, people.approver)
            if queries.versions_seen(workspace, each).filter(pk=version.pk).exists()
        }

    for each in ["find_fine", "find_fit", "approve", "embargo"]:
        getattr(steps, each)(version)
        assert who() == {"Rita", "Con", "Apu"}
        assert not queries.datasets_seen(workspace, people.reader)
    Release.objects.update(embargoed_until=timezone.now() - timedelta(seconds=1))
    releases.publish_due(release=Release.objects.get())
    assert who() == {"Rita", "Con", "Apu", "Rea"}
    assert queries.datasets_seen(workspace, people.reader)[0].newest == version
    assert not queries.versions_seen(workspace, stranger).exists()
    workspace.is_public = True
    workspace.save()
    assert queries.versions_seen(workspace, stranger).get() == version


def test_versions_seen_of_a_draft_that_was_withdrawn_stay_hidden(
    workspace, make_dataset, send, steps, people
):
    draft, public = send(make_dataset("draft")), send(make_dataset("public"))
    steps.find_fine(draft)
    steps.withdraw(draft)
    for each in OWN_PATHS[State.WITHDRAWN]:
        getattr(steps, each)(public)
    assert list(queries.versions_seen(workspace, people.reader)) == [public]


def test_datasets_seen_without_versions_only_by_their_maker(workspace, make_dataset, people):
    from django.contrib.auth.models import AnonymousUser

    dataset = make_dataset()
    assert queries.datasets_seen(workspace, people.producer)[0].newest is None
    assert queries.datasets_seen(workspace, people.reader) == []
    assert queries.datasets_seen(workspace, AnonymousUser()) == []
    Dataset.objects.filter(pk=dataset.pk).update(created_by=people.contributor)
    assert queries.datasets_seen(workspace, people.contributor) == [dataset]


def test_rows_of_are_cut_and_without_empty_columns(make_dataset, send):
    rows = b"".join(b"5.5.1a,VNM,%d,F,30,PT\n" % year for year in range(2000, 2020))
    version = send(make_dataset(), FIGURES.splitlines(keepends=True)[0] + rows)
    work_once()
    version.refresh_from_db()
    found = queries.rows_of(version, {"REF_AREA": "VNM"}, limit=5)
    assert (len(found.rows), found.is_cut) == (5, True)
    assert found.columns == ("INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE")
    assert found.rows[0] == ("5.5.1a", "VNM", "2000", 30.0)
    assert dict(found.same)["SEX"] == "F"
    assert not {"AGE", "COMMENT_OBS"} & set(dict(found.same))
    assert queries.rows_of(version, {"REF_AREA": "VNM"}).is_cut is False
