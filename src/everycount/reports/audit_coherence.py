"""Show whether the parts of an index hang together: a section for each way to ask."""

from typing import Any, Final

import polars as pl

from everycount.reports.audit_cells import NONE, decimal, number, p_value, rank, share, text, words
from everycount.reports.audit_correlations import correlations_of
from everycount.reports.audit_importance import importance_of
from everycount.reports.audit_page import Section, Table
from everycount.reports.audit_view import ON_PAPER, View
from everycount.reports.wording import figure, label, plural

_GROUPS: Final = frozenset({"few_parts", "alpha", "first_component", "components"})
_APART: Final = _GROUPS | {"size", "external", "formative"}
"""Checks of coherence that have a section of their own; the last is said there in other words."""


def coherence_of(view: View) -> tuple[Section, ...]:
    """Return the sections on coherence, those left out that have nothing to show."""
    made = (
        _figures(view),
        correlations_of(view, _APART),
        _groups(view),
        importance_of(view),
        _size(view),
        _external(view),
        _left_out(view),
    )
    return tuple(each for each in made if each is not None)


# ---------------------------------------------------------------- figures


def _figures(view: View) -> Section:
    table = view.found.coherence.indicators
    columns = (
        words("Indicator"),
        number("Known"),
        number("Zeros"),
        number("Different"),
        number("Least"),
        number("Median"),
        number("Most"),
        number("Skewness"),
        number("Kurtosis"),
        number("Skewness of scores"),
        number("Kurtosis of scores"),
        text("Outliers"),
    )
    return Section(
        title="The figures",
        findings=view.findings("Figures", lambda each: each.part == "data"),
        tables=(
            Table(
                title="Each indicator in figures",
                columns=columns,
                rows=tuple(_indicator(view, row) for row in table.iter_rows(named=True)),
                note=(
                    f"Of {plural(view.found.coherence.units, 'unit')}. Known: units with a figure. "
                    "Zeros and different ones: of the known figures. Skewness and kurtosis: first "
                    "of the figures as observed, then of the scores made of them."
                ),
                file=view.file("coherence.csv"),
            ),
        ),
    )


def _indicator(view: View, row: dict[str, Any]) -> tuple[str, ...]:
    places = [("figures", row["outliers"]), ("scores", row["outliers_scored"])]
    where = " and ".join(name for name, found in places if found)
    return (
        view.node(row["node"]),
        *(share(row[name]) for name in ("available", "zeros", "unique")),
        *(_plain(row[name]) for name in ("min", "median", "max")),
        *(decimal(row[name], 2) for name in ("skewness", "kurtosis")),
        *(decimal(row[name], 2) for name in ("skewness_scored", "kurtosis_scored")),
        f"left out: {row['left_out']}" if row["left_out"] else where and f"in {where}",
    )


def _plain(value: float | None) -> str:
    return NONE if value is None else figure(value, 3).replace("-", "−")


# ---------------------------------------------------------------- groups


def _groups(view: View) -> Section:
    found, limits = view.found.coherence, view.limits
    table = found.groups
    formative = table.filter(~pl.col("judged")).height
    said = [
        "Cronbach's alpha and principal components tell whether the parts of a group measure one "
        "and the same thing. That is a test where the group is declared reflective."
    ]
    if formative:
        said.append(
            f"{'All' if formative == len(table) else formative} of the {len(table)} groups are "
            "formative, or not declared: their parts make up what is measured and need not go "
            "together. For them the figures are information only; a low alpha is no fault."
        )
    return Section(
        title="Groups",
        text=tuple(said),
        findings=view.findings("Groups", lambda each: each.check in _GROUPS),
        tables=(
            Table(
                title="Each group: alpha and principal components",
                columns=(
                    words("Group"),
                    number("Parts"),
                    number("Units"),
                    number("Alpha"),
                    number("Standardised"),
                    number("First component"),
                    number("Components that count"),
                    text("Declared"),
                    text("Read as"),
                ),
                rows=tuple(_group(view, row) for row in table.iter_rows(named=True)),
                note=(
                    f"Units: those with all parts. Limits for reflective groups: alpha of "
                    f"{figure(limits.alpha)} or more, a first component of "
                    f"{share(limits.first_component)} or more, one component with an eigenvalue "
                    f"of {figure(limits.eigenvalue)} or more."
                ),
                file=view.file("coherence.csv"),
            ),
        ),
    )


def _group(view: View, row: dict[str, Any]) -> tuple[str, ...]:
    return (
        view.node(row["node"]),
        str(row["parts"]),
        f"{row['units']:,}",
        decimal(row["alpha"], 2),
        decimal(row["alpha_standardised"], 2),
        share(row["first_share"]),
        rank(row["components"]),
        row["model"] or "nothing",
        "a test" if row["judged"] else "information",
    )


# ---------------------------------------------------------------- size, other indices


def _size(view: View) -> Section | None:
    table = view.found.coherence.size
    if not len(table):
        return None
    groups = view.found.coherence.groups["node"].to_list()
    limit = view.limits.size
    shown = table.filter(pl.col("node").is_in(groups) | (pl.col("greatest").abs() >= limit))
    shown = shown.filter(pl.col("greatest").is_not_null())
    rows = tuple(
        (
            label(row["column"]),
            view.node(row["node"]),
            decimal(row["pearson"], 2),
            decimal(row["pearson_log"], 2),
            decimal(row["spearman"], 2),
            p_value(row["p_pearson"]),
            p_value(row["p_spearman"]),
            f"{row['units']:,}",
        )
        for row in shown.iter_rows(named=True)
    )
    return Section(
        title="Size of units",
        text=("Large and small units should not score differently because of their size alone.",),
        findings=view.findings("Size", lambda each: each.check == "size"),
        tables=(
            Table(
                title="Correlation of scores with the size of units",
                columns=(
                    text("Size"),
                    words("Score"),
                    number("Correlation"),
                    number("With its logarithm"),
                    number("Of ranks"),
                    number("p"),
                    number("p of ranks"),
                    number("Units"),
                ),
                rows=rows,
                note=f"Groups, and indicators with a correlation of {figure(limit)} or more.",
                file=view.file("coherence.csv"),
                on_paper=ON_PAPER,
            ),
        ),
    )


def _external(view: View) -> Section | None:
    table = view.found.coherence.external
    if not len(table):
        return None
    rows = tuple(
        (
            row["index"],
            view.node(row["node"]),
            decimal(row["pearson"], 2),
            p_value(row["p_pearson"]),
            decimal(row["spearman"], 2),
            p_value(row["p_spearman"]),
            f"{row['units']:,}",
        )
        for row in table.iter_rows(named=True)
    )
    return Section(
        title="Other indices",
        text=(
            "A high correlation with an index that measures the like speaks for both; one close to "
            "1 asks what this index adds.",
        ),
        findings=view.findings("Other indices", lambda each: each.check == "external"),
        tables=(
            Table(
                title="Correlation of scores with other indices",
                columns=(
                    text("Index"),
                    words("Score"),
                    number("Correlation"),
                    number("p"),
                    number("Of ranks"),
                    number("p"),
                    number("Units"),
                ),
                rows=rows,
                file=view.file("coherence.csv"),
                on_paper=ON_PAPER,
            ),
        ),
    )


# ---------------------------------------------------------------- one left out


def _left_out(view: View) -> Section:
    table = view.found.left_out.sort("mean_shift", descending=True, nulls_last=True)
    places = view.limits.places
    return Section(
        title="One left out",
        text=(
            "What becomes of the ranks when an indicator, or a group with all its indicators, is "
            "left out and all else stays.",
        ),
        tables=(
            Table(
                title="Each indicator and group left out, the one that matters most first",
                columns=(
                    words("Left out"),
                    number("Mean places moved"),
                    number(f"Units moving over {places} places"),
                    number("Most places moved"),
                    text("Unit that moves most"),
                    number("Units with a rank"),
                ),
                rows=tuple(_without(view, row) for row in table.iter_rows(named=True)),
                file=view.file("left_out.csv"),
                on_paper=20,
            ),
        ),
    )


def _without(view: View, row: dict[str, Any]) -> tuple[str, ...]:
    unit = view.unit(row["unit"]) if row["largest"] else NONE
    return (
        view.node(row["node"]),
        decimal(row["mean_shift"], 1),
        share(row["moved"]),
        rank(row["largest"]),
        row["note"] or unit,
        f"{row['scored']:,}",
    )
