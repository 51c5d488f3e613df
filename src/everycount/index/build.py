"""Build an index: figures go through the steps of a method, in their order."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from everycount.index.aggregating import aggregate
from everycount.index.figures import lay_out
from everycount.index.filling import impute
from everycount.index.methodology import Methodology
from everycount.index.normalising import normalise
from everycount.index.preparing import clip, denominate, derive, recode
from everycount.index.ranking import rank_nodes
from everycount.index.result import IndexResult
from everycount.index.screening import screen
from everycount.index.selecting import select
from everycount.index.state import State
from everycount.index.steps import Step
from everycount.index.treating import treat
from everycount.index.weighting import weigh
from everycount.model.observations import Observations
from everycount.model.units import Units

_STEPS: dict[str, Callable[[State, Any], State]] = {
    "select": select,
    "derive": derive,
    "recode": recode,
    "clip": clip,
    "denominate": denominate,
    "screen": screen,
    "impute": impute,
    "treat": treat,
    "normalise": normalise,
    "weigh": weigh,
    "aggregate": aggregate,
}
# From the first of these on, figures are no longer what a source said.
_CHANGING = ("screen", "impute", "treat", "normalise", "weigh", "aggregate")


def build(
    methodology: Methodology, observations: Observations, about: Units | None = None
) -> IndexResult:
    """Compute the scores, ranks and trace of an index.

    Parameters
    ----------
    methodology : Methodology
        The tree and the steps.
    observations : Observations
        The figures, one a row, each in its own unit. A missing figure has no row.
    about : Units, optional
        Names, groups and figures of the units (region, population).

    Returns
    -------
    IndexResult
        Scores of every node for every unit (in every period). A unit without figures stays in
        the result, with its status.

    Raises
    ------
    MethodError
        If the method cannot be applied to these figures; it lists every fault of the step.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, the ten steps.
    """
    state = lay_out(methodology, observations, about or Units())
    for step in methodology.steps:
        state = advance(state, step)
    if state.observed is None:
        state = _observe(state)
    return IndexResult(methodology=methodology, state=state, ranks=rank_nodes(state))


def advance(state: State, step: Step) -> State:
    """Return the state after one more step of a method.

    Raises
    ------
    MethodError
        If the step cannot be applied to these figures.
    """
    if state.observed is None and step.do in _CHANGING:
        state = _observe(state)
    return _STEPS[step.do](state, step)


def _observe(state: State) -> State:
    return replace(state, observed=state.values[:, : state.leaf_count].copy())
