"""Column mappings as files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everycount.errors import InputError
from everycount.io.column_mappings import (
    column_mapping_toml,
    parse_column_mapping,
    read_column_mapping,
    save_column_mapping,
)
from everycount.model.column_mapping import Across, ColumnMapping

FULL = ColumnMapping(
    columns={"Ngày": "TIME_PERIOD", 'a "quoted" name': "REF_AREA"},
    constants={"INDICATOR": "5.5.1"},
    values={"SEX": {"Nữ": "F", "Nam": "M"}, "AGE": {"15\\24": "Y15T24"}},
    defaults={"REF_AREA": "704"},
    areas="iso3",
    breakdown=("Dân tộc",),
    across=Across(component="OBS_STATUS", pattern=r"\d{2}"),
    totals=("Tổng",),
    missing=("..",),
    ignored=("x",),
    decimal=",",
    thousands=".",
    delimiter=";",
    sheet="Bảng 1",
)


def test_a_full_mapping_reads_back_as_it_was(tmp_path):
    save_column_mapping(tmp_path / "mapping.toml", FULL)
    assert read_column_mapping(tmp_path / "mapping.toml") == FULL


def test_a_mapping_that_says_nothing_reads_back():
    assert (
        parse_column_mapping(column_mapping_toml(ColumnMapping()), subject="m") == ColumnMapping()
    )


def test_across_with_its_usual_pattern_reads_back():
    mapping = ColumnMapping(across=Across(component="TIME_PERIOD"))
    assert parse_column_mapping(column_mapping_toml(mapping), subject="m") == mapping


@given(st.dictionaries(st.text(), st.text()), st.lists(st.text()))
def test_any_text_survives(words, names):
    mapping = ColumnMapping(values={"SEX": words} if words else {}, ignored=tuple(names))
    assert parse_column_mapping(column_mapping_toml(mapping), subject="m") == mapping


def test_all_faults_of_a_mapping_are_named_at_once():
    source = b'texts = "("\nfar = 1\n[columns]\n"Land" = "COUNTRY"\n'
    with pytest.raises(InputError) as caught:
        parse_column_mapping(source, subject="mapping.toml")
    message = str(caught.value)
    assert "far" in message
    assert "'COUNTRY', expected one of FREQ" in message
    assert "expected a regular expression" in message


def test_header_rows_read_back():
    mapping = ColumnMapping(header_row=3, header_rows=2)
    assert b"header_row = 3\nheader_rows = 2" in column_mapping_toml(mapping)
    assert parse_column_mapping(column_mapping_toml(mapping), subject="m") == mapping
