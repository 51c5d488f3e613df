"""Backup and restore: one moment while others write, nothing replaced before all is verified."""

import hashlib
import json
import shutil
import threading
import zipfile
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils.connection import ConnectionDoesNotExist

from everycount.errors import InputError, NotFound
from everycount_hub import audit_guard, store
from everycount_hub.actions import accounts
from everycount_hub.actions.audit import record
from everycount_hub.audit_chain import digest_of
from everycount_hub.backup import make as making
from everycount_hub.backup.make import make_backup
from everycount_hub.backup.restore import restore_backup
from everycount_hub.backup.rows import LEFT_OUT, lines_of, tables
from everycount_hub.models import AuditEvent, AuditHead, User
from everycount_hub.permissions import Role
from everycount_hub.queries.audit import head_of, verify
from everycount_hub.snapshot import snapshot

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.STORE_FOLDER = tmp_path / "store"
    settings.STORE_FOLDER.mkdir()
    return settings.STORE_FOLDER


def keep(content: bytes) -> str:
    """Put a file into the store."""
    return store.put_source([content], name="figures.csv").digest


def everything() -> dict[str, list[bytes]]:
    """Return all rows of all tables."""
    return {model._meta.label_lower: list(lines_of(model, using="default")) for model in tables()}


def wipe() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for model in tables():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


@pytest.fixture
def filled(workspace, make_member):
    """A hub with people, roles, second factors, events and a file."""
    for number, role in enumerate(Role):
        make_member(workspace, role, name=f"Nguyễn “{number}” محمد")
    return keep(b"a,b\n1,2\n")


def test_a_restored_hub_is_the_hub_that_was_backed_up(filled, tmp_path, own_store):
    before = everything()
    made = make_backup(tmp_path / "hub.zip", at=AT)
    assert (made.problem, made.damaged, made.store_files) == (None, (), 1)
    assert made.head == head_of()
    wipe()
    shutil.rmtree(own_store)
    head = restore_backup(tmp_path / "hub.zip", replace=False)
    assert head == made.head
    after = everything()
    events = f"{AuditEvent._meta.label_lower}"
    restored = json.loads(after[events].pop())
    assert "hub.restored" in restored
    heads = AuditHead._meta.label_lower
    assert {**after, heads: None} == {**before, heads: None}
    assert store.digest_of(next(store.files())) == filled
    assert verify().problem is None


def test_the_next_row_gets_a_number_of_its_own(filled, tmp_path, make_user):
    newest = max(User.objects.values_list("pk", flat=True))
    make_backup(tmp_path / "hub.zip", at=AT)
    restore_backup(tmp_path / "hub.zip", replace=True)
    assert make_user().pk > newest


def test_the_same_hub_gives_the_same_bytes(filled, tmp_path):
    for name in ("one.zip", "two.zip"):
        make_backup(tmp_path / name, at=AT)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_an_archive_is_whole_or_not_there(filled, tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("the server went away")

    make_backup(tmp_path / "hub.zip", at=AT)
    before = (tmp_path / "hub.zip").read_bytes()
    monkeypatch.setattr(making, "lines_of", fail)
    with pytest.raises(DatabaseError):
        make_backup(tmp_path / "hub.zip", at=AT)
    assert (tmp_path / "hub.zip").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hub.zip", "store"]


def test_a_backup_while_others_write_is_one_moment(filled, tmp_path, own_store):
    stop, errors, written = threading.Event(), [], []

    def write() -> None:
        number = 0
        try:
            while not stop.is_set():
                with transaction.atomic():
                    digest = keep(f"row {threading.get_ident()} {number}".encode())
                    record(by=None, verb="test.kept", target="x", facts={"digest": digest})
                written.append(number)
                number += 1
        except Exception as error:  # noqa: BLE001 - shown by the main thread
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    made, counts = [], []
    for number in range(5):
        counts.append(len(written))
        made.append(make_backup(tmp_path / f"{number}.zip", at=AT))
    counts.append(len(written))
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert counts[-1] > counts[0], "writers went on while backups were made"
    assert made[-1].head.position > made[0].head.position
    for number, each in enumerate(made):
        assert each.problem is None
        shutil.rmtree(own_store)
        head = restore_backup(tmp_path / f"{number}.zip", replace=True)
        assert head == each.head
        assert AuditEvent.objects.count() == head.position + 1  # and that it was restored
        present = {path.stem for path in store.files()}
        named = {event.facts["digest"] for event in AuditEvent.objects.filter(verb="test.kept")}
        assert named <= present, "every file that a row names is in the archive"


def test_a_snapshot_does_not_see_what_comes_later(make_user):
    make_user()
    with snapshot() as alias:
        before = User.objects.using(alias).count()
        make_user()
        assert User.objects.using(alias).count() == before
        assert User.objects.count() == before + 1
    with pytest.raises(ConnectionDoesNotExist):
        User.objects.using("snapshot").count()


def test_a_hub_in_use_is_not_replaced_unasked(filled, tmp_path, make_user):
    make_backup(tmp_path / "hub.zip", at=AT)
    make_user()
    before = everything()
    with pytest.raises(InputError, match=r"found accounts and data, expected an empty hub"):
        restore_backup(tmp_path / "hub.zip", replace=False)
    assert everything() == before


def test_sessions_end_with_a_restore(filled, tmp_path, client):
    from django.contrib.sessions.models import Session

    client.force_login(User.objects.first())
    make_backup(tmp_path / "hub.zip", at=AT)
    restore_backup(tmp_path / "hub.zip", replace=True)
    assert not Session.objects.exists()


def rewrite(path, change) -> None:
    """Write an archive again, with members changed."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as new:
        for name, content in members.items():
            new.writestr(name, content)


def resign(members) -> None:
    """Let the manifest say what the members are: a forger can do that."""
    manifest = json.loads(members["manifest.json"])
    manifest["files"] = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for name, content in members.items()
        if name != "manifest.json"
    }
    members["manifest.json"] = json.dumps(manifest).encode()


USERS = f"database/{User._meta.label_lower}.jsonl"
EVENTS = f"database/{AuditEvent._meta.label_lower}.jsonl"


def edit_member(members):
    members[USERS] = members[USERS].replace(b"person", b"p3rson")


def drop_member(members):
    del members[USERS]


def add_member(members):
    members["database/everycount_hub.other.jsonl"] = b"[]\n"


def climb_out(members):
    members["store/../../outside"] = b"x"
    resign(members)


def break_manifest(members):
    members["manifest.json"] = b"{"


def other_form(members):
    manifest = json.loads(members["manifest.json"])
    members["manifest.json"] = json.dumps({**manifest, "format": "other"}).encode()


def other_tables(members):
    manifest = json.loads(members["manifest.json"])
    manifest["migrations"].append(["everycount_hub", "9999_future"])
    members["manifest.json"] = json.dumps(manifest).encode()


def edit_event(members):
    members[EVENTS] = members[EVENTS].replace(b"membership.granted", b"membership.grAnted", 1)
    resign(members)


def cut_tail(members):
    lines = members[EVENTS].splitlines(keepends=True)
    members[EVENTS] = b"".join(lines[:-2])
    resign(members)


def other_columns(members):
    members[USERS] = members[USERS].replace(b'"email"', b'"mail"', 1)
    resign(members)


def broken_row(members):
    members[USERS] += b"[1,2\n"
    resign(members)


def impossible_value(members):
    header, row, *rest = members[USERS].splitlines(keepends=True)
    row = row.replace(b"+00:00", b"+ab:cd")
    members[USERS] = b"".join([header, row, *rest])
    resign(members)


def same_row_twice(members):
    members[USERS] += members[USERS].splitlines(keepends=True)[1]
    resign(members)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (edit_member, r"user\.jsonl: found the digest"),
        (drop_member, r"user\.jsonl: found 0 of it"),
        (add_member, r"other\.jsonl: found 1 of it in the archive, expected none in the manifest"),
        (climb_out, r"outside: found this name"),
        (break_manifest, r"manifest\.json: found a fault"),
        (other_form, r"manifest\.json: found 'other'"),
        (other_tables, r"restore with that version, then upgrade"),
        (edit_event, r"found content with the digest"),
        (cut_tail, r"the end of the log: found event"),
        (other_columns, r"line 1: found the columns"),
        (broken_row, r"a row of this table"),
        (impossible_value, r"a row of this table"),
        (same_row_twice, r"expected rows that fit together"),
    ],
)
def test_a_backup_that_is_not_as_it_was_made_replaces_nothing(change, words, filled, tmp_path):
    make_backup(tmp_path / "hub.zip", at=AT)
    rewrite(tmp_path / "hub.zip", change)
    before = everything()
    with pytest.raises(InputError, match=words):
        restore_backup(tmp_path / "hub.zip", replace=True)
    assert everything() == before
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("keep_bytes", [0, 10, 1000, -30])
def test_a_torn_archive_is_refused(keep_bytes, filled, tmp_path):
    made = tmp_path / "hub.zip"
    make_backup(made, at=AT)
    made.write_bytes(made.read_bytes()[:keep_bytes])
    with pytest.raises(InputError, match=r"expected (a whole archive|a manifest)"):
        restore_backup(made, replace=True)


def test_a_flipped_bit_is_found_wherever_it_is(filled, tmp_path):
    made = tmp_path / "hub.zip"
    make_backup(made, at=AT)
    whole = made.read_bytes()
    before = everything()
    for place in range(0, len(whole), max(1, len(whole) // 40)):
        torn = bytearray(whole)
        torn[place] ^= 0x10
        made.write_bytes(torn)
        try:
            restore_backup(made, replace=True)
        except InputError:
            assert everything() == before
        else:  # a bit that no reader looks at, such as a time in the directory of the archive
            assert head_of().position > 1
            before = everything()


def test_an_archive_that_is_not_there_is_not_found(tmp_path):
    with pytest.raises(NotFound, match=r"there is no file .*nothing\.zip"):
        restore_backup(tmp_path / "nothing.zip", replace=True)


def test_a_log_that_was_broken_before_is_told_and_taken_if_asked(filled, tmp_path):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {audit_guard.TABLE} SET note = 'forged' WHERE position = 2")
    made = make_backup(tmp_path / "hub.zip", at=AT)
    assert str(made.problem).startswith("event 2: found content")
    with pytest.raises(InputError, match="event 2: found content"):
        restore_backup(tmp_path / "hub.zip", replace=True)
    restore_backup(tmp_path / "hub.zip", replace=True, accept_broken_log=True)
    assert str(verify().problem).startswith("event 2")
    assert AuditEvent.objects.latest("position").verb == "hub.restored"


def test_a_manifest_with_another_head_is_refused(filled, tmp_path):
    def other_head(members):
        manifest = json.loads(members["manifest.json"])
        manifest["head"]["digest"] = "0" * 64
        members["manifest.json"] = json.dumps(manifest).encode()

    make_backup(tmp_path / "hub.zip", at=AT)
    rewrite(tmp_path / "hub.zip", other_head)
    with pytest.raises(InputError, match="the audit log: found"):
        restore_backup(tmp_path / "hub.zip", replace=True)


def test_a_damaged_file_of_the_store_is_named_and_put_right(filled, tmp_path):
    (place,) = store.files()
    whole = place.read_bytes()
    make_backup(tmp_path / "good.zip", at=AT)
    place.chmod(0o600)
    place.write_bytes(b"damaged")
    made = make_backup(tmp_path / "bad.zip", at=AT)
    assert [name.rsplit("/", 1)[1].split(".")[0] for name in made.damaged] == [filled]
    restore_backup(tmp_path / "good.zip", replace=True)
    assert place.read_bytes() == whole


def test_the_guard_stands_again_after_a_restore(filled, tmp_path, settings):
    make_backup(tmp_path / "hub.zip", at=AT)
    audit_guard.install()
    settings.AUDIT_GUARD = True
    try:
        restore_backup(tmp_path / "hub.zip", replace=True)
        with (
            connection.cursor() as cursor,
            pytest.raises(DatabaseError, match="never changed or deleted"),
        ):
            cursor.execute(f"DELETE FROM {audit_guard.TABLE}")
    finally:
        settings.AUDIT_GUARD = False
        audit_guard.remove()


def test_what_is_left_out_is_left_out_on_purpose():
    held = {model._meta.app_label for model in tables()}
    assert held == {"everycount_hub", "account", "mfa"}
    assert set(LEFT_OUT) == {"auth", "axes", "contenttypes", "sessions"}


def test_every_kind_of_value_comes_back(filled):
    from datetime import timedelta
    from decimal import Decimal
    from uuid import UUID

    from everycount_hub.backup.rows import _plain

    assert _plain(datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)) == (
        "2026-01-02T03:04:05.678901+00:00"
    )
    assert _plain(timedelta(days=1, microseconds=1)) == "P1DT00H00M00.000001S"
    assert _plain(Decimal("1.10")) == "1.10"
    assert _plain(UUID(int=1)) == "00000000-0000-0000-0000-000000000001"
    assert _plain(memoryview(b"\x00\xff")) == "AP8="
    assert _plain({"a": 1}) == {"a": 1}


def test_an_event_restored_has_the_digest_it_had(filled, tmp_path, make_user):
    with transaction.atomic():
        record(by=make_user(), verb="test.done", target="x", note="é\n\t“”", facts={"n": 2**60})
    make_backup(tmp_path / "hub.zip", at=AT)
    restore_backup(tmp_path / "hub.zip", replace=True)
    event = AuditEvent.objects.get(verb="test.done")
    assert digest_of(event) == event.digest
    assert accounts.open_account(email=event.by.email, by=None) == event.by
