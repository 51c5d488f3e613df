"""Who may do what: every role and every permission on one page. What is not listed is denied."""

from enum import StrEnum, auto
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from everycount_hub.models import User, Workspace


class Permission(StrEnum):
    """Something that needs a permission."""

    WORKSPACE_VIEW = auto()
    WORKSPACE_CREATE = auto()
    WORKSPACE_EDIT = auto()
    MEMBER_VIEW = auto()
    MEMBER_MANAGE = auto()
    ORGANISATION_EDIT = auto()
    ACCOUNT_EDIT = auto()
    AUDIT_VIEW = auto()
    DATASET_VIEW = auto()
    DATASET_VIEW_UNRELEASED = auto()
    DATASET_SUBMIT = auto()
    DATASET_CHECK = auto()
    DATASET_APPRAISE = auto()
    DATASET_REVIEW = auto()
    DATASET_APPROVE = auto()
    DATASET_WITHDRAW = auto()
    RELEASE_MAKE = auto()
    JOB_MANAGE = auto()


class Role(StrEnum):
    """What a person is in a workspace. The label is shown."""

    READER = "reader"
    CONTRIBUTOR = "contributor"
    PRODUCER = "producer"
    METHODOLOGIST = "methodologist"
    APPRAISER = "appraiser"
    APPROVER = "approver"
    TRANSLATOR = "translator"
    SECRETARIAT = "secretariat"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """Return the name of the role in the reader's language."""
        return LABELS[self]


LABELS = {
    Role.READER: _("reader"),
    Role.CONTRIBUTOR: _("contributor"),
    Role.PRODUCER: _("producer"),
    Role.METHODOLOGIST: _("methodologist"),
    Role.APPRAISER: _("appraiser"),
    Role.APPROVER: _("approver"),
    Role.TRANSLATOR: _("translator"),
    Role.SECRETARIAT: _("secretariat"),
    Role.ADMINISTRATOR: _("administrator"),
}

_SEES = {Permission.WORKSPACE_VIEW, Permission.DATASET_VIEW}
_CONTRIBUTES = {*_SEES, Permission.MEMBER_VIEW}
_PREPARES = {*_CONTRIBUTES, Permission.DATASET_VIEW_UNRELEASED, Permission.DATASET_CHECK}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.READER: frozenset(_SEES),
    Role.CONTRIBUTOR: frozenset({*_CONTRIBUTES, Permission.DATASET_SUBMIT}),
    Role.PRODUCER: frozenset(
        {
            *_PREPARES,
            Permission.DATASET_SUBMIT,
            Permission.DATASET_WITHDRAW,
            Permission.JOB_MANAGE,
        }
    ),
    Role.METHODOLOGIST: frozenset({*_PREPARES, Permission.DATASET_REVIEW}),
    Role.APPRAISER: frozenset({*_PREPARES, Permission.DATASET_APPRAISE}),
    Role.APPROVER: frozenset(
        {
            *_PREPARES,
            Permission.DATASET_REVIEW,
            Permission.DATASET_APPROVE,
            Permission.DATASET_WITHDRAW,
            Permission.RELEASE_MAKE,
            Permission.JOB_MANAGE,
        }
    ),
    Role.TRANSLATOR: frozenset(_CONTRIBUTES),
    Role.SECRETARIAT: frozenset(
        {
            *_CONTRIBUTES,
            Permission.WORKSPACE_EDIT,
            Permission.MEMBER_MANAGE,
            Permission.ORGANISATION_EDIT,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            *_CONTRIBUTES,
            Permission.WORKSPACE_CREATE,
            Permission.WORKSPACE_EDIT,
            Permission.MEMBER_MANAGE,
            Permission.ORGANISATION_EDIT,
            Permission.ACCOUNT_EDIT,
            Permission.AUDIT_VIEW,
            Permission.JOB_MANAGE,
        }
    ),
}
"""An administrator runs the place and decides about no figure."""

HUB_ROLES = frozenset({Role.SECRETARIAT, Role.ADMINISTRATOR})
"""Roles that may be held for the whole hub: those that decide about no figure."""

SECOND_FACTOR_ROLES = frozenset(
    {Role.APPRAISER, Role.APPROVER, Role.SECRETARIAT, Role.ADMINISTRATOR}
)
"""Roles that need a second factor to sign in: they decide what is official and who is who."""

_ORDINARY = frozenset(Role) - HUB_ROLES
GRANTS: dict[Role, frozenset[Role]] = {
    Role.ADMINISTRATOR: frozenset(Role),
    Role.SECRETARIAT: _ORDINARY,
}
"""Which roles a role may give and end: nobody can make somebody more powerful than themselves."""


def roles_of(user: "User | AnonymousUser", *, workspace: "Workspace | None") -> frozenset[Role]:
    """Return the roles a person holds in a workspace now, those of the whole hub among them."""
    if not (user.is_authenticated and user.is_active):
        return frozenset()
    where = Q(workspace__isnull=True)
    if workspace is not None:
        where |= Q(workspace=workspace)
    held = user.memberships.filter(where, ended_at__isnull=True)
    return frozenset(Role(role) for role in held.values_list("role", flat=True))


def has_permission(
    user: "User | AnonymousUser", permission: Permission, *, workspace: "Workspace | None"
) -> bool:
    """Tell whether a person may do something in a workspace; without one, in the hub itself."""
    held = roles_of(user, workspace=workspace)
    return any(permission in PERMISSIONS[role] for role in held)


def people_with(permission: Permission, *, workspace: "Workspace | None") -> "QuerySet[User]":
    """Return the people who may do something in a workspace, by number; else in the hub itself."""
    able = [role.value for role in Role if permission in PERMISSIONS[role]]
    where = Q(memberships__workspace__isnull=True)
    if workspace is not None:
        where |= Q(memberships__workspace=workspace)
    holds = Q(memberships__role__in=able, memberships__ended_at__isnull=True) & where
    return get_user_model().objects.filter(holds, is_active=True).distinct().order_by("pk")


def may_grant(user: "User", role: Role, *, workspace: "Workspace | None") -> bool:
    """Tell whether a person may give and end `role` in a workspace or in the hub."""
    held = roles_of(user, workspace=workspace)
    return any(role in GRANTS.get(each, frozenset()) for each in held)
