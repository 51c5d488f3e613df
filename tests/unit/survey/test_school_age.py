import numpy as np
import polars as pl
import pytest

from everycount.errors import InputError
from everycount.model.strict import Faults
from everycount.survey.derived import Rows
from everycount.survey.school_age import SchoolAge


def read(way, /, **columns):
    rows = Rows(frame=pl.DataFrame(columns), columns={}, recipe="test")
    found, words = way.read(rows)
    rows.finish()
    return found.tolist(), words


def test_age_as_the_file_has_it():
    found, words = read(SchoolAge(at_start="schage"), schage=[6, 7, None])
    assert found[:2] == [6, 7]
    assert np.isnan(found[2])
    assert words == "Age at the start of the school year is as the file has it in 2 rows."


def test_age_from_birth_counts_months_to_the_start():
    age = SchoolAge(birth_year="y", birth_month="m", start_month=9, start_year=2023)
    # Born in the month the year begins, one later, one earlier, a year earlier, after the start.
    found, words = read(age, y=[2017, 2017, 2017, 2016, 2023], m=[9, 10, 8, 9, 10])
    assert found == [6, 5, 6, 7, -1]
    assert "from month and year of birth in 5 rows" in words


def test_the_school_year_is_the_one_that_began_last_before_the_interview():
    age = SchoolAge(
        birth_year="y", birth_month="m", start_month=9, interview_year="iy", interview_month="im"
    )
    found, _ = read(age, y=[2017] * 4, m=[9] * 4, iy=[2023, 2023, 2024, 2024], im=[8, 9, 8, 9])
    assert found == [5, 6, 6, 7]


def test_completed_age_loses_a_year_once_half_a_year_has_gone_by():
    age = SchoolAge(completed="age", start_month=9, interview_year="iy", interview_month="im")
    months = [(2023, 9), (2024, 2), (2024, 3), (2024, 8), (2024, 9)]
    found, words = read(
        age, age=[6] * 5, iy=[year for year, _ in months], im=[month for _, month in months]
    )
    assert found == [6, 6, 5, 5, 6]
    assert "from completed age" in words
    fixed = SchoolAge(
        completed="age", start_month=9, start_year=2022, interview_year="iy", interview_month="im"
    )
    assert read(fixed, age=[8, 8], iy=[2023, 2024], im=[8, 3])[0] == [7, 6]


def test_birth_comes_first_and_age_where_it_lacks():
    age = SchoolAge(
        birth_year="y",
        birth_month="m",
        completed="age",
        start_month=1,
        interview_year="iy",
        interview_month="im",
    )
    found, words = read(
        age, y=[2010, 9998, 9998], m=[6, 98, 6], age=[9, 9, 99], iy=[2020] * 3, im=[4] * 3
    )
    assert found[:2] == [9, 9]
    assert np.isnan(found[2])
    assert "birth in 1 row" in words
    assert "gone by in 1 row" in words


def test_nothing_known_is_said():
    found, words = read(SchoolAge(at_start="schage"), schage=[None, 99])
    assert np.isnan(found).all()
    assert words == "Age at the start of the school year is not known."


def test_an_interview_before_the_school_year_is_a_fault_counted_once():
    age = SchoolAge(
        completed="age", start_month=9, start_year=2023, interview_year="iy", interview_month="im"
    )
    with pytest.raises(InputError, match="iy, im before the school year in 2 rows"):
        read(age, age=[6, 7, 8], iy=[2023, 2022, 2024], im=[8, 12, 1])
    with pytest.raises(InputError) as caught:
        read(age, age=[6], iy=[23], im=[13])
    assert [str(each) for each in caught.value.problems] == [
        "im: found 13 in 1 row, expected a whole number from 1 to 12",
        "iy: found 23 in 1 row, expected a whole number from 1850 to 2200",
    ]


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({}, [()]),
        (
            {"birth_year": "y", "at_start": "a"},
            [("birth_year",), ("start_month",), ("start_year",)],
        ),
        (
            {"completed": "a", "start_month": 13},
            [("start_month",), ("start_year",), ("interview_year",)],
        ),
        (
            {"completed": "a", "start_month": 9, "start_year": 2023, "interview_month": "m"},
            [("interview_year",), ("interview_year",)],
        ),
    ],
)
def test_what_tells_no_age_is_refused(options, where):
    with pytest.raises(Faults) as caught:
        SchoolAge(**options)
    assert [path for path, _, _ in caught.value.faults] == where
