"""Fetching figures from a service: ask page by page, keep what came as one file, submit it."""

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from everycount_hub import outgoing, store
from everycount_hub.actions import fetching
from everycount_hub.jobs import Record, Say
from everycount_hub.models import Dataset, User

RESUME = timedelta(days=1)
"""Age up to which answers of a fetch that stopped are taken again: longer than all retries of a
job take together."""
PIECE = 1 << 20  # bytes read at a time
NAP = 2.0
"""Seconds of a wait between two signs of life, so that a cancelled fetch does not wait on."""


def fetch_dataset(say: Say, *, dataset: int, by: int, request: Mapping[str, Any]) -> Record:
    """Ask a service for figures and submit its answer as the next version."""
    # Asking and reading take a second to load; a page or another job does not need them.
    from everycount.io.fetching.client import Client  # noqa: PLC0415
    from everycount.io.fetching.fetch import fetch_pages, find_service  # noqa: PLC0415
    from everycount_hub.answers import Recorder  # noqa: PLC0415

    asked = fetching.Request.from_json(request)
    service = find_service(asked.service)
    folder = folder_of(dataset, request)
    recorder = Recorder(folder, lambda count, size: _tell(say, count, size))
    say(0.0, f"Asking {service.TITLE}")
    client = Client(
        recorder,
        pause=service.PAUSE,
        resume=RESUME,
        sleep=_sleeping(say),
        transport=outgoing.carrier(),
    )
    for _page in fetch_pages(service, asked.query(), client=client):
        pass
    say(0.9, "Storing the answer")
    name = asked.file_name()
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        place = Path(temporary) / "answers.zip"
        recorder.pack(place, service=asked.service, query=asked.query())
        stored = store.put_source(_pieces(place), name=name)

    def record() -> Mapping[str, object]:
        version = fetching.submit_fetched(
            dataset=Dataset.objects.get(pk=dataset),
            stored=stored,
            name=name,
            request=asked,
            by=User.objects.get(pk=by),
        )
        return {"version": version.number, "answers": len(recorder.answers)}

    return record


def folder_of(dataset: int, request: Mapping[str, Any]) -> Path:
    """Return where the answers of a fetch are kept; each time somebody asks it is another."""
    text = json.dumps([dataset, request], sort_keys=True)
    folder = Path(settings.FETCH_FOLDER) / hashlib.sha256(text.encode()).hexdigest()[:32]
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def remove_old_answers(*, now: float | None = None) -> int:
    """Remove what is left of fetches that no retry goes on with; return how many there were."""
    now = time.time() if now is None else now
    folders = [each for each in Path(settings.FETCH_FOLDER).glob("*") if each.is_dir()]
    old = [each for each in folders if now - each.stat().st_mtime > RESUME.total_seconds()]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _tell(say: Say, count: int, size: int) -> None:
    # Nobody knows how many pages there will be: each takes a tenth of what is left.
    say(0.85 * (1 - 0.9**count), f"{count} answers, {size / 2**20:.1f} MB")


def _sleeping(say: Say) -> Callable[[float], None]:
    def sleep(seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if left > NAP:
                say(0.0, f"Waiting {left:.0f} s: the service asks for it, or does not answer")
            time.sleep(min(left, NAP))

    return sleep


def _pieces(place: Path) -> Iterator[bytes]:
    with place.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
