"""What there is by sex, by age, and by both at once."""

import pytest

from everycount.figures.breakdowns import asked, available, breakdown, breakdowns
from everycount.figures.series import headline
from everycount.model.indicator import Indicator

ROWS = (
    {"value": 10.0},
    {"sex": "F", "value": 12.0, "STD_ERROR": 1.0},
    {"sex": "M", "value": 8.0, "STD_ERROR": 1.5},
    {"sex": "_U", "value": 90.0},
    {"age": "Y5T14", "value": 5.0},
    {"age": "Y15T24", "value": 15.0, "size": 30.0},
    {"age": "Y_GE65", "value": 4.0, "size": 10.0},
    {"age": "Y100", "value": 7.0},
    {"age": "Y_GE15"},
    {"sex": "F", "age": "Y15T24", "value": 16.0, "period": "2019"},
    {"sex": "F", "value": 11.0, "period": "2018"},
    {"sex": "F", "value": 11.0, "period": "2030"},
    {"sex": "F", "value": 500.0, "unit": "NUMBER"},
    {"sex": "F", "value": 3.0, "area": "B", "period": "2017"},
    {"place": "R", "area": "B", "value": 3.0},
)


@pytest.fixture
def read(figures_of):
    return figures_of(*ROWS)


@pytest.fixture
def series(read):
    return headline(read).series


def test_breakdowns_there_are_single_ones_first(read, series):
    every = available(read, series)
    assert every.rows() == [
        ("SEX", 1, 2, 5, 2017, 2020),
        ("AGE", 1, 1, 3, 2020, 2020),
        ("URBANISATION", 1, 1, 1, 2020, 2020),
        ("SEX x AGE", 2, 1, 1, 2019, 2019),
    ]
    assert available(read, series, area="B")["by"].to_list() == ["SEX", "URBANISATION"]


def test_breakdown_shows_the_total_first(read, series):
    found = breakdown(read, series, ["SEX"], area="A")
    assert (found.by, found.area, found.period) == (("SEX",), "A", "2020")
    assert found.rows.select("SEX", "is_total", "value").rows() == [
        ("_T", True, 10.0),
        ("F", False, 12.0),
        ("M", False, 8.0),
        ("_U", False, 90.0),
    ]
    gap = found.gap
    assert (gap.high, gap.low, gap.points) == ({"SEX": "F"}, {"SEX": "M"}, 4.0)
    assert gap.overlap is True


def test_ages_are_in_order_and_hidden_ones_stay_hidden(read, series):
    found = breakdown(read, series, ["AGE"], area="A")
    assert found.rows.select("AGE", "value", "state").rows() == [
        ("_T", 10.0, "shown"),
        ("Y5T14", 5.0, "shown"),
        ("Y15T24", 15.0, "few"),
        ("Y_GE15", None, "missing"),
        ("Y_GE65", None, "hidden"),
        ("Y100", 7.0, "shown"),
    ]
    assert (found.gap.high, found.gap.points) == ({"AGE": "Y100"}, 2.0)
    assert found.gap.overlap is None


def test_breakdown_by_several_at_once_may_lack_total_and_gap(read, series):
    found = breakdown(read, series, ["AGE", "SEX"], area="A")
    assert found.by == ("SEX", "AGE")
    assert found.rows.select("SEX", "AGE", "value").rows() == [("F", "Y15T24", 16.0)]
    assert found.gap is None


def test_breakdown_of_a_period_that_is_given(read, series):
    found = breakdown(read, series, ["SEX"], area="A", period="2018")
    assert found.rows["value"].to_list() == [11.0]
    assert breakdown(read, series, ["SEX"], area="A", period="2011") is None
    assert breakdown(read, series, ["OCCUPATION"], area="A") is None


def test_all_breakdowns_of_an_area(read, series):
    found = breakdowns(read, series, area="A")
    assert [each.by for each in found] == [("SEX",), ("AGE",), ("SEX", "AGE")]
    assert [each.by for each in breakdowns(read, series, area="A", period="2019")] == [
        ("SEX", "AGE")
    ]


def test_breakdown_of_an_indicator_about_women(figures_of):
    rows = [{"sex": "F", "age": age, "value": 1.0} for age in ("Y15T49", "Y15T19")]
    read = figures_of(*rows, {"sex": "F", "age": "Y15T49", "area": "B", "value": 1.0})
    found = breakdown(read, headline(read).series, ["AGE"], area="A")
    assert found.rows.select("AGE", "is_total").rows() == [("Y15T49", True), ("Y15T19", False)]


NAMES = {"sex": "SEX", "age": "AGE", "disability": "DISABILITY_STATUS", "province": "REF_AREA"}


def test_breakdowns_asked_for_are_held_against_those_there_are(read, series):
    wanted = Indicator(
        key="5d",
        code="5d",
        title={"en": "Seats"},
        disaggregations=("sex", "disability", "province"),
        combined=(("age", "sex"), ("sex", "disability"), ("province", "sex")),
    )
    found = asked(wanted, available(read, series), dimension=NAMES.__getitem__)
    assert found.rows() == [
        ("SEX", "sex", True, True, 2, 2020),
        ("DISABILITY_STATUS", "disability", True, False, 0, None),
        ("SEX x AGE", "age x sex", True, True, 1, 2019),
        ("SEX x DISABILITY_STATUS", "sex x disability", True, False, 0, None),
        ("AGE", "", False, True, 1, 2020),
        ("URBANISATION", "", False, True, 1, 2020),
    ]
