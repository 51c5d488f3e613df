"""Two-way advice: what to change in the set of indicators, and what in the text of the policy."""

from collections.abc import Iterator, Sequence

from everycount.model.gap import GapTable
from everycount.model.issue import Issue
from everycount.policy.gap_breakdowns import SHORT
from everycount.policy.landscape import Landscape, count

Row = tuple[str, str, str, str]
"""To whom, what to do, about what, on what ground (the report that it follows from)."""
SET, TEXT = "indicator set", "policy text"
MONITORED = 4


def advice(land: Landscape, tables: Sequence[GapTable]) -> GapTable:
    """Return what the other reports suggest to those who own the set, and the policy.

    Parameters
    ----------
    land : Landscape
        The review.
    tables : sequence of GapTable
        The other reports.

    Returns
    -------
    GapTable
        Suggestions, each with the report it follows from. People decide.
    """
    by_id = {table.id: table for table in tables}
    rows = [
        *_take_up(land, by_id["potential-demand"]),
        *_develop(land, by_id),
        *_break_down(by_id["breakdown-demand"]),
        *_align(by_id["comparison"]),
        *_outcomes(by_id["stage-mix"]),
        *_idle(by_id["indicators-without-demand"]),
        *_state_targets(by_id["open-targets"]),
        *_name_groups(by_id["groups-missed"]),
        *_fill_concepts(by_id["concepts-missed"]),
        *_monitor(land),
    ]
    to_set = sum(row[0] == SET for row in rows)
    return GapTable(
        id="advice",
        title="What could be changed",
        finding=f"{count(to_set, 'change')} to the indicator set and "
        f"{count(len(rows) - to_set, 'change')} to the policy text follow from the gaps.",
        columns=("to", "change", "about", "ground"),
        rows=tuple(rows),
        count=len(rows),
        notes=("These are suggestions: each is for those who own the set or the text to decide.",),
    )


def _take_up(land: Landscape, table: GapTable) -> Iterator[Row]:
    """Suggest international indicators for the national set, each once with all its issues."""
    away = any(use.level == "national" and not use.is_loaded for use in land.uses)
    doubt = "if the national set, which is not loaded, lacks it, " if away else ""
    issues: dict[tuple[str, str, str], list[str]] = {}
    for issue, _, _, framework, code, title in table.rows:
        issues.setdefault((framework, code, title), []).append(issue)
    for (framework, code, title), named in issues.items():
        change = f"{doubt}take up {framework} {code}: {title}"
        yield SET, change, f"issues {', '.join(named)}", table.id


def _develop(land: Landscape, by_id: dict[str, GapTable]) -> Iterator[Row]:
    """Suggest a new indicator where no framework has any, once the search is over."""
    table = by_id["issues-without-indicators"]
    for issue, clause, action, _, search in table.rows:
        if "not yet decided" not in search and land.frameworks:
            yield SET, f"develop an indicator for: {action}", f"{clause}, issue {issue}", table.id


def _break_down(table: GapTable) -> Iterator[Row]:
    """Suggest breakdowns that issues need and figures lack, each once an indicator."""
    lacking: dict[tuple[str, str, str], list[str]] = {}
    for issue, _, needed, _, indicator, verdict in table.rows:
        if indicator and verdict in SHORT:
            lacking.setdefault((indicator, needed, verdict), []).append(issue)
    for (indicator, needed, verdict), issues in lacking.items():
        is_new = verdict.startswith("not expected")
        change = f"{'ask for and produce' if is_new else 'produce'} figures by {needed}"
        yield SET, change, f"{indicator} (issues {', '.join(issues)})", table.id


def _align(table: GapTable) -> Iterator[Row]:
    """Suggest how to bring an indicator to the one it is held against, each change once."""
    changes = {(row[1], row[2], row[6]): row[0] for row in reversed(table.rows) if row[6]}
    for (indicator, other, change), issue in reversed(changes.items()):
        yield SET, f"{change}, to compare with {other}", f"{indicator} (issue {issue})", table.id


def _outcomes(table: GapTable) -> Iterator[Row]:
    """Suggest outcome indicators for objectives that have none."""
    for number, heading, *_, remark in table.rows:
        if remark in {"stops at input and process", "no outcome"}:
            yield SET, "add an outcome indicator", f"{number} {heading}".strip(), table.id


def _idle(table: GapTable) -> Iterator[Row]:
    """Suggest one look at the national indicators that nobody asks for."""
    if table.count:
        change = "check whether another policy asks for them, before they are dropped"
        yield SET, change, count(table.count, "national indicator"), table.id


def _state_targets(table: GapTable) -> Iterator[Row]:
    """Suggest to state what targets leave open."""
    for issue, clause, words, lacking, _ in table.rows:
        if lacking:
            yield TEXT, f"state {lacking} of the target “{words}”", f"{clause}, {issue}", table.id


def _name_groups(table: GapTable) -> Iterator[Row]:
    """Suggest to name groups that a concept of the policy implies."""
    for _, title, _, implied, _ in table.rows:
        if implied:
            yield TEXT, f"name {title}", f"issues {implied}", table.id


def _fill_concepts(table: GapTable) -> Iterator[Row]:
    """Suggest to consider concepts and dimensions that no issue honours."""
    for kind, name, question, how_far, _ in table.rows:
        if how_far == "no issue":
            yield TEXT, f"consider the {kind} {name}", question, table.id


def _monitor(land: Landscape) -> Iterator[Row]:
    """Suggest to say how the policy is monitored, where no issue does."""
    graded: list[Issue] = [issue for issue in land.issues if issue.concepts]
    monitored = any(tag.grade == MONITORED for issue in graded for tag in issue.concepts)
    if graded and not monitored:
        change = "say how it is monitored: by which figures, who reports, and when"
        yield TEXT, change, "the whole policy", "concepts-missed"
