"""The step of the demonstration that checks the shipped figures and says what is not collected."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any, Final

import polars as pl

from everycount.io.code_lists import code_lists
from everycount.io.column_mappings import read_column_mapping
from everycount.io.exporters.formats import find_exporter
from everycount.io.exporters.outgoing import outgoing_of
from everycount.io.files import read_bytes
from everycount.io.frameworks import load_framework
from everycount.io.importers.read import read_dataset
from everycount.io.results import csv_bytes
from everycount.io.sample import sample_path
from everycount.model.dataset import Dataset
from everycount.model.origin import Origin
from everycount.reports.wording import plural
from everycount.repository.availability import availability
from everycount.repository.check import CheckResult, check_dataset

FRAMEWORK: Final = "sdg-gender-index"
READ: Final = date(2026, 11, 1)
"""The month in which the shipped figures were read, by which their age is judged."""
AREA: Final = ("704", "Viet Nam")
TITLE: Final = "Open figures of the 2019 SDG Gender Index"
DATA_FILES: Final = {
    "figures.sdmx.csv": "The figures as SDMX-CSV 2.0, areas by UN M49 code",
    "structure.xml": "Their structure and code lists as SDMX-ML 3.0",
    "figures.xlsx": "The same in a workbook: data, codes, what they are",
    "findings.csv": "What checking them found, rule by rule",
    "availability.csv": "Which indicator has figures for which area: by sex, how recent, open",
}
WRITTEN: Final = {
    "figures.sdmx.csv": "sdmx-csv",
    "structure.xml": "structure-ml-3.0",
    "figures.xlsx": "excel",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DataDemo:
    """What the step made."""

    files: Mapping[str, bytes]
    """By name; the same every time."""
    told: tuple[str, ...]
    """What was found, a line each."""
    facts: Mapping[str, Any]


def data_demo() -> DataDemo:
    """Read the shipped figures as observations, check them, and say what is not collected."""
    data = _read()
    framework = load_framework(FRAMEWORK)
    codes = code_lists(data.structure, data.codes)
    checked = check_dataset(data, today=READ, codes=codes, framework=framework)
    found = availability(list(_by_source(data)), framework, today=READ)
    area, name = AREA
    files = {file: _written(data, format) for file, format in WRITTEN.items()}
    files["findings.csv"] = csv_bytes(checked.findings)
    rows = found.indicators.with_columns(pl.col("breakdowns", "lacking").list.join("; "))
    files["availability.csv"] = csv_bytes(rows)
    sentence = found.sentence(area, name)
    return DataDemo(
        files=files,
        told=(_said(checked), sentence),
        facts={
            "observations": checked.observations,
            "findings": dict(checked.counts),
            "availability": sentence,
        },
    )


def _read() -> Dataset:
    """Return the shipped figures with their sources."""
    mapping = read_column_mapping(sample_path("observations.mapping.toml"))
    data = read_dataset(sample_path("observations.csv"), mapping=mapping)
    return replace(data, origins=tuple(dict.fromkeys(_origins().values())))


def _by_source(data: Dataset) -> Iterator[Dataset]:
    """Yield the figures of each source, which alone says under what licence they are."""
    for source, origin in _origins().items():
        table = data.table.filter(pl.col("SOURCE_DETAIL") == source)
        yield replace(data, table=table, origins=(origin,))


def _origins() -> Mapping[str, Origin]:
    """Return where the figures of each source are from."""
    sources = pl.read_csv(read_bytes(sample_path("sources.csv")), infer_schema=False)
    return {
        row["source"]: Origin(
            producer=row["producer"],
            title=row["title"],
            licence=row["licence"],
            citation=row["citation"],
            url=row["url"] or "",
            accessed=READ,
        )
        for row in sources.iter_rows(named=True)
    }


def _written(data: Dataset, format: str) -> bytes:
    """Return the data in a format."""
    file = BytesIO()
    find_exporter(format).write(outgoing_of(data, title=TITLE), file)
    return file.getvalue()


def _said(checked: CheckResult) -> str:
    """Return what checking came to."""
    counts = [
        plural(sum(checked.counts[rule.id] for rule in checked.rules(severity)), severity)
        for severity in ("error", "warning", "note")
    ]
    return f"{plural(checked.observations, 'observation')} checked: {', '.join(counts)}"
