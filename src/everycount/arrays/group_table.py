"""Group table: estimates of an indicator for the groups of a population, checked."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from everycount.errors import MethodError, Problem

Array = NDArray[np.float64]

SAME = 1e-8
"""How far a covariance matrix may be from symmetric and from having no negative variance, as a
share of its greatest number: about the square root of the spacing of doubles, as it is what is left
of matrices written with some eight digits."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupTable:
    """Estimates by group with what is known of the groups; groups are numbered from 0.

    Parameters
    ----------
    estimates : ndarray, shape (groups,)
        NaN where a group has none.
    direction : {"favourable", "adverse"}
        Whether more is better, as of school attendance, or worse, as of child marriage.
    sizes : ndarray, shape (groups,), optional
        People in each group, or shares of them: only their proportions matter.
    std_errors : ndarray, shape (groups,), optional
        Standard errors of `estimates` that are independent between groups. NaN where not known.
    covariance : ndarray, shape (groups, groups) or (2 * groups, 2 * groups), optional
        Covariance of `estimates`, in place of `std_errors`; or of `estimates` and then `sizes`,
        which lets the errors say that the sizes too are estimated. Otherwise sizes are taken as
        known.
    order : ndarray, shape (groups,), optional
        The place of each group, rising from the most disadvantaged; no two the same. Left out where
        groups have no order.
    reference : int, optional
        The number of the group that others are compared with.
    average : float, optional
        The indicator of all together, for measures about the mean where `sizes` are not known; with
        `sizes` it is not used.
    scale : float, optional
        What an estimate is at most: 1 for proportions, 100 for percentages, 1000 for rates per
        1000. Never guessed: left out means unbounded.

    Raises
    ------
    ValueError
        If shapes do not fit, `std_errors` and `covariance` are both given, `reference` is not the
        number of a group, `direction` is another word, or `scale` is not above 0.
    MethodError
        If numbers cannot be what they are said to be; all problems at once.

    Examples
    --------
    >>> GroupTable(estimates=np.array([0.2, 0.5]), direction="adverse", scale=1).estimates
    array([0.2, 0.5])
    >>> GroupTable(estimates=np.array([20.0, 50.0]), direction="adverse", scale=1)
    Traceback (most recent call last):
    everycount.errors.MethodError: table of groups has 2 problems:
      estimates, group 0: found 20, expected 0 to 1, the scale
      estimates, group 1: found 50, expected 0 to 1, the scale
    """

    estimates: Array
    direction: Literal["favourable", "adverse"]
    sizes: Array | None = None
    std_errors: Array | None = None
    covariance: Array | None = None
    order: Array | None = None
    reference: int | None = None
    average: float | None = None
    scale: float | None = None

    def __post_init__(self) -> None:
        for name in ("estimates", "sizes", "std_errors", "covariance", "order"):
            given = getattr(self, name)
            if given is not None:
                object.__setattr__(self, name, np.asarray(given, float))
        self._check_shapes()
        problems = [*self._check_columns(), *self._check_order(), *self._check_covariance()]
        if problems:
            raise MethodError("table of groups", problems)

    def _check_shapes(self) -> None:
        groups = self.estimates.shape
        if len(groups) != 1:
            raise ValueError(f"estimates: found shape {groups}, expected (groups,)")
        for name in ("sizes", "std_errors", "order"):
            given = getattr(self, name)
            if given is not None and given.shape != groups:
                raise ValueError(f"{name}: found shape {given.shape}, expected {groups}")
        count = groups[0]
        allowed = [(count, count)] + [(2 * count, 2 * count)] * (self.sizes is not None)
        if self.covariance is not None and self.covariance.shape not in allowed:
            wanted = " or ".join(str(shape) for shape in allowed)
            raise ValueError(f"covariance: found shape {self.covariance.shape}, expected {wanted}")
        if self.covariance is not None and self.std_errors is not None:
            raise ValueError("found std_errors and covariance, expected one of them")
        if self.reference is not None and not 0 <= self.reference < count:
            raise ValueError(f"reference: found {self.reference}, expected 0 to {count - 1}")
        if self.direction not in {"favourable", "adverse"}:
            raise ValueError(f"direction: found {self.direction!r}, expected favourable or adverse")
        if self.scale is not None and not 0 < self.scale < np.inf:
            raise ValueError(f"scale: found {self.scale}, expected a number above 0")

    def _check_columns(self) -> list[Problem]:
        top = np.inf if self.scale is None else self.scale
        low = -np.inf if self.scale is None else 0.0
        within = f"0 to {top:g}, the scale" if self.scale is not None else "a number"
        estimates = self.estimates
        bad = np.isinf(estimates) | (estimates < low) | (estimates > top)
        problems = _problems("estimates", estimates, bad, within)
        if self.sizes is not None:
            bad = ~(np.isfinite(self.sizes) & (self.sizes >= 0))
            problems += _problems("sizes", self.sizes, bad, "0 or more")
            if not bad.any() and self.sizes.size and not self.sizes.any():
                problems.append(Problem("sizes", "no group above 0", "at least one"))
        if self.std_errors is not None:
            bad = np.isinf(self.std_errors) | (self.std_errors < 0)
            problems += _problems("standard errors", self.std_errors, bad, "0 or more")
        if self.average is not None and not np.isfinite(self.average):
            problems.append(Problem("average", f"{self.average:g}", "a number"))
        return problems

    def _check_order(self) -> list[Problem]:
        if self.order is None:
            return []
        problems = _problems("order", self.order, ~np.isfinite(self.order), "a number")
        places, counts = np.unique(self.order[np.isfinite(self.order)], return_counts=True)
        for place in places[counts > 1]:
            groups = ", ".join(str(group) for group in np.flatnonzero(self.order == place))
            problems.append(Problem("order", f"groups {groups} at {place:g}", "a place for each"))
        return problems

    def _check_covariance(self) -> list[Problem]:
        if self.covariance is None:
            return []
        if np.isinf(self.covariance).any():
            return [Problem("covariance", "infinite numbers", "finite, or NaN where not known")]
        gap = np.isnan(np.diag(self.covariance))
        known = np.where(gap | gap[:, None], 0.0, np.nan_to_num(self.covariance))
        room = SAME * float(np.abs(known).max(initial=0.0))
        if np.abs(known - known.T).max(initial=0.0) > room:
            return [Problem("covariance", "a matrix that is not symmetric", "a symmetric one")]
        least = float(np.linalg.eigvalsh(known).min(initial=0.0))
        if least < -room:
            found = f"a combination of groups with the variance {least:g}"
            return [Problem("covariance", found, "0 or more for every combination")]
        return []

    def errors(self) -> Array | None:
        """Return the covariance, or the matrix with the squared standard errors, or None."""
        if self.std_errors is not None:
            return np.diag(self.std_errors**2)
        return self.covariance

    def kept(self, groups: NDArray[np.int64]) -> "GroupTable":
        """Return the table of some of the groups; without a reference if that is not one."""
        count = len(self.estimates)

        def some(given: Array | None) -> Array | None:
            return None if given is None else given[groups]

        covariance = self.covariance
        if covariance is not None:
            twice = len(covariance) > count
            inputs = np.concatenate([groups, groups + count]) if twice else groups
            covariance = covariance[np.ix_(inputs, inputs)]
        place = np.flatnonzero(groups == self.reference)
        return GroupTable(
            estimates=self.estimates[groups],
            direction=self.direction,
            sizes=some(self.sizes),
            std_errors=some(self.std_errors),
            covariance=covariance,
            order=some(self.order),
            reference=int(place[0]) if place.size else None,
            average=self.average,
            scale=self.scale,
        )


def _problems(name: str, values: Array, bad: NDArray[np.bool_], wanted: str) -> list[Problem]:
    return [
        Problem(f"{name}, group {group}", f"{values[group]:g}", wanted)
        for group in np.flatnonzero(bad)
    ]
