"""The tests of the hub once more, on a PostgreSQL server of their own."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from needs import NEEDS

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
NOBODY = 65534  # the account of Debian that owns nothing; PostgreSQL refuses to run as root


def run(*command: str | Path) -> None:
    """Run a program of PostgreSQL, as another account if this one is root."""
    options = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, cwd="/", check=False, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def server():
    """Start a server that listens at a socket in a folder of its own; give the address."""
    programs = Path(NEEDS["postgresql"].find()).resolve().parent
    # A socket's path may have a hundred characters at most: no deep folder of pytest's.
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, NOBODY, NOBODY)
        data = folder / "data"
        run(
            programs / "initdb", "--pgdata", data, "--username", "hub", "--auth", "trust",
            "--encoding", "UTF8", "--locale", "C", "--no-sync",
        )  # fmt: skip
        options = f"-c listen_addresses='' -k {folder} -c fsync=off -c max_connections=60"
        control = [programs / "pg_ctl", "--pgdata", data, "--silent", "--wait"]
        run(*control, "--log", folder / "log", "--options", options, "start")
        try:
            yield f"postgres://hub@/postgres?host={folder}"
        finally:
            run(*control, "--mode", "immediate", "stop")


def test_the_hub_works_on_postgresql_as_on_sqlite(server):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--no-cov", "tests/hub"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": server, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20000:] + done.stderr[-5000:]
    assert " passed" in done.stdout
