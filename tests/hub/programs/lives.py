"""A hub whose worker and server may be killed at any moment. Driven by test_kill.py.

Commands come on standard input: "prepare", "worker", "server", "check". Each forks a process that
does it; worker and server answer with their number and go on until they are killed.
"""

import itertools
import json
import os
import signal
import sys
import threading
import time
import traceback
from datetime import timedelta
from pathlib import Path

import django

JOURNAL = Path(os.environ["EVERYCOUNT_HOME"]) / "journal"
"""What the server was told had been done, line by line: none of it may ever be lost."""
FIGURES = "INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE,UNIT_MEASURE\n"
PEOPLE = {
    "producer": ["producer"],
    "reviewer": ["methodologist"],
    "approver": ["approver"],
}


def set_up():
    os.environ["DJANGO_SETTINGS_MODULE"] = "everycount_hub.settings"
    from everycount_hub import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if not list((Path(settings.__file__).parent / "migrations").glob("0*.py")):
        settings.MIGRATION_MODULES = {"everycount_hub": None}
    django.setup()
    # Loaded once, so that killed processes come back at once. No thread starts before a fork.
    from importlib import import_module

    from django.conf import settings as configured
    from django.urls import get_resolver
    from django.utils.module_loading import import_string

    from everycount.io.importers.formats import formats
    from everycount_hub import queue

    list(formats())
    for name in ("django.test", "_duckdb", "_polars_runtime_32._polars_runtime"):
        import_module(name)
    for name in (
        "everycount.io.code_lists",
        "everycount.repository.check",
        "everycount_hub.jobs.datasets",
        "everycount_hub.jobs.releases",
    ):
        import_module(name)
    for each in get_resolver().url_patterns:
        getattr(each, "url_patterns", None)
    for name in configured.MIDDLEWARE:
        import_string(name)
    queue.LEASE = timedelta(seconds=0.6)
    queue.BACK_OFF = timedelta(seconds=0.1)


def prepare():
    from allauth.mfa.totp.internal.auth import TOTP
    from django.core.management import call_command

    from everycount_hub.actions import accounts, datasets, memberships, workspaces
    from everycount_hub.models import Dataset, Workspace

    call_command("migrate", run_syncdb=True, verbosity=0)
    place = workspaces.create(
        slug="place", kind=Workspace.Kind.COUNTRY, names={"en": "Place"}, area="VNM", by=None
    )
    for name, roles in PEOPLE.items():
        person = accounts.open_account(
            email=f"{name}@example.org", by=None, name=name, password="unlocked-by-a-sentence"
        )
        for role in roles:
            memberships.grant(user=person, workspace=place, role=role, by=None)
        TOTP.activate(person, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
        if name == "producer":
            for slug in ("one", "two"):
                about = datasets.Description(slug=slug, titles={"en": slug}, kind=Dataset.Kind.OWN)
                datasets.create(workspace=place, description=about, by=person)


def worker():
    from everycount_hub.jobs.worker import work

    work(threading.Event(), pause=0.02)


def server():
    """Answer requests for pages as the web server does, for people who never tire."""
    clients = {name: client(name) for name in PEOPLE}
    for number in itertools.count():
        turn(clients, number)
        time.sleep(0.02)


def client(name):
    from django.test import Client

    from everycount_hub.models import User

    made = Client(SERVER_NAME="localhost")
    made.force_login(
        User.objects.get(email=f"{name}@example.org"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return made


def turn(clients, number):
    """Take every version one step on; send new figures where nothing else is to do."""
    from everycount_hub.models import DatasetVersion

    going = DatasetVersion.objects.select_related("dataset__workspace").exclude(
        state__in=["released", "embargoed"]
    )
    found = list(going.order_by("pk"))
    for version in found:
        if version.state == "checked":
            post(clients["reviewer"], version, "review", {"outcome": "fit"})
        elif version.state == "reviewed":
            post(clients["approver"], version, "approve", {"note": ""})
        elif version.state == "approved":
            release(clients["approver"], version, embargoed=version.pk % 2 == 0)
        elif version.state == "faulty":
            raise AssertionError(version.findings)
    if not found:
        send(clients["producer"], ("one", "two")[number % 2])


def send(person, slug):
    from io import BytesIO

    from everycount_hub.models import DatasetVersion

    stamp = time.time_ns()
    rows = (
        f"5a,A{stamp % 1000:03d},{1900 + i % 120},_T,{stamp // 1000 % 100}.{stamp % 1000},PT"
        for i in range(100)
    )
    upload = BytesIO((FIGURES + "\n".join(rows) + "\n").encode())
    upload.name = f"figures-{stamp}.csv"
    answer = person.post(
        f"/workspaces/place/datasets/{slug}/submit/", {"file": upload, "reason": "more"}
    )
    assert answer.status_code == 302, answer.content.decode()
    note(f"submitted {DatasetVersion.objects.get(source_name=upload.name).pk}")


def post(person, version, step, given):
    answer = person.post(f"{version.get_absolute_url()}{step}/", given)
    assert answer.status_code == 302, answer.content.decode()
    note(f"{step} {version.pk}")


def release(person, version, *, embargoed):
    from django.utils import timezone

    until = (timezone.now() + timedelta(seconds=0.6)).isoformat() if embargoed else ""
    given = {"title": "More", "note": "", "versions": [version.pk], "embargoed_until": until}
    answer = person.post("/workspaces/place/releases/new/", given)
    if answer.status_code == 422 and "is in the past" in answer.content.decode():
        return  # A slow computer: the time had come before the page was answered.
    assert answer.status_code == 302, answer.content.decode()
    note(f"release {version.pk}")


def note(line):
    descriptor = os.open(JOURNAL, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{line}\n".encode())
    os.close(descriptor)


# ---------------------------------------------------------------- what must always hold


def check():
    """Say what is half-visible or lost; an empty list is as it should be."""
    from django.db import connection, transaction

    # Read before the rows: what was acknowledged by now must be in them.
    journal = JOURNAL.read_text().splitlines() if JOURNAL.exists() else []
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        faults = [*in_store(), *in_versions(), *in_releases(), *in_log(), *in_journal(journal)]
        return {"faults": faults, "counts": counts()}


def counts():
    from django.db.models import Count

    from everycount_hub.models import DatasetVersion, Job

    by_state = DatasetVersion.objects.values_list("state").annotate(Count("pk")).order_by()
    return {
        "versions": dict(by_state),
        "jobs": dict(Job.objects.values_list("state").annotate(Count("pk")).order_by()),
        "errors": sorted(set(Job.objects.exclude(error="").values_list("error", flat=True))),
    }


def in_store():
    from everycount_hub.queries.datasets import named_files
    from everycount_hub.store_check import verify_store

    yield from (f"store: {each}" for each in verify_store(named_files()))


def in_versions():
    from everycount_hub import store
    from everycount_hub.models import DatasetVersion, Job

    for version in DatasetVersion.objects.all():
        waiting = version.state == "submitted"
        if waiting != (version.digest == ""):
            yield f"version {version.pk} is {version.state} with the digest {version.digest!r}"
        if version.digest and store.scan(version.digest).collect().height != version.row_count:
            yield f"version {version.pk} has another number of rows than its file"
        jobs = Job.objects.filter(kind="check_version", key=f"version {version.pk}")
        if [each.state in {"queued", "running"} for each in jobs] != [waiting]:
            yield f"version {version.pk} is {version.state} with the jobs {jobs}"


def in_releases():
    from everycount_hub.actions.releases import digest_of
    from everycount_hub.models import DatasetVersion, Job, Release
    from everycount_hub.queries.releases import versions_of

    for each in Release.objects.select_related("workspace"):
        versions = versions_of(each)
        if each.digest != digest_of(each, versions) or not versions:
            yield f"release {each.pk} has another list than its digest says"
        expected = "released" if each.state == "published" else "embargoed"
        if {version.state for version in versions} != {expected}:
            yield f"release {each.pk} is {each.state} with {[v.state for v in versions]}"
        job = Job.objects.filter(key=f"release {each.pk}").first()
        if (each.state == "embargoed") != (job is not None and job.state in {"queued", "running"}):
            yield f"release {each.pk} is {each.state} with the job {job and job.state}"
    for version in DatasetVersion.objects.filter(state__in=["released", "embargoed"]):
        if version.lines.count() != 1:
            yield f"version {version.pk} is {version.state} in {version.lines.count()} releases"


def in_log():
    from everycount_hub.models import AuditEvent, DatasetVersion, Release
    from everycount_hub.queries.audit import verify

    problem = verify().problem
    if problem is not None:
        yield f"the audit log: {problem}"
    events = AuditEvent.objects
    for verb, rows in (
        ("dataset_version.submitted", DatasetVersion.objects.all()),
        ("dataset_version.checked", DatasetVersion.objects.exclude(digest="")),
        ("dataset_version.approved", DatasetVersion.objects.exclude(approved_by=None)),
        ("release.published", Release.objects.filter(state="published")),
    ):
        if events.filter(verb=verb).count() != rows.count():
            yield f"{verb}: {events.filter(verb=verb).count()} events, {rows.count()} rows"


def in_journal(journal):
    from everycount_hub.models import DatasetVersion

    reached = {"submitted": 0, "review": 2, "approve": 3, "release": 4}
    order = ["submitted", "checked", "reviewed", "approved", "embargoed", "released"]
    states = dict(DatasetVersion.objects.values_list("pk", "state"))
    for line in journal:
        step, key = line.split()
        state = states.get(int(key))
        if state is None or order.index(state) < reached[step]:
            yield f"acknowledged and lost: {line}, which is {state}"


def main():
    set_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if child:
            if line.strip() in {"worker", "server"}:
                print(child, flush=True)
            continue
        os.close(0)
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            answer = {"prepare": prepare, "worker": worker, "server": server, "check": check}[
                line.strip()
            ]()
            print(json.dumps(answer), flush=True)
        except Exception:  # noqa: BLE001 - said on standard error, and to whoever asked
            traceback.print_exc()
            if line.strip() in {"prepare", "check"}:
                print(json.dumps({"faults": [traceback.format_exc()]}), flush=True)
        finally:
            os._exit(0)


if __name__ == "__main__":
    main()
