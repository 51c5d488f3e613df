"""Limits of shares against R survey 4.5: golden/survey/proportion_ci.csv and lnob.

R's `logit` and `likelihood` come from a fitted logistic model. Under linearisation its fit stops
once the deviance changes by less than 1e-8 of itself, so that R is as far from its own `xlogit`;
under replicate weights its standard error is the replicates' of the log-odds, which is computed
here by the same iteration. Its `likelihood` is read off a curve through points of the profile.
"""

import csv

import numpy as np
import pytest
from scipy import special

from everycount.arrays.interval import proportion_interval

pytestmark = [pytest.mark.shared, pytest.mark.parity]

NAMES = {"asin": "arcsine", "mean": "t"}
FILES = {"srs": "apisrs", "strat": "apistrat", "clus1": "apiclus1", "clus2": "apiclus2"}
REPLICATES = ("clus1_jk1", "strat_jkn", "clus1_boot_rw")
METHODS = ("logit", "likelihood", "asin", "beta", "mean", "xlogit", "wilson")


def rows_of(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def number(text):
    return float(text) if text else np.nan


@pytest.fixture(scope="module")
def golden(shared):
    return shared / "golden" / "survey"


@pytest.fixture(scope="module")
def sample(golden):
    """Return outcome and school type of each row of the sample that a design is of."""
    read = {}
    for name in FILES.values():
        rows = rows_of(golden / "input" / f"{name}.csv")
        outcome = np.array([row["sch.wide"] == "Yes" for row in rows], float)
        read[name] = outcome, np.array([row["stype"] for row in rows])
    return lambda design: read[FILES[design.split("_")[0]]]


def inside(kind, domain):
    return kind == domain[-1] if domain else np.ones(len(kind), bool)


def table(rows, names):
    return {name: np.array([number(row[name]) for row in rows]) for name in names}


def select(golden, sample, method):
    """Return the golden rows of a method with the rows each share is of."""
    rows = [row for row in rows_of(golden / "proportion_ci.csv") if row["method"] == method]
    assert len(rows) == 32
    n = [inside(sample(row["design"])[1], row["domain"]).sum() for row in rows]
    return rows, table(rows, ("est", "se", "df", "lo", "hi")), np.array(n, float)


@pytest.mark.parametrize("method", ["asin", "beta", "mean", "xlogit", "wilson"])
def test_closed_forms_agree_on_every_design(golden, sample, method):
    _, r, n = select(golden, sample, method)
    low, high = proportion_interval(NAMES.get(method, method), r["est"], r["se"], n=n, df=r["df"])
    np.testing.assert_allclose(low, r["lo"], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(high, r["hi"], rtol=1e-12)


# -------------------------------------------------------------- methods that R fits a model for


def fitted_log_odds(outcome, weights, start):
    """Return the log-odds where R's weighted logistic fit stops, from a start, at 1e-8."""
    used = weights > 0
    outcome, weights = outcome[used], weights[used] / weights.sum()
    share = special.expit(start)
    before = deviance(outcome, weights, share)
    for _ in range(25):  # R's glm.control: maxit 25, epsilon 1e-8
        step = (weights @ (outcome - share)) / (weights.sum() * share * (1 - share))
        start += step
        share = special.expit(start)
        after = deviance(outcome, weights, share)
        if abs(after - before) / (abs(after) + 0.1) < 1e-8:
            break
        before = after
    return start


def deviance(outcome, weights, share):
    return -2 * weights @ (outcome * np.log(share) + (1 - outcome) * np.log1p(-share))


@pytest.fixture(scope="module")
def logit_errors(golden, sample):
    """Return R's replicate standard errors of the log-odds by design and domain."""
    found = {}
    designs = {row["design"]: row for row in rows_of(golden / "replicate_designs.csv")}
    for row in rows_of(golden / "proportion_ci.csv"):
        name, domain = row["design"], row["domain"]
        if row["method"] != "logit" or name not in REPLICATES:
            continue
        outcome, kind = sample(name)
        own = inside(kind, domain)
        path = golden / "input" / f"repw_{name}.csv"
        replicates = np.loadtxt(path, delimiter=",", skiprows=1, quotechar='"')[own, 1:]
        start = special.logit(float(row["est"]))
        theta = np.array([fitted_log_odds(outcome[own], w, start) for w in replicates.T])
        share = np.array([float(r) for r in designs[name]["rscales_all"].split(";")])
        spread = share @ (theta - theta.mean()) ** 2
        found[name, domain] = np.sqrt(float(designs[name]["scale"]) * spread)
    return found


def errors_of_log_odds(rows, r, logit_errors):
    """Return for every golden row the standard error of the log-odds that R's model has."""
    by_delta = r["se"] / (r["est"] * (1 - r["est"]))
    keys = [(row["design"], row["domain"]) for row in rows]
    return np.array([logit_errors.get(k, d) for k, d in zip(keys, by_delta, strict=True)])


def test_logit_agrees_with_the_replicates_error_of_the_log_odds(golden, sample, logit_errors):
    rows, r, n = select(golden, sample, "logit")
    errors = errors_of_log_odds(rows, r, logit_errors)
    low, high = proportion_interval(
        "logit", r["est"], r["se"], n=n, df=r["df"], logit_std_error=errors
    )
    # Three replicates of this domain have a share of 1: its limits are where R's iterations stop.
    stopped = np.array([(w["design"], w["domain"]) == ("clus1_boot_rw", "stype=H") for w in rows])
    for end, theirs in ((low, r["lo"]), (high, r["hi"])):
        np.testing.assert_allclose(end[~stopped], theirs[~stopped], rtol=1e-9)
        np.testing.assert_allclose(end[stopped], theirs[stopped], rtol=1e-7)


def test_likelihood_solves_its_equation_and_is_where_the_profile_of_r_is(
    golden, sample, logit_errors
):
    rows, r, n = select(golden, sample, "likelihood")
    errors = errors_of_log_odds(rows, r, logit_errors)
    has_replicates = np.array([row["design"] in REPLICATES for row in rows])
    p, s, df = r["est"], r["se"], r["df"]
    linearised = proportion_interval("likelihood", p, s, n=n, df=df)
    replicated = proportion_interval("likelihood", p, s, n=n, df=df, logit_std_error=errors)
    trials = 1 / (p * (1 - p) * errors**2) * np.where(has_replicates, 1, (n - 1) / n)
    # Three replicates of this domain have a share of 1, and R says NaN.
    lost = np.array([(w["design"], w["domain"]) == ("clus1_boot_rw", "stype=H") for w in rows])
    assert np.isnan(r["hi"][lost]).all()
    for one, other, theirs in zip(linearised, replicated, (r["lo"], r["hi"]), strict=True):
        end = np.where(has_replicates, other, one)[~lost]
        divergence = special.rel_entr(p[~lost], end) + special.rel_entr(1 - p[~lost], 1 - end)
        squared = special.stdtrit(df[~lost], 0.975) ** 2
        np.testing.assert_allclose(2 * trials[~lost] * divergence, squared, rtol=1e-9)
        np.testing.assert_allclose(end, theirs[~lost], rtol=1e-3)


# -------------------------------------------------------------- women of the DHS model data


@pytest.fixture(scope="module")
def women(golden):
    rows = rows_of(golden / "lnob" / "zzir_domain_estimates.csv")
    assert len(rows) == 142
    names = ("n", "est", "se", "df", "logit_lo", "logit_hi", "kg_lo", "kg_hi")
    return table(rows, names)


def test_beta_is_what_r_calls_korn_graubard(women):
    low, high = proportion_interval("beta", women["est"], women["se"], n=women["n"], df=women["df"])
    given = ~np.isnan(women["kg_lo"])
    assert given.sum() == 115
    np.testing.assert_allclose(low[given], women["kg_lo"][given], rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(high[given], women["kg_hi"][given], rtol=1e-12)
    # R has none at 0 or 1, where ours are those of n trials, and none without df, like ours.
    assert np.isnan(low[~given & (women["df"] == 0)]).all()
    alone = ~given & (women["df"] > 0)
    assert (women["est"][alone] == 0).all()
    np.testing.assert_allclose(high[alone], 1 - 0.025 ** (1 / women["n"][alone]), rtol=1e-12)


def test_korn_graubard_differs_where_the_effective_sample_is_more_than_the_sample(women):
    arguments = (women["est"], women["se"])
    n, df = women["n"], women["df"]
    given = ~np.isnan(women["kg_lo"])
    low, high = proportion_interval("korn-graubard", *arguments, n=n, df=df)
    with np.errstate(all="ignore"):
        t = special.stdtrit(n - 1, 0.975) / special.stdtrit(df, 0.975)
        trials = women["est"] * (1 - women["est"]) / women["se"] ** 2 * t**2
    capped = given & (trials > n)
    assert capped.sum() == 9
    np.testing.assert_allclose(
        low[given & ~capped], women["kg_lo"][given & ~capped], rtol=1e-12, atol=1e-300
    )
    np.testing.assert_allclose(high[given & ~capped], women["kg_hi"][given & ~capped], rtol=1e-12)
    assert (low[capped] < women["kg_lo"][capped]).all()
    assert (high[capped] > women["kg_hi"][capped]).all()


def test_logit_agrees_as_far_as_the_fit_of_r_goes(women):
    low, high = proportion_interval(
        "logit", women["est"], women["se"], n=women["n"], df=women["df"]
    )
    given = (women["est"] > 0) & (women["df"] > 1)
    assert given.sum() == 113
    error = np.maximum(
        np.abs(low[given] / women["logit_lo"][given] - 1),
        np.abs(high[given] / women["logit_hi"][given] - 1),
    )
    assert error.max() < 1e-7
    assert np.median(error) < 1e-11
    # At an estimate of 0 R stops at 1e-12; with 1 degree of freedom it has 0 and NaN.
    assert np.isnan(low[women["est"] == 0]).all()
    lost = (women["df"] == 1) & np.isnan(women["logit_hi"])
    assert lost.sum() == 4
