"""Turn what pydantic finds wrong in a declared value into faults in our own words."""

import json
from collections.abc import Iterator
from datetime import date, time
from functools import cache
from typing import Any, get_origin

from pydantic import TypeAdapter, ValidationError

from everycount.io.declared import (
    LISTS,
    common_tag,
    is_table,
    say_type,
    table_keys,
    tagged,
    type_below,
    union_members,
    value_below,
)
from everycount.io.words import one_of, quote
from everycount.model.strict import Faults, Path

Fault = tuple[Path, str, str]
KEY = "[key]"  # pydantic's last step to a fault in the name of a key
WRONG_KINDS = ("_type", "literal_error", "int_from_float", "too_long", "too_short")


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """Return what checks values against `kind`."""
    return TypeAdapter(kind)


def check(value: Any, kind: Any) -> Any:
    """Return `value`, as read from TOML, as `kind`, or raise pydantic's ValidationError.

    It goes as strict JSON, so that a list may be a tuple but a text never a number.
    """
    return adapter(kind).validate_json(json.dumps(value, default=_write_date), strict=True)


def find_faults(value: Any, kind: Any, error: ValidationError, path: Path = ()) -> Iterator[Fault]:
    """Yield what is wrong with `value`, which stands at `path`: where, found, expected."""
    unions: set[Path] = set()
    for detail in error.errors(include_url=False):
        steps = detail["loc"]
        if steps[-1:] == (KEY,):
            yield (*path, *steps[:-1]), f"the key {quote(steps[-2])}", _own_words(detail)
            continue
        where, found = _follow(kind, steps)
        if len(where) == len(steps):
            yield from _explain(detail, value, kind, path)
        elif where not in unions:
            unions.add(where)
            yield from _explain_union(value_below(value, where), found, (*path, *where))


def _follow(kind: Any, steps: Path) -> tuple[Path, Any]:
    """Return how far `steps` lead below `kind` before a union, and the type there.

    In a union pydantic reports what each member finds wrong; only one of them was meant.
    """
    for count, step in enumerate(steps):
        members = union_members(kind)
        if len(members) > 1:
            return steps[:count], kind
        kind = type_below(members[0], step)
    return steps, kind


def _explain(detail: Any, value: Any, kind: Any, path: Path) -> Iterator[Fault]:
    """Yield the fault or faults behind one of pydantic's errors."""
    steps: Path = detail["loc"]
    here, found = (*path, *steps), quote(value_below(value, steps))
    match detail["type"]:
        case "unexpected_keyword_argument":
            table = union_members(_follow(kind, steps[:-1])[1])[0]
            keys = list(table_keys(table))
            expected = one_of(keys, found=str(steps[-1]), shown=len(keys))
            yield here, "a key that is not known", expected
        case "value_error":
            yield from _own_faults(detail["ctx"]["error"], here)
        case "finite_number":
            yield here, found, "a finite number"
        case name if name == "missing" or name.endswith(WRONG_KINDS):
            yield here, found, say_type(_follow(kind, steps)[1])
        case _:
            yield here, found, _own_words(detail)


def _own_faults(error: ValueError, here: Path) -> Iterator[Fault]:
    """Yield what a table found wrong in itself."""
    if isinstance(error, Faults):
        for below, found, expected in error.faults:
            yield (*here, *below), found, expected
    else:
        found, _, expected = str(error).removeprefix("found ").partition(", expected ")
        yield here, found, expected or "a declaration without this fault"


def _explain_union(value: Any, kind: Any, path: Path) -> Iterator[Fault]:
    """Yield what is wrong with a value that may have several types, for the one that was meant."""
    candidates = [each for each in union_members(kind) if _has_shape(value, each)]
    tables = [each for each in candidates if is_table(each)]
    tag = common_tag(tables)
    if tag:
        known = {str(choice): table for choice, table in tagged(tables, tag).items()}
        said = value.get(tag)
        if not isinstance(said, str) or said not in known:
            near = said if isinstance(said, str) else None
            choices = one_of(list(known), found=near, shown=len(known))
            yield (*path, tag), quote(said), choices
            return
        candidates = [known[said]]
    if not candidates:
        yield path, quote(value), say_type(kind)
        return
    yield from min((_faults_as(each, value, path) for each in candidates), key=len)


def _has_shape(value: Any, kind: Any) -> bool:
    """Return whether a list or table could have been meant as `kind`."""
    if isinstance(value, dict):
        return is_table(kind) or get_origin(kind) is dict
    return isinstance(value, list) and get_origin(kind) in LISTS


def _faults_as(kind: Any, value: Any, path: Path) -> list[Fault]:
    """Return what is wrong with `value` if it was meant as `kind`."""
    try:
        check(value, kind)
    except ValidationError as error:
        return list(find_faults(value, kind, error, path))
    raise AssertionError("a member of a union takes what the union refuses")


def _own_words(detail: Any) -> str:
    """Return what pydantic expected, in its words."""
    return str(detail["msg"]).removeprefix("Input should be ")


def _write_date(value: date | time) -> str:
    """Return a date or time of TOML as JSON has it."""
    return value.isoformat()
