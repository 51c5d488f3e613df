import pytest

from everycount.io.exporters.periods import changed_periods, period_notes, sdmx_period


@pytest.mark.parametrize(
    ("period", "written"),
    [
        ("2019", "2019"),
        ("2019-05", "2019-05"),
        ("2019-Q4", "2019-Q4"),
        ("2019/2019", "2019-01-01/P1Y"),
        ("2019/2021", "2019-01-01/P3Y"),
        ("2019/P2Y", "2019-01-01/P2Y"),
        ("2019-05/P4M", "2019-05-01/P4M"),
        ("2019-11/2020-02", "2019-11-01/P4M"),
        ("2019-07/2020", "2019-07-01/P18M"),
        ("2019/2020-06", "2019-01-01/P18M"),
        ("2020-02-01/2020-02-29", "2020-02-01/P29D"),
        ("2019-12-30/2020", "2019-12-30/P368D"),
        ("2019-12-30/2020-01", "2019-12-30/P33D"),
        ("2019-12-30/2019-12", "2019-12-30/P2D"),
        ("2019/2019-01-31", "2019-01-01/P31D"),
    ],
)
def test_a_range_is_a_start_and_a_duration_with_both_ends_counted(period, written):
    assert sdmx_period(period) == written


@pytest.mark.parametrize(
    "period",
    ["2021/2019", "2019-08/2019-05", "2019-05-02/2019-05-01", "2019-02-30/2019-03-01", "any"],
)
def test_a_range_that_no_calendar_has_stays(period):
    assert sdmx_period(period) == period


def test_many_changes_are_counted():
    changed = changed_periods([f"{year}/{year + 1}" for year in range(2000, 2007)] + ["2000"])
    (note,) = period_notes(changed)
    assert note.endswith("2004/2005 as 2004-01-01/P2Y and 2 more")
    assert period_notes({}) == ()
