"""Comparisons of versions that were made: kept in the store, named by what was compared.

They can be made again at any time, so they are in no backup. Their names begin with the digests of
both versions, so that they go when the figures of one are removed.
"""

import json
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from everycount.errors import Unavailable
from everycount_hub import store

FOLDER = "comparisons"
"""The folder of the store that has them."""
FORM = 1
"""Goes into their names; a comparison of another form is made again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed from one version to another, as pages show it."""

    words: str
    counts: Mapping[str, int]
    columns: tuple[str, ...]
    """The columns of `revised`: those of the key that differ between its rows, and the rest."""
    revised: tuple[tuple[object, ...], ...]
    """The first cells that have another value."""
    cells: int
    """How many cells have another value."""
    codes: tuple[Mapping[str, str], ...]
    """Component, code, change, old and new name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two versions that are compared: all that the result depends on."""

    old: str
    """The digest of the old version."""
    new: str
    about: str
    """A digest of what is said of both besides: the label of an appraisal, names of codes."""

    @property
    def key(self) -> str:
        """What the job about it is called."""
        return f"{self.old[:32]}-{self.new[:32]}-{self.about[:32]}"

    @property
    def path(self) -> Path:
        """Where the comparison is, or would be."""
        name = f"{self.old}-{self.new}-{self.about[:32]}-{FORM}.json"
        return Path(settings.STORE_FOLDER) / FOLDER / name


def find(pair: Pair) -> Comparison | None:
    """Return a comparison if it was made."""
    try:
        text = pair.path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    given = json.loads(text)
    tuples = {
        "columns": tuple(given["columns"]),
        "revised": tuple(map(tuple, given["revised"])),
        "codes": tuple(given["codes"]),
    }
    return Comparison(**{**given, **tuples})


def keep(pair: Pair, comparison: Comparison) -> None:
    """Keep a comparison, whole or not at all.

    Raises
    ------
    Unavailable
        If the disk is full or cannot be written to.
    """
    root = Path(settings.STORE_FOLDER)
    text = json.dumps(asdict(comparison), ensure_ascii=False)
    try:
        pair.path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=store.STAGED, dir=root) as folder:
            staged = Path(folder) / "comparison"
            staged.write_text(text, encoding="utf-8")
            staged.replace(pair.path)
    except OSError as error:
        raise Unavailable(
            f"the store {root} cannot be written to ({error.strerror}): nothing was stored"
        ) from error


def forget(digests: Collection[str]) -> None:
    """Remove the comparisons with versions whose figures were removed."""
    for path in (Path(settings.STORE_FOLDER) / FOLDER).glob("*.json"):
        if set(path.name.split("-")[:2]) & set(digests):
            path.unlink(missing_ok=True)
