"""The newest figure of each area, and its place."""

import pytest

from everycount.figures.aim import Aim
from everycount.figures.latest import latest, ranked
from everycount.figures.series import headline


def newest(read):
    return latest(read, headline(read).series)


def test_newest_figure_of_each_area_is_found(figures_of):
    read = figures_of(
        {"area": "B", "period": "2019", "value": 2.0, "nature": "M", "low": 1.0, "high": 3.0},
        {"area": "A", "period": "2020-12", "value": 9.0, "FREQ": "M"},
        {"area": "A", "period": "2018", "value": 1.0},
        {"area": "A", "period": "2020", "text": "<2.5", "size": 30.0, "SOURCE_DETAIL": "Survey"},
        {"area": "C", "sex": "F", "value": 3.0},
    )
    columns = ("REF_AREA", "TIME_PERIOD", "value", "text", "state", "age", "source", "flags")
    assert newest(read).select(columns).rows() == [
        ("A", "2020", None, "<2.5", "few", 1, "Survey", ""),
        ("B", "2019", 2.0, None, "shown", 2, None, "e"),
    ]


def test_period_after_the_figure_that_has_none_is_named(figures_of):
    read = figures_of(
        {"area": "A", "period": "2018", "value": 1.0},
        {"area": "A", "period": "2020", "value": 5.0, "size": 3.0},
        {"area": "B", "period": "2019"},
        {"area": "B", "period": "2020", "value": 1.0},
        {"area": "C", "period": "2019", "status": "Q"},
        {"area": "D", "period": "2020"},
        {"area": "E", "period": "2030", "value": 1.0},
        {"area": "F", "period": "2019", "value": 1.0},
        {"area": "F", "period": "2030", "value": 2.0},
    )
    columns = ("REF_AREA", "TIME_PERIOD", "value", "state", "newer", "newer_state")
    assert newest(read).select(columns).rows() == [
        ("A", "2018", 1.0, "shown", "2020", "hidden"),
        ("B", "2020", 1.0, "shown", None, None),
        ("C", "2019", None, "hidden", None, None),
        ("D", "2020", None, "missing", None, None),
        ("F", "2019", 1.0, "shown", None, None),
    ]


ROWS = (
    {"area": "A", "value": 10.0},
    {"area": "B", "value": 60.0},
    {"area": "C", "value": 60.0},
    {"area": "D", "value": 45.0, "period": "2016"},
    {"area": "E", "value": 99.0, "period": "2014"},
    {"area": "F", "text": "<2.5"},
    {"area": "G", "value": 70.0, "size": 3.0},
)


@pytest.mark.parametrize(
    ("aim", "places"),
    [
        (Aim(), [4, 1, 1, 3, None, None, None]),
        (Aim(better="up"), [4, 1, 1, 3, None, None, None]),
        (Aim(better="down"), [1, 3, 3, 2, None, None, None]),
        (Aim(better="between", low=47.0, high=53.0), [4, 2, 2, 1, None, None, None]),
    ],
)
def test_areas_are_ranked_within_the_tolerance(figures_of, aim, places):
    found = ranked(newest(figures_of(*ROWS)), aim)
    assert found["rank"].to_list() == places
    assert found.select("of", "since").unique().rows() == [(4, 2015)]


def test_only_some_areas_are_ranked_among_one_another(figures_of):
    found = ranked(newest(figures_of(*ROWS)), among=["A", "E"], tolerance=10)
    assert found["rank"].to_list() == [2, None, None, None, 1, None, None]
    alone = ranked(newest(figures_of(*ROWS)), among=["F"])
    assert alone.select("of", "since").unique().rows() == [(0, None)]


def test_figures_that_differ_in_the_last_digit_share_a_rank(figures_of):
    read = figures_of({"area": "A", "value": 0.1 + 0.2}, {"area": "B", "value": 0.3})
    assert ranked(newest(read))["rank"].to_list() == [1, 1]
