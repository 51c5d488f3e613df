"""Checking a version: read the file that was sent, store its figures, hold them against rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
from django.utils import timezone

from everycount.errors import InputError, NotFound
from everycount_hub import store
from everycount_hub.actions import datasets
from everycount_hub.actions.fetching import FETCHED
from everycount_hub.jobs import Record, Say
from everycount_hub.jobs.findings import EXAMPLES, unreadable
from everycount_hub.models import DatasetVersion
from everycount_hub.queries.datasets import last_released

if TYPE_CHECKING:
    from everycount.io.importers.read import Reading
    from everycount.model.codes import CodeList
    from everycount.model.dataset import Dataset
    from everycount.model.origin import Origin
    from everycount.model.structure import DataStructure
    from everycount.repository.check import CheckResult


def check_version(say: Say, *, version: int) -> Record:
    """Read and check the file of a version; what is wrong with it is a finding, not a failure."""
    row = DatasetVersion.objects.select_related("dataset").get(pk=version)
    if row.state != DatasetVersion.State.SUBMITTED:
        return lambda: {"state": row.state}
    try:
        checked = _checked(say, row)
    except InputError as error:
        checked = unreadable(error)

    def record() -> Mapping[str, object]:
        done = datasets.record_check(version=row, checked=checked)
        return {"state": done.state, "errors": checked.errors, "warnings": checked.warnings}

    return record


def _checked(say: Say, row: DatasetVersion) -> datasets.Checked:
    # Reading and checking take a second to load; a page or another job does not need them.
    from everycount.io.code_lists import code_lists  # noqa: PLC0415
    from everycount.repository.check import check_observations  # noqa: PLC0415

    say(0.0, "Reading the file")
    reading = _open(row)
    figures = store.put_rows(_told(reading, say))
    before = last_released(row)
    count = figures.rows or 0
    result = check_observations(
        store.scan(figures.digest),
        today=timezone.localdate(),
        codes=code_lists(reading.structure, reading.codes),
        previous=store.scan(before.digest) if before else None,
        most=EXAMPLES,
        tell=lambda share: say(
            0.6 + 0.35 * share, f"Checking: {share * count:,.0f} of {count:,} observations"
        ),
    )
    say(0.95, "Recording")
    return datasets.Checked(
        figures=figures,
        metadata=_metadata(reading),
        findings=_in_words(result),
        errors=_count(result, "error"),
        warnings=_count(result, "warning"),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Fetched:
    """A dataset that was fetched, told as a reading: one batch."""

    dataset: "Dataset"

    def __iter__(self) -> Iterator[pl.DataFrame]:
        yield self.dataset.table

    @property
    def structure(self) -> "DataStructure":
        return self.dataset.structure

    @property
    def codes(self) -> "Mapping[str, CodeList]":
        return self.dataset.codes

    @property
    def origins(self) -> "tuple[Origin, ...]":
        return self.dataset.origins

    @property
    def notes(self) -> tuple[str, ...]:
        return self.dataset.notes


def _open(row: DatasetVersion) -> "Reading | _Fetched":
    from everycount.io.importers.read import open_dataset  # noqa: PLC0415
    from everycount.io.importers.source import Source  # noqa: PLC0415

    path = store.source_path(row.source, row.source_name)
    if not path.is_file():
        raise NotFound(f"the file {row.source_name} is not in the store")
    if FETCHED in row.options:
        from everycount_hub.answers import read_answers  # noqa: PLC0415

        return _Fetched(dataset=read_answers(path))
    source = Source(name=row.source_name, path=path)
    return open_dataset(source, format=row.options.get("format"), mapping=_mapping(row.options))


def _mapping(options: Mapping[str, Any]) -> Any:  # a noun loaded when needed
    """Return the column mapping that was sent along as text, if any."""
    text = options.get("mapping")
    if not text:
        return None
    from everycount.io.declare import read  # noqa: PLC0415
    from everycount.model.column_mapping import ColumnMapping  # noqa: PLC0415

    return read(text, ColumnMapping, subject="the column mapping")


def _told(reading: "Reading | _Fetched", say: Say) -> Any:  # an iterator of frames
    """Yield the batches, saying how many rows have been read."""
    rows = 0
    yield pl.DataFrame(schema=dict(reading.structure.schema))
    for batch in reading:
        rows += batch.height
        say(0.3, f"{rows:,} observations read")
        yield batch
    say(0.4, f"Storing {rows:,} observations")


def _metadata(reading: "Reading | _Fetched") -> dict[str, object]:
    return {
        "structure": reading.structure.id,
        "codes": {
            component: {code.id: dict(code.name) for code in codes.codes}
            for component, codes in reading.codes.items()
        },
        "origins": [
            {
                "producer": origin.producer,
                "title": origin.title,
                "licence": origin.licence,
                "citation": origin.citation,
                "url": origin.url,
            }
            for origin in reading.origins
        ],
        "notes": list(reading.notes),
    }


def _in_words(result: "CheckResult") -> list[dict[str, object]]:
    """Return the findings rule by rule, with the first of each as examples."""
    found: list[dict[str, object]] = []
    for severity in ("error", "warning", "note"):
        for rule in result.rules(severity):
            rows = result.findings.filter(pl.col("rule") == rule.id)
            found.append(
                {
                    "rule": rule.id,
                    "severity": severity,
                    "title": rule.title,
                    "why": rule.why,
                    "remedy": rule.remedy,
                    "count": result.counts[rule.id],
                    "examples": [_example(each) for each in rows.iter_rows(named=True)],
                }
            )
    return found


def _example(row: Mapping[str, object]) -> dict[str, str]:
    place = ("INDICATOR", "REF_AREA", "TIME_PERIOD", "breakdown", "component")
    return {
        "where": ", ".join(str(row[name]) for name in place if row[name]),
        "found": str(row["found"]),
        "expected": str(row["expected"]),
    }


def _count(result: "CheckResult", severity: Any) -> int:  # one of the library's
    return sum(result.counts[rule.id] for rule in result.rules(severity))
