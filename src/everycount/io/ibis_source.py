"""Microdata in a database, reached through Ibis: DuckDB, Spark or another backend."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

import polars as pl

from everycount.errors import EverycountError, InputError, NotFound, Problem, Unavailable
from everycount.io.duckdb_files import (
    connect_duckdb,
    find_files,
    is_parquet,
    is_pattern,
    read_files,
)
from everycount.io.microdata_file import MicrodataFile, no_rows
from everycount.io.spark import connect_spark
from everycount.model.microdata import Column
from everycount.survey.ibis_columns import plain
from everycount.survey.ibis_queries import fetched, first_line, streamed

Expr = Any
"""An Ibis table or backend: Ibis is an optional part and has no types of its own here."""
FILE = re.compile(r"[/\\]|[.](parquet|csv)$", re.IGNORECASE)
"""What is in the name of a file, and not in that of a table."""
EMBEDDED = ("duckdb", "sqlite")
"""Databases that are a file, which they make if it is not there."""
UNKNOWN = ("[PATH_NOT_FOUND]", "[SCHEMA_NOT_FOUND]", "[TABLE_OR_VIEW_NOT_FOUND]")
"""How Spark begins to say that something does not exist. Apache Spark 4.0, Error Conditions."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IbisSource:
    """A table of microdata in a database; it satisfies `everycount.model.microdata.Microdata`.

    What is asked of it is answered by the database; only `batches` fetches rows.
    """

    name: str
    """What messages call the table."""
    table: Expr
    """The Ibis table."""
    rows: int
    columns: Mapping[str, Column]
    engine: Mapping[str, str]
    """The backend and its version, and that of Ibis, for the trace."""
    files: MicrodataFile | None
    """The files that are read, if any."""
    release: Callable[[], object]
    """What closes the connection."""

    @property
    def digest(self) -> str | None:
        """The SHA-256 of the files in hexadecimal; None for a table that is no file."""
        return None if self.files is None else self.files.digest

    def batches(self, columns: Sequence[str], *, rows: int = 250_000) -> Iterator[pl.DataFrame]:
        """Yield the rows with these columns only, in the order in which the database has them.

        Truth values come as 0 and 1, decimal numbers as floating-point numbers, dates as text;
        NaN and empty text are null.
        """
        return streamed(plain(self.table, dict.fromkeys(columns)), rows=rows)

    def distinct(self, column: str, *, most: int) -> pl.Series:
        """Return each value of a column once, as `batches` has them, but at most so many."""
        return fetched(plain(self.table, [column]).distinct().limit(most))[column]

    def close(self) -> None:
        """Close the connection; nothing more can be asked then."""
        self.release()


def ibis_source(backend: str, place: Path | str) -> IbisSource:
    """Return microdata that stay where they are until they are asked for.

    Parameters
    ----------
    backend : str
        ``duckdb``, ``pyspark``, or the URL of a database as ``ibis.connect`` takes it, such as
        ``postgres://user@host/census``. ``pyspark`` uses the Spark session that is there or that
        the environment describes, otherwise one on this computer with two threads.
    place : Path or str
        For DuckDB a Parquet or CSV file, a pattern such as ``parts/*.parquet``, a folder with
        Parquet files, or a table of a database as ``file.duckdb::table``. For Spark a Parquet
        file, pattern, folder or URL, or the name of a table. For others the name of a table,
        ``::`` before it or not; catalogue and schema stand before dots.

    Returns
    -------
    IbisSource
        To be closed after use.

    Raises
    ------
    NotFound
        If there is no such file, table or backend.
    InputError
        If a file is of another format or damaged, or there are no rows.
    Unavailable
        If the extra or a driver is not installed, or the database does not answer.

    Examples
    --------
    >>> source = ibis_source("duckdb", "census/*.parquet")  # doctest: +SKIP
    >>> source.engine["backend"]  # doctest: +SKIP
    'duckdb'
    """
    library, text = _library(), str(place)
    if backend == "pyspark":
        return _in_spark(library, text)
    if backend != "duckdb":
        connection = _connected(library, backend)
        return _in_table(library, connection, text.removeprefix("::"), connection.disconnect)
    file, apart, table = text.partition("::")
    if apart:
        connection = connect_duckdb(library, Path(file))
        return _in_table(library, connection, table, connection.disconnect)
    files = find_files(text)
    connection = connect_duckdb(library)
    opened = partial(read_files, connection, files)
    return _source(library, files.name, opened, release=connection.disconnect, files=files)


def _library() -> ModuleType:
    """Return Ibis."""
    try:
        import ibis  # noqa: PLC0415  # part of an extra
    except ImportError as error:
        raise Unavailable(
            "the engine ibis is not part of this installation: install everycount[ibis], or "
            "everycount[spark] for Spark"
        ) from error
    found: ModuleType = ibis
    return found


def _in_spark(library: ModuleType, place: str) -> IbisSource:
    """Open Parquet files, or a table that Spark knows by name."""
    is_here = Path(place).exists() or (
        "://" not in place and (is_pattern(place) or bool(FILE.search(place)))
    )
    files = find_files(place) if is_here else None
    if files is not None and not is_parquet(files.files[0]):
        raise InputError(files.name, [Problem(place, "no Parquet file", "Parquet, for Spark")])
    connection, release = connect_spark(library, partial(_answers, library))
    if files is None and "://" not in place:
        return _in_table(library, connection, place, release)
    # A path alone would be one of the file system that a cluster prefers.
    path = place if files is None else f"file:///{_in_hadoop(place).lstrip('/')}"
    opened = partial(connection.read_parquet, path)
    name = Path(place).name if files is None else files.name
    return _source(library, name, opened, release=release, files=files)


def _in_hadoop(place: str) -> str:
    """Return a path or pattern of this computer so that Spark finds what is found here."""
    path = Path(place).absolute().as_posix()
    # Braces stand for choices there; brackets and the rest do too unless there is such a file.
    return re.sub("[{}]" if is_pattern(place) else r"[][{}*?]", r"\\\g<0>", path)


def _connected(library: ModuleType, url: str) -> Expr:
    """Connect to the database at a URL."""
    shown = without_password(url)
    scheme = urlsplit(url).scheme
    if not scheme:
        expected = "duckdb, pyspark, or a URL such as postgres://user@host/database"
        raise NotFound(f"there is no backend {shown}: expected {expected}")
    if scheme in EMBEDDED:
        _refuse_no_file(url, scheme)
    with _answers(library, shown):
        try:
            return library.connect(url)
        except ValueError as error:
            raise NotFound(f"Ibis knows no backend {scheme}, as in {shown}") from error
        except ImportError as error:
            extra = scheme.replace("postgresql", "postgres")
            raise Unavailable(
                f"{shown} needs a driver that is not installed: install ibis-framework[{extra}]"
            ) from error


def _refuse_no_file(url: str, scheme: str) -> None:
    """Refuse a database in a file that is not there, which connecting would make.

    Raises
    ------
    NotFound
        If there is no such file.
    """
    place = unquote(url.removeprefix(f"{scheme}://").partition("?")[0])
    if place and place != ":memory:" and not place.startswith("md:") and not Path(place).is_file():
        raise NotFound(f"there is no file {place}")


def without_password(url: str) -> str:
    """Return a URL without the user, the password and options, which may hold secrets.

    Examples
    --------
    >>> without_password("postgres://ana:secret@db.example:5432/census?sslkey=secret")
    'postgres://db.example:5432/census'
    """
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{place}{parts.path}" if parts.scheme else url


def _in_table(
    library: ModuleType, connection: Expr, place: str, release: Callable[[], object]
) -> IbisSource:
    """Open a table of a database by its name."""
    *above, name = place.split(".")
    opened = partial(connection.table, name, database=tuple(above) or None)
    return _source(library, place, opened, release=release)


def _source(
    library: ModuleType,
    name: str,
    opened: Callable[[], Expr],
    *,
    release: Callable[[], object],
    files: MicrodataFile | None = None,
) -> IbisSource:
    """Open a table; close the connection if that fails."""
    with ExitStack() as closing:
        closing.callback(release)
        with _answers(library, name):
            table = opened()
            rows = int(table.count().to_pyarrow().as_py()) if files is None else files.rows
            backend = table.get_backend()
            engine = {"backend": backend.name, "backend_version": str(backend.version)}
        if not rows:
            raise no_rows(name)
        closing.pop_all()
    return IbisSource(
        name=name,
        table=table,
        rows=rows,
        columns={each: Column(name=each, kind=_kind(table[each])) for each in table.columns},
        engine={"version": library.__version__, **engine},
        files=files,
        release=release,
    )


def _kind(column: Expr) -> Literal["number", "text", "other", "nested"]:
    kind = column.type()
    if kind.is_numeric() or kind.is_boolean():
        return "number"
    if kind.is_nested():
        return "nested"
    return "text" if kind.is_string() else "other"


@contextmanager
def _answers(library: ModuleType, place: str) -> Iterator[None]:
    """Turn what a database or its driver refuses into one error in words."""
    try:
        yield
    except EverycountError:
        raise
    except library.common.exceptions.TableNotFound as error:
        raise NotFound(f"there is no table {place} in the database") from error
    except Exception as error:  # every driver has classes of its own
        if str(error).startswith(UNKNOWN):
            raise NotFound(f"Spark does not find {place}: {first_line(error)}") from error
        raise Unavailable(f"{place}: {first_line(error)}") from error
