"""What was decided about the use of third-party data, and answers on the way there."""

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Appraisal(models.Model):
    """One appraisal of one version. Never changed: an appeal or a new look is another.

    `form` holds the appraisal as the library has it: gate, levels, evidence, decision. The
    outcomes are called as the library calls them.
    """

    class Outcome(models.TextChoices):
        OFFICIAL = "official", _("official")
        OFFICIAL_NOTE = "official_note", _("official with a note")
        SUPPLEMENTARY = "supplementary", _("supplementary, labelled so")
        CONTEXT = "context", _("context only")
        DECLINED = "declined", _("declined")

    version = models.ForeignKey(
        "DatasetVersion", on_delete=models.PROTECT, related_name="appraisals"
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    reason = models.TextField(_("reason"))
    conditions = models.TextField(_("conditions"), blank=True)
    legal_basis = models.TextField(_("legal basis"), blank=True)
    authority = models.CharField(_("authority"), max_length=300, blank=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    scheme = models.CharField(_("scheme"), max_length=200)
    form = models.JSONField(_("form"), default=dict, encoder=DjangoJSONEncoder)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        indexes: ClassVar = [models.Index(fields=["expires_on"], name="appraisal_expires")]
        constraints: ClassVar = [
            models.CheckConstraint(name="appraisal_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="appraisal_official_by_law",
                condition=~Q(outcome__in=["official", "official_note"])
                | ~Q(legal_basis="") & ~Q(authority=""),
            ),
            models.CheckConstraint(
                name="appraisal_note_is_written",
                condition=~Q(outcome="official_note") | ~Q(conditions=""),
            ),
            models.CheckConstraint(
                name="appraisal_expires_some_day",
                condition=Q(outcome="declined") | Q(expires_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.outcome}"


class AppraisalDraft(models.Model):
    """Answers about a version that are not decided on yet; anybody who appraises goes on."""

    version = models.OneToOneField(
        "DatasetVersion", on_delete=models.PROTECT, related_name="appraisal_draft"
    )
    form = models.JSONField(_("form"), default=dict, encoder=DjangoJSONEncoder)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    def __str__(self) -> str:
        return f"{self.version_id} draft"
