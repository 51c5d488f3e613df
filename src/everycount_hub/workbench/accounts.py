"""Accounts, for administrators of the hub: who there is, one account, and acts on it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from everycount_hub.actions import accounts
from everycount_hub.errors import ActionRefused
from everycount_hub.models import User
from everycount_hub.permissions import Permission
from everycount_hub.queries.accounts import (
    AccountPage,
    account_page,
    accounts_found,
    events_about,
)
from everycount_hub.workbench.answer import demand, form_page, posted
from everycount_hub.workbench.forms import ForgetForm, ReasonForm

SHOWN = 50
"""Accounts, and events, on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something an administrator does to an account of somebody else."""

    run: Callable[..., object]
    title: Promise
    lead: Promise
    button: Promise
    done: Promise
    offered: Callable[[AccountPage], bool]
    form: type[ReasonForm] = ReasonForm


ACTS = {
    "link": Act(
        run=accounts.send_password_link,
        title=gettext_lazy("New link to set a password"),
        lead=gettext_lazy(
            "For a person whose invitation expired or who forgot the password. The link is good "
            "for three days; the old password works until it is used."
        ),
        button=gettext_lazy("Make the link"),
        done=gettext_lazy("A mail with the link is on its way."),
        offered=lambda page: page.account.is_active,
    ),
    "reset": Act(
        run=accounts.reset_factors,
        title=gettext_lazy("Reset the second factor"),
        lead=gettext_lazy(
            "For a person who lost the phone or the key, and the recovery codes too. Make sure, "
            "by telephone or in person, that it is them who ask. They are signed out everywhere "
            "and set up another one at the next sign-in."
        ),
        button=gettext_lazy("Remove the second factor"),
        done=gettext_lazy("The second factor is gone, and the person was told."),
        offered=lambda page: bool(page.factors),
    ),
    "disable": Act(
        run=accounts.disable,
        title=gettext_lazy("Disable"),
        lead=gettext_lazy(
            "The person is signed out everywhere and cannot sign in. The roles rest until the "
            "account is enabled again."
        ),
        button=gettext_lazy("Disable the account"),
        done=gettext_lazy("The account is disabled."),
        offered=lambda page: page.account.is_active,
    ),
    "enable": Act(
        run=accounts.enable,
        title=gettext_lazy("Enable"),
        lead=gettext_lazy("The person can sign in again, with the roles they had."),
        button=gettext_lazy("Enable the account"),
        done=gettext_lazy("The account is enabled."),
        offered=lambda page: not page.account.is_active and not page.is_forgotten,
    ),
    "forget": Act(
        run=accounts.forget,
        title=gettext_lazy("Erase the personal data"),
        lead=gettext_lazy(
            "Name, address, password, second factors, messages and names of tokens are erased, "
            "and all roles end. This cannot be undone. What the person did stays in the audit "
            "log under the number of the account."
        ),
        button=gettext_lazy("Erase for good"),
        done=gettext_lazy("The personal data are gone."),
        offered=lambda page: not page.is_forgotten,
        form=ForgetForm,
    ),
}


@login_required
@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """List accounts; `?q=` searches, `?disabled=1` shows those who may not sign in."""
    demand(request, Permission.ACCOUNT_EDIT)
    search = request.GET.get("q", "").strip()[:200]
    only_disabled = request.GET.get("disabled") == "1"
    found = accounts_found(search=search, only_disabled=only_disabled)
    page = Paginator(found, SHOWN).get_page(request.GET.get("page"))
    shown = {"page": page, "search": search, "only_disabled": only_disabled}
    return render(request, "workbench/accounts.html", shown)


@login_required
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an account: its roles, its second factor, and what it did."""
    demand(request, Permission.ACCOUNT_EDIT)
    before = request.GET.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        raise Http404
    account = get_object_or_404(User, pk=pk)
    held = account_page(account)
    events = events_about(account, before=int(before) if before else None, limit=SHOWN + 1)
    is_own = account.pk == request.user.pk
    shown = {
        "held": held,
        "account": account,
        "is_own": is_own,
        "acts": [] if is_own else _offered(held),
        "events": events[:SHOWN],
        "older": events[SHOWN - 1].position if len(events) > SHOWN else None,
    }
    return render(request, "workbench/account.html", shown)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Say what an act does and ask why; then do it."""
    demand(request, Permission.ACCOUNT_EDIT)
    account, step = get_object_or_404(User, pk=pk), ACTS[name]
    form = step.form(posted(request), account=account)
    if form.is_valid():
        try:
            made = step.run(account=account, by=request.user, note=form.cleaned_data["note"])
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _told(step, made))
            return redirect("account", pk)
    return form_page(
        request,
        "workbench/step.html",
        form,
        step=step,
        subject=account,
        back=reverse("account", args=[pk]),
    )


def _offered(held: AccountPage) -> list[tuple[str, Promise]]:
    """Return the acts that make sense now: address and title."""
    place = [held.account.pk]
    return [
        (reverse(f"account_{name}", args=place), each.title)
        for name, each in ACTS.items()
        if each.offered(held)
    ]


def _told(step: Act, made: object) -> str:
    """Say what happened, with the link if no mail could carry it."""
    if isinstance(made, str) and not settings.SENDS_MAIL:
        words = _("A password can be set within three days at %(link)s – pass this link on.")
        return words % {"link": made}
    return str(step.done)
