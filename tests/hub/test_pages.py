"""Pages of the workbench: who sees them, what they do, and with how many queries."""

import re

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from everycount_hub import context, languages
from everycount_hub.actions import memberships, organisations
from everycount_hub.models import AuditEvent, Membership, Notification, Workspace
from everycount_hub.permissions import Role
from everycount_hub.workbench import forms

pytestmark = pytest.mark.django_db
PUBLIC = ("accounts/", "language/")
NAMES = {"name_en": "Kenya", "name_vi": "Kê-ni-a"}


@pytest.fixture
def as_member(client, workspace, make_member):
    """Sign in as somebody with roles in the workspace."""

    def enter(*roles, place=workspace, **given):
        user = make_member(place, *roles, **given)
        client.force_login(user)
        return user

    return enter


def patterns(resolver=None, prefix=""):
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each, prefix + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield prefix + str(each.pattern)


def test_no_page_but_sign_in_opens_without_an_account(client, workspace):
    ours = [each for each in patterns() if each.startswith(("workbench/", "workspaces/"))]
    assert len(ours) >= 12
    for pattern in ours:
        path = "/" + re.sub(r"<(\w+:)?(slug|uuid)>", "viet-nam", pattern)
        path = re.sub(
            r"<int:\w+>",
            "1",
            re.sub(r"<\w+:\w+>|<\w+>", lambda m: m[0] if m[0].startswith("<int:") else "x", path),
        )
        answer = client.get(path)
        assert answer.status_code in (302, 404, 405), path
        if answer.status_code == 302:
            assert answer["Location"].startswith("/accounts/login/"), path
        assert client.post(path).status_code in (302, 403, 404, 405), path


OPEN = {
    "workspace": set(Role),
    "members": set(Role) - {Role.READER},
    "workspace_edit": {Role.SECRETARIAT, Role.ADMINISTRATOR},
    "audit": {Role.ADMINISTRATOR},
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("page", OPEN)
def test_a_page_opens_for_its_roles(page, role, as_member, client, make_workspace, workspace):
    as_member(role)
    status = client.get(reverse(page, args=[workspace.slug])).status_code
    assert status == (200 if role in OPEN[page] else 403)
    other = make_workspace("other")
    assert client.get(reverse(page, args=[other.slug])).status_code == 404


@pytest.mark.parametrize("role", Role)
def test_pages_of_the_hub_stay_closed_to_members_of_a_workspace(role, as_member, client):
    as_member(role)
    for page in ("workspace_create", "hub_members", "hub_audit"):
        assert client.get(reverse(page)).status_code == 403, page


def test_the_workbench_shows_ones_own_workspaces(as_member, client, make_workspace):
    make_workspace("elsewhere", names={"en": "Elsewhere"})
    as_member(Role.PRODUCER)
    page = client.get("/workbench/").text
    assert "Viet Nam" in page
    assert "producer" in page
    assert "Elsewhere" not in page
    assert "You are now producer in Viet Nam." in page


def test_the_workbench_of_somebody_without_a_role_says_what_to_do(client, make_user):
    client.force_login(make_user())
    assert "You hold no role in a workspace yet." in client.get("/workbench/").text


def test_who_runs_the_hub_sees_every_workspace(as_member, client, make_workspace):
    make_workspace("elsewhere", names={"en": "Elsewhere"})
    as_member(Role.ADMINISTRATOR, place=None)
    page = client.get("/workbench/").text
    assert "Elsewhere" in page
    assert "Audit log" in page


def test_a_workspace_is_made_and_edited(as_member, client):
    as_member(Role.ADMINISTRATOR, place=None)
    given = {"kind": "country", "slug": "kenya", "area": "KEN", "languages": ["en"], **NAMES}
    answer = client.post(reverse("workspace_create"), given)
    assert answer["Location"] == "/workspaces/kenya/"
    answer = client.post(
        reverse("workspace_edit", args=["kenya"]),
        {"area": "KEN", "languages": ["en", "fr"], "is_public": "on", "name_fr": "Kenya"},
    )
    assert answer.status_code == 302
    made = Workspace.objects.get(slug="kenya")
    assert (made.names, made.languages, made.is_public) == ({"fr": "Kenya"}, ["en", "fr"], True)
    event = AuditEvent.objects.latest("position")
    assert event.facts["before"]["names"] == {"en": "Kenya", "vi": "Kê-ni-a"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"slug": "viet-nam"}, "There is a workspace with the short name"),
        ({"area": ""}, "needs the code of its area"),
        ({"area": "ken"}, "Expected a code such as VNM"),
        ({"name_en": " ", "name_vi": ""}, "Give a name in at least one language"),
        ({"languages": []}, "This field is required"),
    ],
)
def test_a_workspace_that_will_not_do_is_refused(change, words, as_member, client, workspace):
    as_member(Role.ADMINISTRATOR, place=None)
    given = {"kind": "country", "slug": "kenya", "area": "KEN", "languages": ["en"], **NAMES}
    answer = client.post(reverse("workspace_create"), {**given, **change})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'role="alert"' in answer.text
    assert Workspace.objects.count() == 1


def test_an_edit_that_will_not_do_is_refused(as_member, client, workspace):
    as_member(Role.ADMINISTRATOR)
    given = {"area": "", "languages": ["en"], **NAMES}
    answer = client.post(reverse("workspace_edit", args=[workspace.slug]), given)
    assert answer.status_code == 422
    assert "needs the code of its area" in answer.text


def test_a_member_is_invited_and_the_role_ended(
    as_member, client, workspace, django_capture_on_commit_callbacks
):
    by = as_member(Role.SECRETARIAT)
    address = reverse("members", args=[workspace.slug])
    given = {"email": "lan@example.org", "name": "Lan", "role": "producer", "note": "NSO"}
    answer = client.post(address, given, follow=True)
    assert answer.status_code == 200
    assert "gets a mail with a link" in answer.text
    membership = Membership.objects.get(user__email="lan@example.org")
    assert membership.granted_by == by
    asked = client.get(reverse("member_end", args=[membership.pk]))
    assert "Lan is no longer producer" in asked.text
    answer = client.post(reverse("member_end", args=[membership.pk]), {"note": "left"}, follow=True)
    assert "The role has ended." in answer.text
    assert AuditEvent.objects.latest("position").note == "left"
    assert client.post(reverse("member_end", args=[membership.pk])).status_code == 404


def test_without_mail_the_link_is_handed_over(as_member, client, workspace, settings):
    settings.SENDS_MAIL = False
    as_member(Role.ADMINISTRATOR)
    given = {"email": "lan@example.org", "role": "reader"}
    page = client.post(reverse("members", args=[workspace.slug]), given, follow=True).text
    assert "http://127.0.0.1:8000/accounts/password/reset/key/" in page


def test_an_invitation_that_will_not_do_is_refused(as_member, client, workspace):
    by = as_member(Role.ADMINISTRATOR)
    address = reverse("members", args=[workspace.slug])
    answer = client.post(address, {"email": by.email, "role": "approver"})
    assert answer.status_code == 422
    assert "Nobody gives a role to themselves" in answer.text
    answer = client.post(address, {"email": "nobody", "role": "king"})
    assert answer.status_code == 422
    assert "king is not one of the available choices" in answer.text


def test_a_producer_neither_invites_nor_ends(as_member, client, workspace, make_member):
    other = make_member(workspace, Role.READER)
    as_member(Role.PRODUCER)
    address = reverse("members", args=[workspace.slug])
    assert '<h2 id="h-invite">' not in client.get(address).text
    assert client.post(address, {"email": "a@example.org", "role": "reader"}).status_code == 403
    ending = reverse("member_end", args=[other.memberships.get().pk])
    assert client.post(ending, {}).status_code == 403


def test_the_secretariat_does_not_end_an_administrator(as_member, client, workspace, make_member):
    admin = make_member(workspace, Role.ADMINISTRATOR)
    as_member(Role.SECRETARIAT)
    assert client.post(reverse("member_end", args=[admin.memberships.get().pk])).status_code == 403
    address = reverse("members", args=[workspace.slug])
    given = {"email": "lan@example.org", "role": "administrator"}
    assert client.post(address, given).status_code == 422


def test_the_last_administrator_of_the_hub_stays(as_member, client):
    user = as_member(Role.ADMINISTRATOR, place=None)
    answer = client.post(reverse("member_end", args=[user.memberships.get().pk]), {})
    assert answer.status_code == 422
    assert "only administrator of the hub" in answer.text


def test_the_hub_itself_has_members(as_member, client):
    as_member(Role.ADMINISTRATOR, place=None)
    given = {"email": "lan@example.org", "role": "secretariat"}
    page = client.post(reverse("hub_members"), given, follow=True).text
    assert "Who runs the hub" in page
    assert "no second factor yet" in page
    refused = client.post(reverse("hub_members"), {**given, "role": "approver"})
    assert refused.status_code == 422


def test_messages_are_read_once(as_member, client):
    user = as_member(Role.PRODUCER)
    assert "Mark all as read" in client.get(reverse("messages")).text
    client.post(reverse("messages_read"))
    assert not Notification.objects.filter(to=user, read_at__isnull=True).exists()
    assert "Mark all as read" not in client.get(reverse("messages")).text
    assert client.get(reverse("messages_read")).status_code == 405


def test_a_profile_sets_the_language_of_pages(as_member, client, monkeypatch):
    everything = tuple(code for code, _ in settings.LANGUAGES)
    for module in (languages, context, forms):
        monkeypatch.setattr(module, "offered", lambda: everything)
    user = as_member(Role.READER)
    assert '<html lang="en" dir="ltr">' in client.get(reverse("profile")).text
    client.post(reverse("profile"), {"name": "Layla", "language": "ar"})
    user.refresh_from_db()
    assert (user.name, user.language) == ("Layla", "ar")
    assert '<html lang="ar" dir="rtl">' in client.get(reverse("profile")).text
    client.post("/language/", {"language": "vi", "next": "/workbench/"})
    assert '<html lang="vi" dir="ltr">' in client.get(reverse("profile")).text
    assert client.post(reverse("profile"), {"name": "", "language": "xx"}).status_code == 422


def test_organisations_are_for_all_to_see_and_some_to_edit(as_member, client):
    as_member(Role.PRODUCER)
    assert "No organisation yet." in client.get(reverse("organisations")).text
    assert client.post(reverse("organisations"), {}).status_code == 403


def test_the_audit_log_is_paged(as_member, client, workspace, make_user):
    as_member(Role.ADMINISTRATOR, place=None)
    for _ in range(60):
        make_user()
    page = client.get(reverse("hub_audit")).text
    older = re.search(r'href="\?before=(\d+)"', page)
    assert page.count("<tr>") == 51
    assert client.get(f"{reverse('hub_audit')}?before={older[1]}").text.count("<tr>") > 10
    for bad in ("x", "9" * 30, "-1", "²"):
        assert client.get(reverse("hub_audit"), {"before": bad}).status_code == 404
    assert "workspace.created" in client.get(reverse("audit", args=[workspace.slug])).text


@pytest.mark.parametrize(
    ("page", "in_workspace", "queries"),
    [
        ("workbench", False, 9),
        ("messages", False, 6),
        ("organisations", False, 9),
        ("workspace", True, 8),
        ("members", True, 12),
        ("audit", True, 9),
    ],
)
def test_a_page_asks_a_fixed_number_of_questions(
    page,
    in_workspace,
    queries,
    as_member,
    client,
    workspace,
    make_member,
    make_workspace,
    django_assert_num_queries,
):
    as_member(Role.ADMINISTRATOR, place=None)
    address = reverse(page, args=[workspace.slug] if in_workspace else [])
    described = organisations.Description(names={"en": "Office"})
    organisations.add(described=described, by=None)
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)
    for number in range(12):
        member = make_member(make_workspace(f"w{number}"), Role.READER)
        office = organisations.add(described=described, by=None)
        memberships.grant(
            user=member, workspace=workspace, role=Role.PRODUCER, by=None, organisation=office
        )
    with django_assert_num_queries(queries):
        client.get(address)


def test_every_page_carries_its_protection(as_member, client):
    as_member(Role.READER)
    answer = client.get("/workbench/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert " style=" not in answer.text
    assert "<script>" not in answer.text


def test_a_page_that_is_not_there_and_a_form_without_a_token(as_member, client, settings):
    from django.test import Client

    as_member(Role.READER)
    assert "There is no page at this address" in client.get("/workspaces/nowhere/").text
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/accounts/login/", {"login": "a"}).status_code == 403
