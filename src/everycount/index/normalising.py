"""Normalise: put indicators on one scale, in the direction of their goalposts."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from everycount.arrays import normalise as scales
from everycount.arrays import rank as ranks
from everycount.arrays.parity import correcting_coefficient, distance_to_interval, truncated_ratio
from everycount.arrays.pool import observed
from everycount.errors import ColumnError, MethodError, Problem
from everycount.index.consistency import nodes_of
from everycount.index.formula import read_formula
from everycount.index.nodes import Correction, Group, Post, ScoredIndicator, ascends, in_words
from everycount.index.state import Floats, Goalposts, State
from everycount.index.steps import Normalise

_PLAIN: dict[str, Callable[..., Floats]] = {
    "rank": ranks.rank_score,
    "percentile_rank": ranks.percentile_rank,
    "borda": ranks.borda,
    "distance_to_maximum": scales.distance_to_maximum,
    "fraction_of_maximum": scales.fraction_of_maximum,
}
"""Methods that need figures, their direction and the pool, and nothing else."""


def normalise(state: State, step: Normalise) -> State:
    """Return the state with the nodes of the step on one scale.

    Raises
    ------
    MethodError
        If a node cannot be normalised this way, such as a constant one by its spread.
    """
    # A node without any figure has nothing to be put on a scale; it stays missing.
    nodes = [j for j in nodes_of(step, state.tree) if not np.isnan(state.values[:, j]).all()]
    if not nodes:
        return state.noted("normalise", method=step.method, scale=_scale(step), goalposts={})
    x = state.values[:, nodes]
    try:
        scores, posts = scores_of(state, step, nodes, x)
    except ColumnError as error:
        raise state.faulty(error, nodes, f"step normalise ({step.method})") from error
    after = state.with_columns(nodes, np.where(np.isnan(x), np.nan, scores))
    # Of a score made from a score the goalposts are no longer figures.
    posts = {j: each for j, each in posts.items() if j not in state.scaled}
    kept = {j: each for j, each in state.goalposts.items() if j not in nodes}
    after = replace(after, goalposts={**kept, **posts}, scaled=state.scaled | set(nodes))
    facts = {state.columns[j]: _in_words(each) for j, each in posts.items()}
    return after.noted("normalise", method=step.method, scale=_scale(step), goalposts=facts)


def _scale(step: Normalise) -> tuple[float, float] | None:
    defaults = {"goalposts": (0.0, 100.0), "min_max": (0.0, 100.0), "z_score": (0.0, 1.0)}
    return step.scale or defaults.get(step.method)


def scores_of(
    state: State, step: Normalise, nodes: list[int], x: Floats
) -> tuple[Floats, dict[int, Goalposts]]:
    """Return the scores of figures, and what they were measured between.

    Parameters
    ----------
    state : State
        Its method says which way is better; its periods, which rows go together.
    step : Normalise
        How.
    nodes : list of int
        The node of each column. Columns of the same node that stand side by side are other
        figures it might have; then no goalposts are returned.
    x : ndarray, shape (rows, columns)
        Figures in their own unit, NaN where missing.

    Raises
    ------
    ColumnError
        With positions among the columns.
    """
    _refuse_empty_pool(state, step, nodes, x)
    if step.method == "goalposts":
        return _by_goalposts(state, step, nodes, x)
    if step.method == "truncate":
        caps = [_best_number(_node(state, j)) for j in nodes]
        return truncated_ratio(x, np.array(caps)), _uncut(state, nodes, len(x))
    x, higher = _one_way(state, nodes, x)
    pool, scale = _pool(state, step), _scale(step) or (0.0, 1.0)
    posts: dict[int, Goalposts] = {}
    if step.method in ("min_max", "distance_to_maximum") and _is_single(nodes):
        posts = _seen(x, higher, scale, pool, nodes)
    match step.method:
        case "min_max":
            scores = scales.min_max(x, higher, scale=scale, pool=pool)
        case "z_score":
            scores = scales.z_score(x, higher, mean=scale[0], sd=scale[1], pool=pool)
        case "distance_to_reference":
            clip: scales.Clip = "best" if step.cap else "none"
            reference = _reference(state, step, x)
            scores = scales.distance_to_reference(x, reference, higher, clip=clip, pool=pool)
        case method:
            scores = _PLAIN[method](x, higher, pool=pool)
    return scores, posts


def _is_single(nodes: list[int]) -> bool:
    """Tell whether every node has one column."""
    return len(set(nodes)) == len(nodes)


def _runs(nodes: list[int]) -> list[tuple[int, slice]]:
    """Return each node with its columns."""
    starts = [k for k, j in enumerate(nodes) if k == 0 or nodes[k - 1] != j]
    return [
        (nodes[start], slice(start, end))
        for start, end in zip(starts, [*starts[1:], len(nodes)], strict=True)
    ]


def _node(state: State, j: int) -> ScoredIndicator | Group:
    count = state.leaf_count
    method = state.methodology
    return method.indicators[j] if j < count else method.groups[j - count]


def _best_number(node: ScoredIndicator | Group) -> float:
    return float(node.best) if isinstance(node.best, int | float) else np.nan


def _uncut(state: State, nodes: list[int], rows: int) -> dict[int, Goalposts]:
    """Return the goalposts of figures that are their own scores, where both are numbers."""
    posts = {}
    for j in nodes:
        worst, best = _node(state, j).worst, _node(state, j).best
        if isinstance(worst, int | float) and isinstance(best, int | float) and worst < best:
            low = np.stack([np.full(rows, float(worst)), np.full(rows, np.nan)])
            posts[j] = Goalposts(
                worst=low, best=np.full((2, rows), float(best)), scale=(float(worst), float(best))
            )
    return posts


def _pool(state: State, step: Normalise) -> np.ndarray | None:
    if step.pool == "all":
        return None
    if step.pool == "period":
        return state.periods_as_labels()
    if step.pool not in state.row_periods:
        have = ", ".join(str(year) for year in np.unique(state.row_periods))
        problem = Problem("step normalise, pool", str(step.pool), f"one of the periods {have}")
        raise MethodError(state.subject, [problem])
    return np.asarray(state.row_periods == step.pool)


def _refuse_empty_pool(state: State, step: Normalise, nodes: list[int], x: Floats) -> None:
    """Refuse nodes without a figure in the one period that limits are to come from."""
    if not isinstance(step.pool, int):
        return
    empty = np.isnan(x[_pool(state, step)]).all(axis=0)
    faults = [
        (int(k), f"no figure in {step.pool}, the period of the pool", "one or more")
        for k in np.flatnonzero(empty)
        if _reads_figures(step, _node(state, nodes[k]))
    ]
    if faults:
        raise ColumnError(faults)


def _reads_figures(step: Normalise, node: ScoredIndicator | Group) -> bool:
    """Tell whether the limits of a node come from figures, not from the method alone."""
    if step.method == "truncate":
        return False
    ends = ["min" if node.worst is None else node.worst, "max" if node.best is None else node.best]
    posts = [each for end in ends for each in (end if isinstance(end, tuple) else (end,))]
    return step.method != "goalposts" or any(isinstance(post, str) for post in posts)


def _by_goalposts(
    state: State, step: Normalise, nodes: list[int], x: Floats
) -> tuple[Floats, dict[int, Goalposts]]:
    pool = _pool(state, step)
    pairs = [_pair(_node(state, j), x[:, where], pool) for j, where in _runs(nodes)]
    worst = np.concatenate([pair[0] for pair in pairs], axis=-1)  # 2, rows, columns
    best = np.concatenate([pair[1] for pair in pairs], axis=-1)
    scale = _scale(step) or (0.0, 100.0)
    _check_posts(state, nodes, x, worst, best)
    scores = scales.goalposts(x, worst, best, scale=scale, clip=step.clip)
    posts = {}
    if _is_single(nodes):
        posts = {
            j: Goalposts(worst=worst[:, :, k], best=best[:, :, k], scale=scale)
            for k, j in enumerate(nodes)
        }
    for j, where in _runs(nodes):
        node = _node(state, j)
        if isinstance(node, ScoredIndicator) and node.correction is not None:
            share = _coefficient(state, node, node.correction)
            scores[:, where] = scale[0] + (scores[:, where] - scale[0]) * share[:, None]
            if j in posts:
                posts[j] = replace(posts[j], most=scale[0] + (scale[1] - scale[0]) * share)
    return scores, posts


def _check_posts(state: State, nodes: list[int], x: Floats, worst: Floats, best: Floats) -> None:
    """Refuse goalposts read off figures that leave no way from worst to best, in words.

    `worst` and `best` have shape (2, rows, columns). Where both are numbers the method was
    checked when it was read.
    """
    below, above, low, high = worst[0], worst[1], best[0], best[1]
    wrong = ~(below < low) & ~np.isnan(below) | ~(above > high) & ~np.isnan(above)
    wrong |= np.isnan(below) & np.isnan(above) | np.isnan(low)
    wrong &= ~np.isnan(x)
    faults = []
    for k in np.flatnonzero(wrong.any(axis=0)):
        node, row = _node(state, nodes[k]), int(np.argmax(wrong[:, k]))
        ends = [worst[:, row, k], best[:, row, k]]
        said = (
            "min" if node.worst is None else node.worst,
            "max" if node.best is None else node.best,
        )
        pairs = zip(("worst", "best"), said, ends, strict=True)
        found = ", ".join(
            f"{name} = {in_words(post)}{_seen_as(post, at)}" for name, post, at in pairs
        )
        faults.append((int(k), found, "figures that put worst and best apart"))
    if faults:
        raise ColumnError(faults)


def _seen_as(post: object, ends: Floats) -> str:
    """Say what a goalpost that is read off the figures came to."""
    posts = post if isinstance(post, tuple) else (post,)
    if not any(isinstance(each, str) for each in posts):
        return ""
    known = sorted({f"{end:.6g}" for end in ends[~np.isnan(ends)]})
    return f" (here {' and '.join(known)})" if known else " (here no figure)"


def _coefficient(state: State, node: ScoredIndicator, correction: Correction) -> Floats:
    """Return what share of its distance from the worst score each row keeps."""
    figures = {name: state.values[:, i] for i, name in enumerate(state.columns)}
    level = read_formula(correction.level).evaluate(figures)
    most = correction.maximum
    if most is None:  # the highest level of all units and periods, whatever the pool
        most = float(np.fmax.reduce(level, initial=np.nan))
    if np.isnan(most):
        return np.full(len(level), np.nan)
    try:
        return correcting_coefficient(level[:, None], maximum=[most])[:, 0]
    except ColumnError as error:
        names = [f"step normalise (goalposts), correction of {node.code}"]
        raise error.named(names, subject=state.subject) from error


def _pair(
    node: ScoredIndicator | Group, x: Floats, pool: np.ndarray | None
) -> tuple[Floats, Floats]:
    """Return the worst and the best of a node below and above, each of shape (2, *x.shape)."""
    # A group that says nothing: more is better.
    worst_post = "min" if node.worst is None else node.worst
    best_post = "max" if node.best is None else node.best
    low, high = best_post if isinstance(best_post, tuple) else (best_post, best_post)
    best = np.stack([_resolved(low, x, pool), _resolved(high, x, pool)])
    if isinstance(worst_post, tuple):
        return np.stack([_resolved(post, x, pool) for post in worst_post]), best
    worst = _resolved(worst_post, x, pool)
    if isinstance(best_post, tuple):
        distance = np.where(worst < best[0], best[0] - worst, worst - best[1])
        return np.stack([best[0] - distance, best[1] + distance]), best
    above = worst > best[0]
    return np.stack([np.where(above, np.nan, worst), np.where(above, worst, np.nan)]), best


def _resolved(post: Post, x: Floats, pool: np.ndarray | None) -> Floats:
    """Return a goalpost as a figure for each cell."""
    if isinstance(post, str):
        return np.broadcast_to(observed(x, post, pool=pool), x.shape)
    return np.full(x.shape, float(post))


def _one_way(state: State, nodes: list[int], x: Floats) -> tuple[Floats, np.ndarray]:
    """Return figures of which either more or less is better, and which of the two."""
    x = x.copy()
    higher = np.ones(len(nodes), bool)
    for j, where in _runs(nodes):
        node = _node(state, j)
        if j in state.scaled:  # a score already: more is better
            continue
        if isinstance(node.best, tuple):
            x[:, where] = distance_to_interval(x[:, where], node.best[0], node.best[1])
            higher[where] = False
        elif node.best is not None and node.worst is not None and not isinstance(node.worst, tuple):
            higher[where] = ascends(node.worst, node.best)
    return x, higher


def _seen(
    x: Floats,
    higher: np.ndarray,
    scale: tuple[float, float],
    pool: np.ndarray | None,
    nodes: list[int],
) -> dict[int, Goalposts]:
    """Return the extremes that scores were measured between, as goalposts."""
    low, high = (np.broadcast_to(observed(x, end, pool=pool), x.shape) for end in ("min", "max"))
    best = np.where(higher, high, low)
    worst = np.stack([np.where(higher, low, np.nan), np.where(higher, np.nan, high)])
    return {
        j: Goalposts(worst=worst[:, :, k], best=np.stack([best[:, k]] * 2), scale=scale)
        for k, j in enumerate(nodes)
    }


def _reference(state: State, step: Normalise, x: Floats) -> Floats:
    """Return the figures of the reference unit for each row, in the row's own period."""
    if step.reference not in state.units:
        found = repr(step.reference)
        problem = Problem("step normalise, reference", found, "a unit of the data")
        raise MethodError(state.subject, [problem])
    own = np.flatnonzero(state.row_units == state.units.index(step.reference))
    by_period = {int(state.row_periods[row]): row for row in own}
    return x[[by_period[int(year)] for year in state.row_periods]]


def _in_words(posts: Goalposts) -> dict[str, float | list[float] | None]:
    """Return goalposts for the trace: one figure each where they are the same for all rows."""

    def short(pair: Floats) -> list[float] | float | None:
        first = [float(v) for v in np.unique(pair[~np.isnan(pair)])]
        return first[0] if len(first) == 1 else first

    return {"worst": short(posts.worst), "best": short(posts.best)}
