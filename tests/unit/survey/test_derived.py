import numpy as np
import polars as pl
import pytest

from everycount.errors import InputError
from everycount.model.conditions import Condition
from everycount.model.microdata import Column
from everycount.model.strict import Faults
from everycount.survey.derived import Answers, Rows, as_column
from everycount.survey.findings import Excluded


def rows_of(**columns):
    return Rows(frame=pl.DataFrame(columns), columns={}, recipe="test")


def test_answers_are_one_nought_or_not_known():
    rows = rows_of(q=[1, 2, 9, None, 1])
    found = rows.answers("q", Answers(yes=(1,), no=(2,), missing=(9,)))
    np.testing.assert_array_equal(found, [1, 0, np.nan, np.nan, 1])
    assert rows.finish() == ()


def test_codes_that_are_texts_are_codes_too():
    rows = rows_of(q=["yes", "no", "", None])
    found = rows.answers("q", Answers(yes=("yes",), no=("no",)))
    np.testing.assert_array_equal(found, [1, 0, np.nan, np.nan])
    assert rows.finish() == ()


def test_codes_the_file_calls_missing_are_not_known():
    rows = rows_of(q=[1, 7, 0])
    rows.columns = {"q": Column(name="q", kind="number", missing=(7,))}
    np.testing.assert_array_equal(rows.answers("q", Answers()), [1, np.nan, 0])


def test_every_unknown_code_is_counted_the_frequent_ones_by_name():
    rows = rows_of(a=[1, 3, 3, 4, 5, 6, 7, 8, 9], b=["x", "1"] + ["0"] * 7)
    for name in ("a", "b"):
        rows.answers(name, Answers(missing=(9,)))
    with pytest.raises(InputError) as caught:
        rows.finish()
    said = str(caught.value)
    assert said.startswith("the microdata for the recipe test has 7 problems")
    assert "a: found code 3 in 2 rows, expected one of 1, 0, 9 or an empty cell" in said
    assert "a: found other codes in 1 row" in said
    assert "b: found code x in 1 row" in said


def test_numbers_must_be_whole_and_possible_and_faults_count_once():
    rows = rows_of(age=[5.0, 5.5, -3, 99, None, 200], text=["7", "many", "8", None, "", "9"])
    for _ in range(2):
        found = rows.whole("age", least=0, most=120, missing=(99,))
        texts = rows.whole("text", least=0, most=120)
    np.testing.assert_array_equal(found, [5, np.nan, np.nan, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(texts, [7, np.nan, 8, np.nan, np.nan, 9])
    with pytest.raises(InputError) as caught:
        rows.finish()
    assert [str(each) for each in caught.value.problems] == [
        "age: found 5.5, -3.0, 200.0 in 3 rows, expected a whole number from 0 to 120",
        "text: found many in 1 row, expected a whole number from 0 to 120",
    ]


def test_weights_may_lack_but_never_be_negative():
    rows = rows_of(w=[1.5, None, 0.0, -2.0])
    np.testing.assert_array_equal(rows.weights("w"), [1.5, np.nan, 0, np.nan])
    np.testing.assert_array_equal(rows.weights(None), [1, 1, 1, 1])
    with pytest.raises(InputError, match=r"w: found -2.0 in 1 row, expected a weight of 0 or more"):
        rows.finish()


def test_a_universe_is_where_all_conditions_hold():
    rows = rows_of(sex=[1, 2, 2, None], age=[30, 30, 70, 70])
    conditions = (Condition(column="sex", among=(2,)), Condition(column="age", at_least=60))
    assert rows.universe(conditions).tolist() == [False, False, True, False]
    assert rows.universe(()).all()
    assert rows.finish() == (Excluded(subject="test", reason="universe not known", rows=1),)


def test_columns_that_lack_are_all_named_with_near_ones():
    rows = rows_of(ED10A=[1], hl6=[2])
    with pytest.raises(InputError) as caught:
        rows.require(["ED10", None, "schage", "hl6", "schage"])
    assert [str(each) for each in caught.value.problems] == [
        "ED10: found no column of this name, expected a column; near: ED10A",
        "schage: found no column of this name, expected a column of the microdata",
    ]


def test_answers_that_contradict_themselves_are_refused():
    with pytest.raises(Faults) as caught:
        Answers(yes=(1, 2), no=(2.0,), missing=(1,))
    assert [path for path, _, _ in caught.value.faults] == [("no",), ("missing",)]
    with pytest.raises(Faults) as caught:
        Answers(yes=(), no=())
    assert len(caught.value.faults) == 2


def test_numbers_become_a_column_with_nulls():
    assert as_column(np.array([0, np.nan, 1])).to_list() == [0, None, 1]
    assert as_column(np.array([True, False])).to_list() == [1, 0]
