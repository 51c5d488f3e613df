"""Stages: the figures of a method up to its groups, each made once for each set of parameters."""

from collections import OrderedDict
from dataclasses import dataclass, replace

from everycount.errors import MethodError, Problem
from everycount.index.assumptions import VaryGoalposts, VaryGroups, VarySteps
from everycount.index.build import advance
from everycount.index.methodology import Methodology
from everycount.index.state import State
from everycount.index.steps import Aggregate, Step, Weigh
from everycount.index.variations import varied
from everycount.model.strict import Faults

_KEPT = 128 * 2**20  # bytes of figures that are kept for reuse


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """Figures on their way, and the steps that are still to be done."""

    state: State
    rest: tuple[Step, ...]


class Stages:
    """Runs the steps of a method with other options, and keeps what other builds can share."""

    def __init__(self, methodology: Methodology, laid_out: State) -> None:
        self.methodology = methodology
        self.laid_out = laid_out
        plan = methodology.audit.assumptions
        options = [o.step for each in plan if isinstance(each, VarySteps) for o in each.options]
        kinds: tuple[type, ...] = (VarySteps, VaryGoalposts)
        if any(_looks_ahead(step) for step in (*methodology.steps, *options)):
            kinds = (*kinds, VaryGroups)
        self.shared = tuple(i for i, each in enumerate(plan) if isinstance(each, kinds))
        """The assumptions that make a stage another, by number."""
        self._methods: dict[tuple[int, ...], Methodology] = {}
        self._states: OrderedDict[tuple[str, ...], State] = OrderedDict()
        self._stages: OrderedDict[tuple[int, ...], Stage] = OrderedDict()

    def method(self, numbers: tuple[int, ...]) -> Methodology:
        """Return the method under options of the `shared` assumptions; -1 is as declared.

        Raises
        ------
        MethodError
            If the options do not fit one another.
        """
        if numbers not in self._methods:
            choices = {i: k for i, k in zip(self.shared, numbers, strict=True) if k >= 0}
            try:
                self._methods[numbers] = varied(self.methodology, choices)
            except Faults as error:
                where = [".".join(map(str, path)) or "the method" for path, _, _ in error.faults]
                problems = [
                    Problem(place, found, want)
                    for place, (_, found, want) in zip(where, error.faults, strict=True)
                ]
                raise MethodError(f"method {self.methodology.id}", problems) from error
        return self._methods[numbers]

    def before_groups(self, numbers: tuple[int, ...]) -> Stage:
        """Return the figures before the first aggregate step.

        Raises
        ------
        MethodError
            If a step cannot be applied to these figures.
        """
        if numbers not in self._stages:
            method = self.method(numbers)
            steps = method.steps
            first = next(i for i, step in enumerate(steps) if isinstance(step, Aggregate))
            self._keep(Stage(state=self.after(method, first), rest=steps[first:]), numbers)
        return self._stages[numbers]

    def _keep(self, stage: Stage, numbers: tuple[int, ...]) -> None:
        """Keep a stage, and forget the oldest where they become too many."""
        self._stages[numbers] = stage
        while len(self._stages) > max(1, _KEPT // _size(stage.state)):
            self._stages.popitem(last=False)

    def after(self, method: Methodology, count: int) -> State:
        """Return the figures after the first steps of a method."""
        key = _key(method, count)
        if key in self._states:
            self._states.move_to_end(key)
            return replace(self._states[key], methodology=method)
        if count == 0:
            state = replace(self.laid_out, methodology=method)
        else:
            state = advance(self.after(method, count - 1), method.steps[count - 1])
        self._states[key] = state
        while len(self._states) > max(1, _KEPT // _size(state)):
            self._states.popitem(last=False)
        return state


def _size(state: State) -> int:
    """Return the bytes of a state, with the marks, years and sources beside its figures."""
    return 4 * max(1, state.values.nbytes)


def _key(method: Methodology, count: int) -> tuple[str, ...]:
    """Return what a stage depends on: goalposts, and the parameters of its steps."""
    steps = method.steps[:count]
    said = [repr(step) for step in steps]
    if any(_looks_ahead(step) for step in steps):
        said = [repr(step) for step in method.steps] + [repr(method.groups)]
    return (repr([(i.code, i.worst, i.best) for i in method.indicators]), str(count), *said)


def _looks_ahead(step: Step | None) -> bool:
    """Tell whether a step depends on how groups will be made of its nodes."""
    return isinstance(step, Weigh) and step.method == "optimised"
