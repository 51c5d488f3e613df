"""Which replicate weights there are in which cells: degrees of freedom under replicate weights."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.arrays.replicate import replicate_df
from everycount.survey.seen import SEED

FloatArray = npt.NDArray[np.float64]
HashArray = npt.NDArray[np.uint64]
IntArray = npt.NDArray[np.int64]
DECIMALS: Final = 9
"""Digits to which weights, less a factor, are compared. R looks at five when it takes a rank."""
ROOM: Final = 50_000_000
"""Numbers kept, 400 MB. Beyond it patterns of joint cells with many of them are given up."""


@dataclass(slots=True, eq=False)
class Patterns:
    """Distinct replicate weights of rows, and the joint cells they are found in.

    Rows whose weights are the same but for a factor, as those of one unit mostly are, add no
    degree of freedom to one another: they have one pattern.
    """

    room: int = ROOM
    weights: FloatArray = field(default_factory=lambda: np.empty((0, 0)))
    """Patterns, (patterns, R), in the order of their hashes."""
    marks: HashArray = field(default_factory=lambda: np.empty(0, dtype=np.uint64))
    """Hashes of the patterns, ascending."""
    cells: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """Joint cells, one for each pattern found in it."""
    found: HashArray = field(default_factory=lambda: np.empty(0, dtype=np.uint64))
    """Hash of that pattern."""

    def add(self, cells: IntArray, weights: FloatArray) -> None:
        """Add rows.

        Parameters
        ----------
        cells : int array, shape (rows,)
            Joint cell of each row.
        weights : float array, shape (rows, R)
            Its whole replicate weights. Rows without any are left out.
        """
        size = np.abs(weights).max(axis=1, initial=0.0)
        some = size > 0
        scaled = weights[some] / size[some, None]
        marks = pl.from_numpy(np.round(scaled, DECIMALS) + 0.0).hash_rows(seed=SEED).to_numpy()
        self._pair(cells[some], marks)
        marks, first = np.unique(marks, return_index=True)
        is_new = ~np.isin(marks, self.marks)
        place = np.searchsorted(self.marks, marks[is_new])
        self.marks = np.insert(self.marks, place, marks[is_new])
        known = self.weights.reshape(-1, weights.shape[1])
        self.weights = np.insert(known, place, scaled[first[is_new]], axis=0)
        while self.weights.size > self.room and len(self.marks) > 1:
            self._give_up()

    def _pair(self, cells: IntArray, marks: HashArray) -> None:
        """Note which patterns are in which cells, each pair once, in order."""
        cells, marks = np.append(self.cells, cells), np.append(self.found, marks)
        order = np.lexsort([marks, cells])
        cells, marks = cells[order], marks[order]
        is_first = np.ones(len(cells), dtype=np.bool_)
        is_first[1:] = (cells[1:] != cells[:-1]) | (marks[1:] != marks[:-1])
        self.cells, self.found = cells[is_first], marks[is_first]

    def _give_up(self) -> None:
        """Keep half of the patterns of the joint cells that have most; at last, half of them all.

        Which ones are kept depends on their hashes alone, and not on the order of the rows.
        """
        at = np.arange(len(self.cells)) - np.searchsorted(self.cells, self.cells, side="left")
        most = int(at.max()) + 1
        few = at < most // 2 if most > 1 else self.found < self.marks[len(self.marks) // 2]
        self.cells, self.found = self.cells[few], self.found[few]
        kept = np.isin(self.marks, self.found)
        self.marks, self.weights = self.marks[kept], self.weights[kept]

    def df(self, tables: Iterable[IntArray], cells: int) -> IntArray:
        """Return the degrees of freedom of cells that are made of joint cells.

        Parameters
        ----------
        tables : iterable of int arrays, each shape (pairs,)
            For each table, which cell each of `self.cells` belongs to.
        cells : int
            Number of cells of all tables together.

        Returns
        -------
        int array, shape (cells,)
            Rank of the replicate weights less 1, at least 0. If there were more patterns than
            there is room for, it may be too low, and never too high.
        """
        df = np.zeros(cells, dtype=np.int64)
        if not len(self.marks):
            return df
        place = np.searchsorted(self.marks, self.found)
        most = replicate_df(self.weights)
        known: dict[bytes, int] = {}
        for into in tables:
            pairs = np.unique(into * len(self.marks) + place)
            own = pairs // len(self.marks)
            starts = np.flatnonzero(np.diff(own, prepend=-1))
            for cell, members in zip(own[starts], np.split(pairs, starts[1:]), strict=True):
                patterns = members - cell * len(self.marks)
                key = patterns.tobytes()
                if key not in known:
                    known[key] = self._df(patterns, most)
                df[cell] = known[key]
        return df

    def _df(self, patterns: IntArray, most: int) -> int:
        """Return the degrees of freedom of some patterns, which are no more than those of all."""
        some = 2 * (most + 1)
        if len(patterns) > some:
            evenly = patterns[np.arange(some) * len(patterns) // some]
            if replicate_df(self.weights[evenly]) == most:
                return most
        return replicate_df(self.weights[patterns])
