"""The arithmetic of arrays against COINr 1.1.14 (commit b968203, R 4.2.2), made on 22 November.

Tables are in golden/coinr of the shared data; its README says how each was made.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from everycount.arrays import aggregate, expectation, impute, moments, normalise, parity, rank
from everycount.arrays.pool import observed
from everycount.arrays.transform import BoxCox, transform
from everycount.arrays.treat import Rule, Winsorise, treat, winsorise
from everycount.arrays.weigh import principal_component

EXACT = {"rtol": 1e-9, "atol": 1e-9}
PILLARS = ("Physical", "ConEcFin", "Political", "Instit", "P2P", "Environ", "Social", "SusEcFin")


@dataclass
class Table:
    """A golden table: numbers by unit and column."""

    units: list[str]
    columns: list[str]
    values: np.ndarray

    def pick(self, columns):
        return self.values[:, [self.columns.index(name) for name in columns]]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(cell: str) -> float:
    return float(cell) if cell not in ("", "NA") else np.nan


def read(path: Path, key: str = "uCode") -> Table:
    records = rows(path)
    columns = [name for name in records[0] if name != key]
    records.sort(key=lambda record: record[key])
    values = np.array([[number(record[name]) for name in columns] for record in records])
    return Table([record[key] for record in records], columns, values)


@pytest.fixture
def coinr(shared):
    return shared / "golden" / "coinr"


@pytest.fixture
def meta(coinr):
    return {record["iCode"]: record for record in rows(coinr / "inputs" / "iMeta.csv")}


@pytest.fixture
def higher(meta):
    return lambda columns: np.array([meta[name]["Direction"] == "1" for name in columns])


def same(found, table, columns=None):
    wanted = table.pick(columns) if columns else table.values
    np.testing.assert_allclose(found, wanted, **EXACT)


def codes(labels):
    return np.unique(labels, return_inverse=True)[1]


# -------------------------------------------------------------- shapes


def test_shapes_of_columns(coinr):
    for name in ("Raw", "Imputed", "Treated", "Normalised"):
        table = read(coinr / "build" / f"{name}.csv")
        stats = {r["iCode"]: r for r in rows(coinr / "analysis" / f"stats_{name}.csv")}
        columns = [name for name in table.columns if name in stats]
        found = {
            "Mean": moments.mean(table.pick(columns)),
            "Std": moments.standard_deviation(table.pick(columns)),
            "Skew": moments.skewness(table.pick(columns)),
            "Kurt": moments.excess_kurtosis(table.pick(columns)),
        }
        for field, values in found.items():
            wanted = [number(stats[name][field]) for name in columns]
            np.testing.assert_allclose(values, wanted, **EXACT)


# -------------------------------------------------------------- impute


@pytest.fixture
def raw(coinr):
    return read(coinr / "build" / "Raw.csv")


def test_impute_mean_and_median(coinr, raw):
    same(impute.fill_mean(raw.values), read(coinr / "impute" / "i_mean.csv"), raw.columns)
    same(impute.fill_median(raw.values), read(coinr / "impute" / "i_median.csv"), raw.columns)


def test_impute_group_mean(coinr, raw):
    groups = {r["uCode"]: r["EurAsia_group"] for r in rows(coinr / "inputs" / "iData.csv")}
    found = impute.fill_mean(raw.values, codes([groups[unit] for unit in raw.units]))
    same(found, read(coinr / "impute" / "i_mean_grp_EurAsia.csv"), raw.columns)


def test_impute_build(coinr):
    table = read(coinr / "build" / "Denominated.csv")
    groups = {r["uCode"]: r["EurAsia_group"] for r in rows(coinr / "inputs" / "iData.csv")}
    found = impute.fill_mean(table.values, codes([groups[unit] for unit in table.units]))
    same(found, read(coinr / "build" / "Imputed.csv"), table.columns)


@pytest.mark.parametrize(
    ("name", "fill"), [("latest", impute.last_observed), ("linear", impute.linear)]
)
def test_impute_panel(coinr, meta, name, fill):
    given = rows(coinr / "panel" / "impute_panel_input.csv")
    wanted = rows(coinr / "panel" / f"impute_panel_{name}.csv")
    columns = [c for c in given[0] if c in meta and meta[c]["Type"] == "Indicator"]
    assert [(r["uCode"], r["Time"]) for r in given] == [(r["uCode"], r["Time"]) for r in wanted]
    x, y = (np.array([[number(r[c]) for c in columns] for r in table]) for table in (given, wanted))
    assert np.isnan(x).sum() > np.isnan(y).sum()
    units, periods = codes([r["uCode"] for r in given]), [int(r["Time"]) for r in given]
    np.testing.assert_allclose(fill(x, units, periods), y, **EXACT)


def test_expectation_maximisation_keeps_what_is_known(coinr, meta):
    table = read(coinr / "build" / "Denominated.csv")
    columns = [c for c in table.columns if meta[c]["Parent"] == "Physical"]
    found = expectation.expectation_maximisation(table.pick(columns))
    assert found.converged
    known = ~np.isnan(table.pick(columns))
    np.testing.assert_array_equal(found.values[known], table.pick(columns)[known])


# -------------------------------------------------------------- treat


@pytest.fixture
def imputed(coinr):
    return read(coinr / "build" / "Imputed.csv")


@pytest.mark.parametrize("limit", [1, 3, 5, 10])
def test_treat_winsorise_then_log(coinr, imputed, limit):
    table = read(coinr / "treat" / f"winmax{limit}_then_log_CT.csv")
    found = treat(imputed.values, first=Winsorise(limit=limit), then="log_ct")
    same(found.values, table, imputed.columns)


@pytest.mark.parametrize("limit", [1, 3, 5, 10])
def test_treat_details(coinr, imputed, limit):
    details = {r["iCode"]: r for r in rows(coinr / "treat" / f"winmax{limit}_dets.csv")}

    def wanted(field):
        cells = [details[name].get(field, "") for name in imputed.columns]
        return np.array([number(cell) for cell in cells])

    found = treat(imputed.values, first=Winsorise(limit=limit), then="log_ct")
    first = winsorise(imputed.values, limit=limit)
    tried = np.nan_to_num(wanted("winsorise.nwin"))
    np.testing.assert_array_equal(found.n_tried, tried)
    np.testing.assert_array_equal(first.count, tried)
    np.testing.assert_allclose(found.skewness_before, wanted("check_SkewKurt0.Skew"), **EXACT)
    np.testing.assert_allclose(found.kurtosis_before, wanted("check_SkewKurt0.Kurt"), **EXACT)
    skew, kurtosis = moments.skewness_and_kurtosis(first.values)
    once = ~np.isnan(wanted("check_SkewKurt1.Skew"))
    np.testing.assert_allclose(skew[once], wanted("check_SkewKurt1.Skew")[once], **EXACT)
    np.testing.assert_allclose(kurtosis[once], wanted("check_SkewKurt1.Kurt")[once], **EXACT)
    twice = ~np.isnan(wanted("check_SkewKurt2.Skew"))
    assert twice.tolist() == [method == "log_ct" for method in found.method]
    skew, kurtosis = found.skewness_after, found.kurtosis_after
    np.testing.assert_allclose(skew[twice], wanted("check_SkewKurt2.Skew")[twice], **EXACT)
    np.testing.assert_allclose(kurtosis[twice], wanted("check_SkewKurt2.Kurt")[twice], **EXACT)
    passed = [details[n].get("check_SkewKurt2.Pass", "") for n in imputed.columns]
    assert [p == "TRUE" for p in np.array(passed)[twice]] == found.passes[twice].tolist()


def test_treat_points(coinr):
    order = [r["uCode"] for r in rows(coinr / "build" / "Imputed.csv")]
    imputed = read(coinr / "build" / "Imputed.csv")
    found = winsorise(imputed.values, limit=5)
    points = rows(coinr / "treat" / "example_treated_points.csv")
    marks = {"": 0, "winhi": 1, "winlo": 2}
    for j, name in enumerate(imputed.columns):
        wanted = dict(zip(order, (marks[r[name]] for r in points), strict=True))
        assert found.marks[:, j].tolist() == [wanted[unit] for unit in imputed.units], name


def test_treat_example_details(coinr, imputed):
    details = rows(coinr / "treat" / "example_dets_table.csv")
    found = dict(zip(imputed.columns, winsorise(imputed.values).count, strict=True))
    wanted = {r["iCode"]: np.nan_to_num(number(r["winsorise.nwin"])) for r in details}
    assert found == wanted


@pytest.mark.parametrize("name", ["log_CT", "log_CT_orig", "log_CT_plus", "log_GII"])
def test_treat_all_flagged_tables_hold_untreated_values(coinr, imputed, name):
    """COINr was asked to transform the flagged indicators; its tables equal its input."""
    same(imputed.values, read(coinr / "treat" / f"{name}_all_flagged.csv"), imputed.columns)


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("log_CT", "log_ct"),
        ("log_CT_orig", "log_ct_original"),
        ("log_CT_plus", "log_ct_plus"),
        ("boxcox_0.5", BoxCox(power=0.5)),
        ("boxcox_0", BoxCox(power=0.0)),
    ],
)
def test_transform_flights(coinr, column, kind):
    table = rows(coinr / "treat" / "transforms_Flights.csv")
    x = [[number(r["x"])] for r in table]
    wanted = [[number(r[column])] for r in table]
    np.testing.assert_allclose(transform(x, kind), wanted, **EXACT)


def test_transform_gii_is_a_fault_of_coinr(coinr):
    """COINr computes log_GII and then returns its input; we carry out what it documents."""
    table = rows(coinr / "treat" / "transforms_Flights.csv")
    assert all(r["x"] == r["log_GII"] for r in table)
    x = np.array([[number(r["x"])] for r in table])
    assert not np.allclose(transform(x, "log_gii"), x, equal_nan=True)


# -------------------------------------------------------------- normalise


@pytest.fixture
def treated(coinr):
    return read(coinr / "build" / "Treated.csv")


def test_normalise_min_max(coinr, treated, higher):
    best = higher(treated.columns)
    folder = coinr / "normalise"
    same(
        normalise.min_max(treated.values, best), read(folder / "minmax_0_100.csv"), treated.columns
    )
    found = normalise.min_max(treated.values, best, scale=(1, 100))
    same(found, read(folder / "minmax_1_100.csv"), treated.columns)
    same(found, read(coinr / "aggregate" / "input_minmax_1_100.csv"), treated.columns)


def test_normalise_others(coinr, treated, higher):
    best, folder = higher(treated.columns), coinr / "normalise"
    for name, function in {
        "zscore_0_1": normalise.z_score,
        "dist2max": normalise.distance_to_maximum,
    }.items():
        same(function(treated.values, best), read(folder / f"{name}.csv"), treated.columns)


@pytest.mark.parametrize(
    ("name", "function"), [("rank", rank.rank_score), ("prank", rank.percentile_rank)]
)
def test_normalise_ranks(coinr, treated, higher, name, function):
    """All but three cells: R ranked doubles that the golden tables print with 15 digits.

    Greece, Bulgaria and Czechia print 5.1 and Japan and Norway 3.4, but differed in the last bit.
    """
    found = function(treated.values, higher(treated.columns))
    wanted = read(coinr / "normalise" / f"{name}.csv").pick(treated.columns)
    lost = treated.columns.index("TolMin")
    printed_alike = np.isin(treated.units, ["BGR", "CZE", "NOR"])
    found[printed_alike, lost] += 1 if name == "rank" else 1 / 50
    np.testing.assert_allclose(found, wanted, **EXACT)


def test_normalise_distance_to_target(coinr, treated, higher, meta):
    target = np.array([number(meta[name]["Target"]) for name in treated.columns])
    found = normalise.distance_to_reference(treated.values, target, higher(treated.columns))
    same(found, read(coinr / "normalise" / "dist2targ_iMeta_capped.csv"), treated.columns)


def test_normalise_goalposts(coinr, treated, higher):
    posts = {r["iCode"]: r for r in rows(coinr / "normalise" / "iMeta_with_goalposts_p10_p90.csv")}
    low, high = (
        np.array([number(posts[name][f"goalpost_{end}"]) for name in treated.columns])
        for end in ("lower", "upper")
    )
    np.testing.assert_allclose(observed(treated.values, "p10"), low, **EXACT)
    np.testing.assert_allclose(observed(treated.values, "p90"), high, **EXACT)
    best = higher(treated.columns)
    sides = normalise.one_sided(np.where(best, low, high), np.where(best, high, low))
    found = normalise.goalposts(treated.values, *sides)
    same(found, read(coinr / "normalise" / "goalposts_p10_p90_100.csv"), treated.columns)


# -------------------------------------------------------------- aggregate


@pytest.fixture
def tree(coinr):
    lineage = rows(coinr / "inputs" / "lineage.csv")
    children = {}
    for record in lineage:
        for child, parent in (
            ("Indicator", "Pillar"),
            ("Pillar", "Sub-index"),
            ("Sub-index", "Index"),
        ):
            below = children.setdefault(record[parent], [])
            if record[child] not in below:
                below.append(record[child])
    return children


LEVELS = (PILLARS, ("Conn", "Sust"), ("Index",))


def climb(tree, table, means, **options):
    scores = {name: table.values[:, j] for j, name in enumerate(table.columns)}
    for level, mean in zip(LEVELS, means, strict=True):
        for group in level:
            children = np.column_stack([scores[child] for child in tree[group]])
            scores[group] = mean(children, np.ones(children.shape[1]), **options)
    return scores


def compare(scores, table):
    for level in LEVELS:
        for group in level:
            np.testing.assert_allclose(scores[group], table.pick([group])[:, 0], **EXACT)


def squares(values, weights):
    return aggregate.generalised(values, weights, power=2)


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("a_amean", [aggregate.arithmetic] * 3),
        ("a_gmean", [aggregate.geometric] * 3),
        ("a_hmean", [aggregate.harmonic] * 3),
        ("a_genmean_p2", [squares] * 3),
        (
            "mixed_amean_gmean_gmean",
            [aggregate.arithmetic, aggregate.geometric, aggregate.geometric],
        ),
    ],
)
def test_aggregate(coinr, tree, name, means):
    table = read(coinr / "aggregate" / "input_minmax_1_100.csv")
    compare(climb(tree, table, means), read(coinr / "aggregate" / f"{name}.csv"))


@pytest.mark.parametrize(("name", "least"), [("none", 0.0), ("0.75", 0.75)])
def test_aggregate_missing(coinr, tree, name, least):
    table = read(coinr / "aggregate" / "input_with_missing_minmax_1_100.csv")
    scores = climb(tree, table, [aggregate.arithmetic] * 3, least=least)
    compare(scores, read(coinr / "aggregate" / f"missing_amean_thresh_{name}.csv"))


def test_aggregate_build(coinr, tree):
    table = read(coinr / "build" / "Normalised.csv")
    compare(
        climb(tree, table, [aggregate.arithmetic] * 3), read(coinr / "build" / "Aggregated.csv")
    )


# -------------------------------------------------------------- ranks and weights


def test_ranks_of_results(coinr):
    scores = {r["uCode"]: r for r in rows(coinr / "results" / "Aggs_scores.csv")}
    ranks = {r["uCode"]: r for r in rows(coinr / "results" / "Aggs_ranks.csv")}
    columns = [name for level in LEVELS for name in level]
    build = read(coinr / "build" / "Aggregated.csv")
    assert set(build.units) == set(scores)
    found = rank.rank(build.pick(columns))
    wanted = [[number(ranks[unit][name]) for name in columns] for unit in build.units]
    np.testing.assert_array_equal(found, wanted)


def test_group_ranks_of_results(coinr):
    groups = {r["uCode"]: r["GDP_group"] for r in rows(coinr / "inputs" / "iData.csv")}
    table = rows(coinr / "results" / "groupranks_GDP_group.csv")
    build = read(coinr / "build" / "Aggregated.csv")
    column = "Index"
    found = rank.rank(
        build.pick([column])[:, 0], groups=codes([groups[unit] for unit in build.units])
    )
    wanted = {r["uCode"]: number(r[column]) for r in table}
    assert dict(zip(build.units, found, strict=True)) == wanted


@pytest.mark.parametrize("level", [1, 2, 3])
def test_principal_component_weights(coinr, tree, level):
    weights = {
        r["iCode"]: number(r["Weight"]) for r in rows(coinr / "weights" / f"pca_L{level}.csv")
    }
    table = read(coinr / "build" / "Aggregated.csv")
    for group in LEVELS[level - 1]:
        found = principal_component(table.pick(tree[group])).weights
        wanted = np.array([weights[child] for child in tree[group]])
        sign = np.sign(found @ wanted)  # arbitrary in prcomp
        np.testing.assert_allclose(found * sign, wanted, **EXACT, err_msg=group)


def test_parity_band_is_a_distance(coinr, treated):
    """A target interval comes as a distance, of which less is better."""
    women = treated.pick(["WomParl"])
    away = parity.distance_to_interval(women, [47], [53])
    scores = normalise.goalposts(women, worst=[[0], [100]], best=[[47], [53]], clip="none")
    np.testing.assert_allclose(scores, 100 - away / 47 * 100, **EXACT)
    assert not Rule().finds_outliers(away).any()
