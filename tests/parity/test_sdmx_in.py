"""SDMX as others write it and read it: recorded files, and pysdmx as a second reader."""

import csv
import gzip
import json
import math

import polars as pl
import pytest
from lxml import etree
from pysdmx.io import read_sdmx

from everycount.errors import InputError
from everycount.io.importers.read import read_dataset
from everycount.io.importers.sdmx_structures import read_structures
from everycount.io.importers.source import Source
from everycount.model.column_mapping import ColumnMapping
from everycount.model.observation import OBSERVATION

GENERIC = "{http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic}"
BIS = ColumnMapping(
    columns={"DER_REP_CTY": "REF_AREA", "OBS_CONF": "CONF_STATUS"},
    breakdown=(
        *("DER_TYPE", "DER_INSTR", "DER_SECTOR_CPY", "DER_CPC", "DER_SECTOR_UDL"),
        *("DER_CURR_LEG1", "DER_CURR_LEG2", "DER_ISSUE_MAT", "DER_RATING", "DER_EX_METHOD"),
        "DER_BASIS",
    ),
)
SPECIFICATION = ColumnMapping(
    columns={"DIM_1": "REF_AREA", "DIM_2": "INDICATOR", "DIM_3": "TIME_PERIOD"}
)
SECOND = ColumnMapping(columns={**SPECIFICATION.columns, "OBS_VALUE2": "OBS_VALUE"})


def fixture(shared, name):
    return shared / "data" / "api_fixtures" / name


def count_rows(place):
    with place.open(newline="", encoding="utf-8") as text:
        return sum(1 for _ in csv.reader(text)) - 1


def load(place):
    content = place.read_bytes()
    return json.loads(gzip.decompress(content) if place.suffix == ".gz" else content)


# ------------------------------------------------------------------------------- recorded data


@pytest.mark.parametrize(
    ("name", "mapping"),
    [
        ("sdmx_csv/pysdmx_sdmx10_data_v1.csv", BIS),
        ("sdmx_csv/pysdmx_sdmx20_data_v2.csv", BIS),
        ("sdmx_csv/v2_example_01.csv", SPECIFICATION),
        ("sdmx_csv/v2_example_02.csv", SECOND),
        ("sdmx_csv/v2_example_03.csv", SECOND),
        ("sdmx_csv/v2_example_04.csv", SPECIFICATION),
        ("sdmx_csv/v2_example_05.csv", SPECIFICATION),
        (
            "sdmx_csv/pysdmx_sdmx20_csv_labels_both.csv",
            ColumnMapping(columns={"DIM1": "REF_AREA", "DIM2": "INDICATOR"}),
        ),
    ],
)
def test_csv_of_other_structures_is_refused_and_read_with_a_mapping(shared, name, mapping):
    place = fixture(shared, name)
    with pytest.raises(InputError, match="expected columns for REF_AREA"):
        read_dataset(place)
    if "v1" in name:
        mapping = ColumnMapping(
            columns=mapping.columns, breakdown=(*mapping.breakdown, "DER_RISKs")
        )
    elif "v2.csv" in name:
        mapping = ColumnMapping(columns=mapping.columns, breakdown=(*mapping.breakdown, "DER_RISK"))
    data = read_dataset(place, mapping=mapping)
    assert data.table.height == count_rows(place)


def test_values_of_bis_are_those_of_the_file(shared):
    place = fixture(shared, "sdmx_csv/pysdmx_sdmx10_data_v1.csv")
    mapping = ColumnMapping(columns=BIS.columns, breakdown=(*BIS.breakdown, "DER_RISKs"))
    table = read_dataset(place, mapping=mapping).table
    with place.open(newline="", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    expected = [float(row["OBS_VALUE"]) if row["OBS_VALUE"] else None for row in rows]
    assert table["OBS_VALUE"].to_list() == expected
    assert table["OBS_STATUS"].to_list() == [row["OBS_STATUS"] for row in rows]
    assert table["CUST_BREAKDOWN"].n_unique() == len(
        {
            tuple(v for k, v in row.items() if k.startswith("DER_") and "CTY" not in k)
            for row in rows
        }
    )


def test_labels_of_the_specification_are_read(shared):
    place = fixture(shared, "sdmx_csv/v2_example_04.csv")
    data = read_dataset(place, mapping=SPECIFICATION)
    assert data.table["OBS_VALUE"].to_list() == [12.4, 10.8]
    assert data.table["REF_AREA"].to_list() == ["A", "A"]


def test_wits_is_read(shared):
    place = fixture(shared, "sdmx_ml/world_bank_wits_generic_data.xml")
    data = read_dataset(place)
    tree = etree.parse(place)
    observations = tree.findall(f".//{GENERIC}Obs")
    assert data.table.height == len(observations) == 1
    row = data.table.row(0, named=True)
    assert (row["REF_AREA"], row["PRODUCT"], row["OBS_VALUE"]) == ("840", "020110", 0.0)
    assert row["INDICATOR"] == "TARIFF_TRAINS"


def test_unicef_is_read(shared):
    place = fixture(shared, "sdmx_json/unicef_cme_data_v1.json.gz")
    data = read_dataset(place)
    message = load(place)["data"]
    dimensions = message["structure"]["dimensions"]["observation"]
    attributes = message["structure"]["attributes"]["observation"]
    sexes, periods, errors = [], [], []
    at = next(i for i, each in enumerate(attributes) if each["id"] == "STD_ERR")
    found = message["dataSets"][0]["observations"]
    for key, values in found.items():
        numbers = [int(part) for part in key.split(":")]
        named = {
            each["id"]: each["values"][number]["id"]
            for each, number in zip(dimensions, numbers, strict=True)
        }
        sexes.append(named["SEX"])
        periods.append(named["TIME_PERIOD"])
        number = values[1 + at]
        errors.append(None if number is None else float(attributes[at]["values"][number]["id"]))
    table = data.table
    assert table.height == len(found) == 299
    assert table["OBS_VALUE"].to_list() == [values[0] for values in found.values()]
    assert table["SEX"].to_list() == sexes
    assert table["TIME_PERIOD"].to_list() == periods
    assert table["STD_ERROR"].to_list() == errors
    assert set(table["REF_AREA"]) == {"004"}


def test_oecd_has_no_period_and_is_read_with_one(shared):
    place = fixture(shared, "sdmx_json/oecd_part2_v1.json")
    with pytest.raises(InputError, match="expected columns for TIME_PERIOD"):
        read_dataset(place)
    data = read_dataset(place, mapping=ColumnMapping(constants={"TIME_PERIOD": "2019"}))
    observations = load(place)["dataSets"][0]["observations"]
    assert data.table["OBS_VALUE"].to_list() == [each[0] for each in observations.values()]
    assert data.table["REF_AREA"][0] == "036"


def test_sample_of_json_2_has_no_area_and_repeats_its_observations(shared):
    place = fixture(shared, "sdmx_json/v2_constructed-sample-full.json")
    with pytest.raises(InputError, match="expected columns for REF_AREA"):
        read_dataset(place)
    message = load(place)
    sets = message["data"]["dataSets"]
    for number, expected in ((0, 4), (1, 4), (3, 4)):
        message["data"]["dataSets"] = [sets[number]]
        data = read_dataset(
            Source(name="sample.json", content=json.dumps(message).encode()),
            mapping=ColumnMapping(constants={"REF_AREA": "XX"}),
        )
        assert data.table.height == expected
        assert data.table["OBS_VALUE"].to_list() == [1.5931, 1.5925, 40.3426, 40.3]


@pytest.mark.parametrize(
    ("name", "lists", "others"),
    [
        ("sdmx_ml/iaeg_sdgs_metadatastructure_sdmx30.xml", [], {"MetadataStructure": 1}),
        ("sdmx_ml/spc_metadatastructure.xml", [], {"MetadataStructure": 1}),
        ("sdmx_ml/spc_actualconstraint.xml", [], {}),
        ("sdmx_ml/sgr_common_structure.xml", None, {}),
        ("sdmx_ml/unsd_codelist_partial.xml", None, {}),
    ],
)
def test_structures_in_xml_agree_with_a_count(shared, name, lists, others):
    place = fixture(shared, name)
    found = read_structures(Source.at(place))
    tree = etree.parse(place)
    expected = [len(each.xpath("*[local-name()='Code']")) for each in tree.iter("{*}Codelist")]
    assert [len(each.codes) for each in found.code_lists] == expected
    assert lists is None or expected == lists
    assert found.others == others
    with pytest.raises(InputError, match="a message of structures"):
        read_dataset(place)


def test_constraint_of_the_pacific_is_read(shared):
    place = fixture(shared, "sdmx_ml/spc_actualconstraint.xml")
    constraint = read_structures(Source.at(place)).constraints[0]
    values = etree.parse(place).xpath("//*[local-name()='KeyValue'][@id='INDICATOR']/*/text()")
    assert list(constraint.codes["INDICATOR"]) == values
    assert constraint.attached[0].id == "DF_ADBKI"


def test_structure_of_unicef_is_read(shared):
    place = fixture(shared, "sdmx_json/unicef_cme_structure_v1.json.gz")
    found = read_structures(Source.at(place))
    message = load(place)["data"]
    assert {each.id: len(each.codes) for each in found.code_lists} == {
        each["id"]: len(each["codes"]) for each in message["codelists"]
    }
    assert found.structures[0].key[:3] == ("REF_AREA", "INDICATOR", "SEX")
    with pytest.raises(InputError, match="expected data sets"):
        read_dataset(place)


# ---------------------------------------------------------------------- pysdmx as second reader

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><m:{root} xmlns:m="{place}/message" '
    'xmlns:c="{place}/common" xmlns:g="{place}/data/generic" '
    'xmlns:ss="{place}/data/structurespecific" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" {more}>'
    "<m:Header><m:ID>X</m:ID><m:Test>false</m:Test>"
    '<m:Prepared>2026-01-01T00:00:00</m:Prepared><m:Sender id="GSO"/>'
    '<m:Structure structureID="S" {namespace} dimensionAtObservation="{at}">'
    "<c:Structure>{ref}</c:Structure></m:Structure></m:Header>"
)
URN = "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=GSO:GENDER(1.0)"
ROWS = [
    {
        "INDICATOR": f"I{i}",
        "REF_AREA": area,
        "SEX": sex,
        "TIME_PERIOD": str(2018 + i),
        "OBS_VALUE": str(i + len(area) / 7),
        "COMMENT_OBS": words,
    }
    for i, words in enumerate(("Côte d'Ivoire", "Hà Nội", "بيانات"))
    for area in ("704", "404")
    for sex in ("F", "M", "_T")
]
KEY = ("INDICATOR", "REF_AREA", "SEX")


def escape(text):
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def attributes(row, names):
    return " ".join(f'{name}="{escape(row[name])}"' for name in names)


def values(row, names):
    return "".join(f'<g:Value id="{name}" value="{escape(row[name])}"/>' for name in names)


def message(kind, version, *, is_flat):
    place = f"http://www.sdmx.org/resources/sdmxml/schemas/v{version}"
    ref = '<Ref agencyID="GSO" id="GENDER" version="1.0" class="DataStructure"/>'
    root = "GenericData" if kind == "generic" else "StructureSpecificData"
    head = HEAD.format(
        root=root,
        place=place,
        more=f'xmlns:ns1="{URN}:ObsLevelDim:{"AllDimensions" if is_flat else "TIME_PERIOD"}"',
        namespace="" if kind == "generic" else f'namespace="{URN}"',
        at="AllDimensions" if is_flat else "TIME_PERIOD",
        ref=URN if version == "3_0" else ref,
    )
    return f"{head}{data_set(kind, is_flat=is_flat)}</m:{root}>"


def data_set(kind, *, is_flat):
    ends = ("TIME_PERIOD", "OBS_VALUE", "COMMENT_OBS")
    if kind == "generic":
        rows = [
            (
                f"<g:SeriesKey>{values(row, KEY)}</g:SeriesKey>",
                f'<g:ObsValue value="{row["OBS_VALUE"]}"/>'
                f"<g:Attributes>{values(row, ['COMMENT_OBS'])}</g:Attributes></g:Obs>",
                row,
            )
            for row in ROWS
        ]
        if is_flat:
            parts = [
                f"<g:Obs><g:ObsKey>{values(row, [*KEY, 'TIME_PERIOD'])}</g:ObsKey>{rest}"
                for _, rest, row in rows
            ]
        else:
            parts = [
                f'<g:Series>{key}<g:Obs><g:ObsDimension value="{row["TIME_PERIOD"]}"/>{rest}'
                "</g:Series>"
                for key, rest, row in rows
            ]
        return f'<m:DataSet structureRef="S" action="Replace">{"".join(parts)}</m:DataSet>'
    if is_flat:
        parts = [f"<Obs {attributes(row, [*KEY, *ends])}/>" for row in ROWS]
    else:
        parts = [
            f"<Series {attributes(row, KEY)}><Obs {attributes(row, ends)}/></Series>"
            for row in ROWS
        ]
    return (
        '<m:DataSet ss:structureRef="S" xsi:type="ns1:DataSetType" ss:action="Replace" '
        f'ss:dataScope="DataStructure">{"".join(parts)}</m:DataSet>'
    )


def plain(value):
    """Return a cell of pandas as text, None for what it holds for missing."""
    missing = value is None or (isinstance(value, float) and math.isnan(value))
    return None if missing else str(value)


@pytest.mark.parametrize("is_flat", [False, True])
@pytest.mark.parametrize(
    ("kind", "version"), [("generic", "2_1"), ("specific", "2_1"), ("specific", "3_0")]
)
def test_pysdmx_reads_the_same(tmp_path, kind, version, is_flat):
    place = tmp_path / "data.xml"
    place.write_text(message(kind, version, is_flat=is_flat), encoding="utf-8")
    theirs = read_sdmx(place, validate=kind == "generic").data[0].data
    names = [*KEY, "TIME_PERIOD", "OBS_VALUE", "COMMENT_OBS"]
    expected = pl.DataFrame(
        {name: [plain(cell) for cell in theirs[name].tolist()] for name in names}
    ).with_columns(pl.col("OBS_VALUE").cast(pl.Float64))
    ours = read_dataset(place).table.select(names)
    assert ours.height == len(ROWS)
    assert ours.sort(names).equals(expected.sort(names))


def test_pysdmx_reads_the_same_csv(tmp_path):
    place = tmp_path / "data.csv"
    names = [*KEY, "TIME_PERIOD", "OBS_VALUE", "COMMENT_OBS"]
    with place.open("w", newline="", encoding="utf-8") as text:
        writer = csv.writer(text)
        writer.writerow(["STRUCTURE", "STRUCTURE_ID", "ACTION", *names])
        writer.writerows(
            ["datastructure", "GSO:GENDER(1.0)", "I", *(row[name] for name in names)]
            for row in ROWS
        )
    theirs = read_sdmx(place, validate=False).data[0].data
    ours = read_dataset(place).table
    assert ours["COMMENT_OBS"].to_list() == theirs["COMMENT_OBS"].tolist()
    assert ours["OBS_VALUE"].to_list() == [float(each) for each in theirs["OBS_VALUE"]]
    assert set(OBSERVATION.ids) == set(ours.columns)
