"""Write observations as plain CSV with the components that say something."""

from typing import BinaryIO

import polars as pl

from everycount.io.exporters.outgoing import Outgoing
from everycount.io.exporters.text import plain_text
from everycount.io.importers.periods import frequencies
from everycount.model.observation import PERIOD

FREQUENCY = "FREQ"


def telling(outgoing: Outgoing) -> list[str]:
    """Return the columns that say something.

    A dimension in which every cell holds its usual code, such as ``_T``, says nothing: reading
    a table without the column gives the same observations. Frequencies are read from periods
    where a table has none, so that they are written beside any that tell one.
    """
    periods = pl.Series(outgoing.used(PERIOD), dtype=pl.String)
    told = {FREQUENCY} if frequencies(periods).count() else set()
    return [
        each.id
        for each in outgoing.components
        if not each.default or each.id in told or set(outgoing.used(each.id)) - {each.default}
    ]


def write_csv(outgoing: Outgoing, file: BinaryIO) -> tuple[str, ...]:
    """Write CSV in UTF-8: a row of components, then a row for each observation.

    The format has no place for origins and licence.

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
    names = telling(outgoing)
    cells = {name: plain_text(outgoing.structure.by_id[name]) for name in names}
    file.write((",".join(names) + "\n").encode())
    for batch in outgoing.batches():
        batch.select(**cells).write_csv(file, include_header=False)
    return ()
