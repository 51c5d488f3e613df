"""Read numbers from text as declared, and say what is wrong with a text that is none."""

import re
from dataclasses import dataclass
from typing import Literal

import polars as pl

SPACES = "[ \u00a0\u2009\u202f]"  # plain, no-break, thin, narrow no-break
MINUS = "\u2212"
LIKE_COMMA = re.compile(rf"[+\-{MINUS}]?\d+,\d+")
LIKE_GROUPS = re.compile(rf"[+\-{MINUS}]?\d{{1,3}}([, .']|{SPACES})\d{{3}}(\1\d{{3}})*([.,]\d+)?")
NOT_FINITE = re.compile(r"[+-]?(inf|infinity|nan|[\d.]+e\+?\d{3,})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The marks that numbers are written with."""

    decimal: Literal[".", ","] = "."
    thousands: str | None = None
    """Mark between groups of three digits. A space stands for every kind of space."""

    def __post_init__(self) -> None:
        """Refuse one mark for both."""
        if self.thousands == self.decimal:
            raise ValueError(f"{self.decimal!r} cannot be both decimal and thousands mark")


def read_numbers(text: pl.Expr, kind: type[int] | type[float], marks: Marks) -> pl.Expr:
    """Return numbers, and null where the text is not one as declared.

    The Unicode minus sign counts as a minus. Infinite numbers and NaN become null.

    Parameters
    ----------
    text : Expr
        Text without surrounding spaces.
    kind : {int, float}
        Whole numbers or any.
    marks : Marks
        How the numbers are written.

    Returns
    -------
    Expr
        Int64 or Float64.

    Examples
    --------
    >>> cells = pl.DataFrame({"value": ["1.234,5", "1,5", "12.34", "inf"]})
    >>> number = read_numbers(pl.col("value"), float, Marks(decimal=",", thousands="."))
    >>> cells.select(number)["value"].to_list()
    [1234.5, 1.5, None, None]
    """
    plain = text.str.replace(MINUS, "-", literal=True)
    if marks.thousands is not None:
        mark = SPACES if marks.thousands == " " else re.escape(marks.thousands)
        grouped = rf"^[+-]?\d{{1,3}}(?:{mark}\d{{3}})+(?:{re.escape(marks.decimal)}\d*)?$"
        plain = (
            pl.when(plain.str.contains(grouped))
            .then(plain.str.replace_all(mark, ""))
            .otherwise(plain)
        )
    if kind is int:
        return plain.cast(pl.Int64, strict=False)
    if marks.decimal == ",":
        plain = pl.when(~plain.str.contains(".", literal=True)).then(
            plain.str.replace(",", ".", literal=True)
        )
    number = plain.cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number)


def expect_number(found: str, kind: type[int] | type[float], marks: Marks) -> str:
    """Return what should stand in place of `found`, with the declaration that would allow it.

    Examples
    --------
    >>> expect_number("1,5", float, Marks())
    "a number (if the comma is its decimal mark, declare decimal = ',')"
    """
    wanted = "a whole number" if kind is int else "a number"
    if NOT_FINITE.fullmatch(found):
        return "a finite number"
    has_comma = "," in (marks.decimal, marks.thousands)
    if kind is float and not has_comma and LIKE_COMMA.fullmatch(found):
        return f"{wanted} (if the comma is its decimal mark, declare decimal = ',')"
    groups = LIKE_GROUPS.fullmatch(found)
    if groups and marks.thousands is None and groups[1] != marks.decimal:
        return f"{wanted} (if {groups[1]!r} separates thousands, declare thousands = {groups[1]!r})"
    if kind is float and marks.decimal == "," and "." in found:
        return f"{wanted} with the decimal mark ',' that is declared"
    return wanted
