import io
from datetime import date

import openpyxl
import polars as pl
import pytest

from everycount.errors import InputError
from everycount.io.excel import read_sheet
from everycount.io.exporters import excel
from everycount.io.exporters.excel import write_excel
from everycount.io.exporters.outgoing import outgoing_of
from everycount.io.importers.read import read_dataset
from everycount.io.importers.source import Source
from everycount.model.codes import Code, CodeList
from everycount.model.dataset import Dataset
from everycount.model.observation import OBSERVATION
from everycount.model.origin import Origin

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "http://a.example", "=HYPERLINK(1)", "0x1F")


def table(*rows):
    full = [
        {each.id: row.get(each.id, each.default or None) for each in OBSERVATION.components}
        for row in rows
    ]
    return pl.DataFrame(full, schema=dict(OBSERVATION.schema))


def row(**changes):
    usual = {"INDICATOR": "SEATS", "REF_AREA": "004", "TIME_PERIOD": "2019", "OBS_VALUE": 1.5}
    return usual | changes


def written(*rows, **about):
    file = io.BytesIO()
    write_excel(outgoing_of(Dataset(table=table(*rows), **about)), file)
    return openpyxl.load_workbook(io.BytesIO(file.getvalue()))


def test_no_cell_starts_a_formula():
    origin = Origin(producer="=1+1", title="=2", licence="@x", published=date(2024, 5, 2))
    rows = [row(TIME_PERIOD=str(n), COMMENT_OBS=text) for n, text in enumerate(FORMULAS, 2000)]
    own = {"REF_AREA": CodeList(id="CL_AREA", codes=(Code(id="X9", name={"en": "=3"}),))}
    book = written(*rows, row(REF_AREA="X9"), origins=(origin,), notes=("=4",), codes=own)
    cells = [cell for page in book for line in page.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert not any(cell.hyperlink for cell in cells)
    texts = {cell.value for cell in cells if isinstance(cell.value, str)}
    assert set(FORMULAS) <= texts
    assert {"=1+1", "=2", "=3", "=4", "@x"} <= texts


def test_codes_stay_text_and_figures_are_numbers():
    page = written(row(OBS_VALUE=0.1 + 0.2, UNIT_MULT=3))["Data"]
    header, values = (list(line) for line in page.values)
    found = dict(zip(header, values, strict=True))
    assert found == {
        "INDICATOR": "SEATS",
        "REF_AREA": "004",
        "TIME_PERIOD": "2019",
        "OBS_VALUE": 0.1 + 0.2,
        "UNIT_MULT": 3,
    }


def test_sheets_say_what_the_data_are():
    names = {"en": "North", "vi": "Bắc"}
    own = {"CUST_BREAKDOWN": CodeList(id="CL_CUST_BREAKDOWN", codes=(Code(id="N", name=names),))}
    origin = Origin(producer="NSO", title="Survey", published=date(2024, 5, 2))
    rows = (row(CUST_BREAKDOWN="N"), row(APPRAISAL="SUPPLEMENTARY"), row(INDICATOR="5.5.1"))
    book = written(*rows, codes=own, origins=(origin,))
    assert book.sheetnames == ["About", "Metadata", "Data", "Codelists"]
    about = {line[0]: line[1] for line in book["About"].values}
    assert about["Published"] == "2024-05-02"
    assert about["Content"] == "3 observations of 2 indicators in 1 area of 2019."
    assert about["Appraisal"].startswith("SUPPLEMENTARY: ")
    columns = {line[0] for line in book["Metadata"].values}
    assert {"CUST_BREAKDOWN", "OBS_VALUE", "APPRAISAL"} <= columns
    listed = [line[:2] for line in book["Codelists"].values]
    assert ("CUST_BREAKDOWN", "N") in listed
    assert ("INDICATOR", "5.5.1") in listed
    header = next(book["Codelists"].values)
    assert {"Name (en)", "Name (vi)"} <= set(header)


def test_readers_that_stream_see_every_row():
    file = io.BytesIO()
    rows = [row(TIME_PERIOD=str(year)) for year in range(1900, 1950)]
    write_excel(outgoing_of(Dataset(table=table(*rows))), file)
    book = openpyxl.load_workbook(io.BytesIO(file.getvalue()), read_only=True)
    assert len(list(book["Data"].values)) == 51


@pytest.mark.parametrize(
    "text", ["#N/A", "#REF!", "=1+1", "a\rb", "_x0041_", "a \x0b b", " a ", "a\nb\tc", "a & <b>"]
)
def test_any_text_is_read_back(text):
    file = io.BytesIO()
    write_excel(outgoing_of(Dataset(table=table(row(COMMENT_OBS=text)))), file)
    found = read_sheet(file.getvalue(), subject="book.xlsx", sheet="Data")
    assert found["COMMENT_OBS"].to_list() == [text]


@pytest.mark.parametrize("text", ["#N/A", "#DIV/0! in the source"])
def test_a_workbook_is_read_back_without_a_word_on_its_sheets(text):
    file = io.BytesIO()
    given = table(row(COMMENT_OBS=text), row(SEX="F", OBS_VALUE=None, VALUE_TEXT="#N/A"))
    write_excel(outgoing_of(Dataset(table=given)), file)
    found = read_dataset(Source(name="book.xlsx", content=file.getvalue())).table
    assert found.to_dicts() == given.to_dicts()


def test_a_text_too_long_is_refused_with_its_place():
    with pytest.raises(InputError) as caught:
        written(row(), row(COMMENT_OBS="x" * 40_000))
    assert str(caught.value) == (
        "the workbook has 1 problem:\n  sheet Data, row 3, COMMENT_OBS: found 40,000 characters, "
        "expected at most 32,767 in a cell"
    )


def test_a_note_too_long_is_refused_with_its_place():
    with pytest.raises(InputError, match="sheet About, row 5, These data: found 40,000 characters"):
        written(row(), notes=("x" * 40_000,))


def test_more_rows_than_a_sheet_are_refused_with_advice(monkeypatch):
    monkeypatch.setattr(excel, "ROWS_OF_SHEET", 3)
    assert written(row(), row())["Data"].max_row == 3
    with pytest.raises(InputError, match="found 3 observations, expected at most 2 in a sheet; wr"):
        written(row(), row(), row())
