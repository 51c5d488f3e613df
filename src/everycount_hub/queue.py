"""The queue of long computations: take one, hold it, finish it once; whatever is killed.

A job's effect and its end are one transaction, and only the worker that holds the job may commit
it. So a job may start several times but counts once.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from everycount_hub.models import Job

if TYPE_CHECKING:
    from everycount_hub.models import User, Workspace

LEASE = timedelta(seconds=60)
"""How long a worker holds a job without a sign of life. Renewed every third of it, so that two
missed signs do no harm; a killed worker's job waits at most this long."""
BACK_OFF = timedelta(seconds=10)
"""The wait before the second attempt; it doubles with each further one."""
MOST_FAILURES = 10
"""Failures after which a job is not tried again: the waits between them add up to an hour and a
half. A worker that dies is no failure of its job; how often that may happen is
`Job.most_attempts`, so that a job that kills its workers comes to an end too."""
LONGEST_BACK_OFF = timedelta(hours=1)
"""The longest wait between two attempts."""
ACTIVE = (Job.State.QUEUED, Job.State.RUNNING)
"""States of a job that is still to do something."""
STOPPED = "The worker stopped before it had finished, {count} times. Nothing was recorded."
"""What a job says whose every worker died."""


class LeaseLost(Exception):
    """Another worker holds the job by now, or it was cancelled: what was computed is dropped."""


class Cancelled(Exception):
    """Somebody asked for the job to be cancelled."""


def enqueue(
    *,
    kind: str,
    key: str,
    arguments: Mapping[str, object],
    by: "User | None" = None,
    workspace: "Workspace | None" = None,
    run_at: datetime | None = None,
) -> Job:
    """Ask for a job; one of the same kind and key that still waits or runs is returned instead.

    Call it in the transaction of the action that needs the job: both are there, or neither.

    Parameters
    ----------
    kind : str
        Which job; a name in `everycount_hub.jobs`.
    key : str
        What it is about, such as ``version 12``. Two jobs with one key never run at once.
    arguments : mapping
        What the job is called with; JSON.
    by, workspace : optional
        Who asked, and where.
    run_at : datetime, optional
        The earliest time; now if not given.
    """
    now = timezone.now()
    job = Job(
        kind=kind,
        key=key,
        arguments=dict(arguments),
        by=by,
        workspace=workspace,
        created_at=now,
        run_at=run_at or now,
    )
    while True:
        try:
            with transaction.atomic():
                job.save(force_insert=True)
        except IntegrityError:
            # The other may end before it is read; then this one may be written after all.
            other = active(kind=kind, key=key).first()
            if other is not None:
                return other
        else:
            return job


def claim(*, worker: str, now: datetime | None = None) -> Job | None:
    """Take the job that has waited longest, or one whose worker shows no sign of life.

    Parameters
    ----------
    worker : str
        The name of the worker that takes it.
    now : datetime, optional
        The time; now if not given.

    Returns
    -------
    Job or None
        The job, held by this worker for `LEASE`; None if there is nothing to do.
    """
    now = now or timezone.now()
    with transaction.atomic():
        free = Q(state=Job.State.QUEUED, run_at__lte=now)
        dead = Q(state=Job.State.RUNNING, lease_until__lt=now, cancel_asked=False)
        may = Q(attempts__lt=F("most_attempts"))
        # SQLite has one writer at a time: its transactions begin as writers (BEGIN IMMEDIATE).
        waiting = Job.objects.select_for_update(no_key=True, skip_locked=True).filter(
            free | dead, may
        )
        job = waiting.order_by("run_at", "pk").first()
        if job is None:
            return None
        job.state = Job.State.RUNNING
        job.worker = worker
        job.attempts += 1
        job.started_at = now
        job.lease_until = now + LEASE
        job.progress, job.words = 0.0, ""
        job.save()
    return job


def renew(job: Job, *, now: datetime | None = None) -> None:
    """Show a sign of life.

    Raises
    ------
    LeaseLost
        If the job is no longer this worker's.
    Cancelled
        If somebody asked for it to be cancelled.
    """
    now = now or timezone.now()
    if not _held(job).update(lease_until=now + LEASE):
        raise LeaseLost(str(job))
    if Job.objects.filter(pk=job.pk, cancel_asked=True).exists():
        raise Cancelled(str(job))


def tell(job: Job, progress: float, words: str) -> None:
    """Say how far a job is, from 0 to 1, and what it is doing; it is a sign of life too.

    Raises
    ------
    LeaseLost
        If the job is no longer this worker's.
    Cancelled
        If somebody asked for it to be cancelled.
    """
    renew(job)
    _held(job).update(progress=min(max(progress, 0.0), 1.0), words=words[:200])


def finish(job: Job, record: Callable[[], Mapping[str, object]]) -> None:
    """Record what a job found and end it, both or neither.

    Parameters
    ----------
    job : Job
        As it was claimed.
    record : callable
        Writes what was found by calling an action; returns what the job's page shows.

    Raises
    ------
    LeaseLost
        If the job is no longer this worker's; nothing is recorded then.
    """
    with _holding(job) as held:
        result = record()
        held.result, held.progress, held.error = dict(result), 1.0, ""
        _end(held, Job.State.DONE)


def fail(job: Job, words: str) -> None:
    """End a job that cannot succeed, with the reason in words."""
    with _holding(job) as held:
        held.error = words
        _end(held, Job.State.FAILED)


def stop(job: Job) -> None:
    """End a job that somebody asked to cancel, after its worker has noticed."""
    with _holding(job) as held:
        _end(held, Job.State.CANCELLED)


def try_later(job: Job, words: str, *, now: datetime | None = None) -> Job:
    """Put a job back that may succeed another time; after the last attempt it has failed.

    Returns
    -------
    Job
        As it is now: waiting, or failed.
    """
    now = now or timezone.now()
    with _holding(job) as held:
        held.error = words
        held.failures += 1
        if held.failures >= MOST_FAILURES:
            _end(held, Job.State.FAILED)
            return held
        held.state = Job.State.QUEUED
        held.lease_until = None
        held.run_at = now + min(BACK_OFF * 2 ** (held.failures - 1), LONGEST_BACK_OFF)
        held.save()
    return held


def give_back(job: Job) -> None:
    """Put a job back whose worker was asked to end: it is not the job's fault, nor an attempt."""
    with _holding(job) as held:
        held.state = Job.State.QUEUED
        held.lease_until = None
        held.most_attempts += 1
        held.save()


def cancel(job: Job) -> Job:
    """Cancel a job: at once if it waits; if it runs, its worker notices at its next sign of life.

    A job that has ended stays as it ended.
    """
    with transaction.atomic():
        held = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
        if held.state == Job.State.QUEUED:
            _end(held, Job.State.CANCELLED)
        elif held.state == Job.State.RUNNING:
            held.cancel_asked = True
            held.save(update_fields=["cancel_asked"])
    return held


def again(job: Job) -> Job:
    """Ask for a job that failed or was cancelled once more, as a new job."""
    return enqueue(
        kind=job.kind,
        key=job.key,
        arguments=job.arguments,
        by=job.by,
        workspace=job.workspace,
    )


def active(*, kind: str, key: str) -> QuerySet[Job]:
    """Return the job of a kind about something that waits or runs, if there is one."""
    return Job.objects.filter(kind=kind, key=key, state__in=ACTIVE)


def orphaned(*, now: datetime | None = None) -> QuerySet[Job]:
    """Return the running jobs whose worker shows no sign of life."""
    return Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=now or timezone.now())


def give_up(*, now: datetime | None = None) -> list[Job]:
    """End the jobs whose workers died as often as they may, or that were to be cancelled.

    Returns
    -------
    list of Job
        Those that have failed, so that somebody is told.
    """
    now = now or timezone.now()
    hopeless = Q(attempts__gte=F("most_attempts")) | Q(cancel_asked=True)
    failed = []
    with transaction.atomic():
        waiting = orphaned(now=now).select_for_update(no_key=True, skip_locked=True, of=("self",))
        for job in waiting.select_related("workspace", "by").filter(hopeless):
            job.error = "" if job.cancel_asked else STOPPED.format(count=job.attempts)
            _end(job, Job.State.CANCELLED if job.cancel_asked else Job.State.FAILED)
            if not job.cancel_asked:
                failed.append(job)
    return failed


def _held(job: Job) -> QuerySet[Job]:
    """Return the job's row if this very attempt still holds it."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


@contextmanager
def _holding(job: Job) -> Iterator[Job]:
    with transaction.atomic():
        held = _held(job).select_for_update(no_key=True).first()
        if held is None:
            raise LeaseLost(str(job))
        yield held


def _end(job: Job, state: Job.State) -> None:
    job.state = state
    job.lease_until = None
    job.finished_at = timezone.now()
    job.save()


def forget_words(*, key: str) -> None:
    """Empty what ended jobs about something say went wrong: it may quote a file given up."""
    ended = Job.objects.filter(key=key).exclude(state__in=ACTIVE)
    ended.exclude(error="").update(error="")
