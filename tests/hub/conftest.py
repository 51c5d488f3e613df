"""Users, workspaces and roles for the tests of the hub.

The tests run on SQLite, and once more on PostgreSQL by tests/hub_postgresql/test_hub.py.
"""

import itertools

import pytest
from django.utils import translation

NUMBERS = itertools.count(1)


@pytest.fixture(autouse=True)
def in_english():
    """Start every test in English: a page that a test asked for leaves its language behind."""
    with translation.override("en"):
        yield


@pytest.fixture
def make_user(db):
    """Make a person with an address that is confirmed."""
    from everycount_hub.actions import accounts
    from everycount_hub.models import User

    def make(email: str = "", name: str = "", password: str = "unlocked-by-a-sentence") -> User:
        number = next(NUMBERS)
        return accounts.open_account(
            email=email or f"person{number}@example.org",
            by=None,
            name=name or f"Person {number}",
            password=password,
        )

    return make


@pytest.fixture
def make_workspace(db):
    """Make a workspace of a country."""
    from everycount_hub.actions import workspaces
    from everycount_hub.models import Workspace

    def make(slug: str = "", **given) -> Workspace:
        slug = slug or f"place-{next(NUMBERS)}"
        usual = {"kind": Workspace.Kind.COUNTRY, "names": {"en": slug.title()}, "area": "VNM"}
        return workspaces.create(slug=slug, by=None, **{**usual, **given})

    return make


@pytest.fixture
def workspace(make_workspace):
    return make_workspace("viet-nam", names={"en": "Viet Nam", "vi": "Việt Nam"})


@pytest.fixture
def make_member(make_user):
    """Make a person who holds roles in a workspace, with a second factor unless told otherwise."""
    from allauth.mfa.totp.internal.auth import TOTP

    from everycount_hub.actions import memberships

    def make(workspace, *roles, has_factor: bool = True, **given):
        user = make_user(**given)
        for role in roles:
            memberships.grant(user=user, workspace=workspace, role=role, by=None)
        if has_factor:
            TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
        return user

    return make


@pytest.fixture(scope="session", autouse=True)
def sessions_of_servers_end(django_db_setup, django_db_blocker):
    """End what threads of servers that tests started still hold open, so that the base can go."""
    yield
    from django.db import connection

    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
