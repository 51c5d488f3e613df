"""Actions on datasets and their versions, from submission to approval and withdrawal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from everycount_hub import queue, store
from everycount_hub.actions import addresses
from everycount_hub.actions import dataset_life as life
from everycount_hub.actions.audit import record
from everycount_hub.actions.dataset_life import Step
from everycount_hub.actions.editions import ask_for_edition
from everycount_hub.actions.files import demand, hold_store
from everycount_hub.errors import ActionRefused
from everycount_hub.models import (
    Dataset,
    DatasetVersion,
    Organisation,
    Review,
    User,
    Workspace,
)
from everycount_hub.permissions import Permission

State = DatasetVersion.State
CHECK, CHECK_BUNDLE, REMOVE = "check_version", "check_bundle", "remove_files"
"""The jobs that follow from these actions."""
NOT_OF_THE_FILE = ("structure", "content")
"""What metadata say that no file has any words in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What is said of a dataset when it is made."""

    slug: str
    titles: Mapping[str, str]
    kind: Dataset.Kind
    content: Dataset.Content = Dataset.Content.FIGURES
    framework: str = ""
    producer: Organisation | None = None
    licence: str = ""
    source_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file that was sent and is in the store."""

    digest: str
    size: int
    name: str
    origin: DatasetVersion.Origin
    options: Mapping[str, object] = field(default_factory=dict)
    """How it is to be read, such as the format or a mapping of columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found. Without figures the file could not be read at all."""

    figures: store.Stored | None
    """What was stored: a table, or a bundle of files."""
    metadata: Mapping[str, object]
    findings: Sequence[Mapping[str, object]]
    errors: int
    warnings: int


@transaction.atomic
def create(*, workspace: Workspace, description: Description, by: User) -> Dataset:
    """Make a dataset, which has no figures yet."""
    addresses.refuse_taken(description.slug)
    dataset = Dataset(
        workspace=workspace,
        slug=description.slug,
        titles=dict(description.titles),
        kind=description.kind,
        content=description.content,
        framework=description.framework,
        producer=description.producer,
        licence=description.licence,
        source_url=description.source_url,
        created_by=by,
        created_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            dataset.save(force_insert=True)
    except IntegrityError as error:
        raise ActionRefused(
            _("There is a dataset “{slug}” already: choose another short name.").format(
                slug=description.slug
            )
        ) from error
    record(by=by, verb="dataset.created", target=dataset, workspace=workspace)
    return dataset


@transaction.atomic
def submit(
    *, dataset: Dataset, sent: Sent, by: User, author: User | None = None, reason: str = ""
) -> DatasetVersion:
    """Submit figures as the next version, and have them checked.

    Every version after the first corrects or continues another, and says why.
    """
    dataset = Dataset.objects.select_for_update(no_key=True, of=("self",)).get(pk=dataset.pk)
    last = demand_reason(dataset, reason)
    hold_store()
    demand(store.source_path(sent.digest, sent.name))
    version = DatasetVersion.objects.create(
        dataset=dataset,
        number=last.number + 1 if last else 1,
        origin=sent.origin,
        reason=reason.strip(),
        author=author or by,
        submitted_by=by,
        submitted_at=timezone.now(),
        source=sent.digest,
        source_name=sent.name,
        source_size=sent.size,
        options=dict(sent.options),
    )
    life.log(version, "submitted", by=by, note=version.reason, source=sent.digest)
    _ask_for_check(version, by)
    return version


@transaction.atomic
def check_again(
    *, version: DatasetVersion, by: User, options: Mapping[str, object] | None = None
) -> DatasetVersion:
    """Have the same file checked once more, read in the same or in another way.

    It is for a file that was faulty, or whose check was cancelled or could not be done.
    """
    version = life.lock(version)
    if queue.active(kind=_check_of(version), key=_key(version)).exists():
        raise ActionRefused(_("“{version}” is being checked already.").format(version=version))
    life.enter(version, Step.CHECK_AGAIN)
    if options is not None:
        version.options = dict(options)
    version.findings, version.error_count, version.warning_count = [], 0, 0
    version.save()
    life.log(version, "check_asked", by=by)
    _ask_for_check(version, by)
    return version


@transaction.atomic
def record_check(*, version: DatasetVersion, checked: Checked) -> DatasetVersion:
    """Keep what a check found; called by its job."""
    version = life.lock(version)
    life.enter(version, Step.FAIL_CHECK if checked.errors else Step.PASS_CHECK)
    version.checked_at = timezone.now()
    version.metadata = dict(checked.metadata)
    version.findings = [dict(finding) for finding in checked.findings]
    version.error_count, version.warning_count = checked.errors, checked.warnings
    if checked.figures is not None:
        hold_store()
        digest = checked.figures.digest
        demand(store.kept_path(digest, is_table=version.dataset.has_figures))
        version.digest = checked.figures.digest
        version.row_count, version.size = checked.figures.rows, checked.figures.size
    version.save()
    life.log(version, version.state, by=None, errors=checked.errors, warnings=checked.warnings)
    _tell_checked(version)
    return version


@transaction.atomic
def review(*, version: DatasetVersion, outcome: Review.Outcome, by: User, note: str = "") -> Review:
    """Find a version fit for approval, or send it back with what is to be put right."""
    version = life.lock(version)
    life.refuse_own(version, by, _("review"))
    is_fit = outcome == Review.Outcome.FIT
    if not is_fit and not note.strip():
        raise ActionRefused(_("Say what is to be put right: the version is sent back with it."))
    third_party = version.dataset.kind == Dataset.Kind.THIRD_PARTY
    if is_fit and third_party and version.state == State.CHECKED:
        raise ActionRefused(
            _("“{version}” is third-party data: it is appraised before it is reviewed.").format(
                version=version
            )
        )
    life.enter(version, Step.FIND_FIT if is_fit else Step.SEND_BACK)
    version.save(update_fields=["state"])
    found = Review.objects.create(
        version=version, outcome=outcome, note=note.strip(), by=by, at=timezone.now()
    )
    life.log(version, version.state, by=by, note=found.note)
    if is_fit:
        text = format_lazy(gettext_lazy("“{version}” waits for approval."), version=version)
        life.tell(version, "reviewed", text, able_to=Permission.DATASET_APPROVE, but=by)
    else:
        words = gettext_lazy("“{version}” was sent back: {note}")
        text = format_lazy(words, version=version, note=found.note)
        life.tell(version, "returned", text, but=by)
    return found


@transaction.atomic
def approve(*, version: DatasetVersion, by: User, note: str = "") -> DatasetVersion:
    """Approve a reviewed version for release; never one's own."""
    version = life.lock(version)
    life.refuse_own(version, by, _("approve"))
    life.enter(version, Step.APPROVE)
    version.approved_by, version.approved_at = by, timezone.now()
    version.save(update_fields=["state", "approved_by", "approved_at"])
    life.log(version, "approved", by=by, note=note)
    text = format_lazy(
        gettext_lazy("“{version}” is approved and can be released."), version=version
    )
    life.tell(version, "approved", text, able_to=Permission.RELEASE_MAKE, but=by)
    return version


@transaction.atomic
def withdraw(*, version: DatasetVersion, reason: str, by: User, keep_file: bool) -> DatasetVersion:
    """Withdraw a version for good; its page stays and says by whom, when and why.

    Its file may be kept, so that what was published can still be told, or removed, such as one
    that held personal data; whatever was taken over from it then goes too. Releases that list the
    version stay as they are.
    """
    version = life.lock(version)
    if not reason.strip():
        raise ActionRefused(_("Say why the version is withdrawn: the page will show it."))
    life.enter(version, Step.WITHDRAW)
    version.withdrawn_by, version.withdrawn_at = by, timezone.now()
    version.withdrawn_reason = reason.strip()
    version.is_file_removed = not keep_file
    if not keep_file:
        _erase(version)
    version.save()
    files = "kept" if keep_file else "removed"
    life.log(version, "withdrawn", by=by, note=version.withdrawn_reason, file=files)
    words = gettext_lazy("“{version}” was withdrawn: {reason}")
    text = format_lazy(words, version=version, reason=version.withdrawn_reason)
    life.tell(version, "withdrawn", text, able_to=Permission.RELEASE_MAKE, but=by)
    if not keep_file:
        _ask_for_removal(version, by)
    ask_for_edition()
    return version


def _erase(version: DatasetVersion) -> None:
    """Empty what was taken over from a file: cells that findings quote, labels, notes, its name.

    What the rules found stays as counts.
    """
    version.findings = [{**each, "examples": []} for each in version.findings]
    version.metadata = {
        name: version.metadata[name] for name in NOT_OF_THE_FILE if name in version.metadata
    }
    version.options, version.source_name = {}, ""
    queue.forget_words(key=_key(version))


def demand_reason(dataset: Dataset, reason: str) -> DatasetVersion | None:
    """Refuse a new version that does not say why it is; return the last one, if there is any."""
    last = dataset.versions.order_by("-number").first()
    if last is not None and not reason.strip():
        raise ActionRefused(
            _("“{dataset}” has a version {number} already: say why there is a new one.").format(
                dataset=dataset, number=last.number
            )
        )
    return last


def _key(version: DatasetVersion) -> str:
    return f"version {version.pk}"


def _check_of(version: DatasetVersion) -> str:
    """Return the job that checks a version."""
    return CHECK if version.dataset.has_figures else CHECK_BUNDLE


def _ask_for_check(version: DatasetVersion, by: User) -> None:
    queue.enqueue(
        kind=_check_of(version),
        key=_key(version),
        arguments={"version": version.pk},
        by=by,
        workspace=version.dataset.workspace,
    )


def _ask_for_removal(version: DatasetVersion, by: User) -> None:
    queue.enqueue(
        kind=REMOVE,
        key=_key(version),
        arguments={"digests": [each for each in (version.digest, version.source) if each]},
        by=by,
        workspace=version.dataset.workspace,
    )


def _tell_checked(version: DatasetVersion) -> None:
    if version.state == State.FAULTY:
        words = gettext_lazy("“{version}” has faults that have to be put right: {count}.")
        text = format_lazy(words, version=version, count=version.error_count)
        life.tell(version, "faulty", text)
        return
    third_party = version.dataset.kind == Dataset.Kind.THIRD_PARTY
    text = format_lazy(gettext_lazy("“{version}” was checked: no fault."), version=version)
    able = Permission.DATASET_APPRAISE if third_party else Permission.DATASET_REVIEW
    life.tell(version, "checked", text, able_to=able)
