"""Versions of datasets: figures that never change, and where they are in their life."""

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class DatasetVersion(models.Model):
    """One version. Its table or bundle is named by `digest`; the file that was sent by `source`.

    `metadata` holds what came with the figures: structure, code lists, origins, notes of reading.
    Figures never change: a correction is a new version with a reason. The steps between states
    are in actions/dataset_life.py. A withdrawn version stays as a tombstone that says by whom,
    when and why.
    """

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        FAULTY = "faulty", _("faulty")
        CHECKED = "checked", _("checked")
        APPRAISED = "appraised", _("appraised")
        DECLINED = "declined", _("declined")
        REVIEWED = "reviewed", _("reviewed")
        RETURNED = "returned", _("sent back")
        APPROVED = "approved", _("approved")
        EMBARGOED = "embargoed", _("embargoed")
        RELEASED = "released", _("released")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Origin(models.TextChoices):
        UPLOAD = "upload", _("upload")
        FETCH = "fetch", _("fetched")
        API = "api", _("API")

    dataset = models.ForeignKey("Dataset", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SUBMITTED)
    origin = models.CharField(_("came by"), max_length=6, choices=Origin)
    reason = models.TextField(_("reason for the correction"), blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="versions_written"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="versions_submitted"
    )
    submitted_at = models.DateTimeField(_("submitted"))

    source = models.CharField(_("digest of the file sent"), max_length=64)
    source_name = models.CharField(_("file sent"), max_length=200)
    source_size = models.BigIntegerField(_("bytes sent"))
    options = models.JSONField(_("how to read it"), default=dict, encoder=DjangoJSONEncoder)

    digest = models.CharField(_("digest"), max_length=64, blank=True, db_index=True)
    row_count = models.BigIntegerField(_("observations"), null=True)
    size = models.BigIntegerField(_("bytes"), null=True)
    metadata = models.JSONField(_("metadata"), default=dict, encoder=DjangoJSONEncoder)
    checked_at = models.DateTimeField(_("checked"), null=True)
    findings = models.JSONField(_("findings"), default=list, encoder=DjangoJSONEncoder)
    error_count = models.PositiveIntegerField(_("errors found"), default=0)
    warning_count = models.PositiveIntegerField(_("warnings found"), default=0)

    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True)

    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_reason = models.TextField(_("why it was withdrawn"), blank=True)
    is_file_removed = models.BooleanField(_("file removed"), default=False)

    class Meta:
        ordering: ClassVar = ["dataset", "number"]
        indexes: ClassVar = [
            models.Index(fields=["state", "-submitted_at"], name="version_state"),
            models.Index(fields=["source"], name="version_source"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(name="version_number", fields=["dataset", "number"]),
            models.CheckConstraint(name="version_reason", condition=Q(number=1) | ~Q(reason="")),
            models.CheckConstraint(
                name="version_has_figures",
                condition=Q(state__in=["submitted", "faulty", "withdrawn"]) | ~Q(digest=""),
            ),
            models.CheckConstraint(
                name="version_four_eyes",
                condition=Q(approved_by__isnull=True)
                | ~Q(approved_by=F("author")) & ~Q(approved_by=F("submitted_by")),
            ),
            models.CheckConstraint(
                name="version_approved",
                condition=Q(approved_by__isnull=False, approved_at__isnull=False)
                | Q(approved_by__isnull=True) & ~Q(state__in=["approved", "embargoed", "released"]),
            ),
            models.CheckConstraint(
                name="version_tombstone",
                condition=Q(
                    state="withdrawn", withdrawn_by__isnull=False, withdrawn_at__isnull=False
                )
                & ~Q(withdrawn_reason="")
                | ~Q(state="withdrawn") & Q(is_file_removed=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.number}"

    def get_absolute_url(self) -> str:
        """Return the address of the version's page, which outlives its withdrawal."""
        dataset = self.dataset
        return reverse("version", args=[dataset.workspace.slug, dataset.slug, self.number])
