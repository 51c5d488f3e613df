"""Actions on accounts. No other code changes one, but the pages of allauth for one's own."""

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from axes.models import AccessAttempt
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from everycount_hub.actions.audit import record
from everycount_hub.actions.notifications import notify
from everycount_hub.actions.sessions import end_sessions
from everycount_hub.errors import ActionRefused
from everycount_hub.models import Membership, User
from everycount_hub.permissions import Role
from everycount_hub.queries.accounts import REMOVED, is_forgotten


@transaction.atomic
def open_account(
    *, email: str, by: User | None, name: str = "", password: str | None = None
) -> User:
    """Make an account, or return the one that the address has.

    Without a password nobody can sign in before following the link of an invitation. With one,
    the address counts as confirmed.
    """
    email = email.strip().lower()
    known = User.objects.filter(email__iexact=email).first()
    if known is not None:
        return known
    account = User.objects.create_user(email, password, name=name)
    EmailAddress.objects.create(
        user=account, email=email, primary=True, verified=password is not None
    )
    record(by=by, verb="account.opened", target=account)
    return account


def password_link(account: User) -> str:
    """Return the address, good for three days, at which the owner sets a first password."""
    key = default_token_generator.make_token(account)
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(account), "key": key},
    )
    return f"{settings.PUBLIC_URL}{path}"


@transaction.atomic
def confirm_address(*, account: User) -> None:
    """Take an address as confirmed: its owner followed a link that only it was sent."""
    waiting = EmailAddress.objects.filter(user=account, email__iexact=account.email, verified=False)
    if waiting.update(verified=True):
        record(by=account, verb="account.address_confirmed", target=account)


@transaction.atomic
def describe(*, account: User, by: User, name: str, language: str) -> User:
    """Change the name and the language of an account."""
    account = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    account.name, account.language = name.strip(), language
    account.save(update_fields=["name", "language"])
    record(by=by, verb="account.described", target=account, facts={"language": language})
    return account


@transaction.atomic
def disable(*, account: User, by: User, note: str) -> User:
    """Keep a person from signing in, and sign them out everywhere; their roles rest."""
    _refuse_oneself(account, by)
    account = _locked(account, is_active=True)
    _refuse_last_administrator(account)
    end_sessions(account)
    return _switch(account, by=by, note=note, is_active=False)


@transaction.atomic
def enable(*, account: User, by: User, note: str) -> User:
    """Let a person sign in again, with the roles they had."""
    account = _locked(account, is_active=False)
    _refuse_forgotten(account)
    return _switch(account, by=by, note=note, is_active=True)


@transaction.atomic
def forget(*, account: User, by: User, note: str) -> User:
    """Empty the personal data of an account for good; what it did stays, by number."""
    _refuse_oneself(account, by)
    account = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    _refuse_forgotten(account)
    _refuse_last_administrator(account)
    AccessAttempt.objects.filter(username__iexact=account.email).delete()
    account.email, account.name, account.language = REMOVED.format(account.pk), "", ""
    account.is_active, account.last_login = False, None
    account.set_unusable_password()
    account.save()
    held = account.memberships.filter(ended_at__isnull=True)
    facts = {"memberships": sorted(held.values_list("pk", flat=True))}
    held.update(ended_at=timezone.now())
    account.api_tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    account.api_tokens.update(name="")
    account.notifications.all().delete()
    account.emailaddress_set.all().delete()
    account.authenticator_set.all().delete()
    end_sessions(account)
    record(by=by, verb="account.forgotten", target=account, note=note, facts=facts)
    return account


@transaction.atomic
def reset_factors(*, account: User, by: User, note: str) -> User:
    """Take every second factor from a person who lost it, and sign them out everywhere.

    The password stays: whoever holds a role that needs a second factor sets up another one right
    after signing in.
    """
    if by.pk == account.pk:
        raise ActionRefused(
            _("Change your own second factor on the page “Second factor”, with the old one.")
        )
    account = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    kinds = sorted(account.authenticator_set.values_list("type", flat=True))
    if not kinds:
        raise ActionRefused(_("%(who)s has no second factor.") % {"who": account})
    account.authenticator_set.all().delete()
    end_sessions(account)
    facts = {"types": kinds}
    record(by=by, verb="account.factors_reset", target=account, note=note, facts=facts)
    text = gettext_lazy("An administrator removed your second factor. Set up another one.")
    link = reverse("mfa_index")
    notify(to=account, verb="account.factors_reset", target=account, text=text, link=link)
    return account


@transaction.atomic
def send_password_link(*, account: User, by: User, note: str) -> str:
    """Make another link to set a password, mail it to the owner if the hub can, and return it."""
    if by.pk == account.pk:
        raise ActionRefused(_("Change your own password on the page “Password”."))
    if not account.is_active:
        raise ActionRefused(_("The account of %(who)s is disabled.") % {"who": account})
    record(by=by, verb="account.password_link_made", target=account, note=note)
    link = password_link(account)
    if settings.SENDS_MAIL:
        body = _("Set a new password for Everycount here within three days:\n%(link)s")
        letter = EmailMessage(
            subject=_("Everycount: a new password"), body=body % {"link": link}, to=[account.email]
        )
        transaction.on_commit(letter.send, robust=True)
    return link


def _locked(account: User, *, is_active: bool) -> User:
    """Return the row, locked, if it is in the state expected."""
    account = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    if account.is_active != is_active:
        state = _("active") if account.is_active else _("disabled")
        raise ActionRefused(
            _("The account of %(who)s is %(state)s already.") % {"who": account, "state": state}
        )
    return account


def _switch(account: User, *, by: User, note: str, is_active: bool) -> User:
    """Enable or disable an account."""
    account.is_active = is_active
    account.save(update_fields=["is_active"])
    verb = "account.enabled" if is_active else "account.disabled"
    record(by=by, verb=verb, target=account, note=note)
    return account


def _refuse_oneself(account: User, by: User) -> None:
    """Refuse to lock oneself out."""
    if by.pk == account.pk:
        raise ActionRefused(_("Nobody does this to their own account; ask another administrator."))


def _refuse_forgotten(account: User) -> None:
    """Refuse what needs the person's data."""
    if is_forgotten(account):
        raise ActionRefused(_("The personal data of this account are gone; invite the person."))


def _refuse_last_administrator(account: User) -> None:
    """Refuse to leave the hub without anybody who can let others in."""
    if is_last_administrator(account):
        raise ActionRefused(
            _("%(who)s is the only administrator of the hub. Name another one first.")
            % {"who": account}
        )


def is_last_administrator(account: User) -> bool:
    """Tell whether nobody else who may sign in administers the hub; locks those who do."""
    held = Membership.objects.select_for_update(no_key=True).filter(
        role=Role.ADMINISTRATOR, workspace__isnull=True, ended_at__isnull=True
    )
    holders = {each.user_id for each in held.order_by("pk")}
    active = User.objects.filter(pk__in=holders, is_active=True)
    return set(active.values_list("pk", flat=True)) == {account.pk}
