"""Erring figures: what standard errors of the data do to the figures of a build."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from everycount.audit.climb import change
from everycount.audit.combine import Batch
from everycount.audit.stages import Stages
from everycount.errors import MethodError, Problem
from everycount.index.assumptions import VaryFigures
from everycount.index.build import advance
from everycount.index.consistency import nodes_of
from everycount.index.figures import copy_to_indicators, lay_out
from everycount.index.methodology import Methodology
from everycount.index.state import State
from everycount.index.steps import Aggregate, Impute, Normalise, Screen, Step, Treat
from everycount.model.observations import Observations
from everycount.model.units import Units

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OTHERS = "*"
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Errors:
    """Standard errors of figures, in the rows and columns of the laid-out state.

    `scale` is 0 where a figure has none. `low` and `high` are the limits of each column.
    """

    scale: Floats
    low: Floats
    high: Floats
    seed: int

    def figures(self, state: State, numbers: Ints) -> Floats:
        """Return the figures of the laid-out state with errors, shape (draws, rows, columns).

        The errors of a draw depend on its number alone.
        """
        at = np.nonzero(self.scale > 0)
        figures = np.repeat(state.values[None], len(numbers), axis=0)
        for d, number in enumerate(numbers.tolist()):
            noise = np.random.default_rng([self.seed, number]).standard_normal(len(at[0]))
            moved = figures[d][at] + noise * self.scale[at]
            figures[d][at] = np.clip(moved, self.low[at[1]], self.high[at[1]])
            copy_to_indicators(state.methodology, state.columns, (figures[d],))
        return figures


def read_errors(
    method: Methodology,
    laid_out: State,
    observations: Observations,
    about: Units,
    *,
    seed: int,
) -> Errors | None:
    """Return the standard errors that the audit of a method varies figures by; None without.

    Raises
    ------
    MethodError
        If a standard error is no number of 0 or more, or no figure has one.
    """
    plans = [each for each in method.audit.assumptions if isinstance(each, VaryFigures)]
    if not plans:
        return None
    plan = plans[0]
    scale = _from_attributes(method, laid_out, observations, about)
    for column, own in (plan.columns or {}).items():
        at, beside = _position(laid_out, column), _position(laid_out, own)
        scale[:, at] = np.where(np.isnan(scale[:, at]), laid_out.values[:, beside], scale[:, at])
    for column, share in _spelt_out(plan.relative, laid_out).items():
        at = _position(laid_out, column)
        relative = share * np.abs(laid_out.values[:, at])
        scale[:, at] = np.where(np.isnan(scale[:, at]), relative, scale[:, at])
    scale = np.where(np.isnan(laid_out.values) | np.isnan(scale), 0.0, scale)
    _refuse(method, laid_out, scale)
    low, high = np.full(scale.shape[1], -np.inf), np.full(scale.shape[1], np.inf)
    for column, ends in _spelt_out(plan.limits, laid_out).items():
        at = _position(laid_out, column)
        low[at], high[at] = ends
    return Errors(scale=scale, low=low, high=high, seed=seed)


def _from_attributes(
    method: Methodology, laid_out: State, observations: Observations, about: Units
) -> Floats:
    """Return the attribute STD_ERROR of every figure, NaN where there is none."""
    empty = np.full(laid_out.values.shape, np.nan)
    table = observations.table
    if "STD_ERROR" not in table.columns:
        return empty
    numbers = pl.col("STD_ERROR").cast(pl.Float64, strict=False)
    wrong = table.filter(pl.col("STD_ERROR").str.strip_chars().ne("") & numbers.is_null())
    if len(wrong):
        problems = [
            Problem(
                f"{row['variable']}, {row['unit']}, STD_ERROR", repr(row["STD_ERROR"]), "a number"
            )
            for row in wrong.head(_SHOWN).to_dicts()
        ]
        raise MethodError(f"method {method.id}", problems)
    instead = table.with_columns(numbers.alias("value"), pl.lit(None, pl.String).alias("text"))
    own = lay_out(method, replace(observations, table=instead), about)
    named = set(table["variable"].unique())
    from_data = [
        k for k, name in enumerate(own.columns) if name in named or name in _copies(method)
    ]
    empty[:, from_data] = own.values[:, from_data]
    return empty


def _copies(method: Methodology) -> set[str]:
    return {each.code for each in method.indicators if each.column is not None}


def _position(state: State, column: str) -> int:
    if column not in state.columns:
        problem = Problem(
            "audit, figures", f"no column {column!r}", "a column of figures of the data"
        )
        raise MethodError(state.subject, [problem])
    return state.position(column)


def _spelt_out(declared: dict[str, Any] | None, state: State) -> dict[str, Any]:
    """Return what is declared by column, with the columns that `*` stands for."""
    given = dict(declared or {})
    others = given.pop(OTHERS, None)
    if others is not None:
        given = dict.fromkeys(state.columns, others) | given
    return given


def _refuse(method: Methodology, laid_out: State, scale: Floats) -> None:
    negative = np.argwhere(scale < 0)[:_SHOWN]
    problems = [
        Problem(
            f"{laid_out.columns[j]}, {laid_out.units[laid_out.row_units[row]]}, standard error",
            f"{scale[row, j]:g}",
            "0 or more",
        )
        for row, j in negative
    ]
    if not problems and not (scale > 0).any():
        want = "the attribute STD_ERROR, or columns or relative in the audit"
        problems = [Problem("audit, figures", "no figure with a standard error", want)]
    if problems:
        raise MethodError(f"method {method.id}", problems)


def with_errors(
    batch: Batch, stages: Stages, method: Methodology, errors: Errors, numbers: Ints
) -> None:
    """Give every draw of a batch figures of its own, up to the first aggregate step.

    Steps that look at one unit at a time are done for all draws as if they were more units;
    from the first that looks across units on, draws stand side by side as columns.
    """
    steps = method.steps
    first = next(i for i, step in enumerate(steps) if isinstance(step, Aggregate))
    across = next((i for i, step in enumerate(steps[:first]) if _looks_across(step)), first)
    state = _stacked(stages.after(method, 0), errors.figures(stages.after(method, 0), numbers))
    for step in steps[:across]:
        state = advance(state, step)
    rows = len(batch.state.row_units)
    figures = state.values.reshape(batch.count, rows, -1)
    leaves = range(state.leaf_count)
    batch.values = {j: np.ascontiguousarray(figures[:, :, j]) for j in leaves}
    final = batch.state
    for i in range(across, first):
        step = steps[i]
        batch.state = stages.after(method, i)
        if isinstance(step, Screen):
            _blank(batch, stages.after(method, i + 1))
        elif isinstance(step, Impute | Treat | Normalise):
            change(batch, step, _columns_of(step, batch.state))
        else:
            found = f"step {step.do} after one that looks across units"
            problem = Problem("audit, figures", found, "it before them")
            raise MethodError(final.subject, [problem])
    batch.state = final


def _looks_across(step: Step) -> bool:
    """Tell whether what a step does to a unit depends on the figures of others."""
    by_unit = isinstance(step, Impute) and step.method in ("last", "linear", "given", "siblings")
    return isinstance(step, Impute | Treat | Normalise | Screen) and not by_unit


def _stacked(state: State, figures: Floats) -> State:
    """Return a state in which every draw has units of its own."""
    copies, units = len(figures), len(state.units)
    row_units = np.concatenate([state.row_units + c * units for c in range(copies)])
    tall = (copies, 1)
    return replace(
        state,
        units=state.units * copies,
        row_units=row_units,
        row_periods=np.tile(state.row_periods, copies),
        values=figures.reshape(-1, figures.shape[2]),
        marks=np.tile(state.marks, tall),
        years=np.tile(state.years, tall),
        sources=np.tile(state.sources, tall),
        texts={name: np.tile(cells, copies) for name, cells in state.texts.items()},
    )


def _columns_of(step: Impute | Treat | Normalise, state: State) -> list[int]:
    nodes = nodes_of(step, state.tree)
    return [j for j in nodes if j not in state.dropped]


def _blank(batch: Batch, screened: State) -> None:
    """Blank what screening leaves out; which figures there are does not depend on errors."""
    for j in list(batch.values):
        out = np.isnan(screened.values[:, j]) & ~np.isnan(batch.state.values[:, j])
        if out.any():
            batch.values[j] = np.where(out, np.nan, batch.values[j])
