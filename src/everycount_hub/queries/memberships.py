"""What pages show of members."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from everycount_hub.models import Membership, Organisation, User, Workspace
from everycount_hub.permissions import SECOND_FACTOR_ROLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person with the roles held in one place."""

    user: User
    memberships: tuple[Membership, ...]
    lacks_second_factor: bool

    @property
    def organisations(self) -> list[Organisation]:
        """Return the organisations a person acts for, each once."""
        acts_for = (each.organisation for each in self.memberships if each.organisation)
        return list(dict.fromkeys(acts_for))


def members_of(workspace: Workspace | None) -> list[Member]:
    """Return who holds roles in a workspace, or without one in the whole hub, by name."""
    factors = Authenticator.objects.filter(
        user=OuterRef("user"), type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    )
    rows = (
        Membership.objects.filter(workspace=workspace, ended_at__isnull=True)
        .select_related("user", "organisation", "granted_by")
        .annotate(has_factor=Exists(factors))
    )
    by_user: dict[User, list[Membership]] = {}
    for row in rows:
        by_user.setdefault(row.user, []).append(row)
    members = (
        Member(
            user=user,
            memberships=tuple(held),
            lacks_second_factor=not held[0].has_factor
            and any(each.role in SECOND_FACTOR_ROLES for each in held),
        )
        for user, held in by_user.items()
    )
    return sorted(members, key=lambda each: (str(each.user).casefold(), each.user.pk))


def former_members_of(workspace: Workspace | None, *, limit: int = 100) -> list[Membership]:
    """Return the roles that ended last."""
    ended = Membership.objects.filter(workspace=workspace, ended_at__isnull=False)
    return list(ended.select_related("user", "granted_by").order_by("-ended_at", "-pk")[:limit])
