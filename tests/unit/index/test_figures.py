import numpy as np
import pytest

from everycount.errors import MethodError
from everycount.index.figures import lay_out, numeric_columns, text_columns
from everycount.io.units import parse_units
from everycount.model.units import Units

NAN = np.nan
RICH = """
indicators = [
  { code = "a", parent = "index" },
  { code = "b", parent = "index", column = "share", denominator = "population" },
  { code = "c", parent = "index", derive = { kind = "ratio", women = "w", men = "b" } },
  { code = "d", parent = "index", recode = { yes = 1 } },
  { code = "e", parent = "index", derive = DOUBLE, recode = { 1 = 5 } },
]
averages = [{ by = "region", weight = "people" }, { by = "income" }]
steps = [
  { do = "derive" }, { do = "recode" }, { do = "denominate" },
  { do = "impute", method = "mean", by = "area", weight = "people" },
]
"""


def test_columns_that_a_method_reads(method_of):
    method = method_of(RICH.replace("DOUBLE", '{ kind = "formula", formula = "c * 2" }'))
    found = numeric_columns(method)
    assert found[:2] == ("a", "share")
    assert sorted(found) == ["a", "d", "people", "population", "share", "w"]
    assert text_columns(method) == ("d", "area", "region", "income")


def test_a_correction_names_columns_too(method_of):
    method = method_of("""
indicators = [
  { code = "a", parent = "index", worst = 0, best = 1, correction = { level = "t / u" } },
]
steps = [{ do = "normalise", method = "goalposts" }]
""")
    assert numeric_columns(method) == ("a", "t", "u")


AB = 'indicators = [{ code = "a", parent = "index" }, { code = "b", parent = "index" }]\n'


@pytest.fixture
def laid_out(method_of, observations_of):
    def lay(text, data, units=None):
        method = method_of(text)
        about = Units() if units is None else parse_units(units.encode(), name="units.csv")
        return lay_out(method, observations_of(data, method), about)

    return lay


def test_rows_are_units_in_periods_whatever_the_order_of_the_file(laid_out):
    state = laid_out(AB, "unit,period,a,b,SOURCE\nY,2019,1,2,WHO\nX,2018,3,,UN\nX,2019,5,6,\n")
    assert [state.units[u] for u in state.row_units] == ["Y", "Y", "X", "X"]
    assert state.row_periods.tolist() == [2018, 2019, 2018, 2019]
    assert state.columns == ("a", "b", "index")
    np.testing.assert_array_equal(state.values[:, 0], [NAN, 1, 3, 5])
    np.testing.assert_array_equal(state.values[:, 1], [NAN, 2, NAN, 6])
    assert state.years[:, 1].tolist() == [0, 2019, 0, 2019]
    assert state.source_names == ("UN", "WHO")
    assert state.sources[:, 0].tolist() == [-1, 1, 0, -1]


def test_figures_without_a_period_have_no_year(laid_out):
    state = laid_out(AB, "unit,a,b\nX,1,2\n")
    assert state.row_periods.tolist() == [0]
    assert state.years[0].tolist() == [0, 0, 0]
    assert state.source_names == ()


def test_a_column_may_serve_two_indicators_and_cross_their_codes(laid_out):
    text = """
indicators = [
  { code = "a", parent = "index", column = "b" },
  { code = "b", parent = "index", column = "c" },
  { code = "d", parent = "index", column = "c" },
]
"""
    state = laid_out(text, "unit,period,b,c,SOURCE\nX,2019,1,2,UN\n")
    assert state.values[0, :3].tolist() == [1, 2, 2]
    assert state.years[0, :3].tolist() == [2019] * 3
    assert state.sources[0, :3].tolist() == [0] * 3


def test_other_columns_come_from_the_data_or_else_from_the_units(laid_out):
    text = """
indicators = [
  { code = "a", parent = "index", denominator = "area" },
  { code = "b", parent = "index", denominator = "people" },
]
steps = [{ do = "denominate" }]
"""
    units = "unit,area,people\nX,10,99\nZ,7,7\n"
    state = laid_out(text, "unit,period,a,b,people\nX,2018,1,1,3\nY,2018,1,1,4\n", units)
    assert state.columns[3:] == ("area", "people")
    np.testing.assert_array_equal(state.values[:, 3:], [[10, 3], [NAN, 4]])


def test_everything_that_is_nowhere_is_named_once(laid_out):
    text = """
indicators = [
  { code = "a", parent = "index", denominator = "people" },
  { code = "b", parent = "index", recode = { yes = 1 }, denominator = "area" },
  { code = "c", parent = "index", denominator = "codes" },
]
steps = [
  { do = "recode" }, { do = "denominate" }, { do = "impute", method = "mean", by = "region" },
]
"""
    with pytest.raises(MethodError) as raised:
        laid_out(text, "unit,a\nX,1\n", "unit,people,area,codes\nX,9,,007\nY,n/a,5,\n")
    nowhere = "it in the data or in --units"
    number = "a number, or an empty cell, for every unit"
    assert [(p.where, p.found, p.expected) for p in raised.value.problems] == [
        ("data", "no column or indicator 'b'", nowhere),
        ("data", "no column or indicator 'c'", nowhere),
        ("--units, people", "'n/a' (unit Y)", number),
        ("--units, codes", "numbers with a 0 before them, or none", number),
        ("data", "no grouping 'region'", "a column of that name in --units or the data"),
    ]


def test_an_indicator_that_a_long_file_does_not_name_has_no_figures(laid_out):
    state = laid_out(AB, "unit,indicator,value\nX,a,1\n")
    np.testing.assert_array_equal(state.values[0, :2], [1, NAN])
    assert state.notes == ({"step": "read", "warnings": ["no figure of 'b'"]},)


def test_a_long_file_of_something_else(laid_out):
    with pytest.raises(MethodError, match="no column or indicator 'a'"):
        laid_out(AB, "unit,indicator,value\nX,q,1\n")


def test_categories_and_groups_are_kept_as_words(laid_out):
    text = """
indicators = [{ code = "a", parent = "index", recode = { yes = 1 } }]
averages = [{ by = "region" }]
steps = [{ do = "recode" }]
"""
    state = laid_out(text, "unit,a,region\nX,yes,1\nY,3,north\nZ,,\n")
    assert state.texts["a"].tolist() == ["yes", None, None]
    np.testing.assert_array_equal(state.values[:, 0], [NAN, 3, NAN])
    assert state.texts["region"].tolist() == ["1", "north", None]


def test_numbers_may_name_groups_in_the_units_file(laid_out):
    text = 'indicators = [{ code = "a", parent = "index" }]\naverages = [{ by = "region" }]\n'
    state = laid_out(text, "unit,a\nX,1\nY,2\nZ,3\n", "unit,region\nX,1\nY,20\n")
    assert state.grouping("region") == ("1", "20", "")
    assert state.texts == {}
