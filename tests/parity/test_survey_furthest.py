"""ESCAP's tree and the index D through the whole path: a design and a file of microdata to files.

Golden numbers of golden/survey/lnob come from R 4.2.2 and rpart 4.1.19 on the DHS model data, which
have no real respondents. Differences measured: nodes 1e-13, D 1e-15, by logit 4e-9 relative, as
R's glm stops early (`tests/parity/test_survey_trees.py` shows that).
"""

import csv

import polars as pl
import pytest

from everycount.io.survey_furthest import furthest_files
from everycount.survey.furthest_rows import FurthestOptions

pytestmark = [pytest.mark.shared, pytest.mark.parity]
QUICK = FurthestOptions(replicates=3, draws=2)
ORDERED = ("wealth_n", "edu_n")
DESIGN = """
circumstances = [{names}]
[sampling]
strata = ["strata"]
psu = "psu"
weight = "w"
lonely = "adjust"
{characteristics}
[[outcomes]]
name = "{indicator}"
"""
CIRCUMSTANCES = {
    "elec": ("wealth_n", "residence", "region", "edu_n"),
    "y_secondary": ("wealth_n", "residence", "region", "agegrp"),
}


def design(indicator):
    names = CIRCUMSTANCES[indicator]
    characteristics = "\n".join(
        f'[[characteristics]]\nname = "{name}"\nordered = {str(name in ORDERED).lower()}'
        for name in names
    )
    quoted = ", ".join(f'"{name}"' for name in names)
    return DESIGN.format(names=quoted, characteristics=characteristics, indicator=indicator)


@pytest.fixture(scope="module", params=list(CIRCUMSTANCES))
def files(request, shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "survey.toml").write_text(design(request.param))
    data = shared / "golden/survey/lnob/zzir_lnob_input.csv"
    run = furthest_files([(folder / "survey.toml", data)], QUICK)
    run.write(folder / "out")
    return request.param, folder / "out"


def golden(shared, name, indicator):
    with (shared / "golden/survey/lnob" / name).open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["indicator"] == indicator]


def levels_of(shared, name):
    table = pl.read_csv(shared / "golden/survey/lnob/zzir_lnob_input.csv", infer_schema=False)
    return sorted(table[name].unique().to_list())


def meant(shared, path):
    """Return what a path of rpart lets pass, circumstance by circumstance, as our paths say it."""
    held = {}
    for text in filter(None, path.split(" & ")):
        for sign in ("<", ">=", "="):
            if sign in text:
                name, value = (part.strip() for part in text.split(sign, 1))
                break
        before = held.get(name) or levels_of(shared, name)
        if sign == "=":
            wanted = value.split(",")
            held[name] = [level for level in before if level in wanted]
        else:
            is_below = [float(level) < float(value) for level in before]
            held[name] = [level for level, below in zip(before, is_below, strict=True)
                          if below == (sign == "<")]  # fmt: skip
    return held


def said(path):
    pairs = (text.split("=") for text in path.split(" & ") if text)
    return {name: codes.split(",") for name, codes in pairs}


def test_every_node_of_escaps_tree_is_in_the_file(shared, files):
    indicator, folder = files
    expected = golden(shared, "trees.csv", indicator)
    table = pl.read_csv(folder / "tree.csv").filter(pl.col("method") == "escap")
    rows = table.fill_null("").to_dicts()
    assert len(rows) == len(expected) >= 7
    for row, node in zip(rows, expected, strict=True):
        assert (row["node"], row["n"]) == (int(node["node"]), int(node["n"]))
        assert row["is_leaf"] == (node["leaf"] == "TRUE")
        assert said(row["path"]) == meant(shared, node["path"])
        for ours, theirs in (("weight", "wt"), ("share", "share"), ("mean", "mean"),
                             ("deviance", "dev")):  # fmt: skip
            assert row[ours] == pytest.approx(float(node[theirs]), rel=1e-12), row["node"]
    leaves = [node for node in expected if node["leaf"] == "TRUE"]
    lowest = min(leaves, key=lambda node: float(node["mean"]))
    highest = max(leaves, key=lambda node: float(node["mean"]))
    assert [row["node"] for row in rows if row["is_behind"]] == [int(lowest["node"])]
    assert [row["node"] for row in rows if row["is_ahead"]] == [int(highest["node"])]


def test_the_index_over_cells_leaves_and_by_logit_is_in_the_file(shared, files):
    indicator, folder = files
    rows = {row["over"]: row for row in pl.read_csv(folder / "opportunity.csv").to_dicts()}
    pairs = {"cells": ("cells", 1e-12), "leaves": ("leaves escap", 1e-12),
             "logit_main_effects": ("logit", 1e-6)}  # fmt: skip
    for node in golden(shared, "dindex.csv", indicator):
        over, near = pairs[node["over"]]
        assert rows[over]["d"] == pytest.approx(float(node["D"]), rel=near)
        assert rows[over]["hoi"] == pytest.approx(float(node["HOI"]), rel=near)
        assert rows[over]["coverage"] == pytest.approx(float(node["coverage"]), rel=1e-8)
        if node["groups"] not in ("", "NA"):
            assert rows[over]["groups"] == int(node["groups"])


def test_the_richest_fifth_has_the_error_and_the_interval_of_r(shared, files):
    """Node 3 of the tree of electricity is a domain that R estimated by svyby."""
    indicator, folder = files
    if indicator != "elec":
        return
    node = pl.read_csv(folder / "tree.csv").filter(
        pl.col("method") == "escap", pl.col("path") == "wealth_n=5"
    )
    (row,) = (
        row
        for row in golden(shared, "zzir_domain_estimates.csv", indicator)
        if (row["domain_vars"], row["domain"]) == ("wealth", "richest")
    )
    (found,) = node.to_dicts()
    for ours, theirs in (("n", "n"), ("mean", "est"), ("std_error", "se"), ("df", "df"),
                         ("ci_low", "logit_lo"), ("ci_high", "logit_hi")):  # fmt: skip
        assert found[ours] == pytest.approx(float(row[theirs]), rel=1e-9), ours
