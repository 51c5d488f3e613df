"""The analysis of the ASEM example by COINr 1.1.14 (commit b968203, R 4.2.2), made 22 November.

Tables are in golden/coinr/analysis of the shared data, whose README says how each was made. What
their figures show of the data they were made from: correlations of indicators, flags, alpha and
components are of the normalised data set, denominators and alpha `1_Raw` of the raw one.
remove_elements_* is compared elsewhere.
"""

import csv
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from everycount.arrays.correlate import kendall, pearson, spearman
from everycount.arrays.moments import skewness_and_kurtosis
from everycount.arrays.reliability import cronbach_alpha
from everycount.audit.coherence import coherence
from everycount.audit.coherence_tables import indicators
from everycount.audit.scored import scored
from everycount.index.audit_plan import AuditPlan
from everycount.index.build import build
from everycount.index.figures import numeric_columns, text_columns
from everycount.index.thresholds import Thresholds
from everycount.io.methods import read_method
from everycount.io.observations import read_observations

PRECISION = 1e-9
DENOMINATORS = ("Area", "Energy", "GDP", "Population")
NODES = 60
TIES = {"Normalised": ("BGR", "CZE")}
"""Of the ties that R broke in TolMin (in other data sets Norway's too), those left there."""
STEPS = {"Raw": 0, "Imputed": 2, "Treated": 4, "Normalised": 5, "Aggregated": 6}


@pytest.fixture(scope="module")
def coinr(shared):
    return shared / "golden" / "coinr"


@pytest.fixture(scope="module")
def golden(coinr):
    return lambda name: rows(coinr / "analysis" / f"{name}.csv")


@pytest.fixture(scope="module")
def results(coinr):
    """The index after each step that COINr keeps a data set of."""
    shipped = read_method("asem-sustainable-connectivity").methodology
    asem = replace(shipped, audit=AuditPlan())  # its steps are cut below
    groupings = set(text_columns(asem))
    figures = read_observations(
        coinr / "inputs" / "iData.csv",
        asem.data,
        categorical=groupings,
        variables={*numeric_columns(asem), *groupings},
    )
    raw = tuple(replace(each, denominator=None) for each in asem.indicators)
    return {
        name: build(
            replace(asem, steps=asem.steps[:to], indicators=asem.indicators if to else raw),
            figures,
        )
        for name, to in STEPS.items()
    }


@pytest.fixture(scope="module")
def found(results):
    return coherence(results["Aggregated"])


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(cell):
    return float(cell) if cell not in ("", "NA") else np.nan


def units_of(result):
    return [result.state.units[u] for u in result.state.row_units]


def as_r_ties(result, *, units):
    """Return the values with three figures a last digit higher, as R's doubles had them.

    Greece, Bulgaria and Czechia print 5.1 for TolMin and Japan and Norway 3.4 (test_coinr_build).
    """
    values = result.state.values[:, :NODES].copy()
    at = [units_of(result).index(code) for code in units]
    column = result.state.tree.position("TolMin")
    values[at, column] *= 1 + 1e-13
    return values


def close(one, other):
    return one == pytest.approx(other, abs=PRECISION, rel=PRECISION, nan_ok=True)


# ---------------------------------------------------------------- figures of indicators


@pytest.mark.parametrize("name", ["Raw", "Imputed", "Treated", "Normalised"])
def test_stats(golden, results, name):
    """COINr's rules: both limits for outliers, shares of known figures; it rounds nothing here."""
    result = results[name]
    values = as_r_ties(result, units=TIES.get(name, ("BGR", "CZE", "NOR")))
    own = replace(scored(result), observed=values[:, :49])
    found = indicators(own, Thresholds(kurtosis_alone=1e9))
    table = {record["iCode"]: record for record in golden(f"stats_{name}")}
    assert set(table) == set(found["node"])
    for row in found.iter_rows(named=True):
        wanted, known = table[row["node"]], row["units"]
        pairs = {
            "Min": row["min"],
            "Max": row["max"],
            "Mean": row["mean"],
            "Median": row["median"],
            "Std": row["sd"],
            "Skew": row["skewness"],
            "Kurt": row["kurtosis"],
            "N.Avail": known,
            "N.NonZero": known * (1 - row["zeros"]),
            "N.Unique": known * row["unique"],
            "N.Same": known * row["same"],
            "Frc.Avail": row["available"],
            "Frc.NonZero": 1 - row["zeros"],
            "Frc.Unique": row["unique"],
            "Frc.Same": row["same"],
        }
        for column, value in pairs.items():
            assert close(value, number(wanted[column])), (row["node"], column)
        flags = {
            "Flag.Avail": "LOW" if row["available"] < 0.65 else "ok",
            "Flag.NonZero": "LOW" if 1 - row["zeros"] < 0.5 else "ok",
            "Flag.Unique": "LOW" if row["unique"] < 0.5 else "ok",
            "Flag.SkewKurt": "OUT" if row["outliers"] else "ok",
        }
        assert flags == {column: wanted[column] for column in flags}, row["node"]


def test_skewness_and_kurtosis_of_raw_figures(golden, results, coinr):
    own = coherence(results["Raw"]).indicators
    table = {record["iCode"]: record for record in golden("skew_kurt_raw")}
    for node, skew, kurt in own.select("node", "skewness", "kurtosis").iter_rows():
        wanted = table.pop(node)
        assert close((skew, kurt), (number(wanted["skew"]), number(wanted["kurt"]))), node

    assert set(table) == set(DENOMINATORS)
    for node, wanted in table.items():
        column = np.array([[number(r[node])] for r in rows(coinr / "inputs" / "iData.csv")])
        skew, kurt = (float(each[0]) for each in skewness_and_kurtosis(column))
        assert close((skew, kurt), (number(wanted["skew"]), number(wanted["kurt"]))), node


# ---------------------------------------------------------------- correlations


def both_ways(table, kind="pearson"):
    """Return the correlations of a table of pairs in both orders, and 1 for each with itself."""
    found = {}
    for a, b, r in table.select("a", "b", kind).iter_rows():
        found[a, b] = found[b, a] = r
        found[a, a] = found[b, b] = 1.0
    return found


def compared(found, wanted):
    assert len(found) == len(wanted)
    for record in wanted:
        key = record["Var1"], record["Var2"]
        assert close(found[key], number(record["Correlation"])), key


def test_pearson_of_indicators(golden, found):
    compared(both_ways(found.correlations.filter(level=1)), golden("corr_indicators_pearson"))


@pytest.mark.parametrize(("name", "kind"), [("spearman", spearman), ("kendall", kendall)])
def test_correlations_by_rank_of_indicators(golden, results, found, name, kind):
    """Of TolMin with the ties that R broke, of all others from the table of coherence."""
    result = results["Normalised"]
    whole = kind(as_r_ties(result, units=TIES["Normalised"])[:, :49]).r
    codes = result.state.columns
    broken = {(codes[i], codes[j]): whole[i, j] for i in range(49) for j in range(49)}
    plain = both_ways(found.correlations.filter(level=1), name)
    compared(broken, golden(f"corr_indicators_{name}"))
    for key, r in plain.items():
        if "TolMin" not in key:
            assert close(r, broken[key]), key


def test_correlations_masked_where_p_is_above_5_percent(golden, found):
    table = found.correlations.filter(level=1).with_columns(
        pearson=pl.when(pl.col("p_pearson") < 0.05).then(pl.col("pearson")).fill_null(np.nan)
    )
    compared(both_ways(table), golden("corr_indicators_pearson_p05"))


def test_p_values(golden, results):
    result, table = results["Normalised"], golden("corr_pvalues_indicators")
    codes = list(table[0])
    p_value = pearson(
        result.state.values[:, [result.state.columns.index(c) for c in codes]]
    ).p_value
    np.fill_diagonal(p_value, 0)
    wanted = [[number(record[code]) for code in codes] for record in table]
    np.testing.assert_allclose(p_value, wanted, rtol=PRECISION, atol=PRECISION)


@pytest.mark.parametrize("level", [2, 3])
def test_correlations_of_groups(golden, found, level):
    compared(both_ways(found.correlations.filter(level=level)), golden(f"corr_level{level}"))


@pytest.mark.parametrize(("level", "above"), [(1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4)])
def test_correlations_with_ancestors(golden, found, level, above):
    table = found.parents.filter(pl.col("is_own"), level=level, ancestor_level=above)
    own = {(up, node): r for up, node, r in table.select("ancestor", "node", "pearson").iter_rows()}
    compared(own, golden(f"corr_parent_L{level}_L{above}"))


def test_correlations_with_the_family(golden, found):
    """COINr names levels here, not groups: Pillar, Sub-index, Index."""
    names = {2: "Pillar", 3: "Sub-index", 4: "Index"}
    table = found.parents.filter(pl.col("is_own"), level=1)
    own = {
        (names[up], node): r
        for up, node, r in table.select("ancestor_level", "node", "pearson").iter_rows()
    }
    compared(own, golden("corr_family_L1"))


@pytest.mark.parametrize(
    ("name", "caught"),
    [("high_0.75", pl.col("pearson") > 0.75), ("low_-0.4", pl.col("pearson") < -0.4)],
)
def test_flags_within_pillars(golden, found, name, caught):
    table = found.correlations.filter(pl.col("same_group") & caught, level=1)
    own = {
        (group, *sorted((a, b), key=str.lower)): round(r, 3)
        for group, a, b, r in table.select("parent_a", "a", "b", "pearson").iter_rows()
    }
    wanted = {
        (r["Group"], *sorted((r["Ind1"], r["Ind2"]), key=str.lower)): number(r["Corr"])
        for r in golden(f"corr_flags_{name}_pillar")
    }
    assert own == wanted


def test_denominators(golden, results, coinr):
    result = results["Raw"]
    inputs = {record["uCode"]: record for record in rows(coinr / "inputs" / "iData.csv")}
    sizes = [[number(inputs[unit][name]) for name in DENOMINATORS] for unit in units_of(result)]
    r = pearson(result.state.values[:, :49], sizes).r
    wanted = {(e["Ind"], e["Denom"]): number(e["Corr"]) for e in golden("corr_denominators_0.3")}
    own = {
        (result.state.columns[i], DENOMINATORS[j]): r[i, j] for i, j in np.argwhere(np.abs(r) > 0.3)
    }
    assert set(own) == set(wanted)
    for key, value in own.items():
        assert close(value, wanted[key]), key


# ---------------------------------------------------------------- groups


def test_alpha(golden, results, found):
    own = {row["node"]: row for row in found.groups.iter_rows(named=True)}
    raw = results["Raw"].state
    checked = 0
    for record in golden("cronbach_alpha"):
        row = own[record["group"]]
        if record["child_level"] == "1_Raw":  # covariances over the pairs that both parts have
            parts = raw.tree.children[raw.tree.position(record["group"])]
            alpha = cronbach_alpha(raw.values[:, parts], use="pairwise").alpha
        else:
            assert row["parts"] == int(record["k"])
            assert row["level"] == int(record["child_level"]) + 1
            alpha = row["alpha"]
        assert close(alpha, number(record["alpha"])), record
        checked += 1
    assert checked == 19


@pytest.mark.parametrize("level", [1, 2, 3])
def test_components(golden, found, level):
    """A component has no sign of its own: R's loadings may all be the other way round."""
    names = {"eigenvalue": "eigenvalue", "share": "prop", "cumulative": "cum"}
    facts = {(row["node"], row["component"]): row for row in found.components.iter_rows(named=True)}
    for record in golden(f"pca_eigen_L{level}"):
        row = facts[record["group"], int(record["PC"])]
        for name, column in names.items():
            assert close(row[name], number(record[column])), record
    own = {
        (row["node"], row["component"], row["part"]): row["loading"]
        for row in found.components.iter_rows(named=True)
    }
    signs = {}
    wanted = golden(f"pca_loadings_L{level}")
    for record in wanted:
        key = record["group"], int(record["PC"])
        mine, theirs = own[(*key, record["iCode"])], number(record["loading"])
        sign = signs.setdefault(key, np.sign(mine * theirs))
        assert close(mine, sign * theirs), record
    groups = found.groups.filter(level=level + 1)
    assert len(wanted) == (groups["parts"] ** 2).sum()


# ---------------------------------------------------------------- availability


def test_availability_of_units(golden, results):
    result = results["Raw"]
    raw = dict(zip(units_of(result), result.state.values[:, :49], strict=True))
    table = golden("data_avail_units")
    assert {record["uCode"] for record in table} == set(raw)
    for record in table:
        missing, zero = np.isnan(raw[record["uCode"]]).sum(), (raw[record["uCode"]] == 0).sum()
        assert int(record["N_missing"]) == missing
        assert int(record["N_zero"]) == zero
        assert int(record["N_miss_or_zero"]) == missing + zero
        assert close(float(record["Dat_Avail"]), 1 - missing / 49)
        assert close(float(record["Non_Zero"]), 1 - zero / (49 - missing))


def test_availability_by_group(golden, results):
    """COINr gives the share of a group's indicators; ours is the coverage of the raw data."""
    table = results["Raw"].scores()
    own = {
        (unit, node): share for unit, node, share in table.select("unit", "node", "coverage").rows()
    }
    for record in golden("data_avail_by_group"):
        unit = record.pop("uCode")
        for node, share in record.items():
            assert close(own[unit, node], number(share)), (unit, node)
