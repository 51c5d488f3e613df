"""Figures with errors: where standard errors come from, and that builds see each figure's own."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from everycount.errors import MethodError

LONG = """unit,indicator,value,STD_ERROR
U1,a,10,1
U1,b,20,
U2,a,30,0
U2,b,40,2.5
U3,a,50,0.5
U3,b,60,
"""
LONG_METHOD = """
groups = [{ code = "index" }]
indicators = [
  { code = "x", column = "a", parent = "index", worst = 0, best = 100 },
  { code = "b", parent = "index", worst = 0, best = 100 },
]
steps = [{ do = "normalise", method = "goalposts" }, { do = "aggregate", missing = "renormalise" }]
"""


@pytest.fixture
def vary_figures(vary):
    return lambda **keys: vary(vary="figures", name="Errors", **keys)


@pytest.fixture
def of(builds_of, tree, steps, vary_figures):
    def make(steps=steps, tree=tree, data=None, more="", **keys):
        text = tree + steps + vary_figures(**keys) + more
        return builds_of(text) if data is None else builds_of(text, data)

    return make


def columns(builds, *names):
    at = [builds.stages.laid_out.position(name) for name in names]
    return builds.errors.scale[:, at]


def test_without_the_assumption_there_are_no_errors(builds_of, tree, steps):
    assert builds_of(tree + steps).errors is None


def test_standard_errors_stand_beside_the_figures(builds_of, vary_figures):
    builds = builds_of(LONG_METHOD + vary_figures(), LONG)
    wanted = [[1, 1, 0], [0, 0, 2.5], [0.5, 0.5, 0]]
    assert_allclose(columns(builds, "a", "x", "b"), wanted)


def test_shares_of_the_figure_where_no_error_stands_beside_it(builds_of, vary_figures):
    builds = builds_of(LONG_METHOD + vary_figures(relative={"*": 0.1, "b": 0.5}), LONG)
    assert_allclose(columns(builds, "a", "x", "b"), [[1, 1, 10], [0, 0, 2.5], [0.5, 0.5, 30]])


def test_an_indicator_stands_for_the_column_that_holds_it(builds_of, vary_figures, chosen):
    builds = builds_of(LONG_METHOD + vary_figures(relative={"x": 0.1}), LONG.replace(",1\n", ",\n"))
    assert_allclose(columns(builds, "a")[0], 1)
    figures = builds.errors.figures(builds.stages.laid_out, np.array([5]))[0]
    a, x = (builds.stages.laid_out.position(name) for name in ("a", "x"))
    assert figures[0, a] == figures[0, x] != 10


def test_decimal_commas_count_in_errors_too(builds_of, vary_figures):
    text = LONG_METHOD + 'data = { decimal = ",", delimiter = ";" }\n' + vary_figures()
    data = LONG.replace(",", ";").replace(".", ",")
    assert_allclose(columns(builds_of(text, data), "b").ravel(), [0, 2.5, 0])


def test_columns_of_errors_in_wide_data(of):
    data = "unit,a,b,c,d,e,se\nU1,1,2,3,4,5,0.5\nU2,2,3,4,5,6,\nU3,9,8,7,6,,7\n"
    builds = of(data=data, columns={"a": "se"})
    assert_allclose(columns(builds, "a").ravel(), [0.5, 0, 7])
    assert not columns(builds, "b", "c", "d", "e").any()


def refused(builds_of, text, data):
    with pytest.raises(MethodError) as caught:
        builds_of(text, data)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("cell", ["much", "inf", "nan"])
def test_an_error_that_is_no_number(builds_of, vary_figures, cell):
    data = LONG.replace(",2.5", f",{cell}").replace(",0.5", ",x")
    assert refused(builds_of, LONG_METHOD + vary_figures(), data) == [
        f"b, U2, STD_ERROR: found '{cell}', expected a number",
        "a, U3, STD_ERROR: found 'x', expected a number",
    ]


def test_an_error_below_0(builds_of, vary_figures):
    found = refused(builds_of, LONG_METHOD + vary_figures(), LONG.replace(",2.5", ",-2.5"))
    assert found == ["b, U2, standard error: found -2.5, expected 0 or more"]


@pytest.mark.parametrize("relative", [{"*": 0}, {"a": 0}])
def test_errors_of_nothing(builds_of, tree, steps, figures, vary_figures, relative):
    found = refused(builds_of, tree + steps + vary_figures(relative=relative), figures)
    assert found == [
        "audit, figures: found no figure with a standard error, expected the attribute STD_ERROR, "
        "or columns or relative in the audit"
    ]


def test_columns_that_are_not_there_are_all_named(builds_of, tree, steps, figures, vary_figures):
    more = vary_figures(
        columns={"a": "se", "zz": "b"}, relative={"g": 0.1, "*": 0.1}, limits={"moon": [0, 1]}
    )
    assert refused(builds_of, tree + steps + more, figures) == [
        f"audit, figures: found no column '{name}', expected a column of figures of the data"
        for name in ("zz", "se", "g", "moon")
    ]


def test_a_derived_indicator_has_no_errors_of_its_own(builds_of, vary_figures):
    tree = """
groups = [{ code = "index" }]
indicators = [{ code = "r", parent = "index", derive = { kind = "ratio", women = "w", men = "m" } }]
steps = [{ do = "derive" }, { do = "aggregate", missing = "renormalise" }]
"""
    data = "unit,w,m\nU1,1,2\nU2,3,4\n"
    found = refused(builds_of, tree + vary_figures(relative={"r": 0.1}), data)
    assert found == [
        "audit, figures: found no column 'r', expected a column of figures of the data"
    ]


def test_errors_depend_on_the_number_alone_and_stay_within_limits(of):
    builds = of(relative={"*": 0.5}, limits={"*": [0, 90], "a": [10, 20]})
    state = builds.stages.laid_out
    figures = builds.errors.figures(state, np.array([3, 4, 3, -1]))
    assert_allclose(figures[0], figures[2])
    assert_allclose(figures[3], state.values)
    known = ~np.isnan(state.values)
    assert (figures[0][known] != figures[1][known]).any()
    assert (np.isnan(figures) == np.isnan(state.values)).all()
    assert np.nanmin(figures[:3]) >= 0
    assert np.nanmax(figures[:3]) <= 90
    assert set(np.nanmax(figures[:3, :, 0], axis=1)) <= {20.0}


def test_errors_are_normal_and_of_their_size(of):
    builds = of(relative={"*": 0.1})
    figures = builds.errors.figures(builds.stages.laid_out, np.arange(3000))
    a = figures[:, 0, 0]
    assert a.mean() == pytest.approx(12, abs=0.1)
    assert a.std() == pytest.approx(1.2, rel=0.05)


# -------------------------------------------------- a build on figures with exactly the same errors


def again(builds, scores_of, text, number, names="abcde"):
    """Build from figures with the errors of a draw."""
    state = builds.stages.laid_out
    figures = builds.errors.figures(state, np.array([number]))[0]
    lines = ["unit," + ",".join(names)]
    for row, u in enumerate(state.row_units):
        cells = [figures[row, state.position(name)] for name in names]
        texts = ["" if np.isnan(cell) else repr(float(cell)) for cell in cells]
        lines.append(",".join([state.units[u], *texts]))
    return scores_of(text, "\n".join(lines) + "\n")


MIN_MAX = '{ do = "normalise", method = "min_max", scale = [1, 100] },'
LAST = '{ do = "aggregate", missing = "renormalise" },'
WAYS = {
    "screen": '{ do = "screen", units = 0.9 },' + MIN_MAX,
    "impute": '{ do = "impute", method = "em" },' + MIN_MAX,
    "treat": '{ do = "treat", winsorise = 1, skewness = 0.1, kurtosis = 0.1 },' + MIN_MAX,
    "weigh": MIN_MAX + '{ do = "weigh", method = "standard_deviations" },',
    "weigh first": '{ do = "weigh", method = "standard_deviations" },' + MIN_MAX,
    "weigh twice": MIN_MAX
    + '{ do = "weigh", method = "pca", parents = ["g"] }, { do = "weigh", method = "equal" },',
    "by weight": '{ do = "impute", method = "mean", weight = "d" },' + MIN_MAX,
    "by a weight that does not err": '{ do = "impute", method = "mean", weight = "e" },' + MIN_MAX,
    "clip after": '{ do = "impute", method = "mean" }, { do = "clip" },' + MIN_MAX,
    "siblings": MIN_MAX + '{ do = "impute", method = "siblings" },',
    "by unit": '{ do = "normalise", method = "goalposts", scale = [1, 100] },',
    "observed": '{ do = "impute", method = "given", values = { b = { "*" = 50 } } },'
    '{ do = "impute", method = "mean", weight = "d" },' + MIN_MAX,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("noise", [True, False])
def test_a_draw_is_a_build_on_figures_with_its_errors(
    of, vary, chosen, scores_of, tree, way, noise
):
    steps = f"\nsteps = [{WAYS[way]}{LAST}]\n"
    if "clip" in way:
        tree = tree.replace('code = "a",', 'code = "a", clip = { low = 20, high = 90 },')
    relative = dict.fromkeys("abcd", 0.1)
    more = vary(vary="leave_one_out", name="Left out") if noise else ""
    builds = of(steps=steps, tree=tree, relative=relative, more=more)
    found = builds.run(chosen(builds, Errors=[7, -1, 8])).scores[builds.nodes[0]]
    for row, number in ((0, 7), (1, -1), (2, 8)):
        assert_allclose(found[row], again(builds, scores_of, tree + steps, number), rtol=1e-9)


def test_corrections_read_the_levels_with_their_errors(of, chosen, scores_of, tree, steps):
    corrected = tree.replace('code = "a",', 'code = "a", correction = { level = "d + 1" },')
    steps = f"\nsteps = [{WAYS['by unit']}{LAST}]\n"
    for names in ("abcd", "abce"):  # with errors of d and without
        builds = of(steps=steps, tree=corrected, relative=dict.fromkeys(names, 0.1))
        found = builds.run(chosen(builds, Errors=[7])).scores[builds.nodes[0]]
        assert_allclose(found[0], again(builds, scores_of, corrected + steps, 7), rtol=1e-9)


def test_weights_that_were_drawn_stay(of, vary, chosen, scores_of, tree):
    steps = f"\nsteps = [{WAYS['weigh']}{LAST}]\n"
    sets = [{"name": "0"}, {"name": "x", "weights": dict.fromkeys("abcde", 2)}]
    more = vary(vary="weights", name="W", how="sets", sets=sets)
    builds = of(steps=steps, relative={"*": 0.1}, more=more)
    found = builds.run(chosen(builds, Errors=[3], W=[1])).scores[builds.nodes[0]]
    plain = f"\nsteps = [{MIN_MAX}{{ do = 'weigh', method = 'equal' }},{LAST}]\n"
    assert_allclose(found[0], again(builds, scores_of, tree + plain, 3), rtol=1e-9)


def test_a_draw_that_fails_for_its_errors_alone_is_counted(of, chosen, tree):
    data = "unit,a,b,c,d,e\nU1,5,20,30,40,50\nU2,20,30,30,40,50\nU3,30,20,30,40,60\n"
    steps = """
steps = [
  { do = "normalise", method = "goalposts", clip = "none" },
  { do = "aggregate", missing = "renormalise", method = "geometric" },
]
"""
    builds = of(steps=steps, data=data, relative={"a": 0.8})
    outcome = builds.run(chosen(builds, Errors=np.arange(200)))
    assert 0 < len(outcome.failures) < 100
    assert set(outcome.failures.values()) == {"group g (geometric): a has scores of 0 or less"}


def test_a_draw_whose_weights_cannot_be_read_fails_alone(of, chosen):
    data = "unit,a,b,c,d,e\nU1,5,20,30,40,50\nU2,20,30,31,41,50\nU3,30,20,33,42,60\n"
    steps = f"\nsteps = [{WAYS['weigh'].replace('min_max', 'goalposts')}{LAST}]\n"
    builds = of(steps=steps, data=data, relative={"a": 1}, limits={"a": [1000, 1001]})
    outcome = builds.run(chosen(builds, Errors=[1, -1]))
    assert list(outcome.failures) == [0]
    assert "a" in outcome.failures[0]


def test_errors_of_panels_before_editions_are_selected(builds_of, vary_figures, chosen, index_of):
    text = """
groups = [{ code = "index" }]
indicators = [{ code = "a", parent = "index", worst = 0, best = 100 }]
steps = [
  { do = "select", take = "mean" },
  { do = "normalise", method = "goalposts" },
  { do = "aggregate", missing = "renormalise" },
]
"""
    data = "unit,period,a\nU1,2018,10\nU1,2019,20\nU2,2018,30\nU2,2019,\n"
    builds = builds_of(text + vary_figures(relative={"*": 0.1}), data)
    figures = builds.errors.figures(builds.stages.laid_out, np.array([9]))[0][:, 0]
    found = builds.run(chosen(builds, Errors=[9])).scores[builds.nodes[0]][0]
    assert_allclose(found, [figures[:2].mean(), figures[2]])
