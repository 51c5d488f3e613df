"""Descriptions in DCAT-AP and schema.org, and the small writer of triples."""

import io
import json
from datetime import date

import polars as pl
import pytest

from everycount.io.exporters.catalogue import Distribution, entry_of, licence_url
from everycount.io.exporters.dcat import PREFIXES, dcat, write_dcat_json, write_dcat_turtle
from everycount.io.exporters.description import facts, provenance
from everycount.io.exporters.outgoing import outgoing_of
from everycount.io.exporters.schema_org import schema_org
from everycount.io.exporters.triples import Address, Node, Text, json_ld, safe, turtle
from everycount.model.dataset import Dataset
from everycount.model.observation import OBSERVATION
from everycount.model.origin import Origin

ORIGIN = Origin(
    producer="NSO",
    title="Labour force survey",
    licence="CC-BY-4.0",
    citation='NSO: "Survey", 2024',
    url="https://nso.example/a b",
    published=date(2024, 5, 2),
)
FILES = (
    Distribution(url="https://hub.example/d.csv", media_type="text/csv", title="CSV", size=12),
    Distribution(url="https://hub.example/d.xml", media_type="application/xml;version=1"),
)


def outgoing(*rows, **about):
    full = [
        {each.id: row.get(each.id, each.default or None) for each in OBSERVATION.components}
        for row in rows
    ]
    table = pl.DataFrame(full, schema=dict(OBSERVATION.schema))
    return outgoing_of(Dataset(table=table, **about))


def row(**changes):
    usual = {"INDICATOR": "SEATS", "REF_AREA": "X1", "TIME_PERIOD": "2019", "OBS_VALUE": 1.5}
    return usual | changes


def entry(origins=(ORIGIN,), **changes):
    rows = (row(UNIT_MEASURE="ABC", APPRAISAL="SUPPLEMENTARY"), row(TIME_PERIOD="2020-Q3"))
    data = outgoing(*rows, origins=origins, notes=("1 row left out",))
    usual = {"address": "https://hub.example/d", "distributions": FILES}
    return entry_of(data, **(usual | changes))


def test_dcat_says_what_a_catalogue_must_know():
    found = json.loads(json_ld(dcat(entry()), PREFIXES))
    assert found["@type"] == "dcat:Dataset"
    assert found["@id"] == "https://hub.example/d"
    assert found["dct:title"] == {"@value": "Labour force survey", "@language": "en"}
    assert found["dct:temporal"]["dcat:startDate"] == {"@value": "2019", "@type": "xsd:gYear"}
    assert found["dct:temporal"]["dcat:endDate"]["@value"] == "2020"
    assert found["dct:publisher"]["foaf:name"]["@value"] == "NSO"
    assert found["dct:modified"]["@value"] == "2024-05-02T00:00:00Z"
    assert found["dct:source"] == {"@id": "https://nso.example/a%20b"}
    csv, xml = found["dcat:distribution"]
    assert csv["dct:license"] == {"@id": "https://spdx.org/licenses/CC-BY-4.0"}
    assert csv["dcat:byteSize"] == {"@value": "12", "@type": "xsd:nonNegativeInteger"}
    assert xml["dcat:mediaType"]["@id"].endswith("/application/xml")
    assert found["dct:provenance"]["rdfs:label"]["@value"] == "1 row left out"
    assert "Supplementary" in found["adms:versionNotes"]["@value"]


def test_dcat_has_one_publisher_and_words_for_a_licence_without_an_identifier():
    others = Origin(producer="UN Women", title="B", licence="ask the office")
    text = turtle(dcat(entry(origins=(ORIGIN, others))), PREFIXES)
    assert text.count("dct:publisher") == 1
    assert text.count("dct:creator") == 1
    assert 'dct:license [ a dct:LicenseDocument ;\n      rdfs:label "ask the office"@en ]' in text
    assert '"NSO: \\"Survey\\", 2024"' in text
    assert text.startswith("@prefix adms: <http://www.w3.org/ns/adms#> .\n")
    assert "\n<https://hub.example/d> a dcat:Dataset ;\n" in text


def test_both_forms_of_dcat_say_the_same_things():
    data = outgoing(row(), origins=(ORIGIN,))
    write_dcat_turtle(data, written := io.BytesIO())
    write_dcat_json(data, other := io.BytesIO())
    found = json.loads(other.getvalue())
    text = written.getvalue().decode()
    for name in set(found) - {"@context", "@type"}:
        assert f"  {name} " in text
    assert "\n[] a dcat:Dataset" in text
    assert "@id" not in found


def test_nothing_known_is_nothing_said():
    found = json.loads(json_ld(dcat(entry_of(outgoing())), PREFIXES))
    assert set(found) == {
        "@context", "@type", "dct:title", "dct:description", "dcat:theme",
    }  # fmt: skip
    assert "dateModified" not in schema_org(entry_of(outgoing()))
    assert "prepared" not in facts(outgoing())
    assert found["dct:description"]["@value"] == "0 observations of 0 indicators in 0 areas."


def test_schema_org_says_what_search_engines_ask_for():
    found = schema_org(entry())
    assert found["name"] == "Labour force survey"
    assert found["temporalCoverage"] == "2019/2020"
    assert found["spatialCoverage"] == [{"@type": "Place", "identifier": "X1", "name": "X1"}]
    (measured,) = found["variableMeasured"]
    assert measured["unitText"] == "ABC"
    assert found["license"] == ["https://spdx.org/licenses/CC-BY-4.0"]
    assert found["distribution"][0]["contentSize"] == "12 B"
    assert "contentSize" not in found["distribution"][1]
    assert found["abstract"].endswith("1 row left out")


def test_what_is_not_known_of_an_origin_is_left_out():
    bare = outgoing(row(), origins=(Origin(producer="NSO", title="Survey"),))
    assert list(provenance(bare)) == [("SOURCE", "NSO, Survey")]
    assert facts(bare)["origins"] == [{"producer": "NSO", "title": "Survey"}]


def test_an_indicator_of_several_units_names_none():
    data = outgoing(row(UNIT_MEASURE="A"), row(UNIT_MEASURE="B", REF_AREA="X2"))
    assert entry_of(data).indicators == (("SEATS", "SEATS", ""),)


@pytest.mark.parametrize(
    ("licence", "url"),
    [
        ("CC-BY-4.0", "https://spdx.org/licenses/CC-BY-4.0"),
        ("OGL-UK-3.0", "https://spdx.org/licenses/OGL-UK-3.0"),
        ("https://nso.example/terms", "https://nso.example/terms"),
        ("free for all", ""),
        ("open", ""),
        ("", ""),
    ],
)
def test_a_licence_has_an_address_only_where_it_is_known(licence, url):
    assert licence_url(licence) == url


def test_text_cannot_leave_its_literal_nor_end_a_script():
    hostile = 'a "b" \\ c\n<d> </script> \x7f'
    node = Node(kind="a:B", statements=[("a:c", Text(value=hostile, language="en"))])
    assert '"a \\"b\\" \\\\ c\\n<d> </script> \\u007f"@en' in turtle(node, {})
    written = json_ld(node, {})
    assert "</script>" not in written
    assert json.loads(written)["a:c"]["@value"] == hostile


def test_an_address_cannot_leave_its_brackets():
    assert safe('https://a.example/>"x y') == "https://a.example/%3E%22x%20y"
    node = Node(kind="a:B", statements=[("a:c", Address(url="u")), ("a:c", Text(value="v"))])
    assert json.loads(json_ld(node, {}))["a:c"] == [{"@id": "u"}, "v"]


def test_a_named_thing_inside_another_is_our_mistake():
    inner = Node(kind="a:C", statements=[], address="u")
    with pytest.raises(ValueError, match="without address"):
        turtle(Node(kind="a:B", statements=[("a:c", inner)]), {})
    assert json.loads(json_ld(Node(kind="a:B", statements=[("a:c", inner)]), {}))["a:c"] == {
        "@id": "u",
        "@type": "a:C",
    }
