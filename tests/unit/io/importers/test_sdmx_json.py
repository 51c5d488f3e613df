import copy
import json

import pytest

from everycount.errors import InputError
from everycount.io.importers import sdmx_json
from everycount.io.importers.read import read_dataset
from everycount.io.importers.sdmx_read import open_sdmx
from everycount.io.importers.sdmx_structures import Structures
from everycount.io.importers.source import Source

URN = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=GSO:GENDER(1.0)"


def component(id, *values, **more):
    listed = {"values": [{"id": v, "name": f"Name of {v}"} for v in values]} if values else {}
    return {"id": id, "name": f"The {id}", **listed, **more}


STRUCTURE = {
    "links": [{"rel": "dataflow", "urn": URN}],
    "name": "Gender",
    "names": {"en": "Gender figures", "vi": "Số liệu giới"},
    "dimensions": {
        "dataSet": [component("FREQ", "A")],
        "series": [
            component("INDICATOR", "5a", "5b"),
            component("REF_AREA", "704", "404"),
            component("SEX", "F", "T"),
        ],
        "observation": [component("TIME_PERIOD", "2019", "2020")],
    },
    "measures": {"observation": [component("OBS_VALUE")]},
    "attributes": {
        "dataSet": [component("SOURCE_DETAIL")],
        "dimensionGroup": [component("COMMENT_TS", "north", "south"), component("TIME_DETAIL")],
        "series": [component("UNIT_MEASURE", "PT", "PS", default="PT")],
        "observation": [component("OBS_STATUS", "A", "E"), component("COMMENT_OBS")],
    },
}
SERIES = {
    "structure": 0,
    "action": "Information",
    "attributes": [["Survey", "Census"]],
    "dimensionGroupAttributes": {"::0::": [0], ":0:1::": [1, {"en": "May", "vi": "Tháng 5"}]},
    "series": {
        "0:0:0": {
            "attributes": [1],
            "observations": {"0": [1.50, 1, "said"], "1": [None, None]},
        },
        "0:1:1": {"attributes": [], "observations": {"0": ["<2.5"]}},
    },
}


def message(structure=STRUCTURE, *sets, **more):
    data = {"dataSets": list(sets or [SERIES]), "structures": [structure]}
    sender = {"id": "GSO", "name": "General Statistics Office"}
    return {
        "meta": {"schema": "sdmx-json-data-schema.json", "sender": sender},
        "data": data,
        **more,
    }


def source(found, name="data.json"):
    content = found if isinstance(found, bytes) else json.dumps(found).encode()
    return Source(name=name, content=content)


def read(found):
    return read_dataset(source(found), format="sdmx-json")


def changed(**parts):
    found = copy.deepcopy(STRUCTURE)
    for path, value in parts.items():
        above, _, name = path.partition("__")
        if name:
            found[above][name] = value
        else:
            found[above] = value
    return found


def test_series_with_attributes_of_all_levels_are_read():
    data = read_dataset(source(message()))
    columns = ("INDICATOR", "REF_AREA", "SEX", "TIME_PERIOD", "OBS_VALUE", "VALUE_TEXT")
    assert data.table.select(*columns).rows() == [
        ("5a", "704", "F", "2019", 1.5, None),
        ("5a", "704", "F", "2020", None, None),
        ("5a", "404", "_T", "2019", None, "<2.5"),
    ]
    attributes = ("UNIT_MEASURE", "OBS_STATUS", "COMMENT_OBS", "SOURCE_DETAIL", "COMMENT_TS")
    assert data.table.select(*attributes, "TIME_DETAIL").rows() == [
        ("PS", "E", "said", "Survey; Census", "north", None),
        ("PS", None, None, "Survey; Census", "north", None),
        ("PT", None, None, "Survey; Census", "south", "May"),
    ]
    assert data.origins[0].producer == "General Statistics Office"
    assert data.origins[0].title == "Gender figures"
    assert data.codes["SEX"].label("_T") == "Name of T"
    assert data.notes == ()


def test_attributes_of_groups_follow_the_order_of_dimensions():
    groups = {
        **SERIES,
        "dimensionGroupAttributes": {
            "::0::": [0],
            ":::1:": [None, "total"],
            "::1::": [1],
        },
    }
    table = read(message(STRUCTURE, groups)).table
    assert table["COMMENT_TS"].to_list() == ["north", "north", "south"]
    assert table["TIME_DETAIL"].to_list() == [None, None, "total"]


def test_group_without_dimensions_is_for_all():
    groups = {**SERIES, "dimensionGroupAttributes": {"": [0]}}
    assert read(message(STRUCTURE, groups)).table["COMMENT_TS"].to_list() == ["north"] * 3


def test_observations_without_series_are_read():
    structure = changed(
        dimensions={
            "observation": [
                *STRUCTURE["dimensions"]["series"],
                *STRUCTURE["dimensions"]["observation"],
            ]
        }
    )
    flat = {"observations": {"0:0:0:0": [1, 0], "1:1:1:1": [2.25]}}
    table = read(message(structure, flat)).table
    assert table.select("INDICATOR", "REF_AREA", "SEX", "OBS_VALUE", "OBS_STATUS").rows() == [
        ("5a", "704", "F", 1.0, "A"),
        ("5b", "404", "_T", 2.25, None),
    ]


def test_draft_of_older_services_is_read():
    structure = {
        "links": [
            {"rel": "dataflow", "href": "https://stats.oecd.org/sdmx-json/dataflow/PART2/all"}
        ],
        "name": "Part 2",
        "dimensions": {
            "observation": [
                component("LOCATION", "AUS", "CAN-ON", role="REF_AREA"),
                component("Jahr", "2019", role="TIME_PERIOD"),
                component("GRD", "FOG"),
            ]
        },
        "attributes": {
            "observation": [
                {"id": "TIME_FORMAT", "values": []},
                component("OBS_STATUS", "x", "A"),
            ]
        },
    }
    data = read_dataset(
        source(
            {
                "header": {"sender": {"id": "OECD", "name": "OECD"}},
                "dataSets": [{"observations": {"0:0:0": [11.96, 0], "1:0:0": [0.5, 1]}}],
                "structure": structure,
            }
        )
    )
    columns = ("INDICATOR", "REF_AREA", "TIME_PERIOD", "CUST_BREAKDOWN", "OBS_STATUS")
    assert data.table.select(*columns, "COMMENT_OBS").rows() == [
        ("PART2", "036", "2019", "GRD--FOG", None, "OBS_STATUS x: Name of x"),
        ("PART2", "CAN-ON", "2019", "GRD--FOG", "A", None),
    ]
    assert data.codes["INDICATOR"].label("PART2") == "Part 2"
    assert data.codes["CUST_BREAKDOWN"].label("GRD--FOG") == "The GRD: Name of FOG"


def test_attribute_without_values_keeps_its_place_where_the_service_gives_it_one():
    attributes = [{"id": "TIME_FORMAT", "values": []}, component("OBS_STATUS", "A", "E")]
    structure = changed(attributes={"observation": attributes})
    one = {"series": {"0:0:0": {"observations": {"0": [1, None, 1]}}}}
    assert read(message(structure, one)).table["OBS_STATUS"].to_list() == ["E"]


@pytest.mark.parametrize(
    ("links", "indicator"),
    [
        ([{"rel": "DataStructure", "urn": "urn:sdmx:x.DataStructure=GSO:DSD(1.0)"}], "DSD"),
        ([{"rel": "dataflow", "href": "https://x.org/dataflow/GSO/POV/1.0"}], "POV"),
        ([{"rel": "dataflow", "href": "https://x.org/else"}, "odd"], "Gender figures"),
        ([], "Gender figures"),
    ],
)
def test_flow_is_the_indicator_where_there_is_no_other(links, indicator):
    dimensions = {"observation": [component("REF_AREA", "704"), component("TIME_PERIOD", "2019")]}
    structure = changed(links=links, dimensions=dimensions, attributes={})
    data = read(message(structure, {"observations": {"0:0": [1]}}))
    assert data.table["INDICATOR"].to_list() == [indicator]


def test_structure_without_name_is_a_dataflow():
    structure = {
        "dimensions": {
            "observation": [component("REF_AREA", "704"), component("TIME_PERIOD", "2019")]
        }
    }
    found = {"data": {"dataSets": [{"observations": {"0:0": [1]}}], "structure": structure}}
    data = read(found)
    assert data.table["INDICATOR"].to_list() == ["DATAFLOW"]
    assert data.origins[0].producer == ""


def test_names_show_how_areas_are_written():
    areas = {"id": "REF_AREA", "values": [{"id": "AFG", "name": "Afghanistan"}]}
    sender = {"id": "x"}

    def area(values, **more):
        dimension = {**areas, "values": values, **more}
        structure = {"dimensions": {"observation": [dimension, component("TIME_PERIOD", "2019")]}}
        data = {"dataSets": [{"observations": {"0:0": [1]}}], "structure": structure}
        return read({"meta": {"sender": sender}, "data": data}).table["REF_AREA"][0]

    assert area([{"id": "AFG", "name": "Afghanistan"}]) == "004"
    assert area([{"id": "VN", "name": "Viet Nam"}]) == "704"
    assert area([{"id": "HN", "name": "Hà Nội"}]) == "HN"


def test_several_structures_and_data_sets_are_read():
    second = changed(links=[{"rel": "dataflow", "urn": URN.replace("GENDER", "POVERTY")}])
    found = message(STRUCTURE, SERIES, {**SERIES, "structure": 1, "action": "Delete"})
    found["data"]["structures"].append(second)
    data = read(found)
    assert data.table.height == 3
    assert "3 observations of data sets to delete are left out" in data.notes


def test_batches_are_handed_over(monkeypatch):
    monkeypatch.setattr(sdmx_json, "BATCH", 2)
    dimensions = copy.deepcopy(STRUCTURE["dimensions"])
    dimensions["series"][0]["id"] = "CAUSE"
    data = read(message(changed(dimensions=dimensions)))
    assert data.table.height == 3
    assert sum("no dimension is the indicator" in note for note in data.notes) == 1


def test_message_without_observations_is_noted():
    assert read(message(STRUCTURE, {})).notes == ("the message has no observations",)


def test_second_measure_is_left_out_with_a_note():
    measures = [component("OBS_VALUE"), component("OTHER", "yes", "no")]
    structure = changed(measures={"observation": measures})
    one = {"series": {"0:0:0": {"observations": {"0": [True, 1, 0]}}}}
    with pytest.raises(InputError, match="OBS_VALUE: found 'true', expected a number"):
        read(message(structure, one))
    one["series"]["0:0:0"]["observations"]["0"] = [7, 1, 0]
    data = read(message(structure, one))
    assert data.table.select("OBS_VALUE", "OBS_STATUS").row(0) == (7.0, "A")
    assert "columns left out: OTHER" in data.notes


def test_values_need_not_have_codes():
    attributes = {
        "observation": [
            {"id": "COMMENT_OBS", "values": [{"name": "free"}, "bare", {"value": 3}, None]},
            {"id": "BASE_PER", "default": "2015"},
        ]
    }
    structure = changed(attributes=attributes)
    observations = {"0": [1, 0], "1": [2, [1, 2]]}
    more = {"0": [1, 3], "1": [1, "own"]}
    sets = {"series": {"0:0:0": {"observations": observations}, "1:0:0": {"observations": more}}}
    table = read(message(structure, sets)).table
    assert table["COMMENT_OBS"].to_list() == ["free", "bare; 3", None, "own"]
    assert table["BASE_PER"].to_list() == ["2015"] * 4


def test_all_dimensions_may_be_of_the_data_set():
    fixed = [component("INDICATOR", "5a"), component("REF_AREA", "704")]
    structure = changed(
        dimensions={"dataSet": [*fixed, component("TIME_PERIOD", "2019")]},
        attributes={"observation": [component("REMARK", "x", "y")]},
    )
    data = read(message(structure, {"observations": {"0": [3, 1]}}))
    assert data.table.select("INDICATOR", "TIME_PERIOD", "OBS_VALUE").row(0) == ("5a", "2019", 3.0)
    assert "columns left out: REMARK" in data.notes


def test_label_of_what_is_no_code_is_passed_over():
    dimensions = copy.deepcopy(STRUCTURE["dimensions"])
    dimensions["series"][0]["values"].append({"id": "5 c", "name": "Unused"})
    data = read(message(changed(dimensions=dimensions)))
    assert set(data.codes["INDICATOR"].by_id) == {"5a", "5b"}


def test_labels_may_come_from_structures():
    reading = open_sdmx(source(message()), Structures())
    assert next(iter(reading)).height == 3


def test_numbers_stay_as_they_are_written():
    text = json.dumps(message()).replace("1.5,", "12345678901234567.10,")
    assert read(text.encode()).table["OBS_VALUE"][0] == 12345678901234567.10
    assert (
        read(json.dumps(message()).replace("1.5,", "NaN,").encode()).table["OBS_VALUE"][0] is None
    )


# ------------------------------------------------------------------------- what is refused, and why


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "file: found nothing"),
        (b'{"data": {"dataSets": [', "the end of the file, expected the rest"),
        (b'{"data": "dataSe', "the end of the file, expected the rest"),
        (b'{\n"data": oops}', "line 2, column 9: found text that is no JSON"),
        (b"[1]", "no JSON object"),
        (b'{"a":' * 100_000, "too deep inside one another"),
        (b'{"data": "\xff"}', "UTF-8"),
        (b'{"data": {"codelists": []}}', "found data with codelists, expected data sets"),
        (b'{"data": {}}', "found data with nothing"),
        (b'{"data": 3}', "found an object with data"),
        (b"{}", "found an object with nothing"),
        (b'{"errors": [{"code": 404, "title": "No data"}, 3]}', "error of the service (No data)"),
        (b'{"dataSets": [], "structure": {}}', "found none with dimensions"),
        (b'{"dataSets": []}', "found none with dimensions"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(content, words):
    with pytest.raises(InputError) as caught:
        read(content)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (3, "data set 1: found no object"),
        ({"structure": 1}, "data set 1, structure: found 1, expected the number of one of 1"),
        ({"structure": "a"}, "data set 1, structure: found 'a'"),
        ({"series": [1]}, "series or observations: found another form"),
        ({"series": {"0:0:0": []}}, "series or observations: found another form"),
        ({"series": {"0:0": {"observations": {"0": [1]}}}}, "key '0:0:0': found 3 parts"),
        ({"series": {"0:x:0": {"observations": {"0": [1]}}}}, "expected 4 numbers"),
        (
            {"series": {"0:9:0": {"observations": {"0": [1]}}}},
            "REF_AREA: found value number 9, expected 0 to 1",
        ),
        (
            {"series": {"0:0:0": {"observations": {"0": [1, 7]}}}},
            "OBS_STATUS: found value number 7, expected 0 to 1",
        ),
        (
            {
                "dimensionGroupAttributes": {"0:0:0:0:0:0": [0]},
                "series": {"0:0:0": {"observations": {"0": [1]}}},
            },
            "dimensionGroupAttributes: found more dimensions, expected 5",
        ),
    ],
)
def test_broken_data_set_is_refused_with_a_reason(data, words):
    with pytest.raises(InputError) as caught:
        read(message(STRUCTURE, data))
    assert words in str(caught.value)


def test_other_json_is_not_recognised():
    assert not sdmx_json.recognises(b'{"value": [1]}', "a.json")
    assert not sdmx_json.recognises(b'["dataSets"]', "a.json")


HOSTILE = ["Côte d'Ivoire", 'say "so"', "two\nlines", "tiếng Việt", "بيانات", "=1+1", "\u0001 \\ /"]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_survives(words):
    one = {"series": {"0:0:0": {"observations": {"0": [1, 0, words]}}}}
    assert read(message(STRUCTURE, one)).table["COMMENT_OBS"].to_list() == [words]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ('{"a": ' + "9" * 5000 + "}", "found a number of thousands of digits"),
        ('{"a": "SE\\u0000ATS"}', "line 1: found 'u0000', expected a letter or sign"),
    ],
)
def test_numbers_and_characters_that_are_none_are_refused(text, match):
    with pytest.raises(InputError, match=match):
        read_dataset(Source(name="a.json", content=text.encode()), format="sdmx-json")
