import re

import pytest

from everycount.charts import estimates, render, theme
from everycount.charts.estimates import GroupEstimate, Measure

NAN = float("nan")
SHARE = Measure()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.4387, "43.9"),
        (0.0, "0.0"),
        (1.0, "100.0"),
        (0.0004, "<0.1"),
        (0.0005, "0.1"),
        (0.9996, ">99.9"),
        (0.999, "99.9"),
    ],
)
def test_share_is_printed_in_per_cent_and_is_never_none_by_rounding(value, words):
    assert SHARE.number(value) == words


def test_numbers_have_the_marks_of_their_language():
    vietnamese = Measure(kind="number", decimals=1, decimal_mark=",", thousands_mark=".")
    assert vietnamese.number(-1234.56) == "−1.234,6"
    assert vietnamese.tick(2500.5) == "2.500,5"
    assert vietnamese.span(0.0001, 2, "{low} đến {high}") == "0,0 đến 2,0"
    assert Measure(kind="number").number(-0.01) == "0.0"


def test_flags_are_told_by_brackets_and_a_letter():
    told = [SHARE.told(0.5, flag) for flag in ("", "few", "modelled")]
    assert told == ["50.0", "(50.0)", "50.0 e"]


def test_sign_of_a_measure():
    assert Measure(kind="number", unit="years").sign == " years"
    assert Measure(kind="number").sign == ""
    assert SHARE.sign == " %"


@pytest.mark.parametrize("field", ["estimate", "low", "high"])
def test_hidden_group_must_not_carry_a_figure(field):
    with pytest.raises(ValueError, match="Rural: the figure of a hidden group") as caught:
        GroupEstimate(name="Rural", flag="hidden", **{field: 0.123})
    assert "0.123" not in str(caught.value)


def test_figures_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match=r"Rural: found .*inf.*, expected finite numbers"):
        GroupEstimate(name="Rural", estimate=float("inf"))
    with pytest.raises(ValueError, match=r"Rural: found an interval from 0\.5 to 0\.4"):
        GroupEstimate(name="Rural", estimate=0.45, low=0.5, high=0.4)
    with pytest.raises(ValueError, match="Rural: found a share of 44, expected 0 to 1"):
        estimates.refuse_shares([("Rural", 44)], SHARE)
    estimates.refuse_shares([("Rural", 44)], Measure(kind="number"))
    estimates.refuse_shares([("Rural", NAN)], SHARE)


@pytest.mark.parametrize(
    ("values", "measure", "ends"),
    [
        ([0.439, NAN, 0.959], SHARE, (0, 100)),
        ([0.013], SHARE, (0, 1.5)),
        ([-0.2, 1.3], SHARE, (0, 100)),
        ([], SHARE, (0, 100)),
        ([0.0], SHARE, (0, 100)),
        ([], Measure(kind="number"), (0, 1)),
        ([-3.0, 8.0], Measure(kind="number"), (-5, 10)),
        ([0.3], Measure(ends=(0.2, 0.4)), (20, 40)),
        ([0.5], Measure(ends=(0.2, 0.4)), (20, 50)),
        ([655.0], Measure(kind="number", ends=(600, 700)), (600, 700)),
    ],
)
def test_axis_holds_every_figure_and_shares_stay_from_0_to_100(values, measure, ends):
    numbers = estimates.numbers(values, measure, count=4)
    assert (numbers[0], numbers[-1]) == ends


def test_dashes_are_bars_that_a_page_draws():
    lines = [
        {"x": 10, "x2": 10, "y": 0, "y2": 11},
        {"x": 20, "x2": 40, "y": 5, "y2": 5},
        {"x": 7, "x2": 7, "y": 7, "y2": 7},
    ]
    outside = theme.frame(description="d", width=50, height=20, margins=(0, 0, 0, 0))
    svg = render.svg(outside | {"layer": [estimates.dashes(lines, width=2)]})
    upright, level = re.findall(r' d="([^"]+)" fill="var\(--muted\)"', svg)
    assert upright.count("M") == 2
    assert level.count("M") == 3
    assert "M-1,0" in upright
    assert "M0,-1" in level
