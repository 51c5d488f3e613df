"""Read a country's own areas with the days they exist, and which follow which."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from everycount.errors import InputError, NotFound, Problem
from everycount.io.code_lists import NAME, SHIPPED
from everycount.io.csv import read_table
from everycount.io.files import read_bytes
from everycount.io.fit import FIRST_ROW, ROW, fit, name_cell, number_rows
from everycount.io.words import nearest, quote
from everycount.model.area import Area, Areas
from everycount.model.codes import CODE
from everycount.model.dataset import Column, Structure

Fault = tuple[str, str, str]
"""Column, what was found, what was expected."""
OPTIONAL = (
    "kind",
    "parent",
    "official_code",
    "valid_from",
    "valid_to",
    "predecessors",
    "source",
)


def parse_areas(source: bytes, *, subject: str) -> Areas:
    r"""Read areas from CSV.

    Parameters
    ----------
    source : bytes
        UTF-8 CSV with ``code`` and ``name_en``, and if needed ``name_vi`` and other languages,
        ``kind``, ``parent``, ``official_code``, ``valid_from`` and ``valid_to`` (days such as
        2025-07-01, the last day included), ``predecessors`` (codes, parted by spaces) and
        ``source``. Successors follow from the predecessors of others.
    subject : str
        What messages call the file.

    Returns
    -------
    Areas

    Raises
    ------
    InputError
        With every code that is none or repeated, every day that is none or before the first
        day, every predecessor that is not in the file or does not end before its successor begins.

    Examples
    --------
    >>> text = b"code,name_en,valid_from,valid_to,predecessors\n"
    >>> text += b"A,Old,,2025-06-30,\nB,New,2025-07-01,,A\n"
    >>> parse_areas(text, subject="areas.csv").by_code["A"].successors
    ('B',)
    """
    text = read_table(source, subject=subject)
    languages = [name for name in text.columns if name.startswith(NAME) and name != "name_en"]
    structure = Structure(
        columns=(
            Column(name="code", type=str),
            Column(name="name_en", type=str),
            *(Column(name=name, type=str, required=False) for name in (*languages, *OPTIONAL)),
        ),
        key=("code",),
    )
    rows = fit(text, structure, subject=subject)
    numbers = number_rows(text, first_row=FIRST_ROW)[ROW].to_list()
    named = dict(zip(rows["code"], numbers, strict=True))
    read = [_area(row) for row in rows.iter_rows(named=True)]
    known = {area.code: area for area, _ in read}
    problems = [
        Problem(name_cell(named[area.code], place), found, expected)
        for area, bad in read
        for place, found, expected in (*bad, *_check(area, known))
    ]
    if problems:
        raise InputError(subject, problems)
    following = defaultdict(list)
    for area in known.values():
        for code in area.predecessors:
            following[code].append(area.code)
    areas = (replace(area, successors=tuple(following[area.code])) for area in known.values())
    return Areas(id=Path(subject).stem, areas=tuple(areas))


def read_areas(path: Path | str) -> Areas:
    """Read areas from a CSV file; see `parse_areas`."""
    return parse_areas(read_bytes(path), subject=Path(path).name)


@cache
def shipped_areas(id: str) -> Areas:
    """Return the areas of a country that come with the library.

    Parameters
    ----------
    id : str
        ISO 3166-1 alpha-2 code of the country.

    Returns
    -------
    Areas

    Raises
    ------
    NotFound
        If the library has none of that country.

    Examples
    --------
    >>> shipped_areas("VN").by_code["VN_24"].successors
    ('VN_24_2025',)
    """
    have = sorted(each.name.removesuffix(".csv") for each in (SHIPPED / "areas").iterdir())
    if id not in have:
        raise NotFound(f"there are no areas of {id!r}. Areas: {', '.join(have)}")
    return parse_areas((SHIPPED / "areas" / f"{id}.csv").read_bytes(), subject=f"{id}.csv")


def _area(row: Mapping[str, Any]) -> tuple[Area, list[Fault]]:
    """Return the area of a row, and what is no day in it."""
    faults: list[Fault] = []
    area = Area(
        code=row["code"],
        names={
            name.removeprefix(NAME): text
            for name, text in row.items()
            if name.startswith(NAME) and text
        },
        kind=row["kind"] or "",
        parent=row["parent"] or "",
        official_code=row["official_code"] or "",
        valid_from=_day(row, "valid_from", faults),
        valid_to=_day(row, "valid_to", faults),
        predecessors=tuple(dict.fromkeys((row["predecessors"] or "").split())),
        source=row["source"] or "",
    )
    return area, faults


def _day(row: Mapping[str, Any], place: str, faults: list[Fault]) -> date | None:
    """Return the day in a cell, or note that it is none."""
    try:
        return date.fromisoformat(row[place]) if row[place] else None
    except ValueError:
        faults.append((place, quote(row[place]), "a day such as 2025-07-01"))
        return None


def _check(area: Area, known: Mapping[str, Area]) -> Iterator[Fault]:
    """Yield what is wrong with an area among the others."""
    if not CODE.fullmatch(area.code):
        yield "code", quote(area.code), "letters, digits, - and _"
    if area.valid_from and area.valid_to and area.valid_to < area.valid_from:
        yield "valid_to", str(area.valid_to), f"a day from {area.valid_from} on"
    for code in area.predecessors:
        before = known.get(code)
        if before is None:
            near = nearest(code, known)
            yield (
                "predecessors",
                quote(code),
                "a code of this file" + (f"; nearest is {near}" if near else ""),
            )
        elif not (before.valid_to and area.valid_from and before.valid_to < area.valid_from):
            last = f"which lasts until {before.valid_to}" if before.valid_to else "without last day"
            first = f"before {area.valid_from}" if area.valid_from else "before a valid_from here"
            yield "predecessors", f"{code}, {last}", f"areas that end {first}"
