"""A person's tokens: made on the profile page, shown once, revoked there."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from everycount_hub.actions import api_tokens
from everycount_hub.errors import ActionRefused
from everycount_hub.queries.api_tokens import places_to_submit, tokens_of
from everycount_hub.workbench.answer import form_page, posted
from everycount_hub.workbench.forms import ApiTokenForm


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """Make a token and show it, this one time."""
    form = ApiTokenForm(posted(request), places=places_to_submit(request.user))
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = api_tokens.make(
                user=request.user,
                workspace=given["workspace"],
                name=given["name"],
                valid=timedelta(days=int(given["days"])),
            )
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(request, "workbench/token_made.html", {"made": made})
    return form_page(request, "workbench/token_new.html", form)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a token of one's own."""
    token = get_object_or_404(tokens_of(request.user), pk=pk)
    try:
        api_tokens.revoke(token=token, by=request.user)
    except ActionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The token is revoked."))
    return redirect("profile")
