import polars as pl
import pytest

from everycount.errors import MethodError
from everycount.io.code_lists import shipped_code_lists
from everycount.io.fold import fold_to_sdg, sdg_rules, unfold_from_sdg
from everycount.model.codes import Code, CodeList
from everycount.model.dataset import Dataset
from everycount.model.observation import OBSERVATION
from everycount.model.sdg import SDG
from everycount.model.structure import DataStructure
from everycount.repository import fold_codes
from everycount.repository.fold_report import FoldReport

KINH = CodeList(id="CL_ETHNICITY", codes=(Code(id="KINH", name={"en": "Kinh", "vi": "Kinh"}),))


def observations(*rows, structure=OBSERVATION, codes=None):
    usual = {name: structure.by_id[name].default or None for name in structure.ids}
    usual |= {"INDICATOR": "5a", "SERIES": "5a", "REF_AREA": "004", "TIME_PERIOD": "2019"}
    filled = [{name: {**usual, **row}[name] for name in structure.ids} for row in rows]
    table = pl.DataFrame(filled, schema=dict(structure.schema))
    return Dataset(table=table, structure=structure, codes=codes or {})


def breakdowns(data):
    return data.table.select("CUST_BREAKDOWN", "COMPOSITE_BREAKDOWN").rows()


def test_every_component_the_global_structure_lacks_has_a_rule():
    rules = sdg_rules()
    ruled = {*rules.renamed, *rules.generated, *rules.lost}
    assert {c.id for c in OBSERVATION.components if c.id not in SDG.by_id} == ruled
    lists = shipped_code_lists()
    for name, codes in rules.codes.items():
        for code, (target, there) in codes.items():
            assert code in lists[OBSERVATION.by_id[name].codes].by_id
            assert there in lists[OBSERVATION.by_id[target].codes].by_id


def test_dimensions_go_where_the_mapping_says():
    data = observations(
        {"ETHNICITY": "KINH"},
        {"MIGRATION_STATUS": "MIGRANT"},
        {"MIGRATION_STATUS": "INTERNAL"},
        {"MIGRATION_STATUS": "MIGRANT", "COMPOSITE_BREAKDOWN": "SKILL_READ"},
        {"ETHNICITY": "KINH", "MARITAL_STATUS": "MAR", "CUST_BREAKDOWN": "REGION--NORTH"},
        codes={"ETHNICITY": KINH},
    )
    folded, report = fold_to_sdg(data)
    assert breakdowns(folded) == [
        ("ETHNICITY--KINH", "_T"),
        ("_T", "MS_MIGRANT"),
        ("MIGRATION_STATUS--INTERNAL", "_T"),
        ("MIGRATION_STATUS--MIGRANT", "SKILL_READ"),
        ("REGION--NORTH---ETHNICITY--KINH---MARITAL_STATUS--MAR", "_T"),
    ]
    assert report.moved == {"ETHNICITY": 2, "MIGRATION_STATUS": 3, "MARITAL_STATUS": 1}
    assert unfold_from_sdg(folded).table.equals(data.table)


def test_labels_say_what_breakdowns_are():
    data = observations(
        {"ETHNICITY": "KINH", "MARITAL_STATUS": "MAR"},
        {"CUST_BREAKDOWN": "NORTH", "ETHNICITY": "KINH"},
        {"CUST_BREAKDOWN": "NORTH"},
        codes={
            "ETHNICITY": KINH,
            "CUST_BREAKDOWN": CodeList(
                id="CL_CUST_BREAKDOWN", codes=(Code(id="NORTH", name={"en": "Region: North"}),)
            ),
            "REF_AREA": CodeList(id="CL_AREA", codes=(Code(id="004", name={"en": "Here"}),)),
            "INDICATOR": CodeList(id="CL_I", codes=(Code(id="5a", name={"en": "Land"}),)),
        },
    )
    folded, _ = fold_to_sdg(data)
    assert folded.table["CUST_BREAKDOWN_LB"].to_list() == [
        "Ethnicity: Kinh; Marital status: Married",
        "Region: North; Ethnicity: Kinh",
        "Region: North",
    ]
    names = folded.codes["CUST_BREAKDOWN"].by_id["ETHNICITY--KINH---MARITAL_STATUS--MAR"].name
    assert names["vi"] == "Dân tộc: Kinh; Tình trạng hôn nhân: Đang có vợ/chồng"
    assert folded.codes["SERIES"].label("5a") == "Land"
    assert folded.codes["REF_AREA"].label("4") == "Here"
    back = unfold_from_sdg(folded)
    assert back.codes["ETHNICITY"].label("KINH") == "Kinh"
    assert back.codes["CUST_BREAKDOWN"].label("NORTH") == "Region: North"
    assert back.codes["REF_AREA"].label("004") == "Here"
    assert back.codes["INDICATOR"].label("5a") == "Land"


def test_numbered_breakdowns_leave_numbers_that_are_taken():
    data = observations({"CUST_BREAKDOWN": "C01"}, {"ETHNICITY": "KINH"}, {"CUST_BREAKDOWN": "X"})
    folded, _ = fold_to_sdg(data, custom="numbered")
    assert folded.table["CUST_BREAKDOWN"].to_list() == ["C01", "C02", "C03"]
    assert unfold_from_sdg(folded).table.equals(data.table)


def test_more_breakdowns_than_numbers_are_refused(monkeypatch):
    monkeypatch.setattr(fold_codes, "LAST_CUSTOM", 1)
    data = observations({"ETHNICITY": "A"}, {"ETHNICITY": "B"})
    with pytest.raises(MethodError, match="found 2 different breakdowns, expected at most 1"):
        fold_to_sdg(data, custom="numbered")


def test_what_has_no_place_is_counted():
    data = observations({"STD_ERROR": 1.0, "VALUE_TEXT": "<2"}, {"SEX": "F", "OBS_STATUS": "A"})
    folded, report = fold_to_sdg(data)
    assert report.lost == {"VALUE_TEXT": 1, "STD_ERROR": 1}
    assert report.missing == {"OBS_STATUS": 1, "UNIT_MULT": 2, "UNIT_MEASURE": 2}
    assert "cannot fold: STD_ERROR, 1 value" in folded.notes


def test_what_cannot_fold_is_left_out_with_the_reason():
    data = observations(
        {"REF_AREA": "4"},
        {"ETHNICITY": "-A"},
        {"MIGRATION_STATUS": "MIGRANT"},
        {"COMPOSITE_BREAKDOWN": "MS_MIGRANT"},
        {"CUST_BREAKDOWN": "ETHNICITY--TAY"},
    )
    folded, report = fold_to_sdg(data)
    assert report.left_out == {
        "as a code with hyphens at its end or doubled cannot be told apart again": 1,
        "as another one is the same there": 1,
        "as the area has the code of another one there": 1,
    }
    assert report.altered == {"as CUST_BREAKDOWN already says a dimension": 1}
    assert (report.folded, folded.table.height) == (2, 2)


def test_breakdown_that_says_a_dimension_already_is_told():
    _, report = fold_to_sdg(observations({"COMPOSITE_BREAKDOWN": "MS_MIGRANT"}))
    assert report.altered == {"as COMPOSITE_BREAKDOWN already says MIGRATION_STATUS": 1}


def test_report_has_a_sentence_for_everything():
    report = FoldReport(
        observations=3,
        folded=2,
        moved={"ETHNICITY": 2},
        left_out={"as it is": 1},
        altered={"as so": 1},
        missing={"UNIT_MULT": 1},
    )
    assert report.sentences() == (
        "2 of 3 observations folded",
        "moved to another dimension: ETHNICITY, 2 observations",
        "left out: 1 observation, as it is",
        "would not unfold to the same: 1 observation, as so",
        "demanded and absent: UNIT_MULT of 1 observation",
    )


def test_data_of_the_global_structure_unfold_as_they_are_read():
    data = observations({"CUST_BREAKDOWN": "ETHNICITY--KINH", "STD_ERROR": 0.5, "REF_AREA": "4"})
    row = unfold_from_sdg(data).table.to_dicts()[0]
    assert (row["ETHNICITY"], row["CUST_BREAKDOWN"]) == ("KINH", "_T")
    assert (row["REF_AREA"], row["STD_ERROR"]) == ("004", 0.5)


def test_one_number_with_several_meanings_becomes_several_codes():
    data = observations(
        {"CUST_BREAKDOWN": "C01", "CUST_BREAKDOWN_LB": "North", "GEO_INFO_TYPE": "GML"},
        {"CUST_BREAKDOWN": "C01", "CUST_BREAKDOWN_LB": "South", "REF_AREA": "8"},
        {"CUST_BREAKDOWN": "C02", "CUST_BREAKDOWN_LB": "East"},
        {"CUST_BREAKDOWN": "C03"},
        structure=SDG,
    )
    back = unfold_from_sdg(data)
    assert back.table["CUST_BREAKDOWN"].to_list() == ["C01--NORTH", "C01--SOUTH", "C02", "C03"]
    known = back.codes["CUST_BREAKDOWN"]
    assert [known.label(code) for code in ("C01--NORTH", "C02", "C03")] == ["North", "East", "C03"]
    assert back.notes == ("cannot unfold: GEO_INFO_TYPE, 1 values",)


def test_other_structures_are_refused():
    other = DataStructure(
        id="OTHER", agency="X", version="1", name="", components=OBSERVATION.components
    )
    data = observations({}, structure=other)
    with pytest.raises(MethodError, match="found the structure OTHER, expected OBSERVATION"):
        fold_to_sdg(data)
    with pytest.raises(MethodError, match="found the structure OTHER, expected SDG or OBSERVATION"):
        unfold_from_sdg(data)
    with pytest.raises(MethodError, match="ETHNICITY: found codes other than the total"):
        unfold_from_sdg(observations({"ETHNICITY": "KINH"}))


def test_observations_that_become_the_same_are_refused():
    data = observations(
        {"COMPOSITE_BREAKDOWN": "MS_MIGRANT"}, {"CUST_BREAKDOWN": "MIGRATION_STATUS--MIGRANT"}
    )
    with pytest.raises(MethodError, match=r"MIGRANT.*: found several observations, expected one"):
        unfold_from_sdg(data)
