"""Whatever is done to the bytes of a file, reading it gives observations or says what is wrong."""

import io
import json
import random
import re
import zipfile

import polars as pl
import pytest

from everycount.errors import InputError, NotFound, Unavailable
from everycount.io.exporters.formats import find_exporter
from everycount.io.exporters.outgoing import outgoing_of
from everycount.io.importers.read import read_dataset
from everycount.io.importers.source import Source
from everycount.model.codes import Code, CodeList
from everycount.model.dataset import Dataset
from everycount.model.observation import OBSERVATION

CASES = 16
"""Damaged files of each kind; thousands were tried when this was written."""
SIGNS = [
    *(b"\0", b'"', b"'", b",", b";", b"\n", b"\r", b"<", b">", b"{", b"}", b"[", b"]", b"&#0;"),
    *(b"null", b"-1", b"1e999", b"9" * 30, b"9" * 5000, b"NaN", b"\xff\xfe", b"\xe2\x80\xa8"),
    *(b"\\u0000", b"\\ud800", b"_x0000_", b"_xD800_", b"\xf0\x9f\x92\xa9", b" ", b"true", b"."),
]
"""What is put where it does not belong."""
VALUES = [b"-1", b"null", b"{}", b"[]", b'""', b"1e400", b"999999999", b"true", b'"a b"', b"0"]
KINDS = [
    *(None, True, -1, 0, 3, 1.5, "", "x", "a b", [], {}, [1], ["x"], [None], [[]], {"a": 1}),
    *({"id": "x"}, [{}], 10**25, "0", "2020"),
]
TOKEN = re.compile(rb'\d+|null|"[^"]{1,24}"')

CUBE = {
    "version": "2.0",
    "class": "dataset",
    "id": ["geo", "year", "sex", "branch"],
    "size": [1, 2, 2, 1],
    "dimension": {
        "geo": {"category": {"index": ["NAM"], "label": {"NAM": "Namibia"}}},
        "year": {"category": {"index": {"2020": 1, "2019": 0}}},
        "sex": {"label": "Sex", "category": {"index": ["F", "T"]}},
        "branch": {"label": "Branch", "category": {"label": {"B1": "Mining"}}},
    },
    "value": [1, 2.50, None, 4],
    "extension": {"id": "GAP"},
}
UN_SDG = {
    "data": [
        {
            "indicator": ["5.1.1"],
            "series": "SG_X",
            "seriesDescription": "A series",
            "geoAreaCode": "516",
            "geoAreaName": "Namibia",
            "timePeriodStart": 2019.0,
            "value": "1.50",
            "footnotes": ["One", "Two"],
            "attributes": {"Nature": "NA", "Units": "PERCENT"},
            "dimensions": {"Sex": "FEMALE", "Age": "15+"},
        }
    ]
}
WORLD_BANK = [
    {"page": 1, "pages": 1, "lastupdated": "2020-03-18"},
    [
        {
            "indicator": {"id": "SP.POP.TOTL", "value": "Population"},
            "country": {"id": "NA", "value": "Namibia"},
            "countryiso3code": "NAM",
            "date": "2013",
            "value": 1.5,
            "unit": "",
            "obs_status": "",
            "decimal": 0,
        }
    ],
]
WHO = {
    "value": [
        {
            "IndicatorCode": "WHS1",
            "SpatialDimType": "COUNTRY",
            "SpatialDim": "NAM",
            "TimeDim": 2019,
            "Dim1Type": "SEX",
            "Dim1": "FMLE",
            "Value": "12.3 [10.0-14.0]",
            "NumericValue": None,
        }
    ]
}
FOREIGN = {
    "un_sdg.csv": "Indicator,SeriesCode,SeriesDescription,GeoAreaCode,GeoAreaName,TimePeriod,Value,"
    "[Sex],[Age],[Cause of death],[Nature]\n"
    "5.1.1,S,Words,62,Southern Asia,2019,1,FEMALE,<18Y,Malaria,NA\n"
    "5.1.1,S,Words,8,Albania,2019,<2.5,_O,everyone else,_T,C\n",
    "un_sdg_api.json": json.dumps(UN_SDG),
    "world_bank_json.json": json.dumps(WORLD_BANK),
    "world_bank_bulk.csv": '"Data Source","World Development Indicators",\n\n'
    '"Last Updated Date","2020-03-18",\n\n'
    '"Country Name","Country Code","Indicator Name","Indicator Code","2019","2020",\n'
    '"Namibia","NAM","Population","SP.POP.TOTL","1.5","",\n',
    "who_gho.csv": "GHO,PUBLISHSTATE,YEAR,REGION,COUNTRY,SEX,AGEGROUP,CAUSE,Display Value,"
    "Comments\n"
    "X,PUBLISHED,2019,AFR,NAM,FMLE,AGEGROUP_YEARS15-49,CAUSE_A,12.3 [10.0-14.0],\n"
    "X,PUBLISHED,2020,AFR,NAM,MLE,adults,,No data,A note\n",
    "who_gho_api.json": json.dumps(WHO),
    "uis.csv": "INDICATOR_ID,COUNTRY_ID,YEAR,VALUE,MAGNITUDE,QUALIFIER\n"
    "X,NAM,2019,1,LOWREL,NAT_EST\nX,NAM,2020,2,NA,\n",
    "oecd.csv": "LOCATION,Country,VAR,Variable,SEX,Sex,KIND,Kind of work,TIME,Time,"
    "Unit Code,Unit,PowerCode Code,PowerCode,Value,Flag Codes,Flags\n"
    "AUS,Australia,GAP,Pay gap,WOMEN,Women,P,Part-time,2019,2019,PCT,Percentage,0,Units,5,E,e\n"
    "OAVG,OECD average,GAP,Pay gap,MEN,Men,P,Part-time,2019,2019,PCT,Percentage,3,x,6,Z,Odd\n",
    "minimum_set.csv": "MINSET_SERIES,MINSET_SERIES_DESC,REF_AREA,REF_AREA_DESC,TIME_PERIOD,"
    "URBANIZATION,URBANIZATION_DESC,ICT_SKILL,ICT_SKILL_DESC,OBS_VALUE,OBS_VALUE_MODIFIER\n"
    "S1,Skills,9999,Somewhere,2019,R,Rural,EMAIL,Sending e-mails,1,<\n",
    "indicator_5-5-1.csv": "Year,Sex,Age,Dân tộc,Country,Units,Observation status,GeoCode,Value\n"
    "2019,,,,Wales,Percentage (%),Normal value,W92000004,1\n"
    "2004/05,Girls,Under 5,Kinh,Wales,Percentage (%),Undefined,W92000004,2\n",
    "jsonstat.json": json.dumps(CUBE),
    "sdmx.csv": "STRUCTURE[;],STRUCTURE_ID,ACTION,SERIES,GEO,TIME_PERIOD,OBS_VALUE,NOTE[]\n"
    "dataflow,A:B(1.0),I,X,704,2020,1,a;b\ndataflow,A:B(1.0),D,X,704,2021,1,\n",
    "plain.csv": "INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE\n"
    'SEATS,704,2020,F,30.5\nSEATS,704,2021,_T,"1"\n',
}
WRITTEN = {
    "sdmx-csv": "csv",
    "sdmx-csv-1.0": "csv",
    "sdmx-ml-3.0": "xml",
    "sdmx-ml-2.1": "xml",
    "sdmx-ml-2.1-generic": "xml",
    "sdmx-json": "json",
    "json-stat": "json",
    "excel": "xlsx",
    "parquet": "parquet",
}


def written(name):
    full = [
        {each.id: each.default or None for each in OBSERVATION.components}
        | {"INDICATOR": "SEATS", "REF_AREA": "704", "TIME_PERIOD": str(year), "SEX": sex}
        | {"OBS_VALUE": year / 7, "UNIT_MEASURE": "PT", "COMMENT_OBS": "Ghế đại biểu"}
        for year in (2019, 2020)
        for sex in ("F", "M")
    ]
    table = pl.DataFrame(full, schema=dict(OBSERVATION.schema))
    codes = {"INDICATOR": CodeList(id="I", codes=(Code(id="SEATS", name={"en": "Seats"}),))}
    file = io.BytesIO()
    dataset = Dataset(table=table, structure=OBSERVATION, codes=codes)
    find_exporter(name).write(outgoing_of(dataset), file)
    return file.getvalue()


def damaged(content, dice):
    """The bytes with one to five of them changed, cut, doubled, or others put between them."""
    found = bytearray(content)
    for _ in range(dice.choice((1, 1, 2, 5))):
        at = dice.randrange(len(found) + 1)
        match dice.randrange(7):
            case 0:
                found[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                found = found[:at]
            case 2:
                del found[at : at + dice.randrange(1, 40)]
            case 3 | 4:
                found[at:at] = dice.choice(SIGNS)
            case 5:
                start = dice.randrange(len(found) + 1)
                found[at:at] = found[start : start + dice.randrange(1, 300)]
            case _:
                tokens = list(TOKEN.finditer(bytes(found)))
                if tokens:
                    token = dice.choice(tokens)
                    found[token.start() : token.end()] = dice.choice(VALUES)
    return bytes(found)


def places(value, path=()):
    """The paths to everything below a value of JSON."""
    if not isinstance(value, dict | list):
        return
    for key, each in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, key)
        yield from places(each, (*path, key))


def reshaped(content, dice):
    """JSON in which one or two values are gone, doubled, called otherwise or of another kind."""
    found = json.loads(content)
    for _ in range(dice.choice((1, 1, 2))):
        paths = list(places(found))
        if not paths:
            break
        *path, last = dice.choice(paths)
        holder = found
        for key in path:
            holder = holder[key]
        match dice.randrange(5):
            case 0:
                del holder[last]
            case 1 if isinstance(holder, dict):
                holder[dice.choice(["x", "id", "value", "\0"])] = holder.pop(last)
            case 2 if isinstance(holder, list):
                holder.insert(0, holder[last])
            case _:
                holder[last] = dice.choice(KINDS)
    return json.dumps(found).encode()


def damaged_inside(content, dice):
    """A zip archive that is whole, one part of which is damaged."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    part = dice.choice(sorted(parts))
    parts[part] = damaged(parts[part], dice)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def read(name, content):
    try:
        dataset = read_dataset(Source(name=name, content=content))
    except (InputError, NotFound, Unavailable):
        return
    assert isinstance(dataset, Dataset)


def check(name, content, *, cases, damage=damaged):
    assert read_dataset(Source(name=name, content=content)).table.height
    for case in range(cases):
        dice = random.Random(f"{name} {case}")
        broken = damage(content, dice)
        try:
            read(name, broken)
        except BaseException as error:
            error.add_note(f"{name}, case {case}: {broken[:2000]!r}")
            raise


@pytest.mark.parametrize("name", FOREIGN)
def test_a_damaged_file_of_a_producer_is_read_or_refused(name):
    check(name, FOREIGN[name].encode(), cases=CASES)


@pytest.mark.parametrize("name", [name for name in FOREIGN if name.endswith(".json")])
def test_json_of_a_producer_with_other_values_is_read_or_refused(name):
    check(name, FOREIGN[name].encode(), cases=2 * CASES, damage=reshaped)


@pytest.mark.parametrize("format", ["sdmx-json", "json-stat"])
def test_json_of_ours_with_other_values_is_read_or_refused(format):
    check(f"{format}.json", written(format), cases=2 * CASES, damage=reshaped)


@pytest.mark.parametrize("format", WRITTEN)
def test_a_damaged_file_of_ours_is_read_or_refused(format):
    check(f"{format}.{WRITTEN[format]}", written(format), cases=CASES)


def test_a_workbook_with_a_damaged_part_is_read_or_refused():
    check("figures.xlsx", written("excel"), cases=2 * CASES, damage=damaged_inside)
