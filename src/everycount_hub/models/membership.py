"""Who holds which role where."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from everycount_hub.permissions import HUB_ROLES, Role


class Membership(models.Model):
    """One role of one person; without a workspace it holds in the hub and in every workspace.

    Rows are ended, never deleted: who could do what on a day can always be told.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    workspace = models.ForeignKey(
        "Workspace", on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    organisation = models.ForeignKey(
        "Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    role = models.CharField(
        _("role"), max_length=20, choices=[(role.value, role.label) for role in Role]
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    granted_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["granted_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="membership_once",
                fields=["user", "workspace", "role"],
                condition=Q(ended_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="membership_once_in_hub",
                fields=["user", "role"],
                condition=Q(ended_at__isnull=True, workspace__isnull=True),
            ),
            models.CheckConstraint(
                name="membership_hub_roles",
                condition=Q(workspace__isnull=False)
                | Q(role__in=sorted(role.value for role in HUB_ROLES)),
            ),
            models.CheckConstraint(
                name="membership_dates",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("granted_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.workspace_id or 'hub'}"
