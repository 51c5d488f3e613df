"""Say in plain words what the steps of a method do to figures, in their order."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, Final

from everycount.index.methodology import Methodology
from everycount.index.nodes import ScoredIndicator
from everycount.index.steps import (
    Aggregate,
    Clip,
    Denominate,
    Derive,
    Impute,
    Normalise,
    Recode,
    Screen,
    Select,
    Treat,
    Weigh,
)
from everycount.reports.aggregate_words import aggregate_words
from everycount.reports.wording import figure, listed, percent, plural

SHOWN: Final = 4
"""Names spelt out in a sentence before `and N more`."""


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


def select_words(step: Select, methodology: Methodology) -> str:
    """Return which figure of several years is taken."""
    what = {
        "latest": "the latest figure of each indicator",
        "exact": "the figure of the reference year itself",
        "mean": "the mean of the figures of each indicator",
    }[step.take]
    parts = [f"Take {what}", *_years(step.first, step.last)]
    if step.window is not None and step.take != "exact":
        parts.append(f"within {plural(step.window, 'year')} up to the reference year")
    own = [
        f"{listed(codes, SHOWN)} {limits[0]}"
        for limits, codes in _own_years(step, methodology.indicators)
    ]
    words = ", ".join(parts) + (f" ({'; '.join(own)})" if own else "")
    if step.periods:
        words += f". Reference years: {listed(map(str, sorted(step.periods)), 12)}"
    return words


def _years(first: int | None, last: int | None) -> list[str]:
    if first is not None and last is not None:
        return [f"{first} to {last}" if first < last else str(first)]
    if first is not None:
        return [f"from {first} on"]
    return [] if last is None else [f"up to {last}"]


def _own_years(
    step: Select, indicators: Sequence[ScoredIndicator]
) -> Iterable[tuple[list[str], list[str]]]:
    """Yield the years of indicators that have their own, with their codes."""
    own = [
        (_years(each.first if each.first != step.first else None, each.last), each.code)
        for each in indicators
        if each.first is not None or each.last is not None
    ]
    own = [(limits, code) for limits, code in own if limits]
    for limits, found in groupby(sorted(own), key=lambda pair: pair[0]):
        yield limits, [code for _, code in found]


def derive_words(step: Derive, methodology: Methodology) -> str:
    """Return how indicators are computed from other columns."""
    how = {
        "formula": "by a formula",
        "ratio": "as the figure of women over that of men",
        "share": "as the share of women in women and men together",
        "share_ratio": "as a share over the share in the population",
        "gap": "as the gap |value / reference − 1|, 0 where there is none",
    }
    derived = [each for each in methodology.indicators if each.derive is not None]
    said = []
    for kind, words in how.items():
        codes = [each.code for each in derived if each.derive and each.derive.kind == kind]
        if codes:
            said.append(f"{listed(codes, SHOWN)} {words}")
    return f"Compute {'; '.join(said)}"


def recode_words(step: Recode, methodology: Methodology) -> str:
    """Return which categories become which numbers."""
    return "Turn categories into numbers: " + _each(
        methodology,
        lambda one: one.recode,
        lambda codes: (
            f"({listed((f'{key} becomes {figure(to)}' for key, to in codes.items()), SHOWN)})"
        ),
    )


def clip_words(step: Clip, methodology: Methodology) -> str:
    """Return at which limits figures are cut."""

    def limits(clip: Any) -> str:
        if clip.low is None:
            return f"above {figure(clip.high)}"
        if clip.high is None:
            return f"below {figure(clip.low)}"
        return f"below {figure(clip.low)} and above {figure(clip.high)}"

    return "Cut figures: " + _each(methodology, lambda one: one.clip, limits)


def denominate_words(step: Denominate, methodology: Methodology) -> str:
    """Return what figures are divided by."""
    by: dict[str, list[str]] = {}
    for one in methodology.indicators:
        if one.denominator is not None:
            per = "" if one.per == 1 else f", per {figure(one.per)}"
            by.setdefault(one.denominator + per, []).append(one.code)
    said = (f"{listed(codes, SHOWN)} by {name}" for name, codes in by.items())
    return f"Divide {'; '.join(said)}"


def _each(
    methodology: Methodology,
    declared: Callable[[ScoredIndicator], Any],
    words: Callable[[Any], str],
) -> str:
    """Return what indicators declare in words, together where they declare the same."""
    same: dict[str, list[str]] = {}
    for one in methodology.indicators:
        value = declared(one)
        if value is not None:
            same.setdefault(words(value), []).append(one.code)
    return "; ".join(f"{listed(codes, SHOWN)} {text}" for text, codes in same.items())


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
        said.append(f"bring up to {plural(step.winsorise, 'outlier')} to the next figure")
    if step.transform is not None:
        then = "take " if step.always or not said else "if that does not do, take "
        said.append(f"{then}{names[step.transform]}")
    if step.always and step.transform is not None:
        last = f"Take {names[step.transform]}{_of(step, methodology)}, outliers or not"
        return f"{where}, {said[0]}. {last}" if step.winsorise is not None else last
    return f"{where}, {'; '.join(said) or 'mark it'}"


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
