"""A method in plain words, a step each, in the reader's language."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from everycount.index.steps import Aggregate, Impute, Normalise, Screen, Treat, Weigh
from everycount_hub.portal.indices.combining_words import combining_words
from everycount_hub.portal.indices.preparing_words import (
    clip_words,
    codes,
    denominate_words,
    derive_words,
    recode_words,
    select_words,
)
from everycount_hub.portal.indices.spoken import Spoken

PREPARING = frozenset({"select", "derive", "recode", "clip", "denominate"})


def method_words(spoken: Spoken) -> list[str]:
    """Return the method as sentences, and how units are ranked at the end."""
    said: list[str] = []
    method, done = spoken.index.result.methodology, 1
    for step in method.steps:
        if isinstance(step, Aggregate):
            said += combining_words(spoken, step, above=done)
            done = step.to or method.tree.depth
        else:
            said.append(WORDS[step.do](spoken, step))
    if not any(isinstance(step, Impute) for step in method.steps):
        at = sum(step.do in PREPARING for step in method.steps)
        said.insert(at, _("Gaps are not filled: a missing figure stays missing."))
    return [*dict.fromkeys(said), ranking_words(spoken)]


def ranking_words(spoken: Spoken) -> str:
    """Return how scores become ranks."""
    ranking = spoken.index.result.methodology.ranking
    said = [
        _("Areas are ranked from the highest score to the lowest.")
        if ranking.best == "high"
        else _("Areas are ranked from the lowest score to the highest."),
        {
            "min": _("Equal scores share the better rank."),
            "max": _("Equal scores share the worse rank."),
            "average": _("Equal scores share the mean of their ranks."),
            "dense": _("Equal scores share a rank, and none is left out after them."),
        }[ranking.ties],
    ]
    if ranking.decimals is not None:
        words = ngettext(
            "Scores are rounded to {count} decimal before.",
            "Scores are rounded to {count} decimals before.",
            ranking.decimals,
        )
        said.append(words.format(count=spoken.count(ranking.decimals)))
    return " ".join(said)


def screen_words(spoken: Spoken, step: Screen) -> str:
    """Return who and what is left out for want of figures."""
    limits = (
        (step.units, _("Areas with figures for less than {share} of the indicators are left out.")),
        (step.nonzero, _("Areas of whose figures less than {share} are not zero are left out.")),
        (step.indicators, _("Indicators with figures for less than {share} of the areas are left "
                            "out.")),
        (step.groups, _("In groups where an area has less than {share} of the indicators, its "
                        "figures are left out.")),
    )  # fmt: skip
    return " ".join(
        words.format(share=spoken.share(share)) for share, words in limits if share is not None
    )


def impute_words(spoken: Spoken, step: Impute) -> str:
    """Return how gaps are filled, and which."""
    by = spoken.words.isolate((step.by or "").replace("_", " "))
    if step.by is None:
        means = {
            "mean": _("Gaps are filled with the mean of all areas."),
            "median": _("Gaps are filled with the median of all areas."),
        }
    else:
        means = {
            "mean": _("Gaps are filled with the mean of the areas of the same group ({grouping})."),
            "median": _(
                "Gaps are filled with the median of the areas of the same group ({grouping})."
            ),
        }
    how = means | {
        "siblings": _("Gaps are filled with the mean of the area’s other indicators of the group."),
        "last": _("Gaps are filled with the area’s last figure before."),
        "linear": _("Gaps are filled on a straight line between the figures before and after."),
        "em": _(
            "Gaps are filled by expectation-maximisation under a multivariate normal distribution."
        ),
        "given": _("Gaps are filled with figures that the method states."),
    }
    said = [how[step.method].format(grouping=by)]
    if step.weight is not None:
        words = _("The mean is weighted by {column}.")
        said.append(words.format(column=spoken.words.isolate(step.weight.replace("_", " "))))
    if step.limit is not None:
        words = ngettext(
            "A figure is carried for at most {count} year.",
            "A figure is carried for at most {count} years.",
            step.limit,
        )
        said.append(words.format(count=spoken.count(step.limit)))
    return " ".join([*said, *_about(spoken, step), _("Every figure filled in is marked.")])


def treat_words(spoken: Spoken, step: Treat) -> str:
    """Return what is done about outliers."""
    limits = {
        "skewness": spoken.words.significant(step.skewness),
        "kurtosis": spoken.words.significant(step.kurtosis),
    }
    rule = (
        _("An indicator has outliers where its skewness is above {skewness} (either way) and its "
          "kurtosis above {kurtosis}.")
        if step.rule == "both"
        else _("An indicator has outliers where its skewness is above {skewness} (either way) or "
               "its kurtosis above {kurtosis}.")
    )  # fmt: skip
    said = [] if step.always and step.winsorise is None else [rule.format(**limits)]
    if step.winsorise is not None:
        words = ngettext(
            "Up to {count} outlier is brought to the next figure.",
            "Up to {count} outliers are brought to the next figure.",
            step.winsorise,
        )
        said.append(words.format(count=spoken.count(step.winsorise)))
    if step.transform is not None:
        words = {
            "log": _("The logarithm is taken."),
            "box_cox": _("The Box-Cox transformation is taken."),
        }.get(step.transform, _("A shifted logarithm is taken."))
        said.append(words)
        if step.winsorise is not None and not step.always:
            said.append(_("This is done only where outliers remain."))
        elif step.always:
            said.append(_("This is done with outliers or without."))
    return " ".join([*said, *_about(spoken, step)])


def normalise_words(spoken: Spoken, step: Normalise) -> str:
    """Return how figures come on one scale."""
    low, high = step.scale or ((0.0, 1.0) if step.method == "z_score" else (0.0, 100.0))
    said = [
        {
            "goalposts": _("Each indicator is scored from {low} at its worst to {high} at its "
                           "best."),
            "min_max": _("Each indicator is scored from {low} at the worst figure seen to {high} "
                         "at the best figure seen."),
            "z_score": _("Each indicator is scored in standard deviations from its mean, put to a "
                         "mean of {low} and a standard deviation of {high}."),
            "rank": _("Each indicator is scored by rank, 1 for the worst area."),
            "percentile_rank": _("Each indicator is scored by the share of the other areas below."),
            "borda": _("Each indicator is scored by the number of areas below."),
            "distance_to_maximum": _("Each indicator is scored from 0 at the worst figure seen to "
                                     "1 at the best."),
            "distance_to_reference": _("Each indicator is scored from 0 at the worst figure seen "
                                       "to 1 at the figure of {area}."),
            "fraction_of_maximum": _("Each indicator is scored as a fraction of the best figure "
                                     "seen."),
            "truncate": _("Each indicator is taken as it is, cut at its best."),
        }[step.method].format(
            low=spoken.words.significant(low),
            high=spoken.words.significant(high),
            area=spoken.words.isolate(spoken.names.get(step.reference or "", step.reference or "")),
        )
    ]  # fmt: skip
    if step.method == "goalposts":
        said += _goalposts(spoken, step)
    said += _about(spoken, step)
    if step.pool == "period":
        said.append(_("Each period stands alone."))
    elif isinstance(step.pool, int):
        said.append(_("Worst and best are those of {year}.").format(year=step.pool))
    return " ".join(said)


def _goalposts(spoken: Spoken, step: Normalise) -> list[str]:
    method = spoken.index.result.methodology
    said = [
        {
            "both": _("Figures beyond either end are cut."),
            "best": _("Figures beyond the best are cut."),
            "worst": _("Figures beyond the worst are cut."),
            "none": _("Figures beyond the ends score beyond the scale."),
        }[step.clip]
    ]
    for ends in dict.fromkeys(e.best for e in method.indicators if isinstance(e.best, tuple)):
        own = [each.code for each in method.indicators if each.best == ends]
        low, high = (spoken.words.significant(end) for end in ends)
        words = _(
            "For {indicators} any figure from {low} to {high} is best, and distance counts on both "
            "sides."
        )
        said.append(words.format(indicators=codes(spoken, own), low=low, high=high))
    corrected = [each.code for each in method.indicators if each.correction is not None]
    if corrected:
        words = _("The scores of {indicators} are lowered where the level of achievement is low.")
        said.append(words.format(indicators=codes(spoken, corrected)))
    return said


def weigh_words(spoken: Spoken, step: Weigh) -> str:
    """Return where weights come from."""
    said = [
        {
            "equal": _("All parts of a group weigh alike."),
            "pca": _("Weights are the loadings of the first principal component."),
            "standard_deviations": _("Weights are in inverse proportion to standard deviations."),
            "optimised": _(
                "Weights are set so that each part matters as its declared weight asks."
            ),
        }[step.method]
    ]
    if step.level > 1:
        said.append(_("This is of the groups of level {level}.").format(level=step.level))
    if step.parents:
        said.append(
            _("This is within {groups}.").format(groups=spoken.nodes_listed(step.parents, 4))
        )
    return " ".join(said)


def _about(spoken: Spoken, step: Impute | Treat | Normalise) -> list[str]:
    """Return which nodes a step works on, where that is not every indicator."""
    if step.nodes:
        return [_("This is done for {parts}.").format(parts=spoken.nodes_listed(step.nodes, 4))]
    level: int | None = getattr(step, "level", None)
    if level and level > 1:
        return [_("This is done for the groups of level {level}.").format(level=level)]
    return []


WORDS: dict[str, Callable[[Spoken, Any], str]] = {
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
