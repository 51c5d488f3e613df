"""The same tables from DuckDB as from the kernel, whatever the design."""

from contextlib import closing
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from everycount.errors import InputError, MethodError
from everycount.io.ibis_source import ibis_source
from everycount.io.microdata import open_microdata
from everycount.io.survey_run import in_order
from everycount.model.conditions import Condition
from everycount.model.design import Characteristic, Crossings, Cut, Level, Outcome, SurveyDesign
from everycount.model.sampling import FurtherStage, ReplicateWeights, Sampling
from everycount.survey import ibis_totals
from everycount.survey.disaggregate import disaggregate
from everycount.survey.ibis_disaggregate import ibis_disaggregate
from everycount.survey.plan import resolve
from everycount.survey.simulate import simulate

# What DuckDB 2.0 says of the method by which Ibis 12.0 asks for the columns of a table.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

SAMPLING = Sampling(strata=("stratum",), psu="cluster", weight="weight")
CHARACTERISTICS = (
    Characteristic(name="region"),
    Characteristic(
        name="urban", levels=(Level(code="U", values=("2",)), Level(code="R", values=(1,)))
    ),
    Characteristic(name="band", column="age", bands=(15, 25, 50)),
    Characteristic(name="wealth", column="score", cut=Cut(groups=3)),
)
OUTCOMES = (
    Outcome(name="internet", yes=(1,), missing=(9,)),
    Outcome(name="members", statistic="mean"),
    Outcome(name="income", statistic="mean", universe=(Condition(column="age", at_least=18),)),
    Outcome(name="people", column="members", statistic="total"),
    Outcome(name="working", column="works", yes=(1,), statistic="total"),
    Outcome(name="burden", column="income", statistic="ratio", denominator="members"),
    Outcome(name="violence", column="partner_violence", yes=(1,), no=(2,), missing=(9,),
            weight="module_weight", weight_divisor=1000.0),
    Outcome(name="violent", column="partner_violence", yes=(1,), no=(2,), missing=(9,),
            statistic="total", weight="module_weight"),
)  # fmt: skip
DESIGN = SurveyDesign(
    sampling=SAMPLING,
    characteristics=CHARACTERISTICS,
    outcomes=OUTCOMES,
    crossings=Crossings(depth=2),
)
FEW = replace(
    DESIGN,
    characteristics=(Characteristic(name="urban"),),
    outcomes=(OUTCOMES[0], OUTCOMES[3], OUTCOMES[5]),
)


@pytest.fixture(scope="module")
def survey():
    """A simulated survey, with a column that has NaN and one of decimal numbers."""
    rng = np.random.default_rng(7)
    rows = simulate(clusters=40, seed=3)
    income = np.exp(rng.normal(10, 1, len(rows)))
    income[rng.random(len(rows)) < 0.1] = np.nan
    rows = rows.with_columns(
        income=pl.Series(income),
        members=pl.col("members").cast(pl.Decimal(8, 2)),
        half=pl.lit(0.5),
        clusters=pl.col("stratum").replace_strict({at: 30 + at for at in range(1, 11)}),
    )
    return rows.sample(fraction=1, shuffle=True, seed=1)


@pytest.fixture
def engines(tmp_path):
    """Make what the kernel and what DuckDB make of the rows of a design."""

    def make(rows, design):
        path = tmp_path / "survey.parquet"
        rows.write_parquet(path)
        plan = resolve(design, open_microdata(path))
        with closing(ibis_source("duckdb", path)) as source:
            own = resolve(design, source)
            assert [each.levels for each in own.codings] == [each.levels for each in plan.codings]
            return in_order(plan, disaggregate), ibis_disaggregate(own, source.table)

    return make


def assert_same(kernel, database):
    assert database.excluded == kernel.excluded
    assert (database.rows, database.units, database.strata) == (
        kernel.rows,
        kernel.units,
        kernel.strata,
    )
    assert sorted(database.lonely) == sorted(kernel.lonely)
    assert database.table.columns == kernel.table.columns
    for name, expected in kernel.table.to_dict().items():
        found = database.table[name]
        if expected.dtype != pl.Float64:
            assert found.equals(expected), name
            continue
        # Errors of 0 may come out as what rounding leaves of them.
        scale = kernel.table["estimate"].abs().fill_null(0).max() if name == "std_error" else 1
        np.testing.assert_allclose(
            found.to_numpy(), expected.to_numpy(), rtol=1e-10, atol=1e-13 * scale, err_msg=name
        )
    np.testing.assert_allclose(database.weighted, kernel.weighted, rtol=1e-12)
    shares = (kernel.table["statistic"] == "proportion").to_numpy()
    np.testing.assert_allclose(database.yes[shares], kernel.yes[shares], rtol=1e-12, atol=1e-12)


SAMPLINGS = {
    "clusters in strata": SAMPLING,
    "strata of two columns": replace(SAMPLING, strata=("region", "urban")),
    "clusters": replace(SAMPLING, strata=()),
    "women in strata": replace(SAMPLING, psu=None),
    "women": Sampling(weight="weight"),
    "nothing": Sampling(weight_divisor=10.0),
    "a share drawn": replace(SAMPLING, population="half"),
    "a population": replace(SAMPLING, population="clusters", simple_random="with"),
    "stages that add nothing": replace(
        SAMPLING, stages=(FurtherStage(units="household", strata=("urban",)),)
    ),
}  # fmt: skip


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_samples(survey, engines, sampling):
    assert_same(*engines(survey, replace(FEW, sampling=SAMPLINGS[sampling])))


@pytest.mark.parametrize("sampling", ["clusters in strata", "women in strata"])
def test_many_crossings_and_outcomes(survey, engines, sampling):
    assert_same(*engines(survey, replace(DESIGN, sampling=SAMPLINGS[sampling])))


def test_no_characteristics(survey, engines):
    assert_same(*engines(survey, replace(FEW, characteristics=())))


def test_all_rows_count(survey, engines):
    rows = survey.filter(pl.col("internet") != 9)
    outcomes = (OUTCOMES[0], OUTCOMES[1], OUTCOMES[3])
    kernel, database = engines(rows, replace(DESIGN, outcomes=outcomes))
    assert_same(kernel, database)
    assert database.moments.slots.outcomes[0].rows == 0


def test_numbers_of_units_begin_anew(survey, engines):
    rows = survey.with_columns(cluster=pl.col("cluster") % 4)
    nested = replace(FEW, sampling=replace(SAMPLING, nested=True))
    assert_same(*engines(rows, nested))


@pytest.mark.parametrize("lonely", ["remove", "certainty", "adjust", "average"])
@pytest.mark.parametrize("domains", ["centre", "adjust"])
def test_lonely_units(survey, engines, lonely, domains):
    sampling = replace(SAMPLING, lonely=lonely, lonely_domains=domains)
    kernel, database = engines(one_alone(survey), replace(FEW, sampling=sampling))
    assert_same(kernel, database)
    assert database.lonely == ("77",)


def one_alone(survey):
    """Put one cluster in a stratum of its own."""
    own = pl.when(pl.col("cluster") == 1).then(77)
    return survey.with_columns(stratum=own.otherwise("stratum"))


def test_a_lonely_unit_is_refused(survey, tmp_path):
    one_alone(survey).write_parquet(tmp_path / "survey.parquet")
    with (
        closing(ibis_source("duckdb", tmp_path / "survey.parquet")) as source,
        pytest.raises(MethodError, match=r"1 stratum with a single sampled unit \(77\)"),
    ):
        ibis_disaggregate(resolve(DESIGN, source), source.table)


def test_a_large_share_keeps_its_digits(engines):
    # One in 3,000 answers no: the weight of those without the outcome is small beside all.
    rng = np.random.default_rng(4)
    rows = pl.DataFrame({
        "y": (rng.random(30_000) > 1 / 3000).astype(int),
        "weight": rng.uniform(1e5, 2e5, 30_000),
        "unit": np.arange(30_000) // 100,
        "sex": rng.integers(1, 3, 30_000),
    })  # fmt: skip
    for psu in ("unit", None):
        design = SurveyDesign(
            sampling=Sampling(psu=psu, weight="weight"),
            characteristics=(Characteristic(name="sex"),),
            outcomes=(Outcome(name="y"), Outcome(name="all", column="y", statistic="total")),
        )
        assert_same(*engines(rows, design))


def test_who_all_say_the_same_has_no_error(engines):
    rows = pl.DataFrame({
        "y": [1, 1, 1, 1, 0, 1, 0, 0] * 50, "x": [0.1] * 200 + [0.3] * 200,
        "sex": [1, 1, 1, 1, 2, 2, 3, 3] * 50,
    })  # fmt: skip
    design = SurveyDesign(
        characteristics=(Characteristic(name="sex"),),
        outcomes=(Outcome(name="y"), Outcome(name="x", statistic="total")),
    )
    kernel, database = engines(rows, design)
    assert_same(kernel, database)
    same = database.table.filter((pl.col("outcome") == "y") & pl.col("sex").is_in(["1", "3"]))
    assert same["std_error"].to_list() == [0.0, 0.0]


def test_results_come_in_parts(survey, engines, monkeypatch):
    monkeypatch.setattr(ibis_totals, "ROWS", 7)
    assert_same(*engines(survey, FEW))


@pytest.mark.parametrize(
    ("sampling", "words"),
    [
        ({"replicates": ReplicateWeights(kind="JK1", columns=("weight",))}, "replicate weights"),
        (
            {"population": "half", "stages": (FurtherStage(units="household", population="half"),)},
            "2 stages that add to the variance",
        ),
    ],
)
def test_what_the_query_does_not_know_is_refused(survey, tmp_path, sampling, words):
    survey.write_parquet(tmp_path / "survey.parquet")
    with closing(ibis_source("duckdb", tmp_path / "survey.parquet")) as source:
        design = replace(DESIGN, sampling=replace(SAMPLING, **sampling))
        with pytest.raises(MethodError, match=words):
            ibis_disaggregate(resolve(design, source), source.table)


def test_another_table_than_the_one_opened_is_refused(survey, tmp_path):
    survey.write_parquet(tmp_path / "survey.parquet")
    with closing(ibis_source("duckdb", tmp_path / "survey.parquet")) as source:
        plan = resolve(DESIGN, source)
        with pytest.raises(InputError, match=r"found 10 rows, expected the \d,?\d+ rows it had"):
            ibis_disaggregate(plan, source.table.limit(10))
        with pytest.raises(MethodError, match="found no rows"):
            ibis_disaggregate(plan, source.table.limit(0))


def test_a_quantile_is_refused(survey, tmp_path):
    survey.write_parquet(tmp_path / "survey.parquet")
    design = replace(
        DESIGN, outcomes=(Outcome(name="income", statistic="quantile", probability=0.5),)
    )
    with (
        closing(ibis_source("duckdb", tmp_path / "survey.parquet")) as source,
        pytest.raises(MethodError, match="quantile"),
    ):
        ibis_disaggregate(resolve(design, source), source.table)
