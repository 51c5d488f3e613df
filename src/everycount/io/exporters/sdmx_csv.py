"""Write observations as SDMX-CSV 2.0 or 1.0."""

from typing import BinaryIO

import polars as pl

from everycount.io.exporters.outgoing import Outgoing
from everycount.io.exporters.periods import changed_periods, period_notes
from everycount.io.exporters.text import plain_text
from everycount.model.observation import PERIOD


def write_sdmx_csv(outgoing: Outgoing, file: BinaryIO) -> tuple[str, ...]:
    """Write SDMX-CSV 2.0: the columns STRUCTURE, STRUCTURE_ID, ACTION, then the components.

    The format has no place for origins and licence; they are in the structure message.

    Parameters
    ----------
    outgoing : Outgoing
        The observations.
    file : BinaryIO
        Open for writing.

    Returns
    -------
    tuple of str
        What was changed, in words.
    """
    structure = outgoing.structure
    name = f"{structure.agency}:{structure.id}({structure.version})"
    return _write(outgoing, file, {"STRUCTURE": "dataflow", "STRUCTURE_ID": name, "ACTION": "I"})


def write_sdmx_csv_1(outgoing: Outgoing, file: BinaryIO) -> tuple[str, ...]:
    """Write SDMX-CSV 1.0: the column DATAFLOW, then the components; else as `write_sdmx_csv`."""
    structure = outgoing.structure
    name = f"{structure.agency}:{structure.id}({structure.version})"
    return _write(outgoing, file, {"DATAFLOW": name})


def _write(outgoing: Outgoing, file: BinaryIO, constants: dict[str, str]) -> tuple[str, ...]:
    """Write a header, and the rows with constants before them."""
    changed = changed_periods(outgoing.used(PERIOD))
    cells = {each.id: plain_text(each) for each in outgoing.components}
    cells[PERIOD] = cells[PERIOD].replace(changed)
    before = {name: pl.lit(text) for name, text in constants.items()}
    file.write((",".join([*before, *cells]) + "\n").encode())
    for batch in outgoing.batches():
        batch.select(**before, **cells).write_csv(file, include_header=False)
    return period_notes(changed)
