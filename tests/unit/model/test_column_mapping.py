import pytest

from everycount.model.column_mapping import Across, ColumnMapping
from everycount.model.strict import Faults


def faults(**fields):
    with pytest.raises(Faults) as caught:
        ColumnMapping(**fields)
    return caught.value.faults


def test_mapping_without_anything_is_allowed():
    assert ColumnMapping().texts.startswith("[<>")


def test_component_that_does_not_exist_is_refused_wherever_it_stands():
    found = faults(
        columns={"Sex": "GENDER"},
        constants={"UNIT": "PT"},
        defaults={"COUNTRY": "704"},
        values={"GENDER": {}},
        across=Across(component="YEAR"),
    )
    assert [path for path, *_ in found] == [
        ("columns", "Sex"),
        ("constants", "UNIT"),
        ("defaults", "COUNTRY"),
        ("values", "GENDER"),
        ("across", "component"),
    ]
    assert found[0][1] == "'GENDER'"
    assert found[0][2].startswith("one of FREQ, REPORTING_TYPE, INDICATOR")


def test_two_columns_for_one_component_are_refused():
    found = faults(columns={"a": "SEX", "b": "SEX", "c": "AGE"})
    assert found == ((("columns",), "SEX for several columns", "one column for each"),)


def test_broken_patterns_are_refused():
    found = faults(texts="(", across=Across(component="TIME_PERIOD", pattern="["))
    assert [path for path, *_ in found] == [("texts",), ("across",)]
    assert "a regular expression" in found[0][2]


def test_values_across_and_in_a_column_exclude_each_other():
    found = faults(columns={"x": "OBS_VALUE"}, across=Across(component="TIME_PERIOD"))
    assert found == ((("across",), "also a column for OBS_VALUE", "one of the two"),)


def test_columns_across_are_not_declared_otherwise():
    found = faults(
        columns={"x": "TIME_PERIOD"},
        constants={"OBS_VALUE": "1"},
        across=Across(component="TIME_PERIOD"),
    )
    assert found == (
        (("across",), "also a column for TIME_PERIOD", "one of the two"),
        (("across",), "also a constant for OBS_VALUE", "one of the two"),
    )
    found = faults(across=Across(component="OBS_VALUE"))
    assert found == ((("across", "component"), "OBS_VALUE", "what the names of the columns are"),)


def test_header_stands_in_rows_from_the_first():
    found = faults(header_row=0, header_rows=-1)
    assert found == ((("header_row",), "0", "1 or more"), (("header_rows",), "-1", "1 or more"))
