"""Numbers that do not follow those before."""

import pytest

from everycount.model.review import Clause
from everycount.policy.passage_order import out_of_order


def told(*numbers, kind="article"):
    clauses = [
        Clause(
            number=number,
            kind=kind,
            label="",
            text="It is.",
            parent=number.rpartition(".")[0],
            page=at,
        )
        for at, number in enumerate(numbers, 1)
    ]
    return out_of_order(clauses)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (["1", "2", "2A", "3", "7"], ()),
        (["1", "2", "4", "3", "5"], ("page 4, 3: number 3 after 4",)),
        (["2", "1", "3"], ("page 2, 1: number 1 after 2",)),
        (["1", "2", "1~2", "2~2"], ()),
        (["1", "2", "2~2"], ("page 3, 2: number 2 after 2",)),
        (["2A", "2"], ("page 2, 2: number 2 after 2A",)),
    ],
)
def test_numbers_out_of_order_are_told(numbers, expected):
    assert told(*numbers) == expected


def test_chapters_begin_again_in_each_part():
    assert told("part-1.chapter-1", "part-1.chapter-2", "part-2.chapter-1", kind="chapter") == ()
    assert told("part-1.chapter-2", "part-1.chapter-1", kind="chapter") == (
        "page 2, 1: number 1 after 2",
    )


def test_points_and_paragraphs_are_not_counted():
    assert told("0.2", "0.1", kind="paragraph") == ()
