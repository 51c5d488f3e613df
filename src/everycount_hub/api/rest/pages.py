"""Lists page by page, the entries cut to the fields asked for, with what stands beside them."""

import base64
import binascii
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from everycount.errors import InputError, Problem
from everycount.io.words import quote
from everycount_hub.api import described
from everycount_hub.api.limits import CODES, LARGEST_PAGE, PAGE, TooMuch
from everycount_hub.api.public import Refused
from everycount_hub.edition.nouns import PublishedDataset
from everycount_hub.edition.read import Edition
from everycount_hub.queries.observed import refuse

Entry = TypeVar("Entry")
LONGEST_CURSOR = 200


def page_size(limit: int | None) -> int:
    """Return how many entries a page has.

    Raises
    ------
    InputError
        If it is not from 1 to the largest page.
    """
    if limit is None:
        return PAGE
    if not 1 <= limit <= LARGEST_PAGE:
        expected = f"a whole number from 1 to {LARGEST_PAGE}"
        raise InputError("the request", [Problem("limit", str(limit), expected)])
    return limit


def cursor_of(request: HttpRequest, edition: Edition, offset: int) -> str:
    """Return the name of the page that begins at an offset."""
    told = [edition.digest[:12], offset, _question(request)]
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def offset_of(request: HttpRequest, edition: Edition, cursor: str | None) -> int:
    """Return where a page begins.

    Raises
    ------
    InputError
        If the cursor is none of this list.
    Refused
        If something was published since the first page.
    """
    if not cursor:
        return 0
    wrong = Problem("cursor", quote(cursor), "the text that `next` of the page before has")
    try:
        padded = cursor[:LONGEST_CURSOR] + "=" * (-len(cursor[:LONGEST_CURSOR]) % 4)
        told = json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
        digest, offset, question = told
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise InputError("the request", [wrong]) from error
    if not isinstance(offset, int) or not 0 <= offset < 2**40 or question != _question(request):
        raise InputError("the request", [wrong])
    if digest != edition.digest[:12]:
        raise Refused(410, "Something was published since the first page: begin again without it.")
    return offset


def _question(request: HttpRequest) -> int:
    """Return a number of what is asked, the place in the list aside."""
    kept = {k: request.GET.getlist(k) for k in request.GET if k not in {"cursor", "limit"}}
    text = request.path + json.dumps(kept, sort_keys=True)
    return binascii.crc32(text.encode("utf-8", "surrogateescape"))


def next_address(request: HttpRequest, cursor: str) -> str:
    """Return the address of the page after, from the root of the hub."""
    query = request.GET.copy()
    query["cursor"] = cursor
    pairs = [(name, value) for name in query for value in query.getlist(name)]
    return f"{request.path}?{urlencode(pairs, errors='replace')}"


def listed(
    request: HttpRequest,
    edition: Edition,
    entries: Sequence[Entry],
    show: Callable[[Entry], Mapping[str, Any]],
    *,
    limit: int | None,
    cursor: str | None,
    fields: str | None,
) -> HttpResponse:
    """Return one page of a list."""
    size = page_size(limit)
    offset = offset_of(request, edition, cursor)
    shown = [dict(show(each)) for each in entries[offset : offset + size]]
    more = offset + size < len(entries)
    after = cursor_of(request, edition, offset + size) if more else None
    return answer(
        request,
        edition,
        {"count": len(entries), "next": after, "entries": cut(shown, fields)},
        after=after,
    )


def cut(entries: list[dict[str, Any]], fields: str | None) -> list[dict[str, Any]]:
    """Return entries with some fields only.

    Raises
    ------
    InputError
        If there is no such field.
    """
    if not fields or not entries:
        return entries
    wanted = codes_of("fields", fields)
    known = list(entries[0])
    problems = [
        Problem("fields", quote(each), f"some of {', '.join(known)}")
        for each in wanted
        if each not in known
    ]
    refuse("the request", problems)
    return [{name: each[name] for name in wanted} for each in entries]


def answer(
    request: HttpRequest,
    edition: Edition,
    content: Mapping[str, Any],
    *,
    datasets: Iterable[PublishedDataset] = (),
    after: str | None = None,
) -> HttpResponse:
    """Return JSON with what it is from beside it."""
    whole = {"about": about(request, edition, datasets), **content}
    response = as_json(whole)
    if after:
        response["Link"] = f'<{next_address(request, after)}>; rel="next"'
    return response


def about(
    request: HttpRequest, edition: Edition, datasets: Iterable[PublishedDataset] = ()
) -> dict[str, Any]:
    """Return edition, licence and citation of an answer."""
    given = list(datasets)
    shown = given or [each for each in edition.datasets.values() if each.digest]
    only = [described.citation(edition, each) for each in given]
    return {
        "edition": edition.digest,
        "address": f"{settings.PUBLIC_URL}{request.get_full_path()}",
        "licences": described.licences(shown),
        "citation": "; ".join(only) or described.of_edition(edition),
    }


def as_json(content: Any, status: int = 200) -> HttpResponse:
    """Return anything as JSON in UTF-8."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # A lone surrogate, which an address may hold, is no character of UTF-8.
    body = text.encode("utf-8", "replace")
    return HttpResponse(body, content_type="application/json", status=status)


def codes_of(name: str, text: str | None) -> list[str]:
    """Return the codes of a parameter, which commas separate.

    Raises
    ------
    TooMuch
        If there are more than one parameter may list.
    """
    codes = [each.strip() for each in (text or "").split(",") if each.strip()]
    if len(codes) > CODES:
        raise TooMuch(f"{name} lists {len(codes):,} codes, at most {CODES:,} are allowed")
    return codes


def demand_parameters(request: HttpRequest, known: Collection[str]) -> None:
    """Refuse parameters that there are not: a slip would silently ask for everything.

    Raises
    ------
    InputError
        With each of them.
    """
    problems = [
        Problem("parameter", quote(each), f"some of {', '.join(sorted(known))}")
        for each in request.GET
        if each not in known
    ]
    refuse("the request", problems)
