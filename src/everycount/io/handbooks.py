"""Read and write handbooks, and the fields and templates that they have."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache
from importlib.resources import files
from pathlib import Path

from everycount.errors import InputError, NotFound, Problem
from everycount.io import declare
from everycount.io.files import read_bytes
from everycount.io.results import json_bytes
from everycount.io.words import nearest
from everycount.model.handbook import FieldList, Handbook, Preset
from everycount.repository.handbook import preset_faults

SHIPPED = files("everycount") / "handbook"
FIELDS = "fields.toml"
NO_TEMPLATES = frozenset({FIELDS, "headings.toml", "words.toml"})
"""Files beside the templates: all fields, further headings of imports, words of the pages."""
VERSION = "everycount-handbook/1"


@cache
def shipped_fields() -> FieldList:
    """Return all fields that a handbook may have."""
    return declare.read((SHIPPED / FIELDS).read_bytes(), FieldList, subject=FIELDS)


@cache
def shipped_presets() -> Mapping[str, Preset]:
    """Return the templates that come with the library, by their id."""
    names = sorted(place.name for place in SHIPPED.iterdir() if place.name.endswith(".toml"))
    presets = [
        declare.read((SHIPPED / name).read_bytes(), Preset, subject=name)
        for name in names
        if name not in NO_TEMPLATES
    ]
    main = [
        replace(each, id=each.main, title=f"{each.title}: main level", main="", is_merged=True)
        for each in presets
        if each.main
    ]
    return {preset.id: preset for preset in (*presets, *main)}


def load_preset(name: str) -> Preset:
    """Return a template by its name, or from a TOML file.

    Parameters
    ----------
    name : str
        Such as sdg, minimum-set, esms, adapt or everycount; or a file that ends in .toml.

    Returns
    -------
    Preset

    Raises
    ------
    NotFound
        If there is none of that name.
    InputError
        With every fault of the file, fields that do not exist included.
    """
    if name.endswith(".toml"):
        preset = declare.read(read_bytes(name), Preset, subject=Path(name).name)
        strangers = preset_faults(preset, shipped_fields())
        if strangers:
            known = ", ".join(shipped_fields().by_id)
            problems = [Problem("items", repr(each), f"a field: {known}") for each in strangers]
            raise InputError(Path(name).name, problems)
        return preset
    presets = shipped_presets()
    if name not in presets:
        near = nearest(name, list(presets))
        hint = f"; perhaps {near!r}" if near else ""
        raise NotFound(f"there is no template {name!r}{hint}. Templates: {', '.join(presets)}")
    return presets[name]


def read_handbook(path: Path | str) -> Handbook:
    """Read a handbook from a JSON file.

    Parameters
    ----------
    path : Path or str
        The file; ``-`` is standard input.

    Returns
    -------
    Handbook

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        With every fault in it.
    """
    name = "standard input" if str(path) == "-" else Path(path).name
    return parse_handbook(read_bytes(path), subject=name)


def parse_handbook(source: bytes, *, subject: str) -> Handbook:
    """Return the handbook that JSON holds.

    Parameters
    ----------
    source : bytes
        JSON, as `handbook_bytes` writes it.
    subject : str
        What messages call the file.

    Returns
    -------
    Handbook

    Raises
    ------
    InputError
        With every fault in it.
    """
    book = declare.read_json(source, Handbook, subject=subject, version=VERSION)
    known = shipped_fields().by_id
    problems = [
        Problem(f"{entry.indicator}, {field}", "a field that does not exist", "a field of the list")
        for entry in book.entries
        for field in entry.fields
        if field not in known
    ]
    if problems:
        raise InputError(subject, problems)
    return book


def handbook_bytes(handbook: Handbook) -> bytes:
    """Return a handbook as JSON: the same handbook gives the same bytes."""
    return json_bytes({"format": VERSION, **asdict(handbook)})
