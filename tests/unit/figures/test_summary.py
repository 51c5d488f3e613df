"""Everything that the figures of one indicator say, and of one area over many."""

from datetime import date

import polars as pl
import pytest

from everycount.figures.profile import overview, profile
from everycount.figures.summary import summarise, summarise_each
from everycount.model.indicator import Indicator

TODAY = date(2021, 6, 1)


def indicator(key, **changes):
    return Indicator(key=key, code=key, title={"en": key}, **changes)


def test_summary_holds_what_the_figures_say(table_of):
    table = table_of(
        {"area": "A", "period": "2015", "value": 30.0},
        {"area": "A", "value": 40.0},
        {"area": "A", "sex": "F", "value": 35.0},
        {"area": "A", "sex": "M", "value": 45.0},
        {"area": "B", "value": 60.0},
        {"area": "B", "sex": "F", "value": 35.0},
        {"area": "World", "value": 90.0},
    )
    aim = indicator("seats", worst=0, best=100)
    found = summarise(table, today=TODAY, indicator=aim, among=["A", "B"])
    assert (found.key, found.aim.better, found.headline.rule) == ("seats", "up", "total")
    assert found.latest.select("REF_AREA", "rank", "of", "distance", "verdict").rows() == [
        ("A", 2, 2, 60.0, "very far"),
        ("B", 1, 2, 40.0, "far"),
        ("World", None, 2, 10.0, "near"),
    ]
    assert (found.spread.count, found.spread.median) == (2, 50.0)
    assert found.changes["direction"].to_list() == ["better"]
    assert found.gaps["points"].to_list() == [-10.0]
    assert found.progress["verdict"].to_list() == [
        "limited", "not enough figures", "not enough figures",
    ]  # fmt: skip
    assert (found.by_sex, found.is_of_one_sex) == (("A",), False)


def test_indicator_without_figures_has_no_summary(table_of):
    assert summarise(table_of({"status": "M"}), today=TODAY) is None


def test_indicators_are_summarised_one_after_the_other(table_of):
    table = table_of(
        {"INDICATOR": "b", "value": 1.0, "sex": "F"},
        {"INDICATOR": "a", "value": 1.0},
        {"INDICATOR": "c"},
    )
    found = list(summarise_each(table, today=TODAY, indicators={"a": indicator("one")}))
    assert [(each.key, each.is_of_one_sex) for each in found] == [("one", False), ("b", True)]


@pytest.fixture
def every(table_of):
    table = table_of(
        # near the target, women and men at parity, old
        {"INDICATOR": "a", "period": "2010", "value": 95.0},
        {"INDICATOR": "a", "period": "2010", "sex": "F", "value": 95.0},
        {"INDICATOR": "a", "period": "2010", "sex": "M", "value": 95.0},
        # far from it, a large change, a gap
        {"INDICATOR": "b", "period": "2010", "value": 10.0},
        {"INDICATOR": "b", "value": 20.0},
        {"INDICATOR": "b", "sex": "F", "value": 10.0},
        {"INDICATOR": "b", "sex": "M", "value": 30.0},
        # in between, not by sex; a small change
        {"INDICATOR": "c", "period": "2019", "value": 61.0},
        {"INDICATOR": "c", "value": 60.0},
        {"INDICATOR": "c", "area": "B", "value": 50.0},
        {"INDICATOR": "c", "area": "C", "value": 70.0},
        # about women, without target
        {"INDICATOR": "d", "sex": "F", "value": 1.0},
        # hidden, missing
        {"INDICATOR": "e", "value": 1.0, "size": 3.0},
        {"INDICATOR": "e", "area": "B", "value": 1.0},
        {"INDICATOR": "f", "status": "M"},
        {"INDICATOR": "f", "area": "B", "value": 1.0},
    )
    aims = {key: indicator(key, worst=0, best=100) for key in "abc"}
    return overview(summarise_each(table, today=TODAY, indicators=aims))


def test_profile_names_strong_and_weak_points(every):
    found = profile(every, "A", [*"abcdef", "g"])
    assert found.by == "distance"
    assert found.strongest["key"].to_list() == ["a", "c"]
    assert found.weakest["key"].to_list() == ["b"]
    assert found.changes["key"].to_list() == ["b"]
    assert found.gaps["key"].to_list() == ["b"]
    assert found.oldest["key"].to_list()[:2] == ["a", "b"]


def test_profile_names_what_is_not_there(every):
    found = profile(every, "A", [*"abcdef", "g"])
    assert found.not_collected == ("f", "g")
    assert found.hidden == ("e",)
    assert found.not_by_sex == ("c",)
    assert profile(every, "A").not_collected == ("f",)


def test_standing_may_be_the_place_among_the_areas(every):
    found = profile(every, "A", by="rank", most=1)
    assert found.strongest.select("key", "standing").rows() == [("c", 0.5)]
    assert found.weakest.height == 0


def test_area_without_figures_has_an_empty_profile(every):
    found = profile(every, "Z", ["a", "g"])
    assert found.not_collected == ("a", "g")
    assert found.figures.height == found.changes.height == found.strongest.height == 0


def test_indicators_of_one_standing_keep_their_order(table_of):
    table = table_of(*({"INDICATOR": key, "value": 50.0} for key in "zyx"))
    aims = {key: indicator(key, worst=0, best=100) for key in "xyz"}
    every = overview(summarise_each(table, today=TODAY, indicators=aims))
    found = profile(every, "A", ["y", "z", "x"])
    assert found.strongest["key"].to_list() == ["y", "z"]
    assert found.weakest["key"].to_list() == ["x"]
    assert found.figures.select(pl.col("standing").unique()).item() == 0.5
