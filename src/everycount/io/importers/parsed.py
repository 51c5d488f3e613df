"""What a format's parser hands over: cells as text, under the file's own names."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from everycount.io.fit import FIRST_ROW, Locate, name_cell
from everycount.model.codes import Code
from everycount.model.column_mapping import ColumnMapping
from everycount.model.observation import OBSERVATION
from everycount.model.origin import Origin
from everycount.model.structure import DataStructure


@dataclass(kw_only=True)
class Parsed:
    """A file that is being read. Iterate over `batches` once; the rest may grow meanwhile."""

    batches: Iterator[pl.DataFrame]
    """Cells as text, in the file's order."""
    mapping: ColumnMapping = field(default_factory=ColumnMapping)
    """Where components stand in this format. A user's own mapping is laid over it."""
    structure: DataStructure = OBSERVATION
    codes: dict[str, dict[str, Code]] = field(default_factory=dict)
    """Labels that the file gives, by component and code."""
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    """Words for the codes of breakdown columns, by column and code; for the empty code the
    column's own name. Generated codes of CUST_BREAKDOWN are labelled with them."""
    origin: Origin | None = None
    notes: list[str] = field(default_factory=list)
    """What was left out or changed, in words with counts."""
    first_row: int = FIRST_ROW
    locate: Locate = name_cell
