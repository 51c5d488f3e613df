"""A workbook whose column of decisions was sorted without the other columns."""

import io

import openpyxl
import pytest

from everycount.errors import InputError
from everycount.io.review_workbook import read_workbook, workbook_bytes
from everycount.model.issue import Decision, Issue
from everycount.model.review import PolicyText, Review
from everycount.model.supply import Catalogue
from everycount.model.vocabulary import Vocabulary

STATUSES = ("rejected", "proposed", "accepted", "rejected", "accepted")


@pytest.fixture
def book(tmp_path):
    """Return what writes a workbook with the decisions of its five issues put otherwise."""
    issues = tuple(
        Issue(
            id=str(number),
            passage="",
            action=f"do {number}",
            decision=Decision(status=status, by="" if status == "proposed" else "Hoa"),
        )
        for number, status in enumerate(STATUSES, 1)
    )
    review = Review(
        title="Law",
        policy=PolicyText(name="law.txt", digest="", language="en"),
        vocabulary=Vocabulary(id="own", title={"en": "Own"}, source="us"),
        issues=issues,
    )

    def write(statuses, by=()):
        sheets = openpyxl.load_workbook(io.BytesIO(workbook_bytes(review, Catalogue())))
        page = sheets["Issues"]
        heads = {cell.value: cell.column for cell in page[1]}
        for number, status in enumerate(statuses, 2):
            page.cell(number, heads["Decision"]).value = status
        for number, name in enumerate(by, 2):
            page.cell(number, heads["By"]).value = name
        path = tmp_path / "law.xlsx"
        sheets.save(path)
        return path

    return write


@pytest.mark.parametrize("is_reversed", [False, True])
def test_decisions_sorted_alone_are_refused(book, is_reversed):
    with pytest.raises(InputError) as error:
        read_workbook(book(sorted(STATUSES, reverse=is_reversed)), decided_by="Lan")
    assert "sheet Issues, column Decision: found " in str(error.value)
    assert "cells that stood in other rows, expected rows sorted as a whole" in str(error.value)


def test_decisions_that_people_exchanged_are_taken(book):
    statuses = ("accepted", "rejected", "rejected", "accepted", "proposed")
    found = read_workbook(book(statuses), decided_by="Lan").theirs.issues
    assert tuple(issue.decision.status for issue in found) == statuses


def test_decisions_that_people_took_are_taken_though_they_stand_in_order(book):
    found = read_workbook(book(["accepted"] * 5), decided_by="Lan").theirs.issues
    assert {issue.decision.status for issue in found} == {"accepted"}
