"""Builds: the scores of an index under many draws, sharing whatever they have in common."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from everycount.audit.climb import can_climb, climb, needed
from everycount.audit.combine import Batch
from everycount.audit.draws import Draws, options_of
from everycount.audit.erring import Errors, with_errors
from everycount.audit.rebuild import rebuild
from everycount.audit.stages import Stage, Stages
from everycount.errors import MethodError, Problem
from everycount.index.assumptions import LeaveOneOut, VaryFigures, VaryGroups, VaryWeights
from everycount.index.nodes import Group
from everycount.index.plan_faults import varied_nodes
from everycount.index.result import IndexResult
from everycount.index.state import State
from everycount.index.variations import groups_of, varied_group

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_CELLS = 4 * 2**20  # scores of one group in a chunk of draws: 32 MB
_ERRING = 2**19  # the same where every draw has figures of its own


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """The scores of builds, and why some have none.

    `scores` holds, by node, an array of shape (draws, rows); NaN where a unit has no score.
    `failures` says by the number of the draw why it has no result at all.
    """

    scores: Mapping[int, Floats]
    failures: Mapping[int, str] = field(default_factory=dict)

    @property
    def good(self) -> Ints:
        """The draws that have a result."""
        count = len(next(iter(self.scores.values())))
        return np.setdiff1d(np.arange(count), np.array(list(self.failures), int))


class Builds:
    """Builds an index under draws of the assumptions of its audit."""

    def __init__(
        self,
        result: IndexResult,
        laid_out: State,
        nodes: Sequence[int],
        errors: Errors | None = None,
    ) -> None:
        methodology = result.methodology
        self.methodology = methodology
        self.result = result
        """The index as it is declared."""
        self.stages = Stages(methodology, laid_out)
        self.nodes = tuple(nodes)
        """The nodes whose scores are asked for."""
        self.errors = errors
        plan = methodology.audit
        self._by_group = [each for each in plan.assumptions if isinstance(each, VaryGroups)]
        self._by_weight = [each for each in plan.assumptions if isinstance(each, VaryWeights)]
        self._left_out = [each for each in plan.assumptions if isinstance(each, LeaveOneOut)]
        self._erring = [each for each in plan.assumptions if isinstance(each, VaryFigures)]
        self._groups: dict[tuple[int, ...], Group] = {}

    def run(self, draws: Draws, *, without: Bools | None = None) -> Outcome:
        """Return the scores under draws.

        Parameters
        ----------
        draws : Draws
            The choices of each build.
        without : ndarray of bool, shape (draws, indicators), optional
            Indicators that a draw leaves out, besides those it draws.
        """
        rows = len(self.result.state.row_units)
        scores = {j: np.full((draws.count, rows), np.nan) for j in self.nodes}
        failures: dict[int, str] = {}
        for numbers, at in self._apart(draws):
            try:
                stage = self._stage(numbers)
            except MethodError as error:
                failures.update(dict.fromkeys(at.tolist(), str(error.problems[0])))
                continue
            for chunk in _chunks(at, max(1, self._cells() // rows)):
                own = draws.take(chunk)
                lost = self._lost(own, None if without is None else without[chunk])
                found = self._found(numbers, stage, own, lost)
                for j in self.nodes:
                    scores[j][chunk] = found.values[j]
                failures |= {int(chunk[d]): why for d, why in found.failures.items()}
        for j in self.nodes:
            scores[j][list(failures)] = np.nan
        return Outcome(scores=scores, failures=dict(sorted(failures.items())))

    def _stage(self, numbers: tuple[int, ...]) -> Stage:
        stage = self.stages.before_groups(numbers)
        have, want = len(stage.state.row_units), len(self.result.state.row_units)
        if have != want:
            problem = Problem("audit", f"{have} units in periods", f"{want}, as the method has")
            raise MethodError(stage.state.subject, [problem])
        return stage

    def _cells(self) -> int:
        return _ERRING if self._erring else _CELLS

    def _apart(self, draws: Draws) -> Iterator[tuple[tuple[int, ...], Ints]]:
        """Yield the draws that share their stages, in the order of these."""
        names = [self.methodology.audit.assumptions[i].name for i in self.stages.shared]
        if not names:
            yield (), np.arange(draws.count)
            return
        keys = np.stack([draws.numbers[name] for name in names], axis=1)
        kinds, which = np.unique(keys, axis=0, return_inverse=True)
        order = np.argsort(which.ravel(), kind="stable")
        ends = np.cumsum(np.bincount(which.ravel()))
        for key, at in zip(kinds.tolist(), np.split(order, ends[:-1]), strict=True):
            yield tuple(key), at

    def _found(
        self, numbers: tuple[int, ...], stage: Stage, draws: Draws, lost: Bools | None
    ) -> Batch:
        """Return draws that share their stages with the scores that were asked for."""
        erring = [each for each in self._erring if (draws.numbers[each.name] >= 0).any()]
        batch = self._batch(stage.state, draws, lost)
        if erring:
            assert self.errors is not None, "errors were read for a plan that varies figures"
            method = self.stages.method(numbers)
            with_errors(batch, self.stages, method, self.errors, draws.numbers[erring[0].name])
        if can_climb(stage.rest):
            climb(batch, stage.rest, self._needed(stage.state))
        else:
            rebuild(batch, stage.rest)
        return batch

    def _batch(self, state: State, draws: Draws, lost: Bools | None) -> Batch:
        weights, varied = self._weights(state, draws)
        return Batch(
            count=draws.count,
            state=state,
            values={j: state.values[None, :, j] for j in range(state.leaf_count)},
            weights=weights,
            varied=varied,
            without=lost,
            variants=lambda k: self._variants(state, k, draws),
        )

    def _needed(self, state: State) -> frozenset[int]:
        groups = self.methodology.groups
        variants = [
            varied_group(groups[i], option)
            for each in self._by_group
            for i in groups_of(each, groups, state.tree)
            for option in each.options
        ]
        return needed(state, self.nodes, variants)

    def _weights(self, state: State, draws: Draws) -> tuple[Floats, frozenset[int]]:
        """Return the weights of all nodes, shape (draws, nodes), and which of them differ."""
        weights = np.tile(state.weights, (draws.count, 1))
        varied: set[int] = set()
        for assumption in self._by_weight:
            nodes = list(varied_nodes(assumption, self.methodology))
            varied |= set(nodes)
            if assumption.sets:
                table = self._sets(assumption, nodes, state.weights)
                weights[:, nodes] = table[draws.numbers[assumption.name]]
            else:
                weights[:, nodes] = draws.weights[assumption.name]
        return weights, frozenset(varied)

    def _sets(self, assumption: VaryWeights, nodes: list[int], declared: Floats) -> Floats:
        """Return the weights of each set, and after them those declared, shape (sets + 1, nodes).

        The option -1 takes the last of them.
        """
        codes = self.methodology.tree.codes
        sets = [each.weights or {} for each in assumption.sets]
        return np.array(
            [[own.get(codes[j], declared[j]) for j in nodes] for own in (*sets, {})], float
        )

    def _lost(self, draws: Draws, without: Bools | None) -> Bools | None:
        """Return the indicators that each draw leaves out, shape (draws, indicators)."""
        lost = without
        for assumption in self._left_out:
            options = options_of(assumption, self.methodology)
            codes = self.methodology.tree.codes
            number = draws.numbers[assumption.name]
            if not number.any():
                continue
            lost = np.zeros((draws.count, self.methodology.tree.indicators), bool) | (
                False if lost is None else lost
            )
            at = np.array([-1, *(codes.index(code) for code in options[1:])])[number]
            lost[np.flatnonzero(at >= 0), at[at >= 0]] = True
        return lost

    def _variants(self, state: State, k: int, draws: Draws) -> list[tuple[Ints | None, Group]]:
        """Return the ways in which a group is made, each with its draws."""
        i = k - state.tree.indicators
        group = state.methodology.groups[i]
        own = [
            each
            for each in self._by_group
            if i in groups_of(each, self.methodology.groups, state.tree)
        ]
        if not own:
            return [(None, group)]
        keys = np.stack([draws.numbers[each.name] for each in own], axis=1)
        found: list[tuple[Ints | None, Group]] = []
        kinds, which = np.unique(keys, axis=0, return_inverse=True)
        for number, key in enumerate(kinds.tolist()):
            made = group
            for assumption, option in zip(own, key, strict=True):
                made = varied_group(made, assumption.options[option]) if option >= 0 else made
            at = None if len(kinds) == 1 else np.flatnonzero(which.ravel() == number)
            found.append((at, made))
        return found


def _chunks(at: Ints, size: int) -> Iterator[Ints]:
    for start in range(0, len(at), size):
        yield at[start : start + size]
