"""Estimates from a survey. Microdata never come here: they stay in the office that holds them."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.designs import parse_design
from everycount_hub.contents import Bundle, Expected
from everycount_hub.contents.archive import read_archive

DESIGN, ESTIMATES, TRACE = "survey.toml", "estimates.csv", "estimates.trace.json"
DIFFERENCES, FIGURES = "differences.csv", "observations.csv"
EXPECTED = Expected(required=(DESIGN, ESTIMATES, TRACE), optional=(DIFFERENCES, FIGURES))
COLUMNS = ("outcome", "statistic", "estimate", "std_error", "ci_low", "ci_high", "n", "flag")
"""Columns of the table of estimates that pages show, besides one for each characteristic."""


def make(place: Path, name: str) -> Bundle:
    """Read what ``everycount survey disaggregate`` wrote.

    Raises
    ------
    InputError
        With every fault of the design, or if table, trace and design do not belong together.
    """
    files = read_archive(place, name, EXPECTED)
    design = parse_design(files[DESIGN], subject=DESIGN)
    table = _table(files[ESTIMATES], name)
    problems = [*_lacking(table, [each.name for each in design.outcomes])]
    trace = _trace(files[TRACE], name)
    if trace.get("title") != design.title:
        problems.append(Problem(TRACE, repr(trace.get("title")), f"of {design.title!r}"))
    if problems:
        raise InputError(name, problems)
    facts = {
        "title": design.title,
        "outcomes": len(design.outcomes),
        "estimates": table.height,
        "rows": trace.get("rows"),
    }
    return Bundle(files=files, facts=facts)


def _table(content: bytes, name: str) -> pl.DataFrame:
    try:
        return pl.read_csv(io.BytesIO(content), infer_schema=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        problem = Problem(ESTIMATES, str(error).splitlines()[0], "a CSV table of estimates")
        raise InputError(name, [problem]) from error


def _lacking(table: pl.DataFrame, outcomes: list[str]) -> Iterator[Problem]:
    for column in COLUMNS:
        if column not in table.columns:
            yield Problem(f"{ESTIMATES}, column {column}", "no such column", "this column")
    if "outcome" in table.columns:
        for other in sorted(set(table["outcome"].drop_nulls()) - set(outcomes)):
            expected = f"an outcome of the design: {', '.join(outcomes)}"
            yield Problem(f"{ESTIMATES}, column outcome", repr(other), expected)


def _trace(content: bytes, name: str) -> dict[str, object]:
    try:
        trace = json.loads(content)
    except ValueError as error:
        raise InputError(name, [Problem(TRACE, str(error), "JSON")]) from error
    if not isinstance(trace, dict):
        raise InputError(name, [Problem(TRACE, type(trace).__name__, "a JSON object")])
    return trace
