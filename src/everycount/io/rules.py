"""Find and read rule sets on reliability and confidentiality: shipped ones, or one's own."""

from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from everycount.errors import InputError, NotFound
from everycount.io import declare
from everycount.io.files import read_bytes
from everycount.model.rules import Confidentiality, Reliability

_SHIPPED = files("everycount") / "rules"
NONE = "none"
Rules = TypeVar("Rules", Reliability, Confidentiality)


def shipped_rules(kind: type[Reliability] | type[Confidentiality]) -> tuple[str, ...]:
    """Return the names of the rule sets of a kind that come with Everycount.

    Examples
    --------
    >>> shipped_rules(Reliability)
    ('dhs', 'nchs2017', 'statcan', 'turkstat')
    """
    folder = _SHIPPED / kind.__name__.lower()
    names = (each.name for each in folder.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def read_both(
    reliability: str, confidentiality: str
) -> tuple[Reliability | None, Confidentiality | None]:
    """Read a set of rules on reliability and one on confidentiality, as `read_rules` does.

    Raises
    ------
    NotFound
        With every set that does not exist.
    InputError
        With every fault of the files.

    Examples
    --------
    >>> first, second = read_both("none", "acro-uk")
    >>> first is None, second.id
    (True, 'acro-uk')
    """
    errors: list[NotFound | InputError] = []
    first = _tried(Reliability, reliability, errors)
    second = _tried(Confidentiality, confidentiality, errors)
    faulty = [error for error in errors if isinstance(error, InputError)]
    if len(faulty) < len(errors):
        raise NotFound("; ".join(map(str, errors)))
    if len(faulty) == 1:
        raise faulty[0]
    if faulty:
        problems = [
            replace(each, where=f"{error.subject}, {each.where}")
            for error in faulty
            for each in error.problems
        ]
        raise InputError(" and ".join(error.subject for error in faulty), problems)
    return first, second


def _tried(kind: type[Rules], place: str, errors: list[NotFound | InputError]) -> Rules | None:
    """Return a rule set, or none and one more error."""
    try:
        return read_rules(kind, place)
    except (NotFound, InputError) as error:
        errors.append(error)
        return None


def read_rules(kind: type[Rules], place: str) -> Rules | None:
    """Read a rule set from a file, or a shipped one by its name; None for ``none``.

    Raises
    ------
    NotFound
        If there is neither a file nor a shipped set of that name.
    InputError
        With every fault of the file.

    Examples
    --------
    >>> read_rules(Reliability, "dhs").rules[0].verdict
    'unreliable'
    """
    if place == NONE:
        return None
    shipped: tuple[str, ...] = shipped_rules(kind)
    if place in shipped:
        name = f"{place}.toml"
        content = (_SHIPPED / kind.__name__.lower() / name).read_bytes()
    elif place.endswith(".toml") or Path(place).exists():
        name, content = Path(place).name, read_bytes(place)
    else:
        known = ", ".join((*shipped, NONE))
        word = kind.__name__.lower()
        raise NotFound(f"there is no file and no set of {word} rules {place!r}; known: {known}")
    return declare.read(content, kind, subject=name)
