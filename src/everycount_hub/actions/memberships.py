"""Actions on memberships. No other code gives or ends a role."""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from everycount_hub.actions.accounts import is_last_administrator, open_account, password_link
from everycount_hub.actions.audit import record
from everycount_hub.actions.notifications import notify
from everycount_hub.errors import ActionRefused
from everycount_hub.models import Membership, Organisation, User, Workspace
from everycount_hub.permissions import HUB_ROLES, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A role given; `link` sets the first password of an account that has none yet."""

    membership: Membership
    link: str | None


@transaction.atomic
def invite(
    *,
    email: str,
    workspace: Workspace | None,
    role: Role,
    by: User | None,
    name: str = "",
    organisation: Organisation | None = None,
    note: str = "",
) -> Invitation:
    """Give a role to whoever has an address; who has no account gets one and a mail with a link."""
    account = open_account(email=email, by=by, name=name)
    membership = grant(
        user=account, workspace=workspace, role=role, by=by, organisation=organisation, note=note
    )
    if account.has_usable_password():
        return Invitation(membership=membership, link=None)
    link = password_link(account)
    if settings.SENDS_MAIL:
        transaction.on_commit(_letter(account, link=link).send, robust=True)
    return Invitation(membership=membership, link=link)


@transaction.atomic
def grant(
    *,
    user: User,
    workspace: Workspace | None,
    role: Role,
    by: User | None,
    organisation: Organisation | None = None,
    note: str = "",
) -> Membership:
    """Give a person a role in a workspace; without one, in the whole hub."""
    # Two grants of one role at once queue at the person's row, and the second is refused.
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _refuse_grant(user, workspace=workspace, role=role, by=by)
    membership = Membership.objects.create(
        user=user,
        workspace=workspace,
        organisation=organisation,
        role=role,
        granted_by=by,
        granted_at=timezone.now(),
    )
    record(
        by=by,
        verb="membership.granted",
        target=membership,
        workspace=workspace,
        note=note,
        facts={
            "user": user.pk,
            "role": str(role),
            "organisation": organisation and organisation.pk,
        },
    )
    text = gettext_lazy("You are now %(role)s in %(place)s.")
    _tell(membership, verb="membership.granted", text=text)
    return membership


@transaction.atomic
def end(*, membership: Membership, by: User | None, note: str = "") -> Membership:
    """End a role from now on."""
    runs_hub = membership.workspace_id is None and membership.role == Role.ADMINISTRATOR
    # Rows of all administrators are locked together and in order: two who end each other queue.
    is_last = runs_hub and is_last_administrator(membership.user)
    membership = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    if membership.ended_at is not None:
        raise ActionRefused(_("This role has ended already."))
    if is_last:
        raise ActionRefused(
            _("%(who)s is the only administrator of the hub. Name another one first.")
            % {"who": membership.user}
        )
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])
    record(
        by=by,
        verb="membership.ended",
        target=membership,
        workspace=membership.workspace,
        note=note,
        facts={"user": membership.user_id, "role": membership.role},
    )
    text = gettext_lazy("You are no longer %(role)s in %(place)s.")
    _tell(membership, verb="membership.ended", text=text)
    return membership


def _refuse_grant(user: User, *, workspace: Workspace | None, role: Role, by: User | None) -> None:
    """Refuse a role that cannot be given in the present state."""
    if by is not None and by.pk == user.pk:
        raise ActionRefused(_("Nobody gives a role to themselves; ask another administrator."))
    if not user.is_active:
        raise ActionRefused(_("The account of %(who)s is disabled.") % {"who": user})
    if workspace is None and role not in HUB_ROLES:
        raise ActionRefused(
            _("The role %(role)s is held in a workspace, not in the whole hub.")
            % {"role": role.label}
        )
    if user.memberships.filter(workspace=workspace, role=role, ended_at__isnull=True).exists():
        raise ActionRefused(_("%(who)s is %(role)s already.") % {"who": user, "role": role.label})


def _tell(membership: Membership, *, verb: str, text: str) -> None:
    """Tell a person about a role given or ended."""
    place = membership.workspace or gettext_lazy("the whole hub")
    link = membership.workspace.get_absolute_url() if membership.workspace else "/workbench/"
    words = {"role": Role(membership.role).label, "place": place}
    notify(to=membership.user, verb=verb, target=membership, text=text % words, link=link)


def _letter(account: User, *, link: str) -> EmailMessage:
    """Return the mail that invites a person."""
    body = _(
        "You were invited to Everycount at %(site)s.\n\n"
        "Set a password here within three days:\n%(link)s\n\n"
        "After that, ask for a new link at %(again)s."
    ) % {
        "site": settings.PUBLIC_URL,
        "link": link,
        "again": f"{settings.PUBLIC_URL}{reverse('account_reset_password')}",
    }
    subject = _("Everycount: an invitation")
    return EmailMessage(subject=subject, body=body, to=[account.email])
