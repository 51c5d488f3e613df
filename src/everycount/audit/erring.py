"""Erring figures: what standard errors of the data do to the figures of a build."""

from collections.abc import Iterable, Iterator, Sequence
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
from everycount.index.formula import read_formula
from everycount.index.methodology import Methodology
from everycount.index.state import State
from everycount.index.steps import Aggregate, Impute, Normalise, Screen, Step, Treat, Weigh
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

    def figures(self, state: State, numbers: Ints) -> Floats:
        """Return the figures of the laid-out state with errors, shape (draws, rows, columns).

        The errors of a draw depend on its number alone; of -1 there are none.
        """
        at = np.nonzero(self.scale > 0)
        figures = np.repeat(state.values[None], len(numbers), axis=0)
        for d, number in enumerate(numbers.tolist()):
            if number < 0:
                continue
            noise = np.random.default_rng(number).standard_normal(len(at[0]))
            moved = figures[d][at] + noise * self.scale[at]
            figures[d][at] = np.clip(moved, self.low[at[1]], self.high[at[1]])
            copy_to_indicators(state.methodology, state.columns, (figures[d],))
        return figures


def read_errors(
    method: Methodology,
    laid_out: State,
    observations: Observations,
    about: Units,
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
    _refuse_unknown(method, laid_out, plan)
    scale = _from_attributes(method, laid_out, observations, about)
    for column, own in (plan.columns or {}).items():
        at, beside = _position(method, laid_out, column), laid_out.position(own)
        scale[:, at] = np.where(np.isnan(scale[:, at]), laid_out.values[:, beside], scale[:, at])
    for column, share in _spelt_out(plan.relative, laid_out).items():
        at = _position(method, laid_out, column)
        relative = share * np.abs(laid_out.values[:, at])
        scale[:, at] = np.where(np.isnan(scale[:, at]), relative, scale[:, at])
    scale = np.where(np.isnan(laid_out.values) | np.isnan(scale), 0.0, scale)
    _refuse(method, laid_out, scale)
    low, high = np.full(scale.shape[1], -np.inf), np.full(scale.shape[1], np.inf)
    for column, ends in _spelt_out(plan.limits, laid_out).items():
        at = _position(method, laid_out, column)
        low[at], high[at] = ends
    return Errors(scale=scale, low=low, high=high)


def _from_attributes(
    method: Methodology, laid_out: State, observations: Observations, about: Units
) -> Floats:
    """Return the attribute STD_ERROR of every figure, NaN where there is none."""
    empty = np.full(laid_out.values.shape, np.nan)
    table = observations.table
    if "STD_ERROR" not in table.columns:
        return empty
    said = pl.col("STD_ERROR").str.strip_chars()
    number = said if method.data.decimal == "." else said.str.replace(",", ".", literal=True)
    numbers = number.cast(pl.Float64, strict=False)
    wrong = table.filter(said.ne("") & ~numbers.is_finite().fill_null(value=False))
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


def _refuse_unknown(method: Methodology, laid_out: State, plan: VaryFigures) -> None:
    """Refuse columns that the data do not have, and nodes that have no figures of their own."""
    made = {each.code for each in method.indicators if each.derive is not None}
    made |= {group.code for group in method.groups}
    known = set(laid_out.columns) - made
    named = [*(plan.columns or {}), *(plan.columns or {}).values()]
    named += [code for each in (plan.relative, plan.limits) for code in each or {}]
    problems = [
        Problem("audit, figures", f"no column {code!r}", "a column of figures of the data")
        for code in dict.fromkeys(named)
        if code not in known and code != OTHERS
    ]
    if problems:
        raise MethodError(f"method {method.id}", problems)


def _position(method: Methodology, state: State, column: str) -> int:
    """Return where the figures of a column stand; of an indicator, of the column that holds it."""
    held = {each.code: each.column for each in method.indicators if each.column is not None}
    return state.position(held.get(column, column))


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
    from the first that looks across units on, draws stand side by side as columns. Where that
    will not do, because a step reads other columns that err, draws are made one by one.
    """
    steps = method.steps
    first = next(i for i, step in enumerate(steps) if isinstance(step, Aggregate))
    across = next((i for i, step in enumerate(steps[:first]) if _looks_across(step)), first)
    state = _stacked(stages.after(method, 0), errors.figures(stages.after(method, 0), numbers))
    for step in steps[:across]:
        state = advance(state, step)
    plain, final = stages.after(method, across), batch.state
    tall = state.values.reshape(batch.count, len(plain.row_units), -1)
    batch.values = {j: np.ascontiguousarray(tall[:, :, j]) for j in range(state.leaf_count)}
    if all(_is_by_column(step, plain, tall) for step in steps[across:first]):
        _side_by_side(batch, stages, method, range(across, first))
    else:
        _one_by_one(batch, _parted(state, plain, tall), steps[across:first], batch.varied)
    batch.state = final


def _side_by_side(batch: Batch, stages: Stages, method: Methodology, places: range) -> None:
    """Do steps for all draws at once, each draw a column."""
    drawn = batch.varied
    for i in places:
        step = method.steps[i]
        batch.state = stages.after(method, i)
        if isinstance(step, Screen):
            _blank(batch, stages.after(method, i + 1))
        elif isinstance(step, Weigh):
            states = (_state_of(batch, d, drawn) for d in range(batch.count))
            _one_by_one(batch, states, [step], drawn)
        else:
            assert isinstance(step, Impute | Treat | Normalise), "others are not done by columns"
            change(batch, step, _columns_of(step, batch.state))


def _one_by_one(
    batch: Batch, states: Iterable[State], steps: Sequence[Step], drawn: frozenset[int]
) -> None:
    """Do steps for one draw after another, and take over its figures and its weights.

    Weights that were drawn stay as they are.
    """
    levels = {step.level for step in steps if isinstance(step, Weigh)}
    own = [j for level in levels for j in batch.state.tree.at_level(level) if j not in drawn]
    values = {j: np.full(each.shape, np.nan) for j, each in batch.values.items()}
    for d, state in enumerate(states):
        try:
            for step in steps:
                state = advance(state, step)  # noqa: PLW2901
        except MethodError as error:
            batch.fail(np.array([d]), str(error.problems[0]))
            continue
        batch.weights[d, own] = state.weights[own]
        for j, each in values.items():
            each[d % len(each)] = state.values[:, j]
    batch.values = values
    batch.varied |= set(own)


def _state_of(batch: Batch, d: int, drawn: frozenset[int]) -> State:
    """Return the state of one draw, with its own figures, and weights as steps set them."""
    values, weights = batch.state.values.copy(), batch.state.weights.copy()
    for j, each in batch.values.items():
        values[:, j] = each[d % len(each)]
    own = sorted(batch.varied - drawn)
    weights[own] = batch.weights[d, own]
    return replace(batch.state, values=values, weights=weights)


def _parted(state: State, plain: State, tall: Floats) -> Iterator[State]:
    """Yield the state of each draw out of one in which they stand one upon another."""
    observed = state.observed
    for d in range(len(tall)):
        rows = slice(d * tall.shape[1], (d + 1) * tall.shape[1])
        own = None if observed is None else observed[rows]
        yield replace(plain, values=tall[d], marks=state.marks[rows], observed=own)


def _looks_across(step: Step) -> bool:
    """Tell whether what a step does to a unit depends on the figures of others."""
    by_unit = isinstance(step, Impute) and step.method in ("last", "linear", "given", "siblings")
    return isinstance(step, Impute | Treat | Normalise | Screen | Weigh) and not by_unit


def _is_by_column(step: Step, plain: State, tall: Floats) -> bool:
    """Tell whether a step reads nothing that errs but the columns it changes."""
    match step:
        case Impute():
            read = [] if step.weight is None else [step.weight]
        case Normalise(method="goalposts"):
            corrections = [each.correction for each in plain.methodology.indicators]
            read = [name for each in corrections if each for name in read_formula(each.level).names]
        case Screen() | Treat() | Normalise() | Weigh():
            read = []
        case _:
            return False
    at = [plain.position(name) for name in read]
    same = np.broadcast_to(plain.values[:, at], (len(tall), len(plain.values), len(at)))
    return bool(np.array_equal(tall[:, :, at], same, equal_nan=True))


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
