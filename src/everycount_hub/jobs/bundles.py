"""Checking a version that holds no figures: read what was sent, build what it says, store it."""

from collections.abc import Mapping

from everycount.errors import InputError, NotFound
from everycount_hub import store
from everycount_hub.actions import datasets
from everycount_hub.contents import maker
from everycount_hub.contents.archive import pack
from everycount_hub.jobs import Record, Say
from everycount_hub.jobs.findings import unreadable
from everycount_hub.models import DatasetVersion


def check_bundle(say: Say, *, version: int) -> Record:
    """Read and check the file of a version; what is wrong with it is a finding, not a failure."""
    row = DatasetVersion.objects.select_related("dataset").get(pk=version)
    if row.state != DatasetVersion.State.SUBMITTED:
        return lambda: {"state": row.state}
    try:
        checked = _checked(say, row)
    except InputError as error:
        checked = unreadable(error)

    def record() -> Mapping[str, object]:
        done = datasets.record_check(version=row, checked=checked)
        return {"state": done.state, "errors": checked.errors}

    return record


def _checked(say: Say, row: DatasetVersion) -> datasets.Checked:
    say(0.0, "Reading the file")
    path = store.source_path(row.source, row.source_name)
    if not path.is_file():
        raise NotFound(f"the file {row.source_name} is not in the store")
    bundle = maker(row.dataset.content)(path, row.source_name)
    say(0.9, "Storing")
    stored = store.put_bundle(pack(bundle.files))
    metadata = {"content": row.dataset.content, **bundle.facts, "files": sorted(bundle.files)}
    return datasets.Checked(figures=stored, metadata=metadata, findings=[], errors=0, warnings=0)
