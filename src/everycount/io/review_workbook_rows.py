"""Rows and columns of the sheets of a review that come back from a workbook."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Literal

from everycount.io.review_workbook_cells import TEXT, Cell, Form, Known
from everycount.model.issue import Decision, Issue
from everycount.model.review import Clause, Review
from everycount.model.strict import Faults
from everycount.policy.edit_parts import free_name

Mark = Literal["key", "fixed", "shown", "told", "edited"]
"""key names the row and is blank in a new one; fixed says what a row is about and is filled in
new rows only; shown is said of the review; told is said of frameworks; edited is to be filled."""
Fields = dict[str, Any]
DECISION = "decision."


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A review with what its rows look up in it."""

    review: Review
    titles: Mapping[tuple[str, str], str]
    """Titles of indicators by framework and key."""
    clauses: Mapping[str, Clause]
    issues: Mapping[str, Issue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing of a review on a sheet."""

    key: str
    entity: Any
    issue: Issue | None = None
    """The issue that a target or link belongs to."""


Show = Callable[[Row, Context], Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a sheet."""

    title: str
    mark: Mark = "edited"
    field: str = ""
    """Field of the thing; ``decision.by`` is one of its decision. Empty where `show` says it."""
    form: Form = TEXT
    width: int = 16
    show: Show | None = None

    def cell(self, row: Row, context: Context) -> Cell:
        """Return what a row has in this column."""
        if self.show:
            return self.show(row, context)
        return self.form.write(field_value(row.entity, self.field))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet of a review that comes back."""

    name: str
    note: str
    """What it is for, as the first sheet says."""
    table: str
    """Field of the review that its things are in; targets are in their issues."""
    kind: type
    rows: Callable[[Review], list[Row]]
    columns: tuple[Column, ...]
    blank: Callable[[Fields, Context, set[str]], Fields]
    """Returns what a new thing has before its cells are read: from the fields that are filled,
    the review, and the names that are taken, to which it adds its own."""


def context_of(review: Review, titles: Mapping[tuple[str, str], str] | None = None) -> Context:
    """Return a review with what its rows look up in it."""
    return Context(
        review=review,
        titles=titles or {},
        clauses={each.number: each for each in review.policy.clauses},
        issues={each.id: each for each in review.issues},
    )


def known_names(review: Review) -> Known:
    """Return what cells of a workbook may name."""
    return Known(
        groups=[each.code for each in review.vocabulary.groups],
        concepts=[each.code for each in review.vocabulary.concepts],
        frameworks=[each.reference for each in review.frameworks],
        issues={each.id: each for each in review.issues},
        clauses={each.number: each for each in review.policy.clauses},
        sources=[each.code for each in review.sources],
    )


def numbered(rows: Iterable[Row]) -> list[Row]:
    """Return rows whose keys are all different: those that stand twice get a number."""
    found: list[Row] = []
    taken: set[str] = set()
    for row in rows:
        name = free_name(row.key, taken)
        taken.add(name)
        found.append(replace(row, key=name))
    return found


def field_value(entity: Any, name: str) -> Any:
    """Return a field of a thing; ``decision.by`` is one of its decision."""
    return reduce(getattr, name.split("."), entity)


def with_fields(entity: Any, changes: Mapping[str, Any]) -> Any:
    """Return a thing with other values in some fields, those of its decision included.

    Raises
    ------
    Faults
        With every fault of them, under the names of the fields.

    Examples
    --------
    >>> issue = Issue(id="1", passage="1", action="Do")
    >>> changes = {"decision.status": "accepted", "decision.by": "Hoa"}
    >>> with_fields(issue, changes).decision.by
    'Hoa'
    """
    start = getattr(entity, "decision", None)
    own, faults = _decided(changes, start)
    try:
        entity = replace(entity, **own)
    except Faults as error:
        faults += error.faults
    if faults:
        raise Faults(faults)
    return entity


def new_thing(kind: type, fields: Mapping[str, Any]) -> Any:
    """Return a new thing with these fields.

    Raises
    ------
    Faults
        With every fault of them, under the names of the fields.
    """
    own, faults = _decided(fields, Decision())
    thing = None
    try:
        thing = kind(**own)
    except Faults as error:
        faults += error.faults
    if faults:
        raise Faults(faults)
    return thing


def _decided(changes: Mapping[str, Any], start: Decision | None) -> tuple[Fields, list[Any]]:
    """Return changes with those of the decision put into one, and the faults of that."""
    own = {name: value for name, value in changes.items() if not name.startswith(DECISION)}
    parts = {name.removeprefix(DECISION): changes[name] for name in changes if name not in own}
    if start is None or not parts:
        return own, []
    try:
        return {**own, "decision": replace(start, **parts)}, []
    except Faults as error:
        return own, [((f"{DECISION}{path[0]}",), *rest) for path, *rest in error.faults]
