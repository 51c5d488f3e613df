import pytest

from everycount.charts import periods


def test_parts_of_a_year_are_true_to_time():
    codes = ["2015", "2015-S2", "2015-T3", "2015-Q4", "2015-M07", "2015-07", "2015-A1"]
    assert [round(periods.in_years(code) - 2015, 3) for code in codes] == [
        0, 0.5, 0.667, 0.75, 0.5, 0.5, 0,
    ]  # fmt: skip
    assert 2015 < periods.in_years("2015-W02") < periods.in_years("2015-01-31") < 2015.1
    assert periods.in_years("2015-D365") < 2016


@pytest.mark.parametrize("text", ["15", "2015-X1", "spring 2015", ""])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ValueError, match="expected one such as 2015 or 2015-Q2"):
        periods.in_years(text)


def test_quarters_break_at_a_missing_quarter():
    times = [periods.in_years(f"2019-Q{k}") for k in (1, 2, 4)]
    assert periods.runs(times) == [[0, 1], [2]]


def test_surveys_every_few_years_are_joined_and_a_longer_gap_is_not():
    assert periods.runs([2002, 2005, 2010, 2014]) == [[0, 1, 2, 3]]
    assert periods.runs([2002, 2005, 2008, 2020]) == [[0, 1, 2], [3]]
    assert periods.runs([2000, 2005], step=1) == [[0], [1]]
    assert periods.runs([]) == []


def test_short_times_are_marked_by_their_own_periods():
    quarters = [f"{year}-Q{k}" for year in (2019, 2020) for k in (1, 2, 3, 4)][:7]
    found = periods.marked(quarters, lambda time: (time - 2019) * 400, word=str)
    assert [text for _, text in found] == [
        "2019-Q1", "2019-Q2", "2019-Q3", "2019-Q4", "2020-Q1", "2020-Q2", "2020-Q3",
    ]  # fmt: skip
    crowded = periods.marked(quarters, lambda time: (time - 2019) * 90, word=str)
    assert [text for _, text in crowded] == ["2019-Q1", "2020-Q3"]


def test_one_period_and_none():
    assert periods.marked(["2020"], lambda time: time, word=str) == [(2020.0, "2020")]
    assert periods.marked([], lambda time: time, word=str) == []


def test_ends_are_marked_even_where_they_are_crowded():
    found = periods.marked(["1000", "5000"], lambda time: time / 1000, word="year {}".format)
    assert [text for _, text in found] == ["year 1000", "year 5000"]
