"""Where indicators stand in the results chain, objective by objective."""

from collections import Counter
from typing import get_args

from everycount.model.gap import GapTable
from everycount.model.indicator import Stage
from everycount.policy.landscape import Landscape, count

STAGES: tuple[Stage, ...] = get_args(Stage)
EARLY = frozenset({"input", "process"})


def stage_mix(land: Landscape) -> GapTable:
    """Return how many linked indicators of each objective are of input, process, output, outcome.

    The participants at Hai Phong found that sets stop at inputs and processes: a law is passed
    and a course is held, and whether anybody is better off is not asked.
    """
    linked: dict[str, set[tuple[str, str]]] = {}
    for issue in land.issues:
        objective = land.review.policy.objective(issue.passage)
        ends = {(link.framework, link.key) for link in land.links.get(issue.id, ())}
        linked.setdefault(objective, set()).update(ends)
    rows, without = [], 0
    for objective, ends in linked.items():
        counts = Counter(land.stage(end) for end in ends)
        stops = bool(ends) and not counts["outcome"] and not counts[None]
        without += stops
        remark = _remark(counts, stops=stops)
        cells = (str(counts[stage]) for stage in (*STAGES, None))
        rows.append((objective, _heading(land, objective), *cells, remark))
    ends = {end for each in linked.values() for end in each}
    read = sum(land.stated_stage(end) is None and land.stage(end) is not None for end in ends)
    return GapTable(
        id="stage-mix",
        title="Input, process, output and outcome indicators of each objective",
        finding=f"{without} of {count(len(rows), 'objective')} with accepted issues "
        f"{'has' if without == 1 else 'have'} indicators but none of an outcome.",
        columns=("objective", "heading", *STAGES, "not classed", "remark"),
        rows=tuple(rows),
        count=without,
        of=len(rows),
        notes=(
            f"For {read} of {count(len(ends), 'indicator')} nobody has stated the stage: it is "
            "read from the title and to be confirmed.",
        )
        if read
        else (),
    )


def _remark(counts: Counter[Stage | None], *, stops: bool) -> str:
    """Return what the numbers of one objective mean."""
    if not counts:
        return "no indicator"
    if stops:
        early = all(stage in EARLY for stage in counts)
        return "stops at input and process" if early else "no outcome"
    return "some are not classed" if counts[None] else ""


def _heading(land: Landscape, number: str) -> str:
    """Return the heading of an objective."""
    clause = land.clauses.get(number)
    return (clause.heading or clause.label) if clause else ""
