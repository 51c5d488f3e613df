"""Survey estimates of any statistic, and differences between groups, from files."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from everycount.arrays.multiple_tests import Adjustment
from everycount.errors import MethodError, Problem, Unavailable
from everycount.io.rules import read_both
from everycount.io.survey_run import (
    Change,
    DisaggregationRun,
    SurveyInputs,
    hidden_cells,
    read_survey,
)
from everycount.model.design import AGAINST, Outcome
from everycount.model.rules import Reliability
from everycount.survey.confidential import NOT_SHOWN, Concealed, conceal_table
from everycount.survey.differences import (
    Against,
    Freedom,
    Tables,
    UnitTables,
    differences,
)
from everycount.survey.estimate import Estimates, Margins, estimate
from everycount.survey.plan import resolve
from everycount.survey.quantiles import QuantileKind
from everycount.survey.resampled import Resampling, resample
from everycount.survey.sample import load
from everycount.survey.sample_tables import SampleTables
from everycount.survey.unit_totals import Memory, Sums, unit_totals

MEMORY = 500_000_000
"""Bytes of unit totals beyond which they go to the disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparisons:
    """Which groups are compared, and how tests are counted."""

    against: Against = field(default_factory=Against)
    adjust: Adjustment = "holm"
    df: Freedom = "groups"

    def of(self, tables: Tables, outcomes: tuple[int, ...] | None = None) -> pl.DataFrame:
        """Return the differences of some tables."""
        return differences(tables, outcomes, against=self.against, adjust=self.adjust, df=self.df)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EstimateRun:
    """Estimates, differences if they were asked for, and the files they were made from."""

    result: Estimates
    inputs: SurveyInputs
    reliability: Reliability | None
    by: tuple[str, ...]
    resampling: Resampling | None = None
    comparisons: Comparisons | None = None
    differences: pl.DataFrame | None = None
    """Those of which everything may be published."""
    concealed: Concealed | None = None

    @property
    def table(self) -> pl.DataFrame:
        """Return the estimates that may be published."""
        return self.result.table if self.concealed is None else self.concealed.table

    @property
    def trace(self) -> dict[str, Any]:
        """Return what was done to how many rows, as plain data that may be published."""
        sample, design, hidden = self.result.sample, self.inputs.design, self.concealed
        sampled, repeats = sample.sampled, sample.repeats
        lonely = [] if sampled is None else list(sampled.lonely[0])
        return {
            **self.inputs.trace,
            "title": design.title,
            "rows": sample.rows,
            "excluded": [asdict(each) for each in self.result.excluded],
            "by": list(self.by),
            "outcomes": [_facts(design.outcomes[at]) for at in self.result.outcomes],
            "sampling": {
                "strata": None if sampled is None else len(sampled.strata),
                "units": None if sampled is None else len(sampled.frames[0].stratum),
                "lonely": {"rule": design.sampling.lonely, "strata": lonely},
                "variance": "linearisation" if repeats is None else "replicates",
                "replicates": None if repeats is None else repeats.count,
                "resampling": None if self.resampling is None else asdict(self.resampling),
            },
            "interval": {
                "level": design.level,
                "proportions": design.interval,
                "quantiles": self.result.tables.quantiles,
            },
            "rules": {
                "reliability": None if self.reliability is None else asdict(self.reliability),
                "confidentiality": None if hidden is None else asdict(hidden.rules),
            },
            "hidden": {} if hidden is None else hidden_cells(hidden.table),
            "differences": None if self.comparisons is None else asdict(self.comparisons),
        }


def estimate_file(
    design: Path | str,
    microdata: Path | str,
    *,
    change: Change | None = None,
    margins: Margins = "without",
    quantiles: QuantileKind = "mean",
    resampling: Resampling | None = None,
    comparisons: Comparisons | None = None,
) -> EstimateRun:
    """Estimate the outcomes of a design in the crossing of its characteristics, from files.

    Parameters
    ----------
    design, microdata, change
        As of `everycount.io.survey_run.read_survey`. All characteristics of the design, after
        the change, are crossed.
    margins : {"with", "without"}
        Whether tables by some of the characteristics, and the total, are made as well.
    quantiles : str
        How limits of quantiles are made: see `everycount.survey.estimate.estimate`.
    resampling : Resampling, optional
        Replicate weights to make. Left out: those of the file, or linearisation.
    comparisons : Comparisons, optional
        Groups to compare. Where rules on confidentiality hide a figure or its error, no
        comparison with it is made; comparisons with the rest are refused then.

    Raises
    ------
    NotFound, InputError, MethodError, Unavailable
        As of `read_survey` and of what it is for.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from tempfile import TemporaryDirectory
    >>> from everycount.io.sample import sample_path
    >>> from everycount.survey.simulate import simulate
    >>> def by_schooling(design):
    ...     only = [each for each in design.characteristics if each.name == "education"]
    ...     return replace(design, characteristics=tuple(only), circumstances=())
    >>> with TemporaryDirectory() as folder:
    ...     women = f"{folder}/women.parquet"
    ...     simulate().write_parquet(women)
    ...     run = estimate_file(
    ...         sample_path("survey.toml"), women, change=by_schooling, comparisons=Comparisons()
    ...     )
    >>> found = run.differences.filter(outcome="internet", education="HIGH")
    >>> found.select("against_education", pl.col("difference", "ci_low", "ci_high").round(3)).row(0)
    ('NONE', 0.708, 0.684, 0.733)
    """
    inputs = read_survey(design, microdata, change=change)
    wanted = inputs.design
    rules, secrecy = read_both(wanted.reliability, wanted.confidentiality)
    if secrecy is not None and comparisons is not None:
        _refuse_rest(comparisons, inputs.source.name)
    plan = resolve(inputs.design, inputs.source)
    sample = load(plan)
    sample = sample if resampling is None else resample(sample, resampling)
    by = tuple(each.name for each in inputs.design.characteristics)
    result = estimate(sample, by=by, margins=margins, quantiles=quantiles, reliability=rules)
    table = None if comparisons is None else comparisons.of(result.tables, result.outcomes)
    concealed = None
    if secrecy is not None:
        concealed = conceal_table(plan, result.table, secrecy, reliability=rules)
        table = None if table is None else _shown(table, result.table, concealed, by)
    return EstimateRun(
        result=result,
        inputs=inputs,
        reliability=rules,
        by=by,
        resampling=resampling,
        comparisons=comparisons,
        differences=table,
        concealed=concealed,
    )


def crossing_differences(run: DisaggregationRun, comparisons: Comparisons) -> pl.DataFrame:
    """Return the differences between groups in all one- and two-way tables of a run.

    The rows are read once more, and reduced to totals of sampled units, which go to the disk
    where they are large; with replicate weights all rows are held in memory. Where rules on
    confidentiality hide cells, so they do here, and no error is given that is withheld there.

    Parameters
    ----------
    run : DisaggregationRun
        From `everycount.io.survey_run.disaggregate_file`.
    comparisons : Comparisons
        Groups to compare.

    Raises
    ------
    MethodError
        If there is nothing to compare, or comparisons with the rest are asked for where cells are
        hidden, since those could be worked out from them.
    """
    if run.concealed is not None:
        _refuse_rest(comparisons, run.inputs.source.name)
    plan = replace(run.result.plan, source=run.inputs.source)
    wanted = tuple(table for table in plan.tables() if 0 < len(table) < 3)
    if plan.design.sampling.replicates:
        found = comparisons.of(SampleTables.of(load(plan), wanted))
    else:
        with disk_shelf() as shelf:
            totals = unit_totals(plan, wanted, shelf=shelf)
            found = comparisons.of(UnitTables(of=totals))
    if run.concealed is None:
        return found
    names = [coding.name for coding in run.result.plan.codings]
    return _shown(found, run.result.table, run.concealed, names)


def _refuse_rest(comparisons: Comparisons, subject: str) -> None:
    """Refuse comparisons from which hidden cells could be worked out."""
    if comparisons.against.kind == "rest":
        expected = "reference, pairs or best, where rules on confidentiality apply"
        raise MethodError(subject, [Problem("differences, against", "rest", expected)])


def _shown(
    found: pl.DataFrame, whole: pl.DataFrame, concealed: Concealed, names: Sequence[str]
) -> pl.DataFrame:
    """Return comparisons of cells of which everything is published."""
    keys = ["outcome", *names]
    both = whole.join(concealed.table, on=keys, how="inner", suffix=" shown")
    open_ = both.filter(
        pl.col("flag shown") != NOT_SHOWN,
        *(pl.col(name).eq_missing(pl.col(f"{name} shown")) for name in ("std_error", "df")),
    ).select(keys)
    against = ["outcome", *(AGAINST + name for name in names)]
    return found.join(open_, on=keys, how="semi", maintain_order="left").join(
        open_, left_on=against, right_on=keys, how="semi", maintain_order="left"
    )


@dataclass(slots=True, kw_only=True, eq=False)
class DiskShelf:
    """Keeps sums of units in memory up to a limit, beyond it as Parquet files in a folder."""

    folder: Path
    limit: int = MEMORY
    held: Memory = field(default_factory=Memory)
    size: int = 0
    files: dict[int, list[Path]] = field(default_factory=dict)

    def put(self, table: int, part: Sums) -> None:
        """Keep a part of the sums of a table."""
        self.held.put(table, part)
        self.size += part.unit.nbytes + part.cell.nbytes + part.values.nbytes
        if self.size > self.limit:
            self._spill()

    def take(self, table: int) -> list[Sums]:
        """Return the parts of a table in the order they came."""
        stored = [_sums(pl.read_parquet(path)) for path in self.files.get(table, [])]
        return [*stored, *self.held.take(table)]

    def _spill(self) -> None:
        """Write what is held, and let it go."""
        for table, parts in self.held.parts.items():
            paths = self.files.setdefault(table, [])
            path = self.folder / f"{table}-{len(paths)}.parquet"
            try:
                pl.concat(map(_frame, parts)).write_parquet(path)
            except OSError as error:
                raise Unavailable(
                    f"totals of units must go to the disk, and {self.folder} refuses "
                    f"({error.strerror or error}); the variable TMPDIR names another folder"
                ) from error
            paths.append(path)
        self.held, self.size = Memory(), 0


@contextmanager
def disk_shelf(limit: int = MEMORY) -> Iterator[DiskShelf]:
    """Give a shelf whose files are gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="everycount-") as folder:
        yield DiskShelf(folder=Path(folder), limit=limit)


def _frame(part: Sums) -> pl.DataFrame:
    """Return sums as a table."""
    values = {f"value {at}": column for at, column in enumerate(part.values.T)}
    return pl.DataFrame({"unit": part.unit, "cell": part.cell, **values})


def _sums(frame: pl.DataFrame) -> Sums:
    """Return sums from a table."""
    values = np.asarray(frame.drop("unit", "cell").to_numpy(), float)
    return Sums(unit=frame["unit"].to_numpy(), cell=frame["cell"].to_numpy(), values=values)


def _facts(outcome: Outcome) -> dict[str, Any]:
    """Return what was estimated of an outcome."""
    facts: dict[str, Any] = {
        "name": outcome.name,
        "statistic": outcome.statistic,
        "weight": outcome.weight,
        "interval": outcome.interval,
    }
    if outcome.statistic == "proportion":
        facts["share_of"] = outcome.share_of
    if outcome.statistic == "quantile":
        facts |= {"probability": outcome.probability, "rule": outcome.rule}
    return facts
