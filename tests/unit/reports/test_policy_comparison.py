"""The comparison of linked indicators, a row for each pair."""

from everycount.model.gap import GapTable
from everycount.reports.policy_comparison import by_pair

COLUMNS = ("issue", "indicator", "held against", "part", "is", "in words", "suggestion")


def table(*rows):
    return GapTable(
        id="comparison", title="Compared", finding="2 differ", columns=COLUMNS, rows=rows, of=3
    )


def test_each_pair_has_one_row_with_its_issues_and_parts():
    found = by_pair(
        table(
            ("1", "a", "x", "as a whole", "related", "few words", ""),
            ("1", "a", "x", "age", "narrower", "15-49 against 15+", ""),
            ("1", "a", "x", "unit", "different", "% against number", ""),
            ("1", "a", "y", "as a whole", "exact", "the same words", ""),
            ("2", "a", "x", "as a whole", "related", "few words", ""),
            ("2", "a", "x", "age", "narrower", "15-49 against 15+", ""),
        )
    )
    assert found.columns == ("issues", "indicator", "held against", "is", "differences")
    assert found.rows == (
        *(
            ("1, 2", "a", "x", "related",
             "age narrower (15-49 against 15+); unit different (% against number)"),
            ("1", "a", "y", "exact", "the same words"),
        ),
    )  # fmt: skip
    assert (found.finding, found.of) == ("2 differ", 3)


def test_suggestions_have_a_column_where_there_are_any():
    found = by_pair(
        table(
            ("1", "a", "x", "age", "narrower", "15-49 against 15+", "count all ages"),
            ("1", "b", "x", "as a whole", "close", "most words", ""),
        )
    )
    assert found.columns[-1] == "suggestion"
    assert [row[-1] for row in found.rows] == ["count all ages", ""]


def test_no_pair_is_no_row():
    assert by_pair(table()).rows == ()
