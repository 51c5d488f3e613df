import math

import numpy as np
import pytest

from everycount.errors import MethodError

NAN = np.nan
INDICATORS = """
indicators = [{ code = "a", parent = "index", weight = 3 }, { code = "b", parent = "index" }]
"""
DATA = "unit,a,b\nX,2,8\nY,4,\nZ,,\n"


def built(index_of, step, *, group="", indicators=INDICATORS, data=DATA):
    groups = f'groups = [{{ code = "index"{group} }}]\n'
    return index_of(f'{groups}{indicators}steps = [{{ do = "aggregate", {step} }}]', data)


@pytest.mark.parametrize(
    ("method", "of_x", "of_y"),
    [
        ('method = "arithmetic"', 3.5, 4),
        ('method = "geometric"', 2 ** (6 / 4), 4),
        ('method = "harmonic"', 4 / (3 / 2 + 1 / 8), 4),
        ('method = "generalised", power = 2', math.sqrt((3 * 4 + 64) / 4), 4),
        ('method = "generalised", power = -1', 4 / (3 / 2 + 1 / 8), 4),
        ('method = "log_mean_exp"', math.log((3 * math.e**2 + math.e**8) / 4), 4),
        (
            'method = "log_mean_exp", rate = -1',
            -math.log((3 * math.e**-2 + math.e**-8) / 4),
            4,
        ),
        ('method = "minimum"', 2, 4),
    ],
)
def test_means(index_of, method, of_x, of_y):
    found = built(index_of, f'missing = "renormalise", {method}').score
    np.testing.assert_allclose(found, [of_x, of_y, NAN])
    found = built(index_of, f'missing = "propagate", {method}').score
    np.testing.assert_allclose(found, [of_x, NAN, NAN])


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (', aggregate = "harmonic"', 4 / (3 / 2 + 1 / 8)),
        (', aggregate = "generalised", power = 2', math.sqrt((3 * 4 + 64) / 4)),
        (', aggregate = "formula", formula = "b / a"', 4),
    ],
)
def test_a_group_has_a_method_of_its_own(index_of, group, expected):
    found = built(index_of, 'missing = "renormalise"', group=group)
    assert found.score[0] == pytest.approx(expected)


def test_a_group_has_a_rule_of_its_own_for_missing_parts(index_of):
    found = built(index_of, 'missing = "propagate"', group=', missing = "renormalise"')
    np.testing.assert_allclose(found.score, [3.5, 4, NAN])


@pytest.mark.parametrize(
    ("group", "missing"),
    [
        ("", [False, False, True]),
        (", least = 0.5", [False, False, True]),
        (", least = 0.51", [False, True, True]),
        (", needs = 2", [False, True, True]),
        (", least = 0.5, out_of = 3", [False, True, True]),
        (", least = 0.6, out_of = 3", [False, True, True]),
        (", least = 0.5, out_of = 5", [True, True, True]),
        (', requires = ["b"]', [False, True, True]),
        (', requires = ["a"]', [False, False, True]),
    ],
)
def test_how_many_parts_a_group_needs(index_of, group, missing):
    found = built(index_of, 'missing = "renormalise"', group=group)
    assert np.isnan(found.score).tolist() == missing


def test_the_step_asks_for_a_share_where_the_group_does_not(index_of):
    assert np.isnan(built(index_of, 'missing = "renormalise", least = 0.9').score[1])
    own = built(index_of, 'missing = "renormalise", least = 0.9', group=", least = 0.1")
    assert own.score[1] == 4


def test_exactly_85_per_cent_of_20_is_17(index_of):
    listed = ", ".join(f'{{ code = "i{k}", parent = "index" }}' for k in range(20))
    head = "unit," + ",".join(f"i{k}" for k in range(20))
    rows = [",".join(["1"] * n + [""] * (20 - n)) for n in (17, 16)]
    data = f"{head}\nX,{rows[0]}\nY,{rows[1]}\n"
    step = 'missing = "renormalise", least = 0.85'
    result = built(index_of, step, indicators=f"indicators = [{listed}]\n", data=data)
    np.testing.assert_array_equal(result.score, [1, NAN])


TREE = """
groups = [{{ code = "index"{} }},
  {{ code = "g", parent = "index"{} }},
  {{ code = "h", parent = "index" }}]
indicators = [
  {{ code = "a", parent = "g" }}, {{ code = "b", parent = "g" }}, {{ code = "c", parent = "h" }},
]
"""


def test_of_indicators_the_groups_between_do_not_enter(index_of):
    steps = 'steps = [{ do = "aggregate", missing = "renormalise" }]'
    data = "unit,a,b,c\nX,1,2,6\nY,1,,6\n"
    assert index_of(TREE.format("", "") + steps, data).score.tolist() == [3.75, 3.5]
    direct = index_of(TREE.format(', of = "indicators"', "") + steps, data)
    assert direct.score.tolist() == [3, 3.5]
    assert direct.state.values[:, 4].tolist() == [1.5, 1]


def test_parts_may_be_counted_as_indicators(index_of):
    steps = 'steps = [{ do = "aggregate", missing = "renormalise" }]'
    data = "unit,a,b,c\nX,1,2,6\nY,1,,6\nZ,1,,\n"
    rule = ', counted = "indicators", least = 0.6'
    assert np.isnan(index_of(TREE.format(rule, "") + steps, data).score).tolist() == [
        False,
        False,
        True,
    ]


def test_methods_level_by_level(index_of):
    steps = (
        'steps = [{ do = "aggregate", missing = "renormalise", method = ["geometric", "minimum"] }]'
    )
    assert index_of(TREE.format("", "") + steps, "unit,a,b,c\nX,1,4,6\n").score.tolist() == [2]


def test_a_formula_over_formulas(index_of):
    text = TREE.format(
        ', aggregate = "formula", formula = "1 - h / g"',
        ', aggregate = "formula", formula = "a * b"',
    )
    steps = 'steps = [{ do = "aggregate", missing = "propagate" }]'
    found = index_of(text + steps, "unit,a,b,c\nX,2,4,6\nY,,4,6\nZ,0,4,6\n").score
    np.testing.assert_allclose(found, [0.25, NAN, NAN])


def test_faults_of_all_groups_at_once(index_of):
    methods = 'method = ["geometric", "arithmetic"]'
    steps = f'steps = [{{ do = "aggregate", missing = "renormalise", {methods} }}]'
    with pytest.raises(MethodError) as raised:
        index_of(TREE.format("", "") + steps, "unit,a,b,c\nX,-1,2,0\n")
    assert [str(problem) for problem in raised.value.problems] == [
        "group g (geometric), a: found -1 (X), expected values above 0; scale = [1, 100] when "
        "normalising keeps scores above 0",
        "group h (geometric), c: found 0 (X), expected values above 0; scale = [1, 100] when "
        "normalising keeps scores above 0",
    ]


def test_indicators_screened_out_are_no_parts(index_of):
    steps = (
        'steps = [{ do = "screen", indicators = 1.0 }, { do = "aggregate", missing = "propagate" }]'
    )
    result = index_of(TREE.format("", "") + steps, "unit,a,b,c\nX,1,,6\nY,3,2,\n")
    np.testing.assert_array_equal(result.state.values[:, 4], [1, 3])  # g without b
    assert np.isnan(result.state.values[:, 5]).all()  # h has no part left
    assert np.isnan(result.score).all()


def test_outranking_within_each_period(index_of):
    data = (
        "unit,period,a,b\nX,2015,3,3\nY,2015,2,2\nZ,2015,1,1\nX,2016,1,1\nY,2016,9,9\nZ,2016,2,\n"
    )
    result = built(index_of, 'missing = "propagate", method = "copeland"', data=data)
    np.testing.assert_array_equal(result.score, [2, -1, 0, 1, -2, NAN])


def test_benefit_of_the_doubt_with_and_without_limits(index_of):
    data = "unit,a,b\nX,4,1\nY,1,4\nZ,2,2\n"
    step = 'missing = "renormalise", method = "benefit_of_the_doubt"'
    np.testing.assert_allclose(built(index_of, step, data=data).score, [1, 1, 0.8])
    # each part must make half of a score: a weight of 1 / (2 * own) each; X: 4w1 = w2 <= ...
    half = built(index_of, step, group=", share_limits = [0.5, 0.5]", data=data).score
    # Z is limited by X and Y: 2 w (4 + 1) <= 1 with equal weights w, so 4 w = 0.8
    assert half[2] == pytest.approx(0.8)
    assert half[0] < 1
    assert half[0] == pytest.approx(half[1])


def test_limits_that_no_share_can_keep(index_of):
    step = 'missing = "renormalise", method = "benefit_of_the_doubt"'
    with pytest.raises(MethodError, match="expected limits that shares adding to 1 can keep"):
        built(index_of, step, group=", share_limits = [0.6, 0.9]")


def test_a_part_of_weight_0_is_no_score(index_of):
    own = INDICATORS.replace("weight = 3", "weight = 0")
    result = built(index_of, 'missing = "renormalise"', indicators=own)
    np.testing.assert_array_equal(result.score, [8, NAN, NAN])
    assert result.scores().filter(unit="Y", node="index")["status"].item() == "incomplete"
