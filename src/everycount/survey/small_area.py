"""Small areas: modelled estimates where a group has too few respondents, never passed as direct."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from everycount.arrays.benchmark import Benchmarked, Kind, benchmark, carry
from everycount.arrays.model_variance import Method
from everycount.arrays.sampling_variance import Smooth, smooth_variance
from everycount.arrays.small_area import FayHerriot, WhenZero, fay_herriot, interval
from everycount.arrays.small_area_checks import check_fit, compare_errors
from everycount.arrays.small_area_transformed import (
    Back,
    Transformation,
    transformed_fay_herriot,
    transformed_interval,
)
from everycount.errors import InputError, MethodError, Problem
from everycount.survey.small_area_input import SUBJECT, AreaInput, match_areas
from everycount.survey.small_area_report import FayHerriotReport, Story, report

Array = NDArray[np.float64]

MODELLED: Final = "M"
"""Nature of a modelled figure. SDMX code list CL_NATURE of the Global DSD for the Sustainable
Development Goals: M, modelled."""
DIRECT: Final = "direct"
"""Nature of a figure that rests on the respondents of its own group alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaBenchmark:
    """A figure for all areas together that the modelled estimates are to add up to."""

    target: float
    """In the unit of the estimates, usually a direct estimate."""
    kind: Kind = "ratio"
    population: str | None = None
    """Column of the covariate table with the population of each area, for its share. Totals add up
    as they are and need none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallAreaOptions:
    """How areas are modelled: see `arrays.small_area` and `arrays.small_area_transformed`."""

    covariates: tuple[str, ...] | None = None
    """Columns of the covariate table; without them, all."""
    method: Method = "reml"
    when_zero: WhenZero = "adjust"
    transformation: Transformation | Literal["none"] = "none"
    """"arcsine" is the one for shares."""
    back: Back = "corrected"
    smooth: Smooth = "refuse"
    """What happens where all respondents of an area answer alike, so that its error seems 0 and
    its design effect has no value: refused; "zero", smoothed there; "all", smoothed everywhere.
    With "arcsine" it is the design effect that is smoothed, to the median of the known ones."""
    level: float = 0.95
    replicates: int = 500
    """Of the bootstrap of transformed models."""
    benchmark: AreaBenchmark | None = None

    def __post_init__(self) -> None:
        """Refuse settings outside their domain."""
        if not 0 < self.level < 1:
            raise ValueError(f"level: found {self.level}, expected a share between 0 and 1")
        if self.replicates < 1:
            raise ValueError(f"replicates: found {self.replicates}, expected at least 1")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SmallAreaEstimates:
    """Modelled figures of every area, and what they rest on."""

    table: pl.DataFrame
    """`outcome`, `statistic`, the area columns, `estimate`, `std_error` (the root of the mean
    squared error), `ci_low`, `ci_high`, `cv`, `n`, `gamma`, `direct_estimate`, `direct_std_error`
    and `nature`, which is "M" throughout. Treat it as read-only."""
    report: FayHerriotReport


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Fitted:
    model: FayHerriot
    estimate: Array
    mse: Array
    low: Array
    high: Array


def model_areas(
    direct: pl.DataFrame,
    covariates: pl.DataFrame,
    areas: Sequence[str],
    *,
    options: SmallAreaOptions | None = None,
    rng: np.random.Generator | None = None,
) -> SmallAreaEstimates:
    """Estimate every area of the covariate table with a Fay-Herriot model of direct estimates.

    Parameters
    ----------
    direct : polars.DataFrame
        One row an area, of one outcome and statistic: `outcome`, `statistic`, the area columns,
        `estimate`, `std_error`, `n`, and `deff` for the arcsine.
    covariates : polars.DataFrame
        One row an area, those without a direct estimate too; known for all, without error.
    areas : sequence of str
        The columns that together name an area, in both tables.
    options : SmallAreaOptions, optional
    rng : numpy.random.Generator, optional
        Needed by a transformation, for the bootstrap.

    Returns
    -------
    SmallAreaEstimates
        In the order of the covariate table.

    Raises
    ------
    InputError
        With every fault of the tables.
    MethodError
        If the model cannot be fitted to them, with every area that stands in the way.
    ValueError
        If a transformation is asked for without `rng`.

    Examples
    --------
    >>> direct = pl.DataFrame({
    ...     "outcome": "reads", "statistic": "mean", "area": ["a", "b", "c", "d"],
    ...     "estimate": [0.2, 0.4, 0.5, 0.9], "std_error": [0.1] * 4, "n": [20, 20, 20, 20],
    ... })
    >>> known = pl.DataFrame({"area": ["a", "b", "c", "d", "e"], "schools": [1, 2, 3, 4, 5]})
    >>> found = model_areas(direct, known, ["area"])
    >>> found.table.select("area", pl.col("estimate", "gamma").round(2), "nature").row(4)
    ('e', 1.05, 0.0, 'M')
    """
    options = options or SmallAreaOptions()
    if options.transformation != "none" and rng is None:
        raise ValueError(f"transformation={options.transformation!r} needs rng")
    target = options.benchmark
    given = match_areas(
        direct,
        covariates,
        areas,
        names=options.covariates,
        population=None if target is None else target.population,
    )
    spread, smoothed = _spread(given, options)
    fitted = _fit(given, spread, options, rng)
    moved = None if target is None else _benchmark(given, fitted, target)
    final = fitted if moved is None else _carry(fitted, moved)
    table = _table(given, final).with_columns(pl.col("n").cast(direct["n"].dtype))
    story = Story(
        given=given,
        model=fitted.model,
        transformation=options.transformation,
        replicates=options.replicates,
        smoothed=tuple(given.labels[i] for i in np.flatnonzero(smoothed)),
        moved=moved,
        estimate=final.estimate,
        checks=(
            *check_fit(fitted.model).checks,
            compare_errors(
                given.estimate, given.std_error, final.estimate, np.sqrt(final.mse)
            ).check,
        ),
    )
    return SmallAreaEstimates(table=table, report=report(story))


def beside(direct: pl.DataFrame, modelled: SmallAreaEstimates) -> pl.DataFrame:
    """Return direct and modelled figures in one table, each row with its nature.

    Parameters
    ----------
    direct : polars.DataFrame
        Direct estimates; every row is marked "direct".
    modelled : SmallAreaEstimates

    Returns
    -------
    polars.DataFrame
        Columns that only one of the two has are null in the rows of the other.

    Raises
    ------
    InputError
        If the first table holds figures that say they are not direct.

    Examples
    --------
    >>> direct = pl.DataFrame({
    ...     "outcome": "reads", "statistic": "mean", "area": ["a", "b", "c"],
    ...     "estimate": [0.2, 0.4, 0.6], "std_error": [0.1] * 3, "n": [20, 20, 20],
    ... })
    >>> modelled = model_areas(direct, pl.DataFrame({"area": ["a", "b", "c", "d"]}), ["area"])
    >>> beside(direct, modelled)["nature"].to_list()
    ['direct', 'direct', 'direct', 'M', 'M', 'M', 'M']
    """
    if "nature" in direct.columns:
        others = direct.filter(pl.col("nature").ne_missing(DIRECT))["nature"].unique().to_list()
        if others:
            shown = ", ".join(sorted(str(v) for v in others))
            problem = Problem("column nature", shown, f"nothing but {DIRECT}")
            raise InputError("the direct estimates", [problem])
    marked = direct.with_columns(pl.lit(DIRECT).alias("nature"))
    return pl.concat([marked, modelled.table], how="diagonal_relaxed")


def _spread(given: AreaInput, options: SmallAreaOptions) -> tuple[Array, NDArray[np.bool_]]:
    """Return variances, or effective sample sizes for the arcsine, and which were smoothed."""
    if options.transformation == "arcsine":
        return _effective_sizes(given, options.smooth)
    own = given.is_direct
    variance = np.where(own, given.std_error**2, np.nan)
    problems = [
        Problem(given.labels[i], "an estimate without a standard error", "one with")
        for i in np.flatnonzero(own & np.isnan(variance))
    ]
    if options.smooth == "refuse":
        problems += [
            Problem(given.labels[i], "a standard error of 0", 'one above 0, or smooth="zero"')
            for i in np.flatnonzero(variance == 0)
        ]
    if problems:
        raise MethodError(SUBJECT, problems)
    if options.smooth == "refuse":
        return variance, np.zeros(len(own), bool)
    try:
        found = smooth_variance(variance, given.n, replace=options.smooth)
    except MethodError as error:
        raise _named(error, given.labels) from error
    return found.variance, found.is_replaced


def _effective_sizes(given: AreaInput, smooth: Smooth) -> tuple[Array, NDArray[np.bool_]]:
    """Return respondents over the design effect, the median one where none is known."""
    own = given.is_direct
    is_known = given.deff > 0
    expected = "one above 0"
    problems = [
        Problem(given.labels[i], f"n {given.n[i]:g}", expected)
        for i in np.flatnonzero(own & ~(given.n > 0))
    ]
    if smooth == "refuse":
        problems += [
            Problem(
                given.labels[i], f"design effect {given.deff[i]:g}", f'{expected}, or smooth="zero"'
            )
            for i in np.flatnonzero(own & ~is_known)
        ]
    elif not (own & is_known).any():
        problems.append(Problem("design effects", "none above 0", "some to smooth by"))
    if problems:
        raise MethodError(SUBJECT, problems)
    replaced = own & (~is_known if smooth != "all" else True)
    if smooth == "refuse":
        return given.n / given.deff, np.zeros(len(own), bool)
    middle = float(np.median(given.deff[own & is_known]))
    return given.n / np.where(replaced, middle, given.deff), replaced


def _fit(
    given: AreaInput,
    spread: Array,
    options: SmallAreaOptions,
    rng: np.random.Generator | None,
) -> _Fitted:
    try:
        if options.transformation == "none" or rng is None:
            model = fay_herriot(
                given.estimate,
                spread,
                given.covariates,
                method=options.method,
                when_zero=options.when_zero,
            )
            ends = interval(model, level=options.level)
            return _Fitted(
                model=model, estimate=model.estimate, mse=model.mse, low=ends[0], high=ends[1]
            )
        found = transformed_fay_herriot(
            given.estimate,
            spread,
            given.covariates,
            transformation=options.transformation,
            method=options.method,
            when_zero=options.when_zero,
            back=options.back,
            replicates=options.replicates,
            rng=rng,
        )
    except MethodError as error:
        raise _named(error, given.labels) from error
    low, high = transformed_interval(found, level=options.level)
    return _Fitted(model=found.model, estimate=found.estimate, mse=found.mse, low=low, high=high)


def _named(error: MethodError, labels: Sequence[str]) -> MethodError:
    """Return the same faults with the names of areas for their numbers."""

    def name(problem: Problem) -> Problem:
        return replace(
            problem, where=re.sub(r"^area (\d+)", lambda m: labels[int(m[1])], problem.where)
        )

    return MethodError(error.subject, [name(problem) for problem in error.problems])


def _benchmark(given: AreaInput, fitted: _Fitted, target: AreaBenchmark) -> Benchmarked:
    people = np.ones(len(given.labels))
    if given.statistic != "total":
        people = np.zeros(0) if given.population is None else given.population
        if not people.any():
            found = "no population" if given.population is None else "a population of 0 everywhere"
            problem = Problem("benchmark", found, "one of each area, for its share")
            raise MethodError(SUBJECT, [problem])
        people = people / people.sum()
    return benchmark(fitted.estimate, people, target.target, kind=target.kind, mse=fitted.mse)


def _carry(fitted: _Fitted, moved: Benchmarked) -> _Fitted:
    ends = fitted.low, fitted.high
    if moved.kind == "logit":  # ends of an untransformed model may lie beyond those of shares
        ends = np.clip(ends[0], 0, 1), np.clip(ends[1], 0, 1)
    low, high = (carry(moved, end) for end in ends)
    return replace(fitted, estimate=moved.estimate, low=low, high=high)


def _table(given: AreaInput, final: _Fitted) -> pl.DataFrame:
    error = np.sqrt(final.mse)
    with np.errstate(divide="ignore", invalid="ignore"):
        cv = error / np.abs(final.estimate)
    cv[~np.isfinite(cv)] = np.nan
    figures = {
        "estimate": final.estimate,
        "std_error": error,
        "ci_low": final.low,
        "ci_high": final.high,
        "cv": cv,
        "n": given.n,
        "gamma": final.model.gamma,
        "direct_estimate": given.estimate,
        "direct_std_error": np.where(given.is_direct, given.std_error, np.nan),
    }
    columns = {
        "outcome": [given.outcome] * len(given.labels),
        "statistic": [given.statistic] * len(given.labels),
        **given.keys.to_dict(),
        **figures,
        "nature": [MODELLED] * len(given.labels),
    }
    return pl.DataFrame(columns).with_columns(pl.col(list(figures)).fill_nan(None))
