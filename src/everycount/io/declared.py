"""Say in words what a declared type may hold, and find the type at a path."""

import dataclasses
import types
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from everycount.model.strict import Path

WORDS: dict[Any, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    date: "a date such as 2019-12-31",
    datetime: "a date and time such as 2019-12-31T12:00:00",
    time: "a time such as 12:00:00",
}
PLURALS = {"text": "texts", "a number": "numbers", "a whole number": "whole numbers"}
LISTS = (tuple, list, frozenset, set)


def say_type(kind: Any) -> str:
    """Return in words what a value of type `kind` may be.

    Examples
    --------
    >>> say_type(float | Literal["min", "max"])
    "a number or one of 'min', 'max'"
    >>> say_type(tuple[str, ...]), say_type(tuple[float, float])
    ('a list of texts', 'a list of 2: a number, a number')
    """
    members = union_members(kind)
    if len(members) > 1:
        tables = [each for each in members if is_table(each)]
        tag = common_tag(tables)
        words = [say_type(each) for each in members if not (tag and is_table(each))]
        if tag:
            words.append(f"a table with {tag} = {say_choices(tagged(tables, tag))}")
        return " or ".join(dict.fromkeys(words))
    bare, origin = members[0], get_origin(members[0])
    if origin is Literal:
        return say_choices(get_args(bare))
    if origin in LISTS:
        return _say_list(get_args(bare))
    if origin is dict:
        return f"a table of names, each with {say_type(get_args(bare)[1])}"
    if is_table(bare):
        needed = [field.name for field in dataclasses.fields(bare) if is_required(field)]
        return f"a table with {', '.join(needed)}" if needed else "a table"
    return WORDS.get(bare, "a value")


def say_choices(choices: Any) -> str:
    """Return choices in words.

    Examples
    --------
    >>> say_choices(["min", "max"]), say_choices(["rank"])
    ("one of 'min', 'max'", "'rank'")
    """
    quoted = ", ".join(repr(choice) for choice in choices)
    return quoted if len(choices) == 1 else f"one of {quoted}"


def union_members(kind: Any) -> tuple[Any, ...]:
    """Return the types that a value may have, without None, which TOML cannot say."""
    if get_origin(kind) in (Union, types.UnionType):
        return tuple(each for each in get_args(kind) if each is not types.NoneType)
    return (kind,)


def is_table(kind: Any) -> bool:
    """Return whether the type is a dataclass, declared as a table."""
    return isinstance(kind, type) and dataclasses.is_dataclass(kind)


def is_required(field: "dataclasses.Field[Any]") -> bool:
    """Return whether a key must be given."""
    return field.default is field.default_factory is dataclasses.MISSING


def table_keys(kind: type) -> dict[str, Any]:
    """Return the keys of a table and their types."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind) if field.init}


def common_tag(tables: list[Any]) -> str | None:
    """Return the key by which tables are told apart, such as ``do``, if there is one."""
    if len(tables) < 2:
        return None
    first, *others = [
        {key for key, hint in table_keys(table).items() if get_origin(hint) is Literal}
        for table in tables
    ]
    shared = first.intersection(*others)
    return next((key for key in table_keys(tables[0]) if key in shared), None)


def tagged(tables: list[Any], tag: str) -> Mapping[Any, Any]:
    """Return the table that each value of the key `tag` means."""
    return {value: table for table in tables for value in get_args(table_keys(table)[tag])}


def type_below(kind: Any, step: str | int) -> Any:
    """Return the type at one key or position below `kind`; None if it has no such place."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_table(kind):
        return table_keys(kind).get(str(step))
    if origin is dict:
        return arguments[1]
    assert origin in LISTS
    assert isinstance(step, int)
    return arguments[0] if origin is not tuple or arguments[-1] is ... else arguments[step]


def value_below(value: Any, path: Path) -> Any:
    """Return the value at a path below `value`; None if it is not there."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _say_list(items: tuple[Any, ...]) -> str:
    """Return in words what a list holds."""
    if len(items) == 1 or items[-1] is ...:
        words = say_type(items[0])
        return f"a list of {PLURALS[words]}" if words in PLURALS else f"a list, each {words}"
    return f"a list of {len(items)}: {', '.join(say_type(item) for item in items)}"
