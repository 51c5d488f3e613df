"""The gaps between a policy and its figures, worked out once, with their findings in words."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from everycount.errors import NotFound
from everycount.io.frameworks import shipped_frameworks
from everycount.model.gap import GapTable
from everycount.model.supply import Catalogue
from everycount.policy.gap_breakdowns import SHORT
from everycount.policy.gaps import gaps
from everycount_hub.edition.nouns import PublishedDataset
from everycount_hub.edition.read import Edition, open_edition
from everycount_hub.portal.indicators.proof import reviews_of
from everycount_hub.portal.policies.promises import OpenPolicy

TITLES = {
    "issues-without-indicators": gettext_lazy("Promises that no indicator shows"),
    "indicators-without-demand": gettext_lazy("National indicators that no promise asks for"),
    "groups-missed": gettext_lazy("Target groups that are not named"),
    "concepts-missed": gettext_lazy("Core concepts and dimensions, those missed first"),
    "breakdown-demand": gettext_lazy("Breakdowns asked for"),
    "mismatch": gettext_lazy("Indicators that do not quite answer the promise"),
    "potential-demand": gettext_lazy(
        "International indicators that the national set could take up"
    ),
    "stage-mix": gettext_lazy("Input, process, output and outcome"),
    "open-targets": gettext_lazy("Targets that leave something open"),
    "comparison": gettext_lazy("Linked indicators compared"),
    "advice": gettext_lazy("What could be changed"),
    "production": gettext_lazy("Where the figures would come from"),
}
FINDINGS = {
    "issues-without-indicators": gettext_lazy("Without an indicator: {count} of {all} promises."),
    "indicators-without-demand": gettext_lazy(
        "Linked to no promise of this policy: {count} of {all} national indicators."
    ),
    "groups-missed": gettext_lazy("Named in no promise: {count} of {all} target groups."),
    "concepts-missed": gettext_lazy("Without a promise: {count} of {all} concepts and dimensions."),
    "breakdown-demand": gettext_lazy("Asked for and not available: {count} of {all} breakdowns."),
    "mismatch": gettext_lazy("Not fully an answer: {count} of {all} links."),
    "potential-demand": gettext_lazy(
        "International indicators for promises without a national one: {count}."
    ),
    "stage-mix": gettext_lazy(
        "With indicators but none of an outcome: {count} of {all} parts of the policy."
    ),
    "open-targets": gettext_lazy("Leaving open what measuring needs: {count} of {all} targets."),
    "comparison": gettext_lazy(
        "Differing in definition: {count} of {all} pairs of indicators of one promise."
    ),
    "advice": gettext_lazy("Suggestions that follow from the gaps: {count}."),
    "production": gettext_lazy("Not known to be produced: {count} of {all} indicators asked for."),
}
"""What each report counts: `GapTable.count` of `GapTable.of`."""
COLUMNS = {
    "issue": gettext_lazy("Promise"),
    "clause": gettext_lazy("Clause"),
    "action": gettext_lazy("What is to be done"),
    "target groups": gettext_lazy("Target groups"),
    "search": gettext_lazy("What became of the search"),
    "framework": gettext_lazy("Indicator set"),
    "indicator": gettext_lazy("Indicator"),
    "title": gettext_lazy("Title"),
    "group": gettext_lazy("Group"),
    "part of": gettext_lazy("Part of"),
    "implied by": gettext_lazy("Implied by"),
    "named elsewhere": gettext_lazy("Named elsewhere"),
    "kind": gettext_lazy("Kind"),
    "name": gettext_lazy("Name"),
    "key question": gettext_lazy("Key question"),
    "how far": gettext_lazy("How far"),
    "issues": gettext_lazy("Promises"),
    "breakdown": gettext_lazy("Breakdown"),
    "asked by": gettext_lazy("Asked for by"),
    "figures": gettext_lazy("Figures"),
    "aspect": gettext_lazy("Aspect"),
    "the issue asks": gettext_lazy("The promise asks"),
    "the indicator has": gettext_lazy("The indicator has"),
    "objective": gettext_lazy("Part of the policy"),
    "heading": gettext_lazy("Heading"),
    "input": gettext_lazy("Input"),
    "process": gettext_lazy("Process"),
    "output": gettext_lazy("Output"),
    "outcome": gettext_lazy("Outcome"),
    "not classed": gettext_lazy("Not classed"),
    "remark": gettext_lazy("Remark"),
    "target": gettext_lazy("Target"),
    "not stated": gettext_lazy("Not stated"),
    "reading": gettext_lazy("Reading"),
    "held against": gettext_lazy("Held against"),
    "part": gettext_lazy("Part"),
    "is": gettext_lazy("Is"),
    "in words": gettext_lazy("In words"),
    "suggestion": gettext_lazy("Suggestion"),
    "to": gettext_lazy("To"),
    "change": gettext_lazy("Change"),
    "about": gettext_lazy("About"),
    "ground": gettext_lazy("Ground"),
    "state": gettext_lazy("State"),
    "sources": gettext_lazy("Sources"),
    "agency": gettext_lazy("Agency"),
    "last round": gettext_lazy("Last round"),
    "next round": gettext_lazy("Next round"),
    "frequency": gettext_lazy("Frequency"),
    "now": gettext_lazy("Now"),
    "in 3 to 5 years": gettext_lazy("In 3 to 5 years"),
}
NUMBERS = frozenset({"input", "process", "output", "outcome", "not classed"})
"""Columns of counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A report on gaps in the language of its reader; its rows are in English."""

    id: str
    title: str
    finding: str
    columns: tuple[tuple[str, bool], ...]
    """Heads, and whether the column holds numbers."""
    table: GapTable

    @property
    def cells(self) -> list[list[tuple[str, bool]]]:
        """The rows with whether each cell is a number."""
        return [
            [(cell, is_number) for cell, (_head, is_number) in zip(row, self.columns, strict=True)]
            for row in self.table.rows
        ]


def gap_tables(edition: Edition, dataset: PublishedDataset) -> tuple[GapTable, ...]:
    """Return the gaps of a published review, with the indicator sets at hand here."""
    return _gap_tables(edition.digest, dataset.key)


@lru_cache(32)
def _gap_tables(digest: str, key: str) -> tuple[GapTable, ...]:
    edition = open_edition(digest)
    at_hand = {each.reference: each for each in shipped_frameworks()} | dict(edition.frameworks)
    return gaps(reviews_of(edition)[key], Catalogue(frameworks=tuple(at_hand.values())))


def gaps_of(policy: OpenPolicy) -> list[Gap]:
    """Return the gaps of a policy in words."""
    return [_told(each, policy) for each in gap_tables(policy.edition, policy.dataset)]


def gap_of(policy: OpenPolicy, name: str) -> Gap:
    """Return one of the gaps of a policy.

    Raises
    ------
    NotFound
        If there is no such report.
    """
    for each in gap_tables(policy.edition, policy.dataset):
        if each.id == name:
            return _told(each, policy)
    raise NotFound(f"a review has no report {name[:60]!r}")


def _told(table: GapTable, policy: OpenPolicy) -> Gap:
    if table.count is None:
        finding = _("Nothing can be said: the indicator set is not at hand.")
    else:
        finding = str(FINDINGS.get(table.id, table.finding)).format(
            count=policy.words.number(table.count, 0),
            all="" if table.of is None else policy.words.number(table.of, 0),
        )
    return Gap(
        id=table.id,
        title=str(TITLES.get(table.id, table.title)),
        finding=finding,
        columns=tuple((str(COLUMNS.get(each, each)), each in NUMBERS) for each in table.columns),
        table=table,
    )


def breakdowns_absent(policy: OpenPolicy) -> list[tuple[str, ...]]:
    """Return breakdowns needed that figures do not have: clause, breakdown, indicator."""
    tables = gap_tables(policy.edition, policy.dataset)
    found = next(each for each in tables if each.id == "breakdown-demand")
    return [(row[1], row[2], row[4]) for row in found.rows if row[5] in SHORT and row[4]]
