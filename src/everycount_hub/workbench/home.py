"""The first page after signing in, messages, and one's own account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from everycount_hub.actions import accounts, notifications
from everycount_hub.permissions import Permission, has_permission
from everycount_hub.queries.api_tokens import places_to_submit, tokens_of
from everycount_hub.queries.notifications import latest
from everycount_hub.queries.workspaces import places_of
from everycount_hub.workbench.answer import form_page, posted
from everycount_hub.workbench.forms import ProfileForm


@login_required
@require_safe
def workbench(request: HttpRequest) -> HttpResponse:
    """Show a person's workspaces and newest messages."""
    may_create = has_permission(request.user, Permission.WORKSPACE_CREATE, workspace=None)
    shown = {
        "places": places_of(request.user),
        "messages_to": latest(request.user, limit=5),
        "may_create": may_create,
    }
    return render(request, "workbench/home.html", shown)


@login_required
@require_safe
def messages_page(request: HttpRequest) -> HttpResponse:
    """Show what a person was told."""
    return render(request, "workbench/messages.html", {"messages_to": latest(request.user)})


@login_required
@require_POST
def messages_read(request: HttpRequest) -> HttpResponse:
    """Mark all messages as read."""
    notifications.mark_read(to=request.user)
    return redirect("messages")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change how a person is called and addressed."""
    form = ProfileForm(posted(request), account=request.user)
    if form.is_valid():
        accounts.describe(account=request.user, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("profile")
    tokens = tokens_of(request.user)
    may_make = places_to_submit(request.user).exists()
    return form_page(
        request, "workbench/profile.html", form, tokens=tokens, may_make_token=may_make
    )
