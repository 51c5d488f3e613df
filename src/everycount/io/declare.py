"""Read declarations (TOML, JSON) into frozen dataclasses, and report every fault at once."""

import json
import re
import tomllib
from typing import Any, TypeVar

from pydantic import ValidationError

from everycount.errors import InputError, Problem
from everycount.io.declared import value_below
from everycount.io.describe import DescribedKey, describe
from everycount.io.faults import adapter, check, find_faults
from everycount.io.text import utf8
from everycount.io.toml_lines import find_lines
from everycount.io.words import quote
from everycount.model.strict import Path

__all__ = ["DescribedKey", "describe", "read", "read_json", "schema"]

T = TypeVar("T")
NAMED_BY = ("code", "key", "id", "name", "do")  # what an item of a list is called by in a message
SCHEMA = "https://json-schema.org/draft/2020-12/schema"


def read(source: bytes | str, kind: type[T], *, subject: str) -> T:
    """Read a declaration.

    Types are strict: the text "5" is never a number, unknown keys and infinite numbers are
    refused.

    Parameters
    ----------
    source : bytes or str
        TOML.
    kind : type
        A dataclass with ``__pydantic_config__ = STRICT``, made of dataclasses, tuples, dicts,
        literals and simple types.
    subject : str
        What messages call the file.

    Returns
    -------
    object of type `kind`

    Raises
    ------
    InputError
        With every fault, its line and its path. What tables find wrong in themselves
        (`Faults` or ValueError from ``__post_init__``) is found once all below them is right.

    Examples
    --------
    >>> from everycount.model.layout import Layout
    >>> read('decimal = ","', Layout, subject="method.toml").decimal
    ','
    """
    text = utf8(source, subject=subject).decode() if isinstance(source, bytes) else source
    try:
        value = tomllib.loads(text)
    except ValueError as error:  # also a number of too many digits
        raise InputError(subject, [_explain_syntax(error, text)]) from error
    except RecursionError as error:
        problem = Problem("file", "brackets nested too deeply to be read", "a declaration")
        raise InputError(subject, [problem]) from error
    return _declared(value, kind, subject=subject, text=text)


def read_json(source: bytes, kind: type[T], *, subject: str, version: str) -> T:
    """Read what another run has written as JSON.

    Parameters
    ----------
    source : bytes
        JSON, an object whose key ``format`` says what it is.
    kind : type
        As in `read`.
    subject : str
        What messages call the file.
    version : str
        What ``format`` must say, such as ``everycount-review/1``.

    Returns
    -------
    object of type `kind`

    Raises
    ------
    InputError
        With every fault and its path, or the line and column where the text is no JSON.

    Examples
    --------
    >>> from everycount.model.layout import Layout
    >>> source = b'{"format": "layout/1", "decimal": ","}'
    >>> read_json(source, Layout, subject="layout.json", version="layout/1").decimal
    ','
    """
    value = _parse_json(utf8(source, subject=subject).decode(), subject)
    noun = version.partition("/")[0]
    said = value.pop("format", None) if isinstance(value, dict) else None
    if said != version:
        is_kin = isinstance(said, str) and said.startswith(f"{noun}/")
        found = quote(said) if is_kin else f"a file that is no {noun}"
        problem = Problem("format", found, f"{version!r}, the version that is known")
        raise InputError(subject, [problem])
    return _declared(value, kind, subject=subject)


def _declared(value: Any, kind: type[T], *, subject: str, text: str = "") -> T:
    """Return the value as `kind`, or raise one error with all its faults; `text` is TOML."""
    try:
        result: T = check(value, kind)
    except ValidationError as error:
        lines = find_lines(text)
        faults = dict.fromkeys([*_deep_faults(value, kind, error), *_outline(value, kind, error)])
        problems = [
            (_line(path, lines), Problem(_place(path, value, lines), found, expected))
            for path, found, expected in faults
        ]
        in_order = [problem for _, problem in sorted(problems, key=lambda pair: pair[0])]
        raise InputError(subject, in_order) from error
    return result


def schema(kind: type) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what `read` accepts for `kind`.

    Examples
    --------
    >>> from everycount.model.layout import Layout
    >>> schema(Layout)["properties"]["decimal"]["enum"]
    ['.', ',']
    """
    return {"$schema": SCHEMA, **adapter(kind).json_schema()}


def _deep_faults(value: Any, kind: Any, error: ValidationError) -> list[tuple[Path, str, str]]:
    """Return the faults of keys, and what tables find wrong in themselves without those keys.

    A table checks itself only once all its keys are right; so that it may do so now, keys that
    are unknown or of a wrong type are left out and the rest is read again.
    """
    faults = list(find_faults(value, kind, error))
    by_keys = {path for path, _, _ in faults}
    pruned = _without(value, by_keys)
    if pruned == value or _is_of_the_whole(error):
        return faults
    try:
        check(pruned, kind)
    except ValidationError as again:
        if _is_of_the_whole(again) and hasattr(kind, "outline_faults"):
            return faults  # its outline says the same of the file as it is, with nothing left out
        short = {path[:-1] for path in by_keys}
        faults += [
            (path, found, expected)
            for path, found, expected in find_faults(pruned, kind, again)
            # That a key is lacking where one is misspelt would be the same fault again.
            if path not in by_keys and not (found == "nothing" and path[:-1] in short)
        ]
    return faults


def _is_of_the_whole(error: ValidationError) -> bool:
    """Tell whether the declaration checked itself, so that all its parts were right."""
    return any(not detail["loc"] for detail in error.errors(include_url=False))


def _without(value: Any, paths: set[Path], here: Path = ()) -> Any:
    """Return a copy of tables and lists without the keys at `paths`."""
    if isinstance(value, dict):
        kept = {key: each for key, each in value.items() if (*here, key) not in paths}
        return {key: _without(each, paths, (*here, key)) for key, each in kept.items()}
    if isinstance(value, list):
        return [_without(each, paths, (*here, at)) for at, each in enumerate(value)]
    return value


def _outline(value: Any, kind: Any, error: ValidationError) -> list[tuple[Path, str, str]]:
    """Return what a kind that says so (`outline_faults`) finds wrong across its faulty parts."""
    judge = getattr(kind, "outline_faults", None)
    return judge(value) if judge and not _is_of_the_whole(error) else []


def _parse_json(text: str, subject: str) -> Any:
    """Return what JSON says, or raise why it is none."""
    expected = 'JSON, such as {"key": "text"}'
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        written = (text.splitlines() or [""])[error.lineno - 1].strip()
        reason = f"{error.msg[:1].lower()}{error.msg[1:]}"
        where = f"line {error.lineno}, column {error.colno}"
        problem = Problem(where, f"{quote(written)} ({reason})", expected)
    except RecursionError:
        problem = Problem("file", "brackets nested too deeply to be read", expected)
    except ValueError as error:  # also a number of too many digits
        problem = Problem("file", str(error), expected)
    raise InputError(subject, [problem])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON, and refuse keys that stand twice."""
    table = dict(pairs)
    if len(table) < len(pairs):
        twice = next(key for at, (key, _) in enumerate(pairs) if key in dict(pairs[:at]))
        raise ValueError(f"the key {twice!r} twice in one object")
    return table


def _refuse_constant(name: str) -> None:
    """Refuse what JSON has no number for."""
    raise ValueError(f"{name}, which is no number of JSON")


def _explain_syntax(error: ValueError, text: str) -> Problem:
    """Return the problem of a text that is not TOML."""
    reason, _, position = str(error).partition(" (at ")
    numbers = re.findall(r"\d+", position)
    if not isinstance(error, tomllib.TOMLDecodeError):
        return Problem("file", "a number with thousands of digits", "one with fewer")
    lines = text.rstrip().splitlines()
    if not numbers:  # at end of document
        numbers = [str(len(lines))]
        position = f"line {len(lines)})"
    where = position.removesuffix(")")
    if reason.startswith(("Cannot overwrite", "Cannot declare")):
        return Problem(where, "a key or table that stands twice", "each once")
    written = lines[int(numbers[0]) - 1].strip()
    found = f"{quote(written)} ({reason[:1].lower()}{reason[1:]})"
    return Problem(where, found, 'TOML, such as key = "text" or key = 1.5')


def _line(path: Path, lines: dict[Path, int]) -> int:
    """Return the line of the nearest place on the way to `path`; 0 if there is none."""
    return next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), 0)


def _place(path: Path, value: Any, lines: dict[Path, int]) -> str:
    """Return a path in words: line 34, indicator 3 (code 3a), worst."""
    words: list[str] = []
    for step in path:
        value = value_below(value, (step,))
        if isinstance(step, int):
            words[-1:] = _name_item(words[-1], step + 1, value)
        else:
            words.append(step)
    line = _line(path, lines)
    return ", ".join([*([f"line {line}"] if line else []), *words]) or "file"


def _name_item(name: str, number: int, item: Any) -> list[str]:
    """Return in words an item of the list `name`, a table with what it is called by."""
    if not isinstance(item, dict):
        return [name, f"item {number}"]
    called = [f" ({key} {item[key]})" for key in NAMED_BY if isinstance(item.get(key), str | int)]
    return [f"{_singular(name)} {number}{''.join(called[:1])}"]


def _singular(word: str) -> str:
    """Return the name of one item of a list."""
    if word == "children":
        return "child"
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word.removesuffix("s")
