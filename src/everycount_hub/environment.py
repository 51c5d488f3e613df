"""What the environment says about a hub, read into Django's settings."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from everycount.errors import InputError, Problem

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
"""Names of this computer itself."""

HOST = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?")
"""The name of a host, with a dot in it; not an address, which nobody vouches for."""

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"", "0", "false", "no", "off"})

SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}
"""Readers never wait for the writer (WAL); writers queue when they begin (IMMEDIATE), so that two
never wait for each other; what was committed survives a power cut (FULL). SQLite, Write-Ahead
Logging, and PRAGMA synchronous."""


def is_on(environment: Mapping[str, str], name: str) -> bool:
    """Tell whether a switch is on; a word that is neither yes nor no is refused."""
    word = environment.get(name, "").strip().lower()
    if word not in YES | NO:
        raise InputError(name, [Problem(name, repr(word), "1 or 0")])
    return word in YES


def hosts(environment: Mapping[str, str]) -> list[str]:
    """Return the names under which the hub is reached; without any, this computer alone."""
    given = [each.strip() for each in environment.get("EVERYCOUNT_HOSTS", "").split(",")]
    return [each for each in given if each] or list(LOCAL_HOSTS)


def fetch_hosts(environment: Mapping[str, str]) -> frozenset[str]:
    """Return the hosts that EVERYCOUNT_FETCH_HOSTS allows to be asked for figures.

    Examples
    --------
    >>> sorted(fetch_hosts({"EVERYCOUNT_FETCH_HOSTS": "sdmx.example.org, Data.example.org"}))
    ['data.example.org', 'sdmx.example.org']
    """
    name = "EVERYCOUNT_FETCH_HOSTS"
    given = {each.strip().lower() for each in environment.get(name, "").split(",")} - {""}
    wrong = sorted(each for each in given if not HOST.fullmatch(each))
    if wrong:
        expected = "names of hosts such as sdmx.example.org"
        raise InputError(name, [Problem(name, repr(each), expected) for each in wrong])
    return frozenset(given)


def file(environment: Mapping[str, str], name: str) -> Path | None:
    """Return the file that a variable names, if it does; one that is not there is refused."""
    given = environment.get(name, "").strip()
    if given and not Path(given).is_file():
        raise InputError(name, [Problem(name, repr(given), "a file")])
    return Path(given).absolute() if given else None


def public_url(environment: Mapping[str, str], names: Sequence[str]) -> str:
    """Return how addresses of the hub begin: EVERYCOUNT_URL, else its first name with TLS.

    Examples
    --------
    >>> public_url({}, ["hub.example.org"])
    'https://hub.example.org'
    """
    given = environment.get("EVERYCOUNT_URL", "").strip().rstrip("/")
    if given and _split("EVERYCOUNT_URL", given).scheme not in ("http", "https"):
        expected = "an address that begins with https://"
        raise InputError("EVERYCOUNT_URL", [Problem("EVERYCOUNT_URL", repr(given), expected)])
    usual = "http://127.0.0.1:8000" if set(names) <= set(LOCAL_HOSTS) else f"https://{names[0]}"
    return given or usual


def database(environment: Mapping[str, str], *, home: Path) -> dict[str, Any]:
    """Return Django's description of the database that DATABASE_URL names.

    Examples
    --------
    >>> found = database({"DATABASE_URL": "postgres://hub:p%40ss@db:5433/hub"}, home=Path("."))
    >>> found["NAME"], found["PASSWORD"], found["PORT"]
    ('hub', 'p@ss', 5433)
    >>> database({}, home=Path("data"))["NAME"].as_posix()
    'data/hub.sqlite3'
    """
    url = environment.get("DATABASE_URL", "").strip()
    if not url:
        return _sqlite(home / "hub.sqlite3")
    parts = _split("DATABASE_URL", url)
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme in ("postgres", "postgresql"):
        return _postgresql(parts, name)
    if parts.scheme == "sqlite" and name:
        return _sqlite(Path(name))
    expected = "postgres://user:password@host:port/name or sqlite:///path"
    raise InputError("DATABASE_URL", [Problem("DATABASE_URL", _shown(parts), expected)])


def _postgresql(parts: SplitResult, name: str) -> dict[str, Any]:
    """Describe a database of PostgreSQL; a query such as ?sslmode=require goes to the driver."""
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": parts.port or "",
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    """Describe a database of SQLite."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": dict(SQLITE),
        "CONN_MAX_AGE": 600,
    }


def mail(environment: Mapping[str, str], *, home: Path) -> dict[str, Any]:
    """Return Django's settings for mail from EVERYCOUNT_EMAIL_URL; without it, files in `home`.

    The address is ``smtp://user:password@host:587`` (STARTTLS), ``smtps://…:465`` (TLS from the
    start) or ``smtp+plain://host:25`` (no encryption, for a relay on the same machine);
    ``?from=hub@example.org`` says who writes.

    Examples
    --------
    >>> url = "smtp://u:p@mail.example.org?from=hub@example.org"
    >>> found = mail({"EVERYCOUNT_EMAIL_URL": url}, home=Path("."))
    >>> found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["DEFAULT_FROM_EMAIL"]
    (587, True, 'hub@example.org')
    """
    name = "EVERYCOUNT_EMAIL_URL"
    url = environment.get(name, "").strip()
    if not url:
        backend = "django.core.mail.backends.filebased.EmailBackend"
        return {"EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": home / "outbox"}
    parts = _split(name, url)
    ports = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
    if parts.scheme not in ports or not parts.hostname:
        expected = "smtp://user:password@host:port, smtps://… or smtp+plain://…"
        raise InputError(name, [Problem(name, _shown(parts), expected)])
    sender = dict(parse_qsl(parts.query)).get("from", f"everycount@{parts.hostname}")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
        "DEFAULT_FROM_EMAIL": sender,
        "SERVER_EMAIL": sender,
    }


def _split(name: str, url: str) -> SplitResult:
    """Take an address apart; one that cannot be is refused without showing its password."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        problem = Problem(name, "an address with a fault", "scheme://user:password@host:port")
        raise InputError(name, [problem]) from error
    return parts


def _shown(parts: SplitResult) -> str:
    """Return an address without its user and password."""
    return repr(f"{parts.scheme}://{parts.hostname or ''}{parts.path}")
