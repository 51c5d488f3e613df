"""Choose what a survey's page draws: the characteristics whose groups are furthest apart."""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from everycount.errors import NotFound
from everycount.reports.survey_view import SurveyView

MOST_DOTS: Final = 30
"""Rows of dots that a reader takes in at once."""
MOST_SQUARES: Final = 150
"""Cells of a heat map that a reader takes in at once."""


def ranked(view: SurveyView) -> list[str]:
    """Return the characteristics from the one whose groups are furthest apart.

    Those that may make the groups furthest behind are looked at, where the design names them.
    Equals stay in the order of the design; so do all of a total, of which the size of groups says
    most.
    """
    names = view.found.plan.design.circumstances or tuple(view.codings)
    if view.outcome.statistic == "total":
        return list(names)
    return sorted(names, key=lambda name: -view.spread(name))


def for_dots(view: SurveyView, asked: Sequence[str] = ()) -> tuple[str, ...]:
    """Return one or two characteristics whose crossing has a dot for each group; or none.

    Parameters
    ----------
    view : SurveyView
        The outcome.
    asked : sequence of str
        What the reader asked for, that of the panels first; chosen here unless given.

    Returns
    -------
    tuple of str
        The characteristic of the panels first: unless asked for otherwise the one with fewer
        levels.

    Raises
    ------
    NotFound
        If there is no such characteristic, or its crossing was not made.
    """
    if asked:
        return _known(view, asked, most=2)
    best = ranked(view)
    for pair in combinations(best, 2):
        if view.cells(pair) and _size(view, pair) <= MOST_DOTS:
            return _panels_first(view, pair)
    return next(((each,) for each in best if 0 < len(view.cells([each])) <= MOST_DOTS), ())


def for_squares(
    view: SurveyView, asked: Sequence[str] = (), *, drawn: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return two characteristics whose crossing makes a heat map, rows first; or none.

    Parameters
    ----------
    view : SurveyView
        The outcome.
    asked : sequence of str
        What the reader asked for, rows first; chosen here unless given.
    drawn : sequence of str
        Characteristics that are drawn already; another pair is taken where there is one.

    Raises
    ------
    NotFound
        If there are not two such characteristics, or their crossing was not made.
    """
    if asked:
        if len(asked) != 2:
            raise NotFound(f"found {len(asked)} characteristics to cross, expected two")
        return _known(view, asked, most=2)
    made = [
        pair
        for pair in combinations(ranked(view), 2)
        if view.cells(pair) and _size(view, pair) <= MOST_SQUARES
    ]
    made.sort(key=lambda pair: set(pair) == set(drawn))
    return _panels_first(view, made[0])[::-1] if made else ()


def _known(view: SurveyView, asked: Sequence[str], *, most: int) -> tuple[str, ...]:
    for name in asked:
        if name not in view.codings:
            have = ", ".join(view.codings) or "none"
            raise NotFound(f"no characteristic {name!r}; there are {have}")
    if len(set(asked)) != len(asked) or len(asked) > most or not view.cells(asked):
        raise NotFound(f"no table of {view.label} by {' and '.join(asked)} was made")
    return tuple(asked)


def _size(view: SurveyView, names: Sequence[str]) -> int:
    size = 1
    for name in names:
        size *= len(view.codings[name].levels)
    return size


def _panels_first(view: SurveyView, names: Sequence[str]) -> tuple[str, ...]:
    """Return the characteristic with fewer levels first; equals stay."""
    return tuple(sorted(names, key=lambda name: len(view.codings[name].levels)))
