"""Select: one figure for each unit and indicator out of several years."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from everycount.errors import MethodError, Problem
from everycount.index.state import Floats, Ints, State
from everycount.index.steps import Select


def select(state: State, step: Select) -> State:
    """Return the state with one row for each unit and reference year.

    A figure keeps the year it is of, and its source. A figure outside the limits is missing.
    """
    if not state.row_periods.any():
        problem = Problem("step select", "data without periods", "a period column, or no select")
        raise MethodError(state.subject, [problem])
    periods = np.unique(state.row_periods)
    references = np.array(step.periods or (step.last or int(periods[-1]),), dtype=np.int64)
    shape = (len(state.units), len(periods), len(state.columns))
    values = state.values.reshape(shape)
    known = ~np.isnan(values) | _known_texts(state).reshape(shape)
    within = _within(state, step, periods)
    chosen = [
        _one_edition(step, values, known & within & _window(state, step, periods, int(year)))
        for year in references
    ]
    taken = np.stack([at for _, at in chosen], axis=1)  # units, references, columns
    rows = len(state.units) * len(references)
    flat = taken.reshape(rows, -1)

    def pick(array: NDArray[np.int32], empty: int) -> NDArray[np.int32]:
        cube = np.repeat(array.reshape(shape)[:, None], len(references), axis=1)
        found = np.take_along_axis(cube, np.maximum(taken, 0)[:, :, None], axis=2)[:, :, 0]
        return np.where(taken < 0, np.int32(empty), found).reshape(rows, -1).astype(np.int32)

    observed = state.observed
    if observed is not None:  # a step such as filling along time was before
        before = observed.reshape(len(state.units), len(periods), -1)
        own = taken[:, :, : before.shape[2]]
        cube = np.repeat(before[:, None], len(references), axis=1)
        found = np.take_along_axis(cube, np.maximum(own, 0)[:, :, None], axis=2)[:, :, 0]
        observed = np.where(own < 0, np.nan, found).reshape(rows, -1)
    after = replace(
        state,
        observed=observed,
        row_units=np.repeat(np.arange(len(state.units)), len(references)),
        row_periods=np.tile(references, len(state.units)),
        values=np.stack([v for v, _ in chosen], axis=1).reshape(rows, -1),
        marks=pick(state.marks.astype(np.int32), 0).astype(np.uint8),
        years=pick(state.years, 0),
        sources=pick(state.sources, -1),
        texts=_pick_texts(state, flat, len(periods), len(references)),
    )
    years = [int(year) for year in references]
    return after.noted("select", take=step.take, periods=years, figures=int((flat >= 0).sum()))


def _window(state: State, step: Select, periods: Ints, year: int) -> NDArray[np.bool_]:
    """Return which periods count for a reference year, shape (periods, columns)."""
    newest = np.full(len(state.columns), year)
    if not step.periods:  # in the one edition an indicator's own `last` may lie after it
        for j, indicator in enumerate(state.methodology.indicators):
            newest[j] = year if indicator.last is None else indicator.last
    when = periods[:, None]
    if step.take == "exact":
        return np.asarray(when == newest)
    oldest = -np.inf if step.window is None else newest - step.window + 1
    return np.asarray((when <= newest) & (when >= oldest))


def _within(state: State, step: Select, periods: Ints) -> NDArray[np.bool_]:
    """Return which periods each column may use, shape (periods, columns)."""
    first = np.full(len(state.columns), -np.inf if step.first is None else step.first)
    last = np.full(len(state.columns), np.inf if step.last is None else step.last)
    for j, indicator in enumerate(state.methodology.indicators):
        first[j] = first[j] if indicator.first is None else indicator.first
        last[j] = last[j] if indicator.last is None else indicator.last
    return np.asarray((periods[:, None] >= first) & (periods[:, None] <= last))


def _one_edition(step: Select, values: Floats, usable: NDArray[np.bool_]) -> tuple[Floats, Ints]:
    """Return the figures of one reference year, and the position of the year each is of."""
    count = values.shape[1]
    newest = count - 1 - np.argmax(usable[:, ::-1], axis=1)
    at = np.where(usable.any(axis=1), newest, -1)
    if step.take == "mean":
        number = usable.sum(axis=1)
        total = np.where(usable, np.nan_to_num(values), 0.0).sum(axis=1)
        return np.where(number > 0, total / np.maximum(number, 1), np.nan), at
    taken = np.take_along_axis(values, np.maximum(at, 0)[:, None], axis=1)[:, 0]
    return np.where(at < 0, np.nan, taken), at


def _known_texts(state: State) -> NDArray[np.bool_]:
    known = np.zeros(state.values.shape, bool)
    for j, column in enumerate(_text_columns(state)):
        if column in state.texts:
            known[:, j] = np.array([cell is not None for cell in state.texts[column]])
    return known


def _text_columns(state: State) -> list[str]:
    """Return the column of the data that fills each column of the state."""
    own = [i.column or i.code for i in state.methodology.indicators]
    return own + list(state.columns[len(own) :])


def _pick_texts(
    state: State, taken: Ints, periods: int, references: int
) -> dict[str, NDArray[np.object_]]:
    names = _text_columns(state)
    units = np.repeat(np.arange(len(state.units)), references)
    picked = {}
    for name, cells in state.texts.items():
        if name in names:
            at = taken[:, names.index(name)]
            column = cells[units * periods + np.maximum(at, 0)]
            picked[name] = np.where(at < 0, np.array(None, object), column)
        else:  # a grouping: the newest name a unit has
            cube = cells.reshape(len(state.units), periods)
            newest = [next((c for c in row[::-1] if c is not None), None) for row in cube]
            picked[name] = np.array(newest, object)[units]
    return picked
