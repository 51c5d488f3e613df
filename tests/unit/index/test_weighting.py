import numpy as np
import pytest

from everycount.errors import MethodError

MEAN = '{ do = "aggregate", missing = "renormalise" }'
GROUPS = """
groups = [{ code = "index" }, { code = "g", parent = "index" }, { code = "h", parent = "index" }]
"""
TREE = (
    GROUPS
    + """
indicators = [
  { code = "a", parent = "g", weight = 3 }, { code = "b", parent = "g" },
  { code = "c", parent = "h" }, { code = "d", parent = "h" },
]
"""
)
UNEVEN = """
groups = [{ code = "index" }, { code = "h", parent = "index", weight = 2 }]
indicators = [
  { code = "a", parent = "index", weight = 3 }, { code = "b", parent = "index" },
  { code = "c", parent = "h" }, { code = "d", parent = "h" },
]
"""
DATA = "unit,a,b,c,d\nW,1,2,1,2\nX,2,4,2,4\nY,3,6,3,7\nZ,4,8,4,8\n"


def weighed(index_of, keys, *, tree=TREE, data=DATA, first=""):
    method = f'{tree}steps = [{first}{{ do = "weigh", {keys} }}, {MEAN}]'
    return index_of(method, data)


def weights_of(result):
    return {each.node: (each.weight, each.effective) for each in result.trace().weights}


def test_declared_weights_and_shares_of_the_top(index_of):
    found = weights_of(index_of(f"{TREE}steps = [{MEAN}]", DATA))
    assert found["a"] == (3, 0.375)
    assert found["b"] == (1, 0.125)
    assert found["c"] == (1, 0.25)
    assert found["index"] == (1, 1)


def test_equal(index_of):
    found = weights_of(weighed(index_of, 'method = "equal"'))
    assert [found[code] for code in "abcd"] == [(0.5, 0.25)] * 4


def test_only_the_parts_of_some_groups(index_of):
    found = weights_of(weighed(index_of, 'method = "equal", parents = ["h"]'))
    assert [found[code][0] for code in "abcd"] == [3, 1, 0.5, 0.5]


def test_in_inverse_proportion_to_the_spread(index_of):
    result = weighed(index_of, 'method = "standard_deviations"')
    found = weights_of(result)
    assert found["a"][0] == pytest.approx(2 / 3)  # b varies twice as much
    assert found["b"][0] == pytest.approx(1 / 3)
    assert result.trace().steps[1]["weights"]["a"] == found["a"][0]


def test_loadings_of_the_first_component(index_of):
    result = weighed(index_of, 'method = "pca"')
    found = weights_of(result)
    assert found["a"][0] == pytest.approx(0.5**0.5)
    facts = result.trace().steps[1]["facts"]
    assert facts["g"]["explained"] == pytest.approx(1)
    assert facts["h"]["units"] == 4


def test_optimised_so_that_each_matters_alike(index_of):
    data = "unit,a,b,c,d\n" + "".join(
        f"U{i},{a},{b},{c},{d}\n"
        for i, (a, b, c, d) in enumerate(
            [(1, 9, 4, 2), (2, 1, 8, 3), (3, 4, 1, 9), (4, 8, 2, 1), (5, 2, 7, 6), (6, 5, 3, 3)]
        )
    )
    listed = ", ".join(f'{{ code = "{code}", parent = "index" }}' for code in "abcd")
    tree = f'groups = [{{ code = "index" }}]\nindicators = [{listed}]\n'
    result = weighed(index_of, 'method = "optimised"', tree=tree, data=data)
    table = result.state.values
    correlations = [np.corrcoef(table[:, j], result.score)[0, 1] for j in range(4)]
    np.testing.assert_allclose(correlations, correlations[0], atol=1e-3)
    facts = result.trace().steps[1]["facts"]
    assert facts["converged"] is True
    assert facts["correlations"]["a"] == pytest.approx(correlations[0], abs=1e-6)


def test_optimised_for_one_group_with_an_indicator_left_out(index_of):
    tree = TREE.replace(", weight = 3", "").replace(
        '{ code = "d"', '{ code = "e", parent = "h" }, { code = "d"'
    )
    data = "unit,a,b,c,d,e\nV,1,5,1,2,\nW,2,2,5,1,\nX,3,1,2,7,\nY,4,6,4,3,1\nZ,5,3,3,6,\n"
    steps = """
  { do = "screen", indicators = 0.5 },
  { do = "weigh", method = "optimised", parents = ["h"], target = "h" },
  { do = "aggregate", missing = "propagate" },
"""
    result = index_of(f"{tree}steps = [{steps}]", data)
    found = weights_of(result)
    assert found["c"][0] + found["d"][0] == pytest.approx(1)
    assert found["e"][1] == 0
    assert found["c"][1] + found["d"][1] == pytest.approx(0.5)
    assert not np.isnan(result.score).any()


def test_groups_are_weighed_once_they_have_scores(index_of):
    first = '{ do = "aggregate", missing = "renormalise", to = 2 }, '
    found = weights_of(weighed(index_of, 'method = "standard_deviations", level = 2', first=first))
    assert found["g"][0] + found["h"][0] == pytest.approx(1)
    assert found["a"][0] == 3


@pytest.mark.parametrize("method", ["equal", "standard_deviations", "pca"])
def test_siblings_of_another_level_keep_their_share(index_of, method):
    found = weights_of(weighed(index_of, f'method = "{method}"', tree=UNEVEN))
    assert found["a"][0] + found["b"][0] == pytest.approx(4)
    assert found["h"] == (2, pytest.approx(1 / 3))
    if method == "equal":
        assert found["a"] == (2, pytest.approx(1 / 3))


def test_a_node_without_any_score_keeps_its_weight(index_of):
    data = "unit,a,b,c,d\nW,,2,1,2\nX,,4,2,4\n"
    found = weights_of(weighed(index_of, 'method = "standard_deviations"', data=data))
    assert (found["a"][0], found["b"][0]) == (3, 1)


@pytest.mark.parametrize(
    ("keys", "data", "fault"),
    [
        ('method = "pca"', "W,1,2,1,2\nX,1,4,2,4\nY,1,5,3,6\n",
         "step weigh (pca), a: found standard deviation 0, expected values that differ"),
        ('method = "optimised"', "W,1,2,1,2\nX,1,4,2,4\nY,1,5,3,6\n",
         "step weigh (optimised), a: found standard deviation 0, expected values that differ"),
        ('method = "pca"', "W,1,,1,2\nX,,4,2,4\n",
         "step weigh (pca), group g: found 0 units with a score in every part, expected 2 units"),
        ('method = "standard_deviations"', "W,1,2,1,2\nX,,4,2,4\n",
         "step weigh (standard_deviations), group g: found a part that only one unit has"),
        ('method = "pca"', "W,1,8,1,2\nX,2,4,2,4\nY,3,2,3,6\n",
         "expected 0 or more; it would count"),
    ],
)  # fmt: skip
def test_what_says_nothing_about_weights(index_of, keys, data, fault):
    with pytest.raises(MethodError) as raised:
        weighed(index_of, keys, data=f"unit,a,b,c,d\n{data}")
    assert fault in str(raised.value)


def test_below_a_formula_there_are_no_shares(index_of):
    tree = GROUPS.replace('code = "g"', 'code = "g", aggregate = "formula", formula = "a / b"')
    found = weights_of(index_of(TREE.replace(GROUPS, tree) + f"steps = [{MEAN}]", DATA))
    assert found["g"][1] == 0.5
    assert found["a"][1] is None
    assert found["c"][1] == 0.25


def test_groups_that_do_not_enter_the_top_have_no_share(index_of):
    tree = TREE.replace('{ code = "index" }', '{ code = "index", of = "indicators" }')
    found = weights_of(index_of(f"{tree}steps = [{MEAN}]", DATA))
    assert found["a"][1] == 0.5
    assert found["g"][1] == 0
