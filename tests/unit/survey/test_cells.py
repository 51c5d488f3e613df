from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl
import pytest

from everycount.model.conditions import Condition
from everycount.model.microdata import Column
from everycount.survey.cells import as_codes, as_numbers, is_missing, look_up, meets, universe

AGE = Column(name="age", kind="number", missing=(99,))


# ---------------------------------------------------------------- codes


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        (pl.Series([1, None, 3]), [1, None, 3]),
        (pl.Series([1.0, None, -2.0, float("nan")]), [1, None, -2, None]),
        (pl.Series([1.0, 2.5, None]), ["1", "2.5", None]),
        (pl.Series([2.0**53, 1.0]), ["9007199254740992", "1"]),
        (pl.Series([Decimal("1.00"), None]), [1, None]),
        (pl.Series(["01", "", None, "1"]), ["01", None, None, "1"]),
        (pl.Series(["a", "b"], dtype=pl.Categorical), ["a", "b"]),
        (pl.Series([True, False]), ["true", "false"]),
        (pl.Series([date(2023, 4, 5)]), ["2023-04-05"]),
        (pl.Series([None, float("nan")], dtype=pl.Float64), [None, None]),
    ],
)
def test_equal_codes_are_equal(cells, codes):
    assert as_codes(cells).to_list() == codes


@pytest.mark.parametrize("codes", [[7, None, 8], [7, None, 10**9]])
def test_codes_near_together_and_far_apart_are_found_alike(codes):
    found = look_up(pl.Series(codes), {"7": 0, "x": 1, "07": 1}, other=-2)
    assert found.tolist() == [0, -1, -2]


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        (pl.Series([3, 5, 4], dtype=pl.Int8), [0, 2, 1]),  # in order: nothing is looked up
        (pl.Series([-3, 5, -4]), [3, 2, -2]),
        (pl.Series([5, None, 3], dtype=pl.UInt8), [2, -1, 0]),
        (pl.Series([2**64 - 1, None, 2**64 - 3], dtype=pl.UInt64), [4, -1, -2]),
        (pl.Series(["3", "x", None, "-3"]), [0, -2, -1, 3]),
        (pl.Series([None, None], dtype=pl.Int64), [-1, -1]),
        (pl.Series([], dtype=pl.Int64), []),
    ],
)
def test_positions_of_codes(codes, found):
    positions = {"3": 0, "4": 1, "5": 2, "-3": 3, "18446744073709551615": 4, "³": 5}
    assert look_up(codes, positions, other=-2).tolist() == found


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("cells", "numbers", "strange"),
    [
        (pl.Series([1, None], dtype=pl.Int8), [1, np.nan], [0, 0]),
        (pl.Series([1, 2]), [1, 2], [0, 0]),
        (pl.Series([1.5, float("inf"), float("nan")]), [1.5, np.nan, np.nan], [0, 1, 0]),
        (pl.Series([True, None]), [1, np.nan], [0, 0]),
        (pl.Series([Decimal("2.50")]), [2.5], [0]),
        (pl.Series([" 3 ", "", None, "x", "inf"]), [3, *[np.nan] * 4], [0, 0, 0, 1, 1]),
    ],
)
def test_cells_as_numbers(cells, numbers, strange):
    found, is_strange = as_numbers(cells)
    np.testing.assert_array_equal(found, numbers)
    assert is_strange.tolist() == [bool(each) for each in strange]


# ---------------------------------------------------------------- what is not known


@pytest.mark.parametrize(
    ("cells", "column", "more", "missing"),
    [
        (pl.Series([1, 2]), {}, (), [0, 0]),
        (pl.Series([1, None]), {}, (), [0, 1]),
        (pl.Series([1.0, float("nan"), None]), {}, (), [0, 1, 1]),
        (pl.Series(["a", "", None]), {}, (), [0, 1, 1]),
        (pl.Series([1, 8, 9]), {"missing": (9,)}, ("8",), [0, 1, 1]),
        (pl.Series([1.0, 9.0, 1.5]), {"missing": (9,)}, (), [0, 1, 0]),
        (pl.Series([1, 97, 99, None]), {"missing_ranges": ((97, 99),)}, (), [0, 1, 1, 1]),
    ],
)
def test_cells_that_are_not_known(cells, column, more, missing):
    about = Column(name="x", kind="number", **column)
    assert is_missing(cells, about, more).tolist() == [bool(each) for each in missing]


@pytest.mark.parametrize(
    ("condition", "belongs"),
    [
        ({"among": (15, "49")}, [True, False, True, False]),
        ({"at_least": 15}, [True, True, True, False]),
        ({"at_most": 48.5}, [True, True, False, False]),
        ({"at_least": 16, "at_most": 48, "among": (15, 30)}, [False, True, False, False]),
    ],
)
def test_conditions(condition, belongs):
    series = pl.Series([15, 30, 49, 99])
    found, unknown = meets(series, Condition(column="age", **condition), AGE)
    assert found.tolist() == belongs
    assert unknown.tolist() == [False, False, False, True]


def test_text_is_no_number_so_that_nobody_can_say_whether_it_meets_a_condition():
    rows = pl.DataFrame({"age": ["20", "12", "abc", None, "abc"], "sex": [2, 2, 2, 2, 1]})
    asked = [Condition(column="age", at_least=18), Condition(column="sex", among=(2,))]
    inside, unclear = universe(rows, asked, lambda name: Column(name=name, kind="text"))
    assert inside.tolist() == [True, False, False, False, False]
    assert unclear.tolist() == [False, False, True, True, False]  # a man is outside at any age


def test_text_is_the_same_with_blanks_around_it_and_however_its_letters_are_composed():
    cells = pl.Series([" A", "A ", "A", "  ", None, "e\u0301", "\u00e9", "\u00ea\u0301", "\u1ebf"])
    expected = ["A", "A", "A", None, None, "\u00e9", "\u00e9", "\u1ebf", "\u1ebf"]
    assert as_codes(cells).to_list() == expected
    about = Column(name="x", kind="text", missing=("e\u0301 ",))
    assert is_missing(cells, about).tolist() == [each in (None, "\u00e9") for each in expected]
