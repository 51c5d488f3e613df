import io

import polars as pl
import pytest
import xlsxwriter

from everycount.errors import InputError
from everycount.io.framework_list import ListColumns, framework_from_list, read_list
from everycount.model.framework import Framework, Source

HEADING = Framework(
    id="nsigd",
    version="2019",
    title={"vi": "Bộ chỉ tiêu"},
    publisher="GSO",
    level="national",
    valid_from="2019",
    source=Source(citation="Decision"),
)


def made(rows, *, columns=None, **options):
    text = pl.DataFrame(rows[1:], schema=dict.fromkeys(rows[0], pl.String), orient="row")
    said = {"columns": columns or ListColumns(), "language": "vi", "subject": "list.csv", **options}
    return framework_from_list(text, HEADING, **said)


def workbook(*rows):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("List")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return file.getvalue()


def test_list_becomes_a_framework():
    framework = made(
        [
            ("code", "title", "group", "unit", "tier"),
            ("01", "Tỷ lệ\n nữ", "Kinh tế", "%", "I"),
            (None, None, None, None, None),
            ("02", "Chỉ tiêu", "Xã hội", None, None),
            ("03", "Khác", "Kinh tế", None, None),
            ("04", "Riêng", None, None, None),
        ]
    )
    assert framework.reference == "nsigd@2019"
    assert [(each.code, each.title) for each in framework.groups] == [
        ("1", {"vi": "Kinh tế"}),
        ("2", {"vi": "Xã hội"}),
    ]
    first = framework.indicators[0]
    assert (first.key, first.title, first.unit, first.tier) == ("01", {"vi": "Tỷ lệ nữ"}, "%", "I")
    assert [each.group for each in framework.indicators] == ["1", "2", "1", ""]


def test_columns_may_have_any_name_and_be_absent():
    columns = ListColumns(code="Mã số", title="Tên", unit="Đơn vị")
    framework = made([("Mã số", "Tên", "Đơn vị"), ("1", "A", "%")], columns=columns)
    assert [(each.unit, each.group) for each in framework.indicators] == [("%", "")]
    assert framework.groups == ()


def test_code_that_stands_again_gets_a_key_of_its_own():
    rows = [("code", "title"), ("8d", "A"), ("8d", "B"), ("8d-2", "C"), ("8d", "D")]
    framework = made(rows)
    assert [each.key for each in framework.indicators] == ["8d", "8d-3", "8d-2", "8d-4"]
    assert [each.code for each in framework.indicators] == ["8d", "8d", "8d-2", "8d"]


def test_every_fault_of_the_list_at_once():
    rows = [("code", "title"), ("1", None), (None, "B"), ("2", "C"), ("2", "C")]
    with pytest.raises(InputError) as error:
        made(rows, first_row=5)
    assert [each.where for each in error.value.problems] == ["row 5, title", "row 6, code", "row 8"]


def test_column_that_was_named_must_stand_there():
    with pytest.raises(InputError) as error:
        made([("Code", "title"), ("1", "A")], columns=ListColumns(unit="Unit", group="title"))
    assert error.value.problems[0].found == "no column 'Unit'"
    assert "'code'" in str(error.value)
    with pytest.raises(InputError, match="no column 'Unit'"):
        made([("code", "title"), ("1", "A")], columns=ListColumns(unit="Unit"))


def test_read_list_tells_a_workbook_from_csv():
    text, first_row = read_list(b"code;title\n01;A\n", subject="list.csv", delimiter=";")
    assert (text.rows(), first_row) == ([("01", "A")], 2)
    source = workbook(["Danh sách"], ["code", "title"], ["01", "A"])
    text, first_row = read_list(source, subject="list.xlsx", sheet="List", header_row=2)
    assert (text.rows(), first_row) == ([("01", "A")], 3)
    text, first_row = read_list(workbook(["code", "title"], ["01", "A"]), subject="list.xlsx")
    assert (text.rows(), first_row) == ([("01", "A")], 2)


def test_sheet_of_a_csv_file_is_refused():
    with pytest.raises(InputError, match="sheet: found 'List', expected nothing: the list is not"):
        read_list(b"code,title\n", subject="list.csv", sheet="List", header_row=2)
