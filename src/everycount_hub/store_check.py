"""Whether the store holds what its rows name, unharmed."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from everycount_hub import store


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A file that is not what its name says, or is not there."""

    name: str
    fault: Literal["missing", "changed"]


def verify_store(named: Iterable[Path]) -> tuple[Damage, ...]:
    """Return the files that are missing or whose bytes no longer give their name.

    Parameters
    ----------
    named : iterable of Path
        Files that rows name. All other files of the store are read as well.
    """
    present = {path: path.name.partition(".")[0] for path in store.files()}
    missing = sorted(path.name for path in set(named) - set(present))
    changed = sorted(
        path.name for path, digest in present.items() if store.digest_of(path) != digest
    )
    return (
        *(Damage(name=name, fault="missing") for name in missing),
        *(Damage(name=name, fault="changed") for name in changed),
    )
