import re

import numpy as np
import pytest

from everycount.arrays.linearise import Stage, covariance
from everycount.arrays.replicate import analysis_weights, replicate_covariance
from everycount.arrays.resample import (
    balanced,
    bootstrap,
    fay,
    jackknife_one,
    jackknife_stratified,
    successive_difference,
)

STRATA = np.array([1, 0, 1, 0, 2, 1, 2, 2, 2])
PAIRS = np.array([3, 0, 1, 3, 1, 2, 0, 2, 4, 4])
LONELY = np.array([0, 0, 1, 2, 2])


def rng(seed=11):
    return np.random.default_rng(seed)


def totals_of(psus, seed=5):
    """Totals of two variables by PSU."""
    return rng(seed).normal(10, 4, (psus, 2))


def taylor(totals, strata, population=None):
    """Variance of a total by linearisation."""
    stage = Stage(units=np.arange(len(strata)), strata=strata, population=population)
    return covariance(totals, [stage], lonely="remove")


def repeated(factors, totals, centre=None):
    """Variance of a total by replicates."""
    return replicate_covariance(
        factors.factors.T @ totals,
        totals.sum(axis=0),
        scale=factors.scale,
        rscales=factors.rscales,
        centre=centre or factors.centre,
    )


def same(found, wanted, rtol=1e-11):
    np.testing.assert_allclose(found, wanted, rtol=rtol)


# ---------------------------------------------------------------- jackknife


@pytest.mark.parametrize("centre", ["mean", "full"])
def test_jackknife_of_totals_is_linearisation(centre):
    totals = totals_of(9)
    same(repeated(jackknife_one(9), totals, centre), taylor(totals, np.zeros(9, int)))
    same(repeated(jackknife_stratified(STRATA), totals, centre), taylor(totals, STRATA))


@pytest.mark.parametrize("centre", ["mean", "full"])
def test_jackknife_has_the_finite_population_correction(centre):
    totals = totals_of(9)
    of_one = np.full(9, 30.0)
    found = repeated(jackknife_one(9, population=30), totals, centre)
    same(found, taylor(totals, np.zeros(9, int), of_one))
    population = np.array([5.0, 6.0, 9.0])[STRATA]
    found = jackknife_stratified(STRATA, population=population)
    same(repeated(found, totals, centre), taylor(totals, STRATA, population))


def test_a_stratum_taken_whole_has_no_replicates():
    found = jackknife_stratified(STRATA, population=np.array([2.0, 7.0, 9.0])[STRATA])
    assert found.factors.shape == (9, 7)
    assert (found.factors[STRATA == 0] == 1).all()


def test_jackknife_leaves_psus_out_in_their_order():
    found = jackknife_stratified(STRATA)
    np.testing.assert_array_equal(found.factors == 0, np.eye(9, dtype=bool))
    same(found.factors.sum(axis=0), 9)
    same(found.rscales, 1 - 1 / np.bincount(STRATA)[STRATA])
    assert (found.kind, found.scale, found.centre) == ("JKn", 1, "mean")
    one = jackknife_one(4)
    assert (one.kind, one.scale, one.rscales.tolist()) == ("JK1", 0.75, [1] * 4)


@pytest.mark.parametrize("psus", [0, 1])
def test_jackknife_needs_two_psus(psus):
    with pytest.raises(ValueError, match=f"found {psus} PSUs, expected at least 2"):
        jackknife_one(psus)


@pytest.mark.parametrize("population", [4, 3.5])
def test_jackknife_needs_a_larger_population(population):
    words = re.escape(f"found 4 PSUs of {population}, expected fewer than the population")
    with pytest.raises(ValueError, match=words):
        jackknife_one(4, population=population)


# ---------------------------------------------------------------- half samples


@pytest.mark.parametrize("centre", ["mean", "full"])
@pytest.mark.parametrize("make", [balanced, lambda s: fay(s, 0.3), lambda s: fay(s, 0.5)])
def test_balanced_halves_of_totals_are_linearisation(make, centre):
    totals = totals_of(10)
    same(repeated(make(PAIRS), totals, centre), taylor(totals, PAIRS))


@pytest.mark.parametrize("strata", [1, 2, 3, 4, 7, 8, 19, 50])
def test_balance_over_any_number_of_strata(strata):
    pairs = np.repeat(np.arange(strata), 2)
    found, totals = balanced(pairs), totals_of(2 * strata)
    same(found.factors.mean(axis=1), 1)
    same(repeated(found, totals), taylor(totals, pairs))


def test_halves_weigh_2_and_0_or_as_fay_shrinks_them():
    plain, shrunk = balanced(PAIRS), fay(PAIRS, 0.3)
    assert set(np.unique(plain.factors)) == {0, 2}
    np.testing.assert_allclose(np.unique(shrunk.factors), [0.3, 1.7], rtol=1e-15)
    np.testing.assert_allclose(shrunk.factors, 1 + 0.7 * (plain.factors - 1), rtol=1e-15)
    assert (plain.kind, shrunk.kind, plain.scale) == ("BRR", "Fay", 1 / 8)
    assert fay(PAIRS, 0).factors.tolist() == plain.factors.tolist()


def test_shrinking_keeps_small_domains_in_every_replicate():
    """With halves a domain in one PSU vanishes from half of the replicates."""
    domain = np.arange(10) == 4
    assert (domain @ balanced(PAIRS).factors == 0).sum() == 4
    assert (domain @ fay(PAIRS, 0.5).factors > 0).all()


def test_halves_need_pairs():
    with pytest.raises(ValueError, match="strata with more than two PSUs: 1, 2; expected pairs"):
        balanced(STRATA)
    with pytest.raises(ValueError, match="found strata with one PSU: 1; expected at least two"):
        fay(LONELY, 0.5)
    found = fay(LONELY, 0.5, single="remove")
    assert (found.factors[2] == 1).all()
    same(repeated(found, totals_of(5)), taylor(totals_of(5), LONELY))


@pytest.mark.parametrize("rho", [-0.1, 1.0, np.nan])
def test_fay_needs_a_coefficient_below_1(rho):
    with pytest.raises(ValueError, match=f"rho: found {rho}, expected a number from 0 to below"):
        fay(PAIRS, rho)


# ---------------------------------------------------------------- bootstrap


@pytest.mark.parametrize("population", [None, np.array([8.0, 4.0, 5.0])[STRATA]])
def test_rescaled_bootstrap_is_linearisation_on_average(population):
    totals = totals_of(9)
    found = bootstrap(STRATA, 40_000, rng=rng(), population=population)
    same(found.factors.mean(axis=1), 1, rtol=0.03)
    same(np.diag(repeated(found, totals)), np.diag(taylor(totals, STRATA, population)), rtol=0.03)


def test_plain_bootstrap_has_the_scale_of_equal_strata():
    strata, totals = np.repeat(np.arange(3), 4), totals_of(12)
    found = bootstrap(strata, 40_000, rng=rng(), method="canty-davison")
    assert set(np.unique(found.factors)) == {0, 1, 2, 3, 4}
    assert found.scale == pytest.approx(4 / 3 / 39_999, rel=1e-12)
    same(np.diag(repeated(found, totals)), np.diag(taylor(totals, strata)), rtol=0.03)


def test_plain_bootstrap_takes_the_harmonic_mean_of_strata():
    # R survey 4.1-1: as.svrepdesign(type="bootstrap", replicates=8) of strata of 2 and 3.
    found = bootstrap(np.array([0, 0, 1, 1, 1]), 8, rng=rng(), method="canty-davison")
    assert found.scale == pytest.approx(0.244897959183673, rel=1e-14)


def test_bootstrap_keeps_the_size_of_strata_and_those_taken_whole():
    population = np.array([2.0, 6.0, 9.0])[STRATA]
    found = bootstrap(STRATA, 50, rng=rng(), population=population)
    for stratum, size in enumerate(np.bincount(STRATA)):
        same(found.factors[np.equal(STRATA, stratum)].sum(axis=0), size)
    assert (found.factors[STRATA == 0] == 1).all()
    assert found.factors.min() > 0  # the correction draws factors together
    assert (found.kind, found.centre, found.scale) == ("bootstrap", "mean", 1 / 49)


def test_same_generator_gives_the_same_bootstrap():
    one, again, other = (bootstrap(STRATA, 20, rng=rng(seed)) for seed in (1, 1, 2))
    assert one.factors.tolist() == again.factors.tolist() != other.factors.tolist()


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ("found 1 replicates, expected at least 2", {"replicates": 1}),
        (
            "population: found one for canty-davison, expected none",
            {"replicates": 5, "method": "canty-davison", "population": np.full(9, 20.0)},
        ),
    ],
)
def test_bootstrap_refuses_what_it_cannot_do(words, arguments):
    with pytest.raises(ValueError, match=words):
        bootstrap(STRATA, rng=rng(), **arguments)


# ---------------------------------------------------------------- successive differences


def differences(totals, strata, unsampled=None):
    """Half the sum of squares of successive differences, in a circle."""
    found = 0.0
    for stratum in np.unique(strata):
        own = totals[strata == stratum]
        apart = own - np.roll(own, 1, axis=0)
        found = found + apart.T @ apart / 2 * (1 if unsampled is None else unsampled[stratum])
    return found


def test_three_units_by_hand():
    found = successive_difference(np.zeros(3, int))
    # (4 - 1)**2 + (6 - 4)**2 + (1 - 6)**2 = 38, halved.
    assert repeated(found, np.array([[1.0], [4.0], [6.0]])).item() == pytest.approx(19, rel=1e-12)
    # Rows 2, 3, 4 of the matrix of order 4: units differ from each other in two of four columns.
    near, far = 1 + 2**-0.5, 1 - 2**-0.5
    assert found.factors.shape == (3, 4)
    for factors in found.factors:
        np.testing.assert_allclose(np.sort(factors), [far, 1, 1, near], rtol=1e-14)
    assert (found.kind, found.scale, found.centre) == ("SDR", 1, "full")


@pytest.mark.parametrize("centre", ["mean", "full"])
def test_successive_differences_within_strata(centre):
    totals = totals_of(9)
    found = successive_difference(STRATA)
    assert found.factors.shape == (9, 12)
    same(repeated(found, totals, centre), differences(totals, STRATA))
    population = np.array([8.0, 4.0, 5.0])[STRATA]
    found = successive_difference(STRATA, population=population)
    wanted = differences(totals, STRATA, 1 - np.array([2 / 8, 3 / 4, 4 / 5]))
    same(repeated(found, totals, centre), wanted)


def test_pairs_in_strata_are_linearisation():
    totals = totals_of(10)
    same(repeated(successive_difference(PAIRS), totals), taylor(totals, PAIRS))


def test_more_replicates_than_needed_change_nothing():
    totals = totals_of(9)
    found = successive_difference(STRATA, replicates=80)
    assert found.factors.shape == (9, 80)
    same(repeated(found, totals), differences(totals, STRATA))


def test_rows_that_are_used_again_are_right_on_average():
    """Over samples of independent units the mean is the variance; one sample may be off."""
    strata = np.repeat([0, 1], [47, 13])
    found = successive_difference(strata, replicates=12)
    totals = rng().normal(0, 1, (60, 4000))
    apart = (found.factors.T - 1) @ totals
    estimates = found.scale * (apart**2).sum(axis=0)
    assert estimates.mean() == pytest.approx(60, rel=0.02)
    assert found.factors.min() >= 1 - 2**-0.5 - 1e-12
    same(found.factors.mean(axis=1), 1)


def test_a_trend_does_not_count_as_variance():
    """What systematic samples are for: linearisation takes the trend for chance."""
    strata, totals = np.zeros(40, int), np.arange(40.0)[:, None]
    assert repeated(successive_difference(strata), totals) < taylor(totals, strata) / 5


def test_single_psus_are_removed_if_asked():
    with pytest.raises(ValueError, match="found strata with one PSU: 1; expected at least two"):
        successive_difference(LONELY)
    found = successive_difference(LONELY, single="remove")
    assert (found.factors[2] == 1).all()
    same(repeated(found, totals_of(5)), taylor(totals_of(5), LONELY))


@pytest.mark.parametrize(("replicates", "near"), [(2, 4), (10, 12), (52, 56)])
def test_successive_differences_need_a_hadamard_matrix(replicates, near):
    words = f"replicates: found {replicates}, expected an order such as {near}"
    with pytest.raises(ValueError, match=words):
        successive_difference(STRATA, replicates=replicates)


# ---------------------------------------------------------------- all of them


def test_single_psus_are_refused_by_every_maker():
    makers = (
        jackknife_stratified,
        balanced,
        lambda strata: bootstrap(strata, 5, rng=rng()),
        successive_difference,
    )
    for make in makers:
        with pytest.raises(ValueError, match="found strata with one PSU: 1; expected at least"):
            make(LONELY)
    for make in (jackknife_stratified, balanced, successive_difference):
        found = make(LONELY, single="remove")
        assert (found.factors[2] == 1).all()
        same(repeated(found, totals_of(5)), taylor(totals_of(5), LONELY))


def test_there_must_be_something_to_resample():
    words = "found no stratum to resample, expected one with two PSUs of more"
    alone, pair = np.array([0, 1]), np.array([0, 0])
    for make in (jackknife_stratified, balanced, successive_difference):
        with pytest.raises(ValueError, match=words):
            make(alone, single="remove")
    with pytest.raises(ValueError, match=words):
        jackknife_stratified(pair, population=np.array([2.0, 2.0]))


def test_weights_of_rows_give_the_variance_of_clusters():
    units = np.array([0, 0, 1, 2, 2, 2, 3])
    strata, y, weight = np.array([0, 0, 1, 1]), rng().normal(size=7), rng(1).uniform(1, 3, 7)
    found = analysis_weights(jackknife_stratified(strata), units, weight)
    stage = Stage(units=units, strata=strata[units])
    wanted = covariance(y * weight, [stage])
    rules = {"scale": found.scale, "rscales": found.rscales, "centre": found.centre}
    same(replicate_covariance(found.weights.T @ y, [y @ weight], **rules), wanted)
