"""Dates that the calendar has."""

from datetime import date

import pytest

from everycount.model.dates import is_after, is_date


@pytest.mark.parametrize("text", ["2026", "2026-02", "2024-02-29", "0001-01-01"])
def test_dates_that_exist(text):
    assert is_date(text)


@pytest.mark.parametrize(
    "text", ["", "26", "2026-2", "2026-13", "2026-02-30", "2023-02-29", "0000", "2026-00", "2026\n"]
)
def test_dates_that_do_not(text):
    assert not is_date(text)


def test_a_date_is_after_a_day_as_a_whole():
    day = date(2026, 11, 22)
    assert [is_after(text, day) for text in ("2026", "2027", "2026-12", "2026-11-22")] == [
        False,
        True,
        True,
        False,
    ]
