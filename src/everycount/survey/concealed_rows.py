"""What is left of the rows of a table of estimates once cells are hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.arrays.details import round_counts, round_significant, withheld_details
from everycount.model.design import Outcome
from everycount.model.rules import Confidentiality
from everycount.survey.disaggregate import FIGURES, TOTAL, confidence
from everycount.survey.hidden_cells import Hidden
from everycount.survey.joint_counts import JointCounts
from everycount.survey.plan import SurveyPlan
from everycount.survey.reliability import Reliability, flags

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
NOT_SHOWN = "not_shown"
"""Flag of a hidden cell, whatever the reason."""
ERRORS = ("std_error", "ci_low", "ci_high", "cv", "df", "deff")
DECIMALS = 12
"""Decimals of rounded figures: what is behind them is of the machine."""
BY_ROWS = ("beta", "korn-graubard", "likelihood")
"""Intervals from which the number of rows can be worked out: see
`everycount.arrays.interval.proportion_interval`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Rows of one outcome, and what is hidden of it."""

    plan: SurveyPlan
    outcome: Outcome
    table: pl.DataFrame
    place: IntArray
    """Cell of the lattice of each row."""
    hidden: Hidden


def cell_places(counts: JointCounts, cells: IntArray) -> IntArray:
    """Return the cell of the lattice of each row of a table, given its levels, -1 not crossed."""
    sizes = np.array(counts.lattice.levels[: counts.codes.shape[1]], dtype=np.int64) + 1
    strides = np.cumprod(np.append(1, sizes))[:-1]
    keys = (counts.codes + 1) @ strides
    order = np.argsort(keys, kind="stable")
    places: IntArray = order[np.searchsorted(keys[order], (cells + 1) @ strides)]
    return places


def level_positions(plan: SurveyPlan, table: pl.DataFrame) -> IntArray:
    """Return the level of each characteristic in each row, -1 where it is not crossed."""
    columns = [
        table[coding.name].replace_strict(
            {**{level.code: at for at, level in enumerate(coding.levels)}, TOTAL: -1},
            return_dtype=pl.Int64,
        )
        for coding in plan.codings
    ]
    found = np.array([column.to_numpy() for column in columns], dtype=np.int64)
    return found.reshape(len(columns), len(table)).T


def concealed_rows(
    rows: Rows, rules: Confidentiality, *, reliability: Reliability | None = None
) -> tuple[pl.DataFrame, int, int]:
    """Return the rows of an outcome that may be published, and how many errors tell less.

    Parameters
    ----------
    rows : Rows
        All estimates of the outcome.
    rules : Confidentiality
        The rule set.
    reliability : Reliability, optional
        Rules that made the flags; needed where numbers of rows are rounded.

    Returns
    -------
    DataFrame
        In the order of the cells of the lattice; hidden cells that nobody is in are there too.
    int, int
        Rows whose errors were rounded or withheld since they stand in line with hidden ones, and
        rows whose errors were withheld for few degrees of freedom.
    """
    hidden, table = rows.hidden, rows.table
    is_hidden = hidden.cells[rows.place]
    touched = _details(hidden)[rows.place] & ~is_hidden
    shown = _with_rounded_rows(rows, rules.rounding, reliability) if rules.rounding > 1 else table
    shown = with_coarse_errors(shown, touched)
    few = (table["df"] < rules.minimum_df).fill_null(value=False).to_numpy() & ~is_hidden
    shown = shown.with_columns(_unless(few, name) for name in ERRORS)
    shown = shown.with_columns(_unless(is_hidden, name) for name in FIGURES if name != "flag")
    flag = pl.when(pl.Series(is_hidden)).then(pl.lit(NOT_SHOWN)).otherwise(pl.col("flag"))
    made = _with_empty(rows, shown.with_columns(flag.alias("flag")))
    return made, int(touched.sum()), int(few.sum())


def _unless(gone: BoolArray, name: str) -> pl.Expr:
    """Return a column with nothing in some rows."""
    return pl.when(pl.Series(gone)).then(None).otherwise(pl.col(name)).alias(name)


def _details(hidden: Hidden) -> BoolArray:
    """Return the cells whose errors say something of hidden ones.

    People who lack a level are no hidden cell, unless they are a group that rules protect.
    """
    said = hidden.cells & (hidden.counts.is_known | (hidden.reason > 0))
    return withheld_details(said, hidden.counts.lattice)


def with_coarse_errors(
    table: pl.DataFrame, touched: BoolArray, *, withheld: Sequence[str] = ("df", "deff")
) -> pl.DataFrame:
    """Return a table whose errors say less in some rows: two digits, no df, no design effect.

    The limits of the interval and the cv are those of the rounded error, so that they say no more.
    """
    numbers = {
        name: table[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        for name in ("estimate", "std_error", "ci_low", "ci_high")
    }
    estimate, error = numbers["estimate"], numbers["std_error"]
    coarse = round_significant(error)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(error > 0, coarse / error, 1.0)
        cv = np.where(estimate != 0, coarse / np.abs(estimate), np.nan)
    low = estimate - round_significant((estimate - numbers["ci_low"]) * scale)
    high = estimate + round_significant((numbers["ci_high"] - estimate) * scale)
    columns = {"std_error": coarse, "ci_low": low, "ci_high": high, "cv": cv}
    return table.with_columns(
        *(
            pl.when(pl.Series(touched))
            .then(pl.Series(values).fill_nan(None))
            .otherwise(pl.col(name))
            .alias(name)
            for name, values in columns.items()
        ),
        *(_unless(touched, name) for name in withheld),
    )


def _with_rounded_rows(rows: Rows, base: int, reliability: Reliability | None) -> pl.DataFrame:
    """Return a table with rounded numbers of rows, and nothing beside them that has the true ones.

    The design effect is that of as many rows as are shown, in two digits; limits of intervals and
    flags that depend on the number of rows are made of the rounded one. Errors have two digits, and
    degrees of freedom are withheld where they are the number of rows less one. Where weights are
    alike a share is so many of so many rows: it and its limits are rounded to steps of which there
    are as many as rows.
    """
    table, outcome, design = rows.table, rows.outcome, rows.plan.design
    exact = table["n"].to_numpy()
    n = round_counts(exact, base)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where((n > 1) & (exact > 1), (n - 1) / (exact - 1), np.nan)
    deff = round_significant(table["deff"].fill_null(np.nan).to_numpy() * scale)
    shown = table.with_columns(pl.Series("n", n), pl.Series("deff", deff).fill_nan(None))
    if outcome.statistic == "proportion" and (outcome.interval or design.interval) in BY_ROWS:
        estimate, error, df = (
            table[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
            for name in ("estimate", "std_error", "df")
        )
        ends = confidence(design, outcome, estimate, error, df=df, n=n)
        limits = zip(("ci_low", "ci_high"), ends, strict=True)
        shown = shown.with_columns(pl.Series(name, each).fill_nan(None) for name, each in limits)
    if reliability is not None:
        shown = shown.with_columns(flags(shown, outcome, reliability).alias("flag"))
    withheld = () if design.sampling.psu else ("df",)
    shown = with_coarse_errors(shown, np.ones(len(shown), dtype=np.bool_), withheld=withheld)
    if outcome.statistic not in ("proportion", "mean"):
        return shown
    step = steps(n)
    return shown.with_columns(
        pl.Series(name, np.round(values / step) * step).round(DECIMALS).fill_nan(None)
        for name in ("estimate", "ci_low", "ci_high")
        for values in [shown[name].cast(pl.Float64).fill_null(np.nan).to_numpy()]
    ).with_columns(cv=pl.Series(round_significant(_cv(shown, step))).fill_nan(None))


def steps(rows: IntArray) -> FloatArray:
    """Return the least step of 1, 2 or 5 in a decimal place that one row does not exceed.

    Every number of rows then has a share in every step.

    Examples
    --------
    >>> steps(np.array([0, 1, 40, 105, 10_860])).tolist()
    [1.0, 1.0, 0.05, 0.01, 0.0001]
    """
    one = 1 / np.maximum(rows, 1)
    place = 10.0 ** np.floor(np.log10(one))
    found = np.select([one <= times * place * (1 + 1e-9) for times in (1, 2, 5)],
                      [times * place for times in (1, 2, 5)], 10 * place)  # fmt: skip
    return np.round(found, DECIMALS)


def _cv(table: pl.DataFrame, step: FloatArray) -> FloatArray:
    """Return the coefficient of variation of estimates that are rounded to steps."""
    estimate, error = (
        table[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        for name in ("estimate", "std_error")
    )
    rounded = np.round(estimate / step) * step
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(rounded == 0, np.nan, error / np.abs(rounded))


def _with_empty(rows: Rows, table: pl.DataFrame) -> pl.DataFrame:
    """Return a table with hidden cells that nobody is in, which must look like the others."""
    counts, place = rows.hidden.counts, rows.place
    lacking = rows.hidden.cells & counts.is_known
    lacking[place] = False
    codes = counts.codes[lacking]
    columns: dict[str, pl.Series] = {
        "outcome": pl.Series([rows.outcome.name] * len(codes), dtype=pl.String),
        "statistic": pl.Series([rows.outcome.statistic] * len(codes), dtype=pl.String),
    }
    for coding, own in zip(rows.plan.codings, codes.T, strict=True):
        names = [*(level.code for level in coding.levels), TOTAL]
        columns[coding.name] = pl.Series([names[code] for code in own], dtype=pl.String)
    for name in FIGURES:
        columns[name] = pl.Series([None] * len(codes), dtype=table.schema[name])
    columns["flag"] = pl.Series([NOT_SHOWN] * len(codes), dtype=pl.String)
    order = np.argsort(np.append(place, np.flatnonzero(lacking)), kind="stable")
    return pl.concat([table, pl.DataFrame(columns)])[order]
