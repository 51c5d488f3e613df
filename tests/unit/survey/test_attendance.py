import numpy as np
import polars as pl
import pytest

from everycount.errors import InputError
from everycount.model.conditions import Condition
from everycount.model.strict import Faults
from everycount.survey.attendance import Attendance, SchoolLevel, parity_index
from everycount.survey.recipes import derive
from everycount.survey.school_age import SchoolAge

LEVELS = (
    SchoolLevel(name="primary", codes=(1,), grades=5),
    SchoolLevel(name="lower_secondary", codes=(2,), grades=4),
)
# Primary is 6 to 10, lower secondary 11 to 14.
CHILDREN = pl.DataFrame(
    {
        "who": [
            "in primary, right age",
            "in primary, two years late",
            "in lower secondary, a year early",
            "in pre-primary at 6",
            "out at 8",
            "in primary at 12",
            "in higher at 14",
            "out at 14",
            "in pre-primary at 5",
            "in primary at 5",
            "out at 5",
            "adult in primary",
            "adult",
        ],
        "age": [7, 8, 10, 6, 8, 12, 14, 14, 5, 5, 5, 30, 40],
        "attends": [1, 1, 1, 1, 2, 1, 1, 2, 1, 1, 2, 1, 2],
        "level": [1, 1, 2, 0, None, 1, 3, None, 0, 1, None, 1, None],
        "grade": [2, 1, 1, None, None, 5, 1, None, None, 1, None, 4, None],
    }
)


def attendance(**options):
    options = {
        "attending": "attends",
        "level": "level",
        "levels": LEVELS,
        "early": (0,),
        "higher": (3,),
        "entrance_age": 6,
        "age": SchoolAge(at_start="age"),
    } | options
    return Attendance(recipe="attendance", **options)


def of(found, column, frame=CHILDREN):
    """Return what a column holds, by who it is, where it holds something."""
    pairs = zip(frame["who"], found.columns[column], strict=True)
    return {who: value for who, value in pairs if value is not None}


def test_net_attendance_is_at_the_level_among_children_of_its_age():
    found = derive(attendance(), CHILDREN)
    assert of(found, "primary_net") == {
        "in primary, right age": 1,
        "in primary, two years late": 1,
        "in lower secondary, a year early": 0,
        "in pre-primary at 6": 0,
        "out at 8": 0,
    }
    assert of(found, "lower_secondary_net") == {
        "in primary at 12": 0,
        "in higher at 14": 0,
        "out at 14": 0,
    }


def test_adjusted_net_attendance_is_at_the_level_or_above():
    found = derive(attendance(), CHILDREN)
    assert of(found, "primary_adjusted_net")["in lower secondary, a year early"] == 1
    assert of(found, "primary_adjusted_net")["in pre-primary at 6"] == 0
    assert of(found, "lower_secondary_adjusted_net") == {
        "in primary at 12": 0,
        "in higher at 14": 1,
        "out at 14": 0,
    }


def test_out_of_school_is_no_school_at_all_unless_early_education_counts_as_none():
    found = derive(attendance(), CHILDREN)
    assert of(found, "primary_out_of_school") == {
        "in primary, right age": 0,
        "in primary, two years late": 0,
        "in lower secondary, a year early": 0,
        "in pre-primary at 6": 0,
        "out at 8": 1,
    }
    older = derive(attendance(early_counts_as="out_of_school"), CHILDREN)
    assert of(older, "primary_out_of_school")["in pre-primary at 6"] == 1
    assert "count as out of school" in older.words
    adjusted = older.columns["primary_adjusted_net"] + older.columns["primary_out_of_school"]
    assert adjusted.drop_nulls().to_list() == [1] * 5  # as UIS has it: one less the other


def test_the_gross_ratio_is_pupils_of_any_age_over_children_of_the_age():
    found = derive(attendance(), CHILDREN)
    (gross,) = [each for each in found.outcomes if each.name == "primary_gross"]
    assert (gross.statistic, gross.source, gross.denominator) == (
        "ratio",
        "primary_pupil",
        "primary_of_age",
    )
    assert found.columns["primary_pupil"].sum() == 5
    assert found.columns["primary_of_age"].sum() == 5
    assert found.columns["primary_pupil"].null_count() == 0


def test_over_age_is_two_years_above_the_age_of_the_grade():
    found = derive(attendance(grade="grade"), CHILDREN)
    assert of(found, "primary_over_age") == {
        "in primary, right age": 0,
        "in primary, two years late": 1,
        "in primary at 12": 1,
        "in primary at 5": 0,
        "adult in primary": 1,
    }
    assert of(found, "lower_secondary_over_age") == {"in lower secondary, a year early": 0}
    assert "primary_over_age" not in derive(attendance(), CHILDREN).columns


def test_a_grade_that_is_none_of_the_level_is_counted():
    children = CHILDREN.with_columns(grade=pl.Series([6, 0, 1, 98, *[None] * 9], dtype=pl.Int64))
    found = derive(attendance(grade="grade"), children)
    reasons = {(each.subject, each.reason): each.rows for each in found.excluded}
    assert reasons["primary_over_age", "grade not of the level"] == 5
    assert of(found, "primary_over_age") == {}


def test_early_learning_is_of_the_year_before():
    found = derive(attendance(), CHILDREN)
    assert of(found, "early_learning") == {
        "in pre-primary at 5": 1,
        "in primary at 5": 1,
        "out at 5": 0,
    }


def test_every_outcome_has_its_column():
    found = derive(attendance(grade="grade", weight="hhweight"), CHILDREN)
    for outcome in found.outcomes:
        assert outcome.source in found.columns.columns
        assert outcome.weight == "hhweight"
        if outcome.statistic == "proportion":
            assert set(found.columns[outcome.source].drop_nulls()) <= {0, 1}
    barriers = {each.name for each in found.outcomes if each.direction == "barrier"}
    assert barriers == {
        f"{level}_{name}"
        for level in ("primary", "lower_secondary")
        for name in ("out_of_school", "over_age")
    }


def test_words_say_ages_and_counts():
    words = derive(attendance(), CHILDREN).words
    assert "primary 6 to 10; lower secondary 11 to 14" in words
    assert "13 of 13 rows count" in words


def test_who_never_went_to_school_does_not_attend():
    children = pl.DataFrame(
        {"age": [7, 7, 7], "ever": [2, 1, 9], "attends": [None, 1, None], "level": [None, 1, None]}
    )
    found = derive(attendance(ever="ever"), children)
    assert found.columns["primary_out_of_school"].to_list() == [1, 0, None]
    assert [(each.reason, each.rows) for each in found.excluded] == [("attendance not known", 1)]


def test_rows_with_something_unknown_are_left_out_of_all_rates_and_counted():
    children = pl.DataFrame(
        {
            "age": [7, None, 7, 7, 7, 60],
            "attends": [1, 1, 9, 1, 1, None],
            "level": [1, 1, None, 98, 5, None],
        }
    )
    found = derive(attendance(elsewhere=(5,)), children)
    assert found.columns["primary_out_of_school"].to_list() == [0, *[None] * 5]
    assert found.columns["primary_of_age"].to_list() == [1, *[None] * 5]
    assert {each.reason: each.rows for each in found.excluded} == {
        "age not known": 1,
        "attendance not known": 1,
        "level attended not known": 2,
    }


def test_a_level_without_attendance_is_not_attended():
    children = pl.DataFrame({"age": [7], "attends": [2], "level": [1]})
    assert derive(attendance(), children).columns["primary_pupil"].to_list() == [0]


def test_members_outside_the_universe_do_not_count():
    children = CHILDREN.with_columns(slept_here=pl.Series([0, *[1] * 12]))
    universe = (Condition(column="slept_here", among=(1,)),)
    found = derive(attendance(universe=universe), children)
    assert "in primary, right age" not in of(found, "primary_net")
    assert len(of(found, "primary_net")) == 4


def test_unknown_codes_of_all_columns_are_named_at_once():
    children = CHILDREN.with_columns(
        level=pl.Series([7] * 13), grade=pl.Series([40] * 13), attends=pl.Series([5] * 13)
    )
    with pytest.raises(InputError) as caught:
        derive(attendance(grade="grade"), children)
    assert {problem.where for problem in caught.value.problems} == {"attends", "level", "grade"}


def test_contradictions_are_refused():
    with pytest.raises(Faults) as caught:
        attendance(levels=(LEVELS[0], LEVELS[0]), early=(1,), entrance_age=2)
    paths = [path for path, _, _ in caught.value.faults]
    assert paths == [("levels", 1), ("entrance_age",), ("early",)]
    with pytest.raises(Faults, match="a level or more"):
        attendance(levels=())
    with pytest.raises(Faults, match="code 1, in primary as well"):
        attendance(levels=(LEVELS[0], SchoolLevel(name="other", codes=(1.0,), grades=2)))
    with pytest.raises(Faults) as caught:
        SchoolLevel(name="lower secondary", codes=(), grades=0)
    assert [path for path, _, _ in caught.value.faults] == [("name",), ("codes",), ("grades",)]


def test_parity_is_a_ratio_and_may_be_made_even_handed():
    women, men = np.array([0.8, 1.0, 0.5, 0.0, 0.0, np.nan]), np.array([1.0, 0.8, 0.5, 0.0, 0.3, 1])
    ratio = parity_index(women, men)
    np.testing.assert_allclose(ratio[:3], [0.8, 1.25, 1.0])
    assert np.isnan(ratio[3])
    assert ratio[4] == 0
    adjusted = parity_index(women, men, scale="adjusted")
    np.testing.assert_allclose(adjusted[:3], [0.8, 1.2, 1.0])
    np.testing.assert_allclose(1 - adjusted[0], adjusted[1] - 1)
    assert np.isnan(adjusted[5])
    assert parity_index(0.3, 0.0, scale="adjusted") == 2
    assert np.isnan(parity_index(0.3, 0.0))
