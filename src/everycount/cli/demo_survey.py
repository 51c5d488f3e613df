"""The step of the demonstration that simulates a survey and estimates for groups within groups."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from everycount.io.files import read_bytes, write
from everycount.io.results import json_bytes
from everycount.io.sample import sample_path
from everycount.io.survey_estimate import Comparisons, crossing_differences
from everycount.io.survey_furthest import furthest_files
from everycount.io.survey_run import disaggregate_file, table_bytes
from everycount.model.design import SurveyDesign
from everycount.reports.index_page import File
from everycount.reports.survey_page import SurveyPage, survey_page
from everycount.reports.survey_report import Shown, SurveyWords, Told, survey_report
from everycount.survey.furthest_rows import FurthestOptions
from everycount.survey.group_figures import OutcomeWords
from everycount.survey.observations import observations
from everycount.survey.simulate import simulate

DESIGN: Final = "survey.toml"
MICRODATA: Final = "women.parquet"
REPORT: Final = "report.html"
DEPTH: Final = 2
"""Characteristics crossed at once: with three, the audit of what is hidden takes 20 seconds."""
OUTCOME: Final = "internet"
SHOWN: Final = Shown(outcome=OUTCOME, by=("urban", "wealth"), crossed=("wealth", "education"))
"""The crossing has groups of few women, so that the page shows what becomes of their figures."""
FURTHEST: Final = FurthestOptions(methods=("chosen",), replicates=50, draws=20)
"""Fewer replicates than one would make for a report, so that a demonstration takes seconds."""
USED: Final = "used the internet in the last three months"
WORDS: Final = SurveyWords(
    outcomes={OUTCOME: Told(people="women", words=OutcomeWords(present=USED, past=USED))},
    notice="The data are simulated: no country, no respondents. The figures show what a report "
    "looks like, and say nothing about anybody.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyDemo:
    """What the step made."""

    files: Mapping[str, bytes]
    """By name; the same every time."""
    told: tuple[str, ...]
    """What was done and found, a line each."""
    facts: Mapping[str, Any]


def survey_demo(what: Mapping[str, str]) -> SurveyDemo:
    """Simulate a survey, estimate for groups within groups, and find who is furthest behind.

    Parameters
    ----------
    what : mapping of str to str
        What each file is, by its name; the page lists them.
    """
    microdata = table_bytes(Path(MICRODATA), simulate())
    with TemporaryDirectory(prefix="everycount-") as folder:
        place = Path(folder) / MICRODATA
        write(place, microdata)
        run = disaggregate_file(sample_path(DESIGN), place, change=_shallow)
        compared = crossing_differences(run, Comparisons())
        behind = furthest_files([(sample_path(DESIGN), place)], FURTHEST, change=_one_outcome)
    plan = run.result.plan
    page = survey_report(
        run.result,
        shown=SHOWN,
        words=WORDS,
        differences=compared,
        furthest=behind.rounds[0].results[0],
        reliability=run.reliability,
        concealed=run.concealed,
        joined=run.joined,
        trace=run.trace,
        files=[File(name=n, href=n, what=words) for n, words in what.items() if n != REPORT],
    )
    tables = {
        "estimates.csv": run.table,
        "differences.csv": compared,
        "observations.csv": observations(run.table, plan.design, plan.codings),
    }
    files = {
        MICRODATA: microdata,
        DESIGN: read_bytes(sample_path(DESIGN)),
        **{name: table_bytes(Path(name), table) for name, table in tables.items()},
        "estimates.trace.json": json_bytes(run.trace),
        REPORT: survey_page(page),
    }
    facts = {
        "rows": run.result.rows,
        "outcomes": len(plan.design.outcomes),
        "cells": run.trace["cells"],
        "not_shown": int((run.table["flag"] == "not_shown").sum()),
    }
    return SurveyDemo(files=files, told=_told(page, facts), facts=facts)


def _shallow(design: SurveyDesign) -> SurveyDesign:
    """Return the design with fewer characteristics crossed at once."""
    return replace(design, crossings=replace(design.crossings, depth=DEPTH))


def _one_outcome(design: SurveyDesign) -> SurveyDesign:
    """Return the design with one outcome."""
    return replace(design, outcomes=tuple(o for o in design.outcomes if o.name == OUTCOME))


def _told(page: SurveyPage, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what was done, and who is furthest behind."""
    assert page.furthest is not None
    return (
        f"{facts['cells']:,} groups of {facts['rows']:,} simulated women by one and two "
        f"characteristics at once, {facts['outcomes']} outcomes each; {facts['not_shown']:,} "
        "figures not shown, so that nobody is found",
        page.furthest.text[0],
    )
