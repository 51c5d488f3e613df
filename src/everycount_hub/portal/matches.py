"""Figures for indicators of sets that are not in use here, by the crosswalk between sets."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext_lazy as _

from everycount.errors import NotFound
from everycount.io.frameworks import shipped_crosswalk, shipped_frameworks
from everycount.model.crosswalk import OPPOSITE, Relation
from everycount.model.framework import Framework
from everycount.model.indicator import Indicator
from everycount_hub.edition.nouns import IndicatorEntry
from everycount_hub.edition.read import Edition

STEPS = 3
"""Links of the crosswalk that are followed from one set to the next. Our choice."""
NEARNESS: tuple[Relation, ...] = ("exact", "close", "narrower", "broader")
"""How well one measure stands for another; related ones do not."""
RELATIONS: Mapping[str, object] = {
    "exact": _("the same measure"),
    "close": _("nearly the same measure"),
    "narrower": _("covers less"),
    "broader": _("covers more"),
    "related": _("related, no substitute"),
}
"""What an indicator is to another, told of the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An indicator that stands for another."""

    framework: str
    key: str
    relation: Relation
    """What it is to the other: narrower covers less."""


def framework_of(edition: Edition, reference: str) -> Framework | None:
    """Return an indicator set: of this hub, else one that comes with the library."""
    return edition.frameworks.get(reference) or _shipped().get(reference)


@cache
def _shipped() -> Mapping[str, Framework]:
    return {each.reference: each for each in shipped_frameworks()}


def declared_in(framework: Framework | None, key: str) -> Indicator | None:
    """Return an indicator of a set; None where there is no such set or key."""
    if framework is None:
        return None
    try:
        return framework.indicator(key)
    except NotFound:
        return None


def matches(reference: str, key: str) -> tuple[Match, ...]:
    """Return the indicators of other sets that stand for one, the best first.

    At most one step on the way may be other than exact: two near matches make no match.

    Parameters
    ----------
    reference : str
        Indicator set as ID@VERSION.
    key : str
    """
    return _matches().get((reference, key), ())


@cache
def _matches() -> Mapping[tuple[str, str], tuple[Match, ...]]:
    return {start: tuple(_found_from(start)) for start in _neighbours()}


def _found_from(start: tuple[str, str]) -> Iterator[Match]:
    best: dict[tuple[str, str], Relation] = {start: "exact"}
    queue: deque[tuple[tuple[str, str], Relation, int]] = deque([(start, "exact", 0)])
    while queue:
        end, relation, steps = queue.popleft()
        if steps == STEPS:
            continue
        for other, step in _neighbours().get(end, ()):
            if "exact" not in (relation, step):
                continue
            told = step if relation == "exact" else relation
            if other not in best or NEARNESS.index(told) < NEARNESS.index(best[other]):
                best[other] = told
                queue.append((other, told, steps + 1))
    del best[start]
    order = sorted(best.items(), key=lambda each: (NEARNESS.index(each[1]), each[0]))
    for (framework, key), relation in order:
        yield Match(framework=framework, key=key, relation=relation)


@cache
def _neighbours() -> Mapping[tuple[str, str], tuple[tuple[tuple[str, str], Relation], ...]]:
    """Return what each indicator is linked to, with what the other is to it."""
    found: dict[tuple[str, str], list[tuple[tuple[str, str], Relation]]] = {}
    for link in shipped_crosswalk().links:
        if link.relation == "related":
            continue
        one, other = (link.from_framework, link.from_key), (link.to_framework, link.to_key)
        found.setdefault(other, []).append((one, link.relation))
        turned = OPPOSITE.get(link.relation, link.relation)
        found.setdefault(one, []).append((other, turned))
    return {end: tuple(each) for end, each in found.items()}


def entry_of(
    edition: Edition, reference: str, key: str, area: str = ""
) -> tuple[IndicatorEntry | None, Relation]:
    """Return the indicator of the portal that shows one, and what it is to it.

    Parameters
    ----------
    edition : Edition
    reference : str
        Indicator set as ID@VERSION.
    key : str
    area : str
        One with a figure of this area goes first.

    Returns
    -------
    tuple
        The indicator itself goes before others of equal right. Without any figure it is the
        indicator itself, or None where the portal has no page of it.
    """
    own = edition.indicator_by_key.get((reference, key))
    known: list[tuple[IndicatorEntry, Relation]] = [] if own is None else [(own, "exact")]
    for match in matches(reference, key):
        entry = edition.indicator_by_key.get((match.framework, match.key))
        if entry is not None:
            known.append((entry, match.relation))
    here = [each for each in known if area and area in each[0].areas]
    anywhere = [each for each in known if each[0].has_figures]
    return (here or anywhere or known or [(None, "exact")])[0]
