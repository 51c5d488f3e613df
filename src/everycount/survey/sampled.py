"""Weights, strata and sampled units of the rows of a batch."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.model.design import Outcome, SurveyDesign
from everycount.model.microdata import Column
from everycount.model.sampling import Sampling
from everycount.survey.cells import as_codes, as_numbers, is_missing
from everycount.survey.findings import Findings

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
UNITS: Final = "unit {}"
STRATA: Final = "stratum {}"


def weight_of(
    design: SurveyDesign,
    outcome: Outcome | None,
    frame: pl.DataFrame,
    *,
    columns: Mapping[str, Column],
    findings: Findings,
) -> FloatArray:
    """Return the weight of every row for an outcome, or the sampling weight; NaN where none.

    A sampling weight that is lacking is a fault. An outcome's own weight may be lacking: its row
    was not asked.

    Parameters
    ----------
    design : SurveyDesign
        How the sample was drawn.
    outcome : Outcome, optional
        The outcome; None asks for the sampling weight.
    frame : DataFrame
        The batch.
    columns : mapping of str to Column
        What the file says of its columns.
    findings : Findings
        Where weights that cannot be are noted.
    """
    own = None if outcome is None else outcome.weight
    name = own or design.sampling.weight
    if name is None:
        return np.ones(len(frame))
    where = f"weight, column {name}"
    numbers, strange = as_numbers(frame[name])
    lacking = is_missing(frame[name], columns[name])
    if strange.any():
        findings.fault(where, "text or infinity", "a number from 0", rows=int(strange.sum()))
    with np.errstate(invalid="ignore"):
        negative = ~lacking & (numbers < 0)
    if negative.any():
        findings.fault(where, "a weight below 0", "a number from 0", rows=int(negative.sum()))
    if own is None and (lacking & ~strange).any():
        rows = int((lacking & ~strange).sum())
        findings.fault(
            where, "nothing", "a weight for every row (0 if it does not count)", rows=rows
        )
    divisor = design.sampling.weight_divisor
    if outcome is not None and outcome.weight_divisor is not None and own is not None:
        divisor = outcome.weight_divisor
    if lacking.any():
        numbers = np.where(lacking, np.nan, numbers)
    numbers = numbers if divisor == 1 else numbers / divisor
    return numbers if findings.weigh(where, numbers) else np.zeros(len(numbers))


def key_columns(sampling: Sampling, stage: int) -> tuple[str, ...]:
    """Return the columns that tell the units of a stage apart; none if every row is a unit.

    Examples
    --------
    >>> key_columns(Sampling(strata=("region",), psu="village"), 1)
    ('region', 'village')
    """
    if sampling.psu is None:
        return ()
    names = [*sampling.strata, sampling.psu]
    for each in sampling.stages[: stage - 1]:
        names += [*each.strata, each.units]
    return tuple(dict.fromkeys(names))


def keys(
    sampling: Sampling,
    heads: pl.DataFrame,
    stage: int,
    *,
    rows: IntArray,
    columns: Mapping[str, Column],
    findings: Findings,
) -> pl.DataFrame:
    """Return the strata and units down to a stage as columns ``stratum 1``, ``unit 1``, ...

    A stratum is a number or a text; several columns make one text. Without strata all rows lie in
    one; without units every row is its own, and the column is lacking.

    Parameters
    ----------
    sampling : Sampling
        How the sample was drawn.
    heads : DataFrame
        The first row of each unit.
    stage : int
        1 for the first stage.
    rows : int array, shape (units,)
        Number of rows of each unit.
    columns : mapping of str to Column
        What the file says of its columns.
    findings : Findings
        Where rows without a stratum or unit are noted.
    """
    stages = [
        (sampling.strata, sampling.psu),
        *((each.strata, each.units) for each in sampling.stages),
    ]
    made: dict[str, pl.Series] = {}
    for number, (strata, unit) in enumerate(stages[:stage], start=1):
        for name in (*strata, *([unit] if unit else [])):
            lacking = int(rows[is_missing(heads[name], columns[name])].sum())
            if lacking:
                what = "unit" if name == unit else "stratum"
                findings.fault(f"{what}, column {name}", "nothing", f"a {what}", rows=lacking)
        made[STRATA.format(number)] = _stratum(heads, strata)
        if unit:
            made[UNITS.format(number)] = _key(heads[unit])
    return pl.DataFrame(made)


def _stratum(heads: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """Return the stratum that some columns make together."""
    if not names:
        return pl.Series(np.zeros(len(heads), dtype=np.int8))
    if len(names) == 1:
        return _key(heads[names[0]])
    texts = [_whole(heads[name]).cast(pl.String) for name in names]
    return pl.DataFrame(texts).select(pl.concat_str(pl.all(), separator=" / ")).to_series()


def _key(series: pl.Series) -> pl.Series:
    """Return a column as keys that do not depend on what else is in the batch."""
    if series.dtype.is_float():
        return series.fill_nan(None) + 0.0  # which makes -0 the same as 0
    return _whole(series)


def _whole(series: pl.Series) -> pl.Series:
    """Return a column of keys as codes; text stays as it is."""
    # The rows of a unit are kept together by what the file has.
    return series if series.dtype == pl.String else as_codes(series)


def population_of_heads(
    name: str,
    frame: pl.DataFrame,
    starts: IntArray,
    *,
    column: Column,
    findings: Findings,
) -> FloatArray:
    """Return what the rows say of the population of the stratum, one number for each unit.

    Parameters
    ----------
    name : str
        The column.
    frame : DataFrame
        The batch.
    starts : int array, shape (units + 1,)
        Rows at which units begin, and the end.
    column : Column
        What the file says of it.
    findings : Findings
        Where rows without a number, and units that say several, are noted.

    Returns
    -------
    float array, shape (units,)
        NaN where there is none.
    """
    numbers, _ = as_numbers(frame[name])
    numbers = np.where(is_missing(frame[name], column), np.nan, numbers)
    where = f"population, column {name}"
    lacking = int((~np.isfinite(numbers)).sum())
    if lacking:
        expected = "a number of units, or a share up to 1"
        findings.fault(where, "nothing or no number", expected, rows=lacking)
    heads: FloatArray = numbers[starts[:-1]]
    apart = numbers != np.repeat(heads, np.diff(starts))
    apart &= np.isfinite(numbers)
    if apart.any():
        expected = "one value for the whole unit"
        findings.fault(where, "several values in one unit", expected, rows=int(apart.sum()))
    return heads
