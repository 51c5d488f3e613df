"""From priority indicators to a dated, costed plan along the production cycle of their sources."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from everycount.model.plan import PlanLine
from everycount.model.review import Review
from everycount.model.supply import Catalogue, DataSource, State, Supply
from everycount.policy.landscape import End, landscape
from everycount.policy.priorities import Priority, priorities

STEPS: dict[State, tuple[str, str]] = {
    "produced": ("disseminate", "publish by the breakdowns that issues need"),
    "reprocessing": ("process", "reprocess the data that exist, by the breakdowns needed"),
    "new module": ("design", "design and test questions for the next round"),
    "no method": ("specify needs", "agree on a definition and a method"),
}
"""Phase of GSBPM and first step, by how far an indicator is."""
UNKNOWN = ("specify needs", "find out whether figures exist, and from which source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What the steps due in one year cost in one currency."""

    year: str
    """Empty for steps without a date."""
    currency: str
    total: float
    lines: int
    """How many steps."""
    uncosted: int
    """Steps of that year, of any currency, that nobody has costed."""


def draft_plan(review: Review, catalogue: Catalogue) -> Review:
    """Return the review with a first step for each priority indicator that has none yet.

    A step follows from the state of the indicator's figures and the next round of its source.
    Dates and costs that nobody has stated stay open; lines that are in the plan stay as they are.

    Parameters
    ----------
    review : Review
        With what is known of figures (`supplies`, `sources`) and ratings.
    catalogue : Catalogue
        Frameworks, and supplies besides those of the review.

    Returns
    -------
    Review
    """
    land = landscape(review, catalogue)
    sources = {source.code: source for source in review.sources}
    planned = {(line.framework, line.key) for line in review.plan}
    taken = {line.id for line in review.plan}
    added = []
    for priority in priorities(review, catalogue):
        end = (priority.framework, priority.key)
        if end in planned or not priority.issues:
            continue
        name = _free(f"P{len(taken) + 1}", taken)
        taken.add(name)
        added.append(_line(name, priority, land.supplies.get(end), sources))
    return replace(review, plan=(*review.plan, *added))


def _line(
    name: str, priority: Priority, supply: Supply | None, sources: dict[str, DataSource]
) -> PlanLine:
    """Return the first step for one indicator."""
    state = supply.state if supply else None
    phase, step = STEPS[state] if state else UNKNOWN
    used = [sources[code] for code in (supply.sources if supply else ()) if code in sources]
    rounds = [source for source in used if source.next is not None]
    first = min(rounds, key=lambda source: source.next or 0) if rounds else None
    source = first or (used[0] if used else None)
    # Questions must be ready before the round; other steps need not wait for it.
    due = str(first.next) if first and state == "new module" else ""
    return PlanLine(
        id=name,
        framework=priority.framework,
        key=priority.key,
        step=step,
        phase=phase,
        source=source.code if source else "",
        responsible=source.agency if source else "",
        due=due,
        note="" if priority.place == "not rated" else f"priority: {priority.place}",
    )


def _free(name: str, taken: set[str]) -> str:
    """Return a name that no line has."""
    number = int(name[1:])
    while f"P{number}" in taken:
        number += 1
    return f"P{number}"


def costs(plan: Sequence[PlanLine]) -> tuple[Cost, ...]:
    """Return what a plan costs, by year and currency; dropped steps cost nothing.

    Amounts of different currencies are never added up.

    Examples
    --------
    >>> line = PlanLine(id="P1", framework="a@1", key="1", step="print", due="2027-03",
    ...                 cost=500, currency="VND")
    >>> [(each.year, each.total, each.currency) for each in costs([line])]
    [('2027', 500, 'VND')]
    """
    live = [line for line in plan if line.state != "dropped"]
    years = sorted({line.due[:4] for line in live}, key=lambda year: (not year, year))
    found = []
    for year in years:
        due = [line for line in live if line.due[:4] == year]
        uncosted = sum(line.cost is None for line in due)
        currencies = sorted({line.currency for line in due if line.cost is not None})
        for currency in currencies or [""]:
            own = [line.cost for line in due if line.cost is not None and line.currency == currency]
            found.append(
                Cost(
                    year=year,
                    currency=currency,
                    total=sum(own),
                    lines=len(own),
                    uncosted=uncosted,
                )
            )
    return tuple(found)


def unplanned(review: Review, catalogue: Catalogue) -> tuple[End, ...]:
    """Return the indicators asked for by accepted issues that no live step of the plan is for."""
    live = {(line.framework, line.key) for line in review.plan if line.state != "dropped"}
    asked = [(each.framework, each.key) for each in priorities(review, catalogue) if each.issues]
    return tuple(end for end in asked if end not in live)
