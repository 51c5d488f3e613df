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
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
from everycount_hub.permissions import Permission

Outcome = Appraisal.Outcome
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
    allowed(answers)
    draft, _made = AppraisalDraft.objects.update_or_create(
        version=version,
        defaults={"form": _kept(answers), "by": by, "at": timezone.now()},
    )
    life.log(version, "appraisal_saved", by=by)
    return draft


@transaction.atomic
def appraise(*, version: DatasetVersion, answers: Answers, finding: Finding, by: User) -> Appraisal:
    """Decide for what third-party data may be used, if the answers allow it."""
    version = life.lock(version)
    _demand_open(version, by)
    decided = replace(answers, decision=_decision(finding, by))
    _demand_allowed(decided, finding)
    declined = finding.outcome == Outcome.DECLINED
    life.enter(version, Step.DECLINE if declined else Step.ACCEPT)
    version.save(update_fields=["state"])
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
    life.log(version, version.state, by=by, note=finding.reason, outcome=str(finding.outcome))
    words = gettext_lazy("“{version}” was appraised: {outcome}. {reason}")
    text = format_lazy(
        words, version=version, outcome=appraisal.get_outcome_display(), reason=finding.reason
    )
    able = None if declined else Permission.DATASET_REVIEW
    life.tell(version, version.state, text, able_to=able, but=by)
    return appraisal


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
    try:
        reasons = [str(problem) for problem in decision_faults(decided, scheme())]
    except InputError as error:
        raise ActionRefused(_in_words(error)) from error
    if finding.outcome == Outcome.OFFICIAL_NOTE and not any(finding.conditions):
        reasons.append(_("Write the note that is shown with every figure."))
    if reasons:
        raise ActionRefused("\n".join(reasons))


def _kept(answers: Answers) -> dict[str, Any]:
    """Return answers as JSON has them."""
    kept: dict[str, Any] = json.loads(json.dumps(asdict(answers)))
    return kept


def _in_words(error: InputError) -> str:
    return "\n".join(str(problem) for problem in error.problems)
