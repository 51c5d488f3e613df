"""`hub createadmin`, `hub verify-audit` and `hub verify-store`."""

import json
import os
import re
import sys
from urllib.parse import urlsplit

import click

from everycount.errors import InputError, Problem
from everycount_hub.commands.ready import migrate, set_up


@click.command(
    epilog="Example: everycount hub createadmin an@stats.example.org --password-stdin < secret.txt"
)
@click.argument("email", metavar="ADDRESS")
@click.option("--name", default="", help="How the person is called.")
@click.option(
    "--password-stdin",
    is_flag=True,
    help="Read a password from standard input; otherwise a link to set one is printed.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def createadmin(email: str, *, name: str, password_stdin: bool, as_json: bool) -> None:
    """Make an account that administers the whole hub, or give the role to one that exists.

    Prints the link, good for three days, at which the person sets a password. At the first
    sign-in a second factor is set up.
    """
    set_up()
    from everycount_hub.commands.first_account import make_administrator  # noqa: PLC0415

    migrate()
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    link = make_administrator(email, name=name, password=password)
    if as_json:
        click.echo(json.dumps({"email": email, "link": link}))
    elif link:
        click.echo(link)
    click.echo(f"{email} administers the hub", err=True)
    if link and not os.environ.get("EVERYCOUNT_URL", "").strip():
        click.echo(_where(link), err=True)


@click.command(
    name="verify-audit",
    epilog="Example: everycount hub verify-audit --expect 1204:9f86d081884c7d65…",
)
@click.option(
    "--expect",
    metavar="HEAD",
    help="A head that this command printed earlier; the log must still continue it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def verify_audit(*, expect: str | None, as_json: bool) -> None:
    """Walk the audit log from its first event and name the first that is not as it was written.

    Prints the head: the number of events and the digest of the last. Note it outside this
    computer. Without a head noted earlier nobody can tell whether the newest events were cut off,
    or the whole log written anew, by somebody who can write to the database.
    """
    expected = _head(expect)
    set_up()
    from everycount_hub.audit_chain import Head  # noqa: PLC0415
    from everycount_hub.queries.audit import verify  # noqa: PLC0415
    from everycount_hub.snapshot import snapshot  # noqa: PLC0415

    migrate()
    with snapshot() as alias:
        verdict = verify(expected=Head(**expected) if expected else None, using=alias)
    if as_json:
        problem = str(verdict.problem) if verdict.problem else None
        found = {"position": verdict.head.position, "digest": verdict.head.digest}
        click.echo(json.dumps({"head": found, "problem": problem}))
    if verdict.problem is not None:
        raise InputError("the audit log", [verdict.problem])
    if not as_json:
        click.echo(verdict.head)
    click.echo(f"{verdict.head.position} events, all as they were written", err=True)


@click.command(name="verify-store", epilog="Example: everycount hub verify-store")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def verify_store(*, as_json: bool) -> None:
    """Read every file of the store and name those that are missing or no longer what they were.

    A file is named by the digest of its bytes, so that damage shows. Ends with exit code 3 if
    there is any; a backup has the files as they were.
    """
    set_up()
    from everycount_hub import store_check  # noqa: PLC0415
    from everycount_hub.queries.datasets import named_files  # noqa: PLC0415

    migrate()
    named = set(named_files())
    found = store_check.verify_store(named)
    if as_json:
        damage = [{"file": each.name, "fault": each.fault} for each in found]
        click.echo(json.dumps({"files": len(named), "damage": damage}))
    if found:
        expected = "the bytes that its name is the digest of"
        raise InputError("the store", [Problem(f.name, f.fault, expected) for f in found])
    click.echo(f"{len(named)} files, all as they were stored", err=True)


def _where(link: str) -> str:
    """Say where a link leads, and what to set if the hub is elsewhere."""
    parts = urlsplit(link)
    start = f"{parts.scheme}://{parts.netloc}"
    return (
        f"the link leads to {start}; if the hub is served elsewhere, such as at another port, set "
        "EVERYCOUNT_URL first: EVERYCOUNT_URL=http://127.0.0.1:8611"
    )


def _head(text: str | None) -> dict[str, object] | None:
    """Take a printed head apart."""
    if text is None:
        return None
    parts = re.fullmatch(r"(\d+):([0-9a-f]{64})|0:", text.strip())
    if parts is None:
        expected = "a number, a colon and 64 hexadecimal digits"
        raise InputError("--expect", [Problem("--expect", repr(text), expected)])
    return {"position": int(parts[1] or 0), "digest": parts[2] or ""}
