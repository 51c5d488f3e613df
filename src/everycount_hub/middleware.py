"""What holds for every request."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

from everycount_hub.languages import activate_offered
from everycount_hub.sign_in import lacks_second_factor

Respond = Callable[[HttpRequest], HttpResponse]
OPEN = ("/api/v1/", "/api/docs/", "/sdmx/")
"""How addresses begin that answer everybody alike, besides those below a language."""


def is_public(path: str) -> bool:
    """Tell whether an address is one of the portal or its API, which ask nobody who they are."""
    return path.startswith(OPEN) or translation.get_language_from_path(path) is not None


def own_language(respond: Respond) -> Respond:
    """Show pages in the language of a person's account, unless they chose one in the browser.

    What is not offered yet is not spoken: see `languages`.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if is_public(request.path):
            return respond(request)
        wanted = translation.get_language()
        chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        if not chosen and request.user.is_authenticated and request.user.language:
            wanted = request.user.language
        request.LANGUAGE_CODE = activate_offered(wanted)
        return respond(request)

    return answer


def second_factor(respond: Respond) -> Respond:
    """Send those whose role needs a second factor to set one up before anything else."""

    def answer(request: HttpRequest) -> HttpResponse:
        if _is_exempt(request.path) or not request.user.is_authenticated:
            return respond(request)
        if not lacks_second_factor(request.user):
            return respond(request)
        messages.warning(
            request,
            _("Your role needs a second factor. Set it up here; then everything opens."),
        )
        return redirect("mfa_activate_totp")

    return answer


def _is_exempt(path: str) -> bool:
    """Tell whether a page is needed to set up a second factor or to leave."""
    static = f"/{settings.STATIC_URL.strip('/')}/"
    return is_public(path) or path.startswith(("/accounts/", static, "/language/"))
