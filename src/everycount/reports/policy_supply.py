"""Word what follows a review for its report: priorities, the plan with its costs, the sources."""

from collections.abc import Iterable, Sequence

from everycount.model.gap import GapTable
from everycount.model.plan import PlanLine
from everycount.model.supply import Catalogue, DataSource
from everycount.policy.landscape import Landscape, count
from everycount.policy.plan import Cost, costs, unplanned
from everycount.policy.priorities import Place, Priority, priorities
from everycount.reports.policy_page import Grid, Part, Piece, Row, Text
from everycount.reports.policy_places import Places, heads_of, plain
from everycount.reports.wording import figure, label

PLACES: dict[Place, str] = {
    "first": "first: wanted, within reach",
    "invest": "invest: wanted, not within reach",
    "easy": "easy: within reach, less wanted",
    "later": "later: neither",
    "not rated": "not rated",
}
MARKS = (
    "Users mark how much a figure is wanted, producers how well it can be made and how dear it "
    "is: 1 is low, 5 is high. The score counts a low cost as good."
)
SEPARATE = "Amounts of different currencies are not added up."


def plan_of(land: Landscape, catalogue: Catalogue, places: Places) -> Part | None:
    """Return the priorities and the plan of a review; None where it has neither.

    Parameters
    ----------
    land : Landscape
        The review and what is known of its indicators.
    catalogue : Catalogue
        Frameworks and sources at hand.
    places : Places
        Where issues and indicators stand in the report.

    Returns
    -------
    Part or None
    """
    review = land.review
    text, grids = [], []
    if review.ratings:
        ranked = priorities(review, catalogue)
        text.append(MARKS)
        grids.append(_priorities(ranked, places))
    if review.plan:
        without = unplanned(review, catalogue)
        text.append(
            f"The plan has {count(len(review.plan), 'step')}; "
            f"{count(len(without), 'indicator')} asked for "
            f"{'has' if len(without) == 1 else 'have'} none."
        )
        sources = {each.code: each for each in review.sources}
        grids += [_costs(costs(review.plan)), _steps(review.plan, land, places, sources=sources)]
        text.append(SEPARATE)
    return Part(text=tuple(text), grids=tuple(grids)) if grids else None


def _grid(
    title: str,
    labels: Sequence[str],
    rows: Iterable[Sequence[Text]],
    *,
    numbers: Sequence[str] = (),
    ids: Sequence[str] = (),
) -> Grid:
    """Return a table of cells."""
    cells = list(rows)
    names = ids or [""] * len(cells)
    return Grid(
        title=title,
        columns=heads_of(labels, cells, numbers=numbers),
        rows=tuple(Row(cells=tuple(row), id=name) for row, name in zip(cells, names, strict=True)),
    )


def _priorities(ranked: Sequence[Priority], places: Places) -> Grid:
    """Return the indicators in the order of their priority."""
    return _grid(
        "Priorities",
        ("Indicator", "Issues", "Demand", "Feasibility", "Cost", "Score", "Place", "Raters"),
        [
            (
                (Piece(words=each.title, to=places.indicators.get(_end(each), "")),),
                places.issue_list(", ".join(each.issues)),
                *(plain(_mark(m)) for m in (each.demand, each.feasibility, each.cost, each.score)),
                plain(PLACES[each.place]),
                plain(_raters(each)),
            )
            for each in ranked
        ],
        numbers=("Demand", "Feasibility", "Cost", "Score"),
    )


def _end(priority: Priority) -> tuple[str, str]:
    """Return framework and key of an indicator."""
    return priority.framework, priority.key


def _mark(mean: float | None) -> str:
    """Return a mean mark, or a dash where nobody has rated."""
    return "–" if mean is None else f"{mean:.1f}"


def _raters(priority: Priority) -> str:
    """Return how many rated, and whether they differ."""
    words = f"{count(priority.users, 'user')}, {count(priority.producers, 'producer')}"
    return words + ("; marks far apart" if priority.is_disputed else "")


def _steps(
    plan: Sequence[PlanLine], land: Landscape, places: Places, *, sources: dict[str, DataSource]
) -> Grid:
    """Return the steps of the plan."""
    return _grid(
        "Plan",
        ("Step", "Indicator", "What", "Phase", "Source", "Who", "Start", "Due", "Cost", "State"),
        [
            (
                plain(line.id),
                (_indicator(line, land, places),),
                plain("; ".join(words for words in (line.step, line.note) if words)),
                plain(line.phase),
                plain(sources[line.source].title if line.source in sources else line.source),
                plain(line.responsible),
                plain(line.start),
                plain(line.due),
                plain("" if line.cost is None else _amount(line.cost, line.currency)),
                plain(line.state),
            )
            for line in plan
        ],
        numbers=("Cost",),
    )


def _indicator(line: PlanLine, land: Landscape, places: Places) -> Piece:
    """Return the indicator of a step, leading to the row with its sources."""
    end = (line.framework, line.key)
    return Piece(words=land.name(*end), to=places.indicators.get(end, ""))


def _amount(cost: float, currency: str) -> str:
    """Return an amount of money."""
    return f"{figure(cost)} {currency}"


def _costs(found: Sequence[Cost]) -> Grid:
    """Return what the plan costs by year."""
    return _grid(
        "Costs by year",
        ("Year due", "Cost", "Steps costed", "Steps of the year without a cost"),
        [
            (
                plain(each.year or "no date"),
                plain(_amount(each.total, each.currency) if each.currency else "not costed"),
                plain(str(each.lines)),
                plain(str(each.uncosted)),
            )
            for each in found
        ],
        numbers=("Cost", "Steps costed", "Steps of the year without a cost"),
    )


def sources_of(
    table: GapTable, land: Landscape, catalogue: Catalogue, *, places: Places
) -> Part | None:
    """Return sources and production cycle of the indicators asked for.

    Parameters
    ----------
    table : GapTable
        The production table of `everycount.policy.gaps.gaps`.
    land : Landscape
        The review.
    catalogue : Catalogue
        Sources besides those of the review.
    places : Places
        Where issues and indicators stand in the report.

    Returns
    -------
    Part or None
        None where nothing is asked for and no source is known.
    """
    grids = [_sources(land.review.sources)] if land.review.sources else []
    if table.rows:
        grids.append(_production(table, land, places))
    return Part(text=(table.finding,), grids=tuple(grids)) if grids else None


def _production(table: GapTable, land: Landscape, places: Places) -> Grid:
    """Return the indicators asked for, with framework and title, source and agency in one cell."""
    columns = {name: [row[at] for row in table.rows] for at, name in enumerate(table.columns)}
    ends = list(places.indicators)
    agencies = zip(columns["sources"], columns["agency"], strict=True)
    shown = {
        "Indicator": [plain(land.name(*end)) for end in ends],
        "Issues": [places.issue_list(words) for words in columns["issues"]],
        "Figures": [plain(words) for words in columns["state"]],
        "Source and agency": [plain(", ".join(filter(None, pair))) for pair in agencies],
    } | {
        label(name): [plain(words) for words in columns[name]]
        for name in ("last round", "next round", "frequency", "now", "in 3 to 5 years")
    }
    rows = list(zip(*shown.values(), strict=True))
    labels = [*[*shown][:-2], "Feasible now", "Feasible in 3 to 5 years"]
    return _grid(table.title, labels, rows, ids=list(places.indicators.values()))


def _sources(sources: Sequence[DataSource]) -> Grid:
    """Return censuses, surveys and registers with their rounds."""
    return _grid(
        "Sources of figures",
        ("Source", "Kind", "Agency", "How often", "Last round", "Next round"),
        [
            tuple(
                plain(words)
                for words in (
                    each.title,
                    each.kind,
                    each.agency,
                    each.frequency,
                    str(each.last or ""),
                    str(each.next or ""),
                )
            )
            for each in sources
        ],
    )
