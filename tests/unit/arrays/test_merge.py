"""Levels to be joined, against joins made by hand."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from everycount.arrays.disclose import MinimumAnswers, MinimumRespondents, Rules
from everycount.arrays.lattice import Lattice, cross
from everycount.arrays.merge import Merge, join_levels, propose_merges

FIVE = Rules(respondents=MinimumRespondents(least=5))


def test_joined_levels_are_added_in_the_order_of_the_groups():
    lattice = Lattice(levels=(3, 2, 2), crossings=((0, 1),))
    tables = np.random.default_rng(1).integers(0, 9, (2, 12))
    groups = [((2,), (0, 1)), ((0,), (1,)), ((0, 1),)]
    small, joined = join_levels(lattice, tables, groups)
    assert (small.levels, small.crossings) == ((2, 2, 1), ((0, 1),))
    whole = tables.reshape(2, 3, 2, 2).sum(axis=3)
    wanted = np.stack([whole[:, 2], whole[:, 0] + whole[:, 1]], axis=1)
    assert_array_equal(joined, wanted.reshape(2, 4))


def test_the_smallest_level_joins_the_neighbour_of_whom_least_is_lost():
    table = [[60, 50, 3, 1, 20, 20, 40, 30]]
    (found,) = propose_merges(cross((4, 2)), table, FIVE, ordered=(True, True))
    assert found == Merge(
        characteristic=0,
        levels=(1, 2),
        before=3,
        after=0,
        lost=pytest.approx((4 * np.log2(44 / 4) + 40 * np.log2(44 / 40)) / 224),
    )


def test_nominal_levels_join_declared_partners_only():
    lattice, table = cross((4, 2)), [[60, 50, 3, 1, 20, 20, 40, 30]]
    assert propose_merges(lattice, table, FIVE, ordered=(False, False)) == ()
    partners = [(0, 3, 1), (0, 2, 2), (1, 0, 1)]
    (found,) = propose_merges(lattice, table, FIVE, ordered=(False, False), partners=partners)
    assert found.levels == (1, 3)
    # two that are large and alike cost more than they bring beside the neighbour
    both = propose_merges(lattice, table, FIVE, ordered=(True, False), partners=partners)
    assert both[0].levels == (1, 2)


def test_dear_levels_are_joined_last():
    lattice, table = cross((4, 2)), [[60, 50, 3, 1, 20, 20, 40, 30]]
    cost = [[1, 1, 100, 1], [1, 1]]
    (found,) = propose_merges(lattice, table, FIVE, ordered=(True, False), cost=cost)
    assert found.levels == (0, 1)


def test_a_later_merge_may_contain_an_earlier():
    table = [[60, 50, 1, 0, 1, 1, 2, 30]]
    found = propose_merges(cross((4, 2)), table, FIVE, ordered=(True, False), gain=0.0)
    assert [each.levels for each in found] == [(1, 2), (1, 2, 3)]
    assert [each.after for each in found] == [each.before for each in found[1:]] + [1]
    assert len(propose_merges(cross((4, 2)), table, FIVE, ordered=(True, False), limit=1)) == 1


def test_levels_of_nobody_are_merged_away_where_empty_cells_count():
    rules = Rules(respondents=MinimumRespondents(least=5, empty="unsafe"))
    found = propose_merges(cross((3,)), [[20, 0, 30]], rules, ordered=(True,))
    assert found == (Merge(characteristic=0, levels=(0, 1), before=1, after=0, lost=0.0),)


def test_merges_that_bring_little_are_not_proposed():
    table = [[60, 50, 3, 1, 20, 20, 40, 30]]
    assert propose_merges(cross((4, 2)), table, FIVE, ordered=(True, True), gain=1.1) == ()
    assert propose_merges(cross((4, 2)), [[9] * 8], FIVE, ordered=(True, True)) == ()


def test_two_levels_stay_two():
    assert propose_merges(cross((2, 2)), [[1, 50, 50, 50]], FIVE, ordered=(True, True)) == ()


def test_answers_count_as_well():
    tables = [[0, 9, 9], [9, 9, 9]]
    rules = Rules(answers=MinimumAnswers(least=1))
    (found,) = propose_merges(cross((3,)), tables, rules, ordered=(True,))
    assert (found.levels, found.after) == ((0, 1), 0)


@pytest.mark.parametrize(
    ("ordered", "cost"), [((True,), None), ((True, True), [[1, 1]]), ((True, True), [[1, 1], [1]])]
)
def test_flags_and_costs_fit_the_characteristics(ordered, cost):
    with pytest.raises(ValueError, match=r"characteristics of \[2, 2\] levels"):
        propose_merges(cross((2, 2)), [[1, 2, 3, 4]], FIVE, ordered=ordered, cost=cost)
