"""Files of observations that need not fit into memory, for commands that look at them whole."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import polars as pl

from everycount.cli.data_reading import find_mapping
from everycount.cli.data_view import Progress, tidy_when_ended
from everycount.io.exporters.outgoing import Outgoing, gathered
from everycount.io.importers.read import open_dataset
from everycount.model.codes import CodeList


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gathered:
    """Observations that were read from a file and wait on disk."""

    rows: pl.LazyFrame
    own_codes: Mapping[str, CodeList]
    """The labels that came with the data, by component."""
    codes: Mapping[str, CodeList]
    """The code list of each component that has one, shipped and the data's own."""
    notes: tuple[str, ...]


@contextmanager
def gathered_file(
    place: str, *, format: str | None, mapping_file: str | None
) -> Iterator[Gathered]:
    """Give the observations in a file, read as the options say; to be used inside the block."""
    reading = open_dataset(place, format=format, mapping=find_mapping(mapping_file))
    with (
        tidy_when_ended(),
        Progress() as progress,
        gathered(reading, progress=progress.say) as outgoing,
    ):
        progress.say(outgoing.rows)
        yield Gathered(
            rows=_scan(outgoing),
            own_codes=reading.codes,
            codes=outgoing.codes,
            notes=outgoing.notes,
        )


def _scan(outgoing: Outgoing) -> pl.LazyFrame:
    """Return the observations, to be read from disk when they are needed."""
    places = [str(each) for each in outgoing.pieces]
    if not places:
        return pl.LazyFrame(schema=dict(outgoing.structure.schema))
    return pl.scan_ipc(places, glob=False)
