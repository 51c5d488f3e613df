"""What structure queries can name: flows, structures, code lists, concepts, agencies."""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lxml import etree

from everycount.io.exporters.description import source_words
from everycount.io.exporters.formats import find_exporter
from everycount.io.exporters.outgoing import EPOCH, Outgoing
from everycount.io.exporters.structure_parts import REGISTRY, parts_of
from everycount.io.exporters.xml import annotations, element, wording
from everycount.model.observation import OBSERVATION
from everycount.model.structure import DataStructure
from everycount_hub.api import described
from everycount_hub.api.sdmx.flows import Flow, flows
from everycount_hub.edition.read import DATASET, Edition, open_edition
from everycount_hub.queries import observed

XML_VERSIONS = ("2.1", "3.0")
SCHEMAS = "http://www.sdmx.org/resources/sdmxml/schemas/"
FLOW, STRUCTURE, CODES, CONCEPTS, AGENCIES, CONSTRAINT = (
    "dataflow", "datastructure", "codelist", "conceptscheme", "agencyscheme", "dataconstraint",
)  # fmt: skip
TAGS = {
    "Dataflow": FLOW,
    "DataStructure": STRUCTURE,
    "Codelist": CODES,
    "ConceptScheme": CONCEPTS,
    "AgencyScheme": AGENCIES,
}
LISTS = {
    "dataflows": FLOW,
    "dataStructures": STRUCTURE,
    "codelists": CODES,
    "conceptSchemes": CONCEPTS,
    "agencySchemes": AGENCIES,
}
Name = tuple[str, str, str]
"""Kind, agency and id; there is one version of each."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Artefact:
    """Something that an agency maintains."""

    kind: str
    agency: str
    id: str
    version: str
    xml: Mapping[str, Any]
    """The element in each version of SDMX-ML."""
    json: Mapping[str, Any]
    """The object in SDMX-JSON 2.0."""
    refers: frozenset[Name] = field(default_factory=frozenset)

    @property
    def name(self) -> Name:
        """Kind, agency and id."""
        return self.kind, self.agency, self.id


def artefacts(edition: Edition) -> Mapping[Name, Artefact]:
    """Return everything that structure queries can name; it is made once an edition."""
    return _artefacts(edition.digest)


@lru_cache(4)
def _artefacts(digest: str) -> Mapping[Name, Artefact]:
    edition = open_edition(digest)
    made: dict[Name, Artefact] = {}
    for flow in flows(edition):
        made[FLOW, flow.agency, flow.id] = flow_artefact(edition, flow)
    for structure in (OBSERVATION, described.BY_DATASET):
        for each in _of_structure(edition, structure):
            made.setdefault(each.name, each)
    made[AGENCIES, REGISTRY, "AGENCIES"] = _agencies(made)
    return made


def outgoing_of_structure(edition: Edition, structure: DataStructure) -> Outgoing:
    """Return a structure with every code that anything published has, and no figures."""
    datasets = flows(edition)[0].datasets
    found = observed.together(edition, [each.key for each in datasets])
    if DATASET in structure.by_id:
        found.values = {
            **found.values,
            DATASET: {described.dataset_code(each.key) for each in datasets},
        }
    return Outgoing(
        pieces=(),
        structure=structure,
        found=found,
        codes=described.all_codes(edition, datasets, structure),
        origins=(),
        notes=(),
        prepared=EPOCH,
        title=structure.name,
    )


def _of_structure(edition: Edition, structure: DataStructure) -> Iterator[Artefact]:
    """Yield what the library's exporters write of a structure, its flow aside."""
    outgoing = outgoing_of_structure(edition, structure)
    elements = {version: _elements(outgoing, version) for version in XML_VERSIONS}
    objects = _objects(outgoing)
    parts = parts_of(outgoing)
    refers = frozenset(
        {(CODES, each.agency, each.id) for each in parts.distinct}
        | {(CONCEPTS, structure.agency, parts.scheme)}
    )
    for name, told in objects.items():
        if name[0] in {FLOW, AGENCIES}:
            continue
        yield Artefact(
            kind=name[0],
            agency=name[1],
            id=name[2],
            version=str(told["version"]),
            xml={version: elements[version][name] for version in XML_VERSIONS},
            json=told,
            refers=refers if name[0] == STRUCTURE else frozenset(),
        )


def _elements(outgoing: Outgoing, version: str) -> dict[Name, Any]:
    file = io.BytesIO()
    find_exporter(f"structure-ml-{version}").write(outgoing, file)
    found: dict[Name, Any] = {}
    for each in etree.fromstring(file.getvalue()).iter():  # our own bytes, no stranger's
        kind = TAGS.get(etree.QName(each).localname)
        if kind and each.get("agencyID") and each.get("id") and each.get("class") is None:
            found[kind, each.get("agencyID"), each.get("id")] = each
    return found


def _objects(outgoing: Outgoing) -> dict[Name, Mapping[str, Any]]:
    file = io.BytesIO()
    find_exporter("structure-json").write(outgoing, file)
    data = json.loads(file.getvalue())["data"]
    return {
        (kind, each["agencyID"], each["id"]): each
        for name, kind in LISTS.items()
        for each in data.get(name, ())
    }


def flow_artefact(edition: Edition, flow: Flow) -> Artefact:
    """Return a data flow as structure messages have it."""
    about = [("SOURCE", source_words(each)) for each in described.origins(edition, flow.datasets)]
    about += [("LICENCE", each) for each in described.licences(flow.datasets)]
    structure = flow.structure
    pointed = {
        "id": structure.id, "agencyID": structure.agency, "version": structure.version,
        "class": "DataStructure",
    }  # fmt: skip
    named = {"id": flow.id, "agencyID": flow.agency, "version": flow.version}
    names = dict(flow.names) or {"en": flow.id}
    elements = {}
    for version in XML_VERSIONS:
        reference = element("Ref", pointed) if version == "2.1" else structure.urn
        content = (
            annotations(about), wording("com:Name", names),
            element("str:Structure", content=reference),
        )  # fmt: skip
        elements[version] = parsed(element("str:Dataflow", named, "".join(content)), version)
    noted = [{"type": kind, "text": text, "texts": {"en": text}} for kind, text in about]
    told = {
        **named,
        "name": described.text(names),
        "names": names,
        **({"annotations": noted} if noted else {}),
        "structure": structure.urn,
    }
    return Artefact(
        kind=FLOW, agency=flow.agency, id=flow.id, version=flow.version, xml=elements,
        json=told, refers=frozenset({(STRUCTURE, structure.agency, structure.id)}),
    )  # fmt: skip


def _agencies(made: Mapping[Name, Artefact]) -> Artefact:
    """Return the list of agencies that maintain any of the rest."""
    agencies = sorted({agency for _kind, agency, _id in made})
    listed = "".join(
        element("str:Agency", {"id": each}, wording("com:Name", {"en": each})) for each in agencies
    )
    elements = {}
    for version in XML_VERSIONS:
        # 3.0 has taken the version away: such a list is always the newest.
        numbered = {"version": "1.0"} if version == "2.1" else {}
        named = {"id": "AGENCIES", "agencyID": REGISTRY, **numbered}
        content = wording("com:Name", {"en": "Agencies"}) + listed
        elements[version] = parsed(element("str:AgencyScheme", named, content), version)
    told = {
        "id": "AGENCIES",
        "agencyID": REGISTRY,
        "name": "Agencies",
        "names": {"en": "Agencies"},
        "agencies": [{"id": e, "name": e, "names": {"en": e}} for e in agencies],
    }
    return Artefact(
        kind=AGENCIES, agency=REGISTRY, id="AGENCIES", version="1.0", xml=elements, json=told
    )


def namespaces(version: str) -> dict[str, str]:
    """Return the namespaces of structure messages, by prefix."""
    folder = f"v{version.replace('.', '_')}"
    kinds = {"mes": "message", "com": "common", "str": "structure"}
    return {prefix: f"{SCHEMAS}{folder}/{kind}" for prefix, kind in kinds.items()}


def parsed(text: str, version: str) -> Any:
    """Return an element from its text."""
    spaces = "".join(f' xmlns:{key}="{url}"' for key, url in namespaces(version).items())
    return etree.fromstring(f"<whole{spaces}>{text}</whole>")[0]
