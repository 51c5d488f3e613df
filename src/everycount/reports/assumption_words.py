"""Say in words what an audit varies: each assumption with the ways it can be made."""

from collections.abc import Mapping, Sequence
from typing import Final

from everycount.audit.draws import options_of
from everycount.index.assumptions import (
    Assumption,
    GoalpostOption,
    GroupOption,
    LeaveOneOut,
    StepOption,
    VaryFigures,
    VaryGoalposts,
    VaryGroups,
    VarySteps,
    VaryWeights,
    WeightSet,
)
from everycount.index.methodology import Methodology
from everycount.index.steps import Step
from everycount.index.variations import groups_of, place_of, varied
from everycount.reports.audit_page import Varied
from everycount.reports.step_words import one_step_words
from everycount.reports.wording import figure, listed, percent, plural

SHOWN: Final = 6
"""Names spelt out before `and N more`."""
DECLARED: Final = "as declared"
_DECLARED: Final = f"({DECLARED})"

_MEANS: Final[Mapping[str, str]] = {
    "arithmetic": "arithmetic mean",
    "geometric": "geometric mean",
    "harmonic": "harmonic mean",
    "generalised": "generalised mean",
    "log_mean_exp": "log-mean-exp",
    "minimum": "lowest part",
    "copeland": "Copeland score",
    "benefit_of_the_doubt": "mean with the weights that suit each unit best",
}


def varied_words(assumption: Assumption, method: Methodology) -> Varied:
    """Return an assumption with its options in words.

    Parameters
    ----------
    assumption : Assumption
        One of the method's audit.
    method : Methodology
        The method, for the step, the groups and the indicators that the assumption is about.

    Returns
    -------
    Varied
        For the report: the options as the method file lists them, and what is particular.
    """
    match assumption:
        case VarySteps():
            return _steps(assumption, method)
        case VaryGroups():
            return _groups(assumption, method)
        case VaryGoalposts():
            said = [_with_name(o.name, _posts(o)) for o in assumption.options]
            return Varied(name=assumption.name, options=_marked(said, assumption, method))
        case VaryWeights():
            return _weights(assumption, method)
        case LeaveOneOut():
            count = len(options_of(assumption, method)) - 1
            options = (
                f"none left out {_DECLARED}",
                f"one left out, any of {plural(count, 'indicator')}, each as often as none",
            )
            return Varied(name=assumption.name, options=options)
        case _:
            return _figures(assumption)


def excluded_words(exclude: Mapping[str, str]) -> str:
    """Return options that are never drawn together.

    Examples
    --------
    >>> excluded_words({"Scale": "z-scores", "Mean": "geometric"})
    'Scale: z-scores with Mean: geometric'
    """
    return " with ".join(f"{name}: {option}" for name, option in exclude.items())


def _with_name(name: str, words: str) -> str:
    """Return the name of an option with what it is, unless the name says it."""
    return words if words.casefold().startswith(name.casefold()) else f"{name}: {words}"


# ---------------------------------------------------------------- steps, groups, goalposts


def _steps(assumption: VarySteps, method: Methodology) -> Varied:
    at = place_of(method.steps, assumption)
    own = None if at is None else method.steps[at]
    said = [_with_name(option.name, _step(option, own, method)) for option in assumption.options]
    return Varied(name=assumption.name, options=_marked(said, assumption, method))


def _marked(
    said: Sequence[str], assumption: VarySteps | VaryGroups | VaryGoalposts, method: Methodology
) -> tuple[str, ...]:
    """Return options in words, with a mark on those that are as the method declares."""
    number = method.audit.assumptions.index(assumption)
    own = (method.steps, method.groups, method.indicators)
    marked = []
    for k, words in enumerate(said):
        made = varied(method, {number: k})
        same = (made.steps, made.groups, made.indicators) == own
        marked.append(f"{words} {_DECLARED}" if same and DECLARED not in words else words)
    return tuple(marked)


def _step(option: StepOption, own: Step | None, method: Methodology) -> str:
    step = option.step or own
    if option.leave_out or step is None:
        return "without this step"
    return one_step_words(step, method)


def _groups(assumption: VaryGroups, method: Methodology) -> Varied:
    said = [_with_name(option.name, _group(option)) for option in assumption.options]
    options = _marked(said, assumption, method)
    if assumption.groups:
        own = [method.groups[i] for i in groups_of(assumption, method.groups, method.tree)]
        about = listed([each.name or each.code for each in own], SHOWN)
    elif assumption.level is not None:
        about = f"the groups of level {assumption.level}"
    else:
        about = "all groups"
    return Varied(name=assumption.name, options=options, note=f"For {about}.")


def _group(option: GroupOption) -> str:
    said = []
    if option.aggregate is not None:
        power = "" if option.power is None else f" (power {figure(option.power)})"
        said.append(_MEANS[option.aggregate] + power)
    if option.of is not None:
        said.append("of its direct parts" if option.of == "children" else "of all its indicators")
    if option.missing is not None:
        said.append(
            "the others share the weight of a missing part"
            if option.missing == "renormalise"
            else "no score where a part is missing"
        )
    if option.least is not None:
        said.append(f"a score where at least {percent(option.least)} of the parts are there")
    if option.needs is not None:
        are = "is" if option.needs == 1 else "are"
        said.append(f"a score where at least {plural(option.needs, 'part')} {are} there")
    return ", ".join(said) or DECLARED


def _posts(option: GoalpostOption) -> str:
    said = [
        f"{code} from {_end(posts.worst)} to {_end(posts.best)}"
        for code, posts in (option.indicators or {}).items()
    ]
    return listed(said, SHOWN) or DECLARED


def _end(post: float | str | tuple[float | str, ...] | None) -> str:
    """Return a goalpost: a figure, an interval, the lowest figure seen."""
    if post is None:
        return "its declared end"
    if isinstance(post, tuple):
        return f"{_end(post[0])}–{_end(post[1])}"
    seen = {"min": "the lowest figure", "max": "the highest figure"}
    return seen.get(post, post) if isinstance(post, str) else figure(post)


# ---------------------------------------------------------------- weights, figures


def _weights(assumption: VaryWeights, method: Methodology) -> Varied:
    if assumption.sets:
        options = tuple(_with_name(each.name, _set(each)) for each in assumption.sets)
        return Varied(name=assumption.name, options=options)
    if assumption.ranges is not None:
        limits = [
            f"{code} from {figure(low)} to {figure(high)}"
            for code, (low, high) in assumption.ranges.items()
        ]
        how = f"each weight anywhere between two limits: {listed(limits, SHOWN)}"
        return Varied(name=assumption.name, options=(how,))
    if assumption.spread is not None:
        low, high = figure(1 - assumption.spread), figure(1 + assumption.spread)
        how = f"each weight times a number of its own, anywhere from {low} to {high}"
    else:
        concentration = figure(assumption.concentration or 0)
        how = (
            "shares drawn around those of the method (Dirichlet distribution, concentration "
            f"{concentration}; the larger, the nearer)"
        )
    return Varied(name=assumption.name, options=(how,), note=f"For {_whose(assumption, method)}.")


def _whose(assumption: VaryWeights, method: Methodology) -> str:
    """Return the nodes whose weights vary."""
    if assumption.levels:
        levels = [f"level {level}" for level in assumption.levels]
        return f"the nodes of {listed(levels, SHOWN)} (1 is the indicators)"
    if assumption.groups:
        names = {each.code: each.name or each.code for each in method.groups}
        return f"the parts of {listed([names[code] for code in assumption.groups], SHOWN)}"
    return "all indicators and groups"


def _set(option: WeightSet) -> str:
    said = [f"{code} {figure(weight)}" for code, weight in (option.weights or {}).items()]
    return listed(said, SHOWN) or DECLARED


def _figures(assumption: VaryFigures) -> Varied:
    """Return how figures vary by their errors."""
    options = ["each figure with an error drawn from a normal distribution of its standard error"]
    if assumption.columns:
        errors = [f"{one} has it in {other}" for one, other in assumption.columns.items()]
        options.append(f"where the standard error stands: {listed(errors, SHOWN)}")
    if assumption.relative:
        shares = [f"{_all(code)} {percent(each)}" for code, each in assumption.relative.items()]
        options.append(f"where none is given, a share of the figure: {listed(shares, SHOWN)}")
    note = ""
    if assumption.limits:
        ends = [
            f"{_all(code)} {figure(low)} to {figure(high)}"
            for code, (low, high) in assumption.limits.items()
        ]
        note = f"Figures are kept between limits: {listed(ends, SHOWN)}."
    return Varied(name=assumption.name, options=tuple(options), note=note)


def _all(code: str) -> str:
    return "all others" if code == "*" else code
