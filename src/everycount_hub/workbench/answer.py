"""How pages of the workbench ask for permission and answer."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from everycount_hub.models import Workspace
from everycount_hub.permissions import Permission, has_permission


def workspace_for(request: HttpRequest, slug: str, permission: Permission) -> Workspace:
    """Return a workspace in which the person has a permission.

    Who may not even see it is told what anyone is told about a workspace that does not exist.
    """
    workspace = Workspace.objects.filter(slug=slug).first()
    if workspace is None:
        raise Http404
    if has_permission(request.user, permission, workspace=workspace):
        return workspace
    if has_permission(request.user, Permission.WORKSPACE_VIEW, workspace=workspace):
        raise PermissionDenied
    raise Http404


def demand(request: HttpRequest, permission: Permission) -> None:
    """Refuse a person without a permission in the whole hub."""
    if not has_permission(request.user, permission, workspace=None):
        raise PermissionDenied


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form was sent with; None if the page was only asked for."""
    return request.POST if request.method == "POST" else None


def form_page(request: HttpRequest, template: str, form: Form, **shown: Any) -> HttpResponse:
    """Show a page with a form: with status 422 if what was sent will not do."""
    status = 422 if form.is_bound else 200
    return render(request, template, {"form": form, **shown}, status=status)
