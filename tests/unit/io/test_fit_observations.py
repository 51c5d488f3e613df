import polars as pl
import pytest

from everycount.errors import InputError
from everycount.io.code_lists import code_lists
from everycount.io.fit import ROW
from everycount.io.fit_observations import KEPT, Fitter
from everycount.model.column_mapping import ColumnMapping
from everycount.model.observation import OBSERVATION
from everycount.model.sdg import SDG

ROWS = {"INDICATOR": "5a", "REF_AREA": "NA", "TIME_PERIOD": "2019", "OBS_VALUE": "1.5"}


def fitter(codes=None, structure=OBSERVATION, **mapping):
    lists = code_lists(OBSERVATION) if codes is None else codes
    return Fitter(structure, lists, subject="a.csv", mapping=ColumnMapping(**mapping))


def batch(*rows):
    names = dict.fromkeys(name for row in rows for name in {**ROWS, **row})
    filled = [{**ROWS, **row} for row in rows]
    return pl.DataFrame(filled, schema=dict.fromkeys(names, pl.String))


def problems(*rows, **mapping):
    each = fitter(**mapping)
    each.fit(batch(*rows))
    with pytest.raises(InputError) as caught:
        each.finish()
    return [str(problem) for problem in caught.value.problems]


def test_absent_and_empty_breakdowns_are_the_total():
    table = fitter().fit(batch({"SEX": " "}, {"SEX": "F"}))
    assert table.select("FREQ", "REPORTING_TYPE", "SEX", "AGE").rows() == [
        ("A", "N", "_T", "_T"),
        ("A", "N", "F", "_T"),
    ]
    assert dict(table.schema) == dict(OBSERVATION.schema)


def test_codes_stay_as_they_are_written():
    table = fitter().fit(batch({"REF_AREA": " 004 ", "INDICATOR": "SP.POP.TOTL"}))
    assert table.select("REF_AREA", "INDICATOR").rows() == [("004", "SP.POP.TOTL")]


def test_empty_rows_are_dropped_and_the_others_keep_their_numbers():
    each = fitter()
    empty = dict.fromkeys(ROWS, " ")
    table = each.fit(batch(empty, {}, {}), first_row=10)
    assert table.height == 2
    with pytest.raises(InputError, match="row 12: found the same observation as in row 11"):
        each.finish()


def test_value_in_words_stands_apart():
    table = fitter().fit(batch({"OBS_VALUE": "<2.5"}, {"SEX": "F", "VALUE_TEXT": "few"}))
    assert table.select("OBS_VALUE", "VALUE_TEXT").rows() == [(None, "<2.5"), (1.5, "few")]


def test_value_in_words_is_refused_where_words_have_no_place():
    each = fitter({}, SDG)
    each.fit(batch({"OBS_VALUE": "<2.5"}).rename({"INDICATOR": "SERIES"}))
    with pytest.raises(InputError, match=r"row 2, OBS_VALUE: found '<2\.5', expected a number"):
        each.finish()


def test_missing_marks_are_empty():
    table = fitter(missing=("..", "n/a")).fit(batch({"OBS_VALUE": ".."}))
    assert table["OBS_VALUE"].to_list() == [None]


def test_numbers_are_read_as_the_mapping_says():
    table = fitter(decimal=",", thousands=".").fit(
        batch({"OBS_VALUE": "1.234,5", "UNIT_MULT": "3"})
    )
    assert table.select("OBS_VALUE", "UNIT_MULT").rows() == [(1234.5, 3)]


def test_every_fault_is_told_with_row_found_and_expected():
    found = problems(
        {"OBS_VALUE": "many", "SEX": "Female"},
        {"REF_AREA": "", "TIME_PERIOD": "19", "UNIT_MULT": "1.5"},
        {"REF_AREA": "Viet Nam", "TIME_PERIOD": None},
    )
    text = "\n".join(found)
    assert "row 2, OBS_VALUE: found 'many', expected a number" in text
    assert "row 2, SEX: found 'Female', expected one of F, M, _N, _O, _T, _U, _X" in text
    assert "row 3, REF_AREA: found nothing, expected a code" in text
    assert "row 3, TIME_PERIOD: found '19', expected a period such as 2019" in text
    assert "row 3, UNIT_MULT: found '1.5', expected a whole number" in text
    assert "row 4, REF_AREA: found 'Viet Nam', expected a code of letters, digits, - and _" in text
    assert "row 4, TIME_PERIOD: found nothing, expected a period" in text
    assert len(found) == 7


@pytest.mark.parametrize(
    "period",
    [
        *("2019", "2019-05", "2019-05-31", "2019-Q4", "2019-S2", "2019-T3", "2019-M12"),
        *("2019-W53", "2019-A1", "2019-D365", "2019/2021", "2019-01/2020-12", "2019-01-01/P3Y"),
    ],
)
def test_periods_of_sdmx_are_periods(period):
    each = fitter()
    each.fit(batch({"TIME_PERIOD": period}))
    each.finish()


@pytest.mark.parametrize("period", ["19", "2019-13", "2019-Q5", "2019-1", "May 2019", "2019.0"])
def test_other_texts_are_no_periods(period):
    assert "TIME_PERIOD" in problems({"TIME_PERIOD": period})[0]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"TIME_PERIOD": "2019-02-31"}, "there is no day 2019-02-31"),
        ({"TIME_PERIOD": "2019/20"}, "perhaps 2019/2020"),
        ({"TIME_PERIOD": "2019-13"}, "there is no month 2019-13"),
        ({"SEX": "Female"}, "'Female' is F (a mapping says so in [values.SEX])"),
        ({"OBS_VALUE": ".."}, 'a mapping says missing = [".."]'),
        ({"OBS_VALUE": "5%"}, "a number without the sign"),
    ],
)
def test_what_may_be_meant_is_told(cells, expected):
    assert expected in problems(cells)[0]


def test_period_is_kept_in_one_form():
    table = fitter().fit(batch({"TIME_PERIOD": "2003-01-01/P3Y"}))
    assert table["TIME_PERIOD"].to_list() == ["2003/2005"]


def test_observation_is_refused_the_second_time_across_batches():
    each = fitter()
    each.fit(batch({}, {"SEX": "F"}), first_row=2)
    each.fit(batch({"SEX": "M"}, {"SEX": "F"}, {"SEX": "F"}), first_row=4)
    with pytest.raises(InputError) as caught:
        each.finish()
    assert [str(problem) for problem in caught.value.problems] == [
        "row 5: found the same observation as in row 3, expected each indicator, area, period and "
        "breakdown once",
        "row 6: found the same observation as in row 3, expected each indicator, area, period and "
        "breakdown once",
    ]


def test_rows_without_area_are_not_called_the_same():
    cure = 'expected a code (a mapping fills empty cells: [defaults] REF_AREA = "826")'
    assert problems({"REF_AREA": ""}, {"REF_AREA": ""}) == [
        f"row 2, REF_AREA: found nothing, {cure}",
        f"row 3, REF_AREA: found nothing, {cure}",
    ]


def test_rows_may_bring_their_own_numbers():
    each = fitter()
    each.fit(batch({"SEX": "f"}).with_columns(pl.lit(77).alias(ROW)))
    with pytest.raises(InputError, match="row 77, SEX"):
        each.finish()


def test_faults_are_kept_up_to_a_number_and_then_counted():
    rows = [{"SEX": f"f{i}", "TIME_PERIOD": str(1000 + i)} for i in range(KEPT + 5)]
    found = problems(*rows)
    assert len(found) == KEPT + 1
    assert found[-1] == "further cells: found 5 more that do not fit, expected none"


def test_same_fault_in_many_rows_stands_once():
    few = problems(*({"SEX": "f", "TIME_PERIOD": str(1000 + i)} for i in range(5)))
    assert [problem.partition(",")[0] for problem in few] == [f"row {2 + i}" for i in range(5)]
    (many,) = problems(*({"SEX": "f", "TIME_PERIOD": str(1000 + i)} for i in range(1200)))
    assert many.startswith("row 2, SEX (and 1,199 more rows): found 'f', expected one of F, M")


def test_repeats_are_kept_up_to_a_number_and_then_counted():
    found = problems(*({} for _ in range(KEPT + 3)))
    assert found[0].startswith("row 3: found the same observation as in row 2")
    assert found[-2].startswith(f"row {KEPT + 2}: found the same observation as in row 2")
    assert found[-1] == "further cells: found 2 more that do not fit, expected none"


def test_nothing_fitted_is_nothing_wrong():
    fitter().finish()


def test_component_without_list_takes_any_code():
    each = fitter({})
    each.fit(batch({"SEX": "anything"}))
    each.finish()
    each.fit(batch({"SEX": "two words"}))
    with pytest.raises(InputError, match="expected a code of letters, digits, - and _"):
        each.finish()
