"""Read the JSON of a service, with numbers as they are written."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.importers.source import Source
from everycount.io.text import utf8
from everycount.io.words import quote

PAGE = b"<"
"""First character of a web page or XML."""


def read_json(source: Source) -> Any:
    """Return what a JSON file says; numbers stay text, so that no digit changes.

    Raises
    ------
    InputError
        If it is no JSON, with the line and column where it ceases to be.

    Examples
    --------
    >>> read_json(Source(name="a.json", content=b'{"value": 1.50}'))
    {'value': '1.50'}
    """
    content = source.read().replace(b"\0", b"").strip()
    if not content:
        raise InputError(source.name, [Problem("file", "nothing", "JSON")])
    if content.startswith(PAGE):
        found = "a web page or XML, as services answer when they fail"
        raise InputError(source.name, [Problem("file", found, "JSON")])
    text = utf8(content, subject=source.name).decode()
    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=_nothing)
    except json.JSONDecodeError as error:
        line = (text.splitlines() or [""])[error.lineno - 1].strip()
        where = f"line {error.lineno}, column {error.colno}"
        is_end = error.pos >= len(text.rstrip())
        found = "the end of the file" if is_end else quote(line)
        expected = "the rest of the JSON: the file was cut off" if is_end else "JSON"
        raise InputError(source.name, [Problem(where, found, expected)]) from error
    except RecursionError as error:
        problem = Problem("file", "brackets nested too deeply to be read", "JSON")
        raise InputError(source.name, [problem]) from error


def _nothing(name: str) -> None:
    """Return nothing for NaN and infinity, which JSON has not."""


def write_text(value: Any) -> str | None:
    """Return a value of JSON as the text of a cell.

    Examples
    --------
    >>> write_text(True), write_text(["a", None, "b"]), write_text([])
    ('true', 'a; b', None)
    """
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "; ".join(filter(None, map(write_text, value))) or None
    return json.dumps(value, ensure_ascii=False)


def table_of(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Return objects of JSON as a table of text, with every key that any of them has.

    Examples
    --------
    >>> table_of([{"a": "1"}, {"b": None}]).rows()
    [('1', None), (None, None)]
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pl.DataFrame(
        {name: [write_text(row.get(name)) for row in rows] for name in names},
        schema=dict.fromkeys(names, pl.String),
    )


def demand_rows(value: Any, *, subject: str, key: str) -> list[Mapping[str, Any]]:
    """Return a list of objects.

    Raises
    ------
    InputError
        If it is something else, with every item that is no object; or if it is empty.
    """
    if not isinstance(value, list):
        raise InputError(subject, [Problem(key, quote(value), "a list of observations")])
    problems = [
        Problem(f"{key}, item {number}", quote(each), "an observation with keys and values")
        for number, each in enumerate(value, 1)
        if not isinstance(each, dict)
    ]
    if not value:
        problems = [Problem(key, "an empty list", "at least one observation")]
    if problems:
        raise InputError(subject, problems)
    return value


def name_item(key: str, row: int, column: str) -> str:
    """Return the place of a value in words: data, item 3, SEX."""
    return f"{key}, item {row}, {column}"
