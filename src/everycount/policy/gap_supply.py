"""Sources and production cycle of the indicators that issues are linked to."""

from collections import Counter

from everycount.model.gap import GapTable
from everycount.model.supply import STATES, DataSource, Supply
from everycount.policy.landscape import End, Landscape, count


def production(land: Landscape) -> GapTable:
    """Return, for each linked indicator, whether figures are made, from what, and when next."""
    asked: dict[End, list[str]] = {}
    for issue in land.issues:
        for link in land.links.get(issue.id, ()):
            asked.setdefault((link.framework, link.key), []).append(issue.id)
    sources = {source.code: source for source in land.review.sources}
    rows = tuple(_row(land, end, issues, sources) for end, issues in asked.items())
    states = Counter(row[3] for row in rows)
    said = "; ".join(f"{state}: {states[state]}" for state in STATES)
    lacking = len(rows) - states["produced"]
    return GapTable(
        id="production",
        title="Sources and production cycle of the indicators asked for",
        finding=f"Of {count(len(rows), 'indicator')} asked for: {said}; nobody has said: "
        f"{states['not known']}.",
        columns=(
            *("framework", "indicator", "issues", "state", "sources", "agency"),
            *("last round", "next round", "frequency", "now", "in 3 to 5 years"),
        ),
        rows=rows,
        count=lacking,
        of=len(rows),
    )


def _row(
    land: Landscape, end: End, issues: list[str], sources: dict[str, DataSource]
) -> tuple[str, ...]:
    """Return the row of one indicator."""
    supply = land.supplies.get(end) or Supply(framework=end[0], key=end[1])
    used = [sources[code] for code in supply.sources if code in sources]
    lasts = [source.last for source in used if source.last is not None]
    nexts = [source.next for source in used if source.next is not None]
    return (
        end[0],
        land.title(*end),
        ", ".join(issues),
        supply.state or "not known",
        "; ".join(f"{source.title} ({source.kind})" for source in used),
        "; ".join(dict.fromkeys(source.agency for source in used if source.agency)),
        str(max(lasts)) if lasts else "",
        str(min(nexts)) if nexts else "",
        supply.frequency,
        supply.feasible_now,
        supply.feasible_later,
    )
