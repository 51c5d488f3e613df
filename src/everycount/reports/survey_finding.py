"""Say in a sentence what a survey finds, and what a reader should know next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isnan

from everycount.reports.index_page import Finding
from everycount.reports.survey_view import NO_BREAK, Cell, SurveyView
from everycount.survey.confidential import NOT_SHOWN
from everycount.survey.group_figures import Difference, GroupFigure
from everycount.survey.words import finding, statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two groups with the tested difference between them."""

    group: GroupFigure
    """The group the sentence is about."""
    against: GroupFigure
    difference: Difference
    """`against` less `group`."""


def finding_of(view: SurveyView, differences: Sequence[Compared] = ()) -> Finding:
    """Return the finding: the most telling tested difference, or else the figure for everybody.

    Of the differences the largest is taken that is told from none by its interval and its test; if
    none is, the largest, with words that say so.

    Parameters
    ----------
    view : SurveyView
        The outcome.
    differences : sequence of Compared
        Tested differences of it.
    """
    if not differences:
        return _everybody(view)
    best = max(
        differences,
        key=lambda each: (
            each.difference.is_distinguishable(view.level),
            abs(each.difference.value),
        ),
    )
    return _compared(view, best)


def lead_of(view: SurveyView, differences: Sequence[Compared] = ()) -> tuple[str, ...]:
    """Return what stands after the finding: everybody, and where the figure is lowest and highest.

    Parameters
    ----------
    view : SurveyView
        The outcome.
    differences : sequence of Compared
        Tested differences of it, of which the finding is the largest.
    """
    return (*_beside(view, differences), *_ends(view))


def _beside(view: SurveyView, differences: Sequence[Compared]) -> Iterator[str]:
    """Yield the figure for everybody, and of how many differences the finding was taken."""
    if differences:
        everybody = _everybody(view)
        yield (
            f"{everybody.before} {everybody.number}{everybody.after} The difference above is the "
            f"largest of {len(differences):,} tested between groups of one characteristic; the "
            "test allows for all comparisons that were made."
        )


def _ends(view: SurveyView) -> tuple[str, ...]:
    """Return where the figure is lowest and highest, and what that can be taken for."""
    if view.outcome.statistic == "total":
        return ()
    found = list(_certain(view))
    if len(found) < 2:
        return ()
    low, high = (pick(found, key=lambda each: each[1].estimate) for pick in (min, max))
    ends = [
        f"{view.number(cell.estimate)} ({view.span(cell)}) where {view.where(names, cell)}"
        for names, cell in (low, high)
    ]
    return (
        f"Lowest: {ends[0]}. Highest: {ends[1]}. "
        f"These two were looked for among {len(found):,} groups of one and two characteristics, so "
        "their figures lean to the extremes; the difference between them was not tested.",
    )


def _certain(view: SurveyView) -> Iterator[tuple[tuple[str, ...], Cell]]:
    """Yield the cells of one and two characteristics that no rule flags."""
    for count in (1, 2):
        for names in combinations(view.codings, count):
            yield from ((names, cell) for cell in view.cells(names) if cell.is_certain)


def _everybody(view: SurveyView) -> Finding:
    """Return the figure for everybody."""
    total, own = view.total, view.own
    if isnan(total.estimate):
        untold = "is not shown" if total.flag == NOT_SHOWN else "is not known"
        return Finding(before=f"{view.label}: the figure for {view.everybody}", number=untold,
                       after=".")  # fmt: skip
    number = view.number(total.estimate)
    if own.words is not None:
        told = statement(
            view.figure(total, own.people or "people"),
            outcome=own.words,
            year=view.year,
            level=view.level,
        )
        return _bold(told, number.replace(NO_BREAK, " "))
    period = view.found.plan.design.period
    when = f", {period}" if period else ""
    interval = "" if isnan(total.low) else f" ({view.interval} {view.span(total)})"
    return Finding(before=f"{view.label}{when}:", number=number, after=f"{interval}.")


def _compared(view: SurveyView, best: Compared) -> Finding:
    """Return a tested difference."""
    measure, difference, own = view.measure, best.difference, view.own
    size = measure.number(abs(difference.value))
    unit = " points" if measure.kind == "share" else measure.sign
    if own.words is not None:
        told = finding(
            best.group,
            best.against,
            difference,
            outcome=own.words,
            year=view.year,
            level=view.level,
        )
        return _bold(told, f"{size}{unit}")
    figures = [
        f"{view.number(each.estimate)} for {each.words}" for each in (best.group, best.against)
    ]
    more = "" if difference.value == 0 else " more" if difference.value > 0 else " less"
    ends = (difference.low, difference.high)
    low, high = ends if difference.value >= 0 else (-ends[1], -ends[0])
    interval = f" ({view.interval} {measure.span(low, high)})"
    apart = difference.is_distinguishable(view.level)
    verdict = "" if apart else ", which is not distinguishable from none"
    return Finding(
        before=f"{view.label}: {figures[0]} against {figures[1]}:",
        number=f"{size}{unit}".replace(" ", NO_BREAK),
        after=f"{more}{interval}{verdict}.",
    )


def _bold(told: str, number: str) -> Finding:
    """Return a sentence with its first such number in bold; without it, if it is not there."""
    before, found, after = told.partition(number)
    if not found:
        return Finding(before=told, number="")
    return Finding(before=before.rstrip(), number=found.replace(" ", NO_BREAK), after=after)
