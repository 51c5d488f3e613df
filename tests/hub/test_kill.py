"""Killing the worker and the server at any moment: nothing half-visible, nothing lost."""

import json
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

PROGRAM = Path(__file__).with_name("programs") / "lives.py"
SEED = 20261122
POINTS = {"sqlite": 50, "postgresql": 12}
"""Fewer on PostgreSQL, where the tests run once more."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no kill -9"),
]


class Hub:
    """A hub with a worker and a server that can be killed."""

    def __init__(self, home: Path, url: str) -> None:
        self.log = home.with_name("log").open("w+")
        environment = {**os.environ, "EVERYCOUNT_HOME": str(home), "DATABASE_URL": url}
        self.program = subprocess.Popen(
            [sys.executable, "-W", "error::ResourceWarning", str(PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            env=environment,
        )
        self.running: dict[str, int] = {}

    def ask(self, command: str):
        self.program.stdin.write(f"{command}\n")
        self.program.stdin.flush()
        line = self.program.stdout.readline()
        assert line, self.words()
        return json.loads(line)

    def start(self, role: str) -> None:
        self.running[role] = self.ask(role)

    def kill(self, role: str) -> None:
        number = self.running.pop(role)
        assert _lives(number), f"the {role} ended by itself: {self.words()}"
        os.kill(number, signal.SIGKILL)
        while _lives(number):
            time.sleep(0.002)

    def check(self) -> dict:
        answer = self.ask("check")
        assert answer["faults"] == [], f"{answer}\n{self.words()}"
        return answer["counts"]

    def words(self) -> str:
        self.log.seek(0)
        return self.log.read()[-4000:]

    def close(self) -> None:
        for number in filter(_lives, self.running.values()):
            os.kill(number, signal.SIGKILL)
        self.program.kill()
        self.program.communicate()
        self.log.close()


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def database():
    """A database of its own: a new one of the server that the tests run on, or SQLite's file."""
    from django.conf import settings

    if "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
        yield "sqlite", ""
        return
    import psycopg

    url = os.environ["DATABASE_URL"]
    name = f"kill_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield "postgresql", urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def hub(tmp_path, database):
    made = Hub(tmp_path / "home", database[1])
    try:
        assert made.ask("prepare") is None, made.words()
        yield made
    finally:
        made.close()


def test_kill_at_random_points_loses_nothing_and_shows_nothing_by_halves(hub, database):
    chance = random.Random(SEED)
    killed = {"worker": 0, "server": 0}
    life = _seconds_of_a_life(hub)
    for _point in range(POINTS[database[0]]):
        for role in ("worker", "server"):
            if role not in hub.running:
                hub.start(role)
        time.sleep(chance.uniform(0, life))
        for role in chance.choice([("worker",), ("server",), ("worker", "server")]):
            hub.kill(role)
            killed[role] += 1
        hub.check()
    assert min(killed.values()) >= POINTS[database[0]] // 3
    _let_the_rest_come_out(hub)


def _seconds_of_a_life(hub: Hub) -> float:
    """Return how long figures take from being sent to being released on this computer, now."""
    start = time.monotonic()
    hub.start("worker")
    hub.start("server")
    while not hub.check()["versions"].get("released"):
        time.sleep(0.5)
        assert time.monotonic() < start + 180, hub.words()
    return time.monotonic() - start


def _let_the_rest_come_out(hub: Hub) -> None:
    """Restart both; then let the worker alone finish: nothing stays stuck."""
    for role in ("worker", "server"):
        if role not in hub.running:
            hub.start(role)
    before = hub.check()["versions"].get("released", 0)
    deadline = time.monotonic() + 300
    while hub.check()["versions"].get("released", 0) < before + 3:
        assert time.monotonic() < deadline, hub.words()
        time.sleep(0.3)
    hub.kill("server")
    while True:
        found = hub.check()
        if not set(found["jobs"]) & {"queued", "running"}:
            break
        assert time.monotonic() < deadline, (found, hub.words())
        time.sleep(0.3)
    assert set(found["jobs"]) == {"done"}, found
    assert not set(found["versions"]) & {"submitted", "embargoed", "faulty"}, found
