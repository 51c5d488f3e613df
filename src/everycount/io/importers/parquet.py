"""Parquet with columns named for components or mapped to them, read some rows at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.source import Source

NAME = "parquet"
TITLE = "Parquet with columns such as REF_AREA, or with a column mapping"
MAGIC = b"PAR1"
"""Begins and ends a file. Apache Parquet, File format."""
SHOWN = 100
"""Faulty cells of a column that are told one by one."""
ROWS = 250_000
"""Rows of a batch, as a row group of what we write has."""


def recognises(head: bytes, name: str) -> bool:
    """Tell whether a file begins as Parquet does."""
    return head.startswith(MAGIC)


def parse(source: Source) -> Parsed:
    """Read a table; cells become text, so that they are judged as those of other formats are."""
    return Parsed(batches=_batches(source), first_row=1)


def _batches(source: Source) -> Iterator[pl.DataFrame]:
    """Yield the rows as text."""
    # A packed file or one from memory must be whole; a file on disk is read in parts.
    place = source.path if source.path and _is_plain(source.path) else source.read()
    with _refusing(source):
        frame = pl.scan_parquet(place)
        schema = frame.collect_schema()
        rows = frame.select(pl.len()).collect().item()
    nested = [name for name, kind in schema.items() if kind.is_nested()]
    if nested:
        raise _refused(source, f"columns of lists or records: {', '.join(nested)}")
    if any("\0" in name for name in schema):
        raise _refused(source, "the name of a column with a NUL in it")
    for start in range(0, max(rows, 1), ROWS):
        with _refusing(source):
            text = frame.slice(start, ROWS).select(pl.all().cast(pl.String)).collect()
        _demand_letters(text, start, source)
        yield text


def _demand_letters(text: pl.DataFrame, before: int, source: Source) -> None:
    """Refuse cells with NUL, which no other format and no database takes for text."""
    has = text.select(pl.all().str.contains("\0", literal=True).fill_null(value=False))
    problems = [
        Problem(f"row {before + row + 1}, {name}", repr(text[name][row]), "text without NUL")
        for name in has.columns
        for row in has[name].arg_true().head(SHOWN).to_list()
    ]
    if problems:
        raise InputError(source.name, problems)


@contextmanager
def _refusing(source: Source) -> Iterator[None]:
    """Turn what Polars meets in a damaged file into an error in words."""
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        # A panic is an error inside Polars that a file it did not foresee leads to.
        words = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise _refused(source, f"a file that cannot be read as one ({words})") from error


def _is_plain(path: Path) -> bool:
    """Tell whether a file is not packed."""
    with path.open("rb") as opened:
        return opened.read(len(MAGIC)) == MAGIC


def _refused(source: Source, found: str) -> InputError:
    return InputError(source.name, [Problem("file", found, "a Parquet file of plain columns")])
