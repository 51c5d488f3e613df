"""Read the text of SDMX-JSON, and what all its messages write alike."""

import json
from collections.abc import Mapping
from typing import Any

from everycount.errors import InputError, Problem
from everycount.io.importers.json_text import demand_letters
from everycount.io.importers.source import Source
from everycount.io.text import utf8

Object = dict[str, Any]


def read_json(source: Source) -> Object:
    """Read a message of SDMX-JSON.

    Numbers stay as they are written, but for whole ones.

    Parameters
    ----------
    source : Source
        UTF-8.

    Returns
    -------
    dict

    Raises
    ------
    InputError
        With line and column where it is no JSON, or what stands there if it is no object.
    """
    content = utf8(source.read(), subject=source.name)
    if not content.strip():
        raise InputError(source.name, [Problem("file", "nothing", "a message in SDMX-JSON")])
    try:
        found = json.loads(content, parse_float=str, parse_constant=str)
        demand_letters(content.decode(), subject=source.name)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        is_cut = error.pos >= len(error.doc.rstrip()) or "Unterminated" in error.msg
        what = "the end of the file" if is_cut else f"text that is no JSON ({error.msg})"
        expected = "the rest of the message" if is_cut else "JSON"
        raise InputError(source.name, [Problem(where, what, expected)]) from error
    except RecursionError as error:
        what = "lists or objects too deep inside one another"
        raise InputError(source.name, [Problem("file", what, "a message in SDMX-JSON")]) from error
    except ValueError as error:  # Python reads whole numbers of at most 4,300 digits
        what = "a number of thousands of digits"
        raise InputError(source.name, [Problem("file", what, "a message in SDMX-JSON")]) from error
    if not isinstance(found, dict):
        raise InputError(source.name, [Problem("file", "no JSON object", "a message")])
    return found


def names_of(thing: Mapping[str, Any], key: str = "name") -> dict[str, str]:
    """Return names by language: ``names`` of SDMX-JSON 1.0 and later, else ``name``.

    Examples
    --------
    >>> names_of({"name": "Sex"}), names_of({"name": "Sex", "names": {"fr": "Sexe"}})
    ({'en': 'Sex'}, {'fr': 'Sexe'})
    >>> names_of({"name": {"vi": "Giới tính"}})
    {'vi': 'Giới tính'}
    """
    for found in (thing.get(f"{key}s"), thing.get(key)):
        if isinstance(found, dict):
            return {str(language): str(text) for language, text in found.items() if text}
        if isinstance(found, str) and found:
            return {"en": found}
    return {}
