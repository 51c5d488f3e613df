"""The gap between women and men."""

import pytest

from everycount.figures.aim import NO_AIM, Aim
from everycount.figures.gap import gaps, newest_gaps
from everycount.figures.series import headline


def pair(women, men, **shared):
    return ({"sex": "F", "value": women, **shared}, {"sex": "M", "value": men, **shared})


def found_in(read, aim=NO_AIM, **options):
    return gaps(read, headline(read).series, aim, **options)


def test_women_and_men_stand_side_by_side(figures_of):
    women, men = pair(15.0, 20.0)
    read = figures_of(
        {**women, "status": "P", "size": 30.0},
        {**men, "nature": "M", "status": "B"},
        {"value": 17.0},
        {"sex": "F", "value": 1.0, "area": "B"},
        *pair(1.0, 2.0, age="Y15T24"),
    )
    (found,) = found_in(read, Aim(better="up")).rows(named=True)
    assert found == {
        "INDICATOR": "5d", "REF_AREA": "A", "TIME_PERIOD": "2020", "year": 2020, "end": 2021.0,
        "women": 15.0, "men": 20.0, "points": -5.0, "ratio": 0.75, "higher": "men",
        "better_off": "men", "overlap": None, "few": True, "is_modelled": True, "flags": "bep",
        "starts": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("women", "men", "aim", "higher", "better_off"),
    [
        (15.0, 20.0, Aim(better="down"), "men", "women"),
        (97.0, 100.0, Aim(better="up"), "parity", "parity"),
        (103.0, 100.0, NO_AIM, "parity", None),
        (103.1, 100.0, NO_AIM, "women", None),
        (0.0, 0.0, NO_AIM, "parity", None),
        (1.0, 0.0, Aim(better="up"), "women", "women"),
        (60.0, 40.0, Aim(better="between", low=47.0, high=53.0), "women", "parity"),
        (50.0, 40.0, Aim(better="between", low=47.0, high=53.0), "women", "women"),
    ],
)
def test_side_that_is_ahead_is_named(figures_of, women, men, aim, higher, better_off):
    found = found_in(figures_of(*pair(women, men)), aim)
    assert found.select("higher", "better_off").rows() == [(higher, better_off)]


def test_ratio_to_nothing_is_none(figures_of):
    found = found_in(figures_of(*pair(1.0, 0.0)))
    assert found.select("points", "ratio").rows() == [(1.0, None)]


def test_parity_band_can_be_another(figures_of):
    assert found_in(figures_of(*pair(9.0, 10.0)), band=(0.9, 1.1))["higher"][0] == "parity"


def test_overlap_of_intervals_is_told(figures_of):
    near = pair(15.0, 20.0, STD_ERROR=2.0)
    apart = pair(15.0, 20.0, STD_ERROR=1.0, area="B")
    assert found_in(figures_of(*near, *apart))["overlap"].to_list() == [True, False]


def test_hidden_figure_of_one_sex_hides_the_gap(figures_of):
    women, men = pair(15.0, 20.0)
    assert found_in(figures_of({**women, "size": 10.0}, men)).height == 0


@pytest.mark.parametrize(
    ("first", "last", "trend"),
    [
        ((10.0, 20.0), (15.0, 20.0), "closing"),
        ((15.0, 20.0), (10.0, 20.0), "widening"),
        ((15.0, 20.0), (15.1, 20.0), "steady"),
        ((20.0, 20.0), (20.0, 20.0), "steady"),
        ((10.0, 20.0), (20.0, 10.0), "reversed"),
        ((20.1, 20.0), (19.0, 20.0), "widening"),
    ],
)
def test_gap_closes_or_widens(figures_of, first, last, trend):
    rows = (*pair(*first, period="2010"), *pair(*last, period="2020"))
    (found,) = newest_gaps(found_in(figures_of(*rows))).rows(named=True)
    assert (found["first_period"], found["TIME_PERIOD"]) == ("2010", "2020")
    assert found["trend"] == trend


def test_gap_before_a_break_does_not_count(figures_of):
    women, men = pair(18.0, 20.0, period="2015")
    read = figures_of(*pair(10.0, 20.0, period="2010"), {**women, "status": "B"}, men)
    found = newest_gaps(found_in(read))
    assert found.select("first_period", "trend").rows() == [("2015", None)]
