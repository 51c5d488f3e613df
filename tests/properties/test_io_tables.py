"""What holds for every table and every file, whatever is in it."""

import csv
import io
import re

import openpyxl
import polars as pl
from hypothesis import assume, given
from hypothesis import strategies as st

from everycount.errors import InputError
from everycount.io.csv import read_table
from everycount.io.excel import read_sheet
from everycount.io.fit import fit
from everycount.io.layout import Places, read_wide
from everycount.io.observations import parse_observations
from everycount.model.dataset import Column, Structure

LETTERS = st.characters(codec="utf-8", exclude_characters="\0\r")


def make_workbook():
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, "x"])
    book.active.merge_cells("C1:D1")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


WORKBOOK = make_workbook()
CELLS = st.text(LETTERS | st.sampled_from('",\n; '), max_size=5)


def refusal(read, *arguments, **options):
    try:
        read(*arguments, **options)
    except InputError as error:
        return error
    return None


@st.composite
def tables(draw):
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6))
    assume(any(cell for cell in rows[-1]))
    return [[f"c{n}" for n in range(width)], *rows]


@given(
    tables(), st.sampled_from(["\n", "\r\n"]), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
)
def test_csv_gives_back_what_was_written(rows, end, quoting):
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator=end, quoting=quoting).writerows(rows)
    got = read_table(stream.getvalue().encode(), subject="a.csv")
    assert got.columns == rows[0]
    assert got.rows() == [tuple(cell or None for cell in row) for row in rows[1:]]


@given(st.binary(max_size=80) | st.text('a1,;"\n\r \0é', max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused_in_words(source):
    for name in ("a.csv", "a.xlsx", "a.csv.gz"):
        refused = refusal(parse_observations, source, name=name)
        assert refused is None or re.search("found .*, expected ", str(refused), re.DOTALL)


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=5))
def test_a_damaged_workbook_is_read_or_refused_in_words(damage):
    source = bytearray(WORKBOOK)
    for place, value in damage:
        source[place % len(source)] = value
    refused = refusal(read_sheet, bytes(source), subject="a.xlsx")
    assert refused is None or "found" in str(refused)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_numbers_survive_as_text(numbers):
    structure = Structure(columns=(Column(name="n", type=float),), key=())
    plain = pl.DataFrame({"n": [repr(number) for number in numbers]})
    comma = pl.DataFrame({"n": [repr(number).replace(".", ",") for number in numbers]})
    assert fit(plain, structure, subject="a")["n"].to_list() == numbers
    assert fit(comma, structure, subject="a", decimal=",")["n"].to_list() == numbers


@given(st.permutations(["A", "B", "C"]), st.permutations(["x", "y"]))
def test_order_of_units_and_columns_does_not_matter(units, variables):
    cells = {"A": {"x": "1", "y": "2"}, "B": {"x": "3", "y": None}, "C": {"x": None, "y": None}}
    rows = [[unit, *(cells[unit][name] for name in variables)] for unit in units]
    text = pl.DataFrame(rows, schema=["unit", *variables], orient="row")
    seen = read_wide(text, Places(unit="unit"), variables=variables, subject="a.csv")
    values = seen.table.sort("unit", "variable").select("unit", "variable", "value").rows()
    assert values == [("A", "x", 1.0), ("A", "y", 2.0), ("B", "x", 3.0)]
    assert seen.units == tuple(units)
