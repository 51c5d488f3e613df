"""Who may do what: the table as it is, and that everything else is denied."""

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser

from everycount_hub.actions import accounts, memberships
from everycount_hub.permissions import (
    GRANTS,
    HUB_ROLES,
    PERMISSIONS,
    SECOND_FACTOR_ROLES,
    Permission,
    Role,
    has_permission,
    may_grant,
    roles_of,
)

pytestmark = pytest.mark.django_db
EVERY = list(itertools.product(Role, Permission))


@pytest.mark.parametrize(("role", "permission"), EVERY)
def test_a_role_opens_what_the_table_says_and_nothing_else(
    role, permission, workspace, make_workspace, make_member
):
    other = make_workspace("other")
    user = make_member(workspace, role)
    allowed = permission in PERMISSIONS[role]
    assert has_permission(user, permission, workspace=workspace) is allowed
    assert not has_permission(user, permission, workspace=other)
    assert not has_permission(user, permission, workspace=None)


@pytest.mark.parametrize(("role", "permission"), [each for each in EVERY if each[0] in HUB_ROLES])
def test_a_role_of_the_hub_holds_everywhere(role, permission, workspace, make_member):
    user = make_member(None, role)
    allowed = permission in PERMISSIONS[role]
    assert has_permission(user, permission, workspace=None) is allowed
    assert has_permission(user, permission, workspace=workspace) is allowed


@pytest.mark.parametrize("permission", Permission)
def test_without_a_role_everything_is_denied(permission, workspace, make_workspace, make_user):
    public = make_workspace("public", is_public=True)
    for user in (AnonymousUser(), make_user()):
        for place in (workspace, public, None):
            assert not has_permission(user, permission, workspace=place)


@pytest.mark.parametrize("permission", sorted(PERMISSIONS[Role.ADMINISTRATOR]))
def test_an_ended_role_and_a_disabled_account_open_nothing(
    permission, workspace, make_member, make_user
):
    user = make_member(workspace, Role.ADMINISTRATOR)
    memberships.end(membership=user.memberships.get(), by=None)
    assert not has_permission(user, permission, workspace=workspace)
    other = make_member(workspace, Role.ADMINISTRATOR)
    other = accounts.disable(account=other, by=make_user(), note="left")
    assert not has_permission(other, permission, workspace=workspace)


def test_every_role_is_in_the_table_and_every_permission_is_somebodys():
    assert set(PERMISSIONS) == set(Role)
    assert frozenset().union(*PERMISSIONS.values()) == set(Permission)
    assert all(role.label for role in Role)


def test_who_runs_the_hub_decides_about_no_figure():
    decides = {
        Permission.DATASET_SUBMIT,
        Permission.DATASET_APPRAISE,
        Permission.DATASET_REVIEW,
        Permission.DATASET_APPROVE,
        Permission.RELEASE_MAKE,
    }
    for role in HUB_ROLES:
        assert not PERMISSIONS[role] & decides


def test_no_single_role_both_submits_and_approves():
    for role, permissions in PERMISSIONS.items():
        assert not {Permission.DATASET_SUBMIT, Permission.DATASET_APPROVE} <= permissions, role


def test_whoever_manages_members_or_decides_needs_a_second_factor():
    powerful = {
        Permission.MEMBER_MANAGE,
        Permission.DATASET_APPRAISE,
        Permission.DATASET_APPROVE,
        Permission.RELEASE_MAKE,
    }
    assert {role for role in Role if PERMISSIONS[role] & powerful} == SECOND_FACTOR_ROLES
    assert all(Permission.MEMBER_MANAGE in PERMISSIONS[role] for role in GRANTS)


@pytest.mark.parametrize(("holder", "given"), list(itertools.product(Role, Role)))
def test_nobody_makes_others_more_powerful_than_themselves(holder, given, workspace, make_member):
    user = make_member(workspace, holder)
    expected = holder is Role.ADMINISTRATOR or (
        holder is Role.SECRETARIAT and given not in HUB_ROLES
    )
    assert may_grant(user, given, workspace=workspace) is expected
    assert not may_grant(user, given, workspace=None)


def test_several_roles_add_up(workspace, make_member):
    user = make_member(workspace, Role.READER, Role.TRANSLATOR)
    assert roles_of(user, workspace=workspace) == {Role.READER, Role.TRANSLATOR}
    assert has_permission(user, Permission.MEMBER_VIEW, workspace=workspace)
