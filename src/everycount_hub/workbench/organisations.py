"""Organisations: who there is, what became of whom, and changing that."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from everycount_hub.actions import organisations
from everycount_hub.errors import ActionRefused
from everycount_hub.models import Organisation
from everycount_hub.permissions import Permission, has_permission, people_with
from everycount_hub.queries.organisations import (
    all_organisations,
    history_of,
    organisations_on,
    people_of,
)
from everycount_hub.workbench.answer import demand, form_page, posted
from everycount_hub.workbench.organisation_forms import (
    CorrectionForm,
    DayForm,
    DescriptionForm,
    MergerForm,
    NewOrganisationForm,
    PlacesForm,
    SuccessionForm,
    day_of,
)

EDITORS = 5
"""People whom a page names to be asked."""
MOST_PARTS = 8
"""Into how many organisations one may split at once."""
CHANGES = {
    "correct": gettext_lazy("Correct a mistake"),
    "rename": gettext_lazy("New name from a day on"),
    "merge": gettext_lazy("Merge with others"),
    "split": gettext_lazy("Split"),
    "end": gettext_lazy("End"),
    "people": gettext_lazy("For whom its people act"),
}
"""Pages that change an organisation, and what they are called."""
LEADS = {
    "correct": gettext_lazy(
        "For what was written down wrongly: it changes everywhere it is shown. A name that was "
        "right until a day is a new name instead."
    ),
    "rename": gettext_lazy(
        "The old name stays with the figures published under it. People who act for the "
        "organisation move along."
    ),
    "merge": gettext_lazy(
        "A new organisation takes the place of all of them. People who act for them move along."
    ),
    "end": gettext_lazy("For an organisation that nothing takes the place of."),
    "people": gettext_lazy("Say for whom each of them acts now."),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisations_page(request: HttpRequest) -> HttpResponse:
    """Show all organisations; add one."""
    may_edit = has_permission(request.user, Permission.ORGANISATION_EDIT, workspace=None)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    form = NewOrganisationForm(posted(request))
    if form.is_valid():
        made = organisations.add(
            described=form.described(), by=request.user, valid_from=form.cleaned_data["on"]
        )
        messages.success(request, _("The organisation is in the list."))
        return redirect("organisation", made.pk)
    return form_page(
        request,
        "workbench/organisations.html",
        form,
        organisations=all_organisations(),
        may_edit=may_edit,
        editors=[]
        if may_edit
        else people_with(Permission.ORGANISATION_EDIT, workspace=None)[:EDITORS],
    )


@login_required
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an organisation and its history."""
    organisation = get_object_or_404(Organisation, pk=pk)
    may_edit = has_permission(request.user, Permission.ORGANISATION_EDIT, workspace=None)
    held = people_of(organisation) if may_edit else []
    shown = {
        "organisation": organisation,
        "history": history_of(organisation),
        "people": held,
        "people_count": len({each.user_id for each in held}),
        "may_edit": may_edit,
        "changes": _offered(organisation) if may_edit else [],
    }
    return render(request, "workbench/organisation.html", shown)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right what was written down wrongly."""
    organisation = _editable(request, pk)
    return _page(
        request,
        CorrectionForm(posted(request), like=organisation),
        lambda form: organisations.correct(
            organisation=organisation,
            described=form.described(),
            by=request.user,
            note=form.cleaned_data["note"],
        ),
        organisation=organisation,
        name="correct",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an organisation a new name from a day on."""
    organisation = _editable(request, pk)
    return _page(
        request,
        SuccessionForm(posted(request), like=organisation),
        lambda form: _succeed(request, form, [organisation]),
        organisation=organisation,
        name="rename",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge an organisation with others from a day on."""
    organisation = _editable(request, pk)
    others = organisations_on(timezone.localdate()).filter(valid_to=None).exclude(pk=pk)
    return _page(
        request,
        MergerForm(posted(request), others=others),
        lambda form: _succeed(request, form, [organisation, *form.cleaned_data["others"]]),
        organisation=organisation,
        name="merge",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an organisation that nothing succeeds."""
    organisation = _editable(request, pk)
    return _page(
        request,
        DayForm(posted(request)),
        lambda form: organisations.end(
            organisation=organisation,
            on=day_of(form),
            by=request.user,
            note=form.cleaned_data["note"],
        ),
        organisation=organisation,
        name="end",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Say for whom people act who acted for an organisation."""
    organisation = _editable(request, pk)
    successors = list(organisation.successors.filter(valid_to=None).order_by("pk"))
    if not successors:
        successors = list(organisations_on(timezone.localdate()).filter(valid_to=None))
    others = [each for each in successors if each.pk != pk]
    held = people_of(organisation)
    return _page(
        request,
        PlacesForm(posted(request), people=held, successors=others),
        lambda form: organisations.place_members(
            organisation=organisation,
            moves=form.moves(),
            by=request.user,
            note=form.cleaned_data["note"],
        ),
        organisation=organisation,
        name="people",
        is_empty=not held,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Let several organisations take the place of one; `more` asks for room for one more."""
    organisation = _editable(request, pk)
    given = posted(request)
    form = DayForm(given)
    count = _parts(given.get("parts", "") if given is not None else "")
    if given is not None and "more" in given:
        count = min(count + 1, MOST_PARTS)
        form = DayForm(initial=given.dict())
        parts = [_part(number, organisation, typed=given) for number in range(count)]
    else:
        parts = [_part(number, organisation, given=given) for number in range(count)]
        if form.is_valid() and all(part.is_valid() for part in parts):
            try:
                organisations.split(
                    organisation=organisation,
                    into=[part.described() for part in parts],
                    on=day_of(form),
                    by=request.user,
                    note=form.cleaned_data["note"],
                )
            except ActionRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                return _done(request, pk)
    return form_page(
        request,
        "workbench/organisation_split.html",
        form,
        parts=parts,
        can_grow=count < MOST_PARTS,
        organisation=organisation,
    )


def _part(
    number: int,
    organisation: Organisation,
    *,
    given: QueryDict | None = None,
    typed: QueryDict | None = None,
) -> DescriptionForm:
    """Return the form of one part of a split: as it was sent, or with what was typed so far."""
    prefix = f"part{number}"
    form = DescriptionForm(given, prefix=prefix)
    form.initial = {"kind": organisation.kind, "country": organisation.country}
    for name in form.fields:
        if typed is not None and f"{prefix}-{name}" in typed:
            form.initial[name] = typed[f"{prefix}-{name}"]
    return form


def _parts(text: str) -> int:
    """Return how many parts a page was sent with."""
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 2
    return min(max(asked, 2), MOST_PARTS)


def _editable(request: HttpRequest, pk: int) -> Organisation:
    """Return an organisation if the person may change organisations."""
    demand(request, Permission.ORGANISATION_EDIT)
    return get_object_or_404(Organisation, pk=pk)


def _succeed(
    request: HttpRequest, form: SuccessionForm, closed: list[Organisation]
) -> Organisation:
    return organisations.succeed(
        organisations=closed,
        described=form.described(),
        on=day_of(form),
        by=request.user,
        note=form.cleaned_data["note"],
    )


def _offered(organisation: Organisation) -> list[tuple[str, Promise]]:
    """Return the changes that make sense now: address and title."""
    left_out = {"rename", "merge", "split", "end"} if organisation.valid_to else set()
    return [
        (reverse(f"organisation_{name}", args=[organisation.pk]), title)
        for name, title in CHANGES.items()
        if name not in left_out
    ]


def _page(
    request: HttpRequest,
    form: Form,
    act: Callable[[Form], object],
    *,
    organisation: Organisation,
    name: str,
    is_empty: bool = False,
) -> HttpResponse:
    """Show the form of a change, or make it."""
    if not is_empty and form.is_valid():
        try:
            made = act(form)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, made.pk if isinstance(made, Organisation) else organisation.pk)
    return form_page(
        request,
        "workbench/organisation_change.html",
        form,
        organisation=organisation,
        title=CHANGES[name],
        lead=LEADS[name],
        is_empty=is_empty,
    )


def _done(request: HttpRequest, pk: int) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("organisation", pk)
