"""What a pass over microdata finds: faults, and rows left out, each counted."""

from collections import Counter
from dataclasses import dataclass, field

from everycount.errors import InputError, MethodError, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """How many rows were left out of something, and why."""

    subject: str
    """What they were left out of: an outcome or a characteristic."""
    reason: str
    rows: int


@dataclass(slots=True)
class Findings:
    """Collects over all batches, so that one error can name every fault with its rows."""

    faults: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    excluded: Counter[tuple[str, str]] = field(default_factory=Counter)

    def fault(self, where: str, found: str, expected: str, *, rows: int = 0) -> None:
        """Note a fault, with the number of rows that have it where it is one of rows."""
        self.faults[where, found, expected] += rows

    def leave_out(self, subject: str, reason: str, rows: int) -> None:
        """Note that `rows` rows are left out of something."""
        if rows:
            self.excluded[subject, reason] += rows

    def raise_faults(self, subject: str) -> None:
        """Raise every fault found so far, if any.

        Raises
        ------
        InputError
            With a problem for each kind of fault, and the number of rows that have it.
        """
        if self.faults:
            raise InputError(
                subject,
                (
                    Problem(where, f"{found} in {counted(rows)}" if rows else found, expected)
                    for (where, found, expected), rows in sorted(self.faults.items())
                ),
            )

    @property
    def left_out(self) -> tuple[Excluded, ...]:
        """Return the rows left out, by subject and reason."""
        return tuple(
            Excluded(subject=subject, reason=reason, rows=rows)
            for (subject, reason), rows in sorted(self.excluded.items())
        )


def counted(rows: int) -> str:
    """Return a number of rows in words.

    Examples
    --------
    >>> counted(1), counted(12345)
    ('1 row', '12,345 rows')
    """
    return "1 row" if rows == 1 else f"{rows:,} rows"


def no_rows(subject: str) -> MethodError:
    """Return the error for a file without rows."""
    return MethodError(subject, [Problem("file", "no rows", "at least one")])
