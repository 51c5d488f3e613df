"""Members and roles, of a workspace or of the whole hub."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from everycount_hub.actions import memberships
from everycount_hub.errors import ActionRefused
from everycount_hub.models import Membership, Workspace
from everycount_hub.permissions import (
    GRANTS,
    HUB_ROLES,
    Permission,
    Role,
    has_permission,
    may_grant,
    roles_of,
)
from everycount_hub.queries.memberships import former_members_of, members_of
from everycount_hub.queries.organisations import organisations_on
from everycount_hub.workbench.answer import demand, form_page, posted, workspace_for
from everycount_hub.workbench.forms import InvitationForm, NoteForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """Show who holds which role, and invite others."""
    workspace = _place(request, slug, Permission.MEMBER_VIEW)
    grantable = _grantable(request, workspace)
    form = InvitationForm(
        posted(request),
        roles=grantable,
        organisations=organisations_on(timezone.localdate()),
    )
    if request.method == "POST" and not grantable:
        raise PermissionDenied
    if form.is_valid():
        try:
            invitation = memberships.invite(workspace=workspace, by=request.user, **_given(form))
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            _tell(request, invitation)
            return redirect(_address(workspace))
    return form_page(
        request,
        "workbench/members.html",
        form,
        workspace=workspace,
        members=members_of(workspace),
        former=former_members_of(workspace),
        grantable=grantable,
        may_see_accounts=has_permission(request.user, Permission.ACCOUNT_EDIT, workspace=None),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why, then end a role."""
    membership = get_object_or_404(
        Membership.objects.select_related("user", "workspace"), pk=pk, ended_at__isnull=True
    )
    workspace = membership.workspace
    if not may_grant(request.user, Role(membership.role), workspace=workspace):
        raise PermissionDenied
    form = NoteForm(posted(request))
    if form.is_valid():
        try:
            memberships.end(membership=membership, by=request.user, note=form.cleaned_data["note"])
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The role has ended."))
            return redirect(_address(workspace))
    return form_page(
        request, "workbench/member_end.html", form, membership=membership, workspace=workspace
    )


def _place(request: HttpRequest, slug: str | None, permission: Permission) -> Workspace | None:
    """Return the workspace, or None for the whole hub, if the person has the permission there."""
    if slug is not None:
        return workspace_for(request, slug, permission)
    demand(request, permission)
    return None


def _grantable(request: HttpRequest, workspace: Workspace | None) -> list[Role]:
    """Return the roles that the person may give here."""
    held = roles_of(request.user, workspace=workspace)
    given = {role for each in held for role in GRANTS.get(each, ())}
    return [role for role in Role if role in given and (workspace or role in HUB_ROLES)]


def _given(form: InvitationForm) -> dict[str, object]:
    """Return what was asked for, as the action takes it."""
    names = ("email", "name", "role", "organisation", "note")
    return {name: form.cleaned_data[name] for name in names}


def _tell(request: HttpRequest, invitation: memberships.Invitation) -> None:
    """Say what happened, with the link if no mail could carry it."""
    who = invitation.membership.user
    if invitation.link and not settings.SENDS_MAIL:
        text = _("%(who)s can set a password within three days at %(link)s – pass this link on.")
    elif invitation.link:
        text = _("%(who)s gets a mail with a link to set a password.")
    else:
        text = _("%(who)s has been told.")
    messages.success(request, text % {"who": who, "link": invitation.link})


def _address(workspace: Workspace | None) -> str:
    """Return the address of the list of members."""
    return reverse("members", args=[workspace.slug]) if workspace else reverse("hub_members")
