"""The addresses below /api/v1, each an operation of the OpenAPI description."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from ninja import NinjaAPI, Query, Schema
from ninja.errors import ValidationError

from everycount.errors import EverycountError, InputError, NotFound, Problem
from everycount.io.exporters.formats import EXPORTERS
from everycount.io.words import quote
from everycount_hub.api.limits import TooMuch, told
from everycount_hub.api.public import Fault, Refused, public, refusal
from everycount_hub.api.rest import asked, catalogue, indices, observations, pages, policies, shapes
from everycount_hub.edition.read import Edition

FAULTS = {
    400: shapes.Problem,
    404: shapes.Problem,
    410: shapes.Problem,
    413: shapes.Problem,
    429: shapes.Problem,
    503: shapes.Problem,
}
"""How any operation may answer besides its own way."""
WITHOUT_EDITION = frozenset({"openapi.json", "limits"})
"""What is answered before anything is published."""

api = NinjaAPI(
    title="Everycount",
    version="1",
    description=(
        "Published gender data: indicators, areas, figures, indices and policy reviews. Read-only, "
        "without a key, from the newest edition only. The same figures stand as SDMX REST below "
        "/sdmx/v2 (SDMX 3.0) and /sdmx (SDMX 2.1). Limits: /api/v1/limits."
    ),
    docs_url=None,
    urls_namespace="api-1",
)


def tell(_request: HttpRequest, fault: Fault) -> HttpResponse:
    """Say in JSON why a request is not answered."""
    told: dict[str, Any] = {"error": fault.words, "status": fault.status}
    if fault.problems:
        told["problems"] = [asdict(each) for each in fault.problems]
    return pages.as_json(told, status=fault.status)


@api.exception_handler(Refused)
@api.exception_handler(TooMuch)
@api.exception_handler(EverycountError)
def _refuse(request: HttpRequest, error: Exception) -> HttpResponse:
    return refusal(request, error, tell)


@api.exception_handler(ValidationError)
def _misread(request: HttpRequest, error: ValidationError) -> HttpResponse:
    wrong = [
        Problem(str(each["loc"][-1]), quote(request.GET.get(str(each["loc"][-1]))), each["msg"])
        for each in error.errors
    ]
    return refusal(request, InputError("the request", wrong), tell)


def edition_of(request: HttpRequest) -> Edition:
    """Return the edition that a request is answered from."""
    edition: Edition = request.edition
    return edition


def _demand(request: HttpRequest, parameters: type[Schema] = asked.Worded) -> None:
    pages.demand_parameters(request, parameters.model_fields)


def _list_of(
    request: HttpRequest,
    entries: Sequence[Any],
    show: Callable[[Any], Mapping[str, Any]],
    given: asked.Listed,
) -> HttpResponse:
    _demand(request, type(given))
    edition = edition_of(request)
    return pages.listed(
        request, edition, entries, show,
        limit=given.limit, cursor=given.cursor, fields=given.fields,
    )  # fmt: skip


@api.get("/indicators", response={200: shapes.Indicators, **FAULTS}, tags=["catalogue"])
def indicators(request: HttpRequest, given: Query[asked.Indicators]) -> HttpResponse:
    """List the indicators."""
    edition, language = edition_of(request), catalogue.language_of(given.lang)
    found = catalogue.indicators(
        edition, q=given.q, framework=given.framework, group=given.group, area=given.area
    )
    return _list_of(request, found, lambda each: catalogue.indicator_told(each, language), given)


@api.get(
    "/indicators/{indicator}", response={200: shapes.IndicatorAnswer, **FAULTS}, tags=["catalogue"]
)
def indicator(request: HttpRequest, indicator: str, given: Query[asked.Worded]) -> HttpResponse:
    """Show an indicator: definition, areas, and the source of its figures."""
    _demand(request)
    edition = edition_of(request)
    found = catalogue.indicator(edition, indicator, catalogue.language_of(given.lang))
    return pages.answer(request, edition, {"indicator": found})


@api.get("/areas", response={200: shapes.Areas, **FAULTS}, tags=["catalogue"])
def areas(request: HttpRequest, given: Query[asked.Areas]) -> HttpResponse:
    """List the areas with figures."""
    edition, language = edition_of(request), catalogue.language_of(given.lang)
    found = catalogue.areas(edition, q=given.q)
    return _list_of(request, found, lambda each: catalogue.area_told(each, language), given)


@api.get("/areas/{area}", response={200: shapes.AreaAnswer, **FAULTS}, tags=["catalogue"])
def area(request: HttpRequest, area: str, given: Query[asked.Worded]) -> HttpResponse:
    """Show an area: ISO code, number of M49 or own code."""
    _demand(request)
    edition = edition_of(request)
    entry = catalogue.find_area(edition, area)
    held = [e.slug for e in edition.indicators.values() if entry.code in e.areas]
    told = {**catalogue.area_told(entry, catalogue.language_of(given.lang)), "with_figures": held}
    return pages.answer(request, edition, {"area": told})


@api.get("/frameworks", response={200: shapes.Entries, **FAULTS}, tags=["catalogue"])
def frameworks(request: HttpRequest, given: Query[asked.Listed]) -> HttpResponse:
    """List the indicator sets in use."""
    found, language = edition_of(request).frameworks, catalogue.language_of(given.lang)
    return _list_of(
        request, list(found.values()), lambda e: catalogue.framework_told(e, language), given
    )


@api.get(
    "/frameworks/{framework}", response={200: shapes.FrameworkAnswer, **FAULTS}, tags=["catalogue"]
)
def framework(request: HttpRequest, framework: str) -> HttpResponse:
    """Show an indicator set, as ID@VERSION, with its groups and indicators."""
    _demand(request)
    edition = edition_of(request)
    return pages.answer(request, edition, {"framework": catalogue.framework(edition, framework)})


@api.get("/datasets", response={200: shapes.Entries, **FAULTS}, tags=["catalogue"])
def datasets(request: HttpRequest, given: Query[asked.Listed]) -> HttpResponse:
    """List everything published: figures, indices, policy reviews, surveys; with their files."""
    edition, language = edition_of(request), catalogue.language_of(given.lang)
    found = list(edition.datasets.values())
    return _list_of(
        request, found, lambda each: catalogue.dataset_told(edition, each, language), given
    )


@api.get(
    "/datasets/{workspace}/{slug}",
    response={200: shapes.DatasetAnswer, **FAULTS},
    tags=["catalogue"],
)
def dataset(
    request: HttpRequest, workspace: str, slug: str, given: Query[asked.Worded]
) -> HttpResponse:
    """Show a dataset with its versions, or why it was withdrawn."""
    _demand(request)
    edition = edition_of(request)
    key = f"{workspace}/{slug}"
    if key not in edition.datasets:
        raise NotFound(f"there is no dataset {quote(key)}: see /api/v1/datasets")
    found = edition.datasets[key]
    told = catalogue.dataset_told(edition, found, catalogue.language_of(given.lang))
    return pages.answer(request, edition, {"dataset": told}, datasets=[found])


@api.get("/releases", response={200: shapes.Entries, **FAULTS}, tags=["catalogue"])
def releases(request: HttpRequest, given: Query[asked.Listed]) -> HttpResponse:
    """List the releases, newest first."""
    return _list_of(request, edition_of(request).releases, catalogue.release_told, given)


@api.get(
    "/releases/{workspace}/{number}",
    response={200: shapes.ReleaseAnswer, **FAULTS},
    tags=["catalogue"],
)
def release(request: HttpRequest, workspace: str, number: str) -> HttpResponse:
    """Show a release: which versions of which datasets were published together."""
    _demand(request)
    edition = edition_of(request)
    for each in edition.releases:
        if (each.workspace, str(each.number)) == (workspace, number):
            return pages.answer(request, edition, {"release": catalogue.release_told(each)})
    raise NotFound(f"there is no release {quote(number)} of {quote(workspace)}")


@api.get("/indices", response={200: shapes.Entries, **FAULTS}, tags=["indices"])
def index_list(request: HttpRequest, given: Query[asked.Listed]) -> HttpResponse:
    """List the indices with the verdict of their audits."""
    edition, language = edition_of(request), catalogue.language_of(given.lang)
    found = edition.of_content(indices.CONTENT)
    return _list_of(request, found, lambda each: indices.told(edition, each, language), given)


@api.get(
    "/indices/{workspace}/{slug}", response={200: shapes.IndexAnswer, **FAULTS}, tags=["indices"]
)
def index(
    request: HttpRequest, workspace: str, slug: str, given: Query[asked.Index]
) -> HttpResponse:
    """Show an index: scores, ranks with their intervals, and what its audit found."""
    _demand(request, asked.Index)
    edition = edition_of(request)
    found = indices.find(edition, indices.CONTENT, f"{workspace}/{slug}")
    language = catalogue.language_of(given.lang)
    told = indices.whole(edition, found, language, node=given.node, units=given.unit)
    return pages.answer(request, edition, {"index": told}, datasets=[found])


@api.get("/policies", response={200: shapes.Entries, **FAULTS}, tags=["policies"])
def policy_list(request: HttpRequest, given: Query[asked.Listed]) -> HttpResponse:
    """List the policy reviews."""
    edition, language = edition_of(request), catalogue.language_of(given.lang)
    found = edition.of_content(policies.CONTENT)
    return _list_of(request, found, lambda each: policies.told(edition, each, language), given)


@api.get(
    "/policies/{workspace}/{slug}", response={200: shapes.PolicyAnswer, **FAULTS}, tags=["policies"]
)
def policy(
    request: HttpRequest, workspace: str, slug: str, given: Query[asked.Worded]
) -> HttpResponse:
    """Show a policy review: clauses, issues for action, and the indicators that would show them."""
    _demand(request)
    edition = edition_of(request)
    found = indices.find(edition, policies.CONTENT, f"{workspace}/{slug}")
    told = policies.whole(edition, found, catalogue.language_of(given.lang))
    return pages.answer(request, edition, {"policy": told}, datasets=[found])


FILTERED = [
    {
        "name": each.lower(),
        "in": "query",
        "required": False,
        "schema": {"type": "string"},
        "description": f"Codes of {each}, separated by commas",
    }
    for each in observations.FILTERS
]


@api.get(
    "/observations",
    response={200: shapes.Observations, **FAULTS},
    tags=["figures"],
    openapi_extra={"parameters": FILTERED},
)
def figures(request: HttpRequest, given: Query[asked.Observations]) -> HttpResponseBase:
    """Return figures, each with its dataset, source, licence and label of appraisal."""
    return observations.observations(request, edition_of(request), given)


@api.get("/limits", response={200: shapes.Limits, **FAULTS}, tags=["about"])
def limits(request: HttpRequest) -> HttpResponse:
    """Show what the API allows."""
    _demand(request)
    return pages.as_json(told())


def bridged(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return a view of the service as `public` calls it; HEAD is answered as GET would be."""

    def respond(
        request: HttpRequest, *, edition: Edition | None, **captured: Any
    ) -> HttpResponseBase:
        request.edition = edition
        method, request.method = request.method, "GET"
        try:
            return view(request, **captured)
        finally:
            request.method = method

    return respond


def description() -> dict[str, Any]:
    """Return the description of the API in OpenAPI."""
    schema: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
    schema["servers"] = [{"url": "/"}]  # wherever the page was got from
    schema["info"]["x-everycount"] = version("everycount")
    for operations in schema["paths"].values():
        for operation in operations.values():
            operation["responses"]["200"].setdefault("headers", {})["ETag"] = {
                "schema": {"type": "string"},
                "description": "Names the answer; it changes with the edition",
            }
    figures = schema["paths"]["/api/v1/observations"]["get"]["responses"]["200"]["content"]
    files = {"text/csv", *(e.media_type for e in EXPORTERS if e.holds == "data")}
    for media_type in sorted(files - {"application/json"}):
        figures[media_type] = {"schema": {"type": "string", "format": "binary"}}
    return schema


def openapi(_request: HttpRequest, *, edition: Edition | None) -> HttpResponse:
    """Return the description of the API."""
    return HttpResponse(json.dumps(description()), content_type="application/json")


def _addresses() -> list[URLPattern]:
    """Return the addresses of the operations, each answered within limits."""
    made = [
        path("openapi.json", public(tell, needs_edition=False)(openapi), name="api_openapi"),
    ]
    for each in api.urls[0]:
        route = str(each.pattern)
        if route in {"openapi.json", ""}:  # ours is above; the root only names the others
            continue
        answered = public(tell, needs_edition=route not in WITHOUT_EDITION)
        made.append(path(route, answered(bridged(each.callback)), name=each.name))
    return made


urlpatterns = _addresses()
