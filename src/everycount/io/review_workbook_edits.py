"""Tell what people changed in the rows of a workbook, and what does not hold together there."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from everycount.errors import Problem
from everycount.io.review_workbook_cells import (
    NUMBER,
    Known,
    Misread,
    cell_text,
    is_same_number,
    shown,
    uncut,
)
from everycount.io.review_workbook_read import Line
from everycount.io.review_workbook_rows import (
    Column,
    Context,
    Fields,
    Row,
    Sheet,
    field_value,
    new_thing,
    with_fields,
)
from everycount.io.words import quote
from everycount.model.issue import Issue
from everycount.model.review import Review
from everycount.model.strict import Faults

SORTED_ALONE = 3
"""Cells of one column that must have changed places before we say that it was sorted alone: two
may have been exchanged on purpose."""
CHECKED = frozenset({"fixed", "shown"})
READ = frozenset({"fixed", "edited"})
BY, STATUS = "decision.by", "decision.status"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetEdits:
    """What people changed on one sheet."""

    sheet: Sheet
    changed: list[tuple[Row, Any]] = field(default_factory=list)
    """Rows with the things they are now."""
    added: list[tuple[str, Any]] = field(default_factory=list)
    """New things, a target with the id of its issue."""
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def sheet_edits(
    sheet: Sheet, lines: Sequence[Line], context: Context, *, known: Known, decided_by: str
) -> SheetEdits:
    """Return what people changed on a sheet.

    Parameters
    ----------
    sheet : Sheet
        The sheet.
    lines : sequence of Line
        Its rows as they were found.
    context : Context
        The review that the workbook was made from.
    known : Known
        What cells may name.
    decided_by : str
        Who decided where a row does not say; empty where that is a fault.

    Returns
    -------
    SheetEdits
        Changed and new things, every fault with its row, and rows that are not there any more.
    """
    return _Telling(sheet, context, known, decided_by).run(lines)


class _Telling:
    """A sheet being compared with what was written on it."""

    def __init__(self, sheet: Sheet, context: Context, known: Known, decided_by: str) -> None:
        self.sheet, self.context = sheet, context
        self.known, self.decided_by = known, decided_by
        self.rows = {row.key: row for row in sheet.rows(context.review)}
        self.names = {cell_text(shown(key)): key for key in self.rows}
        self.taken = {getattr(row.entity, "id", "") for row in self.rows.values()}
        self.edits = SheetEdits(sheet=sheet)
        self.key = sheet.columns[0].title
        self.moved: dict[str, list[tuple[str, str]]] = {}
        self.chosen: dict[str, list[tuple[str, str]]] = {}

    def run(self, lines: Sequence[Line]) -> SheetEdits:
        """Go through the rows."""
        found: dict[str, int] = {}
        for line in lines:
            said = line.cells.get(self.key, "")
            if not said:
                self.add(line)
            elif said not in self.names:
                expected = f"the {self.key.lower()} as it was; nothing in a new row"
                self.fault(line, self.key, f"{said!r}, which does not exist", expected)
            elif said in found:
                self.fault(line, self.key, f"{said!r} again, first in row {found[said]}", "once")
            else:
                found[said] = line.number
                self.change(line, self.rows[self.names[said]])
        for said in self.names:
            if said not in found:
                self.edits.notices.append(
                    f"sheet {self.sheet.name}: the row of {said} is not there; it stays as it "
                    "was (reject it to drop it)"
                )
        self.told_sorted()
        return self.edits

    def fault(self, line: Line, title: str, found: str, expected: str) -> None:
        """Note what is wrong with a cell."""
        where = f"sheet {self.sheet.name}, row {line.number}, {title}"
        self.edits.problems.append(Problem(where, found, expected))

    def change(self, line: Line, row: Row) -> None:
        """Tell what was changed in a row."""
        changes: Fields = {}
        is_right = True
        for column in self.sheet.columns[1:]:
            written = column.cell(row, self.context)
            before, now = cell_text(shown(written)), line.cells.get(column.title, "")
            if column.mark == "edited":
                cells = self.chosen if column.form.choices else self.moved
                cells.setdefault(column.title, []).append((before, now))
            if before == now or (column.form is NUMBER and is_same_number(before, now)):
                continue
            if column.mark in CHECKED:
                expected = f"{quote(before)}, which belongs to {row.key}; sort only whole rows"
                self.fault(line, column.title, quote(now), expected)
            elif column.mark == "edited":
                was = field_value(row.entity, column.field)
                is_right &= self.read(line, column, uncut(now, written), was, changes)
        if changes and is_right:
            self.name_decider(changes, row.entity)
            entity = self.made(line, lambda: with_fields(row.entity, changes))
            if entity is not None:
                self.edits.changed.append((row, entity))

    def add(self, line: Line) -> None:
        """Tell what a new row says."""
        filled: Fields = {}
        is_right = True
        for column in self.sheet.columns[1:]:
            said = line.cells.get(column.title, "")
            if said and column.mark in READ:
                is_right &= self.read(line, column, said, None, filled)
        if not filled or not is_right:
            return
        self.name_decider(filled, None)
        if self.sheet.table == "targets" and "issue" not in filled:
            self.fault(line, "Issue", "nothing", "the issue of the target")
            return
        start = self.sheet.blank(filled, self.context, self.taken)
        owner = filled.pop("issue", "") if self.sheet.table == "targets" else ""
        entity = self.made(line, lambda: new_thing(self.sheet.kind, {**start, **filled}))
        if entity is not None:
            self.edits.added.append((owner, entity))

    def read(self, line: Line, column: Column, said: str, was: Any, changes: Fields) -> bool:
        """Read a cell into changes; note it and return False where it says something else."""
        try:
            changes[column.field] = column.form.read(said, was, self.known)
        except Misread as error:
            self.fault(line, column.title, quote(said) if said else "nothing", str(error))
            return False
        return True

    def name_decider(self, changes: Fields, entity: Any) -> None:
        """Put in who decided, where a row does not say and the caller does."""
        status = changes.get(STATUS, "proposed")
        by = changes.get(BY, entity.decision.by if entity and STATUS in changes else "")
        if status != "proposed" and not by and self.decided_by:
            changes[BY] = self.decided_by

    def made(self, line: Line, make: Callable[[], Any]) -> Any:
        """Return a thing, or None once its faults are noted."""
        try:
            return make()
        except Faults as error:
            titles = {column.field: column.title for column in self.sheet.columns}
            for path, found, expected in error.faults:
                self.fault(line, titles.get(str(path[0]), str(path[0])), found, expected)
        return None

    def told_sorted(self) -> None:
        """Note columns whose cells stand in other rows than they did.

        Cells that are chosen from a list may well change so; they were sorted if they also stand
        in order now.
        """
        ordered = {
            title: pairs for title, pairs in self.chosen.items() if _is_sorted(n for _, n in pairs)
        }
        for title, pairs in (*self.moved.items(), *ordered.items()):
            changed = [pair for pair in pairs if pair[0] != pair[1]]
            before, after = (Counter(pair[side] for pair in changed) for side in (0, 1))
            if len(changed) >= SORTED_ALONE and before == after:
                where = f"sheet {self.sheet.name}, column {title}"
                found = f"{len(changed)} cells that stood in other rows"
                self.edits.problems.append(Problem(where, found, "rows sorted as a whole"))


def _is_sorted(cells: Iterable[str]) -> bool:
    """Tell whether cells stand as a spreadsheet sorts them: either way, empty ones last."""
    told = list(cells)
    filled = [cell.casefold() for cell in told if cell]
    is_blank_last = all(told[: len(filled)])
    return is_blank_last and filled in (sorted(filled), sorted(filled, reverse=True))


def with_edits(review: Review, edits: Sequence[SheetEdits]) -> Review:
    """Return a review with what was changed on its sheets."""
    tables: dict[str, dict[int, Any]] = {}
    added: dict[str, list[tuple[str, Any]]] = {}
    for each in edits:
        table = each.sheet.table
        tables.setdefault(table, {}).update({id(row.entity): now for row, now in each.changed})
        added.setdefault(table, []).extend(each.added)
    targets, new_targets = tables.pop("targets", {}), added.pop("targets", [])
    fields: dict[str, Any] = {}
    for table, now in tables.items():
        old = getattr(review, table)
        new = [entity for _, entity in added[table]]
        fields[table] = (*(now.get(id(entity), entity) for entity in old), *new)
    fields["issues"] = tuple(
        _with_targets(issue, targets, [each for name, each in new_targets if name == issue.id])
        for issue in fields["issues"]
    )
    return replace(review, **fields)


def _with_targets(issue: Issue, changed: Mapping[int, Any], new: Sequence[Any]) -> Issue:
    """Return an issue with its targets as they are now."""
    targets = (*(changed.get(id(each), each) for each in issue.targets), *new)
    return replace(issue, targets=targets)


def problems_between(edits: Sequence[SheetEdits], review: Review) -> Iterator[Problem]:
    """Yield new things that are in the review already."""
    known: dict[str, set[Any]] = {
        "links": {link.ends for link in review.links},
        "sources": {source.code for source in review.sources},
        "supplies": {supply.indicator for supply in review.supplies},
    }
    name: dict[str, Callable[[Any], Any]] = {
        "links": lambda link: link.ends,
        "sources": lambda source: source.code,
        "supplies": lambda supply: supply.indicator,
    }
    for each in edits:
        table = each.sheet.table
        for _, entity in each.added if table in known else ():
            key = name[table](entity)
            if key in known[table]:
                words = " ".join(key) if isinstance(key, tuple) else key
                found = f"a new row for {words}, which is there already"
                yield Problem(f"sheet {each.sheet.name}", found, "the row that is there changed")
            known[table].add(key)
