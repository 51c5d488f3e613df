"""Prepare figures: derive, recode, clip and divide by denominators."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from everycount.errors import MethodError, Problem
from everycount.index.derivation import derivation_order
from everycount.index.formula import read_formula
from everycount.index.nodes import Derivation, ScoredIndicator
from everycount.index.state import CLIPPED, DERIVED, IMPUTED, RECODED, Floats, State, number_of
from everycount.index.steps import Clip, Denominate, Derive, Recode


def derive(state: State, step: Derive) -> State:
    """Compute the indicators that declare `derive`; missing where an operand is missing."""
    done: list[str] = []
    warnings: list[str] = []
    for j in derivation_order(state.methodology.indicators)[0]:
        indicator = state.methodology.indicators[j]
        assert indicator.derive is not None, "the order holds derived indicators only"
        figures = {name: state.values[:, k] for k, name in enumerate(state.columns)}
        operands = [read_formula(text) for text in indicator.derive.operands]
        made = _combine(indicator.derive, [o.evaluate(figures) for o in operands])
        values = np.broadcast_to(made, len(state.values)).copy()  # a formula may name no column
        values = np.broadcast_to(values, len(state.values)).copy()  # a formula of numbers has one
        used = [state.position(name) for o in operands for name in o.names]
        if step.years == "same":
            apart = _are_apart(state, used) & ~np.isnan(values)
            values[apart] = np.nan
            warnings += _of_different_years(indicator.code, int(apart.sum()))
        state = _of_newest(state, j, used, ~np.isnan(values))
        state = state.with_columns([j], values[:, None], DERIVED)
        state = _observe_anew(state, j, [*used, j])
        done.append(indicator.code)
    return state.noted("derive", indicators=done, warnings=warnings)


def _are_apart(state: State, used: list[int]) -> NDArray[np.bool_]:
    """Tell in which rows the figures of some columns are of different years."""
    years = state.years[:, used].astype(float)
    years[years == 0] = np.nan  # a figure without a year, such as an area
    oldest, newest = (end.reduce(years, axis=1, initial=np.nan) for end in (np.fmin, np.fmax))
    return np.asarray(oldest < newest)


def _of_different_years(code: str, count: int) -> list[str]:
    if not count:
        return []
    return [
        f"{code}: {count} left out, as the figures to be combined are of different years; put "
        'derive before select, or say years = "any" in the derive step'
    ]


def _observe_anew(state: State, j: int, used: list[int]) -> State:
    """Count a prepared figure as observed where nothing that it was made of was filled in.

    Before the first step that changes figures there is nothing to keep up to date.
    """
    if state.observed is None:
        return state
    filled = ((state.marks[:, used] & IMPUTED) > 0).any(axis=1)
    observed, marks = state.observed.copy(), state.marks.copy()
    observed[:, j] = np.where(filled, np.nan, state.values[:, j])
    marks[:, j] |= np.where(filled & ~np.isnan(state.values[:, j]), IMPUTED, 0).astype(np.uint8)
    return replace(state, observed=observed, marks=marks)


def _of_newest(state: State, j: int, used: list[int], known: NDArray[np.bool_]) -> State:
    """Give a derived indicator the year of its newest operand, and the source of the newest."""
    years, sources = state.years.copy(), state.sources.copy()
    newest = state.years[:, used].max(axis=1, initial=0)
    years[:, j] = np.where(known, newest, 0)
    sources[:, j] = -1
    for at in reversed(used):  # of several operands as new, the first that names a source
        is_it = known & (state.years[:, at] == newest) & (state.sources[:, at] >= 0)
        sources[is_it, j] = state.sources[is_it, at]
    return replace(state, years=years, sources=sources)


def _combine(derivation: Derivation, operands: list[Floats]) -> Floats:
    first, second = operands[0], operands[-1]
    with np.errstate(all="ignore"):
        match derivation.kind:
            case "formula":
                result = first
            case "ratio" | "share_ratio":
                result = first / second
            case "share":
                result = first / (first + second)
            case _:
                result = np.abs(first / second - 1)
    return np.where(np.isfinite(result), result, np.nan)


def recode(state: State, step: Recode) -> State:
    """Give categories and listed numbers their scores.

    Raises
    ------
    MethodError
        If a category stands in the data that an indicator's `recode` does not list.
    """
    problems: list[Problem] = []
    done: dict[str, int] = {}
    for j, indicator in enumerate(state.methodology.indicators):
        if indicator.recode is None:
            continue
        values = _recoded(state, j, indicator, problems)
        done[indicator.code] = int((values != state.values[:, j]).sum() - np.isnan(values).sum())
        state = state.with_columns([j], values[:, None], RECODED)
        state = _observe_anew(state, j, [j])
    if problems:
        raise MethodError(state.subject, problems)
    return state.noted("recode", cells=done)


def _recoded(state: State, j: int, indicator: ScoredIndicator, problems: list[Problem]) -> Floats:
    scores = indicator.recode or {}
    values = state.values[:, j].copy()
    for category, score in scores.items():
        number = number_of(category)
        if number is not None:
            values[state.values[:, j] == number] = score
    cells = state.texts.get(indicator.column or indicator.code)
    for row, cell in enumerate(cells if cells is not None else ()):
        if cell is None:
            continue
        if cell in scores:
            values[row] = scores[cell]
            continue
        year = f" in {state.row_periods[row]}" if state.row_periods[row] else ""
        where = f"unit {state.units[state.row_units[row]]}{year}, {indicator.code}"
        problems.append(Problem(where, repr(cell), "one of " + ", ".join(scores)))
    return values


def clip(state: State, step: Clip) -> State:
    """Cut figures at the limits of their indicators."""
    done: dict[str, int] = {}
    for j, indicator in enumerate(state.methodology.indicators):
        if indicator.clip is not None:
            before = state.values[:, j]
            low = -np.inf if indicator.clip.low is None else indicator.clip.low
            high = np.inf if indicator.clip.high is None else indicator.clip.high
            values = np.clip(before, low, high)
            done[indicator.code] = int((values != before).sum() - np.isnan(before).sum())
            state = state.with_columns([j], values[:, None], CLIPPED)
            state = _observe_anew(state, j, [j])
    return state.noted("clip", cells=done)


def denominate(state: State, step: Denominate) -> State:
    """Divide figures by their denominators; missing where the denominator is, or is zero."""
    done: dict[str, str] = {}
    before = state.values  # a denominator that is itself an indicator counts as it came
    for j, indicator in enumerate(state.methodology.indicators):
        if indicator.denominator is not None:
            below = before[:, state.position(indicator.denominator)]
            with np.errstate(all="ignore"):
                values = before[:, j] / below * indicator.per
            values = np.where(np.isfinite(values), values, np.nan)
            state = state.with_columns([j], values[:, None], DERIVED)
            state = _observe_anew(state, j, [j])
            done[indicator.code] = indicator.denominator
    return state.noted("denominate", by=done)
