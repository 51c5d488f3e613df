"""Pages of long computations."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from everycount_hub.actions import jobs
from everycount_hub.errors import ActionRefused
from everycount_hub.models import Job
from everycount_hub.permissions import Permission
from everycount_hub.queries.jobs import jobs_seen, may_manage, may_see, queue_state
from everycount_hub.workbench.answer import workspace_for

SHOWN = 100
"""Jobs on a page, the newest."""


@login_required
@require_safe
def list_page(request: HttpRequest, slug: str) -> HttpResponse:
    """List the computations of a workspace."""
    workspace = workspace_for(request, slug, Permission.WORKSPACE_VIEW)
    shown = {
        "workspace": workspace,
        "jobs": jobs_seen(request.user, workspace=workspace)[:SHOWN],
        "queue": queue_state(),
    }
    return render(request, "workbench/jobs.html", shown)


@login_required
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a computation: how far it is, or how it ended."""
    return _page(request, _job(request, pk))


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a computation."""
    job = _managed(request, pk)
    try:
        jobs.cancel(job=job, by=request.user)
    except ActionRefused as refusal:
        return _page(request, _job(request, pk), refusal=str(refusal))
    return redirect(job)


@login_required
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a computation once more."""
    job = _managed(request, pk)
    try:
        return redirect(jobs.again(job=job, by=request.user))
    except ActionRefused as refusal:
        return _page(request, _job(request, pk), refusal=str(refusal))


def _job(request: HttpRequest, pk: int) -> Job:
    job = get_object_or_404(Job.objects.select_related("workspace", "by"), pk=pk)
    if not may_see(job, request.user):
        raise Http404
    return job


def _managed(request: HttpRequest, pk: int) -> Job:
    job = _job(request, pk)
    if not may_manage(job, request.user):
        raise PermissionDenied
    return job


def _page(request: HttpRequest, job: Job, *, refusal: str = "") -> HttpResponse:
    shown = {
        "job": job,
        "workspace": job.workspace,
        "percent": round(100 * job.progress),
        "is_active": job.state in {Job.State.QUEUED, Job.State.RUNNING},
        "may_manage": may_manage(job, request.user),
        "refusal": refusal,
    }
    return render(request, "workbench/job.html", shown, status=422 if refusal else 200)
