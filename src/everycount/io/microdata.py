"""Open a file of microdata: Parquet, CSV, Stata or SPSS, whichever its first bytes show."""

import os
from collections.abc import Callable
from pathlib import Path

from everycount.errors import InputError, NotFound, Problem
from everycount.io.csv import Delimiter
from everycount.io.microdata_csv import open_csv
from everycount.io.microdata_file import MicrodataFile
from everycount.io.microdata_parquet import MAGIC as PARQUET
from everycount.io.microdata_parquet import open_parquet
from everycount.io.microdata_readstat import SAV, is_stata, open_sav, open_stata

__all__ = ["MicrodataFile", "open_microdata"]

HEAD = 16
"""Bytes that tell formats apart."""
WANTED = "microdata in Parquet, CSV, Stata (.dta) or SPSS (.sav, .zsav)"
FOREIGN = {
    b"PK\x03\x04": "an Excel workbook or another zip archive",
    b"\xd0\xcf\x11\xe0": "an old Office file such as .xls",
    b"%PDF": "a PDF document",
    b"ARROW1": "an Arrow or Feather file",
    b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xc2\xea\x81\x60": "a SAS file (.sas7bdat)",
    b"HEADER RECORD***": "a SAS transport file (.xpt)",
    b"RDX": "a file of R",
    b"BZh": "an archive (.bz2)",
    b"\xfd7zXZ": "an archive (.xz)",
    b"\x28\xb5\x2f\xfd": "an archive (.zst)",
    b"SQLite format 3\x00": "an SQLite database",
}
"""How files begin that are no microdata for us. Library of Congress, Sustainability of Digital
Formats; RFC 8878 for zst."""
ENDINGS = {
    ".parquet": "a Parquet file",
    ".dta": "a Stata file",
    ".sav": "an SPSS file",
    ".zsav": "an SPSS file",
}
"""Endings that promise a format which is known by its first bytes."""
UNREAD = (".xlsx", ".xlsm", ".xls", ".ods", ".sas7bdat", ".xpt", ".rds", ".rdata", ".feather",
          ".json", ".zip", ".pdf")  # fmt: skip
"""Endings of files that are not read, whatever is in them."""


def open_microdata(path: Path | str, *, delimiter: Delimiter | None = None) -> MicrodataFile:
    """Open a file of microdata; rows are read later, only the columns asked for.

    The format is known by the first bytes of the file. Reading CSV and Parquet needs nothing
    else; Stata and SPSS files need everycount[survey].

    Parameters
    ----------
    path : Path or str
        Parquet (a file, or a folder whose files ending in ``.parquet`` are taken in the order of
        their names), CSV (also gzip), Stata ``.dta`` or SPSS ``.sav`` and ``.zsav``.
    delimiter : {",", ";", "tab"}, optional
        What separates the cells of CSV. Left out: a tab where the name ends in ``.tsv``;
        otherwise the one of the three that stands in the header.

    Returns
    -------
    MicrodataFile
        Its columns with the labels and the codes for not known that the file declares. Cells of
        CSV are text: "004" stays "004". Extended missing values of Stata (``.a`` to ``.z``) are
        null.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        If it is of another format, damaged or standard input (``-``), names a column twice or has
        no rows.
    Unavailable
        If it is a Stata or SPSS file and everycount[survey] is not installed.

    Examples
    --------
    >>> survey = open_microdata("women.sav")  # doctest: +SKIP
    >>> survey.columns["v106"].labels["2"]  # doctest: +SKIP
    'secondary'
    """
    place = Path(path)
    if str(path) == "-":
        expected = f"a file, as rows are read more than once: {WANTED}"
        raise InputError("microdata", [Problem("-", "standard input", expected)])
    if os.path.isdir(place):  # noqa: PTH112  # Path.is_dir raises where a name is too long
        return open_parquet(_parts(place), name=place.name or str(path))
    head = _head(place)
    name = place.name
    opener = _opener(head)
    if opener:
        return opener(place, name)
    _refuse_foreign(head, place)
    return open_csv(place, name=name, delimiter=delimiter)


def _opener(head: bytes) -> Callable[[Path, str], MicrodataFile] | None:
    """Return what opens files that begin so, or None for text."""
    if head.startswith(PARQUET):
        return lambda place, name: open_parquet([place], name=name)
    if head.startswith(SAV):
        return lambda place, name: open_sav(place, name=name)
    if is_stata(head):
        return lambda place, name: open_stata(place, name=name)
    return None


def _parts(folder: Path) -> list[Path]:
    """Return the Parquet files of a folder in the order of their names."""
    parts = sorted(
        each
        for each in folder.iterdir()
        if each.suffix == ".parquet" and each.is_file() and not each.name.startswith((".", "_"))
    )
    if not parts:
        problem = Problem(str(folder), "a folder without .parquet files", WANTED)
        raise InputError(folder.name or str(folder), [problem])
    return parts


def _head(place: Path) -> bytes:
    """Return the first bytes of a file.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        If it may not be read, or is empty.
    """
    try:
        with place.open("rb") as file:
            head = file.read(HEAD)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound(f"there is no file {place}") from error
    except OSError as error:
        found = f"a refusal ({error.strerror or error})"
        problem = Problem(str(place), found, "a file that may be read")
        raise InputError(place.name, [problem]) from error
    if not head:
        raise InputError(place.name, [Problem("file", "nothing", WANTED)])
    return head


def _refuse_foreign(head: bytes, place: Path) -> None:
    """Refuse what is neither of our formats nor text."""
    for signature, words in FOREIGN.items():
        if head.startswith(signature):
            raise InputError(place.name, [Problem("file", words, WANTED)])
    promised = ENDINGS.get(place.suffix.lower())
    if place.suffix.lower() in UNREAD:
        found = f"a file that ends in {place.suffix}, which is not read"
        raise InputError(place.name, [Problem("file", found, WANTED)])
    if promised:
        found = f"first bytes {head[:8]!r}, which no such file has"
        raise InputError(place.name, [Problem("file", found, promised)])
