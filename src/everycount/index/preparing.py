"""Prepare figures: derive, recode, clip and divide by denominators."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from everycount.errors import MethodError, Problem
from everycount.index.derivation import derivation_order
from everycount.index.formula import read_formula
from everycount.index.nodes import Derivation, ScoredIndicator
from everycount.index.state import CLIPPED, DERIVED, RECODED, Floats, State, number_of
from everycount.index.steps import Clip, Denominate, Derive, Recode


def derive(state: State, step: Derive) -> State:
    """Compute the indicators that declare `derive`; missing where an operand is missing."""
    done = []
    for j in derivation_order(state.methodology.indicators)[0]:
        indicator = state.methodology.indicators[j]
        assert indicator.derive is not None, "the order holds derived indicators only"
        figures = {name: state.values[:, k] for k, name in enumerate(state.columns)}
        operands = [read_formula(text) for text in indicator.derive.operands]
        values = _combine(indicator.derive, [o.evaluate(figures) for o in operands])
        used = [state.position(name) for o in operands for name in o.names]
        state = _of_newest(state, j, used, ~np.isnan(values))
        state = state.with_columns([j], values[:, None], DERIVED)
        done.append(indicator.code)
    return state.noted("derive", indicators=done)


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
            case "gap":
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
            done[indicator.code] = indicator.denominator
    return state.noted("denominate", by=done)
