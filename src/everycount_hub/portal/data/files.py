"""The files of a dataset: each version in each format, at an address with its digest."""

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version as installed
from typing import BinaryIO, cast

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from everycount.errors import InputError, NotFound
from everycount.io.exporters.catalogue import Distribution
from everycount.io.exporters.formats import Exporter, find_exporter
from everycount_hub import store
from everycount_hub.edition.kept import kept
from everycount_hub.edition.nouns import PublishedDataset, PublishedVersion
from everycount_hub.edition.read import Edition
from everycount_hub.portal.data.published import outgoing

FORMATS: Mapping[str, tuple[str, object]] = {
    "csv": ("csv", gettext_lazy("CSV")),
    "xlsx": ("excel", gettext_lazy("Excel")),
    "sdmx.csv": ("sdmx-csv", gettext_lazy("SDMX-CSV 2.0")),
    "sdmx.xml": ("sdmx-ml-3.0", gettext_lazy("SDMX-ML 3.0")),
    "stat.json": ("json-stat", gettext_lazy("JSON-stat 2.0")),
}
"""By the ending of an address: the exporter, and what people call it."""
BUNDLE = "zip"
"""The ending of what holds no figures: an index, a review, a survey."""
PACKED = frozenset({"xlsx"})
"""Formats that compress by themselves."""
LEVEL = 6
"""Of gzip: beyond it files take longer and are hardly smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that can be fetched."""

    ending: str
    title: str
    media_type: str


def files_of(dataset: PublishedDataset) -> tuple[File, ...]:
    """Return in which files each version of a dataset can be had."""
    if dataset.content != "figures":
        return (File(ending=BUNDLE, title="ZIP", media_type="application/zip"),)
    return tuple(
        File(ending=ending, title=str(title), media_type=find_exporter(name).media_type)
        for ending, (name, title) in FORMATS.items()
    )


def version_with(dataset: PublishedDataset, digest: str) -> PublishedVersion:
    """Return the published version with a digest.

    Raises
    ------
    NotFound
        If none has it. A withdrawn one is found: its tombstone stays.
    """
    found = next((each for each in dataset.versions if digest and each.digest == digest), None)
    if found is None:
        raise NotFound(f"no published version of {dataset.key} has the digest {digest[:12]}")
    return found


def file_answer(
    request: HttpRequest,
    edition: Edition,
    dataset: PublishedDataset,
    *,
    version: PublishedVersion,
    ending: str,
) -> HttpResponse | FileResponse:
    """Return a file of a version, made once and kept.

    Raises
    ------
    NotFound
        If a dataset of this content has no such file.
    """
    name = f"{dataset.slug}-{version.number}.{ending}"
    if dataset.content != "figures":
        if ending != BUNDLE:
            raise NotFound(f"{dataset.key} is a bundle of files: {BUNDLE}")
        return _sent(store.bundle_path(version.digest).open("rb"), "application/zip", name)
    if ending not in FORMATS:
        raise NotFound(f"{dataset.key} has its files as {', '.join(FORMATS)}")
    exporter = find_exporter(FORMATS[ending][0])
    try:
        place = kept(
            _kept_name(edition, dataset, version, ending),
            lambda file: _write(
                edition, dataset, version, exporter, file, packs=ending not in PACKED
            ),
            known_in(edition),
        )
    except InputError as error:  # the format holds less than there is
        words = _("{reason} Take CSV or SDMX-CSV, which have no limit.").format(reason=error)
        return HttpResponse(words, status=413, content_type="text/plain; charset=utf-8")
    if ending in PACKED:
        return _sent(place.open("rb"), exporter.media_type, name)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = _sent(place.open("rb"), exporter.media_type, name)
        response["Content-Encoding"] = "gzip"
    else:
        unpacked = gzip.open(place)  # noqa: SIM115 - the response closes it once it is sent
        response = _sent(cast("BinaryIO", unpacked), exporter.media_type, name)
        del response["Content-Length"]
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def known_in(edition: Edition) -> "_Known":
    """Return what tells by a digest whether it is of something published."""
    return _Known(edition)


class _Known:
    def __init__(self, edition: Edition) -> None:
        versions = (each for dataset in edition.datasets.values() for each in dataset.versions)
        self.digests = {each.digest for each in versions if each.digest and not each.is_withdrawn}
        self.digests |= {each.digest for each in edition.releases}

    def __call__(self, digest: str) -> bool:
        return digest in self.digests


def distributions(dataset: PublishedDataset, address: str) -> tuple[Distribution, ...]:
    """Return the files of the newest version, as catalogues list them."""
    if not dataset.digest:
        return ()
    return tuple(
        Distribution(
            url=f"{address}{dataset.digest}.{each.ending}",
            media_type=each.media_type,
            title=each.title,
        )
        for each in files_of(dataset)
    )


def labels_key(edition: Edition, dataset: PublishedDataset) -> str:
    """Return a digest of all that a file says besides the figures."""
    entries = [each for each in edition.indicators.values() if dataset.key in each.datasets]
    said = {
        "program": installed("everycount"),
        "address": settings.PUBLIC_URL,
        "dataset": {**asdict(dataset), "digest": "", "rows": 0},
        "indicators": [[each.code, dict(each.names)] for each in entries],
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _kept_name(
    edition: Edition, dataset: PublishedDataset, version: PublishedVersion, ending: str
) -> str:
    packed = "" if ending in PACKED else ".gz"
    said = labels_key(edition, dataset)[:16]
    return f"{version.digest}-{said}-{version.number}.{ending}{packed}"


def _write(
    edition: Edition,
    dataset: PublishedDataset,
    version: PublishedVersion,
    exporter: Exporter,
    file: BinaryIO,
    *,
    packs: bool,
) -> None:
    with outgoing(edition, dataset, version) as gathered:
        if not packs:
            exporter.write(gathered, file)
            return
        with gzip.GzipFile(
            fileobj=file, mode="wb", compresslevel=LEVEL, mtime=0, filename=""
        ) as packed:
            exporter.write(gathered, cast("BinaryIO", packed))


def _sent(file: BinaryIO, media_type: str, name: str) -> FileResponse:
    return FileResponse(file, as_attachment=True, filename=name, content_type=media_type)
