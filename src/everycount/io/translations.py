"""Read titles of a framework in further languages from a CSV file."""

from pathlib import Path
from typing import Final

from everycount.errors import InputError
from everycount.io.csv import ONLY_COMMAS, read_table
from everycount.io.files import read_bytes
from everycount.io.fit import ROW, demand_columns, number_rows
from everycount.policy.match_translations import Translation

COLUMNS: Final = ("key", "language", "title")


def read_translations(path: Path | str) -> tuple[Translation, ...]:
    """Read a file of translations: CSV with the columns key, language and title.

    Whether keys exist and titles are complete, `with_translations` tells, with the rows named.

    Parameters
    ----------
    path : Path or str
        The file; ``-`` is standard input.

    Returns
    -------
    tuple of Translation
        In the order of the file.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        If it is no table or lacks a column.
    """
    subject = Path(path).name
    rows = number_rows(read_table(read_bytes(path), subject=subject, remedy=ONLY_COMMAS))
    problems = demand_columns(rows, COLUMNS)
    if problems:
        raise InputError(subject, problems)
    return tuple(
        Translation(
            key=row["key"] or "",
            language=row["language"] or "",
            title=row["title"] or "",
            where=f"row {row[ROW]}",
        )
        for row in rows.iter_rows(named=True)
    )
