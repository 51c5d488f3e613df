"""Links whose indicator does not answer what the issue asks: the demand-supply mismatch."""

from collections.abc import Iterator

from everycount.model.gap import GapTable
from everycount.model.issue import Issue
from everycount.model.review import IndicatorLink
from everycount.model.supply import Supply
from everycount.policy.characteristics import say
from everycount.policy.cycle import fineness, years_between
from everycount.policy.gap_breakdowns import MET, needed_breakdowns, verdict
from everycount.policy.landscape import Landscape, count
from everycount.policy.slots import opposed, slots_of

Row = tuple[str, str, str]
"""Aspect, what the issue asks for, what the indicator has."""
LOOSE = {
    "broader": "covers more than the issue",
    "narrower": "covers less than the issue",
    "related": "is connected, but no substitute",
}


def mismatch(land: Landscape) -> GapTable:
    """Return what accepted links do not answer: definition, breakdown, frequency, area level.

    The last three are the compliance test of PARIS21's ADAPT (manual, version 1.1).
    """
    rows = []
    pairs = [(issue, link) for issue in land.issues for link in land.links.get(issue.id, ())]
    touched = set()
    for issue, link in pairs:
        for aspect, asked, found in _aspects(land, issue, link):
            name = land.name(link.framework, link.key)
            rows.append((issue.id, land.at(issue), name, aspect, asked, found))
            touched.add(link.ends)
    return GapTable(
        id="mismatch",
        title="Indicators that do not answer what the issue asks",
        finding=f"{len(touched)} of {count(len(pairs), 'accepted link')} "
        f"{'does' if len(touched) == 1 else 'do'} not fully answer the issue.",
        columns=("issue", "clause", "indicator", "aspect", "the issue asks", "the indicator has"),
        rows=tuple(rows),
        count=len(touched),
        of=len(pairs),
    )


def _aspects(land: Landscape, issue: Issue, link: IndicatorLink) -> Iterator[Row]:
    """Yield what one link does not answer."""
    if link.relation in LOOSE:
        yield "definition", issue.action, f"the indicator {LOOSE[link.relation]}"
    for warning in link.warnings or _opposed(land, issue, link):
        yield "definition", issue.reference_population or issue.action, warning
    for needed in needed_breakdowns(land, issue):
        said = verdict(land, link, needed)
        if said != MET and "not known" not in said:
            yield "breakdown", say(needed), said
    supply = land.supplies.get((link.framework, link.key))
    if supply is not None:
        yield from _cycle(issue, supply)


def _opposed(land: Landscape, issue: Issue, link: IndicatorLink) -> tuple[str, ...]:
    """Return that a link, such as one that a person added, is about the opposite people."""
    end = (link.framework, link.key)
    if end not in land.indicators:
        return ()
    asked = slots_of(issue.action, land.language).people
    told = slots_of(land.title(*end), land.spoken(end)).people
    pair = opposed(asked, told)
    return (f"about {pair[1]}, where the issue is about {pair[0]}",) if pair else ()


def _cycle(issue: Issue, supply: Supply) -> Iterator[Row]:
    """Yield figures that come too seldom or for areas too large."""
    asked, has = years_between(issue.frequency), years_between(supply.frequency)
    if asked is not None and has is not None and has > asked:
        yield "frequency", issue.frequency, supply.frequency
    wanted, given = fineness(issue.area_level), fineness(supply.area_level)
    if wanted is not None and given is not None and given < wanted:
        yield "area", issue.area_level, supply.area_level
