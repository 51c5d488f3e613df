"""Quantile intervals: limits of weighted quantiles from shares, from a test, from replicates."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal, Self, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays.interval import ProportionMethod, interval, proportion_interval
from everycount.arrays.quantile import (
    Inverse,
    OrderedRows,
    Rule,
    check_probabilities,
    check_values,
    check_weights,
    inverse,
    last_of_equal,
    order_rows,
    quantile,
    replicate_quantiles,
)

Array = NDArray[np.float64]

StdErrorOf = Callable[[NDArray[np.bool_]], float]
"""Takes a flag for each row, (rows,), and returns the design's standard error of the share of the
domain that is flagged. The domain is what the weights mark; flags of other rows mean nothing."""
ReplicateErrorOf = Callable[[Array, Array], Array]
"""Takes quantiles of the replicates, (replicates, probabilities), and those of the sample,
(probabilities,), and returns the standard errors, (probabilities,)."""

Kind = Literal["mean", "beta", "xlogit", "arcsine", "score", "francisco-fuller"]

METHODS: Final[dict[str, ProportionMethod]] = {
    "mean": "t",
    "beta": "beta",
    "xlogit": "xlogit",
    "arcsine": "arcsine",
}
"""The interval of the share at or below the quantile that each of Woodruff's kinds inverts."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Quantiles:
    """Quantiles with limits and standard errors in the unit of the values, each (probabilities,).

    NaN where there is none.
    """

    estimate: Array
    low: Array
    high: Array
    std_error: Array


def quantile_interval(
    values: ArrayLike,
    weights: ArrayLike,
    probabilities: ArrayLike,
    *,
    std_error_of: StdErrorOf,
    df: float,
    rule: Rule = "math",
    kind: Kind = "mean",
    level: float = 0.95,
) -> Quantiles:
    """Return weighted quantiles with limits found on the scale of probability.

    ``mean``, ``beta``, ``xlogit``, ``arcsine``
        Woodruff's: an interval of that kind of the share of rows with at most the estimate, whose
        ends are read as quantiles by the same rule. A limit whose probability is below 0 or above
        1 is NaN, as in R.
    ``score``
        As R 4.5 has it: the values at which a test of the share with at most that value, against
        the probability, comes nearest to its critical value, read as quantiles by the rule at the
        shares of rows, *not weighted*, with at most those values. Under unequal weights this
        interval may be far off and miss the estimate; it is here to compare with R.
    ``francisco-fuller``
        What that is meant to be: the values at which the test ceases to reject and at which it
        rejects again, by no rule.

    Parameters
    ----------
    values, weights, probabilities, rule
        As in `quantile`.
    std_error_of : callable
        Takes flags of shape (rows,) and returns the standard error of the share that they mark of
        the domain: by linearisation of the ratio of weighted sums, or from replicates of it. Called
        once for each probability; by the two last kinds twice log2 of the number of distinct
        values. Where it returns NaN there are no limits.
    df : float
        Degrees of freedom of the domain, infinity allowed.
    kind : str
        One of those above. R's ``asin`` is "arcsine".
    level : float
        Confidence, above 0 and below 1.

    Returns
    -------
    Quantiles
        The standard error is the length of the interval over twice the critical value of t, as in
        R. NaN for limits that do not exist: by a test that rejects at no value on that side, or by
        any kind without degrees of freedom.

    Raises
    ------
    ValueError
        As `quantile`, or if the kind or the level is not one of those above.

    Notes
    -----
    Where every row has at most the estimate the share has no error. Woodruff's kinds then have no
    limits, but "mean" an interval without length, which says nothing: both as in R.

    The tests bisect. Where one crosses its critical value more than once, as among few clusters it
    may, they end at one of the crossings, and R perhaps at another.

    References
    ----------
    .. [1] Woodruff, R. S. (1952), Confidence intervals for medians and other position measures,
       Journal of the American Statistical Association 47, 635-646.
    .. [2] Francisco, C. A. and Fuller, W. A. (1991), Quantile estimation with a complex survey
       design, Annals of Statistics 19, 454-469.
    .. [3] Dorfman, A. H. and Valliant, R. (1993), Quantile variance estimators in complex surveys,
       Proceedings of the Section on Survey Research Methods, American Statistical Association.

    Examples
    --------
    >>> def simple_random(flags):
    ...     return flags.std(ddof=1) / np.sqrt(flags.size)
    >>> found = quantile_interval(
    ...     np.arange(100), np.ones(100), [0.5], std_error_of=simple_random, df=99, kind="xlogit"
    ... )
    >>> found.estimate, found.low, found.high, found.std_error.round(2)
    (array([49.]), array([40.]), array([59.]), array([4.79]))
    """
    if kind not in get_args(Kind):
        raise ValueError(f"kind: found {kind!r}, expected one of {', '.join(get_args(Kind))}")
    wanted, given = check_probabilities(probabilities), check_values(values)
    rows = order_rows(given, check_weights(weights, given.shape))
    _, critical = interval(0.0, 1.0, df=df, level=level)
    read = inverse(rows, rule)
    estimate = read(wanted)
    if not rows.values.size or np.isnan(critical):
        nothing = np.full(wanted.shape, np.nan)
        return Quantiles(estimate=estimate, low=nothing, high=nothing, std_error=nothing)
    if kind in METHODS:
        errors = np.array([std_error_of(given <= limit) for limit in estimate])
        shares, n = rows.shares(estimate), rows.values.size
        if kind != "mean":  # a share of 1 has no error, and so no limits, on these scales
            errors = np.where(shares < 1, errors, np.nan)
        ends = proportion_interval(METHODS[kind], shares, errors, n=n, df=df, level=level)
        low, high = (read(end) for end in ends)
    else:
        test = _Test.of(rows, given, std_error_of)
        low, high = (
            test.limits(wanted, way * float(critical), read if kind == "score" else None)
            for way in (-1, 1)
        )
    std_error = (high - low) / (2 * critical)
    return Quantiles(estimate=estimate, low=low, high=high, std_error=std_error)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Test:
    """The test of the share of rows with at most a value; one entry for each distinct value."""

    distinct: Array
    shares: Array
    unweighted: Array
    given: Array
    std_error_of: StdErrorOf

    @classmethod
    def of(cls, rows: OrderedRows, given: Array, std_error_of: StdErrorOf) -> Self:
        last = last_of_equal(rows.values)
        return cls(
            distinct=rows.values[last],
            shares=rows.sums[last] / rows.sums[-1],
            unweighted=(last + 1) / rows.values.size,
            given=given,
            std_error_of=std_error_of,
        )

    def limits(self, probabilities: Array, target: float, read: Inverse | None) -> Array:
        """Return where the statistic passes a target: what is read there, or the value itself."""
        found = np.full(probabilities.shape, np.nan)
        for at, probability in enumerate(probabilities):
            passing = self._passing(float(probability), target)
            if passing is None:
                continue
            before, after, is_before_nearer = passing
            if read is None:
                found[at] = self.distinct[after]
            else:
                nearer = before if is_before_nearer else after
                found[at] = read(self.unweighted[[nearer]])[0]
        return found

    def _passing(self, probability: float, target: float) -> tuple[int, int, bool] | None:
        """Return the last value before the target is reached, the next, and which is nearer to it.

        The greatest value is left out: its share is 1 without error, which is no evidence.
        """
        low, high = 0, self.distinct.size - 2
        if high < low:
            return None
        before, after = (self._statistic(at, probability) for at in (low, high))
        if not before < target <= after:
            return None
        while high - low > 1:
            middle = (low + high) // 2
            statistic = self._statistic(middle, probability)
            if statistic < target:
                low, before = middle, statistic
            else:
                high, after = middle, statistic
        return None if np.isnan(after) else (low, high, target - before <= after - target)

    def _statistic(self, at: int, probability: float) -> float:
        difference = self.shares[at] - probability
        if difference == 0:
            return 0.0
        error = np.float64(self.std_error_of(self.given <= self.distinct[at]))
        with np.errstate(divide="ignore"):  # without error any difference is infinitely great
            return float(difference / error)


def quantile_from_replicates(
    values: ArrayLike,
    weights: ArrayLike,
    replicate_weights: Iterable[ArrayLike],
    probabilities: ArrayLike,
    *,
    std_error_of: ReplicateErrorOf,
    df: float,
    rule: Rule = "math",
    level: float = 0.95,
) -> Quantiles:
    """Return weighted quantiles with the standard errors of those of replicates, and t limits.

    What R calls interval type "quantile". Good for bootstrap, balanced and successive difference
    replicates; not for the jackknife, under which the variance of a quantile is not consistent.

    Parameters
    ----------
    values, weights, probabilities, rule
        As in `quantile`.
    replicate_weights
        As in `replicate_quantiles`.
    std_error_of : callable
        Takes the quantiles of the replicates, (replicates, probabilities), and those of the
        sample, (probabilities,), and returns standard errors, (probabilities,): the square roots of
        the scaled sums of squares about the mean of the replicates, or about the sample's (mse).
    df : float
        Degrees of freedom of the domain, infinity allowed.
    level : float
        Confidence, above 0 and below 1.

    Returns
    -------
    Quantiles
        NaN where there is no row, and limits of NaN without degrees of freedom.

    Raises
    ------
    ValueError
        As `quantile` and `replicate_quantiles`, or if the level is not between 0 and 1.

    References
    ----------
    .. [1] Shao, J. and Tu, D. (1995), The Jackknife and Bootstrap, Springer, on the jackknife of
       quantiles.

    Examples
    --------
    >>> half = np.array([[2.0, 0.0, 2.0, 0.0], [0.0, 2.0, 0.0, 2.0]])
    >>> found = quantile_from_replicates(
    ...     [1.0, 2.0, 5.0, 9.0], np.ones(4), half, [0.5], df=1,
    ...     std_error_of=lambda replicates, estimate: replicates.std(axis=0), level=0.5,
    ... )
    >>> found.estimate, found.low, found.high, found.std_error
    (array([2.]), array([1.5]), array([2.5]), array([0.5]))
    """
    estimate = quantile(values, weights, probabilities, rule=rule)
    replicates = replicate_quantiles(values, replicate_weights, probabilities, rule=rule)
    std_error = np.asarray(std_error_of(replicates, estimate), float)
    low, high = interval(estimate, std_error, df=df, level=level)
    return Quantiles(estimate=estimate, low=low, high=high, std_error=std_error)
