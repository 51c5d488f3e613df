"""Write observations as Parquet, one column for each component, in its type."""

import json
from typing import BinaryIO

import polars as pl

from everycount.io.exporters.description import facts
from everycount.io.exporters.outgoing import Outgoing

GROUP = 250_000
"""Rows of a row group, which is what a reader must hold."""
ABOUT = "everycount"
"""Key of the file's own metadata, under which origins and notes stand as JSON."""


def write_parquet(outgoing: Outgoing, file: BinaryIO) -> tuple[str, ...]:
    """Write every component of the structure, with origins and notes in the file's metadata.

    Parameters
    ----------
    outgoing : Outgoing
        The observations.
    file : BinaryIO
        Open for writing.

    Returns
    -------
    tuple of str
        What was changed, in words: nothing.
    """
    empty = pl.LazyFrame(schema=dict(outgoing.structure.schema))
    pieces = [
        piece.lazy() if isinstance(piece, pl.DataFrame) else pl.scan_ipc(piece)
        for piece in outgoing.pieces
    ]
    about = json.dumps(facts(outgoing), ensure_ascii=False, sort_keys=True)
    pl.concat([empty, *pieces]).sink_parquet(
        file, compression="zstd", row_group_size=GROUP, metadata={ABOUT: about}
    )
    return ()
