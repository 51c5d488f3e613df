"""Say how good the figures of a survey are: sample, errors, rules, and what was left out."""

from collections.abc import Iterator, Sequence
from math import isnan
from typing import Final

import numpy as np
import polars as pl

from everycount.model.rules import Reliability
from everycount.reports.audit_page import Column, Table
from everycount.reports.survey_page import Quality
from everycount.reports.survey_rule_words import (
    INTERVALS,
    LONELY,
    VERDICTS,
    correction_words,
    error_words,
    verdict_words,
)
from everycount.reports.survey_view import SurveyView
from everycount.reports.wording import both, figure, listed, plural
from everycount.survey.confidential import NOT_SHOWN, Concealed
from everycount.survey.merging import Joined

MOST_STRATA: Final = 10
"""Strata with one unit that are named before the rest is counted."""
TERMS: Final = (
    (
        "Design effect",
        "How many times larger the variance is than that of a simple random sample of as many "
        "cases. Mostly above 1, as people of one cluster are alike and weights differ.",
    ),
    (
        "Degrees of freedom",
        "Sampled units with members of the group, less the strata that they lie in. They say how "
        "well the error itself is known: with few of them intervals are wide and rough.",
    ),
    (
        "In brackets",
        "A rule says that the figure is uncertain. In tables the word under it says how: to be "
        "used with care, unreliable, or for review by a statistician.",
    ),
    (
        "Not shown",
        "The figure could show who somebody is, or another hidden figure could be worked out from "
        "it. The sign is the same whatever the reason.",
    ),
)
"""Words of statistics that the page uses, in plain words."""


def quality_of(
    view: SurveyView,
    *,
    reliability: Reliability | None,
    concealed: Concealed | None,
    joined: Sequence[Joined],
) -> Quality:
    """Return the quality of the figures, in words.

    Parameters
    ----------
    view : SurveyView
        The outcome.
    reliability : Reliability, optional
        The rules that flagged figures.
    concealed : Concealed, optional
        What was hidden, and by which rules; none if no figure was looked at for that.
    joined : sequence of Joined
        Levels that were joined before anything was hidden.
    """
    tables = [_flags(view, reliability), _left_out(view)]
    return Quality(
        facts=(
            *_sample(view),
            *_errors(view),
            (
                "Rules on reliability",
                "None were applied"
                if reliability is None
                else f"{reliability.title}. {reliability.source} Here they mark figures, and hide "
                "none.",
            ),
            *_secrecy(view, concealed, joined),
        ),
        tables=tuple(table for table in tables if table.rows),
        terms=_terms(view),
    )


def short_of(view: SurveyView) -> tuple[tuple[str, str], ...]:
    """Return the quality in a few figures."""
    counts = _counts(view.table)
    total = view.total
    rows = [("Cells computed", f"{len(view.table):,}"), ("Not shown", f"{counts[NOT_SHOWN]:,}")]
    rows += [(words, f"{counts[flag]:,}") for flag, words in VERDICTS.items() if counts[flag]]
    if not isnan(total.deff):
        rows.append((f"Design effect, {view.everybody}", figure(total.deff, 2)))
    if total.df is not None:
        rows.append(("Degrees of freedom", f"{total.df:,}"))
    return tuple(rows)


def depth_words(view: SurveyView) -> str:
    """Return how many characteristics the tables cross: `One, two and three characteristics`."""
    names = ("", "One", "One and two", "One, two and three")
    depth = max(map(len, view.found.moments.tables))
    if depth == 0:
        return "No characteristic is crossed."
    several = names[depth] if depth < len(names) else f"One to {depth}"
    noun = "characteristic" if depth == 1 else "characteristics"
    return f"{several} {noun} at once, of this outcome."


def _terms(view: SurveyView) -> tuple[tuple[str, str], ...]:
    """Return the words of statistics that the page uses with what they mean."""
    interval = (
        f"Of a hundred surveys drawn in the same way about {view.level:g} would give an interval "
        "that holds the true figure. It counts the chance of the draw alone, not faults in asking "
        "and answering."
    )
    return (("Interval", interval), *TERMS)


def _counts(table: pl.DataFrame) -> dict[str, int]:
    """Return how many figures have each flag, hidden ones among them."""
    found = dict(table["flag"].value_counts().iter_rows())
    return {flag: int(found.get(flag, 0)) for flag in (*VERDICTS, NOT_SHOWN)}


def _sample(view: SurveyView) -> Iterator[tuple[str, str]]:
    """Yield how the sample was drawn."""
    found, sampling = view.found, view.found.plan.design.sampling
    n = view.total.n
    with_answer = "" if n is None else f"; {n:,} count for this outcome"
    yield "Rows", f"{view.rows(found.rows)} read{with_answer}"
    if sampling.replicates is None:
        units = plural(found.units, "sampled unit")
        yield (
            "Sample",
            f"{units} in {plural(found.strata, 'stratum').replace('stratums', 'strata')}",
        )
        lonely = "None"
        if found.lonely:
            named = listed(found.lonely, MOST_STRATA)
            lonely = f"{len(found.lonely):,} ({named}): {LONELY[sampling.lonely]}"
        yield "Strata with one unit", lonely
    weight = view.outcome.weight or sampling.weight
    yield "Weight", f"Column “{weight}”" if weight else "None: every row counts alike"


def _errors(view: SurveyView) -> Iterator[tuple[str, str]]:
    """Yield how errors and intervals were made, and how large design effects are."""
    design, plan, total = view.found.plan.design, view.found.plan, view.total
    yield "Standard errors", error_words(design.sampling, len(plan.replicates))
    yield "Finite population correction", correction_words(design.sampling)
    own = view.outcome.interval
    is_share = view.outcome.statistic == "proportion"
    method = own or (design.interval if is_share else "t")
    method = method if is_share or method == "normal" else "t"
    yield "Intervals", f"{view.level:g} %, method “{method}”: {INTERVALS[method]}"
    shown = view.table.filter(pl.col("flag") == "")
    effects = shown["deff"].drop_nulls().to_numpy()
    if not isnan(total.deff) and len(effects):
        middle = figure(float(np.median(effects)), 2)
        effect = f"{figure(total.deff, 2)} for {view.everybody}; {middle} in the middle of all "
        yield "Design effect", f"{effect}cells that no rule flags"
    fewest = shown["df"].drop_nulls()
    if total.df is not None and len(fewest):
        least = f"; {int(fewest.to_numpy().min()):,} in the cell with the fewest that no rule flags"
        yield "Degrees of freedom", f"{total.df:,} for {view.everybody}{least}"


def _secrecy(
    view: SurveyView, concealed: Concealed | None, joined: Sequence[Joined]
) -> Iterator[tuple[str, str]]:
    """Yield by which rules figures were hidden, and whether they can be worked out."""
    if concealed is None:
        yield "Rules on secrecy", "None were applied to these figures"
        return
    rules = concealed.rules
    yield "Rules on secrecy", f"{rules.title}. {rules.source}"
    names = dict.fromkeys(each.characteristic for each in joined)
    made = [
        f"{view.character(name)}: {both(labels)}"
        for name in names
        if (labels := [label for code, label in view.levels(name).items() if "+" in code])
    ]
    if made:
        yield "Groups joined to protect people", "; ".join(made)
    yield (
        "Whether hidden figures can be worked out",
        (
            "Tested against all tables of these estimates together: none can"
            if concealed.is_proven
            else "Tested against all tables of these estimates together; not proven for all of them"
        ),
    )
    if concealed.details:
        yield (
            "Errors beside hidden figures",
            "Rounded, without degrees of freedom and design effects, since a hidden figure could "
            "be worked out from them",
        )


def _flags(view: SurveyView, rules: Reliability | None) -> Table:
    """Return how many figures each verdict was given, and how many are hidden."""
    own, whole = _counts(view.table), _counts(view.found.table)
    words = {} if rules is None else verdict_words(rules)
    rows = [
        (f"{VERDICTS[flag]}: {when}", f"{own[flag]:,}", f"{whole[flag]:,}")
        for flag, when in words.items()
    ]
    if own[NOT_SHOWN] or whole[NOT_SHOWN]:
        hidden = (f"{own[NOT_SHOWN]:,}", f"{whole[NOT_SHOWN]:,}")
        rows.append(("Not shown, so that nobody is found", *hidden))
    rows.append(("All figures", f"{len(view.table):,}", f"{len(view.found.table):,}"))
    return Table(
        title="Figures that rules flag or hide",
        columns=(
            Column(label="Mark, and where it is given", kind="words"),
            Column(label="This outcome", kind="number"),
            Column(label="All outcomes", kind="number"),
        ),
        rows=tuple(rows),
    )


def _left_out(view: SurveyView) -> Table:
    """Return how many rows were left out of what, and why."""
    outcomes = view.found.plan.design.outcomes
    names = {name: f"Groups by {view.character(name)}" for name in view.codings}
    names |= {each.name: each.label or each.name for each in outcomes}
    rows = [
        (names.get(each.subject, each.subject), each.reason, view.rows(each.rows))
        for each in sorted(view.found.excluded, key=lambda each: each.subject != view.outcome.name)
    ]
    return Table(
        title="Rows left out, by reason",
        columns=(
            Column(label="Of what", kind="words"),
            Column(label="Reason"),
            Column(label="Rows", kind="number"),
        ),
        rows=tuple(rows),
        note="A row may be left out of one outcome and count for another.",
    )
