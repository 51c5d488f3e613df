"""Dots that are packed beside one another, however many there are."""

from everycount.charts.packing import fitted


def test_dots_that_cannot_fit_cover_one_another_and_stay_in_place():
    radius, moved = fitted([10.0] * 500, radius=4, height=20)
    assert max(abs(y) for y in moved) + radius <= 10
    assert len(set(moved)) > 1
