"""A file of microdata, whatever its format: what it says of itself, and its rows in batches."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.words import one_of
from everycount.model.microdata import Column

BLOCK = 1 << 20
"""Bytes read at a time for a digest."""
Read = Callable[[Sequence[str], int], Iterator[pl.DataFrame]]
"""Yields these columns, so many rows at a time."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MicrodataFile:
    """An open file of microdata; it satisfies `everycount.model.microdata.Microdata`.

    Nothing is held open or in memory between two readings.
    """

    name: str
    """What messages call the file."""
    files: tuple[Path, ...]
    """The file, or the parts of a folder in order."""
    rows: int
    """Number of rows."""
    columns: Mapping[str, Column]
    """The columns by name, in the order of the file."""
    read: Read
    """How its format is read."""

    @property
    def digest(self) -> str:
        """The SHA-256 of the file in hexadecimal, computed anew each time it is asked for.

        That of a folder is the SHA-256 of one line a part: its SHA-256, two spaces, its name.
        """
        if len(self.files) == 1:
            return _digest(self.files[0])
        lines = "".join(f"{_digest(part)}  {part.name}\n" for part in self.files)
        return hashlib.sha256(lines.encode()).hexdigest()

    def batches(self, columns: Sequence[str], *, rows: int = 250_000) -> Iterator[pl.DataFrame]:
        """Yield the rows in the order of the file, with these columns only.

        Parameters
        ----------
        columns : sequence of str
            Names, at least one. They come in this order, each once.
        rows : int
            The most rows of a batch.

        Yields
        ------
        DataFrame
            Cells as the file has them; codes that mean not known still stand. An empty cell and
            an empty text are null.

        Raises
        ------
        InputError
            If the file lacks a column, or cannot be read to its end.
        """
        wanted = list(dict.fromkeys(columns))
        if not wanted or rows < 1:
            raise ValueError("batches need at least one column and one row")
        missing = [
            Problem("columns", f"no column {name}", one_of(list(self.columns), found=name,
                                                           noun="columns"))
            for name in wanted
            if name not in self.columns
        ]  # fmt: skip
        if missing:
            raise InputError(self.name, missing)
        return self._checked(wanted, rows)

    def _checked(self, columns: list[str], rows: int) -> Iterator[pl.DataFrame]:
        """Yield batches, and refuse a file that ends before its time."""
        seen = 0
        for batch in self.read(columns, rows):
            seen += batch.height
            yield batch.select(columns)
        if seen != self.rows:
            expected = f"the {self.rows:,} rows it had when it was opened"
            raise InputError(self.name, [Problem("file", f"{seen:,} rows", expected)])


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        made = hashlib.sha256()
        while block := file.read(BLOCK):
            made.update(block)
    return made.hexdigest()


def check_names(names: Iterable[str], *, subject: str) -> None:
    """Refuse names of columns that stand more than once.

    Raises
    ------
    InputError
        With each such name and its places, from 1.

    Examples
    --------
    >>> check_names(["sex", "age"], subject="persons.csv")
    """
    places: dict[str, list[str]] = {}
    for number, name in enumerate(names, 1):
        places.setdefault(name, []).append(str(number))
    problems = [
        Problem("columns", f"{name!r} in columns {' and '.join(numbers)}", "each name once")
        for name, numbers in places.items()
        if len(numbers) > 1
    ]
    if problems:
        raise InputError(subject, problems)


def no_rows(subject: str) -> InputError:
    """Return the error for a file without rows."""
    return InputError(subject, [Problem("file", "no rows", "at least one")])


def unreadable(subject: str, kind: str, reason: object) -> InputError:
    r"""Return the error for a file that is damaged or no file of its kind.

    Examples
    --------
    >>> print(unreadable("women.sav", "an SPSS file", "Unable to read\nfrom file"))
    women.sav has 1 problem:
      file: found one that cannot be read (Unable to read), expected a whole SPSS file
    """
    words = (str(reason).strip() or "no reason given").splitlines()[0]
    expected = f"a whole {kind.split(' ', 1)[1]}"
    found = f"one that cannot be read ({words})"
    return InputError(subject, [Problem("file", found, expected)])
