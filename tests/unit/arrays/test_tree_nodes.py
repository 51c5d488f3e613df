import numpy as np
import pytest

from everycount.arrays.tree_nodes import (
    Condition,
    Growth,
    Node,
    Split,
    Tree,
    escap_growth,
    furthest,
    last_reached,
    leaf_of,
    satisfies,
)


def node(number, mean, weight=1.0, split=None, path=()):
    return Node(
        number=number,
        n=10,
        weight=weight,
        share=weight,
        mean=mean,
        deviance=0,
        path=path,
        split=split,
        children=None if split is None else (2 * number, 2 * number + 1),
    )


def stump(*leaves):
    return Tree(nodes=tuple(leaves))


BELOW = Condition(column=1, codes=(1, 2), side="below", threshold=3.0)
ABOVE = Condition(column=1, codes=(4,), side="above", threshold=3.0)
WEST = Condition(column=0, codes=(0, 5))
EAST = Condition(column=0, codes=(3,))


def tree():
    """The more of column 1 the worse; of those with little, column 0 is asked."""
    root = Split(left=ABOVE, right=BELOW, improvement=0.5)
    place = Split(left=EAST, right=WEST, improvement=0.5)
    return stump(
        node(1, 0.5, split=root),
        node(2, 0.1, path=(ABOVE,)),
        node(3, 0.7, split=place, path=(BELOW,)),
        node(6, 0.6, path=(BELOW, EAST)),
        node(7, 0.9, path=(BELOW, WEST)),
    )


def test_leaves_are_found_by_codes():
    codes = np.array([[0, 4], [3, 2], [5, 1], [0, 2]])
    np.testing.assert_array_equal(leaf_of(tree(), codes), [2, 6, 7, 7])


def test_code_between_those_seen_goes_by_the_threshold():
    # Between 2 and 4 lies 3, which is not below the midpoint.
    np.testing.assert_array_equal(leaf_of(tree(), np.array([[3, 3], [3, 0], [3, 99]])), [2, 6, 2])


def test_rows_that_no_branch_takes_have_no_leaf_but_a_last_node():
    codes = np.array([[1, 2], [-1, 2], [0, -1], [-1, 4]])
    np.testing.assert_array_equal(leaf_of(tree(), codes), [-1, -1, -1, 2])
    np.testing.assert_array_equal(last_reached(tree(), codes), [3, 3, 1, 2])


def test_codes_may_be_far_below_zero_where_missing():
    np.testing.assert_array_equal(leaf_of(tree(), np.array([[-99, -5]])), [-1])


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (BELOW, [False, True, True, False]),
        (ABOVE, [False, False, False, True]),
        (WEST, [False, True, False, False]),
    ],
)
def test_conditions_let_pass(condition, expected):
    assert satisfies(np.array([-1, 0, 1, 3]), condition).tolist() == expected


def test_column_of_a_split_is_that_of_its_conditions():
    assert tree().nodes[0].split.column == 1


def test_furthest_behind_has_the_lowest_mean_of_an_opportunity_and_the_highest_of_a_barrier():
    ends = furthest(tree())
    assert (ends.behind.number, ends.ahead.number) == (2, 7)
    ends = furthest(tree(), outcome="barrier")
    assert (ends.behind.number, ends.ahead.number) == (7, 2)


def test_of_equal_means_the_larger_weight_is_furthest():
    leaves = [
        node(4, 0.1 + 0.2, weight=1),
        node(5, 0.3, weight=2),
        node(6, 0.9, weight=2),
        node(7, 0.9, weight=2),
        node(8, 0.9, weight=1),
    ]
    ends = furthest(stump(*leaves))
    assert (ends.behind.number, ends.ahead.number) == (5, 6)
    ends = furthest(stump(*leaves[::-1]))
    assert (ends.behind.number, ends.ahead.number) == (5, 6)


def test_tree_of_one_node_is_its_own_behind_and_ahead():
    ends = furthest(stump(node(1, 0.4)))
    assert ends.behind is ends.ahead


@pytest.mark.parametrize(
    ("rows", "circumstances", "smallest"),
    [(8348, "usual", 8348 / 11), (8348, "identity", 8348 / 19), (300, "usual", 49)],
)
def test_escap_growth(rows, circumstances, smallest):
    found = escap_growth(rows, circumstances=circumstances)
    assert found == Growth(
        cp=1 / rows, depth=6, smallest_leaf=smallest, smallest_split=2 * smallest
    )


def test_growth_without_sense_is_refused_whole():
    with pytest.raises(ValueError, match=r"found -1") as caught:
        Growth(cp=-1, depth=31, smallest_leaf=0.5, smallest_split=np.nan)
    assert str(caught.value) == (
        "cp: found -1, expected 0 or more; depth: found 31, expected 0 to 30; "
        "smallest_leaf: found 0.5, expected 1 or more; "
        "smallest_split: found nan, expected 1 or more"
    )
