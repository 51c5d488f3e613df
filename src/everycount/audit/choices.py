"""Choices: what each assumption alone, and each indicator left out, does to the ranks."""

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from everycount.arrays.standing import mean_shifts
from everycount.audit.builds import NOBODY, Builds, Outcome
from everycount.audit.draws import Draws, declared, joined, options_of, sample
from everycount.audit.uncertainty import DECIMALS, Ranking, rankings_of
from everycount.index.assumptions import Assumption, LeaveOneOut, VaryFigures, VaryWeights
from everycount.index.plan_faults import in_formulas
from everycount.index.tree import Tree

BUILDS = 500
"""Builds of an assumption that has no options but draws numbers."""
STREAM = 2
IN_TURN = "each in turn"
DRAWN = "drawn"


def one_at_a_time(builds: Builds, *, seed: int) -> pl.DataFrame:
    """Change one choice and leave all others as the method declares them.

    Parameters
    ----------
    builds : Builds
        The index; the first of its nodes, in its newest period, is looked at.
    seed : int
        Where random numbers start, for weights and errors that are drawn.

    Returns
    -------
    DataFrame
        A row for each option: columns `assumption, option, builds, failed, mean_shift` (mean
        absolute shift of ranks, over units and builds), `shift_q95` (its 95th percentile over
        builds), `moved` (share of units that move more than the declared places), `largest` (the
        most places a unit moves in any build) and `unit`, the unit that does.
    """
    parts: list[tuple[str, str, Draws]] = []
    for assumption in builds.methodology.audit.assumptions:
        parts += [(assumption.name, *part) for part in _alone(builds, assumption, seed)]
    columns = ("assumption", "option", "builds", "failed", *_SHIFTS)
    if not parts:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    outcome = builds.run(joined([draws for _, _, draws in parts]))
    rows, start = [], 0
    for name, option, draws in parts:
        at = np.arange(start, start + draws.count)
        start += draws.count
        good = np.setdiff1d(at, list(outcome.failures))
        rows.append(
            {
                "assumption": name,
                "option": option,
                "builds": int(good.size),
                "failed": int(at.size - good.size),
                **_shift(builds, outcome, good),
            }
        )
    return pl.DataFrame(rows, schema_overrides={"unit": pl.String}, infer_schema_length=None)


def _alone(builds: Builds, assumption: Assumption, seed: int) -> Iterator[tuple[str, Draws]]:
    """Yield the options of an assumption, with draws that take them and change nothing else."""
    method, weights = builds.methodology, builds.result.state.weights
    drawn = isinstance(assumption, VaryFigures)
    if drawn or (isinstance(assumption, VaryWeights) and not assumption.sets):
        plain = declared(method, weights, BUILDS)
        varied = sample(method, weights, BUILDS, seed=seed, stream=STREAM)
        yield DRAWN, plain.with_choice(assumption.name, varied)
        return
    options = options_of(assumption, method)
    numbers = [np.array([k]) for k in range(len(options))]
    if isinstance(assumption, LeaveOneOut):
        options, numbers = (IN_TURN,), [np.arange(1, len(options))]
    for option, number in zip(options, numbers, strict=True):
        plain = declared(method, weights, len(number))
        own = {**plain.numbers, assumption.name: number}
        yield option, Draws(count=len(number), numbers=own, weights=plain.weights)


_SHIFTS = ("mean_shift", "shift_q95", "moved", "largest", "unit")


def _shift(builds: Builds, outcome: Outcome, draws: NDArray[np.int64]) -> dict[str, object]:
    """Return by how much units move in some of the builds."""
    if not draws.size:
        return dict.fromkeys(_SHIFTS)
    ranking = rankings_of(builds.result, outcome, draws)[0]
    shifts = mean_shifts(ranking.places, ranking.nominal)
    if np.isnan(shifts).all():
        return dict.fromkeys(_SHIFTS)
    own = np.abs(ranking.places - ranking.nominal)
    limit = builds.methodology.audit.thresholds.places
    known = shifts[~np.isnan(shifts)]
    largest = int(np.nanargmax(np.fmax.reduce(own, axis=0)))
    return {
        "mean_shift": round(float(known.mean()), DECIMALS),
        "shift_q95": round(float(np.quantile(known, 0.95)), DECIMALS),
        "moved": round(float((own > limit).sum() / (~np.isnan(own)).sum()), DECIMALS),
        "largest": float(np.fmax.reduce(own[:, largest])),
        "unit": unit_of(builds, ranking, largest) if own[:, largest].any() else None,
    }


def unit_of(builds: Builds, ranking: Ranking, at: int) -> str:
    """Return the code of a unit of a ranking."""
    state = builds.result.state
    return state.units[int(state.row_units[ranking.rows[at]])]


def leave_one_out(builds: Builds) -> pl.DataFrame:
    """Leave out every indicator and every group, one at a time.

    What is left out is left out where scores are combined; screening and filling have seen it. A
    group that is left out takes all its indicators with it.

    Returns
    -------
    DataFrame
        A row for each node below the top: `node, level, mean_shift, moved, largest, unit` as in
        `one_at_a_time`; `scored`, how many units still have a rank; `note`, why there is no
        result.
    """
    method = builds.methodology
    tree = method.tree
    nodes = [j for j in range(len(tree.codes)) if j != tree.top]
    needed = in_formulas(method)
    lost = np.zeros((len(nodes), tree.indicators), bool)
    for row, j in enumerate(nodes):
        lost[row, list(tree.leaves[j])] = True
    plain = declared(method, builds.result.state.weights, len(nodes))
    outcome = builds.run(plain, without=lost)
    ranking = rankings_of(builds.result, outcome)[0]
    rows = []
    for row, j in enumerate(nodes):
        found = _shift(builds, outcome, np.array([row]))
        note = outcome.failures.get(row, "" if found["mean_shift"] is not None else NOBODY)
        if note == NOBODY:
            note = _why(tree, j, needed)
        rows.append(
            {
                "node": tree.codes[j],
                "level": tree.level[j],
                **{key: found[key] for key in ("mean_shift", "moved", "largest", "unit")},
                "scored": int((~np.isnan(ranking.places[row])).sum()),
                "note": note,
            }
        )
    kinds = {
        "unit": pl.String,
        "mean_shift": pl.Float64,
        "moved": pl.Float64,
        "largest": pl.Float64,
    }
    return pl.DataFrame(rows, schema_overrides=kinds, infer_schema_length=None)


def _why(tree: Tree, node: int, needed: set[str]) -> str:
    if needed.intersection(tree.codes[j] for j in (node, *tree.leaves[node])):
        return "a formula needs it"
    return "nothing is left to make a score of"
