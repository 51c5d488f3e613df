"""The audit log of a workspace or of the whole hub."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from everycount_hub.permissions import Permission
from everycount_hub.queries.audit import events_of, head_of
from everycount_hub.workbench.answer import demand, workspace_for

PAGE = 50  # events on a page


@login_required
@require_safe
def audit(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """Show the newest events, and with `?before=` older ones."""
    before = request.GET.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        raise Http404
    if slug is None:
        demand(request, Permission.AUDIT_VIEW)
        workspace = None
    else:
        workspace = workspace_for(request, slug, Permission.AUDIT_VIEW)
    events = events_of(workspace, before=int(before) if before else None, limit=PAGE + 1)
    shown = {
        "workspace": workspace,
        "events": events[:PAGE],
        "older": events[PAGE - 1].position if len(events) > PAGE else None,
        "head": head_of(),
    }
    return render(request, "workbench/audit.html", shown)
