import numpy as np
import pytest

from everycount.arrays.replicate import replicate_df
from everycount.survey.patterns import Patterns


def pattern_of(cells, weights, **more):
    patterns = Patterns(**more)
    for at in range(0, len(cells), 7):
        patterns.add(np.array(cells[at : at + 7]), np.array(weights[at : at + 7], float))
    return patterns


def degrees(patterns, groups, number):
    """Degrees of freedom of groups of joint cells, and of all of them in a second table."""
    into = np.array(groups)[patterns.cells]
    return patterns.df([into, np.full(len(into), number)], number + 1).tolist()


def test_degrees_of_freedom_are_the_rank_of_the_weights_of_each_group():
    rng = np.random.default_rng(2)
    units = rng.choice([0.0, 1.0, 2.0], (12, 9))
    at = rng.integers(0, 12, 200)
    cells = rng.integers(0, 6, 200)
    weights = units[at] * rng.uniform(1, 9, 200)[:, None]
    groups = [0, 0, 1, 2, 2, 1]
    patterns = pattern_of(cells, weights)
    inside = [np.isin(cells, np.flatnonzero(np.array(groups) == each)) for each in range(3)]
    wanted = [replicate_df(weights[rows]) for rows in inside]
    assert degrees(patterns, groups, 3) == [*wanted, replicate_df(weights)]
    assert len(patterns.weights) == 12  # one for a unit, whatever the size of its weights


def test_groups_of_few_degrees_among_many_patterns():
    """Looking at some patterns is not enough where they fall short of the rank of all."""
    plane = [[1.0, share, 0.0] for share in np.linspace(0.1, 0.9, 9)]
    solid = [[0.1 * a, 1.0, 0.1 * b] for a, b in zip(range(1, 10), [3, 1, 4, 9, 5, 2, 6, 8, 7],
                                                     strict=True)]  # fmt: skip
    patterns = pattern_of([0] * 9 + [1] * 9, plane + solid)
    assert degrees(patterns, [0, 1], 2) == [1, 2, 2]


def test_rows_without_weight_and_no_rows():
    patterns = pattern_of([0, 1, 1], [[0, 0, 0], [1, 2, 0], [0, 0, 3]])
    assert patterns.cells.tolist() == [1, 1]
    assert degrees(patterns, [0, 1], 2) == [0, 1, 1]
    assert degrees(pattern_of([0], [[0, 0]]), [0], 1) == [0, 0]


@pytest.mark.parametrize("spread", [1, 4, 60])
def test_beyond_the_room_degrees_are_too_low_at_worst_and_not_lost(spread):
    """In one joint cell, in some, or in as many as there are rows."""
    rng = np.random.default_rng(4)
    weights = rng.uniform(0, 1, (60, 8))
    cells = np.arange(60) % spread
    order = rng.permutation(60)
    room = 30 * 8
    patterns = pattern_of(cells[order], weights[order], room=room)
    assert patterns.weights.size <= room
    full = pattern_of(cells, weights)
    own, true = (degrees(each, [0] * spread, 1) for each in (patterns, full))
    assert true == [7, 7]
    assert own == [7, 7]
    tiny = pattern_of(cells, weights, room=3)
    assert len(tiny.marks) == 1
    assert degrees(tiny, [0] * spread, 1) == [0, 0]
