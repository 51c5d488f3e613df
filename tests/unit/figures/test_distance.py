"""How far the figures are from the target."""

import pytest

from everycount.figures.aim import NO_AIM, Aim
from everycount.figures.distance import Limits, distances
from everycount.figures.latest import latest
from everycount.figures.series import headline


def told(read, aim, **options):
    found = distances(latest(read, headline(read).series), aim, **options)
    rows = found.select("distance", "share", "verdict").rows()
    return [tuple(round(x, 4) if isinstance(x, float) else x for x in row) for row in rows]


BAND = Aim(better="between", low=47.0, high=53.0, worst=0.0)


@pytest.mark.parametrize(
    ("value", "aim", "expected"),
    [
        (50.0, BAND, (0.0, 0.0, "on target")),
        (47.0, BAND, (0.0, 0.0, "on target")),
        (42.3, BAND, (4.7, 0.1, "near")),
        (28.2, BAND, (18.8, 0.4, "far")),
        (28.1, BAND, (18.9, 0.4021, "very far")),
        (60.0, BAND, (7.0, 0.1489, "far")),
        (90.0, Aim(better="up", low=100.0, worst=50.0), (10.0, 0.2, "far")),
        (30.0, Aim(better="down", high=0.0, worst=300.0), (30.0, 0.1, "near")),
        (30.0, Aim(better="up", low=100.0), (70.0, 0.7, "very far")),
        (30.0, Aim(better="down", high=0.0), (30.0, None, None)),
        (0.0, Aim(better="down", high=0.0), (0.0, 0.0, "on target")),
        (30.0, NO_AIM, (None, None, None)),
    ],
)
def test_verdict_goes_by_the_share_of_the_way_left(figures_of, value, aim, expected):
    assert told(figures_of({"value": value}), aim) == [expected]


def test_worst_figure_may_be_the_extreme_of_the_data(figures_of):
    read = figures_of({"area": "A", "value": 20.0}, {"area": "B", "value": 100.0}, {"area": "C"})
    down = Aim(better="down", high=0.0, worst="max")
    assert [row[1] for row in told(read, down)] == [0.2, 1.0, None]
    assert [row[1] for row in told(read, down, among=["A"])] == [1.0, 5.0, None]
    up = Aim(better="up", low=120.0, worst="min")
    assert [row[1] for row in told(read, up)] == [1.0, 0.2, None]
    words = figures_of({"text": "<2.5"})
    assert told(words, up) == [(None, None, None)]


def test_limits_of_the_verdict_can_be_others(figures_of):
    limits = Limits(near=0.5, far=0.6)
    assert told(figures_of({"value": 28.1}), BAND, limits=limits)[0][2] == "near"
