"""Structures in SDMX-JSON 1.0, 2.0 and 2.1."""

from collections.abc import Iterator
from typing import Any

from everycount.errors import InputError, Problem
from everycount.io.importers.sdmx_json_text import Object, names_of, read_json
from everycount.io.importers.sdmx_structures import (
    Concept,
    Constraint,
    Dataflow,
    RawComponent,
    RawStructure,
    Structures,
    make_code_list,
    make_structure,
)
from everycount.io.importers.source import Source
from everycount.io.sdmx_names import Reference, read_reference
from everycount.model.codes import Code
from everycount.model.structure import Role

LISTS = ("codelists", "geoCodelists", "geographicCodelists", "valueLists", "valuelists")
CONSTRAINTS = ("contentConstraints", "dataConstraints")
READ = frozenset({*LISTS, *CONSTRAINTS, "dataStructures", "dataflows", "conceptSchemes"})
COMPONENTS: tuple[tuple[str, str, Role], ...] = (
    ("dimensionList", "dimensions", "dimension"),
    ("dimensionList", "measureDimensions", "dimension"),
    ("dimensionList", "timeDimensions", "time"),
    ("dimensionList", "timeDimension", "time"),
    ("measureList", "primaryMeasure", "measure"),
    ("measureList", "measures", "measure"),
    ("attributeList", "attributes", "attribute"),
)
"""Where components stand: the plural of the time dimension and the primary measure are of 1.0."""


def read(source: Source) -> Structures:
    """Read a message of structures; see `read_structures`."""
    message = read_json(source)
    data = message.get("data", message)
    if not isinstance(data, dict) or not any(isinstance(each, list) for each in data.values()):
        raise InputError(source.name, [_describe(message)])
    if "dataSets" in message or "dataSets" in data:
        raise InputError(source.name, [Problem("file", "a message of data", "structures")])
    notes: list[str] = []
    try:
        return _build(data, notes)
    except (AttributeError, TypeError, KeyError) as error:
        problem = Problem("file", f"a structure of another form ({error})", "SDMX-JSON")
        raise InputError(source.name, [problem]) from error


def _describe(message: Object) -> Problem:
    """Return what a message without structures is."""
    found = f"an object with {', '.join(list(message)[:8]) or 'nothing'}"
    return Problem("file", found, "data with codelists, dataStructures or others")


def _build(data: Object, notes: list[str]) -> Structures:
    """Return what a message holds."""
    concepts = {
        f"{scheme['id']}.{each['id']}": Concept(
            name=names_of(each), codes=_enumeration(each.get("coreRepresentation"))
        )
        for scheme in data.get("conceptSchemes", ())
        for each in scheme.get("concepts", ())
    }
    return Structures(
        code_lists=tuple(
            make_code_list(_reference(each), names_of(each), _codes(each), notes)
            for each in _all(data, *LISTS)
        ),
        structures=tuple(
            make_structure(_structure(each), concepts) for each in _all(data, "dataStructures")
        ),
        dataflows=tuple(
            Dataflow(
                reference=_reference(each),
                name=names_of(each),
                structure=read_reference(each.get("structure") or ""),
            )
            for each in _all(data, "dataflows")
        ),
        constraints=tuple(_constraint(each) for each in _all(data, *CONSTRAINTS)),
        others={
            name: len(found)
            for name, found in sorted(data.items())
            if name not in READ and isinstance(found, list) and found
        },
        notes=tuple(notes),
    )


def _all(data: Object, *kinds: str) -> Iterator[Object]:
    """Yield everything of some kinds."""
    return (each for kind in kinds for each in data.get(kind) or ())


def _reference(thing: Object) -> Reference:
    """Return what a maintained thing is called."""
    return Reference(
        id=str(thing["id"]),
        agency=str(thing.get("agencyID", "")),
        version=str(thing.get("version", "1.0")),
    )


def _codes(thing: Object) -> Iterator[Code]:
    """Yield the codes of a list."""
    for each in thing.get("codes") or thing.get("valueItems") or ():
        about = names_of(each, "description")
        yield Code(
            id=str(each["id"]),
            name=names_of(each),
            parent=str(each.get("parent") or ""),
            description=about.get("en") or next(iter(about.values()), ""),
        )


def _enumeration(representation: Any) -> Reference | None:
    """Return the code list of a representation."""
    found = (representation or {}).get("enumeration")
    return read_reference(found) if found else None


def _structure(thing: Object) -> RawStructure:
    """Return a data structure."""
    parts = thing.get("dataStructureComponents") or {}
    components = []
    for group, kind, role in COMPONENTS:
        found = (parts.get(group) or {}).get(kind) or []
        for each in found if isinstance(found, list) else [found]:
            local = each.get("localRepresentation") or {}
            text = local.get("format") or local.get("textFormat") or {}
            components.append(
                RawComponent(
                    id=str(each["id"]),
                    role=role,
                    concept=read_reference(each.get("conceptIdentity") or ""),
                    codes=_enumeration(local),
                    text=str(text.get("dataType") or text.get("textType") or ""),
                )
            )
    return RawStructure(
        reference=_reference(thing), name=names_of(thing), components=tuple(components)
    )


def _constraint(thing: Object) -> Constraint:
    """Return a constraint with the codes of its regions."""
    codes: dict[str, list[str]] = {}
    for region in thing.get("cubeRegions") or ():
        # SDMX-JSON 1.0 says isIncluded, 2.0 include.
        if region.get("isIncluded", region.get("include", True)):
            for each in region.get("keyValues") or region.get("memberSelection") or ():
                values = [
                    str(value.get("value", "")) if isinstance(value, dict) else str(value)
                    for value in each.get("values") or ()
                ]
                codes.setdefault(str(each.get("id")), []).extend(values)
    attached = thing.get("constraintAttachment") or {}
    targets = attached.get("dataflows") or attached.get("dataStructures") or ()
    return Constraint(
        reference=_reference(thing),
        name=names_of(thing),
        kind=str(thing.get("type") or thing.get("role") or "Allowed"),
        attached=tuple(read_reference(each) for each in targets),
        codes={name: tuple(dict.fromkeys(values)) for name, values in codes.items()},
    )
