"""Stages: the figures of a method up to its groups, each made once for each set of parameters."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from everycount.index.assumptions import VaryGoalposts, VarySteps
from everycount.index.build import advance
from everycount.index.methodology import Methodology
from everycount.index.state import State
from everycount.index.steps import Aggregate, Step, Weigh
from everycount.index.variations import varied

_KEPT = 256 * 2**20  # bytes of figures that are kept for reuse


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
        self.shared = tuple(
            i
            for i, each in enumerate(methodology.audit.assumptions)
            if isinstance(each, VarySteps | VaryGoalposts)
        )
        """The assumptions that make a stage another, by number."""
        self._methods: dict[tuple[int, ...], Methodology] = {}
        self._states: OrderedDict[tuple[str, ...], State] = OrderedDict()

    def method(self, numbers: tuple[int, ...]) -> Methodology:
        """Return the method under options of the `shared` assumptions; -1 is as declared."""
        if numbers not in self._methods:
            choices = {i: k for i, k in zip(self.shared, numbers, strict=True) if k >= 0}
            self._methods[numbers] = varied(self.methodology, choices)
        return self._methods[numbers]

    def before_groups(self, numbers: tuple[int, ...]) -> Stage:
        """Return the figures before the first aggregate step.

        Raises
        ------
        MethodError
            If a step cannot be applied to these figures.
        """
        method = self.method(numbers)
        steps = method.steps
        first = next(i for i, step in enumerate(steps) if isinstance(step, Aggregate))
        return Stage(state=self.after(method, first), rest=steps[first:])

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
        size = state.values.nbytes * 4  # with the marks, years and sources beside them
        while len(self._states) * size > _KEPT and len(self._states) > 1:
            self._states.popitem(last=False)
        return state


def _key(method: Methodology, count: int) -> tuple[str, ...]:
    """Return what a stage depends on: goalposts, and the parameters of its steps."""
    steps = method.steps[:count]
    looks_ahead = any(isinstance(step, Weigh) and step.method == "optimised" for step in steps)
    said = [repr(step) for step in (method.steps if looks_ahead else steps)]
    return (repr([(i.code, i.worst, i.best) for i in method.indicators]), str(count), *said)


def numbers_of(stages: Stages, numbers: Mapping[str, int]) -> tuple[int, ...]:
    """Return options by name of their assumption as `Stages` takes them."""
    assumptions = stages.methodology.audit.assumptions
    return tuple(numbers[assumptions[i].name] for i in stages.shared)
