"""What the hub does when somebody sets a password or changes a second factor."""

from allauth.account.signals import password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.db import transaction
from django.dispatch import receiver

from everycount_hub.actions.accounts import confirm_address
from everycount_hub.actions.audit import record
from everycount_hub.models import User


@receiver(password_reset, dispatch_uid="confirm_address")
def confirm_after_reset(user: User, **_: object) -> None:
    """Take the address as confirmed: the link was sent to it alone."""
    confirm_address(account=user)


@receiver(authenticator_added, dispatch_uid="record_factor_added")
def record_added(user: User, authenticator: Authenticator, **_: object) -> None:
    """Record that a second factor was set up."""
    _record(user, authenticator, "account.factor_added")


@receiver(authenticator_removed, dispatch_uid="record_factor_removed")
def record_removed(user: User, authenticator: Authenticator, **_: object) -> None:
    """Record that a second factor was given up."""
    _record(user, authenticator, "account.factor_removed")


@transaction.atomic
def _record(user: User, authenticator: Authenticator, verb: str) -> None:
    record(by=user, verb=verb, target=user, facts={"type": authenticator.type})
