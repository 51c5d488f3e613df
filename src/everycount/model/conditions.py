"""Conditions on the columns of microdata: who belongs to a universe, which codes mean what."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from unicodedata import normalize

from everycount.model.strict import STRICT, Faults, Path

Code = int | float | str
"""A code as it stands in the microdata. 1, 1.0 and the text "1" are the same code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What one column must hold. Several conditions must all hold.

    Examples
    --------
    >>> women = Condition(column="sex", among=(2,))
    >>> of_age = Condition(column="age", at_least=15, at_most=49)
    """

    __pydantic_config__ = STRICT

    column: str
    """Column of the microdata."""
    among: tuple[Code, ...] = ()
    """Codes of which the row must hold one."""
    at_least: float | None = None
    """Smallest value that belongs."""
    at_most: float | None = None
    """Largest value that belongs."""

    def __post_init__(self) -> None:
        """Refuse a condition that says nothing or that nothing can meet."""
        bounds = (self.at_least, self.at_most)
        if not self.among and bounds == (None, None):
            raise Faults([((), "a condition without a test", "among, at_least or at_most")])
        if None not in bounds and self.at_least > self.at_most:  # type: ignore[operator]
            found = f"at_least {self.at_least:g} above at_most {self.at_most:g}"
            raise Faults([((), found, "a range that holds something")])


def code_text(code: Code) -> str:
    """Return a code as text: whole numbers without a fraction, text without blanks around it.

    Letters with marks are composed (Unicode's form NFC), as they look the same either way.

    Examples
    --------
    >>> code_text(1.0), code_text(1), code_text("01"), code_text(" A")
    ('1', '1', '01', 'A')
    """
    if isinstance(code, str):
        return normalize("NFC", code.strip())
    if isinstance(code, float) and code.is_integer():
        code = int(code)
    return str(code)


def repeated(names: Iterable[str], path: Path, what: str) -> Iterator[tuple[Path, str, str]]:
    """Yield a fault for each name that stands twice."""
    seen: set[str] = set()
    for at, name in enumerate(names):
        if name in seen:
            yield (*path, at), f"{name!r} for the second time", f"each {what} once"
        seen.add(name)
