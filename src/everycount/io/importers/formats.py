"""The formats of observations that can be read, and how one is recognised."""

from collections.abc import Iterator
from importlib import import_module
from typing import Protocol, cast

from everycount.errors import InputError, NotFound, Problem
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.source import Source
from everycount.io.words import nearest

MODULES = (
    "parquet",
    "un_sdg",
    "un_sdg_api",
    "world_bank_json",
    "world_bank_bulk",
    "who_gho",
    "who_gho_api",
    "uis",
    "oecd",
    "minimum_set",
    "open_sdg",
    "jsonstat",
    "sdmx_csv",
    "sdmx_json",
    "sdmx_ml",
    "plain",
)
"""One module a format, in the order in which they are tried: the most particular first."""


class Format(Protocol):
    """What a module of this package offers."""

    NAME: str
    """What ``--from`` calls it."""
    TITLE: str
    """What people call it."""

    def recognises(self, head: bytes, name: str) -> bool:
        """Tell whether a file begins as this format does; `name` is in small letters."""
        ...

    def parse(self, source: Source) -> Parsed:
        """Read a file of this format."""
        ...


def formats() -> Iterator[Format]:
    """Yield the formats in the order in which they are tried."""
    for name in MODULES:
        yield cast("Format", import_module(f"everycount.io.importers.{name}"))


def find_format(source: Source, name: str | None = None) -> Format:
    """Return the format of a file.

    Parameters
    ----------
    source : Source
        The file.
    name : str, optional
        What the user says it is.

    Returns
    -------
    Format

    Raises
    ------
    NotFound
        If there is no format of that name.
    InputError
        If the file begins like none of them.
    """
    known = list(formats())
    if name is not None:
        for format in known:
            if name == format.NAME:
                return format
        names = [format.NAME for format in known]
        near = nearest(name, names)
        hint = f"; perhaps {near!r}" if near else ""
        raise NotFound(f"there is no format {name!r}{hint}. Formats: {', '.join(names)}")
    head = source.head()
    for format in known:
        if format.recognises(head, source.stem):
            return format
    titles = "; ".join(format.TITLE for format in known)
    problem = Problem("file", f"content that begins {head[:40]!r}", f"one of: {titles}")
    raise InputError(source.name, [problem])
