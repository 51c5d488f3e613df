import datetime as dt

import pytest

from everycount.io.review_workbook_cells import (
    ABOUT,
    CLAUSE,
    CONCEPTS,
    CROSSINGS,
    DAY,
    GROUPS,
    NUMBER,
    YEAR,
    Known,
    Misread,
    cell_text,
    choice,
    is_same_number,
    shown,
)
from everycount.model.issue import Tag

KNOWN = Known(
    groups=("women", "girls"),
    concepts=("access", "access 3"),
    issues=("11.1",),
    clauses=("11",),
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "TRUE"),
        (5, "5"),
        (5.0, "5"),
        (0.1 + 0.2, "0.3"),
        (1e300, "1e+300"),
        (" a\r\nb\rc ", "a\nb\nc"),
        (dt.date(2026, 11, 22), "2026-11-22"),
        (dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC), "2026-11-22T09:30:00+00:00"),
        (dt.time(9, 30), "09:30:00"),
        (dt.timedelta(hours=1), "1:00:00"),
    ],
)
def test_cell_is_read_as_text_whatever_saved_it(value, text):
    assert cell_text(value) == text


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        (choice(("yes", "no"), empty=True), "", None),
        (choice(("yes", "no"), empty=True), "NO", "no"),
        (NUMBER, "", None),
        (NUMBER, "-1.5e3", -1500.0),
        (YEAR, "", None),
        (YEAR, "2030", 2030),
        (DAY, "", ""),
        (DAY, "2026-11", "2026-11"),
        (CLAUSE, "", ""),
        (ABOUT, "", ""),
        (ABOUT, "11.1 core@1 5", "11.1 core@1 5"),
        (CROSSINGS, " sex ;; sex X age; sex", (("sex",), ("sex", "age"))),
        (GROUPS, "girls; girls", (Tag(code="girls"),)),
        (CONCEPTS, "access 3", (Tag(code="access", grade=3),)),
        (CONCEPTS, "access 3 1; access", (Tag(code="access 3", grade=1), Tag(code="access"))),
    ],
)
def test_cell_says_a_value(form, text, value):
    assert form.read(text, None, KNOWN) == value


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        (choice(("yes", "no")), "", "one of yes, no"),
        (choice(("yes", "no"), empty=True), "y", "one of yes, no or nothing"),
        (NUMBER, "12,5", "a number such as 12.5"),
        (YEAR, "next", "a whole number such as 2030"),
        (DAY, "2026-13", "a date such as 2027, 2027-03 or 2027-03-01"),
        (CROSSINGS, "sex x ", "characteristics such as sex; sex x urbanisation, none of them"),
        (GROUPS, "girl", "'girl' is none, but one of girls, women; nearest is girls"),
        (CLAUSE, "12", "one of the clauses of the review: 11"),
        (ABOUT, "12 core@1 5", "one of the issues of the review: 11.1"),
    ],
)
def test_cell_that_says_something_else_is_told(form, text, expected):
    with pytest.raises(Misread) as error:
        form.read(text, None, KNOWN)
    assert expected in str(error.value)


def test_half_of_a_pair_of_utf_16_is_shown_as_the_file_has_it():
    assert shown("a\ud800b") == "a?b"


def test_tag_keeps_its_grade_where_a_cell_says_none():
    before = (Tag(code="access", grade=4),)
    assert CONCEPTS.read("access", before, KNOWN) == before


def test_numbers_are_the_same_to_the_digits_that_programs_keep():
    assert is_same_number("0.123456789012345", "0.123456789012346")
    assert not is_same_number("0.12", "0.13")
    assert not is_same_number("", "0.13")
