"""Each rule of checking: a case it finds, and the nearest case it lets pass."""

from datetime import date

import polars as pl
import pytest

from everycount.io.code_lists import code_lists
from everycount.model.codes import Code, CodeList
from everycount.model.dataset import Dataset
from everycount.model.finding import Limits
from everycount.model.framework import Framework
from everycount.model.indicator import Indicator
from everycount.model.observation import OBSERVATION
from everycount.repository.check import check_dataset, cited
from everycount.repository.check_coverage import dimension_of
from everycount.repository.check_rules import BY_ID, RULES

TODAY = date(2024, 6, 1)
USUAL = {
    **{c.id: c.default for c in OBSERVATION.components if c.default},
    "INDICATOR": "5a",
    "REF_AREA": "704",
    "TIME_PERIOD": "2022",
    "OBS_VALUE": 30.0,
    "UNIT_MEASURE": "PT",
}


def observe(*rows):
    """Return a dataset of rows that differ from the usual one as said."""
    table = pl.DataFrame([{**USUAL, **row} for row in rows], schema=dict(OBSERVATION.schema))
    return Dataset(table=table)


def listed():
    """Return code lists that know every code of the usual row, and women and men."""
    codes = {
        component: CodeList(id=f"CL_{component}", codes=(Code(id=text, name={"en": text}),))
        for component, text in USUAL.items()
        if isinstance(text, str) and component != "TIME_PERIOD"
    }
    sexes = tuple(Code(id=sex, name={"en": sex}) for sex in ("F", "M", "_T"))
    return {**codes, "SEX": CodeList(id="CL_SEX", codes=sexes)}


def find(*rows, **options):
    """Return the rules that find something, each with its number of findings."""
    options = {"today": TODAY, "codes": listed(), **options}
    return dict(check_dataset(observe(*rows), **options).counts)


def test_usual_observation_is_let_pass():
    result = check_dataset(observe({}), today=TODAY, codes=listed())
    assert result.is_releasable
    assert result.words() == "1 observation, nothing found."


def test_unknown_code_is_found_once_an_indicator():
    rows = [{"SEX": "X"}, {"SEX": "Y"}, {"SEX": "Y", "INDICATOR": "5b"}]
    result = check_dataset(observe(*rows), today=TODAY, codes=listed())
    found = result.findings.select("rule", "INDICATOR", "component", "found", "count").rows()
    assert found == [
        ("codes-unknown", "5a", "SEX", "X, Y", 2),
        ("codes-unknown", "5b", "SEX", "Y", 1),
    ]


@pytest.mark.parametrize(
    ("area", "said"), [("VNM", 'areas = "iso3"'), ("VN", 'areas = "iso2"'), ("Hue", "for them")]
)
def test_areas_in_iso_codes_are_told_with_their_cure(area, said):
    result = check_dataset(observe({"REF_AREA": area}), today=TODAY, codes=code_lists(OBSERVATION))
    found = result.findings.filter(rule="codes-unknown", component="REF_AREA")
    assert said in found["expected"].item()


def test_code_of_a_component_without_list_is_unknown():
    assert find({"CONF_STATUS": "F"}) == {"codes-unknown": 1}


def test_codes_of_the_dataset_are_used_where_none_are_given():
    dataset = observe({})
    table = dataset.table
    own = Dataset(table=table, codes=listed())
    assert check_dataset(own, today=TODAY).counts == {}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"UNIT_MEASURE": None}], {"unit-missing": 1}),
        ([{"UNIT_MEASURE": None, "OBS_VALUE": None, "OBS_STATUS": "M"}], {}),
        ([{}, {"TIME_PERIOD": "2021", "UNIT_MEASURE": "NB"}], {"unit-several": 1}),
        ([{"OBS_VALUE": 100.5}], {"range-percent": 1}),
        ([{"OBS_VALUE": 100.0}], {}),
        ([{"OBS_VALUE": 100.5, "UNIT_MEASURE": "IX"}], {}),
        (
            [{"OBS_VALUE": 0.1 * k, "TIME_PERIOD": f"202{k}"} for k in (1, 2, 3)],
            {"range-share": 1},
        ),
        ([{"OBS_VALUE": 0.1 * k, "TIME_PERIOD": f"202{k}"} for k in (1, 2)], {}),
        ([{"OBS_VALUE": -1.0, "UNIT_MEASURE": "NB"}], {"range-negative": 1}),
        ([{"OBS_VALUE": -1.0, "UNIT_MEASURE": "IX"}], {}),
        ([{"STD_ERROR": -0.1}], {"range-negative": 1}),
        ([{"LOWER_BOUND": 31.0}], {"range-bounds": 1}),
        ([{"UPPER_BOUND": 29.0, "LOWER_BOUND": 20.0}], {"range-bounds": 1}),
        ([{"LOWER_BOUND": 30.0, "UPPER_BOUND": 30.0}], {}),
        (
            [{"OBS_VALUE": None, "LOWER_BOUND": 3.0, "UPPER_BOUND": 2.0, "OBS_STATUS": "M"}],
            {"range-bounds": 1},
        ),
        ([{"OBS_VALUE": None}], {"missing-unexplained": 1}),
        ([{"OBS_VALUE": None, "VALUE_TEXT": "<2.5"}], {}),
        ([{"OBS_STATUS": "M"}], {"missing-contradicted": 1}),
        ([{"SAMPLE_SIZE": 49.0}], {"sample-small": 1}),
        ([{"SAMPLE_SIZE": 50.0}], {}),
        ([{"STD_ERROR": 4.95}], {"precision-marginal": 1}),
        ([{"STD_ERROR": 4.94}], {}),
        ([{"STD_ERROR": 10.0}], {"precision-poor": 1}),
        ([{"STD_ERROR": 10.0, "OBS_VALUE": 0.0}], {}),
        ([{"TIME_PERIOD": "2025"}], {"period-future": 1}),
        ([{"TIME_PERIOD": "2025-Q1", "OBS_STATUS": "F"}], {}),
        ([{"TIME_PERIOD": "2019"}], {"stale": 1}),
        ([{"TIME_PERIOD": "2019"}, {"REF_AREA": "704", "OBS_VALUE": 31.0}], {}),
    ],
)
def test_rule_finds_its_case_and_no_other(rows, expected):
    codes = {**listed(), "UNIT_MEASURE": _any(), "OBS_STATUS": _any()}
    assert find(*rows, codes=codes) == expected


def _any():
    return CodeList(id="CL_ANY", codes=(), pattern=".*")


COUNT = {"UNIT_MEASURE": "NB"}


@pytest.mark.parametrize(
    ("values", "unit", "expected"),
    [
        ({"F": 10.0, "M": 12.0, "_T": 22.0}, "NB", {}),
        ({"F": 10.0, "M": 12.0, "_T": 23.0}, "NB", {}),  # each may be rounded by a half
        ({"F": 10.0, "M": 12.0, "_T": 24.0}, "NB", {"totals-sum": 1}),
        ({"F": 10.2, "M": 12.2, "_T": 22.6}, "NB", {"totals-sum": 1}),
        ({"F": 10.0, "_T": 24.0}, "NB", {}),  # men are not given
        ({"F": 10.0, "M": 12.0, "_T": 11.0}, "PT", {}),
        ({"F": 10.0, "M": 12.0, "_T": 14.0}, "PT", {"totals-between": 1}),
        ({"F": 10.0, "M": 12.0, "_T": 13.0}, "PT", {}),
        ({"F": 10.0, "_T": 14.0}, "PT", {}),  # one part tells nothing
    ],
)
def test_totals_agree_with_women_and_men(values, unit, expected):
    rows = [{"SEX": sex, "OBS_VALUE": v, "UNIT_MEASURE": unit} for sex, v in values.items()]
    codes = {**listed(), "UNIT_MEASURE": _any()}
    assert find(*rows, codes=codes) == expected


def test_totals_over_other_breakdowns_lie_between_their_parts():
    rows = [
        {"AGE": "Y15T24", "OBS_VALUE": 10.0},
        {"AGE": "Y25T49", "OBS_VALUE": 12.0},
        {"AGE": "_T", "OBS_VALUE": 40.0},
        {"AGE": "Y15T24", "SEX": "F", "OBS_VALUE": 90.0},
    ]
    result = check_dataset(observe(*rows), today=TODAY, codes={**listed(), "AGE": _any()})
    (row,) = result.findings.rows(named=True)
    assert row["found"] == "a total of 40"
    assert row["expected"] == "a figure from 10 to 12, those of its parts by AGE"


def test_jump_from_period_to_period_is_found_in_the_units_own_terms():
    codes = {**listed(), "UNIT_MEASURE": _any(), "OBS_STATUS": _any()}
    step = {"TIME_PERIOD": "2021", "OBS_VALUE": 19.0}
    assert find(step, {}, codes=codes) == {"jump-period": 1}
    assert find({**step, "OBS_VALUE": 20.0}, {}, codes=codes) == {}
    assert find(step, {"OBS_STATUS": "B"}, codes=codes) == {}
    count = {"UNIT_MEASURE": "NB"}
    assert find({**step, **count}, {**count, "OBS_VALUE": 29.0}, codes=codes) == {"jump-period": 1}
    assert find({**step, **count}, {**count, "OBS_VALUE": 28.0}, codes=codes) == {}


def test_last_release_is_compared():
    previous = observe({"OBS_VALUE": 60.0}, {"TIME_PERIOD": "2020"}).table
    assert find({}, previous=previous) == {"jump-release": 1, "gone-release": 1}
    withdrawn = {"TIME_PERIOD": "2020", "OBS_VALUE": None, "OBS_STATUS": "M"}
    codes = {**listed(), "OBS_STATUS": _any()}
    assert find({}, withdrawn, previous=previous, codes=codes) == {"jump-release": 1}


def framework(**changes):
    """Return a framework with one indicator."""
    seats = Indicator(**{"key": "5a", "code": "5.a", "title": {"en": "Seats"}, **changes})
    return Framework(
        id="demo", version="1", title={"en": "Demo"}, publisher="Us", level="national",
        valid_from="2020-01-01", indicators=(seats,), source="own",
    )  # fmt: skip


def test_indicator_outside_the_framework_is_an_error():
    result = check_dataset(
        observe({"INDICATOR": "9z"}), today=TODAY, codes=listed(), framework=framework()
    )
    assert result.counts == {"indicator-unknown": 1}
    assert not result.is_releasable
    assert result.words().splitlines()[0] == "1 observation: 1 error."


def test_indicator_is_cited_by_key_or_by_a_code_that_stands_once():
    assert set(cited(framework())) == {"5a", "5.a"}


def test_series_stands_for_the_indicator_that_its_description_numbers():
    def series(text):
        return CodeList(id="CL_SERIES", codes=(Code(id="S1", name={"en": "S"}, description=text),))

    assert cited(framework(), series("9.9; 5.a"))["S1"].key == "5a"
    assert cited(framework(), series("5.a, 9.9"))["S1"].key == "5a"
    assert "S1" not in cited(framework(), series("9.9"))
    codes = {**listed(), "INDICATOR": series("5.a")}
    assert find({"INDICATOR": "S1"}, framework=framework(), codes=codes) == {}


def test_unit_is_held_against_the_indicators():
    assert find({}, framework=framework(unit="number")) == {"unit-framework": 1}
    assert find({}, framework=framework(unit="%")) == {}
    assert find({}, framework=framework(unit="a unit nobody has a code for")) == {}
    codes = {**listed(), "UNIT_MEASURE": _any()}
    assert find({}, framework=framework(unit="IX"), codes=codes) == {"unit-framework": 1}


def test_expected_breakdowns_are_looked_for():
    asked = framework(
        disaggregations=("sex", "age", "province"),
        combined=(("sex", "age"), ("sex", "province")),
    )
    codes = {**listed(), "AGE": _any()}
    result = check_dataset(observe({}), today=TODAY, codes=codes, framework=asked)
    assert result.findings.select("rule", "component", "found", "expected").rows() == [
        ("coverage-single", "SEX", "figures for all only", "figures by SEX"),
        ("coverage-single", "AGE", "figures for all only", "figures by AGE"),
        (
            "coverage-combined",
            "SEX x AGE",
            "figures for all only",
            "figures by SEX and AGE at once",
        ),
    ]
    apart = [{"SEX": "F"}, {"AGE": "Y15T24"}]
    result = check_dataset(observe(*apart), today=TODAY, codes=codes, framework=asked)
    assert result.findings["found"].to_list() == ["figures by AGE, SEX"]
    assert find({"SEX": "F", "AGE": "Y15T24"}, codes=codes, framework=asked) == {}


def test_characteristic_without_dimension_is_a_breakdown_of_the_source():
    assert dimension_of(" Kind of perpetrator ") == "CUST_BREAKDOWN"


def test_words_give_reason_examples_and_remedy():
    rows = [{"OBS_VALUE": 101.0 + k, "TIME_PERIOD": f"202{k}"} for k in range(4)]
    text = check_dataset(observe(*rows), today=TODAY, codes=listed()).words(examples=1)
    assert text == (
        "4 observations: 4 errors.\n\n"
        "error: a percentage below 0 or above 100 (range-percent, 4)\n"
        "  A share of a whole cannot leave these bounds; a ratio or a change can, with its unit.\n"
        "  - 5a, 704, 2020: OBS_VALUE is 101, expected 0 to 100\n"
        "  … and 3 more\n"
        "  What to do: Correct the figure, or its unit."
    )


def test_rule_can_be_left_out_if_it_exists():
    rows = [{"OBS_VALUE": 101.0}]
    assert find(*rows, skip=["range-percent"]) == {}
    with pytest.raises(ValueError, match=r"there are no rules \['percent'\]"):
        find(*rows, skip=["percent"])


def test_limits_are_not_negative():
    with pytest.raises(ValueError, match="jump must not be negative"):
        Limits(jump=-1)


def test_every_rule_is_named_once():
    assert len(BY_ID) == len(RULES)
