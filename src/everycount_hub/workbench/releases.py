"""Pages of releases."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from everycount_hub.actions import comparisons, releases
from everycount_hub.errors import ActionRefused
from everycount_hub.models import Release
from everycount_hub.permissions import Permission, has_permission
from everycount_hub.queries import releases as queries
from everycount_hub.workbench.answer import form_page, posted, workspace_for
from everycount_hub.workbench.data_forms import ReasonForm, ReleaseForm


@login_required
@require_safe
def list_page(request: HttpRequest, slug: str) -> HttpResponse:
    """List the releases of a workspace."""
    workspace = workspace_for(request, slug, Permission.DATASET_VIEW)
    shown = {
        "workspace": workspace,
        "releases": queries.releases_seen(workspace, request.user),
        "may_make": has_permission(request.user, Permission.RELEASE_MAKE, workspace=workspace),
    }
    return render(request, "workbench/releases.html", shown)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a release."""
    workspace = workspace_for(request, slug, Permission.RELEASE_MAKE)
    chosen = request.GET.get("version", "")
    form = ReleaseForm(
        posted(request),
        versions=queries.releasable(workspace),
        initial={"versions": [chosen] if chosen.isdecimal() else []},
    )
    if form.is_valid():
        given = form.cleaned_data
        try:
            release = releases.make(
                workspace=workspace,
                versions=list(given["versions"]),
                title=given["title"],
                note=given["note"],
                embargoed_until=form.until,
                by=request.user,
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(release)
    return form_page(request, "workbench/release_new.html", form, workspace=workspace)


@login_required
@require_safe
def show(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show a release and its list."""
    workspace = workspace_for(request, slug, Permission.DATASET_VIEW)
    seen = queries.releases_seen(workspace, request.user)
    release = get_object_or_404(seen, number=number)
    may_make = has_permission(request.user, Permission.RELEASE_MAKE, workspace=workspace)
    shown = {
        "workspace": workspace,
        "release": release,
        "lines": queries.lines_of(release),
        "before": queries.before(release, seen),
        "may_call_off": may_make and release.state == Release.State.EMBARGOED,
    }
    return render(request, "workbench/release.html", shown)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def changes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show what changed against the release before, or against another that is named.

    What was never compared is asked for by looking; what could not be, by asking once more.
    """
    workspace = workspace_for(request, slug, Permission.DATASET_VIEW)
    seen = queries.releases_seen(workspace, request.user)
    release = get_object_or_404(seen, number=number)
    given = request.GET.get("from", "")
    if given.isdecimal():
        old = get_object_or_404(seen, number=int(given))
    else:
        old = queries.before(release, seen)
    found = queries.compare(old, release) if old else ()
    if request.method == "POST":
        comparisons.ask(changes=found, by=request.user)
        return redirect(request.get_full_path())
    if missing := [each for each in found if each.is_missing]:
        comparisons.ask(changes=missing, by=request.user)
        found = queries.compare(old, release)
    shown = {
        "workspace": workspace,
        "release": release,
        "old": old,
        "others": [each for each in seen if each.pk != release.pk],
        "changes": found,
        "is_pending": any(each.job and not each.is_stopped for each in found),
    }
    return render(request, "workbench/release_changes.html", shown)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Call off an embargoed release."""
    workspace = workspace_for(request, slug, Permission.RELEASE_MAKE)
    seen = queries.releases_seen(workspace, request.user)
    release = get_object_or_404(seen, number=number)
    form = ReasonForm(posted(request))
    if form.is_valid():
        try:
            releases.call_off(release=release, reason=form.cleaned_data["reason"], by=request.user)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(release)
    step = {
        "title": _("Call off the release"),
        "lead": _("Its versions are approved as before and can be released another time."),
        "button": _("Call it off"),
    }
    return form_page(
        request,
        "workbench/step.html",
        form,
        workspace=workspace,
        subject=release,
        back=release.get_absolute_url(),
        step=step,
    )
