"""Workspaces: a country or a network working on its data together."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from everycount_hub.models.wording import wording


def english() -> list[str]:
    """Return the languages of a workspace of which nothing else is said."""
    return ["en"]


class Workspace(models.Model):
    """Where people of a country or a network hold roles, data and releases."""

    class Kind(models.TextChoices):
        COUNTRY = "country", _("country")
        NETWORK = "network", _("network")

    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    names = models.JSONField(_("names"))
    area = models.CharField(_("area code"), max_length=20, blank=True)
    languages = models.JSONField(_("languages"), default=english)
    is_public = models.BooleanField(_("shown on the portal"), default=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["slug"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="workspace_country_area", condition=~Q(kind="country", area="")
            )
        ]

    def __str__(self) -> str:
        return wording(self.names, get_language())

    def get_absolute_url(self) -> str:
        """Return the address of the workspace's page."""
        return reverse("workspace", args=[self.slug])
