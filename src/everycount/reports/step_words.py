"""Say in plain words what the steps of a method do to figures, in their order."""

from collections.abc import Callable
from typing import Any, Final

from everycount.index.methodology import Methodology
from everycount.index.steps import Aggregate, Impute, Normalise, Screen, Step, Treat, Weigh
from everycount.reports.aggregate_words import aggregate_words
from everycount.reports.prepare_words import (
    SHOWN,
    clip_words,
    denominate_words,
    derive_words,
    recode_words,
    select_words,
)
from everycount.reports.wording import figure, listed, percent, plural


def step_words(methodology: Methodology, *, part: str = "group") -> tuple[str, ...]:
    """Return the method as sentences, a step each, and how units are ranked at the end.

    Parameters
    ----------
    methodology : Methodology
        The steps, with the tree they work on.
    part : str
        What the groups between indicators and index are called, such as goal.

    Returns
    -------
    tuple of str
        English sentences without a full stop.

    Examples
    --------
    >>> from everycount.io.methods import read_method
    >>> step_words(read_method("world-bank-wbl").methodology)[0]
    'Fill no gaps: a missing figure stays missing'
    """
    said: list[str] = []
    done = 1
    for step in methodology.steps:
        if isinstance(step, Aggregate):
            said += aggregate_words(step, methodology, above=done, part=part)
            done = step.to or methodology.tree.depth
        else:
            said.append(_WORDS[step.do](step, methodology))
    if not any(isinstance(step, Impute) for step in methodology.steps):
        at = sum(step.do in _PREPARING for step in methodology.steps)
        said.insert(at, "Fill no gaps: a missing figure stays missing")
    once = [words for at, words in enumerate(said) if words not in said[at + 1 :]]
    return (*once, ranking_words(methodology))


def one_step_words(step: Step, methodology: Methodology) -> str:
    """Return a single step in words, for the middle of a sentence.

    Examples
    --------
    >>> from everycount.index.steps import Normalise
    >>> from everycount.io.methods import read_method
    >>> ranks = Normalise(do="normalise", method="rank")
    >>> one_step_words(ranks, read_method("world-bank-wbl").methodology)
    'score each indicator by rank, 1 for the worst area'
    """
    if isinstance(step, Aggregate):
        before = [s.to for s in methodology.steps if isinstance(s, Aggregate) and s.to is not None]
        above = max((to for to in before if step.to is None or to < step.to), default=1)
        said = aggregate_words(step, methodology, above=above)
    else:
        said = [_WORDS[step.do](step, methodology)]
    return "; ".join(words[:1].lower() + words[1:] for words in said)


_PREPARING: Final = frozenset({"select", "derive", "recode", "clip", "denominate"})


def ranking_words(methodology: Methodology) -> str:
    """Return how scores become ranks."""
    ranking = methodology.ranking
    ends = {"high": "highest score to the lowest", "low": "lowest score to the highest"}
    ties = {
        "min": "equal scores share the better rank",
        "max": "equal scores share the worse rank",
        "average": "equal scores share the mean of their ranks",
        "dense": "equal scores share a rank, and none is left out after them",
    }
    rounded = ""
    if ranking.decimals is not None:
        rounded = f", rounded to {plural(ranking.decimals, 'decimal')}"
    return f"Rank areas from the {ends[ranking.best]}{rounded}; {ties[ranking.ties]}"


def screen_words(step: Screen, methodology: Methodology) -> str:
    """Return who and what is left out for want of figures."""
    limits = (
        (step.units, "areas with figures for less than {} of the indicators"),
        (step.nonzero, "areas of whose figures less than {} are not zero"),
        (step.indicators, "indicators with figures for less than {} of the areas"),
        (step.groups, "an area's figures in groups where it has less than {} of the indicators"),
    )
    said = [words.format(percent(share)) for share, words in limits if share is not None]
    return f"Leave out {'; '.join(said)}"


def impute_words(step: Impute, methodology: Methodology) -> str:
    """Return how gaps are filled, and which."""
    among = "all areas" if step.by is None else f"the areas of the same {step.by.replace('_', ' ')}"
    weighted = "" if step.weight is None else f", weighted by {step.weight.replace('_', ' ')}"
    carried = "" if step.limit is None else f" of at most {plural(step.limit, 'year')} before"
    ends = " and with the nearest one at the ends" if step.edges == "constant" else ""
    how = {
        "mean": f"with the mean of {among}{weighted}",
        "median": f"with the median of {among}",
        "siblings": "with the mean of the area's other indicators of the same group",
        "last": f"with the area's last figure{carried}",
        "linear": f"on a straight line between the area's figures before and after{ends}",
        "em": "by expectation-maximisation under a multivariate normal distribution",
        "given": "with figures that the method states",
    }[step.method]
    where = f"Fill gaps{_of(step, methodology)} {how}"
    return f"{where}; every figure filled in is marked"


def treat_words(step: Treat, methodology: Methodology) -> str:
    """Return what is done about outliers."""
    joined = "and" if step.rule == "both" else "or"
    rule = f"|skewness| above {figure(step.skewness)} {joined} kurtosis above "
    where = f"Where an indicator{_of(step, methodology, bare='')} has {rule}{figure(step.kurtosis)}"
    names = {
        "log": "its logarithm",
        "log_ct": "its logarithm, shifted as in the COIN Tool",
        "log_ct_original": "its logarithm, shifted as in the first COIN Tool",
        "log_ct_plus": "its logarithm, shifted as in the extended COIN Tool",
        "log_gii": "its logarithm, shifted as in the Global Innovation Index",
        "box_cox": f"its Box-Cox transformation (lambda {figure(step.box_cox_lambda)})",
    }
    said = []
    if step.winsorise is not None:
        said.append(f"{where}, bring up to {plural(step.winsorise, 'outlier')} to the next figure")
    if step.transform is not None:
        taken = names[step.transform]
        if step.always:
            said.append(f"take {taken}{_of(step, methodology)}, outliers or not")
        elif said:
            said.append(f"if that does not do, take {taken}")
        else:
            said.append(f"{where}, take {taken}")
    words = "; ".join(said)
    return words[0].upper() + words[1:]


def normalise_words(step: Normalise, methodology: Methodology) -> str:
    """Return how figures come on one scale."""
    low, high = step.scale or ((0.0, 1.0) if step.method == "z_score" else (0.0, 100.0))
    ends = f"{figure(low)} at its {{}} to {figure(high)} at its {{}}"
    what = _of(step, methodology, before="", bare="each indicator")
    words = {
        "goalposts": f"Score {what} from {ends.format('worst', 'best')}",
        "min_max": f"Score {what} from {ends.format('worst figure seen', 'best figure seen')}",
        "z_score": f"Score {what} in standard deviations from the mean",
        "rank": f"Score {what} by rank, 1 for the worst area",
        "percentile_rank": f"Score {what} by the share of the other areas below",
        "borda": f"Score {what} by the number of areas below",
        "distance_to_maximum": f"Score {what} from 0 at its worst figure seen to 1 at its best",
        "distance_to_reference": f"Score {what} from 0 at its worst figure seen to 1 at the "
        f"figure of {step.reference}",
        "fraction_of_maximum": f"Score {what} as a fraction of its best figure seen",
        "truncate": f"Take {what} as it is, cut at its best",
    }[step.method]
    if step.method == "z_score" and (low, high) != (0.0, 1.0):
        words += f", put to a mean of {figure(low)} and a standard deviation of {figure(high)}"
    if step.method == "distance_to_reference":
        words += ", and no more" if step.cap else ", and more beyond"
    if step.method == "goalposts":
        words += _goalpost_words(step, methodology)
    return words + {"all": "", "period": "; each period on its own"}.get(
        str(step.pool), f"; worst and best of {step.pool}"
    )


def _goalpost_words(step: Normalise, methodology: Methodology) -> str:
    """Return what is particular about goalposts: cuts, intervals, corrections."""
    cut = {
        "both": "figures beyond either are cut",
        "best": "figures beyond its best are cut",
        "worst": "figures beyond its worst are cut",
        "none": "figures beyond them score beyond the scale",
    }[step.clip]
    said = [cut]
    for interval in dict.fromkeys(
        one.best for one in methodology.indicators if isinstance(one.best, tuple)
    ):
        codes = [one.code for one in methodology.indicators if one.best == interval]
        low, high = interval
        said.append(
            f"for {listed(codes, SHOWN)} any figure of {figure(low)} to {figure(high)} is best, "
            "and distance counts on both sides"
        )
    corrected = [one.code for one in methodology.indicators if one.correction is not None]
    if corrected:
        low = step.scale[0] if step.scale else 0.0
        said.append(
            f"for {plural(len(corrected), 'indicator')} only √(level / highest level) of the "
            f"points above {figure(low)} count"
        )
    return f"; {'; '.join(said)}"


def weigh_words(step: Weigh, methodology: Methodology) -> str:
    """Return where weights come from."""
    how = {
        "equal": "all alike",
        "pca": "by the loadings of the first principal component",
        "standard_deviations": "in inverse proportion to their standard deviations",
        "optimised": "so that each matters to the result as its declared weight asks",
    }[step.method]
    what = "indicators" if step.level == 1 else f"the groups of level {step.level}"
    within = f" within {listed(step.parents, SHOWN)}" if step.parents else ""
    return f"Weigh {what}{within} {how}"


def _of(
    step: Impute | Treat | Normalise,
    methodology: Methodology,
    *,
    before: str = " of ",
    bare: str = "",
) -> str:
    """Return the nodes a step works on in words; `bare` where it works on every indicator."""
    if step.nodes:
        names = {each.code: each.name or each.code for each in methodology.groups}
        return before + listed((names.get(code, code) for code in step.nodes), SHOWN)
    level: int | None = getattr(step, "level", None)
    return f"{before}each group of level {level}" if level and level > 1 else bare


_WORDS: Final[dict[str, Callable[[Any, Methodology], str]]] = {
    "select": select_words,
    "derive": derive_words,
    "recode": recode_words,
    "clip": clip_words,
    "denominate": denominate_words,
    "screen": screen_words,
    "impute": impute_words,
    "treat": treat_words,
    "normalise": normalise_words,
    "weigh": weigh_words,
}
