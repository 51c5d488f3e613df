"""Tables of coherence: figures of each indicator, correlations, what groups have in common."""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import polars as pl

from everycount.arrays import moments
from everycount.arrays.correlate import Correlation, pearson
from everycount.arrays.reliability import Components, cronbach_alpha, principal_components
from everycount.audit.scored import Scored, numbers
from everycount.index.state import Floats
from everycount.index.thresholds import Thresholds

Kinds = Mapping[str, Correlation]
"""Correlations of all nodes with one another, by kind."""
MEANS = ("arithmetic", "geometric", "harmonic", "generalised", "log_mean_exp")
"""Methods that are means of the parts, with the weights of the method."""


# ---------------------------------------------------------------- indicators


def indicators(own: Scored, limits: Thresholds) -> pl.DataFrame:
    """Return a row of figures for each indicator."""
    state, x = own.state, own.observed
    count = state.leaf_count
    known = ~np.isnan(x)
    units = known.sum(axis=0)
    some = np.where(units > 0, units, np.nan)
    unique, same = _values(x)
    skewness, kurtosis = moments.skewness_and_kurtosis(x)
    skewness_scored, kurtosis_scored = moments.skewness_and_kurtosis(own.scores[:, :count])
    return pl.DataFrame(
        {
            "node": state.tree.codes[:count],
            "name": [each.name for each in state.methodology.indicators],
            "left_out": [state.dropped.get(j) for j in range(count)],
            "units": units,
            "available": numbers(units / (len(x) or np.nan)),
            "zeros": numbers(((x == 0) & known).sum(axis=0) / some),
            "unique": numbers(unique / some),
            "same": numbers(same / some),
            "min": numbers(moments.lowest(x)),
            "max": numbers(moments.highest(x)),
            "mean": numbers(moments.mean(x)),
            "median": numbers([_median(column) for column in x.T]),
            "sd": numbers(moments.standard_deviation(x)),
            "skewness": numbers(skewness),
            "kurtosis": numbers(kurtosis),
            "outliers": _suspect(skewness, kurtosis, limits),
            "skewness_scored": numbers(skewness_scored),
            "kurtosis_scored": numbers(kurtosis_scored),
            "outliers_scored": _suspect(skewness_scored, kurtosis_scored, limits),
        },
        schema_overrides={"left_out": pl.String},
    )


def _values(x: Floats) -> tuple[Floats, Floats]:
    """Return how many different values each column has, and how often its commonest stands."""
    unique, same = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for j, column in enumerate(x.T):
        counts = np.unique(column[~np.isnan(column)], return_counts=True)[1]
        unique[j], same[j] = len(counts), counts.max(initial=0)
    return unique, same


def _median(column: Floats) -> float:
    known = column[~np.isnan(column)]
    return float(np.median(known)) if len(known) else np.nan


def _suspect(skewness: Floats, kurtosis: Floats, limits: Thresholds) -> pl.Series:
    """Tell where there are outliers; null where shape cannot be told."""
    both = (np.abs(skewness) >= limits.skewness) & (kurtosis >= limits.kurtosis)
    suspect = both | (kurtosis > limits.kurtosis_alone)
    told = [
        None if np.isnan(own) else bool(out) for own, out in zip(skewness, suspect, strict=True)
    ]
    return pl.Series(told, dtype=pl.Boolean)


# ---------------------------------------------------------------- correlations


def correlations(own: Scored, kinds: Kinds) -> pl.DataFrame:
    """Return a row for each pair of nodes of the same level, as they stand in the tree."""
    tree = own.state.tree
    pairs = [
        (a, b)
        for level in range(1, tree.depth + 1)
        for a, b in combinations(own.at_level(level), 2)
    ]
    a, b = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    parent_a, parent_b = _parents_of(own, a), _parents_of(own, b)
    found = {
        "level": pl.Series([tree.level[j] for j in a], dtype=pl.Int64),
        "a": pl.Series([tree.codes[j] for j in a], dtype=pl.String),
        "b": pl.Series([tree.codes[j] for j in b], dtype=pl.String),
        "parent_a": pl.Series(parent_a, dtype=pl.String),
        "parent_b": pl.Series(parent_b, dtype=pl.String),
    }
    same = [left == right for left, right in zip(parent_a, parent_b, strict=True)]
    return pl.DataFrame(
        {**found, "same_group": pl.Series(same, dtype=pl.Boolean), **_picked(kinds, a, b)}
    )


def _parents_of(own: Scored, nodes: Sequence[int]) -> list[str]:
    tree = own.state.tree
    return [tree.codes[tree.parent[j]] for j in nodes]


def _picked(kinds: Kinds, a: Sequence[int], b: Sequence[int]) -> dict[str, pl.Series]:
    """Return the correlations of nodes a with nodes b, each with its p-value."""
    left, right = np.asarray(a, int), np.asarray(b, int)
    found = {}
    for kind, each in kinds.items():
        found[kind] = numbers(each.r[left, right])
        found[f"p_{kind}"] = numbers(each.p_value[left, right])
    found["units"] = pl.Series(kinds["pearson"].pairs[left, right], dtype=pl.Int64)
    return found


def parents(own: Scored, kinds: Kinds) -> pl.DataFrame:
    """Return each node with its own ancestors, and with the other groups of its parent's level."""
    tree = own.state.tree
    rows = [
        (j, k, k in above, k == above[0])
        for j in range(len(tree.codes))
        if j != tree.top and j not in own.state.dropped
        for above in [_ancestors(own, j)]
        for k in (*above, *(g for g in own.at_level(tree.level[above[0]]) if g not in (*above, j)))
    ]
    nodes, others = [row[0] for row in rows], [row[1] for row in rows]
    rest = {k: _with_rest(own, k) for k in own.groups()}
    return pl.DataFrame(
        {
            "node": [tree.codes[j] for j in nodes],
            "ancestor": [tree.codes[k] for k in others],
            "level": [tree.level[j] for j in nodes],
            "ancestor_level": [tree.level[k] for k in others],
            "is_own": [row[2] for row in rows],
            "is_parent": [row[3] for row in rows],
            **_picked(kinds, nodes, others),
            "pearson_rest": numbers([rest[row[1]].get(row[0], np.nan) for row in rows]),
        }
    )


def _ancestors(own: Scored, node: int) -> list[int]:
    """Return the groups above a node, the nearest first."""
    parent, found = own.state.tree.parent, []
    while (node := parent[node]) >= 0:
        found.append(node)
    return found


def _with_rest(own: Scored, k: int) -> dict[int, float]:
    """Return the correlation of each part of a group with the weighted mean of the others.

    Over the units for which the group has a score; the mean is arithmetic, and shares out the
    weight of what is missing.
    """
    parts = own.parts(k)
    if own.method(k) not in MEANS or len(parts) < 2:
        return {}
    x = own.scores[:, parts]
    x = np.where(np.isnan(own.scores[:, [k]]), np.nan, x)
    weights = ~np.isnan(x) * own.state.weights[parts]
    others = 1.0 - np.eye(len(parts))
    total = weights @ others
    rest = np.full(x.shape, np.nan)
    np.divide((np.nan_to_num(x) * weights) @ others, total, out=rest, where=total > 0)
    return dict(zip(parts, np.diagonal(pearson(x, rest).r).tolist(), strict=True))


# ---------------------------------------------------------------- groups


def groups(own: Scored, limits: Thresholds) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return for each group how far its parts measure one thing, and its principal components."""
    tree = own.state.tree
    rows, axes = [], []
    for k in own.groups():
        parts, model = own.parts(k), _model(own, k)
        x = own.scores[:, parts]
        alpha = cronbach_alpha(x)
        row = {
            "node": tree.codes[k],
            "name": own.group(k).name,
            "level": tree.level[k],
            "parts": len(parts),
            "model": model,
            "judged": model == "reflective",
            "units": alpha.units,
            "alpha": alpha.alpha,
            "alpha_standardised": alpha.standardised,
        }
        if len(parts) > 1:
            found = principal_components(x)
            axes.append(_loadings(tree.codes[k], [tree.codes[j] for j in parts], found))
            if not np.isnan(found.share[0]):
                row["first_share"] = float(found.share[0])
                row["components"] = int((found.eigenvalues >= limits.eigenvalue).sum())
        rows.append(row)
    table = pl.DataFrame(rows, schema=GROUPS).with_columns(pl.col(pl.Float64).fill_nan(None))
    return table, pl.concat([pl.DataFrame(schema=COMPONENTS), *axes])


def _loadings(group: str, parts: Sequence[str], found: Components) -> pl.DataFrame:
    """Return a row for each component and part."""
    k = len(parts)
    return pl.DataFrame(
        {
            "node": [group] * k * k,
            "component": np.repeat(np.arange(1, k + 1), k),
            "eigenvalue": numbers(np.repeat(found.eigenvalues, k)),
            "share": numbers(np.repeat(found.share, k)),
            "cumulative": numbers(np.repeat(found.cumulative, k)),
            "part": list(parts) * k,
            "loading": numbers(found.loadings.T.ravel()),
        }
    )


COMPONENTS = pl.Schema(
    {
        "node": pl.String,
        "component": pl.Int64,
        "eigenvalue": pl.Float64,
        "share": pl.Float64,
        "cumulative": pl.Float64,
        "part": pl.String,
        "loading": pl.Float64,
    }
)
GROUPS = pl.Schema(
    {
        "node": pl.String,
        "name": pl.String,
        "level": pl.Int64,
        "parts": pl.Int64,
        "model": pl.String,
        "judged": pl.Boolean,
        "units": pl.Int64,
        "alpha": pl.Float64,
        "alpha_standardised": pl.Float64,
        "first_share": pl.Float64,
        "components": pl.Int64,
    }
)


def _model(own: Scored, k: int) -> str:
    """Return the model of a group: its own, else what its parts agree on, else ""."""
    state = own.state
    if k < state.leaf_count:
        return state.methodology.indicators[k].model
    declared = own.group(k).model
    of_parts = {_model(own, j) for j in own.parts(k)} if not declared else {declared}
    return of_parts.pop() if len(of_parts) == 1 else ""
