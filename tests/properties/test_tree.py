"""What holds for every tree and every index of dissimilarity, whatever the people."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from everycount.arrays.circumstances import Cells, Excluded, collapse
from everycount.arrays.main_effects import main_effects
from everycount.arrays.opportunity import grouped, opportunity
from everycount.arrays.opportunity_parts import contributions_to_dissimilarity
from everycount.arrays.tree import grow
from everycount.arrays.tree_nodes import Growth, furthest, leaf_of

KINDS = ("ordered", "nominal", "nominal")
SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.integers(5, 80)
GROWTHS = st.builds(
    Growth,
    cp=st.sampled_from([0.0, 0.001, 0.02]),
    depth=st.integers(0, 5),
    smallest_leaf=st.sampled_from([1.0, 3.0, 7.9]),
    smallest_split=st.sampled_from([2.0, 11.0]),
)


@st.composite
def people(draw):
    """Outcomes 0 or 1 or of any size, weights, and circumstances of up to 4 categories."""
    rows = draw(SIZES)
    codes = draw(arrays(np.int8, (rows, 3), elements=st.integers(0, 3)))
    rng = np.random.default_rng(draw(SEEDS))
    y = rng.random(rows) < 0.1 + 0.2 * codes[:, 0] if draw(st.booleans()) else rng.random(rows)
    return y.astype(float), rng.uniform(0.5, 3, rows), codes


def tree_of(sample, growth):
    return grow(collapse(*sample, kinds=KINDS), growth)


def shape(tree):
    """What a tree is but for rounding."""
    return [(node.number, node.n, node.path) for node in tree.nodes]


def numbers(tree):
    return [(node.weight, node.share, node.mean, node.deviance) for node in tree.nodes]


@given(sample=people(), growth=GROWTHS, seed=SEEDS)
def test_order_of_rows_is_irrelevant(sample, growth, seed):
    order = np.random.default_rng(seed).permutation(len(sample[0]))
    one, other = tree_of(sample, growth), tree_of([part[order] for part in sample], growth)
    assert shape(one) == shape(other)
    np.testing.assert_allclose(numbers(one), numbers(other), atol=1e-9)


@given(sample=people(), growth=GROWTHS, scale=st.sampled_from([1e-3, 7.0, 1e6]))
def test_scale_of_weights_is_irrelevant(sample, growth, scale):
    y, weight, codes = sample
    one, other = tree_of(sample, growth), tree_of((y, weight * scale, codes), growth)
    assert shape(one) == shape(other)
    found = np.array(numbers(other)) / [scale, 1, 1, scale]
    np.testing.assert_allclose(found, numbers(one), atol=1e-9)


@given(sample=people(), growth=GROWTHS)
def test_who_is_behind_a_barrier_is_ahead_of_an_opportunity(sample, growth):
    tree = tree_of(sample, growth)
    one, other = furthest(tree), furthest(tree, outcome="barrier")
    assert (one.behind, one.ahead) == (other.ahead, other.behind)


@given(sample=people(), growth=GROWTHS)
def test_cells_grow_the_tree_of_their_rows(sample, growth):
    y, weight, codes = sample
    rows = Cells(
        kinds=KINDS,
        codes=codes.astype(np.int64),
        n=np.ones(len(y)),
        weight=weight,
        mean=y,
        deviance=np.zeros(len(y)),
        excluded=Excluded(),
    )
    one, other = tree_of(sample, growth), grow(rows, growth)
    assert shape(one) == shape(other)
    np.testing.assert_allclose(numbers(one), numbers(other), atol=1e-9)


@given(sample=people(), growth=GROWTHS)
def test_children_add_up_and_leaves_hold_everybody_once(sample, growth):
    tree = tree_of(sample, growth)
    nodes = {node.number: node for node in tree.nodes}
    whole = nodes[1]
    for node in tree.nodes:
        assert node.number.bit_length() <= growth.depth + 1
        if node.children is not None:
            left, right = (nodes[number] for number in node.children)
            assert left.n + right.n == node.n
            assert left.weight + right.weight == pytest.approx(node.weight)
            assert left.mean < right.mean
            assert left.deviance + right.deviance < node.deviance
            assert min(left.n, right.n) >= int(growth.smallest_leaf)
            assert node.n >= int(growth.smallest_split)
    assert sum(leaf.share for leaf in tree.leaves) == pytest.approx(1)
    found, n = np.unique(leaf_of(tree, sample[2]), return_counts=True)
    assert dict(zip(found.tolist(), n.tolist(), strict=True)) == {
        leaf.number: leaf.n for leaf in tree.leaves
    }
    gained = whole.deviance - sum(leaf.deviance for leaf in tree.leaves)
    must = (len(tree.leaves) - 1) * growth.cp * whole.deviance
    assert gained >= must - 1e-9 * whole.deviance
    ends = furthest(tree)
    assert ends.behind.mean <= whole.mean + 1e-12
    assert ends.ahead.mean >= whole.mean - 1e-12


@given(sample=people(), growth=GROWTHS)
def test_dissimilarity_is_a_share_that_falls_when_groups_are_joined(sample, growth):
    cells = collapse(*sample, kinds=KINDS)
    leaves = leaf_of(grow(cells, growth), cells.codes)
    over_cells = opportunity(cells.weight, cells.mean)
    over_leaves = opportunity(*grouped(cells.weight, cells.mean, leaves))
    assert 0 <= over_leaves.dissimilarity <= over_cells.dissimilarity + 1e-12 < 1
    assert over_leaves.coverage == pytest.approx(over_cells.coverage, abs=1e-12)
    assert 0 <= over_cells.opportunity <= over_cells.coverage


@given(sample=people(), outcome=st.sampled_from(["opportunity", "barrier"]))
def test_contributions_add_to_the_index_and_none_is_negative(sample, outcome):
    cells = collapse(*sample, kinds=KINDS)
    found = contributions_to_dissimilarity(cells, outcome=outcome)
    whole = opportunity(cells.weight, cells.mean, outcome=outcome).dissimilarity
    assert found.sum() == pytest.approx(whole, abs=1e-12)
    assert (found >= -1e-12).all()


@given(sample=people())
def test_fitted_chances_have_the_mean_of_the_outcome_in_every_category(sample):
    cells = collapse(*sample, kinds=KINDS)
    chance = main_effects(cells.codes, cells.weight, cells.mean)
    assert ((chance >= 0) & (chance <= 1)).all()
    for column in cells.codes.T:
        for value in np.unique(column):
            inside = cells.weight * (column == value)
            assert (inside * chance).sum() == pytest.approx((inside * cells.mean).sum(), abs=1e-10)
