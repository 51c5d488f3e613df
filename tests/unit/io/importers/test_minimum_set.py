"""Series of the UNSD Minimum Set of Gender Indicators."""

from everycount.io.importers.read import read_dataset
from everycount.io.importers.source import Source

BASE = "MINSET_SERIES,MINSET_SERIES_DESC,REF_AREA,REF_AREA_DESC,TIME_PERIOD"


def read(*lines):
    return read_dataset(Source(name="a.csv", content="\n".join([*lines, ""]).encode()))


def test_categories_are_values_in_words():
    table = read(
        f"{BASE},VALUE_CATEGORY,VALUE_CATEGORY_DESC", "S1,A law,4,Afghanistan,2019,9,No"
    ).table
    assert table.select("REF_AREA", "OBS_VALUE", "VALUE_TEXT").rows() == [("004", None, "No")]


def test_categories_without_words_keep_their_code():
    table = read(f"{BASE},VALUE_CATEGORY,OBS_VALUE", "S1,A law,4,Afghanistan,2019,9,").table
    assert table["VALUE_TEXT"].to_list() == ["9"]


def test_signs_beside_values_make_them_words():
    table = read(
        f"{BASE},OBS_VALUE,OBS_VALUE_MODIFIER,LOWER_BOUND,LOWER_BOUND_MODIFIER",
        "S1,Drugs,4,Afghanistan,2019,1.0,<,1.0,<",
        "S1,Drugs,4,Afghanistan,2020,2.0,,1.5,",
    ).table
    columns = ["OBS_VALUE", "VALUE_TEXT", "LOWER_BOUND", "COMMENT_OBS"]
    assert table.select(columns).rows() == [
        (None, "<1.0", None, "Lower bound: <1.0"),
        (2.0, None, 1.5, None),
    ]


def test_twins_are_labels_and_unknown_columns_breakdowns():
    dataset = read(
        f"{BASE},URBANIZATION,URBANIZATION_DESC,ICT_SKILL,ICT_SKILL_DESC,OBS_VALUE",
        "S1,Skills,9999,Somewhere,2019,R,Rural,EMAIL,Sending e-mails,1",
    )
    assert dataset.table.select("URBANISATION", "CUST_BREAKDOWN").rows() == [
        ("R", "ICT_SKILL--EMAIL")
    ]
    assert dataset.codes["CUST_BREAKDOWN"].codes[0].name["en"] == "Ict skill: Sending e-mails"
    assert dataset.codes["REF_AREA"].label("9999") == "Somewhere"
    assert dataset.codes["INDICATOR"].label("S1") == "Skills"
