"""How declared nouns are read: unknown keys and infinite numbers are refused."""

from collections.abc import Iterable

STRICT = {"extra": "forbid", "use_attribute_docstrings": True, "allow_inf_nan": False}
"""Set as ``__pydantic_config__`` on every dataclass that a TOML file may declare. The string
below a field becomes its description in the JSON Schema and in docs/reference/formats.md."""

Path = tuple[str | int, ...]
"""Where a fault stands below the declared thing: keys and list positions from 0."""


class Faults(ValueError):
    """Everything that is wrong with a declared noun, found by its own check.

    `faults` holds a path, what was found and what was expected for each. Whoever knows the file
    turns it into an `InputError` with line numbers.
    """

    def __init__(self, faults: Iterable[tuple[Path, str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            "; ".join(
                f"{'.'.join(map(str, path)) or 'it'}: found {found}, expected {expected}"
                for path, found, expected in self.faults
            )
        )
