"""Describe a survey as its design understands it: strata, units, weights, what is missing."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.survey.batch import Batch, batches
from everycount.survey.coding import Coding
from everycount.survey.findings import Excluded, Findings, no_rows
from everycount.survey.plan import SurveyPlan
from everycount.survey.sampled import STRATA, UNITS
from everycount.survey.strata import named, note_doubles

FloatArray = npt.NDArray[np.float64]
STRATUM, UNIT = STRATA.format(1), UNITS.format(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How the sampling weights are spread over the rows that have one above 0."""

    rows: int
    zero: int
    smallest: float
    largest: float
    total: float
    effect: float
    """Kish's design effect of unequal weights: 1 + the square of their coefficient of
    variation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelCount:
    """A level of a characteristic and its rows."""

    code: str
    label: str
    rows: int
    weighted: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CharacteristicCounts:
    """A characteristic and its levels as found in the file."""

    name: str
    label: str
    levels: tuple[LevelCount, ...]
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCounts:
    """An outcome: rows that count, and their weight."""

    name: str
    label: str
    rows: int
    weighted: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyDescription:
    """What a design understood of a file."""

    title: str
    rows: int
    strata: int
    units: int
    lonely: tuple[str, ...]
    """Strata with one sampled unit."""
    rows_per_unit: tuple[int, float, int]
    """Smallest, mean, largest number of rows of a unit."""
    weights: Weights
    replicates: int
    characteristics: tuple[CharacteristicCounts, ...]
    outcomes: tuple[OutcomeCounts, ...]
    excluded: tuple[Excluded, ...]
    tables: int
    cells: int


@dataclass(slots=True, eq=False)
class _Sums:
    """What is added up on the way through the file."""

    levels: list[FloatArray]
    outcomes: FloatArray
    findings: Findings = field(default_factory=Findings)
    units: list[pl.DataFrame] = field(default_factory=list)
    weights: list[tuple[float, ...]] = field(default_factory=list)

    def add(self, batch: Batch) -> None:
        """Add a batch."""
        base = np.nan_to_num(batch.base)
        for sums, codes in zip(self.levels, batch.codes, strict=True):
            sums[0] += np.bincount(codes, minlength=sums.shape[1])
            sums[1] += np.bincount(codes, base, sums.shape[1])
        for at, each in enumerate(batch.measures):
            self.outcomes[at] += [each.counts.sum(), each.weight.sum()]
        positive = base[base > 0]
        least, most = (positive.min(), positive.max()) if len(positive) else (np.inf, 0.0)
        squares = (positive * positive).sum()
        self.weights.append((len(positive), len(base), least, most, positive.sum(), squares))
        self.units.append(_units(batch))


def describe(plan: SurveyPlan) -> SurveyDescription:
    """Go through the file once and say what the design understood.

    Parameters
    ----------
    plan : SurveyPlan
        From `everycount.survey.plan.resolve`.

    Raises
    ------
    InputError
        With every fault of the rows, counted.
    MethodError
        If the file has no rows.
    """
    tables = plan.wanted
    outcomes = plan.design.outcomes
    sums = _Sums(
        levels=[np.zeros((2, len(coding.levels) + 1)) for coding in plan.codings],
        outcomes=np.zeros((len(outcomes), 2)),
    )
    for batch in batches(plan, 1, sums.findings):
        sums.add(batch)
    if not sums.units:
        raise no_rows(plan.source.name)
    units = pl.concat(sums.units).group_by(pl.exclude("rows")).agg(pl.sum("rows"))
    if not plan.design.sampling.nested and UNIT in units.columns:
        _note_doubles(units, sums.findings)
    sums.findings.raise_faults(plan.source.name)
    strata, sizes = _sampled(units)
    return SurveyDescription(
        title=plan.design.title,
        rows=plan.source.rows,
        strata=len(strata),
        units=int(strata["units"].sum()),
        lonely=tuple(named((key,)) for key in strata.filter(pl.col("units") == 1)[STRATUM]),
        rows_per_unit=sizes,
        weights=_weights(sums.weights),
        replicates=len(plan.replicates),
        characteristics=tuple(
            _characteristic(coding, counts)
            for coding, counts in zip(plan.codings, sums.levels, strict=True)
        ),
        outcomes=tuple(
            OutcomeCounts(
                name=each.name, label=each.label, rows=int(rows), weighted=float(weighted)
            )
            for each, (rows, weighted) in zip(outcomes, sums.outcomes, strict=True)
        ),
        excluded=(*plan.excluded, *sums.findings.left_out),
        tables=len(tables),
        cells=plan.cells(tables),
    )


def _units(batch: Batch) -> pl.DataFrame:
    """Return the units of a batch with their rows; strata with theirs where a row is a unit."""
    keys = pl.concat([batch.strata, batch.units], how="horizontal")
    rows = pl.Series("rows", np.diff(batch.starts))
    return keys.with_columns(rows).group_by(keys.columns, maintain_order=True).agg(pl.sum("rows"))


def _note_doubles(units: pl.DataFrame, findings: Findings) -> None:
    """Note units that lie in two strata, with their rows."""
    doubled = units.group_by(UNIT).agg(pl.len().alias("strata"), pl.sum("rows"))
    doubled = doubled.filter(pl.col("strata") > 1)
    note_doubles({named((unit,)): rows for unit, _, rows in doubled.iter_rows()}, findings)


def _sampled(units: pl.DataFrame) -> tuple[pl.DataFrame, tuple[int, float, int]]:
    """Return the strata with their units, in order, and the spread of the rows of a unit."""
    if UNIT not in units.columns:
        return units.rename({"rows": "units"}).sort(STRATUM), (1, 1.0, 1)
    strata = units.group_by(STRATUM).agg(pl.len().alias("units"))
    return strata.sort(STRATUM), _spread(units["rows"])


def _spread(sizes: pl.Series) -> tuple[int, float, int]:
    """Return the smallest, the mean and the largest."""
    values = sizes.to_numpy()
    return int(values.min()), float(values.mean()), int(values.max())


def _weights(parts: list[tuple[float, ...]]) -> Weights:
    """Return the spread of weights from that of batches."""
    counts, rows, least, most, total, squares = np.array(parts).T
    positive, people = counts.sum(), total.sum()
    return Weights(
        rows=int(positive),
        zero=int(rows.sum() - positive),
        smallest=float(least.min()) if positive else float("nan"),
        largest=float(most.max()),
        total=float(people),
        effect=float(positive * squares.sum() / people**2) if people > 0 else float("nan"),
    )


def _characteristic(coding: Coding, counts: FloatArray) -> CharacteristicCounts:
    """Return a characteristic with the rows of its levels."""
    return CharacteristicCounts(
        name=coding.name,
        label=coding.label,
        levels=tuple(
            LevelCount(code=level.code, label=level.label, rows=int(rows), weighted=float(weighted))
            for level, rows, weighted in zip(coding.levels, *counts[:, :-1], strict=True)
        ),
        missing=int(counts[0, -1]),
    )
