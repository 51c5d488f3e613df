"""The queue: claims, leases, retries, cancelling; each job counts once."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from polars.exceptions import PanicException

from everycount.errors import InputError, NotFound, Problem, Unavailable
from everycount_hub import jobs, queue
from everycount_hub.actions import jobs as actions
from everycount_hub.errors import ActionRefused
from everycount_hub.jobs import worker
from everycount_hub.models import AuditEvent, Job, Notification
from everycount_hub.queries.jobs import jobs_seen, may_manage, queue_state

State = Job.State
pytestmark = pytest.mark.django_db


def enqueue(key="a", **given) -> Job:
    return queue.enqueue(kind="trial", key=key, arguments={}, **given)


@pytest.fixture
def runs(monkeypatch):
    """Let jobs of the kind "trial" call a function that the test gives."""

    def use(function):
        monkeypatch.setitem(jobs.KINDS, "trial", "trial:run")
        monkeypatch.setattr(worker, "find", lambda _kind: function)

    return use


def run(name="w") -> bool:
    return worker.run_next(name, threading.Event())


def later(job, **by):
    """Let time pass for a job that runs: its lease is over."""
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


# ---------------------------------------------------------------- asking and taking


def test_enqueue_twice_is_one_job_until_it_has_ended():
    one = enqueue()
    assert enqueue() == one
    claimed = queue.claim(worker="w")
    assert enqueue() == one
    queue.finish(claimed, dict)
    assert enqueue() != one


def test_claim_takes_the_longest_waiting_that_is_due():
    now = timezone.now()
    later_one, first, future = (
        enqueue("b", run_at=now - timedelta(minutes=1)),
        enqueue("a", run_at=now - timedelta(minutes=2)),
        enqueue("c", run_at=now + timedelta(minutes=1)),
    )
    assert queue.claim(worker="w", now=now) == first
    assert queue.claim(worker="w", now=now) == later_one
    assert queue.claim(worker="w", now=now) is None
    Job.objects.filter(pk=future.pk).update(run_at=now)
    assert queue.claim(worker="w", now=now) == future


def test_claim_of_a_dead_workers_job_shuts_the_old_one_out():
    enqueue()
    old = queue.claim(worker="old")
    assert queue.claim(worker="new") is None
    later(old)
    new = queue.claim(worker="new")
    assert new == old
    assert new.attempts == 2
    ran = []
    for act in (
        lambda: queue.tell(old, 0.5, "half"),
        lambda: queue.renew(old),
        lambda: queue.finish(old, lambda: ran.append(1) or {}),
        lambda: queue.fail(old, "no"),
        lambda: queue.stop(old),
        lambda: queue.try_later(old, "no"),
        lambda: queue.give_back(old),
    ):
        with pytest.raises(queue.LeaseLost):
            act()
    assert not ran
    queue.finish(new, lambda: {"rows": 3})
    new.refresh_from_db()
    assert (new.state, new.result, new.progress) == (State.DONE, {"rows": 3}, 1.0)


def test_give_up_ends_a_job_that_kills_its_workers():
    job = enqueue()
    for _attempt in range(job.most_attempts):
        claimed = queue.claim(worker="w")
        assert claimed == job
        later(job)
    assert queue.claim(worker="w") is None
    assert queue.give_up() == [job]
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert job.error == "The worker stopped before it had finished, 30 times. Nothing was recorded."


def test_give_up_ends_a_dead_workers_job_that_was_to_be_cancelled():
    job = enqueue()
    queue.claim(worker="w")
    queue.cancel(job)
    later(job)
    assert queue.claim(worker="w") is None
    assert queue.give_up() == []
    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_tell_shows_progress_and_renews_the_lease():
    enqueue()
    job = queue.claim(worker="w")
    later(job)
    queue.tell(job, 1.7, "x" * 300)
    job.refresh_from_db()
    assert (job.progress, len(job.words)) == (1.0, 200)
    assert job.lease_until > timezone.now() + timedelta(seconds=50)


def test_finish_rolls_back_with_its_record():
    enqueue()
    job = queue.claim(worker="w")

    def record():
        enqueue("made by the record")
        raise ActionRefused("no")

    with pytest.raises(ActionRefused):
        queue.finish(job, record)
    assert list(Job.objects.values_list("state", flat=True)) == [State.RUNNING]


@pytest.mark.parametrize(
    ("field", "value"),
    [("progress", 1.5), ("lease_until", None), ("attempts", 31)],
)
def test_database_refuses_a_job_that_cannot_be(field, value):
    enqueue()
    job = queue.claim(worker="w")
    setattr(job, field, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        job.save()


# ---------------------------------------------------------------- the worker


def test_worker_runs_records_and_shows_the_result(runs):
    told = []

    def trial(say, *, x):
        say(0.5, "half way")
        told.append(Job.objects.get().words)
        return lambda: {"x": x}

    runs(trial)
    queue.enqueue(kind="trial", key="a", arguments={"x": 3})
    assert worker.work_once() == 1
    job = Job.objects.get()
    assert (job.state, job.result, told) == (State.DONE, {"x": 3}, ["half way"])
    assert job.worker
    assert job.finished_at >= job.started_at


@pytest.mark.parametrize(
    "error", [Unavailable("the disk is full"), ConnectionError("gone"), OperationalError("locked")]
)
def test_worker_tries_again_what_may_pass(runs, error, make_user):
    def trial(_say):
        raise error

    runs(trial)
    person = make_user()
    job = enqueue(by=person)
    waits = []
    for _attempt in range(queue.MOST_FAILURES):
        now = timezone.now()
        assert run()
        job.refresh_from_db()
        waits.append(round((job.run_at - now).total_seconds()))
        Job.objects.filter(pk=job.pk).update(run_at=now)
    assert waits[:-1] == [10, 20, 40, 80, 160, 320, 640, 1280, 2560]
    assert (job.state, job.error) == (State.FAILED, str(error))
    assert not run()
    note = Notification.objects.get(to=person)
    assert str(error) in note.text
    assert note.link == f"/jobs/{job.pk}/"
    assert AuditEvent.objects.filter(verb="job.failed", note=str(error)).count() == 1


def test_try_later_waits_an_hour_at_most(monkeypatch):
    enqueue()
    job = queue.claim(worker="w")
    Job.objects.update(failures=queue.MOST_FAILURES - 2)
    now = timezone.now()
    monkeypatch.setattr(queue, "BACK_OFF", timedelta(minutes=1))
    assert queue.try_later(job, "no", now=now).run_at == now + timedelta(hours=1)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (InputError("a.csv", [Problem("row 3", "x", "y")]), "row 3: found x, expected y"),
        (ActionRefused("it was withdrawn"), "it was withdrawn"),
        (ZeroDivisionError("secret"), "a fault of the program, not of the data.*ZeroDivisionError"),
        (PanicException("secret"), "a fault of the program, not of the data.*PanicException"),
        (GeneratorExit("secret"), "a fault of the program, not of the data.*GeneratorExit"),
    ],
)
def test_worker_fails_at_once_what_cannot_pass(runs, error, words):
    def trial(_say):
        raise error

    runs(trial)
    job = enqueue()
    assert run()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.FAILED, 1)
    import re

    assert re.search(words, job.error)
    assert "secret" not in job.error


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_worker_that_is_ended_leaves_its_job_to_another(runs, end):
    def trial(_say):
        raise end

    runs(trial)
    job = enqueue()
    with pytest.raises(end):
        run()
    job.refresh_from_db()
    assert job.state == State.RUNNING
    later(job)
    assert queue.claim(worker="v") == job


def test_worker_that_does_not_know_a_kind_fails_the_job():
    job = queue.enqueue(kind="unheard-of", key="a", arguments={})
    assert run()
    job.refresh_from_db()
    assert (job.state, "KeyError" in job.error) == (State.FAILED, True)


def test_every_kind_of_job_has_its_function():
    assert all(callable(jobs.find(kind)) for kind in jobs.KINDS)


def test_worker_ends_a_cancelled_job_at_its_next_sign_of_life(runs):
    def trial(say):
        queue.cancel(Job.objects.get())
        say(0.5, "going on")
        raise AssertionError

    runs(trial)
    job = enqueue()
    assert run()
    job.refresh_from_db()
    assert (job.state, job.lease_until) == (State.CANCELLED, None)


def test_worker_drops_what_another_has_taken(runs):
    recorded = []

    def trial(_say):
        later(Job.objects.get())
        queue.claim(worker="other")
        return lambda: recorded.append(1) or {}

    runs(trial)
    job = enqueue()
    assert run()
    job.refresh_from_db()
    assert (job.state, job.worker, recorded) == (State.RUNNING, "other", [])


def test_worker_that_is_stopped_gives_its_job_back(runs):
    stop = threading.Event()

    def trial(say):
        stop.set()
        say(0.1, "going on")

    runs(trial)
    job = enqueue()
    assert worker.run_next("w", stop)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.most_attempts) == (State.QUEUED, 1, 31)


@pytest.mark.django_db(transaction=True)
def test_worker_shows_signs_of_life_while_a_job_says_nothing(runs, monkeypatch):
    monkeypatch.setattr(queue, "LEASE", timedelta(seconds=0.6))
    seen = threading.Event()

    def trial(_say):
        first = Job.objects.get().lease_until
        for _wait in range(100):
            if Job.objects.get().lease_until > first:
                seen.set()
                break
            threading.Event().wait(0.05)
        return dict

    runs(trial)
    enqueue()
    assert run()
    assert seen.is_set()
    assert Job.objects.get().state == State.DONE


def test_sign_of_life_of_a_lost_or_unreachable_job_is_quiet(monkeypatch):
    enqueue()
    job = queue.claim(worker="w")
    queue.cancel(job)
    worker._renew(job)
    later(job)
    worker._renew(Job(pk=job.pk, attempts=7))

    def away(_job):
        raise OperationalError("away")

    monkeypatch.setattr(queue, "renew", away)
    worker._renew(job)


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
@pytest.mark.django_db(transaction=True)
def test_work_ends_where_the_program_does(monkeypatch, end):
    def ended():
        raise end

    monkeypatch.setattr(worker, "remove_unnamed", ended)
    with pytest.raises(end):
        worker.work(threading.Event(), pause=0.01)


@pytest.mark.parametrize(
    "error", [OperationalError("away"), LookupError("odd"), PanicException("odd")]
)
@pytest.mark.django_db(transaction=True)
def test_work_goes_on_whatever_happened(runs, monkeypatch, error):
    stop, calls = threading.Event(), []

    def trial(_say):
        stop.set()
        return dict

    def away_once():
        calls.append(1)
        if len(calls) == 1:
            raise error

    runs(trial)
    monkeypatch.setattr(worker, "remove_unnamed", away_once)
    enqueue()
    worker.work(stop, pause=0.01)
    assert len(calls) == 2
    assert Job.objects.get().state == State.DONE


@pytest.mark.django_db(transaction=True)
def test_claim_by_many_workers_gives_each_job_once(runs):
    ran, lock = [], threading.Lock()

    def trial(_say, *, number):
        with lock:
            ran.append(number)
        return lambda: {"number": number}

    runs(trial)
    for number in range(24):
        queue.enqueue(kind="trial", key=str(number), arguments={"number": number})

    def work(name):
        try:
            while run(name):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(f"w{each}",)) for each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ran) == list(range(24))
    assert set(Job.objects.values_list("state", "attempts")) == {(State.DONE, 1)}


@pytest.mark.django_db(transaction=True)
def test_enqueue_by_many_at_once_is_one_job():
    made, start = [], threading.Barrier(4)

    def ask():
        try:
            start.wait()
            made.append(enqueue().pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert set(made) == {Job.objects.get().pk}


# ---------------------------------------------------------------- what people do with jobs


def test_cancel_of_a_waiting_job_is_recorded(make_user):
    person, job = make_user(), enqueue()
    assert actions.cancel(job=job, by=person).state == State.CANCELLED
    assert AuditEvent.objects.get(verb="job.cancelled").by == person
    with pytest.raises(ActionRefused, match="The job is cancelled: there is nothing to cancel"):
        actions.cancel(job=job, by=person)


def test_again_only_after_an_end_without_success(make_user):
    person, job = make_user(), enqueue()
    with pytest.raises(ActionRefused, match="The job is waiting: only one that failed"):
        actions.again(job=job, by=person)
    queue.cancel(job)
    anew = actions.again(job=job, by=person)
    assert (anew.kind, anew.key, anew.state) == (job.kind, job.key, State.QUEUED)
    assert anew.pk != job.pk


def test_jobs_seen_and_managed(workspace, make_member, make_user):
    reader = make_member(workspace, "reader")
    producer, administrator = (
        make_member(workspace, "producer"),
        make_member(workspace, "administrator"),
    )
    mine = enqueue("mine", by=reader, workspace=workspace)
    other = enqueue("other", by=producer, workspace=workspace)
    hub = enqueue("hub")
    assert list(jobs_seen(reader, workspace=workspace)) == [mine]
    assert set(jobs_seen(administrator, workspace=workspace)) == {mine, other}
    assert set(jobs_seen(producer, workspace=workspace)) == {mine, other}
    assert may_manage(mine, reader)
    assert not may_manage(other, reader)
    assert may_manage(mine, producer)
    assert not may_manage(hub, producer)


def test_queue_state_notices_that_nobody_works():
    assert queue_state().is_late is False
    enqueue("future", run_at=timezone.now() + timedelta(days=1))
    enqueue("late", run_at=timezone.now() - timedelta(minutes=11))
    state = queue_state()
    assert (state.waiting, state.running, state.is_late) == (1, 0, True)


# ---------------------------------------------------------------- who is told


@pytest.fixture
def told(workspace, make_member):
    """A job somebody asked for, in a place with an administrator."""
    asker = make_member(workspace, "producer")
    place, hub = make_member(workspace, "administrator"), make_member(None, "administrator")
    make_member(workspace, "secretariat")
    job = queue.enqueue(kind="trial", key="a", arguments={}, by=asker, workspace=workspace)

    def told():
        return set(Notification.objects.filter(verb="job.failed").values_list("to", flat=True))

    return job, told, asker, {asker.pk, place.pk, hub.pk}


def test_job_that_killed_every_worker_is_told_to_asker_and_administrators(told):
    job, people, _asker, everybody = told
    Job.objects.update(most_attempts=1)
    queue.claim(worker="w")
    later(job)
    assert not worker.run_next("w", threading.Event())
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert people() == everybody


def test_job_with_an_unforeseen_error_is_told_to_administrators_too(told, monkeypatch):
    def run(_say):
        raise ZeroDivisionError

    monkeypatch.setattr(worker, "find", lambda _kind: run)
    _job, people, _asker, everybody = told
    worker.work_once()
    assert people() == everybody


def test_job_with_faulty_input_is_told_to_the_asker_alone(told, monkeypatch):
    def run(_say):
        raise NotFound("there is no series")

    monkeypatch.setattr(worker, "find", lambda _kind: run)
    _job, people, asker, _everybody = told
    worker.work_once()
    assert people() == {asker.pk}


def test_job_of_the_hub_that_died_is_told_to_its_administrators(make_member, workspace):
    hub = make_member(None, "administrator")
    make_member(workspace, "administrator")
    job = enqueue()
    Job.objects.update(most_attempts=1)
    queue.claim(worker="w")
    later(job)
    actions.give_up()
    failed = Notification.objects.filter(verb="job.failed", target=f"job:{job.pk}")
    assert list(failed.values_list("to", flat=True)) == [hub.pk]


def test_every_kind_of_job_has_a_title_for_people():
    assert {Job(kind=kind, key="x").title for kind in jobs.KINDS}.isdisjoint(
        {str(Job(kind=kind, key="x")) for kind in jobs.KINDS}
    )
    assert Job(kind="trial", key="x").title == "trial x"
