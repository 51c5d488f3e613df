"""Reading jobs: which a person may see, and how the queue does."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from everycount_hub.models import DatasetVersion, Job, Workspace
from everycount_hub.permissions import Permission, has_permission
from everycount_hub.queries.datasets import Reader

LATE = timedelta(minutes=10)
"""How long a job may be due before one should look whether a worker runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """How the queue does."""

    waiting: int
    running: int
    is_late: bool
    """A job has been due for long: perhaps no worker runs."""


def jobs_seen(user: Reader, *, workspace: Workspace) -> QuerySet[Job]:
    """Return the jobs of a workspace a person may see, newest first: all, or those asked for."""
    jobs = Job.objects.filter(workspace=workspace).select_related("workspace", "by")
    sees_all = any(
        has_permission(user, each, workspace=workspace)
        for each in (Permission.DATASET_VIEW_UNRELEASED, Permission.JOB_MANAGE)
    )
    return jobs if sees_all else jobs.filter(by=user.pk)


def may_manage(job: Job, user: Reader) -> bool:
    """Tell whether a person may cancel a job or ask for it again: one's own, or with permission."""
    asked = job.by_id is not None and job.by_id == user.pk
    return asked or has_permission(user, Permission.JOB_MANAGE, workspace=job.workspace)


def queue_state() -> QueueState:
    """Return how many jobs wait and run, and whether one waits for too long."""
    now = timezone.now()
    due = Q(state=Job.State.QUEUED, run_at__lte=now)
    found = Job.objects.aggregate(
        waiting=Count("pk", filter=due),
        running=Count("pk", filter=Q(state=Job.State.RUNNING)),
        first=Min("run_at", filter=due),
    )
    return QueueState(
        waiting=found["waiting"],
        running=found["running"],
        is_late=found["first"] is not None and found["first"] < now - LATE,
    )


def may_see(job: Job, user: Reader) -> bool:
    """Tell whether a person may look at a job; one of no workspace is the hub's own."""
    if job.workspace is None:
        return may_manage(job, user)
    return jobs_seen(user, workspace=job.workspace).filter(pk=job.pk).exists()


def job_of(version: DatasetVersion) -> Job | None:
    """Return the newest job about a version."""
    return Job.objects.filter(key=f"version {version.pk}").order_by("-pk").first()
