"""Builds: the scores of an index under many draws, sharing whatever they have in common."""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from everycount.audit.climb import are_by_row, can_climb, climb
from everycount.audit.combine import Batch, Variants
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
NOBODY = "no unit has a score"
_COMPACT = 2**31
_WORTH = 128  # draws of a cell, below which it costs more than it saves
_ERRING = 2**22  # figures in a chunk where every draw has its own: some 150 MB with what is beside


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """The scores of builds, and why some have none.

    `scores` holds, by node, an array of shape (draws, rows); NaN where a unit has no score. `rows`
    are the rows of the index that was declared which they are of. `failures` says by the number
    of the draw why it has no result at all.
    """

    rows: Ints
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
        *,
        rows: Ints | None = None,
    ) -> None:
        methodology = result.methodology
        self.methodology = methodology
        self.result = result
        """The index as it is declared."""
        self.stages = Stages(methodology, laid_out)
        self.nodes = tuple(nodes)
        """The nodes whose scores are asked for."""
        self.errors = errors
        self.rows = np.arange(len(result.state.row_units)) if rows is None else rows
        """The rows whose scores are asked for. Left out: all."""
        plan, tree = methodology.audit, methodology.tree
        self._by_group = [each for each in plan.assumptions if isinstance(each, VaryGroups)]
        self._by_weight = [each for each in plan.assumptions if isinstance(each, VaryWeights)]
        self._left_out = [each for each in plan.assumptions if isinstance(each, LeaveOneOut)]
        self._erring = [each for each in plan.assumptions if isinstance(each, VaryFigures)]
        # First those under which other parts are needed, so that none are made in vain.
        self._by_parts = sorted(self._by_group, key=lambda e: all(o.of is None for o in e.options))
        self._groups = [
            [each for each in self._by_group if i in groups_of(each, methodology.groups, tree)]
            for i in range(len(methodology.groups))
        ]
        self._variant: dict[tuple[int, tuple[int, ...]], Group] = {}

    def of_rows(self, rows: Ints) -> "Builds":
        """Return the same builds for other rows; what was made for these is shared."""
        other = copy(self)
        other.rows = rows
        return other

    def run(self, draws: Draws, *, without: Bools | None = None) -> Outcome:
        """Return the scores under draws.

        Parameters
        ----------
        draws : Draws
            The choices of each build.
        without : ndarray of bool, shape (draws, indicators), optional
            Indicators that a draw leaves out, besides those it draws.
        """
        scores = {j: np.full((draws.count, len(self.rows)), np.nan) for j in self.nodes}
        failures: dict[int, str] = {}
        for numbers, at in self._apart(draws):
            for chunk in _chunks(at, self._at_once()):
                own = draws.take(chunk)
                lost = self._lost(own, None if without is None else without[chunk])
                try:
                    batch = self._found(numbers, self._stage(numbers), own, lost)
                except MethodError as error:
                    failures |= dict.fromkeys(chunk.tolist(), str(error.problems[0]))
                    continue
                kept = slice(None) if len(batch.rows) == len(self.rows) else self.rows
                for j in self.nodes:
                    scores[j][chunk] = batch.values[j][:, kept]
                    if (gone := batch.left_out(j)) is not None:
                        scores[j][chunk[gone]] = np.nan
                failures |= {int(chunk[d]): why for d, why in batch.failures.items()}
        for j in self.nodes:
            scores[j][list(failures)] = np.nan
        failures |= _without_score(scores, failures)
        return Outcome(rows=self.rows, scores=scores, failures=dict(sorted(failures.items())))

    def _stage(self, numbers: tuple[int, ...]) -> Stage:
        stage = self.stages.before_groups(numbers)
        have, want = len(stage.state.row_units), len(self.result.state.row_units)
        if have != want:
            problem = Problem("audit", f"{have} units in periods", f"{want}, as the method has")
            raise MethodError(stage.state.subject, [problem])
        return stage

    def _at_once(self) -> int:
        """Return how many draws are built at once, so that memory is bounded."""
        if self._erring:
            return max(1, _ERRING // max(1, self.stages.laid_out.values.size))
        return max(1, _CELLS // max(1, len(self.rows)))

    def _apart(self, draws: Draws) -> Iterator[tuple[tuple[int, ...], Ints]]:
        """Yield the draws that share their stages, and most ways to make groups, in order."""
        plan = self.methodology.audit
        own = [plan.assumptions[i].name for i in self.stages.shared]
        columns = [draws.numbers[name] for name in own]
        keys, which = _kinds(columns, draws.count)
        for each in self._by_parts:  # while cells are worth their overhead
            more = _kinds([*columns, draws.numbers[each.name]], draws.count)
            if draws.count >= _WORTH * len(more[0]):
                columns.append(draws.numbers[each.name])
                keys, which = more
        order = np.argsort(which, kind="stable")
        ends = np.cumsum(np.bincount(which))
        for key, at in zip(keys, np.split(order, ends)[:-1], strict=True):
            yield key[: len(own)], at

    def _found(
        self, numbers: tuple[int, ...], stage: Stage, draws: Draws, lost: Bools | None
    ) -> Batch:
        """Return draws that share their stages with the scores that were asked for."""
        erring = [each for each in self._erring if (draws.numbers[each.name] >= 0).any()]
        variants = self._variants(stage.state, draws)
        rest = stage.rest
        by_row = not erring and are_by_row(stage.state, rest, variants)
        batch = self._batch(stage.state, draws, lost, self.rows if by_row else None)
        batch.variants = dict(enumerate(variants, start=stage.state.leaf_count))
        if erring:
            assert self.errors is not None, "errors were read for a plan that varies figures"
            method = self.stages.method(numbers)
            with_errors(batch, self.stages, method, self.errors, draws.numbers[erring[0].name])
        if can_climb(rest):
            climb(batch, rest, self.nodes)
        else:
            rebuild(batch, rest)
        return batch

    def _batch(self, state: State, draws: Draws, lost: Bools | None, rows: Ints | None) -> Batch:
        weights, varied = self._weights(state, draws)
        every = np.arange(len(state.row_units))
        values = state.values if rows is None else state.values[rows]
        return Batch(
            count=draws.count,
            state=state,
            rows=every if rows is None else rows,
            values={j: values[None, :, j] for j in range(state.leaf_count)},
            weights=weights,
            varied=varied,
            without=lost,
        )

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

    def _variants(self, state: State, draws: Draws) -> list[Variants]:
        """Return the ways in which each group is made, each with its draws."""
        found: list[Variants] = []
        parted: dict[tuple[str, ...], list[tuple[tuple[int, ...], Ints | None]]] = {}
        for i, own in enumerate(self._groups):
            names = tuple(each.name for each in own)
            if names not in parted:  # most groups vary by the same assumptions
                keys, which = _kinds([draws.numbers[name] for name in names], draws.count)
                parted[names] = [
                    (key, None if len(keys) == 1 else np.flatnonzero(which == number))
                    for number, key in enumerate(keys)
                ]
            group = state.methodology.groups[i]
            found.append([(at, self._made(i, group, own, key)) for key, at in parted[names]])
        return found

    def _made(self, i: int, group: Group, own: list[VaryGroups], key: tuple[int, ...]) -> Group:
        """Return a group as options make it; each is made once."""
        if (i, key) not in self._variant:
            for assumption, option in zip(own, key, strict=True):
                if option >= 0:
                    group = varied_group(group, assumption.options[option])
            self._variant[i, key] = group
        return self._variant[i, key]


def _without_score(scores: Mapping[int, Floats], failures: Mapping[int, str]) -> dict[int, str]:
    """Return the draws in which nobody has a score, but for those that failed before."""
    none = np.logical_and.reduce([np.isnan(own).all(axis=1) for own in scores.values()])
    return {int(d): NOBODY for d in np.flatnonzero(none) if int(d) not in failures}


def _kinds(numbers: Sequence[Ints], count: int) -> tuple[list[tuple[int, ...]], Ints]:
    """Return the different combinations of numbers, in order, and which of them each draw has."""
    code: Ints = np.zeros(count, np.int64)
    different = [each for each in numbers if (each != each[:1]).any()]
    for each in different:
        found, place = np.unique(each, return_inverse=True)
        code = code * len(found) + place.ravel()
        if code.max() > _COMPACT:  # numbers of a hundred choices would not fit
            code = np.unique(code, return_inverse=True)[1].ravel()
    _, first, which = np.unique(code, return_index=True, return_inverse=True)
    return [tuple(int(each[at]) for each in numbers) for at in first], which.ravel()


def _chunks(at: Ints, size: int) -> Iterator[Ints]:
    for start in range(0, len(at), size):
        yield at[start : start + size]
