"""Weights of a reader's own: the index rebuilt with them, beside what is published."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import TypeVar

import numpy as np
import polars as pl
from django.utils.translation import gettext as _

from everycount.errors import MethodError
from everycount.index.aggregating import method_of, parts_of
from everycount.index.attribution import aggregate_steps
from everycount.index.audit_plan import AuditPlan
from everycount.index.build import build
from everycount.index.methodology import Methodology
from everycount.index.nodes import Group, ScoredIndicator
from everycount.index.result import IndexResult
from everycount.index.steps import Weigh
from everycount.index.tree import Tree
from everycount.model.strict import Faults
from everycount_hub.portal.indices.opened import OpenIndex
from everycount_hub.portal.indices.spoken import Spoken, Text

PREFIX = "w."
"""Before the code of a part in the address of a page."""
MOST = 10.0
NOTHING = 1e-9
"""Stands for a weight of 0 of parts whose group keeps a score of its own: parts that all weigh 0
are a fault of a method. It moves the index by less than the eighth decimal."""
LONGEST = 12
"""Letters of a number in a form."""
Node = TypeVar("Node", Group, ScoredIndicator)
UNWEIGHTED = frozenset({"minimum", "benefit_of_the_doubt", "formula"})
"""Ways to combine parts that use no weights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One part in the form."""

    code: str
    name: Text
    field: str
    text: str
    """As the reader wrote it."""
    weight: float
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One unit under the weights of the reader."""

    unit: str
    slug: str
    name: str
    published: float
    rank: float
    published_words: str
    interval: str
    rank_words: str
    score: float
    score_words: str
    change: int
    change_words: str
    is_outside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What weights do to a ranking."""

    rows: tuple[Moved, ...]
    correlation: float
    moved: int
    outside: int
    largest: Moved | None


def weighable(index: OpenIndex) -> tuple[str, ...]:
    """Return the codes of the parts of the index that weights can be given to; none where not."""
    method = index.result.methodology
    tree = method.tree
    group = method.groups[tree.top - tree.indicators]
    steps = [step for step in aggregate_steps(method)
             if tree.level[tree.top] <= (step.to or tree.depth)]  # fmt: skip
    if not steps or group.formula is not None:
        return ()
    if method_of(steps[0], group, tree.level[tree.top]) in UNWEIGHTED:
        return ()
    if group.of == "indicators":
        parts = list(tree.children[tree.top])
    else:
        parts = list(parts_of(tree, group, tree.top))
    return tuple(tree.codes[k] for k in parts) if len(parts) > 1 else ()


def asked_of(spoken: Spoken, given: Mapping[str, str]) -> tuple[Asked, ...]:
    """Return the form as the reader filled it in, with what is wrong with each number."""
    made = []
    for code in weighable(spoken.index):
        field = f"{PREFIX}{code}"
        text = given.get(field, "").strip() or "1"
        weight, fault = _number(text)
        made.append(
            Asked(
                code=code,
                name=spoken.node(code),
                field=field,
                text=text[: 2 * LONGEST],
                weight=weight,
                fault=fault,
            )
        )
    return tuple(made)


def _number(text: str) -> tuple[float, str]:
    """Return the weight that a text is, and what is wrong with it."""
    expected = _("a number from 0 to 10, such as 2 or 0.5")
    try:
        weight = float(text.replace(",", ".")) if len(text) <= LONGEST else float("nan")
    except ValueError:
        weight = float("nan")
    if isfinite(weight) and 0 <= weight <= MOST:
        return weight, ""
    words = _("Found “{found}”, expected {expected}.")
    return float("nan"), words.format(found=text[: 2 * LONGEST], expected=expected)


def faults_of(asked: tuple[Asked, ...]) -> list[tuple[str, str]]:
    """Return every fault of the form, as field and words; an empty field for the whole."""
    faults = [(each.field, each.fault) for each in asked if each.fault]
    if not faults and asked and not any(each.weight for each in asked):
        faults.append(("", _("All weights are 0: at least one part has to count.")))
    return faults


def reweighed(index: OpenIndex, weights: Mapping[str, float]) -> IndexResult:
    """Return the index built with each part's weight times a number.

    Parameters
    ----------
    index : OpenIndex
        The published index.
    weights : mapping of str to float
        By code of a part of the index: 1 is as published, 2 twice as much, 0 none.

    Raises
    ------
    MethodError
        If the method has no result with such weights.
    """
    try:
        method = _method(index, weights)
    except Faults as error:
        raise MethodError(f"method {index.result.methodology.id}", []) from error
    return build(method, index.inputs.observations, index.inputs.about)


def _method(index: OpenIndex, weights: Mapping[str, float]) -> Methodology:
    method = index.result.methodology
    tree = method.tree
    indicators, groups, steps = method.indicators, method.groups, method.steps
    if any(isinstance(step, Weigh) for step in steps):
        # Weights that come from the figures are kept as they came out, and no longer sought.
        own = index.result.state.weights
        steps = tuple(step for step in steps if not isinstance(step, Weigh))
        indicators = tuple(replace(a, weight=float(own[j])) for j, a in enumerate(indicators))
        groups = tuple(
            replace(a, weight=float(own[k])) for k, a in enumerate(groups, start=tree.indicators)
        )
    top = groups[tree.top - tree.indicators]
    factors: dict[str, float] = {}
    for code, weight in weights.items():
        k = tree.position(code)
        if top.of == "indicators":
            factor = weight if weight or k < tree.indicators else NOTHING
            factors |= {tree.codes[j]: factor for j in _leaves(tree, k)}
        else:
            factors[code] = weight
    return replace(
        method,
        audit=AuditPlan(),
        steps=steps,
        indicators=tuple(_weighed(each, factors) for each in indicators),
        groups=tuple(_weighed(each, factors) for each in groups),
    )


def _leaves(tree: Tree, k: int) -> list[int]:
    """Return the indicators that stand below a node; what formulas name does not."""
    if k < tree.indicators:
        return [k]
    return [leaf for child in tree.children[k] for leaf in _leaves(tree, child)]


def _weighed(node: Node, factors: Mapping[str, float]) -> Node:
    factor = factors.get(node.code, 1.0)
    return node if factor == 1 else replace(node, weight=node.weight * factor)


def effect_of(spoken: Spoken, result: IndexResult) -> Effect:
    """Return what other weights do to the ranks of the newest period."""
    index = spoken.index
    view = index.newest
    rows = []
    for k in view.order:
        row, unit = int(view.rows[k]), view.units[k]
        rank = float(result.ranks[row, index.top])
        if np.isnan(rank):
            continue
        published = float(view.ranks[k])
        found = index.intervals.get(unit)
        score = float(result.state.values[row, index.top])
        change = round(published - rank)
        rows.append(
            Moved(
                unit=unit,
                slug=index.slugs[unit],
                name=spoken.unit(unit),
                published=published,
                rank=rank,
                published_words=spoken.rank(published),
                interval=spoken.interval(found) if found else "",
                rank_words=spoken.rank(rank),
                score=score,
                score_words=spoken.score(score),
                change=change,
                change_words=spoken.signed(change, 0) if change else spoken.count(0),
                is_outside=found is not None and not found.low <= rank <= found.high,
            )
        )
    rows.sort(key=lambda each: (each.rank, spoken.words.sort_key(each.name)))
    largest = max(rows, key=lambda each: abs(each.change), default=None)
    return Effect(
        rows=tuple(rows),
        correlation=_correlation(rows),
        moved=sum(each.change != 0 for each in rows),
        outside=sum(each.is_outside for each in rows),
        largest=largest if largest is not None and largest.change else None,
    )


def _correlation(rows: list[Moved]) -> float:
    """Return Spearman's rank correlation with what is published; NaN where it has no meaning."""
    if len(rows) < 3:  # two ranks always agree or not, whatever the weights
        return float("nan")
    table = pl.DataFrame(
        {"published": [each.published for each in rows], "own": [each.rank for each in rows]}
    )
    found = table.select(pl.corr("published", "own", method="spearman")).item()
    return float("nan") if found is None else float(found)


def sentence_of(spoken: Spoken, effect: Effect, unit: str) -> str:
    """Return in a sentence what the weights do to one unit."""
    row = next((each for each in effect.rows if each.unit == unit), None)
    if row is None:
        words = _("{area}: not ranked, so weights of your own move nothing.")
        return words.format(area=spoken.words.isolate(spoken.unit(unit)))
    values = {
        "area": spoken.words.isolate(row.name),
        "published": row.published_words,
        "rank": row.rank_words,
        "interval": row.interval,
    }
    if row.change == 0:
        words = _("{area}: with your weights the rank stays {rank}.")
    elif not row.interval:
        words = _("{area}: your weights move the rank from {published} to {rank}.")
    else:
        words = _(
            "{area}: your weights move the rank from {published} to {rank}; the interval of the "
            "audit is {interval}."
        )
    return words.format(**values)


def effect_table(effect: Effect) -> pl.DataFrame:
    """Return the rows as a table with whole numbers."""
    return pl.DataFrame(
        {
            "unit": [each.unit for each in effect.rows],
            "name": [each.name for each in effect.rows],
            "published_rank": [each.published for each in effect.rows],
            "own_weights_rank": [each.rank for each in effect.rows],
            "own_weights_score": [each.score for each in effect.rows],
        }
    )
