"""The checks of coherence: which rows of a table a limit catches, and what is said of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from everycount.audit.findings import Light, Part
from everycount.index.thresholds import Thresholds

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: over the rows of a table, for which of them its figure is beyond a limit."""

    check: str
    """What was looked for, as findings and the long table call it."""
    part: Part
    light: Light
    """How serious it is where something is found."""
    table: str
    """The field of `Coherence`."""
    statistic: str
    """The column that is judged."""
    threshold: str | None
    """The limit; None where none is needed."""
    caught: Callable[[Thresholds], pl.Expr]
    """Which rows."""
    found: str
    """What is said before the list of what was caught; `{limit}` stands for the limit, `{share}`
    for the limit in percent."""
    none: str
    """What is said where nothing was caught."""
    asked: pl.Expr | None = None
    """Which rows the check is about. Left out: all."""
    first: pl.Expr | None = None
    """What the worst is sorted by, the largest first. Left out: the size of the statistic."""
    figure: pl.Expr | None = None
    """What is compared with the limit, where that is not the statistic itself."""


_PARENT = pl.col("is_parent")
_INDICATORS = pl.col("level") == 1
_KEPT = pl.col("left_out").is_null()

DATA = (
    Check(
        check="few_figures",
        part="data",
        light="watch",
        table="indicators",
        statistic="available",
        threshold="availability",
        caught=lambda t: pl.col("available") < t.availability,
        found="Too few figures (known for less than {share} of the units)",
        none="Every indicator has figures for at least {share} of the units.",
        asked=_KEPT,
        first=-pl.col("available"),
    ),
    Check(
        check="many_zeros",
        part="data",
        light="note",
        table="indicators",
        statistic="zeros",
        threshold="zeros",
        caught=lambda t: pl.col("zeros") > t.zeros,
        found="Many zeros (more than {share} of the known figures)",
        none="In no indicator are more than {share} of the known figures zero.",
        asked=_KEPT,
    ),
    Check(
        check="few_values",
        part="data",
        light="note",
        table="indicators",
        statistic="unique",
        threshold="unique",
        caught=lambda t: pl.col("unique") < t.unique,
        found="Few different figures (less than {share} of the known ones), so that many units "
        "are level",
        none="In every indicator at least {share} of the known figures differ.",
        asked=_KEPT,
        first=-pl.col("unique"),
    ),
    Check(
        check="constant",
        part="data",
        light="problem",
        table="indicators",
        statistic="same",
        threshold=None,
        caught=lambda _: pl.col("same") == 1,
        found="The same figure wherever it is known, so that no unit is told from another",
        none="No indicator has the same figure for all units.",
        asked=_KEPT,
    ),
    Check(
        check="outliers",
        part="data",
        light="note",
        table="indicators",
        statistic="kurtosis",
        threshold="kurtosis",
        caught=lambda _: pl.col("outliers"),
        found="Outliers among the figures as observed (skewness; kurtosis)",
        none="No indicator has outliers among its figures as observed.",
        asked=_KEPT,
    ),
    Check(
        check="outliers_scored",
        part="data",
        light="watch",
        table="indicators",
        statistic="kurtosis_scored",
        threshold="kurtosis",
        caught=lambda _: pl.col("outliers_scored"),
        found="Outliers still among the scores, after treatment (skewness; kurtosis)",
        none="No indicator has outliers among its scores.",
        asked=_KEPT,
    ),
)

PAIRS = (
    Check(
        check="redundant",
        part="coherence",
        light="watch",
        table="correlations",
        statistic="pearson",
        threshold="redundant",
        caught=lambda t: pl.col("pearson") >= t.redundant,
        found="Indicators that say the same (correlation of {limit:.2f} or more), so that it "
        "counts twice",
        none="No two indicators say the same (correlation of {limit:.2f} or more).",
        asked=_INDICATORS,
    ),
    Check(
        check="high",
        part="coherence",
        light="note",
        table="correlations",
        statistic="pearson",
        threshold="high_correlation",
        caught=lambda t: (
            (pl.col("pearson") >= t.high_correlation) & (pl.col("pearson") < t.redundant)
        ),
        found="Indicators that correlate highly ({limit:.2f} or more)",
        none="No two indicators correlate highly ({limit:.2f} or more) that are not redundant.",
        asked=_INDICATORS,
    ),
    Check(
        check="high_negative",
        part="coherence",
        light="watch",
        table="correlations",
        statistic="pearson",
        threshold="high_correlation",
        caught=lambda t: pl.col("pearson") <= -t.high_correlation,
        found="Indicators of which one rises as the other falls (correlation of -{limit:.2f} or "
        "less)",
        none="No two indicators correlate highly negatively (-{limit:.2f} or less).",
        asked=_INDICATORS,
    ),
    Check(
        check="negative_siblings",
        part="coherence",
        light="watch",
        table="correlations",
        statistic="pearson",
        threshold="adverse",
        caught=lambda t: pl.col("pearson") < t.adverse,
        found="Indicators of one group that work against one another (correlation below "
        "{limit:.2f})",
        none="No two indicators of one group work against one another (correlation below "
        "{limit:.2f}).",
        asked=_INDICATORS & pl.col("same_group"),
        first=-pl.col("pearson"),
    ),
    Check(
        check="negative_groups",
        part="coherence",
        light="watch",
        table="correlations",
        statistic="pearson",
        threshold="adverse",
        caught=lambda t: pl.col("pearson") < t.adverse,
        found="Groups that work against one another (correlation below {limit:.2f})",
        none="No two groups of a level work against one another (correlation below {limit:.2f}).",
        asked=pl.col("level") > 1,
        first=-pl.col("pearson"),
    ),
)

TREE = (
    Check(
        check="adverse",
        part="coherence",
        light="problem",
        table="parents",
        statistic="pearson",
        threshold="adverse",
        caught=lambda t: pl.col("pearson") < t.adverse,
        found="Parts that work against their own group (correlation below {limit:.2f})",
        none="Nothing works against its own group (correlation below {limit:.2f}).",
        asked=_PARENT,
        first=-pl.col("pearson"),
    ),
    Check(
        check="weak",
        part="coherence",
        light="watch",
        table="parents",
        statistic="pearson",
        threshold="weak",
        caught=lambda t: (pl.col("pearson") >= t.adverse) & (pl.col("pearson") < t.weak),
        found="Parts that are hardly seen in their own group (correlation below {limit:.2f})",
        none="Everything is seen in its own group (correlation of {limit:.2f} or more), but for "
        "what works against it.",
        asked=_PARENT,
        first=-pl.col("pearson"),
    ),
    Check(
        check="dominating",
        part="coherence",
        light="watch",
        table="parents",
        statistic="pearson",
        threshold="redundant",
        caught=lambda t: pl.col("pearson").abs() >= t.redundant,
        found="Parts that dominate their group (correlation of {limit:.2f} or more), which says "
        "little else",
        none="Nothing dominates its group (correlation of {limit:.2f} or more).",
        asked=_PARENT & (pl.col("siblings") > 1),
    ),
    Check(
        check="closer",
        part="coherence",
        light="watch",
        table="parents",
        statistic="pearson",
        threshold="weak",
        caught=lambda t: (pl.col("pearson") > pl.col("own")) & (pl.col("pearson") >= t.weak),
        found="Closer to another group (correlation of {limit:.2f} or more) than to their own, of "
        "which they are a part",
        none="Nothing is closer to another group (correlation of {limit:.2f} or more) than to its "
        "own.",
        asked=~pl.col("is_own"),
        first=pl.col("pearson") - pl.col("own"),
    ),
)

GROUPS = (
    Check(
        check="few_parts",
        part="coherence",
        light="note",
        table="groups",
        statistic="parts",
        threshold="children",
        caught=lambda t: pl.col("parts") < t.children,
        found="Groups of fewer than {limit:.0f} parts, of which alpha and components say little",
        none="Every group has at least {limit:.0f} parts.",
        first=-pl.col("parts"),
    ),
    Check(
        check="alpha",
        part="coherence",
        light="watch",
        table="groups",
        statistic="alpha",
        threshold="alpha",
        caught=lambda t: pl.col("alpha") < t.alpha,
        found="Cronbach's alpha below {limit:.2f}, although the parts are to reflect one thing",
        none="Every group whose parts are to reflect one thing has a Cronbach's alpha of "
        "{limit:.2f} or more.",
        asked=pl.col("judged"),
        first=-pl.col("alpha"),
    ),
    Check(
        check="first_component",
        part="coherence",
        light="watch",
        table="groups",
        statistic="first_share",
        threshold="first_component",
        caught=lambda t: pl.col("first_share") < t.first_component,
        found="The first principal component explains less than {share} of the variance, "
        "although the parts are to reflect one thing",
        none="In every group whose parts are to reflect one thing the first principal component "
        "explains at least {share} of the variance.",
        asked=pl.col("judged"),
        first=-pl.col("first_share"),
    ),
    Check(
        check="components",
        part="coherence",
        light="watch",
        table="groups",
        statistic="components",
        threshold="eigenvalue",
        caught=lambda _: pl.col("components") > 1,
        found="More than one principal component counts (eigenvalue of {limit:g} or more), "
        "although the parts are to reflect one thing",
        none="In every group whose parts are to reflect one thing a single principal component "
        "counts (eigenvalue of {limit:g} or more).",
        asked=pl.col("judged"),
    ),
)

OUTSIDE = (
    Check(
        check="size",
        part="coherence",
        light="watch",
        table="size",
        statistic="greatest",
        threshold="size",
        caught=lambda t: pl.col("greatest").abs() >= t.size,
        found="Scores that depend on the size of units (correlation with it, with its logarithm "
        "or of ranks of {limit:.2f} or more, either way)",
        none="No score depends on the size of units (correlation with it, with its logarithm or "
        "of ranks of {limit:.2f} or more).",
    ),
)

BALANCE = (
    Check(
        check="more_than_weight",
        part="importance",
        light="watch",
        table="importance",
        statistic="share",
        threshold="importance",
        caught=lambda t: pl.col("share") > t.importance * pl.col("weight"),
        found="Parts that matter more than {limit:g} times as much as their weight says",
        none="Nothing matters more than {limit:g} times as much as its weight says.",
        asked=pl.col("weight") > 0,
        first=pl.col("share") - pl.col("weight"),
        figure=pl.col("share") / pl.col("weight"),
    ),
    Check(
        check="less_than_weight",
        part="importance",
        light="watch",
        table="importance",
        statistic="share",
        threshold="importance",
        caught=lambda t: pl.col("weight") > t.importance * pl.col("share"),
        found="Parts whose weight is more than {limit:g} times what they matter",
        none="No weight is more than {limit:g} times what the part matters.",
        asked=pl.col("weight") > 0,
        first=pl.col("weight") - pl.col("share"),
        figure=pl.when(pl.col("share") > 0).then(pl.col("weight") / pl.col("share")),
    ),
)

CHECKS = (*DATA, *PAIRS, *TREE, *GROUPS, *OUTSIDE, *BALANCE)


def asked(table: pl.DataFrame, check: Check) -> pl.DataFrame:
    """Return the rows of a table (as `prepared`) that a check is about."""
    return table if check.asked is None else table.filter(check.asked)


def caught(table: pl.DataFrame, check: Check, limits: Thresholds) -> pl.DataFrame:
    """Return the rows of a table (as `prepared`) that a check catches, the worst first.

    Their column `figure` is what was compared with the limit.
    """
    order = pl.col(check.statistic).abs() if check.first is None else check.first
    figure = pl.col(check.statistic) if check.figure is None else check.figure
    mine = asked(table, check).filter(check.caught(limits))
    mine = mine.sort(order, descending=True, maintain_order=True)
    return mine.with_columns(figure.cast(pl.Float64).alias("figure"))


def prepared(name: str, table: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Return a table of `Coherence` with the columns that its checks need besides.

    To `parents` they are `parent` and `own` (the node's own parent and the correlation with it)
    and `siblings` (how many parts the ancestor has).
    """
    if name != "parents":
        return table
    own = table.filter(_PARENT).select(
        "node", pl.col("ancestor").alias("parent"), pl.col("pearson").alias("own")
    )
    parts = groups.select(pl.col("node").alias("ancestor"), pl.col("parts").alias("siblings"))
    return table.join(own, on="node", how="left", maintain_order="left").join(
        parts, on="ancestor", how="left", maintain_order="left"
    )
