import numpy as np
import pytest

from everycount.errors import MethodError
from everycount.index.normalising import scores_of as columns_of

NAN = np.nan
MEAN = '{ do = "aggregate", missing = "renormalise" }'


@pytest.fixture
def scores_of(index_of):
    """The scores of one indicator with these goalposts, under one step."""

    def build(step, posts, values, *, more="", head="unit"):
        method = f"""
indicators = [{{ code = "a", parent = "index", {posts} }}]
steps = [{{ do = "normalise", {step} }}{more}, {MEAN}]
"""
        rows = "".join(f"{row}\n" for row in values)
        return index_of(method, f"{head},a\n{rows}").state.values[:, 0]

    return build


UP, DOWN, BAND = "worst = 0, best = 50", "worst = 50, best = 0", "worst = 27, best = [47, 53]"
FIGURES = ["V,10", "W,20", "X,40", "Y,60", "Z,"]


@pytest.mark.parametrize(
    ("step", "posts", "expected"),
    [
        ('method = "goalposts"', UP, [20, 40, 80, 100, NAN]),
        ('method = "goalposts"', DOWN, [80, 60, 20, 0, NAN]),
        ('method = "goalposts"', BAND, [0, 0, 65, 65, NAN]),
        ('method = "goalposts"', "worst = [7, 60], best = [47, 53]", [7.5, 32.5, 82.5, 0, NAN]),
        ('method = "goalposts"', 'worst = "min", best = "max"', [0, 20, 60, 100, NAN]),
        ('method = "goalposts"', 'worst = "max", best = 10', [100, 80, 40, 0, NAN]),
        ('method = "goalposts"', 'worst = "p0", best = "p50"', [0, 50, 100, 100, NAN]),
        ('method = "goalposts", clip = "none"', UP, [20, 40, 80, 120, NAN]),
        ('method = "goalposts", clip = "none"', DOWN, [80, 60, 20, -20, NAN]),
        ('method = "goalposts", clip = "best"', DOWN, [80, 60, 20, -20, NAN]),
        ('method = "goalposts", clip = "worst"', UP, [20, 40, 80, 120, NAN]),
        ('method = "goalposts", scale = [1, 101]', UP, [21, 41, 81, 101, NAN]),
        ('method = "min_max"', UP, [0, 20, 60, 100, NAN]),
        ('method = "min_max"', DOWN, [100, 80, 40, 0, NAN]),
        ('method = "min_max", scale = [0, 1]', BAND, [0, 0.1 / 0.3, 1, 1, NAN]),
        ('method = "rank"', UP, [1, 2, 3, 4, NAN]),
        ('method = "rank"', DOWN, [4, 3, 2, 1, NAN]),
        ('method = "borda"', UP, [0, 1, 2, 3, NAN]),
        ('method = "percentile_rank"', UP, [0, 1 / 3, 2 / 3, 1, NAN]),
        ('method = "distance_to_maximum"', UP, [0, 0.2, 0.6, 1, NAN]),
        ('method = "distance_to_reference", reference = "X"', UP, [0, 1 / 3, 1, 1, NAN]),
        (
            'method = "distance_to_reference", reference = "X", cap = false',
            UP,
            [0, 1 / 3, 1, 5 / 3, NAN],
        ),
        ('method = "fraction_of_maximum"', UP, [1 / 6, 1 / 3, 2 / 3, 1, NAN]),
        ('method = "fraction_of_maximum"', DOWN, [1, 1 / 2, 1 / 4, 1 / 6, NAN]),
        ('method = "truncate"', UP, [10, 20, 40, 50, NAN]),
    ],
)
def test_scores(scores_of, step, posts, expected):
    np.testing.assert_allclose(scores_of(step, posts, FIGURES), expected, atol=1e-12)


def test_z_scores_have_mean_and_deviation_as_asked(scores_of):
    found = scores_of('method = "z_score"', UP, ["X,1", "Y,2", "Z,3"])
    np.testing.assert_allclose(found, [-1, 0, 1])
    found = scores_of('method = "z_score", scale = [100, 10]', DOWN, ["X,1", "Y,2", "Z,3"])
    np.testing.assert_allclose(found, [110, 100, 90])


PANEL = ["X,2015,10", "Y,2015,20", "X,2016,20", "Y,2016,40"]


@pytest.mark.parametrize(
    ("pool", "expected"),
    [
        ('"all"', [0, 100 / 3, 100 / 3, 100]),
        ('"period"', [0, 100, 0, 100]),
        ("2015", [0, 100, 100, 300]),
    ],
)
@pytest.mark.parametrize(
    ("step", "posts"),
    [
        ('method = "min_max"', UP),
        ('method = "goalposts", clip = "none"', 'worst = "min", best = "max"'),
    ],
)
def test_where_the_extremes_come_from(scores_of, step, posts, pool, expected):
    found = scores_of(f"{step}, pool = {pool}", posts, PANEL, head="unit,period")
    # rows are sorted by unit, then period
    np.testing.assert_allclose(found, [expected[k] for k in (0, 2, 1, 3)])


def test_the_reference_of_the_same_period(scores_of):
    step = 'method = "distance_to_reference", reference = "Y", pool = "period"'
    figures = ["X,2015,10", "Y,2015,20", "Z,2015,15", "X,2016,20", "Y,2016,40", "Z,2016,25"]
    found = scores_of(step, UP, figures, head="unit,period")
    np.testing.assert_allclose(found, [0, 0, 1, 1, 0.5, 0.25])


def test_goalposts_that_are_numbers_need_nobody_in_the_pool(scores_of):
    figures = ["X,2015,", "X,2016,10"]
    found = scores_of('method = "goalposts", pool = 2015', UP, figures, head="unit,period")
    np.testing.assert_allclose(found, [NAN, 20])
    found = scores_of('method = "truncate", pool = 2015', UP, figures, head="unit,period")
    np.testing.assert_allclose(found, [NAN, 10])


@pytest.mark.parametrize(
    ("step", "posts", "figures", "fault"),
    [
        (
            'method = "z_score"', UP, ["X,2015,5", "Y,2015,5"],
            "step normalise (z_score), a: found the constant 5, expected values that differ",
        ),
        (
            'method = "goalposts"', 'worst = "min", best = 5', ["X,2015,5", "Y,2015,6"],
            "a: found worst = min (here 5), best = 5, expected figures that put worst and best ",
        ),
        (
            'method = "goalposts"', "worst = [\"min\", 90], best = [47, 53]", ["X,2015,50"],
            "a: found worst = [min, 90] (here 50 and 90), best = [47, 53], expected",
        ),
        (
            'method = "min_max", pool = 2014', UP, ["X,2015,5"],
            "step normalise, pool: found 2014, expected one of the periods 2015",
        ),
        (
            'method = "min_max", pool = 2014', UP, ["X,2014,", "Y,2015,5"],
            "step normalise (min_max), a: found no figure in 2014, the period of the pool",
        ),
        (
            'method = "goalposts", pool = 2014', "worst = [0, \"max\"], best = [47, 53]",
            ["X,2014,", "Y,2015,5"],
            "step normalise (goalposts), a: found no figure in 2014, the period of the pool",
        ),
        (
            'method = "distance_to_reference", reference = "Q"', UP, ["X,2015,5"],
            "step normalise, reference: found 'Q', expected a unit of the data",
        ),
        (
            'method = "distance_to_reference", reference = "X"', UP, ["X,2015,5", "Y,2015,7"],
            "a: found 5, expected a reference better than 5",
        ),
        (
            'method = "fraction_of_maximum"', UP, ["X,2015,-5"],
            "a: found -5, expected values above 0",
        ),
        ('method = "truncate"', UP, ["X,2015,-5"], "a: found -5, expected 0 or more"),
    ],
)  # fmt: skip
def test_what_cannot_be_normalised_this_way(scores_of, step, posts, figures, fault):
    with pytest.raises(MethodError) as raised:
        scores_of(step, posts, figures, head="unit,period")
    assert fault in str(raised.value)


def test_percentiles_of_no_figure_in_one_period(scores_of):
    step = 'method = "goalposts", pool = "period"'
    figures = ["X,2014,", "X,2015,5", "Y,2014,", "Y,2015,6"]
    found = scores_of(step, 'worst = "min", best = "max"', figures, head="unit,period")
    np.testing.assert_allclose(found, [NAN, 0, NAN, 100])


CORRECTED = UP + ', correction = { level = "t" }'


def corrected(index_of, posts, *rows):
    method = f"""
indicators = [{{ code = "z", parent = "index", worst = 0, best = 1 }},
  {{ code = "a", parent = "index", {posts} }}]
steps = [{{ do = "normalise", method = "goalposts", scale = [1, 101] }}, {MEAN}]
"""
    return index_of(method, "unit,z,a,t\n" + "".join(f"{row}\n" for row in rows))


def test_a_low_level_of_achievement_lowers_the_score(index_of):
    found = corrected(index_of, CORRECTED, "X,0,25,100", "Y,0,25,25", "Z,0,25,")
    np.testing.assert_allclose(found.state.values[:, 1], [51, 26, NAN])
    own = CORRECTED.replace('"t"', '"t / 2", maximum = 200')
    found = corrected(index_of, own, "X,0,25,100", "Y,0,25,16")
    np.testing.assert_allclose(found.state.values[:, 1], [1 + 50 * 0.5, 1 + 50 * 0.2])


def test_several_columns_of_one_indicator_are_corrected_alike(index_of):
    result = corrected(index_of, CORRECTED, "X,0,25,100", "Y,0,25,25")
    step = result.methodology.steps[0]
    x = np.array([[25.0, 50.0], [25.0, 0.0]])
    scores, posts = columns_of(result.state, step, [1, 1], x)
    np.testing.assert_allclose(scores, [[51, 101], [26, 1]])
    assert posts == {}


def test_a_level_that_nobody_has(index_of):
    assert np.isnan(corrected(index_of, CORRECTED, "X,0,25,").state.values[0, 1])


def test_a_level_that_has_no_root(index_of):
    with pytest.raises(MethodError, match="correction of a: found levels -1 to 4, expected 0 to a"):
        corrected(index_of, CORRECTED, "X,0,25,-1", "Y,0,25,4")


def test_a_second_step_takes_scores_as_more_is_better(scores_of):
    again = ', { do = "normalise", method = "min_max", scale = [0, 1] }'
    found = scores_of('method = "goalposts"', DOWN, FIGURES, more=again)
    np.testing.assert_allclose(found, [1, 0.75, 0.25, 0, NAN])


def test_indicators_without_figures_stay_missing_and_alone_are_no_fault(index_of):
    method = f"""
indicators = [{{ code = "a", parent = "index", {UP} }}, {{ code = "b", parent = "index", {UP} }}]
steps = [{{ do = "normalise", method = "z_score" }}, {MEAN}]
"""
    state = index_of(method, "unit,a,b\nX,1,\nY,3,\n").state
    assert np.isnan(state.values[:, 1]).all()
    nobody = index_of(method.replace("z_score", "goalposts"), "unit,a,b\nX,,\n")
    assert np.isnan(nobody.score).all()


def test_groups_between_aggregate_steps(index_of):
    method = f"""
groups = [
  {{ code = "index" }}, {{ code = "g", parent = "index" }},
  {{ code = "h", parent = "index", worst = 100, best = 0 }},
]
indicators = [{{ code = "a", parent = "g", {UP} }}, {{ code = "b", parent = "h", {UP} }}]
steps = [
  {{ do = "aggregate", missing = "renormalise", to = 2 }},
  {{ do = "normalise", method = "goalposts", level = 2 }},
  {MEAN},
]
"""
    result = index_of(method, "unit,a,b\nX,1,10\nY,2,20\nZ,5,80\n")
    np.testing.assert_allclose(result.state.values[:, 3:5], [[0, 90], [25, 80], [100, 20]])
    np.testing.assert_allclose(result.score, [45, 52.5, 60])


def test_groups_that_say_nothing_are_better_the_higher(index_of):
    method = f"""
groups = [{{ code = "index" }}, {{ code = "g", parent = "index" }}]
indicators = [{{ code = "a", parent = "g" }}]
steps = [
  {{ do = "aggregate", missing = "renormalise", to = 2 }},
  {{ do = "normalise", method = "min_max", level = 2 }},
  {MEAN},
]
"""
    assert index_of(method, "unit,a\nX,1\nY,2\nZ,5\n").score.tolist() == [0, 25, 100]


@pytest.mark.parametrize("posts", ['worst = "min", best = 1', "worst = 2, best = 1"])
def test_what_is_cut_at_parity_may_have_no_goalposts_to_explain(index_of, posts):
    method = f"""
indicators = [{{ code = "a", parent = "index", {posts} }}]
steps = [{{ do = "normalise", method = "truncate" }}, {MEAN}]
"""
    result = index_of(method, "unit,a\nX,0.5\nY,1.5\n")
    assert result.score.tolist() == [0.5, 1]
    assert result.state.goalposts == {}


def test_the_trace_says_what_scores_were_measured_between(index_of):
    method = f"""
indicators = [{{ code = "a", parent = "index", {BAND} }},
  {{ code = "b", parent = "index", {DOWN} }}]
steps = [{{ do = "normalise", method = "goalposts" }}, {MEAN}]
"""
    note = index_of(method, "unit,a,b\nX,1,1\n").trace().steps[1]
    assert note["scale"] == (0, 100)
    assert note["goalposts"] == {
        "a": {"worst": [27, 73], "best": [47, 53]},
        "b": {"worst": 50, "best": 0},
    }
