"""The page on which third-party data are appraised: answers, what they allow, a decision."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from everycount.repository.appraise import Assessment
from everycount_hub.actions import appraisals
from everycount_hub.errors import ActionRefused
from everycount_hub.models import Appraisal, DatasetVersion
from everycount_hub.queries.appraisals import indicators_in, not_accepted
from everycount_hub.workbench.answer import posted
from everycount_hub.workbench.appraisal_forms import (
    DECIDE,
    AnswersForm,
    FindingForm,
    initial_of,
)
from everycount_hub.workbench.steps import version_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What answers allow, in the words of the form."""

    needed: str
    allowed: list[str]
    reasons: list[tuple[Promise, list[str]]]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appraise(request: HttpRequest, slug: str, name: str, number: int) -> HttpResponse:
    """Show the questions; keep the answers; decide if asked to and they allow it."""
    version = version_for(request, slug, name, number=number, address="version_appraise")
    scheme = appraisals.scheme()
    missing = sorted(not_accepted(version)) if version.appraisals.exists() else []
    kept = _kept(version, missing)
    given = posted(request)
    decides = given is not None and DECIDE in given
    form = AnswersForm(
        given,
        scheme=scheme,
        version=version,
        codes=indicators_in(version),
        initial=initial_of(kept),
    )
    decision = FindingForm(given if decides else None)
    if form.is_valid() and (not decides or decision.is_valid()):
        try:
            return _act(request, version, form, decision if decides else None)
        except ActionRefused as refusal:
            for line in str(refusal).splitlines():
                (decision if decides else form).add_error(None, line)
    answers = appraisals.read_answers(kept) if kept else None
    if form.is_bound and form.is_valid():
        answers = form.answers()
    shown = {
        "version": version,
        "dataset": version.dataset,
        "workspace": version.dataset.workspace,
        "form": form,
        "decision": decision,
        "missing": missing,
        "verdict": _verdict(appraisals.allowed(answers)) if answers else None,
    }
    status = 422 if form.is_bound else 200
    return render(request, "workbench/appraise.html", shown, status=status)


def _act(
    request: HttpRequest, version: DatasetVersion, form: AnswersForm, decision: FindingForm | None
) -> HttpResponse:
    if decision is None:
        appraisals.save_draft(version=version, answers=form.answers(), by=request.user)
        messages.success(request, _("Saved. Nothing is decided yet."))
        return redirect(request.path)
    appraisals.appraise(
        version=version, answers=form.answers(), finding=decision.finding(), by=request.user
    )
    return redirect(version)


def _kept(version: DatasetVersion, missing: list[str]) -> dict[str, object]:
    """Return what the form begins with: answers not decided on, else those of the last time.

    What was answered about an earlier version is a beginning too: mostly little has changed.
    After a decision about some indicators, the others are what is to be decided about.
    """
    draft = getattr(version, "appraisal_draft", None)
    last = version.appraisals.last() or (
        Appraisal.objects.filter(
            version__dataset=version.dataset, version__number__lt=version.number
        ).last()
    )
    found = draft or last
    kept = dict(found.form) if found else {}
    kept.pop("decision", None)
    if missing and draft is None and kept["indicators"]:
        kept["indicators"] = missing
    return kept


def _verdict(found: Assessment) -> Verdict:
    return Verdict(
        needed=found.needed,
        allowed=[str(Appraisal.Outcome(each).label) for each in found.allowed],
        reasons=appraisals.reasons_of(found),
    )
