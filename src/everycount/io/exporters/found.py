"""What stands in observations that go out: gathered in one pass, small however many there are."""

from dataclasses import dataclass, field

import polars as pl

from everycount.io.exporters.text import FORBIDDEN
from everycount.model.observation import INDICATOR
from everycount.model.structure import DataStructure

UNIT = "UNIT_MEASURE"


@dataclass(kw_only=True)
class Found:
    """Counts, codes and periods of a table. It grows with each batch."""

    rows: int = 0
    filled: set[str] = field(default_factory=set)
    """Columns in which any value stands."""
    values: dict[str, set[str]] = field(default_factory=dict)
    """The distinct codes of each coded component, and the periods."""
    units: dict[str, set[str]] = field(default_factory=dict)
    """The units of each indicator."""
    forbidden: dict[str, int] = field(default_factory=dict)
    """Cells by column that hold a character which XML cannot."""
    texts: tuple[str, ...] = ()

    @classmethod
    def of(cls, structure: DataStructure) -> "Found":
        """Return what is found before any batch."""
        coded = [c.id for c in structure.components if c.kind == "code" or c.role == "time"]
        # Indicators may have any code that their publisher prints.
        texts = [c.id for c in structure.components if c.kind == "text" or c.id == INDICATOR]
        return cls(values={name: set() for name in coded}, texts=tuple(texts))

    def add(self, batch: pl.DataFrame) -> None:
        r"""Take a batch into account.

        Examples
        --------
        >>> from everycount.model.observation import OBSERVATION
        >>> found = Found.of(OBSERVATION)
        >>> row = dict.fromkeys(OBSERVATION.ids) | {"SEX": "F", "COMMENT_OBS": "a bell \x07"}
        >>> found.add(pl.DataFrame([row], schema=dict(OBSERVATION.schema)))
        >>> found.values["SEX"], found.forbidden
        ({'F'}, {'COMMENT_OBS': 1})
        """
        self.rows += batch.height
        self.filled |= {each.name for each in batch if each.null_count() < batch.height}
        for name, values in self.values.items():
            values.update(batch[name].unique().drop_nulls().to_list())
        if {INDICATOR, UNIT} <= set(batch.columns):
            pairs = batch.select(INDICATOR, UNIT).unique().drop_nulls()
            for indicator, unit in pairs.iter_rows():
                self.units.setdefault(indicator, set()).add(unit)
        texts = [name for name in self.texts if name in self.filled]
        counts = batch.select(pl.col(texts).str.contains(FORBIDDEN).sum())
        for name in counts.columns:
            if count := counts[name][0]:
                self.forbidden[name] = self.forbidden.get(name, 0) + count
