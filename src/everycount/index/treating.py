"""Treat: bring indicators with outliers into shape, marking every figure that moves."""

import numpy as np

from everycount.arrays import treat as arrays
from everycount.arrays.transform import BoxCox, Transformation, transform
from everycount.errors import ColumnError
from everycount.index.consistency import nodes_of
from everycount.index.state import TRANSFORMED, WINSORISED, State
from everycount.index.steps import Treat


def treat(state: State, step: Treat) -> State:
    """Return the state with outliers treated, as the rule of the step finds them.

    Raises
    ------
    MethodError
        If an indicator cannot be transformed this way, such as by the logarithm of 0.
    """
    nodes = [j for j in nodes_of(step, state.tree) if not np.isnan(state.values[:, j]).all()]
    x = state.values[:, nodes]
    then: Transformation | None = step.transform if step.transform != "box_cox" else None
    if step.transform == "box_cox":
        then = BoxCox(power=step.box_cox_lambda)
    try:
        if step.always and then is not None:
            values = transform(x, then)
            after = state.with_columns(nodes, values, TRANSFORMED)
            done = dict.fromkeys((state.columns[j] for j in nodes), {"method": step.transform})
            return after.noted("treat", indicators=done)
        limit = arrays.Winsorise(limit=step.winsorise) if step.winsorise is not None else None
        rule = arrays.Rule(skewness=step.skewness, kurtosis=step.kurtosis, suspect=step.rule)
        treated = arrays.treat(x, first=limit, then=then, rule=rule)
    except ColumnError as error:
        raise state.faulty(error, nodes, "step treat") from error
    winsorised = (treated.marks == arrays.HIGH) | (treated.marks == arrays.LOW)
    after = state.with_columns(nodes, treated.values)
    marks = after.marks.copy()
    marks[:, nodes] |= np.where(winsorised, np.uint8(WINSORISED), np.uint8(0))
    marks[:, nodes] |= np.where(treated.marks == arrays.TRANSFORMED, np.uint8(TRANSFORMED), np.uint8(0))
    after = after.with_marks(marks)
    return after.noted("treat", indicators=_account(state, nodes, treated))


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
