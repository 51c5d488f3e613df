from everycount.model.document import Span
from everycount.policy.flow import flow_of
from everycount.policy.lines import Line, Table
from everycount.policy.rows import rows_of


def flow_with(*rows):
    """A flow of one table; each cell is a text."""
    source, placed = "", []
    for row in rows:
        cells = []
        for text in row:
            at = len(source)
            source += text + "|"
            cell = (Line(text=text, page=1, start=at, end=at + len(text)),) if text else ()
            cells.append(cell)
        placed.append(tuple(cells))
    return flow_of([Table(page=1, rows=tuple(placed))], [source]), source


def texts(flow, parent=""):
    return [row.text for row in rows_of(flow, 0, 0, parent=parent)]


def test_rows_of_a_table_carry_the_words_above_their_columns():
    flow, source = flow_with(
        ["Target", "Baseline 2020", "2025"], ["Seats held by women", "12 %", "20 %"]
    )

    (row,) = rows_of(flow, 0, 0, parent="3")

    assert row.text == "Target: Seats held by women; Baseline 2020: 12 %; 2025: 20 %"
    assert (row.number, row.kind, row.parent) == ("3.table-1.row-1", "row", "3")
    assert [source[span.start : span.end] for span in row.spans] == [
        "Target",
        "Seats held by women",
        "Baseline 2020",
        "12 %",
        "2025",
        "20 %",
    ]
    assert row.spans[0] == Span(page=1, start=0, end=6)


def test_rows_of_a_table_that_begins_with_figures_have_no_header():
    flow, _ = flow_with(["Seats", "12 %"], ["Judges", "25-30 %"])

    assert texts(flow) == ["Seats; 12 %", "Judges; 25-30 %"]


def test_rows_of_a_table_with_long_first_cells_have_no_header():
    flow, _ = flow_with(["A sentence, " * 9, "b"], ["c", "d"])

    assert texts(flow)[1] == "c; d"


def test_rows_of_one_row_have_no_header():
    flow, _ = flow_with(["Target", "Value"])

    assert texts(flow) == ["Target; Value"]


def test_rows_below_a_row_of_one_cell_have_it_as_heading():
    flow, _ = flow_with(
        ["Target", "2025"], ["Objective 1: Voice", ""], ["1.1 Seats", "20 %"], ["", ""]
    )

    group, row = rows_of(flow, 0, 0, parent="")

    assert (group.text, group.heading, group.label) == ("Objective 1: Voice", "", "Objective 1")
    assert (row.heading, row.label, row.number) == ("Objective 1: Voice", "1.1", "table-1.row-2")


def test_rows_longer_than_the_header_keep_their_cells():
    flow, _ = flow_with(["Target", "2025"], ["Seats", "20 %", "half"])

    assert texts(flow) == ["Target: Seats; 2025: 20 %; half"]


def test_rows_are_labelled_as_they_number_themselves():
    flow, _ = flow_with(
        ["Target", "2025"], ["Target 1: a", "b"], ["2. a", "b"], ["12 women", "b"], ["3", "b"]
    )

    labels = [row.label for row in rows_of(flow, 0, 0, parent="")]

    assert labels == ["Target 1", "2", "", "3"]


def test_rows_of_a_table_without_words_are_none():
    flow, _ = flow_with(["", ""])

    assert texts(flow) == []


def test_rows_of_a_piece_without_a_table_are_none():
    flow = flow_of([Line(text="one", page=1, start=0, end=3)], ["one"])

    assert list(rows_of(flow, 0, 3, parent="1")) == []
