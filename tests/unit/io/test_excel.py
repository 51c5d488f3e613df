import datetime as dt
import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from everycount.errors import InputError
from everycount.io.excel import read_sheet


def book(rows, *, title="Data", merge=(), more=(), hidden=()):
    workbook = openpyxl.Workbook()
    page = workbook.active
    page.title = title
    for row in rows:
        page.append(row)
    for area in merge:
        page.merge_cells(area)
    for name in more:
        workbook.create_sheet(name)
    for name in hidden:
        workbook[name].sheet_state = "hidden"
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def problems(source, **options):
    with pytest.raises(InputError) as caught:
        read_sheet(source, subject="a.xlsx", **options)
    return [str(problem) for problem in caught.value.problems]


def test_cells_become_text_without_losing_digits():
    cells = {
        "text": "004",
        "whole": 2019,
        "float": 2019.0,
        "sum": 1 / 3,
        "huge": 1e300,
        "date": dt.datetime(2019, 12, 31),  # noqa: DTZ001 - Excel has no time zones
        "moment": dt.datetime(2019, 12, 31, 12, 30),  # noqa: DTZ001 - Excel has no time zones
        "time": dt.time(12, 30),
        "span": dt.timedelta(hours=30),
        "true": True,
        "empty": None,
        2020: "x",
    }
    got = read_sheet(book([list(cells), list(cells.values())]), subject="a.xlsx")
    assert got.row(0, named=True) == {
        "text": "004",
        "whole": "2019",
        "float": "2019",
        "sum": "0.3333333333333333",
        "huge": "1e+300",
        "date": "2019-12-31",
        "moment": "2019-12-31T12:30:00",
        "time": "12:30:00",
        "span": "1 day, 6:00:00",
        "true": "TRUE",
        "empty": None,
        "2020": "x",
    }


def test_numbers_are_written_with_the_declared_mark():
    got = read_sheet(book([["a"], [0.5], ["1,5"]]), subject="a.xlsx", decimal=",")
    assert got["a"].to_list() == ["0,5", "1,5"]


def test_empty_rows_stay_inside_and_go_at_the_end():
    source = book([["a", None], ["x", None], [None, None], ["y", None], [None, ""]])
    assert read_sheet(source, subject="a.xlsx").to_dict(as_series=False) == {"a": ["x", None, "y"]}


def test_merged_header_is_spread_and_joined():
    source = book(
        [["Title"], ["Country", "Women", None, "Men"], [None, 2018, 2019, 2018], ["VNM", 1, 2, 3]],
        merge=["A2:A3", "B2:C2"],
    )
    got = read_sheet(source, subject="a.xlsx", header_row=2, header_rows=2)
    assert got.columns == ["Country", "Women / 2018", "Women / 2019", "Men / 2018"]
    assert got.rows() == [("VNM", "1", "2", "3")]


def test_merged_header_of_one_row_gives_a_name_twice():
    source = book([["a", None], [1, 2]], merge=["A1:B1"])
    assert problems(source) == ["header: found 'a' in columns 1 and 2, expected each name once"]


def test_merged_title_above_the_header_is_passed_over():
    source = book([["Title", None], ["a", "b"], [1, 2]], merge=["A1:B1"])
    assert read_sheet(source, subject="a.xlsx", header_row=2).columns == ["a", "b"]


def test_merged_rows_are_refused():
    source = book([["a", "b"], ["x", 1], [None, 2], [None, None]], merge=["A2:A3", "A4:B4"])
    assert problems(source) == [
        "sheet Data, cells A2:A3: found merged cells, expected a value in each cell"
    ]


def test_sheet_must_be_chosen_when_several_show():
    source = book([["a"], [1]], more=["Notes", "Old"], hidden=["Old"])
    assert problems(source) == [
        "sheet: found 2 sheets and none chosen, expected one of 'Data', 'Notes'"
    ]
    assert read_sheet(source, subject="a.xlsx", sheet="Data").height == 1
    assert "nearest is 'Data'" in problems(source, sheet="Date")[0]
    hidden = book([["a"], [1]], more=["Old"], hidden=["Old"])
    assert read_sheet(hidden, subject="a.xlsx").height == 1


def test_error_values():
    source = book([["a", "b"], ["#DIV/0!", "#N/A"]])
    assert problems(source, missing=["#N/A"]) == [
        "sheet Data, cell A2: found #DIV/0!, expected a value"
    ]
    ok = read_sheet(source, subject="a.xlsx", missing=["#N/A", "#DIV/0!"])
    assert ok.rows() == [("#DIV/0!", "#N/A")]


def test_formulas_give_their_last_value():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as workbook:
        page = workbook.add_worksheet("Data")
        page.write_row(0, 0, ["a", "b", "c"])
        page.write_formula(1, 0, "=1+1", value=2)
        page.write_formula(1, 1, '="x"', value="x")
        page.write_formula(1, 2, "=0.5", value=0.5)
    got = read_sheet(stream.getvalue(), subject="a.xlsx")
    assert got.rows() == [("2", "x", "0.5")]


def test_formula_that_gives_the_empty_text_is_an_empty_cell():
    source = book([["a", "b"], ["=T(1)", "x"]])
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'<c r="A2"', b'<c r="A2" t="str"')
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert read_sheet(stream.getvalue(), subject="a.xlsx").rows() == [(None, "x")]


def test_formula_that_was_never_computed():
    assert problems(book([["a"], ["=1+1"]])) == [
        "sheet Data, cell A2: found a formula never computed, expected its value (open the"
        " workbook in Excel and save it)"
    ]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (b"", "found nothing"),
        (b"\xd0\xcf\x11\xe0", r"an old Excel file \(\.xls\) or one with a password"),
        (b"PK\x03\x04", "a file that cannot be read as one"),
        (b"a,b\n1,2", "a file that cannot be read as one"),
    ],
)
def test_other_files(source, found):
    with pytest.raises(InputError, match=found):
        read_sheet(source, subject="a.xlsx")


def test_empty_sheet():
    empty = "file: found no rows below the header, expected at least one"
    assert problems(book([])) == [empty]
    assert problems(book([["a"]]), header_row=5) == [empty]
    assert problems(book([["a"]]), header_rows=3) == [empty]


def test_characters_that_excel_writes_as_numbers_are_read_as_they_are():
    book = openpyxl.Workbook()
    book.active.append(["text"])
    book.active.append(["a_x000D_b _x005F_x0041_ _x00"])
    book.save(file := io.BytesIO())
    table = read_sheet(file.getvalue(), subject="book.xlsx")
    assert table["text"].to_list() == ["a\rb _x0041_ _x00"]


def several(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_the_usual_sheet_is_read_where_its_header_fits():
    usual = ("Data", frozenset(["SEX", "AGE"]))
    book = several(About=[["a"], ["b"]], Data=[["SEX", "x"], ["F", 1]])
    assert read_sheet(book, subject="a.xlsx", usual=usual).rows() == [("F", "1")]
    assert read_sheet(book, subject="a.xlsx", usual=usual, sheet="About").columns == ["a"]
    for rows in ([["who"]], []):
        other = several(About=[["a"]], Data=rows)
        with pytest.raises(InputError, match="2 sheets and none chosen"):
            read_sheet(other, subject="a.xlsx", usual=usual)
    with pytest.raises(InputError, match="2 sheets and none chosen"):
        read_sheet(book, subject="a.xlsx")
    absent = several(About=[["SEX"]], Notes=[["SEX"]])
    with pytest.raises(InputError, match="2 sheets and none chosen"):
        read_sheet(absent, subject="a.xlsx", usual=usual)


def test_an_error_among_figures_is_refused_and_a_text_like_it_is_not():
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.active.append(["#N/A"])
    book.active["A2"].data_type = "s"
    file = io.BytesIO()
    book.save(file)
    assert read_sheet(file.getvalue(), subject="a.xlsx").rows() == [("#N/A",)]
    book.active["A2"].data_type = "e"
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(InputError, match="cell A2: found #N/A, expected a value"):
        read_sheet(file.getvalue(), subject="a.xlsx")
