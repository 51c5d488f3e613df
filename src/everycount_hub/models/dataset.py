"""Datasets: what versions are versions of."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from everycount_hub.models.wording import wording


class Dataset(models.Model):
    """A table of figures that is corrected and continued by versions."""

    class Kind(models.TextChoices):
        OWN = "own", _("own data")
        THIRD_PARTY = "third_party", _("third-party data")

    workspace = models.ForeignKey("Workspace", on_delete=models.PROTECT, related_name="datasets")
    slug = models.SlugField(_("short name"), max_length=60)
    titles = models.JSONField(_("title"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    producer = models.ForeignKey(
        "Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="datasets"
    )
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("made"))

    class Meta:
        ordering: ClassVar = ["slug"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="dataset_slug",
                fields=["workspace", "slug"],
                violation_error_message=_("There is a dataset of this short name already."),
            ),
            models.CheckConstraint(
                name="dataset_kind", condition=models.Q(kind__in=["own", "third_party"])
            ),
        ]

    def __str__(self) -> str:
        return wording(self.titles, get_language())

    def get_absolute_url(self) -> str:
        """Return the address of the dataset's page."""
        return reverse("dataset", args=[self.workspace.slug, self.slug])
