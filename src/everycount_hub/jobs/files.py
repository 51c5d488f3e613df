"""Removing files that were given up by decision."""

from collections.abc import Mapping, Sequence

from everycount_hub.actions.files import remove_unnamed
from everycount_hub.comparisons import forget
from everycount_hub.jobs import Record, Say


def remove_files(say: Say, *, digests: Sequence[str]) -> Record:
    """Remove the files with given digests, unless another version has the same."""

    def record() -> Mapping[str, object]:
        removed = remove_unnamed(digests=digests)
        forget(digests)
        return {"removed": list(removed)}

    say(0.0, "Removing files")
    return record
