"""What holds for every interval of a share and every quantile, whatever the survey."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from everycount.arrays.interval import ProportionMethod, proportion_interval
from everycount.arrays.quantile import Rule, quantile
from everycount.arrays.quantile_interval import quantile_interval

METHODS = get_args(ProportionMethod)
BOUNDED = tuple(name for name in METHODS if name not in {"normal", "t"})
RULES = get_args(Rule)
STEPS = ("math", "hf1", "school", "hf2", "hf3")  # no rule of these looks at single weights

SHARES = st.integers(1, 999).map(lambda k: k / 1000)
ROWS = st.integers(2, 100_000)
LEVELS = st.integers(50, 99).map(lambda k: k / 100)
DESIGN_EFFECTS = st.integers(1, 400).map(lambda k: k / 20)
SEEDS = st.integers(0, 2**32 - 1)


@st.composite
def cells(draw):
    """A share with the error that a design effect gives it, of a survey that can be."""
    p, n, effect = draw(SHARES), draw(ROWS), draw(DESIGN_EFFECTS)
    df = draw(st.integers(1, n - 1))
    return {"estimate": p, "std_error": np.sqrt(effect * p * (1 - p) / n), "n": n, "df": df}


def mirrored(cell):
    return {**cell, "estimate": 1 - cell["estimate"]}


@pytest.mark.parametrize("method", METHODS)
@given(cell=cells(), one=LEVELS, other=LEVELS)
def test_a_higher_level_never_gives_a_narrower_interval(method, cell, one, other):
    inner = proportion_interval(method, **cell, level=min(one, other))
    outer = proportion_interval(method, **cell, level=max(one, other))
    slack = 1e-12
    assert outer[0] <= inner[0] + slack
    assert inner[1] <= outer[1] + slack


@pytest.mark.parametrize("method", METHODS)
@given(cell=cells(), level=LEVELS)
def test_an_interval_holds_its_estimate(method, cell, level):
    low, high = proportion_interval(method, **cell, level=level)
    assert low <= cell["estimate"] <= high


@pytest.mark.parametrize("method", BOUNDED)
@given(cell=cells(), level=LEVELS)
def test_limits_on_a_bounded_scale_are_shares(method, cell, level):
    low, high = proportion_interval(method, **cell, level=level)
    assert 0 <= low <= high <= 1


@pytest.mark.parametrize("method", METHODS)
@given(cell=cells(), level=LEVELS)
def test_those_with_and_those_without_have_mirrored_limits(method, cell, level):
    low, high = proportion_interval(method, **cell, level=level)
    without = proportion_interval(method, **mirrored(cell), level=level)
    np.testing.assert_allclose(without, [1 - high, 1 - low], rtol=1e-9, atol=1e-12)


@given(n=ROWS, level=LEVELS, sure=st.sampled_from([0.0, 1.0]))
def test_sure_shares_are_surer_of_more_rows(n, level, sure):
    given_ = {"estimate": sure, "std_error": 0.0, "df": 9, "level": level}
    for method in BOUNDED[2:]:
        low, high = proportion_interval(method, **given_, n=[n, n + 1])
        assert high[1] - low[1] < high[0] - low[0] <= 1


@given(cell=cells(), level=LEVELS)
def test_korn_graubard_is_never_narrower_than_beta(cell, level):
    capped = proportion_interval("korn-graubard", **cell, level=level)
    loose = proportion_interval("beta", **cell, level=level)
    assert capped[0] <= loose[0] + 1e-12
    assert capped[1] >= loose[1] - 1e-12


# -------------------------------------------------------------- quantiles


@st.composite
def samples(draw):
    """Values with ties, weights with a few zeros, and probabilities; at least two rows count."""
    n = draw(st.integers(2, 40))
    rng = np.random.default_rng(draw(SEEDS))
    values = rng.integers(-8, 8, n) / 2
    weights = rng.choice([0.0, 0.5, 1, 1.25, 3, 30.97], n)
    assume(np.count_nonzero(weights) > 1)
    return values, weights, np.sort(rng.choice([0.1, 0.25, 0.5, 0.75, 0.9, rng.uniform()], 4))


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "shahvaish"])
@given(sample=samples())
def test_quantiles_rise_with_the_probability(rule, sample):
    assert (np.diff(quantile(*sample, rule=rule)) >= -1e-12).all()


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "hf4"])
@given(sample=samples())
def test_quantiles_are_within_the_values(rule, sample):
    values, weights, _ = sample
    own = values[weights > 0]
    found = quantile(*sample, rule=rule)
    assert ((own.min() - 1e-12 <= found) & (found <= own.max() + 1e-12)).all()


@pytest.mark.parametrize("rule", STEPS)
@given(sample=samples(), seed=SEEDS)
def test_the_order_of_rows_is_irrelevant(rule, sample, seed):
    values, weights, p = sample
    order = np.random.default_rng(seed).permutation(values.size)
    mixed = quantile(values[order], weights[order], p, rule=rule)
    np.testing.assert_array_equal(mixed, quantile(values, weights, p, rule=rule))


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "shahvaish"])
@given(sample=samples(), power=st.integers(-20, 20))
def test_the_unit_of_weights_is_irrelevant(rule, sample, power):
    values, weights, p = sample
    scaled = quantile(values, weights * 2.0**power, p, rule=rule)
    np.testing.assert_array_equal(scaled, quantile(values, weights, p, rule=rule))


@pytest.mark.parametrize("rule", RULES)
@given(sample=samples(), shift=st.integers(-100, 100), power=st.integers(-8, 8))
def test_the_unit_of_values_is_carried_over(rule, sample, shift, power):
    values, weights, p = sample
    moved = quantile((values + shift) * 2.0**power, weights, p, rule=rule)
    plain = quantile(values, weights, p, rule=rule)
    np.testing.assert_allclose(moved, (plain + shift) * 2.0**power, rtol=1e-9, atol=1e-9)


@given(sample=samples(), error=st.integers(1, 40).map(lambda k: k / 100), level=LEVELS)
def test_what_the_test_accepts_holds_the_estimate(sample, error, level):
    values, weights, p = sample
    found = quantile_interval(
        values,
        weights,
        p,
        std_error_of=lambda flags: error,
        df=7,
        kind="francisco-fuller",
        level=level,
    )
    held = ~np.isnan(found.low)
    assert (found.low[held] <= found.estimate[held]).all()
    held = ~np.isnan(found.high)
    assert (found.high[held] >= found.estimate[held]).all()
