"""The strata and sampled units seen on the way through a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.model.conditions import code_text
from everycount.survey.findings import Findings

IntArray = npt.NDArray[np.int64]
HashArray = npt.NDArray[np.uint64]
Key = tuple[Any, ...]
"""The strata and units, of every stage down to this one, that lead to a stratum or unit."""
SEED = 20_190_603
"""Where the hashes of units start: any number, always the same."""
ROUNDING = 1e-9
"""Share by which a sample may exceed a population that was divided out of a share drawn."""
FEW = 100_000
"""Units that may wait to be compared with those before; later as many as there were."""
SHOWN = 5
"""Units in two strata that an error names."""


class NotGrouped(Exception):
    """Rows of one sampled unit do not stand together, so that the file must be sorted first."""


@dataclass(slots=True)
class Stratum:
    """A stratum of one stage: its place among those open, and what is known of it."""

    key: Key
    slot: int
    units: int = 0
    populations: set[float] = field(default_factory=set)
    constants: tuple[int, ...] | None = None
    """Level of each characteristic in its first unit."""

    @property
    def name(self) -> str:
        """Return what the stratum is called in messages."""
        return named(self.key)


@dataclass(slots=True)
class Register:
    """Strata by their keys, and the units that have begun, by their hashes."""

    open: dict[Key, Stratum] = field(default_factory=dict)
    closed: set[Key] = field(default_factory=set)
    units: HashArray = field(default_factory=lambda: np.empty((3, 0), dtype=np.uint64))
    """Units that were compared with one another: hash, hash of the stratum, rows; sorted."""
    waiting: list[tuple[pl.DataFrame, HashArray]] = field(default_factory=list)
    """Units that were not yet: what identifies them, and the same three numbers."""
    twice: dict[str, np.uint64] = field(default_factory=dict)
    """Units found in two strata, with their hashes."""

    def strata(self, keys: Sequence[Key]) -> list[Stratum]:
        """Return the strata with these keys, new ones opened.

        Raises
        ------
        NotGrouped
            If a stratum was closed before, to make room.
        """
        if not self.closed.isdisjoint(keys):
            raise NotGrouped
        for key in keys:
            if key not in self.open:
                self.open[key] = Stratum(key=key, slot=len(self.open))
        return [self.open[key] for key in keys]

    def begin(
        self,
        units: pl.DataFrame,
        strata: pl.DataFrame,
        *,
        rows: IntArray,
        goes_on: bool = False,
    ) -> None:
        """Note units that begin.

        Parameters
        ----------
        units : DataFrame
            What identifies each unit: its key, with its stratum where numbers begin anew.
        strata : DataFrame
            The stratum of each.
        rows : int array, shape (units,)
            Rows of each in this batch.
        goes_on : bool
            Whether the first is the last one that was noted before.

        Raises
        ------
        NotGrouped
            If a unit has been seen before in the same stratum. It may take until `settle` to be
            noticed.
        """
        if sum(len(each) for each, _ in self.waiting) > max(self.units.shape[1], FEW):
            self.settle()
        since = 0
        if goes_on:
            since = 1
            self._lengthen(units[:1], strata[:1], int(rows[0]))
        begun = units[since:]
        marks = begun.hash_rows(seed=SEED).to_numpy()
        homes = strata[since:].hash_rows(seed=SEED).to_numpy()
        self.waiting.append((begun, np.stack([marks, homes, rows[since:].astype(np.uint64)])))

    def _lengthen(self, unit: pl.DataFrame, stratum: pl.DataFrame, rows: int) -> None:
        """Note more rows of the unit that was noted last."""
        for _, hashes in reversed(self.waiting):
            if hashes.shape[1]:
                hashes[2, -1] += np.uint64(rows)
                return
        own = (self.units[0] == unit.hash_rows(seed=SEED)[0]) & (
            self.units[1] == stratum.hash_rows(seed=SEED)[0]
        )
        self.units[2, own] += np.uint64(rows)

    def settle(self) -> None:
        """Compare the units that were noted since with one another and with those before.

        Raises
        ------
        NotGrouped
            If one has been seen before in the same stratum.
        """
        if not self.waiting:
            return
        hashes = np.concatenate([each for _, each in self.waiting], axis=1)
        keys = pl.concat([each for each, _ in self.waiting])
        self.waiting = []
        every = np.concatenate([self.units, hashes], axis=1)
        every = every[:, np.lexsort(every[1::-1])]
        again = every[0, 1:] == every[0, :-1]
        if (again & (every[1, 1:] == every[1, :-1])).any():
            raise NotGrouped
        self.units = every
        if again.any():
            doubled = np.unique(every[0, 1:][again])
            is_twice = pl.Series(np.isin(hashes[0], doubled))
            names = keys.filter(is_twice).rows()
            for name, mark in zip(names, hashes[0, is_twice.to_numpy()], strict=True):
                self.twice[named(name)] = mark

    def report(self, findings: Findings) -> None:
        """Note units in two strata as faults.

        Raises
        ------
        NotGrouped
            If a unit has been seen before in the same stratum.
        """
        self.settle()
        hashes, _, rows = self.units
        note_doubles(
            {name: int(rows[hashes == mark].sum()) for name, mark in self.twice.items()}, findings
        )

    def close(self, keep: Stratum | None) -> list[Stratum]:
        """Close every open stratum but one; return the closed ones."""
        done = [each for each in self.open.values() if each is not keep]
        self.closed.update(each.key for each in done)
        self.open = {} if keep is None else {keep.key: keep}
        return done


def note_doubles(rows: Mapping[str, int], findings: Findings) -> None:
    """Note units in two strata as faults, each with its rows."""
    expected = "each unit in one stratum; if their numbers begin anew, say nested = true"
    for at, (name, count) in enumerate(sorted(rows.items())):
        found = f"unit {name} in two strata" if at < SHOWN else "other units in two strata"
        findings.fault("psu", found, expected, rows=count)


def named(key: Key) -> str:
    """Return what a stratum or unit is called in messages.

    Examples
    --------
    >>> named((1.0, "north"))
    '1 / north'
    """
    return " / ".join(code_text(part) for part in key)


def distinct(keys: pl.DataFrame) -> tuple[list[Key], IntArray]:
    """Return the different rows of a table as they come, and for each row the place of its like.

    Examples
    --------
    >>> distinct(pl.DataFrame({"stratum": ["a", "b", "b", "a"]}))
    ([('a',), ('b',)], array([0, 1, 1, 0]))
    """
    starts = unit_starts(keys, keys.columns)
    places: dict[Key, int] = {}
    runs = [places.setdefault(key, len(places)) for key in keys[starts[:-1]].rows()]
    return list(places), np.repeat(np.array(runs, dtype=np.int64), np.diff(starts))


def population_of(stratum: Stratum, findings: Findings) -> float:
    """Return the number of units in the population of a stratum, infinite if not said.

    Rows say a number of units, or the share of them in the sample.

    Examples
    --------
    >>> population_of(Stratum(key=("north",), slot=0, units=5, populations={0.25}), Findings())
    20.0
    """
    given = sorted(stratum.populations)
    if not given:
        return np.inf
    where = f"population of stratum {stratum.name}"
    if len(given) > 1:
        shown = ", ".join(f"{each:g}" for each in given[:5])
        findings.fault(where, f"several values ({shown})", "one value for the whole stratum")
        return np.inf
    value = given[0]
    if not value > 0:
        found = "nothing" if np.isnan(value) else f"{value:g}"
        findings.fault(where, found, "a number of units, or a share up to 1")
        return np.inf
    population = stratum.units / value if value <= 1 else value
    if population < stratum.units * (1 - ROUNDING):
        expected = f"at least the {stratum.units:,} units in the sample"
        findings.fault(where, f"{population:g} units", expected)
        return np.inf
    return population


def unit_starts(keys: pl.DataFrame, names: Sequence[str]) -> IntArray:
    """Return the rows at which units begin, and the number of rows; every row if none is named.

    Examples
    --------
    >>> unit_starts(pl.DataFrame({"unit": [7, 7, 8]}), ["unit"]).tolist()
    [0, 2, 3]
    """
    rows = len(keys)
    if not names:
        return np.arange(rows + 1, dtype=np.int64)
    changes = np.zeros(rows, dtype=np.bool_)
    for name in names:
        column = keys[name]
        changes[1:] |= column[1:].ne_missing(column[:-1]).to_numpy()
    changes[:1] = True
    return np.append(np.flatnonzero(changes), rows).astype(np.int64)
