"""Write a dataset, or data that are read batch by batch, to a file: whole or not at all."""

import sys
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO

from everycount.errors import InputError, NotFound
from everycount.io.exporters.formats import Exporter, exporters_for, find_exporter
from everycount.io.exporters.outgoing import Outgoing, outgoing_of
from everycount.io.files import folder_problems, write_together
from everycount.model.dataset import Dataset


def write_dataset(
    dataset: Dataset | Outgoing, place: Path | str, *, format: str | None = None
) -> tuple[str, ...]:
    """Write observations to a file.

    Parameters
    ----------
    dataset : Dataset or Outgoing
        The observations.
    place : Path or str
        The file, whose folder must exist; ``-`` is standard output.
    format : str, optional
        Name of the format, as `EXPORTERS` lists them. By the ending if left out.

    Returns
    -------
    tuple of str
        What the format could not hold, in words.

    Raises
    ------
    NotFound
        If there is no such format, or the ending does not tell which.
    InputError
        If the format cannot hold the data, or the place cannot be written to.

    Examples
    --------
    >>> write_dataset(data, "figures.xlsx")  # doctest: +SKIP
    ()
    """
    exporter = find_exporter(format) if format else exporter_of(place)
    outgoing = outgoing_of(dataset) if isinstance(dataset, Dataset) else dataset
    return export(outgoing, place, exporter)


def export(
    outgoing: Outgoing, place: Path | str, exporter: Exporter, *, never: Collection[Path] = ()
) -> tuple[str, ...]:
    """Write observations to a file that takes its name when all of it is there.

    Parameters
    ----------
    outgoing : Outgoing
        The observations.
    place : Path or str
        The file, whose folder must exist; ``-`` is standard output.
    exporter : Exporter
        The format.
    never : collection of Path
        Files that were read, which must not be written over.

    Returns
    -------
    tuple of str
        What the format could not hold, in words.

    Raises
    ------
    InputError
        If the format cannot hold the data, or the place cannot be written to.
    """
    if str(place) == "-":
        return exporter.write(outgoing, sys.stdout.buffer)
    problems = folder_problems(place)
    if problems:
        raise InputError("the output", problems)
    notes: list[str] = []

    def content(file: BinaryIO) -> None:
        notes.extend(exporter.write(outgoing, file))

    write_together({Path(place): content}, never=never)
    return tuple(notes)


def exporter_of(place: Path | str) -> Exporter:
    """Return the format that the name of a file means.

    Raises
    ------
    NotFound
        If several formats have the ending, or none.

    Examples
    --------
    >>> exporter_of("figures.parquet").name
    'parquet'
    """
    name = Path(place).name
    fitting = exporters_for(name)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = ", ".join(each.name for each in fitting)
        raise NotFound(f"{name}: several formats end so; say which: {names}")
    raise NotFound(f"{name}: no format ends so; say which is meant")
