"""A list of gaps between a policy and its figures, as a table with one sentence over it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GapTable:
    """What one report of a review found."""

    id: str
    """Name of the report, such as issues-without-indicators."""
    title: str
    """What it is called."""
    finding: str
    """What was found, in a sentence with its counts."""
    columns: tuple[str, ...]
    """Heads of the columns."""
    rows: tuple[tuple[str, ...], ...] = ()
    """A row for each thing found, in the order of the document or of the framework."""
    count: int | None = 0
    """How many things were found lacking, not always the number of rows; None if not known."""
    of: int | None = None
    """Out of how many; None where there is no such number."""
    notes: tuple[str, ...] = ()
    """What the report cannot tell, such as frameworks that were not loaded."""

    def __post_init__(self) -> None:
        """Refuse rows that do not fit the columns; they are ours, so it is a mistake of ours."""
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.id}: {row} does not fit {self.columns}")
