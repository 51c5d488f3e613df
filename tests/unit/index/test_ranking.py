import numpy as np
import pytest

from everycount.index.ranking import band_of, rank_nodes

NAN = np.nan
MEAN = 'steps = [{ do = "aggregate", missing = "renormalise" }]'
ONE = 'indicators = [{ code = "a", parent = "index" }]\n'
DATA = "unit,a\nV,5\nW,7.04\nX,7\nY,\nZ,5\n"


def ranked(index_of, ranking, data=DATA, units=None, indicators=ONE):
    method = f"ranking = {{ {ranking} }}\n{indicators}{MEAN}"
    return index_of(method, data, units)


@pytest.mark.parametrize(
    ("ranking", "expected"),
    [
        ("", [3, 1, 2, NAN, 3]),
        ('ties = "max"', [4, 1, 2, NAN, 4]),
        ('ties = "average"', [3.5, 1, 2, NAN, 3.5]),
        ('ties = "dense"', [3, 1, 2, NAN, 3]),
        ('best = "low"', [1, 4, 3, NAN, 1]),
        ("decimals = 1", [3, 1, 1, NAN, 3]),
        ('unranked = ["W"]', [2, NAN, 1, NAN, 2]),
        ('unranked = ["[WX]", "Q*"]', [1, NAN, NAN, NAN, 1]),
    ],
)
def test_ranks(index_of, ranking, expected):
    result = ranked(index_of, ranking)
    np.testing.assert_array_equal(result.ranks[:, 1], expected)


def test_units_are_ranked_within_their_period(index_of):
    data = "unit,period,a\nX,2015,1\nY,2015,2\nX,2016,4\nY,2016,3\n"
    assert ranked(index_of, "", data).ranks[:, 1].tolist() == [2, 1, 1, 2]


def test_units_are_ranked_within_their_group(index_of):
    units = "unit,region\nV,n\nW,n\nX,s\nZ,\n"
    result = ranked(index_of, 'unranked = ["W"]', units=units)
    table = result.ranks_within("region").filter(node="index")
    assert table.select("unit", "group", "rank").rows() == [
        ("V", "n", 1),
        ("W", "n", None),
        ("X", "s", 1),
        ("Y", "", None),
        ("Z", "", None),
    ]


DIRECTIONS = """
indicators = [
  { code = "a", parent = "index", worst = 0, best = 10 },
  { code = "b", parent = "index", worst = 10, best = 0 },
  { code = "c", parent = "index", worst = "p97.5", best = "p2.5" },
  { code = "d", parent = "index", worst = 0, best = [4, 6] },
  { code = "e", parent = "index" },
]
"""


def test_which_way_figures_are_better(index_of):
    data = "unit,a,b,c,d,e\nX,1,1,1,1,1\nY,2,2,2,2,2\n"
    result = ranked(index_of, "", data, indicators=DIRECTIONS)
    expected = [[2, 1, 1, NAN, NAN, 2], [1, 2, 2, NAN, NAN, 1]]
    np.testing.assert_array_equal(result.ranks, expected)


def test_scores_are_better_the_higher(index_of):
    steps = (
        '[{ do = "normalise", method = "min_max" }, { do = "aggregate", missing = "renormalise" }]'
    )
    method = """
indicators = [{ code = "b", parent = "index", worst = 10, best = 0 }]
ranking = { best = "low" }
"""
    result = index_of(f"{method}steps = {steps}", "unit,b\nX,1\nY,2\n")
    np.testing.assert_array_equal(result.ranks, [[1, 2], [2, 1]])


def test_a_group_may_say_that_less_is_better(index_of):
    tree = """
groups = [{ code = "index" }, { code = "g", parent = "index", worst = 10, best = 0 }]
indicators = [{ code = "a", parent = "g" }]
"""
    state = index_of(f"{tree}{MEAN}", "unit,a\nX,1\nY,2\n").state
    np.testing.assert_array_equal(rank_nodes(state)[:, 1:], [[2, 1], [1, 2]])


def test_bands_begin_at_their_limit(index_of):
    bands = 'bands = [{ name = "Good", least = 60 }, { name = "Very good", least = 90 }]'
    state = ranked(index_of, bands).state
    scores = np.array([95, 90, 89.9, 60, 59.9, NAN])
    assert band_of(state, scores) == ["Very good", "Very good", "Good", "Good", None, None]
