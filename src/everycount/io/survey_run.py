"""Survey estimates from files: read the design and the microdata, estimate, write the table."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, TypeVar

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.designs import read_design
from everycount.io.files import Content, place_problems, staged_folder, write_together
from everycount.io.ibis_source import IbisSource, ibis_source
from everycount.io.microdata import open_microdata
from everycount.io.partition import sorted_by
from everycount.io.results import csv_bytes, json_bytes
from everycount.io.rules import read_both
from everycount.model.design import SurveyDesign
from everycount.model.microdata import Microdata
from everycount.model.rules import Reliability
from everycount.survey.confidential import NOT_SHOWN, Concealed, conceal
from everycount.survey.disaggregate import Disaggregation, check_outcomes, disaggregate
from everycount.survey.ibis_disaggregate import ibis_disaggregate
from everycount.survey.joint_counts import joint_counts
from everycount.survey.merging import Joined, merged
from everycount.survey.plan import SurveyPlan, resolve
from everycount.survey.strata import NotGrouped

T = TypeVar("T")
Change = Callable[[SurveyDesign], SurveyDesign]
Engine = Literal["embedded", "ibis"]
ENDINGS = (".csv", ".parquet")
"""What tables are written as."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SurveyInputs:
    """A design and a file of microdata, with where they came from."""

    design: SurveyDesign
    source: Microdata
    trace: Mapping[str, Any]
    places: tuple[Path, ...]

    def refuse_overwriting(self, target: Path) -> None:
        """Raise InputError if a file to be written is one of the inputs."""
        taken = [place for place in self.places if place.exists()]
        if any(target.resolve() == place.resolve() for place in taken):
            problem = Problem(str(target), "a file that is read", "another name")
            raise InputError(target.name, [problem])


def read_survey(
    design: Path | str,
    microdata: Path | str,
    *,
    change: Change | None = None,
    engine: Engine = "embedded",
    backend: str = "duckdb",
) -> SurveyInputs:
    """Read a design and open a file of microdata.

    Parameters
    ----------
    design : Path or str
        A design file (TOML), ``-``, or the name of a shipped preset such as ``dhs``.
    microdata : Path or str
        A Parquet, CSV, Stata or SPSS file; for the engine ibis what
        `everycount.io.ibis_source.ibis_source` takes.
    change : callable, optional
        What the caller changes in the design, such as options of a command.
    engine : {"embedded", "ibis"}
        Whether the rows are read here, or asked of a database that Ibis reaches.
    backend : str
        Which database: duckdb, pyspark or a URL.

    Raises
    ------
    NotFound
        If a file does not exist.
    InputError
        With every fault of the design, or of the file as a whole.
    Unavailable
        If reading the format takes an extra that is not installed.
    """
    found = read_design(design)
    is_here = engine == "embedded"
    source = open_microdata(microdata) if is_here else ibis_source(backend, microdata)
    trace = {
        "everycount": version("everycount"),
        "engine": engine_facts(source),
        "inputs": [
            {"role": "design", "name": found.name, "sha256": found.digest},
            {"role": "microdata", "name": source.name, "sha256": source.digest},
        ],
    }
    return SurveyInputs(
        design=found.design if change is None else change(found.design),
        source=source,
        trace=trace,
        places=_places((design, microdata)),
    )


def _places(names: Collection[Path | str]) -> tuple[Path, ...]:
    """Return the files that are read, a database without the name of its table."""
    return tuple(Path(str(each).partition("::")[0]) for each in names)


def engine_facts(source: Microdata) -> dict[str, str]:
    """Return which engine works with a source, with its version, as plain data."""
    if isinstance(source, IbisSource):
        return {"name": "ibis", **source.engine}
    return {"name": "embedded", "version": version("everycount")}


def in_order(plan: SurveyPlan, work: Callable[[SurveyPlan], T]) -> T:
    """Do work with a plan; if rows of a unit do not stand together, sort the file first.

    Parameters
    ----------
    plan : SurveyPlan
        From `everycount.survey.plan.resolve`.
    work : callable
        Takes the plan, or the same with the rows sorted.
    """
    try:
        return work(plan)
    except NotGrouped:
        pass  # outside the handler, so that an error below does not speak of this one
    sampling = plan.design.sampling
    units = [sampling.psu, *(stage.units for stage in sampling.stages)]
    keys = [*sampling.strata, *(unit for unit in units if unit)]
    with sorted_by(plan.source, keys, plan.columns) as ordered:
        return work(replace(plan, source=ordered))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DisaggregationRun:
    """Estimates, and the files they were made from."""

    result: Disaggregation
    """All estimates, those that may not be published included."""
    inputs: SurveyInputs
    reliability: Reliability | None
    concealed: Concealed | None = None
    """What may be published, where the design names rules on confidentiality."""
    joined: tuple[Joined, ...] = ()
    """Levels that were joined before anything was hidden."""

    @property
    def table(self) -> pl.DataFrame:
        """Return the estimates that may be published."""
        return self.result.table if self.concealed is None else self.concealed.table

    @property
    def cells(self) -> int:
        """Return the number of cells in the table that may be published."""
        names = [coding.name for coding in self.result.plan.codings]
        return self.table.select(names).n_unique() if names else min(len(self.table), 1)

    @property
    def trace(self) -> dict[str, Any]:
        """Return what was done to how many rows, as plain data that may be published."""
        result, design, hidden = self.result, self.inputs.design, self.concealed
        sampling = design.sampling
        return {
            **self.inputs.trace,
            "title": design.title,
            "rows": result.rows,
            "excluded": [asdict(each) for each in result.excluded],
            "sampling": {
                "strata": result.strata,
                "units": result.units,
                "lonely": {"rule": sampling.lonely, "strata": list(result.lonely)},
                "variance": "replicates" if sampling.replicates else "linearisation",
            },
            "tables": len(result.moments.tables),
            "cells": self.cells,
            # Which cells have nobody is itself protected where cells are hidden.
            "empty": result.empty if hidden is None else None,
            "interval": {"level": design.level, "proportions": design.interval},
            "rules": {
                "reliability": None if self.reliability is None else asdict(self.reliability),
                "confidentiality": None if hidden is None else asdict(hidden.rules),
            },
            "joined": [
                {"characteristic": each.characteristic, "levels": list(each.levels)}
                for each in self.joined
            ],
            "hidden": {} if hidden is None else hidden_cells(hidden.table),
        }

    @property
    def inside(self) -> dict[str, Any]:
        """Return the trace with what was hidden and joined, why, and what is proven of it.

        For those inside: it says more of hidden cells than the published table may.
        """
        hidden = self.concealed
        return {
            **self.trace,
            "joined": [asdict(each) for each in self.joined],
            "hidden": {} if hidden is None else hidden_facts(hidden),
        }


def disaggregate_file(
    design: Path | str,
    microdata: Path | str,
    *,
    change: Change | None = None,
    engine: Engine = "embedded",
    backend: str = "duckdb",
) -> DisaggregationRun:
    """Estimate every outcome of a design in every crossing, from files.

    Parameters and faults are those of `read_survey`, and the faults of
    `everycount.survey.disaggregate.disaggregate`. A connection to a database stays open.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from tempfile import TemporaryDirectory
    >>> from everycount.io.sample import sample_path
    >>> from everycount.survey.simulate import simulate
    >>> def one_at_a_time(design):
    ...     return replace(design, crossings=replace(design.crossings, depth=1))
    >>> with TemporaryDirectory() as folder:
    ...     women = f"{folder}/women.parquet"
    ...     simulate().write_parquet(women)
    ...     run = disaggregate_file(sample_path("survey.toml"), women, change=one_at_a_time)
    >>> found = run.table.filter(outcome="internet", education="NONE")
    >>> found.select(pl.col("estimate", "ci_low", "ci_high").round(3), "n").row(0)
    (0.167, 0.15, 0.186, 2186)
    """
    inputs = read_survey(design, microdata, change=change, engine=engine, backend=backend)
    wanted = inputs.design
    rules, secrecy = read_both(wanted.reliability, wanted.confidentiality)
    plan = resolve(inputs.design, inputs.source)
    joined: tuple[Joined, ...] = ()
    counts = None
    if secrecy is not None:
        check_outcomes(plan.design, plan.source.name)
        counts = joint_counts(plan)
        plan, joined = merged(plan, counts, secrecy)
        counts = joint_counts(plan) if joined else counts
    if isinstance(plan.source, IbisSource):
        result = ibis_disaggregate(plan, plan.source.table, reliability=rules)
    else:
        result = in_order(plan, lambda ready: disaggregate(ready, reliability=rules))
    concealed = None
    if secrecy is not None:
        concealed = conceal(result, secrecy, counts=counts, reliability=rules)
    return DisaggregationRun(
        result=result, inputs=inputs, reliability=rules, concealed=concealed, joined=joined
    )


def hidden_cells(table: pl.DataFrame) -> dict[str, int]:
    """Return how many cells of each outcome are hidden, which anybody can count in the table."""
    gone = table.group_by("outcome", maintain_order=True).agg((pl.col("flag") == NOT_SHOWN).sum())
    return dict(gone.iter_rows())


def hidden_facts(concealed: Concealed) -> dict[str, Any]:
    """Return what was hidden, why, and what is proven of it, as plain data, for those inside."""
    return {
        "proven": concealed.is_proven,
        "errors_rounded": concealed.details,
        "words": list(concealed.words),
        "cells": concealed.lost.to_dicts(),
    }


def refuse_places(
    tables: Sequence[Path], *, read: Collection[Path | str], inside: Path | None = None
) -> None:
    """Refuse names that tables cannot have, so that nobody waits for figures in vain.

    Parameters
    ----------
    tables : sequence of Path
        Where tables are to go; their trace goes beside the first.
    read : collection of Path or str
        The design and the microdata.
    inside : Path, optional
        Where the trace for those inside is to go, to any folder.

    Raises
    ------
    InputError
        With every name that will not do.
    """
    never = _places(read)
    problems = [
        Problem(str(path), _ending(path), f"a name that ends in {' or '.join(ENDINGS)}")
        for path in tables
        if path.suffix.lower() not in ENDINGS
    ]
    places = [*tables, *(trace_place(each) for each in tables[:1])]
    if places:
        problems += place_problems(places, never=never)
    if inside is not None:
        if inside.resolve() in {each.resolve() for each in places}:
            problems.append(Problem(str(inside), "a name for two files", "a name for each"))
        problems += place_problems([inside], never=never)
    if problems:
        raise InputError("the output", problems)


def trace_place(table: Path) -> Path:
    """Return where the trace of a table goes: that of ``a.csv`` is ``a.trace.json`` beside it."""
    return table.parent / f"{table.stem}.trace.json"


def _ending(path: Path) -> str:
    return f"the ending {path.suffix!r}" if path.suffix else "no ending"


def write_tables(
    inputs: SurveyInputs, tables: Mapping[Path, pl.DataFrame], trace: Mapping[str, Any]
) -> tuple[Path, ...]:
    """Write tables as CSV or Parquet by the ending of their names, all or none, with a trace.

    Returns
    -------
    tuple of Path
        What was written: the tables, and `trace_place` of the first.

    Raises
    ------
    InputError
        With every name that will not do (`refuse_places`), or if the folder cannot be written to.
    """
    refuse_places(tuple(tables), read=inputs.places)
    contents: dict[Path, Content] = {
        path: table_bytes(path, table) for path, table in tables.items()
    }
    contents[trace_place(next(iter(tables)))] = json_bytes(trace)
    write_together(contents, never=inputs.places)
    return tuple(contents)


def write_folder(
    inputs: Sequence[SurveyInputs], folder: Path | str, files: Mapping[str, bytes]
) -> tuple[Path, ...]:
    """Write files into a folder, all or none, and return where.

    Raises
    ------
    InputError
        If one of them is an input, or the folder cannot be written to.
    """
    paths = tuple(Path(folder) / name for name in files)
    for path in paths:
        for each in inputs:
            each.refuse_overwriting(path)
    with staged_folder(folder) as stage:
        for name, content in files.items():
            stage(name, content)
    return paths


def write_inside(run: DisaggregationRun, path: Path) -> Path:
    """Write the trace with all that was hidden and why, as JSON, and return where.

    Raises
    ------
    InputError
        If the name will not do, or the folder cannot be written to.
    """
    refuse_places((), read=run.inputs.places, inside=path)
    write_together({path: json_bytes(run.inside)}, never=run.inputs.places)
    return path


def table_bytes(path: Path, table: pl.DataFrame) -> bytes:
    """Return a table as Parquet if the name ends so, otherwise as CSV."""
    if path.suffix.lower() != ".parquet":
        # An empty flag is an empty cell, not two quotation marks.
        return csv_bytes(table.with_columns(pl.col(pl.String).replace("", None)))
    buffer = BytesIO()
    table.write_parquet(buffer)
    return buffer.getvalue()
