"""Agreement between raters beyond what chance would give: the kappas of Cohen and of Fleiss."""

import numpy as np
from numpy.typing import NDArray


def cohen_kappa(first: NDArray[np.intp], second: NDArray[np.intp]) -> float:
    """Return Cohen's kappa of two raters who sorted the same units into categories.

    Parameters
    ----------
    first, second : array of int, shape (units,)
        Category of each unit, from 0.

    Returns
    -------
    float
        1 for full agreement, 0 for what chance gives, below 0 for less; NaN without units, or
        when both put every unit into one category, so that chance alone gives full agreement.

    Raises
    ------
    ValueError
        If the raters did not sort the same number of units.

    References
    ----------
    J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological
    Measurement 20 (1960), 37-46.

    Examples
    --------
    >>> round(cohen_kappa(np.array([1, 1, 0, 0]), np.array([1, 0, 0, 0])), 3)
    0.5
    """
    if first.shape != second.shape:
        raise ValueError(f"{first.size} units and {second.size}")
    if not first.size:
        return float("nan")
    width = int(max(first.max(), second.max())) + 1
    shares = [np.bincount(each, minlength=width) / each.size for each in (first, second)]
    expected = float(shares[0] @ shares[1])
    return _beyond_chance(float(np.mean(first == second)), expected)


def fleiss_kappa(counts: NDArray[np.intp]) -> float:
    """Return Fleiss's kappa of several raters, each unit sorted by the same number of them.

    Parameters
    ----------
    counts : array of int, shape (units, categories)
        How many raters put each unit into each category.

    Returns
    -------
    float
        As `cohen_kappa`; NaN also with fewer than two raters.

    Raises
    ------
    ValueError
        If units were sorted by different numbers of raters.

    References
    ----------
    J. L. Fleiss, Measuring nominal scale agreement among many raters, Psychological Bulletin 76
    (1971), 378-382.

    Examples
    --------
    >>> round(fleiss_kappa(np.array([[3, 0], [0, 3], [2, 1], [3, 0]])), 3)
    0.625
    """
    if not counts.size:
        return float("nan")
    raters = counts.sum(axis=1)
    if np.any(raters != raters[0]):
        raise ValueError(f"units sorted by {int(raters.min())} to {int(raters.max())} raters")
    number = int(raters[0])
    if number < 2:
        return float("nan")
    agreed = (counts * (counts - 1)).sum(axis=1) / (number * (number - 1))
    shares = counts.sum(axis=0) / counts.sum()
    return _beyond_chance(float(agreed.mean()), float(shares @ shares))


def _beyond_chance(observed: float, expected: float) -> float:
    """Return agreement on a scale where chance is 0 and full agreement 1."""
    if np.isclose(expected, 1.0, rtol=0, atol=1e-12):
        return float("nan")
    return (observed - expected) / (1 - expected)
