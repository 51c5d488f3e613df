"""Long computations: what a worker runs. A job reads, calls everycount, and records by an action.

A job is called with its arguments and a function that says how far it is. It returns the function
that records what it found; the worker calls that in the transaction in which the job ends. So a
job may be killed anywhere, start again, and still count once.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

Say = Callable[[float, str], None]
"""Says how far a job is, from 0 to 1, and what it is doing. Raises where the job must end."""
Record = Callable[[], Mapping[str, object]]
"""Records what was found; returns what the page of the job shows."""
Run = Callable[..., Record]

KINDS = {
    "check_bundle": "everycount_hub.jobs.bundles:check_bundle",
    "check_version": "everycount_hub.jobs.datasets:check_version",
    "compare_versions": "everycount_hub.jobs.releases:compare_versions",
    "fetch_dataset": "everycount_hub.jobs.fetching:fetch_dataset",
    "draw_edition": "everycount_hub.jobs.editions:draw_edition",
    "make_edition": "everycount_hub.jobs.editions:make_edition",
    "remove_files": "everycount_hub.jobs.files:remove_files",
    "publish_release": "everycount_hub.jobs.releases:publish_release",
}
"""Every kind of job, and where its function is: loaded when one is run."""


def find(kind: str) -> Run:
    """Return the function of a kind of job.

    Raises
    ------
    LookupError
        If there is no such kind, as in a hub that is older than the row.
    """
    module, _colon, name = KINDS[kind].partition(":")
    function: Any = getattr(import_module(module), name)
    return function
