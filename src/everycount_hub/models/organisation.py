"""Organisations that produce, use or support gender data."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from everycount_hub.models.wording import wording


class Organisation(models.Model):
    """A body that exists from one day to another, with what it came from.

    A new name is a new organisation that succeeds the old one, so that a figure stays with the
    name under which it was published.
    """

    class Kind(models.TextChoices):
        STATISTICS_OFFICE = "statistics_office", _("statistics office")
        MINISTRY = "ministry", _("ministry or public agency")
        WOMENS_MACHINERY = "womens_machinery", _("national mechanism for women")
        UNITED_NATIONS = "united_nations", _("United Nations body")
        INTERGOVERNMENTAL = "intergovernmental", _("intergovernmental organisation")
        CIVIL_SOCIETY = "civil_society", _("civil society organisation")
        ACADEMIA = "academia", _("university or research institute")
        PRIVATE = "private", _("company or foundation")
        OTHER = "other", _("other")

    names = models.JSONField(_("names"))
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    country = models.CharField(_("country"), max_length=3, blank=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)
    predecessors = models.ManyToManyField(
        "self", symmetrical=False, related_name="successors", blank=True
    )

    class Meta:
        ordering: ClassVar = ["acronym", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="organisation_dates",
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return wording(self.names, get_language())
