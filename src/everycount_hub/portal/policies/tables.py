"""What the pages of policies show, as tables for files. Nobody is named in them."""

import polars as pl
from django.utils.translation import gettext as _

from everycount_hub.portal.policies.changes import Compared
from everycount_hub.portal.policies.gap_words import gap_tables
from everycount_hub.portal.policies.promises import ClauseShown, OpenPolicy, Promise
from everycount_hub.portal.tables import Table

TEXT = pl.String


def promise_tables(policy: OpenPolicy, clause: ClauseShown | None = None) -> list[Table]:
    """Return the promises, their indicators and the clauses; of one clause if it is given."""
    promises = policy.promises if clause is None else clause.promises
    clauses = policy.clauses if clause is None else (clause,)
    return [
        Table(id="promises", title=_("Promises"), rows=_promises(policy, promises)),
        Table(id="indicators", title=_("Indicators"), rows=_indicators(promises)),
        Table(
            id="clauses",
            title=_("Clauses"),
            rows=pl.DataFrame(
                [(each.number, each.label, each.heading, each.plain) for each in clauses],
                schema={"clause": TEXT, "label": TEXT, "heading": TEXT, "text": TEXT},
                orient="row",
            ),
        ),
    ]


def _promises(policy: OpenPolicy, promises: tuple[Promise, ...]) -> pl.DataFrame:
    passages = {each.id: each.passage for each in policy.review.accepted}
    names = ("promise", "clause", "action", "target_groups", "concepts", "bodies", "targets")
    rows = [
        (
            each.id,
            passages[each.id],
            each.action,
            "; ".join(one.text for one in each.groups),
            "; ".join(one.text for one, _grade in each.concepts),
            "; ".join(each.bodies),
            "; ".join(each.targets),
            "; ".join(each.breakdowns),
            len([one for one in each.shown if not one.is_substitute]),
            each.is_seen,
        )
        for each in promises
    ]
    schema: dict[str, type[pl.DataType]] = {
        **dict.fromkeys((*names, "breakdowns"), TEXT),
        "indicators": pl.Int64,
        "has_figure": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _indicators(promises: tuple[Promise, ...]) -> pl.DataFrame:
    names = (
        "promise", "framework", "indicator", "title", "relation", "figure_of", "figure_is", "value",
        "unit", "period", "flags", "verdict",
    )  # fmt: skip
    rows = [
        (
            promise.id,
            each.framework,
            each.key,
            each.title.text,
            each.relation,
            None if each.entry is None else each.entry.slug,
            each.via,
            *(
                (each.figure.value, each.figure.unit, each.figure.year, each.figure.flags)
                if each.figure
                else (None, None, None, None)
            ),
            each.figure.verdict.text if each.figure and each.figure.verdict else None,
        )
        for promise in promises
        for each in promise.shown
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, TEXT), orient="row")


def gap_files(policy: OpenPolicy, name: str = "") -> list[Table]:
    """Return the tables of gaps, or one of them."""
    return [
        Table(
            id=each.id,
            title=each.title,
            rows=pl.DataFrame(each.rows, schema=dict.fromkeys(each.columns, TEXT), orient="row"),
        )
        for each in gap_tables(policy.edition, policy.dataset)
        if name in ("", each.id)
    ]


def change_table(compared: Compared) -> Table:
    """Return what became of each clause and promise."""
    rows = [(each.kind, each.before, each.after, each.was, each.now) for each in compared.clauses]
    rows += [
        (f"promise {each.kind}", each.id, each.id, each.was, each.now) for each in compared.promises
    ]
    names = ("change", "before", "after", "text_before", "text_after")
    made = pl.DataFrame(rows, schema=dict.fromkeys(names, TEXT), orient="row")
    return Table(id="changes", title=_("What changed"), rows=made)
