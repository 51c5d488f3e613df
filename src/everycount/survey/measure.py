"""Outcomes as numbers: what each row adds to a numerator and a denominator, and its weight."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.model.conditions import code_text
from everycount.model.design import Outcome
from everycount.model.microdata import Column
from everycount.survey.cells import as_codes, as_numbers, is_missing, look_up, universe
from everycount.survey.findings import SHOWN, UNCLEAR, Findings

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measure:
    """One outcome of every row of a batch.

    Rows that do not count (outside the universe, not known, without weight) have weight, value
    and denominator 0.
    """

    weight: FloatArray
    value: FloatArray
    counts: BoolArray
    asked: BoolArray
    """Rows in the universe with a weight, whether or not their answer is known: those whose units
    make the degrees of freedom."""
    denominator: FloatArray | None = None
    """For a ratio; otherwise every row counts as 1."""

    def part(self, rows: slice) -> "Measure":
        """Return the same of some rows."""
        below = self.denominator
        return Measure(
            weight=self.weight[rows],
            value=self.value[rows],
            counts=self.counts[rows],
            asked=self.asked[rows],
            denominator=None if below is None else below[rows],
        )


def measure(
    outcome: Outcome,
    frame: pl.DataFrame,
    *,
    columns: Mapping[str, Column],
    weight: FloatArray,
    findings: Findings,
) -> Measure:
    """Return what the rows of a batch say of an outcome.

    Parameters
    ----------
    outcome : Outcome
        What is measured, among whom.
    frame : DataFrame
        The batch, with the columns of the outcome.
    columns : mapping of str to Column
        What the file says of its columns.
    weight : float array, shape (rows,)
        Weight of the outcome, from `everycount.survey.sampled.weight_of`; NaN where a row has
        none.
    findings : Findings
        Where faults and rows left out are noted.
    """
    where = f"outcome {outcome.name}"
    counts, unclear = universe(frame, outcome.universe, columns.__getitem__)
    findings.leave_out(outcome.name, UNCLEAR, int(unclear.sum()))
    findings.leave_out(outcome.name, "outside the universe", int((~(counts | unclear)).sum()))
    has_weight = weight > 0  # NaN has not
    findings.leave_out(outcome.name, "without weight", int((counts & ~has_weight).sum()))
    counts &= has_weight
    asked = counts
    known = ~is_missing(frame[outcome.source], columns[outcome.source], outcome.missing)
    if outcome.denominator is not None:
        below = frame[outcome.denominator]
        known &= ~is_missing(below, columns[outcome.denominator], outcome.missing)
    findings.leave_out(outcome.name, "not known", int((counts & ~known).sum()))
    counts = counts & known
    value = _values(outcome, frame[outcome.source], counts, where, findings)
    if outcome.yes and not outcome.no:
        _seek(outcome, frame[outcome.source], counts, value, columns[outcome.source], findings)
    denominator = None
    if outcome.denominator is not None:
        place = f"{where}, column {outcome.denominator}"
        denominator = _numbers(frame[outcome.denominator], counts, place, findings)
    if counts.all():
        return Measure(
            weight=weight, value=value, counts=counts, asked=asked, denominator=denominator
        )
    return Measure(
        weight=np.where(counts, weight, 0.0),
        value=np.where(counts, value, 0.0),
        counts=counts,
        asked=asked,
        denominator=None if denominator is None else np.where(counts, denominator, 0.0),
    )


def _values(
    outcome: Outcome, series: pl.Series, counts: BoolArray, where: str, findings: Findings
) -> FloatArray:
    """Return the value of each row; anything where a row does not count."""
    place = f"{where}, column {outcome.source}"
    if outcome.yes:
        return _yes_or_no(outcome, series, counts, place, findings)
    numbers = _numbers(series, counts, place, findings)
    if outcome.statistic == "proportion":
        strange = counts & np.isfinite(numbers) & (numbers != 0) & (numbers != 1)
        if strange.any():
            expected = "0 or 1; or say in `yes` which codes count, or in `missing` which do not"
            for found, rows in tally(pl.Series(numbers[strange])):
                findings.fault(place, found, expected, rows=rows)
    return numbers


def _yes_or_no(
    outcome: Outcome, series: pl.Series, counts: BoolArray, place: str, findings: Findings
) -> FloatArray:
    """Return 1 for the codes of `yes` and 0 for the others, which must be in `no` if it is said."""
    positions = {code_text(code): 1 for code in outcome.yes}
    positions |= {code_text(code): 0 for code in outcome.no}
    found = look_up(as_codes(series), positions, other=-2 if outcome.no else 0)
    strange = counts & (found == -2)
    if strange.any():
        for code, rows in tally(series.filter(pl.Series(strange))):
            findings.fault(place, code, "a code of yes, no or missing", rows=rows)
    yes: FloatArray = (found == 1).astype(np.float64)
    return yes


def _seek(  # all that tells whether codes are meant
    outcome: Outcome,
    series: pl.Series,
    counts: BoolArray,
    value: FloatArray,
    column: Column,
    findings: Findings,
) -> None:
    """Note whether one of the codes of `yes` occurs, in rows that count or others."""
    place, codes = f"outcome {outcome.name}, column {outcome.source}", yes_codes(outcome)
    if value.any() or not column.labels.keys().isdisjoint(codes):
        findings.find(place)
    else:
        counted = series.filter(pl.Series(counts))
        findings.seek(place, codes, lambda: as_codes(counted).unique().cast(pl.String).to_list())


def yes_codes(outcome: Outcome) -> tuple[str, ...]:
    """Return the codes that count as 1, as text."""
    return tuple(map(code_text, outcome.yes))


def _numbers(series: pl.Series, counts: BoolArray, place: str, findings: Findings) -> FloatArray:
    """Return the numbers of a column, noting cells that count and are none."""
    numbers, strange = as_numbers(series)
    strange = strange & counts
    if strange.any():
        example = series.filter(pl.Series(strange))[0]
        found = f"text that is no number, such as {str(example)!r},"
        findings.fault(place, found, "numbers", rows=int(strange.sum()))
    return numbers


def tally(values: pl.Series) -> list[tuple[str, int]]:
    """Return the commonest values in words, with their rows, and the rest together.

    Examples
    --------
    >>> tally(pl.Series([7, 7, 8]))
    [("value '7'", 2), ("value '8'", 1)]
    """
    counts = as_codes(values).alias("value").value_counts(name="rows")
    ordered = counts.sort("rows", "value", descending=[True, False])
    found = [(f"value {str(value)!r}", rows) for value, rows in ordered.head(SHOWN).iter_rows()]
    rest = int(ordered["rows"][SHOWN:].sum())
    return [*found, *([("other values", rest)] if rest else [])]


def about_mean(outcome: Outcome, each: Measure) -> float:
    """Return about the mean of a mean or total, so that its squares lose no digits; otherwise 0."""
    weight = each.weight.sum()
    if outcome.statistic not in ("mean", "total") or weight == 0:
        return 0.0
    return float((each.weight * each.value).sum() / weight)
