"""Structure queries of SDMX REST 2.x and 1.5."""

import copy
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from lxml import etree

from everycount.errors import InputError, NotFound, Problem
from everycount.io.words import quote
from everycount_hub.api.public import Refused
from everycount_hub.api.sdmx import media
from everycount_hub.api.sdmx.artefacts import (
    AGENCIES,
    CODES,
    CONCEPTS,
    FLOW,
    STRUCTURE,
    Artefact,
    Name,
    artefacts,
)
from everycount_hub.api.sdmx.data import demand_parameters
from everycount_hub.api.sdmx.flows import fits, flows
from everycount_hub.api.sdmx.messages import COMPLETE, FULL, STUB, message
from everycount_hub.edition.read import Edition

KINDS = frozenset({FLOW, STRUCTURE, CODES, CONCEPTS, AGENCIES})
OTHERS = frozenset(
    {
        "metadatastructure", "categoryscheme", "hierarchicalcodelist", "hierarchy",
        "hierarchyassociation", "valuelist", "dataproviderscheme", "dataconsumerscheme",
        "metadataproviderscheme", "organisationunitscheme", "organisationscheme", "metadataflow",
        "reportingtaxonomy", "provisionagreement", "metadataprovisionagreement", "structureset",
        "structuremap", "representationmap", "conceptschememap", "categoryschememap",
        "organisationschememap", "reportingtaxonomymap", "process", "categorisation",
        "contentconstraint", "actualconstraint", "allowedconstraint", "attachmentconstraint",
        "dataconstraint", "metadataconstraint", "transformationscheme", "rulesetscheme",
        "userdefinedoperatorscheme", "customtypescheme", "namepersonalisationscheme",
        "vtlmappingscheme",
    }
)  # fmt: skip
"""Kinds of structures that SDMX has and nothing here is of."""
PARAMETERS = frozenset({"references", "detail", "format"})
DETAILS = {
    "full": (FULL, FULL),
    "raw": (FULL, FULL),
    "allstubs": (STUB, STUB),
    "referencestubs": (FULL, STUB),
    "allcompletestubs": (COMPLETE, COMPLETE),
    "referencecompletestubs": (FULL, COMPLETE),
    "referencepartial": (FULL, FULL),
}
"""How much is told of what is asked for, and of what it refers to. Code lists here are always
those in use, so that partial ones are no others."""
REFERENCES = frozenset(
    {
        "none", "parents", "parentsandsiblings", "ancestors", "children", "descendants", "all",
    }
)  # fmt: skip


def structures_2(
    request: HttpRequest,
    *,
    edition: Edition,
    kind: str = "*",
    agency: str = "*",
    id: str = "*",
    version: str = "~",
    item: str = "*",
) -> HttpResponse:
    """Answer a structure query of REST 2.x."""
    return _answer(request, edition, kind, (agency, id, version, item), is_2=True)


def structures_1(
    request: HttpRequest,
    *,
    edition: Edition,
    kind: str,
    agency: str = "all",
    id: str = "all",
    version: str = "latest",
    item: str = "all",
) -> HttpResponse:
    """Answer a structure query of REST 1.5."""
    return _answer(request, edition, kind, (agency, id, version, item), is_2=False)


def _answer(
    request: HttpRequest,
    edition: Edition,
    kind: str,
    reference: tuple[str, str, str, str],
    *,
    is_2: bool,
) -> HttpResponse:
    format = media.structure_format(request, is_2=is_2)
    demand_parameters(request, PARAMETERS)
    known = artefacts(edition)
    found = _found(known, kind, reference)
    own, others = _details(request)
    related = _related(known, found, request.GET.get("references", "none").lower())
    chosen = [(each, own) for each in found]
    chosen += [(known[name], others) for name in related]
    return answer(edition, chosen, format)


def answer(edition: Edition, chosen: Sequence[tuple[Artefact, str]], format: str) -> HttpResponse:
    """Return a structure message as an answer."""
    published = flows(edition)[0].published or "1970-01-01T00:00:00+00:00"
    content = message(chosen, format, prepared=published, number=f"EDITION_{edition.digest[:12]}")
    return HttpResponse(content, content_type=media.STRUCTURES[format])


def _found(
    known: Mapping[Name, Artefact], kind: str, reference: tuple[str, str, str, str]
) -> list[Artefact]:
    agency, id, version, item = reference
    asked = kind.lower()
    if asked not in KINDS | {"*", "structure"}:
        if asked in OTHERS:
            raise NotFound(f"there is no {asked} here: {', '.join(sorted(KINDS))} are")
        raise InputError("the query", [Problem("type", quote(kind), ", ".join(sorted(KINDS)))])
    found = [
        each
        for each in known.values()
        if (asked in {"*", "structure"} or each.kind == asked) and fits(each, agency, id, version)
    ]
    if not found:
        raise NotFound(f"there is no {asked} {agency}:{id}({version})")
    if item not in {"*", "all"}:
        found = [_with_items(each, item.replace(" ", "+")) for each in found]
    return found


def _details(request: HttpRequest) -> tuple[str, str]:
    asked = request.GET.get("detail", "full").lower()
    if asked not in DETAILS:
        raise InputError("the query", [Problem("detail", quote(asked), ", ".join(DETAILS))])
    return DETAILS[asked]


def _related(
    known: Mapping[Name, Artefact], found: Sequence[Artefact], references: str
) -> list[Name]:
    """Return what is related to what was found, in the way asked for."""
    start = {each.name for each in found}
    if references in KINDS | OTHERS:
        near = _descendants(known, start) | _ancestors(known, start)
        related = {name for name in near if name[0] == references}
    elif references not in REFERENCES:
        expected = ", ".join(sorted(REFERENCES | KINDS))
        raise InputError("the query", [Problem("references", quote(references), expected)])
    else:
        parents = _parents(known, start)
        siblings = _children(known, parents)
        related = {
            "none": set(),
            "children": _children(known, start),
            "descendants": _descendants(known, start),
            "parents": parents,
            "parentsandsiblings": parents | siblings,
            "ancestors": _ancestors(known, start),
            "all": _descendants(known, start) | _ancestors(known, start) | siblings,
        }[references]
    return [name for name in known if name in related - start]


def _children(known: Mapping[Name, Artefact], names: Collection[Name]) -> set[Name]:
    return {child for name in names for child in known[name].refers if child in known}


def _parents(known: Mapping[Name, Artefact], names: Collection[Name]) -> set[Name]:
    wanted = set(names)
    return {each.name for each in known.values() if each.refers & wanted}


def _descendants(known: Mapping[Name, Artefact], names: Collection[Name]) -> set[Name]:
    children = _children(known, names)
    return children | _descendants(known, children) if children else set()


def _ancestors(known: Mapping[Name, Artefact], names: Collection[Name]) -> set[Name]:
    parents = _parents(known, names)
    return parents | _ancestors(known, parents) if parents else set()


def _with_items(artefact: Artefact, asked: str) -> Artefact:
    """Return a code list, scheme of concepts or of agencies with some of its items only.

    Raises
    ------
    NotFound
        If it has none of them.
    Refused
        If it holds no items.
    """
    lists = {CODES: "codes", CONCEPTS: "concepts", AGENCIES: "agencies"}
    if artefact.kind not in lists:
        raise Refused(400, f"a {artefact.kind} has no items")
    wanted = set(asked.replace(",", "+").split("+"))
    items = [e for e in artefact.json.get(lists[artefact.kind], ()) if e["id"] in wanted]
    if not items:
        raise NotFound(f"{artefact.id} has no {quote(asked)}")
    # Without those above them: what is left out cannot be pointed at.
    ids = {each["id"] for each in items}
    kept = [
        each if each.get("parent") in ids else {k: v for k, v in each.items() if k != "parent"}
        for each in items
    ]
    told = {**artefact.json, "isPartial": True, lists[artefact.kind]: kept}
    xml = {version: _cut(each, ids) for version, each in artefact.xml.items()}
    return replace(artefact, json=told, xml=xml)


def _cut(whole: Any, ids: Collection[str]) -> Any:
    made = copy.deepcopy(whole)
    for child in list(_items(made)):
        if child.get("id") not in ids:
            made.remove(child)
            continue
        for part in list(child):
            pointed = part.text or next((each.get("id") for each in part), "")
            if etree.QName(part).localname == "Parent" and pointed not in ids:
                child.remove(part)
    made.set("isPartial", "true")
    return made


def _items(whole: Any) -> Iterator[Any]:
    return (each for each in whole if each.get("id") is not None)
