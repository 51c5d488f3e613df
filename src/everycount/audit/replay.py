"""Replay: draws as a table, to be kept, handed on and built again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from everycount.audit.draws import NOTHING, Draws, options_of
from everycount.errors import InputError, Problem
from everycount.index.assumptions import Assumption, VaryFigures, VaryWeights
from everycount.index.methodology import Methodology
from everycount.index.plan_faults import varied_nodes

SET = "set"
DRAW = "draw"
FIRST, SECOND = "A", "B"
_SHOWN = 20
_NUMBERED = "a whole number of 0 or more"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replay:
    """Draws that were given.

    `sets` holds the rows of base samples `A` and `B` and of `A` with one assumption from B, by
    its name; it is empty where the table has no column `set`.
    """

    draws: Draws
    sets: Mapping[str, np.ndarray]

    @property
    def independent(self) -> np.ndarray:
        """The rows that were drawn on their own: all but those with one assumption from B."""
        mixed_rows = [rows for name, rows in self.sets.items() if name not in (FIRST, SECOND)]
        return np.setdiff1d(np.arange(self.draws.count), np.concatenate([[], *mixed_rows]))


def mixed(name: str) -> str:
    """Return how a table calls sample A with one assumption taken from B."""
    return f"A with {name} of B"


def draws_table(method: Methodology, draws: Draws, sets: list[str] | None = None) -> pl.DataFrame:
    """Return draws as a table: a column for each assumption, one for each weight that varies.

    Parameters
    ----------
    method : Methodology
        Its audit names the assumptions.
    draws : Draws
        The choices.
    sets : list of str, optional
        The sample each draw belongs to.
    """
    columns: dict[str, object] = {DRAW: np.arange(1, draws.count + 1)}
    if sets is not None:
        columns[SET] = sets
    for assumption in method.audit.assumptions:
        name = assumption.name
        if name in draws.weights:
            for code, column in _weight_columns(assumption, method).items():
                columns[column] = draws.weights[name][:, code]
        elif isinstance(assumption, VaryFigures):
            columns[name] = draws.numbers[name]
        else:
            options = np.array([*options_of(assumption, method), None], object)
            columns[name] = options[draws.numbers[name]].tolist()
    return pl.DataFrame(columns)


def _weight_columns(assumption: Assumption, method: Methodology) -> dict[int, str]:
    """Return the names of the columns that hold weights, by their place."""
    assert isinstance(assumption, VaryWeights), "only weights are drawn node by node"
    codes = method.tree.codes
    nodes = varied_nodes(assumption, method)
    return {k: f"{assumption.name}[{codes[j]}]" for k, j in enumerate(nodes)}


def read_draws(method: Methodology, table: pl.DataFrame, *, name: str) -> Replay:
    """Read draws from a table of text, as `draws_table` writes it.

    Raises
    ------
    InputError
        With every column that is missing or strange, and every cell that is no option.
    """
    problems: list[Problem] = []
    numbers, weights = {}, {}
    known = {SET, DRAW}
    for assumption in method.audit.assumptions:
        own = assumption.name
        if isinstance(assumption, VaryWeights) and not assumption.sets:
            wanted = _weight_columns(assumption, method)
            known |= set(wanted.values())
            read = [
                _cells(table, column, _weight, "a number of 0 or more", problems)
                for column in wanted.values()
            ]
            weights[own] = np.array(read, float).T
            continue
        known.add(own)
        if isinstance(assumption, VaryFigures):
            numbers[own] = np.array(_cells(table, own, _number, _NUMBERED, problems), np.int64)
            continue
        options = {option: k for k, option in enumerate(options_of(assumption, method))}
        said = ", ".join(option or "an empty cell" for option in list(options)[:_SHOWN])
        want = f"one of {said}" + (" …" if len(options) > _SHOWN else "")
        found = _cells(table, own, options.get, want, problems)
        numbers[own] = np.array(found, np.int64)
    problems += [
        Problem(
            f"column {column!r}", "no assumption of this name", f"one of {', '.join(sorted(known))}"
        )
        for column in table.columns
        if column not in known
    ]
    if not len(table):
        problems.append(Problem("table", "no draws", "a row for each build"))
    sets = _sets(method, table, problems) if not problems and SET in table.columns else {}
    draws = Draws(count=len(table), numbers=numbers, weights=weights)
    if not problems and sets:
        problems += _mixtures(method, draws, sets)
    if problems:
        raise InputError(name, problems)
    return Replay(draws=draws, sets=sets)


def _mixtures(method: Methodology, draws: Draws, sets: Mapping[str, np.ndarray]) -> list[Problem]:
    """Find rows that are not what their sample says they are."""
    first, second = draws.take(sets[FIRST]), draws.take(sets[SECOND])
    problems = []
    for assumption in method.audit.assumptions:
        sample = mixed(assumption.name)
        found, wanted = draws.take(sets[sample]), first.with_choice(assumption.name, second)
        wrong = np.zeros(found.count, bool)
        for each, own in found.numbers.items():
            wrong |= own != wanted.numbers[each]
        for each, weights in found.weights.items():
            wrong |= (weights != wanted.weights[each]).any(axis=1)
        if wrong.any():
            row = int(sets[sample][np.argmax(wrong)]) + 2
            want = f"the row of A with {assumption.name} as the same row of B has it"
            problems.append(Problem(f"row {row}, set {sample!r}", "other choices", want))
    return problems


def _cells(
    table: pl.DataFrame,
    column: str,
    read: Callable[[str], float | int | None],
    want: str,
    problems: list[Problem],
) -> list[float | int]:
    """Return the cells of a column as numbers; a fault for each that is none."""
    if column not in table.columns:
        problems.append(Problem(f"column {column!r}", "nothing", f"a column with {want}"))
        return [0] * len(table)
    found: list[float | int] = []
    for row, cell in enumerate(table[column].fill_null(NOTHING).to_list(), start=2):
        number = read(cell)
        if number is None:
            problems.append(Problem(f"row {row}, {column}", repr(cell), want))
        found.append(0 if number is None else number)
    return found


def _weight(cell: str) -> float | None:
    try:
        weight = float(cell)
    except ValueError:
        return None
    return weight if 0 <= weight < np.inf else None


def _number(cell: str) -> int | None:
    number = int(cell) if cell.isdecimal() and len(cell) < 20 else 2**63
    return number if number < 2**63 else None


def _sets(
    method: Methodology, table: pl.DataFrame, problems: list[Problem]
) -> dict[str, np.ndarray]:
    """Return the rows of every sample; all must be of one size, and all be there."""
    wanted = [FIRST, SECOND, *(mixed(each.name) for each in method.audit.assumptions)]
    cells = np.array(table[SET].fill_null("").to_list(), object)
    rows = {name: np.flatnonzero(cells == name) for name in wanted}
    size = len(rows[FIRST])
    for name, own in rows.items():
        if len(own) != size or not size:
            want = f"{size or 'some'} rows of each of {', '.join(wanted)}"
            problems.append(Problem(f"set {name!r}", f"{len(own)} rows", want))
    strange = sorted({str(cell) for cell in cells} - {*wanted, NOTHING})
    if strange:
        problems.append(Problem("set", ", ".join(strange[:_SHOWN]), f"one of {', '.join(wanted)}"))
    return rows
