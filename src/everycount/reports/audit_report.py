"""Turn an audit into its report: the verdict first, then all that speaks for it and against it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from everycount.audit.audit import Audit
from everycount.audit.checklist import UNANSWERED
from everycount.reports.assumption_words import excluded_words, varied_words
from everycount.reports.audit_choice_rows import choices_of, sensitivity_of
from everycount.reports.audit_coherence import coherence_of
from everycount.reports.audit_page import Answered, AuditPage
from everycount.reports.audit_rank_rows import least_certain_of, neighbours_of, ranks_of
from everycount.reports.audit_readings import readings_of
from everycount.reports.audit_view import View
from everycount.reports.index_page import File
from everycount.reports.index_summary import provenance_of
from everycount.reports.threshold_words import limits_of
from everycount.reports.wording import plural


def audit_report(
    found: Audit, *, trace: Mapping[str, Any] | None = None, files: Sequence[File] = ()
) -> AuditPage:
    """Return the report of an audit, for `audit_page` (HTML) and `audit_pdf` (PDF).

    Parameters
    ----------
    found : Audit
        What was found. Of several nodes the first is shown, of several periods the newest; the
        tables beside the report have the others.
    trace : mapping, optional
        Version of the library and digests of inputs, as an index run has them.
    files : sequence of File, optional
        Files that stand beside the report. Tables name the one that holds all of them:
        ``ranks.csv``, ``pairs.csv``, ``choices.csv``, ``left_out.csv``, ``sensitivity.csv``,
        ``coherence.csv``.

    Returns
    -------
    AuditPage
        Every figure as a reader sees it, with a dash where there is none. The same audit gives
        the same page.

    References
    ----------
    OECD and JRC (2008), Handbook on Constructing Composite Indicators, steps 4, 7 and 8.

    Examples
    --------
    >>> from everycount.io.audit_run import audit_index
    >>> from everycount.io.sample import sample_path
    >>> figures, units = sample_path("observations.csv"), sample_path("units.csv")
    >>> run = audit_index("sdg-gender-index-2019-open", figures, units=units, draws=100)
    >>> audit_report(run.audit).title
    'Audit of SDG Gender Index 2019, open-data rebuild'
    """
    view = View(found=found, files=frozenset(file.name for file in files))
    method, verdict = view.result.methodology, found.verdict
    return AuditPage(
        title=f"Audit of {method.title}",
        method=f"{method.title}, version {method.version}",
        edition=_edition(view),
        notice=method.notice,
        headline=verdict.headline,
        places=verdict.places,
        may=verdict.may,
        may_not=verdict.may_not,
        readings=readings_of(view),
        tested=tuple(_tested(view)),
        assumptions=tuple(varied_words(each, method) for each in view.plan.assumptions),
        thresholds=limits_of(view.limits),
        ranks=ranks_of(view),
        least_certain=least_certain_of(view),
        choices=choices_of(view),
        sensitivity=sensitivity_of(view),
        neighbours=neighbours_of(view),
        coherence=coherence_of(view),
        checklist=_checklist(view),
        limits=verdict.caveats,
        provenance=provenance_of(method, trace or {}),
        files=tuple(files),
    )


def _edition(view: View) -> str:
    """Return which figures are shown."""
    said = []
    if view.first.period is not None:
        periods = view.found.coherence.periods
        newest = f", the newest of {periods} periods" if periods > 1 else ""
        said.append(f"{view.first.period}{newest}")
    units = plural(view.first.units, "ranked unit")
    said.append(f"{units}, {plural(view.result.state.leaf_count, 'indicator')}")
    return "; ".join(said)


def _tested(view: View) -> Iterator[tuple[str, str]]:
    """Yield what was built, label and value."""
    found, uncertainty = view.found, view.found.uncertainty
    failed = sum(each.builds for each in uncertainty.failed)
    yield "Builds with a result", f"{uncertainty.builds:,} of {uncertainty.builds + failed:,}"
    for each in uncertainty.failed:
        yield "Failed builds", f"{each.builds:,}: {each.why}"
    if found.replayed:
        yield "Draws", "given, not drawn here"
    else:
        yield "Draws", f"at random from seed {found.seed}; all options of a choice equally often"
    for pair in view.plan.exclude:
        yield "Never drawn together", excluded_words(pair)
    yield "Interval", view.interval
    nodes = dict.fromkeys(each.node for each in uncertainty.standings)
    yield "Ranks of", ", ".join(view.node(code) for code in nodes)
    yield "Units", f"{view.first.units:,}, ranked among one another in every build"
    if found.sensitivity.base:
        base = found.sensitivity.base
        builds = f"{found.sensitivity.builds:,} builds, two samples of {base:,} and their mixtures"
        yield "For sensitivities", builds


_ANSWERS: Final = {UNANSWERED: "Not answered yet"}


def _checklist(view: View) -> tuple[Answered, ...]:
    return tuple(
        Answered(
            question=row["words"],
            answer=_ANSWERS.get(row["answer"], row["answer"].capitalize()),
            note=row["note"],
            by=", ".join(each for each in (row["by"], row["date"]) if each),
        )
        for row in view.found.checklist.iter_rows(named=True)
    )
