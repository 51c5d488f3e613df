"""Figures sent by programs, and what became of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils.translation import gettext as _

from everycount.errors import Unavailable
from everycount_hub import store
from everycount_hub.actions import datasets
from everycount_hub.api.answer import Refused, allows, with_token
from everycount_hub.api.headers import header_text
from everycount_hub.errors import ActionRefused
from everycount_hub.models import ApiToken, Dataset, DatasetVersion
from everycount_hub.queries import datasets as queries

PIECE = 1 << 20  # bytes read at a time: memory stays flat
NAMES = {
    "text/csv": "figures.csv",
    "application/json": "figures.json",
    "application/xml": "figures.xml",
    "application/vnd.apache.parquet": "figures.parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "figures.xlsx",
}
"""What a file is called that comes without a name. Formats are told by their content."""
BROKEN = (RequestDataTooBig, MultiPartParserError, SuspiciousOperation, UnreadablePostError)
"""How a body ends that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """What a request brings."""

    pieces: Iterator[bytes]
    name: str
    reason: str
    mapping: str = ""


@allows("POST")
@with_token
def submit(request: HttpRequest, *, token: ApiToken, dataset: str) -> HttpResponse:
    """Take a file as the next version of a dataset, and have it checked."""
    found = _dataset(token, dataset)
    body = _body(request)
    try:
        # Before a long file is read: most refusals are known by now.
        datasets.demand_reason(found, body.reason)
        stored = store.put_source(_at_most(body.pieces), name=body.name)
        if not stored.size:
            raise Refused(422, _("The body is empty: send the file as the body or as “file”."))
        sent = datasets.Sent(
            digest=stored.digest,
            size=stored.size,
            name=body.name,
            origin=DatasetVersion.Origin.API,
            options={"mapping": body.mapping} if body.mapping else {},
        )
        version = datasets.submit(dataset=found, sent=sent, by=token.user, reason=body.reason)
    except ActionRefused as refusal:
        raise Refused(422, str(refusal)) from refusal
    except Unavailable as error:
        raise Refused(503, str(error), Retry_After="600") from error
    except BROKEN as error:
        raise Refused(400, _("The request ended before the file was whole.")) from error
    answer = JsonResponse(_told(version), status=201)
    answer["Location"] = reverse(
        "api_version", args=[token.workspace.slug, dataset, version.number]
    )
    return answer


@allows("GET", "HEAD")
@with_token
def show(request: HttpRequest, *, token: ApiToken, dataset: str, number: int) -> HttpResponse:
    """Tell where a version is in its life, and what its check found."""
    seen = queries.versions_seen(token.workspace, token.user)
    version = seen.filter(dataset__slug=dataset, number=number).first()
    if version is None:
        raise Refused(404, _("There is no version {number} here.").format(number=number))
    return JsonResponse({**_told(version), "findings": version.findings})


def _dataset(token: ApiToken, slug: str) -> Dataset:
    for each in queries.datasets_seen(token.workspace, token.user):
        if each.slug == slug:
            return each
    raise Refused(404, _("There is no dataset “{slug}” here.").format(slug=slug))


def _told(version: DatasetVersion) -> dict[str, Any]:
    return {
        "version": version.number,
        "state": version.state,
        "address": f"{settings.PUBLIC_URL}{version.get_absolute_url()}",
        "errors": version.error_count,
        "warnings": version.warning_count,
    }


def _body(request: HttpRequest) -> _Body:
    """Return what was sent, as a form or as the body itself."""
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > settings.LARGEST_FILE:
        raise _too_long()
    reason = header_text(request.headers.get("X-Reason", ""))
    if request.content_type == "multipart/form-data":
        return _form(request, reason)
    name = header_text(request.headers.get("X-Filename", ""))
    name = name or NAMES.get(request.content_type or "", "figures")
    # The newest part of a path of any system; the store keeps its ending alone.
    name = PurePosixPath(name.replace("\\", "/")).name[:200] or "figures"
    return _Body(pieces=iter(lambda: request.read(PIECE), b""), name=name, reason=reason)


def _form(request: HttpRequest, reason: str) -> _Body:
    try:
        file = request.FILES.get("file")
        mapping = request.FILES.get("mapping")
    except BROKEN as error:
        raise Refused(400, _("The form cannot be read.")) from error
    if file is None:
        raise Refused(422, _("The form has no file: send it as “file”."))
    return _Body(
        pieces=file.chunks(),
        name=file.name,
        reason=request.POST.get("reason", reason),
        mapping=_text(mapping) if mapping else request.POST.get("mapping", ""),
    )


def _text(file: UploadedFile) -> str:
    try:
        return str(file.read(PIECE).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused(422, _("The column mapping is not UTF-8.")) from error


def _at_most(pieces: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > settings.LARGEST_FILE:
            raise _too_long()
        yield piece


def _too_long() -> Refused:
    words = _("The file is too long: {most} MB at most.").format(most=settings.LARGEST_FILE >> 20)
    return Refused(413, words)
