"""Say in plain words how the parts of a group become its score."""

from typing import Final

from everycount.index.aggregating import counted_of, method_of, parts_of
from everycount.index.methodology import Methodology
from everycount.index.nodes import Group
from everycount.index.steps import Aggregate, Weigh
from everycount.reports.wording import both, figure, percent

SHOWN: Final = 4
RENORMALISED: Final = "A missing part counts nowhere: the others share its weight"


def aggregate_words(
    step: Aggregate, methodology: Methodology, *, above: int = 1, part: str = "group"
) -> list[str]:
    """Return a sentence for every way in which groups are scored by an aggregate step.

    Parameters
    ----------
    step : Aggregate
        The step.
    methodology : Methodology
        The tree it works on.
    above : int
        The level up to which groups have scores from a step before.
    part : str
        What the groups below the top are called, such as goal.

    Returns
    -------
    list of str
        From the lowest groups up; last, what a missing part does.
    """
    tree = methodology.tree
    ways: dict[tuple[str, str], list[int]] = {}
    formulas: list[str] = []
    for k in sorted(tree.order, key=lambda j: tree.level[j]):
        if not above < tree.level[k] <= (step.to or tree.depth):
            continue
        group = methodology.groups[k - tree.indicators]
        if group.formula is not None:
            formulas.append(f"{_name(group)}: {group.code} = {group.formula}")
            continue
        even = _is_even(methodology, parts_of(tree, group, k))
        how = _mean(step, group, tree.level[k], even=even)
        what = _parts(methodology, k, part) + _rule(step, methodology, k)
        ways.setdefault((how, what), []).append(k)
    said = [
        f"Score {_whom(methodology, found, part)} as {how} of {what}"
        for (how, what), found in ways.items()
    ]
    said += [f"Compute {each}" for each in formulas]
    if step.missing == "propagate":
        return [*said, "What lacks a part has no score"]
    # A formula needs all its parts, whatever the step says.
    return [*said, RENORMALISED] if ways else said


def _name(group: Group) -> str:
    return group.name or group.code


def _whom(methodology: Methodology, found: list[int], part: str) -> str:
    """Return the groups in words: all below the top together, otherwise by name."""
    tree = methodology.tree
    below = {k for k in tree.order if k != tree.top}
    names = [_name(methodology.groups[k - tree.indicators]) for k in found]
    if len(found) == 1:
        return names[0]
    if set(found) == below:
        return f"each {part}"
    if len(found) > SHOWN:
        return f"each of {len(found)} {part}s, such as {names[0]},"
    return f"each of {both(names)}"


def _is_even(methodology: Methodology, parts: tuple[int, ...]) -> bool:
    """Tell whether the parts weigh alike."""
    weighing = any(isinstance(step, Weigh) and step.method != "equal" for step in methodology.steps)
    weights = [each.weight for each in methodology.indicators]
    weights += [each.weight for each in methodology.groups]
    return not weighing and len({weights[j] for j in parts}) == 1


def _mean(step: Aggregate, group: Group, level: int, *, even: bool) -> str:
    """Return how parts are combined."""
    method = method_of(step, group, level)
    power = group.power if group.aggregate == "generalised" else step.power
    the = "the" if even else "the weighted"
    limits = ""
    if group.share_limits is not None:
        low, high = group.share_limits
        limits = f" (each part between {percent(low)} and {percent(high)} of the score)"
    return {
        "arithmetic": "the plain mean" if even else "the weighted mean",
        "geometric": f"{the} geometric mean",
        "harmonic": f"{the} harmonic mean",
        "generalised": f"{the} generalised mean (power {figure(power or 0)})",
        "log_mean_exp": f"{the} log-mean-exp (rate {figure(step.rate)})",
        "minimum": "the lowest",
        "copeland": "the Copeland score (wins against every other area, one by one)",
        "benefit_of_the_doubt": f"the mean, with the weights that suit each area best{limits},",
    }[method]


def _parts(methodology: Methodology, k: int, part: str) -> str:
    """Return in words what is combined."""
    tree = methodology.tree
    group = methodology.groups[k - tree.indicators]
    parts = parts_of(tree, group, k)
    kinds = {j < tree.indicators for j in parts}
    if kinds == {True}:
        whole = k == tree.top
        return f"all {len(parts)} indicators" if whole else "its indicators"
    return f"its {part}s" if kinds == {False} else "its parts"


def _rule(step: Aggregate, methodology: Methodology, k: int) -> str:
    """Return how many parts there must be."""
    tree = methodology.tree
    group = methodology.groups[k - tree.indicators]
    counted = counted_of(tree, group, k)
    kind = "indicators" if all(j < tree.indicators for j in counted) else "parts"
    least = step.least if group.least is None else group.least
    rules = []
    if least:
        original = "the original " if group.out_of else "the "
        rules.append(f"{percent(least)} of {original}{kind}")
    if group.needs:
        rules.append(f"{group.needs} {kind}")
    return f", where there are figures for at least {' and '.join(rules)}" if rules else ""
