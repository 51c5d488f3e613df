"""Uncertainty and sensitivity of the ASEM index, replayed draw by draw.

COINr 1.1.14 (commit b968203, R 4.2.2), get_sensitivity with the specification of its vignette;
made 22 November, tables in golden/coinr/ua_sa of the shared data. Winsorising up to 1 to 5 points,
min-max or z-scores, 100 sets of noisy weights, arithmetic or geometric means.
"""

import csv
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from everycount.arrays.sobol import sobol
from everycount.arrays.standing import mean_shifts
from everycount.audit.audit import audit
from everycount.audit.replay import mixed
from everycount.audit.uncertainty import rankings_of
from everycount.index.audit_plan import AuditPlan
from everycount.index.figures import numeric_columns, text_columns
from everycount.io import declare
from everycount.io.methods import read_method
from everycount.io.observations import read_observations

PRECISION = 1e-9
ASSUMPTIONS = ("Winmax", "Normalisation", "Weights", "Aggregation")
PLAN = """
sensitivity_draws = 0

[[assumptions]]
vary = "step"
name = "Winmax"
do = "treat"
options = [{treatments}]

[[assumptions]]
vary = "step"
name = "Normalisation"
do = "normalise"
options = [
  {{ name = "n_minmax", step = {{ do = "normalise", method = "min_max", scale = [1, 100] }} }},
  {{ name = "n_zscore", step = {{ do = "normalise", method = "z_score", scale = [10, 2] }} }},
]

[[assumptions]]
vary = "weights"
name = "Weights"
how = "sets"
{sets}

[[assumptions]]
vary = "groups"
name = "Aggregation"
options = [
  {{ name = "a_amean", aggregate = "arithmetic" }},
  {{ name = "a_gmean", aggregate = "geometric" }},
]
"""


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def by_draw(path, units, count):
    """Return a table of units by replications as (replications, units)."""
    table = {record["uCode"]: record for record in rows(path)}
    return np.array([[float(table[u][f"r_{k}"]) for u in units] for k in range(1, count + 1)])


@pytest.fixture(scope="module")
def folder(shared):
    return shared / "golden" / "coinr" / "ua_sa"


@pytest.fixture(scope="module")
def method(folder):
    weights = [r for r in rows(folder / "noisy_weights_100.csv") if r["iCode"] != "Index"]
    sets = [
        "[[assumptions.sets]]\n"
        f'name = "{k}"\n'
        "weights = { "
        + ", ".join(f'"{r["iCode"]}" = {float(r[f"w{k}"])!r}' for r in weights)
        + " }\n"
        for k in range(1, 101)
    ]
    treatments = ", ".join(
        f'{{ name = "{k}", step = {{ do = "treat", winsorise = {k}, transform = "log_ct" }} }}'
        for k in range(1, 6)
    )
    text = PLAN.format(treatments=treatments, sets="\n".join(sets))
    plan = declare.read(text, AuditPlan, subject="plan.toml")
    return replace(read_method("asem-sustainable-connectivity").methodology, audit=plan)


@pytest.fixture(scope="module")
def figures(shared, method):
    texts = set(text_columns(method))
    return read_observations(
        shared / "golden" / "coinr" / "inputs" / "iData.csv",
        method.data,
        categorical=texts,
        variables={*numeric_columns(method), *texts},
    )


def replayed(method, figures, parameters, sets=None):
    table = {name: [record[name] for record in parameters] for name in ASSUMPTIONS}
    if sets is not None:
        table["set"] = sets
    return audit(method, figures, replay=pl.DataFrame(table))


def units_of(found):
    return [found.result.state.units[u] for u in found.result.state.row_units]


def compare_rank_stats(found, path):
    own = {row["unit"]: row for row in found.uncertainty.ranks.to_dicts()}
    golden = rows(path)
    assert len(golden) == len(own) == 51
    names = {"Nominal": "nominal", "Mean": "mean", "Median": "median", "Q5": "q05", "Q95": "q95"}
    for record in golden:
        for theirs, ours in names.items():
            wanted = float(record[theirs])
            assert own[record["uCode"]][ours] == pytest.approx(wanted, rel=0, abs=1e-9)


def test_500_replications_of_the_uncertainty_analysis(folder, method, figures):
    found = replayed(method, figures, rows(folder / "UA500_parameters.csv"))
    assert found.uncertainty.builds == 500
    assert not found.uncertainty.failed
    top = found.result.state.tree.top
    wanted = by_draw(folder / "UA500_Scores.csv", units_of(found), 500)
    np.testing.assert_allclose(found.outcome.scores[top], wanted, rtol=0, atol=PRECISION)
    ranks = rankings_of(found.result, found.outcome)[0].places
    assert (ranks == by_draw(folder / "UA500_Ranks.csv", units_of(found), 500)).all()
    compare_rank_stats(found, folder / "UA500_RankStats.csv")


def test_nominal_ranks_are_those_of_the_index_as_declared(folder, method, figures):
    found = replayed(method, figures, rows(folder / "UA500_parameters.csv")[:1])
    own = dict(
        zip(units_of(found), found.result.ranks[:, found.result.state.tree.top], strict=True)
    )
    golden = {r["uCode"]: float(r["Rank"]) for r in rows(folder / "UA500_Nominal.csv")}
    assert own == golden


def test_600_replications_of_the_sensitivity_analysis(folder, method, figures):
    parameters = rows(folder / "SA100_parameters.csv")
    sets = ["A"] * 100 + ["B"] * 100 + [mixed(name) for name in ASSUMPTIONS for _ in range(100)]
    found = replayed(method, figures, parameters, sets)
    top = found.result.state.tree.top
    wanted = by_draw(folder / "SA100_Scores.csv", units_of(found), 600)
    np.testing.assert_allclose(found.outcome.scores[top], wanted, rtol=0, atol=PRECISION)
    ranking = rankings_of(found.result, found.outcome)[0]
    assert (ranking.places == by_draw(folder / "SA100_Ranks.csv", units_of(found), 600)).all()
    # COINr describes ranks over the two base samples alone.
    assert found.uncertainty.builds == 200
    compare_rank_stats(found, folder / "SA100_RankStats.csv")


def test_sensitivity_indices_from_the_same_draws(folder, method, figures):
    parameters = rows(folder / "SA100_parameters.csv")
    sets = ["A"] * 100 + ["B"] * 100 + [mixed(name) for name in ASSUMPTIONS for _ in range(100)]
    found = replayed(method, figures, parameters, sets)
    ranking = rankings_of(found.result, found.outcome)[0]
    y = mean_shifts(ranking.places, ranking.nominal)
    golden_y = np.array([float(r["y"]) for r in rows(folder / "SA100_y.csv")])
    np.testing.assert_allclose(y, golden_y, rtol=0, atol=PRECISION)
    rng = np.random.default_rng(1)
    theirs = sobol(y[:100], y[100:200], y[200:].reshape(4, 100), rng=rng)
    golden = rows(folder / "SA100_Sensitivity.csv")
    assert [record["Variable"] for record in golden] == list(ASSUMPTIONS)
    np.testing.assert_allclose(theirs.first, [float(r["Si"]) for r in golden], atol=PRECISION)
    np.testing.assert_allclose(theirs.total, [float(r["STi"]) for r in golden], atol=PRECISION)
    # The audit reports the same total indices. Its first-order indices are of centred results,
    # whose error does not grow with their mean.
    own = found.sensitivity.table.filter(target="mean_shift")
    assert own["assumption"].to_list() == list(ASSUMPTIONS)
    np.testing.assert_allclose(own["total"], [float(r["STi"]) for r in golden], atol=PRECISION)
    centred = y[:200].mean()
    a, b, ab = y[:100] - centred, y[100:200] - centred, y[200:].reshape(4, 100) - centred
    first = (b * (ab - a)).mean(axis=1) / y[:200].var(ddof=1)
    np.testing.assert_allclose(own["first"], first, atol=PRECISION)


def test_leaving_out_each_element(shared, figures):
    method = read_method("asem-sustainable-connectivity").methodology
    found = audit(method, figures, draws=1)
    own = {row["node"]: row["mean_shift"] for row in found.left_out.to_dicts()}
    compared = 0
    for level in (1, 2, 3):
        path = shared / "golden" / "coinr" / "analysis" / f"remove_elements_L{level}.csv"
        for record in rows(path):
            if record["iCode"] != "Nominal":
                wanted = float(record["MeanAbsRankDiff"])
                assert own[record["iCode"]] == pytest.approx(wanted, abs=PRECISION), record
                compared += 1
    assert compared == 49 + 8 + 2
