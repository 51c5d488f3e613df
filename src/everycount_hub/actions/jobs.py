"""Actions on jobs: cancel one, ask for one again, tell that one failed."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from everycount_hub import queue
from everycount_hub.actions.audit import record
from everycount_hub.actions.notifications import notify
from everycount_hub.errors import ActionRefused
from everycount_hub.models import Job, User
from everycount_hub.permissions import Permission, people_with


@transaction.atomic
def cancel(*, job: Job, by: User) -> Job:
    """Cancel a job that waits or runs; a running one ends at its next sign of life."""
    held = Job.objects.select_for_update(no_key=True, of=("self",)).get(pk=job.pk)
    if held.state not in queue.ACTIVE:
        raise ActionRefused(
            _("The job is {state}: there is nothing to cancel.").format(
                state=held.get_state_display()
            )
        )
    held = queue.cancel(held)
    record(by=by, verb="job.cancelled", target=held, workspace=held.workspace)
    return held


@transaction.atomic
def again(*, job: Job, by: User) -> Job:
    """Ask once more for a job that failed or was cancelled."""
    held = Job.objects.select_for_update(no_key=True, of=("self",)).get(pk=job.pk)
    if held.state not in {Job.State.FAILED, Job.State.CANCELLED}:
        raise ActionRefused(
            _("The job is {state}: only one that failed or was cancelled is tried again.").format(
                state=held.get_state_display()
            )
        )
    anew = queue.again(held)
    record(
        by=by,
        verb="job.asked_again",
        target=anew,
        workspace=held.workspace,
        facts={"after": held.pk},
    )
    return anew


@transaction.atomic
def fail(*, job: Job, words: str) -> None:
    """End a job that cannot succeed, and tell whoever asked for it; called by its worker."""
    queue.fail(job, words)
    _tell_failed(job, words, to=_asked_by(job))


@transaction.atomic
def die(*, job: Job, words: str) -> None:
    """End a job for a fault that is nobody's data: administrators are told as well."""
    queue.fail(job, words)
    _tell_failed(job, words, to=_asked_by(job) | _administrators(job))


@transaction.atomic
def try_later(*, job: Job, words: str) -> None:
    """Put a job back that may succeed another time; after the last attempt it has failed."""
    if queue.try_later(job, words).state == Job.State.FAILED:
        _tell_failed(job, words, to=_asked_by(job) | _administrators(job))


@transaction.atomic
def give_up() -> None:
    """End the jobs that killed every worker, and tell who asked and the administrators."""
    for job in queue.give_up():
        _tell_failed(job, job.error, to=_asked_by(job) | _administrators(job))


def _asked_by(job: Job) -> dict[int, User]:
    return {job.by.pk: job.by} if job.by is not None else {}


def _administrators(job: Job) -> dict[int, User]:
    able = people_with(Permission.ACCOUNT_EDIT, workspace=job.workspace)
    return {each.pk: each for each in able}


def _tell_failed(job: Job, words: str, *, to: Mapping[int, User]) -> None:
    record(by=None, verb="job.failed", target=job, workspace=job.workspace, note=words)
    text = format_lazy(gettext_lazy("A computation failed: {words}"), words=words)
    for key in sorted(to):
        notify(to=to[key], verb="job.failed", target=job, text=text, link=job.get_absolute_url())
