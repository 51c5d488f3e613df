import polars as pl
import pytest

from everycount.errors import InputError
from everycount.io.fit import fit
from everycount.io.numbers import Marks
from everycount.model.dataset import Column, Structure

STRUCTURE = Structure(
    columns=(
        Column(name="area", type=str),
        Column(name="year", type=int),
        Column(name="sex", type=str, codes=frozenset({"F", "M", "_T"})),
        Column(name="value", type=float, required=False),
    ),
    key=("area", "year", "sex"),
)


def table(*rows, names=("area", "year", "sex", "value")):
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def problems(text, structure=STRUCTURE, **options):
    with pytest.raises(InputError) as caught:
        fit(text, structure, subject="a.csv", **options)
    return [str(problem) for problem in caught.value.problems]


def test_types_order_and_spaces():
    text = table(("x", " 2019\u00a0", "F", "004", "\u22121.5"), (None, None, " ", None, None),
                 names=("extra", "year", "sex", "area", "value"))  # fmt: skip
    got = fit(text, STRUCTURE, subject="a.csv")
    assert got.rows() == [("004", 2019, "F", -1.5)]
    assert got.columns == ["area", "year", "sex", "value"]


def test_every_fault_in_one_error_in_the_order_of_rows():
    text = table(
        ("A", "20x9", "Female", "n/a"),
        (None, "2019", "f", "inf"),
        (None, None, None, None),
        ("B", "2019", "F", "1"),
        ("B", "2019", "F", "1,5"),
    )
    assert problems(text) == [
        "row 2, year: found '20x9', expected a whole number",
        "row 2, sex: found 'Female', expected one of F, M, _T",
        "row 2, value: found 'n/a', expected a number",
        "row 3, area: found nothing, expected a value",
        "row 3, sex: found 'f', expected one of F, M, _T; nearest is F",
        "row 3, value: found 'inf', expected a finite number",
        "row 6, value: found '1,5', expected a number (if the comma is its decimal mark,"
        " declare decimal = ',')",
        "row 6: found 'B', 2019, 'F' again, as in row 5, expected each area, year, sex once",
    ]


def test_rows_are_named_by_the_caller():
    text = table(("A", "2019", "F", "x"))
    named = problems(text, first_row=7, locate=lambda row, column: f"cell {column}{row}")
    assert named == ["cell value7: found 'x', expected a number"]


def test_missing_columns_and_faults_in_the_others():
    text = table(("A", "2019", "x"), names=("area", "Yaer", "value"))
    assert problems(text) == [
        "header: found columns area, Yaer, value, expected a column 'year' (perhaps 'Yaer')",
        "header: found columns area, Yaer, value, expected a column 'sex'",
        "row 2, value: found 'x', expected a number",
    ]


def test_column_that_may_be_empty_may_be_absent_unless_misspelt():
    text = table(("A", "2019", "F"), names=("area", "year", "sex"))
    got = fit(text, STRUCTURE, subject="a.csv")
    assert got["value"].to_list() == [None]
    assert got["value"].dtype == pl.Float64
    text = table(("A", "2019", "F", "1"), names=("area", "year", "sex", "Values"))
    assert "expected a column 'value' (perhaps 'Values')" in problems(text)[0]


def test_structure_without_key_and_codes_of_numbers():
    structure = Structure(
        columns=(Column(name="wave", type=int, codes=frozenset({"1", "2"})),), key=()
    )
    assert fit(table(("1",), ("1",), names=("wave",)), structure, subject="a").height == 2
    assert problems(table(("3",), names=("wave",)), structure) == [
        "row 2, wave: found '3', expected one of 1, 2"
    ]


def test_empty_required_number_and_code():
    assert problems(table(("A", None, None, None))) == [
        "row 2, year: found nothing, expected a value",
        "row 2, sex: found nothing, expected one of F, M, _T",
    ]


def value(text, kind=float, **marks):
    structure = Structure(columns=(Column(name="value", type=kind),), key=())
    return fit(table((text,), names=("value",)), structure, subject="a", **marks).item()


def test_numbers_as_declared():
    assert value("1,5", decimal=",") == 1.5
    assert value("-1.234.567,5", decimal=",", thousands=".") == -1234567.5
    assert value("1,234", thousands=",") == 1234
    assert value("12\u202f345", thousands=" ", kind=int) == 12345
    assert value("1e3") == 1000
    assert value("2'000.5", thousands="'") == 2000.5


@pytest.mark.parametrize(
    ("text", "marks", "expected"),
    [
        ("1.5", {"decimal": ","}, "a number with the decimal mark ',' that is declared"),
        ("1,5", {"thousands": ","}, "a number"),
        ("1 234.5", {}, "a number (if ' ' separates thousands, declare thousands = ' ')"),
        ("1.234,5", {"decimal": ","}, "a number (if '.' separates thousands, declare thousands"
         " = '.')"),
        ("NaN", {}, "a finite number"),
        ("1e999", {}, "a finite number"),
        ("<2.5", {}, "a number"),
    ],
)  # fmt: skip
def test_hints(text, marks, expected):
    structure = Structure(columns=(Column(name="value", type=float),), key=())
    [problem] = problems(table((text,), names=("value",)), structure, **marks)
    assert problem == f"row 2, value: found {text!r}, expected {expected}"


def test_one_mark_for_both_is_our_mistake():
    with pytest.raises(ValueError, match="cannot be both"):
        Marks(decimal=",", thousands=",")
