"""Actions on organisations: they appear, are renamed, merge, split and end on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from everycount_hub.actions.audit import record
from everycount_hub.errors import ActionRefused
from everycount_hub.models import Membership, Organisation, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What an organisation is called and is."""

    names: Mapping[str, str] = field(default_factory=dict)
    kind: Organisation.Kind = Organisation.Kind.OTHER
    acronym: str = ""
    country: str = ""


@transaction.atomic
def add(*, described: Description, by: User | None, valid_from: date | None = None) -> Organisation:
    """Add an organisation; without a first day it has been there as long as anyone knows."""
    organisation = _make(described, valid_from)
    record(by=by, verb="organisation.added", target=organisation, facts=_facts(organisation))
    return organisation


@transaction.atomic
def correct(
    *, organisation: Organisation, described: Description, by: User, note: str
) -> Organisation:
    """Put right what was written down wrongly. A new name from a day on is a `succeed`."""
    _refuse_nameless(described)
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    before = _facts(organisation)
    organisation.names, organisation.kind = dict(described.names), described.kind
    organisation.acronym, organisation.country = described.acronym, described.country
    organisation.save(update_fields=["names", "kind", "acronym", "country"])
    facts = {"before": before, "after": _facts(organisation)}
    record(by=by, verb="organisation.corrected", target=organisation, note=note, facts=facts)
    return organisation


@transaction.atomic
def succeed(
    *,
    organisations: Sequence[Organisation],
    described: Description,
    on: date,
    by: User,
    note: str = "",
) -> Organisation:
    """Let one organisation take the place of others from a day on, and their members with them.

    One predecessor is a new name, several are a merger.
    """
    closed = _close(organisations, on)
    made = _make(described, on)
    made.predecessors.set(closed)
    moved = Membership.objects.filter(organisation__in=closed, ended_at__isnull=True).update(
        organisation=made
    )
    facts = {
        **_facts(made),
        "predecessors": sorted(each.pk for each in closed),
        "memberships": moved,
    }
    record(by=by, verb="organisation.succeeded", target=made, note=note, facts=facts)
    return made


@transaction.atomic
def split(
    *,
    organisation: Organisation,
    into: Sequence[Description],
    on: date,
    by: User,
    note: str = "",
) -> list[Organisation]:
    """Let several organisations take the place of one from a day on.

    Members stay with the old one until somebody says where each of them went.
    """
    if len(into) < 2:
        raise ActionRefused(_("A split needs at least two new organisations."))
    (closed,) = _close([organisation], on)
    made = [_make(each, on) for each in into]
    for each in made:
        each.predecessors.set([closed])
    facts = {"on": on.isoformat(), "successors": [each.pk for each in made]}
    record(by=by, verb="organisation.split", target=closed, note=note, facts=facts)
    return made


@transaction.atomic
def end(*, organisation: Organisation, on: date, by: User, note: str = "") -> Organisation:
    """Close an organisation that nothing succeeds; `on` is the first day without it."""
    (closed,) = _close([organisation], on)
    facts = {"on": on.isoformat()}
    record(by=by, verb="organisation.ended", target=closed, note=note, facts=facts)
    return closed


@transaction.atomic
def place_members(
    *, organisation: Organisation, moves: Mapping[int, Organisation | None], by: User, note: str
) -> int:
    """Say for whom people act who acted for an organisation; return how many were moved.

    Parameters
    ----------
    organisation : Organisation
        For whom they act now.
    moves : mapping of int to Organisation or None
        By the number of the role: for whom instead; None for nobody but themselves.
    by : User
        Who says so.
    note : str
        Why.
    """
    held = Membership.objects.select_for_update(no_key=True, of=("self",)).filter(
        organisation=organisation, ended_at__isnull=True, pk__in=moves
    )
    moved = {}
    for each in held.order_by("pk"):
        target = moves[each.pk]
        if target is not None and target.valid_to is not None:
            raise ActionRefused(
                _("“%(name)s” ended on %(day)s already.")
                % {"name": target, "day": target.valid_to.isoformat()}
            )
        each.organisation = target
        each.save(update_fields=["organisation"])
        moved[str(each.pk)] = target and target.pk
    if moved:
        facts = {"memberships": moved}
        verb = "organisation.members_placed"
        record(by=by, verb=verb, target=organisation, note=note, facts=facts)
    return len(moved)


def _close(organisations: Sequence[Organisation], on: date) -> list[Organisation]:
    """Lock organisations in one order, and end them the day before `on`."""
    keys = {each.pk for each in organisations}
    locked = list(
        Organisation.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    )
    if not locked:
        raise ActionRefused(_("Name at least one organisation that is succeeded."))
    for each in locked:
        if each.valid_to is not None:
            raise ActionRefused(
                _("“%(name)s” ended on %(day)s already.")
                % {"name": each, "day": each.valid_to.isoformat()}
            )
        if each.valid_from is not None and on <= each.valid_from:
            raise ActionRefused(
                _("“%(name)s” began on %(day)s; the change must come later.")
                % {"name": each, "day": each.valid_from.isoformat()}
            )
        each.valid_to = on - timedelta(days=1)
        each.save(update_fields=["valid_to"])
    return locked


def _make(described: Description, valid_from: date | None) -> Organisation:
    """Add a row."""
    _refuse_nameless(described)
    return Organisation.objects.create(
        names=dict(described.names),
        kind=described.kind,
        acronym=described.acronym,
        country=described.country,
        valid_from=valid_from,
    )


def _refuse_nameless(described: Description) -> None:
    """Refuse an organisation without a name."""
    if not any(described.names.values()):
        raise ActionRefused(_("An organisation needs a name in at least one language."))


def _facts(organisation: Organisation) -> dict[str, object]:
    """Return what the log keeps of an organisation."""
    first = organisation.valid_from
    return {
        "names": organisation.names,
        "kind": str(organisation.kind),
        "acronym": organisation.acronym,
        "country": organisation.country,
        "valid_from": first and first.isoformat(),
    }
