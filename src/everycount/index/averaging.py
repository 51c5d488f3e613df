"""Averages of scores over groups of units: plain, and weighted by a figure such as population."""

import numpy as np
import polars as pl

from everycount.errors import MethodError, Problem
from everycount.index.ranking import is_unranked
from everycount.index.state import Floats, State

WORLD = "all"
"""The group of every unit, in every grouping."""


def average(state: State) -> pl.DataFrame:
    """Return averages of every node over the groups that the method asks for.

    Returns
    -------
    DataFrame
        Columns `grouping, group, period, node, score` (plain mean), `weighted_score, weight`
        (the column weighted by; null without one), `units` (in the group), `scored` (with a score),
        `weight_coverage` (share of the group's known weight that stands behind `weighted_score`),
        `without_weight` (units of the group whose weight is not known, which count in neither).
        A unit without a score is in no mean. The group `all` holds every unit.

    Raises
    ------
    MethodError
        If a weight is below 0, or a group is called `all`.
    """
    frames = []
    ranked = ~is_unranked(state)
    for each in state.methodology.averages:
        if not state.has_grouping(each.by):
            continue
        groups = np.array(state.grouping(each.by), object)
        weights = None
        if each.weight in state.columns:
            weights = state.figures_of(each.weight)
            _refuse_negative(state, each.weight, weights)
        if WORLD in groups:
            found = f"a group called {WORLD!r}"
            problem = Problem(
                f"grouping {each.by}", found, "another name: it stands for every unit"
            )
            raise MethodError(state.subject, [problem])
        for name in (*sorted({g for g in groups[ranked] if g}), WORLD):
            member = ranked if name == WORLD else ranked & (groups == name)
            for period in np.unique(state.row_periods):
                rows = np.flatnonzero(member & (state.row_periods == period))
                facts = _means(state, rows, None if weights is None else weights[rows])
                frames.append(
                    facts.with_columns(
                        grouping=pl.lit(each.by),
                        group=pl.lit(name),
                        period=pl.lit(int(period) or None, dtype=pl.Int64),
                        weight=pl.lit(None if weights is None else each.weight, dtype=pl.String),
                    )
                )
    return pl.concat(frames).select(list(_SCHEMA)) if frames else pl.DataFrame(schema=_SCHEMA)


def _refuse_negative(state: State, column: str | None, weights: Floats) -> None:
    problems = [
        Problem(
            f"{column} of {state.units[state.row_units[row]]}", f"{weights[row]:g}", "0 or more"
        )
        for row in np.flatnonzero(weights < 0)
    ]
    if problems:
        raise MethodError(state.subject, problems)


def not_averaged(state: State) -> list[str]:
    """Say which averages or weights a method asks for that the data and the units lack."""
    lacking = []
    for each in state.methodology.averages:
        if not state.has_grouping(each.by):
            lacking.append(f"no averages by {each.by!r}: neither the data nor the units have it")
        elif each.weight is not None and each.weight not in state.columns:
            lacking.append(f"averages by {each.by!r} not weighted: there is no {each.weight!r}")
    return lacking


_SCHEMA = {
    "grouping": pl.String,
    "group": pl.String,
    "period": pl.Int64,
    "node": pl.String,
    "score": pl.Float64,
    "weighted_score": pl.Float64,
    "weight": pl.String,
    "units": pl.Int64,
    "scored": pl.Int64,
    "weight_coverage": pl.Float64,
    "without_weight": pl.Int64,
}


def _means(state: State, rows: np.ndarray, weights: Floats | None) -> pl.DataFrame:
    tree = state.tree
    scores = state.values[rows][:, : len(tree.codes)]
    known = ~np.isnan(scores)
    filled = np.where(known, scores, 0.0)
    number = known.sum(axis=0)
    weighted = share = np.full(len(tree.codes), np.nan)
    unweighted: int | None = None
    with np.errstate(invalid="ignore", divide="ignore"):
        plain = filled.sum(axis=0) / number
        if weights is not None:
            own, unweighted = np.nan_to_num(weights), int(np.isnan(weights).sum())
            behind = own @ known
            weighted, share = (own @ filled) / behind, behind / own.sum()
    return pl.DataFrame(
        {
            "node": list(tree.codes),
            "score": pl.Series(plain).fill_nan(None),
            "weighted_score": pl.Series(weighted, dtype=pl.Float64).fill_nan(None),
            "units": [len(rows)] * len(tree.codes),
            "scored": pl.Series(number, dtype=pl.Int64),
            "weight_coverage": pl.Series(share, dtype=pl.Float64).fill_nan(None),
            "without_weight": pl.Series([unweighted] * len(tree.codes), dtype=pl.Int64),
        }
    )
