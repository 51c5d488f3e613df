"""Pages of a workspace: what it is, and changing that."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from everycount_hub.actions import workspaces
from everycount_hub.errors import ActionRefused
from everycount_hub.models import Workspace
from everycount_hub.permissions import PERMISSIONS, Permission, Role, roles_of
from everycount_hub.workbench.answer import demand, form_page, posted, workspace_for
from everycount_hub.workbench.forms import NewWorkspaceForm, WorkspaceForm


@login_required
@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a workspace: what it is, and what the person is and may do there."""
    workspace = workspace_for(request, slug, Permission.WORKSPACE_VIEW)
    held = roles_of(request.user, workspace=workspace)
    allowed = {permission for role in held for permission in PERMISSIONS[role]}
    shown = {
        "workspace": workspace,
        "roles": [role for role in Role if role in held],
        "may_edit": Permission.WORKSPACE_EDIT in allowed,
        "may_see_members": Permission.MEMBER_VIEW in allowed,
        "may_see_audit": Permission.AUDIT_VIEW in allowed,
    }
    return render(request, "workbench/workspace.html", shown)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make a workspace."""
    demand(request, Permission.WORKSPACE_CREATE)
    form = NewWorkspaceForm(posted(request))
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = workspaces.create(
                slug=given["slug"],
                kind=Workspace.Kind(given["kind"]),
                names=given["names"],
                area=given["area"],
                languages=given["languages"],
                is_public=given["is_public"],
                by=request.user,
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(made)
    return form_page(request, "workbench/workspace_new.html", form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a workspace."""
    workspace = workspace_for(request, slug, Permission.WORKSPACE_EDIT)
    form = WorkspaceForm(posted(request), workspace=workspace)
    if form.is_valid():
        given = form.cleaned_data
        try:
            workspaces.edit(
                workspace=workspace,
                by=request.user,
                names=given["names"],
                area=given["area"],
                languages=given["languages"],
                is_public=given["is_public"],
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(workspace)
    return form_page(request, "workbench/workspace_edit.html", form, workspace=workspace)
