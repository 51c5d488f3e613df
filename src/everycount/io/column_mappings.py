"""Read and save column mappings as TOML, so that a file of one shape is mapped once."""

import json
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from everycount.io import declare
from everycount.io.files import read_bytes, write
from everycount.model.column_mapping import Across, ColumnMapping

HEADING = "# Where the components of an observation stand in a file of another shape.\n"


def parse_column_mapping(source: bytes, *, subject: str) -> ColumnMapping:
    r"""Read a column mapping.

    Parameters
    ----------
    source : bytes
        TOML.
    subject : str
        What messages call the file.

    Returns
    -------
    ColumnMapping

    Raises
    ------
    InputError
        With every unknown key, component that does not exist and broken pattern.

    Examples
    --------
    >>> source = b'[columns]\n"Country" = "REF_AREA"\n'
    >>> parse_column_mapping(source, subject="mapping.toml").columns
    {'Country': 'REF_AREA'}
    """
    return declare.read(source, ColumnMapping, subject=subject)


def read_column_mapping(path: Path | str) -> ColumnMapping:
    """Read a column mapping from a TOML file; see `parse_column_mapping`."""
    return parse_column_mapping(read_bytes(path), subject=Path(path).name)


def column_mapping_toml(mapping: ColumnMapping) -> bytes:
    """Return a column mapping as a TOML file in UTF-8; the same mapping gives the same bytes.

    Parameters
    ----------
    mapping : ColumnMapping
        Any; what has its usual value is left out.

    Returns
    -------
    bytes
        Text that reads back as the same mapping.

    Examples
    --------
    >>> print(column_mapping_toml(ColumnMapping(columns={"Jahr": "TIME_PERIOD"})).decode())
    # Where the components of an observation stand in a file of another shape.
    <BLANKLINE>
    [columns]
    "Jahr" = "TIME_PERIOD"
    <BLANKLINE>
    """
    said = dict(_said(mapping))
    plain = [f"{name} = {_value(value)}" for name, value in said.items() if _is_plain(value)]
    tables = [
        "\n".join((f"[{'.'.join(path)}]", *(f"{key} = {_value(each)}" for key, each in lines)))
        for name, value in said.items()
        if not _is_plain(value)
        for path, lines in _tables((name,), value)
    ]
    blocks = [*(["\n".join(plain)] if plain else []), *tables]
    return (HEADING + "\n" + "\n\n".join(blocks) + "\n").encode()


def save_column_mapping(path: Path | str, mapping: ColumnMapping) -> None:
    """Write a column mapping to a TOML file; see `column_mapping_toml` and `files.write`."""
    write(path, column_mapping_toml(mapping))


def _said(noun: ColumnMapping | Across) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a noun that differ from the usual, in their order."""
    for each in fields(noun):
        value = getattr(noun, each.name)
        is_usual = value == each.default if each.default is not MISSING else not value
        if not (is_usual and each.name != "component"):
            yield each.name, value


def _is_plain(value: Any) -> bool:
    """Tell whether a value stands on one line."""
    return not isinstance(value, dict | Across)


def _tables(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """Yield the tables that a value is written as, with their lines."""
    if isinstance(value, Across):
        yield path, list(_said(value))
    elif any(isinstance(each, dict) for each in value.values()):
        for key, each in value.items():
            yield from _tables((*path, key), each)
    else:
        yield path, [(_value(key), each) for key, each in value.items()]


def _value(value: Any) -> str:
    """Return a text, a whole number or a list as TOML writes it."""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        # A JSON string is a TOML string, but for DEL, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"[{', '.join(map(_value, value))}]"
