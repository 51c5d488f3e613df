import math

import pytest

from everycount.charts import fitting


def test_room_of_wide_and_combining_letters():
    assert fitting.room("性别", size=10) == pytest.approx(20)
    assert fitting.room("e\u0302", size=10) == fitting.room("e", size=10)


def test_fit_leaves_what_fits_and_cuts_the_rest():
    assert fitting.fit("Chad", 100) == "Chad"
    short = fitting.fit("Bolivia (Plurinational State of)", 100)
    assert short == "Bolivia (Pluri…"
    assert fitting.room(short) <= 100
    assert fitting.fit("Chad", 0) == "…"


def test_stack_puts_groups_together_as_they_first_appear():
    found = fitting.stack(["B", "A", "B"], row=10, heading=20)
    assert found.order == (0, 2, 1)
    assert found.middles == (25, 35, 65)
    assert found.headings == (("B", 10), ("A", 50))
    assert found.height == 70


def test_stack_without_groups_has_no_headings():
    found = fitting.stack(["", ""], row=10, heading=20)
    assert (found.headings, found.height) == ((), 20)


@pytest.mark.parametrize(
    ("low", "high", "count", "wanted"),
    [
        (0, 129, 5, [0, 50, 100, 150]),
        (0, 0.047, 5, [0, 0.01, 0.02, 0.03, 0.04, 0.05]),
        (0, 0, 5, [0, 0.2]),
        (-3, -1, 2, [-3, -2, -1]),
    ],
)
def test_ticks_are_round_and_hold_both_ends(low, high, count, wanted):
    assert fitting.ticks(low, high, count=count) == wanted


@pytest.mark.parametrize("end", [math.nan, math.inf])
def test_ticks_without_finite_ends_are_refused(end):
    with pytest.raises(ValueError, match="expected finite ends"):
        fitting.ticks(0, end)
