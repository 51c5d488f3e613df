import numpy as np
import pytest
from scipy import special

from everycount.arrays.interval import interval, proportion_interval

BOUNDED = ("logit", "xlogit", "wilson", "beta", "korn-graubard", "arcsine", "likelihood")
WITH_N = ("wilson", "beta", "korn-graubard", "arcsine", "likelihood")  # at 0 and 1
ALL = (*BOUNDED, "normal", "t")


def simple(hits, n, **given):
    """Estimate, standard error and n of a simple random sample with replacement, with normal df."""
    p = hits / n
    return {"estimate": p, "std_error": np.sqrt(p * (1 - p) / n), "n": n, "df": np.inf, **given}


# -------------------------------------------------------------- known values


@pytest.mark.parametrize(
    ("method", "low", "high"),
    [
        # Newcombe (1998), Two-sided confidence intervals for the single proportion, Statistics in
        # Medicine 17, table I, 81 of 263: methods 1, 3 and 7.
        ("normal", 0.2522, 0.3638),
        ("wilson", 0.2553, 0.3662),
        ("likelihood", 0.2542, 0.3655),
    ],
)
def test_simple_random_sample_has_the_limits_published_for_it(method, low, high):
    errors = {"logit_std_error": np.sqrt(263 / 81 / 182)}  # n observations, k = 1
    found = proportion_interval(method, **simple(81, 263), **errors)
    np.testing.assert_allclose(found, [low, high], atol=5e-5)


def test_clopper_pearson_has_the_limits_published_for_it():
    # The same table, method 5; without the adjustment for degrees of freedom.
    found = proportion_interval("korn-graubard", **simple(81, 263, df=262))
    np.testing.assert_allclose(found, [0.2527, 0.3676], atol=5e-5)


def test_logit_is_symmetric_on_the_scale_of_log_odds():
    low, high = proportion_interval("logit", 0.2, 0.03, n=500, df=20)
    reach = special.stdtrit(20, 0.975) * 0.03 / 0.16
    np.testing.assert_allclose(special.logit([low, high]) - np.log(0.25), [-reach, reach])


def test_arcsine_is_symmetric_on_the_scale_of_the_angle():
    low, high = proportion_interval("arcsine", 0.2, 0.03, n=500, df=20)
    reach = special.stdtrit(20, 0.975) * 0.03 / (2 * np.sqrt(0.16))
    angles = np.arcsin(np.sqrt([0.2, low, high]))
    np.testing.assert_allclose(angles[1:] - angles[0], [-reach, reach])


def test_arcsine_is_cut_off_where_it_would_turn_round():
    assert proportion_interval("arcsine", 0.02, 0.03, n=30, df=4)[0] == 0
    assert proportion_interval("arcsine", 0.98, 0.03, n=30, df=4)[1] == 1


def test_wilson_takes_t_for_z():
    low, high = proportion_interval("wilson", 0.2, 0.03, n=500, df=20)
    z, m = special.stdtrit(20, 0.975), 0.16 / 0.03**2
    # Limits are where the score test just rejects.
    for limit in (low, high):
        assert (0.2 - limit) ** 2 == pytest.approx(z**2 * limit * (1 - limit) / m)


def test_beta_adjusts_the_effective_sample_for_degrees_of_freedom():
    low, high = proportion_interval("beta", 0.2, 0.03, n=500, df=20)
    ratio = special.stdtrit(499, 0.975) / special.stdtrit(20, 0.975)
    m = 0.16 / 0.03**2 * ratio**2
    # A binomial of m trials has 0.2 m or more with 2.5 % at the lower limit, or fewer at the upper.
    assert special.betainc(0.2 * m, 0.8 * m + 1, low) == pytest.approx(0.025)
    assert special.betaincc(0.2 * m + 1, 0.8 * m, high) == pytest.approx(0.025)


def test_korn_graubard_never_trusts_more_trials_than_rows():
    design = {"n": 100, "df": 20}
    loose = proportion_interval("korn-graubard", 0.2, 0.05, **design)
    assert loose == proportion_interval("beta", 0.2, 0.05, **design)
    capped = proportion_interval("korn-graubard", 0.2, 0.01, **design)
    exact = special.betaincinv(20, 81, 0.025), special.betaincinv(21, 80, 0.975)
    np.testing.assert_allclose(capped, exact)
    assert proportion_interval("beta", 0.2, 0.01, **design)[0] > capped[0]


@pytest.mark.parametrize("p", [0.004, 0.2, 0.5, 0.97])
@pytest.mark.parametrize(("s", "df"), [(0.03, 5), (0.001, np.inf), (1e-6, 30), (0.1, 1)])
def test_likelihood_solves_its_equation(p, s, df):
    n = 400
    ends = proportion_interval("likelihood", p, s, n=n, df=df)
    m = p * (1 - p) / s**2 * (n - 1) / n
    t = special.stdtrit(df, 0.975) if df < np.inf else special.ndtri(0.975)
    for end in ends:
        if 1e-9 < end < 1 - 1e-6:  # doubles near 1 are too coarse to put in
            divergence = special.rel_entr(p, end) + special.rel_entr(1 - p, 1 - end)
            slack = 1e-9 + 1e-13 / divergence  # of rel_entr itself, two large terms
            assert 2 * m * divergence == pytest.approx(t**2, rel=slack)
    assert ends[0] < p < ends[1]


def test_likelihood_of_one_row_knows_nothing():
    found = proportion_interval("likelihood", 0.4, 0.1, n=1, df=3)
    np.testing.assert_allclose(found, [0, 1])


def test_replicate_error_of_log_odds_serves_logit_and_likelihood_alone():
    given = {"estimate": 0.2, "std_error": 0.03, "n": 400, "df": 12}
    for method in ALL:
        without = proportion_interval(method, **given)
        same = proportion_interval(method, **given, logit_std_error=0.03 / 0.16)
        wider = proportion_interval(method, **given, logit_std_error=0.3)
        if method in {"logit", "likelihood"}:
            assert wider[0] < same[0]
            assert wider[1] > same[1]
        else:
            assert without == same == wider
    assert proportion_interval("logit", **given, logit_std_error=0.03 / 0.16)[0] == pytest.approx(
        proportion_interval("xlogit", **given)[0]
    )


def test_likelihood_with_replicates_does_not_divide_by_the_dispersion():
    ends = proportion_interval("likelihood", 0.2, 0.03, n=10, df=12, logit_std_error=0.4)
    m = 1 / (0.16 * 0.4**2)
    for end in ends:
        divergence = special.rel_entr(0.2, end) + special.rel_entr(0.8, 1 - end)
        assert 2 * m * divergence == pytest.approx(special.stdtrit(12, 0.975) ** 2)


def test_means_have_t_or_normal_limits():
    low, high = interval([10.0, 20.0], [2.0, 1.0], df=[14, np.inf])
    np.testing.assert_allclose(high - 10 * np.array([1, 2]), [2.1447866879 * 2, 1.9599639845])
    np.testing.assert_allclose(low + high, [20, 40])
    low, high = interval(10.0, 2.0, df=14, kind="normal", level=0.9)
    np.testing.assert_allclose([low, high], 10 + 2 * 1.6448536270 * np.array([-1, 1]))


def test_t_and_normal_of_shares_are_symmetric_and_may_leave_the_scale():
    for method in ("t", "normal"):
        low, high = proportion_interval(method, 0.01, 0.03, n=50, df=8)
        assert low < 0
        assert (low, high) == interval(0.01, 0.03, df=8, kind=method)


# -------------------------------------------------------------- edges


@pytest.mark.parametrize("method", WITH_N)
def test_sure_shares_get_the_limits_of_n_rows(method):
    t = special.stdtrit(7, 0.975)
    upper = {
        "wilson": t**2 / (20 + t**2),
        "beta": 1 - 0.025 ** (1 / 20),
        "korn-graubard": 1 - 0.025 ** (1 / 20),
        "arcsine": np.sin(t / (2 * np.sqrt(20))) ** 2,
        "likelihood": 1 - np.exp(-(t**2) / 40),
    }[method]
    low, high = proportion_interval(method, [0.0, 1e-13, 1 - 1e-13, 1.0], 1e-17, n=20, df=7)
    np.testing.assert_allclose(low, [0, 0, 1 - upper, 1 - upper])
    np.testing.assert_allclose(high, [upper, upper, 1, 1])


@pytest.mark.parametrize("method", ["logit", "xlogit"])
def test_sure_shares_have_no_log_odds(method):
    assert np.isnan(proportion_interval(method, [0.0, 1.0], 0.0, n=20, df=7)).all()
    assert np.isnan(
        proportion_interval(method, [0.0, 1.0], 0.0, n=20, df=7, logit_std_error=0.1)
    ).all()


@pytest.mark.parametrize("method", ["t", "normal"])
def test_sure_shares_are_their_own_symmetric_limits(method):
    found = proportion_interval(method, [0.0, 1.0], 0.0, n=20, df=7)
    np.testing.assert_array_equal(found, [[0, 1], [0, 1]])


@pytest.mark.parametrize("method", ALL)
def test_no_error_gives_the_estimate_and_n_trials_to_korn_graubard(method):
    found = proportion_interval(method, 0.3, [0.0, 1e-16], n=20, df=7)
    if method == "korn-graubard":
        exact = special.betaincinv(6, 15, 0.025), special.betaincinv(7, 14, 0.975)
        np.testing.assert_allclose(np.transpose(found), [exact, exact])
    else:
        np.testing.assert_allclose(found, 0.3)


@pytest.mark.parametrize("method", ALL)
@pytest.mark.parametrize("df", [0, -2])
def test_no_degrees_of_freedom_give_no_limits(method, df):
    found = proportion_interval(method, [0.0, 0.3, 1.0], [0.0, 0.1, 0.0], n=1, df=df)
    assert np.isnan(found).all() == (method != "normal")


@pytest.mark.parametrize("method", ALL)
def test_missing_gives_missing(method):
    p = np.array([np.nan, 0.3, 0.3, 0.3, 0.3])
    s = np.array([0.1, np.nan, 0.1, 0.1, 0.1])
    df = np.array([9, 9, np.nan, 9, 9])
    n = np.array([30, 30, 30, np.nan, 30])
    low, high = proportion_interval(method, p, s, n=n, df=df)
    missing = {
        "normal": [True, True, False, False, False],
        "t": [True, True, True, False, False],
    }.get(method, [True, True, True, True, False])
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == missing


@pytest.mark.parametrize("method", ["logit", "likelihood"])
def test_missing_error_of_log_odds_gives_missing(method):
    found = proportion_interval(method, 0.3, 0.1, n=30, df=9, logit_std_error=np.nan)
    assert np.isnan(found).all()


@pytest.mark.parametrize("method", ALL)
def test_estimates_that_are_no_shares_have_symmetric_limits_only(method):
    found = np.array(proportion_interval(method, [-0.01, 1.02], 0.1, n=30, df=9))
    assert np.isnan(found).all() == (method in BOUNDED)
    assert np.isnan(found).any() == (method in BOUNDED)


@pytest.mark.parametrize("method", ALL)
def test_infinite_degrees_of_freedom_are_normal(method):
    endless = proportion_interval(method, 0.3, 0.05, n=400, df=np.inf)
    many = proportion_interval(method, 0.3, 0.05, n=400, df=1e9)
    np.testing.assert_allclose(endless, many, rtol=1e-7)


@pytest.mark.parametrize("method", ALL)
def test_few_degrees_of_freedom_stay_finite(method):
    low, high = proportion_interval(method, [1e-6, 0.3, 0.999], [1e-6, 0.3, 0.02], n=9, df=0.5)
    assert np.isfinite(low).all()
    assert np.isfinite(high).all()


@pytest.mark.parametrize("method", ALL)
def test_cells_of_any_shape_are_answered_one_by_one(method):
    p = np.array([[0.0, 0.1, 0.5], [0.7, np.nan, 1.0]])
    s = np.where((p == 0) | (p == 1), 0, 0.04)
    df = np.array([[3.0], [np.inf]])
    low, high = proportion_interval(method, p, s, n=[40, 50, 60], df=df, level=0.8)
    assert low.shape == high.shape == (2, 3)
    for row, column in np.ndindex(2, 3):
        one = proportion_interval(
            method,
            p[row, column],
            s[row, column],
            n=[40, 50, 60][column],
            df=df[row, 0],
            level=0.8,
        )
        np.testing.assert_allclose(one, [low[row, column], high[row, column]], rtol=1e-12)
        assert one[0].shape == ()


def test_shapes_that_only_n_has_are_kept():
    for method in ("t", "wilson"):
        low, high = proportion_interval(method, 0.2, 0.03, n=[40, 50], df=5)
        assert low.shape == high.shape == (2,)
        low[0] = 0.0  # the limits of a cell are its own
        assert low[1] != 0


# -------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"method": "wald"}, "method: found 'wald', expected one of logit, xlogit, wilson"),
        ({"level": 1.0}, "level: found 1.0, expected a share between 0 and 1"),
        ({"level": 0.0}, "level: found 0.0"),
        ({"std_error": -0.1}, "std_error: found a negative number, expected 0 or more"),
        ({"logit_std_error": [-0.1]}, "logit_std_error: found a negative number"),
    ],
)
def test_arguments_outside_their_domain_are_refused(changed, words):
    given = {"method": "logit", "estimate": 0.3, "std_error": 0.1, "n": 30, "df": 9, **changed}
    method, p, s = (given.pop(name) for name in ("method", "estimate", "std_error"))
    with pytest.raises(ValueError, match=words):
        proportion_interval(method, p, s, **given)


def test_unknown_kind_of_interval_is_refused():
    with pytest.raises(ValueError, match="kind: found 'z', expected one of t, normal"):
        interval(1.0, 0.1, df=4, kind="z")
