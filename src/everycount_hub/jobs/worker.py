"""A worker: takes jobs one after another, holds them while it lives, and does what is due."""

import logging
import os
import platform
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, close_old_connections, connection

from everycount.errors import EverycountError, Unavailable
from everycount_hub import queue
from everycount_hub.actions import jobs
from everycount_hub.actions.expiry import tell_expiring
from everycount_hub.actions.files import remove_unnamed
from everycount_hub.actions.notifications import mail_waiting
from everycount_hub.errors import ActionRefused
from everycount_hub.jobs import find
from everycount_hub.jobs.fetching import remove_old_answers
from everycount_hub.models import Job

PAUSE = 1.0
"""Seconds between two looks into an empty queue."""
SWEEP_EVERY = 3600.0
"""Seconds between two searches for orphans of the store, and for appraisals that expire."""
BROKEN = "This is a fault of the program, not of the data. The log of the worker has: {kind}."
"""What a job says that ended with an error nobody foresaw; the log has the rest."""
ENDS = (KeyboardInterrupt, SystemExit)
"""What ends a program. Anything else that is raised a worker survives: a panic of Polars is no
`Exception`, and a worker that a file can end would leave all other jobs undone."""
TRY_LATER = (Unavailable, OSError, OperationalError)
"""Errors that may be gone another time."""

log = logging.getLogger(__name__)


class Stopping(Exception):
    """The worker was asked to end: the job goes back to the queue."""


def work(stop: threading.Event, *, pause: float = PAUSE) -> None:
    """Run jobs until `stop` is set; every fault, of the database or a job, is survived.

    Parameters
    ----------
    stop : Event
        Set it to end the worker. A job that runs goes back to the queue at its next sign of life.
    pause : float
        Seconds between two looks into an empty queue.
    """
    name = worker_name()
    waited = SWEEP_EVERY
    while not stop.is_set():
        try:
            close_old_connections()
            if waited >= SWEEP_EVERY:
                remove_unnamed()
                remove_old_answers()
                tell_expiring()
                waited = 0.0
            if run_next(name, stop):
                continue
            mail_waiting()
        except ENDS:
            raise
        except BaseException:
            log.exception("The worker could not go on and will try again.")
        stop.wait(pause)
        waited += pause
    connection.close()


def work_once() -> int:
    """Run the jobs that are due, and end; return how many there were."""
    name = worker_name()
    count = 0
    while run_next(name, threading.Event()):
        count += 1
    mail_waiting()
    return count


def run_next(name: str, stop: threading.Event) -> bool:
    """Run the next job, if there is one; tell whether there was."""
    jobs.give_up()
    job = queue.claim(worker=name)
    if job is None:
        return False
    try:
        _run(job, stop)
    except queue.LeaseLost:
        log.warning("Job %s (%s) is held by another worker by now.", job.pk, job)
    return True


def worker_name() -> str:
    """Return a name no other worker has: computer, process, and a few random letters."""
    return f"{platform.node()[:60]}-{os.getpid()}-{secrets.token_hex(3)}"


def _run(job: Job, stop: threading.Event) -> None:
    def say(progress: float, words: str) -> None:
        if stop.is_set():
            raise Stopping
        queue.tell(job, progress, words)

    try:
        with _alive(job):
            record = find(job.kind)(say, **job.arguments)
        queue.finish(job, record)
    except queue.Cancelled:
        queue.stop(job)
    except Stopping:
        queue.give_back(job)
    except TRY_LATER as error:
        log.warning("Job %s (%s) will be tried again: %s", job.pk, job, error)
        jobs.try_later(job=job, words=str(error))
    except (EverycountError, ActionRefused) as error:
        jobs.fail(job=job, words=str(error))
    except (queue.LeaseLost, *ENDS):
        raise
    except BaseException as error:
        log.exception("Job %s (%s) ended with an error nobody foresaw.", job.pk, job)
        jobs.die(job=job, words=BROKEN.format(kind=type(error).__name__))


@contextmanager
def _alive(job: Job) -> Iterator[None]:
    """Show signs of life while a job computes, from a thread with a connection of its own."""
    done = threading.Event()

    def beat() -> None:
        try:
            while not done.wait(queue.LEASE.total_seconds() / 3):
                _renew(job)
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"job {job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _renew(job: Job) -> None:
    try:
        queue.renew(job)
    except (queue.LeaseLost, queue.Cancelled):
        pass  # The job learns of it when it next says how far it is, or when it ends.
    except OperationalError:
        log.warning("Job %s (%s) could not show a sign of life.", job.pk, job)
