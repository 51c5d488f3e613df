import numpy as np
import pytest

from everycount.errors import MethodError
from everycount.index.state import IMPUTED

NAN = np.nan
METHOD = """
groups = [{{ code = "index" }},
  {{ code = "g", parent = "index" }},
  {{ code = "h", parent = "index" }}]
indicators = [
  {{ code = "a", parent = "g" }}, {{ code = "b", parent = "g" }}, {{ code = "c", parent = "h" }},
]
steps = [{}, {{ do = "aggregate", missing = "renormalise" }}]
"""
DATA = "unit,a,b,c,region,people\nW,1,2,3,n,1\nX,,4,5,n,3\nY,5,,7,s,5\nZ,7,8,,,7\n"


@pytest.fixture
def filled(index_of):
    def build(*steps, data=DATA, units=None):
        return index_of(METHOD.format(", ".join(f"{{ {step} }}" for step in steps)), data, units)

    return build


def impute(keys):
    return f'do = "impute", {keys}'


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ('method = "mean"', [13 / 3, 14 / 3, 5]),
        ('method = "median"', [5, 4, 5]),
        ('method = "mean", weight = "people"', [(1 + 25 + 49) / 13, (2 + 12 + 56) / 11, 53 / 9]),
        ('method = "mean", by = "region"', [1, NAN, NAN]),
        ('method = "median", by = "region"', [1, NAN, NAN]),
        ('method = "siblings"', [4, 5, NAN]),
        ('method = "mean", nodes = ["a"]', [13 / 3, NAN, NAN]),
        (
            'method = "given", values = { a = { X = 9, "*" = 8 }, b = { "*" = 6 } }',
            [9, 6, NAN],
        ),
        (
            'method = "given", by = "region", values = { a = { n = 9 }, c = { "*" = 6 } }',
            [9, NAN, 6],
        ),
    ],
)
def test_what_stands_in_the_gaps(filled, keys, expected):
    state = filled(impute(keys)).state
    gaps = [state.values[1, 0], state.values[2, 1], state.values[3, 2]]
    np.testing.assert_allclose(gaps, expected)
    marked = [state.marks[1, 0], state.marks[2, 1], state.marks[3, 2]]
    assert marked == [0 if np.isnan(e) else IMPUTED for e in expected]
    assert int((state.marks == IMPUTED).sum()) == int((~np.isnan(expected)).sum())


def test_units_are_filled_from_their_own_period(filled):
    data = "unit,period,a,b,c\nX,2015,1,1,1\nY,2015,,1,1\nX,2016,5,1,1\nY,2016,,1,1\n"
    state = filled(impute('method = "mean"'), data=data).state
    assert state.values[:, 0].tolist() == [1, 5, 1, 5]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ('method = "last"', [1, 1, 1, 4, 4]),
        ('method = "last", limit = 1', [1, 1, NAN, 4, 4]),
        ('method = "linear"', [1, 2, 3, 4, NAN]),
        ('method = "linear", edges = "constant"', [1, 2, 3, 4, 4]),
    ],
)
def test_along_time(filled, keys, expected):
    rows = zip(range(2015, 2020), ["1", "", "", "4", ""], strict=True)
    data = "unit,period,a,b,c\n" + "".join(f"X,{year},{a},1,1\n" for year, a in rows)
    np.testing.assert_allclose(filled(impute(keys), data=data).state.values[:, 0], expected)


@pytest.mark.parametrize("method", ["last", "linear"])
def test_along_time_without_time(filled, method):
    with pytest.raises(MethodError, match=rf"step impute \({method}\): found data without periods"):
        filled(impute(f'method = "{method}"'))


def test_expectation_follows_the_line_the_others_are_on(filled):
    data = "unit,a,b,c\nW,1,2,1\nX,2,4,5\nY,3,6,2\nZ,4,,3\n"
    result = filled(impute('method = "em"'), data=data)
    assert result.state.values[3, 1] == pytest.approx(8, abs=1e-3)
    assert result.trace().steps[1]["converged"] is True
    assert result.trace().steps[1]["cells"] == {"b": 1}


def test_expectation_of_what_nobody_has(filled):
    with pytest.raises(MethodError, match="step impute, b: found no value, expected at least one"):
        filled(impute('method = "em"'), data="unit,a,b,c\nW,1,,1\nX,2,,5\n")


@pytest.mark.parametrize("method", ["em", "mean"])
def test_rows_and_indicators_screened_out_stay_empty(filled, method):
    data = "unit,a,b,c\nW,1,2,1\nX,2,4,5\nY,3,,2\nZ,,,3\n"
    state = filled('do = "screen", units = 0.5', impute(f'method = "{method}"'), data=data).state
    assert not np.isnan(state.values[2, 1])
    assert np.isnan(state.values[3, :3]).all()


@pytest.mark.parametrize("method", ["em", "mean"])
@pytest.mark.parametrize("screen", ["units = 1.0", "indicators = 1.0"])
def test_nothing_is_left_to_fill(filled, method, screen):
    data = "unit,a,b,c\nW,1,2,\nX,,4,5\nY,3,,2\n"
    result = filled(f'do = "screen", {screen}', impute(f'method = "{method}"'), data=data)
    assert np.isnan(result.state.values[:, :3]).all()
    assert result.trace().counts.imputed == 0


def test_groups_are_filled_and_enter_the_top(filled):
    level = impute('method = "mean", level = 2')
    data = "unit,a,b,c\nW,10,20,30\nX,,,50\n"
    result = filled('do = "aggregate", missing = "renormalise", to = 2', level, data=data)
    np.testing.assert_allclose(result.score, [22.5, 32.5])
    assert result.scores().filter(unit="X", node="g")["status"].item() == "imputed"
    assert result.trace().counts.groups_imputed == 1


def test_a_weight_that_is_an_indicator_counts_as_observed(index_of):
    fill = impute('method = "mean", weight = "c", nodes = ["a"]')
    rank = 'do = "normalise", method = "percentile_rank", nodes = ["c"]'
    method = METHOD.format(f"{{ {rank} }}, {{ {fill} }}")
    method = method.replace('parent = "h" }', 'parent = "h", worst = 0, best = 1 }')
    state = index_of(method, "unit,a,b,c\nW,1,2,1\nX,2,4,3\nY,,6,5\n").state
    assert state.values[:, 2].tolist() == [0, 0.5, 1]
    assert state.values[2, 0] == (1 * 1 + 2 * 3) / 4


def test_given_figures_for_nobody_are_warned_of(filled):
    result = filled(impute('method = "given", values = { a = { Q = 9, X = 1, "*" = 3 } }'))
    assert result.trace().warnings == ("given figures for 'Q', which is not in the data",)
    by = filled(impute('method = "given", by = "region", values = { a = { e = 9, n = 1 } }'))
    assert by.trace().warnings == ("given figures for 'e', which is not in the data",)
