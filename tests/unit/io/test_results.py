import json
import math

import polars as pl

from everycount.io.results import csv_bytes, json_bytes, result_files

AB = 'indicators = [{ code = "a", parent = "index" }, { code = "b, c", parent = "index" }]\n'
DATA = 'unit,period,a,"b, c"\n"Côte, d""Ivoire",2018,1,\nViệt Nam,2018,0.1,3\nاليمن,2018,,\n'


def test_the_files_of_a_result(index_of):
    files = result_files(index_of(AB, DATA), {"everycount": "1", "inputs": []})
    names = [
        "scores.csv",
        "data.csv",
        "figures.csv",
        "averages.csv",
        "group_ranks.csv",
        "result.json",
    ]
    assert list(files) == names
    assert files["averages.csv"].decode().splitlines()[1:] == []
    lines = files["data.csv"].decode().splitlines()
    assert lines == [
        'unit,period,a,"b, c"',
        '"Côte, d""Ivoire",2018,1.0,',
        "Việt Nam,2018,0.1,3.0",
        "اليمن,2018,,",
    ]
    facts = json.loads(files["result.json"])
    assert list(facts)[:2] == ["everycount", "inputs"]
    assert facts["files"] == [
        "averages.csv",
        "data.csv",
        "figures.csv",
        "group_ranks.csv",
        "scores.csv",
    ]
    assert facts["counts"]["figures"] == 3


def test_every_step_leaves_plain_facts(index_of):
    method = """
groups = [{ code = "index" }]
indicators = [
  { code = "a", parent = "index", worst = 0, best = 9 },
  { code = "b", parent = "index", worst = 9, best = 0 },
]
steps = [
  { do = "select" }, { do = "screen", units = 0.1, nonzero = 0.1, indicators = 0.1, groups = 0.1 },
  { do = "impute", method = "em" }, { do = "treat", winsorise = 1, transform = "log" },
  { do = "normalise", method = "min_max" }, { do = "weigh", method = "standard_deviations" },
  { do = "weigh", method = "optimised" }, { do = "aggregate", missing = "propagate" },
]
"""
    data = "unit,period,a,b\nW,2018,1,2\nX,2018,2,4\nY,2018,3,7\nZ,2018,5,\n"
    facts = json.loads(result_files(index_of(method, data), {})["result.json"])
    assert [step["step"] for step in facts["steps"]] == [
        "read", "select", "screen", "impute", "treat", "normalise", "weigh", "weigh", "aggregate",
    ]  # fmt: skip


def test_json_has_no_number_that_is_not_finite():
    value = {"a": math.nan, 1: (math.inf, 2.5), "é": None}
    assert json_bytes(value).decode() == (
        '{\n  "a": null,\n  "1": [\n    null,\n    2.5\n  ],\n  "é": null\n}\n'
    )


def test_csv_has_full_precision():
    assert csv_bytes(pl.DataFrame({"x": [0.1 + 0.2, None]})) == b"x\n0.30000000000000004\n\n"
