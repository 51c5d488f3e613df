"""Small-area input: direct estimates and covariates of the same areas, checked and matched."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from everycount.arrays.small_area import dependent_columns
from everycount.errors import InputError, Problem

Array = NDArray[np.float64]
Key = tuple[str | None, ...]

TOTAL: Final = "_T"
"""SDMX code of a total over all groups, which no area has."""
MEASURES: Final = ("estimate", "std_error", "n", "deff")
SUBJECT: Final = "the small-area model"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AreaInput:
    """One outcome for every area of the covariate table, in its order; NaN is not known."""

    keys: pl.DataFrame
    """The area columns, one row an area."""
    labels: tuple[str, ...]
    outcome: str
    statistic: str
    estimate: Array
    std_error: Array
    n: Array
    deff: Array
    covariates: Array
    """(areas, 1 + covariates), a column of ones first."""
    names: tuple[str, ...]
    """Of the columns of `covariates`."""
    population: Array | None

    @property
    def is_direct(self) -> NDArray[np.bool_]:
        """Where there is a direct estimate."""
        return ~np.isnan(self.estimate)


def match_areas(
    direct: pl.DataFrame,
    covariates: pl.DataFrame,
    areas: Sequence[str],
    *,
    names: Sequence[str] | None = None,
    population: str | None = None,
) -> AreaInput:
    """Return both tables as arrays in the order of the covariate table.

    Parameters
    ----------
    direct : polars.DataFrame
        One row an area, of one outcome and statistic: `outcome`, `statistic`, the area columns,
        `estimate`, `std_error`, `n`, and `deff` where there is one. Other columns are not read.
    covariates : polars.DataFrame
        One row an area, those without a direct estimate too: the area columns and figures.
    areas : sequence of str
        The columns that together name an area, in both tables; matched as text.
    names : sequence of str, optional
        Covariates to use; without it, all columns but the areas and the population.
    population : str, optional
        Column of the covariate table that holds the population of each area.

    Raises
    ------
    InputError
        With every fault: columns missing, several outcomes, an area named twice, without a name,
        without covariates or a total; figures that are text, missing, infinite or negative where
        they cannot be; a covariate that is a combination of others.
    """
    skip = {*areas, population}
    used = tuple(c for c in covariates.columns if c not in skip) if names is None else tuple(names)
    wanted = used if population is None else (*used, population)
    problems = _missing_columns(direct, ["outcome", "statistic", *areas, *MEASURES[:3]], "direct")
    problems += _missing_columns(covariates, [*areas, *wanted], "covariates")
    if problems:
        raise InputError(SUBJECT, problems)
    keys, theirs = _keys(direct, areas), _keys(covariates, areas)
    problems = [fault for c in ("outcome", "statistic") for fault in _several(direct, c)]
    problems += _bad_keys(keys, "direct") + _bad_keys(theirs, "covariates")
    problems += _without_covariates(keys, theirs)
    measures = [c for c in MEASURES if c in direct.columns]
    problems += [
        fault for c in measures for fault in _bad_figures(direct, c, "direct", MEASURES[1:])
    ]
    bad = {c: _bad_figures(covariates, c, "covariates", (population,)) for c in wanted}
    problems += [fault for faults in bad.values() for fault in faults]
    sound = [c for c in used if not bad[c]]
    place = {key: row for row, key in enumerate(keys)}
    rows = np.array([place.get(key, -1) for key in theirs], np.int64)
    matrix = _matrix(covariates, sound)
    problems += _dependent(matrix[_has_estimate(direct, rows)], sound)
    if problems:
        raise InputError(SUBJECT, problems)
    own = {c: _figures(direct, c, rows) for c in MEASURES}
    return AreaInput(
        keys=covariates.select(areas),
        labels=tuple(_label(key) for key in theirs),
        outcome=str(direct["outcome"][0]),
        statistic=str(direct["statistic"][0]),
        estimate=own["estimate"],
        std_error=own["std_error"],
        n=own["n"],
        deff=own["deff"],
        covariates=matrix,
        names=("(intercept)", *used),
        population=None if population is None else _matrix(covariates, [population])[:, 1],
    )


def _missing_columns(table: pl.DataFrame, columns: Sequence[str], which: str) -> list[Problem]:
    return [
        Problem(f"{which}, column {c}", "no such column", f"one of {', '.join(table.columns)}")
        for c in columns
        if c not in table.columns
    ]


def _keys(table: pl.DataFrame, areas: Sequence[str]) -> list[Key]:
    return table.select(pl.col(c).cast(pl.String) for c in areas).rows()


def _label(key: Key) -> str:
    return " / ".join(str(part) for part in key)


def _several(direct: pl.DataFrame, column: str) -> list[Problem]:
    found = sorted("nothing" if v is None else str(v) for v in direct[column].unique())
    if len(found) == 1 and found != ["nothing"]:
        return []
    return [Problem(f"direct, column {column}", ", ".join(found) or "no row", "exactly one")]


def _bad_keys(keys: Sequence[Key], which: str) -> list[Problem]:
    problems, first = [], dict[Key, int]()
    for row, key in enumerate(keys, start=1):
        where = f"{which}, row {row}"
        if None in key:
            problems.append(Problem(where, "an area without a name", "one in every area column"))
        elif TOTAL in key:
            problems.append(Problem(where, f"{_label(key)}, a total", "an area of its own"))
        elif key in first:
            found = f"{_label(key)} again, first in row {first[key]}"
            problems.append(Problem(where, found, "every area once"))
        else:
            first[key] = row
    return problems


def _without_covariates(keys: Sequence[Key], theirs: Sequence[Key]) -> list[Problem]:
    known = set(theirs)
    return [
        Problem(f"direct, row {row}", f"{_label(key)}, which has no covariates", "a row of them")
        for row, key in enumerate(keys, start=1)
        if key not in known and None not in key and TOTAL not in key
    ]


def _values(table: pl.DataFrame, column: str) -> Array:
    return table[column].cast(pl.Float64).fill_null(np.nan).to_numpy()


def _bad_figures(
    table: pl.DataFrame, column: str, which: str, amounts: Sequence[str | None]
) -> list[Problem]:
    """Return what is wrong in a column: a direct estimate may be missing, a covariate not."""
    dtype = table[column].dtype
    if not dtype.is_numeric():
        return [Problem(f"{which}, column {column}", f"the type {dtype}", "numbers")]
    values = _values(table, column)
    is_amount = column in amounts
    is_bad = np.isinf(values) | (np.isnan(values) & (which == "covariates"))
    is_bad |= (values < 0) & is_amount
    expected = "a number of 0 or more" if is_amount else "a finite number"
    return [
        Problem(
            f"{which}, row {row + 1}, {column}",
            "nothing" if np.isnan(values[row]) else f"{values[row]:g}",
            expected,
        )
        for row in np.flatnonzero(is_bad)
    ]


def _has_estimate(direct: pl.DataFrame, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    if not direct["estimate"].dtype.is_numeric():
        return rows >= 0
    return ~np.isnan(_figures(direct, "estimate", rows))


def _figures(direct: pl.DataFrame, column: str, rows: NDArray[np.int64]) -> Array:
    """Return a column in the order of the covariates, NaN where there is no row of an area."""
    if column not in direct.columns or not direct.height:
        return np.full(len(rows), np.nan)
    return np.where(rows >= 0, _values(direct, column)[rows], np.nan)


def _matrix(covariates: pl.DataFrame, columns: Sequence[str]) -> Array:
    """Return a column of ones and the columns."""
    ones = np.ones(covariates.height)
    return np.column_stack([ones, *(_values(covariates, c) for c in columns)])


def _dependent(matrix: Array, names: Sequence[str]) -> list[Problem]:
    """Return the covariates that say nothing of their own, over areas with a direct estimate."""
    if len(matrix) < matrix.shape[1]:
        return []  # too few areas for any answer, which the model says itself
    return [
        Problem(
            f"covariates, column {names[j - 1]}",
            "the same everywhere or a combination of columns before it",
            "a covariate that says more, over areas with a direct estimate",
        )
        for j in dependent_columns(matrix)
    ]
