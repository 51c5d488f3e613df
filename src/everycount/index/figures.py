"""Lay observations out as rows of units (in periods) and columns of a method."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from everycount.errors import MethodError, Problem
from everycount.index.assumptions import VaryFigures, VarySteps
from everycount.index.formula import read_formula
from everycount.index.methodology import Methodology
from everycount.index.state import State, names_of, number_of
from everycount.index.steps import Impute
from everycount.model.observations import Observations
from everycount.model.units import Units

NAMED = 5  # units that a warning names before it counts the rest


def numeric_columns(methodology: Methodology) -> tuple[str, ...]:
    """Return every column of figures that a method reads, indicators first."""
    return tuple(dict.fromkeys([*_demanded(methodology), *_wished(methodology)]))


def _wished(methodology: Methodology) -> list[str]:
    """Return the columns of figures that averages and the audit use where they are at hand."""
    plan = methodology.audit
    names = [each.weight for each in methodology.averages if each.weight is not None]
    names += [step.weight for step in audited_imputations(methodology) if step.weight is not None]
    for assumption in plan.assumptions:
        if isinstance(assumption, VaryFigures):
            names += (assumption.columns or {}).values()
    return [*names, *plan.size]


def audited_imputations(methodology: Methodology) -> list[Impute]:
    """Return the ways to fill gaps that the audit of a method tries."""
    return [
        option.step
        for assumption in methodology.audit.assumptions
        if isinstance(assumption, VarySteps)
        for option in assumption.options
        if isinstance(option.step, Impute)
    ]


def _demanded(methodology: Methodology) -> tuple[str, ...]:
    """Return every column of figures without which the index cannot be built."""
    names: dict[str, None] = {}
    for indicator in methodology.indicators:
        if indicator.derive is None:
            names[indicator.column or indicator.code] = None
    read = set(names)
    for indicator in methodology.indicators:
        for text in indicator.derive.operands if indicator.derive else ():
            names.update(dict.fromkeys(read_formula(text).names))
        if indicator.denominator is not None:
            names[indicator.denominator] = None
        if indicator.correction is not None:
            names.update(dict.fromkeys(read_formula(indicator.correction.level).names))
    for step in methodology.steps:
        if isinstance(step, Impute) and step.weight is not None:
            names[step.weight] = None
    # An indicator that is derived, or that another column holds, is not in the data by its code.
    made = {i.code for i in methodology.indicators if i.derive is not None or i.column is not None}
    return tuple(name for name in names if name in read or name not in made)


def text_columns(methodology: Methodology) -> tuple[str, ...]:
    """Return every column of categories or group names that a method reads."""
    recoded = (i for i in methodology.indicators if i.recode is not None and i.derive is None)
    names = [indicator.column or indicator.code for indicator in recoded]
    return tuple(dict.fromkeys([*names, *_groupings(methodology)]))


def _groupings(methodology: Methodology) -> list[str]:
    """Return every grouping of units that a method reads."""
    names = [*_demanded_groupings(methodology), *(each.by for each in methodology.averages)]
    return names + [step.by for step in audited_imputations(methodology) if step.by is not None]


def _demanded_groupings(methodology: Methodology) -> list[str]:
    """Return every grouping without which the index cannot be built."""
    return [step.by for step in methodology.steps if isinstance(step, Impute) and step.by]


def lay_out(methodology: Methodology, observations: Observations, about: Units) -> State:
    """Return the figures as the first state of a build.

    Raises
    ------
    MethodError
        If the method needs columns that neither the data nor the units have.
    """
    table = observations.table
    periods = np.array(sorted(observations.periods) or [0], dtype=np.int64)
    rows = len(observations.units) * len(periods)
    present = set(table["variable"].unique().to_list()) | set(observations.variables)
    # Averages and audits use what is at hand; nothing else can do without its columns.
    wanted = set(_wished(methodology)) - set(_demanded(methodology))
    absent = wanted - present - set(about.figures)
    needed = tuple(name for name in numeric_columns(methodology) if name not in absent)
    silent = _without_figures(methodology, observations, present)
    _refuse_absent(methodology, [name for name in needed if name not in silent], present, about)
    tree = methodology.tree
    extras = tuple(name for name in needed if name not in tree.codes)
    columns = (*tree.codes, *extras)
    place = {name: columns.index(name) for name in needed}

    cells = table.filter(pl.col("variable").is_in([n for n in needed if n in present]))
    at_row = _rows(cells, observations.units, periods)
    at_column = _numbers(cells["variable"], place)
    values = np.full((rows, len(columns)), np.nan)
    years = np.zeros((rows, len(columns)), np.int32)
    sources = np.full((rows, len(columns)), -1, np.int32)
    known = cells["value"].is_not_null().to_numpy() | cells["text"].is_not_null().to_numpy()
    values[at_row, at_column] = cells["value"].fill_null(np.nan).to_numpy()
    years[at_row[known], at_column[known]] = periods[at_row[known] % len(periods)]
    source_names = tuple(cells["source"].drop_nulls().unique().sort().to_list())
    if source_names:
        numbered = _numbers(
            cells["source"].fill_null(""), {s: k for k, s in enumerate(source_names)}
        )
        sources[at_row, at_column] = numbered
    row_units = np.repeat(np.arange(len(observations.units)), len(periods))
    for name in extras:
        if name not in present and name in about.figures:
            own = about.figure_of(name, observations.units)
            values[:, columns.index(name)] = own[row_units]
    copy_to_indicators(methodology, columns, (values, years, sources))
    return State(
        methodology=methodology,
        about=about,
        units=observations.units,
        row_units=row_units,
        row_periods=np.tile(periods, len(observations.units)),
        columns=columns,
        values=values,
        marks=np.zeros(values.shape, np.uint8),
        years=years,
        sources=sources,
        source_names=source_names,
        texts=_texts(methodology, table, observations.units, periods),
        weights=np.array(
            [i.weight for i in methodology.indicators] + [g.weight for g in methodology.groups]
        ),
        notes=(
            {"step": "read", "warnings": [*_unheard(silent), *_strangers(observations, about)]},
        ),
    )


def _unheard(silent: Sequence[str]) -> list[str]:
    return [f"no figure of {name!r}" for name in silent]


def _strangers(observations: Observations, about: Units) -> list[str]:
    """Warn of units of the data that the file of units does not have."""
    known = set(about.codes)
    strange = [unit for unit in observations.units if unit not in known]
    if not known or not strange:
        return []
    more = f" and {len(strange) - NAMED} more" if len(strange) > NAMED else ""
    return [
        f"{len(strange)} of {len(observations.units)} units of the data are not in the file of "
        f"units, so they have no name, group or weight: {', '.join(strange[:NAMED])}{more}"
    ]


def _without_figures(
    methodology: Methodology, observations: Observations, present: set[str]
) -> list[str]:
    """Return the indicators that a long file does not name because nobody has a figure.

    A file that names none of the indicators is another file, and nothing is returned.
    """
    own = [i.column or i.code for i in methodology.indicators if i.derive is None]
    absent = [name for name in own if name not in present]
    return absent if observations.layout == "long" and len(absent) < len(own) else []


def _refuse_absent(
    methodology: Methodology, needed: Sequence[str], present: set[str], about: Units
) -> None:
    known = present | set(about.figures)
    problems = [_absent(name, about) for name in needed if name not in known]
    grouped = present | set(about.groups) | set(about.figures)
    problems += [
        Problem("data", f"no grouping {name!r}", "a column of that name in --units or the data")
        for name in _demanded_groupings(methodology)
        if name not in grouped
    ]
    if problems:
        raise MethodError(f"method {methodology.id}", problems)


def _absent(name: str, about: Units) -> Problem:
    """Say that a column of figures is nowhere, or that --units has words in it."""
    if name not in about.groups:
        return Problem("data", f"no column or indicator {name!r}", "it in the data or in --units")
    cells = zip(about.codes, about.groups[name], strict=True)
    words = [f"{cell!r} (unit {unit})" for unit, cell in cells if cell and number_of(cell) is None]
    found = words[0] if words else "numbers with a 0 before them, or none"
    return Problem(f"--units, {name}", found, "a number, or an empty cell, for every unit")


def copy_to_indicators(
    methodology: Methodology, columns: tuple[str, ...], arrays: tuple[NDArray[Any], ...]
) -> None:
    """Give every indicator that names a `column` of the data what stands there."""
    named = [(j, i.column) for j, i in enumerate(methodology.indicators) if i.column is not None]
    own, source = [j for j, _ in named], [columns.index(column) for _, column in named]
    for array in arrays:
        array[:, own] = array[:, source]


def _numbers(series: pl.Series, numbers: Mapping[str, int]) -> NDArray[np.int64]:
    return series.replace_strict(numbers, default=-1, return_dtype=pl.Int64).to_numpy()


def _rows(
    cells: pl.DataFrame, units: tuple[str, ...], periods: NDArray[np.int64]
) -> NDArray[np.int64]:
    unit = _numbers(cells["unit"], {code: k for k, code in enumerate(units)})
    if not cells["period"].null_count() < len(cells):
        return unit * len(periods)
    return unit * len(periods) + np.searchsorted(periods, cells["period"].to_numpy())


def _texts(
    methodology: Methodology,
    table: pl.DataFrame,
    units: tuple[str, ...],
    periods: NDArray[np.int64],
) -> dict[str, NDArray[np.object_]]:
    texts = {}
    named = set(_groupings(methodology))
    for name in text_columns(methodology):
        cells = table.filter(pl.col("variable") == name)
        if name in named:  # groups may have numbers for names
            numbers = pl.Series(names_of(cells["value"].cast(float).to_numpy()), dtype=pl.String)
            cells = cells.with_columns(pl.col("text").fill_null(numbers))
        cells = cells.filter(pl.col("text").is_not_null())
        if cells.height:
            column = np.full(len(units) * len(periods), None, object)
            column[_rows(cells, units, periods)] = cells["text"].to_list()
            texts[name] = column
    return texts
