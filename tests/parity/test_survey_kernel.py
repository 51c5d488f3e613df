"""All crossings at once against R survey 4.5 (R 4.2.2), made on 22 November.

golden/survey/domains.csv, overall_mean_total.csv, ratio.csv, lonely_psu.csv and
lnob/zzir_domain_estimates.csv of the shared data; the README beside them says how they were made.
1e-9 is promised; what is found agrees to 1e-11.
"""

import csv
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from everycount.model.design import Characteristic, Outcome, SurveyDesign
from everycount.model.microdata import Column
from everycount.model.sampling import FurtherStage, ReplicateWeights, Sampling
from everycount.survey.disaggregate import disaggregate
from everycount.survey.plan import resolve

pytestmark = [pytest.mark.shared, pytest.mark.parity]

EXACT = 1e-11
FACTORS = ("stype", "awards", "sch.wide", "yr.rnd")
SCHOOLS = ("api00", "enroll", "meals")


@dataclass(frozen=True)
class Source:
    """Microdata in memory, read a few rows at a time."""

    frame: pl.DataFrame
    size: int = 37
    name: str = "golden"

    @property
    def rows(self):
        return len(self.frame)

    @property
    def columns(self):
        kind = {True: "number", False: "text"}
        return {
            name: Column(name=name, kind=kind[self.frame[name].dtype.is_numeric()])
            for name in self.frame.columns
        }

    def batches(self, columns, *, rows=0):
        for start in range(0, len(self.frame), self.size):
            yield self.frame[start : start + self.size].select(columns)


@cache
def golden(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def sample(shared, name):
    path = shared / "golden" / "survey" / "input" / f"{name}.csv"
    return pl.read_csv(path, infer_schema_length=None, null_values=["NA"])


TAYLOR = {
    "srs_fpc": ("apisrs", Sampling(weight="pw", population="fpc")),
    "strat_fpc": ("apistrat", Sampling(strata=("stype",), weight="pw", population="fpc")),
    "strat_nofpc": ("apistrat", Sampling(strata=("stype",), weight="pw")),
    "clus1_fpc": ("apiclus1", Sampling(psu="dnum", weight="pw", population="fpc")),
    "clus2_fpc": (
        "apiclus2",
        Sampling(
            psu="dnum",
            weight="pw",
            population="fpc1",
            stages=(FurtherStage(units="snum", population="fpc2"),),
        ),
    ),
}
REPLICATES = {
    "clus1_jk1": ("apiclus1", "JK1"),
    "strat_jkn": ("apistrat", "JKn"),
    "clus1_boot_rw": ("apiclus1", "bootstrap"),
}


def survey(shared, design):
    """The rows and the sampling of a design, as the golden tables call it."""
    if design in TAYLOR:
        name, sampling = TAYLOR[design]
        keys = [*sampling.strata, sampling.psu, *(stage.units for stage in sampling.stages)]
        frame = sample(shared, name)
        return frame.sort(*(key for key in keys if key)) if any(keys) else frame, sampling
    name, kind = REPLICATES[design]
    told = golden(shared / "golden" / "survey" / "replicate_designs.csv")
    row = next(each for each in told if each["design"] == design)
    given = ReplicateWeights(
        kind=kind,
        columns=("rw*",),
        scale=float(row["scale"]),
        rscales=tuple(float(each) for each in row["rscales_all"].split(";")),
        centre="full" if row["mse"] == "TRUE" else "mean",
    )
    frame = sample(shared, name).hstack(sample(shared, f"repw_{design}"))
    return frame, Sampling(weight="w0", replicates=given)


def estimates(frame, sampling, names, outcomes, **more):
    """Estimates by outcome and cell: the levels that are crossed, by name."""
    design = SurveyDesign(
        sampling=sampling,
        characteristics=tuple(Characteristic(name=name) for name in names),
        outcomes=outcomes,
        **more,
    )
    result = disaggregate(resolve(design, Source(frame)))
    return {
        (row["outcome"], frozenset((name, row[name]) for name in names if row[name] != "_T")): row
        for row in result.table.iter_rows(named=True)
    }


def cell_of(row):
    if not row["domain_vars"]:
        return frozenset()
    names, levels = row["domain_vars"].split("*"), row["domain"].split("|")
    return frozenset(zip(names, levels, strict=True))


def same(found, row, name, *, rtol=EXACT, atol=0.0):
    wanted = float(row[name])
    if np.isnan(wanted) or np.isinf(wanted):  # R divides by an error of 0; here there is none
        assert found is None
    else:
        np.testing.assert_allclose(found, wanted, rtol=rtol, atol=atol, err_msg=f"{name} {row}")


@pytest.mark.parametrize("design", [*TAYLOR, *REPLICATES])
def test_domains(shared, design):
    frame, sampling = survey(shared, design)
    wanted = [
        row
        for row in golden(shared / "golden" / "survey" / "domains.csv")
        if row["design"] == design and row["var"] in SCHOOLS
    ]
    assert len(wanted) > 100
    for stat in ("mean", "total"):
        outcomes = tuple(Outcome(name=name, statistic=stat) for name in SCHOOLS)
        found = estimates(frame, replace(sampling, simple_random="without"), FACTORS, outcomes)
        for row in wanted:
            if row["stat"] != stat:
                continue
            own = found[row["var"], cell_of(row)]
            assert own["n"] == int(row["n"])
            assert own["df"] == int(row["degf_domain"])
            same(own["estimate"], row, "est")
            small = 1e-11 * abs(own["estimate"])  # R leaves an error of 1e-14 where there is none
            same(own["std_error"], row, "se", atol=small)
            if row["deff_wor"] not in ("", "NA") and float(row["se"]) > small:
                same(own["deff"], row, "deff_wor")
            if own["n"] == 1:  # nothing to compare with
                assert own["deff"] is None
            if row["ci_tdomain_lo"] not in ("", "NA", "NaN"):
                same(own["ci_low"], row, "ci_tdomain_lo", atol=small)
                same(own["ci_high"], row, "ci_tdomain_hi", atol=small)


@pytest.mark.parametrize("design", [*TAYLOR, *REPLICATES])
@pytest.mark.parametrize(("reference", "deff"), [("without", "deff_wor"), ("with", "deff_wr")])
def test_overall(shared, design, reference, deff):
    """Means, totals, shares and totals of levels, with both kinds of design effect."""
    frame, sampling = survey(shared, design)
    rows = [
        row
        for row in golden(shared / "golden" / "survey" / "overall_mean_total.csv")
        if row["design"] == design
    ]
    assert len(rows) == 16
    levels = {row["level"].removeprefix(row["var"]) for row in rows} - {""}
    assert levels == {"E", "H", "M", "No", "Yes"}
    outcomes = []
    for row in rows:
        level, is_total = row["level"].removeprefix(row["var"]), row["stat"] == "total"
        outcomes.append(
            Outcome(
                name=f"{row['stat']} {row['level']}",
                column=row["var"],
                yes=(level,) if level else (),
                statistic="total" if is_total else "proportion" if level else "mean",
                interval="t" if level and not is_total else None,
            )
        )
    found = estimates(frame, replace(sampling, simple_random=reference), (), tuple(outcomes))
    for outcome, row in zip(outcomes, rows, strict=True):
        own = found[outcome.name, frozenset()]
        same(own["estimate"], row, "est")
        small = 1e-11 * abs(own["estimate"])
        same(own["std_error"], row, "se", atol=small)
        assert own["df"] == int(row["degf"])
        if float(row["se"]) > small:
            same(own["ci_low"], row, "ci_t_lo", atol=small)
            same(own["ci_high"], row, "ci_t_hi", atol=small)
            same(own["cv"], row, "cv")
            if row[deff] not in ("", "NA"):
                same(own["deff"], row, deff)


@pytest.mark.parametrize("design", [*TAYLOR, *REPLICATES])
def test_ratios(shared, design):
    frame, sampling = survey(shared, design)
    rows = [
        row for row in golden(shared / "golden" / "survey" / "ratio.csv") if row["design"] == design
    ]
    assert rows
    pairs = {(row["num"], row["den"]) for row in rows}
    outcomes = tuple(
        Outcome(name=f"{above}/{below}", column=above, denominator=below, statistic="ratio")
        for above, below in sorted(pairs)
    )
    found = estimates(frame, sampling, FACTORS, outcomes)
    for row in rows:
        own = found[f"{row['num']}/{row['den']}", cell_of(row)]
        same(own["estimate"], row, "est")
        same(own["std_error"], row, "se", atol=1e-11 * abs(own["estimate"]))
        assert own["df"] == int(row["degf"])
        if row["ci_t_lo"] not in ("", "NA"):
            same(own["ci_low"], row, "ci_t_lo")
            same(own["ci_high"], row, "ci_t_hi")


@pytest.mark.parametrize("domains", ["FALSE", "TRUE"])
@pytest.mark.parametrize("rule", ["remove", "certainty", "adjust", "average"])
def test_strata_with_one_unit(shared, rule, domains):
    frame = sample(shared, "lonely1").sort("stype")
    sampling = Sampling(
        strata=("stype",),
        weight="pw",
        lonely=rule,
        lonely_domains="adjust" if domains == "TRUE" else "centre",
    )
    outcomes = tuple(
        Outcome(name=f"{stat} {name}", column=name, statistic=stat)
        for stat, name in (("mean", "api00"), ("mean", "enroll"),
                           ("total", "api00"), ("total", "enroll"))
    )  # fmt: skip
    found = estimates(frame, sampling, ("sch.wide", "yr.rnd"), outcomes)
    rows = [
        row
        for row in golden(shared / "golden" / "survey" / "lonely_psu.csv")
        if (row["option"], row["adjust_domain_lonely"]) == (rule, domains)
    ]
    assert len(rows) == 12
    for row in rows:
        cell = frozenset([tuple(row["domain"].split("="))] if row["domain"] else [])
        own = found[f"{row['stat']} {row['var']}", cell]
        same(own["estimate"], row, "est")
        same(own["std_error"], row, "se")
        assert own["df"] == int(row["degf"])


@pytest.fixture(scope="module")
def women(shared):
    """The DHS model data set of the LNOB tables."""
    return pl.read_csv(shared / "golden" / "survey" / "lnob" / "zzir_lnob_input.csv")


@pytest.mark.parametrize(
    ("interval", "low", "high", "rtol"),
    [
        ("logit", "logit_lo", "logit_hi", 1e-7),  # R solves for the logit by iteration
        ("beta", "kg_lo", "kg_hi", EXACT),  # called kg there, but it is R's beta
    ],
)
def test_women_of_the_model_survey(shared, women, interval, low, high, rtol):
    names = ("region", "residence", "wealth", "edu", "agegrp")
    outcomes = tuple(Outcome(name=name) for name in ("elec", "tv", "parity3", "y_secondary"))
    sampling = Sampling(strata=("strata",), psu="psu", weight="w", nested=True, lonely="adjust")
    found = estimates(women.sort("strata", "psu"), sampling, names, outcomes, interval=interval)
    wanted = golden(shared / "golden" / "survey" / "lnob" / "zzir_domain_estimates.csv")
    assert len(wanted) == 142
    for row in wanted:
        own = found[row["indicator"], cell_of(row)]
        assert (own["n"], own["df"]) == (int(row["n"]), int(row["df"]))
        same(own["estimate"], row, "est")
        same(own["std_error"], row, "se", atol=1e-14)
        if own["estimate"] in (0, 1):  # where R says how near its iterations came, or nothing
            assert interval == "beta" or own["ci_low"] is own["ci_high"] is None
        elif own["df"] > 1:
            same(own["ci_low"], row, low, rtol=rtol)
            same(own["ci_high"], row, high, rtol=rtol)
