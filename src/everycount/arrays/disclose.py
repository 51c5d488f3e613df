"""Disclose: which cells say too much of somebody, and how uncertain they must stay."""

from dataclasses import dataclass
from enum import IntFlag
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays.lattice import Flags, Ints
from everycount.errors import MethodError, Problem

Array = NDArray[np.float64]

SOME_PERCENT: Final = 10.0
"""Percent of the largest contribution by which a total with too few respondents stays uncertain
where no p % rule says more: the p that output checkers use (ACRO 1.0, SACRO project, 2026)."""


class Reason(IntFlag):
    """Why a cell is confidential; a cell may have several reasons."""

    FEW_RESPONDENTS = 1
    FEW_YES = 2
    FEW_NO = 4
    DOMINANCE = 8
    P_PERCENT = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumRespondents:
    """Hide cells with fewer than `least` respondents.

    `width` is how far the ends of what can be deduced must be apart, half of `least` if left out.
    Empty cells are safe, that nobody was asked there says nothing of anybody, unless
    `empty="unsafe"`.
    """

    least: int
    width: int | None = None
    empty: Literal["safe", "unsafe"] = "safe"

    def __post_init__(self) -> None:
        _check_minimum(self.least, self.width)


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumAnswers:
    """Hide cells in which fewer than `least` respondents say yes, or fewer than `least` say no.

    With `least=1` these are the cells with 0 % or 100 %, where a group's answer is everybody's.
    `width` as in `MinimumRespondents`.
    """

    least: int = 1
    width: int | None = None

    def __post_init__(self) -> None:
        _check_minimum(self.least, self.width)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dominance:
    """Hide totals of which the n largest contributors make more than `percent`: the (n, k) rule."""

    contributors: int
    percent: float

    def __post_init__(self) -> None:
        if self.contributors < 1 or not 0 < self.percent < 100:
            raise ValueError(
                f"dominance: found {self.contributors} contributors and {self.percent} %, "
                "expected at least 1 and a percentage between 0 and 100"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class PPercent:
    """Hide totals from which the second largest contributor learns the largest within p percent."""

    percent: float

    def __post_init__(self) -> None:
        if not self.percent > 0:
            raise ValueError(f"p percent: found {self.percent}, expected more than 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A set of rules; those left out do not apply."""

    respondents: MinimumRespondents | None = None
    answers: MinimumAnswers | None = None
    dominance: Dominance | None = None
    p_percent: PPercent | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Demand:
    """Which cells are confidential, and what an attacker may at most learn of them.

    A cell is protected where the attacker cannot exclude a value of `up` more, nor one of `down`
    less, and where the largest and the smallest value that cannot be excluded are at least `width`
    apart (upper, lower and sliding protection level of [1]_).

    Parameters
    ----------
    reason : ndarray of int, shape (cells,)
        `Reason` flags; 0 for cells that may be published.
    up, down, width : ndarray, shape (figures, cells)
        In respondents, or the unit of the totals. A figure is a layer of the tables; where there
        is more than one layer, the last figure is all layers together.

    References
    ----------
    .. [1] Fischetti, M. and Salazar, J. J. (2001), Solving the cell suppression problem on tabular
       data with linear constraints, Management Science 47, 1008-1027.
    """

    reason: Ints
    up: Array
    down: Array
    width: Array


def judge_counts(layers: ArrayLike, rules: Rules) -> Demand:
    """Find the cells whose counts are confidential.

    Parameters
    ----------
    layers : array_like of int, shape (1, cells) or (2, cells)
        Respondents, unweighted; or those who say yes and those who say no.
    rules : Rules
        Rules for totals are left aside.

    Returns
    -------
    Demand
        Of one figure (respondents) or of three (yes, no, respondents).

        Too few respondents: the attacker must not be able to exclude that there are `least` of
        them, the smallest number that would have been published, and be uncertain by `width`; and
        the yes and no of the cell, where there are any, must not be determined exactly. Too few
        yes: the same for yes, and likewise for no. That the upper level be the distance to the
        next safe value is how the levels of the rules for totals are derived ([1]_, chapter 4);
        for counts the literature leaves the levels to the office, so `width` is a choice of ours.

    Raises
    ------
    ValueError
        If there are not one or two layers, or a count is negative or not whole.

    References
    ----------
    .. [1] Hundepool, A. et al. (2012), Statistical Disclosure Control, Wiley, chapter 4.

    Examples
    --------
    >>> rules = Rules(respondents=MinimumRespondents(least=5), answers=MinimumAnswers(least=1))
    >>> found = judge_counts([[3, 9, 1], [6, 0, 1]], rules)
    >>> found.reason, found.up
    (array([0, 4, 1]),
     array([[0., 0., 0.],
            [0., 1., 0.],
            [0., 0., 3.]]))
    """
    counts = np.asarray(layers)
    if counts.ndim != 2 or len(counts) not in {1, 2}:
        raise ValueError(f"layers: found shape {counts.shape}, expected (1, cells) or (2, cells)")
    if counts.dtype.kind not in "iu" or (counts < 0).any():
        raise ValueError("layers: expected whole numbers of respondents, 0 or more")
    respondents = counts.sum(axis=0)
    figures = np.concatenate([counts, respondents[None]]) if len(counts) == 2 else counts
    reason = np.zeros(counts.shape[1], np.int64)
    up, width = np.zeros(figures.shape), np.zeros(figures.shape)
    if rules.respondents is not None:
        few = respondents < rules.respondents.least
        if rules.respondents.empty == "safe":
            few &= respondents > 0
        reason[few] |= Reason.FEW_RESPONDENTS
        _ask(up, width, (len(figures) - 1, few), figures, rules.respondents)
        if len(counts) == 2:
            width[:2][few & (counts > 0)] = 1
    if rules.answers is not None and len(counts) == 2:
        for layer, flag in enumerate((Reason.FEW_YES, Reason.FEW_NO)):
            few = (counts[layer] < rules.answers.least) & (respondents > 0)
            reason[few] |= flag
            _ask(up, width, (layer, few), figures, rules.answers)
    return Demand(reason=reason, up=up, down=np.zeros(up.shape), width=width)


def _ask(
    up: Array,
    width: Array,
    where: tuple[int, Flags],
    figures: NDArray[Any],
    rule: MinimumRespondents | MinimumAnswers,
) -> None:
    """Write down the distance to the minimum, and the width."""
    up[where] = rule.least - figures[where]
    least_width = -(-rule.least // 2) if rule.width is None else rule.width
    width[where] = np.maximum(up[where], least_width)


def judge_totals(
    total: ArrayLike, largest: ArrayLike, rules: Rules, *, respondents: ArrayLike
) -> Demand:
    """Find the cells whose totals give a contributor away.

    Parameters
    ----------
    total : array_like, shape (cells,)
        Sum of the contributions, in any unit, 0 or more.
    largest : array_like, shape (cells, k)
        The largest contributions, descending, 0 where there are fewer; k at least the number of
        contributors of the dominance rule, and 2 for the p % rule.
    rules : Rules
        The minimum of respondents applies as well; that of answers does not.
    respondents : array_like of int, shape (cells,)

    Returns
    -------
    Demand
        Of one figure, the total. `up` is the distance to the next value that the rule would have
        let through ([1]_, [2]_), `down` the same, `width` their sum.

    Raises
    ------
    ValueError
        If shapes do not fit or there are too few largest contributions for a rule.
    MethodError
        If totals or contributions are negative or not numbers: the rules do not apply to these.

    References
    ----------
    .. [1] Hundepool, A. et al. (2012), Statistical Disclosure Control, Wiley, chapter 4.
    .. [2] Loeve, A. (2001), Notes on sensitivity measures and protection levels, Statistics
       Netherlands.

    Examples
    --------
    >>> rules = Rules(p_percent=PPercent(percent=10))
    >>> found = judge_totals([100, 100], [[80, 15], [40, 30]], rules, respondents=[9, 9])
    >>> found.reason, found.up
    (array([16,  0]), array([[3., 0.]]))
    """
    totals, tops = np.asarray(total, float), np.asarray(largest, float)
    count = np.asarray(respondents)
    _check_totals(totals, tops, count, rules)
    reason = np.zeros(totals.size, np.int64)
    up = np.zeros(totals.size)
    if rules.respondents is not None:
        few = (count < rules.respondents.least) & ((count > 0) | (totals > 0))
        reason[few] |= Reason.FEW_RESPONDENTS
        percent = SOME_PERCENT if rules.p_percent is None else rules.p_percent.percent
        up[few] = percent / 100 * tops[few, 0]
    if rules.dominance is not None:
        most = tops[:, : rules.dominance.contributors].sum(axis=1)
        lacking = 100 / rules.dominance.percent * most - totals
        reason[lacking > 0] |= Reason.DOMINANCE
        up = np.maximum(up, lacking)
    if rules.p_percent is not None:
        lacking = rules.p_percent.percent / 100 * tops[:, 0] - (totals - tops[:, 0] - tops[:, 1])
        reason[lacking > 0] |= Reason.P_PERCENT
        up = np.maximum(up, lacking)
    up = np.where(reason > 0, up, 0.0)[None]
    return Demand(reason=reason, up=up, down=up, width=2 * up)


def _check_minimum(least: int, width: int | None) -> None:
    if least < 1 or (width is not None and width < 1):
        raise ValueError(f"found a minimum of {least} and a width of {width}, expected 1 or more")


def _check_totals(totals: Array, tops: Array, count: NDArray[Any], rules: Rules) -> None:
    """Refuse arrays that do not fit, and amounts that the rules say nothing of."""
    wanted = max(
        1,
        0 if rules.dominance is None else rules.dominance.contributors,
        0 if rules.p_percent is None else 2,
    )
    is_fitting = totals.ndim == 1 and tops.ndim == 2 and len(tops) == totals.size == count.size
    if not is_fitting or tops.shape[1] < wanted:
        raise ValueError(
            f"found totals {totals.shape}, largest contributions {tops.shape} and respondents "
            f"{count.shape}, expected (cells,), (cells, at least {wanted}) and (cells,)"
        )
    wrong = np.flatnonzero(~((totals >= 0) & (tops >= 0).all(axis=1) & np.isfinite(totals)))
    if wrong.size:
        raise MethodError(
            "rules for totals",
            [
                Problem(f"cell {cell}", f"{totals[cell]:g}", "contributions of 0 or more")
                for cell in wrong.tolist()
            ],
        )
