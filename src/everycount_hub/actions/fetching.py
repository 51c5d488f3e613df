"""Actions on fetches: ask for figures of a service, and submit what came."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from everycount_hub import outgoing, queue
from everycount_hub.actions import datasets
from everycount_hub.actions.audit import record
from everycount_hub.errors import ActionRefused
from everycount_hub.models import Dataset, DatasetVersion, Job, User
from everycount_hub.permissions import Permission, has_permission
from everycount_hub.store import Stored

if TYPE_CHECKING:
    from everycount.io.fetching.query import Query

FETCH = "fetch_dataset"
"""The job that asks the service."""
FETCHED = "fetched"
"""The option of a version whose file is the answers of a service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of which service, and why there is a new version."""

    service: str
    codes: tuple[str, ...]
    areas: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None
    key: str = ""
    address: str = ""
    reason: str = ""
    asked_at: str = ""
    """When, so that asking again is another fetch and a retry is not."""

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Request":
        """Return a request that a job was asked for with."""
        lists = {name: tuple(given[name]) for name in ("codes", "areas")}
        return cls(**{**given, **lists})

    def query(self) -> "Query":
        """Return the question as the library puts it."""
        from everycount.io.fetching.query import Query  # noqa: PLC0415 - asked by jobs alone

        return Query(
            codes=self.codes,
            areas=self.areas,
            first=self.first,
            last=self.last,
            key=self.key,
            address=self.address,
        )

    def file_name(self) -> str:
        """Return what the file of answers is called."""
        codes = "-".join(self.codes)[:80].replace(",", "-")
        return f"{self.service}-{codes}.answers.zip"


@transaction.atomic
def ask(*, dataset: Dataset, request: Request, by: User) -> Job:
    """Ask for a service to be asked; its answer becomes the next version."""
    dataset = Dataset.objects.select_for_update(no_key=True, of=("self",)).get(pk=dataset.pk)
    fault = outgoing.fault_of(request.address) if request.address else None
    if fault is not None:
        raise ActionRefused(str(fault))
    key = f"dataset {dataset.pk}"
    if queue.active(kind=FETCH, key=key).exists():
        raise ActionRefused(
            _("Figures of “{dataset}” are being fetched already.").format(dataset=dataset)
        )
    datasets.demand_reason(dataset, request.reason)
    dated = replace(request, asked_at=timezone.now().isoformat())
    job = queue.enqueue(
        kind=FETCH,
        key=key,
        arguments={"dataset": dataset.pk, "by": by.pk, "request": asdict(dated)},
        by=by,
        workspace=dataset.workspace,
    )
    record(
        by=by,
        verb="dataset.fetch_asked",
        target=dataset,
        workspace=dataset.workspace,
        note=request.reason,
        facts={"service": request.service, "codes": list(request.codes), "job": job.pk},
    )
    return job


@transaction.atomic
def submit_fetched(
    *, dataset: Dataset, stored: Stored, name: str, request: Request, by: User
) -> DatasetVersion:
    """Submit the answers of a service; called by the job that fetched them."""
    if not has_permission(by, Permission.DATASET_SUBMIT, workspace=dataset.workspace):
        raise ActionRefused(
            _("{who} may no longer send figures: nothing was submitted.").format(who=by)
        )
    sent = datasets.Sent(
        digest=stored.digest,
        size=stored.size,
        name=name,
        origin=DatasetVersion.Origin.FETCH,
        options={FETCHED: {**asdict(request)}},
    )
    return datasets.submit(dataset=dataset, sent=sent, by=by, reason=request.reason)
