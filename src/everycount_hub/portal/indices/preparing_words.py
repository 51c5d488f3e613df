"""How figures are chosen and prepared before they are scored, in the reader's language."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from everycount.index.steps import Clip, Denominate, Derive, Recode, Select
from everycount_hub.portal.indices.spoken import Spoken

SHOWN = 4
"""Codes spelt out in a sentence before the rest is counted."""


def codes(spoken: Spoken, known: Iterable[str]) -> str:
    """Return codes of indicators as a list in words."""
    return spoken.words.listed([spoken.words.isolate(code) for code in known], SHOWN)


def select_words(spoken: Spoken, step: Select) -> str:
    """Return which figure of several years is taken."""
    said = [
        {
            "latest": _("The latest figure of each indicator is taken."),
            "exact": _("The figure of the reference year itself is taken."),
            "mean": _("The mean of the figures of each indicator is taken."),
        }[step.take]
    ]
    if step.first is not None and step.last is not None:
        words = _("Figures are of {first} to {last}.")
        said.append(words.format(first=step.first, last=step.last))
    elif step.first is not None:
        said.append(_("Figures are of {first} or later.").format(first=step.first))
    elif step.last is not None:
        said.append(_("Figures are of {last} or earlier.").format(last=step.last))
    if step.window is not None and step.take != "exact":
        words = ngettext(
            "They are of at most {count} year up to the reference year.",
            "They are of at most {count} years up to the reference year.",
            step.window,
        )
        said.append(words.format(count=spoken.count(step.window)))
    method = spoken.index.result.methodology
    own = [e.code for e in method.indicators if e.first is not None or e.last is not None]
    if own:
        words = _("These indicators have limits of years of their own: {indicators}.")
        said.append(words.format(indicators=codes(spoken, own)))
    if step.periods:
        years = spoken.words.listed([str(year) for year in sorted(step.periods)], 12)
        said.append(_("Reference years: {years}.").format(years=years))
    return " ".join(said)


def derive_words(spoken: Spoken, step: Derive) -> str:
    """Return how indicators are computed from other columns."""
    how = {
        "formula": _("{indicators}: computed by a formula."),
        "ratio": _("{indicators}: the figure of women over that of men."),
        "share": _("{indicators}: the share of women in women and men together."),
        "share_ratio": _("{indicators}: a share over the share in the population."),
        "gap": _("{indicators}: the distance of the figure from its reference, 0 where level."),
    }
    derived = [each for each in spoken.index.result.methodology.indicators if each.derive]
    found = {
        kind: [each.code for each in derived if each.derive and each.derive.kind == kind]
        for kind in how
    }
    return " ".join(
        how[kind].format(indicators=codes(spoken, own)) for kind, own in found.items() if own
    )


def recode_words(spoken: Spoken, step: Recode) -> str:
    """Return which indicators have categories that become numbers."""
    method = spoken.index.result.methodology
    own = [each.code for each in method.indicators if each.recode is not None]
    words = _("Categories become numbers: {indicators}. The file of the method says which.")
    return words.format(indicators=codes(spoken, own))


def clip_words(spoken: Spoken, step: Clip) -> str:
    """Return which figures are cut at limits."""
    method = spoken.index.result.methodology
    own = [each.code for each in method.indicators if each.clip is not None]
    words = _("Figures are cut at limits: {indicators}. The file of the method says at which.")
    return words.format(indicators=codes(spoken, own))


def denominate_words(spoken: Spoken, step: Denominate) -> str:
    """Return what figures are divided by."""
    by: dict[str, list[str]] = {}
    for each in spoken.index.result.methodology.indicators:
        if each.denominator is not None:
            by.setdefault(each.denominator.replace("_", " "), []).append(each.code)
    return " ".join(
        _("{indicators}: divided by {column}.").format(
            indicators=codes(spoken, own), column=spoken.words.isolate(column)
        )
        for column, own in by.items()
    )
