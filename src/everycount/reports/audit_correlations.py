"""Show how the indicators and groups of an index correlate: a heat map, and each with its group."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from everycount.audit.checks import CHECKS, caught, prepared
from everycount.charts.correlation_heat_map import Flag, Node, correlation_heat_map
from everycount.charts.theme import Spec
from everycount.reports.audit_cells import NONE, decimal, number, p_value, words
from everycount.reports.audit_page import Chart, Section, Table
from everycount.reports.audit_view import NARROW, View, chart_of
from everycount.reports.wording import figure, plural

Floats = NDArray[np.float64]

MOST: Final = 70
"""Nodes that a heat map has room for."""
GROUPS: Final = "Groups"

_FLAGS: Final[Mapping[str, Flag]] = {
    "redundant": "redundant",
    "high": "high",
    "high_negative": "high",
    "negative_siblings": "adverse",
    "negative_groups": "adverse",
    "adverse": "adverse",
    "closer": "elsewhere",
}
"""The mark in the heat map by the check that catches a pair; the first that does has the word."""


def correlations_of(view: View, others: Collection[str]) -> Section:
    """Return the section on correlations.

    Parameters
    ----------
    view : View
        The audit.
    others : collection of str
        Checks of coherence that are told elsewhere.
    """
    found = view.found.coherence
    codes = _codes(view)
    said = [
        f"Pearson's correlation of scores, over the units (of {found.units:,}) that have both. "
        "Scores are turned so that more is better: parts of an index should not pull in opposite "
        "directions, and two that say the same count twice."
    ]
    charts: tuple[Chart, ...] = ()
    matrix = _matrix(view, codes)
    known = np.flatnonzero(~np.isnan(matrix).all(axis=0))
    codes = [codes[k] for k in known]
    matrix = matrix[np.ix_(known, known)]
    if len(codes) > MOST:
        said.append(
            f"There are {len(codes)} indicators and groups, too many to draw; the table has all."
        )
    elif codes:
        charts = (_chart(view, codes, matrix),)
    return Section(
        title="Correlations",
        text=tuple(said),
        findings=view.findings(
            "Correlations", lambda each: each.part == "coherence" and each.check not in others
        ),
        charts=charts,
        tables=(_table(view),),
    )


def _codes(view: View) -> list[str]:
    """Return what is drawn: the indicators that were not left out, then the groups."""
    out = view.found.coherence.indicators.filter(pl.col("left_out").is_not_null())["node"]
    gone = set(out)
    return [code for code in view.result.state.tree.codes if code not in gone]


def _matrix(view: View, codes: list[str]) -> Floats:
    """Return the correlations of all pairs that the tables have; NaN for the others."""
    found = view.found.coherence
    at = {code: k for k, code in enumerate(codes)}
    matrix = np.full((len(codes), len(codes)), np.nan)
    for table, one, other in (
        (found.correlations, "a", "b"),
        (found.parents, "node", "ancestor"),
    ):
        for a, b, value in table.select(one, other, "pearson").iter_rows():
            if a in at and b in at and value is not None:
                matrix[at[a], at[b]] = matrix[at[b], at[a]] = value
    return matrix


def _chart(view: View, codes: list[str], matrix: Floats) -> Chart:
    tree = view.result.state.tree
    position = {code: j for j, code in enumerate(tree.codes)}
    headings = [
        GROUPS if at >= tree.indicators else view.short(tree.codes[tree.parent[at]])
        for at in (position[code] for code in codes)
    ]
    flags = _flags(view, codes)
    count = sum(position[code] < tree.indicators for code in codes)
    groups = plural(len(codes) - count, "group")
    title = f"How {plural(count, 'indicator')} and {groups} correlate"

    def draw(width: int) -> Spec:
        names = [code if width == NARROW else _name(view, code) for code in codes]
        nodes = [Node(name=n, group=g) for n, g in zip(names, headings, strict=True)]
        return correlation_heat_map(nodes, matrix, title=title, flags=flags, width=width)

    return chart_of(draw, title=title, unit="Pearson's correlation of scores")


def _name(view: View, code: str) -> str:
    """Return what a row is called: the code first, as names are cut; of a group its name."""
    tree, name = view.result.state.tree, view.short(code)
    is_group = tree.position(code) >= tree.indicators
    return name if is_group or name == code else f"{code} {name}"


def _flags(view: View, codes: list[str]) -> dict[tuple[int, int], Flag]:
    """Return a flag for each pair that a check of the audit catches."""
    found, limits = view.found.coherence, view.limits
    at = {code: k for k, code in enumerate(codes)}
    flags: dict[tuple[int, int], Flag] = {}
    for check in CHECKS:
        flag = _FLAGS.get(check.check)
        if flag is None:
            continue
        table = prepared(check.table, getattr(found, check.table), found.groups)
        one, other = ("a", "b") if check.table == "correlations" else ("node", "ancestor")
        for a, b in caught(table, check, limits).select(one, other).iter_rows():
            flags.setdefault((min(at[a], at[b]), max(at[a], at[b])), flag)
    return flags


# ---------------------------------------------------------------- each with its own group


def _table(view: View) -> Table:
    found = view.found.coherence
    own = found.parents.filter(pl.col("is_parent"))
    others = found.parents.filter(~pl.col("is_own") & pl.col("pearson").is_not_null())
    closest = others.sort("pearson", descending=True, maintain_order=True).unique(
        "node", keep="first", maintain_order=True
    )
    nearest = {row["node"]: row for row in closest.iter_rows(named=True)}
    return Table(
        title="Each part with its own group, and with the other group it is closest to",
        columns=(
            words("Part"),
            words("Group"),
            number("With its group"),
            number("p"),
            number("With the rest of it"),
            words("Closest other group"),
            number("With that"),
        ),
        rows=tuple(_row(view, row, nearest.get(row["node"])) for row in own.iter_rows(named=True)),
        note=(
            "The rest of a group is the mean of its other parts. Hardly seen in its group: below "
            f"{figure(view.limits.weak)}. Against it: below "
            f"{figure(view.limits.adverse).replace('-', '−')}."
        ),
        file=view.file("coherence.csv"),
    )


def _row(view: View, row: dict[str, Any], other: dict[str, Any] | None) -> tuple[str, ...]:
    return (
        view.node(row["node"]),
        view.node(row["ancestor"]),
        decimal(row["pearson"], 2),
        p_value(row["p_pearson"]),
        decimal(row["pearson_rest"], 2),
        view.node(other["ancestor"]) if other else NONE,
        decimal(other["pearson"] if other else None, 2),
    )
