"""A handbook goes into a workbook and comes back with what people wrote."""

import io

import openpyxl
import pytest

from everycount.errors import InputError
from everycount.io.handbook_workbook import handbook_workbook, read_handbook_workbook
from everycount.io.handbooks import load_preset
from everycount.model.handbook import Entry, Handbook, Text
from everycount.repository.handbook import compare_handbooks

PRESET = load_preset("sdg")
LONG = "=1+1 " + "word " * 9_000
BOOK = Handbook(
    id="h",
    version="1",
    title={"en": "H"},
    framework="f@1",
    languages=("en", "vi"),
    entries=(
        Entry(
            indicator="I.1",
            title={"en": "Hours"},
            fields={
                "code": {"en": Text(text="1")},
                "unit": {"en": Text(text="hours"), "vi": Text(text="giờ", state="approved")},
                "concept": {"en": Text(text=LONG)},
                "proxy": {"en": Text(text="none")},
            },
        ),
        Entry(indicator="I.2"),
    ),
)


def opened(tmp_path, change=lambda book: None, content=None):
    """Return what comes back from a workbook after a change."""
    place = tmp_path / "book.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(content or handbook_workbook(BOOK, PRESET)))
    change(book)
    book.save(place)
    return read_handbook_workbook(place, by="Lan", date="2026-11-22")


def rows(book):
    """Return the rows of the sheet by indicator and field."""
    return {(row[0].value, row[1].value): row for row in book["Texts"].iter_rows(min_row=2)}


def test_a_workbook_nobody_wrote_in_changes_nothing(tmp_path):
    found = opened(tmp_path)
    assert found.base == found.theirs == BOOK
    assert found.notices == ()
    assert handbook_workbook(BOOK, PRESET) == handbook_workbook(BOOK, PRESET)


def test_texts_and_states_come_back(tmp_path):
    def change(book):
        row = rows(book)["I.1", "unit"]
        row[5].value = "hours a day"
        rows(book)["I.2", "unit"][7].value = "giờ"
        rows(book)["I.2", "unit"][8].value = "Reviewed"
        rows(book)["I.1", "concept"][6].value = "approved"

    found = opened(tmp_path, change)
    first, second = found.theirs.entries
    assert first.fields["unit"]["en"] == Text(text="hours a day", by="Lan", date="2026-11-22")
    assert first.fields["concept"]["en"] == Text(text=LONG, state="approved")
    assert second.fields["unit"]["vi"] == Text(
        text="giờ", state="reviewed", by="Lan", date="2026-11-22"
    )
    assert [each.field for each in compare_handbooks(found.base, found.theirs)] == ["unit", "unit"]


def test_an_approved_text_that_changed_is_a_draft_again(tmp_path):
    found = opened(tmp_path, lambda book: setattr(rows(book)["I.1", "unit"][7], "value", "tiếng"))
    text = found.theirs.entries[0].fields["unit"]["vi"]
    assert (text.state, text.of) == ("draft", "hours")


def test_the_end_of_a_long_text_stays(tmp_path):
    def change(book):
        cell = rows(book)["I.1", "concept"][5]
        assert cell.data_type == "s"
        cell.value = cell.value.replace("=1+1", "Two", 1)

    text = opened(tmp_path, change).theirs.entries[0].fields["concept"]["en"].text
    assert text.startswith("Two word")
    assert len(text) > 40_000


def test_a_text_that_was_emptied_is_empty_and_a_state_without_text_says_nothing(tmp_path):
    def change(book):
        rows(book)["I.1", "unit"][5].value = None
        rows(book)["I.2", "unit"][6].value = "draft"

    found = opened(tmp_path, change)
    assert found.theirs.entries[0].fields["unit"]["en"].text == ""
    assert found.theirs.entries[1] == BOOK.entries[1]


def test_every_fault_is_told_with_its_row(tmp_path):
    def change(book):
        sheet = book["Texts"]
        sheet["A2"] = "I.9"
        sheet["B3"] = "wind"
        sheet["B5"] = sheet["B4"].value
        sheet["G6"] = "done"
        sheet.append([])

    with pytest.raises(InputError) as found:
        opened(tmp_path, change)
    told = [(each.where, each.found) for each in found.value.problems]
    assert told == [
        ("sheet Texts, row 2", "the indicator 'I.9'"),
        ("sheet Texts, row 3", "the field 'wind'"),
        ("sheet Texts, row 5", "I.1, name again"),
        ("sheet Texts, row 6, en state", "'done'"),
    ]


def test_further_columns_are_noted_and_lacking_ones_refused(tmp_path):
    found = opened(tmp_path, lambda book: setattr(book["Texts"]["J1"], "value", "mood"))
    assert found.notices == ("sheet Texts: columns not read: 'mood'",)
    with pytest.raises(InputError, match="sheet Texts, header: found no column field"):
        opened(tmp_path, lambda book: setattr(book["Texts"]["B1"], "value", "x"))
    with pytest.raises(InputError, match="no column indicator, field"):
        opened(tmp_path, lambda book: setattr(book["Texts"], "title", "Words"))


def test_empty_rows_are_passed_over(tmp_path):
    def change(book):
        book["Texts"]["A90"] = " "

    assert opened(tmp_path, change).theirs == BOOK


def test_a_hidden_sheet_that_is_gone_or_changed_is_refused(tmp_path):
    with pytest.raises(InputError, match="sheet everycount: found nothing"):
        opened(tmp_path, lambda book: book.remove(book["everycount"]))
    with pytest.raises(InputError, match="sheet everycount: found another one"):
        opened(tmp_path, lambda book: setattr(book["everycount"]["A3"], "value", "%%"))
    with pytest.raises(InputError, match="sheet everycount: found another one"):
        opened(tmp_path, lambda book: setattr(book["everycount"]["A2"], "value", "0"))
    with pytest.raises(InputError, match="sheet everycount: found another one"):
        opened(tmp_path, lambda book: setattr(book["everycount"]["A1"], "value", "0"))


def test_standard_input_is_called_so(monkeypatch):
    import sys

    class Fake:
        buffer = io.BytesIO(b"no workbook")

    monkeypatch.setattr(sys, "stdin", Fake)
    with pytest.raises(InputError, match="standard input"):
        read_handbook_workbook("-", by="Lan", date="2026")
