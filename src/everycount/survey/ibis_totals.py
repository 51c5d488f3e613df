"""The moments of all cells from an Ibis table: what the kernel does, done by a database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.arrays.tables import TablePlan, cell_codes, plan_tables, table_strides
from everycount.errors import InputError, MethodError, Problem
from everycount.survey.findings import Findings
from everycount.survey.ibis_checks import Checked, check_rows, strata_of, stratum_and_unit
from everycount.survey.ibis_columns import level_of, measured, plain, real, share
from everycount.survey.ibis_queries import streamed
from everycount.survey.ibis_spread import (
    Centre,
    read_members,
    read_spread,
    read_totals,
    spread_of_units,
    squares_of_rows,
    with_complements,
)
from everycount.survey.moments import WHOLE, Folded, StratumMoments
from everycount.survey.plan import SurveyPlan
from everycount.survey.slots import OutcomeSlots, SlotPlan, plan_slots
from everycount.survey.strata import Key, Stratum
from everycount.survey.totals import CellMoments, lonely_error

Expr = Any
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
ROWS = 100_000
"""Rows of the result that are in memory at a time; one for each stratum and cell with members."""


def ibis_moments(plan: SurveyPlan, table: Expr) -> CellMoments:
    """Return the moments of all cells, made where the rows are.

    Parameters
    ----------
    plan : SurveyPlan
        The design, resolved, with one stage that adds to the variance.
    table : Ibis table
        The microdata, in any order.

    Returns
    -------
    CellMoments
        As `everycount.survey.totals.cell_moments` gives them, but for the order of summation,
        which is the database's.

    Raises
    ------
    InputError
        With every fault of the rows, counted; if there are not as many as the source says.
    MethodError
        If the design has replicate weights or further stages with variance, there are more cells
        than allowed, no rows, or a stratum with one unit and the rule is to fail.

    Notes
    -----
    The rows are read three times: to check them, to count units, and to sum. The sums are one
    query. Rows are summed by unit and joint level of all characteristics, if that leaves half of
    them at most. Then each is turned into one row for each table (an array of cells, unnested);
    these are summed by unit and cell, and the sums and their products by stratum and cell. No
    grouping sets are asked for, so that any backend with arrays will do.
    """
    _refuse(plan)
    tables = plan.tables()
    whole = plan_tables([size + 1 for size in plan.sizes], tables, ["person"] * len(plan.sizes))
    findings, cells = Findings(), plain(table, plan.columns)
    checked = check_rows(plan, cells, findings)
    _refuse_other_rows(plan, checked.rows)
    strata = strata_of(plan, cells, findings)
    findings.raise_faults(plan.source.name)
    lonely = [each.name for each, size in strata.values() if each.units == 1 and size > 1 + WHOLE]
    if lonely and plan.design.sampling.lonely == "fail":
        raise lonely_error(lonely, plan.source.name)
    slots = plan_slots(plan.design.outcomes, checked.own)
    units = sum(each.units for each, _ in strata.values())
    groups = len(strata) if plan.design.sampling.psu is None else units
    sums = _by_stratum(plan, cells, whole, slots=slots, checked=checked, groups=groups)
    folded, totals = _fold(plan, sums, strata, whole=whole, slots=slots)
    return CellMoments(
        plan=plan,
        tables=tables,
        codes=cell_codes(whole),
        slots=slots,
        shifts=checked.shifts,
        totals=totals,
        folded=folded,
        findings=findings,
        units=units,
        strata=len(strata),
        lonely=tuple(lonely),
    )


def _refuse(plan: SurveyPlan) -> None:
    """Refuse designs that the query does not know."""
    sampling, problems = plan.design.sampling, []
    if sampling.replicates:
        problems.append(Problem("engine", "replicate weights", "the embedded engine for them"))
    elif sampling.stages_of_variance > 1:
        found = f"{sampling.stages_of_variance} stages that add to the variance"
        problems.append(Problem("engine", found, "one; the embedded engine knows several"))
    if problems:
        raise MethodError(plan.source.name, problems)


def _refuse_other_rows(plan: SurveyPlan, rows: int) -> None:
    """Refuse a table that is not the one that was opened, or that is read as another."""
    if rows != plan.source.rows:
        expected = f"the {plan.source.rows:,} rows it had when it was opened"
        raise InputError(plan.source.name, [Problem("file", f"{rows:,} rows", expected)])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rows:
    """Rows made ready to be summed, and what they are summed by."""

    table: Expr
    strata: list[str]
    keys: list[str]
    """Columns of the stratum and of the unit, if rows are not units."""
    levels: list[str]
    added: list[str]
    """Columns of what each row adds up."""
    whole: TablePlan
    slots: SlotPlan

    def summed(self, table: Expr, names: Sequence[str]) -> Expr:
        """Return columns summed by joint level."""
        return _summed(table, [*self.keys, *self.levels], names)

    def spread(self, table: Expr, names: Sequence[str]) -> Expr:
        """Return each row once for each wanted table, with its cell there."""
        import ibis  # noqa: PLC0415  # an optional part

        cell = ibis.array(_cells(table, self.whole)).unnest()
        return table.select(*self.keys, *names, cell=cell)


def _by_stratum(
    plan: SurveyPlan,
    cells: Expr,
    whole: TablePlan,
    *,
    slots: SlotPlan,
    checked: Checked,
    groups: int,
) -> Expr:
    """Return the query: sums of slots and spread of units, by stratum and cell.

    `groups` is the number of units, or of strata where every row is a unit.
    """
    import ibis  # noqa: PLC0415

    keys = stratum_and_unit(plan, cells)
    # No level, whether not known or elsewhere, is the one after the last.
    levels = {
        f"v{at}": ibis.least(level_of(coding, cells[coding.column.name]), len(coding.levels))
        for at, coding in enumerate(plan.codings)
    }
    added = _added(plan, cells, slots, checked.shifts)
    rows = _Rows(
        table=cells.select(**keys, **levels, **added),
        strata=[name for name in keys if name != "unit"],
        keys=list(keys),
        levels=list(levels),
        added=list(added),
        whole=whole,
        slots=slots,
    )
    # Summing first costs the order of the rows, in which those of a unit often stand together.
    sums_first = groups * prod(whole.sizes) <= checked.rows / 2
    if sums_first and "unit" not in keys:
        sums = _of_joint_rows(rows, checked.centres)
    else:
        sums = _of_units(rows, sums_first=sums_first)
    return sums.order_by([*rows.strata, "cell"])


def _of_units(rows: _Rows, *, sums_first: bool) -> Expr:
    """Return sums by stratum and cell, and how the totals of units spread there."""
    table, names, slots = rows.table, rows.added, rows.slots
    if sums_first:
        table = rows.summed(table, names)
    units = rows.spread(table, names)
    if "unit" in rows.keys:
        units = _summed(units, [*rows.keys, "cell"], names)
    units, more = with_complements(units, slots)
    grouped = units.group_by([*rows.strata, "cell"])
    return grouped.aggregate(**_sums(units, [*names, *more]), **spread_of_units(units, slots))


def _of_joint_rows(rows: _Rows, centres: Sequence[Centre]) -> Expr:
    """Return the same of rows that are units, added up by joint level before they are spread."""
    table, more = squares_of_rows(rows.table, rows.slots, centres)
    names = [*rows.added, *more]
    return _summed(rows.spread(rows.summed(table, names), names), [*rows.keys, "cell"], names)


def _summed(table: Expr, keys: Sequence[str], names: Sequence[str]) -> Expr:
    """Return sums by some keys, or of all rows if there are none."""
    grouped = table.group_by(list(keys)) if keys else table
    return grouped.aggregate(**_sums(table, names))


def _sums(table: Expr, names: Sequence[str]) -> dict[str, Expr]:
    return {name: table[name].sum() for name in names}


def _cells(joint: Expr, whole: TablePlan) -> list[Expr]:
    """Return the cell of a joint level in each wanted table."""
    import ibis  # noqa: PLC0415

    cells = []
    for wanted, first in zip(whole.wanted, whole.first, strict=True):
        cell = ibis.literal(first, type="int64")
        for at, stride in zip(wanted, table_strides(whole.sizes, wanted), strict=True):
            cell = cell + joint[f"v{at}"] * stride
        cells.append(cell)
    return cells


def _added(
    plan: SurveyPlan, cells: Expr, slots: SlotPlan, shifts: Sequence[float]
) -> dict[str, Expr]:
    """Return what each row adds to each slot."""
    added: dict[str, Expr] = {}
    for outcome, place, shift in zip(plan.design.outcomes, slots.outcomes, shifts, strict=True):
        said = measured(plan.design, outcome, cells, plan.source.columns)
        counts, is_own = said["counts"], place.rows > 0
        weight = counts.ifelse(said["weight"], real(0))
        value = counts.ifelse(said["value"], real(0))
        near = counts.ifelse(said["value"] - real(shift), real(0)) if shift else value
        below = counts.ifelse(said["below"], real(0))
        # Slot 0, of rows, is for outcomes for which all count.
        added[f"s{place.rows}"] = share(counts) if is_own else real(1)
        if is_own:
            added[f"s{place.asked}"] = share(said["asked"])
        added[f"s{place.weight}"] = weight
        added[f"s{place.value}"] = weight * (value if place.is_total else near)
        if outcome.statistic == "ratio":
            added[f"s{place.other}"] = weight * below
            added[f"s{place.squares[1]}"] = weight * near * below
            added[f"s{place.squares[2]}"] = weight * below * below
        if place.squares:
            added[f"s{place.squares[0]}"] = weight * near * near
    return added


def _fold(
    plan: SurveyPlan,
    sums: Expr,
    strata: Mapping[Key, tuple[Stratum, float]],
    *,
    whole: TablePlan,
    slots: SlotPlan,
) -> tuple[Folded, FloatArray]:
    """Return covariances and sums of all cells from those of strata.

    What is added for a cell of a stratum needs no other, so that a stratum may come in parts.
    """
    sampling = plan.design.sampling
    has_rule = sampling.lonely in ("adjust", "average")
    folded = Folded.empty(whole.cells, len(slots.outcomes))
    totals = np.zeros((whole.cells, slots.count))
    for key, part in _parts(sums):
        each, population = strata[key]
        cells = part["cell"].to_numpy().astype(np.int64)
        members = _stacked(part, slots, read_members).astype(np.int64)
        folded.fold(
            StratumMoments(
                units=each.units,
                population=population,
                cells=cells,
                sums=_stacked(part, slots, read_totals),
                spread=_stacked(part, slots, read_spread),
                members=members[..., 0],
                counted=members[..., 1],
            ),
            sampling.lonely_domains if has_rule else "centre",
        )
        for name in part.columns:
            if name[0] == "s":
                totals[cells, int(name[1:])] += part[name].to_numpy()
    return folded, totals


def _parts(sums: Expr) -> Iterator[tuple[Key, pl.DataFrame]]:
    """Yield the cells of one stratum after the other, as many as a batch of the result holds."""
    for frame in streamed(sums, rows=ROWS):
        strata = [name for name in frame.columns if name[0] == "h"]
        if strata:
            yield from frame.group_by(strata, maintain_order=True)
        else:
            yield (), frame


def _stacked(
    part: pl.DataFrame,
    slots: SlotPlan,
    read: Callable[[pl.DataFrame, int, OutcomeSlots], FloatArray],
) -> FloatArray:
    """Return what is read of every outcome, (cells, outcomes, ...)."""
    return np.stack([read(part, at, each) for at, each in enumerate(slots.outcomes)], axis=1)
