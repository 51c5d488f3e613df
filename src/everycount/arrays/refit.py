"""Refit: main effects again and again under other weights, from where the first fit ended."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from everycount.arrays.main_effects import main_effects

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]
Fit = Callable[[Array, Array], Array]

STEPS: Final = 12  # Newton's; from near by, four or five are usual
NEAR: Final = 1e-6
"""A step that moves no log odds by more is the last: Newton's error is then about its square."""
BALANCED: Final = 1e-10  # share of all weight by which fitted and observed sums may differ
ALIASED: Final = 1e-11  # singular values below this share of the largest are 0


def refit(codes: IntArray, chance: Array) -> Fit:
    """Return what fits a logit of main effects to the same cells under other weights.

    Parameters
    ----------
    codes : ndarray of int, shape (cells, circumstances)
        Category of each cell in each circumstance.
    chance : ndarray, shape (cells,)
        Chances that `main_effects` fitted to the whole sample, in which every cell has a weight.

    Returns
    -------
    callable
        Takes weight and mean, (cells,) each, of some of the same people with other weights, and
        returns chances, (cells,), as `main_effects` does to about 12 digits; of a cell without
        weight any. Cells whose chance is 0 or 1 in the whole sample stay there, as nobody, or
        everybody, of any part of it has the outcome. Where Newton's method does not come to rest,
        `main_effects` does the work and raises what it raises.

    Examples
    --------
    >>> codes = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> weight, mean = np.ones(4), np.array([0.1, 0.2, 0.6, 0.9])
    >>> again = refit(codes, main_effects(codes, weight, mean))
    >>> again(np.array([2.0, 1, 1, 1]), mean).round(3)
    array([0.081, 0.238, 0.638, 0.862])
    """
    inner = np.flatnonzero((chance > 0) & (chance < 1))
    design = _Design.of(codes[inner])
    full = np.ones(len(inner))
    target = np.asarray(logit(chance[inner]), float)
    first = np.linalg.lstsq(design.gram(full), design.sums(target), rcond=ALIASED)[0]
    start = np.asarray(first, np.float64)

    def fit(weight: Array, mean: Array) -> Array:
        found = _newton(design, start, weight[inner], mean[inner])
        if found is None:
            return main_effects(codes, weight, mean)
        fitted = chance.copy()
        fitted[inner] = found
        return fitted

    return fit


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Design:
    """A column of 0 and 1 for each category of each circumstance, never written out."""

    columns: tuple[IntArray, ...]
    """Category of each cell among all categories, by circumstance."""
    pairs: tuple[IntArray, ...]
    """Place of each cell in the matrix of all categories by all, for each pair."""
    size: int
    """Number of all categories."""

    @classmethod
    def of(cls, codes: IntArray) -> "_Design":
        """Return the design of cells."""
        columns, size = [], 0
        for column in codes.T:
            values, which = np.unique(column, return_inverse=True)
            columns.append(which + size)
            size += len(values)
        pairs = (one * size + other for one, other in combinations(columns, 2))
        return cls(columns=tuple(columns), pairs=tuple(pairs), size=size)

    def odds(self, effects: Array) -> Array:
        """Return the sum of the effects of the categories of each cell."""
        found = effects[self.columns[0]]
        for column in self.columns[1:]:
            found = found + effects[column]
        return found

    def sums(self, values: Array) -> Array:
        """Return the sum of values over the cells of each category."""
        found = np.zeros(self.size)
        for column in self.columns:
            found += np.bincount(column, values, self.size)
        return found

    def gram(self, weight: Array) -> Array:
        """Return the weight that each two categories share."""
        found = np.zeros(self.size**2)
        for pair in self.pairs:
            found += np.bincount(pair, weight, self.size**2)
        matrix = found.reshape(self.size, self.size)
        whole: Array = matrix + matrix.T + np.diag(self.sums(weight))
        return whole


def _newton(design: _Design, start: Array, weight: Array, mean: Array) -> Array | None:
    """Return fitted chances, or none if they do not come to rest."""
    effects = start.copy()
    enough = BALANCED * float(weight.sum())
    moved = np.inf
    for _ in range(STEPS):
        odds = design.odds(effects)
        fitted = np.asarray(expit(odds), float)
        slope = design.sums(weight * (mean - fitted))
        # Far from the best fit, where chances are all but 0 or 1, steps are short as well.
        if moved <= NEAR and np.abs(slope).max(initial=0.0) <= enough:
            return fitted
        spread = weight * fitted * np.asarray(expit(-odds), float)
        found = np.linalg.lstsq(design.gram(spread), slope, rcond=ALIASED)[0]
        step = np.asarray(found, np.float64)
        effects = effects + step
        moved = float(np.abs(design.odds(step))[weight > 0].max(initial=0.0))
    return None
