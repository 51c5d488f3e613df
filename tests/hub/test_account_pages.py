"""Pages on which administrators look after accounts: who may, what they do, what they refuse."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse

from everycount_hub.actions import accounts, memberships
from everycount_hub.errors import ActionRefused
from everycount_hub.models import ApiToken, AuditEvent, Notification
from everycount_hub.permissions import HUB_ROLES, Role
from everycount_hub.queries.audit import verify
from everycount_hub.workbench.accounts import ACTS

pytestmark = pytest.mark.django_db
PASSWORD = "unlocked-by-a-sentence"


@pytest.fixture
def admin(make_member):
    return make_member(None, Role.ADMINISTRATOR, name="Head")


@pytest.fixture
def client(admin):
    client = Client()
    client.force_login(admin)
    return client


def text_of(answer):
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", words.replace("&#x27;", "'").replace("&quot;", '"'))


def act(client, account, name, **given):
    return client.post(reverse(f"account_{name}", args=[account.pk]), given, follow=True)


# ---------------------------------------------------------------- the list


def test_accounts_are_listed_and_searched(client, admin, workspace, make_member, make_user):
    lan = make_member(workspace, Role.PRODUCER, email="lan@nso.example.org", name="Lan Trần")
    gone = make_user(email="minh@nso.example.org", name="Minh")
    accounts.disable(account=gone, by=admin, note="left")
    address = reverse("accounts")
    page = text_of(client.get(address))
    assert "3 accounts" in page
    assert "producer, Viet Nam" in page
    assert "administrator, the whole hub" in page
    found = text_of(client.get(address, {"q": "nso LAN"}))
    assert str(lan) in found
    assert "1 account " in found
    resting = text_of(client.get(address, {"disabled": "1"}))
    assert "Minh" in resting
    assert str(lan) not in resting
    assert "No account fits." in text_of(client.get(address, {"q": "nobody"}))


def test_accounts_come_in_pages(client, make_user):
    for _ in range(55):
        make_user()
    address = reverse("accounts")
    first = client.get(address, {"q": "Person"}).text
    assert "Page 1 of 2" in first
    assert 'href="?q=Person&amp;page=2"' in first
    assert client.get(address, {"q": "Person", "page": "2"}).text.count('<th scope="row">') == 6
    assert client.get(address, {"page": "far"}).status_code == 200


def test_lists_cost_the_same_however_many_there_are(
    client, workspace, make_member, django_assert_num_queries
):
    other = make_member(workspace, Role.READER)
    addresses = {reverse("accounts"): 9, reverse("account", args=[other.pk]): 10}
    for address, number in addresses.items():
        client.get(address)
        with django_assert_num_queries(number):
            client.get(address)
    for _ in range(5):
        member = make_member(workspace, Role.READER)
        memberships.grant(user=other, workspace=workspace, role=Role.PRODUCER, by=None)
        memberships.end(membership=other.memberships.last(), by=member)
    for address, number in addresses.items():
        with django_assert_num_queries(number):
            client.get(address)


# ---------------------------------------------------------------- one account


def test_an_account_shows_its_roles_and_what_it_did(client, workspace, make_member):
    lan = make_member(workspace, Role.SECRETARIAT, name="Lan")
    other = make_member(workspace, Role.READER)
    memberships.end(membership=other.memberships.get(), by=lan, note="moved")
    page = text_of(client.get(reverse("account", args=[lan.pk])))
    assert "secretariat" in page
    assert "membership.ended" in page
    assert "moved" in page
    assert "authenticator app" in page
    assert "Reset the second factor" in page
    gone = text_of(client.get(reverse("account", args=[other.pk])))
    assert "None now." in gone
    assert "Roles that ended" in gone


def test_the_log_of_an_account_is_paged(client, make_user):
    user = make_user()
    for number in range(60):
        accounts.describe(account=user, by=user, name=str(number), language="en")
    address = reverse("account", args=[user.pk])
    older = re.search(r'href="\?before=(\d+)"', client.get(address).text)
    assert "account.opened" not in client.get(address).text
    assert "account.opened" in client.get(address, {"before": older[1]}).text
    for wrong in ("x", "²", "9" * 30):
        assert client.get(address, {"before": wrong}).status_code == 404


def test_ones_own_account_offers_no_act(client, admin):
    page = text_of(client.get(reverse("account", args=[admin.pk])))
    assert "your own account" in page
    assert "What can be done" not in page


# ---------------------------------------------------------------- acts


@pytest.mark.parametrize("name", ACTS)
def test_every_act_says_what_it_does_and_wants_a_reason(name, client, workspace, make_member):
    user = make_member(workspace, Role.APPROVER)
    address = reverse(f"account_{name}", args=[user.pk])
    asked = client.get(address)
    assert asked.status_code == 200
    assert str(ACTS[name].lead) in text_of(asked)
    count = AuditEvent.objects.count()
    refused = client.post(address, {"note": " "})
    assert refused.status_code == 422
    assert "Why : This field is required" in text_of(refused).replace("Why:", "Why :")
    assert AuditEvent.objects.count() == count


def test_an_account_is_disabled_and_enabled_again(client, make_user):
    user = make_user()
    theirs = Client()
    theirs.force_login(user)
    assert theirs.get("/workbench/").status_code == 200
    page = text_of(act(client, user, "disable", note="on leave"))
    assert "The account is disabled." in page
    assert "may not sign in" in page
    assert "Reset the second factor" not in page
    assert theirs.get("/workbench/").status_code == 302
    assert AuditEvent.objects.latest("position").note == "on leave"
    again = act(client, user, "disable", note="again")
    assert again.status_code == 422
    assert "is disabled already" in text_of(again)
    assert "The account is enabled." in text_of(act(client, user, "enable", note="back"))
    assert theirs.get("/workbench/").status_code == 302, "the old session stays ended"
    assert act(client, user, "enable", note="x").status_code == 422


def test_personal_data_are_erased_and_the_log_stays_whole(
    client, workspace, make_member, make_user
):
    from axes.models import AccessAttempt

    from everycount_hub.actions import api_tokens

    for _ in range(10):
        make_user()  # sessions write numbers above nine in two ways
    user = make_member(workspace, Role.PRODUCER, email="lan@example.org", name="Lan Trần")
    api_tokens.make(user=user, workspace=workspace, name="Lan's laptop", valid=timedelta(30))
    Client().post("/accounts/login/", {"login": "Lan@example.org", "password": "guess-and-guess"})
    waiting = Client()
    waiting.post("/accounts/login/", {"login": "lan@example.org", "password": PASSWORD})
    assert AccessAttempt.objects.filter(username="lan@example.org").exists()
    wrong = act(client, user, "forget", note="asked for it", email="minh@example.org")
    assert wrong.status_code == 422
    assert "This is not the address of this account." in text_of(wrong)
    page = text_of(act(client, user, "forget", note="asked for it", email=" LAN@example.org"))
    assert "The personal data are gone." in page
    assert f"Account {user.pk}" in page
    assert "personal data erased" in page
    user.refresh_from_db()
    assert (user.name, user.last_login, user.is_active) == ("", None, False)
    assert user.memberships.get().ended_at is not None
    assert ApiToken.objects.get().name == ""
    assert not AccessAttempt.objects.exists()
    assert not any("lan@" in str(each.get_decoded()) for each in Session.objects.all())
    event = AuditEvent.objects.latest("position")
    assert event.facts == {"memberships": [user.memberships.get().pk]}
    assert verify().problem is None
    for name in ("forget", "enable"):
        again = act(client, user, name, note="x", email=user.email)
        assert again.status_code == 422
        assert "The personal data of this account are gone" in text_of(again)


def test_a_second_factor_is_reset_and_asked_for_anew(client, workspace, make_member):
    user = make_member(workspace, Role.APPROVER)
    theirs = Client()
    theirs.force_login(user)
    assert theirs.get("/workbench/").status_code == 200
    page = text_of(act(client, user, "reset", note="lost the phone, called back"))
    assert "The second factor is gone" in page
    assert theirs.get("/workbench/")["Location"].startswith("/accounts/login/")
    answer = theirs.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer["Location"] == "/workbench/"
    assert theirs.get("/workbench/")["Location"] == "/accounts/2fa/totp/activate/"
    event = AuditEvent.objects.get(verb="account.factors_reset")
    assert event.facts == {"types": ["totp"]}
    assert "removed your second factor" in Notification.objects.filter(to=user).first().text
    again = act(client, user, "reset", note="x")
    assert again.status_code == 422
    assert "has no second factor" in text_of(again)


def test_a_new_link_to_set_a_password_is_mailed(
    client, make_user, django_capture_on_commit_callbacks
):
    user = make_user(password=None)
    with django_capture_on_commit_callbacks(execute=True):
        page = text_of(act(client, user, "link", note="the invitation expired"))
    assert "A mail with the link is on its way." in page
    assert "reset/key" not in page
    (letter,) = mail.outbox
    assert letter.to == [user.email]
    path = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", letter.body)[1]
    assert Client().get(path, follow=True).status_code == 200


def test_without_mail_a_new_link_is_handed_over(client, make_user, settings):
    settings.SENDS_MAIL = False
    user = make_user()
    page = text_of(act(client, user, "link", note="forgot it"))
    assert "http://127.0.0.1:8000/accounts/password/reset/key/" in page
    assert "reset/key" not in str(list(AuditEvent.objects.values_list("facts", "note")))
    assert mail.outbox == []


@pytest.mark.parametrize("name", ACTS)
def test_nobody_locks_themselves_out(name, client, admin, make_member):
    make_member(None, Role.ADMINISTRATOR)
    answer = act(client, admin, name, note="me", email=admin.email)
    assert answer.status_code == 422
    admin.refresh_from_db()
    assert admin.is_active
    assert admin.authenticator_set.exists()
    words = {"link": "Change your own password", "reset": "Change your own second factor"}
    expected = {"enable": "is active already"} | words
    assert expected.get(name, "Nobody does this to their own account") in text_of(answer)


def test_the_only_administrator_is_neither_disabled_nor_forgotten(make_member, make_user):
    only, by = make_member(None, Role.ADMINISTRATOR), make_user()
    for run in (accounts.disable, accounts.forget):
        with pytest.raises(ActionRefused, match="only administrator of the hub"):
            run(account=only, by=by, note="x")
    only.refresh_from_db()
    assert only.is_active


def test_a_link_for_a_disabled_account_is_refused(client, admin, make_user):
    user = make_user()
    accounts.disable(account=user, by=admin, note="left")
    answer = act(client, user, "link", note="x")
    assert answer.status_code == 422
    assert "is disabled" in text_of(answer)


# ---------------------------------------------------------------- who may


def addresses(user):
    return [
        reverse("accounts"),
        reverse("account", args=[user.pk]),
        *(reverse(f"account_{name}", args=[user.pk]) for name in ACTS),
    ]


@pytest.mark.parametrize(
    ("role", "is_of_hub"),
    [*((role, False) for role in Role), *((role, True) for role in sorted(HUB_ROLES))],
)
def test_accounts_are_for_administrators_of_the_hub_alone(
    role, is_of_hub, workspace, make_member, make_user
):
    client, user = Client(), make_user()
    client.force_login(make_member(None if is_of_hub else workspace, role))
    allowed = is_of_hub and role is Role.ADMINISTRATOR
    for address in addresses(user):
        assert client.get(address).status_code == (200 if allowed else 403), address
    for name in ACTS:
        answer = client.post(reverse(f"account_{name}", args=[user.pk]), {"note": ""})
        assert answer.status_code == (422 if allowed else 403), name
    user.refresh_from_db()
    assert user.is_active


def test_accounts_that_are_not_there(client):
    for address in addresses(type("Nobody", (), {"pk": 10**9}))[1:]:
        assert client.get(address).status_code == 404, address
