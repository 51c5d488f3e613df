"""Disaggregation that issues need, against what indicators expect and figures have."""

from collections import Counter
from collections.abc import Iterator

from everycount.model.gap import GapTable
from everycount.model.issue import Issue
from everycount.model.review import IndicatorLink
from everycount.policy.characteristics import breakdown, is_met, say
from everycount.policy.landscape import Landscape, count

MET = "available"
SHORT = ("not available", "not expected, not available", "no indicator")
"""What makes a needed breakdown a gap. Where nobody has said what exists, it is none yet."""


def needed_breakdowns(land: Landscape, issue: Issue) -> dict[frozenset[str], list[str]]:
    """Return the breakdowns that an issue needs, with the target groups that ask for each.

    They are those of the issue, which people may have changed; several characteristics of one
    group are needed together, since single tables do not show those who have all of them.
    """
    groups = [land.review.vocabulary.group(tag.code) for tag in issue.groups]
    found: dict[frozenset[str], list[str]] = {}
    for names in issue.breakdowns:
        needed = breakdown(names)
        asking = [each.code for each in groups if needed <= breakdown(each.breakdowns)]
        found.setdefault(needed, asking or ["the issue"])
    return found


def breakdown_demand(land: Landscape) -> GapTable:
    """Return every breakdown that an accepted issue needs with whether figures have it."""
    rows = [
        (issue.id, land.at(issue), say(needed), ", ".join(asking), indicator, verdict)
        for issue in land.issues
        for needed, asking in needed_breakdowns(land, issue).items()
        for indicator, verdict in _verdicts(land, issue, needed)
    ]
    verdicts = Counter(row[5] for row in rows)
    short = sum(verdicts[verdict] for verdict in SHORT)
    combined = sum(row[5] in SHORT and " x " in row[2] for row in rows)
    unknown = sum(number for verdict, number in verdicts.items() if "not known" in verdict)
    return GapTable(
        id="breakdown-demand",
        title="Disaggregation needed against disaggregation available",
        finding=f"Of {count(len(rows), 'needed breakdown')}, {verdicts[MET]} "
        f"{'is' if verdicts[MET] == 1 else 'are'} available and {short} "
        f"{'is' if short == 1 else 'are'} not ({combined} by several characteristics at once); "
        f"for {unknown} nobody has said what figures have.",
        columns=("issue", "clause", "breakdown", "asked by", "indicator", "figures"),
        rows=tuple(rows),
        count=short,
        of=len(rows),
        notes=(
            "A table by several characteristics also gives each of them alone; single tables do "
            "not give the combination.",
        ),
    )


def _verdicts(land: Landscape, issue: Issue, needed: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield for each linked indicator whether it can be seen so; one line if there is none."""
    links = land.links.get(issue.id, ())
    if not links:
        yield "", "no indicator"
    for link in links:
        yield land.name(link.framework, link.key), verdict(land, link, needed)


def verdict(land: Landscape, link: IndicatorLink, needed: frozenset[str]) -> str:
    """Return whether the figures of a linked indicator have a breakdown.

    Parameters
    ----------
    land : Landscape
        The review and what is known of figures.
    link : IndicatorLink
        An accepted link.
    needed : frozenset of str
        Characteristics under their one names.

    Returns
    -------
    str
        `available`, `not available`, `not expected, not available`, or with `figures not known`
        where nobody has said what exists.
    """
    end = (link.framework, link.key)
    is_expected = is_met(needed, land.expected(end))
    available = land.available(end)
    if available is None:
        return "expected, figures not known" if is_expected else "not expected, figures not known"
    if is_met(needed, available):
        return MET
    return "not available" if is_expected else "not expected, not available"
