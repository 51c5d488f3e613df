"""How to read the figures, and the mistakes they invite: one sentence a rule, from facts alone."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from everycount.figures.wording import COUNTS, Words
from everycount_hub.edition.summaries import Known
from everycount_hub.portal.naming import number


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What to know before using the figures."""

    rules: tuple[str, ...]
    mistakes: tuple[str, ...]


def reading_of(known: Known, says: Words) -> Reading:
    """Return how the figures of an indicator are read."""
    return Reading(rules=tuple(_rules(known, says)), mistakes=tuple(_mistakes(known, says)))


def _rules(known: Known, says: Words) -> Iterator[str]:
    summary, words = known.summary, says.language
    aim, median = summary.aim, summary.spread.median
    if says.is_percent and median is not None:
        yield _(
            "Figures are shares of a hundred: {value} stands for about {count} in every 100."
        ).format(value=says.value(median), count=words.number(median, 0))
    elif says.unit in COUNTS:
        yield _("Figures are counts. Large areas have large counts; compare rates instead.")
    elif says.unit_label:
        yield _("The unit is: {unit}.").format(unit=says.unit_label)
    if summary.is_of_one_sex:
        sex = summary.headline.series.by_dimension["SEX"]
        yield (
            _("The indicator is about women alone; it says nothing about men.")
            if sex == "F"
            else _("The indicator is about men alone; it says nothing about women.")
        )
    if aim.better == "up":
        yield _("Higher is better.")
    elif aim.better == "down":
        yield _("Lower is better.")
    elif aim.better == "between" and aim.low is not None and aim.high is not None:
        yield _(
            "The target is a band, from {low} to {high}. A figure above the band "
            "is as much a distance "
            "as one below it."
        ).format(low=number(aim.low, says), high=number(aim.high, says))
    else:
        yield _("Nobody has said which way is better, so no figure is called good or bad here.")
    if summary.headline.alternatives:
        yield ngettext(
            "{count} other series exists; it is in the full file.",
            "{count} other series exist; they are in the full file.",
            summary.headline.alternatives,
        ).format(count=words.number(summary.headline.alternatives, 0))


def _mistakes(known: Known, says: Words) -> Iterator[str]:
    summary, words = known.summary, says.language
    spread, newest = summary.spread, summary.latest
    if spread.first_year is not None and spread.first_year != spread.last_year:
        yield _(
            "Years differ: the newest figures are of {first} to {last}. Look at "
            "the year before you "
            "compare two areas."
        ).format(first=spread.first_year, last=spread.last_year)
    counts = {
        "modelled": int(newest["is_modelled"].fill_null(value=False).sum()),
        "few": int((newest["state"] == "few").sum()),
        "hidden": int((newest["state"] == "hidden").sum()),
    }
    if counts["modelled"]:
        yield ngettext(
            "{count} of {all} newest figures is estimated or modelled; a change in "
            "it may be a change "
            "of the model.",
            "{count} of {all} newest figures are estimated or modelled; a change in them may be a "
            "change of the model.",
            counts["modelled"],
        ).format(count=words.number(counts["modelled"], 0), all=words.number(newest.height, 0))
    if counts["few"]:
        yield ngettext(
            "{count} newest figure rests on 25 to 49 cases and stands in brackets: "
            "it may move much "
            "by chance.",
            "{count} newest figures rest on 25 to 49 cases and stand in brackets: "
            "they may move much "
            "by chance.",
            counts["few"],
        ).format(count=words.number(counts["few"], 0))
    if counts["hidden"]:
        yield _(
            "Figures on fewer than 25 cases, and confidential ones, are not shown. "
            "They are not zero."
        )
    if newest.filter(pl.col("flags").str.contains("b")).height:
        yield _("A b marks a break in the series: do not compare figures before and after it.")
    yield _("An area without a figure is missing, not at zero.")
    if says.is_percent:
        yield _("From 20 % to 25 % is a rise of 5 points, not of 5 per cent.")
    if spread.count > 1:
        yield _("Neighbours in the ranking often differ by less than the figures are sure of.")
        yield _(
            "The median counts every area once, however many people live in it; it "
            "is not the figure "
            "of the region."
        )
