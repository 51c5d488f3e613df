"""Read observations from a CSV or Excel file as its layout says."""

import gzip
import zlib
from collections.abc import Collection, Sequence
from pathlib import Path

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.csv import Delimiter, read_table
from everycount.io.files import read_bytes
from everycount.io.fit import FIRST_ROW, demand_columns
from everycount.io.layout import Figures, Places, read_long, read_wide
from everycount.io.numbers import Marks
from everycount.model.layout import Layout
from everycount.model.observations import ATTRIBUTES, Observations

DEFAULTS = {
    "unit": ("unit", "REF_AREA"),
    "period": ("period", "TIME_PERIOD"),
    "indicator": ("indicator", "INDICATOR"),
    "value": ("value", "OBS_VALUE"),
    "source": ("source", "SOURCE", "SOURCE_DETAIL"),
}
"""Columns that are read when a layout does not name one. SDMX names stand second."""
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".csv.gz", ".tsv.gz")


def read_observations(
    path: Path | str,
    layout: Layout | None = None,
    *,
    categorical: Collection[str] = (),
    variables: Collection[str] | None = None,
) -> Observations:
    """Read the observations in a file.

    Parameters
    ----------
    path : Path or str
        A file that ends in ``.csv``, ``.tsv``, ``.txt``, ``.xlsx``, ``.csv.gz`` or ``.tsv.gz``;
        ``-`` is CSV from standard input.
    layout : Layout, optional
        Where things stand in it.
    categorical : collection of str
        Variables whose figures may be text, such as ``yes``; they are recoded later.
    variables : collection of str, optional
        Variables to read; others are not judged. All of them if left out.

    Returns
    -------
    Observations
        See there. `units`, `periods` and `variables` also name those without any figure.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        With everything that is wrong in it.
    """
    name = "standard input" if str(path) == "-" else Path(path).name
    return parse_observations(
        read_bytes(path), layout, name=name, categorical=categorical, variables=variables
    )


def parse_observations(
    source: bytes,
    layout: Layout | None = None,
    *,
    name: str,
    categorical: Collection[str] = (),
    variables: Collection[str] | None = None,
) -> Observations:
    r"""Read the observations in bytes that came from a file called `name`.

    As `read_observations`, for whoever also needs the digest of the bytes. A name without an
    ending is taken for CSV.

    Examples
    --------
    >>> parse_observations(b"unit,4a\n004,1.5\nNA,\n", name="figures.csv").units
    ('004', 'NA')
    """
    layout = layout or Layout()
    text, first_row = read_cells(source, layout, name)
    places = {key: _find(text, layout, key) for key in DEFAULTS}
    is_long = layout.layout == "long" or (
        layout.layout is None and {places["indicator"], places["value"]} <= set(text.columns)
    )
    demanded = ("unit", "indicator", "value") if is_long else ("unit",)
    rows = _select(text, layout, [key for key in demanded if places[key] is None], subject=name)
    figures = Figures(
        marks=Marks(decimal=layout.decimal, thousands=layout.thousands),
        missing=frozenset(layout.missing),
        categorical=frozenset(categorical),
        variables=None if variables is None else frozenset(variables),
    )
    index = Places(
        unit=str(places["unit"]),
        period=places["period"],
        breakdown=layout.breakdown,
        source=places["source"],
    )
    if is_long:
        return read_long(
            rows,
            index,
            indicator=str(places["indicator"]),
            value=str(places["value"]),
            figures=figures,
            first_row=first_row,
            subject=name,
        )
    about = {index.unit, index.period, index.source, *index.breakdown}
    taken = {*about, *(layout.only or ()), *ATTRIBUTES}
    return read_wide(
        rows,
        index,
        variables=[column for column in rows.columns if column not in taken],
        figures=figures,
        first_row=first_row,
        subject=name,
    )


def read_cells(source: bytes, layout: Layout, name: str) -> tuple[pl.DataFrame, int]:
    """Return the cells of the file as text, and the number of the first row below the header."""
    ending = "".join(Path(name).suffixes[-2:] if name.endswith(".gz") else Path(name).suffixes[-1:])
    ending = ending.lower()
    if ending == ".xlsx":
        # Loading the Excel reader takes a third of a second, which CSV should not cost.
        from everycount.io.excel import read_sheet  # noqa: PLC0415

        text = read_sheet(
            source,
            subject=name,
            sheet=layout.sheet,
            header_row=layout.header_row,
            header_rows=layout.header_rows,
            decimal=layout.decimal,
            missing=layout.missing,
        )
        return text, layout.header_row + layout.header_rows
    problems = []
    if ending and ending not in ENDINGS:
        problems.append(Problem("name", repr(ending), f"a file that ends in {', '.join(ENDINGS)}"))
    for key, value, usual in (
        ("sheet", layout.sheet, None),
        ("header_row", layout.header_row, 1),
        ("header_rows", layout.header_rows, 1),
    ):
        if value != usual:
            problems.append(Problem(f"layout, {key}", repr(value), "nothing: it is for Excel only"))
    if problems:
        raise InputError(name, problems)
    content = _unzip(source, name) if ending.endswith(".gz") else source
    tab: Delimiter | None = "tab" if ending.startswith(".tsv") else None
    return read_table(content, subject=name, delimiter=layout.delimiter or tab), FIRST_ROW


def _unzip(source: bytes, name: str) -> bytes:
    """Return what a gzip archive holds."""
    try:
        return gzip.decompress(source)
    except (EOFError, OSError, zlib.error) as error:
        problem = Problem("file", "bytes that are not a whole gzip archive", "one")
        raise InputError(name, [problem]) from error


def _find(text: pl.DataFrame, layout: Layout, key: str) -> str | None:
    """Return the column that the layout names, else the first usual one that is there."""
    declared: str | None = getattr(layout, key)
    return declared or next((name for name in DEFAULTS[key] if name in text.columns), None)


def _select(
    text: pl.DataFrame, layout: Layout, absent: Sequence[str], *, subject: str
) -> pl.DataFrame:
    """Return the table with the cells of rows that are not to be read emptied.

    Emptied rows are passed over and the others keep their numbers. `absent` are the keys of
    columns that the layout does not name and the table does not have under a usual name.
    """
    only = layout.only or {}
    problems = demand_columns(text, list(only))
    for key in absent:
        usual = " or ".join(repr(name) for name in DEFAULTS[key])
        found = f"columns {', '.join(text.columns)}"
        expected = f"a column {usual}, or the name of another declared as {key}"
        problems.append(Problem("header", found, expected))
    if problems:
        raise InputError(subject, problems)
    if not only:
        return text
    wanted = pl.all_horizontal(
        pl.col(name).str.strip_chars().eq_missing(value) for name, value in only.items()
    )
    rows = text.with_columns(pl.when(wanted).then(pl.all()))
    if rows.select(pl.all_horizontal(pl.all().is_null())).to_series().all():
        found = f"no row with {' and '.join(f'{k} = {v!r}' for k, v in only.items())}"
        raise InputError(subject, [Problem("layout, only", found, "at least one")])
    return rows
