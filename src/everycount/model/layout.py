"""Layout: where in a file the units, periods, indicators and values stand."""

from dataclasses import dataclass
from typing import Literal

from everycount.model.strict import STRICT, Faults, Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a file of figures is laid out. Every key may be left out; nothing is guessed."""

    __pydantic_config__ = STRICT

    layout: Literal["long", "wide"] | None = None
    """``long``: one figure a row, its indicator named in a column. ``wide``: one unit (and
    period) a row, one column for each indicator. Left out: long if the file has both a column
    ``indicator`` or ``INDICATOR`` and a column ``value`` or ``OBS_VALUE``, otherwise wide."""
    unit: str | None = None
    """Column that names the country, province or other unit. Left out: ``unit``, or else
    ``REF_AREA``."""
    period: str | None = None
    """Column with the year, written with four digits such as 2019. Left out: ``period``, or else
    ``TIME_PERIOD``, if the file has one of them; otherwise the figures have no year."""
    indicator: str | None = None
    """Long layout: column with the indicator's code. Left out: ``indicator``, or else
    ``INDICATOR``."""
    value: str | None = None
    """Long layout: column with the figure. Left out: ``value``, or else ``OBS_VALUE``."""
    breakdown: tuple[str, ...] = ()
    """Columns such as SEX whose code is joined to the indicator's: SEX ``F`` makes ``4a`` into
    ``4a.F``. The code ``_T`` (total) and an empty cell add nothing."""
    source: str | None = None
    """Column that says where a figure comes from. Left out: ``source``, or else
    ``SOURCE``, or else ``SOURCE_DETAIL``, if the file has one of them."""
    sheet: str | None = None
    """Excel: name of the sheet. Needed when the workbook shows more than one."""
    header_row: int = 1
    """Excel: number of the row in which the header begins."""
    header_rows: int = 1
    """Excel: how many rows the header has. Merged cells in it are spread over the cells below
    them, and the rows joined as ``Top / Bottom``."""
    decimal: Literal[".", ","] = "."
    """Decimal mark of numbers written as text."""
    thousands: Literal[",", ".", " ", "'"] | None = None
    """Mark between groups of three digits in numbers written as text; left out: none."""
    delimiter: Literal[",", ";", "tab"] | None = None
    """What separates the cells of a text file. Left out: a comma, or a tab if the file's name
    ends in ``.tsv``."""
    missing: tuple[str, ...] = ("",)
    """Texts that stand for a missing figure, such as ``..`` or ``n/a``. An empty cell always
    does. They count in figures only: unit ``NA`` stays Namibia."""
    only: dict[str, str] | None = None
    """Read only the rows in which these columns hold these texts, for example
    ``{ SEX = "F" }``."""

    def __post_init__(self) -> None:
        """Refuse options that contradict one another."""
        faults: list[tuple[Path, str, str]] = [
            ((name,), repr(number), "a whole number from 1")
            for name in ("header_row", "header_rows")
            if (number := getattr(self, name)) < 1
        ]
        if self.thousands == self.decimal:
            faults.append((("thousands",), repr(self.thousands), "another mark than decimal"))
        if faults:
            raise Faults(faults)
