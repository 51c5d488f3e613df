import pytest

from everycount.errors import MethodError

METHOD = """
indicators = [{ code = "a", parent = "index", worst = 0, best = 100 }]
averages = [{ by = "region", weight = "people" }, { by = "income" }]
"""
STEPS = """
steps = [
  { do = "normalise", method = "goalposts", scale = [0, 1] },
  { do = "aggregate", missing = "renormalise" },
]
"""
DATA = "unit,a\nV,10\nW,40\nX,90\nY,\nZ,60\n"
UNITS = "unit,region,income,people\nV,n,low,1\nW,n,low,3\nX,s,high,5\nY,s,low,15\nZ,,,7\n"


def rows(result, node="index"):
    table = result.averages().filter(node=node)
    return [row[:3] + row[4:] for row in table.drop("without_weight").rows()]


def test_plain_and_weighted_means_with_what_stands_behind(index_of):
    found = rows(index_of(METHOD + STEPS, DATA, UNITS))
    near = pytest.approx
    assert found == [
        ("region", "n", None, near(0.25), near((0.1 + 1.2) / 4), "people", 2, 2, 1),
        ("region", "s", None, near(0.9), near(0.9), "people", 2, 1, 0.25),
        ("region", "all", None, near(0.5), near((0.1 + 1.2 + 4.5 + 4.2) / 16), "people", 5, 4,
         near(16 / 31)),
        ("income", "high", None, near(0.9), None, None, 1, 1, None),
        ("income", "low", None, near(0.25), None, None, 3, 2, None),
        ("income", "all", None, near(0.5), None, None, 5, 4, None),
    ]  # fmt: skip


def test_a_group_without_scores_or_weights_has_no_mean(index_of):
    found = rows(
        index_of(METHOD + STEPS, "unit,a\nY,\nX,20\n", "unit,region,people\nY,s,2\nX,n,0\n")
    )
    assert found[0][3:5] == (pytest.approx(0.2), None)
    assert found[1][3:5] == (None, None)


def test_period_by_period(index_of):
    data = "unit,period,a\nV,2015,10\nV,2016,30\nW,2015,20\n"
    table = index_of(METHOD + STEPS, data, UNITS).averages().filter(node="index", group="n")
    assert table.select("period", "score", "scored").rows() == [
        (2015, pytest.approx(0.15), 2),
        (2016, pytest.approx(0.3), 1),
    ]


def test_units_without_a_rank_are_in_no_mean(index_of):
    method = f'{METHOD}ranking = {{ unranked = ["W"] }}{STEPS}'
    found = rows(index_of(method, DATA, UNITS))
    assert found[0][3:] == (pytest.approx(0.1), pytest.approx(0.1), "people", 1, 1, 1)
    assert found[2][6] == 4


def test_a_weight_that_is_an_indicator_is_its_figure(index_of):
    method = METHOD.replace('"people"', '"a"')
    found = rows(index_of(method + STEPS, DATA, UNITS))
    assert found[0][4] == pytest.approx((10 * 0.1 + 40 * 0.4) / 50)


def test_what_is_not_at_hand_is_warned_of(index_of):
    result = index_of(METHOD + STEPS, DATA, "unit,region\nV,n\n")
    assert [row[0] for row in rows(result)] == ["region", "region"]
    assert result.averages()["without_weight"].to_list() == [None] * 4
    assert rows(result)[0][4:6] == (None, None)
    assert result.trace().warnings[0].startswith("4 of 5 units of the data are not in the file of")
    assert result.trace().warnings[1:] == (
        "averages by 'region' not weighted: there is no 'people'",
        "no averages by 'income': neither the data nor the units have it",
    )


def test_units_whose_weight_is_not_known(index_of):
    table = index_of(METHOD + STEPS, DATA, UNITS.replace("W,n,low,3", "W,n,low,")).averages()
    (row,) = table.filter(node="index", group="n").to_dicts()
    assert (row["weighted_score"], row["weight_coverage"]) == (pytest.approx(0.1), 1)
    assert (row["without_weight"], row["scored"]) == (1, 2)


def test_weights_below_0_and_a_group_called_all(index_of):
    with pytest.raises(MethodError, match="people of W: found -3, expected 0 or more"):
        index_of(METHOD + STEPS, DATA, UNITS.replace("W,n,low,3", "W,n,low,-3")).averages()
    with pytest.raises(MethodError, match="grouping region: found a group called 'all', expected"):
        index_of(METHOD + STEPS, DATA, UNITS.replace("W,n", "W,all")).averages()


def test_no_averages_are_asked_for_or_possible(index_of):
    none = index_of(METHOD.partition("averages")[0] + STEPS, DATA)
    assert none.averages().height == 0
    assert index_of(METHOD + STEPS, DATA).averages().columns == none.averages().columns


def test_groups_named_in_the_data(index_of):
    found = rows(index_of(METHOD + STEPS, "unit,a,region\nV,10,7\nW,40,7\n"))
    assert found[0][:4] == ("region", "7", None, 0.25)
