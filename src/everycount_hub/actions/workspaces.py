"""Actions on workspaces."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from everycount_hub.actions import addresses
from everycount_hub.actions.audit import record
from everycount_hub.actions.editions import ask_for_edition
from everycount_hub.errors import ActionRefused
from everycount_hub.models import User, Workspace


@transaction.atomic
def create(
    *,
    slug: str,
    kind: Workspace.Kind,
    names: Mapping[str, str],
    by: User | None,
    area: str = "",
    languages: Sequence[str] = ("en",),
    is_public: bool = False,
) -> Workspace:
    """Make a workspace for a country or a network."""
    addresses.refuse_taken(slug)
    if Workspace.objects.filter(slug=slug).exists():
        raise ActionRefused(
            _("There is a workspace with the short name “%(slug)s” already.") % {"slug": slug}
        )
    _refuse_incomplete(kind, names, area)
    workspace = Workspace.objects.create(
        slug=slug,
        kind=kind,
        names=dict(names),
        area=area,
        languages=list(languages),
        is_public=is_public,
    )
    record(
        by=by,
        verb="workspace.created",
        target=workspace,
        workspace=workspace,
        facts=_facts(workspace),
    )
    return workspace


@transaction.atomic
def edit(
    *,
    workspace: Workspace,
    by: User,
    names: Mapping[str, str],
    area: str,
    languages: Sequence[str],
    is_public: bool,
) -> Workspace:
    """Change how a workspace is called, its languages, and whether the portal shows it."""
    workspace = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    _refuse_incomplete(workspace.kind, names, area)
    before = _facts(workspace)
    workspace.names, workspace.area = dict(names), area
    workspace.languages, workspace.is_public = list(languages), is_public
    workspace.save(update_fields=["names", "area", "languages", "is_public"])
    record(
        by=by,
        verb="workspace.edited",
        target=workspace,
        workspace=workspace,
        facts={"before": before, "after": _facts(workspace)},
    )
    ask_for_edition()
    return workspace


def _refuse_incomplete(kind: str, names: Mapping[str, str], area: str) -> None:
    """Refuse a workspace that nobody could find."""
    if not any(names.values()):
        raise ActionRefused(_("A workspace needs a name in at least one language."))
    if kind == Workspace.Kind.COUNTRY and not area:
        raise ActionRefused(_("A country's workspace needs the code of its area, such as VNM."))


def _facts(workspace: Workspace) -> dict[str, object]:
    """Return what the log keeps of a workspace."""
    return {
        "slug": workspace.slug,
        "names": workspace.names,
        "area": workspace.area,
        "languages": workspace.languages,
        "is_public": workspace.is_public,
    }
