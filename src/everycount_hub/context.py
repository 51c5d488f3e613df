"""What every page may ask for."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info

from everycount_hub.languages import offered
from everycount_hub.middleware import is_public
from everycount_hub.queries.notifications import unread_count


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the languages, and how many messages wait; these are counted only if shown."""
    if is_public(request.path):  # whose pages are the same for everybody
        return {"languages": [get_language_info(code) for code, _ in settings.LANGUAGES]}
    languages = [get_language_info(code) for code in offered()]
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "languages": languages,
        "unread": SimpleLazyObject(lambda: unread_count(user)) if signed_in else 0,
    }
