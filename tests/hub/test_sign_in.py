"""Signing in: address and password, a second factor, and a halt to guessing."""

import re

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail

from everycount_hub.actions import accounts, memberships
from everycount_hub.models import AuditEvent
from everycount_hub.permissions import SECOND_FACTOR_ROLES, Role

pytestmark = pytest.mark.django_db
PASSWORD = "unlocked-by-a-sentence"
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def fresh_counts():
    """Rate limits live in the cache, which tests share."""
    from django.core.cache import cache

    cache.clear()


def code_for(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def sign_in(client, user, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": user.email, "password": password}, **extra)


def test_an_address_and_a_password_open_the_workbench(client, make_user):
    user = make_user("Lan@example.org")
    page = client.get(LOGIN)
    assert "Sign in" in page.text
    assert "sign up" not in page.text.lower()
    answer = client.post(LOGIN, {"login": "LAN@Example.org", "password": PASSWORD})
    assert answer["Location"] == "/workbench/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_password_and_an_unknown_address_look_alike(client, make_user):
    user = make_user()
    wrong = sign_in(client, user, "not-the-password")
    unknown = client.post(LOGIN, {"login": "nobody@example.org", "password": "not-the-password"})
    for answer in (wrong, unknown):
        assert "not correct" in answer.text
        assert "_auth_user_id" not in client.session


def test_nobody_makes_an_account_alone(client):
    answer = client.get("/accounts/signup/")
    assert "By invitation" in answer.text
    given = {"email": "a@example.org", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", given)
    assert not client.login(
        username="a@example.org", password=PASSWORD, request=answer.wsgi_request
    )


def test_guessing_is_stopped_for_the_account_from_that_address(client, make_user):
    user, other = make_user(), make_user()
    for _ in range(5):
        answer = sign_in(client, user, "guess-after-guess")
    assert answer.status_code == 429
    assert "Too many attempts" in answer.text
    assert sign_in(client, user).status_code == 429, "the right password is late"
    assert sign_in(client, user, REMOTE_ADDR="192.0.2.7").status_code == 302, "the owner, elsewhere"
    client.logout()
    assert sign_in(client, other).status_code == 302, "another account from there"


def test_the_code_of_the_app_is_asked_for(client, workspace, make_member):
    user = make_member(workspace, Role.APPROVER)
    answer = sign_in(client, user)
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    assert client.get("/workbench/").status_code == 302
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "_auth_user_id" not in client.session
    assert "Incorrect code" in wrong.text
    right = code_for("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    answer = client.post("/accounts/2fa/authenticate/", {"code": right})
    assert answer["Location"] == "/workbench/"
    assert client.get("/workbench/").status_code == 200
    client.post("/accounts/logout/")
    sign_in(client, user)
    again = client.post("/accounts/2fa/authenticate/", {"code": right})
    assert "_auth_user_id" not in client.session, "a code opens once"
    assert again.status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", Role)
def test_powerful_roles_set_up_a_second_factor_first(role, client, workspace, make_member):
    user = make_member(workspace, role, has_factor=False)
    sign_in(client, user)
    answer = client.get(workspace.get_absolute_url())
    if role not in SECOND_FACTOR_ROLES:
        assert answer.status_code == 200
        return
    assert answer["Location"] == "/accounts/2fa/totp/activate/"
    page = client.get(answer["Location"])
    assert "Your role needs a second factor" in page.text
    secret = re.search(r'id="authenticator_secret"[^>]*value="([A-Z2-7]+)"', page.text)[1]
    done = client.post(answer["Location"], {"code": code_for(secret)})
    assert done["Location"] == "/accounts/2fa/recovery-codes/"
    events = AuditEvent.objects.filter(by=user, verb="account.factor_added")
    assert {event.facts["type"] for event in events} == {"totp", "recovery_codes"}
    assert client.get(workspace.get_absolute_url()).status_code == 200


def test_a_role_given_while_signed_in_asks_for_the_factor_at_once(
    client, workspace, make_member, make_user
):
    user = make_member(workspace, Role.READER, has_factor=False)
    sign_in(client, user)
    assert client.get("/workbench/").status_code == 200
    memberships.grant(user=user, workspace=workspace, role=Role.APPROVER, by=make_user())
    assert client.get("/workbench/")["Location"] == "/accounts/2fa/totp/activate/"
    assert client.post("/workbench/messages/read/").status_code == 302


def test_a_factor_given_up_is_recorded_and_asked_for_again(client, workspace, make_member):
    user = make_member(workspace, Role.APPROVER)
    sign_in(client, user)
    code = code_for("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client.post("/accounts/2fa/authenticate/", {"code": code})
    answer = client.post("/accounts/2fa/totp/deactivate/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    client.post(answer["Location"], {"password": PASSWORD})
    client.post("/accounts/2fa/totp/deactivate/")
    assert AuditEvent.objects.latest("position").verb == "account.factor_removed"
    assert client.get("/workbench/")["Location"] == "/accounts/2fa/totp/activate/"


def test_a_disabled_account_is_out_at_once(client, make_user):
    user = make_user()
    sign_in(client, user)
    assert client.get("/workbench/").status_code == 200
    accounts.disable(account=user, by=make_user(), note="left")
    assert client.get("/workbench/")["Location"].startswith(LOGIN)
    assert (
        "_auth_user_id" not in client.session or sign_in(client, user)["Location"] != "/workbench/"
    )


def test_a_forgotten_password_is_set_anew_by_mail(client, make_user):
    user = make_user()
    client.post("/accounts/password/reset/", {"email": user.email})
    client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert [letter.to for letter in mail.outbox] == [[user.email]]
    path = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mail.outbox[0].body)[1]
    form = client.get(path, follow=True)
    weak = client.post(form.request["PATH_INFO"], {"password1": "short", "password2": "short"})
    assert "at least 12 characters" in weak.text
    given = {"password1": "count-every-woman", "password2": "count-every-woman"}
    assert client.post(form.request["PATH_INFO"], given).status_code == 302
    assert sign_in(client, user, "count-every-woman").status_code == 302


def test_pages_of_the_account_wear_the_frame(client, workspace, make_member):
    user = make_member(workspace, Role.APPROVER)
    client.force_login(user)
    for page in ("email", "password/change", "logout", "2fa", "2fa/webauthn", "2fa/webauthn/add"):
        answer = client.get(f"/accounts/{page}/", follow=True)
        assert answer.status_code == 200, page
        assert "everycount.css" in answer.text, page
        assert " style=" not in answer.text, page
        assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", answer.text), page


def test_cookies_are_out_of_reach_of_scripts(client, make_user):
    answer = sign_in(client, make_user())
    for name in ("sessionid", "csrftoken"):
        cookie = answer.cookies[name]
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name


def test_the_first_factor_asks_for_the_password_again_when_time_has_passed(client, make_user):
    user = make_user()
    sign_in(client, user)
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 3600
    session.save()
    answer = client.get("/accounts/2fa/totp/activate/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
