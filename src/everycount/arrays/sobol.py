"""Sobol: how much of the variance of a result each factor brings, alone and with the others."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

BLOCK: Final = 2_000_000
"""Numbers in the largest array at a time, 16 MB; measured, not critical."""
ROUNDING: Final = 1e-12
"""Results that differ by no more than this share of their size are equal: some thousand times the
spacing of doubles (IEEE 754), which is what a few hundred additions may lose."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sobol:
    """Indices with bootstrap intervals, shares of the variance; (d, T), or (d,) of one target.

    `variance` is that of all results of A and B in the unit of the target squared; (T,) or ().
    """

    first: Array
    first_low: Array
    first_high: Array
    total: Array
    total_low: Array
    total_high: Array
    variance: Array


def sobol(
    a: ArrayLike,
    b: ArrayLike,
    ab: ArrayLike,
    *,
    resamples: int = 500,
    level: float = 0.90,
    centre: Literal["zero", "mean"] = "zero",
    rng: np.random.Generator,
) -> Sobol:
    """Estimate first-order and total indices of independent factors from results of a model.

    The first-order index is ``mean(yB * (yAB - yA)) / V``, the total index
    ``mean((yA - yAB)**2) / (2 * V)``. V is the variance of the 2N results of A and B together with
    2N - 1 in the denominator, as in R and COINr; SALib divides by 2N. Estimates below 0 or above 1
    are sampling error and are returned as they are.

    Parameters
    ----------
    a, b : array_like, shape (N,) or (N, T)
        Results of N draws of two independent base samples for T targets, each in its own unit.
    ab : array_like, shape (d, N) or (d, N, T)
        Results of the draws of A with factor i taken from B, for each of d factors.
    resamples : int
        Bootstrap samples of the N base draws; a draw keeps its results of A, B and AB together.
    level : float
        Share of the bootstrap estimates inside the interval, in equal tails.
    centre : {"zero", "mean"}
        What the results are counted from. The first-order numerator depends on it in a finite
        sample, the total index and V do not. "zero" is the formula as it stands and COINr's;
        "mean" (of A and B, each target its own) has a much smaller error where the mean is large
        beside the standard deviation, as with the rank of one unit, and is near to what SALib does.
    rng : numpy.random.Generator
        Draws the bootstrap samples, the same for all targets.

    Returns
    -------
    Sobol
        Fields of shape (d, T), or (d,) if `a` has one dimension. NaN for a target that does not
        vary between A and B; resamples in which it does not are left out of its interval.

    Raises
    ------
    ValueError
        If shapes do not fit, there are fewer than 2 draws or no factor, a setting is outside its
        domain, or a result is NaN or infinite: a failed draw cannot be left out without breaking
        the design, so failed draws are counted and refused.

    References
    ----------
    .. [1] Saltelli, A. et al. (2010), Variance based sensitivity analysis of model output. Design
       and estimator for the total sensitivity index, Computer Physics Communications 181, 259-270,
       table 2, (b) and (f).
    .. [2] Jansen, M. J. W. (1999), Analysis of variance designs for model output, Computer Physics
       Communications 117, 35-43.
    .. [3] Archer, G. E. B., Saltelli, A. and Sobol, I. M. (1997), Sensitivity measures, ANOVA-like
       techniques and the use of bootstrap, Journal of Statistical Computation and Simulation 58,
       99-120.
    .. [4] Sobol, I. M. (2001), Global sensitivity indices for nonlinear mathematical models and
       their Monte Carlo estimates, Mathematics and Computers in Simulation 55, 271-280, on taking
       off the mean.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> one, two = rng.uniform(-1, 1, (2, 4000, 2))
    >>> swapped = [np.column_stack([two[:, 0], one[:, 1]]), np.column_stack([one[:, 0], two[:, 1]])]
    >>> model = lambda x: 2 * x[:, 0] + x[:, 1]
    >>> found = sobol(model(one), model(two), [model(x) for x in swapped], rng=rng)
    >>> found.first.round(1), found.total.round(1)
    (array([0.8, 0.2]), array([0.8, 0.2]))
    """
    _check_settings(resamples, level)
    one, two, mixed = (np.asarray(y, float) for y in (a, b, ab))
    _check_results(one, two, mixed)
    is_single = one.ndim == 1
    if is_single:
        one, two, mixed = one[:, None], two[:, None], mixed[:, :, None]
    seed = int(rng.integers(2**63))
    width = max(1, BLOCK // max(mixed.shape[0] * mixed.shape[1], mixed.shape[0] * resamples))
    parts = []
    for start in range(0, one.shape[1], width):
        columns = slice(start, start + width)
        samples = _bootstrap(len(one), resamples, seed)
        block = (one[:, columns], two[:, columns], mixed[:, :, columns])
        parts.append(_estimate(block, samples, level=level, centre=centre))
    joined = [np.concatenate(part, axis=-1) for part in zip(*parts, strict=True)]
    first, first_low, first_high, total, total_low, total_high, variance = (
        value[..., 0] if is_single else value for value in joined
    )
    return Sobol(
        first=first,
        first_low=first_low,
        first_high=first_high,
        total=total,
        total_low=total_low,
        total_high=total_high,
        variance=variance,
    )


def _check_settings(resamples: int, level: float) -> None:
    if resamples < 1:
        raise ValueError(f"resamples: found {resamples}, expected at least 1")
    if not 0 < level < 1:
        raise ValueError(f"level: found {level}, expected a share between 0 and 1")


def _check_results(a: Array, b: Array, ab: Array) -> None:
    """Refuse results that do not fit together, and failed draws."""
    if a.ndim not in {1, 2} or b.shape != a.shape or ab.shape != (*ab.shape[:1], *a.shape):
        raise ValueError(
            f"found shapes {a.shape}, {b.shape} and {ab.shape}, "
            "expected a and b (N,) or (N, T), and ab the same after a first axis of factors"
        )
    if len(a) < 2 or not len(ab) or not a.size:
        raise ValueError(
            f"found {len(a)} draws, {len(ab)} factors and {a.size // max(len(a), 1)} targets, "
            "expected at least 2, 1 and 1"
        )
    finite = [np.isfinite(y).reshape(-1, a[0].size).all(axis=1) for y in (a, b, ab)]
    failed = [int((~passed).sum()) for passed in finite]
    if any(failed):
        draws = sum(passed.size for passed in finite)
        raise ValueError(
            f"found {sum(failed)} failed draws of {draws} ({failed[0]} in A, {failed[1]} in B, "
            f"{failed[2]} in AB), expected a finite result for every draw"
        )


def _bootstrap(draws: int, resamples: int, seed: int) -> Iterator[Array]:
    """Yield how often each draw is in each bootstrap sample, (some resamples, draws)."""
    rng = np.random.default_rng(seed)
    rows = max(1, BLOCK // draws)
    for start in range(0, resamples, rows):
        count = min(rows, resamples - start)
        picked = rng.integers(draws, size=(count, draws))
        picked += np.arange(0, count * draws, draws)[:, None]
        counts = np.bincount(picked.ravel(), minlength=count * draws)
        yield counts.reshape(count, draws).astype(float)


def _estimate(
    results: tuple[Array, Array, Array],
    samples: Iterator[Array],
    *,
    level: float,
    centre: Literal["zero", "mean"],
) -> tuple[Array, ...]:
    """Return the seven fields of a block of targets."""
    a, b, ab = results
    n, factors = len(a), len(ab)
    both = np.concatenate([a, b])
    middle = both.mean(axis=0)
    variance = both.var(axis=0, ddof=1)
    variance[np.ptp(both, axis=0) <= ROUNDING * np.abs(both).max(axis=0)] = 0.0
    from_b = b - middle if centre == "mean" else b
    change = ab - a
    # One row for each draw, so that a product with the counts of a resample sums over draws.
    products = np.moveaxis(np.concatenate([from_b * change, change**2 / 2]), 1, 0).reshape(n, -1)
    first, total = _indices(products.sum(axis=0, keepdims=True), n, variance[None], factors)
    shifted = (a - middle, b - middle)  # a variance by sums loses digits far from zero
    sums, squares = shifted[0] + shifted[1], shifted[0] ** 2 + shifted[1] ** 2
    drawn = []
    for counts in samples:
        spread = (counts @ squares - (counts @ sums) ** 2 / (2 * n)) / (2 * n - 1)
        spread[(spread <= ROUNDING * variance) | (variance == 0)] = 0.0
        drawn.append(_indices(counts @ products, n, spread, factors))
    tails = ((1 - level) / 2, (1 + level) / 2)
    first_ends, total_ends = (
        _quantiles(np.concatenate(part), tails) for part in zip(*drawn, strict=True)
    )
    return first[0], *first_ends, total[0], *total_ends, variance


def _indices(sums: Array, n: int, variance: Array, factors: int) -> tuple[Array, Array]:
    """Return first-order and total indices, (rows, factors, targets); NaN without variance."""
    shares = np.full((len(sums), 2 * factors, variance.shape[1]), np.nan)
    numerators = sums.reshape(shares.shape) / n
    spread = np.broadcast_to(variance[:, None], shares.shape)
    np.divide(numerators, spread, out=shares, where=spread > 0)
    return shares[:, :factors], shares[:, factors:]


def _quantiles(values: Array, shares: tuple[float, float]) -> tuple[Array, Array]:
    """Return quantiles over the first axis by linear interpolation (R's type 7), NaN left out."""
    ordered = np.sort(values, axis=0)  # NaN sorts last
    last = np.maximum((~np.isnan(values)).sum(axis=0) - 1, 0)
    ends = []
    for share in shares:
        below = np.floor(last * share).astype(int)
        above = np.minimum(below + 1, last)
        low, high = (np.take_along_axis(ordered, k[None], 0)[0] for k in (below, above))
        ends.append(low + (high - low) * (last * share - below))
    return ends[0], ends[1]
