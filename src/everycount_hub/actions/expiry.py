"""Telling people that an appraisal expires, once before and once when it has."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from everycount_hub.actions import dataset_life as life
from everycount_hub.actions.audit import name_of
from everycount_hub.actions.files import hold_store
from everycount_hub.models import Appraisal, AuditEvent, DatasetVersion
from everycount_hub.permissions import Permission
from everycount_hub.queries.appraisals import standing

State = DatasetVersion.State
BEFORE = timedelta(days=60)
"""How long before the last day people are told: to ask the producer and appraise anew takes
weeks."""
IN_USE = (State.APPRAISED, State.REVIEWED, State.APPROVED, State.EMBARGOED, State.RELEASED)
"""States of versions whose appraisal matters."""
SOON, NOW = "appraisal_expires_soon", "appraisal_expired"
"""What the audit log calls the two messages."""


@transaction.atomic
def tell_expiring(*, today: date | None = None) -> int:
    """Tell those concerned of appraisals that expire soon or have expired; return how many.

    What the audit log has already is not told again, however often this runs.
    """
    today = today or timezone.localdate()
    hold_store()  # Two workers at once: the second looks when the first is done.
    told = 0
    for appraisal in _standing().filter(expires_on__lte=today + BEFORE):
        version = appraisal.version
        verb = NOW if appraisal.expires_on < today else SOON
        events = AuditEvent.objects.filter(
            target=name_of(version), verb=f"dataset_version.{verb}", facts__appraisal=appraisal.pk
        )
        if not events.exists() and appraisal in standing(version, list(version.appraisals.all())):
            _tell(appraisal, verb)
            told += 1
    return told


def _tell(appraisal: Appraisal, verb: str) -> None:
    version = appraisal.version
    day = appraisal.expires_on.isoformat()
    life.log(version, verb, by=None, appraisal=appraisal.pk, last_day=day)
    if verb == NOW:
        words = gettext_lazy(
            "The appraisal of “{version}” held until {day}. Its figures are shown as expired; "
            "send them as a new version to have them appraised anew."
        )
    else:
        words = gettext_lazy("The appraisal of “{version}” holds until {day}.")
    text = format_lazy(words, version=version, day=day)
    life.tell(version, verb, text, able_to=Permission.DATASET_APPRAISE)


def _standing() -> QuerySet[Appraisal]:
    """Return the appraisals of versions in use that no newer release replaced.

    Those after which another one was about all of the data are left out.
    """
    about_all = Q(form__indicators=[]) | Q(form__indicators__isnull=True)
    newer = Appraisal.objects.filter(about_all, version=OuterRef("version"), pk__gt=OuterRef("pk"))
    replaced = DatasetVersion.objects.filter(
        dataset=OuterRef("version__dataset"),
        number__gt=OuterRef("version__number"),
        state=State.RELEASED,
    )
    held = Appraisal.objects.filter(~Exists(newer), ~Exists(replaced), version__state__in=IN_USE)
    return held.select_related(
        "version__dataset__workspace", "version__author", "version__submitted_by"
    ).order_by("pk")
