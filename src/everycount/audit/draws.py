"""Draws: which choice every build makes, from one random stream for each assumption."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from everycount.errors import MethodError, Problem
from everycount.index.assumptions import Assumption, LeaveOneOut, VaryFigures, VaryWeights
from everycount.index.methodology import Methodology
from everycount.index.plan_faults import in_formulas, option_names, varied_nodes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOTHING = ""
"""What an assumption about indicators leaves out when it leaves out none."""
_TRIES = 200  # rounds of drawing again what may not go together


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draws:
    """The choices of many builds.

    `numbers` holds, by the name of an assumption, the number of the option (of the indicator
    left out, 0 for none; of the set of errors), shape (draws,); `weights` the weights of the
    nodes that an assumption varies, shape (draws, nodes).
    """

    count: int
    numbers: Mapping[str, Ints]
    weights: Mapping[str, Floats]

    def take(self, at: NDArray[np.integer] | slice) -> "Draws":
        """Return some of the draws."""
        numbers = {name: each[at] for name, each in self.numbers.items()}
        weights = {name: each[at] for name, each in self.weights.items()}
        count = len(np.arange(self.count)[at])
        return Draws(count=count, numbers=numbers, weights=weights)

    def with_choice(self, name: str, other: "Draws") -> "Draws":
        """Return the draws with one assumption as the other draws have it."""
        numbers = {n: (other.numbers if n == name else self.numbers)[n] for n in self.numbers}
        weights = {n: (other.weights if n == name else self.weights)[n] for n in self.weights}
        return replace(self, numbers=numbers, weights=weights)


def joined(parts: Sequence[Draws]) -> Draws:
    """Return draws one after another."""
    first = parts[0] if parts else Draws(count=0, numbers={}, weights={})
    return Draws(
        count=sum(each.count for each in parts),
        numbers={n: np.concatenate([each.numbers[n] for each in parts]) for n in first.numbers},
        weights={n: np.concatenate([each.weights[n] for each in parts]) for n in first.weights},
    )


def options_of(assumption: Assumption, method: Methodology) -> tuple[str, ...]:
    """Return what can be chosen, by name; empty where weights or errors are drawn instead.

    For indicators left out the first is none of them.
    """
    if not isinstance(assumption, LeaveOneOut):
        return option_names(assumption)
    needed = in_formulas(method)
    all_of_them = [each.code for each in method.indicators if each.code not in needed]
    return (NOTHING, *(assumption.indicators or all_of_them))


def declared(method: Methodology, weights: Floats, count: int = 1) -> Draws:
    """Return draws that leave everything as the method declares, but for options.

    Options have the number -1: none of them is taken.
    """
    numbers, drawn = {}, {}
    for assumption in method.audit.assumptions:
        if isinstance(assumption, VaryWeights) and not assumption.sets:
            base = weights[list(varied_nodes(assumption, method))]
            drawn[assumption.name] = np.tile(base, (count, 1))
        else:
            start = 0 if isinstance(assumption, LeaveOneOut) else -1
            numbers[assumption.name] = np.full(count, start)
    return Draws(count=count, numbers=numbers, weights=drawn)


def sample(method: Methodology, weights: Floats, count: int, *, seed: int, stream: int) -> Draws:
    """Draw the choices of `count` builds.

    Every assumption has a random stream of its own, made of the seed, its name and `stream`, so
    that another assumption beside it changes nothing.

    Parameters
    ----------
    method : Methodology
        Its audit says what varies.
    weights : ndarray, shape (nodes,)
        Weight of each node among its siblings, as declared or found from the data.
    count : int
        How many.
    seed, stream : int
        0 or more. Draws of two streams are independent.

    Raises
    ------
    MethodError
        If hardly any choice is left by what the plan excludes.
    """
    plan = method.audit
    streams: dict[str, np.random.Generator] = {}
    taken: set[int] = set()
    for each in plan.assumptions:
        own = crc32(each.name.encode())
        again = each.name.encode() if own in taken else b""  # two names may have one checksum
        taken.add(own)
        streams[each.name] = np.random.default_rng([seed, stream, own, *again])
    drawn = _draw(method, weights, count, streams)
    if not plan.exclude:
        return drawn
    kept = [drawn.take(np.flatnonzero(~is_excluded(method, drawn)))]
    for _ in range(_TRIES):
        lacking = count - sum(each.count for each in kept)
        if lacking <= 0:
            return joined(kept).take(slice(count))
        more = _draw(method, weights, max(lacking, 100), streams)
        kept.append(more.take(np.flatnonzero(~is_excluded(method, more))))
    problem = Problem("audit, exclude", "hardly any choice left", "options that can go together")
    raise MethodError(f"method {method.id}", [problem])


def _draw(
    method: Methodology, weights: Floats, count: int, streams: Mapping[str, np.random.Generator]
) -> Draws:
    numbers, drawn = {}, {}
    for assumption in method.audit.assumptions:
        rng = streams[assumption.name]
        if isinstance(assumption, VaryWeights) and not assumption.sets:
            drawn[assumption.name] = _weights(assumption, method, weights, count, rng)
        elif isinstance(assumption, VaryFigures):
            numbers[assumption.name] = rng.integers(0, 2**62, count)
        else:
            options = len(options_of(assumption, method))
            numbers[assumption.name] = (rng.random(count) * options).astype(np.int64)
    return Draws(count=count, numbers=numbers, weights=drawn)


def _weights(
    assumption: VaryWeights,
    method: Methodology,
    weights: Floats,
    count: int,
    rng: np.random.Generator,
) -> Floats:
    nodes = varied_nodes(assumption, method)
    base = weights[list(nodes)]
    if assumption.spread is not None:
        noise = 2.0 * rng.random((count, len(nodes))) - 1.0
        return np.asarray(base * (1.0 + assumption.spread * noise))
    if assumption.ranges is not None:
        codes = method.tree.codes
        low, high = np.array([assumption.ranges[codes[j]] for j in nodes], float).T
        return np.asarray(low + rng.random((count, len(nodes))) * (high - low))
    assert assumption.concentration is not None, "a set of weights has a number"
    parents = np.array([method.tree.parent[j] for j in nodes])
    result = np.empty((count, len(nodes)))
    for parent in dict.fromkeys(parents.tolist()):
        own = parents == parent
        total = base[own].sum()
        around = assumption.concentration * base[own] / (total or 1.0)
        shares = rng.standard_gamma(around, (count, len(around)))
        result[:, own] = total * _in_all(shares, around, rng)
    return result


def _in_all(shares: Floats, around: Floats, rng: np.random.Generator) -> Floats:
    """Return shares that add to 1 in each row.

    Where all of them are too small for a number, the concentration is so low that one part has
    nearly everything: which one is drawn. Parts without any weight keep none.
    """
    total = shares.sum(axis=1, keepdims=True)
    lost = np.flatnonzero(total[:, 0] == 0)
    if lost.size and around.any():
        shares[lost, rng.choice(len(around), lost.size, p=around / around.sum())] = 1.0
        total = shares.sum(axis=1, keepdims=True)
    return np.asarray(shares / np.where(total > 0, total, 1.0))


def is_excluded(method: Methodology, draws: Draws) -> NDArray[np.bool_]:
    """Tell which draws hold options that the plan says cannot go together."""
    out = np.zeros(draws.count, bool)
    names = {each.name: option_names(each) for each in method.audit.assumptions}
    for pair in method.audit.exclude:
        both = np.ones(draws.count, bool)
        for name, option in pair.items():
            both &= draws.numbers[name] == names[name].index(option)
        out |= both
    return out
