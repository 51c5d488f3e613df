"""Pages of one version: where it is in its life, what it holds, and its files to take along."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from everycount.errors import EverycountError, NotFound
from everycount_hub.actions.appraisals import scheme
from everycount_hub.models import DatasetVersion
from everycount_hub.models.wording import wording
from everycount_hub.permissions import Permission, has_permission
from everycount_hub.queries import contents
from everycount_hub.queries import datasets as queries
from everycount_hub.queries.appraisals import answers_of, has_expired, standing
from everycount_hub.queries.jobs import job_of
from everycount_hub.workbench import downloads
from everycount_hub.workbench.answer import workspace_for
from everycount_hub.workbench.steps import steps_for

SHOWN = 100
"""Rows of figures on a page."""
FORMATS = {
    "csv": _("CSV"),
    "excel": _("Excel"),
    "sdmx-csv": _("SDMX-CSV"),
}
"""Formats of the library in which figures are taken along, and what people call them."""
TITLES: dict[str, Promise] = {"INDICATOR": _("Indicator"), "REF_AREA": _("Area")}
"""What the rows of a version can be narrowed by."""
FACTS: dict[str, Promise] = {
    "title": _("Title"),
    "reference": _("Reference"),
    "publisher": _("Publisher"),
    "level": _("Level"),
    "indicators": _("Indicators"),
    "entries": _("Entries"),
    "units": _("Units"),
    "clauses": _("Clauses"),
    "issues": _("Issues for action"),
    "links": _("Links to indicators"),
    "outcomes": _("Outcomes"),
    "estimates": _("Estimates"),
    "rows": _("Rows"),
}
"""What is told of a version that holds no figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One list by which rows are narrowed."""

    name: str
    title: Promise
    chosen: str
    codes: list[tuple[str, str]]


@login_required
@require_safe
def show(request: HttpRequest, slug: str, name: str, number: int) -> HttpResponse:
    """Show a version: where it is in its life, what was found, what it holds."""
    found = _version(request, slug, name, number)
    shown: dict[str, Any] = {
        "workspace": found.dataset.workspace,
        "version": found,
        "dataset": found.dataset,
        "reviews": found.reviews.select_related("by"),
        **_appraised(found),
        "releases": queries.releases_of(found, request.user),
        "job": job_of(found),
        "steps": steps_for(request.user, found),
        "may_take_source": _may_take_source(request, found),
    }
    if queries.has_figures(found):
        shown |= _figures(request, found)
    elif found.digest and not found.is_file_removed:
        shown |= _bundle(found)
    return render(request, "workbench/version.html", shown)


@login_required
@require_safe
def figures(request: HttpRequest, slug: str, name: str, number: int, kind: str) -> HttpResponseBase:
    """Hand over the figures, narrowed as on the page, with the label of their appraisal."""
    found = _version(request, slug, name, number)
    if kind not in FORMATS:
        raise Http404
    try:
        return downloads.as_file(found, queries.narrowed(found, _codes(request)), kind)
    except EverycountError as error:
        messages.error(request, str(error))
        return redirect(f"{found.get_absolute_url()}?{request.GET.urlencode()}")


@login_required
@require_safe
def source(request: HttpRequest, slug: str, name: str, number: int) -> HttpResponseBase:
    """Hand over the file that was sent, as it came."""
    found = _version(request, slug, name, number)
    if not _may_take_source(request, found):
        raise Http404
    return downloads.kept_source(found)


@login_required
@require_safe
def bundle(request: HttpRequest, slug: str, name: str, number: int) -> HttpResponseBase:
    """Hand over all files of a version that holds no figures, in one archive."""
    return downloads.kept_bundle(_version(request, slug, name, number))


@login_required
@require_safe
def part(request: HttpRequest, slug: str, name: str, number: int, part: str) -> HttpResponseBase:
    """Hand over one file of a version that holds no figures."""
    return downloads.part_of_bundle(_version(request, slug, name, number), part)


def _version(request: HttpRequest, slug: str, name: str, number: int) -> DatasetVersion:
    workspace = workspace_for(request, slug, Permission.DATASET_VIEW)
    seen = queries.versions_seen(workspace, request.user)
    return get_object_or_404(seen, dataset__slug=name, number=number)


def _may_take_source(request: HttpRequest, version: DatasetVersion) -> bool:
    """Tell whether a person may have the file as it came.

    It may hold more than what is published, such as names of people in a handbook: it is for those
    who prepare figures, and for who sent it.
    """
    if version.is_file_removed:
        return False
    if request.user.pk in {version.author_id, version.submitted_by_id}:
        return True
    return has_permission(
        request.user, Permission.DATASET_VIEW_UNRELEASED, workspace=version.dataset.workspace
    )


def _codes(request: HttpRequest) -> dict[str, str]:
    return {each: request.GET[each].strip() for each in TITLES if request.GET.get(each)}


def _figures(request: HttpRequest, version: DatasetVersion) -> dict[str, Any]:
    """Return a page of the figures, the lists to narrow them by, and where to take them along."""
    codes = _codes(request)
    try:
        count = contents.count_of(version, codes)
        pages = max(-(-count // SHOWN), 1)
        given = request.GET.get("page", "")
        page = min(max(int(given), 1), pages) if given.isdecimal() and len(given) < 10 else 1
        rows = queries.rows_of(version, codes, limit=SHOWN, skip=(page - 1) * SHOWN)
        listed = contents.codes_in(version, tuple(TITLES), language=get_language() or "en")
    except NotFound as error:
        return {"rows_fault": str(error)}
    narrowed = QueryDict(mutable=True)
    narrowed.update(codes)
    place = [version.dataset.workspace.slug, version.dataset.slug, version.number]
    return {
        "rows": rows,
        "row_count": count,
        "first": (page - 1) * SHOWN + 1,
        "last": (page - 1) * SHOWN + len(rows.rows),
        "page": page,
        "pages": pages,
        "narrowed": narrowed.urlencode(),
        "choices": [
            Choice(name=each, title=title, chosen=codes.get(each, ""), codes=listed[each])
            for each, title in TITLES.items()
        ],
        "formats": [
            (reverse("version_figures", args=[*place, kind]), title)
            for kind, title in FORMATS.items()
        ],
    }


def _bundle(version: DatasetVersion) -> dict[str, Any]:
    """Return what is told of a version that holds no figures, and its files."""
    metadata = version.metadata
    place = [version.dataset.workspace.slug, version.dataset.slug, version.number]
    return {
        "facts": [
            (title, _told(metadata[name])) for name, title in FACTS.items() if metadata.get(name)
        ],
        "files": [
            (each, reverse("version_part", args=[*place, each]))
            for each in metadata.get("files", [])
        ],
    }


def _told(fact: object) -> object:
    """Return a fact as it is shown: names by language in the reader's."""
    return wording(fact, get_language()) if isinstance(fact, dict) else fact


def _appraised(version: DatasetVersion) -> dict[str, Any]:
    """Return what the page shows of appraisals, the answers of the one that stands among it."""
    held = list(version.appraisals.select_related("by"))
    last = held[-1] if held else None
    return {
        "appraisals": held,
        "answers": answers_of(last, scheme()) if last else [],
        "has_expired": any(map(has_expired, standing(version, held))),
    }
