"""How people sign in: by address and password, then a second factor; accounts by invitation."""

import time
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest
from django.utils import timezone

from everycount_hub.models import User
from everycount_hub.permissions import SECOND_FACTOR_ROLES

FRESH = 300.0
"""Seconds for which a password counts as just typed; what allauth itself takes."""

SHOWS_CODES = frozenset({"mfa_view_recovery_codes", "mfa_download_recovery_codes"})
"""Pages of allauth that show recovery codes and change nothing."""


class AccountAdapter(DefaultAccountAdapter):
    """Everycount's wishes to allauth."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - asked so
        """Tell that nobody makes an account alone: members are invited."""
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Ask for the password again before account or factors change.

        Not so right after signing in, when it was just typed: for the first factor, and for a
        look at the recovery codes that came with it.
        """
        user = self.request.user
        if app == "allauth.mfa" and user.is_authenticated and self._is_first(user):
            records = get_authentication_records(self.request, user)
            newest = max((record["at"] for record in records), default=0.0)
            return time.time() - newest > FRESH
        return True

    def _is_first(self, user: User) -> bool:
        """Tell whether a person sets up the first factor, or reads the codes just made with it."""
        if not _has_factor(user):
            return True
        since = timezone.now() - timedelta(seconds=FRESH)
        codes = user.authenticator_set.filter(type="recovery_codes", created_at__gt=since)
        place = self.request.resolver_match
        return place is not None and place.url_name in SHOWS_CODES and codes.exists()


def name_of(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """Return under which name failures to sign in are counted: the address as typed, folded."""
    given = credentials or {}
    posted = request.POST.get("login", "") if request is not None else ""
    return str(given.get("email") or given.get("username") or posted).strip().lower()


def lacks_second_factor(user: User) -> bool:
    """Tell whether a person holds a role that needs a second factor, and has none."""
    roles = sorted(role.value for role in SECOND_FACTOR_ROLES)
    held = user.memberships.filter(ended_at__isnull=True, role__in=roles)
    return held.exists() and not _has_factor(user)


def _has_factor(user: User) -> bool:
    # Recovery codes alone are none: they come with a factor and can outlive it.
    return user.authenticator_set.filter(type__in=["totp", "webauthn"]).exists()
