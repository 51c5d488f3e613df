"""What changed, and whether it is better."""

import pytest

from everycount.figures.aim import NO_AIM, Aim
from everycount.figures.change import changes
from everycount.figures.series import headline

UP, DOWN = Aim(better="up"), Aim(better="down")
BAND = Aim(better="between", low=47.0, high=53.0)


def changed(read, aim=NO_AIM, **options):
    return changes(read, headline(read).series, aim, **options)


def test_change_is_from_the_first_to_the_newest_figure(figures_of):
    read = figures_of(
        {"period": "2015", "value": 30.0, "nature": "E"},
        {"period": "2010", "value": 20.0, "size": 30.0},
        {"period": "2020", "value": 25.0},
        {"area": "B", "period": "2020", "value": 1.0},
    )
    (found,) = changed(read, UP).rows(named=True)
    assert found == {
        "INDICATOR": "5d", "REF_AREA": "A", "first_period": "2010", "first": 20.0,
        "last_period": "2020", "last": 25.0, "years": 10.0, "points": 5.0, "per_cent": 25.0,
        "per_year": 0.5, "direction": "better", "overlap": None, "broken": False, "few": True,
        "is_modelled": False,
    }  # fmt: skip
    assert changed(read, since=2012)["first_period"].to_list() == ["2015"]


def test_break_in_the_series_is_not_crossed(figures_of):
    read = figures_of(
        {"period": "2010", "value": 20.0},
        {"period": "2015", "value": 60.0, "status": "B"},
        {"period": "2020", "value": 50.0},
        {"area": "B", "period": "2010", "value": 1.0},
        {"area": "B", "period": "2020", "value": 2.0, "status": "B"},
        {"area": "C", "period": "2010", "value": 1.0, "status": "B"},
        {"area": "C", "period": "2020", "value": 2.0},
    )
    found = changed(read).select("REF_AREA", "first", "last", "broken")
    assert found.rows() == [("A", 60.0, 50.0, True), ("C", 1.0, 2.0, False)]


@pytest.mark.parametrize(
    ("first", "last", "aim", "expected"),
    [
        (10.0, 20.0, UP, "better"),
        (20.0, 10.0, UP, "worse"),
        (10.0, 20.0, DOWN, "worse"),
        (10.0, 20.0, NO_AIM, "rising"),
        (20.0, 10.0, NO_AIM, "falling"),
        (20.0, 20.9, UP, "stable"),
        (20.0, 21.0, UP, "better"),
        (0.0, 0.0, UP, "stable"),
        (0.0, 0.1, UP, "better"),
        (-10.0, -20.0, UP, "worse"),
        (20.0, 40.0, BAND, "better"),
        (48.0, 52.0, BAND, "rising"),
        (44.0, 56.0, BAND, "rising"),
        (52.0, 48.0, BAND, "falling"),
        (50.0, 60.0, BAND, "worse"),
        (80.0, 60.0, BAND, "better"),
    ],
)
def test_direction_follows_the_goalposts(figures_of, first, last, aim, expected):
    read = figures_of({"period": "2010", "value": first}, {"value": last})
    assert changed(read, aim)["direction"].to_list() == [expected]


def test_per_cent_of_nothing_is_none(figures_of):
    read = figures_of({"period": "2010", "value": 0.0}, {"value": 2.0})
    assert changed(read).select("points", "per_cent").rows() == [(2.0, None)]


@pytest.mark.parametrize(
    ("first", "last", "overlap"),
    [
        ({"low": 9.0, "high": 11.0}, {"low": 11.0, "high": 13.0}, True),
        ({"low": 9.0, "high": 11.0}, {"low": 11.5, "high": 13.0}, False),
        ({"STD_ERROR": 0.1}, {"STD_ERROR": 0.1}, False),
        ({"STD_ERROR": 1.0}, {"STD_ERROR": 1.0}, True),
        ({"STD_ERROR": 1.0}, {}, None),
    ],
)
def test_overlap_of_intervals_is_told(figures_of, first, last, overlap):
    read = figures_of({"period": "2010", "value": 10.0, **first}, {"value": 12.0, **last})
    assert changed(read)["overlap"].to_list() == [overlap]
