"""About a code list: who publishes it, which version it is, where it was read."""

from dataclasses import dataclass, field

from everycount.model.code_rule import CodeRule
from everycount.model.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeListAbout:
    """Identity and source of one code list."""

    __pydantic_config__ = STRICT

    id: str
    source: str
    """Publisher, list, version and date of what was read."""
    agency: str = "EVERYCOUNT"
    version: str = "1.0"
    name: dict[str, str] = field(default_factory=dict)
    pattern: str = ""
    """Regular expression of further codes that have no name of their own."""
    rules: tuple[CodeRule, ...] = ()
    """Further codes that say by their form what they mean."""
    is_open: bool = False
    """Other codes may stand in data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeListCatalogue:
    """All code lists of a folder."""

    __pydantic_config__ = STRICT

    lists: tuple[CodeListAbout, ...]
