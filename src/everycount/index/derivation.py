"""The order in which derived indicators can be computed from one another."""

from collections.abc import Sequence

from everycount.index.formula import read_formula
from everycount.index.nodes import ScoredIndicator


def derivation_order(indicators: Sequence[ScoredIndicator]) -> tuple[list[int], list[int]]:
    """Return the derived indicators, each after those it is derived from, and those in a circle.

    Examples
    --------
    >>> derivation_order([])
    ([], [])
    """
    needs = {
        j: {name for text in each.derive.operands for name in read_formula(text).names}
        for j, each in enumerate(indicators)
        if each.derive is not None
    }
    order: list[int] = []
    while needs:
        waiting = {indicators[j].code for j in needs}
        free = [j for j, names in needs.items() if not names & waiting]
        if not free:
            return order, list(needs)
        for j in free:
            del needs[j]
        order += free
    return order, []
