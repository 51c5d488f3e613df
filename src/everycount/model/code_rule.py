"""A rule of a code list: codes that say by their form what they mean."""

import re
from dataclasses import dataclass

from everycount.model.strict import STRICT, Faults


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRule:
    r"""Codes that say by their form what they mean, such as ``Y15T24``.

    Examples
    --------
    >>> CodeRule(pattern=r"Y(\d+)T(\d+)", name={"en": "{0} to {1} years old"}).read("Y15T24", "en")
    '15 to 24 years old'
    """

    __pydantic_config__ = STRICT

    pattern: str
    """Regular expression of the whole code; its groups are what the name tells."""
    name: dict[str, str]
    """Name by language, with ``{0}``, ``{1}`` … where the groups stand. English is needed."""

    def __post_init__(self) -> None:
        """Refuse a pattern that is none, and a rule without an English name."""
        faults = []
        try:
            re.compile(self.pattern)
        except re.error as error:
            faults.append((("pattern",), repr(self.pattern), f"a regular expression ({error})"))
        if not self.name.get("en"):
            faults.append((("name",), "no name in English", "one"))
        if faults:
            raise Faults(faults)

    def read(self, code: str, language: str) -> str | None:
        """Return what a code means in a language, else in English; None if it is another's."""
        found = re.fullmatch(self.pattern, code)
        if found is None:
            return None
        numbers = [group.lstrip("0") or "0" for group in found.groups()]
        return (self.name.get(language) or self.name["en"]).format(*numbers)
