import io
import json

import polars as pl
from lxml import etree

from everycount.io.exporters.formats import find_exporter
from everycount.io.exporters.outgoing import outgoing_of
from everycount.io.exporters.structure_parts import parts_of
from everycount.model.codes import Code, CodeList
from everycount.model.dataset import Dataset
from everycount.model.observation import OBSERVATION
from everycount.model.structure import Component, DataStructure

SPACES = {
    "com": "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common",
    "str": "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/structure",
}


def dataset(*rows, codes=None):
    full = [
        {each.id: row.get(each.id, each.default or None) for each in OBSERVATION.components}
        for row in rows
    ]
    return Dataset(table=pl.DataFrame(full, schema=dict(OBSERVATION.schema)), codes=codes or {})


def row(**changes):
    usual = {"INDICATOR": "SEATS", "REF_AREA": "X11", "TIME_PERIOD": "2019", "OBS_VALUE": 1.5}
    return usual | changes


def areas():
    return CodeList(
        id="CL_AREA",
        codes=(
            Code(id="X", name={"en": "Land", "vi": "Nước"}, description="all of it"),
            Code(id="X1", name={"en": "North"}, parent="X"),
            Code(id="X11", name={}, parent="X1"),
            Code(id="X2", name={"en": "South"}, parent="X"),
        ),
    )


def written(name, data):
    file = io.BytesIO()
    find_exporter(name).write(outgoing_of(data), file)
    return file.getvalue()


def test_a_list_has_the_codes_in_use_and_those_above_them():
    parts = parts_of(outgoing_of(dataset(row(), codes={"REF_AREA": areas()})))
    found = parts.lists["REF_AREA"]
    assert [code.id for code in found.codes if code.id.startswith("X")] == ["X", "X1", "X11"]
    assert "CL_AREA" in parts.partial
    assert "EVERYCOUNT" in parts.agencies


def test_names_descriptions_and_parents_are_written():
    data = dataset(row(), codes={"REF_AREA": areas()})
    root = etree.fromstring(written("structure-ml-3.0", data))
    code = root.find(".//str:Codelist[@id='CL_AREA']/str:Code[@id='X']", SPACES)
    assert [each.text for each in code.findall("com:Name", SPACES)] == ["Land", "Nước"]
    assert code.findtext("com:Description", namespaces=SPACES) == "all of it"
    below = root.find(".//str:Code[@id='X1']/str:Parent", SPACES)
    assert below.text == "X"
    unnamed = root.find(".//str:Code[@id='X11']/com:Name", SPACES)
    assert unnamed.text == "X11"
    lists = json.loads(written("structure-json", data))["data"]["codelists"]
    listed = next(each for each in lists if each["id"] == "CL_AREA")
    north = next(each for each in listed["codes"] if each["id"] == "X1")
    assert north == {"id": "X1", "name": "North", "names": {"en": "North"}, "parent": "X"}


def test_a_parent_that_the_schema_refuses_is_an_annotation():
    codes = (Code(id="900", name={"en": "A"}), Code(id="X1", name={"en": "B"}, parent="900"))
    own = CodeList(id="CL_AREA", codes=codes)
    root = etree.fromstring(
        written("structure-ml-3.0", dataset(row(REF_AREA="X1"), codes={"REF_AREA": own}))
    )
    code = root.find(".//str:Code[@id='X1']", SPACES)
    assert code.find("str:Parent", SPACES) is None
    assert code.findtext(".//com:AnnotationType", namespaces=SPACES) == "PARENT"
    assert code.findtext(".//com:AnnotationText", namespaces=SPACES) == "900"


def test_a_structure_without_lists_names_and_attributes_can_be_written():
    structure = DataStructure(
        id="SMALL",
        agency="NSO",
        version="2.0",
        name="Small",
        components=(
            Component(id="INDICATOR", role="dimension", kind="code", name="Indicator"),
            Component(id="TIME_PERIOD", role="time", kind="text", name="Period"),
            Component(id="OBS_VALUE", role="measure", kind="number", name="Value"),
        ),
    )
    table = pl.DataFrame({"INDICATOR": ["A"], "TIME_PERIOD": ["2019"], "OBS_VALUE": [1.0]})
    data = Dataset(table=table, structure=structure)
    for name in ("structure-ml-2.1", "structure-ml-3.0"):
        text = written(name, data).decode()
        assert "CL_INDICATOR" in text
        assert "AttributeList" not in text
    assert "CL_INDICATOR" in written("structure-json", data).decode()
    assert b"A,2019,1" in written("sdmx-csv", data)
