"""SDMX-CSV 1.0, 2.0 and 2.1."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.csv import NAMES, Delimiter
from everycount.io.fit import ROW
from everycount.io.importers.csv_batches import csv_batches
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.sdmx_concepts import Concepts, is_attribute
from everycount.io.importers.sdmx_csv_labels import Labelled, read_labels
from everycount.io.importers.sdmx_flow import FLOW, Flow, Outlet
from everycount.io.importers.sdmx_structures import Structures
from everycount.io.importers.source import Source
from everycount.io.sdmx_names import DELETE, MISSING, read_reference
from everycount.model.column_mapping import ColumnMapping
from everycount.model.observation import OBSERVATION, VALUE

NAME = "sdmx-csv"
TITLE = "SDMX-CSV 1.0, 2.0 or 2.1"
BEGIN = re.compile(
    rb'\xef?\xbb?\xbf?"?(?:(DATAFLOW)(?::[^,;\t]*)?|STRUCTURE(?:\[(.)\])?)"?([,;\t])"?(\w*)'
)
"""How a file begins: SDMX-CSV 1.0 with DATAFLOW, 2.0 and 2.1 with STRUCTURE, the separator of
several values in a cell, and STRUCTURE_ID."""
SPECIAL = frozenset({"STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION"})
KEYS = frozenset({"SERIES_KEY", "OBS_KEY"})
"""Columns that repeat the key (SDMX-CSV 2.0, key parameter)."""
FIELD = re.compile(r"(?P<id>[^:\[\]{}]+?)(?P<several>\[.?\]|\{\})?(?::\s*(?P<name>.*))?", re.DOTALL)
"""A column: concept, a mark for several values or languages, and its name where labels are asked
for."""
COMMA = re.compile(r"[+-]?\d+,\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """How a file is written, as its first bytes show."""

    delimiter: Delimiter
    inner: str
    """What separates several values in a cell."""
    decimal: Literal[".", ","]


def recognises(head: bytes, name: str) -> bool:
    """Tell whether a file has the header of SDMX-CSV."""
    begin = BEGIN.match(head)
    return begin is not None and (begin[1] is not None or begin[4] == b"STRUCTURE_ID")


def parse(source: Source, structures: Structures | None = None) -> Parsed:
    """Read a file of one or several dataflows; rows to be deleted are left out and counted.

    Parameters
    ----------
    source : Source
        The file.
    structures : Structures, optional
        Data structure definitions and code lists of the producer: which columns are dimensions,
        and what codes mean. Without them names and the order of columns tell.

    Returns
    -------
    Parsed

    Raises
    ------
    InputError
        If the header is none of SDMX-CSV; other faults are met while reading.
    """
    shape = _see_shape(source)
    mapping = ColumnMapping(decimal=shape.decimal, missing=MISSING)
    parsed = Parsed(batches=iter(()), mapping=mapping)
    parsed.batches = _batches(source, shape, parsed, structures or Structures())
    return parsed


def _see_shape(source: Source) -> _Shape:
    """Return how a file is written."""
    head = source.head()
    begin = BEGIN.match(head)
    if begin is None:
        expected = "DATAFLOW or STRUCTURE as first column"
        raise InputError(source.name, [Problem("header", repr(head[:40]), expected)])
    separator, inner = begin[3].decode(), (begin[2] or b";").decode("latin-1")
    return _Shape(
        delimiter=NAMES.get(separator, separator),  # type: ignore[arg-type]
        inner=inner,
        decimal="," if separator != "," and _has_commas(head, separator) else ".",
    )


def _has_commas(head: bytes, separator: str) -> bool:
    """Tell whether values are written with a decimal comma: never where a comma separates.

    SDMX-CSV 2.0 lets the reader's locale decide on both, and the file does not say which it was.
    """
    lines = head.decode("utf-8-sig", errors="replace").splitlines()
    names = [_field(name)["id"] for name in lines[0].split(separator)]
    if VALUE not in names:
        return False
    position = names.index(VALUE)
    cells = [line.split(separator) for line in lines[1:-1] or lines[1:]]
    values = [row[position].strip('" ') for row in cells if len(row) > position]
    return any(map(COMMA.fullmatch, values)) and not any("." in value for value in values)


def _field(header: str) -> dict[str, str]:
    """Return a column's concept, mark and name; a name of another form is all concept."""
    found = FIELD.fullmatch(header.strip().strip('"'))
    parts = found.groupdict() if found else {"id": header.strip(), "several": "", "name": ""}
    return {name: part or "" for name, part in parts.items()}


def _batches(
    source: Source, shape: _Shape, parsed: Parsed, structures: Structures
) -> Iterator[pl.DataFrame]:
    """Yield the observations, those of one dataflow at a time."""
    outlet = Outlet(parsed)
    if shape.decimal == ",":
        outlet.note("values are written with a decimal comma")
    row, deleted = parsed.first_row, 0
    flows: dict[str, Flow] = {}
    for table in csv_batches(source, shape.delimiter):
        numbered = table.with_row_index(ROW, offset=row).with_columns(pl.col(ROW).cast(pl.Int64))
        row += table.height
        labelled = _tidy(numbered, shape, source.name)
        kept = labelled.table
        if "ACTION" in kept.columns:
            is_deleted = pl.col("ACTION").str.to_uppercase().is_in(list(DELETE))
            kept = kept.filter(~is_deleted.fill_null(value=False))
            deleted += table.height - kept.height
        # Empty rows belong to no flow.
        kept = kept.filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))
        for part in kept.partition_by(FLOW, maintain_order=True):
            text = part[FLOW][0] or ""
            if text not in flows:
                flows[text] = _flow(text, labelled, structures)
            flow = flows[text]
            for name, codes in labelled.labels.items():
                flow.labels.setdefault(name, {}).update(codes)
            plain = part.with_columns(pl.lit(flow.reference.id).alias(FLOW))
            yield outlet.send(plain.drop(SPECIAL & set(part.columns)), flow)
    if deleted:
        parsed.notes.append(f"{deleted} rows with the action D (delete) are left out")


def _tidy(table: pl.DataFrame, shape: _Shape, subject: str) -> Labelled:
    """Return a table by concept, without labels in its cells, with the dataflow in `FLOW`."""
    fields = {name: _field(name) for name in table.columns if name != ROW}
    names = [field["id"] for field in fields.values()]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        expected = "each column once"
        raise InputError(subject, [Problem("header", f"{name} twice", expected) for name in twice])
    labelled = read_labels(
        table.rename({old: field["id"] for old, field in fields.items()}),
        {field["id"]: field["name"] for field in fields.values() if field["name"]},
        special=SPECIAL | KEYS | {FLOW},
    )
    several = [field["id"] for field in fields.values() if field["several"].startswith("[")]
    plain = labelled.table.rename({"STRUCTURE_ID": FLOW}, strict=False).with_columns(
        pl.col(name).str.replace_all(shape.inner, "; ", literal=True)
        for name in several
        if name in labelled.table.columns
    )
    # A label may follow: ESTAT:NA_MAIN(1.6.0): National accounts.
    bare = pl.col(FLOW).str.replace(r"^([^:]*:[^:()]*(?:\([^)]*\))?):\s.*$", "${1}")
    keys = KEYS & set(plain.columns)
    return Labelled(
        table=plain.with_columns(bare).drop(keys), names=labelled.names, labels=labelled.labels
    )


def _flow(text: str, labelled: Labelled, structures: Structures) -> Flow:
    """Return what the columns of a file are.

    The format does not say which columns are dimensions. Writers put them before the period and
    the value; attributes stand behind, or have names that are known.
    """
    columns = [name for name in labelled.table.columns if name not in {*SPECIAL, FLOW, ROW}]
    marks = [columns.index(name) for name in ("TIME_PERIOD", VALUE) if name in columns]
    begin = min(marks, default=len(columns))
    reference = read_reference(text)
    structure = structures.of(reference)
    dimensions = tuple(
        name
        for position, name in enumerate(columns)
        if (
            name in structure.key
            if structure
            else not is_attribute(name) and (position < begin or _is_dimension(name))
        )
    )
    attributes = tuple(name for name in columns if name not in dimensions)
    flow = Flow(
        reference=reference,
        concepts=Concepts(dimensions=dimensions, attributes=attributes, roles={}),
    )
    structures.describe(flow)
    flow.names |= labelled.names
    return flow


def _is_dimension(name: str) -> bool:
    """Tell whether a concept is a dimension or the period of ours."""
    return name.upper() in OBSERVATION.key
