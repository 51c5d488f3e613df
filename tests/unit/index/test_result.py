from dataclasses import asdict

import polars as pl
import pytest

METHOD = """
id = "test-index"
title = "Test Index"
version = "3"
notice = "A test."
groups = [{ code = "index" }, { code = "g", parent = "index" }]
indicators = [
  { code = "a", parent = "g", worst = 0, best = 10 },
  { code = "b", parent = "index", worst = 0, best = 10 },
]
ranking = { bands = [{ name = "good", least = 50 }] }
averages = [{ by = "region" }]
steps = [{ do = "normalise", method = "goalposts" }, { do = "aggregate", missing = "renormalise" }]
"""
DATA = "unit,period,a,b,region,SOURCE\nX,2018,4,6,n,WHO\nY,2018,8,,n,UN\nZ,2018,,,s,\n"


@pytest.fixture
def result(index_of):
    return index_of(METHOD, DATA)


def test_scores_a_row_for_each_unit_and_node_from_the_top(result):
    table = result.scores()
    assert table.columns == [
        "unit", "period", "node", "level", "score", "rank", "coverage", "status", "band", "missing",
        "note",
    ]  # fmt: skip
    near = pytest.approx
    assert table.rows()[:8] == [
        ("X", 2018, "index", 3, near(50), 2, 1, "scored", "good", None, None),
        ("X", 2018, "g", 2, near(40), 2, 1, "scored", None, None, None),
        ("X", 2018, "a", 1, near(40), 2, 1, "observed", None, None, None),
        ("X", 2018, "b", 1, near(60), 1, 1, "observed", None, None, None),
        ("Y", 2018, "index", 3, near(80), 1, 0.5, "scored", "good", "b", None),
        ("Y", 2018, "g", 2, near(80), 1, 1, "scored", "good", None, None),
        ("Y", 2018, "a", 1, near(80), 1, 1, "observed", None, None, None),
        ("Y", 2018, "b", 1, None, None, 0, "missing", None, "b", None),
    ]
    assert table["rank"].dtype == pl.Int64


def test_data_a_row_for_each_unit_a_column_for_each_indicator(result):
    assert result.data().rows() == [
        ("X", 2018, pytest.approx(40), pytest.approx(60)),
        ("Y", 2018, pytest.approx(80), None),
        ("Z", 2018, None, None),
    ]


def test_figures_with_year_and_source(result):
    near = pytest.approx
    assert result.figures().rows() == [
        ("X", 2018, "a", 4, 2018, "WHO", near(40), "observed"),
        ("X", 2018, "b", 6, 2018, "WHO", near(60), "observed"),
        ("Y", 2018, "a", 8, 2018, "UN", near(80), "observed"),
        ("Y", 2018, "b", None, None, None, None, "missing"),
        ("Z", 2018, "a", None, None, None, None, "missing"),
        ("Z", 2018, "b", None, None, None, None, "missing"),
    ]


def test_data_without_periods_have_none(index_of):
    result = index_of(METHOD, "unit,a,b,region\nX,4,6,n\n")
    assert result.scores()["period"].to_list() == [None] * 4
    assert result.figures()["year"].to_list() == [None, None]


def test_ranks_within_a_group(result):
    table = result.ranks_within("region").filter(node="index")
    assert table.rows() == [
        ("X", 2018, "n", "index", 2),
        ("Y", 2018, "n", "index", 1),
        ("Z", 2018, "s", "index", None),
    ]


def test_ranks_within_the_groupings_that_have_averages(result, index_of):
    table = result.group_ranks()
    assert table.columns == ["grouping", "group", "unit", "period", "node", "rank"]
    assert table.filter(node="index").rows() == [
        ("region", "n", "X", 2018, "index", 2),
        ("region", "n", "Y", 2018, "index", 1),
        ("region", "s", "Z", 2018, "index", None),
    ]
    assert not set(table["node"]) & {"a", "b"}
    nowhere = index_of(METHOD, "unit,a,b\nX,4,6\n")
    assert nowhere.group_ranks().columns == table.columns
    assert len(nowhere.group_ranks()) == 0


def test_ranks_of_ties_by_their_mean_are_not_whole(index_of):
    method = METHOD.replace("ranking = {", 'ranking = { ties = "average",')
    ranks = index_of(method, "unit,a,b,region\nX,4,6,n\nY,4,6,n\n").scores()["rank"]
    assert ranks.to_list()[0] == 1.5


def test_averages(result):
    assert result.averages().filter(node="index", group="n")["score"].item() == pytest.approx(65)


def test_trace(result):
    trace = asdict(result.trace())
    assert trace["method"] == {
        "id": "test-index",
        "version": "3",
        "title": "Test Index",
        "notice": "A test.",
    }
    assert trace["counts"] == {
        "units": 3, "rows": 3, "scored": 2, "ranked": 2, "indicators": 2, "figures": 3,
        "imputed": 0, "groups_imputed": 0, "winsorised": 0, "transformed": 0, "screened_out": 0,
        "indicators_left_out": 0,
    }  # fmt: skip
    assert trace["warnings"] == ()
    assert [step["step"] for step in trace["steps"]] == ["read", "normalise", "aggregate"]
    assert trace["steps"][2] == {
        "step": "aggregate",
        "missing": "renormalise",
        "methods": {"g": "arithmetic", "index": "arithmetic"},
        "warnings": [],
    }
    assert {each["node"]: each["effective"] for each in trace["weights"]} == {
        "a": 0.5, "b": 0.5, "index": 1, "g": 0.5,
    }  # fmt: skip
