import numpy as np
import polars as pl
import pytest
from scipy import special, stats

from everycount.arrays.interval import proportion_interval
from everycount.arrays.linearise import (
    covariance,
    design_effect,
    domain_df,
    ratio_scores,
    total_scores,
)
from everycount.arrays.quantile import quantile
from everycount.arrays.quantile_interval import Quantiles, quantile_interval
from everycount.arrays.replicate import replicate_covariance, replicate_df
from everycount.errors import MethodError
from everycount.model import rules
from everycount.survey import quantiles, sample_tables
from everycount.survey.estimate import estimate
from everycount.survey.resampled import Resampling, resample
from everycount.survey.sample import load

ROWS = 60


def people(seed=3):
    """Sixty people in 15 villages in 4 strata; some did not answer, some were not asked."""
    rng = np.random.default_rng(seed)
    village = np.repeat(np.arange(15), 4)
    return pl.DataFrame(
        {
            "stratum": np.array([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3])[village],
            "village": village,
            "w": rng.uniform(1, 4, ROWS),
            "region": rng.integers(1, 4, ROWS),
            "sex": pl.Series([*rng.integers(1, 3, ROWS).tolist()[:-1], None]),
            "asked": rng.integers(0, 4, ROWS) > 0,
            "reads": pl.Series([None, *rng.integers(0, 2, ROWS - 1).tolist()]),
            "income": rng.normal(1000, 20, ROWS),
            "hours": rng.uniform(1, 9, ROWS),
        }
    ).with_columns(pl.col("asked").cast(pl.Int8))


DESIGN = """
characteristics = [{ name = "region" }, { name = "sex" }]
outcomes = [
  { name = "reads", universe = [{ column = "asked", among = [1] }] },
  { name = "income", statistic = "mean" },
  { name = "sum", column = "income", statistic = "total" },
  { name = "rate", column = "income", statistic = "ratio", denominator = "hours" },
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


def one(table, outcome, region="_T", sex="_T"):
    rows = table.filter(outcome=outcome, region=region, sex=sex)
    assert len(rows) == 1
    return rows.row(0, named=True)


def column(name):
    return people()[name].cast(float).fill_null(np.nan).to_numpy()


def inside(region=None, sex=None):
    found = np.ones(ROWS, bool)
    for name, value in (("region", region), ("sex", sex)):
        if value is not None:
            found &= column(name) == value
    return found


STATISTICS = {
    "reads": ("reads", None),
    "income": ("income", None),
    "sum": ("income", "total"),
    "rate": ("income", "hours"),
}


def expected(sample, outcome, domain):
    """Estimate, error, df, design effect and rows by the arithmetic of scores of rows."""
    name, below = STATISTICS[outcome]
    y, weight = column(name), column("w")
    asked = domain & (column("asked") == 1) if outcome == "reads" else domain
    known = asked & ~np.isnan(y)
    if below == "total":
        found, scores = total_scores(y, weight, known)
    else:
        found, scores = ratio_scores(y, None if below is None else column(below), weight, known)
    variance = covariance(scores, sample.stages)[0, 0]
    deff = design_effect([variance], scores, weight, known, reference="with")
    return found[0], np.sqrt(variance), domain_df(sample.stages[0], asked), deff[0], known.sum()


# -------------------------------------------------------------- figures


@pytest.mark.parametrize("outcome", STATISTICS)
@pytest.mark.parametrize("cell", [(), (2,), (None, 1), (3, 2)])
def test_figures_are_those_of_scores_of_rows(sample, outcome, cell):
    table = estimate(sample, by=["region", "sex"], margins="with").table
    found = one(table, outcome, *("_T" if each is None else str(each) for each in cell))
    value, error, df, deff, rows = expected(sample, outcome, inside(*cell))
    assert found["estimate"] == pytest.approx(value, rel=1e-12)
    assert found["std_error"] == pytest.approx(error, rel=1e-11)
    assert found["deff"] == pytest.approx(deff, rel=1e-10)
    assert (found["df"], found["n"]) == (df, rows)
    assert found["cv"] == pytest.approx(error / value, rel=1e-11)
    if outcome == "reads":
        low, high = proportion_interval("logit", value, error, n=rows, df=df)
    else:
        reach = stats.t.ppf(0.975, df) * error
        low, high = value - reach, value + reach
    assert found["ci_low"] == pytest.approx(float(low), rel=1e-11)
    assert found["ci_high"] == pytest.approx(float(high), rel=1e-11)


def test_a_crossing_alone_or_with_its_margins(sample):
    alone = estimate(sample, ["income"], ["sex", "region"]).table
    assert len(alone) == 6
    assert "_T" not in {*alone["region"], *alone["sex"]}
    whole = estimate(sample, ["income"], ["sex", "region"], margins="with").table
    assert len(whole) == 1 + 3 + 2 + 6
    assert whole.tail(6).equals(alone)
    total = estimate(sample, ["income"]).table
    assert total.equals(whole.head(1))
    assert total.columns == [
        *("outcome", "statistic", "region", "sex", "estimate", "std_error", "ci_low", "ci_high"),
        *("df", "deff", "n", "cv", "flag"),
    ]


def test_outcomes_and_excluded_rows(sample):
    made = estimate(sample, ["sum", "income"])
    assert made.table["outcome"].to_list() == ["sum", "income"]
    assert made.plan is sample.plan
    assert {each.subject for each in made.excluded} >= {"reads", "sex"}


def test_weights_add_up_by_cell(sample):
    table = estimate(sample, by=["region"]).tables.table(0)
    weight, yes = table.weights(1)
    own = [column("w")[inside(region)].sum() for region in (1, 2, 3)]
    np.testing.assert_allclose(weight, own)
    np.testing.assert_allclose(yes[0], (column("w") * column("income"))[inside(1)].sum())


# -------------------------------------------------------------- shares of everyone


def test_a_share_of_everyone_has_everyone_below(sample_of, sample):
    text = DESIGN.replace('"reads",', '"reads", share_of = "everyone", interval = "wilson",')
    found = sample_of(text)
    table = estimate(found, ["reads"], ["sex"], margins="with").table
    y, weight = column("reads"), column("w")
    asked = column("asked") == 1
    known = asked & ~np.isnan(y)
    here = np.where(inside(sex=2), y, 0)
    value, scores = ratio_scores(here, None, weight, known)
    variance = covariance(scores, found.stages)[0, 0]
    cell = one(table, "reads", sex="2")
    assert cell["estimate"] == pytest.approx(value[0], rel=1e-12)
    assert cell["std_error"] == pytest.approx(np.sqrt(variance), rel=1e-11)
    deff = design_effect([variance], scores, weight, known, reference="with")[0]
    assert cell["deff"] == pytest.approx(deff, rel=1e-10)
    assert (cell["n"], cell["df"]) == (known.sum(), domain_df(found.stages[0], asked))
    whole = estimate(sample, ["reads"]).table
    names = ["estimate", "std_error", "df", "n"]
    assert table.head(1).select(names).rows()[0] == pytest.approx(whole.select(names).rows()[0])


def test_a_share_of_everyone_where_nobody_answered(sample_of):
    columns = people().with_columns(
        reads=pl.when(pl.col("region") == 2).then(None).otherwise(pl.col("reads"))
    )
    text = DESIGN.replace('"reads",', '"reads", share_of = "everyone",')
    table = estimate(sample_of(text, columns), ["reads", "income"], ["region"]).table
    assert one(table, "reads", "2")["estimate"] is None
    assert one(table, "income", "2")["estimate"] > 0


# -------------------------------------------------------------- edges


def test_cells_in_which_nobody_counts(sample_of):
    columns = people().with_columns(asked=pl.when(pl.col("region") == 2).then(0).otherwise(1))
    found = sample_of(columns=columns)
    both = estimate(found, ["reads", "income"], ["region"]).table
    empty = one(both, "reads", "2")
    figures = ("estimate", "std_error", "ci_low", "ci_high", "deff", "cv")
    assert [empty[name] for name in figures] == [None] * 6
    assert (empty["n"], empty["df"]) == (0, 0)
    alone = estimate(found, ["reads"], ["region"]).table
    assert alone["region"].to_list() == ["1", "3"]


def test_people_who_are_all_alike_have_no_error(sample_of):
    columns = people().with_columns(reads=pl.lit(1), income=pl.lit(0.1), hours=pl.lit(0.7))
    table = estimate(sample_of(columns=columns), by=["region"]).table
    for name in ("reads", "income", "rate"):
        cell = one(table, name, "1")
        assert cell["std_error"] == 0
        assert cell["deff"] is None


def test_a_ratio_to_nothing_is_none(sample_of):
    columns = people().with_columns(hours=pl.lit(0.0))
    cell = one(estimate(sample_of(columns=columns), ["rate"]).table, "rate")
    assert (cell["estimate"], cell["std_error"], cell["ci_low"]) == (None, None, None)


def test_flags(sample):
    rule = rules.ReliabilityRule(verdict="unreliable", tests=(rules.Test(measure="n", below=30),))
    few = rules.Reliability(id="test", title="Test", source="here", rules=(rule,))
    table = estimate(sample, ["income"], ["sex"], margins="with", reliability=few).table
    assert table["flag"].to_list() == ["" if n >= 30 else "unreliable" for n in table["n"]]


@pytest.mark.parametrize(
    ("words", "match"),
    [
        ({"outcomes": ["reads", "x"]}, "outcome: found 'x', expected one of reads, income, sum"),
        ({"outcomes": []}, "outcomes: found none, expected at least one"),
        ({"by": ["age"]}, "by: found 'age', expected one of region, sex"),
    ],
)
def test_what_is_not_there_is_refused(sample, words, match):
    with pytest.raises(MethodError, match=match):
        estimate(sample, **words)


def test_by_without_characteristics(sample_of):
    plain = sample_of(
        DESIGN.replace('characteristics = [{ name = "region" }, { name = "sex" }]', "")
    )
    with pytest.raises(MethodError, match="expected one of those of the design, which has none"):
        estimate(plain, by=["sex"])


def test_more_cells_than_allowed(sample_of):
    text = DESIGN + "[crossings]\nlimit = 6\n"
    assert len(estimate(sample_of(text), ["income"], ["sex"]).table) == 2
    with pytest.raises(MethodError, match="crossings: found 7 cells in 2 tables"):
        estimate(sample_of(text), ["income"], ["sex", "region"])


# -------------------------------------------------------------- quantiles


def share_error(sample, known):
    """The standard error of a share of some rows, from scores of all."""
    weight = column("w") * known

    def of(flags):
        whole = np.zeros(ROWS)
        whole[np.flatnonzero(known)] = flags
        scores = weight * (whole - (weight * whole).sum() / weight.sum()) / weight.sum()
        return np.sqrt(covariance(scores, sample.stages)[0, 0])

    return of


@pytest.mark.parametrize("kind", ["mean", "beta", "xlogit", "arcsine", "francisco-fuller"])
def test_quantiles_of_domains(sample, kind):
    table = estimate(sample, ["median"], ["region"], quantiles=kind).table
    known = inside(2)
    wanted = quantile_interval(
        column("income")[known],
        column("w")[known],
        [0.5],
        std_error_of=share_error(sample, known),
        df=domain_df(sample.stages[0], known),
        kind=kind,
    )
    cell = one(table, "median", "2")
    for name, value in {
        "estimate": wanted.estimate,
        "ci_low": wanted.low,
        "ci_high": wanted.high,
        "std_error": wanted.std_error,
    }.items():
        assert cell[name] == pytest.approx(value[0], rel=1e-12), name
    assert cell["deff"] is None
    assert (cell["n"], cell["df"]) == (known.sum(), domain_df(sample.stages[0], known))


def test_a_quantile_where_nobody_counts(sample_of):
    columns = people().with_columns(
        income=pl.when(pl.col("region") == 2).then(None).otherwise(pl.col("income"))
    )
    table = estimate(sample_of(columns=columns), ["reads", "median"], ["region"]).table
    cell = one(table, "median", "2")
    assert [cell[name] for name in ("estimate", "ci_low", "ci_high", "std_error")] == [None] * 4
    assert one(table, "median", "1")["estimate"] > 0


def test_normal_limits_of_a_quantile_are_nearer(sample_of):
    text = DESIGN.replace("probability = 0.5", 'probability = 0.5, interval = "normal"')
    cell = one(estimate(sample_of(text), ["median"], ["region"]).table, "median", "2")
    known = inside(2)
    wanted = quantile_interval(
        column("income")[known],
        column("w")[known],
        [0.5],
        std_error_of=share_error(sample_of(text), known),
        df=np.inf,
    )
    assert (cell["ci_low"], cell["ci_high"]) == (wanted.low[0], wanted.high[0])


def test_limits_that_change_places_have_no_error(sample, monkeypatch):
    """R's score reads quantiles at unweighted shares, which may be far from weighted ones."""

    def reversed_limits(*_, **__):
        found = (np.array([each]) for each in (1000.0, 1007.0, 1003.0, -1.5))
        return Quantiles(**dict(zip(("estimate", "low", "high", "std_error"), found, strict=True)))

    monkeypatch.setattr(quantiles, "quantile_interval", reversed_limits)
    cell = one(estimate(sample, ["median"], quantiles="score").table, "median")
    assert (cell["ci_low"], cell["ci_high"], cell["std_error"]) == (1007, 1003, None)


# -------------------------------------------------------------- replicates


@pytest.fixture(scope="module")
def repeated(sample):
    return resample(sample, Resampling(kind="JKn"))


def by_replicates(sample, series, full):
    made = sample.replicates
    words = {"scale": made.scale, "rscales": made.rscales, "centre": made.centre}
    return np.sqrt(replicate_covariance(series, [full], **words)[0, 0])


@pytest.mark.parametrize("outcome", STATISTICS)
def test_errors_by_replicates(repeated, outcome):
    table = estimate(repeated, by=["region"]).table
    name, below = STATISTICS[outcome]
    asked = inside(2) & (column("asked") == 1) if outcome == "reads" else inside(2)
    known = asked & ~np.isnan(column(name))
    weights = repeated.replicates.weights[known]
    series = column(name)[known] @ weights
    if below != "total":
        series = series / (weights.sum(axis=0) if below is None else column(below)[known] @ weights)
    cell = one(table, outcome, "2")
    error = by_replicates(repeated, series, cell["estimate"])
    assert cell["std_error"] == pytest.approx(error, rel=1e-11)
    assert cell["df"] == replicate_df(repeated.replicates.weights[asked])
    value, _, _, deff, rows = expected(repeated, outcome, inside(2))
    assert cell["estimate"] == pytest.approx(value, rel=1e-12)
    assert cell["n"] == rows
    linear = expected(repeated, outcome, inside(2))[1]
    assert cell["deff"] == pytest.approx(deff * (error / linear) ** 2, rel=1e-10)


def test_logit_limits_have_the_error_of_the_log_odds(repeated):
    cell = one(estimate(repeated, ["reads"]).table, "reads")
    known = (column("asked") == 1) & ~np.isnan(column("reads"))
    weights = repeated.replicates.weights[known]
    odds = special.logit(column("reads")[known] @ weights / weights.sum(axis=0))
    centre = special.logit(cell["estimate"])
    reach = stats.t.ppf(0.975, cell["df"]) * by_replicates(repeated, odds, centre)
    assert cell["ci_low"] == pytest.approx(special.expit(centre - reach), rel=1e-11)
    assert cell["ci_high"] == pytest.approx(special.expit(centre + reach), rel=1e-11)


def test_a_share_of_one_has_no_log_odds(sample_of):
    columns = people().with_columns(reads=pl.lit(1))
    found = resample(sample_of(columns=columns), Resampling(kind="JKn"))
    cell = one(estimate(found, ["reads"]).table, "reads")
    assert (cell["estimate"], cell["std_error"]) == (1, 0)
    assert cell["ci_low"] is None


def test_a_share_of_everyone_by_replicates(sample_of):
    text = DESIGN.replace('"reads",', '"reads", share_of = "everyone", interval = "t",')
    found = resample(sample_of(text), Resampling(kind="JKn"))
    cell = one(estimate(found, ["reads"], ["sex"]).table, "reads", sex="1")
    asked = column("asked") == 1
    known = asked & ~np.isnan(column("reads"))
    weights = found.replicates.weights[known]
    here = np.where(inside(sex=1), column("reads"), 0)[known]
    series = here @ weights / weights.sum(axis=0)
    error = by_replicates(found, series, cell["estimate"])
    assert cell["std_error"] == pytest.approx(error, rel=1e-11)
    assert cell["n"] == known.sum()
    assert cell["df"] == replicate_df(found.replicates.weights[asked])


def test_quantiles_by_replicates(repeated, sample):
    own = inside(2)
    y, weights = column("income")[own], repeated.replicates.weights[own]
    series = np.array([quantile(y, each, [0.5])[0] for each in weights.T])
    table = estimate(repeated, ["median"], ["region"], quantiles="replicates").table
    cell = one(table, "median", "2")
    error = by_replicates(repeated, series, cell["estimate"])
    assert cell["std_error"] == pytest.approx(error, rel=1e-12)
    # From shares: the error of the share comes from its replicates.
    woodruff = one(estimate(repeated, ["median"], ["region"]).table, "median", "2")

    def error_of(flags):
        return by_replicates(repeated, flags @ weights / weights.sum(axis=0), 0.5)

    df = replicate_df(weights)
    wanted = quantile_interval(y, column("w")[own], [0.5], std_error_of=error_of, df=df)
    assert (woodruff["ci_low"], woodruff["ci_high"]) == (wanted.low[0], wanted.high[0])
    with pytest.raises(MethodError, match="outcome median: found a quantile from replicates"):
        estimate(sample, ["median"], quantiles="replicates")


# -------------------------------------------------------------- replicate weights of the file

GIVEN = """
[sampling]
weight = "w"
replicates = { kind = "bootstrap", columns = ["r_*"]MORE }
"""


def with_weights(factors):
    rng = np.random.default_rng(8)
    weights = rng.uniform(0.5, 1.5, (ROWS, 40))
    base = 1 if factors else column("w")[:, None]
    columns = {f"r_{at}": column_ for at, column_ in enumerate((weights * base).T)}
    return people().with_columns(**columns)


@pytest.mark.parametrize("factors", [True, False])
def test_weights_of_the_file(sample_of, factors):
    more = ', weights_are = "factors"' if factors else ""
    text = DESIGN.partition("[sampling]")[0] + GIVEN.replace("MORE", more)
    found = sample_of(text, with_weights(factors))
    made = estimate(found, ["income", "median"], ["region"])
    own = inside(3)
    weights = np.random.default_rng(8).uniform(0.5, 1.5, (ROWS, 40)) * column("w")[:, None]
    cell = one(made.table, "income", "3")
    series = column("income")[own] @ weights[own] / weights[own].sum(axis=0)
    assert cell["std_error"] == pytest.approx(by_replicates(found, series, cell["estimate"]))
    assert cell["df"] == replicate_df(weights[own])
    assert made.tables.df == replicate_df(weights)
    assert one(made.table, "median", "3")["std_error"] > 0


def test_degrees_of_freedom_that_the_producer_states(sample_of):
    text = DESIGN.partition("[sampling]")[0] + GIVEN.replace("MORE", ", df = 5")
    made = estimate(sample_of(text, with_weights(factors=False)), ["income", "median"], ["region"])
    assert made.table["df"].to_list() == [5] * 6
    assert made.tables.df == 5
    cell = one(made.table, "median", "1")
    own = inside(1)
    weights = made.sample.replicates.weights[own]

    def error_of(flags):
        return by_replicates(made.sample, flags @ weights / weights.sum(axis=0), 0.5)

    wanted = quantile_interval(
        column("income")[own], column("w")[own], [0.5], std_error_of=error_of, df=5
    )
    assert cell["std_error"] == pytest.approx(wanted.std_error[0], rel=1e-12)


def test_ranks_of_many_rows_are_taken_in_parts(sample_of, monkeypatch):
    text = DESIGN.partition("[sampling]")[0] + GIVEN.replace("MORE", "")
    columns = with_weights(factors=False).select(pl.exclude([f"r_{at}" for at in range(9, 40)]))
    found = sample_of(text, columns)
    monkeypatch.setattr(sample_tables, "BLOCK", 7)
    monkeypatch.setattr(sample_tables, "COLUMNS", 4)
    made = estimate(found, ["income"])
    assert made.table["df"].item() == 8 == replicate_df(found.replicates.weights)


def test_successive_differences_of_units_in_the_order_of_their_numbers(plan_of):
    text = """
outcomes = [{ name = "y", statistic = "total" }]
[sampling]
psu = "unit"
strata = ["stratum"]
"""
    rows = {
        "stratum": [2, 1, 2, 1, 2, 1, 2, 1],
        "unit": [10, 3, 7, 1, 8, 2, 9, 40],
        "y": [4.0, 10, 1, 30, 2, 15, 8, 11],
    }
    sample = resample(load(plan_of(rows, text)), Resampling(kind="SDR"))
    variance = estimate(sample).table["std_error"].item() ** 2
    loops = ([1, 2, 8, 4], [30, 15, 10, 11])
    squares = [(loop[at] - loop[at - 1]) ** 2 for loop in loops for at in range(4)]
    assert variance == pytest.approx(sum(squares) / 2)
