"""Compatible: find options that cannot go together before anything is drawn."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import gcd, prod

import numpy as np
from numpy.typing import NDArray

from everycount.audit.builds import Builds
from everycount.audit.draws import Draws, declared, is_excluded, options_of
from everycount.errors import MethodError, Problem
from everycount.index.assumptions import VaryGoalposts, VaryGroups, VarySteps

MOST = 20_000
"""Combinations of options that are tried; of more, so many that are spread evenly."""
_NAMED = 10
_AT_ONCE = 512  # combinations, so that their scores take little memory

Combination = Mapping[str, str]
Ints = NDArray[np.int64]


def refuse_incompatible(builds: Builds) -> None:
    """Try every combination of options once, and refuse those that give no result.

    Raises
    ------
    MethodError
        Naming every option, or pair of options, that never gives a result, and the rest of the
        combinations that give none.
    """
    method = builds.methodology
    tried, failures = try_all(builds)
    if not failures:
        return
    problems = [
        Problem(
            "audit, " + " with ".join(f"{name} = {option!r}" for name, option in culprit),
            why,
            "options that can go together; or say under audit.exclude that these do not",
        )
        for culprit, why in culprits(tried, failures)
    ]
    if len(problems) > _NAMED:
        more = f"{len(problems) - _NAMED} more combinations"
        problems = [*problems[:_NAMED], Problem("audit", more, "options that can go together")]
    raise MethodError(f"method {method.id}", problems)


def try_all(builds: Builds) -> tuple[list[Combination], dict[int, str]]:
    """Build every combination of options of steps, groups and goalposts.

    Returns
    -------
    tuple
        The combinations, and by the number of a combination why it has no result.
    """
    method = builds.methodology
    own = [
        each
        for each in method.audit.assumptions
        if isinstance(each, VarySteps | VaryGroups | VaryGoalposts)
    ]
    sizes = [len(each.options) for each in own]
    chosen = _combinations(sizes)
    start = declared(method, builds.result.state.weights, len(chosen))
    numbers = dict(start.numbers) | {each.name: chosen[:, i] for i, each in enumerate(own)}
    draws = Draws(count=start.count, numbers=numbers, weights=start.weights)
    kept = np.flatnonzero(~is_excluded(method, draws))
    failures: dict[int, str] = {}
    for first in range(0, len(kept), _AT_ONCE):
        outcome = builds.run(draws.take(kept[first : first + _AT_ONCE]))
        failures |= {first + row: why for row, why in outcome.failures.items()}
    tried: list[Combination] = [
        {each.name: options_of(each, method)[chosen[row, i]] for i, each in enumerate(own)}
        for row in kept
    ]
    return tried, failures


def _combinations(sizes: Sequence[int]) -> Ints:
    """Return combinations of options by number, a row each: all, or `MOST` spread evenly."""
    count = prod(sizes)
    stride = max(1, count // MOST)
    while any(gcd(stride, size) > 1 for size in sizes) and stride > 1:
        stride += 1  # else some options would never be met
    rows = [row * stride for row in range(-(-count // stride))]
    chosen = np.empty((len(rows), len(sizes)), np.int64)
    for i in reversed(range(len(sizes))):
        chosen[:, i] = [row % sizes[i] for row in rows]
        rows = [row // sizes[i] for row in rows]
    return chosen


def culprits(
    tried: Sequence[Combination], failures: Mapping[int, str]
) -> list[tuple[tuple[tuple[str, str], ...], str]]:
    """Return the smallest sets of options that explain the failures, each with a reason.

    An option (or a pair) is to blame when every combination that holds it fails.

    Examples
    --------
    >>> tried = [{"scale": s, "mean": m} for s in ("0-100", "z") for m in ("sum", "root")]
    >>> culprits(tried, {3: "root of -1"})
    [((('scale', 'z'), ('mean', 'root')), 'root of -1')]
    """
    found: list[tuple[tuple[tuple[str, str], ...], str]] = []
    open_ = dict(failures)
    for size in (1, 2):
        holders: dict[tuple[tuple[str, str], ...], list[int]] = {}
        for row, combination in enumerate(tried):
            for part in combinations(combination.items(), size):
                holders.setdefault(part, []).append(row)
        for part, rows in holders.items():
            if all(row in failures for row in rows) and any(row in open_ for row in rows):
                found.append((part, failures[rows[0]]))
                open_ = {row: why for row, why in open_.items() if row not in rows}
    return found + [(tuple(tried[row].items()), why) for row, why in open_.items()]
