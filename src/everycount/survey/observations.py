"""Estimates as SDMX-shaped observations, ready for a repository."""

from collections.abc import Mapping, Sequence

import polars as pl

from everycount.model.design import CUSTOM, DIMENSIONS, Outcome, SurveyDesign
from everycount.survey.coding import Coding

TOTAL = "_T"
KEYS = ("INDICATOR", "REF_AREA", "TIME_PERIOD", *DIMENSIONS, "FREQ", "REPORTING_TYPE")
MEASURES = (
    *("OBS_VALUE", "UNIT_MEASURE", "UNIT_MULT", "OBS_STATUS", "NATURE", "LOWER_BOUND"),
    *("UPPER_BOUND", "STD_ERROR", "SAMPLE_SIZE", "SOURCE_DETAIL", "COMMENT_OBS"),
)
STATUS: Mapping[str, str] = {
    "": "A",
    "caution": "U",
    "unreliable": "U",
    "review": "U",
    "not_shown": "Q",
}
"""Observation status by flag. SDMX code list CL_OBS_STATUS: A normal value, U low reliability, Q
missing value; suppressed."""
ANNUAL, NATIONAL = "A", "N"
"""Frequency and reporting type. SDMX code lists CL_FREQ and CL_REPORTING_TYPE."""
PERCENT = "PT"
"""Percent. SDMX code list CL_UNIT_MEASURE of the global SDG structure."""


def observations(
    table: pl.DataFrame,
    design: SurveyDesign,
    codings: Sequence[Coding],
    *,
    nature: str = "C",
) -> pl.DataFrame:
    """Return estimates as observations, one a row, proportions in percent.

    Parameters
    ----------
    table : DataFrame
        Estimates with the columns of `everycount.survey.disaggregate.Disaggregation`.
    design : SurveyDesign
        What they were made from.
    codings : sequence of Coding
        The characteristics with their levels.
    nature : str
        SDMX nature of the figures: C (country data) for direct estimates, M for modelled ones.

    Returns
    -------
    DataFrame
        All columns text: dimensions (``_T`` where not crossed), OBS_VALUE and attributes. A
        characteristic without a dimension of its own goes to CUST_BREAKDOWN as ``name=code``,
        several joined by ``+``, and COMMENT_OBS says them in words.
    """
    outcomes = {outcome.name: outcome for outcome in design.outcomes}
    scale = pl.col("outcome").replace_strict(
        {name: 100.0 if _is_percent(each) else 1.0 for name, each in outcomes.items()},
        return_dtype=pl.Float64,
    )
    shown = pl.col("flag") != "not_shown"
    figures = {
        "OBS_VALUE": "estimate",
        "LOWER_BOUND": "ci_low",
        "UPPER_BOUND": "ci_high",
        "STD_ERROR": "std_error",
    }
    columns = {
        "INDICATOR": _of({name: each.indicator or name for name, each in outcomes.items()}),
        "REF_AREA": pl.lit(design.area),
        "TIME_PERIOD": pl.lit(design.period),
        **_dimensions(codings),
        "FREQ": pl.lit(ANNUAL),
        "REPORTING_TYPE": pl.lit(NATIONAL),
        "UNIT_MEASURE": _of({name: _unit(each) for name, each in outcomes.items()}),
        "UNIT_MULT": pl.lit("0"),
        "OBS_STATUS": pl.col("flag").replace_strict(dict(STATUS), return_dtype=pl.String),
        "NATURE": pl.lit(nature),
        **{
            name: pl.when(shown).then(pl.col(column) * scale).cast(pl.String)
            for name, column in figures.items()
        },
        "SAMPLE_SIZE": pl.when(shown).then(pl.col("n")).cast(pl.String),
        "SOURCE_DETAIL": pl.lit(design.source or design.title),
        "COMMENT_OBS": _comment(codings),
    }
    return table.select(columns[name].fill_null("").alias(name) for name in (*KEYS, *MEASURES))


def _is_percent(outcome: Outcome) -> bool:
    """Tell whether the figures of an outcome are shares that become percent."""
    return outcome.statistic == "proportion" and outcome.unit in ("", PERCENT)


def _unit(outcome: Outcome) -> str:
    return outcome.unit or (PERCENT if outcome.statistic == "proportion" else "NUMBER")


def _of(values: Mapping[str, str]) -> pl.Expr:
    """Return a text that goes with the outcome of each row."""
    return pl.col("outcome").replace_strict(dict(values), return_dtype=pl.String)


def _dimensions(codings: Sequence[Coding]) -> dict[str, pl.Expr]:
    """Return the code of each dimension."""
    own = {
        each.characteristic.dimension: pl.col(each.name)
        for each in codings
        if each.characteristic.dimension != CUSTOM
    }
    custom = [
        pl.when(pl.col(each.name) != TOTAL).then(pl.lit(f"{each.name}=") + pl.col(each.name))
        for each in codings
        if each.characteristic.dimension == CUSTOM
    ]
    if custom:
        joined = pl.concat_str(custom, separator="+", ignore_nulls=True)
        own[CUSTOM] = pl.when(joined == "").then(pl.lit(TOTAL)).otherwise(joined)
    return {name: own.get(name, pl.lit(TOTAL)) for name in DIMENSIONS}


def _comment(codings: Sequence[Coding]) -> pl.Expr:
    """Return what a row is about in words, where a characteristic has no dimension of its own."""
    words = [
        pl.when(pl.col(each.name) != TOTAL).then(
            pl.lit(f"{each.label}: ")
            + pl.col(each.name).replace_strict(
                {level.code: level.label for level in each.levels},
                default=TOTAL,
                return_dtype=pl.String,
            )
        )
        for each in codings
        if each.characteristic.dimension == CUSTOM
    ]
    if not words:
        return pl.lit("")
    return pl.concat_str(words, separator="; ", ignore_nulls=True)
