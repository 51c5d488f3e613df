"""What every page may ask for."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info

from everycount_hub.queries.notifications import unread_count


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the languages, and how many messages wait; these are counted only if shown."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "languages": [get_language_info(code) for code, _ in settings.LANGUAGES],
        "unread": SimpleLazyObject(lambda: unread_count(user)) if signed_in else 0,
    }
