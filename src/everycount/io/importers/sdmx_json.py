"""SDMX-JSON data: 1.0, 2.0, 2.1 and the draft that older services still speak."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.fit import ROW
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.sdmx_concepts import Concepts
from everycount.io.importers.sdmx_flow import Flow, Outlet
from everycount.io.importers.sdmx_json_levels import Levels, Rows
from everycount.io.importers.sdmx_json_text import Object, names_of, read_json
from everycount.io.importers.sdmx_ml import name_observation
from everycount.io.importers.sdmx_structures import Structures, english
from everycount.io.importers.source import Source
from everycount.io.sdmx_names import DELETE, MISSING, Reference, read_reference
from everycount.model.codes import Code
from everycount.model.column_mapping import ColumnMapping
from everycount.model.origin import Origin

NAME = "sdmx-json"
TITLE = "SDMX-JSON data, 1.0 or 2.0"
MARK = re.compile(rb'"dataSets"\s*:|sdmx-json-data-schema')
BATCH = 100_000
"""Observations that are handed over at a time."""
PREFERRED = ("dataflow", "datastructure", "provisionagreement")
"""Links that say what data are, the likeliest first."""


def recognises(head: bytes, name: str) -> bool:
    """Tell whether a file is JSON that says it is SDMX, or has data sets."""
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    is_said = MARK.search(begin) is not None or b"sdmx-json" in begin[:4096]
    return begin.startswith(b"{") and is_said


def parse(source: Source, structures: Structures | None = None) -> Parsed:
    """Read a data message; JSON stands in memory whole.

    Parameters
    ----------
    source : Source
        The message.
    structures : Structures, optional
        Labels of the producer, where the message has none.

    Returns
    -------
    Parsed

    Raises
    ------
    InputError
        If it is no JSON or no data message.
    """
    message = read_json(source)
    data = message.get("data", message)
    sets = data.get("dataSets") if isinstance(data, dict) else None
    if not isinstance(sets, list):
        raise InputError(source.name, [_refuse(message)])
    parsed = Parsed(
        batches=iter(()),
        mapping=ColumnMapping(missing=MISSING),
        first_row=1,
        locate=name_observation,
    )
    sender = _sender(message)
    levels = [Levels(each) for each in _structures(data, source.name)]
    flows = [_flow(each, sender) for each in levels]
    for flow in flows:
        (structures or Structures()).describe(flow)
    titles = dict.fromkeys(english(flow.name) or str(flow.reference) for flow in flows)
    producer = english(names_of(sender)) or str(sender.get("id", ""))
    parsed.origin = Origin(producer=producer, title="; ".join(titles))
    parsed.batches = _batches(sets, list(zip(levels, flows, strict=True)), parsed, source.name)
    return parsed


def _refuse(message: Object) -> Problem:
    """Return what a message without data sets is."""
    found = f"an object with {', '.join(list(message)[:8]) or 'nothing'}"
    if message.get("errors"):
        said = [
            str(each.get("title") or each.get("message") or each.get("code"))
            for each in message["errors"]
            if isinstance(each, dict)
        ]
        found = f"an error of the service ({'; '.join(said)})"
    elif isinstance(message.get("data"), dict):
        found = f"data with {', '.join(list(message['data'])[:8]) or 'nothing'}"
    return Problem("file", found, "data sets (dataSets)")


def _sender(message: Object) -> Object:
    """Return who sent a message: in ``meta``, in the draft in ``header``."""
    about = message.get("meta") or message.get("header") or {}
    sender = about.get("sender") if isinstance(about, dict) else None
    return sender if isinstance(sender, dict) else {}


def _structures(data: Object, subject: str) -> list[Object]:
    """Return the structures that data sets refer to by their number."""
    found = data.get("structures") or [data.get("structure")]
    if not all(isinstance(each, dict) and "dimensions" in each for each in found):
        problem = Problem("structure", "none with dimensions", "the dimensions of the data")
        raise InputError(subject, [problem])
    return list(found)


def _flow(levels: Levels, sender: Object) -> Flow:
    """Return what a structure describes, with the labels of its codes."""
    structure = levels.structure
    names = names_of(structure)
    dimensions = tuple(each["id"] for each in levels.dimensions)
    described = (*levels.measures, *levels.attributes)
    return Flow(
        reference=_refer(structure, sender),
        name=names,
        concepts=Concepts(
            dimensions=dimensions,
            attributes=tuple(each["id"] for each in described),
            roles={each["id"]: role for each in levels.dimensions if (role := _role(each))},
        ),
        names={each["id"]: english(names_of(each)) or each["id"] for each in levels.all},
        labels={each["id"]: _labels(each.get("values") or ()) for each in levels.all},
    )


def _refer(structure: Object, sender: Object) -> Reference:
    """Return what data belong to: as links say, else by the name."""
    links = {
        str(each.get("rel")).lower(): each
        for each in structure.get("links") or ()
        if isinstance(each, dict)
    }
    for kind in PREFERRED:
        link = links.get(kind, {})
        if "urn" in link:
            return read_reference(link["urn"])
        address = re.search(r"/dataflow/([\w.\-]+)/(?:(?!all\b|latest\b)([\w@$\-]+))?", _href(link))
        if address:
            # The draft of OECD.Stat has no agency in its addresses, the standard has.
            flow, agency = address[2] or address[1], address[1] if address[2] else ""
            return Reference(id=flow, agency=agency or str(sender.get("id", "")))
    name = structure.get("id") or english(names_of(structure)) or "DATAFLOW"
    return Reference(id=str(name), agency=str(sender.get("id", "")))


def _href(link: Mapping[str, Any]) -> str:
    """Return an address with an end, so that its last part is found too."""
    return f"{link.get('href', '')}/"


def _role(component: Object) -> str:
    """Return the role of a dimension."""
    found = component.get("roles") or component.get("role") or ""
    return str(found[0] if isinstance(found, list) else found)


def _labels(values: Any) -> dict[str, Code]:
    """Return codes with their names."""
    return {
        str(each["id"]): Code(id=str(each["id"]), name=names_of(each))
        for each in values
        if isinstance(each, dict) and "id" in each and names_of(each)
    }


def _batches(
    sets: list[Any], structures: list[tuple[Levels, Flow]], parsed: Parsed, subject: str
) -> Iterator[pl.DataFrame]:
    """Yield the observations of all data sets."""
    outlet, row, deleted = Outlet(parsed), 1, 0
    for number, data in enumerate(sets, 1):
        if not isinstance(data, dict):
            raise InputError(subject, [Problem(f"data set {number}", "no object", "an object")])
        position = data.get("structure", 0)
        if not isinstance(position, int) or not 0 <= position < len(structures):
            expected = f"the number of one of {len(structures)} structures, from 0"
            problem = Problem(f"data set {number}, structure", repr(position), expected)
            raise InputError(subject, [problem])
        levels, flow = structures[position]
        is_deleted = str(data.get("action", "")).upper() in DELETE
        for rows in levels.rows(data, BATCH, subject=f"{subject}, data set {number}"):
            count = len(rows.values)
            if is_deleted:
                deleted += count
            else:
                yield outlet.send(_table(rows, levels, row), flow)
            row += count
    if deleted:
        outlet.note(f"{deleted} observations of data sets to delete are left out")
    if row == 1:
        outlet.note("the message has no observations")


def _table(rows: Rows, levels: Levels, first: int) -> pl.DataFrame:
    """Return rows as a table of text, numbered."""
    table = levels.table(rows)
    return table.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW) + first)
