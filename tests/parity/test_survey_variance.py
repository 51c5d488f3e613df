"""Variances of surveys against R survey 4.5 (R 4.2.2), made on 22 November.

Tables are in golden/survey of the shared data, with the samples and replicate weights they were
made from; its README says how. 1e-9 is promised; what is found agrees to 1e-12 and better.
"""

import csv
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from everycount.arrays.linearise import (
    Stage,
    covariance,
    design_effect,
    domain_df,
    lonely_strata,
    ratio_scores,
    total_scores,
)
from everycount.arrays.replicate import (
    Replicates,
    analysis_weights,
    replicate_covariance,
    replicate_df,
    standard_scale,
)
from everycount.arrays.resample import jackknife_one, jackknife_stratified

pytestmark = [pytest.mark.shared, pytest.mark.parity]

EXACT = {"rtol": 1e-11, "atol": 1e-11}  # the second for errors that are 0 but for rounding
DESIGNS = ("srs_fpc", "strat_fpc", "strat_nofpc", "clus1_fpc", "clus2_fpc")
REPLICATES = ("clus1_jk1", "strat_jkn", "clus1_boot_rw")
FACTORS = {"stype": ("E", "H", "M"), "sch.wide": ("No", "Yes")}


@cache
def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(cell: str) -> float:
    return float(cell) if cell not in {"", "NA"} else np.nan


@pytest.fixture(scope="module")
def golden(shared):
    """Rows of a golden table, by its name."""

    def read(name: str) -> list[dict[str, str]]:
        return table(shared / "golden" / "survey" / f"{name}.csv")

    return read


def one_to_last(cells) -> np.ndarray:
    return np.unique(np.asarray(cells), return_inverse=True)[1]


@dataclass
class Survey:
    """A sample with its design: stages, or replicate weights."""

    rows: list[dict[str, str]]
    weight: np.ndarray
    stages: list[Stage]
    replicates: Replicates | None = None

    def text(self, name):
        return np.array([row[name] for row in self.rows])

    def numbers(self, name):
        return np.array([number(row[name]) for row in self.rows])

    def columns(self, name, levels=()):
        """The values of a number, or an indicator for each level of a factor."""
        if levels:
            return (self.text(name)[:, None] == np.array(levels)).astype(float)
        return self.numbers(name)[:, None]

    def domain(self, names: str = "", cells: str = ""):
        inside = np.ones(len(self.rows), bool)
        if names:
            for name, cell in zip(names.split("*"), cells.split(self.glue(cells)), strict=True):
                inside &= self.text(name) == cell
        return inside

    @staticmethod
    def glue(cells):
        return "|"

    def degrees(self, inside):
        if self.replicates is None:
            return domain_df(self.stages[0], self.weight * inside)
        return replicate_df(self.replicates.weights[inside])

    def scores(self, stat, y, inside, below=None):
        if stat == "total":
            return total_scores(y, self.weight, inside)
        return ratio_scores(y, below, self.weight, inside)

    def estimate(self, stat, y, inside, below=None):
        """Estimates, their covariances and their scores."""
        found, scores = self.scores(stat, y, inside, below)
        if self.replicates is None:
            return found, covariance(scores, self.stages), scores
        rep, rows = self.replicates, inside.reshape(len(self.rows), -1)
        each = rep.weights.T @ np.where(rows, y, 0)
        if stat != "total":
            with np.errstate(invalid="ignore"):  # a replicate may leave a domain out
                each /= rep.weights.T @ np.where(rows, 1 if below is None else below, 0)
        cov = replicate_covariance(
            each, found, scale=rep.scale, rscales=rep.rscales, centre=rep.centre
        )
        return found, cov, None


def sample(shared: Path, name: str) -> list[dict[str, str]]:
    return table(shared / "golden" / "survey" / "input" / f"{name}.csv")


def elements(rows, strata=None, population=None):
    codes = np.zeros(len(rows), int) if strata is None else one_to_last(strata)
    return Stage(units=np.arange(len(rows)), strata=codes, population=population)


def cell_numbers(rows, name):
    return np.array([number(row[name]) for row in rows])


def taylor(shared: Path, design: str) -> Survey:
    kind, _, option = design.partition("_")
    name = {"srs": "apisrs", "strat": "apistrat"}.get(kind, f"api{kind}")
    rows = sample(shared, name)
    if kind == "clus2":
        first, second = cell_numbers(rows, "fpc1"), cell_numbers(rows, "fpc2")
        districts = one_to_last([row["dnum"] for row in rows])
        schools = np.bincount(districts)
        weight = first / len(schools) * second / schools[districts]
        stages = [
            Stage(units=districts, strata=np.zeros(len(rows), int), population=first),
            Stage(units=np.arange(len(rows)), strata=districts, population=second),
        ]
        return Survey(rows, weight, stages)
    weight, population = cell_numbers(rows, "pw"), cell_numbers(rows, "fpc")
    if kind == "clus1":
        districts = one_to_last([row["dnum"] for row in rows])
        stage = Stage(units=districts, strata=np.zeros(len(rows), int), population=population)
        return Survey(rows, weight, [stage])
    if kind == "srs":
        return Survey(rows, population / len(rows), [elements(rows, population=population)])
    strata = [row["stype"] for row in rows]
    known = population if option == "fpc" else None
    return Survey(rows, weight, [elements(rows, strata, known)])


def replicated(shared: Path, design: str) -> Survey:
    kind = design.partition("_")[0]
    rows = sample(shared, f"api{kind}")
    told = {row["design"]: row for row in table(shared / "golden/survey/replicate_designs.csv")}
    columns = sample(shared, f"repw_{design}")
    matrix = np.array([[float(cell) for cell in row.values()] for row in columns])
    replicates = Replicates(
        weights=matrix[:, 1:],
        scale=float(told[design]["scale"]),
        rscales=np.array([float(each) for each in told[design]["rscales_all"].split(";")]),
        centre="full" if told[design]["mse"] == "TRUE" else "mean",
        kind=told[design]["type"],
    )
    return Survey(rows, matrix[:, 0], [], replicates)


@pytest.fixture(scope="module")
def survey(shared):
    """A survey by the name of its design in the golden tables."""

    @cache
    def read(design: str) -> Survey:
        return replicated(shared, design) if design in REPLICATES else taylor(shared, design)

    return read


def known(y, *, below=None):
    """Rows without a missing value, as R's na.rm leaves them."""
    held = ~np.isnan(y).any(axis=1)
    return held if below is None else held & ~np.isnan(below).any(axis=1)


def same(found, row, name, **loose):
    """Compare with one cell, exactly where the cell is empty."""
    np.testing.assert_allclose(found, number(row[name]), **{**EXACT, **loose}, err_msg=str(row))


# ---------------------------------------------------------------- totals, means, shares, ratios


def test_every_design_is_compared(golden, survey):
    assert {row["design"] for row in golden("designs")} == set(DESIGNS)
    assert {row["design"] for row in golden("replicate_designs")} == set(REPLICATES)
    tables = ("overall_mean_total", "ratio", "domains", "domain_differences")
    for name in tables:
        assert {row["design"] for row in golden(name)} == {*DESIGNS, *REPLICATES}


@pytest.mark.parametrize("design", [*DESIGNS, *REPLICATES])
def test_means_and_totals_of_all(golden, survey, design):
    data = survey(design)
    wanted = [row for row in golden("overall_mean_total") if row["design"] == design]
    assert len(wanted) == 16
    for row in wanted:
        levels = FACTORS.get(row["var"], ())
        y = data.columns(row["var"], levels)
        at = [f"{row['var']}{level}" for level in levels or [""]].index(row["level"])
        inside = known(y)
        found, cov, scores = data.estimate(row["stat"], y, inside)
        error = np.sqrt(cov[at, at])
        df = data.degrees(np.ones(len(data.rows), bool))
        same(found[at], row, "est")
        same(error, row, "se")
        same(error / found[at], row, "cv", atol=1e-11)
        same(df, row, "degf")
        for ends, half in (("z", stats.norm.ppf(0.975)), ("t", stats.t.ppf(0.975, df))):
            same(found[at] - half * error, row, f"ci_{ends}_lo")
            same(found[at] + half * error, row, f"ci_{ends}_hi")
        for name, reference in (("deff_wor", "without"), ("deff_wr", "with")):
            if scores is not None:
                own = design_effect(np.diag(cov), scores, data.weight, inside, reference=reference)
                same(own[at], row, name, atol=1e-11)


@pytest.mark.parametrize("design", [*DESIGNS, *REPLICATES])
def test_ratios(golden, survey, design):
    data = survey(design)
    wanted = [row for row in golden("ratio") if row["design"] == design]
    assert len(wanted) == 8
    for row in wanted:
        above, below = data.columns(row["num"]), data.columns(row["den"])
        inside = data.domain(row["domain_vars"], row["domain"]) & known(above, below=below)
        found, cov, _ = data.estimate("ratio", above, inside, below)
        df = data.degrees(data.domain(row["domain_vars"], row["domain"]))
        same(found[0], row, "est", rtol=1e-12)
        same(np.sqrt(cov[0, 0]), row, "se")
        same(df, row, "degf")
        if row["ci_t_lo"]:
            half = stats.t.ppf(0.975, df) * np.sqrt(cov[0, 0])
            same(found[0] - half, row, "ci_t_lo")
            same(found[0] + half, row, "ci_t_hi")


# ---------------------------------------------------------------- domains and their differences


@pytest.mark.parametrize("design", [*DESIGNS, *REPLICATES])
def test_domains(golden, survey, design):
    data = survey(design)
    wanted = [row for row in golden("domains") if row["design"] == design]
    assert len(wanted) > 100
    for row in wanted:
        y = data.columns(row["var"])
        cell = data.domain(row["domain_vars"], row["domain"])
        inside = cell & known(y)
        found, cov, scores = data.estimate(row["stat"], y, inside)
        error, df = np.sqrt(cov[0, 0]), data.degrees(cell)
        assert inside.sum() == int(row["n"])
        same(found[0], row, "est")
        same(error, row, "se")
        same(df, row, "degf_domain")
        same(data.degrees(np.ones(len(cell), bool)), row, "degf_design")
        half = stats.t.ppf(0.975, df) * error if df else np.nan
        same(found[0] - half, row, "ci_tdomain_lo")
        same(found[0] + half, row, "ci_tdomain_hi")
        if scores is not None:
            own = design_effect(np.diag(cov), scores, data.weight, inside)
            same(own[0], row, "deff_wor", atol=1e-11)


def test_shares_of_a_factor_in_domains(golden, survey):
    rows = golden("factor_distribution_by_domain")
    assert len(rows) == 30
    for row in rows:
        data, levels = survey(row["design"]), FACTORS[row["var"]]
        inside = data.domain(row["domain_vars"], row["domain"])
        found, cov, _ = data.estimate("mean", data.columns(row["var"], levels), inside)
        at = levels.index(row["level"])
        same(found[at], row, "est", rtol=1e-12)
        same(np.sqrt(cov[at, at]), row, "se")


def test_differences_and_ratios_of_domains(golden, survey):
    rows = golden("domain_differences")
    assert len(rows) == 24
    for row in rows:
        data = survey(row["design"])
        cells = [data.domain(row["by"], row[side]) for side in "ab"]
        y = data.columns(row["var"])
        found, cov, _ = data.estimate("mean", y, np.column_stack(cells))
        change, share = np.array([1, -1]), np.array([1, -found[0] / found[1]]) / found[1]
        error = np.sqrt(change @ cov @ change)
        df = data.degrees(cells[0] | True)
        same(found[0], row, "est_a")
        same(found[1], row, "est_b")
        same(cov[0, 1], row, "cov_ab")
        same(change @ found, row, "diff")
        same(error, row, "se_diff")
        same(change @ found / error, row, "d")
        same(df, row, "df")
        same(2 * stats.t.sf(abs(change @ found / error), df), row, "d.1")
        same(2 * stats.norm.sf(abs(change @ found / error)), row, "d.2")
        same(found[0] / found[1], row, "ratio")
        same(np.sqrt(share @ cov @ share), row, "se_ratio")


# ---------------------------------------------------------------- strata with one unit


def test_lonely_strata_by_every_rule(golden, shared):
    rows = golden("lonely_psu")
    assert {row["data"] for row in rows} == {"lonely1"}
    assert len(rows) == 120
    people = sample(shared, "lonely1")
    stage = elements(people, [row["stype"] for row in people])
    data = Survey(people, cell_numbers(people, "pw"), [stage])
    assert lonely_strata(stage).tolist() == [1]
    refused = 0
    for row in rows:
        inside = data.domain(*row["domain"].split("=")) if row["domain"] else data.domain()
        found, scores = data.scores(row["stat"], data.columns(row["var"]), inside)
        rules = {
            "lonely": row["option"],
            "lonely_domains": "adjust" if row["adjust_domain_lonely"] == "TRUE" else "centre",
            "members": inside,
        }
        same(data.degrees(inside), row, "degf")
        if row["se"]:
            cov = covariance(scores, data.stages, **rules)
            same(found[0], row, "est")
            same(np.sqrt(cov[0, 0]), row, "se")
        else:
            refused += 1
            assert lonely_strata(stage, inside).tolist() == [1]
            with pytest.raises(ValueError, match="lonely strata, that is with one unit: 1"):
                covariance(scores, data.stages, **rules)
    assert refused == 16


# ---------------------------------------------------------------- replicate weights made here


def by_first_left_out(replicates):
    """Weights and rscales with the replicates in the order of the first row each leaves out."""
    order = np.argsort((replicates.weights == 0).argmax(axis=0))
    return replicates.weights[:, order], replicates.rscales[order]


@pytest.mark.parametrize(("design", "replicates"), [("clus1_fpc", "JK1"), ("strat_fpc", "JKn")])
def test_jackknife_weights_are_remade(survey, design, replicates):
    data, stage = survey(design), survey(design).stages[0]
    given = survey({"JK1": "clus1_jk1", "JKn": "strat_jkn"}[replicates]).replicates
    if replicates == "JK1":
        made = jackknife_one(15, population=757)
    else:
        made = jackknife_stratified(stage.strata, population=stage.population)
    mine = analysis_weights(made, stage.units, data.weight)
    for found, wanted in zip(by_first_left_out(mine), by_first_left_out(given), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-12)
    assert mine.scale == pytest.approx(given.scale, rel=1e-12)
    assert (mine.kind, mine.centre) == (given.kind, given.centre) == (replicates, "mean")


def test_standard_scales(survey):
    """Without the finite population corrections R's makers put into theirs."""
    one, many = survey("clus1_jk1").replicates, survey("strat_jkn").replicates
    assert standard_scale("JK1", 15)[0] * (1 - 15 / 757) == pytest.approx(one.scale, rel=1e-12)
    scale, rscales, centre = standard_scale("JKn", 200, rscales=many.rscales)
    assert (scale, centre) == (many.scale, many.centre)
    np.testing.assert_array_equal(rscales, many.rscales)
    # R's maker of the bootstrap has n / (n - 1) in the scale, which given weights cannot tell.
    boot = survey("clus1_boot_rw").replicates
    assert standard_scale("bootstrap", 100)[0] * 15 / 14 == pytest.approx(boot.scale, rel=1e-12)


def test_tables_hold_what_they_should(golden):
    """So that no empty cell passes for a comparison."""
    blank = {
        name: sum(not row["se"] for row in golden(name))
        for name in ("overall_mean_total", "ratio", "domains", "factor_distribution_by_domain")
    }
    assert blank == dict.fromkeys(blank, 0)
    both = list(product(("mean", "total"), {*DESIGNS, *REPLICATES}))
    assert {(row["stat"], row["design"]) for row in golden("domains")} == set(both)
