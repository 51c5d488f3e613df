from itertools import permutations

import numpy as np
import pytest

from everycount.arrays import opportunity_chance as module
from everycount.arrays.opportunity import opportunity
from everycount.arrays.opportunity_chance import dissimilarity_by_chance
from everycount.errors import MethodError


def rng(seed=1):
    return np.random.default_rng(seed)


def test_expected_is_the_mean_over_all_ways_to_give_out_outcomes():
    y, weight, groups = [1, 0, 0, 1, 0], np.array([1.0, 2, 1, 1, 3]), np.array([0, 0, 1, 1, 1])
    of_group = np.bincount(groups, weight)

    def index(order):
        total = np.bincount(groups, weight * np.array(y)[list(order)])
        return opportunity(of_group, total / of_group).dissimilarity

    every = [index(order) for order in permutations(range(5))]
    found = dissimilarity_by_chance(y, weight, groups, draws=4000, rng=rng())
    assert found.reported == pytest.approx(index(range(5)))
    assert found.expected == pytest.approx(np.mean(every), abs=4 * found.standard_error)
    assert found.standard_error == pytest.approx(np.std(every) / 4000**0.5, rel=0.1)
    assert found.excess == found.reported - found.expected
    share = np.mean(np.array(every) >= found.reported - 1e-12)
    assert found.p_value == pytest.approx(share, abs=0.05)


def test_many_small_groups_that_do_not_differ_have_no_excess():
    y, groups = rng(5).random(2000) < 0.3, np.arange(2000) // 5
    found = dissimilarity_by_chance(y, np.ones(2000), groups, rng=rng())
    assert found.reported > 0.2
    assert abs(found.excess) < 0.03


def test_groups_that_differ_have_an_excess():
    groups = np.arange(2000) // 200
    y = rng(5).random(2000) < 0.09 * groups
    found = dissimilarity_by_chance(y, np.ones(2000), groups, rng=rng())
    assert found.excess > 0.2
    assert found.p_value == pytest.approx(1 / 201)


def clustered():
    """PSUs that differ from each other, in regions of ten PSUs that do not."""
    psu = np.arange(2000) // 20
    chance = rng(8).choice([0.05, 0.95], 100)[psu]
    return rng(9).random(2000) < chance, psu, psu // 10


def test_clustered_outcomes_make_more_of_chance():
    y, psu, region = clustered()
    alone = dissimilarity_by_chance(y, np.ones(2000), region, rng=rng())
    together = dissimilarity_by_chance(y, np.ones(2000), region, psu=psu, rng=rng())
    assert alone.reported == together.reported
    assert together.expected > 2.5 * alone.expected
    assert alone.p_value < 0.01
    assert together.p_value > 0.05


def test_psus_of_one_row_are_rows():
    y, _, region = clustered()
    one = dissimilarity_by_chance(y, np.ones(2000), region, rng=rng())
    other = dissimilarity_by_chance(y, np.ones(2000), region, psu=np.arange(2000) + 7, rng=rng())
    assert one == other


def test_whole_psus_give_to_one_other_as_evenly_as_their_sizes_allow():
    unit = np.array([2, 0, 0, 1, 2, 0, 1, 0, 0])  # 5, 2 and 2 rows
    partners = set()
    for seed in range(30):
        donors = module._donors(unit, rng(seed))
        givers = [np.unique(unit[donors[unit == receiver]]) for receiver in range(3)]
        assert sorted(np.concatenate(givers)) == [0, 1, 2]  # one each, and nobody twice
        partners.add(str(givers))
        for receiver, giver in enumerate(givers):
            times = np.bincount(donors[unit == receiver], minlength=9)[unit == giver]
            assert np.ptp(times) <= 1
    assert len(partners) == 6


def test_order_within_psus_is_random():
    unit = np.zeros(5, int)
    orders = {tuple(module._donors(np.r_[unit, 1], rng(seed))) for seed in range(20)}
    assert len(orders) > 10


def test_rows_in_no_group_have_no_part():
    y, _, region = clustered()
    region = np.where(np.arange(2000) < 500, -1, region)
    found = dissimilarity_by_chance(y, np.ones(2000), region, rng=rng())
    inside = dissimilarity_by_chance(y[500:], np.ones(1500), region[500:], rng=rng())
    assert found == inside


def test_barrier_is_measured_on_its_complement():
    y, _, region = clustered()
    one = dissimilarity_by_chance(y, np.ones(2000), region, outcome="barrier", rng=rng())
    other = dissimilarity_by_chance(~y, np.ones(2000), region, rng=rng())
    assert one == other


def test_outcome_that_nobody_has_is_never_unequal():
    found = dissimilarity_by_chance([0, 0], [1, 1], [0, 1], draws=2, rng=rng())
    assert (found.reported, found.expected, found.excess, found.p_value) == (0, 0, 0, 1)


def test_outcome_outside_its_domain_is_refused():
    with pytest.raises(MethodError, match="expected 0 or more"):
        dissimilarity_by_chance([-1, 0], [1, 1], [0, 1], rng=rng())


@pytest.mark.parametrize(
    ("y", "groups", "draws", "message"),
    [
        ([1, 0], [0, 1, 1], 9, "expected one shape and at least one row"),
        ([1, 0], [-1, -1], 9, "0 rows in a group"),
        ([1, 0], [0, 1], 1, "draws: found 1, expected at least 2"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(y, groups, draws, message):
    with pytest.raises(ValueError, match=message):
        dissimilarity_by_chance(y, [1, 1], groups, draws=draws, rng=rng())
