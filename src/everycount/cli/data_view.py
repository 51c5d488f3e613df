"""What commands on data say to people: progress, and what a conversion did."""

import json
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

import click

from everycount.cli.framework_view import print_json
from everycount.io.exporters.formats import Exporter
from everycount.io.exporters.outgoing import Outgoing
from everycount.reports.wording import plural


@contextmanager
def tidy_when_ended() -> Iterator[None]:
    """Let a request to end, such as of a service that stops, remove temporary files first."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what signals do
        return
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(number: int, frame: FrameType | None) -> None:
    """End as the signal would have, but by an error that undoes what was begun."""
    raise SystemExit(128 + number)


class Progress:
    """Says on a terminal how far a long reading has come; elsewhere nothing."""

    def __init__(self) -> None:
        self.is_shown = sys.stderr.isatty()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Clear the line."""
        self._write("")

    def say(self, rows: int) -> None:
        """Say how many observations were read."""
        self._write(f"{rows:,} observations read")

    def writing(self, rows: int) -> None:
        """Say how many observations are written."""
        self._write(f"writing {rows:,} observations")

    def _write(self, text: str) -> None:
        """Write over the line."""
        if self.is_shown:
            click.echo(f"\r{text:<60}\r", nl=False, err=True)


def conversion(
    outgoing: Outgoing, exporter: Exporter, notes: Sequence[str], source: str, target: str
) -> dict[str, Any]:
    """Return what a conversion did, as plain values."""
    return {
        "in": source,
        "out": target,
        "format": exporter.name,
        "observations": outgoing.rows,
        "indicators": len(outgoing.used("INDICATOR")),
        "areas": len(outgoing.used("REF_AREA")),
        "periods": len(outgoing.used("TIME_PERIOD")),
        "notes": [*outgoing.notes, *notes],
    }


def say_conversion(summary: dict[str, Any], *, as_json: bool, to_stderr: bool) -> None:
    """Say what a conversion did: as JSON where standard output is free, else on standard error."""
    if as_json and not to_stderr:
        print_json(summary)
        return
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False, indent=2), err=True)
        return
    click.echo(
        f"{plural(summary['observations'], 'observation')}: "
        f"{plural(summary['indicators'], 'indicator')}, {plural(summary['areas'], 'area')}, "
        f"{plural(summary['periods'], 'period')}",
        err=True,
    )
    for note in summary["notes"]:
        click.echo(f"note: {note}", err=True)
    for place in (summary["out"], summary.get("mapping")):
        if place and place != "-":
            click.echo(f"written: {place}", err=True)
