"""How every public page answers: in the language of its address, from one edition, cacheable."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from everycount.errors import NotFound, Unavailable
from everycount.language.language import Language, language
from everycount_hub.edition.read import Edition
from everycount_hub.queries.editions import current_edition

MAX_AGE = 60
"""Seconds a browser or a proxy shows a page without asking: how late a correction may be seen."""
RETRY = 10
"""Seconds after which one may ask again for a file that could not be made."""
View = Callable[..., HttpResponse]


def portal_page(view: View) -> View:
    """Call a view with the edition and the language of the address, and let its answer be cached.

    The view is called as ``view(request, edition, words, **captured)``. Pages are the same for
    everybody: who is signed in does not matter, and nothing is read from cookies.
    """

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, **captured: Any) -> HttpResponse:
        words = language(translation.get_language() or "en")
        try:
            edition = current_edition()
        except NotFound:
            return render(request, "portal/nothing.html", frame_of(request, words), status=404)
        # A finding is told in the past tense as it ages, so a year ends what is cached.
        tag = f'"{edition.digest[:24]}-{timezone.localdate():%Y}"'
        if tag in parse_etags(request.headers.get("If-None-Match", "")):
            return _cacheable(HttpResponseNotModified(), tag)
        try:
            response = _of_one_edition(view, request, edition, words, captured)
        except NotFound as error:
            raise Http404(str(error)) from error
        except Unavailable as error:
            return HttpResponse(
                str(error),
                status=503,
                content_type="text/plain; charset=utf-8",
                headers={"Retry-After": str(RETRY)},
            )
        return _cacheable(response, tag) if response.status_code == 200 else response

    return answer


def _of_one_edition(
    view: View, request: HttpRequest, edition: Edition, words: Language, captured: dict[str, Any]
) -> HttpResponse:
    """Call a view; once more if its edition was replaced and removed while it read."""
    try:
        return view(request, edition, words, **captured)
    except FileNotFoundError:
        newer = current_edition()
        if newer.digest == edition.digest:
            raise
        return view(request, newer, words, **captured)


def show(
    request: HttpRequest,
    template: str,
    shown: Mapping[str, Any],
    *,
    edition: Edition,
    words: Language,
) -> HttpResponse:
    """Render a public page; `shown` comes on top of what the frame shows."""
    return render(request, template, {**frame_of(request, words), "edition": edition, **shown})


def frame_of(request: HttpRequest, words: Language) -> dict[str, Any]:
    """Return what the frame of every page needs."""
    path = request.path
    known = translation.get_language_from_path(path)
    rest = path[len(known) + 1 :] if known else "/"
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    return {"words": words, "rest": rest, "query": query, "public": settings.PUBLIC_URL}


def _cacheable(response: HttpResponse, tag: str) -> HttpResponse:
    if response.has_header("Cache-Control"):
        return response  # which says of itself that it will change before the edition does
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response
