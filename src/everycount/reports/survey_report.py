"""Turn a disaggregated survey into its page: the finding first, then all that it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from everycount.model.rules import Reliability
from everycount.reports.index_page import File
from everycount.reports.survey_cells import cells_note, cells_of
from everycount.reports.survey_charts import crossing_of, groups_of, outcomes_of
from everycount.reports.survey_choice import for_dots, for_squares
from everycount.reports.survey_differences import compared_of
from everycount.reports.survey_finding import finding_of, lead_of
from everycount.reports.survey_furthest import furthest_of
from everycount.reports.survey_page import SurveyPage
from everycount.reports.survey_quality import depth_words, quality_of, short_of
from everycount.reports.survey_view import Told, view_of
from everycount.reports.wording import label
from everycount.survey.confidential import Concealed
from everycount.survey.disaggregate import Disaggregation
from everycount.survey.furthest import FurthestBehind
from everycount.survey.merging import Joined

__all__ = ["Shown", "SurveyWords", "Told", "survey_report"]

ESTIMATES: Final = "estimates.csv"
READING: Final = (
    "Compare groups by a tested difference, not by looking at two intervals: groups whose "
    "intervals overlap may well differ.",
    "A lowest or highest group was found by search, so its figure leans to the extreme. Check it "
    "in the next survey.",
    "Groups differ in many ways at once. A difference between them does not say what causes it.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page shows; what is left out is chosen."""

    outcome: str | None = None
    """Name of the outcome. Left out: the first of the design."""
    by: tuple[str, ...] = ()
    """One or two characteristics for the dots, that of the panels first. Left out: the two whose
    groups are furthest apart."""
    crossed: tuple[str, ...] = ()
    """Two characteristics for the heat map, that of the rows first. Left out: the next two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyWords:
    """What a survey does not know about itself, in words."""

    outcomes: Mapping[str, Told] = field(default_factory=dict)
    """People and verbs by the name of the outcome."""
    notice: str = ""
    """What must be known before anything else, such as that the data are simulated."""


def survey_report(
    found: Disaggregation,
    *,
    shown: Shown | None = None,
    words: SurveyWords | None = None,
    differences: pl.DataFrame | None = None,
    furthest: FurthestBehind | None = None,
    reliability: Reliability | None = None,
    concealed: Concealed | None = None,
    joined: Sequence[Joined] = (),
    trace: Mapping[str, Any] | None = None,
    files: Sequence[File] = (),
) -> SurveyPage:
    """Return the page of one outcome of a survey, for `everycount.reports.survey_page.survey_page`.

    Parameters
    ----------
    found : Disaggregation
        The estimates. Of a row flagged ``not_shown`` nothing is read but that it is there.
    shown : Shown, optional
        Which outcome, and what the charts are of.
    words : SurveyWords, optional
        Words that neither design nor file hold.
    differences : DataFrame, optional
        Tested differences between groups, from `everycount.survey.differences.differences`; the
        most telling one of the outcome is the finding.
    furthest : FurthestBehind, optional
        Who is furthest behind in this outcome.
    reliability : Reliability, optional
        The rules that flagged figures.
    concealed : Concealed, optional
        What may be published of the estimates, which are shown instead; left out, all is shown.
    joined : sequence of Joined
        Levels that were joined before anything was hidden.
    trace : mapping, optional
        Version of the library and digests of inputs, as a survey run has them.
    files : sequence of File
        Files that stand beside the page.

    Returns
    -------
    SurveyPage
        Every figure as a reader sees it. The same estimates give the same page.

    Raises
    ------
    NotFound
        If there is no such outcome or characteristic, or a crossing was not made.

    References
    ----------
    Everycount design brief, sections 3 and 5.
    """
    shown, words = shown or Shown(), words or SurveyWords()
    view = view_of(found, shown.outcome, told=words.outcomes, concealed=concealed)
    compared = () if differences is None else compared_of(view, differences)
    dots = for_dots(view, shown.by)
    squares = for_squares(view, shown.crossed, drawn=dots)
    cells = cells_of(view)
    beside = {file.name for file in files}
    return SurveyPage(
        title=view.label,
        survey=", ".join(part for part in _survey(found) if part),
        finding=finding_of(view, compared),
        lead=lead_of(view, compared),
        notice=words.notice,
        short=short_of(view),
        short_note=depth_words(view),
        reading=READING,
        groups=groups_of(view, dots) if dots else None,
        crossing=crossing_of(view, squares) if squares else None,
        furthest=None if furthest is None else furthest_of(view, furthest),
        outcomes=outcomes_of(view),
        cells=cells,
        cells_note=cells_note(view, cells, ESTIMATES if ESTIMATES in beside else ""),
        quality=quality_of(view, reliability=reliability, concealed=concealed, joined=joined),
        provenance=_provenance(found, trace or {}),
        files=tuple(files),
    )


def _survey(found: Disaggregation) -> tuple[str, str]:
    """Return the name of the survey and when it was."""
    design = found.plan.design
    return design.title or found.plan.source.name, design.period


def _provenance(found: Disaggregation, trace: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return who made the survey, which files were read, and by which version."""
    source = found.plan.design.source
    rows = [("Survey made by", source)] if source else []
    rows += [
        (f"{label(each['role'])} file", f"{each['name']}, SHA-256 {each['sha256']}")
        for each in trace.get("inputs", ())
    ]
    if "everycount" in trace:
        rows.append(("Everycount", str(trace["everycount"])))
    return tuple(rows)
