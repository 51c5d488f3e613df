"""Actions on the tokens by which programs send figures."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from everycount_hub.actions.audit import record
from everycount_hub.errors import ActionRefused
from everycount_hub.models import ApiToken, User, Workspace
from everycount_hub.permissions import Permission, has_permission
from everycount_hub.sign_in import lacks_second_factor

BEGIN = "everycount_"
"""How tokens begin, so that scanners of published code know one when they see it."""
RANDOM_BYTES = 32
"""256 random bits: nobody guesses them, so a plain SHA-256 keeps them as safe as a slow hash."""
LONGEST = timedelta(days=366)
"""The longest time a token may be valid."""
MOST = 20
"""Tokens in force that a person may have."""
HOUR = timedelta(hours=1)
MOST_AN_HOUR = 120
"""Requests of one token in an hour: a monthly survey sends one, a careless loop thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A new token, and its text, which is shown once and kept nowhere."""

    token: ApiToken
    text: str


class TooMany(Exception):
    """A token was used too often; it may be used again after some seconds."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(seconds)


@transaction.atomic
def make(*, user: User, workspace: Workspace, name: str, valid: timedelta) -> Made:
    """Make a token by which a person's programs send figures to one workspace."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if lacks_second_factor(user):
        raise ActionRefused(_("Your role needs a second factor. Set it up first."))
    if not has_permission(user, Permission.DATASET_SUBMIT, workspace=workspace):
        raise ActionRefused(_("You may not send figures to {place}.").format(place=workspace))
    if not name.strip():
        raise ActionRefused(_("Say what the token is for."))
    if not timedelta(0) < valid <= LONGEST:
        raise ActionRefused(_("A token is valid for a year at most."))
    now = timezone.now()
    if user.api_tokens.filter(revoked_at=None, expires_at__gt=now).count() >= MOST:
        raise ActionRefused(_("You have {count} tokens: revoke one first.").format(count=MOST))
    text = BEGIN + secrets.token_urlsafe(RANDOM_BYTES)
    token = ApiToken.objects.create(
        user=user,
        workspace=workspace,
        name=name.strip(),
        digest=digest_of(text),
        created_at=now,
        expires_at=now + valid,
    )
    facts = {"scope": token.scope, "expires_at": token.expires_at.isoformat()}
    record(by=user, verb="api_token.made", target=token, workspace=workspace, facts=facts)
    return Made(token=token, text=text)


@transaction.atomic
def revoke(*, token: ApiToken, by: User) -> ApiToken:
    """End a token for good."""
    token = ApiToken.objects.select_for_update(no_key=True, of=("self",)).get(pk=token.pk)
    if token.revoked_at is not None:
        raise ActionRefused(_("The token “{token}” is revoked already.").format(token=token))
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    record(by=by, verb="api_token.revoked", target=token, workspace=token.workspace)
    return token


@transaction.atomic
def use(*, text: str, now: datetime | None = None) -> ApiToken | None:
    """Return the token in force that has a text, and count that it was used; None if none has.

    Raises
    ------
    TooMany
        If it was used too often within the hour.
    """
    now = now or timezone.now()
    held = ApiToken.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "user", "workspace"
    )
    token = held.filter(digest=digest_of(text), revoked_at=None, expires_at__gt=now).first()
    if token is None or not token.user.is_active:
        return None
    if token.hour_began is None or now - token.hour_began >= HOUR:
        token.hour_began, token.hour_count = now, 0
    if token.hour_count >= MOST_AN_HOUR:
        raise TooMany(int((token.hour_began + HOUR - now).total_seconds()) + 1)
    token.hour_count += 1
    token.used_at = now
    token.save(update_fields=["hour_began", "hour_count", "used_at"])
    return token


def digest_of(text: str) -> str:
    """Return what is kept of a token.

    Examples
    --------
    >>> digest_of("everycount_x")[:8]
    '9669701f'
    """
    return hashlib.sha256(text.encode()).hexdigest()
