"""Turn a list of indicators, as an office keeps it in CSV or Excel, into a framework."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.csv import Delimiter, read_table
from everycount.io.excel import read_sheet
from everycount.io.fit import FIRST_ROW, fit
from everycount.io.words import one_of
from everycount.model.dataset import Column, Structure
from everycount.model.framework import Framework, Group
from everycount.model.indicator import Indicator

WORKBOOK = b"PK"  # how a zip archive, and so an .xlsx workbook, begins


@dataclass(frozen=True, slots=True, kw_only=True)
class ListColumns:
    """Names of the columns of a list. Those that are None are used if they stand there."""

    code: str = "code"
    """Printed code."""
    title: str = "title"
    """Title of the indicator."""
    group: str | None = None
    """Goal, domain or objective in words; ``group`` if there is such a column."""
    unit: str | None = None
    """Unit of measurement; ``unit`` if there is such a column."""
    tier: str | None = None
    """Tier; ``tier`` if there is such a column."""


def read_list(
    source: bytes,
    *,
    subject: str,
    sheet: str | None = None,
    header_row: int | None = None,
    delimiter: Delimiter | None = None,
) -> tuple[pl.DataFrame, int]:
    """Read a list from CSV or from an Excel workbook.

    Parameters
    ----------
    source : bytes
        What the file holds; a workbook is told by how it begins.
    subject : str
        What messages call the list.
    sheet : str, optional
        Sheet of the workbook; needed when it shows more than one.
    header_row : int, optional
        Row of the sheet that holds the names of the columns; the first if left out.
    delimiter : {",", ";", "tab"}, optional
        What separates the cells of CSV; a comma if left out.

    Returns
    -------
    DataFrame
        Cells as text.
    int
        Number that the first row below the header has in the file.

    Raises
    ------
    InputError
        If it is neither, or a sheet or header row is named for CSV.
    """
    if source.startswith(WORKBOOK):
        top = header_row or 1
        return read_sheet(source, subject=subject, sheet=sheet, header_row=top), top + 1
    problems = [
        Problem(name, repr(value), "nothing: the list is not an Excel workbook")
        for name, value in (("sheet", sheet), ("header row", header_row))
        if value is not None
    ]
    if problems:
        raise InputError(subject, problems)
    return read_table(source, subject=subject, delimiter=delimiter), FIRST_ROW


def framework_from_list(
    text: pl.DataFrame,
    heading: Framework,
    *,
    columns: ListColumns,
    language: str,
    subject: str,
    first_row: int = FIRST_ROW,
) -> Framework:
    """Return `heading` with the indicators and groups of a list.

    Parameters
    ----------
    text : DataFrame
        Cells as text, as `csv.read_table` and `excel.read_sheet` return them.
    heading : Framework
        A framework without groups and indicators: its id, version, title and source.
    columns : ListColumns
        What the columns are called.
    language : str
        Language of the titles and groups, such as vi.
    subject : str
        What messages call the list.
    first_row : int
        Number that the first row has in the file.

    Returns
    -------
    Framework
        Indicators in the order of the list. Where a code stands twice the later keys get -2, -3.
        Groups are numbered in the order in which they first stand.

    Raises
    ------
    InputError
        With every missing column, empty code or title, and row that stands twice.
    """
    names = {
        "code": columns.code,
        "title": columns.title,
        "group": columns.group or "group",
        "unit": columns.unit or "unit",
        "tier": columns.tier or "tier",
    }
    named = [name for name in (columns.group, columns.unit, columns.tier) if name]
    rows = _rows(text, names, named, subject=subject, first_row=first_row)
    words = [{field: _tidy(row[name]) for field, name in names.items()} for row in rows]
    groups = {title: str(number) for number, title in enumerate(_distinct(words, "group"), 1)}
    indicators = tuple(
        Indicator(
            key=key,
            code=row["code"],
            title={language: row["title"]},
            group=groups.get(row["group"], ""),
            unit=row["unit"],
            tier=row["tier"],
        )
        for key, row in zip(_keys([row["code"] for row in words]), words, strict=True)
    )
    made = (Group(code=code, title={language: title}) for title, code in groups.items())
    return replace(heading, groups=tuple(made), indicators=indicators)


def _rows(
    text: pl.DataFrame,
    names: dict[str, str],
    named: Sequence[str],
    *,
    subject: str,
    first_row: int,
) -> list[dict[str, str | None]]:
    """Return the rows of a list, or raise one error with all its faults."""
    needed = {names["code"], names["title"]}
    structure = Structure(
        columns=tuple(
            Column(name=name, type=str, required=name in needed)
            for name in dict.fromkeys(names.values())
        ),
        key=(names["code"], names["title"]),
    )
    problems = [
        Problem("header", f"no column {name!r}", one_of(text.columns, found=name, noun="columns"))
        for name in named
        if name not in text.columns and name not in needed
    ]
    try:
        table = fit(text, structure, subject=subject, first_row=first_row)
    except InputError as error:
        raise InputError(subject, (*problems, *error.problems)) from error
    if problems:
        raise InputError(subject, problems)
    return table.to_dicts()


def _tidy(cell: str | None) -> str:
    """Return a cell on one line, without double spaces; nothing for an empty one."""
    return " ".join((cell or "").split())


def _distinct(rows: list[dict[str, str]], field: str) -> list[str]:
    """Return the different words in a field, in order of appearance, without the empty one."""
    return list(dict.fromkeys(row[field] for row in rows if row[field]))


def _keys(codes: list[str]) -> list[str]:
    """Return a key for each code: the code itself, and from its second time on with a number."""
    taken = set(codes)
    seen: set[str] = set()
    keys = []
    for code in codes:
        key, number = code, 1
        while key in seen or (number > 1 and key in taken):
            number += 1
            key = f"{code}-{number}"
        seen.add(key)
        keys.append(key)
    return keys
