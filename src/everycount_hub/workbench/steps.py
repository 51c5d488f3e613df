"""Pages of the steps in a version's life: a form, one action, back to the version."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from everycount_hub.actions import datasets
from everycount_hub.errors import ActionRefused
from everycount_hub.models import Dataset, DatasetVersion, Review, User
from everycount_hub.permissions import PERMISSIONS, Permission, roles_of
from everycount_hub.queries.datasets import versions_seen
from everycount_hub.workbench.answer import form_page, posted, workspace_for
from everycount_hub.workbench.data_forms import CheckForm, ReviewForm, WithdrawalForm
from everycount_hub.workbench.forms import NoteForm

State = DatasetVersion.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: who may take it, when it is offered, and what its page says."""

    address: str
    permission: Permission
    states: frozenset[State]
    title: Promise
    lead: Promise
    button: Promise
    is_for_own: bool = True
    """Offered to those who wrote or sent the version."""


STEPS = {
    step.address: step
    for step in (
        Step(
            address="version_check",
            permission=Permission.DATASET_CHECK,
            states=frozenset({State.SUBMITTED, State.FAULTY}),
            title=_("Check again"),
            lead=_(
                "The same file is read and checked once more, if need be with a column mapping that"
                " says what its columns are. A file that was mended is sent as the next version."
            ),
            button=_("Check again"),
        ),
        Step(
            address="version_appraise",
            permission=Permission.DATASET_APPRAISE,
            states=frozenset({State.CHECKED, State.APPRAISED, State.DECLINED}),
            title=_("Appraise"),
            lead=_(
                "Decide for what these third-party data may be used. The label and the reason "
                "travel with every figure."
            ),
            button=_("Record the decision"),
            is_for_own=False,
        ),
        Step(
            address="version_review",
            permission=Permission.DATASET_REVIEW,
            states=frozenset({State.CHECKED, State.APPRAISED, State.REVIEWED}),
            title=_("Review"),
            lead=_(
                "Read the figures and the findings, then find the version fit for approval or "
                "send it back."
            ),
            button=_("Record the review"),
            is_for_own=False,
        ),
        Step(
            address="version_approve",
            permission=Permission.DATASET_APPROVE,
            states=frozenset({State.REVIEWED}),
            title=_("Approve"),
            lead=_("The version can be released after that. Nobody approves their own figures."),
            button=_("Approve"),
            is_for_own=False,
        ),
        Step(
            address="version_withdraw",
            permission=Permission.DATASET_WITHDRAW,
            states=frozenset(set(State) - {State.EMBARGOED, State.WITHDRAWN}),
            title=_("Withdraw"),
            lead=_(
                "This cannot be undone. The version's page stays and says by whom, when and "
                "why it was withdrawn."
            ),
            button=_("Withdraw for good"),
        ),
    )
}


FOLLOWED = {
    State.FAULTY: _("Send the mended file"),
    State.RETURNED: _("Send the mended file"),
    State.DECLINED: _("Send the next version"),
    State.WITHDRAWN: _("Send the next version"),
}
"""States in which a version goes no further as it is, and what the way on is called."""


def steps_for(user: User, version: DatasetVersion) -> list[tuple[str, Promise]]:
    """Return what a person may do with a version now: address and title."""
    dataset = version.dataset
    allowed = _allowed(user, version)
    is_own = user.pk in {version.author_id, version.submitted_by_id}
    offered = []
    if _is_followed(version, allowed):
        address = reverse("dataset_submit", args=[dataset.workspace.slug, dataset.slug])
        offered.append((address, FOLLOWED[State(version.state)]))
    if version.state == State.APPROVED and Permission.RELEASE_MAKE in allowed:
        address = reverse("release_make", args=[dataset.workspace.slug])
        offered.append((f"{address}?version={version.pk}", _("Make a release")))
    for step in STEPS.values():
        fits = version.state in step.states and step.permission in allowed
        if step.address == "version_appraise" and dataset.kind != Dataset.Kind.THIRD_PARTY:
            fits = False
        if fits and (step.is_for_own or not is_own):
            place = [dataset.workspace.slug, dataset.slug, version.number]
            offered.append((reverse(step.address, args=place), step.title))
    return offered


def _allowed(user: User, version: DatasetVersion) -> set[Permission]:
    held = roles_of(user, workspace=version.dataset.workspace)
    return {permission for role in held for permission in PERMISSIONS[role]}


def _is_followed(version: DatasetVersion, allowed: set[Permission]) -> bool:
    """Tell whether the way on is a next version, which nobody has sent yet."""
    if version.state not in FOLLOWED or Permission.DATASET_SUBMIT not in allowed:
        return False
    return not version.dataset.versions.filter(number__gt=version.number).exists()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, slug: str, name: str, number: int) -> HttpResponse:
    """Have a version checked again."""
    version = version_for(request, slug, name, number=number, address="version_check")
    return _page(
        request,
        CheckForm(*_sent(request), version=version),
        lambda form: datasets.check_again(version=version, by=request.user, options=form.options()),
        version=version,
        address="version_check",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, slug: str, name: str, number: int) -> HttpResponse:
    """Review a version."""
    version = version_for(request, slug, name, number=number, address="version_review")
    return _page(
        request,
        ReviewForm(posted(request)),
        lambda form: datasets.review(
            version=version,
            outcome=Review.Outcome(form.cleaned_data["outcome"]),
            by=request.user,
            note=form.cleaned_data["note"],
        ),
        version=version,
        address="version_review",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, slug: str, name: str, number: int) -> HttpResponse:
    """Approve a version."""
    version = version_for(request, slug, name, number=number, address="version_approve")
    return _page(
        request,
        NoteForm(posted(request)),
        lambda form: datasets.approve(
            version=version, by=request.user, note=form.cleaned_data["note"]
        ),
        version=version,
        address="version_approve",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, slug: str, name: str, number: int) -> HttpResponse:
    """Withdraw a version."""
    version = version_for(request, slug, name, number=number, address="version_withdraw")
    return _page(
        request,
        WithdrawalForm(posted(request)),
        lambda form: datasets.withdraw(
            version=version,
            reason=form.cleaned_data["reason"],
            by=request.user,
            keep_file=form.cleaned_data["file"] == "keep",
        ),
        version=version,
        address="version_withdraw",
    )


def _sent(request: HttpRequest) -> tuple[QueryDict | None, Any]:
    """Return the fields and the files a form was sent with."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def version_for(
    request: HttpRequest, slug: str, name: str, *, number: int, address: str
) -> DatasetVersion:
    """Return the version if the person may take the step."""
    workspace = workspace_for(request, slug, STEPS[address].permission)
    return get_object_or_404(
        versions_seen(workspace, request.user), dataset__slug=name, number=number
    )


def _page(
    request: HttpRequest,
    form: Form,
    act: Callable[[Form], object],
    *,
    version: DatasetVersion,
    address: str,
) -> HttpResponse:
    """Show the form of a step, or take the step."""
    if form.is_valid():
        try:
            act(form)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(version)
    return form_page(
        request,
        "workbench/step.html",
        form,
        step=STEPS[address],
        version=version,
        dataset=version.dataset,
        workspace=version.dataset.workspace,
        back=version.get_absolute_url(),
        subject=version,
    )
