"""What a pass over microdata finds: faults, and rows left out, each counted."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from everycount.errors import InputError, MethodError, Problem

FloatArray = npt.NDArray[np.float64]
UNCLEAR = "universe not known"
"""Why rows are left out of which nobody can say whether they belong to a universe."""
SHOWN = 5
"""Values of one column that a message names."""
LARGEST = 1e150
"""Largest sum of weights, so that its square is a number: 1.8e308 is the largest. IEEE 754-2019,
table 3.2, binary64."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """How many rows were left out of something, and why."""

    subject: str
    """What they were left out of: an outcome or a characteristic."""
    reason: str
    rows: int


@dataclass(slots=True)
class Sought:
    """Codes looked for in a column of which so far no row has one."""

    codes: tuple[str, ...]
    others: set[str] = field(default_factory=set)
    """What stands there instead, a few more than are shown."""


@dataclass(slots=True)
class Findings:
    """Collects over all batches, so that one error can name every fault with its rows."""

    faults: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    excluded: Counter[tuple[str, str]] = field(default_factory=Counter)
    sought: dict[str, Sought | None] = field(default_factory=dict)
    """Codes looked for, by the place that names them; None once one of them was found."""
    sums: dict[str, float] = field(default_factory=dict)
    """Sums of weights, by place."""

    def fault(self, where: str, found: str, expected: str, *, rows: int = 0) -> None:
        """Note a fault, with the number of rows that have it where it is one of rows."""
        self.faults[where, found, expected] += rows

    def leave_out(self, subject: str, reason: str, rows: int) -> None:
        """Note that `rows` rows are left out of something."""
        if rows:
            self.excluded[subject, reason] += rows

    def seek(self, where: str, codes: tuple[str, ...], values: Callable[[], Iterable[str]]) -> None:
        """Note that rows have none of the codes of a list, and what they have instead.

        Parameters
        ----------
        where : str
            The place that names the codes.
        codes : tuple of str
            The codes.
        values : callable
            Gives the values of the rows, each once. It is asked only where it matters.
        """
        sought = self.sought.setdefault(where, Sought(codes=codes))
        if sought is not None and len(sought.others) <= SHOWN:
            sought.others.update(sorted(values())[: SHOWN + 1])

    def find(self, where: str) -> None:
        """Note that a row has one of the codes that are looked for."""
        self.sought[where] = None

    def weigh(self, where: str, weights: FloatArray) -> bool:
        """Add up weights, and tell whether they can be counted with; if not, that is a fault."""
        with np.errstate(over="ignore"):
            self.sums[where] = self.sums.get(where, 0.0) + float(np.nansum(weights))
        if self.sums[where] <= LARGEST:
            return True
        found = f"weights too large: they add up to more than {LARGEST:g}"
        self.faults[where, found, "weights that add up to the population or the sample"] = 0
        return False

    def _not_found(self) -> Iterator[Problem]:
        """Yield a problem for each list of codes that none of the rows has."""
        for where, sought in sorted(self.sought.items()):
            if sought is not None and sought.others:
                found = sorted(sought.others)
                some = ", ".join(found[:SHOWN]) + (", …" if len(found) > SHOWN else "")
                yield Problem(
                    where,
                    f"none of yes ({', '.join(sought.codes)}) among {some}",
                    "codes that occur; or the others in `no`, if nobody says yes",
                )

    def raise_faults(self, subject: str) -> None:
        """Raise every fault found so far, if any.

        Raises
        ------
        InputError
            With a problem for each kind of fault, and the number of rows that have it.
        """
        problems = [
            Problem(where, f"{found} in {counted(rows)}" if rows else found, expected)
            for (where, found, expected), rows in sorted(self.faults.items())
        ]
        problems += self._not_found()
        if problems:
            raise InputError(subject, problems)

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


def nobody_counts(
    subject: str, outcomes: Iterable[str], excluded: Iterable[Excluded]
) -> MethodError:
    """Return the error for outcomes of which no row counts, with the rows left out by reason."""
    reasons = dict.fromkeys(outcomes, "")
    for each in excluded:
        if each.subject in reasons:
            reasons[each.subject] += f"; {counted(each.rows)} {each.reason}"
    return MethodError(
        subject,
        (
            Problem(f"outcome {name}", f"no row that counts{words}", "at least one")
            for name, words in reasons.items()
        ),
    )


def no_rows(subject: str) -> MethodError:
    """Return the error for a file without rows."""
    return MethodError(subject, [Problem("file", "no rows", "at least one")])
