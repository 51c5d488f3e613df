"""Tokens by which programs of a person send figures."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ApiToken(models.Model):
    """One token of one person in one workspace. The token itself is nowhere: only its digest."""

    class Scope(models.TextChoices):
        SUBMIT = "submit", _("send figures, and see what became of them")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens"
    )
    workspace = models.ForeignKey("Workspace", on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(_("may"), max_length=10, choices=Scope, default=Scope.SUBMIT)
    name = models.CharField(_("what it is for"), max_length=100)
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    used_at = models.DateTimeField(_("last used"), null=True)
    hour_began = models.DateTimeField(_("counting since"), null=True)
    hour_count = models.PositiveIntegerField(_("requests since then"), default=0)

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="api_token_scope", condition=Q(scope="submit")),
            models.CheckConstraint(
                name="api_token_dates", condition=Q(expires_at__gt=F("created_at"))
            ),
        ]

    def __str__(self) -> str:
        return self.name
