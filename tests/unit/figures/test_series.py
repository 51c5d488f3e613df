"""The series of an indicator and its headline."""

import pytest

from everycount.figures.series import headline, rows_of, series_of


def test_series_are_told_apart_by_all_but_area_and_period(figures_of):
    read = figures_of(
        {"area": "A", "period": "2018", "value": 1.0},
        {"area": "A", "period": "2020", "value": 1.0},
        {"area": "B", "period": "2019", "value": 1.0},
        {"area": "B", "sex": "F", "text": "many"},
        {"area": "C", "value": 1.0, "unit": None},
        {"area": "C", "sex": "M"},
    )
    found = series_of(read).select("SEX", "UNIT_MEASURE", "areas", "figures", "first", "last")
    assert found.rows() == [
        ("F", "PT", 1, 1, 2020, 2020),
        ("_T", None, 1, 1, 2020, 2020),
        ("_T", "PT", 2, 3, 2018, 2020),
    ]


def test_one_series_is_found_where_no_code_differs(figures_of):
    found = series_of(figures_of({"value": 1.0}, {"area": "B", "value": 2.0}))
    assert found.select("INDICATOR", "SEX", "areas", "figures").rows() == [("5d", "_T", 2, 2)]


def test_no_figures_give_no_series_and_no_headline(figures_of):
    for read in (figures_of(), figures_of({"status": "Q"})):
        assert series_of(read).height == 0
        assert headline(read) is None


def test_total_is_the_headline_though_a_part_has_more_areas(figures_of):
    rows = [{"area": area, "sex": "F", "value": 1.0} for area in "ABCD"]
    found = headline(figures_of(*rows, {"value": 1.0}))
    assert (found.rule, found.series.breakdowns) == ("total", {})
    assert (found.areas, found.of, found.alternatives, found.always) == (1, 4, 1, ())


def test_total_of_hardly_any_area_is_no_headline(figures_of):
    rows = [{"area": str(area), "sex": "F", "value": 1.0} for area in range(30)]
    found = headline(figures_of(*rows, {"area": "1", "value": 1.0}))
    assert (found.rule, found.series.breakdowns) == ("fewest", {"SEX": "F"})


def test_indicator_about_women_has_women_in_its_headline(figures_of):
    rows = [
        {"area": area, "sex": "F", "age": age, "value": 1.0}
        for area in "ABC"
        for age in ("Y15T49", "Y15T19")
        if (area, age) != ("C", "Y15T19")
    ]
    found = headline(figures_of(*rows))
    assert found.series.breakdowns == {"SEX": "F", "AGE": "Y15T49"}
    assert (found.rule, found.always) == ("only", ("SEX", "AGE"))


def test_series_of_fewer_breakdowns_come_first(figures_of):
    rows = [{"area": area, "sex": "F", "age": "Y15T24", "value": 1.0} for area in "ABCD"]
    found = headline(figures_of(*rows, {"sex": "M", "value": 1.0}))
    assert found.series.breakdowns == {"SEX": "M"}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # the unit that most figures are in
        (
            [{"unit": "NUMBER"}, {"unit": "PT"}, {"unit": "PT", "sex": "F"}],
            {"UNIT_MEASURE": "PT", "SEX": "_T"},
        ),
        # the most figures
        (
            [{"sex": "M"}, {"sex": "M", "period": "2019"}, {"sex": "F"}],
            {"SEX": "M"},
        ),
        # the newest
        ([{"sex": "M"}, {"sex": "F", "period": "2019"}], {"SEX": "M"}),
        # the annual one
        ([{"FREQ": "Q", "sex": "F"}, {"FREQ": "A", "sex": "M"}], {"FREQ": "A"}),
        # women
        ([{"sex": "M"}, {"sex": "F"}], {"SEX": "F"}),
        # the order of the codes
        ([{"sex": "F", "age": "Y9"}, {"sex": "F", "age": "Y15"}], {"AGE": "Y15"}),
    ],
)
def test_ties_are_broken_in_a_fixed_order(figures_of, rows, expected):
    for given in (rows, rows[::-1]):
        found = headline(figures_of(*given, value=1.0)).series
        own = {**found.by_dimension, "UNIT_MEASURE": found.unit}
        assert {name: own[name] for name in expected} == expected


def test_reporting_type_comes_first_where_it_is_asked_for(figures_of):
    rows = [{"area": area, "REPORTING_TYPE": "G"} for area in "AB"]
    read = figures_of(*rows, {"REPORTING_TYPE": "N"}, value=1.0)
    assert headline(read).series.by_dimension["REPORTING_TYPE"] == "G"
    assert headline(read, prefer="N").series.by_dimension["REPORTING_TYPE"] == "N"
    assert headline(read, prefer="R").series.by_dimension["REPORTING_TYPE"] == "G"


def test_series_has_a_name_of_its_codes(figures_of):
    found = headline(figures_of({"sex": "F", "value": 1.0, "UNIT_MULT": 3})).series
    assert found.id == "FREQ=A,REPORTING_TYPE=N,SEX=F,UNIT_MEASURE=PT,UNIT_MULT=3"
    assert found.changed(SEX="M").breakdowns == {"SEX": "M"}


def test_rows_of_a_series_without_unit_are_found(figures_of):
    read = figures_of({"value": 1.0, "unit": None}, {"area": "B", "value": 2.0, "unit": "PT"})
    without = headline(read).series
    assert rows_of(read, without)["REF_AREA"].to_list() == ["B"]
    other = figures_of({"value": 1.0, "unit": None})
    assert rows_of(read, headline(other).series)["REF_AREA"].to_list() == ["A"]
