import numpy as np
import pytest

from everycount.arrays.interval import interval, proportion_interval
from everycount.arrays.quantile import quantile, replicate_quantiles
from everycount.arrays.quantile_interval import quantile_from_replicates, quantile_interval

WOODRUFF = {"mean": "t", "beta": "beta", "xlogit": "xlogit", "arcsine": "arcsine"}
TESTS = ("score", "francisco-fuller")
T = 2.144786687917804  # of Student's distribution with 14 degrees of freedom at .975


def fixed(error):
    """Answer the same standard error for every share."""
    return lambda flags: error


def simple(weights):
    """Answer the standard error of a ratio of rows drawn one by one with replacement."""

    def of(flags):
        share = weights @ flags / weights.sum()
        scores = weights * (flags - share) / weights.sum()
        n = np.count_nonzero(weights)
        return np.sqrt(n / (n - 1) * (scores**2).sum())

    return of


# -------------------------------------------------------------- Woodruff's


@pytest.mark.parametrize(("kind", "method"), WOODRUFF.items())
@pytest.mark.parametrize("rule", ["math", "hf7"])
def test_limits_are_quantiles_at_the_limits_of_the_share(kind, method, rule):
    rng = np.random.default_rng(3)
    values, weights = rng.normal(size=200).round(1), rng.uniform(1, 4, 200)
    found = quantile_interval(
        values, weights, [0.2, 0.5], std_error_of=fixed(0.04), df=14, rule=rule, kind=kind
    )
    estimate = quantile(values, weights, [0.2, 0.5], rule=rule)
    share = np.array([weights[values <= q].sum() for q in estimate]) / weights.sum()
    low, high = proportion_interval(method, share, 0.04, n=200, df=14)
    np.testing.assert_array_equal(found.estimate, estimate)
    np.testing.assert_array_equal(found.low, quantile(values, weights, low, rule=rule))
    np.testing.assert_array_equal(found.high, quantile(values, weights, high, rule=rule))
    np.testing.assert_allclose(found.std_error, (found.high - found.low) / (2 * T))


def test_shares_are_asked_of_the_rows_with_at_most_the_estimate():
    asked = []

    def std_error_of(flags):
        asked.append(flags.tolist())
        return 0.1

    values = [3.0, np.nan, 1.0, 2.0, 9.0]
    quantile_interval(values, [1, 1, 1, 1, 0], [0.5, 0.2], std_error_of=std_error_of, df=5)
    assert asked == [[False, False, True, True, False], [False, False, True, False, False]]


def test_limits_of_the_share_beyond_0_and_1_have_no_quantile():
    values = np.arange(10.0)
    found = quantile_interval(values, np.ones(10), [0.1, 0.5, 0.9], std_error_of=fixed(0.1), df=14)
    assert np.isnan(found.low).tolist() == [True, False, False]
    assert np.isnan(found.high).tolist() == [False, False, True]
    assert np.isnan(found.std_error).tolist() == [True, False, True]


@pytest.mark.parametrize("kind", WOODRUFF)
def test_the_greatest_value_has_no_error(kind):
    found = quantile_interval(
        np.arange(10.0), np.ones(10), [0.99], std_error_of=fixed(0.0), df=14, kind=kind
    )
    assert found.estimate == 9
    wanted = [9, 9, 0] if kind == "mean" else [np.nan] * 3
    np.testing.assert_array_equal([found.low[0], found.high[0], found.std_error[0]], wanted)


def test_beta_counts_the_rows_of_the_domain():
    values, weights = np.arange(60.0), np.r_[np.ones(30), np.zeros(30)]
    given = {"std_error_of": fixed(0.09), "df": 14, "kind": "beta", "rule": "hf7"}
    padded = quantile_interval(values, weights, [0.5], **given)
    alone = quantile_interval(values[:30], weights[:30], [0.5], **given)
    assert padded.low == alone.low
    assert padded.high == alone.high


def test_level_widens_the_interval_but_not_the_error():
    values = np.arange(1001.0)
    found = [
        quantile_interval(
            values,
            np.ones(1001),
            [0.5],
            std_error_of=fixed(0.02),
            df=14,
            rule="hf7",
            level=level,
        )
        for level in (0.5, 0.9, 0.99)
    ]
    length = [float(each.high[0] - each.low[0]) for each in found]
    assert length == sorted(length)
    np.testing.assert_allclose([each.std_error[0] for each in found], 20, rtol=0.01)


# -------------------------------------------------------------- by a test


def test_francisco_and_fuller_end_where_the_test_begins_and_ceases_to_accept():
    rng = np.random.default_rng(5)
    values, weights = rng.gamma(2, 100, 150).round(), rng.uniform(1, 9, 150)
    of = simple(weights)
    found = quantile_interval(
        values, weights, [0.3, 0.5], std_error_of=of, df=14, kind="francisco-fuller"
    )
    for p, low, high in zip([0.3, 0.5], found.low, found.high, strict=True):
        tested = {
            x: (weights @ (values <= x) / weights.sum() - p) / of(values <= x)
            for x in np.unique(values)[:-1]
        }
        accepted = [x for x, z in tested.items() if -T <= z < T]
        assert low == min(accepted)
        assert high == min(x for x, z in tested.items() if z >= T)
    np.testing.assert_allclose(found.std_error, (found.high - found.low) / (2 * T))


def test_score_reads_by_the_rule_at_unweighted_shares():
    # Shares .1, .2, .3, .4, .5, .75 and 1 with an error of .1 are T errors from .5 between .2 and
    # .3, and .5 and .75; .3 and .75 are nearer. That is 3 and 6 of 7 rows.
    values = np.array([1.0, 2, 3, 4, 5, 6, 7])
    weights = np.array([1.0, 1, 1, 1, 1, 2.5, 2.5])
    given = {"std_error_of": fixed(0.1), "df": 14, "kind": "score"}
    found = quantile_interval(values, weights, [0.5], **given)
    assert found.estimate == 5
    assert found.low == quantile(values, weights, [3 / 7])  # not 3
    assert found.high == quantile(values, weights, [6 / 7])
    smooth = quantile_interval(values, weights, [0.5], **given, rule="hf5")
    assert smooth.low == quantile(values, weights, [3 / 7], rule="hf5")
    np.testing.assert_allclose(smooth.std_error, (smooth.high - smooth.low) / (2 * T))


def test_score_goes_to_the_nearer_side_of_the_jump():
    values, weights = np.arange(1.0, 101.0), np.ones(100)
    # .5 ± .0429: between .45 and .46, .54 and .55, nearer to .46 and .54.
    found = quantile_interval(
        values, weights, [0.5], std_error_of=fixed(0.02), df=14, kind="score", rule="hf4"
    )
    np.testing.assert_allclose([found.low[0], found.high[0]], [46, 54])
    # .5 ± .0472: between the same, nearer to .45 and .55.
    found = quantile_interval(
        values, weights, [0.5], std_error_of=fixed(0.022), df=14, kind="score", rule="hf4"
    )
    np.testing.assert_allclose([found.low[0], found.high[0]], [45, 55])


@pytest.mark.parametrize("kind", TESTS)
def test_a_test_that_never_rejects_on_a_side_has_no_limit_there(kind):
    values, weights = np.arange(20.0), np.ones(20)
    found = quantile_interval(
        values, weights, [0.0, 0.05, 0.5, 0.95, 1.0], std_error_of=fixed(0.1), df=14, kind=kind
    )
    assert np.isnan(found.low).tolist() == [True, True, False, False, False]
    assert np.isnan(found.high).tolist() == [False, False, False, True, True]


@pytest.mark.parametrize("kind", TESTS)
def test_shares_without_error_are_rejected_unless_they_are_the_probability(kind):
    values, weights = np.arange(8.0), np.ones(8)
    found = quantile_interval(values, weights, [0.5], std_error_of=fixed(0.0), df=14, kind=kind)
    wanted = (3, 4) if kind == "francisco-fuller" else (3, 3)  # 2 and 4 are infinitely far
    assert (found.low, found.high) == wanted


@pytest.mark.parametrize("kind", TESTS)
@pytest.mark.parametrize("values", [[1.0, 1.0, 1.0], [1.0, 2.0, 2.0]])
def test_one_or_two_distinct_values_cannot_be_tested(kind, values):
    found = quantile_interval(values, np.ones(3), [0.5], std_error_of=fixed(0.01), df=14, kind=kind)
    assert np.isfinite(found.estimate)
    assert np.isnan([found.low, found.high, found.std_error]).all()


@pytest.mark.parametrize("kind", TESTS)
def test_unknown_errors_between_leave_no_limit(kind):
    def std_error_of(flags):
        return 0.02 if flags.sum() in {1, 99} else np.nan

    found = quantile_interval(
        np.arange(100.0), np.ones(100), [0.5], std_error_of=std_error_of, df=14, kind=kind
    )
    assert np.isnan([found.low, found.high]).all()


# -------------------------------------------------------------- nothing to say


@pytest.mark.parametrize("kind", [*WOODRUFF, *TESTS])
def test_no_degrees_of_freedom_and_no_rows_give_no_limits(kind):
    def never(flags):
        raise AssertionError

    found = quantile_interval([1.0, 2, 4], np.ones(3), [0.5], std_error_of=never, df=0, kind=kind)
    assert found.estimate == 2
    assert np.isnan([found.low, found.high, found.std_error]).all()
    empty = quantile_interval([1.0, 2], [0, 0], [0.5], std_error_of=never, df=4, kind=kind)
    assert np.isnan([empty.estimate, empty.low, empty.high, empty.std_error]).all()


@pytest.mark.parametrize("kind", [*WOODRUFF, *TESTS])
def test_unknown_error_gives_no_limits_and_no_probabilities_nothing(kind):
    given = {"df": 4, "kind": kind}
    values = np.arange(9.0)
    found = quantile_interval(values, np.ones(9), [0.5], std_error_of=fixed(np.nan), **given)
    assert found.estimate == 4
    assert np.isnan([found.low, found.high, found.std_error]).all()
    none = quantile_interval(values, np.ones(9), [], std_error_of=fixed(0.1), **given)
    assert none.estimate.shape == none.low.shape == none.high.shape == none.std_error.shape == (0,)


# -------------------------------------------------------------- replicates


def test_replicates_give_the_error_and_t_the_limits():
    rng = np.random.default_rng(2)
    values, weights = rng.normal(size=50), rng.uniform(1, 3, 50)
    replicates = weights[:, None] * rng.integers(0, 3, (50, 30))
    p = [0.25, 0.5]

    def about_the_sample(theta, estimate):
        return np.sqrt(((theta - estimate) ** 2).mean(axis=0))

    found = quantile_from_replicates(
        values, weights, replicates.T, p, std_error_of=about_the_sample, df=14, rule="hf7"
    )
    estimate = quantile(values, weights, p, rule="hf7")
    theta = replicate_quantiles(values, replicates.T, p, rule="hf7")
    error = np.sqrt(((theta - estimate) ** 2).mean(axis=0))
    np.testing.assert_array_equal(found.estimate, estimate)
    np.testing.assert_array_equal(found.std_error, error)
    np.testing.assert_allclose([found.low, found.high], interval(estimate, error, df=14))
    wider = quantile_from_replicates(
        values,
        weights,
        replicates.T,
        p,
        std_error_of=about_the_sample,
        df=14,
        rule="hf7",
        level=0.99,
    )
    assert (wider.low < found.low).all()


# -------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": "asin"}, "kind: found 'asin', expected one of mean, beta, xlogit, arcsine"),
        ({"rule": "hf0"}, "rule: found 'hf0'"),
        ({"level": 1.5}, "level: found 1.5"),
        ({"weights": [1.0, -1.0]}, "weights: found a negative number"),
    ],
)
def test_arguments_outside_their_domain_are_refused(changed, words):
    given = {"values": [1.0, 2.0], "weights": [1.0, 1.0], "probabilities": [0.5], **changed}
    with pytest.raises(ValueError, match=words):
        quantile_interval(**given, std_error_of=fixed(0.1), df=3)
