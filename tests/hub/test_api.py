"""Figures sent by programs: tokens, what they open, and how the API answers."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from everycount.errors import Unavailable
from everycount_hub import store
from everycount_hub.actions import accounts, api_tokens, datasets, memberships
from everycount_hub.api import versions
from everycount_hub.api.answer import Refused
from everycount_hub.errors import ActionRefused
from everycount_hub.jobs.worker import work_once
from everycount_hub.models import ApiToken, AuditEvent, Dataset, DatasetVersion
from everycount_hub.permissions import Role

pytestmark = pytest.mark.django_db
AT = "/api/datasets/viet-nam/seats/versions"
FIGURES = b"INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE,UNIT_MEASURE\n5a,VNM,2021,F,30.26,PT\n"
MONTH = timedelta(days=30)


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path):
    settings.STORE_FOLDER = tmp_path / "store"


@pytest.fixture
def producer(workspace, make_member):
    return make_member(workspace, "producer", name="Prue")


@pytest.fixture
def dataset(workspace, producer):
    about = datasets.Description(slug="seats", titles={"en": "Seats"}, kind=Dataset.Kind.OWN)
    return datasets.create(workspace=workspace, description=about, by=producer)


@pytest.fixture
def made(workspace, producer, dataset):
    return api_tokens.make(user=producer, workspace=workspace, name="nightly", valid=MONTH)


@pytest.fixture
def send(made):
    """Send a body with the token."""

    def send(content=FIGURES, path=AT, text=None, content_type="text/csv", **headers):
        bearer = f"Bearer {made.text if text is None else text}"
        return Client().post(
            path,
            content,
            content_type=content_type,
            headers={"Authorization": bearer, **headers},
        )

    return send


def ask(made, path):
    return Client().get(path, headers={"Authorization": f"Bearer {made.text}"})


# ---------------------------------------------------------------- sending


def test_body_becomes_a_version_that_is_checked(send, made, producer):
    answer = send()
    assert answer.status_code == 201, answer.content
    assert answer.json() == {
        "version": 1,
        "state": "submitted",
        "address": "http://127.0.0.1:8000/workspaces/viet-nam/datasets/seats/1/",
        "errors": 0,
        "warnings": 0,
    }
    work_once()
    told = ask(made, f"{AT}/1").json()
    assert (told["state"], told["version"]) == ("checked", 1)
    version = DatasetVersion.objects.get()
    assert (version.origin, version.submitted_by, version.source_name) == (
        "api",
        producer,
        "figures.csv",
    )
    assert store.source_path(version.source, version.source_name).read_bytes() == FIGURES
    assert ask(made, f"{AT}/1/").json() == told


def test_state_tells_what_the_check_found(send, made):
    send(FIGURES.replace(b"30.26", b"thirty"), **{"X-Filename": "C:\\data\\may.csv"})
    work_once()
    told = ask(made, f"{AT}/1").json()
    assert (told["state"], told["errors"]) == ("faulty", 1)
    assert "thirty" in told["findings"][0]["examples"][0]["found"]
    assert DatasetVersion.objects.get().source_name == "may.csv"


def test_form_with_a_mapping_and_a_reason(made, dataset):
    text = FIGURES.replace(b"SEX", b"Group").replace(b",F,", b",Women,")
    mapping = b'[columns]\nGroup = "SEX"\n[values.SEX]\nWomen = "F"\n'
    for number, given in enumerate(
        ({"mapping": SimpleUploadedFile("m.toml", mapping)}, {"mapping": mapping.decode()}), 1
    ):
        answer = Client().post(
            AT,
            {"file": SimpleUploadedFile("a.csv", text), "reason": "Corrected", **given},
            headers={"Authorization": f"Bearer {made.text}"},
        )
        assert answer.json()["version"] == number
    work_once()
    assert list(DatasetVersion.objects.values_list("state", flat=True)) == ["checked"] * 2


def test_second_version_says_why(send):
    send()
    answer = send()
    assert answer.status_code == 422
    assert "say why there is a new one" in answer.json()["error"]
    answer = send(**{"X-Reason": "By-election"})
    assert (answer.status_code, answer["Location"]) == (201, f"{AT}/2/")
    assert DatasetVersion.objects.get(number=2).reason == "By-election"


def test_body_as_curl_sends_it(send):
    """With --data-binary it says that it is a form, which it is not."""
    assert send(content_type="application/x-www-form-urlencoded").status_code == 201
    version = DatasetVersion.objects.get()
    assert (version.source_size, version.source_name) == (len(FIGURES), "figures")
    work_once()
    version.refresh_from_db()
    assert version.state == "checked"


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({"content": b""}, 422, "The body is empty"),
        ({"path": "/api/datasets/viet-nam/births/versions"}, 404, "no dataset “births” here"),
        ({"path": "/api/datasets/kenya/seats/versions"}, 403, "for the workspace “viet-nam”"),
        ({"text": ""}, 401, "Send a token as the header"),
        ({"text": "everycount_guessed"}, 401, "There is no such token"),
        ({"content_type": "multipart/form-data"}, 400, "The form cannot be read"),
        (
            {"content": b"--x--\r\n", "content_type": "multipart/form-data; boundary=x"},
            422,
            "The form has no file",
        ),
    ],
)
def test_send_refuses_in_words(given, status, words, send):
    answer = send(**given)
    assert (answer.status_code, words in answer.json()["error"]) == (status, True), answer.content
    assert not DatasetVersion.objects.exists()


def test_form_with_a_mapping_that_is_no_text(made):
    given = {
        "file": SimpleUploadedFile("a.csv", FIGURES),
        "mapping": SimpleUploadedFile("m.toml", b"\xff\xfe"),
    }
    answer = Client().post(AT, given, headers={"Authorization": f"Bearer {made.text}"})
    assert (answer.status_code, answer.json()) == (
        422,
        {"error": "The column mapping is not UTF-8."},
    )


def test_send_what_is_too_long(send, settings):
    settings.LARGEST_FILE = 20
    assert send().status_code == 413
    assert not DatasetVersion.objects.exists()
    with pytest.raises(Refused, match="The file is too long"):
        list(versions._at_most(iter([b"x" * 15, b"x" * 15])))


def test_send_when_the_disk_is_full(send, monkeypatch):
    def full(*_given, **_named):
        raise Unavailable("the disk of the store is full (0 MB free)")

    monkeypatch.setattr(store, "put_source", full)
    answer = send()
    assert (answer.status_code, answer["Retry-After"]) == (503, "600")
    assert "the disk of the store is full" in answer.json()["error"]


def test_a_cookie_opens_nothing(producer, dataset):
    client = Client()
    client.force_login(producer)
    answer = client.post(AT, FIGURES, content_type="text/csv")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert client.get(f"{AT}/1").status_code == 401


def test_state_of_a_version_that_is_not_there(made):
    assert ask(made, f"{AT}/7").status_code == 404
    assert ask(made, AT).status_code == 405


def test_contributor_sees_only_what_they_sent(made, send, workspace, make_member):
    send()
    other = make_member(workspace, "contributor")
    token = api_tokens.make(user=other, workspace=workspace, name="x", valid=MONTH)
    assert ask(token, f"{AT}/1").status_code == 404
    assert send(text=token.text, **{"X-Reason": "x"}).status_code == 404


# ---------------------------------------------------------------- tokens


def test_token_is_kept_as_a_digest_alone(made):
    row = ApiToken.objects.values().get()
    assert made.text not in str(row)
    assert row["digest"] == api_tokens.digest_of(made.text)
    assert made.text not in str(list(AuditEvent.objects.values()))
    assert AuditEvent.objects.filter(verb="api_token.made").exists()


def test_token_ends_by_time_by_revoking_and_with_the_account(
    send, made, producer, make_user, workspace
):
    later = timezone.now() + MONTH
    assert api_tokens.use(text=made.text, now=later - timedelta(seconds=9)) == made.token
    assert api_tokens.use(text=made.text, now=later + timedelta(seconds=9)) is None
    accounts.disable(account=producer, by=make_user(), note="left")
    assert send().status_code == 401
    accounts.enable(account=producer, by=make_user(), note="back")
    assert send().status_code == 201
    api_tokens.revoke(token=made.token, by=producer)
    assert send().status_code == 401
    with pytest.raises(ActionRefused, match="is revoked already"):
        api_tokens.revoke(token=made.token, by=producer)
    other = api_tokens.make(user=producer, workspace=workspace, name="other", valid=MONTH)
    accounts.forget(account=producer, by=make_user(), note="asked to")
    assert ApiToken.objects.get(pk=other.token.pk).revoked_at is not None


def test_token_does_what_its_owner_may_do_now(send, producer, workspace):
    memberships.grant(user=producer, workspace=workspace, role=Role.APPROVER, by=None)
    producer.authenticator_set.all().delete()
    answer = send()
    assert answer.status_code == 403
    assert "needs a second factor" in answer.json()["error"]
    for held in producer.memberships.filter(ended_at=None):
        memberships.end(membership=held, by=None)
    answer = send()
    assert answer.status_code == 403
    assert "may no longer send figures here" in answer.json()["error"]


def test_token_that_is_used_too_often_waits(send, made, monkeypatch):
    monkeypatch.setattr(api_tokens, "MOST_AN_HOUR", 2)
    assert send().status_code == 201
    assert ask(made, f"{AT}/1").status_code == 200
    answer = send()
    assert answer.status_code == 429
    assert 3500 < int(answer["Retry-After"]) <= 3601
    later = timezone.now() + timedelta(hours=1, seconds=1)
    assert api_tokens.use(text=made.text, now=later) == made.token


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": " "}, "Say what the token is for"),
        ({"valid": timedelta(days=400)}, "a year at most"),
        ({"valid": timedelta(0)}, "a year at most"),
    ],
)
def test_make_refuses_in_words(given, words, producer, workspace):
    usual = {"name": "x", "valid": MONTH, **given}
    with pytest.raises(ActionRefused, match=words):
        api_tokens.make(user=producer, workspace=workspace, **usual)


def test_make_is_for_those_who_may_send_and_have_their_factor(
    make_member, make_workspace, workspace, producer, monkeypatch
):
    reader = make_member(workspace, "reader")
    with pytest.raises(ActionRefused, match="You may not send figures to Viet Nam"):
        api_tokens.make(user=reader, workspace=workspace, name="x", valid=MONTH)
    with pytest.raises(ActionRefused, match="You may not send figures"):
        api_tokens.make(user=producer, workspace=make_workspace("kenya"), name="x", valid=MONTH)
    bare = make_member(workspace, "producer", "approver", has_factor=False)
    with pytest.raises(ActionRefused, match="needs a second factor"):
        api_tokens.make(user=bare, workspace=workspace, name="x", valid=MONTH)
    monkeypatch.setattr(api_tokens, "MOST", 0)
    with pytest.raises(ActionRefused, match="revoke one first"):
        api_tokens.make(user=producer, workspace=workspace, name="x", valid=MONTH)


# ---------------------------------------------------------------- the profile page

PROFILE = "/workbench/profile/"


def text_of(answer) -> str:
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", words)


def test_profile_makes_shows_once_and_revokes(producer, workspace, dataset):
    client = Client()
    client.force_login(producer)
    assert "New token" in text_of(client.get(PROFILE))
    form = f"{PROFILE}tokens/new/"
    assert client.get(form).status_code == 200
    answer = client.post(form, {"name": "nightly", "workspace": workspace.pk, "days": "90"})
    assert "no-store" in answer["Cache-Control"]
    text = re.search(r"everycount_[\w-]{43}", answer.content.decode())[0]
    page = client.get(PROFILE)
    assert text not in page.content.decode()
    assert "nightly" in text_of(page)
    sent = Client().post(
        AT, FIGURES, content_type="text/csv", headers={"Authorization": f"Bearer {text}"}
    )
    assert sent.status_code == 201
    token = ApiToken.objects.get()
    stranger = Client()
    stranger.force_login(token.user.__class__.objects.create_user("s@example.org", None))
    assert stranger.post(f"{PROFILE}tokens/{token.pk}/revoke/").status_code == 404
    answer = client.post(f"{PROFILE}tokens/{token.pk}/revoke/", follow=True)
    assert "The token is revoked" in text_of(answer)
    assert "nightly" not in text_of(answer)


def test_profile_of_a_reader_has_no_tokens(workspace, make_member, producer):
    client = Client()
    client.force_login(make_member(workspace, "reader"))
    assert "New token" not in text_of(client.get(PROFILE))
    answer = client.post(
        f"{PROFILE}tokens/new/", {"name": "x", "workspace": workspace.pk, "days": "90"}
    )
    assert answer.status_code == 422
    assert "Select a valid choice" in text_of(answer)


def test_profile_refuses_one_token_too_many(producer, workspace, monkeypatch):
    monkeypatch.setattr(api_tokens, "MOST", 0)
    client = Client()
    client.force_login(producer)
    answer = client.post(
        f"{PROFILE}tokens/new/", {"name": "x", "workspace": workspace.pk, "days": "30"}
    )
    assert answer.status_code == 422
    assert "revoke one first" in text_of(answer)


# ---------------------------------------------------------------- headers in any script


@pytest.mark.parametrize(
    ("reason", "name"),
    [
        ("Sửa số liệu".encode().decode("latin-1"), "số.csv".encode().decode("latin-1")),
        ("S%E1%BB%ADa%20s%E1%BB%91%20li%E1%BB%87u", "s%E1%BB%91.csv"),
    ],
)
def test_headers_may_be_in_any_script(made, send, reason, name):
    assert send().status_code == 201
    answer = send(**{"X-Reason": reason, "X-Filename": name})
    assert answer.status_code == 201, answer.content
    version = DatasetVersion.objects.get(number=2)
    assert (version.reason, version.source_name) == ("Sửa số liệu", "số.csv")


def test_headers_in_latin_1_and_with_a_percent_sign_stay_as_they_are(made, send):
    assert send().status_code == 201
    send(**{"X-Reason": "Año, 50% más", "X-Filename": "100%.csv"})
    version = DatasetVersion.objects.get(number=2)
    assert (version.reason, version.source_name) == ("Año, 50% más", "100%.csv")
