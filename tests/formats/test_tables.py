"""One contract over every format of tables: the same cells are read and judged alike."""

import csv
import io

import openpyxl
import pytest

from everycount.errors import InputError
from everycount.io.csv import read_table
from everycount.io.excel import read_sheet
from everycount.io.fit import fit
from everycount.io.observations import parse_observations
from everycount.model.dataset import Column, Structure
from everycount.model.layout import Layout


def as_csv(rows):
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


def as_xlsx(rows):
    """Every cell stored as text, as spreadsheets that were filled by hand often are."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_xlsx_numbers(rows):
    def number(cell):
        try:
            return float(cell)
        except ValueError:
            return cell

    return as_xlsx([[cell if cell == "004" else number(cell) for cell in row] for row in rows])


FORMATS = {
    "csv": (as_csv, read_table, "a.csv"),
    "xlsx": (as_xlsx, read_sheet, "a.xlsx"),
    "xlsx with numbers": (as_xlsx_numbers, read_sheet, "a.xlsx"),
}
STRUCTURE = Structure(
    columns=(
        Column(name="area", type=str),
        Column(name="year", type=int),
        Column(name="sex", type=str, codes=frozenset({"F", "M"})),
        Column(name="value", type=float, required=False),
    ),
    key=("area", "year", "sex"),
)


@pytest.fixture(params=FORMATS)
def form(request):
    return FORMATS[request.param]


def test_cells_are_read_alike(form):
    write, read, name = form
    rows = [["area", "year", "value"], ["004", "2019", "1.5"], ["NA", "", "-0.25"]]
    got = read(write(rows), subject=name)
    assert got.rows() == [("004", "2019", "1.5"), ("NA", None, "-0.25")]


def test_rows_are_fitted_alike(form):
    write, read, name = form
    rows = [["area", "year", "sex", "value"], ["004", "2019", "F", "1.5"], ["NA", "2019", "F", ""]]
    got = fit(read(write(rows), subject=name), STRUCTURE, subject=name)
    assert got.rows() == [("004", 2019, "F", 1.5), ("NA", 2019, "F", None)]


def test_faults_are_found_alike(form):
    write, read, name = form
    rows = [
        ["area", "year", "sex", "value"],
        ["A", "20x9", "Female", "n/a"],
        ["", "", "", ""],
        ["A", "2019", "F", "1,5"],
        ["A", "2019", "F", ""],
    ]
    with pytest.raises(InputError) as caught:
        fit(read(write(rows), subject=name), STRUCTURE, subject=name)
    assert [problem.where for problem in caught.value.problems] == [
        "row 2, year",
        "row 2, sex",
        "row 2, value",
        "row 4, value",
        "row 5",
    ]


@pytest.mark.parametrize(
    "rows", [[], [["a", "b"]], [["a", "a"], ["1", "2"]], [["", "b"], ["1", "2"]]]
)
def test_broken_tables_are_refused_alike(form, rows):
    write, read, name = form
    with pytest.raises(InputError, match="has 1 problem"):
        read(write(rows), subject=name)


def test_long_and_wide_give_the_same_observations(form):
    write, _, name = form
    wide = [["unit", "period", "4a", "5b"], ["A", "2019", "1.5", ""], ["B", "2019", "2", "3"]]
    long = [
        ["unit", "period", "indicator", "value"],
        ["A", "2019", "4a", "1.5"],
        ["B", "2019", "4a", "2"],
        ["B", "2019", "5b", "3"],
    ]
    read = [parse_observations(write(rows), Layout(), name=name) for rows in (wide, long)]
    assert read[0].table.equals(read[1].table)
    assert read[0].units == read[1].units == ("A", "B")
    assert read[0].variables == read[1].variables
