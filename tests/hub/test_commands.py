"""The commands, run as people run them: in processes of their own, against a home of their own."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from everycount_hub.commands import hub
from everycount_hub.commands.serve import running

ROOT = Path(__file__).parents[2]
CODE = """
import sys
import everycount.cli.main as main
from everycount_hub.commands import hub
main.everycount = lambda: hub(sys.argv[1:], prog_name="everycount hub")
main.main()
"""
"""The whole of `everycount hub`, with the exit codes of the command line."""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "postgres" in os.environ.get("DATABASE_URL", ""), reason="homes of their own are on SQLite"
    ),
]


@pytest.fixture
def environment(tmp_path):
    kept = {key: value for key, value in os.environ.items() if not key.startswith("EVERYCOUNT_")}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "everycount_hub.settings",
        "EVERYCOUNT_HOME": str(tmp_path / "home"),
        "PYTHONPATH": str(ROOT / "src"),
    }


@pytest.fixture
def command(environment):
    def run(*words, given="", **changed):
        return subprocess.run(
            [sys.executable, "-c", CODE, *map(str, words)],
            env={**environment, **{key: str(value) for key, value in changed.items()}},
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def server(environment):
    """Start `hub serve` at a free port; give the process and its address."""
    started = []

    def start(*words):
        process = subprocess.Popen(
            [sys.executable, "-c", CODE, "serve", "--port", "0", *words],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        lines = []
        for line in process.stderr:
            lines.append(line)
            if found := re.search(r"is at (http://\S+)", line):
                drain = threading.Thread(target=process.stderr.read, daemon=True)
                drain.start()
                return process, found[1]
        raise AssertionError("".join(lines))

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stderr.close()


def fetch(address, **headers):
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, ""


def test_a_hub_starts_from_nothing(command, server, tmp_path):
    process, address = server()
    status, headers, page = fetch(f"{address}/accounts/login/")
    assert status == 200
    assert "Sign in" in page
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "server" not in {key.lower() for key in headers}
    status, headers, css = fetch(f"{address}/static/everycount.css")
    assert (status, headers["Content-Type"]) == (200, 'text/css; charset="utf-8"')
    assert "--accent" in css
    assert fetch(address, Host="evil.example.org")[0] == 400
    home = tmp_path / "home"
    assert (home / "hub.sqlite3").stat().st_mode & 0o077 == 0
    assert (home / "secret.key").stat().st_mode & 0o077 == 0
    admin = command("createadmin", "an@example.org", "--name", "An")
    assert admin.returncode == 0, admin.stderr
    assert "the link leads to http://127.0.0.1:8000" in admin.stderr
    assert "EVERYCOUNT_URL" in admin.stderr
    link = admin.stdout.strip()
    path = link.removeprefix("http://127.0.0.1:8000")
    assert fetch(address + path)[0] == 200
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) is not None


def test_an_administrator_is_made_once(command):
    done = command(
        "createadmin", "an@example.org", "--password-stdin", "--json", given="count-every-woman\n"
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"email": "an@example.org", "link": None}
    again = command("createadmin", "AN@example.org")
    assert again.returncode == 3
    assert "is administrator already" in again.stderr
    bad = command("createadmin", "nobody", "--password-stdin", given="short\n")
    assert bad.returncode == 3
    assert "ADDRESS: found 'nobody', expected an e-mail address" in bad.stderr
    assert "at least 12 characters" in bad.stderr


def test_the_log_is_verified_and_a_change_named(command, tmp_path):
    assert command("createadmin", "an@example.org").returncode == 0
    whole = command("verify-audit")
    assert whole.returncode == 0, whole.stderr
    head = whole.stdout.strip()
    assert re.fullmatch(r"2:[0-9a-f]{64}", head)
    assert command("createadmin", "lan@example.org").returncode == 0
    assert command("verify-audit", "--expect", head).returncode == 0
    told = command("verify-audit", "--json")
    assert json.loads(told.stdout)["problem"] is None
    other = command("verify-audit", "--expect", f"2:{'0' * 64}")
    assert other.returncode == 3
    assert "event 2: found the digest" in other.stderr
    assert command("verify-audit", "--expect", "nonsense").returncode == 3
    import sqlite3

    database = sqlite3.connect(tmp_path / "home/hub.sqlite3")
    with pytest.raises(sqlite3.IntegrityError, match="never changed or deleted"):
        database.execute("UPDATE everycount_hub_auditevent SET note = 'x'")
    database.execute("DROP TRIGGER audit_event_update")
    database.execute("UPDATE everycount_hub_auditevent SET note = 'x' WHERE position = 3")
    database.commit()
    database.close()
    broken = command("verify-audit")
    assert broken.returncode == 3
    assert "event 3: found content with the digest" in broken.stderr
    told = command("verify-audit", "--json")
    assert told.returncode == 3
    assert json.loads(told.stdout)["problem"].startswith("event 3")


def test_a_hub_moves_to_another_home_by_its_archive(command, tmp_path):
    assert command("createadmin", "an@example.org").returncode == 0
    made = command("backup", tmp_path / "hub.zip")
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "hub.zip").stat().st_mode & 0o077 == 0
    other = {"EVERYCOUNT_HOME": tmp_path / "other"}
    done = command("restore", tmp_path / "hub.zip", **other)
    assert done.returncode == 0, done.stderr
    assert done.stdout == made.stdout
    assert command("verify-audit", "--expect", made.stdout.strip(), **other).returncode == 0
    refused = command("restore", tmp_path / "hub.zip", **other)
    assert refused.returncode == 3
    assert "or --replace" in refused.stderr
    again = command("restore", tmp_path / "hub.zip", "--replace", "--json", **other)
    assert json.loads(again.stdout)["head"]["position"] == 2
    told = json.loads(command("backup", tmp_path / "two.zip", "--json", **other).stdout)
    assert (told["problem"], told["damaged"]) == (None, [])
    assert command("restore", tmp_path / "none.zip").returncode == 5
    refused = command("backup", tmp_path / "no" / "folder" / "x.zip")
    assert refused.returncode == 3
    assert "found no such folder, expected a file in a folder that exists" in refused.stderr
    assert not (tmp_path / "no").exists()


def test_a_backup_is_made_while_the_server_serves(command, server, tmp_path):
    _, address = server()
    done = command("backup", tmp_path / "hub.zip")
    assert done.returncode == 0, done.stderr
    assert fetch(address)[0] == 200


def test_a_port_that_is_taken_is_told(command, server):
    _, address = server("--no-worker")
    taken = command("serve", "--port", address.rsplit(":", 1)[1])
    assert taken.returncode == 6
    assert "cannot listen at 127.0.0.1" in taken.stderr


def test_a_server_behind_tls_redirects_and_trusts_its_proxy_alone(environment, server):
    environment["EVERYCOUNT_HOSTS"] = "hub.example.org"
    _, address = server("--no-worker", "--proxy", "127.0.0.1")
    page = f"{address}/accounts/login/"
    opener = urllib.request.build_opener(NoRedirect)
    plain = urllib.request.Request(page, headers={"Host": "hub.example.org"})
    with pytest.raises(urllib.error.HTTPError) as answer:
        opener.open(plain, timeout=30)
    assert answer.value.code == 301
    assert answer.value.headers["Location"] == "https://hub.example.org/accounts/login/"
    answer.value.close()
    secure = {"Host": "hub.example.org", "X-Forwarded-Proto": "https"}
    status, headers, _ = fetch(page, **secure)
    assert status == 200
    assert "max-age=31536000" in headers["Strict-Transport-Security"]
    assert "; Secure" in headers["Set-Cookie"]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def test_a_database_that_is_away_is_told(command):
    away = command("verify-audit", DATABASE_URL="postgres://u:hunter2@127.0.0.1:9/hub")
    assert away.returncode == 6
    assert "the database does not answer" in away.stderr
    assert "hunter2" not in away.stderr
    wrong = command("verify-audit", DATABASE_URL="oracle://u:hunter2@h/x")
    assert wrong.returncode == 3
    assert "hunter2" not in wrong.stderr


def test_help_names_every_command():
    shown = CliRunner().invoke(hub, ["--help"]).output
    for name in ("backup", "createadmin", "restore", "serve", "verify-audit"):
        assert name in shown


def test_a_worker_ends_with_the_server():
    seen = []

    def work(stop: threading.Event) -> None:
        seen.append("started")
        stop.wait(20)
        seen.append("stopped")

    start = time.monotonic()
    with running(work):
        pass
    assert seen == ["started", "stopped"]
    assert time.monotonic() - start < 10


@pytest.mark.parametrize("end", [ZeroDivisionError, SystemExit, None])
def test_a_worker_that_ended_is_started_again_with_a_word_in_the_log(end, caplog):
    again = threading.Event()
    calls = []

    def work(stop: threading.Event) -> None:
        calls.append(stop)
        if len(calls) == 1 and end:
            raise end
        if len(calls) == 2:
            again.set()
            stop.wait(20)

    with running(work, pause=0.01):
        assert again.wait(10)
    assert len(calls) == 2
    words = ["The worker ended with an error."] if end else []
    expected = [*words, "The worker is not running; it is started again."]
    assert [record.getMessage() for record in caplog.records] == expected


def test_verify_store_names_a_file_that_was_changed(command, tmp_path):
    done = command("verify-store")
    assert done.returncode == 0
    assert "0 files, all as they were stored" in done.stderr
    digest = "ab" * 32
    place = tmp_path / "home" / "store" / "versions" / "ab" / f"{digest}.parquet"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"not what the name says")
    done = command("verify-store", "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout)["damage"] == [{"file": place.name, "fault": "changed"}]
    assert f"{place.name}: found changed, expected the bytes" in done.stderr
