"""Write observations as SDMX-JSON 2.0 data."""

import json
from typing import Any, BinaryIO

import polars as pl

from everycount.io.exporters.description import provenance, stamp
from everycount.io.exporters.outgoing import Outgoing
from everycount.io.exporters.periods import period_notes, sdmx_period
from everycount.io.exporters.text import joined, json_text
from everycount.model.codes import CODE
from everycount.model.observation import PERIOD
from everycount.model.structure import Component, Kind

SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/data-message/tools/schemas/"
    "2.0.0/sdmx-json-data-schema.json"
)
DATA_TYPES: dict[Kind, str] = {
    "code": "String",
    "text": "String",
    "number": "Double",
    "integer": "Integer",
}


def write_sdmx_json(outgoing: Outgoing, file: BinaryIO) -> tuple[str, ...]:
    """Write SDMX-JSON 2.0, all observations flat: keys are places in the lists of codes.

    Origins, licences, appraisals and notes stand as annotations of the data set.

    Parameters
    ----------
    outgoing : Outgoing
        The observations.
    file : BinaryIO
        Open for writing.

    Returns
    -------
    tuple of str
        What was changed, in words.
    """
    about = list(provenance(outgoing))
    structure = {**_structure(outgoing), "annotations": _annotations(about)}
    places = {name: _places(outgoing, name) for name in _listed(outgoing)}
    before = f'{{"meta":{dump(_meta(outgoing))},"data":{{"structures":[{dump(structure)}],'
    opened = {"structure": 0, "action": "Replace", "links": _links(outgoing)}
    opened |= {"annotations": list(range(len(about)))} if about else {}
    file.write(f'{before}"dataSets":[{dump(opened)[:-1]},"observations":{{\n'.encode())
    separator = b""
    for batch in outgoing.batches():
        rows = joined(batch, _row(outgoing, places), ",\n")
        file.write(separator + rows if rows else b"")
        separator = b",\n" if rows else separator
    file.write(b"\n}}]}}\n")
    changed = {text: sdmx_period(text) for text in outgoing.used(PERIOD)}
    return period_notes({text: other for text, other in changed.items() if text != other})


def dump(value: Any) -> str:
    """Return plain data as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("\x7f", "\\u007f")


def _listed(outgoing: Outgoing) -> list[str]:
    """Return the components whose values are places in a list."""
    coded = [each.id for each in outgoing.attributes if each.kind == "code"]
    return [*outgoing.structure.key, *coded]


def _places(outgoing: Outgoing, name: str) -> dict[str, str]:
    """Return the place of each code of a component."""
    return {code: str(place) for place, code in enumerate(outgoing.used(name))}


def _row(outgoing: Outgoing, places: dict[str, dict[str, str]]) -> list[pl.Expr]:
    """Return the parts of an observation: its key, and a list of value and attributes."""

    def place(name: str) -> pl.Expr:
        known = places[name]
        return pl.col(name).replace_strict(
            list(known), list(known.values()), default=None, return_dtype=pl.String
        )

    key = pl.concat_str([place(name) for name in outgoing.structure.key], separator=":")
    cells = [
        place(each.id) if each.id in places else json_text(each)
        for each in outgoing.components
        if each.role in {"measure", "attribute"}
    ]
    values = pl.concat_str([cell.fill_null("null") for cell in cells], separator=",")
    return [pl.lit('"'), key, pl.lit('":['), values, pl.lit("]")]


def _meta(outgoing: Outgoing) -> dict[str, Any]:
    """Return what stands above the data."""
    return {
        "schema": SCHEMA,
        "id": outgoing.structure.id,
        "test": False,
        "prepared": stamp(outgoing),
        "contentLanguages": ["en"],
        "name": outgoing.title,
        "names": {"en": outgoing.title},
        "sender": {"id": outgoing.structure.agency},
    }


def _links(outgoing: Outgoing) -> list[dict[str, str]]:
    return [{"urn": outgoing.structure.urn, "rel": "DataStructure"}]


def _annotations(about: list[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"type": kind, "text": text, "texts": {"en": text}} for kind, text in about]


def _structure(outgoing: Outgoing) -> dict[str, Any]:
    """Return the components with the codes that stand in the data."""
    structure = outgoing.structure
    dimensions = [
        {**_named(structure.by_id[name]), "keyPosition": position, **_values(outgoing, name)}
        for position, name in enumerate(structure.key)
    ]
    attributes = [
        {
            **_named(each),
            "relationship": {"observation": {}},
            **(
                _values(outgoing, each.id)
                if each.kind == "code"
                else {"format": {"dataType": DATA_TYPES[each.kind]}}
            ),
        }
        for each in outgoing.attributes
    ]
    measures = [
        {**_named(each), "format": {"dataType": DATA_TYPES[each.kind]}}
        for each in structure.components
        if each.role == "measure"
    ]
    return {
        "dataSets": [0],
        "links": _links(outgoing),
        "name": structure.name,
        "names": {"en": structure.name},
        "dimensions": {"observation": dimensions if outgoing.rows else []},
        "measures": {"observation": measures},
        "attributes": {"observation": attributes},
    }


def _named(component: Component) -> dict[str, Any]:
    """Return the id and name of a component."""
    return {"id": component.id, "name": component.name, "names": {"en": component.name}}


def _values(outgoing: Outgoing, name: str) -> dict[str, Any]:
    """Return the list of a component's codes."""
    codes = outgoing.codes.get(name)
    values: list[dict[str, Any]] = []
    for used in outgoing.used(name):
        text = sdmx_period(used) if name == PERIOD else used
        # What is no code of SDMX, such as 5.5.1a, stands as a value; it may have a name too.
        kind = "id" if CODE.fullmatch(text) else "value"
        known = codes.by_id.get(used) if codes else None
        names = outgoing.names(name, used)
        label = names.get("en") or next(iter(names.values()))
        parent = {"parent": known.parent} if known and known.parent else {}
        values.append({kind: text, "name": label, "names": names, **parent})
    return {"values": values}
