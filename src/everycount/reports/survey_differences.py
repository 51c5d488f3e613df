"""Read tested differences between groups for a page: both figures as published, in words."""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

import polars as pl

from everycount.model.design import AGAINST
from everycount.reports.survey_finding import Compared
from everycount.reports.survey_view import Cell, SurveyView
from everycount.survey.disaggregate import TOTAL
from everycount.survey.group_figures import Difference


def compared_of(view: SurveyView, differences: pl.DataFrame) -> tuple[Compared, ...]:
    """Return the differences of an outcome between groups of one characteristic.

    Parameters
    ----------
    view : SurveyView
        The outcome. Differences are left out where either figure is hidden, or a rule flags it.
    differences : DataFrame
        From `everycount.survey.differences.differences`.

    Returns
    -------
    tuple of Compared
        The group that is behind first, held against the other.
    """
    found = []
    for name in view.codings:
        others = [each for each in view.codings if each != name]
        rows = differences.filter(
            pl.col("outcome") == view.outcome.name,
            *(pl.col(name) != TOTAL for name in (name, AGAINST + name)),
            *(pl.col(each) == TOTAL for each in others),
        )
        levels = view.levels(name)
        cells = {cell.levels[0]: cell for cell in view.cells([name]) if cell.is_certain}
        for row in rows.to_dicts():
            pair = [cells.get(levels.get(row[key], "")) for key in (name, AGAINST + name)]
            found += list(_compared(view, name, pair, row))
    return tuple(found)


def _compared(
    view: SurveyView, name: str, pair: list[Cell | None], row: Mapping[str, Any]
) -> Iterator[Compared]:
    """Yield a difference, unless a figure or its interval is not there."""
    one, other = pair
    ends = [row[key] for key in ("difference", "ci_low", "ci_high")]
    if one is None or other is None or None in ends or not all(map(isfinite, ends)):
        return
    value, low, high = ends
    lower_is_behind = view.outcome.direction == "opportunity"
    # The sentence is about those behind, and tells the other group less this one.
    if (one.estimate <= other.estimate) is lower_is_behind:
        value, low, high = -value, -high, -low
    else:
        one, other = other, one
    adjusted = row["p_adjusted"]
    yield Compared(
        group=view.figure(one, view.people_of([name], one)),
        against=view.figure(other, view.people_of([name], other)),
        difference=Difference(
            value=value, low=low, high=high, p_value=float("nan") if adjusted is None else adjusted
        ),
    )
