"""Linearise: variances and covariances of totals, means and ratios from how the sample was drawn.

An estimate is written as a sum of scores over the sample (its weighted influence values); the
variance of that sum follows from the design, one stage at a time. Rows outside a domain have score
0 and stay: a domain is never a filtered table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays.strata import (
    BoolArray,
    FloatArray,
    Frame,
    IntArray,
    Lonely,
    LonelyDomains,
    between,
    frame,
)

__all__ = [
    "Lonely",
    "LonelyDomains",
    "Stage",
    "covariance",
    "design_effect",
    "domain_df",
    "lonely_strata",
    "mean_scores",
    "ratio_scores",
    "total_scores",
]

Scalar = TypeVar("Scalar", np.float64, np.bool_)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """One stage of sampling laid along the rows of the file, each field (rows,)."""

    units: IntArray
    """Code from 0 of the unit sampled at this stage, distinct over the whole sample."""
    strata: IntArray
    """Code from 0 of its stratum, distinct over the whole sample: a stratum lies in one unit of
    the stage above."""
    population: FloatArray | None = None
    """Number of units in the population of the stratum; infinite: drawn with replacement. None at
    the first stage: with replacement everywhere. None below it: this stage and those further down
    add nothing, as if all their units had been taken."""


def covariance(
    scores: ArrayLike,
    stages: Sequence[Stage],
    *,
    lonely: Lonely = "fail",
    lonely_domains: LonelyDomains = "centre",
    members: ArrayLike | None = None,
) -> FloatArray:
    """Estimate the covariances of sums of scores under the sampling design.

    Parameters
    ----------
    scores : array_like, shape (rows,) or (rows, k)
        Weighted influence values of k estimates, weight included, 0 outside the domain of each.
    stages : sequence of Stage
        The first stage, then those below it.
    lonely : {"fail", "remove", "certainty", "adjust", "average"}
        What a stratum with one unit adds, unless it is fully sampled. "remove" and "certainty":
        nothing. "adjust": the square of its distance from the mean of all units; below the first
        stage, of those in the same unit above. "average": what the other strata add on average;
        NaN if there is no other. "fail": ValueError; `lonely_strata` tells beforehand.
    lonely_domains : {"centre", "adjust"}
        A stratum in which one of several units has members of the domain. "centre": the others
        count as 0. "adjust": as a stratum with one unit if `lonely` is "adjust" or "average";
        under "adjust" all its units are then counted from the mean of all units.
    members : array_like of bool, shape (rows,) or (rows, k), optional
        Rows of the domain of each estimate. Without lonely strata it does not matter. A stratum
        without members is not lonely and none of "all units" and "the other strata", as when R
        subsets a design. Left out: every row is a member, as in R's ``svyby(covmat=TRUE)``.

    Returns
    -------
    ndarray, shape (k, k)
        In the product of the units of two estimates. NaN for estimates with NaN scores.

    Raises
    ------
    ValueError
        If shapes do not fit, a unit lies in two strata or a stratum in two units of the stage
        above, a population is missing, differs within a stratum or is smaller than its sample, or
        a stratum is lonely under "fail".

    References
    ----------
    .. [1] Binder, D. A. (1983), On the variances of asymptotically normal estimators from complex
       surveys, International Statistical Review 51, 279-292.
    .. [2] Särndal, C.-E., Swensson, B. and Wretman, J. (1992), Model Assisted Survey Sampling,
       Springer, chapters 4 (several stages) and 5 (linearisation).
    .. [3] Lumley, T. (2004), Analysis of complex survey samples, Journal of Statistical Software
       9(8); R survey 4.5, `svyrecvar` and `surveyoptions`.

    Examples
    --------
    Two strata of two households each, one person in each household:

    >>> stage = Stage(units=np.arange(4), strata=np.array([0, 0, 1, 1]))
    >>> covariance([10.0, 14.0, 3.0, 3.0], [stage]).round(9)
    array([[16.]])
    """
    x = _columns(np.asarray(scores, float))
    inside = None if members is None else _columns(np.asarray(members, bool))
    _check_rows(x, inside, stages)
    result = np.zeros((x.shape[1], x.shape[1]))
    above: Frame | None = None
    for depth, stage in enumerate(stages):
        if depth and stage.population is None:
            break
        above = frame(stage.units, stage.strata, stage.population, above)
        result += between(above, x, inside, lonely=lonely, lonely_domains=lonely_domains)
    return result


def _columns(values: NDArray[Scalar]) -> NDArray[Scalar]:
    """Return a table of columns, each in one piece of memory."""
    return np.asfortranarray(values[:, None] if values.ndim == 1 else values)


def _check_rows(x: FloatArray, inside: BoolArray | None, stages: Sequence[Stage]) -> None:
    rows = [len(stage.units) for stage in stages]
    if not rows or any(count != len(x) for count in rows):
        raise ValueError(f"found {len(x)} rows of scores and {rows} of stages, expected the same")
    if inside is not None and inside.shape not in {x.shape, (len(x), 1)}:
        raise ValueError(f"found members {inside.shape}, expected one column or {x.shape}")


def lonely_strata(stage: Stage, members: ArrayLike | None = None) -> IntArray:
    """Return the codes of strata with one sampled unit that are not fully sampled, ascending.

    Parameters
    ----------
    stage : Stage
        Any stage that adds to the variance.
    members : array_like of bool, shape (rows,), optional
        Rows of a domain; strata without members are left out. Left out: all rows.

    Examples
    --------
    >>> lonely_strata(Stage(units=np.array([0, 1, 2, 2]), strata=np.array([0, 0, 1, 1])))
    array([1])
    """
    single = frame(stage.units, stage.strata, stage.population).single
    if members is not None:
        single &= _marked(stage.strata, np.asarray(members, bool))
    return np.flatnonzero(single)


def _marked(codes: IntArray, marks: BoolArray) -> BoolArray:
    """Tell which codes have a marked row; (codes,)."""
    found = np.zeros(int(codes.max(initial=-1)) + 1, bool)
    found[codes[marks]] = True
    return found


def domain_df(stage: Stage, weight_or_domain: ArrayLike) -> int:
    """Count degrees of freedom: units with members of a domain less strata with members.

    Parameters
    ----------
    stage : Stage
        The first stage.
    weight_or_domain : array_like, shape (rows,)
        Weight in the domain, or whether a row is in it; 0 and NaN are outside.

    References
    ----------
    .. [1] Korn, E. L. and Graubard, B. I. (1999), Analysis of Health Surveys, Wiley, chapter 5; R
       survey 4.5, `degf` of a subset.

    Examples
    --------
    >>> stage = Stage(units=np.arange(4), strata=np.array([0, 0, 1, 1]))
    >>> domain_df(stage, [1, 1, 1, 1]), domain_df(stage, [1, 1, 1, 0])
    (2, 1)
    """
    value = np.asarray(weight_or_domain, float)
    inside = (value != 0) & ~np.isnan(value)
    units, strata = (_marked(codes, inside).sum() for codes in (stage.units, stage.strata))
    return int(units - strata)


def total_scores(
    y: ArrayLike, weight: ArrayLike, domain: ArrayLike | None = None
) -> tuple[FloatArray, FloatArray]:
    """Return weighted totals of columns over a domain, and their scores.

    Parameters
    ----------
    y : array_like, shape (rows,) or (rows, k)
        Values, each column in its own unit. NaN in the domain makes the estimate and its scores
        NaN: leave rows out by leaving them out of the domain. Outside it nothing is looked at.
    weight : array_like, shape (rows,)
        Sampling weight.
    domain : array_like of bool, shape (rows,) or (rows, k), optional
        Rows to add up, one domain for all columns or one for each; one column of `y` with k
        domains gives k estimates. Left out: all rows.

    Returns
    -------
    estimate : ndarray, shape (k,)
    scores : ndarray, shape (rows, k)
        Weight times value, 0 outside the domain.

    Examples
    --------
    >>> total, scores = total_scores([1.0, 2.0, 3.0], [10.0, 10.0, 20.0], [True, False, True])
    >>> total, scores[:, 0]
    (array([70.]), array([10.,  0., 60.]))
    """
    weights = np.asarray(weight, float)
    parts = _parts(y, None, weights, domain)
    scores = np.empty((len(parts), len(weights)))
    for score, part in zip(scores, parts, strict=True):
        score[:] = part.inside(part.above * weights)
    return scores.sum(axis=1), scores.T


def mean_scores(
    y: ArrayLike, weight: ArrayLike, domain: ArrayLike | None = None
) -> tuple[FloatArray, FloatArray]:
    """Return weighted means of columns over a domain, and their scores.

    Arguments and results are as of `total_scores`; the score is
    ``weight * (y - mean) / sum of weights``. A mean over an empty domain is NaN, as its scores are.

    Examples
    --------
    >>> mean, scores = mean_scores([1.0, 2.0, 4.0], [10.0, 10.0, 20.0], [True, False, True])
    >>> mean, scores[:, 0].round(9)
    (array([3.]), array([-0.66666667,  0.        ,  0.66666667]))
    """
    return ratio_scores(y, None, weight, domain)


def ratio_scores(
    numerator: ArrayLike,
    denominator: ArrayLike | None,
    weight: ArrayLike,
    domain: ArrayLike | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Return ratios of two weighted totals over a domain, and their scores.

    Parameters
    ----------
    numerator, denominator : array_like, shape (rows,) or (rows, k)
        Values, NaN as in `total_scores`. No denominator: 1 in every row, which makes means.
    weight, domain
        As in `total_scores`.

    Returns
    -------
    estimate : ndarray, shape (k,)
        NaN if the denominator adds up to 0.
    scores : ndarray, shape (rows, k)
        ``weight * (numerator - ratio * denominator) / total of the denominator``, 0 outside the
        domain; NaN throughout where the estimate is.

    References
    ----------
    .. [1] Särndal, C.-E., Swensson, B. and Wretman, J. (1992), Model Assisted Survey Sampling,
       Springer, section 5.6.

    Examples
    --------
    >>> ratio, scores = ratio_scores([2.0, 4.0], [1.0, 3.0], [10.0, 10.0])
    >>> ratio, scores[:, 0]
    (array([1.5]), array([ 0.125, -0.125]))
    """
    weights = np.asarray(weight, float)
    parts = _parts(numerator, denominator, weights, domain)
    ratios, scores = np.empty(len(parts)), np.empty((len(parts), len(weights)))
    for at, part in enumerate(parts):
        total = part.inside(part.below * weights).sum() or np.nan
        ratios[at] = part.inside(part.above * weights).sum() / total
        scores[at] = part.inside((part.above - ratios[at] * part.below) * weights) / total
    return ratios, scores.T


def design_effect(
    variance: ArrayLike,
    scores: ArrayLike,
    weight: ArrayLike,
    domain: ArrayLike | None = None,
    *,
    reference: Literal["without", "with"] = "without",
) -> FloatArray:
    """Return how many times the variance is that of a simple random sample of as many people.

    The simple random sample is one of the domain: as many as have a weight other than 0, out of
    the sum of their weights. Its element variance is weighted, with n - 1 below.

    Parameters
    ----------
    variance : array_like, shape (k,)
        Of the estimates under the design: the diagonal of `covariance`.
    scores : array_like, shape (rows,) or (rows, k)
        Of totals, means, ratios or any other estimate that is linearised.
    weight : array_like, shape (rows,)
        Sampling weight.
    domain : array_like of bool, shape (rows,) or (rows, k), optional
        Rows of the domain of each estimate. Left out: all rows.
    reference : {"without", "with"}
        Whether the simple random sample is drawn without replacement (R's ``deff=TRUE``), for which
        weights must add up to the population, or with (``deff="replace"``).

    Returns
    -------
    ndarray, shape (k,)
        NaN where the reference has no variance or more people than the weights add up to.

    References
    ----------
    .. [1] Kish, L. (1965), Survey Sampling, Wiley, section 8.2; R survey 4.5, `svymean`,
       `svytotal` and `svyratio`.

    Examples
    --------
    Under simple random sampling it is 1:

    >>> _, scores = mean_scores([1.0, 2.0, 6.0], [10.0, 10.0, 10.0])
    >>> stage = Stage(units=np.arange(3), strata=np.zeros(3, int), population=np.full(3, 30.0))
    >>> variance = np.diag(covariance(scores, [stage]))
    >>> design_effect(variance, scores, [10.0, 10.0, 10.0]).round(9)
    array([1.])
    """
    weights = np.asarray(weight, float)
    effects = []
    parts = _parts(scores, None, weights, domain)
    for part, own in zip(parts, np.atleast_1d(variance), strict=True):
        held = part.inside(weights)
        is_held = held != 0
        count, people = np.count_nonzero(is_held), held.sum()
        value = np.divide(part.above, weights, out=np.zeros(len(weights)), where=is_held)
        apart = value - (held * value).sum() / people if people else value
        random = people * (held * apart**2).sum() / max(count - 1, 1)
        if reference == "without":
            random *= 1 - count / people if people else 0.0
        effects.append(own / random if random > 0 else np.nan)
    return np.array(effects)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Part:
    """What one estimate is made of, each (rows,)."""

    above: FloatArray
    below: FloatArray | float
    domain: BoolArray | None

    def inside(self, values: FloatArray) -> FloatArray:
        """Return values with 0 outside the domain."""
        return values if self.domain is None else np.where(self.domain, values, 0.0)


def _parts(
    y: ArrayLike, under: ArrayLike | None, weights: FloatArray, domain: ArrayLike | None
) -> list[_Part]:
    """Pair the columns of values, denominators and domains; one column goes with all."""
    above = _columns(np.asarray(y, float))
    below = None if under is None else _columns(np.asarray(under, float))
    rows = None if domain is None else _columns(np.asarray(domain, bool))
    given = [each.shape for each in (above, below, rows) if each is not None]
    k = max(shape[1] for shape in given)
    if any(shape[0] != len(weights) or shape[1] not in {1, k} for shape in given):
        raise ValueError(
            f"found shapes {given} and {len(weights)} weights, expected as many rows and one or "
            "the same number of columns"
        )
    return [
        _Part(
            above=above[:, j % above.shape[1]],
            below=1.0 if below is None else below[:, j % below.shape[1]],
            domain=None if rows is None else rows[:, j % rows.shape[1]],
        )
        for j in range(k)
    ]
