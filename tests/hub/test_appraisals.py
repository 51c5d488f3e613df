"""Appraisals: what answers allow, drafts, the label, expiry, and the page."""

import re
from datetime import date, timedelta

import polars as pl
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from everycount.errors import InputError
from everycount.io.appraisals import shipped_scheme
from everycount.model.appraisal import Appraisal as Answers
from everycount.model.appraisal import GateAnswer, Score
from everycount.model.observation import OBSERVATION
from everycount_hub import store
from everycount_hub.actions import appraisals, datasets, expiry
from everycount_hub.errors import ActionRefused
from everycount_hub.models import (
    Appraisal,
    AppraisalDraft,
    AuditEvent,
    Dataset,
    DatasetVersion,
    Job,
    Notification,
    Review,
)
from everycount_hub.queries import appraisals as queries
from everycount_hub.queries import datasets as dataset_queries

pytestmark = pytest.mark.django_db
Outcome = Appraisal.Outcome
SCHEME = shipped_scheme()
GATE = [each.id for each in SCHEME.gate]
CRITERIA = [each.id for each in SCHEME.criteria]
FAR = "2040-12-31"
PAGE = "/workspaces/viet-nam/datasets/seats/1/"


def answers(*, gate=None, scores=None, **given):
    usual = {"id": "seats-1", "title": "Seats", "producer": "NGO", "kind": "citizen"}
    return Answers(
        **{**usual, "risk": "medium", "profile": "medium", **given},
        gate={name: GateAnswer(answer="yes", evidence="a letter") for name in GATE} | (gate or {}),
        scores={name: Score(level="A2", evidence="a report") for name in CRITERIA} | (scores or {}),
    )


def finding(outcome=Outcome.SUPPLEMENTARY, **given):
    usual = {"reason": "Fills a gap", "expires_on": date(2040, 12, 31)}
    return appraisals.Finding(outcome=outcome, **{**usual, **given})


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path):
    settings.STORE_FOLDER = tmp_path / "store"


@pytest.fixture
def producer(workspace, make_member):
    return make_member(workspace, "producer")


@pytest.fixture
def appraiser(workspace, make_member):
    return make_member(workspace, "appraiser")


@pytest.fixture
def make_version(workspace, producer):
    """Make a version that was checked, of third-party data unless told otherwise."""

    def make(kind=Dataset.Kind.THIRD_PARTY, slug="seats"):
        dataset = Dataset.objects.filter(slug=slug).first() or datasets.create(
            workspace=workspace,
            description=datasets.Description(slug=slug, titles={"en": "Seats"}, kind=kind),
            by=producer,
        )
        source = store.put_source([b"x"], name="x.csv")
        sent = datasets.Sent(
            digest=source.digest, size=1, name="x.csv", origin=DatasetVersion.Origin.UPLOAD
        )
        version = datasets.submit(dataset=dataset, sent=sent, by=producer, reason="once more")
        Job.objects.all().delete()
        schema = dict(OBSERVATION.schema)
        usual = {name: "_T" for name in OBSERVATION.key if schema[name] == pl.String}
        row = {**usual, "INDICATOR": "5a", "REF_AREA": "NA", "TIME_PERIOD": "2020"}
        figures = store.put_rows([pl.DataFrame([row | {"OBS_VALUE": 3.5}], schema=schema)])
        checked = datasets.Checked(figures=figures, metadata={}, findings=[], errors=0, warnings=0)
        return datasets.record_check(version=version, checked=checked)

    return make


def appraise(version, by, outcome=Outcome.SUPPLEMENTARY, given=None, **more):
    return appraisals.appraise(
        version=version, answers=given or answers(), finding=finding(outcome, **more), by=by
    )


# ---------------------------------------------------------------- what answers allow

OFFICIAL = {"legal_basis": "Statistics Law, article 12", "authority": "Director-General"}
NO = GateAnswer(answer="no", evidence="asked them")


@pytest.mark.parametrize(
    ("outcome", "changed", "more", "words"),
    [
        (
            Outcome.SUPPLEMENTARY,
            {"gate": {"licence": NO}},
            {},
            "allow: declined. Keeps the data out: Licence to reuse",
        ),
        (
            Outcome.OFFICIAL,
            {"gate": {"gap": NO}},
            OFFICIAL,
            "“official”.*Lacking: supplementary at most: Fills a gap",
        ),
        (
            Outcome.OFFICIAL,
            {"scores": {"coverage": Score(level="A1", evidence="a map")}},
            OFFICIAL,
            "Below the level needed: Coverage",
        ),
        (
            Outcome.SUPPLEMENTARY,
            {"scores": {"coverage": Score(level="A0", evidence="")}},
            {},
            "At A0, which never passes: Coverage",
        ),
        (
            Outcome.SUPPLEMENTARY,
            {"scores": {"coverage": Score(level="A3", evidence=" ")}},
            {},
            "Still open, or without evidence: Coverage",
        ),
        (Outcome.OFFICIAL, {}, {"authority": "NSO"}, "Legal basis: official data need the law"),
        (
            Outcome.OFFICIAL_NOTE,
            {},
            {"legal_basis": "Law"},
            "Authority: official data need the name",
        ),
        (Outcome.OFFICIAL_NOTE, {}, OFFICIAL, "Write the note that is shown"),
        (Outcome.CONTEXT, {}, {"expires_on": None}, "Valid until: give the last day"),
        (Outcome.CONTEXT, {}, {"expires_on": date(2020, 1, 1)}, "a day after today"),
        (Outcome.CONTEXT, {}, {"reason": " "}, "Why: say why it was decided so"),
        (Outcome.CONTEXT, {"gate": {"charm": NO}}, {}, "gate: found 'charm', expected one of"),
    ],
)
def test_appraise_refuses_what_the_answers_do_not_allow(
    outcome, changed, more, words, make_version, appraiser
):
    version = make_version()
    with pytest.raises(ActionRefused, match=words):
        appraise(version, appraiser, outcome, answers(**changed), **more)
    assert not Appraisal.objects.exists()
    version.refresh_from_db()
    assert version.state == "checked"


def test_appraise_keeps_what_it_rests_on(make_version, appraiser, make_member, workspace):
    reviewer = make_member(workspace, "methodologist")
    found = appraise(
        make_version(), appraiser, Outcome.OFFICIAL_NOTE, conditions=("Cities only",), **OFFICIAL
    )
    found.refresh_from_db()
    assert (found.outcome, found.conditions, found.scheme) == (
        "official_note",
        "Cities only",
        "everycount 1.0",
    )
    assert found.expires_on == date(2040, 12, 31)
    kept = appraisals.read_answers(found.form)
    assert kept.gate["licence"].evidence == "a letter"
    assert kept.decision.by == (f"account {appraiser.pk}",)
    event = AuditEvent.objects.get(verb="dataset_version.appraised")
    assert (event.note, event.facts["outcome"]) == ("Fills a gap", "official_note")
    assert Notification.objects.filter(to=reviewer, verb=event.verb).exists()


def test_appraise_of_own_data_and_past_the_review_is_refused(make_version, appraiser, make_user):
    with pytest.raises(ActionRefused, match="own data: only third-party data are appraised"):
        appraisals.save_draft(
            version=make_version(Dataset.Kind.OWN, "own"), answers=answers(), by=appraiser
        )
    version = make_version()
    appraise(version, appraiser)
    datasets.review(version=version, outcome=Review.Outcome.FIT, by=make_user())
    with pytest.raises(ActionRefused, match="is reviewed, so it cannot become appraised"):
        appraisals.save_draft(version=version, answers=answers(), by=appraiser)


def test_database_refuses_appraisals_without_a_ground(make_version, appraiser):
    version = make_version()
    for wrong in (
        {"outcome": "official"},
        {"outcome": "official_note", **OFFICIAL},
        {"outcome": "context", "expires_on": None},
        {"outcome": "context", "reason": ""},
    ):
        given = {"reason": "x", "expires_on": date(2040, 1, 1), **wrong}
        with pytest.raises(IntegrityError), transaction.atomic():
            Appraisal.objects.create(version=version, by=appraiser, at=timezone.now(), **given)


def test_scheme_of_the_office_is_used(settings, tmp_path, make_version, appraiser):
    own = tmp_path / "own.toml"
    own.write_text(
        'id = "own"\nversion = "2"\ntitle.en = "Ours"\nsource = "us"\n'
        + "".join(
            f'[needed.{risk}]\nlow = "A1"\nmedium = "A1"\nhigh = "A1"\n'
            for risk in ("low", "medium", "high")
        )
        + '[[gate]]\nid = "asked"\ntitle.en = "Asked"\nquestion.en = "Did you ask?"\n'
        + '[[criteria]]\nid = "sound"\ntitle.en = "Sound"\nquestion.en = "Is it sound?"\n'
    )
    settings.APPRAISAL_SCHEME = own
    given = Answers(
        id="a",
        title="A",
        producer="",
        kind="other",
        risk="low",
        profile="low",
        gate={"asked": GateAnswer(answer="yes", evidence="a call")},
        scores={"sound": Score(level="A1", evidence="a look")},
    )
    assert appraise(make_version(), appraiser, given=given).scheme == "own 2"


def test_read_answers_that_are_none():
    with pytest.raises(InputError, match="the appraisal has"):
        appraisals.read_answers({"id": "x", "gate": {"licence": {"answer": "perhaps"}}})


# ---------------------------------------------------------------- the label


@pytest.mark.parametrize(
    ("outcome", "label"),
    [(Outcome.SUPPLEMENTARY, "SUPPLEMENTARY"), (Outcome.CONTEXT, "CONTEXT")],
)
def test_label_goes_with_every_figure_and_the_version_stays(
    outcome, label, make_version, appraiser
):
    version = make_version()
    digest = version.digest
    assert dataset_queries.figures(version).collect()["APPRAISAL"].to_list() == [None]
    appraise(version, appraiser, outcome)
    version.refresh_from_db()
    assert version.digest == digest
    assert dataset_queries.figures(version).collect()["APPRAISAL"].to_list() == [label]
    assert ("APPRAISAL", label) in dataset_queries.rows_of(version, {}).same
    assert store.digest_of(store.version_path(digest)) == digest


def test_label_is_that_of_the_newest_appraisal(make_version, appraiser):
    version = make_version()
    appraise(version, appraiser, Outcome.CONTEXT)
    appraise(version, appraiser, Outcome.OFFICIAL, **OFFICIAL)
    assert dataset_queries.figures(version).collect()["APPRAISAL"].to_list() == ["OFFICIAL"]
    appraise(version, appraiser, Outcome.DECLINED, expires_on=None)
    assert dataset_queries.figures(version).collect()["APPRAISAL"].to_list() == [None]


def test_label_of_own_data_is_what_their_file_says(make_version):
    version = make_version(Dataset.Kind.OWN)
    assert dataset_queries.figures(version).collect()["APPRAISAL"].to_list() == [None]


# ---------------------------------------------------------------- expiry


def test_expiry_is_told_once_before_and_once_after(make_version, appraiser, producer):
    appraise(make_version(), appraiser)
    Notification.objects.all().delete()
    told = [
        expiry.tell_expiring(today=day)
        for day in (
            date(2040, 10, 31),
            date(2040, 11, 1),
            date(2040, 12, 30),
            date(2040, 12, 31),
            date(2041, 1, 1),
            date(2041, 1, 2),
        )
    ]
    assert told == [0, 1, 0, 0, 1, 0]
    texts = list(Notification.objects.filter(to=producer).values_list("text", flat=True))
    assert sorted(texts) == sorted(
        [
            "The appraisal of “Seats 1” holds until 2040-12-31.",
            "The appraisal of “Seats 1” held until 2040-12-31. Its figures are shown as expired; "
            "send them as a new version to have them appraised anew.",
        ]
    )
    assert Notification.objects.filter(to=appraiser).count() == 2


def test_expiry_of_what_no_longer_counts_is_not_told(make_version, appraiser, producer):
    late = date(2041, 6, 1)
    version = make_version()
    first = appraise(version, appraiser)
    appraise(version, appraiser, Outcome.DECLINED, expires_on=None)
    assert expiry.tell_expiring(today=late) == 0
    other = make_version(slug="other")
    appraise(other, appraiser)
    newer = make_version(slug="other")
    DatasetVersion.objects.filter(pk=newer.pk).update(
        state="released", approved_by=appraiser, approved_at=timezone.now()
    )
    assert expiry.tell_expiring(today=late) == 0
    datasets.withdraw(version=version, reason="Wrong", by=producer, keep_file=True)
    assert expiry.tell_expiring(today=late) == 0
    assert queries.has_expired(first, today=late)
    assert not queries.has_expired(first, today=date(2040, 12, 31))


def test_expired_data_are_shown_as_such(make_version, appraiser):
    version = make_version()
    appraise(version, appraiser)
    client = Client()
    client.force_login(appraiser)
    listed = "/workspaces/viet-nam/datasets/"
    assert "appraisal expired" not in text_of(client.get(listed)) + text_of(client.get(PAGE))
    yesterday = timezone.localdate() - timedelta(days=1)
    Appraisal.objects.update(expires_on=yesterday)
    assert "appraisal expired" in text_of(client.get(listed))
    page = text_of(client.get(PAGE))
    assert "appraisal expired" in page
    assert "Licence to reuse yes : a letter" in page.replace("yes:", "yes :")
    assert dataset_queries.figures(version).collect()["APPRAISAL"].to_list() == ["SUPPLEMENTARY"]


# ---------------------------------------------------------------- the page


def text_of(answer) -> str:
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", words.replace("&#x27;", "'").replace("&quot;", '"'))


def sent(**given):
    usual = {"kind": "citizen", "risk": "medium", "profile": "medium"}
    for name in GATE:
        usual |= {f"gate-{name}": "yes", f"gate-{name}-evidence": "a letter"}
    for name in CRITERIA:
        usual |= {f"level-{name}": "A2", f"level-{name}-evidence": "a report"}
    return {**usual, **given}


@pytest.fixture
def client(appraiser):
    client = Client()
    client.force_login(appraiser)
    return client


def test_page_asks_every_question_of_the_scheme(client, make_version):
    make_version()
    page = text_of(client.get(f"{PAGE}appraise/"))
    for each in (*SCHEME.gate, *SCHEME.criteria):
        assert each.question["en"] in page
    assert "What the answers allow" not in page


def test_page_saves_answers_and_shows_what_they_allow(client, make_version, make_member, workspace):
    make_version()
    first = GATE[0]
    answer = client.post(
        f"{PAGE}appraise/", {**sent(), f"gate-{first}": "", "level-coverage": "A1", "save": "1"}
    )
    assert answer.status_code == 302
    assert AppraisalDraft.objects.get().form["scores"]["coverage"]["level"] == "A1"
    colleague = Client()
    colleague.force_login(make_member(workspace, "appraiser"))
    page = text_of(colleague.get(f"{PAGE}appraise/"))
    assert "What the answers allow context only declined" in page
    assert "Still open, or without evidence Producer known" in page
    assert "Below the level needed Coverage and frame" in page
    again = colleague.get(f"{PAGE}appraise/").content.decode()
    assert 'value="A1" selected' in again
    assert DatasetVersion.objects.get().state == "checked"


def test_page_refuses_a_decision_in_the_words_of_the_form(client, make_version):
    make_version()
    given = sent(outcome="official", reason="By law", expires_on=FAR, decide="1")
    given["gate-licence"] = "no"
    answer = client.post(f"{PAGE}appraise/", given)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "The answers do not allow “official”. They allow: declined." in page
    assert "Keeps the data out: Licence to reuse" in page
    assert "Legal basis: official data need the law and the article that allows it." in page
    assert "found 'official'" not in page
    assert "Keeps the data out Licence to reuse" in page
    assert "By law" in answer.content.decode()
    assert not Appraisal.objects.exists()


def test_page_with_fields_that_will_not_do(client, make_version):
    make_version()
    answer = client.post(f"{PAGE}appraise/", sent(risk="huge", outcome="maybe", decide="1"))
    assert answer.status_code == 422
    page = text_of(answer)
    assert "huge is not one of the available choices" in page
    answer = client.post(f"{PAGE}appraise/", sent(decide="1"))
    assert "Decision : This field is required" in text_of(answer).replace("Decision:", "Decision :")


def test_page_decides_and_begins_an_appeal_with_the_answers(client, make_version):
    make_version()
    given = sent(outcome="declined", reason="No consent", decide="1")
    assert client.post(f"{PAGE}appraise/", given)["Location"] == PAGE
    page = text_of(client.get(PAGE))
    assert "declined" in page
    assert "No consent" in page
    page = client.get(f"{PAGE}appraise/").content.decode()
    assert "a letter" in page
    assert "No consent" not in page
    given = sent(outcome="official", reason="Shown", expires_on=FAR, decide="1", **OFFICIAL)
    assert client.post(f"{PAGE}appraise/", given).status_code == 302
    assert Appraisal.objects.count() == 2
    assert not AppraisalDraft.objects.exists()


def test_page_when_the_review_was_first(client, make_version, make_user, appraiser):
    version = make_version()
    appraise(version, appraiser)
    datasets.review(version=version, outcome=Review.Outcome.FIT, by=make_user())
    answer = client.post(f"{PAGE}appraise/", sent(save="1"))
    assert answer.status_code == 422
    assert "is reviewed, so it cannot become appraised." in text_of(answer)


def test_page_begins_with_what_was_answered_about_the_version_before(client, make_version):
    make_version()
    client.post(f"{PAGE}appraise/", sent(outcome="declined", reason="No consent", decide="1"))
    make_version()
    assert "a letter" in client.get(PAGE.replace("/1/", "/2/appraise/")).content.decode()


# ---------------------------------------------------------------- some indicators only


@pytest.fixture
def make_pair(make_version):
    """Make a checked version with figures of two indicators, whose file claims to be official."""

    def make():
        version = make_version()
        table = store.scan(version.digest).collect()
        claimed = table.with_columns(APPRAISAL=pl.lit("OFFICIAL"))
        other = claimed.with_columns(INDICATOR=pl.lit("8.3"))
        version.digest = store.put_rows([pl.concat([claimed, other])]).digest
        version.save()
        return version

    return make


def labels(version):
    rows = (
        dataset_queries.figures(version)
        .collect()
        .select("INDICATOR", "APPRAISAL")
        .sort("INDICATOR")
    )
    return rows.rows()


def test_indicators_that_are_not_in_the_data_are_refused(make_pair, appraiser):
    version = make_pair()
    words = "Indicators: found 5b, expected codes of the data: 5a, 8.3."
    for attempt in (
        lambda given: appraise(version, appraiser, given=given),
        lambda given: appraisals.save_draft(version=version, answers=given, by=appraiser),
    ):
        with pytest.raises(ActionRefused, match=words):
            attempt(answers(indicators=("5a", "5b")))
    assert not Appraisal.objects.exists()
    assert not AppraisalDraft.objects.exists()


def test_version_goes_on_when_every_indicator_has_its_decision(make_pair, appraiser, make_user):
    version = make_pair()
    appraise(version, appraiser, given=answers(indicators=("5a",)))
    version.refresh_from_db()
    assert version.state == "checked"
    assert AuditEvent.objects.latest("position").verb == "dataset_version.appraised_in_part"
    assert labels(version) == [("5a", "SUPPLEMENTARY"), ("8.3", None)]
    with pytest.raises(ActionRefused, match="appraised before it is reviewed"):
        datasets.review(version=version, outcome=Review.Outcome.FIT, by=make_user())
    appraise(version, appraiser, Outcome.CONTEXT, given=answers(indicators=("8.3",)))
    version.refresh_from_db()
    assert version.state == "appraised"
    assert labels(version) == [("5a", "SUPPLEMENTARY"), ("8.3", "CONTEXT")]


def test_newest_decision_about_an_indicator_stands(make_pair, appraiser):
    version = make_pair()
    appraise(version, appraiser, Outcome.CONTEXT)
    appraise(version, appraiser, given=answers(indicators=("8.3",)))
    assert labels(version) == [("5a", "CONTEXT"), ("8.3", "SUPPLEMENTARY")]
    appraise(version, appraiser, Outcome.CONTEXT)
    assert labels(version) == [("5a", "CONTEXT"), ("8.3", "CONTEXT")]


def test_declined_indicator_keeps_the_version_out(make_pair, appraiser):
    version = make_pair()
    appraise(version, appraiser)
    appraise(
        version, appraiser, Outcome.DECLINED, given=answers(indicators=("5a",)), expires_on=None
    )
    version.refresh_from_db()
    assert version.state == "declined"
    assert labels(version) == [("5a", None), ("8.3", "SUPPLEMENTARY")]
    appraise(version, appraiser, given=answers(indicators=("8.3",)))
    version.refresh_from_db()
    assert version.state == "declined"
    appraise(version, appraiser, given=answers(indicators=("5a",)))
    version.refresh_from_db()
    assert version.state == "appraised"


def test_expiry_of_each_decision_that_stands_is_told(make_pair, appraiser):
    version = make_pair()
    appraise(version, appraiser, expires_on=date(2040, 1, 31))
    appraise(version, appraiser, given=answers(indicators=("8.3",)), expires_on=date(2041, 1, 31))
    assert expiry.tell_expiring(today=date(2040, 2, 1)) == 1
    assert queries.expired_among([version], today=date(2040, 2, 1)) == {version.pk}
    appraise(version, appraiser, given=answers(indicators=("5a",)), expires_on=date(2042, 1, 31))
    assert queries.expired_among([version], today=date(2040, 2, 1)) == set()
    appraise(version, appraiser, given=answers(indicators=("8.3",)), expires_on=date(2043, 1, 31))
    assert expiry.tell_expiring(today=date(2041, 2, 1)) == 0
    assert expiry.tell_expiring(today=date(2042, 2, 1)) == 1


def test_page_offers_indicators_and_shows_them(client, make_pair):
    make_pair()
    address = f"{PAGE}appraise/"
    assert "The data have: 5a, 8.3." in text_of(client.get(address))
    refused = client.post(address, sent(indicators="5a, 9z 7q", save="1"))
    assert refused.status_code == 422
    assert "The data have no figures of 7q, 9z." in text_of(refused)
    assert client.post(address, sent(indicators="8.3; 5a\n5a", save="1")).status_code == 302
    assert AppraisalDraft.objects.get().form["indicators"] == ["5a", "8.3"]
    assert ">\n5a\n8.3</textarea>" in client.get(address).content.decode()
    given = sent(indicators="5a", outcome="context", reason="Small", expires_on=FAR, decide="1")
    assert client.post(address, given).status_code == 302
    shown = text_of(client.get(PAGE))
    assert "About these indicators only: 5a" in shown
    again = client.get(address)
    assert "No decision lets these indicators in yet: 8.3" in text_of(again)
    assert ">\n8.3</textarea>" in again.content.decode()


def test_hint_about_indicators_stays_short():
    from everycount_hub.workbench.appraisal_forms import _codes_hint

    hint = _codes_hint([f"I{number:03}" for number in range(100)])
    assert "I039 and 60 more." in hint
    assert "I040" not in hint
    assert "The data have: –." in _codes_hint([])
