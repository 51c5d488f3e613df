"""A column mapping: where the components of an observation stand in a file of another shape."""

import re
from dataclasses import dataclass, field
from typing import Literal

from everycount.model.indicator import Fault
from everycount.model.observation import OBSERVATION, VALUE
from everycount.model.strict import STRICT, Faults

COMPONENTS = frozenset(OBSERVATION.ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Across:
    """Columns that each hold the values of one code or period, as a wide table has them."""

    __pydantic_config__ = STRICT

    component: str
    """What the names of these columns are, such as TIME_PERIOD."""
    pattern: str = r"\d{4}"
    r"""Regular expression of their whole names. A group in it is what is kept, so that
    ``(\d{4}) \[YR\d{4}\]`` takes 2019 from a name such as ``2019 [YR2019]``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """Where the components of an observation stand in a file, and what its texts mean.

    Examples
    --------
    >>> mapping = ColumnMapping(
    ...     columns={"Country": "REF_AREA", "Year": "TIME_PERIOD", "Figure": "OBS_VALUE"},
    ...     values={"SEX": {"Women": "F"}},
    ...     constants={"INDICATOR": "5.5.1a"},
    ... )
    >>> mapping.constants["INDICATOR"]
    '5.5.1a'
    """

    __pydantic_config__ = STRICT

    columns: dict[str, str] = field(default_factory=dict)
    """Component by the name of the column it stands in. Columns that already have the name of a
    component need not be mentioned."""
    constants: dict[str, str] = field(default_factory=dict)
    """Value by component, for every row."""
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    """Code by the text of a cell, by component. Other texts stay as they are."""
    defaults: dict[str, str] = field(default_factory=dict)
    """Value by component where a cell is empty, such as the country of a file of its regions."""
    areas: Literal["own", "iso3", "iso2", "m49", "name"] | None = None
    """How the file writes its areas. They become M49 numbers of three digits; those that M49 does
    not have stay as they are. With ``own`` all stay as they are, also where a format knows how
    they are written."""
    breakdown: tuple[str, ...] = ()
    """Columns of characteristics that no dimension is for. Their values become generated codes
    of CUST_BREAKDOWN, with the text as label."""
    across: Across | None = None
    """Columns to turn into rows, for a wide table."""
    totals: tuple[str, ...] = ()
    """Texts that mean the total in any column of a breakdown. An empty cell always does."""
    missing: tuple[str, ...] = ()
    """Texts that stand for a missing value."""
    texts: str = r"[<>≤≥≈~]\s*\d[\d.,]*"
    """Regular expression of values that are kept in words (VALUE_TEXT), such as ``<2.5``."""
    ignored: tuple[str, ...] = ()
    """Columns that are left out on purpose. Any other is left out with a note."""
    decimal: Literal[".", ","] = "."
    thousands: str | None = None
    delimiter: Literal[",", ";", "tab"] | None = None
    sheet: str | None = None
    """Sheet of a workbook; the first if left out."""
    header_row: int = 1
    """Row of a workbook in which its header begins, below titles."""
    header_rows: int = 1
    """How many rows the header of a workbook has. Names that stand above others, in merged cells
    too, are joined with them: ``2019 / Women``."""

    def __post_init__(self) -> None:
        """Refuse components that do not exist, two columns for one, and broken patterns."""
        faults: list[Fault] = [
            ((place, key), repr(name), f"one of {', '.join(OBSERVATION.ids)}")
            for place, names in (
                ("columns", self.columns),
                ("constants", {each: each for each in self.constants}),
                ("defaults", {each: each for each in self.defaults}),
                ("values", {each: each for each in self.values}),
                ("across", {"component": self.across.component} if self.across else {}),
            )
            for key, name in names.items()
            if name not in COMPONENTS
        ]
        targets = list(self.columns.values())
        faults += [
            (("columns",), f"{name} for several columns", "one column for each")
            for name in dict.fromkeys(targets)
            if targets.count(name) > 1
        ]
        patterns = {"texts": self.texts, "across": self.across.pattern if self.across else ""}
        for place, pattern in patterns.items():
            try:
                re.compile(pattern)
            except re.error as error:
                faults.append(((place,), repr(pattern), f"a regular expression ({error})"))
        faults += self._across_faults()
        faults += [
            ((name,), str(number), "1 or more")
            for name, number in (
                ("header_row", self.header_row),
                ("header_rows", self.header_rows),
            )
            if number < 1
        ]
        if faults:
            raise Faults(faults)

    def _across_faults(self) -> list[Fault]:
        """Return what stands elsewhere too, though the columns across give it."""
        if self.across is None:
            return []
        given = dict.fromkeys((self.across.component, VALUE))
        faults: list[Fault] = [
            (("across",), f"also a column for {name}", "one of the two")
            for name in given
            if name in self.columns.values()
        ]
        faults += [
            (("across",), f"also a constant for {name}", "one of the two")
            for name in given
            if name in self.constants
        ]
        if self.across.component == VALUE:
            faults.append((("across", "component"), VALUE, "what the names of the columns are"))
        return faults
