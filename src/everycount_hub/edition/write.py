"""Make an edition: a folder named by the digest of what it is made from, whole or not at all."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from everycount.errors import NotFound
from everycount.io.declare import read
from everycount.io.frameworks import load_framework
from everycount.model.framework import Framework
from everycount_hub import store
from everycount_hub.contents import framework as framework_content
from everycount_hub.contents.archive import unpack
from everycount_hub.edition import catalogue
from everycount_hub.edition import search as searching
from everycount_hub.edition.nouns import Label, PublishedDataset, PublishedVersion

INPUTS, INDICATORS, AREAS = "inputs.json", "indicators.json", "areas.json"
Say = Callable[[float, str], None]


def digest_of(inputs: Mapping[str, Any]) -> str:
    """Return the digest of what an edition is made from: the name of its folder."""
    return hashlib.sha256(_json(inputs)).hexdigest()


def folder_of(digest: str) -> Path:
    """Return where an edition is, or would be."""
    return Path(settings.PORTAL_FOLDER) / "editions" / digest


def write_edition(inputs: Mapping[str, Any], say: Say) -> str:
    """Make the folder of an edition, unless it is there; return its digest.

    Parameters
    ----------
    inputs : mapping
        What `queries.published.edition_inputs` returns.
    say : callable
        Says how far it is, from 0 to 1, and what it is doing.

    Raises
    ------
    NotFound
        If a file of a published version is not in the store.
    """
    digest = digest_of(inputs)
    folder = folder_of(digest)
    if folder.is_dir():
        return digest
    staged = folder.with_name(f".staged-{digest}")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    try:
        _fill(staged, inputs, say)
        staged.replace(folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    say(0.8, "Summing up what the figures say")
    _summarise(digest)
    return digest


def _summarise(digest: str) -> None:
    """Make what pages need of all figures, so that no reader waits for it."""
    # Summaries read the edition that is written here, so they cannot be imported above.
    from everycount_hub.edition.read import open_edition  # noqa: PLC0415
    from everycount_hub.edition.summaries import summaries_of  # noqa: PLC0415

    summaries_of(open_edition(digest), timezone.localdate())


def remove_editions(digests: Iterable[str]) -> None:
    """Remove the folders of editions that were shown and are no longer.

    What was withdrawn, or held personal data, is then in no folder of the portal.
    """
    for digest in digests:
        shutil.rmtree(folder_of(digest), ignore_errors=True)


def datasets_in(inputs: Mapping[str, Any]) -> tuple[PublishedDataset, ...]:
    """Return the datasets of an edition from its inputs."""
    made = []
    for each in inputs["datasets"]:
        versions = tuple(PublishedVersion(**line) for line in each["versions"])
        labels = tuple(
            Label(**{**label, "indicators": tuple(label["indicators"])})
            for label in each.get("labels", ())
        )
        made.append(PublishedDataset(**{**each, "versions": versions, "labels": labels}))
    return tuple(made)


def frameworks_of(datasets: Iterable[PublishedDataset]) -> dict[str, Framework]:
    """Return the indicator sets that datasets name or are, by ID@VERSION.

    A set that this hub published goes before one of the same name that comes with the library.
    """
    listed = list(datasets)
    own = {}
    for each in listed:
        if each.content == "framework" and each.digest:
            content = unpack(store.bundle_path(each.digest))[framework_content.FILE]
            framework = read(content, Framework, subject=framework_content.FILE)
            own[framework.reference] = framework
    for reference in sorted({each.framework for each in listed if each.framework} - set(own)):
        try:
            own[reference] = load_framework(reference)
        except NotFound:  # named once, gone since: the figures stand under their codes
            continue
    return own


def _fill(folder: Path, inputs: Mapping[str, Any], say: Say) -> None:
    datasets = datasets_in(inputs)
    figures = [each for each in datasets if each.has_figures]
    say(0.0, "Counting what is published")
    frameworks = frameworks_of(datasets)
    indicators = catalogue.indicators(figures, frameworks)
    areas = catalogue.areas(indicators, _own_areas(figures))
    (folder / INPUTS).write_bytes(_json(inputs))
    (folder / INDICATORS).write_bytes(_json([asdict(each) for each in indicators]))
    (folder / AREAS).write_bytes(_json([asdict(each) for each in areas]))
    say(0.5, "Gathering what can be found")
    contents = searching.Contents(
        indicators=indicators,
        areas=areas,
        datasets=datasets,
        frameworks=frameworks,
        workspace_areas={each["slug"]: each["area"] for each in inputs["workspaces"]},
    )
    searching.write_findable(folder, contents)


def _own_areas(datasets: Iterable[PublishedDataset]) -> dict[str, Mapping[str, str]]:
    names: dict[str, Mapping[str, str]] = {}
    for each in datasets:
        names |= each.metadata.get("codes", {}).get("REF_AREA", {})
    return names


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
