"""Ending the sessions of a person in every browser."""

from allauth.account.utils import user_pk_to_url_str
from django.contrib.sessions.models import Session

from everycount_hub.models import User

SIGNED_IN, HALF_WAY = "_auth_user_id", "account_login"
"""Where a session says whose it is: Django's key, and allauth's while a second factor is asked."""


def end_sessions(account: User) -> int:
    """Sign a person out everywhere, and return how many sessions ended.

    A session says whose it is inside its signed text alone, so all of them are read. Those that
    expired go too: they hold the address.
    """
    ended = [row.pk for row in Session.objects.iterator() if _is_of(row, account)]
    Session.objects.filter(pk__in=ended).delete()
    return len(ended)


def _is_of(row: Session, account: User) -> bool:
    held = row.get_decoded()
    waiting = (held.get(HALF_WAY) or {}).get("user_pk")
    # Each library writes the number in its own way.
    return held.get(SIGNED_IN) == str(account.pk) or waiting == user_pk_to_url_str(account)
