"""Addresses of SDMX REST 2.x, below /sdmx/v2/, and of REST 1.5, below /sdmx/."""

from collections.abc import Callable, Iterator, Sequence

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from everycount.errors import InputError, NotFound, Problem
from everycount.io.words import quote
from everycount_hub.api.public import Refused, public
from everycount_hub.api.sdmx.availability import availability_1, availability_2
from everycount_hub.api.sdmx.data import data_1, data_2
from everycount_hub.api.sdmx.faults import teller
from everycount_hub.api.sdmx.structures import KINDS, OTHERS, structures_1, structures_2
from everycount_hub.edition.read import Edition

NOT_HERE = frozenset({"metadata", "schema", "registration"})
"""Resources of the standard that this service does not have."""
Respond = Callable[..., HttpResponseBase]


def _nested(before: str, parts: Sequence[str], view: Respond, *, is_2: bool, least: int = 0,
            **given: str) -> Iterator[URLPattern]:  # fmt: skip
    """Yield an address for each number of parts, with and without a slash at the end."""
    answered = public(teller(is_2=is_2))(view)
    for count in range(least, len(parts) + 1):
        route = "/".join([before, *(f"<str:{name}>" for name in parts[:count])])
        yield path(route, answered, given)
        yield path(f"{route}/", answered, given)


def elsewhere_2(request: HttpRequest, *, edition: Edition, rest: str) -> HttpResponseBase:
    """Answer what is no query that this service knows, in REST 2.x."""
    return _elsewhere(rest)


def elsewhere_1(request: HttpRequest, *, edition: Edition, rest: str) -> HttpResponseBase:
    """Answer what is no query that this service knows, in REST 1.5."""
    return _elsewhere(rest)


def _elsewhere(rest: str) -> HttpResponseBase:
    resource, _, below = rest.partition("/")
    if resource in NOT_HERE:
        raise Refused(501, f"{resource}: data, structures and availability are served.")
    if resource in OTHERS:
        raise NotFound(f"there is no {resource} here")
    if resource in {"data", "structure", "availability", "availableconstraint"} | KINDS and below:
        problem = Problem("address", f"{quote(below)} after {resource}", "fewer parts")
        raise InputError("the query", [problem])
    raise NotFound(f"{quote(rest)}: ask for data, structure or availability")


FLOW_PARTS = ("context", "agency", "id", "version", "key")
MAINTAINED = ("agency", "id", "version", "item")
urlpatterns = [
    *_nested("v2/data", FLOW_PARTS, data_2, is_2=True),
    *_nested("v2/structure", ("kind", *MAINTAINED), structures_2, is_2=True),
    *_nested("v2/availability", (*FLOW_PARTS, "component"), availability_2, is_2=True),
    path("v2/<path:rest>", public(teller(is_2=True))(elsewhere_2)),
    *_nested("data", ("flow", "key", "provider"), data_1, is_2=False, least=1),
    *_nested(
        "availableconstraint", ("flow", "key", "provider", "component"), availability_1,
        is_2=False, least=1,
    ),
    *(
        pattern
        for kind in sorted(KINDS | {"structure"})
        for pattern in _nested(kind, MAINTAINED, structures_1, is_2=False, kind=kind)
    ),
    path("<path:rest>", public(teller(is_2=False))(elsewhere_1)),
]  # fmt: skip
