"""JSON-stat of both versions."""

import json

import pytest

from everycount.errors import InputError
from everycount.io.importers.read import read_dataset
from everycount.io.importers.source import Source

CUBE = {
    "version": "2.0",
    "class": "dataset",
    "label": "Pay gap",
    "source": "Statistics Office",
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


def read(said):
    content = json.dumps(said).encode()
    return read_dataset(Source(name="a.json", content=content), format="jsonstat")


def rows(dataset):
    columns = ["INDICATOR", "REF_AREA", "TIME_PERIOD", "SEX", "CUST_BREAKDOWN", "OBS_VALUE"]
    return dataset.table.select(columns).rows()


def test_a_cube_becomes_observations():
    dataset = read(CUBE)
    assert rows(dataset) == [
        ("GAP", "516", "2019", "F", "BRANCH--B1", 1.0),
        ("GAP", "516", "2019", "_T", "BRANCH--B1", 2.5),
        ("GAP", "516", "2020", "_T", "BRANCH--B1", 4.0),
    ]
    assert dataset.codes["CUST_BREAKDOWN"].codes[0].name["en"] == "Branch: Mining"
    assert dataset.notes == ("1 empty cells of the cube left out",)
    assert dataset.origins[0].producer == "Statistics Office"


def test_values_may_be_an_object_of_positions():
    assert [row[-1] for row in rows(read(CUBE | {"value": {"3": 4, "0": 1}}))] == [1.0, 4.0]


@pytest.mark.parametrize(
    ("status", "codes", "comments"),
    [
        ("e", ["E", "E", "E"], [None] * 3),
        (
            ["p", None, "c", "odd"],
            ["P", None, None, None],
            [None, None, "status: c", "status: odd"],
        ),
        ({"2": "O"}, [None, None, "O", None], [None] * 4),
    ],
)
def test_status_is_one_for_all_or_one_each(status, codes, comments):
    table = read(CUBE | {"status": status}).table
    assert table["OBS_STATUS"].to_list() == codes
    assert table["COMMENT_OBS"].to_list() == comments


def test_version_1_has_order_and_roles_among_its_dimensions():
    inner = {
        "value": [1, 2],
        "dimension": {
            "id": ["Land", "when"],
            "size": [2, 1],
            "role": {"geo": ["Land"], "time": ["when"], "metric": None},
            "Land": {"category": {"index": {"VN-03": 0, "NAM": 1}}},
            "when": {"category": {"label": {"2019M05": "May"}}},
        },
    }
    dataset = read({"GAP": inner})
    assert [row[:3] for row in rows(dataset)] == [
        ("GAP", "VN-03", "2019-05"),
        ("GAP", "NAM", "2019-05"),
    ]
    assert set(dataset.table["FREQ"]) == {"M"}


def test_a_frequency_of_its_own_is_kept():
    dimension = CUBE["dimension"] | {"freq": {"category": {"index": ["A"]}}}
    cube = CUBE | {"dimension": dimension, "id": [*CUBE["id"], "freq"], "size": [*CUBE["size"], 1]}
    assert set(read(cube).table["FREQ"]) == {"A"}


def test_a_cube_that_does_not_say_what_it_is_needs_a_mapping():
    inner = {key: CUBE[key] for key in ("id", "size", "dimension", "value")}
    with pytest.raises(InputError, match="expected columns for INDICATOR"):
        read({"dataset": inner})


def changed(name, **keys):
    dimension = CUBE["dimension"] | {name: {"category": keys}}
    return CUBE | {"dimension": dimension}


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"class": "collection", "link": {"item": [1, 2]}}, "names 2 items, expected one dataset"),
        ({"class": "collection", "link": [1]}, "names 0 items"),
        ({"class": "dimension"}, "a dimension of JSON-stat"),
        ({"a": CUBE, "b": CUBE}, r"2 datasets \(a, b\), expected one"),
        ({"a": 1}, "0 datasets"),
        ([1], "found a list of 1, expected an object of JSON-stat"),
        (CUBE | {"dimension": 3}, "dimension: found '3'"),
        (CUBE | {"size": [1]}, "expected two lists of the same length"),
        (CUBE | {"size": [1, 2, 3, 1]}, "dimension sex: found 2 categories and the size 3"),
        (changed("sex"), "dimension sex: found an empty table, expected categories"),
        (changed("sex", index={"F": "x", "M": 1}), "an index that is no number"),
        (CUBE | {"dimension": CUBE["dimension"] | {"sex": 1}}, "dimension sex: found nothing"),
        (CUBE | {"value": "x"}, "value: found 'x'"),
        (CUBE | {"value": [1]}, "value: found 1 items, expected 4"),
        (CUBE | {"value": {"9": 1, "a": 2}}, "key '9': found no position in the cube"),
        (CUBE | {"status": ["e"]}, "status: found 1 items"),
    ],
)
def test_what_does_not_fit_together_is_refused(said, message):
    with pytest.raises(InputError, match=message):
        read(said)


def test_a_cube_larger_than_memory_is_refused():
    many = {"category": {"index": [str(at) for at in range(10_001)]}}
    cube = CUBE | {"id": ["a", "b"], "size": [10_001, 10_001], "dimension": {"a": many, "b": many}}
    with pytest.raises(InputError, match="100,020,001 cells, expected at most 100,000,000"):
        read(cube)


def test_breakdowns_of_a_producer_are_kept_with_their_words():
    dimension = CUBE["dimension"] | {
        "CUST_BREAKDOWN": {"category": {"index": ["S", "L"], "label": {"S": "Small", "L": "Large"}}}
    }
    ids = ["geo", "year", "sex", "CUST_BREAKDOWN"]
    cube = CUBE | {"id": ids, "size": [1, 1, 2, 2], "dimension": dimension}
    cube["dimension"]["year"] = {"category": {"index": ["2019"]}}
    found = read(cube)
    codes = found.codes["CUST_BREAKDOWN"]
    words = [codes.label(code) for code in found.table["CUST_BREAKDOWN"]]
    assert [each.rpartition(" ")[2] for each in words] == ["Small", "Large", "Large"]


@pytest.mark.parametrize("changed", [{"id": [["geo"], 1, 2, 3]}, {"role": {"geo": True}}])
def test_a_value_of_another_kind_is_told(changed):
    with pytest.raises(InputError, match="a value of another kind than its format has there"):
        read(CUBE | changed)


def test_a_value_of_another_kind_is_told_where_values_are_read():
    pages = (
        b'{"data": [{"series": "S", "geoAreaCode": "4", "timePeriodStart": 2019, "value": "1",'
        b' "attributes": "x", "dimensions": 1}]}'
    )
    with pytest.raises(InputError, match="a value of another kind than its format has there"):
        read_dataset(Source(name="a.json", content=pages), format="un-sdg-api")
