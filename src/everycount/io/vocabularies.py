"""Find, read and write the words a policy is read with: the lists that are shipped, and files."""

import json
from collections.abc import Iterator
from dataclasses import MISSING, fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from everycount.io import declare
from everycount.io.files import read_bytes
from everycount.model.vocabulary import Concept, TargetGroup, Vocabulary

SHIPPED: Final = files("everycount") / "vocabularies"
HEADING: Final = (
    "# Words a policy is read with: docs/reference/formats.md describes every key.\n"
    "# A list without groups, or without concepts, is completed by those that are shipped.\n"
)
APART: Final = ("groups", "concepts")
"""Tables of their own, below the heading."""


@cache
def shipped_vocabulary() -> Vocabulary:
    """Return our target groups together with the core concepts of EquiFrame.

    Examples
    --------
    >>> vocabulary = shipped_vocabulary()
    >>> vocabulary.above("women-workers-rural"), len(vocabulary.concepts)
    (('women-rural', 'women', 'rural-people', 'people'), 21)
    """
    groups, concepts = _shipped("groups.toml"), _shipped("equiframe.toml")
    return Vocabulary(
        id="shipped",
        title={
            language: f"{title}; {concepts.title[language]}"
            for language, title in groups.title.items()
        },
        source=f"{groups.source}; {concepts.source}",
        groups=groups.groups,
        concepts=concepts.concepts,
    )


def read_vocabulary(path: Path | str) -> Vocabulary:
    """Read a list of target groups, core concepts or both.

    Parameters
    ----------
    path : Path or str
        A TOML file; ``-`` is standard input.

    Returns
    -------
    Vocabulary
        With the shipped groups where the file has none, and likewise the concepts.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        With every fault of the file.
    """
    own = declare.read(read_bytes(path), Vocabulary, subject=Path(path).name)
    shipped = shipped_vocabulary()
    return replace(
        own, groups=own.groups or shipped.groups, concepts=own.concepts or shipped.concepts
    )


def vocabulary_toml(vocabulary: Vocabulary) -> bytes:
    """Return the list as a TOML file in UTF-8, to be edited; the same list gives the same bytes.

    Parameters
    ----------
    vocabulary : Vocabulary
        Any list; what has its default value is left out.

    Returns
    -------
    bytes
        Text that reads back as the same list.

    Examples
    --------
    >>> own = Vocabulary(id="own", title={"en": "Own"}, source="Ministry, 2026")
    >>> print(vocabulary_toml(own).decode().splitlines()[3])
    title.en = "Own"
    """
    blocks = [
        "\n".join(_lines(vocabulary)),
        *("\n".join(("[[groups]]", *_lines(each))) for each in vocabulary.groups),
        *("\n".join(("[[concepts]]", *_lines(each))) for each in vocabulary.concepts),
    ]
    return (HEADING + "\n\n".join(blocks) + "\n").encode()


def _shipped(name: str) -> Vocabulary:
    return declare.read((SHIPPED / name).read_bytes(), Vocabulary, subject=name)


def _lines(noun: Vocabulary | TargetGroup | Concept) -> Iterator[str]:
    """Yield a line for each field of a noun that says something, in the order of the fields."""
    for each in fields(noun):
        value = getattr(noun, each.name)
        if isinstance(noun, Vocabulary) and each.name in APART:
            continue
        if isinstance(value, dict):
            yield from (f"{each.name}.{_key(key)} = {_value(text)}" for key, text in value.items())
        elif each.default is MISSING or value != each.default:
            yield f"{each.name} = {_value(value)}"


def _key(key: str) -> str:
    """Return a key as TOML writes it, in quotes only where it needs them."""
    is_bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if is_bare else _value(key)


def _value(value: Any) -> str:
    """Return a text or list as TOML writes it."""
    if isinstance(value, str):
        # A JSON string is a TOML string, but for DEL, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"[{', '.join(_value(part) for part in value)}]"
