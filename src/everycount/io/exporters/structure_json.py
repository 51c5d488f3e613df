"""Write the structure of observations as SDMX-JSON 2.0: DSD, code lists, concepts, flow."""

from typing import Any, BinaryIO

from everycount.io.exporters.description import provenance, stamp, summary
from everycount.io.exporters.outgoing import Outgoing
from everycount.io.exporters.sdmx_json import dump
from everycount.io.exporters.structure_parts import (
    REGISTRY,
    TEXT_TYPES,
    Parts,
    concept_urn,
    parts_of,
)
from everycount.model.codes import Code, CodeList
from everycount.model.structure import Component

SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/"
    "2.0.0/sdmx-json-structure-schema.json"
)


def write_structure_json(outgoing: Outgoing, file: BinaryIO) -> tuple[str, ...]:
    """Write SDMX-JSON 2.0 structures: agencies, data flow, code lists in use, concepts, DSD.

    Origins, licences, appraisals and notes stand as annotations of the data flow.

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
    """
    parts = parts_of(outgoing)
    structure = outgoing.structure
    meta = {
        "schema": SCHEMA,
        "id": structure.id,
        "test": False,
        "prepared": stamp(outgoing),
        "sender": {"id": structure.agency},
        **_texts("name", {"en": outgoing.title}),
    }
    data = {
        "agencySchemes": [_agencies(parts)],
        "codelists": [_code_list(each, parts) for each in parts.distinct],
        "conceptSchemes": [_concepts(outgoing, parts)],
        "dataStructures": [_structure(outgoing, parts)],
        "dataflows": [_flow(outgoing)],
    }
    file.write((dump({"meta": meta, "data": data}) + "\n").encode())
    return ()


def _texts(name: str, texts: dict[str, str]) -> dict[str, Any]:
    """Return a text in one language and in all: ``name`` and ``names``."""
    usual = texts.get("en") or next(iter(texts.values()))
    return {name: usual, f"{name}s": texts}


def _maintained(outgoing: Outgoing, id: str) -> dict[str, Any]:
    structure = outgoing.structure
    return {"id": id, "agencyID": structure.agency, "version": structure.version}


def _agencies(parts: Parts) -> dict[str, Any]:
    return {
        "id": "AGENCIES",
        "agencyID": REGISTRY,
        **_texts("name", {"en": "Agencies"}),
        "agencies": [{"id": each, **_texts("name", {"en": each})} for each in parts.agencies],
    }


def _code_list(codes: CodeList, parts: Parts) -> dict[str, Any]:
    """Return a code list; one without codes must not say so."""
    listed = {"codes": [_code(each, codes) for each in codes.codes]} if codes.codes else {}
    return {
        "id": codes.id,
        "agencyID": codes.agency,
        "version": codes.version,
        **_texts("name", dict(codes.name)),
        **(_texts("description", {"en": codes.source}) if codes.source else {}),
        "isPartial": codes.id in parts.partial,
        **listed,
    }


def _code(code: Code, codes: CodeList) -> dict[str, Any]:
    described = _texts("description", {"en": code.description}) if code.description else {}
    parent = {"parent": code.parent} if code.parent in codes.by_id else {}
    names = dict(code.name) or {"en": code.id}
    return {"id": code.id, **_texts("name", names), **described, **parent}


def _concepts(outgoing: Outgoing, parts: Parts) -> dict[str, Any]:
    structure = outgoing.structure
    return {
        **_maintained(outgoing, parts.scheme),
        **_texts("name", {"en": f"Concepts of {structure.name}"}),
        "concepts": [
            {"id": each.id, **_texts("name", {"en": each.name})} for each in structure.components
        ],
    }


def _flow(outgoing: Outgoing) -> dict[str, Any]:
    """Return the data flow with what is known of the data."""
    about = [{"type": kind, **_texts("text", {"en": text})} for kind, text in provenance(outgoing)]
    return {
        **_maintained(outgoing, outgoing.structure.id),
        **_texts("name", {"en": outgoing.title}),
        **_texts("description", {"en": summary(outgoing)}),
        **({"annotations": about} if about else {}),
        "structure": outgoing.structure.urn,
    }


def _structure(outgoing: Outgoing, parts: Parts) -> dict[str, Any]:
    """Return the data structure definition."""
    structure = outgoing.structure

    def listed(role: str) -> list[dict[str, Any]]:
        chosen = [each for each in structure.components if each.role == role]
        return [_component(outgoing, parts, each) for each in chosen]

    dimensions = [{**each, "position": place} for place, each in enumerate(listed("dimension"))]
    attributes = [
        {**each, "usage": "optional", "attributeRelationship": {"observation": {}}}
        for each in listed("attribute")
    ]
    time = listed("time")[0]
    return {
        **_maintained(outgoing, structure.id),
        **_texts("name", {"en": structure.name}),
        **(_texts("description", {"en": structure.source}) if structure.source else {}),
        "dataStructureComponents": {
            "dimensionList": {
                "id": "DimensionDescriptor",
                "dimensions": dimensions,
                "timeDimension": time,
            },
            "measureList": {"id": "MeasureDescriptor", "measures": listed("measure")},
            "attributeList": {"id": "AttributeDescriptor", "attributes": attributes},
        },
    }


def _component(outgoing: Outgoing, parts: Parts, component: Component) -> dict[str, Any]:
    """Return a component: its concept, and its code list or the type of its text."""
    codes = parts.lists.get(component.id)
    is_time = component.role == "time"
    kind = "ObservationalTimePeriod" if is_time else TEXT_TYPES[component.kind]
    values = {"enumeration": codes.urn} if codes else {"format": {"dataType": kind}}
    meant = [
        {"type": f"LABEL:{code.id}", **_texts("text", dict(code.name))}
        for code in parts.labels.get(component.id, ())
        if code.name
    ]
    return {
        "id": component.id,
        "conceptIdentity": concept_urn(outgoing, parts, component.id),
        "localRepresentation": values,
        **({"annotations": meant} if meant else {}),
    }
