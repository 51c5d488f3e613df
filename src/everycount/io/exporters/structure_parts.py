"""What a message of structures holds: lists of the codes in use, concepts, agencies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from everycount.io.exporters.outgoing import Outgoing
from everycount.model.codes import CODE, Code, CodeList
from everycount.model.structure import Kind

REGISTRY = "SDMX"
"""Maintains the list of agencies at the top. SDMX 3.0 section 5, on agency schemes."""
MODEL = "urn:sdmx:org.sdmx.infomodel."
TEXT_TYPES: dict[Kind, str] = {
    "code": "String",
    "text": "String",
    "number": "Double",
    "integer": "Integer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The structure of some data, with only the codes that stand in them."""

    lists: Mapping[str, CodeList]
    """By component. A list that several share is the same for all of them."""
    partial: frozenset[str]
    """Lists of which some codes are left out."""
    labels: Mapping[str, tuple[Code, ...]]
    """By component without a list, since its codes are none of SDMX: what they mean."""
    scheme: str
    """Id of the concept scheme."""
    agencies: tuple[str, ...]

    @property
    def distinct(self) -> tuple[CodeList, ...]:
        """The code lists, each once."""
        return tuple({each.urn: each for each in self.lists.values()}.values())


def parts_of(outgoing: Outgoing) -> Parts:
    """Return what a message of structures holds for some data.

    A code list is written with the codes that are used, those they are parts of, and their
    names in every language known. A component with a code that SDMX does not allow, such as
    5.5.1a, has no list: its values are text, and what they mean stands in annotations.

    Parameters
    ----------
    outgoing : Outgoing
        The observations.

    Returns
    -------
    Parts
    """
    structure = outgoing.structure
    lists, partial, labels = {}, set(), {}
    coded = [each for each in structure.components if each.kind == "code"]
    for component in coded:
        general = outgoing.codes.get(component.id) or CodeList(
            id=component.codes or f"CL_{component.id}", codes=()
        )
        sharing = [each.id for each in coded if each.codes == component.codes]
        used = dict.fromkeys(code for name in sharing for code in outgoing.used(name))
        own = (
            Code(id=code, name=outgoing.names(component.id, code))
            for code in used
            if code not in general.by_id
        )
        codes = (*_with_parents(general, used), *own)
        if all(CODE.fullmatch(code.id) for code in codes):
            lists[component.id] = _only(general, codes)
            if set(general.by_id) - {code.id for code in codes}:
                partial.add(general.id)
        else:
            labels[component.id] = codes
    return Parts(
        lists=lists,
        partial=frozenset(partial),
        labels=labels,
        scheme=f"CS_{structure.id}",
        agencies=tuple(sorted({structure.agency, *(each.agency for each in lists.values())})),
    )


def _with_parents(general: CodeList, used: Mapping[str, None]) -> Iterator[Code]:
    """Yield the codes of a list that are used, and those above them."""
    wanted = set(used)
    for code in used:
        parent = general.by_id[code].parent if code in general.by_id else ""
        while parent in general.by_id and parent not in wanted:
            wanted.add(parent)
            parent = general.by_id[parent].parent
    yield from (code for code in general.codes if code.id in wanted)


def _only(general: CodeList, codes: tuple[Code, ...]) -> CodeList:
    """Return a list with these codes only."""
    return CodeList(
        id=general.id,
        codes=codes,
        agency=general.agency,
        version=general.version,
        name=general.name or {"en": general.id},
        source=general.source,
    )


def concept_urn(outgoing: Outgoing, parts: Parts, component: str) -> str:
    """Return the name of a component's concept in SDMX registries."""
    structure = outgoing.structure
    scheme = f"{structure.agency}:{parts.scheme}({structure.version})"
    return f"{MODEL}conceptscheme.Concept={scheme}.{component}"
