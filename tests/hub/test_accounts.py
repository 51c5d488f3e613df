"""Accounts, invitations, roles given and ended."""

import threading
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.db import IntegrityError, connections, transaction

from everycount_hub.actions import accounts, memberships
from everycount_hub.errors import ActionRefused
from everycount_hub.models import AuditEvent, Membership, Notification, User
from everycount_hub.permissions import Role

pytestmark = pytest.mark.django_db


def test_addresses_are_one_whatever_their_case(make_user):
    user = make_user("An.Nguyen@Example.org")
    assert user.email == "an.nguyen@example.org"
    assert make_user("AN.NGUYEN@example.org") == user
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="AN.nguyen@example.org")
    assert User.objects.get_by_natural_key("AN.nguyen@Example.ORG") == user


def test_an_invitation_makes_an_account_and_sends_a_link(
    workspace, make_user, client, django_capture_on_commit_callbacks
):
    admin = make_user()
    with django_capture_on_commit_callbacks(execute=True):
        invitation = memberships.invite(
            email="New@example.org",
            name="Newcomer",
            workspace=workspace,
            role=Role.PRODUCER,
            by=admin,
            note="moved from the ministry",
        )
    account = invitation.membership.user
    assert (account.email, account.name) == ("new@example.org", "Newcomer")
    assert not account.has_usable_password()
    (letter,) = mail.outbox
    assert letter.to == ["new@example.org"]
    assert invitation.link in letter.body
    page = client.get(urlsplit(invitation.link).path, follow=True)
    answer = client.post(
        page.request["PATH_INFO"],
        {"password1": "count-every-woman", "password2": "count-every-woman"},
    )
    assert answer.status_code == 302
    account.refresh_from_db()
    assert account.check_password("count-every-woman")
    assert account.emailaddress_set.get().verified
    assert "used already" in client.get(urlsplit(invitation.link).path, follow=True).text or (
        "invalid" in client.get(urlsplit(invitation.link).path, follow=True).text
    )


def test_whoever_has_an_account_is_only_told(workspace, make_user):
    admin, user = make_user(), make_user()
    invitation = memberships.invite(
        email=user.email.upper(), workspace=workspace, role=Role.READER, by=admin
    )
    assert invitation.link is None
    assert invitation.membership.user == user
    told = Notification.objects.get(to=user)
    assert told.text == "You are now reader in Viet Nam."
    assert told.link == workspace.get_absolute_url()


def test_a_role_given_is_recorded_with_who_and_why(workspace, make_user):
    admin, user = make_user(), make_user()
    membership = memberships.grant(
        user=user, workspace=workspace, role=Role.APPROVER, by=admin, note="new head"
    )
    event = AuditEvent.objects.latest("position")
    assert (event.verb, event.by, event.note) == ("membership.granted", admin, "new head")
    assert event.target == f"membership:{membership.pk}"
    assert event.facts == {"user": user.pk, "role": "approver", "organisation": None}


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("self", "Nobody gives a role to themselves"),
        ("twice", "is reader already"),
        ("disabled", "is disabled"),
        ("hub", "The role approver is held in a workspace"),
    ],
)
def test_a_role_that_cannot_be_given_is_refused(case, words, workspace, make_user):
    admin, user = make_user(), make_user()
    given = {"user": user, "workspace": workspace, "role": Role.READER, "by": admin}
    if case == "self":
        given["by"] = user
    elif case == "twice":
        memberships.grant(**given)
    elif case == "disabled":
        accounts.disable(account=user, by=admin, note="")
    else:
        given |= {"workspace": None, "role": Role.APPROVER}
    before = (Membership.objects.count(), AuditEvent.objects.count())
    with pytest.raises(ActionRefused, match=words):
        memberships.grant(**given)
    assert (Membership.objects.count(), AuditEvent.objects.count()) == before


def test_a_role_ends_once_and_may_be_given_again(workspace, make_user):
    admin, user = make_user(), make_user()
    given = {"user": user, "workspace": workspace, "role": Role.READER, "by": admin}
    first = memberships.grant(**given)
    memberships.end(membership=first, by=admin, note="moved on")
    with pytest.raises(ActionRefused, match="has ended already"):
        memberships.end(membership=first, by=admin)
    memberships.grant(**given)
    assert user.memberships.count() == 2
    assert [each.text for each in Notification.objects.filter(to=user)] == [
        "You are now reader in Viet Nam.",
        "You are no longer reader in Viet Nam.",
        "You are now reader in Viet Nam.",
    ]


def test_the_hub_keeps_an_administrator(make_member, make_user):
    only = make_member(None, Role.ADMINISTRATOR)
    by = make_user()
    for attempt in (
        lambda: memberships.end(membership=only.memberships.get(), by=by),
        lambda: accounts.disable(account=only, by=by, note=""),
        lambda: accounts.forget(account=only, by=by, note=""),
    ):
        with pytest.raises(ActionRefused, match="only administrator of the hub"):
            attempt()
    second = make_member(None, Role.ADMINISTRATOR)
    memberships.end(membership=only.memberships.get(), by=second)
    with pytest.raises(ActionRefused, match="only administrator of the hub"):
        accounts.disable(account=second, by=by, note="")


def test_an_account_is_disabled_and_enabled(make_user):
    admin, user = make_user(), make_user()
    user = accounts.disable(account=user, by=admin, note="on leave")
    with pytest.raises(ActionRefused, match="is disabled already"):
        accounts.disable(account=user, by=admin, note="")
    user = accounts.enable(account=user, by=admin, note="back")
    assert user.is_active
    with pytest.raises(ActionRefused, match="is active already"):
        accounts.enable(account=user, by=admin, note="")


def test_a_forgotten_account_leaves_only_its_number(workspace, make_member, make_user):
    from everycount_hub.queries.audit import verify

    admin = make_user()
    user = make_member(workspace, Role.APPROVER, email="lan@example.org", name="Lan")
    accounts.forget(account=user, by=admin, note="asked for it")
    user.refresh_from_db()
    assert (user.email, user.name) == (f"account-{user.pk}@removed.invalid", "")
    assert not user.is_active
    assert not user.authenticator_set.exists()
    assert not user.emailaddress_set.exists()
    assert not Notification.objects.filter(to=user).exists()
    assert user.memberships.get().ended_at is not None
    assert verify().problem is None
    kept = " ".join(str((event.note, event.facts)) for event in AuditEvent.objects.all())
    assert "lan@example.org" not in kept
    with pytest.raises(ActionRefused, match="personal data of this account are gone"):
        accounts.enable(account=user, by=admin, note="")


@pytest.mark.django_db(transaction=True)
def test_two_grants_at_once_give_one_role(workspace, make_user):
    admin, user = make_user(), make_user()
    outcomes = []
    ready = threading.Barrier(2)

    def grant() -> None:
        ready.wait()
        try:
            memberships.grant(user=user, workspace=workspace, role=Role.READER, by=admin)
            outcomes.append("given")
        except ActionRefused:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=grant) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["given", "refused"]


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_end_each_other_at_once(make_member):
    first, second = (make_member(None, Role.ADMINISTRATOR) for _ in range(2))
    outcomes = []
    ready = threading.Barrier(2)

    def end(who, by) -> None:
        ready.wait()
        try:
            memberships.end(membership=who.memberships.get(), by=by)
            outcomes.append("ended")
        except ActionRefused:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=end, args=pair) for pair in ((first, second), (second, first))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["ended", "refused"]


def test_the_database_itself_refuses_impossible_memberships(workspace, make_user):
    from django.utils import timezone

    user, now = make_user(), timezone.now()
    row = {"user": user, "workspace": workspace, "role": "reader", "granted_at": now}
    Membership.objects.create(**row)
    for impossible in (
        row,
        {**row, "workspace": None, "role": "approver"},
        {**row, "role": "producer", "ended_at": now.replace(year=2000)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(**impossible)
    hub = {**row, "workspace": None, "role": "administrator"}
    Membership.objects.create(**hub)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(**hub)
