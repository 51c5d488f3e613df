"""Read long and wide tables of figures into one canonical long table."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.fit import FIRST_ROW, ROW, demand_columns, judge, number_rows
from everycount.io.numbers import Marks, read_numbers
from everycount.io.words import quote
from everycount.model.dataset import Column, Structure
from everycount.model.observations import ATTRIBUTES, Observations

TOTAL = "_T"  # SDMX code list CL_SEX and others: the total over a breakdown
COLUMN, CELL, VARIABLE, TEXT = "\0column", "\0cell", "\0variable", "\0text"  # as ROW is
YEAR = r"^\d{4}$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The columns that say what a figure is about."""

    unit: str
    period: str | None = None
    """Column of the year; None if there is none."""
    breakdown: tuple[str, ...] = ()
    """Columns whose codes are joined to the indicator's, as ``4a.F``. ``_T`` and an empty cell
    add nothing."""
    source: str | None = None
    """Column that says where a figure comes from."""

    @property
    def key(self) -> tuple[str, ...]:
        """Return the columns that identify a row."""
        return tuple(name for name in (self.unit, self.period, *self.breakdown) if name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How figures are written: their marks, what means missing, which of them may be text."""

    marks: Marks = field(default_factory=Marks)
    missing: frozenset[str] = frozenset()
    """Texts that stand for a missing figure. An empty cell always does."""
    categorical: frozenset[str] = frozenset()
    """Variables whose figures may be text."""
    variables: frozenset[str] | None = None
    """Variables to read; all of them if left out."""


def read_long(
    text: pl.DataFrame,
    places: Places,
    *,
    indicator: str,
    value: str,
    figures: Figures | None = None,
    first_row: int = FIRST_ROW,
    subject: str,
) -> Observations:
    """Read a table with one figure a row.

    Parameters
    ----------
    text : DataFrame
        Cells as text, as `csv.read_table` and `excel.read_sheet` return them.
    places : Places
        Columns of the unit and whatever else a figure is about.
    indicator, value : str
        Columns of the indicator's code and the figure.
    figures : Figures, optional
        How figures are written. Left out: with a decimal point and without a thousands mark;
        only an empty cell is missing; none is text.
    first_row : int
        Number that the first row has in the file.
    subject : str
        What messages call the file.

    Returns
    -------
    Observations
        Missing figures have no row, but their units, periods and variables are named. SDMX
        attributes (`ATTRIBUTES`) follow as text where the table has them. UNIT_MULT is kept,
        not applied.

    Raises
    ------
    InputError
        With every missing column, empty unit or indicator, year that is none, figure that is
        not a number, and repetition of unit, period and variable.

    Examples
    --------
    >>> table = pl.DataFrame({"area": ["NA"], "code": ["4a"], "SEX": ["F"], "figure": ["1.5"]})
    >>> places = Places(unit="area", breakdown=("SEX",))
    >>> seen = read_long(table, places, indicator="code", value="figure", subject="a.csv")
    >>> seen.table.select("unit", "variable", "value").rows()
    [('NA', '4a.F', 1.5)]
    """
    rows = _fill_totals(number_rows(text, first_row=first_row), places.breakdown)
    kept = [name for name in ATTRIBUTES if name in rows.columns]
    columns = [Column(name=indicator, type=str), *_optional([value, *kept])]
    table, problems = _judge_rows(rows, places, columns, key=(*places.key, indicator))
    cells = table.with_columns(
        _join(indicator, places.breakdown), pl.col(value).alias(CELL), pl.lit(value).alias(COLUMN)
    )
    return _observe(table, cells, places, figures or Figures(), problems, subject)


def read_wide(
    text: pl.DataFrame,
    places: Places,
    *,
    variables: Sequence[str],
    figures: Figures | None = None,
    first_row: int = FIRST_ROW,
    subject: str,
) -> Observations:
    """Read a table with one unit (and period) a row and one variable a column.

    Parameters
    ----------
    text : DataFrame
        Cells as text, as `csv.read_table` and `excel.read_sheet` return them.
    places : Places
        Columns of the unit and whatever else a figure is about.
    variables : sequence of str
        Columns of figures. Other columns are not read.
    figures, first_row, subject
        As for `read_long`.

    Returns
    -------
    Observations
        Empty cells have no row, but their units, periods and variables are named.

    Raises
    ------
    InputError
        With every missing column, empty unit, year that is none, figure that is not a number
        (its row and column), and repetition of unit and period.

    Examples
    --------
    >>> table = pl.DataFrame({"area": ["004", "NA"], "4a": ["1.5", None]})
    >>> seen = read_wide(table, Places(unit="area"), variables=["4a"], subject="a.csv")
    >>> seen.table.select("unit", "variable", "value").rows(), seen.units
    ([('004', '4a', 1.5)], ('004', 'NA'))
    """
    rows = _fill_totals(number_rows(text, first_row=first_row), places.breakdown)
    table, problems = _judge_rows(rows, places, _optional(variables), key=places.key)
    about = dict.fromkeys([ROW, *places.key, *([places.source] if places.source else [])])
    cells = table.unpivot(variables, index=list(about), variable_name=COLUMN, value_name=CELL)
    cells = cells.with_columns(_join(COLUMN, places.breakdown), pl.col(CELL).cast(pl.String))
    found = _observe(table, cells, places, figures or Figures(), problems, subject)
    return replace(found, layout="wide")


def _fill_totals(rows: pl.DataFrame, breakdown: Sequence[str]) -> pl.DataFrame:
    """Return the rows with the total in every empty cell of a breakdown."""
    return rows.with_columns(
        pl.col(name).fill_null(TOTAL) for name in breakdown if name in rows.columns
    )


def _optional(names: Sequence[str]) -> list[Column]:
    """Return columns of text that must be there but may have empty cells."""
    return [Column(name=name, type=str, required=False) for name in names]


def _judge_rows(
    rows: pl.DataFrame, places: Places, columns: Sequence[Column], *, key: tuple[str, ...]
) -> tuple[pl.DataFrame, list[Problem]]:
    """Return the columns as text, with every problem apart from the figures themselves."""
    wanted = {column.name: column for column in columns}
    if places.source:
        wanted[places.source] = Column(name=places.source, type=str, required=False)
    wanted |= {name: Column(name=name, type=str) for name in places.key}
    structure = Structure(columns=tuple(wanted.values()), key=key)
    table, problems = judge(rows, structure, marks=Marks())
    problems = [*demand_columns(rows, list(wanted)), *problems]
    if places.period:
        years = table.filter(~pl.col(places.period).str.contains(YEAR))
        problems += [
            Problem(f"row {row}, {places.period}", quote(found), "a year such as 2019")
            for row, found in years.select(ROW, places.period).iter_rows()
        ]
    return table, list(dict.fromkeys(problems))


def _join(name: str, breakdown: Sequence[str]) -> pl.Expr:
    """Return the name of the variable: the indicator's code with those of its breakdowns."""
    parts = [
        pl.when(pl.col(each) != TOTAL).then("." + pl.col(each)).otherwise(pl.lit(""))
        for each in breakdown
    ]
    return pl.concat_str(pl.col(name), *parts).alias(VARIABLE)


def _observe(
    table: pl.DataFrame,
    cells: pl.DataFrame,
    places: Places,
    figures: Figures,
    problems: list[Problem],
    subject: str,
) -> Observations:
    """Return the observations in `cells`, or raise an error with all problems.

    `table` has the rows of the file, `cells` one row for each figure.
    """
    if figures.variables is not None:
        cells = cells.filter(pl.col(VARIABLE).is_in(list(figures.variables)))
    cell = pl.when(~pl.col(CELL).is_in(list(figures.missing))).then(pl.col(CELL))
    number = read_numbers(cell, float, figures.marks)
    may_be_text = pl.col(VARIABLE).is_in(list(figures.categorical)) & number.is_null()
    split = cells.with_columns(
        pl.when(may_be_text).then(cell).alias(TEXT), pl.when(~may_be_text).then(cell)
    )

    def locate(position: int, _: str) -> str:
        row, column = split.select(ROW, COLUMN).row(position)
        return f"row {row}, {column}"

    structure = Structure(columns=(Column(name=CELL, type=float, required=False),), key=())
    counted = split.select(pl.int_range(pl.len()).alias(ROW), CELL)
    numbers, faults = judge(counted, structure, marks=figures.marks, locate=locate)
    if problems or faults:
        raise InputError(subject, [*problems, *faults])
    years = pl.col(places.period).cast(pl.Int64) if places.period else pl.lit(None, pl.Int64)
    known = split.with_columns(numbers[CELL]).select(
        pl.col(places.unit).alias("unit"),
        years.alias("period"),
        pl.col(VARIABLE).alias("variable"),
        pl.col(CELL).alias("value"),
        pl.col(TEXT).alias("text"),
        (pl.col(places.source) if places.source else pl.lit(None, pl.String)).alias("source"),
        *(name for name in ATTRIBUTES if name in split.columns),
    )
    return Observations(
        table=known.filter(pl.col("value").is_not_null() | pl.col("text").is_not_null()),
        units=_unique(table[places.unit]),
        periods=tuple(table.select(years.alias("period"))["period"].drop_nulls().unique().sort()),
        variables=_unique(known["variable"]),
    )


def _unique(column: pl.Series) -> tuple[str, ...]:
    """Return what the column holds, each once, in its order."""
    return tuple(column.unique(maintain_order=True))
