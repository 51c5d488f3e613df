import numpy as np
import pytest

from everycount.arrays.circumstances import collapse
from everycount.arrays.clustered import cluster
from everycount.arrays.linearise import Stage, covariance, domain_df, mean_scores
from everycount.arrays.tree import grow
from everycount.arrays.tree_choice import Size
from everycount.arrays.tree_honest import honest
from everycount.arrays.tree_nodes import furthest, leaf_of

NAN = np.nan
SIZE = Size(depth=2, leaf_share=1 / 11)


def rng(seed=1):
    return np.random.default_rng(seed)


def sample(effect=0.15, rows=1600, seed=3, psus_in_stratum=8):
    draw = rng(seed)
    psu = np.arange(rows) // 10
    codes = np.column_stack([draw.integers(0, 4, rows), draw.integers(0, 3, rows)])
    return {
        "y": (draw.random(rows) < 0.2 + effect * codes[:, 0]).astype(float),
        "weight": draw.uniform(0.5, 2, rows),
        "codes": codes,
        "kinds": ["ordered", "nominal"],
        "psu": psu,
        "stratum": psu // psus_in_stratum,
    }


@pytest.mark.parametrize("outcome", ["opportunity", "barrier"])
def test_groups_come_from_one_half_and_figures_from_the_other(outcome):
    data = sample()
    table = cluster(**data)
    found = honest(table, SIZE, outcome=outcome, rng=rng())
    chosen = found.choosing[table.psu_of_row]
    first, other = (
        {name: data[name][rows] for name in ("y", "weight", "codes")} for rows in (chosen, ~chosen)
    )
    tree = grow(collapse(**first, kinds=data["kinds"]), SIZE.growth(chosen.sum()))
    ends = furthest(tree, outcome=outcome)
    numbers = [node.number for node in tree.nodes]
    assert [node.number for node in found.tree.nodes] == numbers
    assert (found.behind.node.number, found.ahead.node.number) == (
        ends.behind.number,
        ends.ahead.number,
    )
    leaf = leaf_of(tree, other["codes"])
    stage = Stage(units=data["psu"][~chosen], strata=data["stratum"][~chosen])
    scores = []
    for held, node in ((found.behind, ends.behind), (found.ahead, ends.ahead)):
        inside = leaf == node.number
        mean, score = mean_scores(other["y"], other["weight"], inside)
        scores.append(score[:, 0])
        assert held.mean == pytest.approx(mean[0], rel=1e-12)
        error = covariance(score, [stage])[0, 0] ** 0.5
        assert held.standard_error == pytest.approx(error, rel=1e-9)
        assert held.n == inside.sum()
        assert held.psus == len(np.unique(stage.units[inside]))
        assert held.df == domain_df(stage, inside)
        share = other["weight"][inside].sum() / other["weight"].sum()
        assert held.share == pytest.approx(share, rel=1e-12)
    assert found.gap == found.ahead.mean - found.behind.mean
    error = covariance(scores[1] - scores[0], [stage])[0, 0] ** 0.5
    assert found.gap_standard_error == pytest.approx(error, rel=1e-9)
    assert found.unplaced == 0


def test_psus_are_halved_within_strata():
    table = cluster(**sample())
    found = honest(table, SIZE, rng=rng())
    np.testing.assert_array_equal(np.bincount(table.stratum, found.choosing), np.full(20, 4))


def test_two_psus_in_a_stratum_are_estimated_over_merged_strata():
    found = honest(cluster(**sample(psus_in_stratum=2)), SIZE, rng=rng())
    assert found.choosing.sum() == 80
    assert found.behind.standard_error > 0
    # 80 PSUs held back, each alone in its stratum, make 40 pairs; a few have nobody in the leaf.
    assert 20 <= found.behind.df <= 40


def test_half_that_chose_is_optimistic_and_the_other_is_not():
    # Nothing matters: the lowest of the leaves is low by luck, 0.2 is true.
    naive, fair, covered = [], [], []
    for seed in range(60):
        found = honest(cluster(**sample(effect=0.0, seed=seed)), SIZE, rng=rng(seed))
        naive.append(found.behind.node.mean)
        fair.append(found.behind.mean)
        covered.append(abs(found.behind.mean - 0.2) < 2 * found.behind.standard_error)
    assert np.mean(naive) < 0.18
    assert np.mean(fair) == pytest.approx(0.2, abs=0.01)
    assert np.mean(covered) > 0.85


def lopsided(seed):
    """Two PSUs that have no category in common, at 0 and 1 of the outcome within each."""
    codes = np.r_[np.repeat([0, 1], 60), np.repeat([2, 3], 60)]
    table = cluster(
        codes % 2,
        np.ones(240),
        codes[:, None],
        kinds=["nominal"],
        psu=np.repeat([1, 2], 120),
        stratum=np.ones(240, int),
    )
    return honest(table, Size(depth=1, leaf_share=0.1), rng=rng(seed))


def test_group_that_nobody_of_the_other_half_belongs_to_has_no_figures():
    found = lopsided(1)
    assert len(found.tree.leaves) == 2
    assert found.unplaced == 1
    for held in (found.behind, found.ahead):
        assert np.isnan([held.mean, held.standard_error]).all()
        assert (held.n, held.psus, held.share, held.df) == (0, 0, 0, 0)
    assert np.isnan([found.gap, found.gap_standard_error]).all()
    assert (found.behind.node.mean, found.ahead.node.mean) == (0, 1)


def one_sided(seed):
    data = sample(rows=20, psus_in_stratum=2)
    data["y"][:10] = NAN
    return honest(cluster(**data), SIZE, rng=rng(seed))


def test_half_without_usable_rows_is_refused_or_has_no_figures():
    outcomes = set()
    for seed in range(12):
        try:
            found = one_sided(seed)
        except ValueError as error:
            outcomes.add(str(error))
        else:
            assert np.isnan([found.behind.mean, found.behind.share, found.unplaced]).all()
            outcomes.add("none")
    assert outcomes == {"table: found no usable row in the first half of the PSUs", "none"}


def test_one_psu_is_refused():
    data = sample(rows=10)
    with pytest.raises(ValueError, match="expected from 2 to 1, the PSUs"):
        honest(cluster(**data), SIZE, rng=rng())
