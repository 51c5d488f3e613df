"""Select: one figure for each unit and indicator out of several years."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

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
    known = (~np.isnan(values) | _known_texts(state).reshape(shape)) & _within(state, step, periods)
    usable = [known & _window(state, step, periods, int(year)) for year in references]
    taken = np.stack([_newest(each) for each in usable], axis=1)  # units, references, columns
    rows = len(state.units) * len(references)

    def pick(array: NDArray[Any], empty: float) -> NDArray[Any]:
        cube = array.reshape(len(state.units), len(periods), -1)
        at = taken[:, :, : cube.shape[2]]
        return np.where(at < 0, array.dtype.type(empty), _take(cube, at)).reshape(rows, -1)

    if step.take == "mean":
        chosen = _means(values, usable).reshape(rows, -1)
        marks = _all_marks(state.marks.reshape(shape), usable).reshape(rows, -1)
    else:
        chosen, marks = pick(state.values, np.nan), pick(state.marks, 0)
    after = replace(
        state,
        row_units=np.repeat(np.arange(len(state.units)), len(references)),
        row_periods=np.tile(references, len(state.units)),
        values=chosen,
        marks=marks,
        years=pick(state.years, 0),
        sources=pick(state.sources, -1),
        observed=_observed(state, step, usable, pick),
        texts=_pick_texts(state, taken.reshape(rows, -1), len(periods), len(references)),
    )
    years = [int(year) for year in references]
    return after.noted("select", take=step.take, periods=years, figures=int((taken >= 0).sum()))


def _take(cube: NDArray[Any], at: Ints) -> NDArray[Any]:
    """Return what stands at the periods `at`, shape (units, references, columns)."""
    layers = [
        np.take_along_axis(cube, np.maximum(at[:, [r]], 0), axis=1) for r in range(at.shape[1])
    ]
    return np.concatenate(layers, axis=1)


def _observed(
    state: State,
    step: Select,
    usable: list[NDArray[np.bool_]],
    pick: Callable[[NDArray[Any], float], NDArray[Any]],
) -> Floats | None:
    """Return the observed figures behind the selected ones, where a step has filled before."""
    if state.observed is None:
        return None
    if step.take != "mean":
        return pick(state.observed, np.nan)
    cube = state.observed.reshape(len(state.units), -1, state.leaf_count)
    own = [each[:, :, : state.leaf_count] for each in usable]
    return _means(cube, own).reshape(-1, state.leaf_count)


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


def _newest(usable: NDArray[np.bool_]) -> Ints:
    """Return the position of the newest period that counts, -1 where none does."""
    newest = usable.shape[1] - 1 - np.argmax(usable[:, ::-1], axis=1)
    return np.where(usable.any(axis=1), newest, -1)


def _means(values: Floats, usable: list[NDArray[np.bool_]]) -> Floats:
    """Return the mean of the figures that count for each reference year."""
    means = []
    for each in usable:
        numbers = each & ~np.isnan(values)  # a category in the window has no part in a mean
        total = np.where(numbers, values, 0.0).sum(axis=1)
        count = numbers.sum(axis=1)
        means.append(np.where(count > 0, total / np.maximum(count, 1), np.nan))
    return np.stack(means, axis=1)


def _all_marks(marks: NDArray[np.uint8], usable: list[NDArray[np.bool_]]) -> NDArray[np.uint8]:
    """Return what was done to any of the figures in a mean."""
    used = [np.where(each, marks, np.uint8(0)) for each in usable]
    return np.stack([np.bitwise_or.reduce(each, axis=1) for each in used], axis=1)


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
