import json

import pytest

from everycount.errors import InputError
from everycount.io.importers.sdmx_concepts import Concepts
from everycount.io.importers.sdmx_flow import Flow
from everycount.io.importers.sdmx_structures import read_structures
from everycount.io.importers.source import Source
from everycount.io.sdmx_names import Reference, read_reference

PLACE = "http://www.sdmx.org/resources/sdmxml/schemas/v{}"


def source(content, name="structures"):
    return Source(name=name, content=content if isinstance(content, bytes) else content.encode())


def xml(body, version="2_1", root="Structure"):
    place = PLACE.format(version)
    return (
        f'<m:{root} xmlns:m="{place}/message" xmlns:s="{place}/structure" '
        f'xmlns:c="{place}/common"><m:Header/><m:Structures>{body}</m:Structures></m:{root}>'
    )


LISTS = (
    '<s:Codelists><s:Codelist id="CL_GEO" agencyID="GSO" version="2.0">'
    '<c:Name xml:lang="en">Areas</c:Name><c:Name xml:lang="vi">Địa bàn</c:Name>'
    '<s:Code id="VN"><c:Name>Viet Nam</c:Name><c:Name xml:lang="vi"> </c:Name></s:Code>'
    '<s:Code id="HN"><c:Name xml:lang="vi">Hà Nội</c:Name><c:Description>Capital</c:Description>'
    "<s:Parent>{parent}</s:Parent></s:Code>"
    '<s:Code id="H N"/><s:Code id="VN"/><s:Code id="X"><s:Parent>{lost}</s:Parent></s:Code>'
    "</s:Codelist></s:Codelists>"
)
REF = '<Ref id="{}" class="Code"/>'
CONCEPT = '<Ref maintainableParentID="CS" maintainableParentVersion="1.0" agencyID="GSO" id="{}"/>'
LIST = '<Ref id="{}" agencyID="GSO" version="2.0"/>'
SCHEME = (
    '<s:Concepts><s:ConceptScheme id="CS" agencyID="GSO" version="1.0">'
    '<s:Concept id="AREA"><c:Name xml:lang="en">Area</c:Name></s:Concept>'
    '<s:Concept id="SEX"><c:Name xml:lang="vi">Giới tính</c:Name><s:CoreRepresentation>'
    "<s:Enumeration>{sex}</s:Enumeration></s:CoreRepresentation></s:Concept>"
    "</s:ConceptScheme></s:Concepts>"
)
DSD = (
    '<s:DataStructures><s:DataStructure id="DSD" agencyID="GSO" version="1.0">'
    "<s:DataStructureComponents><s:DimensionList>"
    '<s:Dimension id="REF_AREA"><s:ConceptIdentity>{area}</s:ConceptIdentity>'
    "<s:LocalRepresentation><s:Enumeration>{geo}</s:Enumeration></s:LocalRepresentation>"
    "</s:Dimension><s:Dimension><s:ConceptIdentity>{sex}</s:ConceptIdentity></s:Dimension>"
    "<s:TimeDimension/></s:DimensionList>"
    '<s:AttributeList><s:Attribute id="NOTE"/><s:Attribute id="SIZE"><s:LocalRepresentation>'
    '<s:TextFormat textType="Integer"/></s:LocalRepresentation></s:Attribute>'
    '<s:Attribute id="WEIGHT"><s:LocalRepresentation><s:TextFormat textType="Double"/>'
    "</s:LocalRepresentation></s:Attribute></s:AttributeList>"
    "<s:MeasureList><s:{measure}/></s:MeasureList></s:DataStructureComponents>"
    "</s:DataStructure></s:DataStructures>"
)
FLOW = (
    '<s:Dataflows><s:Dataflow id="FLOW" agencyID="GSO" version="1.0"><c:Name>Flow</c:Name>'
    "<s:Structure>{dsd}</s:Structure></s:Dataflow>"
    '<s:Dataflow id="BARE" agencyID="GSO" version="1.0"/></s:Dataflows>'
)
URN = "urn:sdmx:org.sdmx.infomodel.{}"
WRITTEN = {
    "2_1": {
        "parent": REF.format("VN"),
        "lost": REF.format("ZZ"),
        "area": CONCEPT.format("AREA"),
        "sex": CONCEPT.format("SEX"),
        "geo": LIST.format("CL_GEO"),
        "measure": "PrimaryMeasure",
        "dsd": '<Ref id="DSD" agencyID="GSO" version="1.0"/>',
    },
    "3_0": {
        "parent": "VN",
        "lost": "ZZ",
        "area": URN.format("conceptscheme.Concept=GSO:CS(1.0).AREA"),
        "sex": URN.format("conceptscheme.Concept=GSO:CS(1.0).SEX"),
        "geo": URN.format("codelist.Codelist=GSO:CL_GEO(2.0)"),
        "measure": 'Measure id="OBS_VALUE"',
        "dsd": URN.format("datastructure.DataStructure=GSO:DSD(1.0)"),
    },
}
SEX_LIST = {"2_1": LIST.format("CL_SEX"), "3_0": URN.format("codelist.Codelist=GSO:CL_SEX(2.0)")}


@pytest.mark.parametrize("version", ["2_1", "3_0"])
def test_structures_in_xml_are_read(version):
    ways = WRITTEN[version]
    body = LISTS + SCHEME.replace("{sex}", SEX_LIST[version]) + DSD + FLOW
    found = read_structures(source(xml(body.format(**ways), version)))
    codes = found.code_list("CL_GEO")
    assert (codes.agency, codes.version, codes.name["vi"]) == ("GSO", "2.0", "Địa bàn")
    assert [(code.id, code.parent) for code in codes.codes] == [("VN", ""), ("HN", "VN"), ("X", "")]
    assert codes.by_id["HN"].description == "Capital"
    assert found.notes == ("GSO:CL_GEO(2.0): left out, twice or no codes: H N, VN",)
    structure = found.structures[0]
    assert structure.key == ("REF_AREA", "SEX", "TIME_PERIOD")
    assert structure.by_id["REF_AREA"].name == "Area"
    assert structure.by_id["SEX"].name == "Giới tính"
    assert {each.id: (each.kind, each.codes) for each in structure.components} == {
        "REF_AREA": ("code", "CL_GEO"),
        "SEX": ("code", "CL_SEX"),
        "TIME_PERIOD": ("text", ""),
        "NOTE": ("text", ""),
        "SIZE": ("integer", ""),
        "WEIGHT": ("number", ""),
        "OBS_VALUE": ("number", ""),
    }
    assert found.of(Reference(id="FLOW", agency="GSO")) is structure
    assert found.of(Reference(id="DSD", agency="GSO", version="2.0")) is None
    assert found.of(Reference(id="BARE")) is None
    assert dict(found.lists_of(structure)) == {"REF_AREA": codes}


def test_flow_is_described():
    ways = WRITTEN["2_1"]
    body = LISTS + SCHEME.replace("{sex}", SEX_LIST["2_1"]) + DSD + FLOW
    found = read_structures(source(xml(body.format(**ways))))
    concepts = Concepts(dimensions=(), attributes=(), roles={})
    flow = Flow(reference=Reference(id="FLOW"), concepts=concepts)
    found.describe(flow)
    assert flow.name == {"en": "Flow"}
    assert flow.names["REF_AREA"] == "Area"
    assert flow.labels["REF_AREA"]["HN"].name == {"vi": "Hà Nội"}


def test_constraints_and_others_in_xml_are_listed():
    body = (
        '<s:Constraints><s:ContentConstraint id="C" agencyID="GSO" version="1.0" type="Actual">'
        "<s:ConstraintAttachment><s:Dataflow>"
        '<Ref id="FLOW" agencyID="GSO" version="1.0"/></s:Dataflow><s:Empty/>'
        "</s:ConstraintAttachment>"
        '<s:CubeRegion include="true"><c:KeyValue id="SEX"><c:Value>F</c:Value><c:Value>F</c:Value>'
        '<c:Value/></c:KeyValue><c:Attribute id="UNIT"><c:Value>PT</c:Value></c:Attribute>'
        '</s:CubeRegion><s:CubeRegion include="false"><c:KeyValue id="AGE"/></s:CubeRegion>'
        "</s:ContentConstraint></s:Constraints>"
        '<s:MetadataStructures><s:MetadataStructure id="M"/></s:MetadataStructures>'
    )
    found = read_structures(source(xml(body)))
    constraint = found.constraints[0]
    assert (constraint.reference.id, constraint.kind) == ("C", "Actual")
    assert [each.id for each in constraint.attached] == ["FLOW"]
    assert constraint.codes == {"SEX": ("F", ""), "UNIT": ("PT",)}
    assert found.others == {"MetadataStructure": 1}


JSON = {
    "data": {
        "codelists": [
            {
                "id": "CL_C",
                "agencyID": "GSO",
                "codes": [
                    {"id": "A", "name": {"en": "All"}, "description": {"fr": "Tout"}},
                    {"id": "B", "name": "Part", "parent": "A"},
                ],
            }
        ],
        "valueLists": [{"id": "VL", "valueItems": [{"id": "1"}]}, {"id": "NONE"}],
        "conceptSchemes": [
            {
                "id": "CS",
                "concepts": [
                    {
                        "id": "CAUSE",
                        "names": {"en": "Cause of death"},
                        "coreRepresentation": {
                            "enumeration": URN.format("codelist.Codelist=GSO:CL_C(1.0)")
                        },
                    }
                ],
            },
            {"id": "EMPTY"},
        ],
        "dataStructures": [
            {
                "id": "DSD",
                "agencyID": "GSO",
                "version": "1.1",
                "names": {"fr": "Décès"},
                "dataStructureComponents": {
                    "dimensionList": {
                        "dimensions": [
                            {
                                "id": "CAUSE",
                                "conceptIdentity": URN.format(
                                    "conceptscheme.Concept=GSO:CS(1.0).CAUSE"
                                ),
                            }
                        ],
                        "timeDimension": {"id": "TIME_PERIOD"},
                    },
                    "measureList": {"primaryMeasure": {"id": "OBS_VALUE"}},
                    "attributeList": {
                        "attributes": [
                            {"id": "N", "localRepresentation": {"format": {"dataType": "Long"}}}
                        ]
                    },
                },
            },
            {"id": "HOLLOW"},
        ],
        "dataflows": [{"id": "F", "structure": None}],
        "contentConstraints": [
            {
                "id": "C1",
                "type": "Allowed",
                "cubeRegions": [
                    {"isIncluded": True, "keyValues": [{"id": "CAUSE", "values": ["A", "A"]}]},
                    {"isIncluded": False, "keyValues": [{"id": "SEX", "values": ["F"]}]},
                ],
                "constraintAttachment": {
                    "dataflows": [URN.format("datastructure.Dataflow=GSO:F(1.0)")]
                },
            }
        ],
        "dataConstraints": [
            {
                "id": "C2",
                "role": "Actual",
                "cubeRegions": [
                    {"include": True, "keyValues": [{"id": "SEX", "values": [{"value": "F"}]}]}
                ],
            },
            {"id": "C3"},
        ],
        "metadataStructures": [{"id": "M"}],
        "agencySchemes": [],
    }
}


def test_structures_in_json_are_read():
    found = read_structures(source(json.dumps(JSON)))
    codes = found.code_list("CL_C")
    assert [(code.id, code.parent, code.description) for code in codes.codes] == [
        ("A", "", "Tout"),
        ("B", "A", ""),
    ]
    assert [each.id for each in found.code_lists] == ["CL_C", "VL", "NONE"]
    structure, hollow = found.structures
    assert structure.name == "Décès"
    assert structure.key == ("CAUSE", "TIME_PERIOD")
    assert structure.by_id["CAUSE"].name == "Cause of death"
    assert structure.by_id["CAUSE"].codes == "CL_C"
    assert structure.by_id["N"].kind == "integer"
    assert (hollow.name, hollow.components) == ("HOLLOW", ())
    first, second, third = found.constraints
    assert first.codes == {"CAUSE": ("A",)}
    assert [str(each) for each in first.attached] == ["GSO:F(1.0)"]
    assert (second.kind, second.codes) == ("Actual", {"SEX": ("F",)})
    assert (third.kind, third.codes) == ("Allowed", {})
    assert found.others == {"metadataStructures": 1}


def test_json_without_wrapper_is_read():
    assert read_structures(source(json.dumps(JSON["data"]))).code_list("CL_C") is not None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "file: found nothing, expected structures"),
        ("code,name\n", "found content that begins b'code,name"),
        (xml("", "2_0"), "found SDMX-ML 2.0, expected SDMX-ML 2.1 or 3.0"),
        (xml("", root="GenericData"), "found GenericData, which is no message of structures"),
        ("<html><body/></html>", "a page of the web"),
        ("<", "the end of the file"),
        (xml("")[:-9], "the end of the file, expected the rest"),
        ('{"data": {"dataSets": []}}', "found a message of data, expected structures"),
        ('{"dataSets": [], "structure": {}}', "found a message of data, expected structures"),
        ('{"data": {"codelists": {}}}', "found an object with data, expected data with codelists"),
        ('{"data": 3}', "found an object with data"),
        ("{}", "found an object with nothing"),
        ('{"data": {"codelists": [3]}}', "found a structure of another form"),
        ('{"data": {"codelists": [{"name": "x"}]}}', "found a structure of another form ('id')"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(content, words):
    with pytest.raises(InputError) as caught:
        read_structures(source(content))
    assert words in str(caught.value)


def test_reference_of_any_form_is_read():
    assert str(read_reference("SDMX:CL_SEX(2.1)")) == "SDMX:CL_SEX(2.1)"
    assert str(read_reference(" CL_SEX ")) == "CL_SEX"
    assert read_reference("urn:sdmx:org.sdmx.x.Code=A.B:CL(1.0+).F").item == "F"
    assert read_reference("some words") == Reference(id="some words")
