"""Long computations that wait, run or ran."""

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

TITLES = {
    "check_bundle": _("Check of a version"),
    "check_version": _("Check of a version"),
    "compare_versions": _("Comparison of two versions"),
    "fetch_dataset": _("Fetch of figures from a service"),
    "draw_edition": _("Drawing of the public pages"),
    "make_edition": _("Making of the public pages"),
    "publish_release": _("Release at the end of an embargo"),
    "remove_files": _("Removal of files"),
}
"""What the kinds of `jobs.KINDS` are called on pages."""


class Job(models.Model):
    """One long computation. Written by `queue` alone.

    A worker holds a running job until `lease_until`, and renews that while it lives; a job whose
    lease has run out may be taken by another. `attempts` counts the takings and is the number by
    which a worker proves that it still holds the job; `failures` those that ended with an error
    that may pass.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(_("kind"), max_length=40)
    arguments = models.JSONField(_("arguments"), default=dict, encoder=DjangoJSONEncoder)
    key = models.CharField(_("what it is about"), max_length=120)
    workspace = models.ForeignKey(
        "Workspace", on_delete=models.PROTECT, null=True, related_name="jobs"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    progress = models.FloatField(_("progress"), default=0.0)
    words = models.CharField(_("what it is doing"), max_length=200, blank=True)
    result = models.JSONField(_("result"), default=dict, encoder=DjangoJSONEncoder)
    error = models.TextField(_("what went wrong"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    most_attempts = models.PositiveSmallIntegerField(_("most attempts"), default=30)
    failures = models.PositiveSmallIntegerField(_("failures"), default=0)
    cancel_asked = models.BooleanField(_("to be cancelled"), default=False)
    created_at = models.DateTimeField(_("asked for"))
    run_at = models.DateTimeField(_("not before"))
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    lease_until = models.DateTimeField(_("held until"), null=True)
    worker = models.CharField(_("worker"), max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["run_at", "id"], condition=Q(state="queued"), name="job_waiting"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="job_running"),
            models.Index(fields=["workspace", "-created_at"], name="job_workspace"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="job_once_at_a_time",
                fields=["kind", "key"],
                condition=Q(state__in=["queued", "running"]),
            ),
            models.CheckConstraint(
                name="job_progress", condition=Q(progress__gte=0.0, progress__lte=1.0)
            ),
            models.CheckConstraint(
                name="job_held_while_running",
                condition=Q(state="running", lease_until__isnull=False)
                | ~Q(state="running") & Q(lease_until__isnull=True),
            ),
            models.CheckConstraint(
                name="job_attempts", condition=Q(attempts__lte=F("most_attempts"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def title(self) -> str:
        """What the job does, for people; its log name where a hub does not know it."""
        words = TITLES.get(self.kind)
        return str(words) if words else str(self)

    def get_absolute_url(self) -> str:
        """Return the address of the page that shows the job."""
        return reverse("job", args=[self.pk])
