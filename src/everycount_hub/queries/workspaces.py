"""What pages show of workspaces."""

from dataclasses import dataclass

from django.db.models import Count, Q

from everycount_hub.models import User, Workspace
from everycount_hub.permissions import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A workspace, and what a person is there."""

    workspace: Workspace
    roles: tuple[Role, ...]
    people: int


def places_of(user: User) -> list[Place]:
    """Return the workspaces that a person sees, with the roles held in each.

    Who holds a role in the whole hub sees all; a person's own come first.
    """
    held: dict[int | None, set[Role]] = {}
    rows = user.memberships.filter(ended_at__isnull=True).values_list("workspace", "role")
    for workspace, role in rows:
        held.setdefault(workspace, set()).add(Role(role))
    seen = Workspace.objects.annotate(
        people=Count("memberships__user", filter=Q(memberships__ended_at=None), distinct=True)
    )
    if None not in held:
        seen = seen.filter(pk__in=held)
    places = [
        Place(
            workspace=each,
            roles=tuple(role for role in Role if role in held.get(each.pk, ())),
            people=each.people,
        )
        for each in seen
    ]
    return sorted(places, key=lambda place: (not place.roles, str(place.workspace)))
