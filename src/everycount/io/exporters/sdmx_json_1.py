"""Write observations as SDMX-JSON 1.0 data, which readers of SDMX 2.1 services expect."""

from typing import Any, BinaryIO

import polars as pl

from everycount.io.exporters.description import provenance, stamp
from everycount.io.exporters.outgoing import Outgoing
from everycount.io.exporters.periods import changed_periods, period_notes, sdmx_period
from everycount.io.exporters.sdmx_json import dump
from everycount.io.exporters.text import joined, json_text, plain_text
from everycount.model.codes import CODE
from everycount.model.observation import PERIOD, VALUE
from everycount.model.structure import Component

SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/develop/data-message/tools/schemas/1.0/"
    "sdmx-json-data-schema.json"
)


def write_sdmx_json_1(outgoing: Outgoing, file: BinaryIO) -> tuple[str, ...]:
    """Write SDMX-JSON 1.0, all observations flat: keys and attributes are places in lists.

    In this version the values of every attribute stand in a list, also texts and numbers.
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
    about = [{"type": kind, "text": text} for kind, text in provenance(outgoing)]
    values = _values(outgoing)
    link = {"href": outgoing.structure.urn, "urn": outgoing.structure.urn, "rel": "DataStructure"}
    meta = {
        "schema": SCHEMA,
        "id": outgoing.structure.id,
        "test": False,
        "prepared": stamp(outgoing),
        "contentLanguages": ["en"],
        "name": outgoing.title,
        "sender": {"id": outgoing.structure.agency},
    }
    opened: dict[str, Any] = {"action": "Replace", "links": [link]}
    opened |= {"annotations": list(range(len(about)))} if about else {}
    structure = {**_structure(outgoing, values), "links": [link]}
    structure |= {"annotations": about} if about else {}
    before = f'{{"meta":{dump(meta)},"data":{{"structure":{dump(structure)},"dataSets":['
    file.write(f'{before}{dump(opened)[:-1]},"observations":{{\n'.encode())
    separator = b""
    for batch in outgoing.batches():
        rows = joined(batch, _row(outgoing, values), ",\n")
        file.write(separator + rows if rows else b"")
        separator = b",\n" if rows else separator
    file.write(b"\n}}]}}\n")
    return period_notes(changed_periods(outgoing.used(PERIOD)))


def _values(outgoing: Outgoing) -> dict[str, tuple[str, ...]]:
    """Return the values of each dimension and attribute, as text, in the order of their places."""
    coded = [c.id for c in (*outgoing.structure.components,) if c.id in outgoing.found.values]
    free = [each for each in outgoing.attributes if each.id not in coded]
    seen: dict[str, set[str]] = {each.id: set() for each in free}
    for batch in outgoing.batches() if free else ():
        texts = batch.select(**{each.id: plain_text(each) for each in free})
        for name, known in seen.items():
            known.update(texts[name].unique().drop_nulls())
    return {name: outgoing.used(name) for name in coded} | {
        name: tuple(sorted(known)) for name, known in seen.items()
    }


def _row(outgoing: Outgoing, values: dict[str, tuple[str, ...]]) -> list[pl.Expr]:
    """Return the parts of an observation: its key, and a list of value and attributes."""

    def place(component: Component) -> pl.Expr:
        known = values[component.id]
        places = [str(place) for place in range(len(known))]
        return plain_text(component).replace_strict(
            list(known), places, default=None, return_dtype=pl.String
        ) if known else pl.lit(None, pl.String)  # fmt: skip

    by_id = outgoing.structure.by_id
    key = pl.concat_str([place(by_id[name]) for name in outgoing.structure.key], separator=":")
    cells = [json_text(by_id[VALUE]), *(place(each) for each in outgoing.attributes)]
    listed = pl.concat_str([cell.fill_null("null") for cell in cells], separator=",")
    return [pl.lit('"'), key, pl.lit('":['), listed, pl.lit("]")]


def _structure(outgoing: Outgoing, values: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    """Return the components with the values that stand in the data."""
    by_id = outgoing.structure.by_id
    dimensions = [
        {**_named(by_id[name]), "keyPosition": place, "values": _listed(outgoing, name, values)}
        for place, name in enumerate(outgoing.structure.key)
    ]
    attributes = [
        {
            **_named(each),
            "relationship": {"primaryMeasure": VALUE},
            "values": _listed(outgoing, each.id, values),
        }
        for each in outgoing.attributes
    ]
    return {
        "name": outgoing.structure.name,
        "dimensions": {"observation": dimensions},
        "attributes": {"observation": attributes},
    }


def _named(component: Component) -> dict[str, str]:
    return {"id": component.id, "name": component.name}


def _listed(
    outgoing: Outgoing, name: str, values: dict[str, tuple[str, ...]]
) -> list[dict[str, Any]]:
    """Return values with their names; a text that is no code of SDMX is a name alone."""
    is_attribute = outgoing.structure.by_id[name].role == "attribute"
    made = []
    for value in values[name]:
        text = sdmx_period(value) if name == PERIOD else value
        # The key of an observation is made of ids, whatever the schema thinks of their letters.
        id = {"id": text} if CODE.fullmatch(text) or not is_attribute else {}
        made.append({**id, "name": outgoing.label(name, value) if name != PERIOD else text})
    return made
