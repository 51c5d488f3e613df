"""Weighted quantiles and their intervals against R survey 4.5: every row of quantiles.csv.

The standard errors of shares, which `quantile_interval` asks its caller for, are computed here in
the plainest way: by stages of totals with finite population corrections, or from replicates.
"""

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
import pytest

from everycount.arrays.quantile_interval import quantile_from_replicates, quantile_interval

pytestmark = [pytest.mark.shared, pytest.mark.parity]

ROWS = 3324
KINDS = {"asin": "arcsine"}
REPLICATES = ("clus1_jk1", "strat_jkn", "clus1_boot_rw")
DESIGNS = ("srs_fpc", "strat_fpc", "strat_nofpc", "clus1_fpc", "clus2_fpc", *REPLICATES)
FILES = {"srs": "apisrs", "strat": "apistrat", "clus1": "apiclus1", "clus2": "apiclus2"}


def rows_of(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def number(text):
    return float(text) if text else np.nan


@dataclass
class Stage:
    """Strata, sampling units and how many units there are in the population, one of each a row."""

    strata: np.ndarray
    units: np.ndarray
    population: np.ndarray

    def only(self, chosen):
        return Stage(self.strata[chosen], self.units[chosen], self.population[chosen])


def variance(scores, stages):
    """Return the variance of a total: between units of a stage, and within those by the next."""
    stage, total = stages[0], 0.0
    for stratum in np.unique(stage.strata):
        own = stage.strata == stratum
        units, which = np.unique(stage.units[own], return_inverse=True)
        sums = np.bincount(which, scores[own])
        fraction = units.size / stage.population[own][0]
        spread = ((sums - sums.mean()) ** 2).sum()
        total += (1 - fraction) * units.size / max(units.size - 1, 1) * spread
        for unit in units if len(stages) > 1 else ():
            inner = own & (stage.units == unit)
            deeper = [later.only(inner) for later in stages[1:]]
            total += fraction * variance(scores[inner], deeper)
    return total


class Linearised:
    """A design whose errors come from stages."""

    def __init__(self, data, weights, stages):
        self.data, self.weights, self.stages = data, weights, stages

    def std_error_of(self, domain):
        weights = self.weights * domain

        def of(flags):
            share = weights @ flags / weights.sum()
            return np.sqrt(variance(weights * (flags - share) / weights.sum(), self.stages))

        return of

    def df(self, domain):
        first = self.stages[0]
        return np.unique(first.units[domain]).size - np.unique(first.strata[domain]).size


class Replicated:
    """A design whose errors come from replicate weights."""

    def __init__(self, data, table, record):
        self.data, self.weights, self.replicates = data, table[:, 0], table[:, 1:]
        self.scale = float(record["scale"])
        self.scales = np.array([float(r) for r in record["rscales_all"].split(";")])

    def spread(self, theta):
        known = ~np.isnan(theta)
        theta, scales = theta[known], self.scales[known]
        return np.sqrt(self.scale * scales @ (theta - theta.mean()) ** 2)

    def std_error_of(self, domain):
        replicates = self.replicates * domain[:, None]

        def of(flags):
            size = replicates.sum(axis=0)
            share = np.full(size.shape, np.nan)
            return self.spread(np.divide(flags @ replicates, size, out=share, where=size > 0))

        return of

    def df(self, domain):
        return np.linalg.matrix_rank(self.replicates[domain], tol=1e-5 * self.weights.sum()) - 1


def read(golden, name):
    """Return a design of designs.csv or replicate_designs.csv."""
    data = rows_of(golden / "input" / f"{FILES[name.split('_')[0]]}.csv")
    column = {key: np.array([row[key] for row in data]) for key in data[0]}
    n, one = len(data), np.zeros(len(data))
    rows, endless = np.arange(n), np.full(n, np.inf)
    if name in REPLICATES:
        path = golden / "input" / f"repw_{name}.csv"
        table = np.loadtxt(path, delimiter=",", skiprows=1, quotechar='"')
        records = {row["design"]: row for row in rows_of(golden / "replicate_designs.csv")}
        return Replicated(column, table, records[name])
    if name == "clus2_fpc":
        first, second = column["fpc1"].astype(float), column["fpc2"].astype(float)
        clusters, which, size = np.unique(column["dnum"], return_inverse=True, return_counts=True)
        weights = (first / clusters.size) * (second / size[which])
        stages = [Stage(one, which, first), Stage(which, rows, second)]
        return Linearised(column, weights, stages)
    population = column["fpc"].astype(float)
    if name == "srs_fpc":
        return Linearised(column, 1 / (n / population), [Stage(one, rows, population)])
    weights = column["pw"].astype(float)
    if name == "clus1_fpc":
        return Linearised(column, weights, [Stage(one, column["dnum"], population)])
    of_strata = population if name == "strat_fpc" else endless
    return Linearised(column, weights, [Stage(column["stype"], rows, of_strata)])


@pytest.fixture(scope="module")
def golden(shared):
    return shared / "golden" / "survey"


@pytest.fixture(scope="module")
def cases(golden):
    """Return golden rows by design, and then by what one call answers."""
    found = defaultdict(lambda: defaultdict(list))
    for row in rows_of(golden / "quantiles.csv"):
        call = tuple(row[key] for key in ("var", "domain", "qrule", "interval_type"))
        found[row["design"]][call].append(row)
    return found


def answer(design, call, probabilities):
    variable, domain, rule, kind = call
    values = np.array([number(text) for text in design.data[variable]])
    own = ~np.isnan(values)
    if domain:
        own &= design.data["stype"] == domain[-1]
    weights = design.weights * own
    if kind == "quantile":
        return quantile_from_replicates(
            values,
            weights,
            (design.replicates * own[:, None]).T,
            probabilities,
            std_error_of=lambda theta, _: np.array([design.spread(t) for t in theta.T]),
            df=design.df(own),
            rule=rule,
        )
    of = design.std_error_of(own)
    known = {}

    def std_error_of(flags):  # the rules of a variable ask for the same shares again
        key = flags.tobytes()
        if key not in known:
            known[key] = of(flags)
        return known[key]

    return quantile_interval(
        values,
        weights,
        probabilities,
        std_error_of=std_error_of,
        df=design.df(own),
        rule=rule,
        kind=KINDS.get(kind, kind),
    )


def test_every_row_is_in_a_design_that_is_tested(cases):
    assert set(cases) == set(DESIGNS)
    assert sum(len(rows) for calls in cases.values() for rows in calls.values()) == ROWS
    kinds = Counter(call[3] for calls in cases.values() for call in calls)
    assert set(kinds) == {"mean", "beta", "xlogit", "asin", "score", "quantile"}


@pytest.mark.parametrize("name", DESIGNS)
def test_quantiles_limits_and_errors_agree(golden, cases, name):
    design = read(golden, name)
    for call, rows in cases[name].items():
        theirs = {k: np.array([number(row[k]) for row in rows]) for k in ("est", "lo", "hi", "se")}
        mine = answer(design, call, np.array([float(row["p"]) for row in rows]))
        for key, value in (
            ("est", mine.estimate),
            ("lo", mine.low),
            ("hi", mine.high),
            ("se", mine.std_error),
        ):
            words = f"{name} {call} {key}"
            np.testing.assert_allclose(value, theirs[key], rtol=1e-12, atol=1e-12, err_msg=words)


def test_score_intervals_of_r_miss_the_estimate_where_the_right_ones_do_not(golden, cases):
    design = read(golden, "strat_nofpc")
    call = ("enroll", "", "math")
    wanted = np.array([0.25, 0.5, 0.75, 0.9])
    as_r = answer(design, (*call, "score"), wanted)
    right = answer(design, (*call, "francisco-fuller"), wanted)
    wald = answer(design, (*call, "mean"), wanted)
    assert (as_r.high < as_r.estimate).tolist() == [False, True, True, True]
    assert ((right.low < right.estimate) & (right.estimate < right.high)).all()
    np.testing.assert_allclose(right.std_error, wald.std_error, rtol=0.4)
