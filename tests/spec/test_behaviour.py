"""Runs the tables of this folder. They are read as documentation: a table a rule, a row a case."""

import tomllib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
MEAN = '{ do = "aggregate", missing = "renormalise" }'


def cases(name):
    """Return every row of a file as what its columns hold."""
    tables = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))["tables"]
    return [
        pytest.param(dict(zip(table["columns"], row, strict=True)), id=f"{table['title']} {number}")
        for table in tables
        for number, row in enumerate(table["rows"], start=1)
    ]


def toml(value):
    """Write a value of a table as it would stand in a method file."""
    return f'"{value}"' if isinstance(value, str) else str(value)


def listed(text):
    return f", {text}" if text else ""


def found(value):
    return "-" if value is None else pytest.approx(value)


@pytest.mark.parametrize("case", cases("goalposts"))
def test_goalposts(index_of, case):
    keys = "".join(f", {key} = {toml(case[key])}" for key in ("scale", "clip") if key in case)
    posts = f"worst = {toml(case['worst'])}, best = {toml(case['best'])}"
    method = f"""
indicators = [{{ code = "a", parent = "index", {posts} }}]
steps = [{{ do = "normalise", method = "goalposts"{keys}, pool = 2018 }}, {MEAN}]
"""
    known = "".join(f"U{figure},2018,{figure}\n" for figure in (10, 20, 30, 40, 60))
    scores = index_of(method, f"unit,period,a\n{known}X,2019,{case['figure']}\n").scores()
    assert scores.filter(unit="X", node="a", period=2019)["score"].item() == found(case["score"])


@pytest.mark.parametrize("case", cases("selecting"))
def test_selecting(index_of, case):
    own = listed(case.get("indicator"))
    method = f"""
indicators = [{{ code = "a", parent = "index"{own} }}, {{ code = "b", parent = "index" }}]
steps = [{{ do = "select"{listed(case["step"])} }}, {MEAN}]
"""
    pairs = [pair.split(": ") for pair in case["figures"].split(", ")]
    data = "unit,period,a,b\n" + "".join(f"X,{year},{figure},\n" for year, figure in pairs)
    (row,) = (
        index_of(method, f"{data}Y,2020,,1\n").figures().filter(unit="X", indicator="a").to_dicts()
    )
    missing = {"missing": None}
    assert row["score"] == missing.get(case["figure"], case["figure"])
    assert row["year"] == missing.get(case["year"], case["year"])


@pytest.mark.parametrize("case", cases("coverage"))
def test_coverage(index_of, case):
    codes = [f"i{k}" for k in range(case["indicators"])]
    indicators = ", ".join(f'{{ code = "{code}", parent = "index" }}' for code in codes)
    method = f"""
groups = [{{ code = "index"{listed(case["group"])} }}]
indicators = [{indicators}]
"""
    cells = ["1"] * case["known"] + [""] * (case["indicators"] - case["known"])
    data = f"unit,{','.join(codes)}\nX,{','.join(cells)}\nY,{','.join('1' for _ in codes)}\n"
    (row,) = index_of(method, data).scores().filter(unit="X", node="index").to_dicts()
    assert row["status"] == case["status"]
    assert (row["note"] or "") == case["note"]
    assert (row["score"] is not None) == (case["status"] == "scored")
    assert len((row["missing"] or "").split()) == case["indicators"] - case["known"]


@pytest.mark.parametrize("case", cases("missing"))
def test_missing(index_of, case):
    requires = f', requires = ["{case["requires"]}"]' if "requires" in case else ""
    fill = f'{{ do = "impute", method = "{case["fill"]}" }}, ' if "fill" in case else ""
    method = f"""
groups = [{{ code = "index"{requires} }}]
indicators = [
  {{ code = "a", parent = "index", weight = 2 }}, {{ code = "b", parent = "index" }},
  {{ code = "c", parent = "index" }},
]
steps = [{fill}{{ do = "aggregate", missing = "{case["missing"]}", method = "{case["method"]}" }}]
"""
    cells = ["" if case[code] == "-" else str(case[code]) for code in "abc"]
    scores = index_of(method, f"unit,a,b,c\nX,{','.join(cells)}\n").scores()
    score = scores.filter(node="index")["score"].item()
    assert score == (None if case["score"] == "-" else found(case["score"]))


BANDS = ", ".join(
    f'{{ name = "{name}", least = {least} }}'
    for name, least in (
        ("excellent", 90),
        ("good", 80),
        ("fair", 70),
        ("poor", 60),
        ("very poor", 0),
    )
)


@pytest.mark.parametrize("case", cases("ranking"))
def test_ranking(index_of, case):
    ranking = case.get("ranking", f"bands = [{BANDS}]")
    method = f"""
ranking = {{ {ranking} }}
indicators = [{{ code = "a", parent = "index" }}]
"""
    scores = case.get("scores", [case.get("score")])
    rows = "".join(f"U{k},{'' if s == '-' else s}\n" for k, s in enumerate(scores, start=1))
    table = index_of(method, f"unit,a\n{rows}").scores().filter(node="index")
    if "ranks" in case:
        assert table["rank"].to_list() == [None if rank == "-" else rank for rank in case["ranks"]]
    else:
        assert table["band"].to_list() == [case["band"]]
