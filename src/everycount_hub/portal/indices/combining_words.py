"""How the parts of groups become scores, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from everycount.index.aggregating import counted_of, method_of, parts_of
from everycount.index.nodes import Group
from everycount.index.steps import Aggregate, Weigh
from everycount_hub.portal.indices.spoken import Spoken

SHOWN = 4
"""Groups named before the rest is counted."""
Way = tuple[str, bool, str]
"""Method, whether parts weigh alike, and the rule on how many there must be."""


def combining_words(spoken: Spoken, step: Aggregate, *, above: int) -> list[str]:
    """Return a sentence for every way in which groups are scored by an aggregate step.

    Parameters
    ----------
    spoken : Spoken
        The index and its reader.
    step : Aggregate
        The step.
    above : int
        The level up to which groups have scores from a step before.
    """
    method = spoken.index.result.methodology
    tree = method.tree
    ways: dict[Way, list[int]] = {}
    formulas: list[str] = []
    for k in sorted(tree.order, key=lambda j: tree.level[j]):
        if not above < tree.level[k] <= (step.to or tree.depth):
            continue
        group = method.groups[k - tree.indicators]
        if group.formula is not None:
            formulas.append(_formula(spoken, group))
            continue
        even = _is_even(spoken, parts_of(tree, group, k))
        way = (method_of(step, group, tree.level[k]), even, _rule(spoken, step, k))
        ways.setdefault(way, []).append(k)
    said = [
        " ".join(filter(None, [_mean(name, even=even).format(groups=_whom(spoken, found)), rule]))
        for (name, even, rule), found in ways.items()
    ]
    said += formulas
    if step.missing == "propagate":
        said.append(_("What lacks a part has no score."))
    elif ways:
        said.append(_("A missing part counts nowhere: the others share its weight."))
    return said


def _formula(spoken: Spoken, group: Group) -> str:
    name = spoken.words.isolate(spoken.node(group.code).text)
    formula = f"{group.code} = {group.formula}"
    return _("{group} is computed: {formula}.").format(
        group=name, formula=spoken.words.isolate(formula)
    )


def _whom(spoken: Spoken, found: list[int]) -> str:
    codes = [spoken.index.result.state.tree.codes[k] for k in found]
    return spoken.nodes_listed(codes, SHOWN)


def _is_even(spoken: Spoken, parts: tuple[int, ...]) -> bool:
    """Tell whether the parts weigh alike."""
    method = spoken.index.result.methodology
    weighing = any(isinstance(step, Weigh) and step.method != "equal" for step in method.steps)
    weights = [each.weight for each in method.indicators]
    weights += [each.weight for each in method.groups]
    return not weighing and len({weights[j] for j in parts}) == 1


def _mean(name: str, *, even: bool) -> str:
    """Return the sentence of a method, with a place for the groups."""
    if name == "minimum":
        return _("{groups}: the lowest part.")
    if name == "copeland":
        return _("{groups}: the Copeland score, wins against every other area one by one.")
    if name == "benefit_of_the_doubt":
        return _("{groups}: the mean with the weights that suit each area best.")
    plain = {
        "arithmetic": _("{groups}: the plain mean of the parts."),
        "geometric": _("{groups}: the geometric mean of the parts."),
        "harmonic": _("{groups}: the harmonic mean of the parts."),
        "generalised": _("{groups}: a generalised mean of the parts."),
        "log_mean_exp": _("{groups}: the log-mean-exp of the parts."),
    }
    weighted = {
        "arithmetic": _("{groups}: the weighted mean of the parts."),
        "geometric": _("{groups}: the weighted geometric mean of the parts."),
        "harmonic": _("{groups}: the weighted harmonic mean of the parts."),
        "generalised": _("{groups}: a weighted generalised mean of the parts."),
        "log_mean_exp": _("{groups}: the weighted log-mean-exp of the parts."),
    }
    return (plain if even else weighted)[name]


def _rule(spoken: Spoken, step: Aggregate, k: int) -> str:
    """Return what is combined where it is not plain, and how many parts there must be."""
    method = spoken.index.result.methodology
    tree = method.tree
    group = method.groups[k - tree.indicators]
    said = []
    if group.of == "indicators" and any(j >= tree.indicators for j in tree.children[k]):
        said.append(_("It combines the indicators themselves, not the groups between."))
    counted = counted_of(tree, group, k)
    are_indicators = all(j < tree.indicators for j in counted)
    least = step.least if group.least is None else group.least
    if least and group.out_of:
        words = _("At least {share} of the original parts must be there.")
        said.append(words.format(share=spoken.share(least)))
    elif least:
        words = _("At least {share} of the parts must be there.")
        said.append(words.format(share=spoken.share(least)))
    if group.needs and are_indicators:
        words = ngettext(
            "At least {count} indicator must be there.",
            "At least {count} indicators must be there.",
            group.needs,
        )
        said.append(words.format(count=spoken.count(group.needs)))
    elif group.needs:
        words = ngettext(
            "At least {count} part must be there.",
            "At least {count} parts must be there.",
            group.needs,
        )
        said.append(words.format(count=spoken.count(group.needs)))
    return " ".join(said)
