"""Patterns of moves: what notices them, and what they cost."""

from itertools import combinations, product

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from everycount.arrays.lattice import Lattice, cross, margins
from everycount.arrays.pattern import (
    PLENTY,
    Cube,
    cells_within,
    patterns,
    price,
    seen_cells,
    supply,
)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4])
def test_patterns_raise_the_target_and_say_what_notices(size):
    distinct = set()
    for pattern in patterns(size):
        cube = np.zeros((2,) * size, int)
        for corner, weight in pattern.changes:
            cube[corner] = weight
        assert cube[(0,) * size] == 1
        distinct.add(cube.tobytes())
        seen = set()
        for count in range(size + 1):
            for places in combinations(range(size), count):
                sums = cube.sum(axis=tuple(k for k in range(size) if k not in places))
                seen |= {(places, c) for c in product((0, 1), repeat=count) if sums[c]}
        assert seen == set(pattern.seen)
    assert len(distinct) == len(patterns(size))


def test_fewer_sums_left_alone_make_more_corners_untouched():
    far = patterns(3)[-1]
    assert dict(far.changes) == {(0, 0, 0): 1, (0, 1, 1): -1, (1, 0, 1): -1, (1, 1, 0): -1} | {
        (1, 1, 1): 2
    }
    assert {len(places) for places, _ in far.seen} == {2, 3}
    assert {len(places) for places, _ in patterns(3)[0].seen} == {3}


@pytest.fixture
def lattice():
    return cross((3, 2, 4, 2), order=3)


def lay(table, cube, pattern, partner, rest, operation):
    """Apply a pattern by hand."""
    changed = table.copy()
    for corner, weight in pattern.changes:
        at = dict(cube.levels) | dict(zip(cube.rest, rest, strict=True))
        for i, k, flipped in zip(cube.own, partner, corner, strict=True):
            at[i] = k if flipped else cube.levels[i]
        for layer, sign in enumerate(operation):
            changed[(layer, *(at[i] for i in range(4)))] += sign * weight
    return changed


CUBES = [
    Cube(own=(0, 1, 2), fixed=(), rest=(3,), levels={0: 2, 1: 0, 2: 1}),
    Cube(own=(0, 2), fixed=(1,), rest=(3,), levels={0: 2, 1: 0, 2: 1}),
    Cube(own=(2,), fixed=(), rest=(0, 1, 3), levels={2: 3}),
    Cube(own=(), fixed=(1, 3), rest=(0, 2), levels={1: 1, 3: 0}),
]


@pytest.mark.parametrize("cube", CUBES)
@pytest.mark.parametrize("operation", [(1, 0), (0, -1), (1, -1)])
def test_supply_and_price_are_those_of_moves_made_by_hand(lattice, cube, operation):
    rng = np.random.default_rng(4)
    tables = rng.integers(0, 4, (2, *lattice.levels))
    prices = np.where(rng.random(lattice.cells) < 0.7, 0.0, rng.random(lattice.cells))
    before = margins(lattice, tables.reshape(2, -1))
    for pattern in patterns(len(cube.own)):
        bring = supply(tables, cube, pattern, operation)
        ask = np.broadcast_to(price(lattice, prices, cube, pattern), bring.shape)
        for place in np.ndindex(bring.shape):
            partner, rest = place[: len(cube.own)], place[len(cube.own) :]
            if any(cube.levels[i] == k for i, k in zip(cube.own, partner, strict=True)):
                assert bring[place] == 0
                continue
            once = lay(tables, cube, pattern, partner, rest, operation) - tables
            possible = [k for k in range(9) if (tables + k * once >= 0).all()]
            assert min(bring[place], 8) == possible[-1]
            moved = margins(lattice, (tables + once).reshape(2, -1)) != before
            cells = seen_cells(lattice, cube, pattern, list(place))
            assert_array_equal(np.flatnonzero(moved.any(axis=0)), sorted(cells))
            assert ask[place] == pytest.approx(prices[cells].sum())


def test_fractions_are_divided_as_fractions():
    cube = Cube(own=(0, 1, 2), fixed=(), rest=(), levels={0: 0, 1: 0, 2: 0})
    tables = np.full((1, 2, 2, 2), 3.0)
    far = patterns(3)[-1]
    assert supply(tables, cube, far, (1,))[1, 1, 1] == 3.0
    assert supply(tables, cube, far, (-1,))[1, 1, 1] == 1.5
    assert supply(tables.astype(int), cube, far, (-1,))[1, 1, 1] == 1


def test_nobody_need_leave_for_a_respondent_to_come():
    cube = Cube(own=(), fixed=(0,), rest=(1,), levels={0: 1})
    found = supply(np.zeros((1, 2, 3), int), cube, patterns(0)[0], (1,))
    assert_array_equal(found, [PLENTY] * 3)


def test_cells_of_some_levels_are_those_of_crossings_within():
    odd = Lattice(levels=(2, 3, 2), crossings=((0,), (0, 1), (1, 2)))
    assert cells_within(odd, {0: 1, 1: 2}) == {(0,): 1, (0, 1): 2 + 5}
