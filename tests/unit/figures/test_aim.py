"""Which way is better, and how far the target is."""

import polars as pl
import pytest

from everycount.figures.aim import NO_AIM, Aim, aim_of, aim_of_target
from everycount.model.indicator import Indicator
from everycount.model.issue import Cause, Target

WORDS = Cause(passage="1", start=0, end=1, words="x")


def indicator(**changes):
    return Indicator(**{"key": "1", "code": "1", "title": {"en": "One"}, **changes})


@pytest.mark.parametrize(
    ("goalposts", "expected"),
    [
        ({}, (None, None, None)),
        ({"worst": 0, "best": 100}, ("up", 100, None)),
        ({"worst": 100, "best": 0}, ("down", None, 0)),
        ({"worst": "min", "best": "max"}, ("up", None, None)),
        ({"worst": "max", "best": "min"}, ("down", None, None)),
        ({"worst": "max", "best": 0}, ("down", None, 0)),
        ({"worst": 0, "best": "max"}, ("up", None, None)),
        ({"worst": "min"}, ("up", None, None)),
        ({"best": 5}, (None, None, None)),
        ({"best": (47, 53)}, ("between", 47, 53)),
        ({"best": (47, 53), "target": 35}, ("between", 35, 53)),
        ({"target": 30}, ("between", 30, 30)),
        ({"worst": 0, "best": 100, "target": 80}, ("up", 80, None)),
        ({"worst": "max", "best": "min", "target": 70}, ("down", None, 70)),
    ],
)
def test_goalposts_give_direction_and_target(goalposts, expected):
    aim = aim_of(indicator(**goalposts))
    assert (aim.better, aim.low, aim.high) == expected
    assert aim.has_target is (expected[1:] != (None, None))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ({"comparator": "at least", "value": 35}, ("up", 35, None)),
        ({"comparator": "more than", "value": 35}, ("up", 35, None)),
        ({"comparator": "at most", "value": 5}, ("down", None, 5)),
        ({"comparator": "less than", "value": 5}, ("down", None, 5)),
        ({"comparator": "between", "value": 40, "upper": 60}, ("between", 40, 60)),
        ({"comparator": "about", "value": 40}, ("between", 40, 40)),
        ({"comparator": "change by", "value": 40}, (None, None, None)),
        ({"comparator": "at least"}, (None, None, None)),
    ],
)
def test_target_of_a_policy_is_an_aim(target, expected):
    aim = aim_of_target(Target(id="t", words=WORDS, **target))
    assert (aim.better, aim.low, aim.high) == expected


def of(expression, **columns):
    return pl.DataFrame(columns).select(expression).to_series().to_list()


def test_distance_counts_on_the_wrong_side_only():
    values = [10.0, 50.0, 60.0, None]
    up, down = Aim(better="up", low=50.0), Aim(better="down", high=50.0)
    band = Aim(better="between", low=47.0, high=53.0)
    assert of(up.distance(pl.col("v")), v=values) == [40.0, 0.0, 0.0, None]
    assert of(down.distance(pl.col("v")), v=values) == [0.0, 0.0, 10.0, None]
    assert of(band.distance(pl.col("v")), v=values) == [37.0, 0.0, 7.0, None]
    assert NO_AIM.distance(pl.col("v")).meta.output_name() == "literal"


def test_edge_is_the_end_that_is_nearer():
    band = Aim(better="between", low=47.0, high=53.0)
    assert of(band.edge(pl.col("v")), v=[10.0, 60.0]) == [47.0, 53.0]
    assert of(Aim(better="up", low=5.0).edge(pl.col("v"))) == [5.0]
    assert of(Aim(better="down", high=5.0).edge(pl.col("v"))) == [5.0]
    assert of(NO_AIM.edge(pl.col("v"))) == [None]


def test_gain_follows_the_direction():
    both = {"a": [10.0], "b": [60.0]}
    expected = [(Aim(better="up"), 50.0), (Aim(better="down"), -50.0)]
    expected.append((Aim(better="between", low=47.0, high=53.0), 30.0))
    for aim, gain in expected:
        assert of(aim.gain(pl.col("a"), pl.col("b")), **both) == [gain]
