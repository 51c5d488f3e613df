"""Structures in SDMX-ML 2.1, 3.0 and 3.1."""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from everycount.errors import InputError, Problem
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
from everycount.io.importers.sdmx_xml import feed, root_of
from everycount.io.importers.source import Source
from everycount.io.sdmx_names import Reference, read_reference
from everycount.model.codes import Code
from everycount.model.structure import Role

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
LISTS = frozenset({"Codelist", "GeoCodelist", "GeographicCodelist", "GeoGridCodelist", "ValueList"})
CODES = frozenset({"Code", "GeoFeatureSetCode", "GeoGridCode", "ValueItem"})
CONSTRAINTS = frozenset({"ContentConstraint", "DataConstraint"})
"""The first is of SDMX 2.1, the second of 3.0."""
ROLES: dict[str, Role] = {
    "Dimension": "dimension",
    "MeasureDimension": "dimension",
    "TimeDimension": "time",
    "PrimaryMeasure": "measure",
    "Measure": "measure",
    "Attribute": "attribute",
}
USUAL = {"TimeDimension": "TIME_PERIOD", "PrimaryMeasure": "OBS_VALUE"}
"""Identifiers that SDMX 2.1 fixes, so that messages may leave them out."""
READ = LISTS | CONSTRAINTS | {"DataStructure", "Dataflow", "ConceptScheme"}

Element = etree._Element


def read(source: Source) -> Structures:
    """Read a message of structures; see `read_structures`."""
    root = root_of(source.head())
    version = root[1] if root else None
    if version is not None and version < (2, 1):
        found = f"SDMX-ML {version[0]}.{version[1]}"
        raise InputError(source.name, [Problem("file", found, "SDMX-ML 2.1 or 3.0")])
    tree = _tree(source)
    if _local(tree) != "Structure":
        found = f"{_local(tree)}, which is no message of structures"
        raise InputError(source.name, [Problem("file", found, "a message Structure")])
    everything = [
        each for part in _children(tree, "Structures") for group in part for each in group
    ]
    found_kinds = Counter(_local(each) for each in everything)
    concepts = dict(pair for each in everything for pair in _concepts(each))
    notes: list[str] = []
    return Structures(
        code_lists=tuple(
            make_code_list(_reference(each), _names(each), _codes(each), notes)
            for each in everything
            if _local(each) in LISTS
        ),
        structures=tuple(
            make_structure(_structure(each), concepts)
            for each in everything
            if _local(each) == "DataStructure"
        ),
        dataflows=tuple(_dataflow(each) for each in everything if _local(each) == "Dataflow"),
        constraints=tuple(_constraint(each) for each in everything if _local(each) in CONSTRAINTS),
        others={kind: count for kind, count in sorted(found_kinds.items()) if kind not in READ},
        notes=tuple(notes),
    )


class _Tree:
    """Builds a tree of what is fed."""

    def __init__(self) -> None:
        self.builder = etree.TreeBuilder()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.builder.start(tag, attributes)

    def end(self, tag: str) -> None:
        self.builder.end(tag)

    def data(self, text: str) -> None:
        self.builder.data(text)


def _tree(source: Source) -> Element:
    """Return the first element of a file."""
    reader = _Tree()
    for _ in feed(source, reader):
        pass
    return reader.builder.close()


def _local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _children(element: Element, *names: str) -> Iterator[Element]:
    """Yield the children of some names."""
    return (child for child in element if _local(child) in names)


def _within(element: Element, *path: str) -> Iterator[Element]:
    """Yield the elements at the end of a path."""
    found = [element]
    for name in path:
        found = [child for each in found for child in _children(each, name)]
    return iter(found)


def _names(element: Element, tag: str = "Name") -> dict[str, str]:
    """Return names by language; where none is given SDMX means English."""
    return {
        child.get(LANGUAGE, "en"): (child.text or "").strip()
        for child in _children(element, tag)
        if (child.text or "").strip()
    }


def _reference(element: Element) -> Reference:
    """Return what a maintained thing is called."""
    return Reference(
        id=_get(element, "id"),
        agency=_get(element, "agencyID"),
        version=_get(element, "version") or "1.0",
    )


def _get(element: Element, name: str) -> str:
    """Return an attribute, or nothing."""
    return element.get(name) or ""


def _target(element: Element | None) -> Reference | None:
    """Return what an element refers to: by Ref in SDMX 2.1, by URN in both."""
    if element is None:
        return None
    for ref in _children(element, "Ref"):
        parent = ref.get("maintainableParentID")
        return Reference(
            id=parent or _get(ref, "id"),
            agency=_get(ref, "agencyID"),
            version=_get(ref, "maintainableParentVersion" if parent else "version"),
            item=_get(ref, "id") if parent else "",
        )
    text = "".join(str(each) for each in element.itertext()).strip()
    return read_reference(text) if text else None


def _first(element: Element, *path: str) -> Element | None:
    """Return the first element at the end of a path."""
    return next(_within(element, *path), None)


def _codes(element: Element) -> Iterator[Code]:
    """Yield the codes of a list."""
    for each in _children(element, *CODES):
        parent = _target(_first(each, "Parent"))
        about = _names(each, "Description")
        yield Code(
            id=each.get("id", ""),
            name=_names(each),
            parent=parent.item or parent.id if parent else "",
            description=about.get("en") or next(iter(about.values()), ""),
        )


def _concepts(element: Element) -> Iterator[tuple[str, Concept]]:
    """Yield the concepts of a scheme."""
    if _local(element) == "ConceptScheme":
        for each in _children(element, "Concept"):
            codes = _target(_first(each, "CoreRepresentation", "Enumeration"))
            name = f"{element.get('id')}.{each.get('id')}"
            yield name, Concept(name=_names(each), codes=codes)


def _structure(element: Element) -> RawStructure:
    """Return a data structure."""
    parts = _within(element, "DataStructureComponents")
    found = [each for part in parts for group in part for each in group if _local(each) in ROLES]
    return RawStructure(
        reference=_reference(element),
        name=_names(element),
        components=tuple(_component(each) for each in found),
    )


def _component(element: Element) -> RawComponent:
    """Return a dimension, measure or attribute."""
    concept = _target(_first(element, "ConceptIdentity")) or Reference(id="")
    usual = USUAL.get(_local(element), concept.item)
    text = _first(element, "LocalRepresentation", "TextFormat")
    return RawComponent(
        id=element.get("id", usual),
        role=ROLES[_local(element)],
        concept=concept,
        codes=_target(_first(element, "LocalRepresentation", "Enumeration")),
        text=text.get("textType", "") if text is not None else "",
    )


def _dataflow(element: Element) -> Dataflow:
    """Return a dataflow."""
    structure = _target(_first(element, "Structure"))
    return Dataflow(
        reference=_reference(element),
        name=_names(element),
        structure=structure or Reference(id=""),
    )


def _constraint(element: Element) -> Constraint:
    """Return a constraint with the codes of its regions."""
    codes: dict[str, list[str]] = {}
    for region in _children(element, "CubeRegion"):
        if region.get("include", "true") == "true":
            for each in (*_children(region, "KeyValue"), *_children(region, "Attribute")):
                values = [(value.text or "").strip() for value in _children(each, "Value")]
                codes.setdefault(each.get("id", ""), []).extend(values)
    targets = (_target(each) for part in _within(element, "ConstraintAttachment") for each in part)
    return Constraint(
        reference=_reference(element),
        name=_names(element),
        kind=element.get("type") or element.get("role") or "Allowed",
        attached=tuple(target for target in targets if target is not None),
        codes={name: tuple(dict.fromkeys(values)) for name, values in codes.items()},
    )
