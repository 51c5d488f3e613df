import numpy as np
import pytest

from everycount.errors import MethodError
from everycount.index.state import CLIPPED, DERIVED, RECODED

NAN = np.nan


def derived(kind, **operands):
    keys = ", ".join(f'{key} = "{text}"' for key, text in operands.items())
    return f"""
indicators = [{{ code = "a", parent = "index", derive = {{ kind = "{kind}", {keys} }} }}]
steps = [{{ do = "derive" }}, {{ do = "aggregate", missing = "renormalise" }}]
"""


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        (derived("formula", formula="w - m"), [-10, 0, NAN]),
        (derived("ratio", women="w", men="m"), [0.5, NAN, NAN]),
        (derived("share", women="w", men="m"), [1 / 3, NAN, NAN]),
        (derived("share_ratio", value="w", reference="mean(w, m)"), [10 / 15, NAN, NAN]),
        (derived("gap", value="w", reference="mean(w, m)"), [1 / 3, NAN, NAN]),
    ],
)
def test_derive(index_of, method, expected):
    state = index_of(method, "unit,w,m\nX,10,20\nY,0,0\nZ,1,\n").state
    np.testing.assert_allclose(state.values[:, 0], expected)
    assert state.marks[:, 0].tolist() == [0 if np.isnan(e) else DERIVED for e in expected]


def test_derived_figures_have_the_newest_year_and_source_of_their_operands(index_of):
    data = "unit,period,w,m,SOURCE\nX,2015,1,,old\nX,2018,,2,new\nY,2018,1,,new\n"
    method = derived("ratio", women="w", men="m").replace(
        '{ do = "derive" }', '{ do = "select" }, { do = "derive", years = "any" }'
    )
    table = index_of(method, data).figures()
    assert table["year"].to_list() == [2018, None]
    assert table["source"].to_list() == ["new", None]


def test_figures_of_different_years_are_not_combined_unless_the_method_says_so(index_of):
    data = "unit,period,w,m\nX,2015,1,\nX,2018,,2\nY,2018,1,4\n"
    method = derived("ratio", women="w", men="m").replace("[{ do", '[{ do = "select" }, { do', 1)
    result = index_of(method, data)
    np.testing.assert_array_equal(result.score, [NAN, 0.25])
    assert (
        result.trace()
        .warnings[0]
        .startswith(
            "a: 1 left out, as the figures to be combined are of different years; put derive before"
        )
    )


def test_what_is_made_of_a_filled_figure_is_filled(index_of):
    method = derived("ratio", women="w", men="m").replace(
        "steps = [", 'steps = [{ do = "impute", method = "linear", nodes = ["w"] }, '
    )
    method = method.replace("indicators = [", 'indicators = [{ code = "w", parent = "index" }, ')
    data = "unit,period,w,m\nX,2015,1,2\nX,2016,,2\nX,2017,3,2\n"
    table = index_of(method, data).figures().filter(indicator="a")
    assert table["score"].to_list() == [0.5, 1, 1.5]
    assert table["value"].to_list() == [0.5, None, 1.5]
    assert table["status"].to_list() == ["derived", "imputed", "derived"]


def test_derived_from_nothing_but_a_number(index_of):
    table = index_of(derived("formula", formula="5 / 2"), "unit,w\nX,1\nY,\n").figures()
    assert table.select("value", "year", "source").rows() == [(2.5, None, None)] * 2


def test_derive_from_derived_whatever_the_order(index_of):
    method = """
indicators = [
  { code = "a", parent = "index", derive = { kind = "formula", formula = "b * 2" } },
  { code = "b", parent = "index", derive = { kind = "formula", formula = "c + 1" } },
]
steps = [{ do = "derive" }]
"""
    assert index_of(method, "unit,c\nX,1\n").state.values[0, :2].tolist() == [4, 2]


RECODE = """
indicators = [{ code = "a", parent = "index", recode = { yes = 1, no = 0, 2 = 20, partly = 0.5 } }]
steps = [{ do = "recode" }]
"""


def test_recode_categories_and_listed_numbers(index_of):
    result = index_of(RECODE, "unit,a\nV,yes\nW,2\nX,3\nY,\nZ,partly\n")
    state = result.state
    np.testing.assert_array_equal(state.values[:, 0], [1, 20, 3, NAN, 0.5])
    assert state.marks[:, 0].tolist() == [RECODED, RECODED, 0, 0, RECODED]
    assert result.trace().steps[-1] == {"step": "recode", "cells": {"a": 3}}


def test_recode_lists_every_category_that_is_not_listed(index_of):
    other = RECODE.replace("]\nsteps", ', { code = "b", parent = "index" }]\nsteps')
    with pytest.raises(MethodError) as raised:
        index_of(other, "unit,period,a,b\nX,2015,Yes,1\nX,2016,maybe,1\nY,2015,yes,2\n")
    assert [(p.where, p.found) for p in raised.value.problems] == [
        ("unit X in 2015, a", "'Yes'"),
        ("unit X in 2016, a", "'maybe'"),
    ]
    assert raised.value.problems[0].expected == "one of yes, no, 2, partly"
    with pytest.raises(MethodError, match="unit X, a: found 'Yes'"):
        index_of(RECODE, "unit,a\nX,Yes\n")


def test_recode_numbers_only(index_of):
    method = RECODE.replace(
        "recode = {", 'derive = { kind = "formula", formula = "x" }, recode = {'
    ).replace("[{ do", '[{ do = "derive" }, { do')
    assert index_of(method, "unit,x\nX,2\n").state.values[0, 0] == 20


def test_clip_at_either_limit(index_of):
    method = """
indicators = [
  { code = "a", parent = "index", clip = { low = 10 } },
  { code = "b", parent = "index", clip = { high = 5.5 } },
  { code = "c", parent = "index" },
]
steps = [{ do = "clip" }]
"""
    result = index_of(method, "unit,a,b,c\nX,3,3,3\nY,30,30,30\nZ,,,\n")
    expected = [[10, 3, 3], [30, 5.5, 30], [NAN] * 3]
    np.testing.assert_array_equal(result.state.values[:, :3], expected)
    assert (result.state.marks[:, :3] == CLIPPED).tolist() == [
        [True, False, False],
        [False, True, False],
        [False, False, False],
    ]
    assert result.trace().steps[-1]["cells"] == {"a": 1, "b": 1}


def test_denominate(index_of):
    method = """
indicators = [
  { code = "a", parent = "index", denominator = "people", per = 1000 },
  { code = "b", parent = "index" },
]
steps = [{ do = "denominate" }]
"""
    result = index_of(method, "unit,a,b,people\nX,5,5,100\nY,5,5,0\nZ,5,5,\n")
    np.testing.assert_array_equal(result.state.values[:, :2], [[50, 5], [NAN, 5], [NAN, 5]])
    assert result.state.marks[0, 0] == DERIVED
    assert result.trace().steps[-1]["by"] == {"a": "people"}


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_denominators_count_as_they_came_whatever_the_order(index_of, order):
    listed = {
        "a": '{ code = "a", parent = "index", denominator = "b" }',
        "b": '{ code = "b", parent = "index", denominator = "c" }',
    }
    method = f"indicators = [{', '.join(listed[code] for code in order)}]\n"
    state = index_of(method + 'steps = [{ do = "denominate" }]', "unit,a,b,c\nX,8,4,2\n").state
    found = dict(zip(state.columns, state.values[0].tolist(), strict=True))
    assert (found["a"], found["b"]) == (2, 2)
