"""The cube of a JSON-stat dataset, whichever version and form it is written in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from everycount.errors import InputError, Problem
from everycount.io.words import quote

CELLS = 100_000_000
"""Cells that a cube may have: few bytes can announce more than memory holds. Our own limit."""
Cells = Sequence[Any] | Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """One dimension with its categories in order."""

    id: str
    label: str
    role: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cube:
    """Values by position, the last dimension fastest."""

    id: str
    label: str
    source: str
    dimensions: tuple[Dimension, ...]
    values: Cells
    statuses: Cells | str | None
    extension: Mapping[str, Any]
    """What the publisher adds beside the format."""

    @property
    def size(self) -> int:
        """How many cells there are."""
        return prod(len(each.codes) for each in self.dimensions)

    def value(self, cell: int) -> Any:
        """Return the value of a cell."""
        return _at(self.values, cell)

    def status(self, cell: int) -> Any:
        """Return the status of a cell: one for all, one each, or those that are named."""
        if self.statuses is None or isinstance(self.statuses, str):
            return self.statuses if self.value(cell) is not None else None
        return _at(self.statuses, cell)


def read_cube(said: Any, subject: str) -> Cube:
    """Return the cube of a JSON-stat response.

    Parameters
    ----------
    said : object
        What the JSON says, with numbers as text.
    subject : str
        What messages call the file.

    Returns
    -------
    Cube

    Raises
    ------
    InputError
        With every fault in dimensions, sizes and values.
    """
    name, dataset = _find_dataset(said, subject)
    table = _object(dataset.get("dimension"), "dimension", subject)
    problems: list[Problem] = []
    dimensions = _dimensions(dataset, table, problems, subject)
    values = dataset.get("value")
    extension = dataset.get("extension")
    cube = Cube(
        id=_identity(dataset, name),
        label=str(dataset.get("label") or ""),
        source=str(dataset.get("source") or ""),
        dimensions=dimensions,
        values=values if isinstance(values, list | dict) else (),
        statuses=dataset.get("status"),
        extension=extension if isinstance(extension, dict) else {},
    )
    problems += _misfits(cube, values)
    if problems:
        raise InputError(subject, problems)
    return cube


def _find_dataset(said: Any, subject: str) -> tuple[str, Mapping[str, Any]]:
    """Return the only dataset of a response, with its name in version 1."""
    response = _object(said, "file", subject)
    kind = response.get("class")
    if kind in ("collection", "dimension"):
        found = f"a {kind} of JSON-stat, which holds no values of its own"
        if kind == "collection":
            links = response.get("link") or {}
            items = links.get("item") if isinstance(links, dict) else None
            count = len(items) if isinstance(items, list) else 0
            found = f"a collection of JSON-stat that names {count} items"
        expected = "one dataset: fetch an item of it and import that"
        raise InputError(subject, [Problem("file", found, expected)])
    if kind == "dataset":
        return "", response
    bundle = {
        name: each
        for name, each in response.items()
        if isinstance(each, dict) and "dimension" in each
    }
    if len(bundle) != 1:
        found = f"{len(bundle)} datasets"
        if bundle:
            found += f" ({', '.join(bundle)})"
        raise InputError(subject, [Problem("file", found, "one dataset of JSON-stat")])
    return next(iter(bundle.items()))


def _dimensions(
    dataset: Mapping[str, Any], table: Mapping[str, Any], problems: list[Problem], subject: str
) -> tuple[Dimension, ...]:
    """Return the dimensions in order; version 1 has their order and roles among them."""
    ids = dataset.get("id", table.get("id"))
    sizes = dataset.get("size", table.get("size"))
    if not isinstance(ids, list) or not isinstance(sizes, list) or len(ids) != len(sizes):
        found = f"id {quote(ids)} and size {quote(sizes)}"
        problem = Problem("dataset", found, "two lists of the same length")
        raise InputError(subject, [problem])
    roles = dataset.get("role", table.get("role")) or {}
    role_of = {each: role for role, several in roles.items() for each in several or ()}
    dimensions = []
    for each, size in zip(ids, sizes, strict=True):
        said = table.get(each)
        codes, labels = _categories(said, f"dimension {each}", problems)
        if str(len(codes)) != str(size):
            found = f"{len(codes)} categories and the size {size}"
            problems.append(Problem(f"dimension {each}", found, "the same number"))
        label = said.get("label") if isinstance(said, dict) else None
        role = role_of.get(each, "")
        dimensions.append(
            Dimension(
                id=str(each),
                label=str(label or each),
                role=role,
                codes=tuple(codes),
                labels=tuple(labels),
            )
        )
    return tuple(dimensions)


def _categories(
    said: Any, where: str, problems: list[Problem]
) -> tuple[Sequence[str], Sequence[str]]:
    """Return the codes of a dimension in order, and their labels."""
    category = said.get("category") if isinstance(said, dict) else None
    if not isinstance(category, dict) or not (category.get("index") or category.get("label")):
        problems.append(Problem(where, quote(category), "categories with an index or labels"))
        return (), ()
    labels = category.get("label") or {}
    index = category.get("index") or list(labels)
    if isinstance(index, dict):
        try:
            index = sorted(index, key=lambda code: int(index[code]))
        except (TypeError, ValueError):
            problems.append(Problem(where, "an index that is no number", "positions from 0"))
            return (), ()
    codes = [str(code) for code in index]
    return codes, [str(labels.get(code) or code) for code in codes]


def _misfits(cube: Cube, values: Any) -> list[Problem]:
    """Return what is wrong between values and dimensions."""
    if not isinstance(values, list | dict):
        return [Problem("value", quote(values), "a list or an object of values")]
    if cube.size > CELLS:
        return [Problem("dataset", f"{cube.size:,} cells", f"at most {CELLS:,}")]
    problems = []
    for name, cells in (("value", values), ("status", cube.statuses)):
        if isinstance(cells, list) and len(cells) != cube.size:
            found = f"{len(cells)} items"
            problems.append(Problem(name, found, f"{cube.size}, the product of the sizes"))
        if isinstance(cells, dict):
            problems += misplaced(cube, cells, name)
    return problems


def misplaced(cube: Cube, cells: Mapping[str, Any], name: str) -> list[Problem]:
    """Return a problem for each key of an object of cells that is none of the cube."""
    wrong = [each for each in cells if not (each.isdecimal() and int(each) < cube.size)]
    return [
        Problem(f"{name}, key {each!r}", "no position in the cube", f"0 to {cube.size - 1}")
        for each in wrong
    ]


def _identity(dataset: Mapping[str, Any], name: str) -> str:
    """Return what a dataset is called, if it says so in a way that is a code."""
    extension = dataset.get("extension")
    said = extension.get("id") if isinstance(extension, dict) else None
    return str(said or (name if name != "dataset" else ""))


def _object(value: Any, where: str, subject: str) -> Mapping[str, Any]:
    """Return a value that must be an object."""
    if not isinstance(value, dict):
        raise InputError(subject, [Problem(where, quote(value), "an object of JSON-stat")])
    return value


def _at(cells: Cells, position: int) -> Any:
    """Return what stands at a position of a list or of an object."""
    if isinstance(cells, Mapping):
        return cells.get(str(position))
    return cells[position]
