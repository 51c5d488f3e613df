"""DuckDB through Ibis makes the tables that the kernel makes, and those of R survey 4.5.

The kernel is compared on the simulated survey and on DHS' model data, at the 1e-9 that is promised
and beyond: only the order of summation differs. R's figures (R 4.2.2, made on 22 November) are in
golden/survey of the shared data.
"""

from contextlib import closing
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from everycount.io.ibis_source import ibis_source
from everycount.io.microdata import open_microdata
from everycount.io.survey_run import in_order
from everycount.model.conditions import Condition
from everycount.model.design import Characteristic, Cut, Level, Outcome, SurveyDesign
from everycount.model.sampling import Sampling
from everycount.survey.disaggregate import disaggregate
from everycount.survey.ibis_disaggregate import ibis_disaggregate
from everycount.survey.plan import resolve
from everycount.survey.simulate import simulate

pytestmark = [
    pytest.mark.parity,
    # What DuckDB 2.0 says of the method by which Ibis 12.0 asks for the columns of a table.
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
]
EXACT = 1e-11

SIMULATED = SurveyDesign(
    sampling=Sampling(strata=("stratum",), psu="cluster", weight="weight"),
    characteristics=(
        Characteristic(name="region"),
        Characteristic(name="urban"),
        Characteristic(name="wealth", column="score",
                       cut=Cut(groups=5, members="members", once_per=("household",))),
        Characteristic(name="band", column="age", bands=(15, 20, 30, 50)),
        Characteristic(name="education"),
        Characteristic(name="ethnicity"),
        Characteristic(
            name="disability", levels=(Level(code="Y", values=(2,)),), elsewhere="exclude"
        ),
    ),
    outcomes=(
        Outcome(name="internet", yes=(1,), missing=(9,)),
        Outcome(name="works", yes=(1,), no=(2,), missing=(9,)),
        Outcome(name="unmet_need", yes=(1,), missing=(9,),
                universe=(Condition(column="age", at_least=18),)),
        Outcome(name="partner_violence", yes=(1,), missing=(9,), weight="module_weight"),
        Outcome(name="members", statistic="mean"),
        Outcome(name="people", column="members", statistic="total"),
        Outcome(name="crowding", column="members", statistic="ratio", denominator="age"),
    ),
)  # fmt: skip
ZZIR = SurveyDesign(
    sampling=Sampling(
        strata=("v022",), psu="v021", weight="v005", weight_divisor=1e6, lonely="adjust"
    ),
    characteristics=(
        Characteristic(name="wealth", column="v190"),
        Characteristic(name="residence", column="v025"),
        Characteristic(name="region", column="v024"),
        Characteristic(name="education", column="v106"),
        Characteristic(name="age", column="v013"),
    ),
    outcomes=(
        Outcome(name="secondary", column="v106", yes=("secondary", "higher")),
        Outcome(name="births", column="v201", statistic="mean"),
        Outcome(name="years", column="v012", statistic="total"),
    ),
)  # fmt: skip


def both(path, design):
    """Return what the kernel and what DuckDB make of a file."""
    kernel = in_order(resolve(design, open_microdata(path)), disaggregate)
    with closing(ibis_source("duckdb", path)) as source:
        return kernel, ibis_disaggregate(resolve(design, source), source.table)


def assert_same(kernel, database):
    assert database.excluded == kernel.excluded
    figures = [name for name, dtype in kernel.table.schema.items() if dtype == pl.Float64]
    assert database.table.drop(figures).equals(kernel.table.drop(figures))
    for name in figures:
        found, expected = (each.table[name].to_numpy() for each in (database, kernel))
        np.testing.assert_allclose(found, expected, rtol=EXACT, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("psu", ["cluster", None])
def test_simulated_survey(tmp_path, psu):
    simulate(clusters=120).write_parquet(tmp_path / "women.parquet")
    design = replace(SIMULATED, sampling=replace(SIMULATED.sampling, psu=psu))
    kernel, database = both(tmp_path / "women.parquet", design)
    assert len(kernel.moments.tables) == 64
    assert_same(kernel, database)


@pytest.fixture(scope="module")
def zzir(shared, tmp_path_factory):
    """DHS' model women's file, with the columns used here."""
    found = shared / "data" / "microdata" / "dhs_model_zzir_core.csv"
    path = tmp_path_factory.mktemp("zzir") / "women.parquet"
    pl.read_csv(found, infer_schema_length=None).write_parquet(path)
    return path


@pytest.mark.shared
@pytest.mark.parametrize("nested", [False, True])
def test_dhs_model_data(zzir, nested):
    design = replace(ZZIR, sampling=replace(ZZIR.sampling, nested=nested))
    assert_same(*both(zzir, design))


LNOB = SurveyDesign(
    sampling=Sampling(strata=("strata",), psu="psu", weight="w", nested=True, lonely="adjust"),
    characteristics=tuple(
        Characteristic(name=name) for name in ("region", "residence", "wealth", "edu", "agegrp")
    ),
    outcomes=tuple(Outcome(name=name) for name in ("elec", "tv", "parity3", "y_secondary")),
)


@pytest.mark.shared
def test_domains_of_r(shared, tmp_path):
    folder = shared / "golden" / "survey" / "lnob"
    women = pl.read_csv(folder / "zzir_lnob_input.csv").sample(fraction=1, shuffle=True, seed=1)
    women.write_parquet(tmp_path / "women.parquet")
    with closing(ibis_source("duckdb", tmp_path / "women.parquet")) as source:
        found = ibis_disaggregate(resolve(LNOB, source), source.table).table
    names = [each.name for each in LNOB.characteristics]
    figures = {row[:6]: row[6:] for row in found.select(
        "outcome", *names, "n", "df", "estimate", "std_error"
    ).iter_rows()}  # fmt: skip
    wanted = pl.read_csv(folder / "zzir_domain_estimates.csv", infer_schema=False)
    assert len(wanted) == 142
    for row in wanted.iter_rows(named=True):
        cell = dict.fromkeys(names, "_T")
        if row["domain_vars"]:
            cell |= zip(row["domain_vars"].split("*"), row["domain"].split("|"), strict=True)
        n, df, *own = figures[row["indicator"], *cell.values()]
        assert (n, df) == (int(row["n"]), int(row["df"]))
        expected = [float(row["est"]), float(row["se"])]
        np.testing.assert_allclose(own, expected, rtol=1e-9, atol=1e-14, err_msg=str(row))
