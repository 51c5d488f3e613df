"""Blend: the score of one group under many sets of weights at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from everycount.arrays.aggregate import Missing

Array = NDArray[np.float64]
Kind = Literal["arithmetic", "geometric", "harmonic", "generalised", "log_mean_exp", "minimum"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """Which of the means of `arrays.aggregate` combines parts, and what a missing part does."""

    kind: Kind = "arithmetic"
    power: float = 1.0
    """For `generalised`."""
    rate: float = 1.0
    """For `log_mean_exp`."""
    missing: Missing = "renormalise"

    @property
    def raises(self) -> float | None:
        """The power that parts are raised to; 0 for a logarithm, None for another function."""
        own = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0, "generalised": self.power}
        return own.get(self.kind)


def blend(
    parts: Sequence[Array], weights: Array, mean: Mean, *, keep: NDArray[np.bool_] | None = None
) -> Array:
    """Combine the parts of a group for many draws of weights.

    Row by row the result is that of `arrays.aggregate` with the weights of the draw. Where the
    parts are the same in all draws it takes one product of matrices.

    Parameters
    ----------
    parts : sequence of ndarray, each of shape (draws, rows) or (1, rows)
        Scores of each part on one scale; a single row stands for all draws. NaN is missing.
    weights : ndarray, shape (draws, parts) or (1, parts)
        Relative weights, 0 or more.
    mean : Mean
        How.
    keep : ndarray of bool, shape (draws, parts), optional
        Parts that are left out of a draw are False: they count neither as present nor as missing.

    Returns
    -------
    ndarray, shape (draws, rows)
        (1, rows) where neither parts nor weights differ between draws. NaN where no weight is
        present. Where `refused` is true of a draw, its scores mean nothing.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 6.

    Examples
    --------
    >>> parts = [np.array([[10.0, 20.0]]), np.array([[40.0, np.nan]])]
    >>> blend(parts, np.array([[1.0, 1.0], [3.0, 1.0]]), Mean())
    array([[25. , 20. ],
           [17.5, 20. ]])
    """
    if keep is not None:
        weights = np.where(keep, weights, 0.0)
    if mean.kind == "minimum":
        result = _lowest(parts, weights)
    else:
        used = parts
        if mean.kind == "log_mean_exp" and not (weights > 0).all():
            # Others must not be measured from what does not count: their exponentials vanish.
            used = [
                np.where(weight[:, None] > 0, part, np.nan)
                for part, weight in zip(parts, weights.T, strict=True)
            ]
        anchor = _anchor(used, mean)
        fixed = all(len(part) == 1 for part in used)
        above, below = (_product if fixed else _sums)(used, weights, anchor, mean)
        with np.errstate(all="ignore"):
            result = np.where(below != 0, above / below, np.nan)
            result = _lowered(result, anchor, mean)
    if mean.missing == "propagate":
        result = np.where(_lacks(parts, keep), np.nan, result)
    return result


def refused(parts: Sequence[Array], weights: Array, mean: Mean) -> NDArray[np.bool_]:
    """Tell in which draws a part is too low for the mean, shape (draws, parts) or (1, parts).

    A logarithm, a root or a quotient asks for scores above 0 (a positive power for none below
    0), in all rows; parts of weight 0 do not matter.
    """
    power = mean.raises
    if power is None or (power == 1.0 and mean.kind == "arithmetic"):
        return np.zeros((1, len(parts)), bool)
    low = [np.fmin.reduce(part, axis=1, initial=np.inf) for part in parts]
    bad = [each < 0 if power > 0 else each <= 0 for each in low]
    return np.stack(np.broadcast_arrays(*bad), axis=-1) & (weights > 0)


def _anchor(parts: Sequence[Array], mean: Mean) -> Array | None:
    """Return what parts are measured from, so that powers and exponentials do not overflow."""
    if mean.kind == "log_mean_exp":
        pick: np.ufunc = np.fmax if mean.rate > 0 else np.fmin
    elif mean.kind == "generalised" and mean.power != 0:
        pick = np.fmax if mean.power > 0 else np.fmin
    else:
        return None
    anchor = parts[0]
    for part in parts[1:]:
        anchor = pick(anchor, part)
    if mean.kind == "generalised":
        anchor = np.where(anchor > 0, anchor, 1.0)
    return np.asarray(anchor)


def _raised(part: Array, anchor: Array | None, mean: Mean) -> Array:
    """Return a part as it enters the sum. What `refused` refuses becomes any number."""
    if mean.kind == "log_mean_exp":
        assert anchor is not None, "an exponential is measured from the highest part"
        return np.asarray(np.exp(mean.rate * (part - anchor)))
    power = mean.raises
    if power == 1.0:
        return part if anchor is None else part / anchor
    safe = np.where(part <= 0, 1.0, part) if power is None or power <= 0 else np.maximum(part, 0.0)
    if anchor is not None:
        safe = safe / anchor
    return np.log(safe) if power == 0 else np.asarray(safe**power)


def _lowered(mean_raised: Array, anchor: Array | None, mean: Mean) -> Array:
    """Return the mean on the scale of the parts."""
    if mean.kind == "log_mean_exp":
        assert anchor is not None, "an exponential is measured from the highest part"
        return np.asarray(anchor + np.log(mean_raised) / mean.rate)
    power = mean.raises
    assert power is not None, "minimum has no sum"
    if power == 0:
        return np.exp(mean_raised)
    result = mean_raised if power == 1.0 else mean_raised ** (1.0 / power)
    return np.asarray(result if anchor is None else result * anchor)


def _product(
    parts: Sequence[Array], weights: Array, anchor: Array | None, mean: Mean
) -> tuple[Array, Array]:
    """Return the weighted sums and the weights present, of parts that are always the same."""
    raised = _raised(np.concatenate(parts), anchor, mean)
    known = ~np.isnan(raised)
    if known.all():
        return weights @ raised, weights.sum(axis=1, keepdims=True)
    return weights @ np.where(known, raised, 0.0), weights @ known


def _sums(
    parts: Sequence[Array], weights: Array, anchor: Array | None, mean: Mean
) -> tuple[Array, Array]:
    """Return the weighted sums and the weights present, part by part."""
    above: Array = np.zeros((1, 1))
    below: Array = np.zeros((1, 1))
    for part, weight in zip(parts, weights.T[:, :, None], strict=True):
        raised = _raised(part, anchor, mean)
        known = ~np.isnan(raised)
        if known.all():
            above, below = above + weight * raised, below + weight
        else:
            above = above + weight * np.where(known, raised, 0.0)
            below = below + weight * known
    return above, below


def _lowest(parts: Sequence[Array], weights: Array) -> Array:
    """Return the lowest of the parts with a weight."""
    lowest: Array = np.full((1, parts[0].shape[1]), np.nan)
    for part, weight in zip(parts, weights.T[:, :, None], strict=True):
        used = part if (weight > 0).all() else np.where(weight > 0, part, np.nan)
        lowest = np.fmin(lowest, used)
    return lowest


def _lacks(parts: Sequence[Array], keep: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    """Tell where a part that is not left out is missing."""
    lacks: NDArray[np.bool_] = np.zeros((1, 1), bool)
    for p, part in enumerate(parts):
        absent = np.isnan(part)
        lacks = lacks | (absent if keep is None else absent & keep[:, [p]])
    return lacks
