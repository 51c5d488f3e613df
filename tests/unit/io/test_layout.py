import polars as pl
import pytest

from everycount.errors import InputError
from everycount.io.layout import Figures, Places, read_long, read_wide
from everycount.io.numbers import Marks

LONG = {"indicator": "code", "value": "value", "subject": "a.csv"}
PLACES = Places(unit="area", period="year")


def table(names, *rows):
    return pl.DataFrame(rows, schema=dict.fromkeys(names.split(), pl.String), orient="row")


def problems(read, *arguments, **options):
    with pytest.raises(InputError) as caught:
        read(*arguments, **{"subject": "a.csv", **options})
    return [str(problem) for problem in caught.value.problems]


def test_long_names_units_periods_and_variables_without_figures():
    text = table(
        "area year code value source OBS_STATUS STD_ERROR",
        ("B", "2020", "4a", "1.5", "GSO", "A", "0.1"),
        ("A", "2019", "4a", None, None, "M", None),
        ("A", "2019", "5b", "2", None, None, None),
        ("C", "2018", "6c", "..", None, "M", None),
    )
    places = Places(unit="area", period="year", source="source")
    seen = read_long(text, places, figures=Figures(missing=frozenset([".."])), **LONG)
    assert seen.units == ("B", "A", "C")
    assert seen.periods == (2018, 2019, 2020)
    assert seen.variables == ("4a", "5b", "6c")
    assert seen.table.rows(named=True)[0] == {
        "unit": "B",
        "period": 2020,
        "variable": "4a",
        "value": 1.5,
        "text": None,
        "source": "GSO",
        "OBS_STATUS": "A",
        "STD_ERROR": "0.1",
    }
    assert seen.table.height == 2


def test_long_breakdowns_join_the_name():
    text = table(
        "area code SEX AGE value",
        ("A", "x", "F", "_T", "1"),
        ("A", "x", None, "Y15", "2"),
        ("A", "x", "_T", None, "3"),
    )
    seen = read_long(text, Places(unit="area", breakdown=("SEX", "AGE")), **LONG)
    assert seen.table["variable"].to_list() == ["x.F", "x.Y15", "x"]
    assert seen.periods == ()
    assert seen.table["period"].to_list() == [None] * 3


def test_long_categories_are_text_where_they_are_declared():
    text = table("area code value", ("A", "law", "yes"), ("B", "law", "1"), ("A", "rate", "yes"))
    figures = Figures(categorical=frozenset(["law"]))
    places = Places(unit="area")
    assert problems(read_long, text, places, figures=figures, **LONG) == [
        "row 4, value: found 'yes', expected a number"
    ]
    seen = read_long(text.head(2), places, figures=figures, **LONG)
    assert seen.table.select("value", "text").rows() == [(None, "yes"), (1.0, None)]


def test_long_reads_only_the_variables_asked_for():
    text = table("area code value", ("A", "x", "1"), ("B", "y", "n/a"))
    figures = Figures(variables=frozenset(["x"]))
    seen = read_long(text, Places(unit="area"), figures=figures, **LONG)
    assert seen.variables == ("x",)
    assert seen.units == ("A", "B")


def test_long_every_fault_in_one_error():
    text = table(
        "area year code value",
        ("A", "2019", "x", "1"),
        (None, "19", "x", "1,5"),
        ("A", "2019", "x", None),
    )
    assert problems(read_long, text, PLACES, **LONG) == [
        "row 3, area: found nothing, expected a value",
        "row 4: found 'A', '2019', 'x' again, as in row 2, expected each area, year, code once",
        "row 3, year: found '19', expected a year such as 2019",
        "row 3, value: found '1,5', expected a number (if the comma is its decimal mark,"
        " declare decimal = ',')",
    ]


def test_long_missing_columns():
    text = table("areas code", ("A", "x"))
    places = Places(unit="area", source="origin", breakdown=("SEX",))
    got = problems(read_long, text, places, **LONG)
    assert {problem.rpartition("expected ")[2] for problem in got} == {
        "a column 'area' (perhaps 'areas')",
        "a column 'value'",
        "a column 'origin'",
        "a column 'SEX'",
    }
    assert len(got) == 4


def test_wide_keeps_units_without_figures():
    text = table(
        "area year 4a 5b note",
        ("NA", "2020", "1,5", None, "x"),
        ("004", "2019", None, "..", "y"),
    )
    figures = Figures(marks=Marks(decimal=","), missing=frozenset([".."]))
    seen = read_wide(text, PLACES, variables=["4a", "5b"], figures=figures, subject="a.csv")
    assert seen.table.rows() == [("NA", 2020, "4a", 1.5, None, None)]
    assert seen.units == ("NA", "004")
    assert seen.periods == (2019, 2020)
    assert seen.variables == ("4a", "5b")


def test_wide_without_any_figure():
    seen = read_wide(
        table("area x", ("A", None)), Places(unit="area"), variables=["x"], subject="a"
    )
    assert seen.table.height == 0
    assert seen.units == ("A",)
    seen = read_wide(table("area", ("A",)), Places(unit="area"), variables=[], subject="a")
    assert seen.units == ("A",)


def test_wide_breakdowns_and_sources():
    text = table("area SEX x origin", ("A", "F", "1", "GSO"), ("A", "_T", "2", None))
    places = Places(unit="area", breakdown=("SEX",), source="origin")
    seen = read_wide(text, places, variables=["x"], subject="a.csv")
    assert seen.table.select("variable", "value", "source").rows() == [
        ("x.F", 1.0, "GSO"),
        ("x", 2.0, None),
    ]


def test_wide_every_fault_in_one_error():
    text = table(
        "area year 4a 5b",
        ("A", "2019", "x", "inf"),
        (None, None, None, None),
        ("A", "2019", "1", "2"),
        ("B", "2019-Q1", "1", "yes"),
    )
    variables = ["4a", "5b", "6c"]
    assert problems(read_wide, text, PLACES, variables=variables) == [
        "header: found columns area, year, 4a, 5b, expected a column '6c'",
        "row 4: found 'A', '2019' again, as in row 2, expected each area, year once",
        "row 5, year: found '2019-Q1', expected a year such as 2019",
        "row 2, 4a: found 'x', expected a number",
        "row 2, 5b: found 'inf', expected a finite number",
        "row 5, 5b: found 'yes', expected a number",
    ]
