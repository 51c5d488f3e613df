import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everycount.charts.map_classes import (
    check_breaks,
    choose_breaks,
    class_colours,
    class_labels,
    classify,
    plain_number,
)
from everycount.charts.theme import STEPS

FIGURES = st.lists(st.floats(-1e9, 1e9).map(lambda x: round(x, 3)), min_size=1, max_size=60)


def test_breaks_are_round_and_fill_the_classes():
    seats = [0, 2, 5, 8, 11, 12, 14, 16, 17, 19, 20, 21, 22, 25, 26, 28, 30, 33, 38, 41, 46, 61]
    breaks = choose_breaks(seats)
    assert breaks == (10.0, 20.0, 30.0, 40.0)
    assert choose_breaks(seats, 50) == (10.0, 20.0, 30.0, 50.0)


def test_target_that_nobody_reaches_is_no_break():
    assert 90 not in choose_breaks(range(50), 90)
    assert 0 not in choose_breaks(range(50), 0)


def test_target_stands_beside_fewer_breaks():
    assert choose_breaks([1, 2, 3], 2.2, classes=3) in {(2.0, 2.2), (2.2, 3.0)}


def test_figures_that_are_all_alike_have_one_break():
    assert choose_breaks([7, 7]) == (7,)


def test_skewed_figures_have_closer_breaks_below():
    breaks = choose_breaks([*range(1, 60), 5_000, 90_000])
    assert breaks[0] <= 20
    assert all(later > 1.9 * earlier for earlier, later in pairwise(breaks))


@given(FIGURES, st.one_of(st.none(), st.floats(-1e9, 1e9)), st.integers(2, 5))
def test_breaks_ascend_and_hold_a_target_within_reach(figures, target, classes):
    breaks = choose_breaks(figures, target, classes=classes)
    check_breaks(breaks)
    assert len(breaks) < classes or len(breaks) == 1
    if target is not None and min(figures) < target <= max(figures):
        assert target in breaks


@pytest.mark.parametrize(("figures", "target"), [([], None), ([math.nan], None), ([1], math.inf)])
def test_breaks_without_finite_figures_are_refused(figures, target):
    with pytest.raises(ValueError, match="need figures, all of them finite"):
        choose_breaks(figures, target)


@pytest.mark.parametrize("classes", [1, 6])
def test_breaks_for_too_few_or_too_many_classes_are_refused(classes):
    with pytest.raises(ValueError, match=f"found {classes} classes, expected two to 5"):
        choose_breaks([1, 2], classes=classes)


def test_classify_at_a_break_takes_the_upper_class():
    assert [classify(x, [60, 70]) for x in (59.9, 60, 70, 71)] == [0, 1, 2, 2]


def test_fewer_classes_have_the_darkest_colours():
    assert class_colours([1, 2, 3, 4]) == STEPS
    assert class_colours([1]) == STEPS[-2:]


def test_class_labels_in_another_language():
    labels = class_labels(
        [50, 60.5],
        number=lambda value: f"{value:g}".replace(".", ","),
        under="dưới {high}",
        over="{low} trở lên",
    )
    assert labels == ["dưới 50", "50–60,5", "60,5 trở lên"]


def test_plain_number_has_a_true_minus():
    assert plain_number(-0.25) == "−0.25"
