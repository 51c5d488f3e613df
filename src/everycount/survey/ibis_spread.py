"""How unit totals spread within a stratum and a cell: asked of a database, and read back."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.survey.ibis_columns import real, share
from everycount.survey.slots import OutcomeSlots, SlotPlan

Expr = Any
"""An Ibis expression: Ibis is an optional part and has no types of its own here."""
FloatArray = npt.NDArray[np.float64]
Centre = tuple[float, float]
"""About the means of A and C, the two totals of an outcome, over the rows that were asked."""
ROUNDING = 1e-12
"""Share of a sum of squares below which a difference is rounding: what millions of sums leave."""


def with_complements(table: Expr, slots: SlotPlan) -> tuple[Expr, list[str]]:
    """Return a table of totals with C of each proportion, and the names of what was added.

    C is the weight of those without the outcome; taken off the sums, it would lose its digits
    where there are few of them.
    """
    own = {
        f"c{at}": table[f"s{each.weight}"] - table[f"s{each.value}"]
        for at, each in enumerate(slots.outcomes)
        if each.is_share
    }
    return (table.mutate(**own) if own else table), list(own)


def spread_of_units(table: Expr, slots: SlotPlan) -> dict[str, Expr]:
    """Return aggregates of unit totals: units with members, variances and covariances.

    Parameters
    ----------
    table : Ibis table
        A row for each unit and cell, from `with_complements`.
    slots : SlotPlan
        Where the sums stand.
    """
    asked_for: dict[str, Expr] = {}
    for at, each in enumerate(slots.outcomes):
        first, second = (table[name] for name in _totals(at, each))
        asked = table[f"s{each.asked}"] > 0
        asked_for |= {
            f"u{at}": share(asked).sum(),
            f"k{at}": share(table[f"s{each.rows}"] > 0).sum(),
            # Databases sum distances from a running mean here, which lose no digits.
            f"aa{at}": first.var(where=asked, how="pop"),
            f"ac{at}": first.cov(second, where=asked, how="pop"),
            f"cc{at}": second.var(where=asked, how="pop"),
        }
    return asked_for


def squares_of_rows(
    table: Expr, slots: SlotPlan, centres: Sequence[Centre]
) -> tuple[Expr, list[str]]:
    """Return rows that are units with distances from a centre, their squares and products.

    They can be added up in any order, so that rows can be summed before they are spread over
    tables; and near a centre they lose few digits.

    Parameters
    ----------
    table : Ibis table
        A row for each unit.
    slots : SlotPlan
        Where the sums stand.
    centres : sequence of pairs of float
        About the means of A and C, for each outcome.

    Returns
    -------
    Ibis table
        With the new columns, those of `with_complements` too.
    list of str
        Their names.
    """
    table, complements = with_complements(table, slots)
    own: dict[str, Expr] = {}
    for at, (each, centre) in enumerate(zip(slots.outcomes, centres, strict=True)):
        asked = table[f"s{each.asked}"]
        first, second = (
            table[name] - asked * real(middle)
            for name, middle in zip(_totals(at, each), centre, strict=True)
        )
        own |= {
            f"d{at}": first,
            f"e{at}": second,
            f"aa{at}": first * first,
            f"ac{at}": first * second,
            f"cc{at}": second * second,
        }
    return table.mutate(**own), [*complements, *own]


def read_totals(part: pl.DataFrame, at: int, place: OutcomeSlots) -> FloatArray:
    """Return the sums of A and C of one outcome, (cells, 2)."""
    return np.stack([part[name].to_numpy() for name in _totals(at, place)], axis=-1)


def read_members(part: pl.DataFrame, at: int, place: OutcomeSlots) -> FloatArray:
    """Return the units with members, and with members that count, (cells, 2)."""
    is_row = f"u{at}" not in part.columns
    names = (f"s{place.asked}", f"s{place.rows}") if is_row else (f"u{at}", f"k{at}")
    return np.stack([part[name].to_numpy() for name in names], axis=-1)


def read_spread(part: pl.DataFrame, at: int, place: OutcomeSlots) -> FloatArray:
    """Return squares and products of the distances of A and C from their means, (cells, 3)."""
    spread = part.select(f"aa{at}", f"ac{at}", f"cc{at}").fill_null(0.0).to_numpy()
    members = read_members(part, at, place)[:, :1]
    if f"d{at}" not in part.columns:
        return np.asarray(spread * members)
    first, second = part.select(f"d{at}", f"e{at}").to_numpy().T
    products = np.stack([first * first, first * second, second * second], axis=-1)
    found = spread - products / np.maximum(members, 1)
    # Values that are all the same leave nothing but rounding, in A or in C.
    is_same = found[:, [0, 2]] < ROUNDING * spread[:, [0, 2]]
    found[is_same[:, 0], :2] = 0.0
    found[is_same[:, 1], 1:] = 0.0
    return np.asarray(found)


def _totals(at: int, place: OutcomeSlots) -> tuple[str, str]:
    """Return the columns of A and C."""
    return f"s{place.value}", f"c{at}" if place.is_share else f"s{place.other}"
