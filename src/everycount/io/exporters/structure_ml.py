"""Write the structure of observations as SDMX-ML 2.1 or 3.0: DSD, code lists, concepts, flow."""

import re
from collections.abc import Mapping
from typing import BinaryIO

from everycount.io.exporters.description import provenance, summary
from everycount.io.exporters.outgoing import Outgoing
from everycount.io.exporters.sdmx_ml import SCHEMAS, V21, V30, Version, preamble
from everycount.io.exporters.structure_parts import (
    REGISTRY,
    TEXT_TYPES,
    Parts,
    concept_urn,
    parts_of,
)
from everycount.io.exporters.text import escape_xml
from everycount.io.exporters.xml import DECLARATION, annotations, element, start, wording
from everycount.model.codes import Code, CodeList
from everycount.model.structure import Component

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_\-]*")
"""What the schemas of SDMX-ML 3.0 allow as the parent of a code (SDMXStructureCodelist.xsd). The
numbers of M49 are codes but none of these; an annotation says it for them."""


def write_structure_ml_21(outgoing: Outgoing, file: BinaryIO) -> tuple[str, ...]:
    """Write SDMX-ML 2.1 structures: agencies, data flow, code lists in use, concepts, DSD.

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
    return _write(outgoing, file, V21)


def write_structure_ml_30(outgoing: Outgoing, file: BinaryIO) -> tuple[str, ...]:
    """Write SDMX-ML 3.0 structures; else as `write_structure_ml_21`."""
    return _write(outgoing, file, V30)


def _write(outgoing: Outgoing, file: BinaryIO, version: Version) -> tuple[str, ...]:
    parts = parts_of(outgoing)
    lists = "\n".join(_code_list(each, parts, version) for each in parts.distinct)
    agencies = element("str:AgencyScheme", _agency_attributes(version), _agencies(parts))
    flows = element("str:Dataflows", content=_flow(outgoing, version))
    codes = element("str:Codelists", content=lists)
    structures = element("str:DataStructures", content=_structure(outgoing, parts, version))
    concepts = _concepts(outgoing, parts)
    # Each version demands an order of its own.
    if version is V21:
        content = (
            element("str:OrganisationSchemes", content=agencies),
            flows,
            codes,
            element("str:Concepts", content=concepts),
            structures,
        )
    else:
        content = (
            element("str:AgencySchemes", content=agencies),
            codes,
            element("str:ConceptSchemes", content=concepts),
            flows,
            structures,
        )
    kinds = {"mes": "message", "com": "common", "str": "structure"}
    named = {f"xmlns:{key}": f"{SCHEMAS}{version.folder}/{kind}" for key, kind in kinds.items()}
    head = element("mes:Header", content=preamble(outgoing))
    body = element("mes:Structures", content="\n".join(content))
    file.write(f"{DECLARATION}{start('mes:Structure', named)}\n{head}\n{body}\n".encode())
    file.write(b"</mes:Structure>\n")
    return ()


def _agency_attributes(version: Version) -> dict[str, str]:
    # 3.0 has taken the version away: such a list is always the newest.
    numbered = {"version": "1.0"} if version is V21 else {}
    return {"id": "AGENCIES", "agencyID": REGISTRY, **numbered}


def _agencies(parts: Parts) -> str:
    """Return a name for the list, and each agency by its id."""
    each = "".join(
        element("str:Agency", {"id": agency}, wording("com:Name", {"en": agency}))
        for agency in parts.agencies
    )
    return wording("com:Name", {"en": "Agencies"}) + each


def _maintained(outgoing: Outgoing, id: str) -> dict[str, str]:
    """Return what identifies something that the structure's agency maintains."""
    structure = outgoing.structure
    return {"id": id, "agencyID": structure.agency, "version": structure.version}


def _reference(version: Version, urn: str, parts: Mapping[str, str]) -> str:
    """Return a reference: an element of its parts in 2.1, a URN in 3.0."""
    return element("Ref", parts) if version is V21 else escape_xml(urn)


def _flow(outgoing: Outgoing, version: Version) -> str:
    """Return the data flow with what is known of the data."""
    structure = outgoing.structure
    pointed = {**_maintained(outgoing, structure.id), "class": "DataStructure"}
    content = (
        annotations(provenance(outgoing)),
        wording("com:Name", {"en": outgoing.title}),
        wording("com:Description", {"en": summary(outgoing)}),
        element("str:Structure", content=_reference(version, structure.urn, pointed)),
    )
    return element("str:Dataflow", _maintained(outgoing, structure.id), "".join(content))


def _code_list(codes: CodeList, parts: Parts, version: Version) -> str:
    """Return a code list, one code a line."""
    attributes = {"id": codes.id, "agencyID": codes.agency, "version": codes.version}
    if codes.id in parts.partial:
        attributes["isPartial"] = "true"
    # The names of a list and where it is from come before its codes.
    about = (
        wording("com:Name", codes.name),
        wording("com:Description", {"en": codes.source} if codes.source else {}),
        *(f"\n{_code(each, codes, version)}" for each in codes.codes),
    )
    return element("str:Codelist", attributes, "".join(about))


def _code(code: Code, codes: CodeList, version: Version) -> str:
    """Return a code with its names and the code it is a part of."""
    parent, noted = "", ""
    if code.parent in codes.by_id:
        if version is V21:
            parent = element("str:Parent", content=element("Ref", {"id": code.parent}))
        elif NAME.fullmatch(code.parent):
            parent = element("str:Parent", content=code.parent)
        else:
            noted = annotations([("PARENT", code.parent)])
    description = wording("com:Description", {"en": code.description} if code.description else {})
    names = wording("com:Name", code.name or {"en": code.id})
    return element("str:Code", {"id": code.id}, f"{noted}{names}{description}{parent}")


def _concepts(outgoing: Outgoing, parts: Parts) -> str:
    """Return the concepts of the components."""
    concepts = "".join(
        "\n" + element("str:Concept", {"id": each.id}, wording("com:Name", {"en": each.name}))
        for each in outgoing.structure.components
    )
    name = wording("com:Name", {"en": f"Concepts of {outgoing.structure.name}"})
    return element("str:ConceptScheme", _maintained(outgoing, parts.scheme), name + concepts)


def _structure(outgoing: Outgoing, parts: Parts, version: Version) -> str:
    """Return the data structure definition."""
    structure = outgoing.structure
    dimensions: list[str] = []
    attributes: list[str] = []
    measures: list[str] = []
    for component in structure.components:
        content = _component(outgoing, parts, version, component)
        match component.role:
            case "dimension":
                place = {"id": component.id, "position": str(len(dimensions) + 1)}
                dimensions.append(_labelled("str:Dimension", place, content, parts))
            case "time":
                place = {"id": component.id}
                if version is V21:
                    place["position"] = str(len(dimensions) + 1)
                dimensions.append(element("str:TimeDimension", place, content))
            case "attribute":
                usage = {"assignmentStatus": "Conditional"} if version is V21 else {}
                given = {"id": component.id, **(usage or {"usage": "optional"})}
                attributes.append(_labelled("str:Attribute", given, content, parts))
            case _:
                name = "str:PrimaryMeasure" if version is V21 else "str:Measure"
                measures.append(element(name, {"id": component.id}, content))
    lists = {
        "str:DimensionList": ("DimensionDescriptor", dimensions),
        "str:AttributeList": ("AttributeDescriptor", attributes),
        "str:MeasureList": ("MeasureDescriptor", measures),
    }
    body = "".join(
        "\n" + element(name, {"id": id}, "\n" + "\n".join(each) + "\n")
        for name, (id, each) in lists.items()
        if each
    )
    description = {"en": structure.source} if structure.source else {}
    about = wording("com:Name", {"en": structure.name}) + wording("com:Description", description)
    components = element("str:DataStructureComponents", content=body)
    return element("str:DataStructure", _maintained(outgoing, structure.id), about + components)


def _labelled(name: str, attributes: dict[str, str], content: str, parts: Parts) -> str:
    """Return a component, with what its codes mean where no list says it."""
    codes = parts.labels.get(attributes["id"], ())
    meant = annotations(
        (f"LABEL:{code.id}", code.name.get("en", code.id)) for code in codes if code.name
    )
    return element(name, attributes, meant + content)


def _component(outgoing: Outgoing, parts: Parts, version: Version, component: Component) -> str:
    """Return a component's concept, its values, and for an attribute what it belongs to."""
    structure = outgoing.structure
    scheme = {
        "maintainableParentID": parts.scheme,
        "maintainableParentVersion": structure.version,
        "agencyID": structure.agency,
        "id": component.id,
        "class": "Concept",
    }
    urn = concept_urn(outgoing, parts, component.id)
    concept = element("str:ConceptIdentity", content=_reference(version, urn, scheme))
    values = element("str:LocalRepresentation", content=_values(parts, version, component))
    if component.role != "attribute":
        return concept + values
    belongs = (
        element("str:PrimaryMeasure", content=element("Ref", {"id": "OBS_VALUE"}))
        if version is V21
        else element("str:Observation")
    )
    return concept + values + element("str:AttributeRelationship", content=belongs)


def _values(parts: Parts, version: Version, component: Component) -> str:
    """Return a component's code list, or the type of its text."""
    codes = parts.lists.get(component.id)
    if codes is None:
        is_time = component.role == "time"
        kind = "ObservationalTimePeriod" if is_time else TEXT_TYPES[component.kind]
        return element("str:TextFormat", {"textType": kind})
    pointed = {
        "agencyID": codes.agency,
        "id": codes.id,
        "version": codes.version,
        "package": "codelist",
        "class": "Codelist",
    }
    return element("str:Enumeration", content=_reference(version, codes.urn, pointed))
