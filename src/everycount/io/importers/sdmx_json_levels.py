"""Where SDMX-JSON keeps dimensions and attributes: the data set, groups, series, observations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.importers.sdmx_json_text import Object
from everycount.model.observation import VALUE

SEPARATOR = ":"
"""Between the numbers of a key (SDMX-JSON data message, series and observations)."""


@dataclass(kw_only=True)
class Rows:
    """Some observations: numbers of values, and values."""

    keys: list[str]
    """Of the series (if there is one) and the observation, joined."""
    values: list[list[Any]]
    series: list[list[Any]] = field(default_factory=list)
    """Attributes of the series of each observation."""
    general: Sequence[Any] = ()
    groups: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    attributes: Sequence[Object] = ()
    """Attributes of observations that have a place in `values`, behind the measures."""
    subject: str = ""


class Levels:
    """The components of a structure by the level at which data sets give them.

    Parameters
    ----------
    structure : dict
        As a message of any version has it.
    """

    def __init__(self, structure: Object) -> None:
        self.structure = structure
        dimensions = structure.get("dimensions") or {}
        self.of_set, self.of_series, self.of_observation = (
            _components(dimensions, level) for level in ("dataSet", "series", "observation")
        )
        attributes = structure.get("attributes") or {}
        self.set_attributes = _components(attributes, "dataSet")
        self.group_attributes = _components(attributes, "dimensionGroup")
        self.series_attributes = _components(attributes, "series")
        self.observation_attributes = _components(attributes, "observation")
        self.measures = _components(structure.get("measures") or {}, "observation") or [
            {"id": VALUE}
        ]

    @property
    def dimensions(self) -> list[Object]:
        """All dimensions, in the order in which keys of groups have them."""
        return [*self.of_set, *self.of_series, *self.of_observation]

    @property
    def attributes(self) -> list[Object]:
        """All attributes."""
        return [
            *self.set_attributes,
            *self.group_attributes,
            *self.series_attributes,
            *self.observation_attributes,
        ]

    @property
    def all(self) -> list[Object]:
        """All components."""
        return [*self.dimensions, *self.measures, *self.attributes]

    def rows(self, data: Object, size: int, *, subject: str) -> Iterator[Rows]:
        """Yield the observations of a data set, at most `size` at a time.

        Raises
        ------
        InputError
            If the data set has another form.
        """
        each = self._each(data, subject)
        placed = self._placed(data, subject)
        while part := list(islice(each, size)):
            keys, values, series = zip(*part, strict=True)
            yield Rows(
                keys=list(keys),
                values=list(values),
                series=list(series),
                general=data.get("attributes") or (),
                groups=data.get("dimensionGroupAttributes") or {},
                attributes=placed,
                subject=subject,
            )

    def _placed(self, data: Object, subject: str) -> list[Object]:
        """Return the attributes that have a place among an observation's values.

        OECD.Stat gives none to an attribute that has no values, others do; a number where there
        is nothing to choose from tells.
        """
        first = len(self.measures)
        empty = [
            first + position
            for position, each in enumerate(self.observation_attributes)
            if each.get("values") == []
        ]
        squeezed = any(
            isinstance(values[position], int)
            for _, values, _ in (self._each(data, subject) if empty else ())
            for position in empty
            if position < len(values)
        )
        return [
            each
            for each in self.observation_attributes
            if not (squeezed and each.get("values") == [])
        ]

    def _each(self, data: Object, subject: str) -> Iterator[tuple[str, list[Any], list[Any]]]:
        """Yield the key, values and attributes of the series of each observation."""
        try:
            for key, series in (data.get("series") or {}).items():
                above = series.get("attributes") or []
                for own, values in (series.get("observations") or {}).items():
                    yield f"{key}{SEPARATOR}{own}", values or [], above
            for key, values in (data.get("observations") or {}).items():
                yield key, values or [], []
        except AttributeError as error:
            problem = Problem("series or observations", "another form", "objects by their keys")
            raise InputError(subject, [problem]) from error

    def table(self, rows: Rows) -> pl.DataFrame:
        """Return observations as text, by concept.

        Raises
        ------
        InputError
            With every key that has too few or too many numbers, and every number of a value that
            is not there.
        """
        keyed = [*self.of_series, *self.of_observation]
        numbers = _split(rows, len(keyed))
        count = len(rows.keys)
        columns = {each["id"]: pl.repeat(_only(each), count, eager=True) for each in self.of_set}
        for position, component in enumerate(keyed):
            columns[component["id"]] = _gather(component, numbers[position], rows)
        width = len(self.measures)
        for position, component in enumerate([*self.measures, *rows.attributes]):
            cells = [row[position] if position < len(row) else None for row in rows.values]
            of = _write if position < width and not component.get("values") else _read
            columns[component["id"]] = of(component, cells, rows.subject)
        for position, component in enumerate(self.series_attributes):
            cells = [row[position] if position < len(row) else None for row in rows.series]
            columns[component["id"]] = _read(component, cells, rows.subject)
        for position, component in enumerate(self.set_attributes):
            cell = rows.general[position] if position < len(rows.general) else None
            columns[component["id"]] = _read(component, [cell] * count, rows.subject)
        columns |= self._group_columns(rows, numbers)
        return pl.DataFrame([column.alias(name) for name, column in columns.items()])

    def _group_columns(self, rows: Rows, numbers: list[pl.Series]) -> dict[str, pl.Series]:
        """Return the attributes of groups for each observation.

        A group's key has a place for each dimension, empty where the group does not name it.
        """
        if not self.group_attributes:
            return {}
        fixed = [pl.repeat(0, len(rows.keys), dtype=pl.Int64, eager=True) for _ in self.of_set]
        every = pl.DataFrame({str(i): each for i, each in enumerate([*fixed, *numbers])})
        found: dict[str, list[Any]] = {
            each["id"]: [None] * len(rows.keys) for each in self.group_attributes
        }
        kinds: dict[tuple[int, ...], dict[tuple[int, ...], Sequence[Any]]] = {}
        for key, values in rows.groups.items():
            parts = key.split(SEPARATOR)
            named = tuple(i for i, part in enumerate(parts) if part.isdecimal())
            kinds.setdefault(named, {})[tuple(int(parts[i]) for i in named)] = values
        for named, groups in kinds.items():
            if named and named[-1] >= every.width:
                problem = Problem("dimensionGroupAttributes", "more dimensions", f"{every.width}")
                raise InputError(rows.subject, [problem])
            keys = every.select(str(i) for i in named).rows() if named else [()] * every.height
            for row, numbered in enumerate(keys):
                values = groups.get(tuple(numbered), ())
                for component, value in zip(self.group_attributes, values, strict=False):
                    if value is not None:
                        found[component["id"]][row] = value
        return {
            each["id"]: _read(each, found[each["id"]], rows.subject)
            for each in self.group_attributes
        }


def _components(levels: Object, level: str) -> list[Object]:
    """Return the components of a level."""
    return [each for each in levels.get(level) or () if isinstance(each, dict) and "id" in each]


def _split(rows: Rows, width: int) -> list[pl.Series]:
    """Return the numbers of keys, one column for each dimension."""
    keys = pl.Series("key", rows.keys, dtype=pl.String)
    if width == 0:
        return []
    shape = rf"^\d+(?:{SEPARATOR}\d+){{{width - 1}}}$"
    wrong = keys.filter(~keys.str.contains(shape))
    if len(wrong):
        raise InputError(
            rows.subject,
            [
                Problem(f"key {key!r}", f"{len(key.split(SEPARATOR))} parts", f"{width} numbers")
                for key in wrong.head(20)
            ],
        )
    parts = keys.str.split_exact(SEPARATOR, width - 1).struct.unnest()
    return [column.cast(pl.Int64) for column in parts.iter_columns()]


def _codes(component: Object) -> list[str | None]:
    """Return the texts of a component's values, by their number."""
    return [_text(each) for each in component.get("values") or ()]


def _text(value: Any) -> str | None:
    """Return a value of the structure: its code, else its name, else itself."""
    if isinstance(value, dict):
        found = value.get("id", value.get("value", value.get("name")))
        return _plain(found)
    return _plain(value)


def _plain(value: Any) -> str | None:
    """Return a value as text: several joined, the first language of one in several."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "; ".join(filter(None, map(_plain, value)))
    if isinstance(value, dict):
        return _plain(value.get("en", next(iter(value.values()), None)))
    return str(value)


def _only(component: Object) -> str | None:
    """Return the one value that a dimension of the data set has."""
    return next(iter(_codes(component)), None)


def _gather(component: Object, numbers: pl.Series, rows: Rows) -> pl.Series:
    """Return the codes of a dimension."""
    codes = pl.Series(_codes(component), dtype=pl.String)
    wrong = numbers.filter(numbers >= len(codes))
    if len(wrong):
        problem = Problem(component["id"], f"value number {wrong[0]}", f"0 to {len(codes) - 1}")
        raise InputError(rows.subject, [problem])
    return codes.gather(numbers)


def _write(_: Object, cells: list[Any], subject: str) -> pl.Series:
    """Return values that stand in the message themselves."""
    return pl.Series([_plain(cell) for cell in cells], dtype=pl.String)


def _read(component: Object, cells: list[Any], subject: str) -> pl.Series:
    """Return the values of an attribute: by number where the structure lists them."""
    default = _plain(component.get("default"))
    if component.get("values") is None:
        written = _write(component, cells, subject)
        return written if default is None else written.fill_null(default)
    codes = _codes(component)
    found: list[str | None] = []
    for cell in cells:
        several = cell if isinstance(cell, list) else [cell]
        texts = [_look_up(codes, each, component["id"], subject) for each in several]
        found.append("; ".join(filter(None, texts)) or default)
    return pl.Series(found, dtype=pl.String)


def _look_up(codes: list[str | None], number: Any, name: str, subject: str) -> str | None:
    """Return the value of a number; what is no number stands for itself (SDMX-JSON 2.0)."""
    if not isinstance(number, int) or isinstance(number, bool):
        return _plain(number)
    if not 0 <= number < len(codes):
        problem = Problem(name, f"value number {number}", f"0 to {len(codes) - 1}")
        raise InputError(subject, [problem])
    return codes[number]
