"""Read the JSON of a service, with numbers as they are written."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.importers.source import Source
from everycount.io.text import BYTE_ORDER_MARK, utf8
from everycount.io.words import quote

NO_LETTER = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(u0000|u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
"""Escapes of JSON; in the group those that stand for no character. Two halves in order are one
(RFC 8259, section 7)."""
SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
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
    content = source.read().strip(b"\0 \t\r\n")  # some services pad their answers with NUL
    if not content:
        raise InputError(source.name, [Problem("file", "nothing", "JSON")])
    if content.startswith(PAGE):
        found = "a web page or XML, as services answer when they fail"
        raise InputError(source.name, [Problem("file", found, "JSON")])
    text = utf8(content, subject=source.name).decode()
    try:
        found = json.loads(text, parse_float=str, parse_int=str, parse_constant=_nothing)
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
    demand_letters(text, subject=source.name)
    return found


def demand_letters(text: str, *, subject: str) -> None:
    r"""Refuse JSON with characters that are none: NUL, and halves of others, which UTF-8 lacks.

    Raises
    ------
    InputError
        With the line of the first.

    Examples
    --------
    >>> demand_letters('"women \u2642"', subject="a.json")
    """
    # Nearly no file has any, and looking at each escape of a long one takes seconds.
    for found in NO_LETTER.finditer(text) if SUSPECT.search(text) else ():
        if found[1]:
            where = f"line {text.count(chr(10), 0, found.start()) + 1}"
            raise InputError(subject, [Problem(where, quote(found[1]), "a letter or sign")])


def is_json(source: Source) -> bool:
    """Tell whether a file begins as JSON does, whatever its format.

    Examples
    --------
    >>> is_json(Source(name="a", content=b' {"a": 1}')), is_json(Source(name="a", content=b"a,b"))
    (True, False)
    """
    begin = source.head(1 << 10).removeprefix(BYTE_ORDER_MARK).lstrip()
    return begin.startswith((b"{", b"["))


@contextmanager
def demanding_shape(*, subject: str) -> Iterator[None]:
    """Say so where JSON has a list, object, text or number in place of another.

    A file of a service may have any of them anywhere; readers look at each value as the one that
    its format says.

    Raises
    ------
    InputError
        In place of the errors of Python that such a value leads to.
    """
    try:
        yield
    except (TypeError, AttributeError, LookupError, ValueError, ArithmeticError) as error:
        found = f"a value of another kind than its format has there ({error})"
        expected = "the answer as its service wrote it"
        raise InputError(subject, [Problem("file", found, expected)]) from error


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
