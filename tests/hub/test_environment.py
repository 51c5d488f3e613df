"""What the environment says, and what Django makes of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from everycount.errors import InputError
from everycount_hub import environment
from everycount_hub.home import prepare_home, secret_key

ROOT = Path(__file__).parents[2]
HOME = Path("home")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", {"ENGINE": "django.db.backends.sqlite3", "NAME": HOME / "hub.sqlite3"}),
        ("sqlite:////data/hub.db", {"NAME": Path("/data/hub.db")}),
        (
            "postgresql://hub:p%2Fw%40@db.example.org:5433/hub?sslmode=require",
            {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": "hub",
                "USER": "hub",
                "PASSWORD": "p/w@",
                "HOST": "db.example.org",
                "PORT": 5433,
                "OPTIONS": {"sslmode": "require"},
            },
        ),
        ("postgres://hub@/hub?host=/run/pg", {"HOST": "/run/pg", "PORT": "", "OPTIONS": {}}),
    ],
)
def test_a_database_is_named_by_its_address(url, expected):
    found = environment.database({"DATABASE_URL": url}, home=HOME)
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("name", "url", "words"),
    [
        ("DATABASE_URL", "mysql://u:hunter2@h/n", "found 'mysql://h/n', expected postgres://"),
        ("DATABASE_URL", "sqlite://", "expected postgres://"),
        ("DATABASE_URL", "postgres://u:hunter2@h:port/n", "an address with a fault"),
        ("EVERYCOUNT_EMAIL_URL", "http://u:hunter2@h", "expected smtp://"),
        ("EVERYCOUNT_EMAIL_URL", "smtp://", "expected smtp://"),
        ("EVERYCOUNT_URL", "ftp://h", "begins with https://"),
        ("EVERYCOUNT_DEBUG", "perhaps", "expected 1 or 0"),
    ],
)
def test_what_cannot_be_understood_is_refused_without_its_password(name, url, words):
    given = {name: url}
    readers = {
        "DATABASE_URL": lambda: environment.database(given, home=HOME),
        "EVERYCOUNT_EMAIL_URL": lambda: environment.mail(given, home=HOME),
        "EVERYCOUNT_URL": lambda: environment.public_url(given, ["h"]),
        "EVERYCOUNT_DEBUG": lambda: environment.is_on(given, "EVERYCOUNT_DEBUG"),
    }
    with pytest.raises(InputError) as refusal:
        readers[name]()
    assert words in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


def test_mail_goes_to_files_or_a_relay():
    here = environment.mail({}, home=HOME)
    assert here["EMAIL_FILE_PATH"] == HOME / "outbox"
    for scheme, port, starts, wraps in (
        ("smtp", 587, True, False),
        ("smtps", 465, False, True),
        ("smtp+plain", 25, False, False),
    ):
        url = f"{scheme}://u:p%40@mail.example.org"
        found = environment.mail({"EVERYCOUNT_EMAIL_URL": url}, home=HOME)
        assert found["EMAIL_PORT"] == port
        assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (starts, wraps)
        assert found["EMAIL_HOST_PASSWORD"] == "p@"
        assert found["DEFAULT_FROM_EMAIL"] == "everycount@mail.example.org"


def test_switches_hosts_and_addresses():
    assert environment.is_on({"X": "Yes"}, "X")
    assert not environment.is_on({}, "X")
    assert environment.hosts({}) == ["localhost", "127.0.0.1", "[::1]"]
    assert environment.hosts({"EVERYCOUNT_HOSTS": " a.org, b.org ,"}) == ["a.org", "b.org"]
    assert environment.public_url({}, ["127.0.0.1"]) == "http://127.0.0.1:8000"
    given = {"EVERYCOUNT_URL": "https://hub.org/x/"}
    assert environment.public_url(given, ["a.org"]) == "https://hub.org/x"


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path):
    home = prepare_home(tmp_path / "new" / "home")
    key = secret_key(home)
    assert len(key) >= 50
    assert secret_key(home) == key
    assert (home / "secret.key").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in home.iterdir()) == ["secret.key", "store"]


def test_two_processes_that_start_at_once_have_one_key(tmp_path, monkeypatch):
    home = prepare_home(tmp_path)
    (home / "secret.key").write_text("made by the other\n")
    monkeypatch.setattr(Path, "exists", lambda _: False)
    assert secret_key(home) == "made by the other"


def test_a_home_that_cannot_be_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="expected a folder that may be written to"):
        prepare_home(tmp_path / "file" / "home")


def django(tmp_path: Path, *command: str, **given: str) -> subprocess.CompletedProcess[str]:
    hidden = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    kept = {key: value for key, value in os.environ.items() if key not in hidden}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "django", *command],
        env={
            **kept,
            "DJANGO_SETTINGS_MODULE": "everycount_hub.settings",
            "PYTHONPATH": str(ROOT / "src"),
            "EVERYCOUNT_HOME": str(tmp_path),
            **given,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deployment_check_is_clean(tmp_path):
    done = django(
        tmp_path,
        *("check", "--deploy", "--fail-level", "WARNING"),
        EVERYCOUNT_HOSTS="hub.example.org",
        EVERYCOUNT_EMAIL_URL="smtp://u:p@mail.example.org",
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "True False 0 http://127.0.0.1:8000"),
        ({"EVERYCOUNT_HOSTS": "hub.example.org"}, "False True 31536000 https://hub.example.org"),
    ],
)
def test_a_hub_that_others_reach_demands_tls(given, expected, tmp_path):
    asked = (
        "from django.conf import settings as s; "
        "print(s.IS_LOCAL, s.SESSION_COOKIE_SECURE and s.SECURE_SSL_REDIRECT, "
        "s.SECURE_HSTS_SECONDS, s.PUBLIC_URL)"
    )
    assert (
        django(tmp_path, "shell", "--no-imports", "-c", asked, **given).stdout.strip() == expected
    )
