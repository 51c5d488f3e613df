"""Cut points of equal groups of people, from scores that come in batches of any number."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Pairs = Iterable[tuple[FloatArray, FloatArray]]
KEPT = 4_000_000
"""Scores kept in memory (64 MB with their weights); beyond it passes narrow the ranges."""
BINS = 65_536
"""Parts into which a range is narrowed at a time."""
NEARLY = 1 - 1e-12
"""A share of the weight that is reached but for rounding is reached."""


def cut_points(batches: Callable[[], Pairs], groups: int) -> FloatArray:
    """Return the scores at which the weighted distribution reaches 1/groups, 2/groups, ...

    The cut point of a share is the smallest score at or below which that share of the weight
    lies, so that a score equal to a cut point belongs to the lower group.

    Parameters
    ----------
    batches : callable
        Gives the scores anew, each time in pairs of arrays: score and weight, both (rows,) and
        finite, weights not negative.
    groups : int
        Number of groups.

    Returns
    -------
    float array, shape (groups - 1,)
        Cut points; empty if there is no weight at all.

    Examples
    --------
    >>> one = [(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.ones(5))]
    >>> cut_points(lambda: one, 5).tolist()
    [1.0, 2.0, 3.0, 4.0]
    """
    low, high, total, rows = np.inf, -np.inf, 0.0, 0
    for score, weight in batches():
        if len(score):
            low, high = min(low, float(score.min())), max(high, float(score.max()))
            total += float(weight.sum())
            rows += len(score)
    if total <= 0:
        return np.empty(0)
    shares = [group / groups for group in range(1, groups)]
    if rows <= KEPT or low == high:
        return _exact(_joined(batches()), shares)
    return _narrowed(batches, [share * total for share in shares], low, high)


def _exact(pairs: tuple[FloatArray, FloatArray], shares: list[float]) -> FloatArray:
    """Return the cut points of scores that are all there."""
    score, weight = pairs
    order = np.argsort(score, kind="stable")
    reached = np.cumsum(weight[order])
    wanted = np.array(shares) * reached[-1] * NEARLY
    points: FloatArray = score[order][np.searchsorted(reached, wanted, side="left")]
    return points


@dataclass(slots=True, eq=False)
class _Range:
    """A range of scores that holds a cut point, and what is found in it."""

    low: float
    high: float
    below: float = 0.0
    """Weight of the scores below the range."""
    rows: int | None = None
    """Rows in the range; not known at first."""
    weights: FloatArray = field(default_factory=lambda: np.zeros(BINS))
    counts: IntArray = field(default_factory=lambda: np.zeros(BINS, dtype=np.int64))

    def add(self, score: FloatArray, weight: FloatArray) -> None:
        """Add scores to the bins that they lie in."""
        edges = np.linspace(self.low, self.high, BINS + 1)
        at = np.clip(np.searchsorted(edges, score, side="right") - 1, 0, BINS - 1)
        self.weights += np.bincount(at, weight, BINS)
        self.counts += np.bincount(at, minlength=BINS)

    def narrowed(self, wanted: float) -> "_Range":
        """Return the bin in which a weight is reached."""
        edges = np.linspace(self.low, self.high, BINS + 1)
        reached = self.below + np.cumsum(self.weights)
        bin_ = min(int(np.searchsorted(reached, wanted * NEARLY, side="left")), BINS - 1)
        return _Range(
            low=float(edges[bin_]),
            high=float(edges[bin_ + 1]),
            below=self.below if bin_ == 0 else float(reached[bin_ - 1]),
            rows=int(self.counts[bin_]),
        )

    @property
    def fits(self) -> bool:
        """Tell whether its scores can be sorted; a range of two neighbours holds but two."""
        is_few = self.rows is not None and self.rows <= KEPT
        return is_few or np.nextafter(self.low, self.high) >= self.high


def _narrowed(
    batches: Callable[[], Pairs], wanted: list[float], low: float, high: float
) -> FloatArray:
    """Return cut points by narrowing the ranges in which they lie until their scores fit."""
    ranges = [_Range(low=low, high=high)] * len(wanted)
    while wide := {(each.low, each.high): each for each in ranges if not each.fits}:
        for score, weight in batches():
            for each in wide.values():
                each.add(*_within(score, weight, each))
        ranges = [
            each if each.fits else wide[each.low, each.high].narrowed(reaching)
            for each, reaching in zip(ranges, wanted, strict=True)
        ]
    found: dict[tuple[float, float], list[tuple[FloatArray, FloatArray]]] = {}
    for score, weight in batches():
        for place, each in {(each.low, each.high): each for each in ranges}.items():
            found.setdefault(place, []).append(_within(score, weight, each))
    points = []
    for each, reaching in zip(ranges, wanted, strict=True):
        scores, weights = _joined(found[each.low, each.high])
        order = np.argsort(scores, kind="stable")
        reached = each.below + np.cumsum(weights[order])
        last = int(np.searchsorted(reached, reaching * NEARLY, side="left"))
        points.append(scores[order][min(last, len(scores) - 1)])
    return np.array(points)


def _within(score: FloatArray, weight: FloatArray, each: _Range) -> tuple[FloatArray, FloatArray]:
    """Return the scores of a range, ends included."""
    inside = (score >= each.low) & (score <= each.high)
    return score[inside], weight[inside]


def _joined(pairs: Pairs) -> tuple[FloatArray, FloatArray]:
    """Return all pairs in one."""
    scores, weights = zip(*pairs, strict=True)
    return np.concatenate(scores), np.concatenate(weights)
