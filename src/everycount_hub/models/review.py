"""What a second reader said of a version."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Review(models.Model):
    """One reading: fit for approval, or sent back with what is to be put right. Never changed."""

    class Outcome(models.TextChoices):
        FIT = "fit", _("fit for approval")
        RETURNED = "returned", _("sent back")

    version = models.ForeignKey("DatasetVersion", on_delete=models.PROTECT, related_name="reviews")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    note = models.TextField(_("note"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="review_return_says_why", condition=Q(outcome="fit") | ~Q(note="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.outcome}"
