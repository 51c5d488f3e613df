"""What the checks of an audit found, in the reader's language, by the code of each check."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from everycount.audit.sensitivity import MEAN_SHIFT
from everycount_hub.portal.indices.spoken import Spoken, Text
from everycount_hub.portal.indices.verdict import TAGS, facts_of

SHOWN = 3
"""Findings that a reading names."""
NAMED = 8
"""Nodes that a finding names before it counts the rest."""
LIGHTS = ("problem", "watch", "note", "good")
GRAVE = frozenset({"problem", "watch"})
Counted = Callable[[int], str]
Finding = Mapping[str, Any]
"""A finding as the file of the verdict has it."""

CHECKS: dict[str, Counted] = {
    "few_figures": lambda n: ngettext(
        "{count} indicator with too few figures", "{count} indicators with too few figures", n
    ),
    "many_zeros": lambda n: ngettext(
        "{count} indicator with many zeros", "{count} indicators with many zeros", n
    ),
    "few_values": lambda n: ngettext(
        "{count} indicator with few different figures",
        "{count} indicators with few different figures",
        n,
    ),
    "constant": lambda n: ngettext(
        "{count} indicator with the same figure everywhere",
        "{count} indicators with the same figure everywhere",
        n,
    ),
    "outliers": lambda n: ngettext(
        "{count} indicator with outliers among the figures",
        "{count} indicators with outliers among the figures",
        n,
    ),
    "outliers_scored": lambda n: ngettext(
        "{count} indicator with outliers among the scores",
        "{count} indicators with outliers among the scores",
        n,
    ),
    "left_out": lambda n: ngettext(
        "{count} indicator left out by the method", "{count} indicators left out by the method", n
    ),
    "redundant": lambda n: ngettext(
        "{count} indicator saying the same as another",
        "{count} indicators saying the same as another",
        n,
    ),
    "high": lambda n: ngettext(
        "{count} indicator correlating highly with another",
        "{count} indicators correlating highly with another",
        n,
    ),
    "high_negative": lambda n: ngettext(
        "{count} indicator falling as another rises",
        "{count} indicators falling as another rises",
        n,
    ),
    "negative_siblings": lambda n: ngettext(
        "{count} indicator working against another of the same group",
        "{count} indicators working against another of the same group",
        n,
    ),
    "negative_groups": lambda n: ngettext(
        "{count} group working against another", "{count} groups working against another", n
    ),
    "adverse": lambda n: ngettext(
        "{count} part working against its own group",
        "{count} parts working against their own group",
        n,
    ),
    "weak": lambda n: ngettext(
        "{count} part hardly seen in its own group",
        "{count} parts hardly seen in their own group",
        n,
    ),
    "dominating": lambda n: ngettext(
        "{count} part dominating its own group", "{count} parts dominating their own group", n
    ),
    "closer": lambda n: ngettext(
        "{count} part closer to another group than to its own",
        "{count} parts closer to another group than to their own",
        n,
    ),
    "few_parts": lambda n: ngettext("{count} group of few parts", "{count} groups of few parts", n),
    "alpha": lambda n: ngettext(
        "{count} group whose parts agree little (Cronbach’s alpha)",
        "{count} groups whose parts agree little (Cronbach’s alpha)",
        n,
    ),
    "first_component": lambda n: ngettext(
        "{count} group with a weak first component", "{count} groups with a weak first component", n
    ),
    "components": lambda n: ngettext(
        "{count} group with more than one component",
        "{count} groups with more than one component",
        n,
    ),
    "uncorrelated": lambda n: ngettext(
        "{count} part without a correlation with its own group",
        "{count} parts without a correlation with their own group",
        n,
    ),
    "size": lambda n: ngettext(
        "{count} score depending on the size of areas",
        "{count} scores depending on the size of areas",
        n,
    ),
    "more_than_weight": lambda n: ngettext(
        "{count} part mattering much more than its weight says",
        "{count} parts mattering much more than their weight says",
        n,
    ),
    "less_than_weight": lambda n: ngettext(
        "{count} part mattering much less than its weight says",
        "{count} parts mattering much less than their weight says",
        n,
    ),
}
"""What a check finds, with how many it found it of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One question of the audit with its answer."""

    question: str
    result: str
    light: str
    tag: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding with what it is about."""

    words: str
    nodes: tuple[Text, ...]
    more: int
    tag: str
    label: str


def light_label(light: str) -> str:
    """Return what a light is called: never its colour alone."""
    return {
        "good": _("In order"),
        "note": _("For information"),
        "watch": _("To be looked at"),
        "problem": _("A problem"),
    }[light]


def readings_of(spoken: Spoken) -> list[Reading]:
    """Return the audit in short, in the order in which an index is made."""
    made = [
        (_("Do the ranks stand when choices change?"), *_ranks(spoken)),
        (_("Which choice matters most?"), *_choices(spoken)),
        (_("Are the figures there, and fit to be compared?"), *_checked(spoken, "data")),
        (_("Do the parts go together?"), *_checked(spoken, "coherence")),
        (_("Does each part matter as its weight says?"), *_checked(spoken, "importance")),
        (_("Has a person answered the questions no computer can?"), *_concept(spoken)),
    ]
    return [
        Reading(
            question=question, result=result, light=light, tag=TAGS[light], label=light_label(light)
        )
        for question, result, light in made
    ]


@lru_cache(32)
def found_of(spoken: Spoken) -> list[Found]:
    """Return the findings that name parts of the index, the gravest first."""
    return [
        Found(
            words=_counted(spoken, each),
            nodes=tuple(_node(spoken, code) for code in each["nodes"][:NAMED]),
            more=max(0, len(each["nodes"]) - NAMED),
            tag=TAGS[each["light"]],
            label=light_label(each["light"]),
        )
        for each in spoken.index.verdict["findings"]
        if each["check"] in CHECKS and each["nodes"] and each["light"] != "good"
    ]


def _node(spoken: Spoken, code: str) -> Text:
    return spoken.nodes.get(code) or Text(text=code)


def _counted(spoken: Spoken, finding: Finding) -> str:
    count = len(finding["nodes"])
    return CHECKS[str(finding["check"])](count).format(count=spoken.count(count))


def _gravest(lights: list[str]) -> str:
    return min(lights, key=LIGHTS.index, default="note")


def _of(spoken: Spoken, part: str) -> list[Finding]:
    return [each for each in spoken.index.verdict["findings"] if each["part"] == part]


def _checked(spoken: Spoken, part: str) -> tuple[str, str]:
    found = _of(spoken, part)
    light = _gravest([str(each["light"]) for each in found])
    grave = [each for each in found if each["light"] in GRAVE]
    shown = grave or [each for each in found if str(each["light"]) == light != "good"]
    said = [_counted(spoken, each) for each in shown if each["check"] in CHECKS and each["nodes"]]
    if said:
        return spoken.words.listed(said, SHOWN) + ".", light
    if light == "good":
        return _("No check finds anything amiss."), light
    return _("Nothing that a check could tell."), light


def _ranks(spoken: Spoken) -> tuple[str, str]:
    facts = facts_of(spoken.index)
    lights = [facts.light, *(str(each["light"]) for each in _of(spoken, "uncertainty"))]
    first = spoken.index.verdict["standings"][0] if spoken.index.verdict["standings"] else None
    if not facts.pairs or first is None:
        return _("Nothing can be told."), _gravest(lights)
    words = _(
        "Ranks move by {places} places on average; {share} of the pairs of areas are told apart."
    )
    said = words.format(
        places=spoken.words.number(first["mean_shift"]),
        share=spoken.share(round(facts.told / facts.pairs, 2)),
    )
    failed = sum(each["builds"] for each in spoken.index.verdict["failed"])
    if failed:
        words = ngettext("{count} build failed.", "{count} builds failed.", failed)
        said += " " + words.format(count=spoken.count(failed))
    return said, _gravest(lights)


def _choices(spoken: Spoken) -> tuple[str, str]:
    light = _gravest([str(each["light"]) for each in _of(spoken, "sensitivity")])
    own = spoken.index.of_index(spoken.index.audit_table("sensitivity", "total"))
    own = own.filter(target=MEAN_SHIFT).drop_nulls("total").sort("total", descending=True)
    alone = spoken.index.audit_table("choices", "mean_shift").drop_nulls("mean_shift")
    if len(own):
        words = _("{choice}: it has a part in {share} of the variation between builds.")
        most = own.row(0, named=True)
        share = spoken.share(round(min(1.0, most["total"]), 2))
        return words.format(choice=spoken.words.isolate(most["assumption"]), share=share), light
    if len(alone):
        most = alone.sort("mean_shift", descending=True).row(0, named=True)
        words = _("{choice} ({option}): alone it moves ranks by {places} places on average.")
        said = words.format(
            choice=spoken.words.isolate(most["assumption"]),
            option=spoken.words.isolate(most["option"]),
            places=spoken.words.number(most["mean_shift"]),
        )
        return said, light
    return _("Nothing can be told."), light


def _concept(spoken: Spoken) -> tuple[str, str]:
    answers = [each["answer"] for each in spoken.index.verdict["checklist"]]
    done = sum(each in ANSWERED for each in answers)
    words = _("{done} of {all} questions answered; {no} with no, {partly} with partly.")
    said = words.format(
        done=spoken.count(done),
        all=spoken.count(len(answers)),
        no=spoken.count(answers.count("no")),
        partly=spoken.count(answers.count("partly")),
    )
    return said, _gravest([str(each["light"]) for each in _of(spoken, "concept")])


ANSWERED = frozenset({"yes", "partly", "no", "not applicable"})
