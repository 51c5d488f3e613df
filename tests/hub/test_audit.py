"""The audit log: one chain, whoever writes at once, and every change to it found."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, connections, transaction

from everycount_hub import audit_guard
from everycount_hub.actions.audit import record
from everycount_hub.audit_chain import Head, canonical
from everycount_hub.models import AuditEvent, AuditHead
from everycount_hub.queries.audit import events_of, head_of, verify

AT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


@transaction.atomic
def write(count: int, **given) -> list[AuditEvent]:
    return [
        record(by=None, verb="test.done", target=f"thing:{number}", **given)
        for number in range(count)
    ]


def change(statement: str, *values) -> None:
    """Write to the table as somebody would who has the password of the database."""
    with connection.cursor() as cursor:
        cursor.execute(statement.format(table=audit_guard.TABLE), values)


@pytest.mark.django_db
def test_events_form_a_chain_from_one(make_user, workspace):
    user = make_user()
    start = head_of()
    with transaction.atomic():
        event = record(
            by=user,
            verb="test.done",
            target=workspace,
            workspace=workspace,
            note="Vì sao? “لماذا”",
            facts={"b": [1, True, None], "a": {"nested": "é"}},
            at=AT,
        )
    event.refresh_from_db()
    assert event.position == start.position + 1
    assert event.previous == start.digest
    assert event.target == f"workspace:{workspace.pk}"
    assert canonical(event).decode() == (
        f'{{"at":"2026-01-02T03:04:05.678901Z","by":{user.pk},'
        '"facts":{"a":{"nested":"é"},"b":[1,true,null]},"note":"Vì sao? “لماذا”",'
        f'"position":{event.position},"previous":"{start.digest}",'
        f'"seal":"everycount audit event 1","target":"workspace:{workspace.pk}",'
        f'"verb":"test.done","workspace":{workspace.pk}}}'
    )
    assert verify().problem is None
    assert verify().head == head_of() == Head(position=event.position, digest=event.digest)


@pytest.mark.django_db
def test_an_empty_log_is_whole():
    assert verify().head == head_of() == Head()
    assert verify(expected=Head()).problem is None


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded():
    with pytest.raises(RuntimeError, match="inside the transaction"):
        record(by=None, verb="test.done", target="thing:1")
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("fact", [1.5, AT, {1: "one"}, b"bytes"])
def test_facts_that_a_database_would_change_are_refused(fact):
    with pytest.raises(TypeError, match="expected text, whole numbers"):
        write(1, facts={"fact": fact})


@pytest.mark.django_db(transaction=True)
def test_an_action_that_fails_leaves_no_event():
    def fail():
        with transaction.atomic():
            record(by=None, verb="test.done", target="thing:1")
            raise KeyError

    write(2)
    with pytest.raises(KeyError):
        fail()
    write(1)
    assert [event.position for event in AuditEvent.objects.all()] == [1, 2, 3]
    assert verify().problem is None


@pytest.mark.django_db
def test_the_model_refuses_changes():
    (event,) = write(1)
    for attempt in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(note="other"),
    ):
        with pytest.raises(TypeError, match=r"never (changed|deleted)"):
            attempt()


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_changes_too(settings):
    write(2)
    audit_guard.install()
    settings.AUDIT_GUARD = True
    try:
        for statement in ("UPDATE {table} SET note = 'other'", "DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="never changed or deleted"):
                change(statement)
        write(1)
        with transaction.atomic(), audit_guard.lifted():
            change("DELETE FROM {table} WHERE position = 3")
        with pytest.raises(DatabaseError, match="never changed or deleted"):
            change("DELETE FROM {table}")
    finally:
        settings.AUDIT_GUARD = False
        audit_guard.remove()
    assert AuditEvent.objects.count() == 2


def test_the_guard_is_set_after_migrating(settings, transactional_db):
    write(1)
    audit_guard.after_migrate(using="default")
    change("UPDATE {table} SET note = 'the settings leave the guard off'")
    settings.AUDIT_GUARD = True
    audit_guard.after_migrate(using="default")
    try:
        with pytest.raises(DatabaseError, match="never changed or deleted"):
            change("UPDATE {table} SET note = 'other'")
    finally:
        settings.AUDIT_GUARD = False
        audit_guard.remove()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE {table} SET note = 'another reason' WHERE position = 4", "event 4: found content"),
        (
            "UPDATE {table} SET at = '2020-01-01 00:00:00+00:00' WHERE position = 2",
            "event 2: found",
        ),
        ("UPDATE {table} SET facts = '{{\"a\": 1.5}}' WHERE position = 3", "event 3: found facts"),
        (
            "DELETE FROM {table} WHERE position = 5",
            "event 5: found event 6 in its place, expected event 5",
        ),
        ("DELETE FROM {table} WHERE position = 1", "event 1: found event 2 in its place"),
        (
            "UPDATE {table} SET position = position - 1 WHERE position > 5",
            "event 5: found it follows",
        ),
        ("DELETE FROM {table} WHERE position > 6", "the end of the log: found event 6, expected"),
        ("DELETE FROM {table}", "the end of the log: found event 0, expected event 8"),
    ],
)
def test_what_was_done_to_the_log_is_found(statement, problem):
    write(8, note="a reason")
    if "position - 1" in statement:
        change("DELETE FROM {table} WHERE position = 5")
    change(statement)
    found = verify().problem
    assert found is not None
    assert str(found).startswith(problem)


@pytest.mark.django_db(transaction=True)
def test_two_events_that_changed_places_are_found():
    write(4)
    for old, new in ((2, 99), (3, 2), (99, 3)):
        change(f"UPDATE {{table}} SET position = {new} WHERE position = {old}")
    assert str(verify().problem).startswith("event 2: found it follows")


@pytest.mark.django_db(transaction=True)
def test_an_edited_event_with_a_new_digest_breaks_at_the_next():
    from everycount_hub.audit_chain import digest_of

    events = write(4)
    events[1].note = "forged"
    change(
        "UPDATE {table} SET note = %s, digest = %s WHERE position = 2",
        "forged",
        digest_of(events[1]),
    )
    assert str(verify().problem).startswith("event 3: found it follows")


@pytest.mark.django_db(transaction=True)
def test_a_cut_tail_with_the_head_put_back_needs_a_head_noted_elsewhere():
    write(3)
    noted_early = head_of()
    write(3)
    noted = head_of()
    change("DELETE FROM {table} WHERE position > 4")
    last = AuditEvent.objects.get(position=4)
    AuditHead.objects.update(position=4, digest=last.digest)
    assert verify().problem is None, "a chain alone cannot show this, and we say so"
    assert verify(expected=noted_early).problem is None
    assert str(verify(expected=noted).problem) == (
        f"event 6: found a log that ends with event 4, expected the digest {noted.digest}"
    )


@pytest.mark.django_db(transaction=True)
def test_a_log_written_anew_needs_a_head_noted_elsewhere():
    write(3, note="what happened")
    noted = head_of()
    change("DELETE FROM {table}")
    AuditHead.objects.update(position=0, digest="")
    write(5, note="what somebody wished had happened")
    assert verify().problem is None
    assert str(verify(expected=noted).problem).startswith("event 3: found the digest")


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_stay_in_one_chain():
    errors = []

    def work(number: int) -> None:
        try:
            for _ in range(10):
                write(1, facts={"writer": number})
        except Exception as error:  # noqa: BLE001 - shown by the main thread
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert AuditEvent.objects.count() == 80
    assert verify().problem is None
    writers = [event.facts["writer"] for event in AuditEvent.objects.all()]
    assert {writers.count(number) for number in range(8)} == {10}


@pytest.mark.django_db
def test_events_of_a_workspace_come_newest_first(make_workspace):
    here, there = make_workspace("here"), make_workspace("there")
    write(3, workspace=here)
    write(2, workspace=there)
    newest = events_of(here, limit=2)
    assert [event.target for event in newest] == ["thing:2", "thing:1"]
    older = events_of(here, before=newest[-1].position)
    assert [event.verb for event in older] == ["test.done", "workspace.created"]
    assert len(events_of(None)) == 7
