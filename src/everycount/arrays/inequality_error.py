"""Inequality error: how far a measure of groups may be off, in three ways."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from everycount.arrays.disparity import Versions
from everycount.arrays.group_table import GroupTable
from everycount.arrays.replicate import Centre, replicate_covariance

Array = NDArray[np.float64]

How = Literal["delta", "exact", "replicates", "simulation", "none"]

TINY: Final = 1e-30
"""The imaginary step: so small that its square is lost beside any estimate, and unlike a real
step it takes no digits from the derivative however small it is (Squire and Trapp, 1998)."""
BLOCK: Final = 2_000_000
"""Numbers in the largest array at a time, 32 MB of complex ones; not critical."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """Take errors from the covariance of the table by the delta method.

    Derivatives of the measure by estimates, and by sizes where the table has their covariance, are
    exact to rounding: they come from a complex step. Where a measure picks a group or a side of the
    mean, the derivative holds for the pick that was made; a caution is given where another pick is
    within the error. The between-group variance has its exact error for normal estimates, where
    sizes are known.

    References
    ----------
    .. [1] Squire, W. and Trapp, G. (1998), Using complex variables to estimate derivatives of real
       functions, SIAM Review 40, 110-112.
    .. [2] Ahn, J. et al. (2018), Variance estimation and confidence intervals for 11 commonly used
       health disparity measures, JCO Clinical Cancer Informatics 2, 1-19.
    """


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Simulation:
    """Draw normal estimates with the covariance of the table, and measure every draw.

    The standard error is that of the draws, the interval lies between their quantiles. Draws with
    an estimate outside the table's scale, or a size below 0, are left out and counted. A measure of
    distance is greater in draws than in the table, as noise adds to it; the interval shows that and
    does not take it away, as in WHO's tools.

    Parameters
    ----------
    rng : numpy.random.Generator
        All measures of one call share its draws. State its seed beside the result.
    draws : int
        WHO's tools take 100, of which the ends of an interval are uncertain.
    """

    rng: np.random.Generator
    draws: int = 10_000

    def __post_init__(self) -> None:
        if self.draws < 2:
            raise ValueError(f"draws: found {self.draws}, expected at least 2")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReplicateGroups:
    """Measure every replicate of the survey.

    The variance is ``scale * sum(rscales * (measure - centre)**2)``. It knows that sizes are
    estimated and that picks change. The jackknife does not suit measures that pick a group or a
    side; bootstrap and balanced half samples do.

    Parameters
    ----------
    estimates : array_like, shape (replicates, groups)
    scale : float
    sizes : array_like, shape (replicates, groups), optional
        Left out, the sizes of the table are taken as known.
    rscales : array_like, shape (replicates,), optional
        1 where left out; replicates with 0 do not count.
    centre : {"full", "mean"}
        Whether deviations are from the measure of the table (R's ``mse = TRUE``) or from the mean
        of the replicates.
    """

    estimates: ArrayLike
    scale: float
    sizes: ArrayLike | None = None
    rscales: ArrayLike | None = None
    centre: Centre = "full"

    def __post_init__(self) -> None:
        estimates = np.asarray(self.estimates, float)
        if estimates.ndim != 2 or not len(estimates):
            raise ValueError(f"found shape {estimates.shape}, expected (replicates, groups)")
        sizes = None if self.sizes is None else np.asarray(self.sizes, float)
        if sizes is not None and sizes.shape != estimates.shape:
            raise ValueError(f"sizes: found shape {sizes.shape}, expected {estimates.shape}")
        given = np.ones(len(estimates)) if self.rscales is None else self.rscales
        rscales = np.asarray(given, float)
        if rscales.shape != estimates.shape[:1] or not ((rscales >= 0) & (rscales < np.inf)).all():
            raise ValueError(f"rscales: expected {len(estimates)} numbers of 0 or more")
        if not 0 <= self.scale < np.inf:
            raise ValueError(f"scale: found {self.scale}, expected 0 or more")
        for name, value in (("estimates", estimates), ("sizes", sizes), ("rscales", rscales)):
            object.__setattr__(self, name, value)


Route = Delta | Simulation | ReplicateGroups


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """What a route says of a measure: standard error and interval in its unit, NaN if unknown."""

    how: How
    std_error: float = np.nan
    low: float = np.nan
    high: float = np.nan
    caution: str | None = None


def derivatives(measure: Versions, estimates: Array, sizes: Array | None) -> Array:
    """Return the derivatives of a measure by every estimate and then by every size.

    Returns
    -------
    ndarray, shape (inputs, ...)
        The inputs are groups, or twice as many where there are sizes; NaN where the measure has no
        derivative.

    Examples
    --------
    >>> product = lambda y, sizes: y[:, 0] * y[:, 1]
    >>> derivatives(product, np.array([2.0, 3.0]), None)
    array([3., 2.])
    """
    groups = len(estimates)
    inputs = estimates if sizes is None else np.concatenate([estimates, sizes])
    rows = max(1, BLOCK // max(1, len(inputs)))
    found = []
    for start in range(0, len(inputs), rows):
        moved = np.arange(start, min(start + rows, len(inputs)))
        versions: NDArray[np.complex128] = np.tile(inputs.astype(complex), (len(moved), 1))
        versions[np.arange(len(moved)), moved] += TINY * 1j
        with np.errstate(all="ignore"):
            result = measure(versions[:, :groups], None if sizes is None else versions[:, groups:])
        # A value without a derivative is a real NaN, whose imaginary part is 0.
        found.append(np.where(np.isnan(result.real), np.nan, result.imag / TINY))
    return np.concatenate(found)


def delta_errors(by_input: Array, covariance: Array) -> Array:
    """Return the standard errors of measures with these derivatives.

    Parameters
    ----------
    by_input : ndarray, shape (inputs, measures)
    covariance : ndarray, shape (inputs, inputs)
        Of the first inputs, if it is smaller; the others are taken as known.

    Returns
    -------
    ndarray, shape (measures,)
        NaN where a measure depends on an input whose variance is not known, or has no derivative by
        one that is uncertain.

    Examples
    --------
    >>> delta_errors(np.array([[1.0], [-1.0]]), np.diag([9.0, 16.0]))
    array([5.])
    """
    by_input = by_input[: len(covariance)]
    certain = np.diag(covariance) == 0
    by_input = np.where(certain[:, None], 0.0, by_input)
    counts = (by_input != 0).astype(float)
    lost = np.sum(counts * (np.isnan(covariance).astype(float) @ counts), axis=0) > 0
    squares = np.sum(by_input * (np.nan_to_num(covariance) @ by_input), axis=0)
    errors: Array = np.where(lost, np.nan, np.sqrt(np.maximum(squares, 0.0)))
    return errors


def quadratic_error(estimates: Array, shares: Array, covariance: Array) -> float:
    """Return the standard error of the between-group variance of normal estimates.

    The variance of a quadratic form y'Ay is 4 y'AVAy + 2 tr(AVAV); the delta method has the first
    part only, which is 0 where all groups are equal.

    References
    ----------
    .. [1] Searle, S. R. (1971), Linear Models, Wiley, chapter 2, on quadratic forms.

    Examples
    --------
    >>> half = np.array([0.5, 0.5])
    >>> quadratic_error(np.array([1.0, 1.0]), half, np.eye(2)).__round__(12)
    0.707106781187
    """
    about_mean = np.diag(shares) - np.outer(shares, shares)
    product = about_mean @ covariance
    lean = about_mean @ estimates
    square = 4 * float(lean @ covariance @ lean) + 2 * float(np.sum(product * product.T))
    return float(np.sqrt(square))


def reach(level: float) -> float:
    """Return how many standard errors a normal interval reaches to each side.

    Examples
    --------
    >>> round(reach(0.95), 2)
    1.96
    """
    return float(special.ndtri(0.5 + level / 2))


def normal_interval(
    value: float, std_error: float, *, level: float, scale: Literal["natural", "log"]
) -> tuple[float, float]:
    """Return the normal interval of a value, or of its logarithm; NaN if there is no error.

    Examples
    --------
    >>> [round(end, 2) for end in normal_interval(2.0, 0.2, level=0.95, scale="log")]
    [1.64, 2.43]
    """
    half = reach(level) * std_error
    if scale == "natural":
        return value - half, value + half
    if value <= 0:
        return np.nan, np.nan
    return value * float(np.exp(-half / value)), value * float(np.exp(half / value))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draws:
    """Estimates, and sizes if they are drawn too, (draws, groups) each; and how many were lost."""

    estimates: Array
    sizes: Array | None
    lost: int


def draw(table: GroupTable, route: Simulation) -> Draws | None:
    """Return draws of a table, or nothing if it does not say how uncertain every group is."""
    covariance = table.errors()
    if covariance is None or np.isnan(covariance).any():
        return None
    groups = len(table.estimates)
    is_joint = len(covariance) > groups
    middle = table.estimates
    if is_joint:
        middle = np.concatenate([middle, np.asarray(table.sizes)])
    root, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    turn = vectors * np.sqrt(np.maximum(root, 0.0))
    drawn = middle + route.rng.standard_normal((route.draws, len(middle))) @ turn.T
    # A group without error stays where it is, to the last digit.
    still = np.diag(covariance) == 0
    drawn[:, still] = middle[still]
    estimates, sizes = drawn[:, :groups], drawn[:, groups:] if is_joint else None
    keep = np.ones(len(drawn), bool)
    if table.scale is not None:
        keep &= ((estimates >= 0) & (estimates <= table.scale)).all(axis=1)
    if sizes is not None:
        keep &= (sizes >= 0).all(axis=1)
        sizes = sizes[keep]
    return Draws(estimates=estimates[keep], sizes=sizes, lost=int((~keep).sum()))


def by_draws(measure: Versions, draws: Draws, sizes: Array | None, level: float) -> Spread:
    """Return standard error and quantiles of a measure over draws."""
    drawn = draws.sizes if draws.sizes is not None else _repeated(sizes, len(draws.estimates))
    values = measured(measure, draws.estimates, drawn)
    known = values[~np.isnan(values)]
    total = len(values) + draws.lost
    lost = total - len(known)
    caution = f"{lost} of {total} draws left out: outside the scale or without a value"
    if len(known) < 2:
        return Spread(how="none", caution=caution)
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return Spread(
        how="simulation",
        std_error=float(np.std(known, ddof=1)),
        low=float(low),
        high=float(high),
        caution=caution if lost else None,
    )


def by_replicates(
    measure: Versions, sizes: Array | None, value: float, route: ReplicateGroups
) -> tuple[float, str | None]:
    """Return the standard error of a measure, or NaN and why not."""
    estimates, rscales = np.asarray(route.estimates), np.asarray(route.rscales)
    drawn = _repeated(sizes, len(estimates)) if route.sizes is None else np.asarray(route.sizes)
    values = measured(measure, estimates, drawn)[rscales > 0]
    lost = int(np.isnan(values).sum())
    if lost or not values.size:  # those left would say too little
        return np.nan, f"{lost} of {values.size} replicates without a value of this measure"
    found = replicate_covariance(
        values, [value], scale=route.scale, rscales=rscales[rscales > 0], centre=route.centre
    )
    return float(np.sqrt(found[0, 0])), None


def measured(measure: Versions, estimates: Array, sizes: Array | None) -> Array:
    """Return a measure of many versions, in blocks; a version with a gap has none."""
    rows = max(1, BLOCK // max(1, estimates.shape[1]))
    found = [np.empty(0)]
    for start in range(0, len(estimates), rows):
        block = slice(start, start + rows)
        with np.errstate(all="ignore"):
            values = measure(estimates[block], None if sizes is None else sizes[block])
        gaps = np.isnan(estimates[block]).any(axis=1)
        found.append(np.where(gaps, np.nan, values.real))
    return np.concatenate(found)


def _repeated(sizes: Array | None, rows: int) -> Array | None:
    return None if sizes is None else np.broadcast_to(sizes, (rows, len(sizes)))
