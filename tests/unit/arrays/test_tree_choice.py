import numpy as np
import pytest

from everycount.arrays.circumstances import collapse
from everycount.arrays.clustered import cluster
from everycount.arrays.linearise import Stage, covariance
from everycount.arrays.tree import grow
from everycount.arrays.tree_choice import SIZES, Size, choose, predicted
from everycount.arrays.tree_nodes import Condition, Growth, Node, Split, Tree

NAN = np.nan


def rng(seed=1):
    return np.random.default_rng(seed)


def sample(effect=0.2, rows=1200, seed=3):
    """PSUs of 10 in strata of 6; wealth matters by `effect` a step, region does not."""
    draw = rng(seed)
    psu = np.arange(rows) // 10
    codes = np.column_stack([draw.integers(0, 4, rows), draw.integers(0, 3, rows)])
    return {
        "y": (draw.random(rows) < 0.1 + effect * codes[:, 0]).astype(float),
        "weight": draw.uniform(0.5, 2, rows),
        "codes": codes,
        "kinds": ["ordered", "nominal"],
        "psu": psu,
        "stratum": psu // 6,
    }


def test_size_says_how_far_a_tree_may_grow():
    found = Size(depth=3, leaf_share=0.1).growth(2000)
    assert found == Growth(cp=1 / 2000, depth=3, smallest_leaf=200, smallest_split=400)
    assert Size(depth=3, leaf_share=0.1).growth(300).smallest_leaf == 49


def test_usual_sizes_are_those_up_to_escaps():
    assert [size.depth for size in SIZES] == [0, 1, 2, 3, 4, 5, 6]
    assert {size.leaf_share for size in SIZES} == {1 / 11}


def test_loss_is_that_of_rows_on_psus_that_did_not_grow_the_tree():
    data = sample()
    table = cluster(**data)
    found = choose(table, folds=5, rng=rng())
    fold = found.fold[table.psu_of_row]
    for place, size in enumerate(found.sizes):
        error = np.zeros(1200)
        for part in range(5):
            out = fold == part
            parts = (data[name][~out] for name in ("y", "weight", "codes"))
            tree = grow(collapse(*parts, kinds=data["kinds"]), size.growth((~out).sum()))
            error[out] = (data["y"][out] - predicted(tree, data["codes"][out])) ** 2
        weight = data["weight"]
        loss = np.average(error, weights=weight)
        assert found.loss[place] == pytest.approx(loss, rel=1e-12)
        stage = Stage(units=data["psu"], strata=data["stratum"])
        variance = covariance(weight * (error - loss) / weight.sum(), [stage])
        assert found.standard_error[place] == pytest.approx(variance[0, 0] ** 0.5, rel=1e-9)


def test_smallest_tree_within_one_standard_error_is_chosen():
    found = choose(cluster(**sample()), rng=rng())
    limit = found.loss.min() + found.standard_error[found.lowest]
    assert found.loss[found.lowest] == found.loss.min()
    assert found.loss[found.chosen] <= limit
    smaller = found.leaves < found.leaves[found.chosen]
    assert smaller.any()
    assert (found.loss[smaller] > limit).all()
    assert len(found.tree.leaves) == found.leaves[found.chosen]


def test_of_trees_with_as_many_leaves_the_lower_loss_is_chosen():
    # At depth 1 the large leaf of the first size does not allow the best cut, at wealth 2.5.
    data = sample(0.0)
    data["y"] = (rng(5).random(1200) < np.where(data["codes"][:, 0] == 3, 0.9, 0.1)) * 1.0
    sizes = [Size(depth=1, leaf_share=share) for share in (0.4, 0.1)]
    found = choose(cluster(**data), sizes=sizes, rng=rng())
    assert found.leaves.tolist() == [2, 2]
    assert (found.chosen, found.lowest) == (1, 1)


def test_outcome_that_follows_psus_alone_grows_no_tree_over_psus_but_does_over_rows():
    # Each PSU has its own chance and its own mix of villages: rows of a PSU betray each other.
    draw = rng(11)
    psu = np.arange(3000) // 50
    chance, village = draw.choice([0.05, 0.95], 60)[psu], draw.integers(0, 30, 60)[psu]
    data = {
        "y": (draw.random(3000) < chance).astype(float),
        "weight": np.ones(3000),
        "codes": village[:, None],
        "kinds": ["nominal"],
        "stratum": psu // 20,
    }
    by_psu = choose(cluster(**data, psu=psu), rng=rng())
    by_row = choose(cluster(**data, psu=np.arange(3000)), rng=rng())
    assert by_psu.leaves[by_psu.chosen] == 1
    assert by_row.leaves[by_row.chosen] > 1
    assert by_row.loss.min() < 0.7 * by_psu.loss.min()


def test_same_generator_gives_the_same_choice():
    table = cluster(**sample())
    one, again, other = (choose(table, rng=rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.loss, again.loss)
    assert (one.fold != other.fold).any()


def test_row_in_an_unknown_category_is_predicted_by_the_last_node():
    low, high = (Condition(column=0, codes=(code,)) for code in (0, 1))
    usual = {"n": 1, "weight": 1, "share": 1, "deviance": 0}
    split = Split(left=low, right=high, improvement=1)
    tree = Tree(
        nodes=(
            Node(number=1, mean=0.5, path=(), split=split, children=(2, 3), **usual),
            Node(number=2, mean=0.0, path=(low,), **usual),
            Node(number=3, mean=1.0, path=(high,), **usual),
        )
    )
    np.testing.assert_array_equal(predicted(tree, np.array([[1], [7], [0]])), [1.0, 0.5, 0.0])


def test_nodes_are_found_by_number_in_any_order():
    # rpart's order is 1, 2, 4, 5, 3: numbers do not rise.
    y = np.repeat([0.0, 1.0, 5.0], 60)
    codes = np.repeat([[0], [1], [2]], 60, axis=0)
    tree = grow(
        collapse(y, np.ones(180), codes, kinds=["ordered"]),
        Size(depth=2, leaf_share=0.1).growth(180),
    )
    assert [node.number for node in tree.nodes] == [1, 2, 4, 5, 3]
    np.testing.assert_allclose(predicted(tree, codes), y)


def test_no_size_is_refused():
    with pytest.raises(ValueError, match="sizes: found none, expected at least one"):
        choose(cluster(**sample()), sizes=[], rng=rng())


def test_fold_with_all_usable_rows_is_refused():
    data = sample()
    data["y"][10:] = NAN
    with pytest.raises(ValueError, match="folds: found one that holds all usable rows"):
        choose(cluster(**data), rng=rng())
