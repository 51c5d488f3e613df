"""Characteristics as codes: which level each row belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isfinite

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.model.conditions import code_text
from everycount.model.design import Characteristic, Level
from everycount.model.microdata import Column
from everycount.survey.cells import as_codes, as_numbers, is_missing, look_up
from everycount.survey.findings import Findings
from everycount.survey.measure import tally

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
MISSING, UNKNOWN = -1, -2
"""Positions of a value that is not known and of one that belongs to no level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """A characteristic with all its levels, made or found.

    `cuts` holds the cut points of a characteristic that is cut from a score, else nothing.
    """

    characteristic: Characteristic
    column: Column
    levels: tuple[Level, ...]
    cuts: tuple[float, ...] = ()

    @property
    def name(self) -> str:
        """Return the name of the characteristic."""
        return self.characteristic.name

    @property
    def label(self) -> str:
        """Return the characteristic in words."""
        return self.characteristic.label or self.column.label or self.name

    @property
    def missing(self) -> int:
        """Return the code of rows that belong to no level."""
        return len(self.levels)

    def codes(self, series: pl.Series, findings: Findings) -> IntArray:
        """Return the level of each row from 0; `missing` where it has none.

        Parameters
        ----------
        series : Series
            The column of the microdata.
        findings : Findings
            Where unknown codes and rows left out are noted.
        """
        codes = self._positions(series)
        if codes.min(initial=0) >= 0:
            return codes
        missing, unknown = codes == MISSING, codes < MISSING
        codes[missing | unknown] = self.missing
        findings.leave_out(self.name, "not known", int(missing.sum()))
        if unknown.any():
            self._note(series.filter(pl.Series(unknown)), findings)
        return codes

    def _positions(self, series: pl.Series) -> IntArray:
        """Return the level of each row by its code or its number, or that there is none."""
        missing = is_missing(series, self.column, self.characteristic.missing)
        if self.cuts:
            numbers, _ = as_numbers(series)
            codes = np.searchsorted(self.cuts, numbers, side="left").astype(np.int64)
            codes[np.isnan(numbers)] = UNKNOWN
        else:
            codes = self._levels(series)
        codes[missing] = MISSING
        return codes

    def _levels(self, series: pl.Series) -> IntArray:
        """Return the level of each row by its code, or else by its number."""
        positions = {
            code_text(code): at for at, level in enumerate(self.levels) for code in level.values
        }
        ranges = [(at, level) for at, level in enumerate(self.levels) if not level.values]
        if positions:
            codes = look_up(as_codes(series), positions, other=UNKNOWN)
        else:
            codes = np.full(len(series), UNKNOWN, dtype=np.int64)
        if ranges:
            numbers, _ = as_numbers(series)
            for at, level in ranges:
                codes[(codes < 0) & _within(numbers, level)] = at
        return codes

    def _note(self, strange: pl.Series, findings: Findings) -> None:
        """Note codes that belong to no level."""
        if self.characteristic.elsewhere == "exclude":
            findings.leave_out(self.name, "in no level", len(strange))
            return
        where = f"characteristic {self.name}, column {self.column.name}"
        known = ", ".join(level.code for level in self.levels[:20])
        for found, rows in tally(strange):
            findings.fault(where, found, f"a code of one of its levels ({known})", rows=rows)


def _within(numbers: FloatArray, level: Level) -> BoolArray:
    """Tell which numbers lie in the range of a level."""
    above = numbers >= (-np.inf if level.at_least is None else level.at_least)
    below = numbers < (np.inf if level.below is None else level.below)
    return np.asarray(above & below)


def declared_levels(characteristic: Characteristic, column: Column) -> tuple[Level, ...]:
    """Return the levels that a characteristic declares, labelled; none if they must be found.

    Examples
    --------
    >>> age = Characteristic(name="age", bands=(15, 20, 25))
    >>> [level.code for level in declared_levels(age, Column(name="age", kind="number"))]
    ['15-19', '20-24']
    """
    if characteristic.bands:
        return tuple(
            Level(code=_band(low, high), label=_band(low, high), at_least=low, below=high)
            for low, high in pairwise(characteristic.bands)
        )
    if characteristic.cut:
        number = characteristic.cut.groups
        return tuple(
            Level(code=f"Q{at}", label=_fraction(at, number), values=(at,))
            for at in range(1, number + 1)
        )
    return tuple(
        replace(level, label=level.label or _file_label(level, column) or level.code)
        for level in characteristic.levels
    )


def found_levels(codes: Sequence[int | str], column: Column) -> tuple[Level, ...]:
    """Return a level for each code found in the file, in the order of numbers, then of texts.

    Text that is a number has the order of numbers, too: 9, 10, 11.

    Examples
    --------
    >>> column = Column(name="sex", kind="number", labels={"2": "Women"})
    >>> [(each.code, each.label) for each in found_levels([2, 1], column)]
    [('1', '1'), ('2', 'Women')]
    """

    def place(code: int | str) -> tuple[bool, float, str]:
        number = number_in(code)
        return number is None, number or 0.0, str(code)

    ordered = sorted(set(codes), key=place)
    labels = column.labels
    return tuple(
        Level(code=text, label=labels.get(text, text), values=(code,))
        for code in ordered
        for text in [code_text(code)]
    )


def number_in(code: int | str) -> float | None:
    """Return the number that a code is written as, None if it is none.

    Examples
    --------
    >>> number_in(2), number_in("010"), number_in("2.5"), number_in("nan")
    (2.0, 10.0, 2.5, None)
    """
    try:
        number = float(code)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _band(low: float, high: float) -> str:
    """Return the name of a band of whole numbers."""
    if float(low).is_integer() and float(high).is_integer():
        return f"{low:g}-{high - 1:g}" if high - low > 1 else f"{low:g}"
    return f"{low:g} to below {high:g}"


def _fraction(at: int, number: int) -> str:
    """Return the name of one of `number` equal groups, the poorest first."""
    names: Mapping[int, tuple[str, str]] = {5: ("Poorest fifth", "Richest fifth")}
    first, last = names.get(number, (f"Lowest of {number} groups", f"Highest of {number} groups"))
    if number == 5:
        return (first, "Second fifth", "Middle fifth", "Fourth fifth", last)[at - 1]
    return {1: first, number: last}.get(at, f"Group {at} of {number}")


def _file_label(level: Level, column: Column) -> str:
    """Return what the file calls the first code of a level."""
    return next((column.labels.get(code_text(code), "") for code in level.values), "")
