"""Organisations: who there is, and what became of whom."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from everycount_hub.actions import organisations
from everycount_hub.errors import ActionRefused
from everycount_hub.models import User
from everycount_hub.permissions import Permission, has_permission
from everycount_hub.queries.organisations import all_organisations, organisations_on
from everycount_hub.workbench.answer import form_page, posted
from everycount_hub.workbench.forms import OrganisationForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisations_page(request: HttpRequest) -> HttpResponse:
    """Show all organisations; add one, perhaps in the place of others."""
    may_edit = has_permission(request.user, Permission.ORGANISATION_EDIT, workspace=None)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    form = OrganisationForm(posted(request), organisations=organisations_on(timezone.localdate()))
    if form.is_valid():
        try:
            _save(form, request.user)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The organisation is in the list."))
            return redirect("organisations")
    return form_page(
        request,
        "workbench/organisations.html",
        form,
        organisations=all_organisations(),
        may_edit=may_edit,
    )


def _save(form: OrganisationForm, by: User) -> None:
    """Add the organisation, or let it succeed others."""
    before = form.cleaned_data["predecessors"]
    if before:
        organisations.succeed(
            organisations=list(before),
            described=form.described(),
            on=form.first_day,
            by=by,
            note=form.cleaned_data["note"],
        )
    else:
        organisations.add(described=form.described(), by=by, valid_from=form.first_day)
