"""Actions on releases. No other code publishes figures."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from everycount_hub import queue
from everycount_hub.actions import dataset_life as life
from everycount_hub.actions.audit import record
from everycount_hub.actions.dataset_life import Step
from everycount_hub.actions.editions import ask_for_edition
from everycount_hub.errors import ActionRefused
from everycount_hub.models import (
    Dataset,
    DatasetVersion,
    Release,
    ReleaseVersion,
    User,
    Workspace,
)
from everycount_hub.permissions import Permission

State = DatasetVersion.State
PUBLISH = "publish_release"
"""The job that waits for the end of an embargo."""


@transaction.atomic
def make(
    *,
    workspace: Workspace,
    versions: Sequence[DatasetVersion],
    title: str,
    by: User,
    note: str = "",
    embargoed_until: datetime | None = None,
) -> Release:
    """Release versions together, now or at a time to come.

    The list never changes: what is corrected or added later is another release.
    """
    workspace = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    now = timezone.now()
    held = _locked(workspace, versions)
    _check(held, title=title, embargoed_until=embargoed_until, now=now)
    last = workspace.releases.order_by("-number").first()
    release = Release(
        workspace=workspace,
        number=last.number + 1 if last else 1,
        title=title.strip(),
        note=note.strip(),
        state=Release.State.EMBARGOED if embargoed_until else Release.State.PUBLISHED,
        embargoed_until=embargoed_until,
        published_at=None if embargoed_until else now,
        made_by=by,
        made_at=now,
    )
    release.digest = digest_of(release, held)
    release.save(force_insert=True)
    ReleaseVersion.objects.bulk_create(
        ReleaseVersion(release=release, version=each, digest=each.digest) for each in held
    )
    for version in held:
        if version.state == State.APPROVED:
            life.enter(version, Step.EMBARGO if embargoed_until else Step.RELEASE)
            version.save(update_fields=["state"])
    _log(release, "embargoed" if embargoed_until else "published", by=by, versions=held)
    if embargoed_until:
        _wait(release, embargoed_until, by)
        words = gettext_lazy("“{version}” will be released on {time:%Y-%m-%d %H:%M} UTC.")
        text = [format_lazy(words, version=each, time=embargoed_until) for each in held]
    else:
        ask_for_edition()
        text = [_published_words(each) for each in held]
    for version, words in zip(held, text, strict=True):
        life.tell(version, version.state, words, able_to=Permission.RELEASE_MAKE, but=by)
    return release


@transaction.atomic
def publish_due(*, release: Release, now: datetime | None = None) -> Release:
    """Publish an embargoed release whose time has come; called by its job."""
    release = Release.objects.select_for_update(no_key=True).get(pk=release.pk)
    now = now or timezone.now()
    if release.state != Release.State.EMBARGOED:
        return release
    if release.embargoed_until > now:
        raise ActionRefused(
            _("“{release}” is embargoed until {time:%Y-%m-%d %H:%M} UTC.").format(
                release=release, time=release.embargoed_until
            )
        )
    versions = _lines(release)
    release.state, release.published_at = Release.State.PUBLISHED, now
    release.save(update_fields=["state", "published_at"])
    for version in versions:
        if version.state == State.EMBARGOED:
            life.enter(version, Step.PUBLISH)
            version.save(update_fields=["state"])
    _log(release, "published", by=None, versions=versions)
    ask_for_edition()
    for version in versions:
        life.tell(
            version, version.state, _published_words(version), able_to=Permission.RELEASE_MAKE
        )
    return release


@transaction.atomic
def call_off(*, release: Release, reason: str, by: User) -> Release:
    """Call off a release that is still embargoed; its versions are approved as before."""
    release = Release.objects.select_for_update(no_key=True).get(pk=release.pk)
    if not reason.strip():
        raise ActionRefused(_("Say why the release is called off."))
    if release.state != Release.State.EMBARGOED:
        raise ActionRefused(
            _("“{release}” is {state}; only an embargoed release can be called off.").format(
                release=release, state=release.get_state_display()
            )
        )
    versions = _lines(release)
    release.state = Release.State.CANCELLED
    release.save(update_fields=["state"])
    for version in versions:
        if version.state == State.EMBARGOED:
            life.enter(version, Step.CALL_OFF)
            version.save(update_fields=["state"])
    _log(release, "called_off", by=by, versions=versions, note=reason.strip())
    # Afterwards: its worker holds the job while it asks for the release. Should this process end
    # first, the job finds nothing to publish.
    for job in queue.active(kind=PUBLISH, key=_key(release)):
        transaction.on_commit(partial(queue.cancel, job))
    words = gettext_lazy("The release of “{version}” was called off: {reason}")
    for version in versions:
        text = format_lazy(words, version=version, reason=reason.strip())
        life.tell(version, "called_off", text, able_to=Permission.RELEASE_MAKE, but=by)
    return release


def digest_of(release: Release, versions: Sequence[DatasetVersion]) -> str:
    """Return the digest of a release's list, which anybody can work out from the page."""
    lines = [[each.dataset.slug, each.number, each.digest] for each in versions]
    content = {
        "workspace": release.workspace.slug,
        "number": release.number,
        "title": release.title,
        "note": release.note,
        "versions": sorted(lines),
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _locked(workspace: Workspace, versions: Sequence[DatasetVersion]) -> list[DatasetVersion]:
    """Return the versions as they are now, held in one order whoever asks."""
    held = DatasetVersion.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "dataset__workspace", "author", "submitted_by"
    )
    keys = {each.pk for each in versions}
    return list(held.filter(pk__in=keys, dataset__workspace=workspace).order_by("pk"))


def _lines(release: Release) -> list[DatasetVersion]:
    held = DatasetVersion.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "dataset__workspace", "author", "submitted_by"
    )
    return list(held.filter(lines__release=release).order_by("pk"))


def _check(
    versions: Sequence[DatasetVersion],
    *,
    title: str,
    embargoed_until: datetime | None,
    now: datetime,
) -> None:
    """Refuse a release with every reason there is."""
    reasons = [*_unfit(versions, now)]
    if not title.strip():
        reasons.append(_("The release needs a title."))
    if not versions:
        reasons.append(_("A release has at least one version."))
    if len({each.dataset_id for each in versions}) < len(versions):
        reasons.append(_("A release has one version of a dataset, not two."))
    if embargoed_until is not None and embargoed_until <= now:
        reasons.append(_("The end of the embargo is in the past."))
    if reasons:
        raise ActionRefused(" ".join(map(str, reasons)))


def _unfit(versions: Sequence[DatasetVersion], now: datetime) -> list[str]:
    reasons = []
    for version in versions:
        if version.state not in {State.APPROVED, State.RELEASED}:
            reasons.append(
                _("“{version}” is {state}; only approved versions are released.").format(
                    version=version, state=version.get_state_display()
                )
            )
        elif version.dataset.kind == Dataset.Kind.THIRD_PARTY:
            last = version.appraisals.last()
            if last.expires_on and last.expires_on < now.date():
                reasons.append(
                    _("The appraisal of “{version}” expired on {day}.").format(
                        version=version, day=last.expires_on
                    )
                )
    return reasons


def _log(
    release: Release,
    verb: str,
    *,
    by: User | None,
    versions: Sequence[DatasetVersion],
    note: str = "",
) -> None:
    until = release.embargoed_until
    record(
        by=by,
        verb=f"release.{verb}",
        target=release,
        workspace=release.workspace,
        note=note or release.note,
        facts={
            "number": release.number,
            "digest": release.digest,
            "embargoed_until": until.isoformat() if until else None,
            "versions": [[each.dataset.slug, each.number, each.digest] for each in versions],
        },
    )


def _wait(release: Release, until: datetime, by: User) -> None:
    queue.enqueue(
        kind=PUBLISH,
        key=_key(release),
        arguments={"release": release.pk},
        by=by,
        workspace=release.workspace,
        run_at=until,
    )


def _key(release: Release) -> str:
    return f"release {release.pk}"


def _published_words(version: DatasetVersion) -> str:
    return format_lazy(gettext_lazy("“{version}” is released."), version=version)
