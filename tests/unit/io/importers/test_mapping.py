import polars as pl
import pytest

from everycount.errors import InputError
from everycount.io.fit import ROW
from everycount.io.importers.mapping import (
    demand_key,
    demand_mapped,
    in_m49,
    map_columns,
    overlay,
)
from everycount.model.column_mapping import Across, ColumnMapping

YEARS = Across(component="TIME_PERIOD", pattern=r"(\d{4}) \[YR\d{4}\]")


def mapped(table, **fields):
    return map_columns(pl.DataFrame(table), ColumnMapping(**fields))


def test_without_own_mapping_the_formats_stays():
    general = ColumnMapping(columns={"a": "SEX"})
    assert overlay(general, None) is general


def test_own_mapping_wins_key_by_key():
    general = ColumnMapping(
        columns={"a": "SEX", "b": "AGE"},
        constants={"FREQ": "A", "NATURE": "C"},
        values={"SEX": {"women": "F", "men": "M"}},
        breakdown=("c", "d"),
        missing=("..",),
        areas="iso3",
    )
    special = ColumnMapping(
        columns={"x": "SEX", "b": "OCCUPATION", "c": "NATURE"},
        constants={"FREQ": "M"},
        values={"SEX": {"women": "_X"}, "AGE": {"all": "_T"}},
        decimal=",",
    )
    found = overlay(general, special)
    assert found.columns == {"x": "SEX", "b": "OCCUPATION", "c": "NATURE"}
    assert found.constants == {"FREQ": "M"}
    assert found.values == {"SEX": {"women": "_X", "men": "M"}, "AGE": {"all": "_T"}}
    assert (found.breakdown, found.missing, found.decimal) == (("d",), ("..",), ",")
    assert found.areas == "iso3"


def test_named_columns_must_be_there_and_the_others_are_returned():
    mapping = ColumnMapping(
        columns={"area": "REF_AREA"}, breakdown=("cause",), ignored=("note",), across=YEARS
    )
    columns = ["area", "cause", "note", "more", "SEX", "2019 [YR2019]", ROW]
    assert demand_mapped(columns, mapping, subject="a.csv") == ["more"]
    with pytest.raises(InputError) as caught:
        demand_mapped(["Area", "x"], mapping, subject="a.csv")
    assert [str(problem) for problem in caught.value.problems] == [
        "header: found columns Area, x, expected a column 'area' (perhaps 'Area')",
        "header: found columns Area, x, expected a column 'cause'",
        r"header: found no column that does; columns are Area, x, expected a column that matches "
        r"across.pattern '(\\d{4}) \\[YR\\d{4}\\]'",
    ]


def test_key_and_value_must_have_a_column():
    demand_key(["INDICATOR", "REF_AREA", "TIME_PERIOD", "VALUE_TEXT"], [], subject="a.csv")
    with pytest.raises(InputError, match=r"columns for INDICATOR, OBS_VALUE \(a column mapping"):
        demand_key(["REF_AREA", "TIME_PERIOD"], ["x", ROW], subject="a.csv")


def test_columns_across_cannot_stand_beside_what_they_give():
    mapping = ColumnMapping(across=Across(component="TIME_PERIOD"))
    with pytest.raises(InputError) as caught:
        demand_mapped(["TIME_PERIOD", "OBS_VALUE", "2019"], mapping, subject="a.csv")
    assert [each.found for each in caught.value.problems] == [
        "also a column TIME_PERIOD",
        "also a column OBS_VALUE",
    ]


@pytest.mark.parametrize(
    ("columns", "hint"),
    [
        (["INDICATOR", "ref_area", "time_period"], '"ref_area" = "REF_AREA", "time_period" = '),
        (["INDICATOR", "TIME_PERIOD", "OBS_VALUE"], '[defaults] REF_AREA = "826" (its M49'),
        (["INDICATOR", "REF_AREA", "2019", "2020"], "2019 to 2020 look like periods across"),
    ],
)
def test_absent_columns_come_with_what_may_be_meant(columns, hint):
    with pytest.raises(InputError) as caught:
        demand_key(columns, columns, subject="a.csv")
    (problem,) = caught.value.problems
    assert hint in problem.expected


def test_of_very_many_columns_the_first_are_named():
    with pytest.raises(InputError, match="c29 and 10 more, expected"):
        demand_key([], [f"c{number}" for number in range(40)], subject="a.csv")


def test_columns_become_components():
    table, made = mapped(
        {"where": ["004"], "SEX": ["F"], "who": ["M"], "x": ["1"], ROW: [7]},
        columns={"where": "REF_AREA", "who": "SEX"},
        constants={"FREQ": "A"},
    )
    assert table.to_dicts() == [{ROW: 7, "REF_AREA": "004", "SEX": "M", "FREQ": "A"}]
    assert made == ()


def test_texts_become_codes_and_empty_cells_their_value():
    table, _ = mapped(
        {"SEX": [" women ", "M", None], "REF_AREA": ["VNM", " ", "Hue"]},
        values={"SEX": {"women": "F"}, "AGE": {"all": "_T"}},
        defaults={"REF_AREA": "704", "NATURE": "C"},
        areas="iso3",
    )
    assert table.rows() == [("F", "704", "C"), ("M", "704", "C"), (None, "Hue", "C")]


def test_characteristics_become_codes_with_labels():
    table, made = mapped(
        {
            "SEX": ["F"] * 4,
            "Cause": ["Illness", " ", None, "all"],
            "Region": ["North", "", "North ", "all"],
        },
        breakdown=("Cause", "Region"),
        totals=("all",),
    )
    assert table["CUST_BREAKDOWN"].to_list() == [
        "CAUSE--ILLNESS---REGION--NORTH",
        "_T",
        "REGION--NORTH",
        "_T",
    ]
    assert [code.name["en"] for code in made] == ["Cause: Illness; Region: North", "Region: North"]


def test_wide_columns_become_rows_and_empty_ones_none():
    table, _ = mapped(
        {"REF_AREA": ["004", "008"], "2019 [YR2019]": ["1", " "], "2020 [YR2020]": ["2", "3"]},
        across=YEARS,
    )
    assert sorted(table.select("REF_AREA", "TIME_PERIOD", "OBS_VALUE").rows()) == [
        ("004", "2019", "1"),
        ("004", "2020", "2"),
        ("008", "2020", "3"),
    ]


def test_wide_columns_without_a_group_keep_their_whole_name():
    table, _ = mapped({"2019": ["1"], "x": ["2"]}, across=Across(component="TIME_PERIOD"))
    assert table.select("TIME_PERIOD", "OBS_VALUE").rows() == [("2019", "1")]


def test_areas_are_translated_only_as_declared():
    areas = pl.Series(["4", "004", "VNM", "VN_01"])
    assert in_m49(areas, ColumnMapping()) is areas
    assert in_m49(areas, ColumnMapping(areas="own")) is areas
    assert in_m49(areas, ColumnMapping(areas="m49")).to_list() == ["004", "004", "VNM", "VN_01"]
    assert in_m49(areas, ColumnMapping(areas="iso3")).to_list() == ["4", "004", "704", "VN_01"]
