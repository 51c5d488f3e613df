"""Reading the tokens of a person."""

from django.db.models import QuerySet
from django.utils import timezone

from everycount_hub.models import ApiToken, User, Workspace
from everycount_hub.permissions import PERMISSIONS, Permission, Role


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """Return the tokens of a person that are in force, newest first."""
    held = user.api_tokens.filter(revoked_at=None, expires_at__gt=timezone.now())
    return held.select_related("workspace")


def places_to_submit(user: User) -> QuerySet[Workspace]:
    """Return the workspaces a person may send figures to."""
    able = [role.value for role in Role if Permission.DATASET_SUBMIT in PERMISSIONS[role]]
    held = user.memberships.filter(ended_at=None, role__in=able).values("workspace")
    return Workspace.objects.filter(pk__in=held)
