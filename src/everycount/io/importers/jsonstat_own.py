"""Read back what we wrote as JSON-stat: all attributes, names of codes and origins."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.code_lists import shipped_code_lists
from everycount.io.fit import ROW
from everycount.io.importers.json_text import name_item, write_text
from everycount.io.importers.jsonstat_cube import Cube, misplaced
from everycount.io.importers.labels import note_labels
from everycount.io.importers.parsed import Parsed
from everycount.io.words import quote
from everycount.model.codes import LISTED, Code
from everycount.model.observation import OBSERVATION, VALUE
from everycount.model.origin import Origin

OURS, CODES, ATTRIBUTES = "everycount", "codes", "attributes"
"""What the extension holds: facts on the data, what cubes cannot tell of codes, and attributes."""
BATCH = 200_000
"""Observations of a table."""
DAYS = ("published", "accessed")


def is_own(cube: Cube) -> bool:
    """Tell whether a cube is one that we wrote, of the structure that all data share."""
    facts = cube.extension.get(OURS)
    is_ours = isinstance(facts, dict) and facts.get("structure") == OBSERVATION.urn
    return is_ours and {each.id for each in cube.dimensions} <= set(OBSERVATION.key)


def parse_own(cube: Cube, subject: str) -> Parsed:
    """Return a cube that we wrote; its codes are taken as they are.

    Parameters
    ----------
    cube : Cube
        One for which `is_own` holds.
    subject : str
        What messages call the file.

    Returns
    -------
    Parsed

    Raises
    ------
    InputError
        With every attribute that is no object, or has a key that is no position in the cube.
    """
    attributes = _attributes(cube, subject)
    parsed = Parsed(batches=iter(()), first_row=1, locate=partial(name_item, "value"))
    facts = cube.extension[OURS]
    parsed.origin = _origin(_objects(facts.get("origins")), cube.label)
    parsed.notes = [str(each) for each in _items(facts.get("notes"))]
    parsed.codes = _codes(cube)
    parsed.batches = _tables(cube, attributes)
    return parsed


def _attributes(cube: Cube, subject: str) -> dict[str, Mapping[str, Any]]:
    """Return the cells of each attribute by the number of the cell."""
    found = cube.extension.get(ATTRIBUTES, {})
    if not isinstance(found, dict):
        raise InputError(subject, [Problem(ATTRIBUTES, quote(found), "an object of attributes")])
    problems: list[Problem] = []
    for name, cells in found.items():
        if not isinstance(cells, dict):
            problems.append(Problem(f"{ATTRIBUTES}, {name}", quote(cells), "an object of cells"))
        else:
            problems += misplaced(cube, cells, f"{ATTRIBUTES}, {name}")
    if problems:
        raise InputError(subject, problems)
    return found


def _tables(cube: Cube, attributes: Mapping[str, Mapping[str, Any]]) -> Iterator[pl.DataFrame]:
    """Yield the observations in the order of the file."""
    keys = list(
        dict.fromkeys(chain(_said(cube.values), _said(cube.statuses), *attributes.values()))
    )
    shape = [len(each.codes) for each in cube.dimensions]
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        cells = np.array([int(key) for key in some])
        places = np.unravel_index(cells, shape)
        yield pl.DataFrame(
            {
                ROW: cells + 1,
                **{
                    each.id: pl.Series(each.codes, dtype=pl.String).gather(place)
                    for each, place in zip(cube.dimensions, places, strict=True)
                },
                VALUE: _texts(map(cube.value, cells.tolist())),
                "OBS_STATUS": _texts(map(cube.status, cells.tolist())),
                **{name: _texts(map(each.get, some)) for name, each in attributes.items()},
            }
        )


def _said(cells: Any) -> Iterator[str]:
    """Yield the numbers of the cells that a list or an object says something of."""
    if isinstance(cells, dict):
        yield from cells
    elif isinstance(cells, Sequence) and not isinstance(cells, str):
        yield from (str(number) for number, value in enumerate(cells) if value is not None)


def _texts(values: Iterator[Any]) -> pl.Series:
    return pl.Series([write_text(value) for value in values], dtype=pl.String)


def _codes(cube: Cube) -> dict[str, dict[str, Code]]:
    """Return the codes that the file tells more of than our own lists do."""
    told = cube.extension.get(CODES)
    found: dict[str, dict[str, Code]] = {}
    for name, several in told.items() if isinstance(told, dict) else ():
        codes = {each.id: each for each in map(_code, _objects(several)) if each}
        own = {id: code for id, code in codes.items() if not _is_shipped(name, id, code=code)}
        if own and name in OBSERVATION.by_id:
            found[name] = own
    for each in cube.dimensions:
        pairs = zip(each.codes, each.labels, strict=True)
        named = [(code, label) for code, label in pairs if label != code]
        new = [
            (code, label) for code, label in named if not _is_shipped(each.id, code, label=label)
        ]
        if new:
            known, labels = (pl.Series(texts) for texts in zip(*new, strict=True))
            note_labels(found, each.id, known, labels)
    return found


def _is_shipped(name: str, id: str, *, code: Code | None = None, label: str = "") -> bool:
    """Tell whether our own list has a code, as it is or with this label."""
    component = OBSERVATION.by_id.get(name)
    shipped = shipped_code_lists().get(component.codes) if component else None
    if shipped is None or id not in shipped:
        return False
    return shipped.by_id.get(id, code) == code if code else shipped.label(id) == label


def _code(said: Mapping[str, Any]) -> Code | None:
    """Return a code with what the file tells of it, if it is one."""
    id, names = str(said.get("id", "")), said.get("name")
    if not LISTED.fullmatch(id) or not isinstance(names, dict):
        return None
    return Code(
        id=id,
        name={str(language): str(text) for language, text in names.items()},
        parent=str(said.get("parent", "")),
        description=str(said.get("description", "")),
    )


def _origin(said: Sequence[Mapping[str, Any]], label: str) -> Origin | None:
    """Return where the data are from; several origins are told as one."""
    if not said:
        known = label not in {"", OBSERVATION.name}
        return Origin(producer="not stated", title=label) if known else None
    joined: dict[str, Any] = {
        name: "; ".join(dict.fromkeys(str(each[name]) for each in said if each.get(name)))
        for name in Origin.__slots__
        if name not in DAYS
    }
    for name in DAYS:
        days = [day for each in said if (day := _day(each.get(name)))]
        joined[name] = max(days, default=None)
    return Origin(**joined)


def _day(text: Any) -> date | None:
    """Return a day, if it is one."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in _items(value) if isinstance(each, dict)]
