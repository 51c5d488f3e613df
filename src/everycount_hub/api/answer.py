"""How the API knows who asks, and how it answers: always in JSON, always with words."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from everycount_hub.actions import api_tokens
from everycount_hub.models import ApiToken
from everycount_hub.permissions import Permission, has_permission
from everycount_hub.sign_in import lacks_second_factor

Respond = Callable[..., HttpResponse]


class Refused(Exception):
    """A request that is not answered as asked: a status and words."""

    def __init__(self, status: int, words: str, **headers: str) -> None:
        self.status, self.words = status, words
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(words)


def with_token(respond: Respond) -> Respond:
    """Let requests with a token through that may send figures to the workspace they name.

    Cookies count for nothing here, so nothing has to be guarded against other sites' pages.
    """

    @csrf_exempt
    @wraps(respond)
    def answer(request: HttpRequest, workspace: str, **place: object) -> HttpResponse:
        try:
            token = _token(request)
            _demand_allowed(token, workspace)
            return respond(request, token=token, **place)
        except Refused as refusal:
            return JsonResponse(
                {"error": refusal.words}, status=refusal.status, headers=refusal.headers
            )

    return answer


def allows(*methods: str) -> Callable[[Respond], Respond]:
    """Return a decorator: let only these methods through."""

    def decorate(respond: Respond) -> Respond:
        @csrf_exempt
        @wraps(respond)
        def answer(request: HttpRequest, **place: object) -> HttpResponse:
            if request.method in methods:
                return respond(request, **place)
            words = _("The method {method} does nothing here: use {methods}.").format(
                method=request.method, methods=" / ".join(methods)
            )
            return JsonResponse({"error": words}, status=405, headers={"Allow": ", ".join(methods)})

        return answer

    return decorate


def _token(request: HttpRequest) -> ApiToken:
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        words = _("Send a token as the header “Authorization: Bearer …”.")
        raise Refused(401, words, WWW_Authenticate="Bearer")
    try:
        token = api_tokens.use(text=text.strip())
    except api_tokens.TooMany as error:
        words = _("The token was used {count} times within an hour: try again later.").format(
            count=api_tokens.MOST_AN_HOUR
        )
        raise Refused(429, words, Retry_After=str(error.seconds)) from error
    if token is None:
        words = _("There is no such token, or it was revoked or has expired.")
        raise Refused(401, words, WWW_Authenticate='Bearer error="invalid_token"')
    return token


def _demand_allowed(token: ApiToken, workspace: str) -> None:
    # The same words for a place that does not exist: a token tells nothing of other workspaces.
    if token.workspace.slug != workspace:
        raise Refused(
            403, _("The token is for the workspace “{slug}”.").format(slug=token.workspace.slug)
        )
    if not has_permission(token.user, Permission.DATASET_SUBMIT, workspace=token.workspace):
        raise Refused(403, _("The owner of the token may no longer send figures here."))
    if lacks_second_factor(token.user):
        raise Refused(403, _("The owner of the token holds a role that needs a second factor."))
