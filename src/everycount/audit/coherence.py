"""Statistical coherence: whether the indicators and groups of an index go together as it says."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from everycount.arrays.correlate import pearson, spearman_and_kendall
from everycount.audit.balance import importance
from everycount.audit.coherence_tables import correlations, groups, indicators, parents
from everycount.audit.outside import against_external, against_size
from everycount.audit.scored import scored
from everycount.index.result import IndexResult
from everycount.index.thresholds import Thresholds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coherence:
    """What the coherence part of an audit computes, as tables. Null is what cannot be computed.

    Correlations are over the units that have both, with two-sided p-values; on scores, after
    treatment, with high for good.
    """

    period: int | None
    """The newest, the only one that is looked at; None where the data have none."""
    periods: int
    """How many there are."""
    units: int
    """How many units are compared: those with a score of the top (where none has one, all that
    were not screened out), without averages that have no rank."""
    names: Mapping[str, str]
    """What people read, by code."""
    thresholds: Thresholds
    """The limits it is judged by."""
    indicators: pl.DataFrame
    """`node, name, left_out, units, available, zeros, unique, same, min, max, mean, median, sd,
    skewness, kurtosis, outliers, skewness_scored, kurtosis_scored, outliers_scored`. `left_out`
    is why a step left the indicator out; what follows is of the figures as observed, shares from
    0 to 1: `available` of the units, the others of the known figures."""
    correlations: pl.DataFrame
    """`level, a, b, parent_a, parent_b, same_group, pearson, p_pearson, spearman, p_spearman,
    kendall, p_kendall, units`: every pair of nodes of a level."""
    parents: pl.DataFrame
    """`node, ancestor, level, ancestor_level, is_own, is_parent, pearson, p_pearson, spearman,
    p_spearman, kendall, p_kendall, units, pearson_rest`: every node with its ancestors, and with
    the other groups of its parent's level. A node is a part of its parent; `pearson_rest` is the
    correlation with the weighted arithmetic mean of the parent's other parts, where the parent is
    a mean of its parts."""
    groups: pl.DataFrame
    """`node, name, level, parts, model, judged, units, alpha, alpha_standardised, first_share,
    components`. Units are those without a gap; `components` is how many have an eigenvalue of at
    least the limit."""
    components: pl.DataFrame
    """`node, component, eigenvalue, share, cumulative, part, loading`."""
    external: pl.DataFrame
    """`index, node, pearson, p_pearson, spearman, p_spearman, units`."""
    size: pl.DataFrame
    """`column, node, pearson, p_pearson, spearman, p_spearman, pearson_log, greatest, units`.
    `pearson_log` is with the logarithm, where every size is above 0; `greatest` is the one of the
    three that is farthest from 0."""
    importance: pl.DataFrame
    """`parent, node, weight, ratio, pearson_squared, share, equalising, note`. `weight` is the
    nominal share, `ratio` the correlation ratio, `share` its share among the parts, `equalising`
    the weights that would make importance proportional to weight."""


def coherence(result: IndexResult, *, external: pl.DataFrame | None = None) -> Coherence:
    """Compute everything that tells whether the parts of an index go together.

    Parameters
    ----------
    result : IndexResult
        An index that was built. In a panel the newest period is taken. The limits and the columns
        that tell the size of units are those of ``result.methodology.audit``.
    external : DataFrame, optional
        Other indices: a column `unit` and a column of numbers for each.

    Returns
    -------
    Coherence
        Where there is too little to compare (fewer than 3 units, a constant indicator, a group of
        one part), figures are null.

    Raises
    ------
    InputError
        If `external` has no column `unit`, a unit twice, or a column that is not numbers.
    MethodError
        If ``audit.size`` names a column that neither the units nor the data have.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, steps 4, 7 and 9.
    .. [2] Paruolo, P., Saisana, M. and Saltelli, A. (2013), Ratings and rankings: voodoo or
       science?, Journal of the Royal Statistical Society A 176(3), 609-634.
    """
    own, plan = scored(result), result.methodology.audit
    # Of all nodes at once; the tables below pick from it.
    kinds = dict(zip(KINDS, (pearson(own.scores), *spearman_and_kendall(own.scores)), strict=True))
    of_groups, components = groups(own, plan.thresholds)
    method = result.methodology
    return Coherence(
        period=own.period,
        periods=own.periods,
        units=len(own.rows),
        names={each.code: each.name for each in method.indicators}
        | {each.code: each.name for each in method.groups},
        thresholds=plan.thresholds,
        indicators=indicators(own, plan.thresholds),
        correlations=correlations(own, kinds),
        parents=parents(own, kinds),
        groups=of_groups,
        components=components,
        external=against_external(own, external),
        size=against_size(own, plan.size),
        importance=importance(own, kinds["pearson"]),
    )


KINDS = ("pearson", "spearman", "kendall")
