"""The ASEM example of COINr 1.1.14 (commit b968203, R 4.2.2) through the engine; made 22 November.

Every table is built from the shipped method or a variation of its steps, on the figures as COINr
ships them. Tables are in golden/coinr of the shared data; its README says how each was made.
Functions of arrays are compared one by one in test_coinr_arrays.py.
"""

import csv
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from everycount.errors import MethodError
from everycount.index.audit_plan import AuditPlan
from everycount.index.build import build
from everycount.index.figures import numeric_columns, text_columns
from everycount.index.state import TRANSFORMED
from everycount.index.steps import (
    Aggregate,
    Denominate,
    Impute,
    Normalise,
    Screen,
    Treat,
    Weigh,
)
from everycount.io.methods import read_method
from everycount.io.observations import read_observations

PRECISION = 1e-9
GROUPS = ("Index", "Conn", "Sust", "Physical", "ConEcFin", "Political", "Instit", "P2P")
GROUPS += ("Environ", "Social", "SusEcFin")

DENOMINATE = Denominate(do="denominate")
IMPUTE = Impute(do="impute", method="mean", by="EurAsia_group")
TREAT = Treat(do="treat", winsorise=5, transform="log_ct")
TO_HUNDRED = Normalise(do="normalise", method="min_max", scale=(0, 100))
FROM_ONE = Normalise(do="normalise", method="min_max", scale=(1, 100))
MEAN = Aggregate(do="aggregate", missing="renormalise", method="arithmetic")


@pytest.fixture(scope="module")
def coinr(shared):
    return shared / "golden" / "coinr"


@pytest.fixture(scope="module")
def asem():
    shipped = read_method("asem-sustainable-connectivity").methodology
    return replace(shipped, audit=AuditPlan())  # its steps are cut below


@pytest.fixture(scope="module")
def figures(coinr, asem):
    return read_figures(coinr / "inputs" / "iData.csv", asem)


@pytest.fixture
def run(asem, figures):
    """Build a variation of the method: other steps, and other indicators where asked."""

    def run(*steps, indicators=None):
        chosen = indicators or asem.indicators
        if DENOMINATE not in steps:
            chosen = tuple(replace(each, denominator=None) for each in chosen)
        return build(replace(asem, steps=steps, indicators=chosen), figures)

    return run


def read_figures(path, methodology, **layout):
    groupings = set(text_columns(methodology))
    return read_observations(
        path,
        replace(methodology.data, **layout),
        categorical=groupings,
        variables={*numeric_columns(methodology), *groupings},
    )


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(cell):
    return float(cell) if cell not in ("", "NA") else np.nan


def units_of(result):
    return [result.state.units[u] for u in result.state.row_units]


def compare(result, path, columns=None, *, found=None, tolerance=PRECISION):
    """Compare the values of all nodes that stand in a golden table, and return how many do."""
    table = {record["uCode"]: record for record in rows(path)}
    codes = result.state.tree.codes
    shared = [name for name in next(iter(table.values())) if name in (columns or codes)]
    at = [codes.index(name) for name in shared]
    values = result.state.values if found is None else found
    wanted = [[number(table[unit][name]) for name in shared] for unit in units_of(result)]
    np.testing.assert_allclose(
        values[:, at], wanted, rtol=tolerance, atol=tolerance, err_msg=path.name
    )
    assert set(table) == set(units_of(result))
    return len(shared)


# -------------------------------------------------------------- build


@pytest.mark.parametrize(
    ("name", "steps", "nodes"),
    [
        ("Raw", 0, 49),
        ("Denominated", 1, 49),
        ("Denominated_from_Raw", 1, 49),
        ("Imputed", 2, 49),
        ("Screened", 3, 49),
        ("Treated", 4, 49),
        ("Normalised", 5, 49),
        ("Aggregated", 6, 60),
    ],
)
def test_build_step_by_step(coinr, asem, run, name, steps, nodes):
    result = run(*asem.steps[:steps])
    assert compare(result, coinr / "build" / f"{name}.csv") == nodes


@pytest.mark.parametrize(("limit", "out"), [("0.85", 3), ("0.95", 8), ("0.97", 11)])
def test_screen(coinr, run, limit, out):
    result = run(Screen(do="screen", units=float(limit)), TO_HUNDRED, MEAN)
    table = {r["uCode"]: r for r in rows(coinr / "build" / f"Screen_byNA_{limit}.csv")}
    compare_availability(result, table)
    assert len(result.state.screened) == out


def test_screen_after_imputing(coinr, asem, run):
    table = {r["uCode"]: r for r in rows(coinr / "build" / "Screened_DataSummary.csv")}
    result = run(*asem.steps)
    assert not result.state.screened
    assert {record["Included"] for record in table.values()} == {"TRUE"}
    filled = run(*asem.steps[:2]).state.values[:, :49]
    for unit, row in zip(units_of(result), filled, strict=True):
        assert int(table[unit]["N_missing"]) == np.isnan(row).sum()
        assert int(table[unit]["N_zero"]) == (row == 0).sum()


def compare_availability(result, table):
    top = result.scores().filter(node="Index")
    for unit, share, status in top.select("unit", "coverage", "status").iter_rows():
        assert abs(share - number(table[unit]["Dat_Avail"])) < PRECISION, unit
        included = table[unit]["Included"] == "TRUE"
        assert (status == "scored") is included, unit
    assert top.height == len(table)


# -------------------------------------------------------------- impute, treat


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("i_mean", Impute(do="impute", method="mean")),
        ("i_median", Impute(do="impute", method="median")),
        ("i_mean_grp_EurAsia", IMPUTE),
    ],
)
def test_impute(coinr, run, name, step):
    result = run(step)
    compare(result, coinr / "impute" / f"{name}.csv")
    missing = np.isnan(run().state.values[:, :49]).sum()
    assert result.trace().counts.imputed == missing > 0


@pytest.mark.parametrize("limit", [1, 3, 5, 10])
def test_treat(coinr, run, limit):
    result = run(DENOMINATE, IMPUTE, replace(TREAT, winsorise=limit))
    compare(result, coinr / "treat" / f"winmax{limit}_then_log_CT.csv")
    details = {r["iCode"]: r for r in rows(coinr / "treat" / f"winmax{limit}_dets.csv")}
    marks = result.state.marks[:, :49]
    for code, own in zip(result.state.columns[:49], marks.T, strict=True):
        # COINr judges a third time only what it has transformed.
        transformed = details[code].get("check_SkewKurt2.Pass", "") in ("TRUE", "FALSE")
        assert bool((own & TRANSFORMED).any()) is transformed, code


@pytest.mark.parametrize("name", ["log_CT", "log_CT_orig", "log_CT_plus", "log_GII"])
def test_treat_all_flagged_tables_hold_untreated_figures(coinr, run, name):
    """COINr was asked to transform the flagged indicators; its tables equal what it was given."""
    compare(run(DENOMINATE, IMPUTE), coinr / "treat" / f"{name}_all_flagged.csv")


# -------------------------------------------------------------- normalise


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("minmax_0_100", TO_HUNDRED),
        ("minmax_1_100", FROM_ONE),
        ("zscore_0_1", Normalise(do="normalise", method="z_score", scale=(0, 1))),
        ("dist2max", Normalise(do="normalise", method="distance_to_maximum")),
    ],
)
def test_normalise(coinr, run, name, step):
    compare(run(DENOMINATE, IMPUTE, TREAT, step), coinr / "normalise" / f"{name}.csv")


@pytest.mark.parametrize(
    ("name", "method", "one"), [("rank", "rank", 1), ("prank", "percentile_rank", 0.02)]
)
def test_normalise_ranks(coinr, run, name, method, one):
    result = run(DENOMINATE, IMPUTE, TREAT, Normalise(do="normalise", method=method))
    found = result.state.values.copy()
    found[tied_in_print(result)] += one
    compare(result, coinr / "normalise" / f"{name}.csv", found=found)


def tied_in_print(result):
    """Return three cells in which R broke a tie that the golden figures, of 15 digits, have.

    Greece, Bulgaria and Czechia print 5.1 for TolMin and Japan and Norway 3.4; R's doubles
    differed in the last bit.
    """
    units = units_of(result)
    column = result.state.tree.position("TolMin")
    return [units.index(code) for code in ("BGR", "CZE", "NOR")], [column] * 3


def test_normalise_goalposts(coinr, run, asem):
    worst = {"min": "p10", "max": "p90"}
    best = {"min": "p90", "max": "p10"}
    posts = tuple(
        replace(each, worst=worst[each.worst], best=best[each.worst]) for each in asem.indicators
    )
    step = Normalise(do="normalise", method="goalposts", scale=(0, 100), clip="both")
    result = run(DENOMINATE, IMPUTE, TREAT, step, indicators=posts)
    compare(result, coinr / "normalise" / "goalposts_p10_p90_100.csv")


def test_normalise_distance_to_target(coinr, run, asem):
    target = {r["iCode"]: number(r["Target"]) for r in rows(coinr / "inputs" / "iMeta.csv")}
    posts = tuple(replace(each, best=target[each.code]) for each in asem.indicators)
    step = Normalise(do="normalise", method="goalposts", scale=(0, 1), clip="best")
    result = run(DENOMINATE, IMPUTE, TREAT, step, indicators=posts)
    compare(result, coinr / "normalise" / "dist2targ_iMeta_capped.csv")


# -------------------------------------------------------------- aggregate


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a_amean", {"method": "arithmetic"}),
        ("a_gmean", {"method": "geometric"}),
        ("a_hmean", {"method": "harmonic"}),
        ("a_genmean_p2", {"method": "generalised", "power": 2}),
        ("mixed_amean_gmean_gmean", {"method": ("arithmetic", "geometric", "geometric")}),
    ],
)
def test_aggregate(coinr, run, name, options):
    step = Aggregate(do="aggregate", missing="renormalise", **options)
    result = run(DENOMINATE, IMPUTE, TREAT, FROM_ONE, step)
    compare(result, coinr / "aggregate" / "input_minmax_1_100.csv")
    assert compare(result, coinr / "aggregate" / f"{name}.csv") == 60


@pytest.mark.parametrize(("name", "least"), [("none", 0.0), ("0.75", 0.75)])
def test_aggregate_missing(coinr, run, name, least):
    result = run(DENOMINATE, TREAT, FROM_ONE, replace(MEAN, least=least))
    compare(result, coinr / "aggregate" / "input_with_missing_minmax_1_100.csv")
    compare(result, coinr / "aggregate" / f"missing_amean_thresh_{name}.csv")


# -------------------------------------------------------------- results, units


@pytest.fixture
def result(run, asem):
    return run(*asem.steps)


@pytest.mark.parametrize(("name", "nodes"), [("Summ", 1), ("Aggs", 11), ("Full", 60)])
def test_results(coinr, result, name, nodes):
    folder = coinr / "results"
    # Scores are printed with ten decimals.
    assert compare(result, folder / f"{name}_scores.csv") == nodes
    ranks = result.ranks.copy()
    # R breaks the tie of Greece with Bulgaria and Czechia here too (see tied_in_print).
    ranks[units_of(result).index("GRC"), result.state.tree.position("TolMin")] += 2
    assert compare(result, folder / f"{name}_ranks.csv", found=ranks) == nodes
    top = result.scores().filter(node="Index").sort("rank")
    order = list(zip(top["unit"], top["rank"], strict=True))
    assert order == [(r["uCode"], int(r["Rank"])) for r in rows(folder / f"{name}_scores.csv")]


@pytest.mark.parametrize("grouping", ["EurAsia_group", "GDP_group"])
def test_ranks_within_groups(coinr, result, grouping):
    table = rows(coinr / "results" / f"groupranks_{grouping}.csv")
    wanted = {(r["uCode"], r[grouping], node): int(r[node]) for r in table for node in GROUPS}
    within = result.ranks_within(grouping).select("unit", "group", "node", "rank")
    found = {row[:3]: row[3] for row in within.iter_rows() if row[2] in GROUPS}
    assert found == wanted


def test_compare_ranks_of_two_means(coinr, run):
    normalised = (DENOMINATE, IMPUTE, TREAT, FROM_ONE)
    one = run(*normalised, MEAN)
    other = run(*normalised, replace(MEAN, method="geometric"))
    table = {r["uCode"]: r for r in rows(coinr / "results" / "compare_ranks_amean_vs_gmean.csv")}
    top = one.state.tree.top
    for unit, first, second in zip(
        units_of(one), one.ranks[:, top], other.ranks[:, top], strict=True
    ):
        wanted = (int(table[unit]["coin.1"]), int(table[unit]["coin.2"]))
        assert (first, second) == wanted, unit
        assert first - second == int(table[unit]["Diff"]), unit


def test_unit_summary(coinr, result):
    scores = result.scores().filter(unit="AUT")
    found = {row[0]: row[1:] for row in scores.select("node", "score", "rank").iter_rows()}
    table = rows(coinr / "units" / "summary_AUT.csv")
    names = {n.code: n.name for n in (*result.methodology.indicators, *result.methodology.groups)}
    assert len(table) == len(found)
    for record in table:
        score, rank = found[record["Code"]]
        assert abs(score - float(record["Score"])) < PRECISION, record["Code"]
        assert rank == int(record["Rank"]), record["Code"]
        assert names[record["Code"]] == record["Name"]


def test_strengths_and_weaknesses(coinr, run):
    """COINr ranks the figures as they came, before denominators and filling.

    It leaves out an indicator in which the unit has the lowest value there is: Ship here.
    """
    result = run()
    row = units_of(result).index("AUT")
    standing = [
        (result.ranks[row, j], indicator, result.state.values[row, j])
        for j, indicator in enumerate(result.methodology.indicators)
        if indicator.code != "Ship"
    ]
    standing.sort(key=lambda each: each[0])
    for name, own in (("strengths", standing[:5]), ("weaknesses", standing[-5:])):
        table = rows(coinr / "units" / f"{name}_AUT.csv")
        assert [facts(*each) for each in own] == [tuple(record.values()) for record in table]


def facts(rank, indicator, value):
    """Return what COINr's table says of an indicator, its value with three figures."""
    code, name, parent = indicator.code, indicator.name, indicator.parent
    return code, name, parent, f"{rank:.0f}", f"{value:.3g}", indicator.unit


# -------------------------------------------------------------- weights


@pytest.mark.parametrize(("name", "column"), [("original", "weight"), ("effective", "effective")])
def test_weights(coinr, result, name, column):
    table = rows(coinr / "weights" / f"{name}.csv")
    field = {"weight": "Weight", "effective": "EffWeight"}[column]
    found = {each.node: each for each in result.weights()}
    assert len(found) == len(table)
    for record in table:
        assert abs(getattr(found[record["iCode"]], column) - float(record[field])) < PRECISION
        assert found[record["iCode"]].level == int(record["Level"])


@pytest.mark.parametrize("level", [1, 2, 3])
def test_weights_from_components(coinr, run, asem, level):
    """Weights below 0 would turn an indicator round: COINr takes them, the engine says which.

    The sign of a component is arbitrary; the engine's is the one with the positive sum.
    """
    parents = {n.code: n.parent for n in (*asem.indicators, *asem.groups)}
    table = rows(coinr / "weights" / f"pca_L{level}.csv")
    wanted = {r["iCode"]: float(r["Weight"]) for r in table if int(r["Level"]) == level}
    sums = Counter()
    for code, weight in wanted.items():
        sums[parents[code]] += weight
    wanted = {code: w if sums[parents[code]] > 0 else -w for code, w in wanted.items()}
    negative = {code: weight for code, weight in wanted.items() if weight < 0}
    refused = {parents[code] for code in negative}
    accepted = {parents[code] for code in wanted} - refused
    scored = asem.steps[:5] + ((replace(MEAN, to=level),) if level > 1 else ())

    if accepted:
        weigh = Weigh(do="weigh", method="pca", level=level, parents=tuple(sorted(accepted)))
        found = {w.node: w.weight for w in run(*scored, weigh, MEAN).weights()}
        for code in (code for code in wanted if parents[code] in accepted):
            assert abs(found[code] - wanted[code]) < PRECISION, code
    if refused:
        weigh = Weigh(do="weigh", method="pca", level=level, parents=tuple(sorted(refused)))
        with pytest.raises(MethodError) as error:
            run(*scored, weigh, MEAN)
        said = {p.where.split(", ")[1]: p.found for p in error.value.problems}
        assert said == {code: f"a weight of {weight:.4f}" for code, weight in negative.items()}
    assert (len(accepted), len(negative)) == {1: (5, 4), 2: (1, 1), 3: (1, 0)}[level]


# -------------------------------------------------------------- panel


@pytest.mark.parametrize(("name", "method"), [("latest", "last"), ("linear", "linear")])
def test_impute_panel(coinr, asem, name, method):
    steps = (Impute(do="impute", method=method),)
    plain = tuple(replace(each, denominator=None) for each in asem.indicators)
    methodology = replace(asem, steps=steps, indicators=plain)
    path = coinr / "panel" / "impute_panel_input.csv"
    result = build(methodology, read_figures(path, methodology, period="Time"))
    table = {
        (r["uCode"], int(r["Time"])): r for r in rows(coinr / "panel" / f"impute_panel_{name}.csv")
    }
    periods = (int(year) for year in result.state.row_periods)
    keys = list(zip(units_of(result), periods, strict=True))
    assert set(keys) == set(table)
    codes = result.state.columns[:49]
    wanted = np.array([[number(table[key][code]) for code in codes] for key in keys])
    np.testing.assert_allclose(result.state.values[:, :49], wanted, rtol=1e-9, atol=1e-9)
    assert result.trace().counts.imputed > 0
