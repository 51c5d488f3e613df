import re

import numpy as np
import pytest

from everycount.arrays import inequality_error as module
from everycount.arrays.group_table import GroupTable
from everycount.arrays.inequality_error import (
    ReplicateGroups,
    Simulation,
    by_draws,
    by_replicates,
    delta_errors,
    derivatives,
    draw,
    measured,
    normal_interval,
    quadratic_error,
)


def rng(seed=5):
    return np.random.default_rng(seed)


def gap(y, _):
    return y[:, 1] - y[:, 0]


def table(**given):
    usual = {"estimates": [0.2, 0.5, 0.4], "sizes": [1.0, 2.0, 3.0], "direction": "favourable"}
    return GroupTable(**(usual | given))


# ------------------------------------------------------------------------------- derivatives


def test_derivatives_are_exact_by_estimates_and_sizes():
    def mean(y, sizes):
        return np.sum(sizes * y, axis=1) / np.sum(sizes, axis=1)

    y, sizes = np.array([2.0, 5.0]), np.array([1.0, 3.0])
    by_size = (y - 4.25) / 4
    np.testing.assert_allclose(derivatives(mean, y, sizes), [0.25, 0.75, *by_size], rtol=1e-15)


def test_derivatives_of_many_measures_in_blocks(monkeypatch):
    y = np.arange(1.0, 6.0)
    whole = derivatives(lambda y, _: y**3, y, None)
    np.testing.assert_allclose(whole, np.diag(3 * y**2), rtol=1e-15)
    monkeypatch.setattr(module, "BLOCK", 10)
    assert derivatives(lambda y, _: y**3, y, None).tolist() == whole.tolist()


def test_measure_without_a_derivative_is_missing_there():
    found = derivatives(lambda y, _: np.where(y.imag[:, 0] == 0, y[:, 1], np.nan), np.ones(2), None)
    assert np.isnan(found[0])
    assert found[1] == 1


# ------------------------------------------------------------------------------- delta


def test_delta_uses_covariances():
    covariance = np.array([[4.0, 1.0], [1.0, 9.0]])
    by_input = np.array([[1.0, 1.0], [-1.0, 1.0]])
    assert delta_errors(by_input, covariance).tolist() == np.sqrt([11, 15]).tolist()


def test_delta_takes_further_inputs_as_known():
    assert delta_errors(np.array([[2.0], [7.0]]), np.array([[9.0]])).tolist() == [6]


@pytest.mark.parametrize(
    ("by_input", "covariance", "error"),
    [
        ([0, 1], [[np.nan, np.nan], [np.nan, 4]], 2),
        ([1, 1], [[np.nan, np.nan], [np.nan, 4]], np.nan),
        ([1, 1], [[9, np.nan], [np.nan, 4]], np.nan),
        ([1, 0], [[9, np.nan], [np.nan, 4]], 3),
        ([np.nan, 1], [[0, 0], [0, 4]], 2),
        ([np.nan, 1], [[9, 0], [0, 4]], np.nan),
        ([1, 1], [[0, 0], [0, 0]], 0),
    ],
)
def test_delta_is_missing_only_where_something_unknown_counts(by_input, covariance, error):
    found = delta_errors(np.array(by_input, float)[:, None], np.array(covariance, float))
    np.testing.assert_array_equal(found, [error])


def test_error_of_a_variance_is_that_of_draws():
    shares, y = np.array([0.2, 0.5, 0.3]), np.array([1.0, 1.5, 1.2])
    covariance = np.array([[0.5, 0.1, 0.0], [0.1, 0.3, -0.1], [0.0, -0.1, 0.4]])
    drawn = rng().multivariate_normal(y, covariance, size=200_000)
    between = np.sum(shares * (drawn - drawn @ shares[:, None]) ** 2, axis=1)
    assert quadratic_error(y, shares, covariance) == pytest.approx(between.std(), rel=0.01)


def test_intervals_by_hand():
    assert normal_interval(5.0, 2.0, level=0.9, scale="natural") == pytest.approx(
        (5 - 2 * 1.6448536269514722, 5 + 2 * 1.6448536269514722)
    )
    low, high = normal_interval(2.0, 0.5, level=0.95, scale="log")
    assert np.log([low, high]) == pytest.approx(np.log(2) + np.array([-1, 1]) * 0.4899909961)
    assert np.isnan(normal_interval(0.0, 0.5, level=0.95, scale="log")).all()


# ------------------------------------------------------------------------------- simulation


def test_draws_have_mean_and_covariance_of_the_table():
    covariance = np.array([[0.04, 0.01, 0.0], [0.01, 0.09, 0.02], [0.0, 0.02, 0.01]])
    found = draw(table(covariance=covariance), Simulation(rng=rng(), draws=100_000))
    assert found.sizes is None
    assert found.lost == 0
    np.testing.assert_allclose(found.estimates.mean(axis=0), [0.2, 0.5, 0.4], atol=0.004)
    np.testing.assert_allclose(np.cov(found.estimates.T), covariance, atol=0.002)


def test_draws_of_sizes_go_with_those_of_estimates():
    covariance = np.eye(6) * 0.01
    covariance[0, 3] = covariance[3, 0] = 0.009
    found = draw(table(covariance=covariance), Simulation(rng=rng(), draws=2_000))
    assert np.corrcoef(found.estimates[:, 0], found.sizes[:, 0])[0, 1] == pytest.approx(
        0.9, abs=0.02
    )
    np.testing.assert_allclose(found.sizes.mean(axis=0), [1, 2, 3], atol=0.01)


def test_draws_outside_the_scale_or_of_no_one_are_lost():
    wide = draw(table(std_errors=[0.2, 0, 0], scale=1), Simulation(rng=rng(), draws=10_000))
    assert wide.lost == pytest.approx(1587, abs=120)  # below 0: a normal beyond one error
    assert len(wide.estimates) == 10_000 - wide.lost
    assert (wide.estimates >= 0).all()
    covariance = np.diag([0.0, 0, 0, 1, 0, 0])
    few = draw(table(covariance=covariance), Simulation(rng=rng(), draws=10_000))
    assert few.lost == pytest.approx(1587, abs=120)
    assert (few.sizes >= 0).all()


def test_group_without_error_is_the_same_in_all_draws():
    found = draw(table(std_errors=[0.01, 0, 0.02]), Simulation(rng=rng(), draws=50))
    assert (found.estimates[:, 1] == 0.5).all()


@pytest.mark.parametrize("given", [{}, {"std_errors": [0.1, np.nan, 0.1]}])
def test_table_without_all_errors_cannot_be_drawn(given):
    assert draw(table(**given), Simulation(rng=rng())) is None


def test_same_seed_draws_the_same():
    one, same = (
        draw(table(std_errors=[0.1, 0.1, 0.1]), Simulation(rng=rng(seed), draws=9))
        for seed in (1, 1)
    )
    assert one.estimates.tolist() == same.estimates.tolist()


def test_draws_give_error_and_quantiles():
    drawn = module.Draws(estimates=np.array([[0.0, n] for n in range(1, 6)]), sizes=None, lost=0)
    found = by_draws(gap, drawn, np.ones(2), 0.5)
    assert (found.low, found.high) == (2, 4)
    assert found.std_error == pytest.approx(np.std([1, 2, 3, 4, 5], ddof=1))
    assert (found.how, found.caution) == ("simulation", None)


def test_draws_without_a_value_are_counted():
    drawn = module.Draws(estimates=np.array([[0, 1], [0, 2], [0, np.nan]]), sizes=None, lost=5)
    found = by_draws(gap, drawn, None, 0.5)
    words = "6 of 8 draws left out: outside the scale or without a value"
    assert found.caution == words
    assert found.std_error == pytest.approx(np.sqrt(0.5))
    few = module.Draws(estimates=np.array([[0.0, 1.0]]), sizes=None, lost=7)
    assert by_draws(gap, few, None, 0.5).how == "none"
    assert by_draws(gap, few, None, 0.5).caution.startswith("7 of 8")


def test_draws_of_sizes_reach_the_measure():
    drawn = module.Draws(
        estimates=np.zeros((2, 2)), sizes=np.array([[1.0, 1.0], [1.0, 3.0]]), lost=0
    )
    found = by_draws(lambda _, sizes: sizes[:, 1], drawn, np.ones(2), 0.5)
    assert found.std_error == pytest.approx(np.sqrt(2))


def test_too_few_draws_are_refused():
    with pytest.raises(ValueError, match="draws: found 1, expected at least 2"):
        Simulation(rng=rng(), draws=1)


# ------------------------------------------------------------------------------- replicates

ESTIMATES = np.array([[0.0, 1.0], [0.0, 3.0], [0.0, 8.0]])


@pytest.mark.parametrize(
    ("given", "variance"),
    [
        ({}, 2 * (1 + 1 + 36)),
        ({"centre": "mean"}, 2 * (9 + 1 + 16)),
        ({"rscales": [1, 0.5, 0]}, 2 * (1 + 0.5)),
        ({"rscales": [1, 0.5, 0], "centre": "mean"}, 2 * (1 + 0.5)),
    ],
)
def test_replicates_by_hand(given, variance):
    route = ReplicateGroups(estimates=ESTIMATES, scale=2.0, **given)
    error, caution = by_replicates(gap, None, 2.0, route)
    assert error == pytest.approx(np.sqrt(variance))
    assert caution is None


def test_replicates_bring_their_sizes_or_take_those_of_the_table():
    sizes = [[1, 1], [1, 3], [1, 8]]
    route = ReplicateGroups(estimates=ESTIMATES, sizes=sizes, scale=1.0)
    assert by_replicates(lambda _, sizes: sizes[:, 1], np.ones(2), 1.0, route)[0] == np.sqrt(53)
    still = ReplicateGroups(estimates=ESTIMATES, scale=1.0)
    assert by_replicates(lambda _, sizes: sizes[:, 1], np.ones(2), 1.0, still)[0] == 0


def test_replicate_without_a_value_leaves_no_error():
    estimates = ESTIMATES.copy()
    estimates[1, 0] = np.nan
    error, caution = by_replicates(gap, None, 2.0, ReplicateGroups(estimates=estimates, scale=1))
    assert np.isnan(error)
    assert caution == "1 of 3 replicates without a value of this measure"
    without = ReplicateGroups(estimates=estimates, scale=1, rscales=[1, 0, 1])
    assert by_replicates(gap, None, 2.0, without)[0] == pytest.approx(np.sqrt(1 + 36))
    none = ReplicateGroups(estimates=estimates, scale=1, rscales=[0, 0, 0])
    assert by_replicates(gap, None, 2.0, none)[1].startswith("0 of 0 replicates")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"estimates": [1, 2]}, "found shape (2,), expected (replicates, groups)"),
        ({"estimates": np.ones((0, 2))}, "found shape (0, 2), expected (replicates, groups)"),
        ({"sizes": [[1, 2]]}, "sizes: found shape (1, 2), expected (3, 2)"),
        ({"rscales": [1, 1]}, "rscales: expected 3 numbers of 0 or more"),
        ({"rscales": [1, 1, -1]}, "rscales: expected 3 numbers of 0 or more"),
        ({"rscales": [1, 1, np.nan]}, "rscales: expected 3 numbers of 0 or more"),
        ({"scale": -1}, "scale: found -1, expected 0 or more"),
    ],
)
def test_replicates_that_do_not_fit_are_refused(given, words):
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        ReplicateGroups(**({"estimates": ESTIMATES, "scale": 1} | given))


# ------------------------------------------------------------------------------- many versions


def test_blocks_do_not_change_measures(monkeypatch):
    y, sizes = rng().normal(size=(7, 3)), rng(6).uniform(size=(7, 3))
    whole = measured(lambda y, sizes: np.sum(y * sizes, axis=1), y, sizes)
    monkeypatch.setattr(module, "BLOCK", 6)
    assert measured(lambda y, sizes: np.sum(y * sizes, axis=1), y, sizes).tolist() == whole.tolist()


def test_version_with_a_gap_has_no_measure():
    found = measured(lambda y, _: np.nanmax(y, axis=1), np.array([[1.0, np.nan], [1, 2]]), None)
    np.testing.assert_array_equal(found, [np.nan, 2])
