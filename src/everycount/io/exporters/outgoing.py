"""Observations on their way out: batches that can be read again, and what stands in them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import polars as pl

from everycount.errors import Unavailable
from everycount.io.code_lists import code_lists
from everycount.io.exporters.found import Found
from everycount.model.codes import CodeList
from everycount.model.dataset import Dataset
from everycount.model.origin import Origin
from everycount.model.structure import Component, DataStructure

ROWS = 50_000
"""Observations that are turned into text at a time: some 50 MB of XML."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""When data were prepared that say nothing of it. A clock would change the bytes of a file."""


class Batches(Protocol):
    """Tables of one structure that are read once; the rest is complete afterwards."""

    structure: DataStructure

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Yield the tables."""
        ...

    @property
    def codes(self) -> Mapping[str, CodeList]:
        """Code lists that came with the data, by component."""
        ...

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Who produced the data."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What reading changed or left out."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outgoing:
    """What every exporter gets. Batches are in memory or in files, and may be read often."""

    pieces: Sequence[pl.DataFrame | Path]
    structure: DataStructure
    found: Found
    codes: Mapping[str, CodeList]
    """The code list of each component that has one, shipped and the data's own."""
    origins: tuple[Origin, ...]
    notes: tuple[str, ...]
    prepared: datetime
    """When the data were made ready, in UTC; `EPOCH` where nothing tells."""
    title: str

    @property
    def is_dated(self) -> bool:
        """Tell whether it is known when the data were made ready."""
        return self.prepared != EPOCH

    @property
    def rows(self) -> int:
        """How many observations there are."""
        return self.found.rows

    @property
    def components(self) -> tuple[Component, ...]:
        """The components that are written: dimensions, the value, and attributes that are used."""
        return tuple(
            each
            for each in self.structure.components
            if each.role != "attribute" or each.id in self.found.filled
        )

    @property
    def attributes(self) -> tuple[Component, ...]:
        """The attributes that any observation has."""
        return tuple(each for each in self.components if each.role == "attribute")

    def batches(self, rows: int = ROWS) -> Iterator[pl.DataFrame]:
        """Yield the observations in their order, at most so many at a time."""
        for piece in self.pieces:
            # Bytes, since a memory map would keep the file open, which Windows minds.
            table = pl.read_ipc(piece.read_bytes()) if isinstance(piece, Path) else piece
            yield from table.iter_slices(rows)

    def used(self, component: str) -> tuple[str, ...]:
        """Return the codes or periods of a component that stand in the data, in a fixed order.

        Codes come as their list has them, others after them by the alphabet.
        """
        codes = self.codes.get(component)
        order = {code: number for number, code in enumerate(codes.by_id)} if codes else {}
        values: set[str] = self.found.values.get(component, set())
        return tuple(sorted(values, key=lambda value: (order.get(value, len(order)), value)))

    def label(self, component: str, code: str, language: str = "en") -> str:
        """Return the name of a code, or the code where it has none."""
        codes = self.codes.get(component)
        return codes.label(code, language) if codes else code

    def names(self, component: str, code: str) -> dict[str, str]:
        """Return the name of a code by language, English first; the code itself without any."""
        codes = self.codes.get(component)
        if codes is None:
            return {"en": code}
        if code in codes.by_id and codes.by_id[code].name:
            return dict(codes.by_id[code].name)
        english = codes.label(code)
        # Codes that follow a rule have names in the languages of their list.
        others = {language: codes.label(code, language) for language in codes.name}
        known = {language: text for language, text in others.items() if text not in {code, english}}
        return {"en": english, **known}


def outgoing_of(
    dataset: Dataset, *, prepared: datetime | None = None, title: str | None = None
) -> Outgoing:
    """Return a dataset in memory as exporters take it.

    Parameters
    ----------
    dataset : Dataset
        The observations.
    prepared : datetime, optional
        When they were made ready; what `prepared_at` says if left out.
    title : str, optional
        What the data are called; the title of the first origin if left out.

    Returns
    -------
    Outgoing

    Examples
    --------
    >>> from everycount.model.observation import OBSERVATION
    >>> empty = Dataset(table=pl.DataFrame(schema=dict(OBSERVATION.schema)))
    >>> outgoing_of(empty).rows, outgoing_of(empty).title
    (0, 'Gender data observations')
    """
    found = Found.of(dataset.structure)
    found.add(dataset.table)
    return Outgoing(
        pieces=(dataset.table,),
        structure=dataset.structure,
        found=found,
        codes=code_lists(dataset.structure, dataset.codes),
        origins=dataset.origins,
        notes=dataset.notes,
        prepared=prepared or prepared_at(dataset.origins),
        title=title or _title(dataset.origins, dataset.structure),
    )


@contextmanager
def gathered(
    source: Batches,
    *,
    prepared: datetime | None = None,
    title: str | None = None,
    progress: Callable[[int], object] | None = None,
) -> Iterator[Outgoing]:
    """Give data that are read batch by batch as exporters take them.

    All batches are read first, into files that are gone when the block ends. So a fault at the
    end of a file stops everything before a byte is written, columns without any value are known,
    and memory does not grow with the rows.

    Parameters
    ----------
    source : Batches
        The data, such as `open_dataset` returns.
    prepared, title
        As for `outgoing_of`.
    progress : callable, optional
        Called with the number of observations read so far.

    Yields
    ------
    Outgoing
        To be used inside the block only.

    Raises
    ------
    InputError
        With every fault that reading finds.
    Unavailable
        If the disk has no room for the files.
    """
    found = Found.of(source.structure)
    with _folder() as folder:
        pieces: list[pl.DataFrame | Path] = []
        for batch in source:
            found.add(batch)
            pieces.append(_kept(batch, folder / f"{len(pieces)}.arrow"))
            if progress:
                progress(found.rows)
        yield Outgoing(
            pieces=tuple(pieces),
            structure=source.structure,
            found=found,
            codes=code_lists(source.structure, source.codes),
            origins=source.origins,
            notes=source.notes,
            prepared=prepared or prepared_at(source.origins),
            title=title or _title(source.origins, source.structure),
        )


def prepared_at(origins: Sequence[Origin]) -> datetime:
    """Return when data were prepared, as their origins tell, so that it is always the same.

    That is the last day on which any was handed over, else published, at midnight UTC; with no
    date at all, 1 January 1970.

    Examples
    --------
    >>> from datetime import date
    >>> prepared_at([Origin(producer="NSO", title="LFS", published=date(2024, 5, 2))]).isoformat()
    '2024-05-02T00:00:00+00:00'
    """
    days = [each.accessed for each in origins if each.accessed]
    days = days or [each.published for each in origins if each.published]
    return datetime.combine(max(days), time(), UTC) if days else EPOCH


def _title(origins: Sequence[Origin], structure: DataStructure) -> str:
    """Return what data are called."""
    return "; ".join(dict.fromkeys(each.title for each in origins if each.title)) or structure.name


@contextmanager
def _folder() -> Iterator[Path]:
    """Give a folder that is gone when the block ends."""
    try:
        folder = TemporaryDirectory(prefix="everycount-", ignore_cleanup_errors=True)
    except OSError as error:
        raise _no_room(error) from error
    with folder:
        yield Path(folder.name)


def _kept(batch: pl.DataFrame, file: Path) -> Path:
    """Write a batch and return where."""
    try:
        batch.write_ipc(file, compression="lz4")
    except OSError as error:
        raise _no_room(error) from error
    return file


def _no_room(error: OSError) -> Unavailable:
    """Return the error of a disk that has no room."""
    return Unavailable(
        "the observations are kept on disk until all are read, and the folder for temporary "
        f"files refuses ({error.strerror or error}); the variable TMPDIR names another"
    )
