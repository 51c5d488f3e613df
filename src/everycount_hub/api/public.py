"""How the public API answers everybody: from one edition, cacheable, within limits, from any site.

Nothing here looks at who is signed in, so an answer is the same for all and may be kept by
proxies. It is named by the edition it is from.
"""

import gzip
import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from importlib.metadata import version as installed
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.csrf import csrf_exempt

from everycount.errors import EverycountError, InputError, NotFound, Problem, Unavailable
from everycount_hub.api.limits import ADDRESS, MAX_AGE, TooMuch, allowance
from everycount_hub.api.throttle import THROTTLE
from everycount_hub.edition.read import Edition
from everycount_hub.queries.editions import current_edition

SAFE = ("GET", "HEAD", "OPTIONS")
SMALLEST = 500
"""Bytes from which compressing pays."""
LEVEL = 5
"""Of gzip: figures become a tenth; higher levels take twice the time for a few per cent."""
VARIES = ("Accept", "Accept-Encoding", "Accept-Language")
EXPOSED = "ETag, Link, Retry-After, Everycount-Edition, Content-Disposition"


class Refused(Exception):
    """A request that is not answered as asked: a status and words."""

    def __init__(self, status: int, words: str, **headers: str) -> None:
        self.status, self.words = status, words
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(words)


FAULTS = (Refused, TooMuch, EverycountError)
"""What a view may raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a request is not answered."""

    status: int
    words: str
    problems: Sequence[Problem] = ()
    """Each thing that is wrong with the request."""


Tell = Callable[[HttpRequest, Fault], HttpResponse]
"""Says in the form of its interface why a request is not answered."""
Respond = Callable[..., HttpResponseBase]


def public(tell: Tell, *, needs_edition: bool = True) -> Callable[[Respond], Respond]:
    """Return a decorator: call a view with the edition, and answer within limits.

    The view is called as ``view(request, edition=…, **captured)``; the edition is None where it
    is not needed and nothing is published yet.
    """

    def decorate(view: Respond) -> Respond:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, **captured: Any) -> HttpResponseBase:
            if request.method == "OPTIONS":
                return _open(HttpResponse(status=204), request)
            try:
                _demand_allowed(request)
                edition = _edition(needs_edition=needs_edition)
                response = _answer(request, view, edition, captured)
            except FAULTS as error:
                response = refusal(request, error, tell)
            return _open(_without_body(request, response), request)

        return answer

    return decorate


def refusal(request: HttpRequest, error: Exception, tell: Tell) -> HttpResponse:
    """Return the answer to a request that fails so."""
    if isinstance(error, Refused):
        response = tell(request, Fault(status=error.status, words=error.words))
        for name, value in error.headers.items():
            response[name] = value
        return response
    kinds = ((TooMuch, 413), (NotFound, 404), (InputError, 400), (Unavailable, 503))
    status = next((status for kind, status in kinds if isinstance(error, kind)), 400)
    problems = error.problems if isinstance(error, InputError) else ()
    return tell(request, Fault(status=status, words=str(error), problems=problems))


def _edition(*, needs_edition: bool) -> Edition | None:
    try:
        return current_edition()
    except NotFound:
        if needs_edition:
            raise
        return None


def _demand_allowed(request: HttpRequest) -> None:
    """Refuse what changes something, what is too long, and who asks too often."""
    if request.method not in SAFE:
        raise Refused(405, "The API only reads: ask with GET.", Allow=", ".join(SAFE))
    if len(request.get_full_path()) > ADDRESS:
        raise Refused(414, f"The address is longer than {ADDRESS:,} characters.")
    wait = THROTTLE.wait(request.META.get("REMOTE_ADDR", ""), *allowance())
    if wait:
        words = "Too many requests from your address; the limits stand at /api/v1/limits."
        raise Refused(429, words, Retry_After=str(math.ceil(wait)))


def _answer(
    request: HttpRequest, view: Respond, edition: Edition | None, captured: dict[str, Any]
) -> HttpResponseBase:
    tag = _tag(request, edition)
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return _cacheable(HttpResponseNotModified(), edition, tag)
    response = view(request, edition=edition, **captured)
    if response.status_code == 200:
        _cacheable(response, edition, tag)
        compress(request, response)
    return response


def _tag(request: HttpRequest, edition: Edition | None) -> str:
    """Return the name of an answer: of its edition, and of what the request decides it by."""
    said = (
        request.get_full_path(),
        request.headers.get("Accept", ""),
        request.headers.get("Accept-Language", ""),
        str(takes_gzip(request)),
    )
    about = hashlib.sha256("\n".join(said).encode("utf-8", "surrogateescape")).hexdigest()
    return f'"{edition.digest[:24] if edition else installed("everycount")}-{about[:12]}"'


def _cacheable(response: HttpResponseBase, edition: Edition | None, tag: str) -> HttpResponseBase:
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={MAX_AGE}"
    if edition is not None:
        response["Everycount-Edition"] = edition.digest
    return response


def _open(response: HttpResponseBase, request: HttpRequest) -> HttpResponseBase:
    """Let pages of other sites read the answer; it holds nothing that is not everybody's."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = EXPOSED
    if request.method == "OPTIONS":
        response["Allow"] = response["Access-Control-Allow-Methods"] = ", ".join(SAFE)
        response["Access-Control-Allow-Headers"] = "Accept, Accept-Language, If-None-Match"
        response["Access-Control-Max-Age"] = "86400"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(response, VARIES)
    return response


def takes_gzip(request: HttpRequest) -> bool:
    """Tell whether an answer may be compressed.

    Examples
    --------
    >>> from django.test import RequestFactory
    >>> asked = ("gzip, br", "gzip;q=0", "identity")
    >>> [takes_gzip(RequestFactory().get("/", headers={"Accept-Encoding": a})) for a in asked]
    [True, False, False]
    """
    for part in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _, rest = part.strip().partition(";")
        if name in {"gzip", "*"}:
            return rest.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def compress(request: HttpRequest, response: HttpResponseBase) -> None:
    """Compress an answer that is in memory; files are compressed as they are written."""
    if isinstance(response, HttpResponse) and not response.has_header("Content-Encoding"):
        if len(response.content) >= SMALLEST and takes_gzip(request):
            # Without a time in it: the same answer has the same bytes.
            response.content = gzip.compress(response.content, LEVEL, mtime=0)
            response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(response.content))


def _without_body(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Return the answer to HEAD: what GET says of itself, and nothing of it."""
    if request.method != "HEAD" or response.status_code == 304:
        return response
    length = response.get("Content-Length")
    if length is None and isinstance(response, HttpResponse):
        length = str(len(response.content))
    empty = HttpResponse(status=response.status_code, headers=dict(response.items()))
    if isinstance(response, FileResponse):
        response.close()
    if length is not None:
        empty["Content-Length"] = length
    return empty
