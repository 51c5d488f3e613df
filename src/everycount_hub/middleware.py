"""What holds for every request."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

from everycount_hub.sign_in import lacks_second_factor

Respond = Callable[[HttpRequest], HttpResponse]


def own_language(respond: Respond) -> Respond:
    """Show pages in the language of a person's account, unless they chose one in the browser."""

    def answer(request: HttpRequest) -> HttpResponse:
        chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        if not chosen and request.user.is_authenticated and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
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
    return path.startswith(("/accounts/", f"/{settings.STATIC_URL.strip('/')}/", "/language/"))
