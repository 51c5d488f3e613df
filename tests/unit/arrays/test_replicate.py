import numpy as np
import pytest

from everycount.arrays import replicate as module
from everycount.arrays.replicate import (
    Factors,
    Replicates,
    analysis_weights,
    replicate_covariance,
    replicate_df,
    standard_scale,
)

VALUES = np.array([[1.0, 3.0], [2.0, 1.0], [np.nan, 2.0], [4.0, 5.0]])


def cov(values, full, *, scale=0.5, rscales=(1, 1, 1, 2), centre="mean"):
    return replicate_covariance(values, full, scale=scale, rscales=rscales, centre=centre)


# ---------------------------------------------------------------- variances


def test_squares_are_counted_from_the_mean_or_from_the_full_sample():
    values = np.array([[1.0, 3.0], [2.0, 1.0], [5.0, 2.0], [4.0, 5.0]])
    rscales = np.array([1.0, 1, 1, 2])
    for centre, middle in (("mean", values.mean(axis=0)), ("full", np.array([2.0, 2.5]))):
        apart = values - middle
        wanted = 0.5 * sum(
            scale * np.outer(each, each) for scale, each in zip(rscales, apart, strict=True)
        )
        found = cov(values, [2.0, 2.5], centre=centre)
        np.testing.assert_allclose(found, wanted, rtol=1e-14)


def test_a_missing_replicate_is_missing_for_all_and_the_scale_stays():
    # By hand, and by R survey 4.1-1: svrVar(cbind(c(1,2,NA,4), c(3,1,2,5)), .5, c(1,1,1,2)).
    wanted = [[67 / 18, 11 / 3], [11 / 3, 6]]
    np.testing.assert_allclose(cov(VALUES, [0, 0]), wanted, rtol=1e-14)
    alone = cov(VALUES[:, 1], [0])  # all four
    assert alone.item() == pytest.approx(0.5 * (0.25**2 + 1.75**2 + 0.75**2 + 2 * 2.25**2))


def test_the_mean_is_over_replicates_that_count():
    # R survey 4.1-1, rscales c(1,0,1,2) and with mse=TRUE, coef=c(2,2).
    found = cov(VALUES, [0, 0], rscales=(1, 0, 1, 2))
    np.testing.assert_allclose(found, [[3.375, 2.25], [2.25, 1.5]], rtol=1e-14)
    found = cov(VALUES, [2, 2], rscales=(1, 0, 1, 2), centre="full")
    np.testing.assert_allclose(found, [[4.5, 5.5], [5.5, 9.5]], rtol=1e-14)


def test_without_complete_replicates_nothing_is_known():
    crossed = np.array([[np.nan, 1.0], [1.0, np.nan]])
    assert np.isnan(cov(crossed, [1, 1], rscales=(1, 1))).all()
    assert np.isnan(cov([1.0, np.nan], [1], rscales=(0, 1))).all()


@pytest.mark.parametrize(
    ("values", "full", "rscales"),
    [
        (np.ones((4, 2)), [1.0], (1, 1, 1, 1)),
        (np.ones((4, 2)), [1.0, 1.0], (1, 1, 1)),
        (np.ones(4), [1.0, 1.0], (1, 1, 1, 1)),
    ],
)
def test_shapes_that_do_not_fit_are_refused(values, full, rscales):
    with pytest.raises(ValueError, match=r"replicates, .* expected \(R, k\), \(k,\) and \(R,\)"):
        cov(values, full, rscales=rscales)


# ---------------------------------------------------------------- degrees of freedom


def test_degrees_of_freedom_are_the_rank_less_one():
    numbers = np.random.default_rng(2)
    full = numbers.uniform(0, 5, (200, 7))
    made = np.column_stack([full, full @ numbers.normal(size=(7, 3))])[:, [0, 7, 1, 8, 2, 3, 9, 4]]
    # Columns 0 to 4 and three of their sums with 5 and 6: all but one are needed.
    assert replicate_df(full) == 6
    assert replicate_df(made) == 6
    assert replicate_df(full[:3]) == 2
    assert replicate_df(full[:1]) == 0
    assert replicate_df(full[:0]) == 0
    assert replicate_df(np.zeros((5, 3))) == 0


@pytest.mark.parametrize("rows", [16, 4096])
def test_what_is_left_of_a_replicate_is_measured_against_its_length(monkeypatch, rows):
    monkeypatch.setattr(module, "ROWS", rows)
    one, two = np.random.default_rng(2).normal(size=(2, 50))
    two -= one * (one @ two) / (one @ one)
    two *= np.linalg.norm(one) / np.linalg.norm(two)  # as long as one, and at right angles
    for share, counts in ((1.1e-5, 1), (0.9e-5, 0), (2e-6, 0), (1e-4, 1), (1e-2, 1), (1e-7, 0)):
        near = one + share * two
        assert replicate_df(np.column_stack([one, near])) == counts
        assert replicate_df(np.column_stack([one * 1e-9, near])) == counts
        assert replicate_df(np.column_stack([one, near, one + 1e-3 * two, near])) == 1
        assert replicate_df(np.column_stack([0 * one, one, near, 2 * one])) == counts


# ---------------------------------------------------------------- standard scales


@pytest.mark.parametrize(
    ("kind", "scale", "centre"),
    [
        ("JK1", 3 / 4, "mean"),
        ("JK2", 1, "mean"),
        ("JKn", 1, "mean"),
        ("BRR", 1 / 4, "mean"),
        ("Fay", 1 / (4 * 0.7**2), "mean"),
        ("bootstrap", 1 / 3, "mean"),
        ("SDR", 1, "full"),
        ("ACS", 1, "full"),
    ],
)
def test_standard_scale_of_each_kind(kind, scale, centre):
    """With four replicates; scales as R survey 4.1-1 gives them in svrepdesign."""
    rscales = [0.5, 0.5, 0.75, 0.75] if kind == "JKn" else None
    found = standard_scale(kind, 4, rho=0.3, rscales=rscales)
    assert found[0] == pytest.approx(scale, rel=1e-15)
    assert found[1].tolist() == (rscales or [1, 1, 1, 1])
    assert found[2] == centre


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ("rho: found None, expected Fay's coefficient", {"kind": "Fay", "replicates": 4}),
        ("rho: found 1.0, expected", {"kind": "Fay", "replicates": 4, "rho": 1.0}),
        ("rho: found -0.1, expected", {"kind": "Fay", "replicates": 4, "rho": -0.1}),
        ("rscales: found none, expected those of", {"kind": "JKn", "replicates": 4}),
        ("kind: found 'other', expected one of JK1, JK2,", {"kind": "other", "replicates": 4}),
        ("found 1 replicates of JK1, expected at least 2", {"kind": "JK1", "replicates": 1}),
        ("found 1 replicates of bootstrap", {"kind": "bootstrap", "replicates": 1}),
        ("found 0 replicates of BRR, expected at least 1", {"kind": "BRR", "replicates": 0}),
    ],
)
def test_what_has_no_standard_scale_is_refused(words, arguments):
    with pytest.raises(ValueError, match=words):
        standard_scale(**arguments)


def test_one_replicate_of_a_pair_has_a_scale():
    assert standard_scale("JK2", 1)[0] == 1


# ---------------------------------------------------------------- nouns


@pytest.mark.parametrize("noun", [Factors, Replicates])
@pytest.mark.parametrize(
    ("shape", "scale", "rscales", "words"),
    [
        ((4,), 1.0, np.ones(4), r"found weights \(4,\) and \(4,\) rscales"),
        ((4, 3), 1.0, np.ones(4), r"found weights \(4, 3\) and \(4,\) rscales"),
        ((4, 3), 0.0, np.ones(3), "found scale 0.0"),
        ((4, 3), np.nan, np.ones(3), "found scale nan"),
        ((4, 3), 1.0, np.array([1, -1, 1.0]), r"rscales \[ 1. -1.  1.\], expected none below 0"),
    ],
)
def test_replicates_that_do_not_fit_together_are_refused(noun, shape, scale, rscales, words):
    field = {Factors: "factors", Replicates: "weights"}[noun]
    with pytest.raises(ValueError, match=words):
        noun(**{field: np.ones(shape)}, scale=scale, rscales=rscales, centre="mean", kind="JK1")


def test_factors_are_laid_along_rows():
    factors = Factors(
        factors=np.array([[0.0, 2.0], [2.0, 0.0]]),
        scale=0.5,
        rscales=np.array([1.0, 0.5]),
        centre="full",
        kind="BRR",
    )
    found = analysis_weights(factors, np.array([1, 0, 1]), [3.0, 5.0, 7.0])
    assert found.weights.tolist() == [[6, 0], [0, 10], [14, 0]]
    assert (found.scale, found.rscales.tolist(), found.centre, found.kind) == (
        0.5,
        [1, 0.5],
        "full",
        "BRR",
    )
