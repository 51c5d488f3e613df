"""Releases: lists of versions that never change."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Release(models.Model):
    """What was published together. `digest` is that of its list; see actions/releases.py."""

    class State(models.TextChoices):
        EMBARGOED = "embargoed", _("embargoed")
        PUBLISHED = "published", _("published")
        CANCELLED = "cancelled", _("called off")

    workspace = models.ForeignKey("Workspace", on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    note = models.TextField(_("note"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State)
    embargoed_until = models.DateTimeField(_("embargoed until"), null=True)
    published_at = models.DateTimeField(_("published"), null=True)
    digest = models.CharField(_("digest of the list"), max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("made"))

    class Meta:
        ordering: ClassVar = ["workspace", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="release_number", fields=["workspace", "number"]),
            models.CheckConstraint(
                name="release_published",
                condition=Q(state="published", published_at__isnull=False)
                | ~Q(state="published") & Q(published_at__isnull=True),
            ),
            models.CheckConstraint(
                name="release_embargo",
                condition=Q(state="published") | Q(embargoed_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the release's page."""
        return reverse("release", args=[self.workspace.slug, self.number])


class ReleaseVersion(models.Model):
    """One line of a release: a version and the digest under which it was released."""

    release = models.ForeignKey("Release", on_delete=models.PROTECT, related_name="lines")
    version = models.ForeignKey("DatasetVersion", on_delete=models.PROTECT, related_name="lines")
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        ordering: ClassVar = ["release", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="release_version_once", fields=["release", "version"])
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.digest[:12]}"
