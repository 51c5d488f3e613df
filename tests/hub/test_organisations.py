"""Organisations appear, are renamed, merge, split and end; workspaces and messages."""

from datetime import date

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from everycount_hub.actions import memberships, notifications, organisations, workspaces
from everycount_hub.actions.organisations import Description
from everycount_hub.errors import ActionRefused
from everycount_hub.models import AuditEvent, Notification, Organisation, Workspace
from everycount_hub.models.wording import wording
from everycount_hub.permissions import Role
from everycount_hub.queries.organisations import organisations_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(make_user):
    return make_user()


def office(name: str, **given) -> Organisation:
    described = Description(names={"en": name}, kind=Organisation.Kind.MINISTRY)
    return organisations.add(described=described, by=None, **given)


def test_a_new_name_is_a_successor_and_members_move_along(by, workspace, make_user):
    old = office("General Statistics Office", valid_from=date(1956, 2, 20))
    member = memberships.grant(
        user=make_user(), workspace=workspace, role=Role.PRODUCER, by=by, organisation=old
    )
    new = organisations.succeed(
        organisations=[old],
        described=Description(names={"en": "National Statistics Office"}),
        on=date(2025, 3, 1),
        by=by,
        note="Decree 29/2025",
    )
    old.refresh_from_db()
    member.refresh_from_db()
    assert old.valid_to == date(2025, 2, 28)
    assert list(new.predecessors.all()) == [old]
    assert member.organisation == new
    event = AuditEvent.objects.latest("position")
    assert (event.verb, event.note) == ("organisation.succeeded", "Decree 29/2025")
    assert event.facts["memberships"] == 1
    assert list(organisations_on(date(2025, 2, 28))) == [old]
    assert list(organisations_on(date(2025, 3, 1))) == [new]


def test_several_merge_into_one(by):
    parts = [office("Labour"), office("Home Affairs")]
    whole = organisations.succeed(
        organisations=parts,
        described=Description(names={"en": "Home Affairs and Labour"}),
        on=date(2025, 3, 1),
        by=by,
    )
    assert set(whole.predecessors.all()) == set(parts)
    assert AuditEvent.objects.latest("position").facts["predecessors"] == sorted(
        each.pk for each in parts
    )


def test_one_splits_into_several_and_members_stay(by, workspace, make_user):
    whole = office("Gender and Statistics")
    member = memberships.grant(
        user=make_user(), workspace=workspace, role=Role.READER, by=by, organisation=whole
    )
    into = [Description(names={"en": name}) for name in ("Gender", "Statistics")]
    made = organisations.split(organisation=whole, into=into, on=date(2026, 1, 1), by=by)
    assert [str(each) for each in made] == ["Gender", "Statistics"]
    assert set(whole.successors.all()) == set(made)
    member.refresh_from_db()
    assert member.organisation == whole
    with pytest.raises(ActionRefused, match="at least two"):
        organisations.split(organisation=made[0], into=into[:1], on=date(2027, 1, 1), by=by)


def test_what_has_ended_ends_no_more(by):
    gone = organisations.end(organisation=office("Gone"), on=date(2020, 1, 1), by=by, note="law")
    assert gone.valid_to == date(2019, 12, 31)
    for attempt in (
        lambda: organisations.end(organisation=gone, on=date(2021, 1, 1), by=by),
        lambda: organisations.succeed(
            organisations=[gone],
            described=Description(names={"en": "X"}),
            on=date(2021, 1, 1),
            by=by,
        ),
    ):
        with pytest.raises(ActionRefused, match="“Gone” ended on 2019-12-31 already"):
            attempt()


def test_a_merger_with_a_fault_changes_nothing(by):
    fine, young = office("Fine"), office("Young", valid_from=date(2025, 6, 1))
    described = Description(names={"en": "Both"})
    count = AuditEvent.objects.count()
    with pytest.raises(ActionRefused, match="“Young” began on 2025-06-01"):
        organisations.succeed(
            organisations=[fine, young], described=described, on=date(2025, 6, 1), by=by
        )
    with pytest.raises(ActionRefused, match="needs a name"):
        organisations.succeed(
            organisations=[fine], described=Description(), on=date(2025, 6, 1), by=by
        )
    with pytest.raises(ActionRefused, match="at least one organisation"):
        organisations.succeed(organisations=[], described=described, on=date(2025, 6, 1), by=by)
    fine.refresh_from_db()
    assert fine.valid_to is None
    assert Organisation.objects.count() == 2
    assert AuditEvent.objects.count() == count


def test_a_mistake_is_corrected_in_place(by):
    typo = office("Minstry")
    described = Description(names={"en": "Ministry"}, acronym="M", country="VNM")
    right = organisations.correct(organisation=typo, described=described, by=by, note="a typo")
    assert (right.pk, str(right), right.acronym) == (typo.pk, "Ministry", "M")
    facts = AuditEvent.objects.latest("position").facts
    assert (facts["before"]["names"], facts["after"]["names"]) == (
        {"en": "Minstry"},
        {"en": "Ministry"},
    )


def test_the_database_itself_refuses_impossible_dates_and_areas():
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(
            names={"en": "X"}, kind="other", valid_from=date(2025, 1, 2), valid_to=date(2025, 1, 1)
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Workspace.objects.create(slug="x", kind="country", names={"en": "X"}, area="")


def test_a_workspace_without_a_name_is_refused():
    with pytest.raises(ActionRefused, match="needs a name"):
        workspaces.create(slug="x", kind=Workspace.Kind.NETWORK, names={"en": ""}, by=None)
    made = workspaces.create(slug="x", kind=Workspace.Kind.NETWORK, names={"en": "Net"}, by=None)
    assert (made.languages, made.area) == (["en"], "")


@pytest.mark.parametrize(
    ("language", "expected"),
    [("vi", "Việt Nam"), ("vi-vn", "Việt Nam"), ("fr", "Viet Nam"), (None, "Viet Nam")],
)
def test_names_are_shown_in_the_readers_language(language, expected):
    assert wording({"en": "Viet Nam", "vi": "Việt Nam"}, language) == expected


def test_without_english_the_first_language_is_shown():
    assert wording({"vi": "Việt Nam", "fr": "Viêt Nam"}, "es") == "Viêt Nam"
    assert wording({}, "en") == ""


# ---------------------------------------------------------------- messages by mail


def tell(user, text="Something happened.", link="/workbench/"):
    return notifications.notify(to=user, verb="test.told", target="thing:1", text=text, link=link)


def test_what_waits_is_mailed_once(make_user):
    user = make_user()
    tell(user)
    tell(user, text="A long story. " * 20, link="")
    assert notifications.mail_waiting() == 2
    assert notifications.mail_waiting() == 0
    short, long = mail.outbox
    assert short.to == [user.email]
    assert short.subject == "Everycount: Something happened."
    assert short.body == "Something happened.\n\nhttp://127.0.0.1:8000/workbench/\n"
    assert len(long.subject) < 90
    assert long.subject.endswith("…")
    assert "\n" not in long.subject


def test_only_so_many_leave_at_once(make_user):
    user = make_user()
    for _ in range(3):
        tell(user)
    assert notifications.mail_waiting(limit=2) == 2
    assert notifications.mail_waiting(limit=2) == 1


def test_mail_waits_while_the_relay_is_away(make_user, monkeypatch):
    def away(self, fail_silently=False):
        raise ConnectionRefusedError("no relay")

    tell(make_user())
    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", away)
        assert notifications.mail_waiting() == 0
    assert Notification.objects.get().mailed_at is None
    assert notifications.mail_waiting() == 1


def test_a_disabled_account_gets_no_mail(make_user, by):
    from everycount_hub.actions import accounts

    user = make_user()
    tell(user)
    accounts.disable(account=user, by=by, note="")
    assert notifications.mail_waiting() == 0
    assert mail.outbox == []
    assert Notification.objects.get(to=user).mailed_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_notification_of_an_action_that_fails_is_gone(make_user):
    user = make_user()

    def fail():
        with transaction.atomic():
            tell(user)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert not Notification.objects.exists()
