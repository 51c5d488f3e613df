"""Find and read survey designs: the user's own, or the presets that are shipped."""

import tomllib
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import model_validator

from everycount.errors import InputError, NotFound, Problem
from everycount.io import declare
from everycount.io.files import digest, read_bytes
from everycount.io.text import utf8
from everycount.io.toml_lines import find_lines
from everycount.io.words import one_of, quote
from everycount.model.design import SurveyDesign

_SHIPPED = files("everycount") / "designs"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DesignFile:
    """A survey design, and the file it was read from."""

    design: SurveyDesign
    """The design, what it leaves out taken from its preset."""
    name: str
    content: bytes
    """What the file holds, without the preset."""

    @property
    def digest(self) -> str:
        """The SHA-256 of the file."""
        return digest(self.content)


def list_designs() -> tuple[str, ...]:
    """Return the names of the presets that come with Everycount, in order.

    Examples
    --------
    >>> list_designs()
    ('dhs', 'lfs', 'mics')
    """
    names = (each.name for each in _SHIPPED.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def read_design(place: Path | str) -> DesignFile:
    """Read a survey design from a file, or a shipped one by its name.

    What a design with a ``preset`` leaves out is taken from the preset, key by key, also within
    its tables; a list of the design stands in place of the whole list of the preset.

    Parameters
    ----------
    place : Path or str
        A TOML file, ``-`` for standard input, or the name of a preset such as ``dhs``.

    Returns
    -------
    DesignFile

    Raises
    ------
    NotFound
        If there is neither a file nor a preset of that name.
    InputError
        With every fault of the file.

    Examples
    --------
    >>> read_design("dhs").design.sampling.psu
    'v021'
    """
    text = str(place)
    if text in list_designs():
        name, content = f"{text}.toml", (_SHIPPED / f"{text}.toml").read_bytes()
    elif text == "-" or Path(place).exists() or text.endswith(".toml"):
        name, content = ("standard input" if text == "-" else Path(place).name), read_bytes(place)
    else:
        near = get_close_matches(text, list_designs(), n=1, cutoff=0.4)
        meant = f" (did you mean {near[0]}?)" if near else ""
        shipped = ", ".join(list_designs())
        raise NotFound(f"there is no file and no design {text!r}{meant}; shipped: {shipped}")
    return DesignFile(design=parse_design(content, subject=name), name=name, content=content)


def parse_design(content: bytes, *, subject: str) -> SurveyDesign:
    """Return the design in a file, over its preset if it names one.

    Parameters
    ----------
    content : bytes
        TOML.
    subject : str
        What faults call the file.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    try:
        own = tomllib.loads(utf8(content, subject=subject).decode())
    except (ValueError, RecursionError):
        own = {}  # reading it will say what is wrong
    preset = own.get("preset")
    if not isinstance(preset, str):
        return declare.read(content, SurveyDesign, subject=subject)
    if preset not in list_designs():
        raise InputError(subject, _unknown_preset(content, subject, preset))
    whole = declare.read(content, _over(preset), subject=subject)
    given = {each.name: getattr(whole, each.name) for each in fields(SurveyDesign)}
    return SurveyDesign(**given)


@cache
def _over(preset: str) -> type[SurveyDesign]:
    """Return a design that takes what a file leaves out from a preset before it is checked.

    So faults keep the lines of the file, and none of them is the preset's: what is shipped is
    right. What does not fit together, such as further stages under the preset's PSU, is found.
    """
    beneath = tomllib.loads((_SHIPPED / f"{preset}.toml").read_text(encoding="utf-8"))

    @dataclass(frozen=True, slots=True, kw_only=True)
    class OverPreset(SurveyDesign):
        @model_validator(mode="before")
        @classmethod
        def merge(cls, value: Any) -> Any:
            return _merged(value, beneath)

    return OverPreset


def _merged(own: Any, beneath: Any) -> Any:
    """Return tables merged key by key, all else as the file has it, lists as tuples.

    Examples
    --------
    >>> _merged({"sampling": {"psu": "v001"}}, {"sampling": {"psu": "v021", "strata": ["v022"]}})
    {'sampling': {'psu': 'v001', 'strata': ('v022',)}}
    """
    if isinstance(own, dict):
        below = beneath if isinstance(beneath, dict) else {}
        return {key: _merged(own.get(key, below.get(key)), below.get(key))
                for key in {**own, **below}}  # fmt: skip
    # Once merged it is no JSON any more, where a list would do for a tuple.
    return tuple(_merged(each, None) for each in own) if isinstance(own, list) else own


def _unknown_preset(content: bytes, name: str, preset: str) -> list[Problem]:
    """Return the problem of a preset that is not shipped, before all others of the file."""
    line = find_lines(content.decode("utf-8-sig"))["preset",]
    expected = one_of(list_designs(), found=preset)
    problems = [Problem(f"line {line}, preset", quote(preset), expected)]
    try:
        declare.read(content, SurveyDesign, subject=name)
    except InputError as error:
        problems += error.problems
    return problems
