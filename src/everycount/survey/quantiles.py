"""Quantiles of domains: limits and errors from shares or from replicates, and scores of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from everycount.arrays.quantile import replicate_quantiles
from everycount.arrays.quantile_interval import (
    Quantiles,
    quantile_from_replicates,
    quantile_interval,
)
from everycount.errors import MethodError, Problem
from everycount.model.design import Outcome
from everycount.survey.figures import Figures, LinearFigures, ReplicateFigures, as_column
from everycount.survey.repeats import Repeats
from everycount.survey.sample import Sample
from everycount.survey.stages import Sampled

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
QuantileKind = Literal[
    "mean", "beta", "xlogit", "arcsine", "score", "francisco-fuller", "replicates"
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QuantileFigures:
    """A quantile in the domains of one table, each field (domains,)."""

    inner: Figures
    """Its scores or replicates."""
    low: FloatArray
    high: FloatArray
    std_error: FloatArray
    """NaN where there is none, as where limits of R's ``score`` have changed places."""

    @property
    def estimate(self) -> FloatArray:
        """Estimates, (domains,)."""
        return self.inner.estimate

    @property
    def rows(self) -> IntArray:
        """Rows that each is of, (domains,)."""
        return self.inner.rows

    def variance(self, one: int, other: int, factor: float) -> float:
        """Return the variance of one estimate less `factor` times another."""
        if not factor:
            return float(self.std_error[one] ** 2)
        return self.inner.variance(one, other, factor)

    def df(self, one: int, other: int) -> float:
        """Return the degrees of freedom of both domains together."""
        return self.inner.df(one, other)


def quantile_figures(
    sample: Sample,
    number: int,
    rows: Sequence[IntArray],
    *,
    kind: QuantileKind,
    rank: Callable[[int, int], int],
) -> QuantileFigures:
    """Return a quantile in some domains.

    Errors of differences follow from the score of the share at or below each quantile, scaled so
    that its error is the one of the quantile.

    Parameters
    ----------
    sample : Sample
        The sample.
    number : int
        Position of the outcome.
    rows : sequence of int arrays
        Rows of each domain.
    kind : str
        How limits are made: as in `everycount.arrays.quantile_interval`, or ``replicates``, from
        the quantiles of replicates.
    rank : callable
        Gives the degrees of freedom of replicate weights in two domains together.

    Raises
    ------
    MethodError
        If limits from replicates are asked for and there are none.

    References
    ----------
    .. [1] Woodruff, R. S. (1952), Confidence intervals for medians and other position measures,
       Journal of the American Statistical Association 47, 635-646.
    """
    outcome, level = sample.plan.design.outcomes[number], sample.plan.design.level
    if kind == "replicates" and sample.repeats is None:
        expected = "replicate weights, or limits from shares such as mean"
        problem = Problem(f"outcome {outcome.name}", "a quantile from replicates", expected)
        raise MethodError(sample.plan.source.name, [problem])
    domains = [_domain(sample, number, own) for own in rows]
    df = [
        each.df if isinstance(each, _Units) else each.repeats.freedom(rank(at, at))
        for at, each in enumerate(domains)
    ]
    found = [
        _limits(each, outcome, kind, own, level) for each, own in zip(domains, df, strict=True)
    ]
    lines = [
        _line(each, outcome, kind, limits) for each, limits in zip(domains, found, strict=True)
    ]
    errors = np.array([limits.std_error[0] for limits in found])
    return QuantileFigures(
        inner=_figures(sample, domains, [limits.estimate[0] for limits in found], lines, rank),
        low=np.array([limits.low[0] for limits in found]),
        high=np.array([limits.high[0] for limits in found]),
        std_error=np.where(errors >= 0, errors, np.nan),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Units:
    """A domain whose shares have scores by sampled unit."""

    values: FloatArray
    weight: FloatArray
    unit: IntArray
    members: BoolArray
    sampled: Sampled

    @property
    def df(self) -> float:
        return float(self.sampled.df(self.members))

    def influence(self, flags: BoolArray) -> FloatArray:
        """Return the scores of the share of those flagged, (units,)."""
        whole = self.weight.sum()
        share = (self.weight * flags).sum() / whole
        scores = self.weight * (flags - share) / whole
        return np.asarray(np.bincount(self.unit, scores, self.sampled.units), float)

    def error(self, flags: BoolArray) -> float:
        """Return the standard error of the share of those flagged."""
        return float(np.sqrt(self.sampled.variance(self.influence(flags), self.members)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Replicates:
    """A domain whose shares have replicates."""

    values: FloatArray
    weight: FloatArray
    weights: FloatArray
    repeats: Repeats

    def influence(self, flags: BoolArray) -> FloatArray:
        """Return how far the share of those flagged is off in each replicate, (R,)."""
        share = (self.weight * flags).sum() / self.weight.sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = flags @ self.weights / self.weights.sum(axis=0)
        return np.asarray(shares - share, float)

    def error(self, flags: BoolArray) -> float:
        """Return the standard error of the share of those flagged."""
        return float(np.sqrt(self.repeats.variance(self.influence(flags), 0.0)))

    def errors(self, replicates: FloatArray, estimates: FloatArray) -> FloatArray:
        """Return the standard errors of estimates from their replicates, (R, estimates)."""
        pairs = zip(replicates.T, estimates, strict=True)
        return np.sqrt([self.repeats.variance(series, float(full)) for series, full in pairs])


def _domain(sample: Sample, number: int, rows: IntArray) -> _Units | _Replicates:
    """Return the domain of some rows."""
    measure = sample.measures[number]
    own = rows[measure.counts[rows]]
    values, weight = measure.value[own], measure.weight[own]
    if sample.repeats is not None:
        weights = sample.repeats.weights(measure, own)
        return _Replicates(values=values, weight=weight, weights=weights, repeats=sample.repeats)
    assert sample.sampled is not None
    members = np.zeros(sample.sampled.units, dtype=np.bool_)
    members[sample.unit[own]] = True  # R, too, counts units with a known answer here
    return _Units(
        values=values,
        weight=weight,
        unit=sample.unit[own],
        members=members,
        sampled=sample.sampled,
    )


def _limits(
    domain: _Units | _Replicates, outcome: Outcome, kind: QuantileKind, df: float, level: float
) -> Quantiles:
    """Return the quantile of a domain with its limits."""
    df = np.inf if outcome.interval == "normal" else df
    if kind == "replicates":
        assert isinstance(domain, _Replicates)
        return quantile_from_replicates(
            domain.values,
            domain.weight,
            domain.weights.T,
            [outcome.probability or 0.0],
            std_error_of=domain.errors,
            df=df,
            rule=outcome.rule,
            level=level,
        )
    return quantile_interval(
        domain.values,
        domain.weight,
        [outcome.probability or 0.0],
        std_error_of=domain.error,
        df=df,
        rule=outcome.rule,
        kind=kind,
        level=level,
    )


def _line(
    domain: _Units | _Replicates, outcome: Outcome, kind: QuantileKind, limits: Quantiles
) -> FloatArray:
    """Return the scores of the quantile by unit, (units,), or its replicates, (R,)."""
    if kind == "replicates":
        assert isinstance(domain, _Replicates)
        probability = [outcome.probability or 0.0]
        return replicate_quantiles(domain.values, domain.weights.T, probability, rule=outcome.rule)[
            :, 0
        ]
    if not len(domain.values):
        empty = domain.sampled.units if isinstance(domain, _Units) else domain.repeats.count
        return np.full(empty, np.nan)
    at_most = domain.values <= limits.estimate[0]
    error = domain.error(at_most)
    scale = limits.std_error[0] / error if error else np.nan
    line: FloatArray = -scale * domain.influence(at_most)
    return line + limits.estimate[0] if isinstance(domain, _Replicates) else line


def _figures(
    sample: Sample,
    domains: Sequence[_Units | _Replicates],
    estimates: Sequence[float],
    lines: Sequence[FloatArray],
    rank: Callable[[int, int], int],
) -> Figures:
    """Return quantiles with their scores or replicates."""
    rows = np.array([len(each.values) for each in domains], dtype=np.int64)
    if sample.repeats is not None:
        return ReplicateFigures(
            estimate=np.array(estimates),
            rows=rows,
            series=np.array(lines),
            repeats=sample.repeats,
            rank=rank,
        )
    assert sample.sampled is not None
    inside = [each.members for each in domains if isinstance(each, _Units)]
    members = sparse.csc_array(np.column_stack(inside).astype(float))
    return LinearFigures(
        estimate=np.array(estimates),
        rows=rows,
        first=sparse.csc_array(np.column_stack(lines)),
        second=as_column(np.zeros(sample.sampled.units)),
        slopes=np.tile([1.0, 0.0], (len(domains), 1)),
        counted=members,
        asked=members,
        sampled=sample.sampled,
    )
