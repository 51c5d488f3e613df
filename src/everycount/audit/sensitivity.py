"""Sensitivity: which of the assumptions the differences between builds come from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from everycount.arrays.sobol import sobol
from everycount.arrays.standing import mean_shifts
from everycount.audit.builds import Builds, Outcome
from everycount.audit.draws import Draws, joined
from everycount.audit.uncertainty import DECIMALS, Ranking, rankings_of
from everycount.index.result import IndexResult

Floats = NDArray[np.float64]

RESAMPLES = 200
LEAST = 2
"""Draws of a base sample, for a variance."""
LEVEL = 0.90
"""Share of the bootstrap samples between the ends of an interval."""
STREAM = 3
_TARGETS = 256  # at a time

COLUMNS = {
    "target": pl.String,
    "node": pl.String,
    "period": pl.Int64,
    "unit": pl.String,
    "other": pl.String,
    "assumption": pl.String,
    "first": pl.Float64,
    "first_low": pl.Float64,
    "first_high": pl.Float64,
    "total": pl.Float64,
    "total_low": pl.Float64,
    "total_high": pl.Float64,
    "variance": pl.Float64,
}
MEAN_SHIFT, RANK, SCORE, GAP = "mean_shift", "rank", "score", "gap"
"""What is explained: the mean absolute rank shift, the rank or score of a unit, the difference of
the ranks of two units."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sensitivity:
    """Sensitivity indices with bootstrap intervals.

    `table` has the columns `COLUMNS`. `base` is the size of either base sample, `builds` how many
    builds were made for them. `note` says why there are none; `incomplete` names units without a
    rank in some of the builds, of which nothing can be said.
    """

    table: pl.DataFrame
    base: int
    builds: int
    note: str = ""
    incomplete: tuple[str, ...] = ()


def none_because(note: str) -> Sensitivity:
    """Return a sensitivity analysis that was not made, with the reason."""
    return Sensitivity(table=pl.DataFrame(schema=COLUMNS), base=0, builds=0, note=note)


def mixed_draws(method_names: Sequence[str], first: Draws, second: Draws) -> Draws:
    """Return, for each assumption, the first sample with that assumption from the second."""
    return joined([first.with_choice(name, second) for name in method_names])


def explain_variance(
    builds: Builds, first: Outcome, second: Outcome, mixed: Outcome, *, seed: int
) -> Sensitivity:
    """Return how much of the variance each assumption brings, alone and with the others.

    Parameters
    ----------
    builds : Builds
        The index; its assumptions vary independently of one another.
    first, second : Outcome
        Builds of two independent samples of the same size.
    mixed : Outcome
        The first sample with one assumption after another from the second.
    seed : int
        Where the random numbers of the bootstrap start.

    Returns
    -------
    Sensitivity
        First-order and total indices: shares of the variance between the builds tested. Estimates
        below 0 are kept as they are, with their interval. No index is computed where a build
        failed.

    References
    ----------
    .. [1] Saltelli, A. et al. (2010), Variance based sensitivity analysis of model output,
       Computer Physics Communications 181(2).
    .. [2] Saisana, M., Saltelli, A. and Tarantola, S. (2005), Uncertainty and sensitivity analysis
       techniques as tools for the quality assessment of composite indicators, JRSS A 168(2).
    """
    names = [each.name for each in builds.methodology.audit.assumptions]
    outcomes = (first, second, mixed)
    failed = sum(len(each.failures) for each in outcomes)
    made = sum(len(next(iter(each.scores.values()))) for each in outcomes)
    if failed:
        return none_because(f"{failed} of {made} builds failed, and none may be left out of them")
    if not names:
        return none_because("there is no choice that varies")
    if made < LEAST * (2 + len(names)):
        return none_because(f"it takes {LEAST} draws of either base sample")
    parts: list[pl.DataFrame] = []
    incomplete: dict[str, None] = {}
    for a, b, ab in zip(*(rankings_of(builds.result, each) for each in outcomes), strict=True):
        tables, lacking = _of_ranking(builds.result, names, (a, b, ab), seed)
        parts += tables
        incomplete |= dict.fromkeys(lacking)
    return Sensitivity(
        table=pl.concat([pl.DataFrame(schema=COLUMNS), *parts]),
        base=len(next(iter(first.scores.values()))),
        builds=made,
        incomplete=tuple(incomplete),
    )


def _of_ranking(
    result: IndexResult, names: list[str], rankings: tuple[Ranking, Ranking, Ranking], seed: int
) -> tuple[list[pl.DataFrame], list[str]]:
    state, first = result.state, rankings[0]
    units = [state.units[state.row_units[row]] for row in first.rows]
    complete = np.flatnonzero(~np.any([np.isnan(r.places).any(axis=0) for r in rankings], axis=0))
    pairs = _pairs(result, units, complete)
    own: list[tuple[str, str | None, str | None]] = []
    if not any(np.isnan(ranking.places).all(axis=1).any() for ranking in rankings):
        own.append((MEAN_SHIFT, None, None))
    own += [(RANK, units[u], None) for u in complete]
    own += [(SCORE, units[u], None) for u in complete]
    own += [(GAP, units[u], units[v]) for u, v in pairs]
    columns = [_targets(ranking, complete, pairs)[:, -len(own) :] for ranking in rankings]
    count = len(columns[0])
    rng = np.random.default_rng([seed, STREAM])
    parts = []
    for start in range(0, len(own), _TARGETS):
        at = slice(start, start + _TARGETS)
        a, b, ab = (each[:, at] for each in columns)
        found = sobol(
            a,
            b,
            ab.reshape(len(names), count, -1),
            resamples=RESAMPLES,
            level=LEVEL,
            centre="mean",
            rng=rng,
        )
        numbers = {name: getattr(found, name).T.ravel() for name in list(COLUMNS)[6:12]} | {
            "variance": np.repeat(found.variance, len(names))
        }
        parts.append(_table(result, first, own[at], names, numbers))
    return parts, [unit for u, unit in enumerate(units) if u not in set(complete.tolist())]


def _targets(ranking: Ranking, complete: NDArray[np.int64], pairs: list[tuple[int, int]]) -> Floats:
    """Return what is to be explained, a row for each build and a column for each target."""
    places = ranking.places.astype(float)
    gaps = [places[:, u] - places[:, v] for u, v in pairs]
    shift = mean_shifts(ranking.places, ranking.nominal)
    return np.column_stack([shift, places[:, complete], ranking.scores[:, complete], *gaps])


def _pairs(
    result: IndexResult, units: list[str], complete: NDArray[np.int64]
) -> list[tuple[int, int]]:
    """Return the pairs that the plan asks for, by position, where both have a rank throughout."""
    at = {unit: u for u, unit in enumerate(units)}
    positions = set(complete.tolist())
    found = [(at.get(a, -1), at.get(b, -1)) for a, b in result.methodology.audit.pairs]
    return [(u, v) for u, v in found if {u, v} <= positions]


def _table(
    result: IndexResult,
    ranking: Ranking,
    own: list[tuple[str, str | None, str | None]],
    names: list[str],
    numbers: dict[str, Floats],
) -> pl.DataFrame:
    length = len(own) * len(names)
    return pl.DataFrame(
        {
            "target": np.repeat([target for target, _, _ in own], len(names)),
            "node": [result.state.tree.codes[ranking.node]] * length,
            "period": [ranking.period or None] * length,
            "unit": [unit for _, unit, _ in own for _ in names],
            "other": [other for _, _, other in own for _ in names],
            "assumption": names * len(own),
            **{name: np.round(each, DECIMALS) + 0.0 for name, each in numbers.items()},
        },
        schema=COLUMNS,
    ).with_columns(pl.col(list(COLUMNS)[6:]).fill_nan(None))
