"""Any text and any number survive the way out, and the way back where there is one."""

import csv
import io
import json
import math

import openpyxl
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from everycount.io.exporters.formats import find_exporter
from everycount.io.exporters.outgoing import outgoing_of
from everycount.io.exporters.periods import sdmx_period
from everycount.io.exporters.text import FORBIDDEN, escape_xml, number_text
from everycount.io.exporters.triples import Node, Text, json_ld, turtle
from everycount.model.dataset import Dataset
from everycount.model.observation import OBSERVATION

ANY = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
XML = st.text(
    st.characters(exclude_categories=["Cs"]).filter(
        lambda c: c in "\t\n\r" or (ord(c) >= 0x20 and ord(c) not in {0xFFFE, 0xFFFF})
    ),
    min_size=1,
    max_size=40,
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
TABLES = st.lists(st.tuples(ANY, st.none() | NUMBERS), min_size=1, max_size=6)
QUICK = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def dataset(rows):
    full = [
        {each.id: each.default or None for each in OBSERVATION.components}
        | {"INDICATOR": "A", "REF_AREA": "X", "TIME_PERIOD": str(1900 + number)}
        | {"COMMENT_OBS": text, "OBS_VALUE": value}
        for number, (text, value) in enumerate(rows)
    ]
    return Dataset(table=pl.DataFrame(full, schema=dict(OBSERVATION.schema)))


def written(name, rows):
    file = io.BytesIO()
    find_exporter(name).write(outgoing_of(dataset(rows)), file)
    return file.getvalue()


def same(first, second):
    """The same numbers, -0.0 apart from 0.0."""
    if first is None or second is None:
        return first is second
    return first == second and math.copysign(1, first) == math.copysign(1, second)


def agree(found, rows):
    assert len(found) == len(rows)
    for (text, value), (expected, number) in zip(found, rows, strict=True):
        assert text == expected
        assert same(value, number)


@QUICK
@given(TABLES)
def test_csv_holds_any_text_and_number(rows):
    for name in ("csv", "sdmx-csv"):
        text = written(name, rows).decode()
        lines = list(csv.DictReader(io.StringIO(text, newline="")))
        found = [
            (line["COMMENT_OBS"], float(line["OBS_VALUE"]) if line["OBS_VALUE"] else None)
            for line in lines
        ]
        agree(found, rows)


@QUICK
@given(TABLES)
def test_json_holds_any_text_and_number(rows):
    message = json.loads(written("sdmx-json", rows))["data"]
    observations = message["dataSets"][0]["observations"].values()
    agree([(each[1], each[0]) for each in observations], rows)
    cube = json.loads(written("json-stat", rows))
    comments = cube["extension"]["attributes"]["COMMENT_OBS"]
    agree([(comments[cell], value) for cell, value in cube["value"].items()], rows)


@QUICK
@given(st.lists(st.tuples(XML, st.none() | NUMBERS), min_size=1, max_size=6))
def test_xml_holds_any_text_it_may(rows):
    for name in ("sdmx-ml-2.1", "sdmx-ml-3.0"):
        root = etree.fromstring(written(name, rows))
        values = [(each.get("COMMENT_OBS"), each.get("OBS_VALUE")) for each in root.iter("Obs")]
        found = [(text, float(value) if value else None) for text, value in values]
        agree(found, rows)


@QUICK
@given(ANY)
def test_xml_is_well_formed_whatever_the_text(text):
    root = etree.fromstring(written("sdmx-ml-3.0", [(text, 1.0)]))
    (observation,) = root.iter("Obs")
    expected = pl.Series([text]).str.replace_all(FORBIDDEN, "\ufffd")[0]
    assert observation.get("COMMENT_OBS") == expected
    assert etree.fromstring(f'<a b="{escape_xml(text)}"/>').get("b") == expected


@QUICK
@given(TABLES)
def test_parquet_and_excel_hold_any_text_and_number(rows):
    table = pl.read_parquet(io.BytesIO(written("parquet", rows)))
    agree(table.select("COMMENT_OBS", "OBS_VALUE").rows(), rows)
    page = openpyxl.load_workbook(io.BytesIO(written("excel", rows)))["Data"]
    header, *lines = page.values
    places = header.index("OBS_VALUE") if "OBS_VALUE" in header else None
    for line, (_, number) in zip(lines, rows, strict=True):
        if places is not None:
            assert line[places] == number


@given(st.lists(st.none() | NUMBERS, min_size=1))
def test_a_number_reads_back_as_it_was(numbers):
    table = pl.DataFrame({"x": numbers}, schema={"x": pl.Float64})
    texts = table.select(number_text("x"))["x"].to_list()
    found = [None if text is None else float(text) for text in texts]
    assert all(map(same, found, numbers))


@given(ANY)
def test_triples_hold_any_text(text):
    node = Node(kind="a:B", statements=[("a:c", Text(value=text))])
    assert json.loads(json_ld(node, {}))["a:c"] == text
    (line,) = [each for each in turtle(node, {}).split("\n") if "a:c" in each][-1:]
    assert json.loads(line.removeprefix("  a:c ").removesuffix(" .")) == text


@given(st.text("0123456789-/PYMD", max_size=21))
def test_a_period_is_never_a_fault(text):
    assert sdmx_period(sdmx_period(text)) == sdmx_period(text)
