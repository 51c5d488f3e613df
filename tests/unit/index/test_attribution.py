import numpy as np
import pytest

from everycount.errors import MethodError
from everycount.index.attribution import (
    attribute,
    is_linear,
    refuse_ordinal,
    standing_alone,
)

NAN = np.nan
TREE = """
groups = [
  { code = "index" },
  { code = "g", parent = "index", weight = 3 },
  { code = "h", parent = "index" },
]
indicators = [
  { code = "a", parent = "g" }, { code = "b", parent = "g" }, { code = "c", parent = "h" },
]
"""


def method_with(method_of, step="", tree=TREE):
    comma = ", " if step else ""
    return method_of(
        f'{tree}steps = [{{ do = "aggregate", missing = "renormalise"{comma}{step} }}]'
    )


def attributed(method, actual, baseline, **options):
    weights = np.array([i.weight for i in method.indicators] + [g.weight for g in method.groups])
    return attribute(method, weights, np.array(actual, float), np.array(baseline, float), **options)


def test_under_arithmetic_means_weight_times_score(method_of):
    found = attributed(method_with(method_of), [10, 30, 50], [0, 0, 0])
    assert (found.score, found.baseline, found.is_linear) == (27.5, 0, True)
    assert found.parts == {0: 0.375 * 10, 1: 0.375 * 30, 2: 0.25 * 50}
    assert found.nodes == {3: 27.5, 4: 15, 5: 12.5}


def test_a_missing_indicator_adds_nothing_and_the_others_share_its_weight(method_of):
    found = attributed(method_with(method_of), [10, NAN, 50], [0, 0, 0])
    assert found.parts == {0: 7.5, 2: 12.5}


def test_changes_that_cancel_in_a_group_are_both_told(method_of):
    found = attributed(method_with(method_of), [10, 30, 50], [30, 10, 50])
    assert found.parts == {0: -7.5, 1: 7.5, 2: 0}
    assert found.nodes[4] == 0


def test_two_parts_of_a_geometric_mean_by_hand(method_of):
    tree = """
groups = [{ code = "index" }]
indicators = [{ code = "a", parent = "index" }, { code = "b", parent = "index" }]
"""
    found = attributed(method_with(method_of, 'method = "geometric"', tree), [40, 90], [10, 10])
    # alone a: 20 - 10, b: 30 - 10; joining the other: 60 - 30 and 60 - 20
    assert found.parts == {0: pytest.approx((10 + 30) / 2), 1: pytest.approx((20 + 40) / 2)}
    assert (found.score, found.baseline) == (pytest.approx(60), pytest.approx(10))
    assert not found.is_linear


@pytest.mark.parametrize("method", ["geometric", "harmonic", "minimum"])
def test_nested_contributions_add_up(method_of, method):
    found = attributed(method_with(method_of, f'method = "{method}"'), [10, 30, 50], [20, 25, 22])
    assert sum(found.parts.values()) == pytest.approx(found.score - found.baseline)
    assert sum(found.nodes[k] for k in (4, 5)) == pytest.approx(found.nodes[3])


def test_below_a_group_that_did_not_move_nothing_is_passed_down(method_of):
    found = attributed(method_with(method_of, 'method = "geometric"'), [10, 40, 50], [40, 10, 20])
    assert found.parts[0] == found.parts[1] == 0
    assert found.parts[2] == pytest.approx(found.score - found.baseline)


def test_more_parts_than_are_enumerated_are_sampled(method_of):
    listed = ", ".join(f'{{ code = "i{k}", parent = "index" }}' for k in range(13))
    tree = f'groups = [{{ code = "index" }}]\nindicators = [{listed}]\n'
    method = method_with(method_of, 'method = "geometric"', tree)
    actual, baseline = np.arange(1, 14), np.full(13, 5)
    found = attributed(method, actual, baseline)
    assert sum(found.parts.values()) == pytest.approx(found.score - found.baseline)
    assert found.parts[12] > found.parts[8] > 0 > found.parts[0]
    same = attributed(method, actual, baseline, rng=np.random.default_rng(0))
    assert same.parts == found.parts


def test_a_node_that_two_formulas_name_has_both_parts(method_of):
    tree = """
groups = [
  { code = "index", aggregate = "formula", formula = "g + h" },
  { code = "g", parent = "index", aggregate = "formula", formula = "2 * a" },
  { code = "h", parent = "index", aggregate = "formula", formula = "3 * a + b" },
]
indicators = [{ code = "a", parent = "g" }, { code = "b", parent = "h" }]
"""
    method = method_with(method_of, tree=tree)
    found = attributed(method, [7, 1], [1, 1])
    assert found.parts == {0: pytest.approx(30), 1: pytest.approx(0)}
    assert not is_linear(method)


def test_a_group_that_stands_for_itself(method_of):
    method = method_with(method_of)
    found = attributed(method, [10, 30, 50], [0, 0, 0], alone={4: (60, 20)})
    assert found.parts == {0: 0, 1: 0, 2: 12.5, 4: 30}
    gone = attributed(method, [10, 30, 50], [0, 0, 0], alone={4: (NAN, 20)})
    assert gone.parts == {0: 0, 1: 0, 2: 50}


def test_indicators_screened_out_do_not_propagate(method_of):
    method = method_of(f'{TREE}steps = [{{ do = "aggregate", missing = "propagate" }}]')
    found = attributed(method, [10, NAN, 50], [0, 0, 0], dropped={1})
    assert found.parts == {0: 7.5, 2: 12.5}
    geometric = method_of(
        f'{TREE}steps = [{{ do = "aggregate", missing = "propagate", method = "geometric" }}]'
    )
    found = attributed(geometric, [10, NAN, 50], [10, 10, 10], dropped={1})
    assert found.parts == {0: pytest.approx(0), 2: pytest.approx(found.score - 10)}


def test_is_linear_looks_only_at_what_enters_the_top(method_of):
    side = TREE.replace("weight = 3", 'aggregate = "geometric"')
    assert is_linear(method_with(method_of))
    assert not is_linear(method_with(method_of, tree=side))
    assert is_linear(
        method_with(method_of, tree=side.replace('"index" }', '"index", of = "indicators" }', 1))
    )


@pytest.mark.parametrize("step", ['method = "copeland"', 'method = "benefit_of_the_doubt"'])
def test_ordinal_methods_have_no_parts(method_of, step):
    with pytest.raises(MethodError) as raised:
        refuse_ordinal(method_with(method_of, step))
    assert [problem.where for problem in raised.value.problems] == [
        "group g",
        "group h",
        "group index",
    ]
    assert "no part of a score is an indicator's" in str(raised.value)


def test_without_an_aggregate_step_there_is_nothing_to_attribute(method_of):
    with pytest.raises(MethodError, match="steps: found no aggregate step, expected one"):
        refuse_ordinal(method_of(f"{TREE}steps = []"))
    refuse_ordinal(
        method_of(f'{TREE}steps = [{{ do = "aggregate", missing = "renormalise", to = 2 }}]')
    )


def test_groups_that_stand_alone(index_of):
    steps = [
        '{ do = "aggregate", missing = "renormalise", to = 2 }',
        '{ do = "impute", method = "mean", level = 2 }',
        '{ do = "aggregate", missing = "renormalise" }',
    ]
    tree = TREE.replace("weight = 3", "least = 1.0")
    state = index_of(f"{tree}steps = [{', '.join(steps)}]", "unit,a,b,c\nX,1,3,5\nY,,3,7\n").state
    assert standing_alone(state, 0) == {}
    assert standing_alone(state, 1) == {4: 2}
    left_out = index_of(f"{tree}steps = [{steps[2]}]", "unit,a,b,c\nX,1,3,5\nY,,3,7\n").state
    (own,) = standing_alone(left_out, 1).values()
    assert np.isnan(own)
