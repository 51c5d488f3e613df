import pytest

from everycount.index.nodes import Group, ScoredIndicator
from everycount.index.tree import grow, tree_faults


def indicators(**parents):
    return [ScoredIndicator(code=code, parent=parent) for code, parent in parents.items()]


def groups(**parents):
    return [Group(code=code, parent=parent) for code, parent in parents.items()]


UNEVEN = indicators(a="index", b="g", c="g", d="h"), groups(index=None, g="index", h="g")


def said(found):
    return [(".".join(map(str, path)), what) for path, what, _ in found]


def test_grow_an_uneven_tree():
    tree = grow(*UNEVEN)
    assert tree.codes == ("a", "b", "c", "d", "index", "g", "h")
    assert tree.parent == (4, 5, 5, 6, -1, 4, 5)
    assert tree.level == (1, 1, 1, 1, 4, 3, 2)
    assert tree.children[4:] == ((0, 5), (1, 2, 6), (3,))
    assert tree.leaves[4:] == ((0, 1, 2, 3), (1, 2, 3), (3,))
    assert tree.order == (6, 5, 4)
    assert tree.top == 4
    assert tree.depth == 4
    assert tree.position("g") == 5
    assert tree.at_level(1) == (0, 1, 2, 3)


def test_what_a_formula_names_is_computed_before():
    formula = Group(code="g", parent="index", aggregate="formula", formula="h / b")
    own = [Group(code="index"), formula, Group(code="h", parent="index")]
    tree = grow(indicators(a="h", b="h"), own)
    assert tree.order == (4, 3, 2)
    assert tree.level[3] == 3
    assert tree.leaves[3] == (0, 1)


def test_a_sound_tree_has_no_faults():
    assert tree_faults(*UNEVEN) == []


def test_every_fault_of_a_tree_at_once():
    found = tree_faults(
        indicators(a="nowhere", b="a", c="index"),
        [
            *groups(index=None, x="y", y="x", c="index", second=None),
            Group(code="f", parent="index", aggregate="formula", formula="c + zz"),
            Group(code="r", parent="index", requires=("qq", "c")),
            Group(code=" s", parent="index"),
        ],
    )
    assert said(found) == [
        ("indicators.2.code", "'c' 2 times"),
        ("groups.3.code", "'c' 2 times"),
        ("groups.7.code", "' s'"),
        ("indicators.0.parent", "'nowhere', which is no group of this method"),
        ("indicators.1.parent", "'a', which is an indicator"),
        ("groups", "groups without a parent: index, second"),
        ("groups.5.formula", "'zz'"),
        ("groups.6.requires", "'qq'"),
        ("groups.6.requires", "'c'"),
        ("groups", "groups in a circle: x, y"),
    ]


def test_nothing_but_a_circle():
    found = tree_faults([], groups(x="y", y="x"))
    assert said(found) == [
        ("groups", "groups without a parent: none"),
        ("indicators", "none"),
        ("groups", "groups in a circle: x, y"),
    ]


def test_a_circle_of_formulas_names_neither_what_waits_for_it_nor_what_is_ready():
    def formula(code, text, parent="index"):
        return Group(code=code, parent=parent, aggregate="formula", formula=text)

    own = [*groups(index=None, ready="index"), formula("p", "q"), formula("q", "p + ready")]
    assert said(tree_faults(indicators(a="ready"), own)) == [("groups", "groups in a circle: p, q")]


def test_a_group_with_nothing_below_it():
    found = tree_faults(indicators(a="index"), groups(index=None, empty="index"))
    assert said(found) == [("groups.1", "'empty' with nothing below it")]


def test_parts_whose_weights_are_all_0():
    own = [ScoredIndicator(code="a", parent="g", weight=0)]
    found = tree_faults(own, groups(index=None, g="index"))
    assert said(found) == [("groups.1", "parts whose weights are all 0")]


@pytest.mark.parametrize("below", ["a", "h", "d"])
def test_requires_a_node_anywhere_below(below):
    own = [Group(code="index", requires=(below,)), *UNEVEN[1][1:]]
    assert tree_faults(UNEVEN[0], own) == []
    assert grow(UNEVEN[0], own).top == 4


def test_requires_a_node_in_a_circle_ends():
    own = [Group(code="index", requires=("x",)), *groups(x="y", y="x")]
    assert said(tree_faults(indicators(a="index"), own)) == [
        ("groups.0.requires", "'x'"),
        ("groups", "groups in a circle: x, y"),
    ]
