"""Files of microdata for DuckDB, checked as the embedded engine checks them."""

import tempfile
from glob import glob
from pathlib import Path
from types import ModuleType
from typing import Any

from everycount.errors import InputError, NotFound, Problem, Unavailable
from everycount.io.csv_blocks import GZIP, read_shape
from everycount.io.microdata import MicrodataFile, open_microdata
from everycount.io.microdata_parquet import MAGIC, open_parquet
from everycount.io.microdata_readstat import SAV, is_stata

Expr = Any
"""An Ibis table or backend: Ibis is an optional part and has no types of its own here."""


def find_files(place: str) -> MicrodataFile:
    """Return the files of a place.

    Parameters
    ----------
    place : str
        A Parquet or CSV file, a folder with Parquet files, or a pattern of such files, in which
        ``*``, ``?`` and ``[...]`` stand for letters and ``**`` for folders.

    Raises
    ------
    NotFound
        If there are none.
    InputError
        If one is of another format or damaged, or they have no rows.
    """
    if not is_pattern(place):
        found = open_microdata(place)
        head = _head(found.files[0])
        if head.startswith(SAV) or is_stata(head):
            expected = "Parquet or CSV, which a database reads; or the embedded engine"
            raise InputError(found.name, [Problem(place, "a Stata or SPSS file", expected)])
        return found
    paths = [Path(each) for each in sorted(glob(place, recursive=True))]  # noqa: PTH207  # absolute
    if not paths:
        raise NotFound(f"there is no file {place}")
    return open_parquet(paths, name=place)


def is_pattern(place: str) -> bool:
    """Tell whether a place stands for several files.

    Examples
    --------
    >>> is_pattern("parts/*.parquet"), is_pattern("women.parquet")
    (True, False)
    """
    return any(sign in place for sign in "*?[") and not Path(place).exists()


def is_parquet(path: Path) -> bool:
    """Tell whether a file begins as Parquet does."""
    return _head(path).startswith(MAGIC)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(16)


def connect_duckdb(library: ModuleType, file: Path | None = None) -> Expr:
    """Connect Ibis to a DuckDB file that is only read, or to none.

    Raises
    ------
    NotFound
        If there is no such file.
    Unavailable
        If everycount[ibis] is not installed.
    """
    try:
        duckdb = library.duckdb
    except ImportError as error:
        raise Unavailable(
            "DuckDB is not part of this installation: install everycount[ibis]"
        ) from error
    if file is not None:
        if not file.is_file():
            raise NotFound(f"there is no file {file}")
        return duckdb.connect(file, read_only=True)
    # What does not fit into memory goes where temporary files go, not into the working folder.
    return duckdb.connect(temp_directory=str(Path(tempfile.gettempdir()) / "everycount-duckdb"))


def read_files(connection: Expr, given: MicrodataFile) -> Expr:
    """Return files as a table of DuckDB. Cells of CSV stay text."""
    paths = [str(path) for path in given.files]
    if is_parquet(given.files[0]):
        # Statistics of Parquet leave NaN out; DuckDB then takes isnan() to be false everywhere.
        return connection.read_parquet(
            paths, hive_partitioning=False, union_by_name=True, can_have_nan=True
        )
    # Nothing is left to be guessed anew: the cells are those that the checks have seen.
    shape = read_shape(given.files[0], given.name, None)
    names = [name or f" {at}" for at, name in enumerate(shape.names)]
    table = connection.read_csv(
        paths,
        columns=dict.fromkeys(names, "varchar"),
        delim=shape.separator,
        quote='"',
        escape='"',
        **({"new_line": "\\r"} if shape.returns else {}),
        compression="gzip" if _head(given.files[0]).startswith(GZIP) else "none",
    )
    return table.select(*given.columns)
