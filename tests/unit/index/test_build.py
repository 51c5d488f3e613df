import numpy as np

from everycount.index.build import build

AB = 'indicators = [{ code = "a", parent = "index" }, { code = "b", parent = "index" }]\n'


def test_units_may_be_left_out(method_of, observations_of):
    method = method_of(AB)
    result = build(method, observations_of("unit,a,b\nX,1,3\n", method))
    assert result.score.tolist() == [2]


def test_every_step_in_its_order(index_of):
    method = """
indicators = [
  { code = "a", parent = "index", worst = 0, best = 10, clip = { high = 8 } },
  { code = "b", parent = "index", worst = 0, best = 10, recode = { yes = 6 } },
  { code = "c", parent = "index", worst = 0, best = 10, denominator = "n" },
  { code = "d", parent = "index", worst = 0, best = 10, derive = HALF },
]
steps = [
  { do = "select" }, { do = "derive" }, { do = "recode" }, { do = "clip" }, { do = "denominate" },
  { do = "screen", units = 0.5 }, { do = "impute", method = "mean" },
  { do = "treat", winsorise = 1 },
  { do = "normalise", method = "goalposts" }, { do = "weigh", method = "equal" },
  { do = "aggregate", missing = "propagate" },
]
"""
    method = method.replace("HALF", '{ kind = "formula", formula = "a / 2" }')
    data = "unit,period,a,b,c,n\nX,2019,9,yes,8,2\nY,2019,4,,3,3\nZ,2018,,,1,1\n"
    result = index_of(method, data)
    # X: 8, 6, 4, 4.5; Y: 4, 6 (imputed), 1, 2; Z has one of four
    np.testing.assert_allclose(result.score, [56.25, 32.5, np.nan])
    assert [step["step"] for step in result.trace().steps] == [
        "read", "select", "derive", "recode", "clip", "denominate", "screen", "impute", "treat",
        "normalise", "weigh", "aggregate",
    ]  # fmt: skip


def test_no_step_at_all_leaves_the_figures(index_of):
    result = index_of(AB + "steps = []", "unit,a,b\nX,1,3\n")
    assert np.isnan(result.score).all()
    assert result.scores().filter(node="index")["status"].item() == "not_computed"
    assert result.trace().counts.figures == 2


def test_a_unit_without_data_stays_with_its_status(index_of):
    table = index_of(AB, "unit,a,b\nX,1,3\nY,,\n").scores().filter(unit="Y")
    assert table["status"].to_list() == ["no_data", "missing", "missing"]
    assert table["score"].null_count() == 3


def test_one_indicator_is_its_own_index(index_of):
    assert index_of('indicators = [{ code = "a", parent = "index" }]', "unit,a\nX,4\n").score == [4]
