import numpy as np
import polars as pl
import pytest
from scipy import stats

from everycount.arrays.linearise import covariance, domain_df, ratio_scores
from everycount.arrays.multiple_tests import adjusted_p_values
from everycount.arrays.replicate import replicate_covariance, replicate_df
from everycount.errors import MethodError
from everycount.survey.differences import Against, UnitTables, differences
from everycount.survey.estimate import estimate
from everycount.survey.resampled import Resampling, resample
from everycount.survey.sample import load
from everycount.survey.unit_totals import unit_totals

ROWS = 60
GROUPS = ("region", "sex")


def people(seed=5):
    """Sixty people in 15 villages in 4 strata; nobody of region 3 is of sex 1."""
    rng = np.random.default_rng(seed)
    village = np.repeat(np.arange(15), 4)
    region = rng.integers(1, 4, ROWS)
    return pl.DataFrame(
        {
            "stratum": np.array([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3])[village],
            "village": village,
            "w": rng.uniform(1, 4, ROWS),
            "region": region,
            "sex": np.where(region == 3, 2, rng.integers(1, 3, ROWS)),
            "reads": rng.integers(0, 2, ROWS),
            "income": rng.normal(1000, 20, ROWS),
        }
    )


DESIGN = """
characteristics = [{ name = "region" }, { name = "sex" }]
outcomes = [
  { name = "reads" },
  { name = "income", statistic = "mean" },
  { name = "cannot", column = "reads", yes = [0], direction = "barrier" },
  { name = "median", column = "income", statistic = "quantile", probability = 0.5 },
]
[sampling]
strata = ["stratum"]
psu = "village"
weight = "w"
"""


@pytest.fixture(scope="module")
def sample_of(plan_of):
    def make(text=DESIGN, columns=None):
        return load(plan_of(people() if columns is None else columns, text))

    return make


@pytest.fixture(scope="module")
def sample(sample_of):
    return sample_of()


def tables_of(sample, by=("region",), margins="without"):
    return estimate(sample, by=by, margins=margins).tables


def row(table, outcome="income", **levels):
    rows = table.filter(outcome=outcome, **levels)
    assert len(rows) == 1
    return rows.row(0, named=True)


def column(name):
    return people()[name].cast(float).to_numpy()


def pairs(table):
    names = [*GROUPS, *(f"against_{name}" for name in GROUPS)]
    return table.select(pl.concat_str(names)).to_series().to_list()


# -------------------------------------------------------------- figures


def test_a_difference_by_hand(sample):
    table = differences(tables_of(sample), [1], adjust="none")
    y, weight = column("income"), column("w")
    groups = np.column_stack([column("region") == 2, column("region") == 1])
    means, scores = ratio_scores(y, None, weight, groups)
    cov = covariance(scores, sample.stages)
    df = domain_df(sample.stages[0], groups.any(axis=1))
    error = np.sqrt(cov[0, 0] + cov[1, 1] - 2 * cov[0, 1])
    difference, ratio = means[0] - means[1], means[0] / means[1]
    share = np.array([1, -ratio]) / means[1]
    ratio_error = np.sqrt(share @ cov @ share)
    t, half = difference / error, stats.t.ppf(0.975, df)
    found = row(table, region="2", against_region="1")
    wanted = {
        "difference": difference,
        "std_error": error,
        "ci_low": difference - half * error,
        "ci_high": difference + half * error,
        "t": t,
        "p": 2 * stats.t.sf(abs(t), df),
        "p_adjusted": 2 * stats.t.sf(abs(t), df),
        "ratio": ratio,
        "ratio_std_error": ratio_error,
        "ratio_ci_low": ratio * np.exp(-half * ratio_error / ratio),
        "ratio_ci_high": ratio * np.exp(half * ratio_error / ratio),
    }
    assert {name: found[name] for name in wanted} == pytest.approx(wanted, rel=1e-10)
    assert (found["statistic"], found["df"]) == ("mean", df)
    assert table.columns == [
        *("outcome", "statistic", "region", "sex", "against_region", "against_sex"),
        *("difference", "std_error", "ci_low", "ci_high", "df", "t", "p", "p_adjusted"),
        *("ratio", "ratio_std_error", "ratio_ci_low", "ratio_ci_high"),
    ]


def test_degrees_of_freedom_may_be_those_of_the_sample(sample):
    narrow, wide = (differences(tables_of(sample), [1], df=df) for df in ("groups", "sample"))
    assert wide["df"].to_list() == [11, 11]
    assert narrow["std_error"].equals(wide["std_error"])
    assert (narrow["df"] <= 11).all()
    assert wide["p"][0] == pytest.approx(2 * stats.t.sf(abs(wide["t"][0]), 11))


def test_normal_limits_where_those_of_the_outcome_are(sample_of):
    text = DESIGN.replace('"mean" }', '"mean", interval = "normal" }')
    found = differences(tables_of(sample_of(text)), [1]).row(0, named=True)
    reach = stats.norm.ppf(0.975) * found["std_error"]
    assert found["ci_low"] == pytest.approx(found["difference"] - reach)


@pytest.mark.parametrize("adjust", ["holm", "benjamini-hochberg", "bonferroni"])
def test_a_family_is_an_outcome_over_all_tables(sample, adjust):
    table = differences(tables_of(sample, GROUPS, "with"), [0, 1], adjust=adjust)
    assert table["outcome"].unique(maintain_order=True).to_list() == ["reads", "income"]
    for _, own in table.group_by("outcome", maintain_order=True):
        found = adjusted_p_values(own["p"].to_numpy(), adjust)
        np.testing.assert_array_equal(own["p_adjusted"].to_numpy(), found)
        assert (own["p_adjusted"] > own["p"]).any()


def test_without_error_there_is_no_test(sample_of):
    columns = people().with_columns(reads=(pl.col("region") == 1).cast(pl.Int8))
    found = differences(tables_of(sample_of(columns=columns)), [0]).row(0, named=True)
    assert (found["difference"], found["std_error"]) == (-1, 0)
    assert [found[name] for name in ("t", "p", "p_adjusted")] == [None] * 3
    # A ratio of 0 has no logarithm.
    assert (found["ratio"], found["ratio_ci_low"], found["ratio_ci_high"]) == (0, None, None)


def test_a_ratio_to_nothing_is_none(sample_of):
    columns = people().with_columns(reads=(pl.col("region") == 2).cast(pl.Int8))
    found = differences(tables_of(sample_of(columns=columns)), [0]).row(0, named=True)
    assert found["difference"] == 1
    assert (found["ratio"], found["ratio_std_error"], found["ratio_ci_low"]) == (None, None, None)


# -------------------------------------------------------------- which groups


def test_references_are_first_levels_alike_in_the_others(sample):
    tables = tables_of(sample, GROUPS, "with")
    assert pairs(differences(tables, [1])) == [
        *("2_T1_T", "3_T1_T", "_T2_T1"),
        *("2111", "2212", "3212"),  # nobody is 31
        *("1211", "2221"),
    ]


def test_declared_references(sample):
    tables = tables_of(sample, GROUPS, "with")
    table = differences(tables, [1], against=Against(levels={"region": "2"}))
    assert pairs(table)[:3] == ["1_T2_T", "3_T2_T", "_T2_T1"]


def test_all_pairs(sample):
    table = differences(tables_of(sample), [1], against=Against(kind="pairs"))
    assert pairs(table) == ["1_T2_T", "1_T3_T", "2_T3_T"]


@pytest.mark.parametrize("outcome", [0, 2])
def test_the_best_is_the_least_of_a_barrier(sample, outcome):
    made = estimate(sample, by=["region"])
    name = sample.plan.design.outcomes[outcome].name
    own = made.table.filter(outcome=name)["estimate"]
    best = own.arg_max() if outcome == 0 else own.arg_min()
    table = differences(made.tables, [outcome], against=Against(kind="best"))
    assert len(table) == 2
    assert table["against_region"].to_list() == [str(best + 1)] * 2
    assert (table["difference"] <= 0).all() == (outcome == 0)


def test_the_rest_is_everyone_else_in_the_table(sample_of, sample):
    tables = tables_of(sample)
    table = differences(tables, [1, 3], against=Against(kind="rest"))
    assert table["against_region"].to_list() == ["_O"] * 6
    assert table["against_sex"].to_list() == ["_T"] * 6
    columns = people().with_columns(region=(pl.col("region") == 3).cast(pl.Int8))
    other = differences(tables_of(sample_of(columns=columns)), [1, 3])
    for name in ("income", "median"):
        found, wanted = row(table, name, region="3"), row(other, name)
        for figure in ("difference", "std_error", "df", "ratio", "ratio_std_error"):
            assert found[figure] == pytest.approx(wanted[figure], rel=1e-10), figure


def test_a_group_that_is_all_has_no_rest(sample_of):
    columns = people().with_columns(sex=pl.lit(2))
    tables = tables_of(sample_of(columns=columns), ["sex"])
    with pytest.raises(MethodError, match="differences: found no groups, expected two groups"):
        differences(tables, against=Against(kind="rest"))


def test_groups_of_whom_nobody_counts_are_not_compared(sample_of):
    columns = people().with_columns(
        income=pl.when(pl.col("region") == 2).then(pl.col("income")),
        region=pl.when(pl.col("region") != 2).then(pl.col("region")),
    )
    tables = tables_of(sample_of(columns=columns))
    for kind in ("pairs", "best"):
        with pytest.raises(MethodError, match="found no groups"):
            differences(tables, [1], against=Against(kind=kind))


def test_the_total_alone_has_no_groups(sample):
    with pytest.raises(MethodError, match="found no groups, expected two groups with an estimate"):
        differences(tables_of(sample, []))


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        ({"age": "1"}, "against: found 'age', expected one of region, sex"),
        ({"sex": "9"}, "against, sex: found level '9', expected one of 1, 2"),
    ],
)
def test_references_that_do_not_exist(sample, levels, words):
    with pytest.raises(MethodError, match=words):
        differences(tables_of(sample), against=Against(levels=levels))


def test_a_reference_without_characteristics(sample_of):
    text = DESIGN.replace('characteristics = [{ name = "region" }, { name = "sex" }]', "")
    with pytest.raises(MethodError, match="one of the characteristics, of which there are none"):
        differences(tables_of(sample_of(text), []), against=Against(levels={"sex": "1"}))


def test_more_comparisons_than_allowed(sample_of):
    tables = tables_of(sample_of(DESIGN + "[crossings]\nlimit = 12\n"), GROUPS, "with")
    with pytest.raises(MethodError, match="differences: found 14 comparisons and more"):
        differences(tables, [1], against=Against(kind="pairs"))


# -------------------------------------------------------------- quantiles and replicates


def test_quantiles_of_independent_groups_differ_by_both_errors(sample_of):
    columns = people().with_columns(region=(pl.col("stratum") < 2).cast(pl.Int8) + 1)
    made = estimate(sample_of(columns=columns), ["median"], ["region"])
    errors = made.table["std_error"].to_numpy()
    found = differences(made.tables, [3]).row(0, named=True)
    assert found["std_error"] == pytest.approx(np.sqrt((errors**2).sum()), rel=1e-12)


@pytest.mark.parametrize("quantiles", ["mean", "replicates"])
def test_differences_by_replicates(sample, quantiles):
    made = estimate(resample(sample, Resampling(kind="JKn")), by=["region"], quantiles=quantiles)
    table = differences(made.tables)
    weights = made.sample.replicates.weights
    series = []
    for region in (2, 1):
        own = column("region") == region
        series.append(column("income")[own] @ weights[own] / weights[own].sum(axis=0))
    own = np.isin(column("region"), (1, 2))
    found = row(table, region="2")
    rep = made.sample.replicates
    variance = replicate_covariance(
        series[0] - series[1],
        [found["difference"]],
        scale=rep.scale,
        rscales=rep.rscales,
        centre=rep.centre,
    )
    assert found["std_error"] == pytest.approx(np.sqrt(variance[0, 0]), rel=1e-11)
    assert found["df"] == replicate_df(weights[own])
    wide = differences(made.tables, df="sample")
    assert set(wide["df"]) == {replicate_df(weights)}
    median = row(table, "median", region="2")
    plain = made.table.filter(outcome="median")["std_error"]
    assert 0 < median["std_error"] < plain[0] + plain[1]


def test_the_rest_by_replicates(sample):
    found = resample(sample, Resampling(kind="JKn"))
    table = differences(tables_of(found), [1], against=Against(kind="rest"))
    linear = differences(tables_of(sample), [1], against=Against(kind="rest"))
    assert table["difference"].to_list() == pytest.approx(linear["difference"].to_list(), rel=1e-10)
    assert table["std_error"].to_list() == pytest.approx(linear["std_error"].to_list(), rel=0.2)
    assert table["df"].to_list() == linear["df"].to_list()


# -------------------------------------------------------------- totals of units


@pytest.mark.parametrize("kind", ["reference", "rest", "pairs", "best"])
def test_totals_of_units_give_the_same(sample_of, plan_of, kind):
    text = DESIGN.replace('  { name = "median"', "#")
    sample = sample_of(text)
    units = unit_totals(plan_of(people(), text, at_a_time=7), [(0,), (0, 1)])
    tables = UnitTables(of=units)
    assert tables.tables == ((0,), (0, 1))
    against = Against(kind=kind)
    found = differences(tables, against=against, df="sample")
    by_region, by_both = tables_of(sample), tables_of(sample, GROUPS)
    parts = [differences(each, against=against, df="sample") for each in (by_region, by_both)]
    wanted = pl.concat(parts).sort("outcome", maintain_order=True)
    for name in ("difference", "std_error", "ratio", "ratio_std_error", "df"):
        own = found.sort("outcome", maintain_order=True)[name]
        assert own.to_list() == pytest.approx(wanted[name].to_list(), rel=1e-9, abs=1e-12)
