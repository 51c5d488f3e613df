"""Put an audit in short: a question a row, how to read it, and a sentence."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from everycount.audit.checklist import UNANSWERED
from everycount.audit.findings import ORDER, Finding, Light, Part
from everycount.audit.sensitivity import MEAN_SHIFT
from everycount.reports.audit_cells import decimal, share
from everycount.reports.audit_page import Reading
from everycount.reports.audit_view import View
from everycount.reports.wording import plural

SHOWN: Final = 3
"""Findings that a sentence names."""
_GRAVE: Final = frozenset({"problem", "watch"})

_CHECKS: Final = {
    "few_figures": ("indicator", "with too few figures"),
    "many_zeros": ("indicator", "with many zeros"),
    "few_values": ("indicator", "with few different figures"),
    "constant": ("indicator", "with the same figure everywhere"),
    "outliers": ("indicator", "with outliers among the figures"),
    "outliers_scored": ("indicator", "with outliers among the scores"),
    "left_out": ("indicator", "left out by the method"),
    "redundant": ("indicator", "saying the same as another"),
    "high": ("indicator", "correlating highly with another"),
    "high_negative": ("indicator", "falling as another rises"),
    "negative_siblings": ("indicator", "working against another of the same group"),
    "negative_groups": ("group", "working against another"),
    "adverse": ("part", "working against the own group"),
    "weak": ("part", "hardly seen in the own group"),
    "dominating": ("part", "dominating the own group"),
    "closer": ("part", "closer to another group than to the own one"),
    "few_parts": ("group", "of few parts"),
    "alpha": ("group", "with a low Cronbach's alpha"),
    "first_component": ("group", "with a weak first component"),
    "components": ("group", "with more than one component"),
    "uncorrelated": ("part", "without a correlation with the own group"),
    "size": ("score", "depending on the size of units"),
    "more_than_weight": ("part", "mattering much more than the weight says"),
    "less_than_weight": ("part", "mattering much less than the weight says"),
}
"""What a check finds, with what it counts."""


def readings_of(view: View) -> tuple[Reading, ...]:
    """Return the audit in short, in the order in which an index is made."""
    return (
        _ranks(view),
        _choices(view),
        _checked(view, "data", "Are the figures there, and fit to be compared?"),
        _checked(view, "coherence", "Do the parts go together?"),
        _checked(view, "importance", "Does each part matter as its weight says?"),
        _concept(view),
    )


def _of(view: View, part: Part) -> list[Finding]:
    return [each for each in view.found.verdict.findings if each.part == part]


def _gravest(lights: Sequence[Light]) -> Light:
    return min(lights, key=ORDER.index, default="note")


def _checked(view: View, part: Part, question: str) -> Reading:
    """Return what the checks of one part find: the grave findings, or else the others."""
    found = _of(view, part)
    light = _gravest([each.light for each in found])
    grave = [each for each in found if each.light in _GRAVE]
    shown = grave or [each for each in found if each.light == light != "good"]
    counted = [each for each in shown if each.check in _CHECKS and each.nodes]
    said = [_count(each) for each in counted[:SHOWN]]
    more = len(counted) - len(said)
    if said:
        result = "; ".join(said) + (f"; {more} more." if more > 0 else ".")
    elif light == "good":
        result = "No check finds anything amiss."
    else:
        result = "Nothing that a check could tell."
    return Reading(question=question, result=result, light=light)


def _count(finding: Finding) -> str:
    noun, words = _CHECKS[finding.check]
    return f"{plural(len(finding.nodes), noun)} {words}"


def _ranks(view: View) -> Reading:
    verdict, first = view.found.verdict, view.first
    lights = [verdict.light, *(each.light for each in _of(view, "uncertainty"))]
    if not view.found.uncertainty.builds or not first.pairs:
        result = "Nothing can be told."
    else:
        told = share(first.told_apart / first.pairs)
        result = (
            f"Ranks move by {decimal(first.mean_shift, 1)} places on average; {told} of the pairs "
            "of units are told apart."
        )
    failed = sum(each.builds for each in view.found.uncertainty.failed)
    if failed:
        result += f" {plural(failed, 'build')} failed."
    return Reading(
        question="Do the ranks stand when choices change?", result=result, light=_gravest(lights)
    )


def _choices(view: View) -> Reading:
    """Return which choice matters most: of the variation, or alone where that is not known."""
    question = "Which choice matters most?"
    light = _gravest([each.light for each in _of(view, "sensitivity")])
    table = view.shown(view.found.sensitivity.table)
    own = table.filter(pl.col("target") == MEAN_SHIFT).drop_nulls("total")
    alone = view.found.choices.drop_nulls("mean_shift") if len(view.found.choices) else None
    if len(own):
        most = own.sort("total", descending=True).row(0, named=True)
        result = (
            f"{most['assumption']}: it has a part in {share(min(1.0, most['total']))} of the "
            "variation between builds."
        )
    elif alone is not None and len(alone):
        most = alone.sort("mean_shift", descending=True).row(0, named=True)
        result = (
            f"{most['assumption']} ({most['option']}): alone it moves ranks by "
            f"{decimal(most['mean_shift'], 1)} places on average."
        )
    else:
        result = "Nothing can be told."
    return Reading(question=question, result=result, light=light)


def _concept(view: View) -> Reading:
    """Return how many of the questions to a person are answered, and how."""
    answers = view.found.checklist["answer"].to_list()
    open_ones = answers.count(UNANSWERED)
    said = [f"{len(answers) - open_ones} of {len(answers)} questions answered"]
    said += [
        f"{answers.count(kind)} with {kind}" for kind in ("no", "partly") if answers.count(kind)
    ]
    return Reading(
        question="Has a person answered the questions no computer can?",
        result=f"{', '.join(said)}.",
        light=_gravest([each.light for each in _of(view, "concept")]),
    )
