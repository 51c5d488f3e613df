"""Read the code lists that are shipped, and those in files."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io import declare
from everycount.io.csv import read_table
from everycount.io.fit import fit
from everycount.model.code_list_about import CodeListAbout, CodeListCatalogue
from everycount.model.codes import Code, CodeList
from everycount.model.dataset import Column, Structure
from everycount.model.structure import DataStructure

SHIPPED = files("everycount") / "codelists"
NAME = "name_"
"""Begins a column of names, followed by the code of a language."""
STRUCTURE = Structure(
    columns=(
        Column(name="code", type=str),
        Column(name="name_en", type=str),
        Column(name="parent", type=str, required=False),
        Column(name="description", type=str, required=False),
    ),
    key=("code",),
)


def parse_code_list(source: bytes, about: CodeListAbout, *, subject: str) -> CodeList:
    r"""Read a code list from CSV: ``code``, ``name_en``, ``name_fr`` …, ``parent``.

    Parameters
    ----------
    source : bytes
        UTF-8 CSV.
    about : CodeListAbout
        Identity and source of the list.
    subject : str
        What messages call the file.

    Returns
    -------
    CodeList

    Raises
    ------
    InputError
        With every code that is empty, repeated or has a parent that is not in the list.

    Examples
    --------
    >>> about = CodeListAbout(id="CL_SEX", source="SDMX")
    >>> parse_code_list(b"code,name_en\nF,Female\n", about, subject="sex.csv").label("F")
    'Female'
    """
    text = read_table(source, subject=subject)
    languages = [c for c in text.columns if c.startswith(NAME) and c != "name_en"]
    structure = Structure(
        columns=(
            *STRUCTURE.columns,
            *(Column(name=name, type=str, required=False) for name in languages),
        ),
        key=STRUCTURE.key,
    )
    rows = fit(text, structure, subject=subject)
    known = set(rows["code"])
    orphans = rows.filter(pl.col("parent").is_not_null() & ~pl.col("parent").is_in(list(known)))
    if orphans.height:
        raise InputError(
            subject,
            [
                Problem(f"code {code}, parent", repr(parent), "a code of this list")
                for code, parent in orphans.select("code", "parent").iter_rows()
            ],
        )
    codes = tuple(
        Code(
            id=row["code"],
            name={
                name.removeprefix(NAME): row[name] for name in ("name_en", *languages) if row[name]
            },
            parent=row["parent"] or "",
            description=row["description"] or "",
        )
        for row in rows.iter_rows(named=True)
    )
    return CodeList(
        id=about.id,
        codes=codes,
        agency=about.agency,
        version=about.version,
        name=about.name,
        source=about.source,
        pattern=about.pattern,
        rules=about.rules,
        is_open=about.is_open,
    )


@cache
def shipped_code_lists() -> Mapping[str, CodeList]:
    """Return the code lists that come with the library, by their id."""
    about = declare.read(
        (SHIPPED / "lists.toml").read_bytes(), CodeListCatalogue, subject="lists.toml"
    )
    return {
        each.id: parse_code_list(
            (SHIPPED / f"{each.id}.csv").read_bytes(), each, subject=f"{each.id}.csv"
        )
        for each in about.lists
    }


def code_lists(
    structure: DataStructure, own: Mapping[str, CodeList] | None = None
) -> Mapping[str, CodeList]:
    """Return the code list of each component that has one.

    Parameters
    ----------
    structure : DataStructure
        The structure of the data.
    own : mapping of str to CodeList, optional
        Lists that came with the data, by component. Their codes join those of a shipped list
        that is open; a closed one stays as it is. Without a shipped list they stand alone.

    Returns
    -------
    mapping of str to CodeList
        By component.
    """
    shipped = shipped_code_lists()
    found = {}
    for component in structure.components:
        general, special = shipped.get(component.codes), (own or {}).get(component.id)
        if general and special and general.is_open:
            found[component.id] = general.extended(special.codes)
        elif general:
            found[component.id] = general
        elif special:
            found[component.id] = replace(special, is_open=True)
    return found
