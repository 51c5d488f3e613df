"""Areas beside one another."""

import polars as pl
import pytest

from everycount.figures.comparison import by_group, compared, distribution, peers
from everycount.figures.latest import latest
from everycount.figures.scatter import scatter
from everycount.figures.series import headline
from everycount.model.units import Units


def test_nearest_figures_within_the_tolerance_are_compared(figures_of):
    read = figures_of(
        {"area": "A", "period": "2009", "value": 1.0},
        {"area": "A", "period": "2011", "value": 2.0},
        {"area": "A", "period": "2018", "value": 3.0},
        {"area": "B", "period": "2010", "value": 4.0},
        {"area": "B", "period": "2017", "value": 5.0},
        {"area": "B", "period": "2020", "value": 6.0, "size": 3.0},
    )
    found = compared(read, headline(read).series, areas=["B", "A", "C"], years=[2010, 2020])
    columns = ("year_asked", "REF_AREA", "TIME_PERIOD", "off", "value")
    assert found.select(columns).rows() == [
        (2010, "B", "2010", 0, 4.0),
        (2010, "A", "2011", 1, 2.0),
        (2010, "C", None, None, None),
        (2020, "B", None, None, None),
        (2020, "A", "2018", -2, 3.0),
        (2020, "C", None, None, None),
    ]
    wide = compared(read, headline(read).series, areas=["B"], years=[2020], tolerance=3)
    assert wide["value"].to_list() == [5.0]


def newest(read):
    return latest(read, headline(read).series)


@pytest.fixture
def four(figures_of):
    rows = [{"area": a, "value": v} for a, v in zip("ABCD", (1.0, 2.0, 4.0, 8.0), strict=True)]
    return newest(figures_of(*rows, {"area": "E", "text": "low"}, {"area": "F"}))


def test_figures_are_spread(four):
    found = distribution(four)
    assert (found.count, found.low, found.high) == (4, 1.0, 8.0)
    quartiles = (found.lower_quartile, found.median, found.upper_quartile)
    assert quartiles == pytest.approx((1.75, 3.0, 5.0))
    assert (found.first_year, found.last_year, found.is_weighted) == (2020, 2020, False)


def test_weights_count_where_they_are_given(four):
    found = distribution(four, weights={"A": 1, "B": 0, "C": 1, "D": 3, "Z": 9})
    assert (found.count, found.median, found.is_weighted) == (3, 8.0, True)
    assert distribution(four, weights={"Z": 1}).count == 0


def test_one_figure_is_its_own_median(four):
    one = distribution(four.filter(pl.col("REF_AREA") == "C"))
    assert (one.count, one.lower_quartile, one.median) == (1, 4.0, 4.0)
    assert distribution(four.clear()).median is None


def test_groups_have_their_medians(four):
    groups = {"A": "north", "B": "north", "C": "south", "E": "south", "D": "", "G": "west"}
    found = by_group(four, groups).select("group", "of", "count", "low", "median", "high")
    assert found.rows() == [
        ("north", 2, 2, 1.0, 1.5, 2.0),
        ("south", 2, 1, 4.0, 4.0, 4.0),
        ("west", 1, 0, None, None, None),
    ]
    weighted = by_group(four, groups, weights={"A": 1, "B": 5})
    assert weighted["median"].to_list() == [2.0, None, None]


def test_peers_are_of_the_same_group():
    units = Units(
        codes=("A", "B", "C", "D"),
        groups={"region": ("n", "s", "n", ""), "income": ("low", "low", "low", "")},
    )
    assert peers("A", units) == {"region": ("C",), "income": ("B", "C")}
    assert peers("D", units, ["region", "continent"]) == {"region": ()}


def test_two_indicators_are_joined_over_areas(figures_of):
    first = [{"area": str(at), "value": float(at)} for at in range(12)]
    second = [{"area": str(at), "value": float(at * at), "period": "2019"} for at in range(12)]
    old = {"area": "12", "period": "2001", "value": 1.0}
    x, y = (
        newest(figures_of(*rows))
        for rows in ((*first, {"area": "12", "value": 5.0}), (*second, old))
    )
    found = scatter(x, y)
    assert (found.count, found.correlation) == (12, pytest.approx(1))
    assert found.p_value == pytest.approx(0, abs=1e-6)
    assert found.cautions == ("association", "different years")
    assert found.points.row(1, named=True) == {
        "REF_AREA": "1", "x": 1.0, "y": 1.0, "x_period": "2020", "y_period": "2019",
        "years_apart": 1,
    }  # fmt: skip


@pytest.mark.parametrize("values", [(), (1.0, 2.0), (1.0, 1.0, 1.0)])
def test_correlation_that_cannot_be_found_is_none(figures_of, values):
    rows = [{"area": str(at), "value": value} for at, value in enumerate(values)]
    table = newest(figures_of({"area": "Z", "value": 1.0}, *rows))
    table = table.filter(pl.col("REF_AREA") != "Z")
    found = scatter(table, table)
    assert (found.correlation, found.p_value, found.count) == (None, None, len(values))
    assert found.cautions == ("association", "few areas")
