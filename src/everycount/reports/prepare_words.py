"""Say in plain words how figures are chosen and prepared before they are scored."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, Final

from everycount.index.methodology import Methodology
from everycount.index.nodes import ScoredIndicator
from everycount.index.steps import Clip, Denominate, Derive, Recode, Select
from everycount.reports.wording import figure, listed, plural

SHOWN: Final = 4
"""Names spelt out in a sentence before `and N more`."""


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
    """Return which categories or numbers become which numbers."""
    return "Replace values by numbers: " + _each(
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
