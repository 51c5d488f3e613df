"""A producer's structures in SDMX-ML or SDMX-JSON: code lists, data structures, dataflows."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from everycount.errors import InputError, Problem
from everycount.io.importers.sdmx_flow import Flow
from everycount.io.importers.source import Source
from everycount.io.sdmx_names import Reference
from everycount.model.codes import LISTED, Code, CodeList
from everycount.model.structure import Component, DataStructure, Kind, Role

NUMBERS = frozenset({"Double", "Float", "Decimal", "Numeric"})
INTEGERS = frozenset({"Integer", "Long", "Short", "BigInteger", "Count"})
"""Text types that are numbers (SDMXCommon.xsd, DataType)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataflow:
    """A flow of data and the structure that it follows."""

    reference: Reference
    name: Mapping[str, str]
    structure: Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """Which codes a flow may have, or has."""

    reference: Reference
    name: Mapping[str, str]
    kind: str
    """Allowed or Actual."""
    attached: tuple[Reference, ...]
    """Dataflows or data structures."""
    codes: Mapping[str, tuple[str, ...]]
    """By component, of the regions that are included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawComponent:
    """A component as a message has it: names and lists stand elsewhere."""

    id: str
    role: Role
    concept: Reference
    codes: Reference | None = None
    text: str = ""
    """Type of text that it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawStructure:
    """A data structure as a message has it."""

    reference: Reference
    name: Mapping[str, str]
    components: tuple[RawComponent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """What a concept is called, and the list that it has wherever nothing else is said."""

    name: Mapping[str, str]
    codes: Reference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Structures:
    """What a message of structures holds."""

    code_lists: tuple[CodeList, ...] = ()
    structures: tuple[DataStructure, ...] = ()
    dataflows: tuple[Dataflow, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)
    """How many there are of what is not read, such as MetadataStructure, by kind."""
    notes: tuple[str, ...] = ()

    def of(self, reference: Reference) -> DataStructure | None:
        """Return the data structure that a reference to it or to a dataflow means."""
        flow = next((f for f in self.dataflows if _same(f.reference, reference)), None)
        wanted = flow.structure if flow else reference
        own = (
            (Reference(id=each.id, agency=each.agency, version=each.version), each)
            for each in self.structures
        )
        return next((each for name, each in own if _same(name, wanted)), None)

    def code_list(self, id: str) -> CodeList | None:
        """Return the code list of an identifier."""
        return next((each for each in self.code_lists if each.id == id), None)

    def lists_of(self, structure: DataStructure) -> Mapping[str, CodeList]:
        """Return the code lists of a structure's components that the message has."""
        found = {each.id: self.code_list(each.codes) for each in structure.components}
        return {name: codes for name, codes in found.items() if codes is not None}

    def describe(self, flow: Flow) -> None:
        """Add to a flow what these structures know of it: names and labels."""
        for known in self.dataflows:
            if _same(known.reference, flow.reference):
                flow.name = known.name
        structure = self.of(flow.reference)
        if structure is not None:
            flow.names |= {each.id: each.name for each in structure.components}
            for name, codes in self.lists_of(structure).items():
                flow.labels.setdefault(name, {}).update(codes.by_id)


def read_structures(source: Source) -> Structures:
    """Read a message of structures.

    Parameters
    ----------
    source : Source
        SDMX-ML 2.1 or 3.0, or SDMX-JSON 1.0 or 2.0.

    Returns
    -------
    Structures
        Code lists and data structures as ours; what is not read is counted.

    Raises
    ------
    InputError
        If it is no such message, with the line where it is broken.

    Examples
    --------
    >>> text = b'{"data": {"codelists": [{"id": "CL_SEX", "agencyID": "SDMX", "version": "2.1",'
    >>> text += b'"codes": [{"id": "F", "names": {"en": "Female", "fr": "Femmes"}}]}]}}'
    >>> found = read_structures(Source(name="lists.json", content=text))
    >>> found.code_lists[0].label("F", "fr")
    'Femmes'
    """
    # The two readers need the nouns above.
    from everycount.io.importers import sdmx_json_structure, sdmx_ml_structure  # noqa: PLC0415

    begin = source.head(1 << 10).removeprefix(b"\xef\xbb\xbf").lstrip()
    if begin.startswith(b"{"):
        return sdmx_json_structure.read(source)
    if begin.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        return sdmx_ml_structure.read(source)
    found = f"content that begins {begin[:40]!r}" if begin else "nothing"
    raise InputError(source.name, [Problem("file", found, "structures in SDMX-ML or SDMX-JSON")])


def make_code_list(
    reference: Reference, name: Mapping[str, str], codes: Iterable[Code], notes: list[str]
) -> CodeList:
    """Return a code list; codes that no list of ours can hold are left out and noted."""
    kept: dict[str, Code] = {}
    lost: Counter[str] = Counter()
    for code in codes:
        if not LISTED.fullmatch(code.id) or code.id in kept:
            lost[code.id] += 1
        else:
            kept[code.id] = code
    if lost:
        notes.append(f"{reference}: left out, twice or no codes: {', '.join(sorted(lost))}")
    known = (
        replace(code, parent=code.parent if code.parent in kept else "") for code in kept.values()
    )
    return CodeList(
        id=reference.id,
        codes=tuple(known),
        agency=reference.agency,
        version=reference.version,
        name=name,
        source=str(reference),
    )


def make_structure(raw: RawStructure, concepts: Mapping[str, Concept]) -> DataStructure:
    """Return a data structure with the names and lists of its concepts.

    Parameters
    ----------
    raw : RawStructure
        As the message has it.
    concepts : mapping of str to Concept
        By the identifier of the scheme and of the concept, joined by a dot.
    """
    components = []
    for each in raw.components:
        concept = concepts.get(f"{each.concept.id}.{each.concept.item}", Concept(name={}))
        codes = each.codes or concept.codes
        components.append(
            Component(
                id=each.id,
                role=each.role,
                kind=_kind(each, codes),
                name=english(concept.name) or each.id,
                codes=codes.id if codes else "",
                is_global=False,
            )
        )
    return DataStructure(
        id=raw.reference.id,
        agency=raw.reference.agency,
        version=raw.reference.version,
        name=english(raw.name) or raw.reference.id,
        components=tuple(components),
        source=str(raw.reference),
    )


def english(names: Mapping[str, str]) -> str:
    """Return the English name, else the first, else nothing."""
    return names.get("en") or next(iter(names.values()), "")


def _kind(component: RawComponent, codes: Reference | None) -> Kind:
    """Return what a component's values are."""
    if codes is not None:
        return "code"
    if component.text in INTEGERS:
        return "integer"
    if component.text in NUMBERS or component.role == "measure":
        return "number"
    return "text"


def _same(first: Reference, second: Reference) -> bool:
    """Tell whether two references may mean the same; what one leaves open fits anything."""
    return first.id == second.id and all(
        not mine or not theirs or mine == theirs
        for mine, theirs in ((first.agency, second.agency), (first.version, second.version))
    )
