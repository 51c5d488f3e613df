"""Indicators linked to one issue from different sets, held against one another part by part."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from everycount.model.gap import GapTable
from everycount.model.review import IndicatorLink
from everycount.policy.characteristics import characteristic
from everycount.policy.compare import Comparison, Definition, compare, definition_of
from everycount.policy.landscape import End, Landscape, count
from everycount.policy.slots import slots_of

LOOSE = frozenset({"narrower", "broader", "different"})


def comparison(land: Landscape) -> GapTable:
    """Return how the indicators of one issue differ between sets, with suggested changes.

    Pairs are of different frameworks, in the order of the rounds, so that the national indicator
    is the one that is held against the others; only for it are changes suggested. Links that were
    graded as related are left out: they are no substitute for one another.
    """
    rows = []
    pairs: set[tuple[End, End]] = set()
    apart = set()
    for issue in land.issues:
        for one, other in _pairs(land, land.links.get(issue.id, ())):
            pairs.add((one, other))
            found = _compared(land, one, other)
            if found.relation != "exact":
                apart.add((one, other))
            names = (land.name(*one), land.name(*other))
            is_ours = land.level(one[0]) == "national"
            rows += [(issue.id, *names, *cells) for cells in _cells(found, is_ours=is_ours)]
    return GapTable(
        id="comparison",
        title="Linked indicators compared",
        finding=f"{len(apart)} of {count(len(pairs), 'pair')} of indicators of one issue "
        f"{'differs' if len(apart) == 1 else 'differ'} in definition.",
        columns=("issue", "indicator", "held against", "part", "is", "in words", "suggestion"),
        rows=tuple(rows),
        count=len(apart),
        of=len(pairs),
        notes=("Read from titles, units and what is known of figures; a person confirms it.",),
    )


def _pairs(land: Landscape, links: tuple[IndicatorLink, ...]) -> Iterator[tuple[End, End]]:
    """Yield pairs of known indicators from different frameworks."""
    order = {use.reference: at for at, use in enumerate(land.uses)}
    ends = sorted(
        ((link.framework, link.key) for link in links if link.relation != "related"),
        key=lambda end: order[end[0]],
    )
    for one, other in combinations(ends, 2):
        if one[0] != other[0] and one in land.indicators and other in land.indicators:
            yield one, other


def _compared(land: Landscape, one: End, other: End) -> Comparison:
    """Return the comparison of two indicators."""
    return compare(_definition(land, one), _definition(land, other))


def _definition(land: Landscape, end: End) -> Definition:
    """Return what the framework says of an indicator, and what is known of its figures."""
    stated = definition_of(land.indicators[end], land.language)
    supply = land.supplies.get(end)
    existing = [name for names in (supply.available if supply else ()) for name in names]
    named = replace(
        stated,
        breakdowns=tuple(dict.fromkeys(map(characteristic, (*stated.breakdowns, *existing)))),
    )
    if supply is None:
        return named
    return replace(
        named,
        population=supply.population,
        ages=slots_of(f"aged {supply.age}", "en").ages if supply.age else None,
        numerator=supply.numerator,
        denominator=supply.denominator,
        frequency=supply.frequency,
    )


def _cells(found: Comparison, *, is_ours: bool) -> Iterator[tuple[str, str, str, str]]:
    """Yield the whole, then the parts in which two indicators are known to differ."""
    yield "as a whole", found.relation, found.reason, ""
    for aspect in found.aspects:
        if aspect.grade in LOOSE:
            suggestion = aspect.suggestion if is_ours else ""
            yield aspect.name, aspect.grade, aspect.words, suggestion
