"""Actions on appraisals: keep answers, and decide for what third-party data may be used."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from everycount.errors import InputError
from everycount.io.appraisals import read_scheme, shipped_scheme
from everycount.io.declare import read_json
from everycount.model.appraisal import Appraisal as Answers
from everycount.model.appraisal import Decision
from everycount.model.appraisal_scheme import Scheme
from everycount.repository.appraise import Assessment, assess, decision_faults
from everycount_hub.actions import dataset_life as life
from everycount_hub.actions.dataset_life import Step
from everycount_hub.errors import ActionRefused
from everycount_hub.models import Appraisal, AppraisalDraft, Dataset, DatasetVersion, User
from everycount_hub.models.wording import wording
from everycount_hub.permissions import Permission
from everycount_hub.queries.appraisals import indicators_in, not_accepted

Outcome = Appraisal.Outcome
OUTCOME = "decision, outcome"
"""Where the library finds a decision that the answers do not allow."""
WORDS: dict[str, Promise] = {
    "decision, legal_basis": gettext_lazy(
        "Legal basis: official data need the law and the article that allows it."
    ),
    "decision, authority": gettext_lazy(
        "Authority: official data need the name of who decided under that law."
    ),
    "decision, expires": gettext_lazy(
        "Valid until: give the last day on which the decision holds, a day after today."
    ),
    "decision, reason": gettext_lazy("Why: say why it was decided so."),
}
"""What is wrong with a decision, in the words of the form, by where the library finds it."""
FORMAT = "appraisal/1"
"""What kept answers are read as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is decided about data, beside the answers it rests on."""

    outcome: Outcome
    reason: str
    conditions: tuple[str, ...] = ()
    legal_basis: str = ""
    authority: str = ""
    expires_on: date | None = None
    """The last day it holds; none only where data are declined."""


def scheme() -> Scheme:
    """Return the scheme of this hub: the office's own, or the library's."""
    return _scheme(settings.APPRAISAL_SCHEME)


@cache
def _scheme(path: Path | None) -> Scheme:
    return read_scheme(path) if path else shipped_scheme()


def read_answers(form: Mapping[str, Any]) -> Answers:
    """Return kept answers as the library has them.

    Raises
    ------
    InputError
        If they are not such answers.
    """
    text = json.dumps({**form, "format": FORMAT}).encode()
    return read_json(text, Answers, subject="the appraisal", version=FORMAT)


def allowed(answers: Answers) -> Assessment:
    """Return what answers allow.

    Raises
    ------
    ActionRefused
        If they answer questions that the scheme does not have.
    """
    try:
        return assess(answers, scheme())
    except InputError as error:
        raise ActionRefused(_in_words(error)) from error


@transaction.atomic
def save_draft(*, version: DatasetVersion, answers: Answers, by: User) -> AppraisalDraft:
    """Keep answers that are not decided on yet."""
    version = life.lock(version)
    _demand_open(version, by)
    _demand_indicators(version, answers)
    allowed(answers)
    draft, _made = AppraisalDraft.objects.update_or_create(
        version=version,
        defaults={"form": _kept(answers), "by": by, "at": timezone.now()},
    )
    life.log(version, "appraisal_saved", by=by)
    return draft


@transaction.atomic
def appraise(*, version: DatasetVersion, answers: Answers, finding: Finding, by: User) -> Appraisal:
    """Decide for what third-party data may be used, if the answers allow it.

    A decision about some indicators alone lets the version go on once every other one has its
    decision too. One that was declined keeps the version out: it is sent anew without it.
    """
    version = life.lock(version)
    _demand_open(version, by)
    _demand_indicators(version, answers)
    decided = replace(answers, decision=_decision(finding, by))
    _demand_allowed(decided, finding)
    used = scheme()
    appraisal = Appraisal.objects.create(
        version=version,
        outcome=finding.outcome,
        reason=finding.reason.strip(),
        conditions="\n".join(finding.conditions),
        legal_basis=finding.legal_basis.strip(),
        authority=finding.authority.strip(),
        expires_on=finding.expires_on,
        scheme=f"{used.id} {used.version}",
        form=_kept(decided),
        by=by,
        at=timezone.now(),
    )
    AppraisalDraft.objects.filter(version=version).delete()
    verb, able = _go_on(version, finding)
    life.log(version, verb, by=by, note=finding.reason, outcome=str(finding.outcome))
    words = gettext_lazy("“{version}” was appraised: {outcome}. {reason}")
    text = format_lazy(
        words, version=version, outcome=appraisal.get_outcome_display(), reason=finding.reason
    )
    life.tell(version, verb, text, able_to=able, but=by)
    return appraisal


def _go_on(version: DatasetVersion, finding: Finding) -> tuple[str, Permission | None]:
    """Take a version to its next state; return what happened, and who is to act now."""
    if finding.outcome == Outcome.DECLINED:
        life.enter(version, Step.DECLINE)
        able = None
    elif not_accepted(version):
        return "appraised_in_part", Permission.DATASET_APPRAISE
    else:
        life.enter(version, Step.ACCEPT)
        able = Permission.DATASET_REVIEW
    version.save(update_fields=["state"])
    return version.state, able


def _demand_indicators(version: DatasetVersion, answers: Answers) -> None:
    """Refuse an appraisal of indicators that the data do not have."""
    known = indicators_in(version) if answers.indicators else frozenset()
    strangers = [code for code in answers.indicators if code not in known]
    if strangers:
        raise ActionRefused(
            _("Indicators: found {found}, expected codes of the data: {known}.").format(
                found=", ".join(strangers), known=", ".join(sorted(known))
            )
        )


def _demand_open(version: DatasetVersion, by: User) -> None:
    """Refuse to appraise own data, what one sent oneself, and what is past that step."""
    if version.dataset.kind != Dataset.Kind.THIRD_PARTY:
        raise ActionRefused(
            _("“{version}” is own data: only third-party data are appraised.").format(
                version=version
            )
        )
    life.refuse_own(version, by, _("appraise"))
    life.demand_open(version, Step.ACCEPT)


def _decision(finding: Finding, by: User) -> Decision:
    return Decision(
        outcome=finding.outcome.value,
        date=timezone.localdate().isoformat(),
        # People stand in records by number, so that personal data can be emptied.
        by=(f"account {by.pk}",),
        reason=finding.reason.strip(),
        legal_basis=finding.legal_basis.strip(),
        authority=finding.authority.strip(),
        conditions=finding.conditions,
        expires=finding.expires_on.isoformat() if finding.expires_on else "",
    )


def _demand_allowed(decided: Answers, finding: Finding) -> None:
    """Refuse a decision with every reason there is against it."""
    found = allowed(decided)
    reasons = [
        _not_allowed(finding.outcome, found)
        if problem.where == OUTCOME
        else str(WORDS.get(problem.where, problem))
        for problem in decision_faults(decided, scheme())
    ]
    if finding.outcome == Outcome.OFFICIAL_NOTE and not any(finding.conditions):
        reasons.append(_("Write the note that is shown with every figure."))
    if reasons:
        raise ActionRefused("\n".join(reasons))


def _not_allowed(outcome: Outcome, found: Assessment) -> str:
    """Say what the answers allow instead of a decision, and which of them stand against it."""
    words = _("The answers do not allow “{outcome}”. They allow: {allowed}.").format(
        outcome=outcome.label, allowed="; ".join(str(Outcome(each).label) for each in found.allowed)
    )
    against = [f"{what}: {'; '.join(titles)}." for what, titles in reasons_of(found)]
    return " ".join([words, *against])


def reasons_of(found: Assessment) -> list[tuple[Promise, list[str]]]:
    """Return what stands against a stronger decision: words, and titles of questions."""
    used = scheme()
    titles = {each.id: wording(each.title, get_language()) for each in (*used.gate, *used.criteria)}
    listed = (
        (gettext_lazy("Still open, or without evidence"), found.unanswered),
        (gettext_lazy("Keeps the data out"), found.gate_failed),
        (gettext_lazy("Lacking: supplementary at most"), found.gate_lacking),
        (gettext_lazy("At A0, which never passes"), found.without),
        (gettext_lazy("Below the level needed"), found.short),
    )
    return [(words, [titles[each] for each in ids]) for words, ids in listed if ids]


def _kept(answers: Answers) -> dict[str, Any]:
    """Return answers as JSON has them."""
    kept: dict[str, Any] = json.loads(json.dumps(asdict(answers)))
    return kept


def _in_words(error: InputError) -> str:
    return "\n".join(str(problem) for problem in error.problems)
