"""Small areas from files: direct estimates and covariates in, modelled figures out, both marked."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from everycount.arrays.benchmark import Kind
from everycount.errors import InputError, Problem
from everycount.io.figure_table import FigureTable, as_figures, as_text, read_figure_table
from everycount.io.files import write_together
from everycount.io.results import json_bytes
from everycount.io.survey_run import table_bytes
from everycount.io.words import one_of
from everycount.survey.area_tables import AreaTable, area_table, characteristics
from everycount.survey.disaggregate import FIGURES
from everycount.survey.small_area import (
    AreaBenchmark,
    SmallAreaEstimates,
    SmallAreaOptions,
    beside,
    model_areas,
)

NUMBERS = tuple(name for name in FIGURES if name != "flag")
WHOLE = ("df", "n")
JOINED = "+"
"""What stands between the codes of levels that were joined to protect people."""
LISTED = 10
"""Codes that a message names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkChoice:
    """That modelled figures are to add up to the direct estimate over all areas."""

    kind: Kind = "ratio"
    population: str | None = None
    """Column of the covariates with the population of each area; totals need none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AreaRun:
    """Modelled figures of areas, the direct ones they rest on, and the files of both."""

    direct: AreaTable
    modelled: SmallAreaEstimates
    options: SmallAreaOptions
    seed: int
    inputs: Mapping[str, Any]
    """Version of the library, and name and digest of both files."""
    places: tuple[Path, ...]

    @property
    def table(self) -> pl.DataFrame:
        """Direct and modelled figures in one table, each row with its nature."""
        both = beside(self.direct.table, self.modelled)
        return both.with_columns(pl.col("flag").fill_null(""))

    @property
    def has_drawn(self) -> bool:
        """Tell whether random numbers had a part in the figures."""
        return self.options.transformation != "none"

    @property
    def trace(self) -> dict[str, Any]:
        """What was made of what and how, as plain data."""
        return {
            **self.inputs,
            "areas": list(self.direct.areas),
            "options": asdict(self.options),
            "seed": self.seed if self.has_drawn else None,
            "hidden": list(self.direct.hidden),
            "without_error": list(self.direct.without_error),
            "without_effect": list(self.direct.without_effect),
            "report": asdict(self.modelled.report),
        }

    def write(self, output: Path) -> tuple[Path, ...]:
        """Write the table as CSV, or as Parquet if the name ends so, with a trace beside it.

        Returns
        -------
        tuple of Path
            What was written: the trace of ``areas.csv`` is ``areas.trace.json``.

        Raises
        ------
        InputError
            If a name is that of an input, or cannot be written to.
        """
        contents = {
            output: table_bytes(output, self.table),
            output.with_suffix(".trace.json"): json_bytes(self.trace),
        }
        write_together(contents, never=self.places)
        return tuple(contents)


def model_area_files(
    estimates: Path | str,
    covariates: Path | str,
    areas: Sequence[str],
    *,
    outcome: str | None = None,
    options: SmallAreaOptions | None = None,
    benchmark: BenchmarkChoice | None = None,
    seed: int = 1,
) -> AreaRun:
    """Model areas with a table of estimates and a table of covariates, from files.

    Parameters
    ----------
    estimates : Path or str
        What `survey disaggregate` writes (CSV or Parquet), ``-`` for standard input. Its rows
        crossed by exactly the named characteristics are the direct estimates; a hidden one is
        none.
    covariates : Path or str
        CSV, Excel or Parquet, one row for each area, those without a sample too: the columns of
        areas with the same codes, and figures that are known of all.
    areas : sequence of str
        Characteristics that together name an area.
    outcome : str, optional
        Name of the outcome. Left out: the only one there is.
    options : SmallAreaOptions, optional
        How areas are modelled; its benchmark is replaced by `benchmark`.
    benchmark : BenchmarkChoice, optional
        Whether and how figures are made to add up to the direct estimate over all areas.
    seed : int
        Where the random numbers of a bootstrap start.

    Returns
    -------
    AreaRun

    Raises
    ------
    NotFound
        If a file does not exist.
    InputError
        With every fault of the tables.
    MethodError
        If the model cannot be fitted to them, with every area that stands in the way.
    """
    given, known = read_figure_table(estimates), read_figure_table(covariates)
    direct = _direct(given, areas, outcome)
    chosen = options or SmallAreaOptions()
    if benchmark is not None:
        target = _target(direct, given.name)
        made = AreaBenchmark(target=target, kind=benchmark.kind, population=benchmark.population)
        chosen = replace(chosen, benchmark=made)
    population = None if benchmark is None else benchmark.population
    figures = _covariates(known, areas, chosen.covariates, population)
    _refuse_other_codes(direct, figures, known.name)
    modelled = model_areas(
        direct.usable,
        figures,
        areas,
        options=chosen,
        rng=np.random.default_rng(seed),
    )
    return AreaRun(
        direct=direct,
        modelled=modelled,
        options=chosen,
        seed=seed,
        inputs={
            "everycount": version("everycount"),
            "inputs": [
                {"role": role, "name": each.name, "sha256": each.sha256}
                for role, each in (("estimates", given), ("covariates", known))
            ],
        },
        places=(given.place, known.place),
    )


def _direct(given: FigureTable, areas: Sequence[str], outcome: str | None) -> AreaTable:
    """Return the direct estimates of areas, their figures as numbers."""
    table = given.table
    if {"statistic", "estimate"} <= set(table.columns):
        table = as_text(table, characteristics(table))
    called = [f"row {row}" for row in range(1, table.height + 1)]
    columns = [name for name in NUMBERS if name in table.columns]
    table, problems = as_figures(table, columns, called=called, whole=WHOLE)
    if problems:
        raise InputError(given.name, problems)
    return area_table(table, areas, outcome=outcome, subject=given.name)


def _target(direct: AreaTable, subject: str) -> float:
    """Return the direct estimate over all areas."""
    if direct.total is None:
        problem = Problem(
            "benchmark",
            "no figure over all areas",
            "a row with _T in every characteristic, and a figure in it",
        )
        raise InputError(subject, [problem])
    return direct.total


def _covariates(
    known: FigureTable,
    areas: Sequence[str],
    names: Sequence[str] | None,
    population: str | None,
) -> pl.DataFrame:
    """Return the covariates, areas as text and figures as numbers."""
    has = known.table.columns
    keys = [name for name in areas if name in has]
    table = as_text(known.table, keys)
    used = [name for name in has if name not in areas] if names is None else names
    wanted = [name for name in dict.fromkeys([*used, population]) if name is not None]
    called = [f"row {number}" for number in range(1, table.height + 1)]
    if keys:
        labels = table.select(pl.concat_str(keys, separator=" / ")).to_series()
        called = [label or row for label, row in zip(labels, called, strict=True)]
    lacking = [
        Problem(f"column {name}", "no such column", one_of(has, found=name, noun="columns"))
        for name in dict.fromkeys([*areas, *wanted])
        if name not in has
    ]
    table, problems = as_figures(table, [name for name in wanted if name in has], called=called)
    if lacking or problems:
        raise InputError(known.name, [*lacking, *map(_advised, problems)])
    return table


def _refuse_other_codes(direct: AreaTable, covariates: pl.DataFrame, subject: str) -> None:
    """Refuse covariates whose areas are coded in another way than those of the estimates.

    Raises
    ------
    InputError
        With the codes of each column of areas that the covariates lack.
    """
    problems = []
    for name in direct.areas:
        wanted, known = (_codes(table[name]) for table in (direct.table, covariates))
        lacking = [code for code in wanted if code not in known]
        if not lacking:
            continue
        joined = [code for code in lacking if JOINED in code]
        expected = "the codes of the estimates, which are those of the levels in the design"
        if joined:
            expected += f"; {joined[0]} are levels joined there, so one area here too"
        found = f"{_listed(known)}, and no {_listed(lacking)}"
        problems.append(Problem(f"column {name}", found, expected))
    if problems:
        raise InputError(subject, problems)


def _codes(column: pl.Series) -> list[str]:
    return [str(code) for code in column.drop_nulls().unique(maintain_order=True)]


def _listed(codes: Sequence[str]) -> str:
    more = len(codes) - LISTED
    return ", ".join(codes[:LISTED]) + (f" and {more:,} more" if more > 0 else "")


def _advised(problem: Problem) -> Problem:
    """Return a problem of a column without any number with what there is to do."""
    if not problem.where.startswith("column "):
        return problem
    expected = "numbers; name the covariates to use if it is none of them"
    return replace(problem, expected=expected)
