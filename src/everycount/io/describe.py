"""Describe the keys of a declaration in rows, for the reference pages."""

import dataclasses
from collections.abc import Iterator
from typing import Any, get_args, get_origin

from everycount.io.declared import (
    LISTS,
    common_tag,
    is_required,
    is_table,
    say_type,
    table_keys,
    tagged,
    union_members,
)
from everycount.io.faults import adapter
from everycount.io.words import quote


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DescribedKey:
    """One key of a declaration, in words."""

    path: str
    """Keys from the top, such as ``indicator[].worst``; ``[]`` stands for each item of a list,
    ``<name>`` for a name of one's own, ``step[do=impute]`` for one kind of item."""
    type: str
    """What the value may be."""
    default: str
    """What holds when the key is left out; ``required`` if it may not be."""
    description: str
    """The string below the field in the source."""


def describe(kind: type) -> list[DescribedKey]:
    """Return a row for each key of a declaration, in the order of the source.

    A table that contains itself, as in a tree, is described once.

    Parameters
    ----------
    kind : type
        A dataclass that `declare.read` can read.

    Returns
    -------
    list of DescribedKey

    Examples
    --------
    >>> from everycount.model.layout import Layout
    >>> row = next(row for row in describe(Layout) if row.path == "decimal")
    >>> row.type, row.default, row.description
    ("one of '.', ','", "'.'", 'Decimal mark of numbers written as text.')
    """
    return list(_rows(kind, "", ()))


def _rows(table: type, prefix: str, above: tuple[type, ...]) -> Iterator[DescribedKey]:
    """Yield the rows of a table and those of the tables in it."""
    described = _descriptions(table)
    keys = table_keys(table)
    for field in dataclasses.fields(table):
        path = f"{prefix}{field.name}"
        yield DescribedKey(
            path=path,
            type=say_type(keys[field.name]),
            default=_say_default(field),
            description=described.get(field.name, ""),
        )
        yield from _below(keys[field.name], path, (*above, table))


def _below(kind: Any, path: str, above: tuple[type, ...]) -> Iterator[DescribedKey]:
    """Yield the rows of the tables that a value of type `kind` may hold."""
    members = union_members(kind)
    tag = common_tag([each for each in members if is_table(each)])
    for member in members:
        if is_table(member):
            if member not in above:
                yield from _rows(member, f"{_mark(path, member, tag)}.", above)
        elif get_origin(member) is dict:
            yield from _below(get_args(member)[1], f"{path}.<name>", above)
        elif get_origin(member) in LISTS:
            for item in dict.fromkeys(get_args(member)):
                yield from _below(item, f"{path}[]", above)


def _mark(path: str, table: type, tag: str | None) -> str:
    """Return the path of a table, with the value of the key that tells it from others."""
    if tag is None:
        return path
    kinds = "|".join(map(str, tagged([table], tag)))
    return f"{path.removesuffix('[]')}[{tag}={kinds}]"


def _say_default(field: "dataclasses.Field[Any]") -> str:
    """Return what holds when a key is left out."""
    if is_required(field):
        return "required"
    value = field.default
    if field.default_factory is not dataclasses.MISSING:
        value = field.default_factory()
    if value is None:
        return "none"
    if is_table(type(value)):
        return "a table with the defaults below"
    if isinstance(value, tuple | frozenset | set):
        value = list(value)
    return ", ".join(map(repr, value)) if value and isinstance(value, list) else quote(value)


def _descriptions(table: type) -> dict[str, str]:
    """Return the string below each field."""
    schema = adapter(table).json_schema()
    if "$ref" in schema:
        schema = schema["$defs"][schema["$ref"].rpartition("/")[2]]
    return {
        name: " ".join(found.get("description", "").split())
        for name, found in schema["properties"].items()
    }
