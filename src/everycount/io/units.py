"""Read the units file: names, groups, population and denominators of units."""

from pathlib import Path

import numpy as np
import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.files import read_bytes
from everycount.io.fit import fit
from everycount.io.observations import read_cells
from everycount.model.dataset import Column, Structure
from everycount.model.layout import Layout
from everycount.model.units import Units

CODE = ("unit", "REF_AREA")


def read_units(path: Path | str) -> Units:
    """Read a table of units: CSV or Excel, one unit a row.

    Parameters
    ----------
    path : Path or str
        The file. A column ``unit`` (or ``REF_AREA``) holds the codes that the data use, ``name``
        what people read. A column in which every cell is a number, or empty, is a figure
        (population, area); any other column is a grouping (region, income). A column whose name
        ends in ``_code`` is always a grouping.

    Returns
    -------
    Units

    Raises
    ------
    InputError
        If there is no column of codes, or a code stands twice.

    Examples
    --------
    >>> from everycount.io.sample import sample_path
    >>> read_units(sample_path("units.csv")).names["VNM"]
    'Viet Nam'
    """
    return parse_units(read_bytes(path), name=Path(path).name)


def parse_units(source: bytes, *, name: str) -> Units:
    """Read units from bytes that came from a file called `name`, as `read_units`."""
    subject = name
    text, first_row = read_cells(source, Layout(), subject)
    code = next((name for name in CODE if name in text.columns), None)
    if code is None:
        found = f"columns {', '.join(text.columns)}"
        raise InputError(subject, [Problem("header", found, "a column 'unit'")])
    others = [name for name in text.columns if name not in (code, "name")]
    numeric = [name for name in others if _is_numeric(text, name)]
    columns = [Column(name=code, type=str)]
    columns += [
        Column(name=name, type=float if name in numeric else str, required=False)
        for name in text.columns
        if name != code
    ]
    structure = Structure(columns=tuple(columns), key=(code,))
    table = fit(text, structure, subject=subject, first_row=first_row)
    codes = tuple(table[code].to_list())
    labels = table["name"] if "name" in table.columns else pl.Series([None] * len(codes))
    names = dict(zip(codes, labels.to_list(), strict=True))
    groups = [name for name in others if name not in numeric]
    return Units(
        codes=codes,
        names={key: name for key, name in names.items() if name},
        groups={name: tuple(table[name].fill_null("").to_list()) for name in groups},
        figures={name: table[name].fill_null(np.nan).to_numpy() for name in numeric},
    )


def _is_numeric(text: pl.DataFrame, name: str) -> bool:
    """Tell whether every cell that is not empty is a number; codes such as 004 are not."""
    cells = text[name].drop_nulls().str.strip_chars()
    cells = cells.filter(cells != "")
    if name.endswith("_code") or cells.is_empty() or cells.str.contains(r"^0\d").any():
        return False
    return cells.cast(pl.Float64, strict=False).is_not_null().all()
