"""Inequality: WHO's summary measures of groups, each with its error or the reason it has none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays.disparity import Versions, bind
from everycount.arrays.group_table import GroupTable
from everycount.arrays.inequality_error import (
    Delta,
    Draws,
    How,
    ReplicateGroups,
    Route,
    Simulation,
    Spread,
    by_draws,
    by_replicates,
    delta_errors,
    derivatives,
    draw,
    measured,
    normal_interval,
    quadratic_error,
    reach,
)
from everycount.arrays.inequality_measures import MEASURES, Measure, lacking
from everycount.arrays.replicate import Centre

Array = NDArray[np.float64]

EQUAL: Final = 1e-12
"""Estimates that differ by no more than this share of the greatest are equal: some thousand times
the spacing of doubles (IEEE 754), which is what adding up a few hundred groups may lose."""

NOT_KNOWN: Final = "no error: that of a group which counts is not known"
NO_AVERAGE: Final = "no error: that of the average which was given is not known"
AT_EDGE: Final = "no error: all groups are equal, where the delta method does not hold"
NO_SLOPE: Final = "no error: that of a group which counts is not known, or the measure has an edge"
UNCERTAIN_PICK: Final = (
    "which group is highest, lowest or best, or on which side of the mean or of the reference a "
    "group lies, is within the error: prefer replicates or a simulation"
)
NO_LOGARITHM: Final = "no interval: a ratio of 0 has no logarithm"
BELOW: Final = "the interval reaches below 0, where the measure cannot be"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inequality:
    """One measure of one table.

    `value`, `std_error`, `low` and `high` are in the unit that `MEASURES` gives for `name`, NaN
    where there is none. `how` says where the error comes from: "delta", "exact" (normal estimates),
    "replicates", "simulation" or "none". `groups` is how many were counted. `reason` says why there
    is no value, `caution` what to mind of the value or its error.
    """

    name: str
    full_name: str
    groups: int
    value: float = np.nan
    std_error: float = np.nan
    how: How = "none"
    low: float = np.nan
    high: float = np.nan
    reason: str | None = None
    caution: str | None = None


def inequality(
    measures: Sequence[str],
    groups: GroupTable,
    *,
    error: Route = Delta(),  # noqa: B008 - frozen and without fields
    level: float = 0.95,
    missing: Literal["refuse", "leave_out"] = "refuse",
) -> tuple[Inequality, ...]:
    """Measure inequality between groups, with errors.

    Parameters
    ----------
    measures : sequence of str
        Names in `MEASURES`, such as "d", "rci", "mdbw".
    groups : GroupTable
        Estimates by group, in any order.
    error : Delta, Simulation or ReplicateGroups
        Where errors come from.
    level : float
        Confidence level of the intervals: normal on the natural scale, of ratios on the log scale;
        quantiles of the draws of a simulation.
    missing : {"refuse", "leave_out"}
        What a group without an estimate does: leave every measure without a value, or leave the
        table. (healthequal leaves out up to 15 % of groups that have no order.)

    Returns
    -------
    tuple of Inequality
        One for each name, in that order.

    Raises
    ------
    ValueError
        If a name is not known, `level` is not between 0 and 1, or replicates do not fit the table.

    Notes
    -----
    Values are those of WHO's R package healthequal 1.0.1, in its units. It differs in this:

    - "sii" and "rii" of tables: healthequal rounds sizes and estimates to whole people and weights
      each group by the square of its size, as it gives sizes to a regression on counts. Here each
      group counts by its size, as in healthequal's own regression on individuals and in the
      definition. Tables without inequality have "sii" 0 and "rii" 1 here, an error there.
    - "d" and "r" of unordered groups: the greater first, or of an adverse indicator with a
      reference the highest before it. So healthequal computes; its manual has it the other way.
    - Two groups suffice; healthequal wants three for all but "d" and "r".
    - The scale is never guessed.
    - Errors are of the estimates. healthequal's of "aci", "rci", "sii" and "rii" are residuals of a
      regression on the groups; of "par" and "paf" they come from counts put together from sizes;
      of "ti", "mld" and "paf" they are not multiplied as the values are, so intervals come out
      1000 or 100 times too narrow. Those of "d", "r" (whose error it gives of the logarithm) and
      "bgv" are the same as here with independent groups.

    Sizes are known without error unless the table's covariance has them or replicates do. Measures
    of distance are biased upwards by noise: equal groups estimated with error look unequal.

    References
    ----------
    .. [1] Schlotheuber, A. and Hosseinpoor, A. R. (2022), Summary measures of health inequality: a
       review of existing measures and their application, International Journal of Environmental
       Research and Public Health 19(6), 3697, appendix A.
    .. [2] WHO (2013), Handbook on health inequality monitoring: with a special focus on low- and
       middle-income countries.
    .. [3] Ahn, J. et al. (2018), Variance estimation and confidence intervals for 11 commonly used
       health disparity measures, JCO Clinical Cancer Informatics 2, 1-19.

    Examples
    --------
    >>> table = GroupTable(
    ...     estimates=np.array([20.0, 30.0, 50.0]),
    ...     sizes=np.array([100, 200, 100]),
    ...     std_errors=np.array([3.0, 2.0, 4.0]),
    ...     order=np.array([1, 2, 3]),
    ...     direction="favourable",
    ...     scale=100,
    ... )
    >>> for found in inequality(["d", "aci", "mdru"], table):
    ...     print(found.name, found.value.__round__(6), found.std_error.__round__(6), found.reason)
    d 30.0 5.0 None
    aci 5.625 0.9375 None
    mdru nan nan no reference group was named
    """
    unknown = [name for name in measures if name not in MEASURES]
    if unknown:
        raise ValueError(f"found {unknown}, expected some of {sorted(MEASURES)}")
    if not 0 < level < 1:
        raise ValueError(f"level: found {level}, expected a share between 0 and 1")
    if isinstance(error, ReplicateGroups):
        _check_replicates(error, groups)
    kept = np.arange(len(groups.estimates))
    if missing == "leave_out":
        kept = np.flatnonzero(~np.isnan(groups.estimates))
    table = groups.kept(kept)
    gap = _gap(table)
    if gap:
        return tuple(_without(MEASURES[name], table, gap) for name in measures)
    call = _Call(
        table=table,
        level=level,
        route=_narrowed(error, kept),
        draws=draw(table, error) if isinstance(error, Simulation) else None,
    )
    return tuple(_measure(MEASURES[name], call) for name in measures)


def measure_of_replicates(
    measure: str,
    replicate_estimates: ArrayLike,
    *,
    groups: GroupTable,
    scale: float,
    rscales: ArrayLike | None = None,
    replicate_sizes: ArrayLike | None = None,
    centre: Centre = "full",
    level: float = 0.95,
) -> Inequality:
    """Measure inequality between groups, with the error from replicates of the survey.

    The same as `inequality` with `ReplicateGroups`, for one measure: arguments as there. The table
    gives the value, the replicates the error.

    Examples
    --------
    >>> table = GroupTable(estimates=np.array([2.0, 5.0]), direction="favourable")
    >>> found = measure_of_replicates("d", [[2, 5], [2, 6], [1, 5]], groups=table, scale=0.5)
    >>> found.value, found.std_error, found.how
    (3.0, 1.0, 'replicates')
    """
    route = ReplicateGroups(
        estimates=replicate_estimates,
        sizes=replicate_sizes,
        scale=scale,
        rscales=rscales,
        centre=centre,
    )
    return inequality([measure], groups, error=route, level=level)[0]


# ----------------------------------------------------------------------------------- one measure


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Call:
    """What all measures of one call share."""

    table: GroupTable
    level: float
    route: Route
    draws: Draws | None


def _check_replicates(route: ReplicateGroups, groups: GroupTable) -> None:
    found, wanted = np.shape(route.estimates)[1], len(groups.estimates)
    if found != wanted:
        raise ValueError(f"replicates: found {found} groups, expected the {wanted} of the table")
    if route.sizes is not None and groups.sizes is None:
        raise ValueError("replicates: found sizes, expected none as the table has none")


def _narrowed(route: Route, kept: NDArray[np.int64]) -> Route:
    """Return replicates of the groups that are kept."""
    if not isinstance(route, ReplicateGroups):
        return route
    sizes = None if route.sizes is None else np.asarray(route.sizes)[:, kept]
    return replace(route, estimates=np.asarray(route.estimates)[:, kept], sizes=sizes)


def _gap(table: GroupTable) -> str | None:
    """Say why no measure at all has a value, or nothing."""
    gaps = np.flatnonzero(np.isnan(table.estimates))
    count = len(table.estimates)
    if gaps.size:
        numbers = ", ".join(str(group) for group in gaps)
        return f"{gaps.size} of {count} groups without an estimate: {numbers}"
    if count < 2:
        return f"{count} groups with an estimate, and a measure needs two"
    return None


def _without(measure: Measure, table: GroupTable, reason: str | None) -> Inequality:
    known = int((~np.isnan(table.estimates)).sum())
    return Inequality(name=measure.name, full_name=measure.full_name, groups=known, reason=reason)


def _measure(measure: Measure, call: _Call) -> Inequality:
    table = call.table
    empty = _without(measure, table, lacking(measure, table))
    if empty.reason:
        return empty
    function = bind(measure.kernel, table, times=measure.times)
    value = float(measured(function, table.estimates[None], _one(table.sizes))[0])
    if np.isnan(value):
        return replace(empty, reason=measure.undefined)
    found = _spread(measure, call, function, value)
    return replace(
        empty,
        value=value,
        std_error=found.std_error,
        how=found.how,
        low=found.low,
        high=found.high,
        caution=found.caution,
    )


def _one(sizes: Array | None) -> Array | None:
    return None if sizes is None else sizes[None]


def _spread(measure: Measure, call: _Call, function: Versions, value: float) -> Spread:
    """Return the error of a measure by the route of the call."""
    table, route = call.table, call.route
    if "mean" in measure.needs and table.sizes is None:
        return Spread(how="none", caution=NO_AVERAGE)
    if isinstance(route, Simulation):
        if call.draws is None:
            return Spread(how="none", caution=NOT_KNOWN)
        return by_draws(function, call.draws, table.sizes, call.level)
    if isinstance(route, ReplicateGroups):
        std_error, caution = by_replicates(function, table.sizes, value, route)
        how: How = "replicates"
    else:
        covariance = table.errors()
        if covariance is None:
            return Spread(how="none")
        how, std_error, caution = _delta(measure, table, covariance, call.level)
    if np.isnan(std_error):
        return Spread(how="none", caution=caution)
    low, high = normal_interval(value, std_error, level=call.level, scale=measure.interval)
    cautions = [caution] if caution else []
    if np.isnan(low):
        cautions.append(NO_LOGARITHM)
    if measure.floor is not None and low < measure.floor:
        cautions.append(BELOW)
    caution = "; ".join(cautions) or None
    return Spread(how=how, std_error=std_error, low=low, high=high, caution=caution)


def _delta(
    measure: Measure, table: GroupTable, covariance: Array, level: float
) -> tuple[How, float, str | None]:
    """Return how a standard error was made, the error or NaN, and a caution."""
    y = table.estimates
    known = not np.isnan(covariance).any() and len(covariance) == len(y)
    if measure.name == "bgv" and table.sizes is not None and known:
        return "exact", quadratic_error(y, table.sizes / table.sizes.sum(), covariance), None
    near = _near(measure, table, covariance, level)
    is_equal = float(np.ptp(y)) <= EQUAL * float(np.abs(y).max())
    if is_equal and (near is not None or measure.floor is not None):
        return "none", np.nan, AT_EDGE
    by_input = _derivatives(bind(measure.kernel, table, times=measure.times), table, covariance)
    std_error = float(delta_errors(by_input[:, None], covariance)[0])
    if np.isnan(std_error):
        return "none", np.nan, NO_SLOPE
    return "delta", std_error, UNCERTAIN_PICK if near else None


def _near(measure: Measure, table: GroupTable, covariance: Array, level: float) -> int | None:
    """Return how many kinks of a measure are within the error, None if it has no kinks."""
    if measure.switches is None:
        return None
    function = bind(measure.switches, table)
    sizes = None if table.sizes is None else table.sizes[None]
    distance = function(table.estimates[None], sizes)[0]
    if not distance.size:
        return None
    errors = delta_errors(_derivatives(function, table, covariance), covariance)
    return int((np.abs(distance) < reach(level) * errors).sum())


def _derivatives(function: Versions, table: GroupTable, covariance: Array) -> Array:
    """Return derivatives by the estimates, and by the sizes if their covariance is there."""
    sizes = table.sizes
    if sizes is None or len(covariance) > len(table.estimates):
        return derivatives(function, table.estimates, sizes)
    return derivatives(
        lambda y, _: function(y, np.broadcast_to(sizes, y.shape)), table.estimates, None
    )
