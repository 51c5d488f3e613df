import io
import sys

import polars as pl
import pytest
import xlsxwriter

from everycount.errors import InputError, NotFound
from everycount.io.figure_table import as_figures, as_text, read_figure_table
from everycount.io.files import digest


def read(tmp_path, content, name="census.csv"):
    place = tmp_path / name
    place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_figure_table(place)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_by_the_separator_in_its_header(tmp_path, mark):
    text = f"region{mark}women\n004{mark} 12 \n5{mark} \n"
    found = read(tmp_path, text)
    assert found.table.rows() == [("004", "12"), ("5", None)]
    assert (found.name, found.sha256) == ("census.csv", digest(text.encode()))
    assert found.place == tmp_path / "census.csv"


def test_a_header_with_two_separators_is_read_with_commas(tmp_path):
    assert read(tmp_path, "region;x,women\n1,2\n").table.columns == ["region;x", "women"]


def test_a_table_of_one_column(tmp_path):
    assert read(tmp_path, "region\n1\n2\n").table["region"].to_list() == ["1", "2"]


def test_excel_and_parquet(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "census.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["region", "women"])
    sheet.write_row(1, 0, [1, 2.5])
    book.close()
    assert read_figure_table(tmp_path / "census.xlsx").table.rows() == [("1", "2.5")]
    pl.DataFrame({"region": [1], "women": [2.5]}).write_parquet(tmp_path / "census.parquet")
    assert read_figure_table(tmp_path / "census.parquet").table.rows() == [(1, 2.5)]


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"region,women\n1,2\n")))
    found = read_figure_table("-")
    assert (found.name, found.table.rows()) == ("standard input", [("1", "2")])


def test_what_cannot_be_read(tmp_path):
    with pytest.raises(NotFound):
        read_figure_table(tmp_path / "none.csv")
    with pytest.raises(
        InputError, match=r"x\.parquet has 1 problem:\n  file: found one that cannot"
    ):
        read(tmp_path, b"PAR1 and no more", "x.parquet")
    with pytest.raises(InputError, match="row 2"):
        read(tmp_path, "region,women\n1,2,3\n")


def test_codes_become_text():
    table = pl.DataFrame({"region": [1.0, 2.0], "group": ["a", None], "n": [1, 2]})
    assert as_text(table, ["region", "group"]).rows() == [("1", "a", 1), ("2", None, 2)]


def test_figures_are_read_and_every_other_cell_is_told():
    table = pl.DataFrame(
        {
            "n": ["3", "4.5", None],
            "x": ["1e2", "-2,5", "inf"],
            "y": ["a", None, "b"],
            "z": [1, 2, 3],
        }
    )
    found, problems = as_figures(
        table, ["n", "x", "y", "z"], called=["north", "south", "east"], whole=["n"]
    )
    assert [str(each) for each in problems] == [
        "south, n: found '4.5', expected a whole number",
        "south, x: found '-2,5', expected a number (if the comma is its decimal mark, declare "
        "decimal = ',')",
        "east, x: found 'inf', expected a finite number",
        "column y: found text such as 'a', expected numbers",
    ]
    assert found.schema == {"n": pl.Int64, "x": pl.Float64, "y": pl.String, "z": pl.Int64}
    assert found["n"].to_list() == [3, None, None]


def test_an_empty_column_of_text_is_one_of_numbers():
    found, problems = as_figures(
        pl.DataFrame({"x": [None, None]}, schema={"x": pl.String}), ["x"], called=["a", "b"]
    )
    assert (found["x"].dtype, problems) == (pl.Float64, [])
