import pytest

from everycount.errors import MethodError, NotFound
from everycount.index.trends import trend

METHOD = """
groups = [
  {{ code = "index" }}, {{ code = "g", parent = "index"{} }}, {{ code = "h", parent = "index" }},
]
indicators = [
  {{ code = "a", parent = "g", worst = 0, best = 100 }},
  {{ code = "b", parent = "g", worst = 0, best = 100 }},
  {{ code = "c", parent = "h", worst = 0, best = 100 }},
]
steps = [{{ do = "normalise", method = "goalposts" }}, {}]
"""
MEAN = '{ do = "aggregate", missing = "renormalise" }'
PANEL = """unit,period,a,b,c
X,2010,10,20,50
X,2015,20,20,60
X,2020,30,20,70
Y,2010,40,60,80
Y,2015,,60,70
Y,2020,,50,60
Z,2015,10,10,10
Z,2020,,,
"""


@pytest.fixture
def panel(index_of):
    def build(steps=MEAN, *, group="", data=PANEL):
        return index_of(METHOD.format(group, steps), data)

    return build


def row(found, unit, node):
    return found.nodes.filter(unit=unit, node=node).to_dicts()[0]


def test_change_and_projection(panel):
    found = trend(panel(), 2030)
    assert (found.base, found.current, found.to) == (2010, 2020, 2030)
    x = row(found, "X", "index")
    near = pytest.approx
    assert (x["score_from"], x["score_to"], x["change"]) == (near(32.5), near(47.5), near(15))
    assert (x["rank_from"], x["rank_to"]) == (2, 2)
    assert x["change_per_year"] == near(1.5)
    assert (x["target"], x["distance"]) == (100, near(52.5))
    assert x["projected_linear"] == near(62.5)
    assert x["projected_compound"] == near(47.5 * 47.5 / 32.5)
    assert x["current_status"] == near(10 - 10 * 52.5 / 67.5)
    assert x["anticipated_progress"] == near(100 * 37.5 / 67.5)
    assert x["verdict"] == "too slow"
    assert row(found, "Y", "index")["verdict"] == "moving away"
    assert row(found, "X", "c")["projected_linear"] == near(90)


def test_part_of_a_panel(panel):
    found = trend(panel(), 2025, base=2015, current=2020)
    assert row(found, "X", "a")["projected_linear"] == pytest.approx(40)
    assert row(found, "Z", "index")["score_to"] is None
    assert row(found, "Z", "index")["verdict"] is None
    assert found.nodes.filter(unit="Y", node="a").height == 0


def test_contributions_add_up_with_what_coverage_did(panel):
    found = trend(panel(), 2030)
    parts = found.contributions.rows()
    near = pytest.approx
    assert parts[:3] == [("X", "a", near(5)), ("X", "b", near(0)), ("X", "c", near(10))]
    # Y lost a: of 65 in 2010 to 55 in 2020; b fell by 10 in its group of one, c by 20
    assert parts[3:] == [("Y", "b", near(-5)), ("Y", "c", near(-10)), ("Y", "coverage", near(5))]


def test_a_group_that_has_too_few_parts_in_one_year(panel):
    found = trend(panel(group=", least = 1.0"), 2030)
    y = found.contributions.filter(unit="Y")
    # g counts in neither year: c fell by 20, the rest came from g being there at first
    assert y.rows() == [
        ("Y", "b", 0), ("Y", "c", pytest.approx(-20)), ("Y", "coverage", pytest.approx(15)),
    ]  # fmt: skip


def test_shapley_contributions_add_up_too(panel):
    found = trend(panel(MEAN.replace(" }", ', method = "geometric" }')), 2030)
    total = found.contributions.filter(unit="X")["contribution"].sum()
    assert total == pytest.approx(row(found, "X", "index")["change"])


def test_a_unit_that_has_nothing_in_both_years(panel):
    data = "unit,period,a,b,c\nX,2010,10,20,\nX,2020,,,50\n"
    found = trend(panel(MEAN.replace(" }", ', method = "geometric" }'), data=data), 2030)
    change = row(found, "X", "index")["change"]
    assert found.contributions.rows() == [("X", "coverage", pytest.approx(change))]


def test_filled_groups_are_not_attributed(panel):
    steps = [
        MEAN.replace(" }", ", to = 2 }"), '{ do = "impute", method = "mean", level = 2 }', MEAN,
    ]  # fmt: skip
    data = "unit,period,a,b,c\nX,2010,10,20,\nX,2020,10,20,5\nY,2010,10,20,30\nY,2020,20,20,5\n"
    found = trend(panel(", ".join(steps), data=data), 2030)
    change = row(found, "X", "index")["change"]
    assert found.contributions.rows()[0] == ("X", "not attributed", pytest.approx(change))
    assert found.contributions.filter(unit="Y").height == 3


def test_scores_without_goalposts_have_no_target(panel, index_of):
    method = METHOD.format("", MEAN).replace('"goalposts"', '"z_score"')
    found = trend(index_of(method, PANEL), 2030)
    assert row(found, "X", "index")["target"] is None
    assert row(found, "X", "index")["verdict"] is None


def test_where_less_is_better_there_is_no_target_above(index_of):
    method = 'ranking = { best = "low" }\n' + METHOD.format("", MEAN)
    found = trend(index_of(method, PANEL), 2030)
    assert row(found, "X", "index")["target"] is None
    assert row(found, "X", "a")["target"] == 100


def test_a_score_of_0_has_no_rate_of_growth(panel):
    data = "unit,period,a,b,c\nX,2010,0,0,0\nX,2020,10,10,10\n"
    found = row(trend(panel(data=data), 2030), "X", "index")
    assert found["projected_compound"] is None
    assert found["projected_linear"] == pytest.approx(20)


def test_periods_that_are_not_there_or_do_not_rise(panel):
    with pytest.raises(NotFound, match="no period 2011; there are 2010, 2015, 2020"):
        trend(panel(), 2030, base=2011)
    with pytest.raises(
        MethodError, match="found from 2020 to 2015, target year 2030, expected years"
    ):
        trend(panel(), 2030, base=2020, current=2015)
    with pytest.raises(MethodError, match="expected years that rise"):
        trend(panel(), 2019)
    with pytest.raises(MethodError, match="data: found 1 period, expected a panel"):
        trend(panel(data="unit,period,a,b,c\nX,2010,1,2,3\n"), 2030)


def test_ordinal_methods_have_no_contributions(panel):
    with pytest.raises(MethodError, match="found copeland"):
        trend(panel(MEAN.replace(" }", ', method = "copeland" }')), 2030)
