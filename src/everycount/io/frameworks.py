"""Find and read frameworks and crosswalks: those that are shipped, and those in files."""

from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl

from everycount.errors import InputError, NotFound, Problem
from everycount.io import declare
from everycount.io.csv import ONLY_COMMAS, read_table
from everycount.io.files import read_bytes
from everycount.io.fit import ROW, fit, number_rows
from everycount.model.crosswalk import RELATIONS, Crosswalk, Link
from everycount.model.dataset import Column, Structure
from everycount.model.framework import Framework
from everycount.model.strict import Faults

SHIPPED = files("everycount") / "frameworks"
NEAREST = 3
"""Names that a message suggests; more are a list to search, not a suggestion."""
ENDS = ("from_framework", "from_key", "to_framework", "to_key")
LINKS = Structure(
    columns=(
        *(Column(name=name, type=str) for name in ENDS),
        Column(name="relation", type=str, codes=frozenset(RELATIONS)),
        Column(name="by", type=str),
        Column(name="basis", type=str, required=False),
        Column(name="source", type=str, required=False),
    ),
    key=ENDS,
)
"""What a crosswalk file holds; read as a sentence, the first indicator is `relation` to (than)
the second."""


def read_framework(path: Path | str) -> Framework:
    """Read a framework file.

    Parameters
    ----------
    path : Path or str
        A TOML file; ``-`` is standard input.

    Returns
    -------
    Framework
        The framework, which has checked itself.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        With every fault of the file.
    """
    return declare.read(read_bytes(path), Framework, subject=Path(path).name)


def read_crosswalk(path: Path | str) -> Crosswalk:
    """Read a crosswalk file: CSV with the columns of `LINKS`.

    Parameters
    ----------
    path : Path or str
        The file; ``-`` is standard input.

    Returns
    -------
    Crosswalk
        Its links. Whether both ends exist, `check_framework` tells.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        With every fault of the file.
    """
    return _crosswalk(read_bytes(path), subject=Path(path).name)


def read_accepted_links(path: Path | str) -> Crosswalk:
    """Read the links of a file of proposals that somebody filled in: those with a relation.

    Parameters
    ----------
    path : Path or str
        CSV with the columns of `LINKS` and any others, as `policy match SET -o` writes it. Rows
        without a relation are proposals that nobody has accepted.

    Returns
    -------
    Crosswalk

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        With every fault of the rows that have a relation.
    """
    subject = Path(path).name
    return _crosswalk(read_bytes(path), subject=subject, only_accepted=True)


@cache
def shipped_frameworks() -> tuple[Framework, ...]:
    """Return the frameworks that Everycount ships, by id and then from old to new."""
    sources = (file for file in SHIPPED.iterdir() if file.name.endswith(".toml"))
    read = [declare.read(file.read_bytes(), Framework, subject=file.name) for file in sources]
    return tuple(sorted(read, key=lambda framework: (framework.id, framework.valid_from)))


@cache
def shipped_crosswalk() -> Crosswalk:
    """Return the links between the shipped frameworks."""
    file = SHIPPED / "crosswalks.csv"
    return _crosswalk(file.read_bytes(), subject=file.name)


def find_framework(name: str) -> Framework:
    """Return a shipped framework.

    Parameters
    ----------
    name : str
        ``id@version``, or ``id`` for its newest version.

    Returns
    -------
    Framework
        Its `reference` says which version it is.

    Raises
    ------
    NotFound
        If there is none, with the nearest names or the versions there are.

    Examples
    --------
    >>> find_framework("un-minimum-set").reference
    'un-minimum-set@2021'
    """
    shipped = shipped_frameworks()
    identifier, _, version = name.partition("@")
    versions = [framework for framework in shipped if framework.id == identifier]
    for framework in reversed(versions):
        if not version or framework.version == version:
            return framework
    if versions:
        known = ", ".join(framework.version for framework in versions)
        raise NotFound(f"{identifier} has no version {version!r}; there is {known}")
    names = [framework.reference for framework in shipped]
    near = get_close_matches(name.lower(), names, n=NEAREST, cutoff=0.5)
    if near:
        raise NotFound(f"there is no framework {name!r}; did you mean {' or '.join(near)}?")
    some = ", ".join(get_close_matches(name.lower(), names, n=NEAREST, cutoff=0))
    raise NotFound(
        f"there is no framework {name!r}; the nearest of {len(names)} are {some}; `everycount "
        "framework list` shows all, and the name of a file ends in .toml"
    )


def load_framework(name: str) -> Framework:
    """Return the framework in a file, or the shipped one of that name.

    Parameters
    ----------
    name : str
        A path that ends in ``.toml`` or exists, ``-`` for standard input, else as in
        `find_framework`.

    Returns
    -------
    Framework
        The framework.

    Raises
    ------
    NotFound
        If there is neither.
    InputError
        With every fault of the file.
    """
    is_file = name == "-" or name.endswith(".toml") or Path(name).is_file()
    return read_framework(name) if is_file else find_framework(name)


def _crosswalk(source: bytes, *, subject: str, only_accepted: bool = False) -> Crosswalk:
    """Return the links in a CSV file, or raise one error with all its faults."""
    text = read_table(source, subject=subject, remedy=ONLY_COMMAS)
    if only_accepted and "relation" in text.columns:
        is_open = pl.col("relation").fill_null("").str.strip_chars() == ""
        text = text.select(pl.when(~is_open).then(pl.all()))  # an empty row keeps its number
    numbers = number_rows(text)[ROW]
    links: list[Link] = []
    problems: list[Problem] = []
    for number, row in zip(numbers, fit(text, LINKS, subject=subject).to_dicts(), strict=True):
        cells: dict[str, Any] = {name: cell or "" for name, cell in row.items()}
        try:
            links.append(Link(**cells))
        except Faults as error:
            problems += [
                Problem(f"row {number}, {path[0]}", found, expected)
                for path, found, expected in error.faults
            ]
    if problems:
        raise InputError(subject, problems)
    return Crosswalk(links=tuple(links))
