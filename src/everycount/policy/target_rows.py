"""Read the targets of a row of a table, whose cells carry the words of their column heads."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from everycount.model.issue import LARGEST, Target
from everycount.policy.clauses import Clause, Sentence
from everycount.policy.figures import Figure
from everycount.policy.numbers import NUMBER, read_number
from everycount.policy.row_cells import RowCell, cells_of
from everycount.policy.target_sentences import sentence_targets
from everycount.policy.years import find_years


def row_targets(clause: Clause, row: Sentence) -> Iterator[Target]:
    """Yield the targets of a row such as `Target: …; Baseline 2020: 12 %; 2025: 20 %`.

    Parameters
    ----------
    clause : Clause
        The row.
    row : Sentence
        Its text, cells with a semicolon between.

    Yields
    ------
    Target
        One for each cell with a figure under a year or a head that says target.

    Examples
    --------
    >>> from everycount.policy.clauses import clause_of
    >>> clause = clause_of("Target: Women who own firms; Baseline 2020: 24 %; 2030: 30 %", "en")
    >>> for target in row_targets(clause, clause.sentences()[0]):
    ...     print(target.measure, target.value, target.year, target.baseline)
    Women who own firms 30.0 2030 24.0
    """
    cells = cells_of(row, clause.language)
    unit = next((cell.words for cell in cells if cell.is_unit), "")
    base = next((cell for cell in cells if cell.is_base), None)
    baseline = _figure(base, clause.language, unit) if base else None
    unit = unit or (baseline.unit if baseline else "")
    measure = _measure(cells)
    for cell in cells:
        if cell.is_prose:
            sentence = Sentence(text=cell.words, start=row.start + cell.start)
            found = sentence_targets(clause, sentence)
        else:
            found = _of_cell(clause, row, cell, unit=unit, measure=measure)
        for target in found:
            yield _based(target, cell, base, baseline)


def _of_cell(
    clause: Clause, row: Sentence, cell: RowCell, *, unit: str, measure: str
) -> Iterator[Target]:
    """Yield the target of a cell with a figure under a year or a head that says target."""
    figure = _figure(cell, clause.language, unit)
    years = [year.year for year in find_years(cell.words)] or _years(cell)
    if figure and not cell.is_base and (years or cell.is_target):
        start = row.start + cell.start
        yield Target(
            id="t",
            words=clause.cause(start + figure.start, start + figure.end),
            measure=measure,
            comparator=figure.comparator,
            value=figure.value,
            upper=figure.upper,
            unit=figure.unit,
            year=years[0] if years else None,
        )


def _based(target: Target, cell: RowCell, base: RowCell | None, baseline: Figure | None) -> Target:
    """Return a target with the year above its cell and the baseline beside it, if it has none."""
    year = target.year or next(iter(_years(cell)), None)
    is_other = baseline is not None and baseline.unit != target.unit
    if base is None or is_other or target.baseline is not None:
        return replace(target, year=year)
    value = baseline.value if baseline else None
    return replace(target, year=year, baseline=value, baseline_year=next(iter(_years(base)), None))


def _measure(cells: Sequence[RowCell]) -> str:
    """Return what the figures of a row are of: under a head that says so, or else the first."""
    words = [cell for cell in cells if not (cell.is_base or cell.is_unit or cell.figures)]
    named = [cell for cell in words if cell.is_measure] or [
        cell for cell in words if cell.is_target
    ]
    return next((cell.words for cell in named or words), "")


def _years(cell: RowCell) -> list[int]:
    return [year.year for year in find_years(cell.head)]


def _figure(cell: RowCell, language: str, unit: str) -> Figure | None:
    """Return the figure of a cell; a bare number has the unit that another column gives."""
    found = next(iter(cell.figures), None)
    bare = re.fullmatch(NUMBER, cell.words.strip())
    if found or not bare or not unit:
        return found
    value = read_number(bare.group(), language)
    if value > LARGEST:
        return None
    return Figure(
        start=0, end=len(cell.words), at=0, value=value, upper=None,
        unit=unit, comparator="equal to",
    )  # fmt: skip
