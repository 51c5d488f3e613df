import polars as pl
import pytest

from everycount.survey.disaggregate import disaggregate
from everycount.survey.observations import KEYS, MEASURES, observations

TEXT = """
area = "VNM"
period = "2023"
title = "A survey"
{more}
characteristics = [
  {{ name = "sex", dimension = "SEX", levels = [
    {{ code = "F", values = [2] }}, {{ code = "M", values = [1] }} ] }},
  {{ name = "place", label = "Residence", levels = [
    {{ code = "R", label = "Rural", values = [1] }},
    {{ code = "U", label = "Urban", values = [2] }} ] }},
  {{ name = "tongue", levels = [
    {{ code = "a", values = ["a"] }}, {{ code = "b", values = ["b"] }}] }},
]
outcomes = [
  {{ name = "reads", indicator = "SE_ADT_LITR" }},
  {{ name = "parity", column = "reads", unit = "INDEX" }},
  {{ name = "hours", statistic = "mean", unit = "HUR" }},
  {{ name = "all", column = "hours", statistic = "total" }},
]
"""  # fmt: skip
ROWS = {
    "sex": [2, 2, 1, 1, 2, 1],
    "place": [1, 2, 1, 2, 1, 1],
    "tongue": ["a", "b", "a", "b", "b", "a"],
    "reads": [1, 0, 1, 1, 1, 0],
    "hours": [1.0, 2.0, 3.5, 4.0, 5.0, 6.25],
}


@pytest.fixture(scope="module")
def made(plan_of):
    def make(more="", *, flags=None, **options):
        result = disaggregate(plan_of(ROWS, TEXT.format(more=more)))
        table = result.table if flags is None else result.table.with_columns(flag=flags)
        design, codings = result.plan.design, result.plan.codings
        return result.table, observations(table, design, codings, **options)

    return make


def at(table, indicator, **where):
    keys = {"SEX": "_T", "CUST_BREAKDOWN": "_T", **where}
    rows = table.filter(pl.col("INDICATOR") == indicator, **keys)
    assert len(rows) == 1
    return rows.row(0, named=True)


def test_one_row_for_each_estimate_and_all_columns_text(made):
    table, found = made()
    assert found.columns == [*KEYS, *MEASURES]
    assert set(found.dtypes) == {pl.String}
    assert len(found) == len(table)
    assert found.select(KEYS).is_duplicated().sum() == 0
    assert found.null_count().sum_horizontal().item() == 0


def test_proportions_are_percent_unless_their_unit_says_otherwise(made):
    table, found = made()
    own = table.row(0, named=True)
    every = at(found, "SE_ADT_LITR")
    assert (every["UNIT_MEASURE"], every["UNIT_MULT"]) == ("PT", "0")
    assert float(every["OBS_VALUE"]) == pytest.approx(100 * 4 / 6)
    names = {"LOWER_BOUND": "ci_low", "UPPER_BOUND": "ci_high", "STD_ERROR": "std_error"}
    for name, column in names.items():
        assert float(every[name]) == pytest.approx(100 * own[column])
    assert (every["SAMPLE_SIZE"], every["SOURCE_DETAIL"]) == ("6", "A survey")
    units = {name: at(found, name)["UNIT_MEASURE"] for name in ("parity", "hours", "all")}
    assert units == {"parity": "INDEX", "hours": "HUR", "all": "NUMBER"}
    assert float(at(found, "parity")["OBS_VALUE"]) == pytest.approx(4 / 6)
    assert float(at(found, "all")["OBS_VALUE"]) == pytest.approx(21.75)


def test_what_all_rows_have(made):
    _, found = made('source = "Statistics office"', nature="M")
    same = found.select(
        *("REF_AREA", "TIME_PERIOD", "FREQ", "REPORTING_TYPE", "NATURE", "SOURCE_DETAIL", "AGE")
    )
    assert same.unique().row(0) == ("VNM", "2023", "A", "N", "M", "Statistics office", "_T")
    assert len(same.unique()) == 1
    assert set(made()[1]["NATURE"]) == {"C"}


def test_a_characteristic_without_a_dimension_is_a_breakdown_of_its_own(made):
    _, found = made()
    rural = at(found, "hours", CUST_BREAKDOWN="place=R")
    assert float(rural["OBS_VALUE"]) == pytest.approx((1 + 3.5 + 5 + 6.25) / 4)
    assert rural["COMMENT_OBS"] == "Residence: Rural"
    both = at(found, "hours", SEX="F", CUST_BREAKDOWN="place=R+tongue=b")
    assert float(both["OBS_VALUE"]) == 5
    assert both["COMMENT_OBS"] == "Residence: Rural; tongue: b"
    assert at(found, "hours", SEX="M")["COMMENT_OBS"] == ""


def test_without_such_a_characteristic(plan_of):
    text = TEXT.format(more="").replace('dimension = "SEX", ', 'dimension = "AGE", ')
    result = disaggregate(plan_of(ROWS, text))
    plan = result.plan
    table = result.table.filter(place="_T", tongue="_T").drop("place", "tongue")
    found = observations(table, plan.design, plan.codings[:1])
    assert set(found["CUST_BREAKDOWN"]) == {"_T"}
    assert set(found["AGE"]) == {"_T", "F", "M"}
    assert set(found["COMMENT_OBS"]) == {""}


@pytest.mark.parametrize(
    ("flag", "status"),
    [("", "A"), ("caution", "U"), ("unreliable", "U"), ("review", "U"), ("not_shown", "Q")],
)
def test_flags_are_the_status(made, flag, status):
    _, found = made(flags=pl.lit(flag))
    assert set(found["OBS_STATUS"]) == {status}
    figures = ("OBS_VALUE", "LOWER_BOUND", "UPPER_BOUND", "STD_ERROR", "SAMPLE_SIZE")
    shown = {name for name in figures if set(found[name]) != {""}}
    assert shown == (set() if status == "Q" else set(figures))
