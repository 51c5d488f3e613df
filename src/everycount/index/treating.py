"""Treat: bring indicators with outliers into shape, marking every figure that moves."""

from dataclasses import replace

import numpy as np

from everycount.arrays import treat as arrays
from everycount.arrays.transform import BoxCox, Transformation, transform
from everycount.errors import ColumnError
from everycount.index.consistency import nodes_of
from everycount.index.state import TRANSFORMED, WINSORISED, Floats, State
from everycount.index.steps import Treat

# By what the arithmetic calls untouched, high, low and transformed.
_MARKS = np.array([0, WINSORISED, WINSORISED, TRANSFORMED], np.uint8)


def treat(state: State, step: Treat) -> State:
    """Return the state with outliers treated, as the rule of the step finds them.

    Raises
    ------
    MethodError
        If an indicator cannot be transformed this way, such as by the logarithm of 0.
    """
    nodes = [j for j in nodes_of(step, state.tree) if not np.isnan(state.values[:, j]).all()]
    try:
        values, treated = treat_columns(step, state.values[:, nodes])
    except ColumnError as error:
        raise state.faulty(error, nodes, "step treat") from error
    if treated is None:
        after = state.with_columns(nodes, values, TRANSFORMED)
        done = {state.columns[j]: {"method": step.transform} for j in nodes}
        return after.noted("treat", indicators=done)
    after = state.with_columns(nodes, values)
    marks = after.marks.copy()
    marks[:, nodes] |= _MARKS[treated.marks]
    after = replace(after, marks=marks)
    return after.noted("treat", indicators=_account(state, nodes, treated))


def treat_columns(step: Treat, x: Floats) -> tuple[Floats, arrays.Treated | None]:
    """Return columns with their outliers treated, and the account where a rule found them.

    Raises
    ------
    ColumnError
        If a column cannot be transformed this way.
    """
    then: Transformation | None = step.transform if step.transform != "box_cox" else None
    if step.transform == "box_cox":
        then = BoxCox(power=step.box_cox_lambda)
    if step.always and then is not None:
        return transform(x, then), None
    limit = arrays.Winsorise(limit=step.winsorise) if step.winsorise is not None else None
    rule = arrays.Rule(skewness=step.skewness, kurtosis=step.kurtosis, suspect=step.rule)
    treated = arrays.treat(x, first=limit, then=then, rule=rule)
    return treated.values, treated


def _account(state: State, nodes: list[int], treated: arrays.Treated) -> dict[str, object]:
    """Say of each treated or still suspect indicator what was done and what it did."""
    account: dict[str, object] = {}
    for k, j in enumerate(nodes):
        if treated.method[k] != "none" or not treated.passes[k]:
            account[state.columns[j]] = {
                "method": treated.method[k],
                "winsorised": int(treated.n_winsorised[k]),
                "skewness": [float(treated.skewness_before[k]), float(treated.skewness_after[k])],
                "kurtosis": [float(treated.kurtosis_before[k]), float(treated.kurtosis_after[k])],
                "passes": bool(treated.passes[k]),
            }
    return account
