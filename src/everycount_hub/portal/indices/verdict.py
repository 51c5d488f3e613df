"""The verdict of an audit in the reader's language, from its figures, never from its sentences."""

from dataclasses import dataclass
from functools import lru_cache

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from everycount.audit.verdict import FEW_BUILDS, INERT
from everycount_hub.portal.indices.opened import OpenIndex
from everycount_hub.portal.indices.spoken import Spoken

NEAR = 1e-9
FIRST = 10
"""Places that count as the first and the last."""
SHOWN = 12
"""Names in a list before the rest is counted."""
TAGS = {"good": "tag-good", "note": "tag-info", "watch": "tag-warn", "problem": "tag-bad"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a verdict is made of."""

    case: str
    """stands, broad, falls; or why nothing is said: no_builds, alone, level, few, inert."""
    light: str
    kept: float = 0.0
    """Share of the pairs that keep their order."""
    pairs: int = 0
    told: int = 0
    units: int = 0
    places: int | None = None
    exceptions: int = 0
    """Pairs at least so many places apart that are not told apart in order."""
    far: int = 0
    near: int = 0
    """Nearer pairs that are told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The verdict in words."""

    light: str
    tag: str
    label: str
    headline: str
    advice: str
    may: tuple[str, ...] = ()
    may_not: tuple[str, ...] = ()


@lru_cache(64)
def facts_of(index: OpenIndex) -> Facts:
    """Return what the builds say of the index in its newest period."""
    told = index.verdict
    first = next(
        (
            each
            for each in told["standings"]
            if each["node"] == index.result.state.tree.codes[index.top]
            and each["period"] == (index.newest.period or None)
        ),
        None,
    )
    if first is None:
        return Facts(case="untested", light="note")
    case = _nothing(index, first)
    if case:
        return Facts(case=case, light="problem" if case == "no_builds" else "note")
    lead = _limit(index, "lead")
    in_order = pl.col("leads") >= lead - NEAR
    kept = float(index.pairs.select(in_order.mean()).item() or 0.0)
    places = first["meaningful"]
    far = index.pairs.filter(pl.col("apart") >= (places or 1))
    near = index.pairs.filter(pl.col("apart") < (places or 1))
    if kept >= _limit(index, "apart"):
        case, light = "stands", "good"
    elif places is not None and places <= first["units"] / 2:
        case, light = "broad", "watch"
    else:
        case, light = "falls", "problem"
    return Facts(
        case=case,
        light=light,
        kept=kept,
        pairs=first["pairs"],
        told=first["told_apart"],
        units=first["units"],
        places=places,
        far=len(far),
        exceptions=len(far.filter(~in_order)),
        near=len(near.filter(told_apart="true")),
    )


def _limit(index: OpenIndex, name: str) -> float:
    return float(next(a["value"] for a in index.verdict["thresholds"] if a["name"] == name))


def _nothing(index: OpenIndex, first: dict[str, object]) -> str:
    """Return why the builds tell nothing of the order of units; empty where they do."""
    builds = index.verdict["builds"]
    if not builds:
        return "no_builds"
    if int(str(first["units"])) < 2:
        return "alone"
    if bool((index.pairs["ties"] == 1).all()):
        return "level"
    scores = [a for a in index.audit_table("ranks").columns if a.startswith("score_q")]
    table = index.of_index(index.audit_table("ranks", *scores))
    spread = (table[scores[1]] - table[scores[0]]).abs().fill_null(0)
    if bool((spread < INERT).all()) and not first["mean_shift"]:
        return "inert"
    return "few" if builds < FEW_BUILDS else ""


def verdict_of(spoken: Spoken) -> Verdict:
    """Return the verdict in words."""
    facts = facts_of(spoken.index)
    says_nothing = facts.case not in ("stands", "broad", "falls")
    return Verdict(
        light=facts.light,
        tag=TAGS[facts.light],
        label=_label(facts),
        headline=_headline(spoken, facts),
        advice=_advice(facts),
        may=() if says_nothing else tuple(_may(spoken, facts)),
        may_not=tuple(_may_not(spoken, facts)),
    )


def _label(facts: Facts) -> str:
    return {
        "stands": _("The ranking stands"),
        "broad": _("Usable with care"),
        "falls": _("The ranks do not stand"),
    }.get(facts.case, _("Nothing is said of the ranks"))


def _headline(spoken: Spoken, facts: Facts) -> str:
    index = spoken.index
    lead, apart = (spoken.share(_limit(index, name)) for name in ("lead", "apart"))
    said = {
        "stands": _(
            "{share} of all pairs of areas keep their order in at least {lead} of the builds "
            "tested."
        ),
        "broad": _(
            "Broad differences stand, neighbours do not: it takes {places} places of {units} for "
            "nearly all pairs of areas ({apart}) to keep their order in at least {lead} of the "
            "builds tested."
        ),
        "falls": _(
            "Only {share} of all pairs of areas keep their order in at least {lead} of the builds "
            "tested."
        ),
        "no_builds": _("No build has a result, so nothing can be said of the ranks."),
        "alone": _("Fewer than two areas are ranked, so there is nothing to compare."),
        "level": _("All areas have the same score in every build: there is no ranking."),
        "few": _("The builds are too few for a verdict on the ranks."),
        "inert": _(
            "Nothing was varied that changes a score, so nothing is said of how firm ranks are."
        ),
        "untested": _("The audit tested other groups than the index as a whole."),
    }[facts.case]
    return said.format(
        share=spoken.share(round(facts.kept, 3)),
        lead=lead,
        apart=apart,
        places=spoken.count(facts.places or 0),
        units=spoken.count(facts.units),
    )


def _advice(facts: Facts) -> str:
    return {
        "stands": _("Ranks may be read one by one; an interval still belongs beside each."),
        "broad": _(
            "Good for groups of areas and for the distance of each goal to its target. Not for "
            "“one area overtook another” unless it leads in nearly all the builds they share."
        ),
        "falls": _(
            "Read the scores of goals and indicators. Ranks of the whole are made by the choices "
            "of the method more than by the figures."
        ),
    }.get(facts.case, _("Read ranks as the result of one method among many."))


def _may(spoken: Spoken, facts: Facts) -> list[str]:
    said = []
    if facts.places is not None and facts.far:
        words = _(
            "Of two areas {places} places or more apart, the one ranked higher may be said to be "
            "ahead."
        )
        said.append(words.format(places=spoken.count(facts.places)))
        if facts.exceptions:
            words = ngettext(
                "{count} pair of {pairs} is an exception to this.",
                "{count} pairs of {pairs} are exceptions to this.",
                facts.exceptions,
            )
            said[-1] += " " + words.format(
                count=spoken.count(facts.exceptions), pairs=spoken.count(facts.far)
            )
    if facts.near:
        words = ngettext(
            "Nearer areas may be put in order pair by pair: {count} pair of them is told apart.",
            "Nearer areas may be put in order pair by pair: {count} pairs of them are told apart.",
            facts.near,
        )
        said.append(words.format(count=spoken.count(facts.near)))
    for is_last in (False, True):
        units = _surely(spoken.index, facts, is_last=is_last)
        if units:
            words = (
                _("Among the last {count} in at least {lead} of the builds: {areas}.")
                if is_last
                else _("Among the first {count} in at least {lead} of the builds: {areas}.")
            )
            lead = spoken.share(_limit(spoken.index, "lead"))
            said.append(
                words.format(
                    count=spoken.count(FIRST), lead=lead, areas=spoken.listed(units, SHOWN)
                )
            )
    return said


def _surely(index: OpenIndex, facts: Facts, *, is_last: bool) -> list[str]:
    """Return the units that nearly all builds put among the first, or the last, by rank."""
    if facts.units <= 2 * FIRST:
        return []
    held = index.of_index(index.audit_table("acceptability", "share")).filter(kind="rank")
    at = pl.col("at").cast(pl.Float64)
    held = held.filter(at > facts.units - FIRST if is_last else at <= FIRST)
    sums = held.group_by("unit").agg(pl.col("share").sum())
    firm = set(sums.filter(pl.col("share") >= _limit(index, "lead") - NEAR)["unit"])
    known = index.intervals
    units = [unit for unit in firm if unit in known and known[unit].builds >= 1]
    return sorted(units, key=lambda unit: (known[unit].nominal, unit))


def _may_not(spoken: Spoken, facts: Facts) -> list[str]:
    said = []
    outside = [unit for unit, each in spoken.index.intervals.items() if each.is_outside]
    partly = [unit for unit, each in spoken.index.intervals.items() if each.builds < 1]
    if facts.places is None:
        said.append(_("That one area is ahead of another, from their ranks alone."))
    if outside:
        words = _("These ranks without their interval, as they lie outside it: {areas}.")
        said.append(words.format(areas=spoken.listed(outside, SHOWN)))
    if partly:
        words = _("These ranks without saying that some builds give none: {areas}.")
        said.append(words.format(areas=spoken.listed(partly, SHOWN)))
    return [
        *said,
        _(
            "That two areas differ, or do not, because their intervals overlap or do not: only "
            "the share of builds in which one leads tells."
        ),
        _(
            "How sure one may be of the world: the shares are of the builds tested, under the "
            "choices listed, and of nothing else."
        ),
    ]
