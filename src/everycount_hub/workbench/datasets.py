"""Pages of datasets and their versions."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from everycount.errors import Unavailable
from everycount_hub import store
from everycount_hub.actions import datasets, fetching
from everycount_hub.errors import ActionRefused
from everycount_hub.models import Dataset, DatasetVersion, Workspace
from everycount_hub.permissions import Permission, has_permission
from everycount_hub.queries import datasets as queries
from everycount_hub.queries.organisations import organisations_on
from everycount_hub.workbench.answer import form_page, posted, workspace_for
from everycount_hub.workbench.data_forms import DatasetForm, FetchForm, SubmissionForm


@login_required
@require_safe
def list_page(request: HttpRequest, slug: str) -> HttpResponse:
    """List the datasets of a workspace."""
    workspace = workspace_for(request, slug, Permission.DATASET_VIEW)
    shown = {
        "workspace": workspace,
        "datasets": queries.datasets_seen(workspace, request.user),
        "may_submit": _may(request, Permission.DATASET_SUBMIT, workspace),
    }
    return render(request, "workbench/datasets.html", shown)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a dataset."""
    workspace = workspace_for(request, slug, Permission.DATASET_SUBMIT)
    form = DatasetForm(
        request.POST if request.method == "POST" else None,
        organisations=organisations_on(timezone.localdate()),
        frameworks=queries.frameworks_known(),
    )
    if form.is_valid():
        try:
            dataset = datasets.create(
                workspace=workspace, description=form.described(), by=request.user
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("dataset_submit", slug, dataset.slug)
    return form_page(request, "workbench/dataset_new.html", form, workspace=workspace)


@login_required
@require_safe
def show(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Show a dataset and its versions."""
    workspace = workspace_for(request, slug, Permission.DATASET_VIEW)
    dataset = _dataset(request, workspace, name)
    versions = queries.versions_seen(workspace, request.user).filter(dataset=dataset)
    shown = {
        "workspace": workspace,
        "dataset": dataset,
        "versions": versions.order_by("-number"),
        "may_submit": _may(request, Permission.DATASET_SUBMIT, workspace),
    }
    return render(request, "workbench/dataset.html", shown)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Send figures as the next version."""
    workspace = workspace_for(request, slug, Permission.DATASET_SUBMIT)
    dataset = _dataset(request, workspace, name)
    is_first = not dataset.versions.exists()
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = SubmissionForm(*given, dataset=dataset, is_first=is_first)
    if form.is_valid():
        try:
            version = _submit(request, dataset, form.cleaned_data)
        except (ActionRefused, Unavailable) as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(version)
    return form_page(
        request, "workbench/dataset_submit.html", form, workspace=workspace, dataset=dataset
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def fetch(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Have figures of a service fetched as the next version."""
    workspace = workspace_for(request, slug, Permission.DATASET_SUBMIT)
    dataset = _dataset(request, workspace, name)
    form = FetchForm(posted(request), is_first=not dataset.versions.exists())
    if form.is_valid():
        try:
            job = fetching.ask(dataset=dataset, request=form.request(), by=request.user)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(job)
    return form_page(
        request, "workbench/dataset_fetch.html", form, workspace=workspace, dataset=dataset
    )


def _dataset(request: HttpRequest, workspace: Workspace, name: str) -> Dataset:
    for each in queries.datasets_seen(workspace, request.user):
        if each.slug == name:
            return each
    raise Http404


def _submit(request: HttpRequest, dataset: Dataset, given: dict[str, Any]) -> DatasetVersion:
    """Store what was uploaded, then submit it; a file that nobody names is collected later."""
    file = given["file"]
    stored = store.put_source(file.chunks(), name=file.name)
    sent = datasets.Sent(
        digest=stored.digest,
        size=stored.size,
        name=file.name,
        origin=DatasetVersion.Origin.UPLOAD,
        options={"mapping": given["mapping"]} if given.get("mapping") else {},
    )
    return datasets.submit(
        dataset=dataset, sent=sent, by=request.user, reason=given.get("reason", "")
    )


def _may(request: HttpRequest, permission: Permission, workspace: Workspace) -> bool:
    return has_permission(request.user, permission, workspace=workspace)
