from dataclasses import replace

import numpy as np
import pytest

from everycount.arrays.circumstances import collapse
from everycount.arrays.clustered import by_psu, cluster
from everycount.arrays.resample import bootstrap
from everycount.arrays.tree import grow
from everycount.arrays.tree_nodes import Condition, Growth, Node, escap_growth
from everycount.arrays.tree_stability import definition_of, stability

GROWTH = Growth(cp=0.001, depth=1, smallest_leaf=10, smallest_split=20)


def rng(seed=1):
    return np.random.default_rng(seed)


def cells_of(means, weight):
    """Cells of wealth 1, 2, 3 by region 0, 1, each of 50 people with these means."""
    codes = np.repeat([[w, r] for w in (1, 2, 3) for r in (0, 1)], 50, axis=0)
    y = np.repeat(np.asarray(means, float), 50)
    return collapse(
        y, np.repeat(np.asarray(weight, float), 50), codes, kinds=["ordered", "nominal"]
    )


EQUAL = [1] * 6
WHOLE = cells_of([0, 0, 1, 1, 1, 1], [3, 2, 1, 1, 1, 1])
POOR = ((0, (1,)),)
POOR_OR_MIDDLE = ((0, (1, 2)),)
REGION_0 = ((1, (0,)),)
RICH = ((0, (3,)),)


def test_replicates_are_compared_with_the_reported_tree():
    tree = grow(WHOLE, GROWTH)
    replicates = [
        cells_of([0, 0, 1, 1, 1, 1], EQUAL),  # the same group
        cells_of([0, 0, 0, 0, 1, 1], EQUAL),  # wealth 1 and 2: 5 of 7 by weight
        cells_of([0, 1, 0, 1, 0, 1], EQUAL),  # region 0: 3 of 7
        cells_of([1, 1, 1, 1, 0, 0], EQUAL),  # wealth 3: nobody in both
        cells_of([0, 0, 0, 0, 0, 0], EQUAL),  # no tree: everybody, 5 of 9
    ]
    found = stability(tree, WHOLE, replicates, GROWTH)
    np.testing.assert_allclose(found.overlap, [1, 5 / 7, 3 / 7, 0, 5 / 9])
    assert found.recovered == pytest.approx(3 / 5)
    np.testing.assert_allclose(found.used, [3 / 5, 1 / 5])
    np.testing.assert_allclose(found.asked_first, [3 / 5, 1 / 5])
    np.testing.assert_allclose(found.asked_of_furthest, [3 / 5, 1 / 5])
    # Leaf 2 is wealth 1, leaf 3 wealth 2 and 3; the fourth has leaves wealth 3, and 1 and 2.
    assert found.leaves == ((2, 0.2), (3, 0.2))
    assert found.furthest_groups == (
        ((), 0.2),
        (POOR, 0.2),
        (POOR_OR_MIDDLE, 0.2),
        (RICH, 0.2),
        (REGION_0, 0.2),
    )


def test_most_frequent_group_comes_first():
    tree = grow(WHOLE, GROWTH)
    replicates = [cells_of([0, 1, 0, 1, 0, 1], EQUAL)] + [WHOLE] * 3
    found = stability(tree, WHOLE, replicates, GROWTH)
    assert found.furthest_groups == ((POOR, 0.75), (REGION_0, 0.25))
    assert found.leaves == ((2, 0.75), (3, 0.75))


def test_barrier_is_compared_by_the_highest_mean():
    tree = grow(WHOLE, GROWTH)
    found = stability(tree, WHOLE, [WHOLE], GROWTH, outcome="barrier")
    assert found.furthest_groups == ((((0, (2, 3)),), 1.0),)
    assert found.overlap.tolist() == [1]


def test_circumstances_of_deeper_splits_count_as_used_but_not_first():
    whole = cells_of([0, 0.2, 1, 1, 1, 1], EQUAL)
    growth = Growth(cp=0.001, depth=2, smallest_leaf=10, smallest_split=20)
    found = stability(grow(whole, growth), whole, [whole], growth)
    assert found.used.tolist() == [1, 1]
    assert found.asked_first.tolist() == [1, 0]
    assert found.asked_of_furthest.tolist() == [1, 1]
    assert found.furthest_groups == ((((0, (1,)), (1, (0,))), 1.0),)


def test_people_of_a_category_the_replicate_lacks_are_in_no_group_of_it():
    growth = Growth(cp=0.001, depth=1, smallest_leaf=10, smallest_split=20)
    data = {"kinds": ["nominal"], "stratum": np.zeros(150, int)}
    codes = np.repeat([0, 1, 2], 50)
    table = cluster(codes > 1, np.ones(150), codes[:, None], psu=codes, **data)
    tree = grow(table.cells, growth)
    found = stability(tree, table.cells, by_psu(table, [[1], [0], [1]]), growth)
    np.testing.assert_allclose(found.overlap, [0.5])
    assert found.furthest_groups == ((((0, (0,)),), 1.0),)


def test_definition_does_not_depend_on_the_way_that_leads_to_it():
    codes = np.array([[1, 0], [2, 1], [3, 2], [4, 3]])
    below = Condition(column=0, codes=(1, 2), side="below", threshold=2.5)
    above = Condition(column=0, codes=(2, 3, 4), side="above", threshold=1.5)
    east = Condition(column=1, codes=(0, 1, 3))
    coast = Condition(column=1, codes=(1, 2))
    found = {
        definition_of(Node(number=16, n=1, weight=1, share=1, mean=0, deviance=0, path=path), codes)
        for path in ((east, below, above, coast), (above, below, coast, east))
    }
    assert found == {((0, (2,)), (1, (1,)))}


def simulated(effect):
    draw = rng(5)
    wealth, region = draw.integers(1, 6, 2000), draw.integers(0, 6, 2000)
    psu = np.arange(2000) // 20
    return cluster(
        draw.random(2000) < 0.2 + effect * (wealth > 1),
        draw.uniform(0.5, 2, 2000),
        np.column_stack([wealth, region]),
        kinds=["ordered", "nominal"],
        psu=psu,
        stratum=psu // 5,
    )


def test_bootstrap_of_psus_tells_a_group_that_is_there_from_one_that_is_not():
    growth = replace(escap_growth(2000), depth=2, cp=0.005)
    found = {}
    for name, effect in (("there", 0.5), ("not", 0.0)):
        table = simulated(effect)
        factors = bootstrap(table.stratum, 40, rng=rng(), single="remove").factors
        replicates = by_psu(table, factors)
        found[name] = stability(grow(table.cells, growth), table.cells, replicates, growth)
    assert found["there"].recovered > 0.9
    # Replicates resemble the sample they are drawn from: a group by chance comes back in half.
    assert found["not"].recovered < 0.7
    assert found["there"].asked_first[0] == 1


def test_other_cells_are_refused():
    tree = grow(WHOLE, GROWTH)
    other = collapse([0, 1], [1, 1], [[1, 0], [2, 0]], kinds=["ordered", "nominal"])
    moved = cells_of([0, 0, 1, 1, 1, 1], EQUAL)
    moved.codes[0, 0] = 9
    for cells in (other, moved):
        with pytest.raises(ValueError, match="replicates: found other cells"):
            stability(tree, WHOLE, [cells], GROWTH)


def test_no_replicate_is_refused():
    with pytest.raises(ValueError, match="replicates: found none, expected at least one"):
        stability(grow(WHOLE, GROWTH), WHOLE, [], GROWTH)
