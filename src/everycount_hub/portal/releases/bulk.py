"""Everything of a release in one zip file: figures, metadata, methods, checksums, citation.

It is made once and kept. What it holds is told by its name: the release, what was withdrawn since,
and what the figures are called. Memory does not grow with the figures: they go from the store
through the library's exporters into the archive, batch by batch.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version as installed
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.utils import translation

from everycount.io.exporters.catalogue import licence_url
from everycount.io.exporters.formats import find_exporter
from everycount.io.exporters.outgoing import Outgoing
from everycount.model.observation import OBSERVATION
from everycount_hub import store
from everycount_hub.contents.archive import EPOCH, unpack
from everycount_hub.edition.kept import kept
from everycount_hub.edition.nouns import PublishedDataset, PublishedRelease, PublishedVersion
from everycount_hub.edition.read import Edition
from everycount_hub.models.wording import wording
from everycount_hub.portal.citing import PUBLISHER, Work, plain, release_work
from everycount_hub.portal.data.files import known_in, labels_key
from everycount_hub.portal.data.published import origin_of, outgoing

FORM = 1
"""Goes into the name; an archive of another form is made again."""
FIGURES = (("csv", ".csv"), ("sdmx-csv", ".sdmx.csv"))
TYPES = {"code": "string", "text": "string", "number": "number", "integer": "integer"}
"""Kinds of components, as Frictionless Table Schema names their types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A dataset of the release whose files may be given out."""

    dataset: PublishedDataset
    version: PublishedVersion


@dataclass(slots=True, kw_only=True)
class _Archive:
    """A zip file that is being written, with the checksum of each of its files."""

    zip: zipfile.ZipFile
    sums: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, write: Callable[[BinaryIO], object]) -> None:
        entry = zipfile.ZipInfo(name, EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        # Figures of a great office may be longer than 2 GB unpacked.
        with self.zip.open(entry, "w", force_zip64=True) as file:
            summed = _Summed(cast("BinaryIO", file))
            write(cast("BinaryIO", summed))
        self.sums[name] = summed.digest.hexdigest()
        self.sizes[name] = summed.size

    def add_text(self, name: str, text: str) -> None:
        self.add(name, lambda file: file.write(text.encode()))


class _Summed:
    """A file that is written to while its checksum is made."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, content: bytes) -> int:
        self.digest.update(content)
        self.size += len(content)
        return self.file.write(content)

    def flush(self) -> None:
        """Leave it to the archive."""


def parts_of(edition: Edition, release: PublishedRelease) -> tuple[Part, ...]:
    """Return the versions of a release that are neither withdrawn nor removed."""
    found = []
    for line in release.lines:
        dataset = edition.datasets.get(f"{release.workspace}/{line.dataset}")
        versions = dataset.versions if dataset else ()
        version = next((each for each in versions if each.number == line.number), None)
        if dataset and version and version.digest and not version.is_withdrawn:
            found.append(Part(dataset=dataset, version=version))
    return tuple(found)


def bulk_file(edition: Edition, release: PublishedRelease) -> Path:
    """Return where the archive of a release is, made if it is not there.

    Raises
    ------
    Unavailable
        If many files are being made, or the disk has no room.
    """
    return kept(
        _name(edition, release),
        lambda file: _write(edition, release, file),
        known_in(edition),
    )


def _name(edition: Edition, release: PublishedRelease) -> str:
    said = [
        [part.dataset.key, part.version.digest, labels_key(edition, part.dataset)]
        for part in parts_of(edition, release)
    ]
    about = [
        FORM,
        installed("everycount"),
        settings.PUBLIC_URL,
        release.number,
        release.title,
        release.note,
        said,
    ]
    key = hashlib.sha256(json.dumps(about, ensure_ascii=False).encode()).hexdigest()
    return f"{release.digest}-{key[:16]}.zip"


def _write(edition: Edition, release: PublishedRelease, file: BinaryIO) -> None:
    parts = parts_of(edition, release)
    with translation.override("en"), zipfile.ZipFile(file, "w") as packed:
        archive = _Archive(zip=packed)
        resources = [each for part in parts for each in _figures(archive, edition, part)]
        for part in parts:
            _bundle(archive, part)
            _metadata(archive, edition, part)
        work = release_work(edition, release)
        archive.add_text("datapackage.json", _package(edition, release, parts, resources, work))
        archive.add_text("CITATION.cff", citation_file(work))
        archive.add_text("README.md", _readme(edition, release, parts, work))
        lines = (f"{digest}  {name}\n" for name, digest in sorted(archive.sums.items()))
        archive.add_text("SHA256SUMS", "".join(lines))


def _figures(archive: _Archive, edition: Edition, part: Part) -> Iterator[dict[str, object]]:
    """Write the figures of a dataset; yield what the data package says of each file."""
    if part.dataset.content != "figures":
        return
    with outgoing(edition, part.dataset, part.version) as gathered:
        for exporter, ending in FIGURES:
            name = f"data/{part.dataset.slug}{ending}"
            write = find_exporter(exporter).write
            archive.add(name, lambda file, write=write, rows=gathered: write(rows, file))
            resource: dict[str, object] = {
                "name": f"{part.dataset.slug}{ending}".lower().replace("_", "-"),
                "path": name,
                "title": wording(part.dataset.titles, "en"),
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": archive.sizes[name],
                "hash": f"sha256:{archive.sums[name]}",
                "sources": [_source(edition, part)],
            }
            if part.dataset.licence:
                resource["licenses"] = [_licence(part.dataset.licence)]
            if exporter == "csv":
                resource["profile"] = "tabular-data-resource"
                resource["schema"] = _schema(gathered)
            yield resource


def _schema(gathered: Outgoing) -> dict[str, object]:
    from everycount.io.exporters.plain_csv import telling  # noqa: PLC0415 - as the exporter does

    components = OBSERVATION.by_id
    fields = [
        {
            "name": name,
            "title": components[name].name,
            "type": TYPES[components[name].kind],
        }
        for name in telling(gathered)
    ]
    return {"fields": fields, "missingValues": [""]}


def _bundle(archive: _Archive, part: Part) -> None:
    """Write what is published besides figures: methods, reviews, handbooks, estimates."""
    if part.dataset.content == "figures":
        return
    for name, content in sorted(unpack(store.bundle_path(part.version.digest)).items()):
        place = f"{part.dataset.content}/{part.dataset.slug}/{name}"
        archive.add(place, lambda file, content=content: file.write(content))


def _metadata(archive: _Archive, edition: Edition, part: Part) -> None:
    dataset, version = part.dataset, part.version
    origin = origin_of(edition, dataset, version)
    said = {
        "dataset": dataset.key,
        "titles": dict(dataset.titles),
        "content": dataset.content,
        "producer": origin.producer,
        "licence": dataset.licence or None,
        "source": dataset.source_url or None,
        "indicator_set": dataset.framework or None,
        "version": version.number,
        "reason": version.reason or None,
        "released_at": version.released_at,
        "digest": version.digest,
        "citation": origin.citation,
        "labels": [
            {
                "code": each.code or None,
                "indicators": list(each.indicators),
                "conditions": each.conditions,
                "expires": each.expires or None,
            }
            for each in dataset.labels
        ],
    }
    if version.digest == dataset.digest:
        said["metadata"] = dict(dataset.metadata)
    text = json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True)
    archive.add_text(f"metadata/{dataset.slug}.json", text + "\n")


def _package(
    edition: Edition,
    release: PublishedRelease,
    parts: tuple[Part, ...],
    resources: list[dict[str, object]],
    work: Work,
) -> str:
    """Return the data package: frictionlessdata.io, Data Package 1."""
    package: dict[str, object] = {
        "name": work.key.lower(),
        "id": work.address,
        "title": release.title,
        "description": release.note,
        "version": str(release.number),
        "created": release.published_at,
        "homepage": work.address,
        "contributors": [{"title": work.authors[0], "role": "publisher"}],
        "sources": [_source(edition, part) for part in parts],
        "resources": resources,
    }
    licences = sorted({part.dataset.licence for part in parts if part.dataset.licence})
    if licences:
        package["licenses"] = [_licence(each) for each in licences]
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _source(edition: Edition, part: Part) -> dict[str, str]:
    origin = origin_of(edition, part.dataset, part.version)
    return {"title": f"{origin.producer}: {origin.title}", "path": origin.url}


def _licence(licence: str) -> dict[str, str]:
    address = licence_url(licence)
    return {"title": licence, **({"path": address} if address else {})}


def citation_file(work: Work) -> str:
    """Return a citation in the Citation File Format 1.2. JSON strings are YAML strings."""
    lines = [
        "cff-version: 1.2.0",
        'message: "If you use these figures, cite them and the producers named in README.md."',
        "type: dataset",
        f"title: {_quoted(work.title)}",
        "authors:",
        *(f"  - name: {_quoted(each)}" for each in work.authors),
        f'version: "{work.version}"',
        f"date-released: {work.day}",
        f"url: {_quoted(work.address)}",
        "identifiers:",
        "  - type: other",
        f'    value: "sha256:{work.digest}"',
        '    description: "Digest of the list of versions"',
    ]
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _readme(
    edition: Edition, release: PublishedRelease, parts: tuple[Part, ...], work: Work
) -> str:
    gone = [each for each in release.lines if each.is_withdrawn]
    left = len(release.lines) - len(parts) - len(gone)
    lines = [
        f"# {release.title}",
        "",
        f"Release {release.number} of {work.authors[0]}, {work.day}. {PUBLISHER}, {work.address}",
        "",
        *([release.note, ""] if release.note else []),
        f"Cite: {plain(work)}",
        "",
        "Each dataset keeps its producer's licence, named below and in metadata/.",
        "",
        "| dataset | version | producer | licence |",
        "|---|---|---|---|",
    ]
    for part in parts:
        origin = origin_of(edition, part.dataset, part.version)
        cells = (
            f"{origin.title} ({part.dataset.slug})",
            str(part.version.number),
            origin.producer,
            part.dataset.licence or "not stated",
        )
        lines.append("| " + " | ".join(each.replace("|", "\\|") for each in cells) + " |")
    lines.append("")
    if gone:
        names = ", ".join(f"{each.dataset} version {each.number}" for each in gone)
        lines += [f"Withdrawn since and left out: {names}.", ""]
    if left:
        lines += [f"{left} more of its versions are no longer kept.", ""]
    lines += [
        "- data/*.csv: the figures, one row an observation, columns that say something.",
        "- data/*.sdmx.csv: the same in SDMX-CSV 2.0, with every dimension.",
        "- metadata/*.json: producer, licence, source, labels of appraisals, notes.",
        "- index/, policy/, survey/, handbook/, framework/: methods, reviews and estimates.",
        "- datapackage.json: all files with their columns, for programs.",
        "- SHA256SUMS: check with `sha256sum -c SHA256SUMS`.",
        "",
        "What the columns mean: "
        f"{settings.PUBLIC_URL}/en/about/method/. Texts are in UTF-8; a missing value is empty.",
        "",
    ]
    return "\n".join(lines)
