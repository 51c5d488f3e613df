"""Errors a caller may catch: one class for each person who must act."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SHOWN = 20  # problems printed before "and N more"; all are kept in `problems`


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: where it is, what was found, what was expected."""

    where: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.where}: found {self.found}, expected {self.expected}"


class EverycountError(Exception):
    """Base class. Never raised itself."""

    exit_code = 1


class _FaultsError(EverycountError):
    """An error that holds every fault found, not only the first."""

    def __init__(self, subject: str, problems: Iterable[Problem]) -> None:
        self.subject = subject
        self.problems: Sequence[Problem] = tuple(problems)
        count = len(self.problems)
        shown = "".join(f"\n  {problem}" for problem in self.problems[:SHOWN])
        more = f"\n  … and {count - SHOWN} more" if count > SHOWN else ""
        noun = "problem" if count == 1 else "problems"
        super().__init__(f"{subject} has {count} {noun}:{shown}{more}")


class InputError(_FaultsError):
    """The data or the file is wrong. Whoever supplied it can put it right."""

    exit_code = 3


class MethodError(_FaultsError):
    """The method cannot be applied to these data. The analyst must choose again."""

    exit_code = 4


class ColumnError(EverycountError):
    """Some columns of an array do not allow the arithmetic asked for.

    Arrays have no names, so `faults` gives column numbers from 0 with what was found and
    expected; whoever knows the names turns it into a `MethodError`.
    """

    exit_code = 4

    def __init__(self, faults: Iterable[tuple[int, str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            "; ".join(
                f"column {j}: found {found}, expected {want}" for j, found, want in self.faults
            )
        )

    def named(self, names: Sequence[str], *, subject: str) -> MethodError:
        """Return the same faults with names for numbers."""
        return MethodError(
            subject, (Problem(names[j], found, want) for j, found, want in self.faults)
        )


class NotFound(EverycountError):
    """The thing named does not exist."""

    exit_code = 5


class Unavailable(EverycountError):
    """A service or an optional part is not there. Trying again, or installing it, may work."""

    exit_code = 6
