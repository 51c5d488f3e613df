"""Bounds of a workbook, and sheets that are damaged."""

import io
import zipfile

import openpyxl
import pytest

from everycount.errors import InputError
from everycount.io import excel, workbook
from everycount.io.excel import read_sheet
from everycount.io.workbook import Book, demand_modest

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEADER = "<row r='1'><c r='A1' t='inlineStr'><is><t>a</t></is></c></row>"
SHEET = "xl/worksheets/sheet1.xml"


def saved(*rows):
    book = openpyxl.Workbook()
    book.active.title = "Data"
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def packed(changes=None, *, without=(), source=None):
    """A workbook with other parts."""
    with zipfile.ZipFile(io.BytesIO(source or saved(["a"], [1]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name not in without}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in (parts | (changes or {})).items():
            archive.writestr(name, part)
    return file.getvalue()


def sheet(rows, *, after=""):
    """A workbook with a sheet of this XML."""
    text = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'
    return packed({SHEET: text.encode()})


def problems(source, **options):
    with pytest.raises(InputError) as caught:
        read_sheet(source, subject="a.xlsx", **options)
    return [str(problem) for problem in caught.value.problems]


def test_rows_without_numbers_follow_one_another():
    rows = "<row><c t='inlineStr'><is><t>a</t></is></c></row><row><c><v>1</v></c></row><row/>"
    assert read_sheet(sheet(rows), subject="a.xlsx").rows() == [("1",)]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (
            HEADER + "<row r='2000000'><c><v>1</v></c></row>",
            "sheet Data: found row 2,000,000, expected at most 1,048,576, as many as a sheet has",
        ),
        (
            HEADER + "<row r='2'><c r='XFE2'><v>1</v></c></row>",
            "sheet Data: found column 16,385, expected at most 16,384, as many as a sheet has",
        ),
        (HEADER + "<row r='1'/>", "sheet Data: found row 1 after row 1, expected ascending"),
        (
            "<row r='2'><c r='A1'><v>1</v></c><c r='B2'><v>1</v></c></row>",
            "sheet Data: found cells of the rows 1, 2 in one row, expected each cell in its row",
        ),
        (
            "<row r='0'/>",
            "sheet Data: found cells of the rows 0 in one row, expected each cell in its row",
        ),
    ],
)
def test_rows_and_columns_that_no_sheet_has(rows, found):
    assert problems(sheet(rows)) == [found]


@pytest.mark.parametrize(
    "rows",
    [
        "<row r='2'><c r='ZZZZ2'><v>1</v></c></row>",
        "<row r='2'><c r='A2'><v>abc</v></c></row>",
        "<row r='2'><c r='A2' t='s'><v>99</v></c></row>",
        "<row r='2'><c r='A2' t='d'><v>2020-13-45</v></c></row>",
        "<row r='x'/>",
        "<row",
    ],
)
def test_what_openpyxl_cannot_read_is_told_in_words(rows):
    (found,) = problems(sheet(HEADER + rows))
    assert found.startswith("file: found a file that cannot be read as one (")


def test_a_part_that_is_not_there_is_told_in_words():
    for part in ("xl/workbook.xml", "[Content_Types].xml"):
        (found,) = problems(packed(without=[part]))
        assert "a file that cannot be read as one (" in found
    assert problems(packed(without=[SHEET])) == [
        "sheet: found 0 sheets and none chosen, expected one that shows"
    ]


def test_a_merged_cell_that_is_none_is_refused():
    merged = "<mergeCells><mergeCell ref='A:0'/></mergeCells>"
    (found,) = problems(sheet(HEADER, after=merged))
    assert "a file that cannot be read as one (" in found


def test_empty_rows_between_are_kept_in_all_pieces(monkeypatch):
    monkeypatch.setattr(excel, "AT_A_TIME", 2)
    rows = [["a", "b"], [1], [2], [3], [], [], [None, "x"], [5, "y"]]
    got = read_sheet(saved(*rows), subject="a.xlsx")
    expected = [("1", None), ("2", None), ("3", None), (None, None), (None, None), (None, "x")]
    assert got.rows() == [*expected, ("5", "y")]


def test_a_header_merged_beyond_the_cells_names_columns_twice():
    book = openpyxl.Workbook()
    book.active.append(["a", None, None])
    book.active.append([1])
    book.active.merge_cells("A1:C1")
    book.save(file := io.BytesIO())
    assert problems(file.getvalue()) == [
        "header: found 'a' in columns 1 and 2 and 3, expected each name once"
    ]


def test_characters_that_are_none_stay_as_they_are_written():
    got = read_sheet(saved(["a"], ["SE_x0000_ATS"], ["_xD800_"]), subject="a.xlsx")
    assert got["a"].to_list() == ["SE_x0000_ATS", "_xD800_"]


def test_a_sheet_that_spans_too_many_cells(monkeypatch):
    monkeypatch.setattr(excel, "CELLS", 10)
    assert read_sheet(saved(["a"], *([1] for _ in range(10))), subject="a").height == 10
    rows = "<row r='2'><c r='A2'><v>1</v></c></row><row r='7'><c r='B7'><v>1</v></c></row>"
    assert problems(sheet(HEADER + rows)) == [
        "sheet Data: found 6 rows of 2 columns, expected at most 10 cells (as CSV it may have more)"
    ]


def test_a_row_that_is_longer_than_any_can_be(monkeypatch):
    monkeypatch.setattr(workbook, "ONE_ROW", 1 << 17)
    many = "".join(f"<row r='{at}'><c r='A{at}'><v>1</v></c></row>" for at in range(2, 9000))
    assert read_sheet(sheet(HEADER + many), subject="a").height == 8998
    (found,) = problems(sheet(HEADER + "<row r='2'>" + "<c/>" * 50_000 + "</row>"))
    assert found == (
        "sheet Data: found more than 131,072 bytes in one row, or outside of all rows, "
        "expected less"
    )


def test_a_file_that_unpacks_to_more_than_a_workbook_has(monkeypatch):
    modest = saved(["a"], [1])
    demand_modest(modest, "a.xlsx")
    monkeypatch.setattr(workbook, "ALWAYS", 1000)
    large = packed({SHEET: b" " * 10_000_000})
    (found,) = problems(large)
    assert f"file: found {len(large):,} bytes that unpack to 10," in found
    assert f"expected at most {1000 + 100 * len(large):,} for a workbook of this size" in found


def test_a_part_read_whole_that_is_too_long(monkeypatch):
    monkeypatch.setattr(workbook, "PART", 20_000)
    assert problems(packed({"xl/styles.xml": b" " * 20_001})) == [
        "part xl/styles.xml: found 20,001 bytes, expected at most 20,000"
    ]
    demand_modest(packed({SHEET: b" " * 20_001, "xl/sharedStrings.xml": b" " * 20_001}), "a")


def test_sheets_are_known_by_name_and_whether_they_show():
    book = openpyxl.Workbook()
    book.active.title = "Data"
    book.create_sheet("Old").sheet_state = "hidden"
    book.create_chartsheet("Picture")
    book.save(file := io.BytesIO())
    found = [(each.title, each.shows) for each in Book(file.getvalue(), "a.xlsx").sheets]
    assert found == [("Data", True), ("Old", False)]
