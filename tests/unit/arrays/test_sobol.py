import re

import numpy as np
import pytest

from everycount.arrays import sobol as module
from everycount.arrays.sobol import Sobol, sobol

FIELDS = ("first", "first_low", "first_high", "total", "total_low", "total_high", "variance")


def rng(seed=7):
    return np.random.default_rng(seed)


def results(model, factors, draws, *, low=0.0, high=1.0, seed=7):
    """Results of A, B and AB of a model of independent uniform factors."""
    a, b = rng(seed).uniform(low, high, (2, draws, factors))
    mixed = []
    for factor in range(factors):
        swapped = a.copy()
        swapped[:, factor] = b[:, factor]
        mixed.append(model(swapped))
    return model(a), model(b), np.array(mixed)


def ishigami(x):
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def sobol_g(x, a=(0.0, 1.0, 4.5, 9.0, 99.0)):
    return np.prod((np.abs(4 * x - 2) + a) / (1 + np.array(a)), axis=1)


def linear(x):
    return x @ np.array([4.0, 2.0, 1.0, 0.0])


# -------------------------------------------------------------- against known values


def test_ishigami_has_the_indices_known_for_it():
    # Ishigami and Homma (1990), a = 7, b = 0.1: variances of the parts by integration.
    v1, v2, v13 = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8, 0.01 * np.pi**8 * (1 / 18 - 1 / 50)
    v = v1 + v2 + v13
    found = sobol(*results(ishigami, 3, 40_000, low=-np.pi, high=np.pi), resamples=1, rng=rng())
    np.testing.assert_allclose(found.first, [v1 / v, v2 / v, 0], atol=0.02)
    np.testing.assert_allclose(found.total, [(v1 + v13) / v, v2 / v, v13 / v], atol=0.02)
    assert found.variance == pytest.approx(v, rel=0.02)


def test_sobol_g_has_the_indices_known_for_it():
    # Saltelli et al. (2010), section 4: V_i = 1 / 3 / (1 + a_i)^2, V = prod(1 + V_i) - 1.
    parts = 1 / 3 / (1 + np.array([0.0, 1.0, 4.5, 9.0, 99.0])) ** 2
    v = np.prod(1 + parts) - 1
    found = sobol(*results(sobol_g, 5, 40_000), resamples=1, rng=rng())
    np.testing.assert_allclose(found.first, parts / v, atol=0.02)
    np.testing.assert_allclose(found.total, parts * np.prod(1 + parts) / (1 + parts) / v, atol=0.02)


def test_additive_function_has_equal_first_and_total_indices():
    found = sobol(*results(linear, 4, 40_000), resamples=1, centre="mean", rng=rng())
    shares = np.array([16, 4, 1, 0]) / 21
    np.testing.assert_allclose(found.first, shares, atol=0.02)
    np.testing.assert_allclose(found.total, shares, atol=0.02)
    assert found.total[3] == 0


def test_indices_by_hand_divide_by_one_less_than_all_results_of_a_and_b():
    # Var of (1, 2, 3, 6) with n - 1 is 14 / 3; first (3 * 1 + 6 * 2) / 2; total (1 + 4) / 4.
    found = sobol([1, 2], [3, 6], [[2, 4]], rng=rng())
    assert found.variance == pytest.approx(14 / 3)
    assert found.first == pytest.approx([7.5 / (14 / 3)])
    assert found.total == pytest.approx([1.25 / (14 / 3)])


# -------------------------------------------------------------- estimates as they are


def test_negative_estimate_is_returned_as_it_is():
    found = sobol([1, 2, 3], [1, 2, 4], [[1, 2, 2]], rng=rng())
    assert found.first[0] < 0
    assert found.first_low[0] < 0
    assert found.total[0] > 0


def test_centre_takes_the_error_of_a_large_mean_away():
    a, b, ab = results(linear, 4, 500)
    far = 1_000.0
    near, shifted = (sobol(a + c, b + c, ab + c, resamples=1, rng=rng()) for c in (0.0, far))
    centred = [
        sobol(a + c, b + c, ab + c, resamples=20, centre="mean", rng=rng()) for c in (0.0, far)
    ]
    for name in FIELDS:
        np.testing.assert_allclose(*(getattr(s, name) for s in centred), rtol=1e-6, atol=1e-9)
    shares = np.array([16, 4, 1, 0]) / 21
    assert np.abs(centred[1].first - shares).max() < 0.1
    assert np.abs(shifted.first - shares).max() > 1
    np.testing.assert_allclose(near.total, shifted.total, rtol=1e-9)


def test_target_without_variance_has_no_indices_and_leaves_others_alone():
    a, b, ab = results(linear, 4, 50)
    still = np.full(50, 0.1 + 0.2)
    still[1] = 0.3  # differs by rounding only
    both = sobol(
        np.column_stack([a, still]),
        np.column_stack([b, still]),
        np.stack([ab, np.broadcast_to(still, (4, 50))], axis=2),
        rng=rng(),
    )
    alone = sobol(a, b, ab, rng=rng())
    assert both.variance[1] == 0
    for name in FIELDS[:-1]:
        assert np.isnan(getattr(both, name)[:, 1]).all()
        np.testing.assert_allclose(getattr(both, name)[:, 0], getattr(alone, name), rtol=1e-12)


def test_resamples_without_variance_are_left_out_of_the_interval():
    # A quarter of the resamples of four draws lack the only draw that differs.
    found = sobol([0, 0, 0, 1], [0, 0, 0, 0], [[0, 0, 0, 0]], resamples=200, rng=rng())
    for name in FIELDS:
        assert np.isfinite(getattr(found, name)).all()
    assert found.total_low[0] > 0


# -------------------------------------------------------------- intervals


@pytest.mark.parametrize("centre", ["zero", "mean"])
def test_interval_covers_the_known_index_as_often_as_it_says(centre):
    shares = np.array([16, 4, 1, 0]) / 21
    inside = np.zeros((2, 4))
    for seed in range(60):
        draws = results(linear, 4, 200, low=-1, seed=seed)
        s = sobol(*draws, resamples=200, centre=centre, rng=rng(seed))
        inside += [
            (s.first_low <= shares) & (shares <= s.first_high),
            (s.total_low <= shares) & (shares <= s.total_high),
        ]
    assert (inside / 60 > 0.78).all()
    assert (inside[:, :3] / 60 < 0.99).all()


def test_interval_is_of_quantiles_over_resampled_rows():
    a, b, ab = (y[..., :40] for y in results(linear, 4, 40))
    found = sobol(a, b, ab, resamples=30, level=0.5, rng=rng(3))
    seed = int(rng(3).integers(2**63))
    picked = np.random.default_rng(seed).integers(40, size=(30, 40))
    first, total = [], []
    for rows in picked:
        y = np.concatenate([a[rows], b[rows]])
        first.append((b[rows] * (ab[:, rows] - a[rows])).mean(axis=1) / y.var(ddof=1))
        total.append(((ab[:, rows] - a[rows]) ** 2).mean(axis=1) / 2 / y.var(ddof=1))
    for name, values in (("first", first), ("total", total)):
        ends = np.quantile(values, [0.25, 0.75], axis=0)
        np.testing.assert_allclose(getattr(found, f"{name}_low"), ends[0], rtol=1e-9)
        np.testing.assert_allclose(getattr(found, f"{name}_high"), ends[1], rtol=1e-9)


def test_same_rng_gives_the_same_and_another_a_near_interval():
    draws = results(linear, 4, 300)
    one, same, other = (sobol(*draws, rng=rng(seed)) for seed in (1, 1, 2))
    for name in FIELDS:
        assert getattr(one, name).tolist() == getattr(same, name).tolist()
    assert one.first_low.tolist() != other.first_low.tolist()
    np.testing.assert_allclose(one.first_low, other.first_low, atol=0.1)


def test_blocks_do_not_change_the_figures(monkeypatch):
    a, b = rng().normal(size=(2, 30, 5))
    ab = rng(8).normal(size=(3, 30, 5))
    whole = sobol(a, b, ab, resamples=25, rng=rng())
    monkeypatch.setattr(module, "BLOCK", 200)
    parts = sobol(a, b, ab, resamples=25, rng=rng())
    for name in FIELDS:
        np.testing.assert_allclose(getattr(parts, name), getattr(whole, name), rtol=1e-12)


# -------------------------------------------------------------- shapes and refusals


def shapes(found: Sobol):
    return [getattr(found, name).shape for name in FIELDS]


def test_shapes_follow_the_targets():
    a, b, ab = results(linear, 4, 20)
    assert shapes(sobol(a, b, ab, rng=rng())) == [(4,)] * 6 + [()]
    columns = (a[:, None], b[:, None], ab[:, :, None])
    assert shapes(sobol(*columns, rng=rng())) == [(4, 1)] * 6 + [(1,)]


def test_failed_draws_are_refused_and_counted():
    a, b, ab = rng().normal(size=(10, 2)), np.ones((10, 2)), np.ones((3, 10, 2))
    a[[1, 2]] = np.nan
    b[0, 1] = np.inf
    ab[:, 5, 0] = np.nan
    wanted = "found 6 failed draws of 50 (2 in A, 1 in B, 3 in AB), expected a finite result"
    with pytest.raises(ValueError, match=re.escape(wanted)):
        sobol(a, b, ab, rng=rng())


@pytest.mark.parametrize(
    ("a", "b", "ab"),
    [
        (np.ones(5), np.ones(4), np.ones((2, 5))),
        (np.ones(5), np.ones(5), np.ones((2, 4))),
        (np.ones(5), np.ones(5), np.ones(5)),
        (np.ones(5), np.ones(5), np.ones(())),
        (np.ones(()), np.ones(()), np.ones(2)),
        (np.ones((2, 2, 2)), np.ones((2, 2, 2)), np.ones((1, 2, 2, 2))),
    ],
)
def test_shapes_that_do_not_fit_are_refused(a, b, ab):
    with pytest.raises(ValueError, match=r"found shapes .* after a first axis of factors"):
        sobol(a, b, ab, rng=rng())


@pytest.mark.parametrize(
    ("shape", "factors", "words"),
    [
        ((1,), 1, "1 draws, 1 factors and 1 targets"),
        ((5,), 0, "5 draws, 0 factors and 1 targets"),
        ((5, 0), 1, "5 draws, 1 factors and 0 targets"),
        ((0,), 1, "0 draws, 1 factors and 0 targets"),
    ],
)
def test_too_little_is_refused(shape, factors, words):
    with pytest.raises(ValueError, match=f"found {words}, expected at least 2, 1 and 1"):
        sobol(np.ones(shape), np.ones(shape), np.ones((factors, *shape)), rng=rng())


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"resamples": 0}, "resamples: found 0, expected at least 1"),
        ({"level": 1.0}, "level: found 1.0, expected a share between 0 and 1"),
        ({"level": 0.0}, "level: found 0.0"),
    ],
)
def test_settings_outside_their_domain_are_refused(setting, words):
    with pytest.raises(ValueError, match=words):
        sobol([1, 2], [3, 6], [[2, 4]], rng=rng(), **setting)
