"""Answers of a service: kept while they are fetched, packed as one file, and read again from it.

The file is a zip of what the service sent, as it came, and a list of what was asked and when. It
is read by asking the library the same question, with the file in the place of the network. So
figures that were fetched can be checked again for ever, without the service.
"""

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
from django.conf import settings

from everycount.errors import InputError, Problem
from everycount.io.fetching.cache import Cache, Kept
from everycount.io.fetching.client import Client
from everycount.io.fetching.fetch import fetch_dataset
from everycount.io.fetching.query import Query
from everycount.io.files import digest
from everycount.model.dataset import Dataset

FORMAT = "everycount-answers/1"
LIST = "answers.json"
ENDING = ".answers.zip"
"""How names of such files end."""
ALWAYS = timedelta.max
"""The age up to which an answer in the file is taken: the file is all there is to ask."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every entry, so that the same answers are the same bytes. The first a zip knows."""


class Recorder:
    """A cache in a folder that tells of each answer, and knows those it gave or was given.

    Parameters
    ----------
    folder : Path
        Where answers are, so that a fetch that stopped goes on.
    tell : callable
        Called with the number of answers and of their bytes, after each.
    """

    def __init__(self, folder: Path, tell: Callable[[int, int], object]) -> None:
        self._cache, self._tell = Cache(folder), tell
        self.answers: dict[str, tuple[Kept, int]] = {}

    def find(self, url: str, accept: str) -> tuple[Kept, bytes] | None:
        """Return an answer that is kept, or None."""
        found = self._cache.find(url, accept)
        if found is not None:
            self._note(*found)
        return found

    def keep(self, kept: Kept, content: bytes) -> None:
        """Keep an answer."""
        self._cache.keep(kept, content)
        self._note(kept, content)

    def _note(self, kept: Kept, content: bytes) -> None:
        self.answers[f"{kept.accept} {kept.url}"] = kept, len(content)
        size = sum(length for _kept, length in self.answers.values())
        if size > settings.LARGEST_FILE:
            expected = f"at most {settings.LARGEST_FILE >> 20} MB: ask for fewer series"
            raise InputError("the answer", [Problem("size", f"{size >> 20} MB", expected)])
        self._tell(len(self.answers), size)

    def pack(self, place: Path, *, service: str, query: Query) -> None:
        """Write the answers and what was asked into one file."""
        listed = []
        with zipfile.ZipFile(place, "w") as archive:
            for number, (kept, _size) in enumerate(self.answers.values(), start=1):
                found = self._cache.find(kept.url, kept.accept)
                if found is None:
                    raise OSError(f"an answer of {kept.url} is gone from the folder")
                name = f"{number:05}"
                archive.writestr(_entry(name), found[1])
                listed.append({"file": name, **asdict(kept)})
            about = {
                "format": FORMAT,
                "service": service,
                "query": asdict(query),
                "answers": listed,
            }
            archive.writestr(_entry(LIST), json.dumps(about, indent=1, ensure_ascii=False))


class _Packed:
    """The answers in a file, as a cache that keeps nothing."""

    def __init__(self, archive: zipfile.ZipFile, about: Mapping[str, Any]) -> None:
        self._archive = archive
        self._listed = {f"{each['accept']} {each['url']}": dict(each) for each in about["answers"]}

    def find(self, url: str, accept: str) -> tuple[Kept, bytes] | None:
        """Return the answer to a request, or None."""
        known = self._listed.get(f"{accept} {url}")
        if known is None:
            return None
        name = known["file"]
        kept = Kept(**{key: value for key, value in known.items() if key != "file"})
        content = self._archive.read(name)
        if digest(content) != kept.sha256:
            problem = Problem(f"entry {name}", "other bytes", "those that the service sent")
            raise InputError("the answers", [problem])
        return kept, content

    def keep(self, kept: Kept, content: bytes) -> None:
        """Refuse: nothing is asked of a service while its answers are read."""
        raise AssertionError(kept.url, len(content))


def read_answers(place: Path) -> Dataset:
    """Return the observations in a file of answers, as they were on the day of the fetch.

    Raises
    ------
    InputError
        If the answers do not hold together, or are no such file.
    NotFound
        If a service had nothing.
    """
    try:
        with zipfile.ZipFile(place) as archive:
            about = json.loads(archive.read(LIST))
            if about.get("format") != FORMAT:
                problem = Problem(LIST, repr(about.get("format")), repr(FORMAT))
                raise InputError(place.name, [problem])
            return _replay(archive, about)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        problem = Problem("file", str(error), f"answers of a service, {FORMAT}")
        raise InputError(place.name, [problem]) from error


def _replay(archive: zipfile.ZipFile, about: Mapping[str, Any]) -> Dataset:
    days = [datetime.fromisoformat(each["fetched"]) for each in about["answers"]]
    newest = max(days, default=datetime(1980, 1, 1, tzinfo=UTC))
    given = about["query"]
    query = Query(**{**given, "codes": tuple(given["codes"]), "areas": tuple(given["areas"])})
    client = Client(
        _Packed(archive, about),
        resume=ALWAYS,
        now=lambda: newest,
        transport=httpx2.MockTransport(_nothing),
    )
    return fetch_dataset(about["service"], query, client=client)


def _nothing(request: httpx2.Request) -> httpx2.Response:
    """Answer as the service did to what it did not have; only that is missing in the file."""
    return httpx2.Response(404, text="not among the answers", request=request)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
