"""Write artefacts as a structure message: SDMX-ML 2.1 and 3.0, SDMX-JSON 1.0 and 2.0."""

import copy
import json
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from everycount.io.exporters.xml import element, wording
from everycount_hub.api import described
from everycount_hub.api.sdmx.artefacts import (
    AGENCIES,
    CODES,
    CONCEPTS,
    CONSTRAINT,
    FLOW,
    STRUCTURE,
    Artefact,
    namespaces,
    parsed,
)
from everycount_hub.api.sdmx.json_1 import object_1

FULL, STUB, COMPLETE = "full", "stub", "completestub"
IN_XML = {
    "2.1": (
        (AGENCIES, "OrganisationSchemes"),
        (FLOW, "Dataflows"),
        (CODES, "Codelists"),
        (CONCEPTS, "Concepts"),
        (STRUCTURE, "DataStructures"),
        (CONSTRAINT, "Constraints"),
    ),
    "3.0": (
        (AGENCIES, "AgencySchemes"),
        (CODES, "Codelists"),
        (CONCEPTS, "ConceptSchemes"),
        (CONSTRAINT, "DataConstraints"),
        (FLOW, "Dataflows"),
        (STRUCTURE, "DataStructures"),
    ),
}
"""The order that each version demands, and what holds each kind."""
IN_JSON = {
    FLOW: "dataflows",
    STRUCTURE: "dataStructures",
    CODES: "codelists",
    CONCEPTS: "conceptSchemes",
    AGENCIES: "agencySchemes",
    CONSTRAINT: "dataConstraints",
}
IN_JSON_1 = {**IN_JSON, CONSTRAINT: "contentConstraints"}
SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/"
    "{0}/sdmx-json-structure-schema.json"
)
ABOUT = ("Name", "Description", "Annotations")
OF_STUB = frozenset({"id", "agencyID", "version", "name", "names"})
OF_COMPLETE = OF_STUB | {"description", "descriptions", "annotations"}


def message(
    chosen: Sequence[tuple[Artefact, str]], format: str, *, prepared: str, number: str
) -> bytes:
    """Return a structure message.

    Parameters
    ----------
    chosen : sequence of Artefact and str
        What is in it, each with how much of it: full, stub or completestub.
    format : str
        structure-ml-2.1, structure-ml-3.0, structure-json-1.0 or structure-json.
    prepared : str
        When the edition was made ready, ISO 8601.
    number : str
        Id of the message.
    """
    if format.startswith("structure-ml-"):
        return _xml(chosen, format.removeprefix("structure-ml-"), prepared=prepared, number=number)
    is_1 = format == "structure-json-1.0"
    return _json(chosen, is_1=is_1, prepared=prepared, number=number)


def _xml(
    chosen: Sequence[tuple[Artefact, str]], version: str, *, prepared: str, number: str
) -> bytes:
    spaces = namespaces(version)
    root = etree.Element(f"{{{spaces['mes']}}}Structure", nsmap=spaces)
    head = (
        element("mes:ID", content=number),
        element("mes:Test", content="false"),
        element("mes:Prepared", content=prepared),
        element("mes:Sender", {"id": described.AGENCY}),
        wording("com:Name", {"en": "Structures of published figures"}),
    )
    root.append(parsed(element("mes:Header", content="".join(head)), version))
    structures = etree.SubElement(root, f"{{{spaces['mes']}}}Structures")
    for kind, container in IN_XML[version]:
        held = [(each, detail) for each, detail in chosen if each.kind == kind]
        if held:
            place = etree.SubElement(structures, f"{{{spaces['str']}}}{container}")
            place.extend(_element(each, detail, version) for each, detail in held)
    etree.cleanup_namespaces(root, keep_ns_prefixes=list(spaces))
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return content


def _element(artefact: Artefact, detail: str, version: str) -> Any:
    made = copy.deepcopy(artefact.xml[version])
    made.tail = None
    if detail == FULL:
        return made
    kept = ABOUT if detail == COMPLETE else ABOUT[:1]
    for child in list(made):
        if etree.QName(child).localname not in kept:
            made.remove(child)
    made.attrib.pop("isPartial", None)
    made.set("isExternalReference", "true")
    made.text = None
    for child in made:
        child.tail = None
    return made


def _json(
    chosen: Sequence[tuple[Artefact, str]], *, is_1: bool, prepared: str, number: str
) -> bytes:
    data: dict[str, list[Mapping[str, Any]]] = {}
    for artefact, detail in chosen:
        told = _object(artefact, detail)
        listed = (IN_JSON_1 if is_1 else IN_JSON)[artefact.kind]
        data.setdefault(listed, []).append(object_1(artefact.kind, told) if is_1 else told)
    meta = {
        "schema": SCHEMA.format("1.0" if is_1 else "2.0.0"),
        "id": number,
        "test": False,
        "prepared": prepared,
        "sender": {"id": described.AGENCY},
    }
    text = json.dumps({"meta": meta, "data": data}, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def _object(artefact: Artefact, detail: str) -> Mapping[str, Any]:
    if detail == FULL:
        return artefact.json
    kept = OF_COMPLETE if detail == COMPLETE else OF_STUB
    told = {name: value for name, value in artefact.json.items() if name in kept}
    return {**told, "isExternalReference": True}
