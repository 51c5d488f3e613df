"""Read the units file: names, groups, population and denominators of units."""

from pathlib import Path

import numpy as np
import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.files import read_bytes
from everycount.io.fit import fit
from everycount.io.numbers import Marks, read_numbers
from everycount.io.observations import read_cells
from everycount.model.dataset import Column, Structure
from everycount.model.layout import Layout
from everycount.model.units import Units

CODE = ("unit", "REF_AREA")


def read_units(path: Path | str, layout: Layout | None = None) -> Units:
    """Read a table of units: CSV or Excel, one unit a row.

    Parameters
    ----------
    path : Path or str
        The file. A column ``unit`` (or ``REF_AREA``) holds the codes that the data use, ``name``
        what people read. A column in which most cells that are not empty are numbers is a figure
        (population, area), and a cell there that is none is a fault; any other column is a
        grouping (region, income). Codes such as ``004``, and columns whose name ends in
        ``_code``, are always groupings.
    layout : Layout, optional
        Its sheet, header, marks of numbers and texts for what is missing.

    Returns
    -------
    Units

    Raises
    ------
    InputError
        If there is no column of codes, a code stands twice, or a figure is not a number.

    Examples
    --------
    >>> from everycount.io.sample import sample_path
    >>> read_units(sample_path("units.csv")).names["VNM"]
    'Viet Nam'
    """
    return parse_units(read_bytes(path), layout, name=Path(path).name)


def parse_units(source: bytes, layout: Layout | None = None, *, name: str) -> Units:
    """Read units from bytes that came from a file called `name`, as `read_units`."""
    layout = layout or Layout()
    text, first_row = read_cells(source, layout, name)
    text = text.with_columns(_emptied(column, layout) for column in text.columns)
    code = layout.unit or next((each for each in CODE if each in text.columns), "unit")
    if code not in text.columns:
        found = f"columns {', '.join(text.columns)}"
        raise InputError(name, [Problem("header", found, f"a column {code!r}")])
    others = [each for each in text.columns if each not in (code, "name")]
    marks = Marks(decimal=layout.decimal, thousands=layout.thousands)
    numeric = [each for each in others if _is_numeric(text, each, marks)]
    columns = [
        Column(name=each, type=float if each in numeric else str, required=each == code)
        for each in text.columns
    ]
    table = fit(
        text,
        Structure(columns=tuple(columns), key=(code,)),
        subject=name,
        first_row=first_row,
        decimal=layout.decimal,
        thousands=layout.thousands,
    )
    codes = tuple(table[code].to_list())
    labels = table["name"] if "name" in table.columns else pl.Series([None] * len(codes))
    names = dict(zip(codes, labels.to_list(), strict=True))
    groups = [each for each in others if each not in numeric]
    return Units(
        codes=codes,
        names={key: label for key, label in names.items() if label},
        groups={each: tuple(table[each].fill_null("").to_list()) for each in groups},
        figures={each: table[each].fill_null(np.nan).to_numpy() for each in numeric},
    )


def _emptied(column: str, layout: Layout) -> pl.Expr:
    """Return the cells of a column without the texts that mean missing."""
    cells = pl.col(column).str.strip_chars()
    return pl.when(~cells.is_in(["", *layout.missing])).then(cells).alias(column)


def _is_numeric(text: pl.DataFrame, name: str, marks: Marks) -> bool:
    """Tell whether most cells that are not empty are numbers; codes such as 004 are not."""
    cells = text.select(pl.col(name).drop_nulls())
    if name.endswith("_code") or cells.is_empty() or cells[name].str.contains(r"^0\d").any():
        return False
    column = pl.col(name)
    # An infinite number is none to compute with, but it does not make the column a grouping.
    number = read_numbers(column, float, marks).fill_null(column.cast(pl.Float64, strict=False))
    known = cells.select(number.is_not_null())[name]
    return bool(known.sum() * 2 > len(known))
