import pytest

from everycount.errors import MethodError, NotFound
from everycount.index.explanation import explain

TREE = """
groups = [
  { code = "index" },
  { code = "g", parent = "index", name = "Goal" },
  { code = "h", parent = "index" },
]
indicators = [
  { code = "a", parent = "g", name = "Anaemia", unit = "%", worst = 50, best = 0, basis = "WHO" },
  { code = "b", parent = "g", worst = 0, best = 100, source = "ILO" },
  { code = "c", parent = "h", worst = 27, best = [47, 53] },
]
"""
GOALPOSTS = '{ do = "normalise", method = "goalposts" }'


def mean(more=""):
    return f'{{ do = "aggregate", missing = "renormalise"{more} }}'


def built(index_of, *steps, data, tree=TREE, units=None):
    return index_of(f"{tree}steps = [{', '.join(steps)}]", data, units)


DATA = "unit,period,a,b,c,SOURCE\nX,2018,10,60,60,WHO\nY,2018,5,80,50,UN\nZ,2018,40,,,UN\n"


@pytest.fixture
def linear(index_of):
    return built(index_of, GOALPOSTS, mean(), data=DATA, units="unit,name\nX,Xanadu\n")


def test_score_parts_and_figures(linear):
    found = explain(linear, "X")
    near = pytest.approx
    # a: 80, b: 60, so g 70; c is 7 of 20 beyond the band: 65
    assert (found.unit, found.name, found.period) == ("X", "Xanadu", 2018)
    assert (found.score, found.rank, found.of) == (near(67.5), 2, 3)
    assert (found.baseline, found.baseline_kind) == (0, "zero")
    assert (found.next_unit, found.next_score) == ("Y", near(92.5))
    assert found.missing == ()
    assert found.notes == ()
    assert [(p.code, p.name, p.level, p.parent) for p in found.parts] == [
        ("index", "index", 3, None), ("g", "Goal", 2, "index"), ("h", "h", 2, "index"),
        ("a", "Anaemia", 1, "g"), ("b", "b", 1, "g"), ("c", "c", 1, "h"),
    ]  # fmt: skip
    assert [p.contribution for p in found.parts] == near([67.5, 35, 32.5, 20, 15, 32.5])
    assert [p.effective_weight for p in found.parts] == near([1, 0.5, 0.5, 0.25, 0.25, 0.5])
    assert [p.score for p in found.parts] == near([67.5, 70, 65, 80, 60, 65])
    a, b, c = found.figures
    assert (a.value, a.year, a.source, a.worst, a.best) == (10, 2018, "WHO", "50.0", "0.0")
    assert (a.unit, a.basis, a.status) == ("%", "WHO", "observed")
    assert c.best == "47.0 to 53.0"
    assert b.contribution == near(15)


def test_what_reaching_each_target_would_do(linear):
    a, b, c = explain(linear, "X").figures
    assert [a.score_at_target, b.score_at_target, c.score_at_target] == pytest.approx(
        [72.5, 77.5, 85]
    )
    assert [a.rank_at_target, b.rank_at_target, c.rank_at_target] == [2, 2, 2]


def test_what_it_takes_to_gain_a_rank(index_of):
    data = "unit,a,b,c\nX,10,60,60\nY,10,60,57\n"
    a, b, c = explain(built(index_of, GOALPOSTS, mean(), data=data), "X").figures
    # Y has 72.5 for c 80; X needs 7.5 more: 30 of 20 left in a, 30 in b, 15 in c
    assert (a.score_to_gain, a.value_to_gain) == (None, None)
    assert (b.score_to_gain, b.value_to_gain) == (pytest.approx(90), pytest.approx(90))
    assert (c.score_to_gain, c.value_to_gain) == (pytest.approx(80), pytest.approx(57))


def test_the_first_has_nobody_above(linear):
    found = explain(linear, "Y")
    assert (found.rank, found.next_unit, found.next_score) == (1, None, None)
    assert {figure.score_to_gain for figure in found.figures} == {None}


def test_missing_indicators_have_no_part(linear):
    found = explain(linear, "Z")
    assert found.missing == ("b", "c")
    assert [figure.contribution for figure in found.figures] == [pytest.approx(20), None, None]
    assert found.figures[1].source == "ILO"
    assert found.score == pytest.approx(20)


def test_less_is_better(index_of):
    tree = 'ranking = { best = "low" }\n' + TREE
    found = explain(built(index_of, GOALPOSTS, mean(), data=DATA, tree=tree), "X")
    assert (found.rank, found.next_unit) == (2, "Z")


def test_rounded_scores_decide_who_is_above(index_of):
    tree = "ranking = { decimals = 0 }\n" + TREE
    data = "unit,a,b,c\nX,10,60,50\nY,10,60.4,50\nZ,10,70,50\n"
    found = explain(built(index_of, GOALPOSTS, mean(), data=data, tree=tree), "X")
    assert (found.rank, found.next_unit) == (2, "Z")
    assert found.figures[1].rank_at_target == 1


def test_units_without_a_rank_are_not_above(index_of):
    tree = 'ranking = { unranked = ["Y"] }\n' + TREE
    result = built(index_of, GOALPOSTS, mean(), data=DATA, tree=tree)
    found = explain(result, "X")
    assert (found.rank, found.of, found.next_unit) == (1, 2, None)
    assert found.figures[2].rank_at_target == 1
    assert explain(result, "Y").rank is None


def test_a_figure_beyond_the_best_is_not_brought_back(index_of):
    step = '{ do = "normalise", method = "goalposts", clip = "none" }'
    tree = """
groups = [{ code = "index" }]
indicators = [{ code = "b", parent = "index", worst = 0, best = 100 }]
"""
    (figure,) = explain(
        built(index_of, step, mean(), data="unit,b\nX,150\n", tree=tree), "X"
    ).figures
    assert figure.score_at_target == pytest.approx(150)


def test_a_corrected_score_reaches_what_the_correction_allows(index_of):
    tree = TREE.replace(
        "worst = 0, best = 100", 'worst = 0, best = 100, correction = { level = "t" }'
    )
    data = "unit,a,b,c,t\nX,0,50,50,25\nY,0,100,50,100\n"
    _, b, _ = explain(built(index_of, GOALPOSTS, mean(), data=data, tree=tree), "X").figures
    assert b.score == pytest.approx(25)
    assert b.score_at_target == pytest.approx(((100 + 50) / 2 + 100) / 2)
    assert b.value_to_gain is None


def test_shapley_values_from_the_mean_of_all(index_of):
    result = built(index_of, GOALPOSTS, mean(', method = "geometric"'), data=DATA)
    found = explain(result, "X")
    assert found.baseline_kind == "mean"
    # the mean of a is (80 + 90 + 20) / 3, of b (60 + 80) / 2, of c (65 + 100) / 2
    g = (190 / 3 * 70) ** 0.5
    assert found.baseline == pytest.approx((g * 82.5) ** 0.5)
    total = sum(figure.contribution for figure in found.figures)
    assert total == pytest.approx(found.score - found.baseline)


def test_an_indicator_that_no_ranked_unit_has_starts_from_its_own(index_of):
    tree = 'ranking = { unranked = ["X"] }\n' + TREE
    data = "unit,a,b,c\nX,10,60,60\nY,5,80,\n"
    result = built(index_of, GOALPOSTS, mean(', method = "geometric"'), data=data, tree=tree)
    assert explain(result, "X").figures[2].contribution == 0


FILLED = mean(", to = 2"), '{ do = "impute", method = "mean", level = 2 }'


def test_a_filled_group_stands_for_itself(index_of):
    data = "unit,a,b,c\nX,10,60,\nY,5,80,50\n"
    found = explain(built(index_of, GOALPOSTS, *FILLED, mean(), data=data), "X")
    parts = {part.code: part.contribution for part in found.parts}
    assert parts == pytest.approx(
        {"index": 85, "g": 35, "h": 50, "a": 20, "b": 15, "c": None}, nan_ok=True
    )
    assert found.notes == (
        "h: filled or normalised after aggregation, so its contribution is not passed down to "
        "indicators",
    )


def test_a_filled_group_is_counted_from_the_mean_under_other_means(index_of):
    data = "unit,a,b,c\nX,10,60,\nY,5,80,50\nZ,5,80,60\n"
    result = built(index_of, GOALPOSTS, *FILLED, mean(', method = "geometric"'), data=data)
    found = explain(result, "X")
    parts = {part.code: part.contribution or 0 for part in found.parts}
    assert parts["h"] == pytest.approx(0)  # it was filled with the mean
    assert parts["a"] + parts["b"] + parts["h"] == pytest.approx(found.score - found.baseline)


def test_a_group_with_too_few_parts_has_no_part(index_of):
    tree = TREE.replace('name = "Goal"', "least = 1.0")
    found = explain(
        built(index_of, GOALPOSTS, mean(), data=DATA.replace("60,60", ",60"), tree=tree), "X"
    )
    parts = {part.code: part.contribution for part in found.parts}
    assert found.score == pytest.approx(65)
    assert parts["c"] == pytest.approx(65)
    assert parts["a"] == 0
    assert parts["g"] is None
    assert found.notes == ()


def test_without_goalposts_targets_are_not_told(index_of):
    step = '{ do = "normalise", method = "rank" }'
    found = explain(built(index_of, step, mean(), data=DATA), "X")
    assert found.notes[0].startswith("a, b, c: not measured between goalposts")
    assert {figure.score_at_target for figure in found.figures} == {None}
    assert {figure.rank_at_target for figure in found.figures} == {None}


PANEL = """unit,period,a,b,c
X,2018,10,60,60
X,2016,20,60,60
X,2017,,,
Y,2018,,,
Y,2016,,,
Y,2017,1,1,1
"""


def test_the_newest_period_with_a_score(index_of):
    select = '{ do = "select", take = "exact", periods = [2018, 2017, 2016] }'
    result = built(index_of, select, GOALPOSTS, mean(), data=PANEL)
    assert explain(result, "X").period == 2018
    assert explain(result, "Y").period == 2017
    assert explain(result, "X", period=2016).score < explain(result, "X").score
    assert explain(result, "X", period=2016).figures[0].year == 2016
    with pytest.raises(NotFound, match="no period 2010; there are 2016, 2017, 2018"):
        explain(result, "X", period=2010)
    with pytest.raises(
        MethodError, match=r"unit X: found no score \(no figure of any .*no figure of: a b c\)"
    ):
        explain(result, "X", period=2017)


def test_no_such_unit(linear):
    with pytest.raises(NotFound, match="there is no unit 'Q' in the data"):
        explain(linear, "Q")


def test_ordinal_methods_are_refused_with_the_reason(index_of):
    result = built(index_of, GOALPOSTS, mean(', method = "copeland"'), data=DATA)
    with pytest.raises(MethodError, match="group g: found copeland, expected a mean or a formula"):
        explain(result, "X")


def test_figures_without_goalposts_or_a_source(index_of):
    method = 'indicators = [{ code = "a", parent = "index" }]\n'
    (figure,) = explain(index_of(method, "unit,a\nX,3\n"), "X").figures
    assert (figure.worst, figure.best, figure.source, figure.year) == ("", "", None, None)
