"""Whether the pace is enough to reach the target."""

import pytest

from everycount.figures.aim import NO_AIM, Aim
from everycount.figures.progress import Pace, progress
from everycount.figures.series import headline

UP = Aim(better="up", low=100.0)
DOWN = Aim(better="down", high=10.0)
BAND = Aim(better="between", low=47.0, high=53.0)


def made(read, aim, **pace):
    (found,) = progress(read, headline(read).series, aim, pace=Pace(**pace)).rows(named=True)
    return found


def test_pace_is_held_against_what_is_needed(figures_of):
    read = figures_of({"period": "2015", "value": 40.0}, {"period": "2020", "value": 50.0})
    found = made(read, UP)
    assert found == {
        "INDICATOR": "5d", "REF_AREA": "A", "first_period": "2015", "first": 40.0,
        "last_period": "2020", "last": 50.0, "target": 100.0, "method": "linear",
        "observed": 2.0, "required": 4.0, "needed": 5.0, "ratio": 0.5, "verdict": "limited",
    }  # fmt: skip


def test_growth_is_compound_where_it_is_asked_for(figures_of):
    read = figures_of({"period": "2015", "value": 40.0}, {"period": "2020", "value": 50.0})
    found = made(read, UP, method="compound")
    observed = (50 / 40) ** (1 / 5) - 1
    required = (100 / 40) ** (1 / 15) - 1
    assert found["method"] == "compound"
    assert found["observed"] == pytest.approx(observed * 100)
    assert found["ratio"] == pytest.approx(observed / required)
    assert found["verdict"] == "accelerate"


def test_nothing_grows_from_nothing(figures_of):
    read = figures_of({"period": "2015", "value": 0.0}, {"period": "2020", "value": 50.0})
    assert made(read, UP, method="compound")["method"] == "linear"


@pytest.mark.parametrize(
    ("first", "last", "aim", "verdict"),
    [
        (40.0, 100.0, UP, "achieved"),
        (40.0, 59.0, UP, "on track"),
        (40.0, 53.0, UP, "accelerate"),
        (40.0, 40.0, UP, "limited"),
        (40.0, 39.0, UP, "moving away"),
        (110.0, 90.0, UP, "moving away"),
        (40.0, 5.0, DOWN, "achieved"),
        (40.0, 30.0, DOWN, "on track"),
        (40.0, 45.0, DOWN, "moving away"),
        (30.0, 50.0, BAND, "achieved"),
        (30.0, 36.0, BAND, "on track"),
        (70.0, 64.0, BAND, "on track"),
        (30.0, 60.0, BAND, "moving away"),
        (50.0, 60.0, BAND, "moving away"),
        (40.0, 60.0, NO_AIM, "no target"),
    ],
)
def test_verdict_goes_by_the_ratio_of_paces(figures_of, first, last, aim, verdict):
    read = figures_of({"period": "2015", "value": first}, {"period": "2020", "value": last})
    assert made(read, aim)["verdict"] == verdict


def test_year_that_is_over_was_missed(figures_of):
    read = figures_of({"period": "2015", "value": 30.0}, {"period": "2020", "value": 34.0})
    found = made(read, Aim(better="up", low=35.0), to=2020)
    assert (found["verdict"], found["needed"]) == ("missed", None)


def test_one_figure_is_not_enough_unless_it_is_on_target(figures_of):
    read = figures_of({"period": "2010", "value": 10.0}, {"period": "2020", "value": 30.0})
    assert made(read, UP)["verdict"] == "not enough figures"
    found = made(figures_of({"value": 100.0}), UP)
    assert (found["verdict"], found["needed"], found["ratio"]) == ("achieved", 0.0, None)
