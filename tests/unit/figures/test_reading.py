"""What a reader may see of an observation."""

from datetime import date

import pytest

from everycount.figures.reading import one_each, read_figures

KEY = ("REF_AREA", "TIME_PERIOD")


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"value": 1.0}, "shown"),
        ({"text": "<2.5"}, "shown"),
        ({"value": 1.0, "size": 50}, "shown"),
        ({"value": 1.0, "size": 49}, "few"),
        ({"value": 1.0, "size": 25}, "few"),
        ({"value": 1.0, "size": 24}, "hidden"),
        ({"value": 1.0, "size": 0}, "hidden"),
        ({"value": 1.0, "status": "Q"}, "hidden"),
        ({"status": "Q"}, "hidden"),
        ({"value": 1.0, "CONF_STATUS": "C"}, "hidden"),
        ({"value": 1.0, "CONF_STATUS": "F"}, "shown"),
        ({}, "missing"),
        ({"value": float("nan")}, "missing"),
        ({"status": "M"}, "missing"),
        ({"value": 1.0, "status": "F"}, "forecast"),
        ({"value": 1.0, "period": "2022"}, "forecast"),
        ({"value": 1.0, "period": "2021"}, "shown"),
        ({"value": 1.0, "period": "2020", "DATA_LAST_UPDATE": "2019-07-01"}, "forecast"),
        ({"value": 1.0, "period": "2019", "DATA_LAST_UPDATE": "2019-07-01"}, "shown"),
        ({"value": 1.0, "period": "2020", "DATA_LAST_UPDATE": "July"}, "shown"),
    ],
)
def test_state_of_a_figure(figures_of, row, state):
    assert figures_of(row).table["state"].to_list() == [state]


def test_periods_after_the_data_were_fetched_are_forecasts(table_of):
    table = table_of({"value": 1.0, "period": "2019"}, {"value": 1.0, "period": "2020"})
    read = read_figures(table, today=date(2026, 1, 1), known=date(2019, 9, 30))
    assert read.table["state"].to_list() == ["shown", "forecast"]


def test_hidden_figure_leaves_nothing_of_its_size(figures_of):
    row = {"value": 3.0, "text": "3", "low": 1.0, "high": 5.0, "size": 10.0, "STD_ERROR": 1.0}
    (found,) = figures_of(row).table.rows(named=True)
    names = ("value", "text", "lower", "upper", "std_error", "sample_size")
    assert [found[name] for name in names] == [None] * 6


@pytest.mark.parametrize(
    ("row", "flags", "is_modelled"),
    [
        ({}, "", False),
        ({"status": "A"}, "", False),
        ({"status": "B", "nature": "C"}, "b", False),
        ({"status": "B", "nature": "M"}, "be", True),
        ({"status": "E"}, "e", True),
        ({"status": "E", "nature": "E"}, "e", True),
        ({"status": "I"}, "ie", True),
        ({"status": "U"}, "u", False),
    ],
)
def test_flags_tell_of_the_status_and_nature(figures_of, row, flags, is_modelled):
    found = figures_of({"value": 1.0, **row}).table
    assert found.select("flags", "is_modelled").rows() == [(flags, is_modelled)]


def test_unit_multiplier_that_is_not_given_is_one(figures_of):
    assert figures_of({"value": 1.0}).table["UNIT_MULT"].to_list() == [0]


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ({"value": 1.0, "size": 3}, {"value": 2.0}),
        ({"value": 2.0, "APPRAISAL": "CONTEXT"}, {"value": 1.0, "APPRAISAL": "OFFICIAL"}),
        ({"value": 2.0, "APPRAISAL": "SUPPLEMENTARY"}, {"value": 1.0}),
        ({"value": 2.0}, {"value": 1.0, "DATA_LAST_UPDATE": "2020-01-01"}),
        ({"value": 2.0, "SOURCE_DETAIL": "b"}, {"value": 1.0, "SOURCE_DETAIL": "a"}),
        ({"value": 1.0}, {"value": 2.0}),
    ],
)
def test_one_of_several_figures_stands_whatever_their_order(figures_of, worse, better):
    value = better["value"]
    for rows in ((worse, better), (better, worse)):
        assert one_each(figures_of(*rows).table, KEY)["value"].to_list() == [value]


def test_figures_that_do_not_repeat_are_put_in_order(figures_of):
    read = figures_of({"period": "2020"}, {"period": "2019"}, {"period": "2017/2019"})
    assert one_each(read.table, KEY)["TIME_PERIOD"].to_list() == ["2017/2019", "2019", "2020"]
