"""What a version may hold besides figures: an index, a policy review, a survey, and the like.

Each module reads one kind of what people send, has the library check it, and says of which files
the stored bundle consists. `MAKERS` is the list of all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Files that are published together, and what is said of them."""

    files: Mapping[str, bytes]
    """By name; the same whenever the same was sent."""
    facts: Mapping[str, Any]
    """What lists and pages say of it: JSON."""


Maker = Callable[[Path, str], Bundle]
"""Reads the file that was sent; the text is its name."""

MAKERS = {
    "framework": "everycount_hub.contents.framework:make",
    "handbook": "everycount_hub.contents.handbook:make",
    "index": "everycount_hub.contents.index:make",
    "policy": "everycount_hub.contents.policy:make",
    "survey": "everycount_hub.contents.survey:make",
}
"""Every content but figures, and where its maker is: loaded when one is checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What an archive of a content must and may hold."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = field(default=())


def maker(content: str) -> Maker:
    """Return the function that makes bundles of a content.

    Raises
    ------
    LookupError
        If there is no such content.
    """
    module, _colon, name = MAKERS[content].partition(":")
    function: Maker = getattr(import_module(module), name)
    return function
