"""Coherence as one long table, for coherence.csv: every figure, with its limit and its flag."""

import polars as pl

from everycount.audit.checks import CHECKS, caught, prepared
from everycount.audit.coherence import Coherence

LONG = pl.Schema(
    {
        "part": pl.String,
        "node": pl.String,
        "other": pl.String,
        "statistic": pl.String,
        "value": pl.Float64,
        "p_value": pl.Float64,
        "units": pl.Int64,
        "limit": pl.Float64,
        "flag": pl.String,
        "note": pl.String,
    }
)

# Of each table: the columns that name a row, and that which says what it is.
_KEYS: dict[str, tuple[str, str | None, str | None]] = {
    "indicators": ("node", None, "left_out"),
    "correlations": ("a", "b", None),
    "parents": ("node", "ancestor", None),
    "groups": ("node", None, "model"),
    "components": ("node", "part", "component"),
    "external": ("node", "index", None),
    "size": ("node", "column", None),
    "importance": ("node", "parent", "note"),
}
_KINDS = ("pearson", "spearman", "kendall")


def long(coherence: Coherence) -> pl.DataFrame:
    """Return every figure of every table in a row of its own.

    Returns
    -------
    DataFrame
        Columns `part, node, other, statistic, value, p_value, units, limit, flag, note`. `other`
        is what the node is compared with: another node, a group, an index, a column of sizes.
        `flag` names the check that caught the figure; it is empty where nothing is amiss.
        Yes-and-no figures are 1 and 0.
    """
    frames = [pl.DataFrame(schema=LONG)]
    for name in _KEYS:
        table = getattr(coherence, name)
        frames += [
            _column(coherence, name, table.with_row_index("row"), statistic)
            for statistic, dtype in table.schema.items()
            if _is_figure(name, statistic, dtype)
        ]
    return pl.concat(frames)


def _is_figure(name: str, column: str, dtype: pl.DataType) -> bool:
    """Tell whether a column holds figures of its own: not names, levels, p-values, counts."""
    beside = ("level", "ancestor_level", "component", "units")
    if column in ("same_group", "is_own", "is_parent", "judged") or column.startswith("p_"):
        return False
    if column in beside:
        return name == "groups" and column == "units"
    return dtype.is_numeric() or dtype == pl.Boolean


def _column(coherence: Coherence, name: str, table: pl.DataFrame, statistic: str) -> pl.DataFrame:
    """Return the figures of one column of a table."""
    node, other, note = _KEYS[name]
    p_value = f"p_{statistic}" if statistic in _KINDS else None
    usual, flags = _flags(coherence, name, table, statistic)
    nothing = pl.lit(None)
    return (
        table.join(flags, on="row", how="left", maintain_order="left")
        .select(
            part=pl.lit(name),
            node=pl.col(node),
            other=pl.col(other) if other else pl.lit(""),
            statistic=pl.lit(statistic),
            value=pl.col(statistic).cast(pl.Float64),
            p_value=pl.col(p_value) if p_value else nothing.cast(pl.Float64),
            units=pl.col("units") if "units" in table.columns else nothing.cast(pl.Int64),
            limit=pl.col("limit").fill_null(pl.lit(usual, dtype=pl.Float64)),
            flag=pl.col("flag").fill_null(""),
            note=pl.col(note).cast(pl.String).fill_null("") if note else pl.lit(""),
        )
        .cast(LONG)
    )


def _flags(
    coherence: Coherence, name: str, table: pl.DataFrame, statistic: str
) -> tuple[float | None, pl.DataFrame]:
    """Return the limit where only one is asked of a column, and the rows that a check caught."""
    limits, usual = coherence.thresholds, []
    frames = [pl.DataFrame(schema={"row": pl.UInt32, "flag": pl.String, "limit": pl.Float64})]
    for check in CHECKS:
        if check.table == name and check.statistic == statistic:
            own = None if check.threshold is None else float(getattr(limits, check.threshold))
            usual.append(own)
            rows = caught(prepared(name, table, coherence.groups), check, limits)
            frames.append(
                rows.select(
                    "row",
                    pl.lit(check.check).alias("flag"),
                    pl.lit(own, dtype=pl.Float64).alias("limit"),
                )
            )
    # A pair that is redundant correlates highly too: the first check has the word.
    flags = pl.concat(frames).unique("row", keep="first", maintain_order=True)
    return (usual[0] if len(usual) == 1 else None), flags
