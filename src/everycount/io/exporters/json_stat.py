"""Write observations as JSON-stat 2.0: a cube with sparse values."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, BinaryIO

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.code_lists import shipped_code_lists
from everycount.io.exporters.description import facts, provenance, stamp
from everycount.io.exporters.outgoing import Outgoing
from everycount.io.exporters.plain_csv import FREQUENCY, telling
from everycount.io.exporters.sdmx_json import dump
from everycount.io.exporters.structure_parts import parts_of
from everycount.io.exporters.text import joined, json_text
from everycount.model.codes import Code, CodeList
from everycount.model.observation import AREA, INDICATOR, PERIOD, VALUE
from everycount.model.structure import Component

CELLS = 5_000_000
"""Cells of the largest cube. Readers of JSON-stat hold all of them, also the empty ones; Eurostat
refuses more than this too (its API help, on HTTP 413)."""
STATUS = "OBS_STATUS"
ROLES = {"time": PERIOD, "geo": AREA, "metric": INDICATOR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cube:
    """The dimensions that say something, each with its codes in order."""

    codes: Mapping[str, tuple[str, ...]]

    @property
    def size(self) -> tuple[int, ...]:
        """How many codes each dimension has."""
        return tuple(map(len, self.codes.values()))

    def cell(self) -> pl.Expr:
        """Return the number of each observation's cell, the last dimension running fastest."""
        number = pl.lit(0, pl.Int64)
        for name, codes in self.codes.items():
            place = pl.col(name).replace_strict(
                list(codes), list(range(len(codes))), return_dtype=pl.Int64
            )
            number = number * len(codes) + place
        return number


def write_json_stat(outgoing: Outgoing, file: BinaryIO) -> tuple[str, ...]:
    """Write a JSON-stat 2.0 dataset.

    Dimensions in which all is total are left out, but not the frequency. Values are sparse; one
    that is missing is null where an observation says so. OBS_STATUS is the status, the other
    attributes stand in the extension under the same cell numbers, beside origins, notes and what
    more is known of codes. Our reader takes all of it back.

    Parameters
    ----------
    outgoing : Outgoing
        The observations.
    file : BinaryIO
        Open for writing.

    Returns
    -------
    tuple of str
        What was changed, in words: nothing.

    Raises
    ------
    InputError
        If the cube would have more than `CELLS` cells.
    """
    # Readers make a frequency of the periods where none is given.
    names = {*telling(outgoing), FREQUENCY}
    cube = Cube(codes={key: outgoing.used(key) for key in outgoing.structure.key if key in names})
    _refuse_size(outgoing, cube)
    file.write(f"{dump(_head(outgoing, cube))[:-1]},\n".encode())
    by_id = outgoing.structure.by_id
    _object(outgoing, cube, by_id[VALUE], file, name="value")
    others = [each for each in outgoing.attributes if each.id != STATUS]
    if len(others) < len(outgoing.attributes):
        file.write(b",\n")
        _object(outgoing, cube, by_id[STATUS], file, name="status")
    file.write(f',\n"extension":{dump(_extension(outgoing))[:-1]},"attributes":{{\n'.encode())
    for number, component in enumerate(others):
        file.write(b",\n" if number else b"")
        _object(outgoing, cube, component, file, name=component.id)
    file.write(b"\n}}}\n")
    return ()


def _refuse_size(outgoing: Outgoing, cube: Cube) -> None:
    """Refuse a cube that readers could not hold, with what to do instead."""
    cells = prod(cube.size)
    if cells > CELLS:
        largest = sorted(cube.codes, key=lambda name: -len(cube.codes[name]))[:3]
        shown = " x ".join(f"{len(cube.codes[name]):,} of {name}" for name in largest)
        found = f"{cells:,} cells for {outgoing.rows:,} observations ({shown} and others)"
        advice = (
            f"at most {CELLS:,}; write fewer indicators, or sdmx-csv, sdmx-json or parquet, "
            "which have no empty cells"
        )
        raise InputError("JSON-stat", [Problem("cube", found, advice)])


def _head(outgoing: Outgoing, cube: Cube) -> dict[str, Any]:
    """Return what stands before the values."""
    sources = [words for kind, words in provenance(outgoing) if kind == "SOURCE"]
    others = [words for kind, words in provenance(outgoing) if kind in {"LICENCE", "NOTE"}]
    return {
        "version": "2.0",
        "class": "dataset",
        "label": outgoing.title,
        **({"source": "; ".join(sources)} if sources else {}),
        **({"updated": stamp(outgoing)} if outgoing.is_dated else {}),
        **({"note": others} if others else {}),
        "id": list(cube.codes),
        "size": list(cube.size),
        "role": {role: [name] for role, name in ROLES.items() if name in cube.codes},
        "dimension": {
            name: _dimension(outgoing, name, codes) for name, codes in cube.codes.items()
        },
    }


def _dimension(outgoing: Outgoing, name: str, codes: tuple[str, ...]) -> dict[str, Any]:
    """Return a dimension with the names of its codes, what they are part of, and units."""
    children: dict[str, list[str]] = {}
    known = outgoing.codes[name].by_id if name in outgoing.codes else {}
    for code in codes:
        if code in known and known[code].parent in codes:
            children.setdefault(known[code].parent, []).append(code)
    category = {
        "index": list(codes),
        "label": {code: outgoing.label(name, code) for code in codes},
        **({"child": children} if children else {}),
        **({"unit": dict(_units(outgoing))} if name == INDICATOR and outgoing.found.units else {}),
    }
    return {"label": outgoing.structure.by_id[name].name, "category": category}


def _units(outgoing: Outgoing) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the unit of each indicator that has one only."""
    for indicator, units in sorted(outgoing.found.units.items()):
        if len(units) == 1:
            (unit,) = units
            yield indicator, {"label": outgoing.label("UNIT_MEASURE", unit), "code": unit}


def _extension(outgoing: Outgoing) -> dict[str, Any]:
    """Return what JSON-stat has no name for."""
    parts = parts_of(outgoing)
    listed = {**{name: each.codes for name, each in parts.lists.items()}, **parts.labels}
    own = {name: list(_told(outgoing, name, codes)) for name, codes in listed.items()}
    return {
        "everycount": facts(outgoing),
        "codes": {name: codes for name, codes in own.items() if codes},
    }


def _told(outgoing: Outgoing, name: str, codes: Iterable[Code]) -> Iterator[dict[str, Any]]:
    """Yield what a cube cannot tell of codes: names of attributes, in other languages, parents."""
    component = outgoing.structure.by_id[name]
    shipped = shipped_code_lists().get(component.codes, CodeList(id=component.codes, codes=()))
    for code in codes:
        is_plain = not code.parent and not code.description and code.name == {"en": code.id}
        is_known = code.id in shipped and shipped.by_id.get(code.id, code) == code
        if component.role == "attribute" or not (is_plain or is_known):
            about = {"parent": code.parent, "description": code.description}
            known = {key: text for key, text in about.items() if text}
            yield {"id": code.id, "name": dict(code.name), **known}


def _object(
    outgoing: Outgoing, cube: Cube, component: Component, file: BinaryIO, *, name: str
) -> None:
    """Write an object with the cells of a component by the number of the cell."""
    file.write(f'"{name}":{{'.encode())
    separator = b""
    for batch in outgoing.batches():
        parts = [
            pl.lit('"'),
            cube.cell().cast(pl.String),
            pl.lit('":'),
            json_text(component).fill_null("null"),
        ]
        said = batch
        if component.role != "measure":  # a value is missing; an attribute is not there
            said = batch.filter(pl.col(component.id).is_not_null())
        rows = joined(said, parts, ",\n")
        file.write(separator + rows if rows else b"")
        separator = b",\n" if rows else separator
    file.write(b"}")
