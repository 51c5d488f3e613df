"""Gaps in the links: issues that no indicator shows, indicators that no issue asks for."""

from everycount.model.gap import GapTable
from everycount.model.indicator import wording
from everycount.model.issue import Issue
from everycount.policy.landscape import Landscape, count

ISSUE_COLUMNS = ("issue", "clause", "action", "target groups")


def unmet_demand(land: Landscape) -> GapTable:
    """Return the accepted issues without an accepted link, and how far the search for one got."""
    lacking = [issue for issue in land.issues if not land.answers(issue)]
    rows = tuple((*issue_cells(land, issue), _search(land, issue)) for issue in lacking)
    return GapTable(
        id="issues-without-indicators",
        title="Issues without indicators",
        finding=f"{len(lacking)} of {count(len(land.issues), 'accepted issue')} "
        f"{'has' if len(lacking) == 1 else 'have'} no indicator: nothing would show whether "
        f"{'it is' if len(lacking) == 1 else 'they are'} acted on.",
        columns=(*ISSUE_COLUMNS, "search"),
        rows=rows,
        count=len(lacking),
        of=len(land.issues),
        notes=(
            "An indicator that is only related to an issue does not show it.",
            *land.not_loaded,
        ),
    )


def issue_cells(land: Landscape, issue: Issue) -> tuple[str, str, str, str]:
    """Return the first cells of a row about an issue."""
    return issue.id, land.at(issue), issue.action, land.groups(issue)


def _search(land: Landscape, issue: Issue) -> str:
    """Return what became of the indicators that were proposed for an issue."""
    links = [link for link in land.review.links if link.issue == issue.id]
    waiting = [link for link in links if link.decision.status == "proposed"]
    open_ = [link for link in waiting if link.band != "nearest"]
    rejected = sum(link.decision.status == "rejected" for link in links)
    related = [land.name(*link.ends[1:]) for link in land.links.get(issue.id, ())]
    if related:
        return f"only related: {'; '.join(related)}"
    if open_:
        return f"{count(len(open_), 'proposal')} not yet decided"
    if rejected:
        return f"{count(rejected, 'proposal')} rejected, no other"
    if waiting:
        nearest = land.name(waiting[0].framework, waiting[0].key)
        return f"none found; nearest is {nearest}"
    return "none found" if land.frameworks else "no framework loaded"


def lack_of_demand(land: Landscape) -> GapTable:
    """Return the national indicators that no accepted issue is linked to."""
    asked = {link.ends[1:] for links in land.links.values() for link in links}
    national = [
        (reference, indicator)
        for reference, framework in land.frameworks.items()
        if framework.level == "national"
        for indicator in framework.unique
    ]
    lacking = [pair for pair in national if (pair[0], pair[1].key) not in asked]
    sets = [use for use in land.uses if use.level == "national"]
    if national:
        finding = (
            f"{len(lacking)} of {count(len(national), 'national indicator')} "
            f"{'is' if len(lacking) == 1 else 'are'} linked to no issue of this policy."
        )
    elif sets:
        finding = "The national set is not loaded, so nothing can be said of it."
    else:
        finding = "No national set was matched, so nothing can be said of it."
    return GapTable(
        id="indicators-without-demand",
        title="National indicators without demand",
        finding=finding,
        columns=("framework", "indicator", "title"),
        rows=tuple(
            (reference, indicator.code, wording(indicator.title, land.language))
            for reference, indicator in lacking
        ),
        count=len(lacking) if national else None,
        of=len(national) if national else None,
        notes=(
            "Another policy may ask for them: an indicator is idle only when no policy does.",
            *land.not_loaded,
        ),
    )


def potential_demand(land: Landscape) -> GapTable:
    """Return international indicators that fit an issue for which the national sets have none."""
    rows = []
    for issue in land.issues:
        links = land.answers(issue)
        if any(land.level(link.framework) == "national" for link in links):
            continue
        rows += [
            (*issue_cells(land, issue)[:3], link.framework, *_printed(land, link.ends[1:]))
            for link in links
        ]
    indicators = {row[3:] for row in rows}
    issues = {row[0] for row in rows}
    unknown = any(use.level == "national" and not use.is_loaded for use in land.uses)
    without = "a national indicator" if not unknown else "a national indicator that is loaded"
    return GapTable(
        id="potential-demand",
        title="International indicators that the national set could take up",
        finding=f"{count(len(indicators), 'international indicator')} would show "
        f"{count(len(issues), 'issue')} without {without}.",
        columns=("issue", "clause", "action", "framework", "indicator", "title"),
        rows=tuple(rows),
        count=len(indicators),
        notes=land.not_loaded,
    )


def _printed(land: Landscape, end: tuple[str, str]) -> tuple[str, str]:
    """Return the printed code and the title of an indicator."""
    indicator = land.indicators.get(end)
    return (indicator.code if indicator else end[1], land.title(*end))
