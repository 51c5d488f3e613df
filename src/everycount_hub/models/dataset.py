"""Datasets: what versions are versions of."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from everycount_hub.models.wording import wording


class Dataset(models.Model):
    """Figures, or what else is published, that are corrected and continued by versions."""

    class Content(models.TextChoices):
        FIGURES = "figures", _("figures")
        FRAMEWORK = "framework", _("indicator set")
        HANDBOOK = "handbook", _("metadata handbook")
        INDEX = "index", _("index")
        POLICY = "policy", _("policy review")
        SURVEY = "survey", _("survey estimates")

    class Kind(models.TextChoices):
        OWN = "own", _("own data")
        THIRD_PARTY = "third_party", _("third-party data")

    workspace = models.ForeignKey("Workspace", on_delete=models.PROTECT, related_name="datasets")
    slug = models.SlugField(_("short name"), max_length=60)
    titles = models.JSONField(_("title"))
    content = models.CharField(
        _("content"), max_length=10, choices=Content, default=Content.FIGURES
    )
    framework = models.CharField(_("indicator set"), max_length=120, blank=True)
    """Whose keys the figures have as INDICATOR, as ID@VERSION; empty for codes of a source."""
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
            models.CheckConstraint(
                # The gate for third-party data asks about figures.
                name="dataset_content",
                condition=models.Q(content="figures")
                | models.Q(
                    content__in=["framework", "handbook", "index", "policy", "survey"], kind="own"
                ),
            ),
        ]

    def __str__(self) -> str:
        return wording(self.titles, get_language())

    @property
    def has_figures(self) -> bool:
        """Whether its versions are tables of figures; else they are bundles of files."""
        return self.content == self.Content.FIGURES

    def get_absolute_url(self) -> str:
        """Return the address of the dataset's page."""
        return reverse("dataset", args=[self.workspace.slug, self.slug])
