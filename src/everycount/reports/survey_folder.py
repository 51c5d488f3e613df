"""The pages of a survey, one for each outcome, with the tables they stand beside."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from everycount.io.files import RESERVED
from everycount.io.results import json_bytes
from everycount.io.survey_furthest import FurthestRun
from everycount.io.survey_run import DisaggregationRun, table_bytes
from everycount.reports.index_page import File
from everycount.reports.survey_page import survey_page
from everycount.reports.survey_report import Shown, SurveyWords, survey_report
from everycount.survey.observations import observations

WHAT: Final = {
    "estimates.csv": "all figures of all outcomes, one row a group, with errors and flags",
    "differences.csv": "tested differences between groups",
    "observations.csv": "the figures as SDMX-shaped observations",
    "trace.json": "files and versions, rows left out and why, rules and their sources",
}
FURTHEST: Final = "furthest/"
"""Where the tables of trees go; not beside figures that rules hide, which they might tell."""


def survey_folder(
    run: DisaggregationRun,
    *,
    differences: pl.DataFrame,
    furthest: FurthestRun | None = None,
    shown: Shown | None = None,
    words: SurveyWords | None = None,
) -> dict[str, bytes]:
    """Return a page for each outcome of a survey and the files beside it, by their names.

    Parameters
    ----------
    run : DisaggregationRun
        From `everycount.io.survey_run.disaggregate_file`.
    differences : DataFrame
        From `everycount.io.survey_estimate.crossing_differences`.
    furthest : FurthestRun, optional
        Who is furthest behind, from the same file.
    shown : Shown, optional
        What the charts of every page are of; its outcome is not looked at.
    words : SurveyWords, optional
        Words that neither design nor file hold.

    Returns
    -------
    dict of str to bytes
        Pages first, in the order of the outcomes of the design.

    Raises
    ------
    NotFound
        If there is no such characteristic, or a crossing was not made.
    """
    plan = run.result.plan
    outcomes = plan.design.outcomes
    names = page_names([each.name for each in outcomes])
    found = (
        {} if furthest is None else {each.outcome.name: each for each in furthest.rounds[0].results}
    )
    tables = {
        "estimates.csv": run.table,
        "differences.csv": differences,
        "observations.csv": observations(run.table, plan.design, plan.codings),
    }
    beside = {name: table_bytes(Path(name), table) for name, table in tables.items()}
    beside["trace.json"] = json_bytes(run.trace)
    if furthest is not None and run.concealed is None:
        beside |= {f"{FURTHEST}{name}": each for name, each in furthest.files().items()}
    pages = {}
    for outcome, name in zip(outcomes, names.values(), strict=True):
        others = [
            File(name=names[each.name], href=names[each.name], what=each.label or each.name)
            for each in outcomes
            if each is not outcome
        ]
        page = survey_report(
            run.result,
            shown=Shown(
                outcome=outcome.name,
                by=() if shown is None else shown.by,
                crossed=() if shown is None else shown.crossed,
            ),
            words=words,
            differences=differences,
            furthest=found.get(outcome.name),
            reliability=run.reliability,
            concealed=run.concealed,
            joined=run.joined,
            trace=run.trace,
            files=[*_files(beside), *others],
        )
        pages[name] = survey_page(page)
    return {**pages, **beside}


def page_names(outcomes: Sequence[str]) -> dict[str, str]:
    """Return the name of a file for the page of each outcome, all different on Windows too.

    Examples
    --------
    >>> page_names(["reads", "Reads", "a/b", "con"])
    {'reads': 'reads.html', 'Reads': 'Reads-2.html', 'a/b': 'a-b.html', 'con': 'con-page.html'}
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for outcome in outcomes:
        stem = re.sub(r"[^\w-]+", "-", outcome).strip("-") or "outcome"
        if stem.upper() in RESERVED:
            stem += "-page"
        name, number = stem, 1
        while name.lower() in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name.lower())
        names[outcome] = f"{name}.html"
    return names


def _files(beside: Mapping[str, bytes]) -> list[File]:
    """Return the files of a page with what they are."""
    return [
        File(name=name, href=name, what=WHAT.get(name, "who is furthest behind, as a table"))
        for name in beside
    ]
