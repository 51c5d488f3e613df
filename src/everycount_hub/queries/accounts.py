"""What administrators see of accounts."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from everycount_hub.models import AuditEvent, Membership, User

REMOVED = "account-{}@removed.invalid"
"""An address that can never get mail: RFC 2606, section 2, keeps .invalid for this."""

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor; recovery codes come with one and can outlive it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """All that the page of one account shows beside its log."""

    account: User
    now: list[Membership]
    before: list[Membership]
    factors: list[Authenticator]
    is_forgotten: bool


def is_forgotten(account: User) -> bool:
    """Tell whether the personal data of an account are gone."""
    return account.email == REMOVED.format(account.pk)


def accounts_found(*, search: str = "", only_disabled: bool = False) -> QuerySet[User]:
    """Return the accounts whose name or address holds `search`, by address.

    Each has `roles_now`, its roles in force, and `has_factor`.
    """
    accounts = User.objects.order_by("email", "pk")
    for word in search.split():
        accounts = accounts.filter(Q(email__icontains=word) | Q(name__icontains=word))
    if only_disabled:
        accounts = accounts.filter(is_active=False)
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    held = Membership.objects.filter(ended_at__isnull=True).select_related("workspace")
    return accounts.annotate(has_factor=Exists(factors)).prefetch_related(
        Prefetch("memberships", queryset=held, to_attr="roles_now")
    )


def account_page(account: User) -> AccountPage:
    """Return the roles of an account, now and before, and its second factors."""
    held = list(
        account.memberships.select_related("workspace", "organisation", "granted_by").order_by(
            "granted_at", "pk"
        )
    )
    factors = account.authenticator_set.filter(type__in=FACTORS).order_by("pk")
    return AccountPage(
        account=account,
        now=[each for each in held if each.ended_at is None],
        before=[each for each in held if each.ended_at is not None],
        factors=list(factors),
        is_forgotten=is_forgotten(account),
    )


def events_about(account: User, *, before: int | None = None, limit: int = 50) -> list[AuditEvent]:
    """Return the newest events that a person caused, or that were about their account."""
    events = AuditEvent.objects.filter(Q(by=account) | Q(target=f"user:{account.pk}"))
    if before is not None:
        events = events.filter(position__lt=before)
    return list(events.select_related("by", "workspace").order_by("-position")[:limit])
