"""Read microdata from Stata and SPSS files, with their labels and codes for not known."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl

from everycount.errors import Unavailable
from everycount.io.microdata_file import MicrodataFile, check_names, no_rows, unreadable
from everycount.model.conditions import Code, code_text
from everycount.model.microdata import Column

SAV = (b"$FL2", b"$FL3")
"""First bytes of .sav and .zsav. PSPP Developers Guide, System File Format."""
STATA_TEXT = b"<stata_dta>"
"""First bytes of .dta from release 117 (Stata 13). Stata manual, help dta."""
STATA_RELEASES = frozenset([104, 105, 108, 110, 111, 113, 114, 115])
"""First byte of older .dta; the second is 1 or 2 for the order of bytes, the third 1."""
CELLS = 4_000_000
"""Cells read at a time, about 200 MB while they are made into columns."""
SECONDS = 86_400
STATA_DAYS = 3_653
"""Days from 1 January 1960, where dates of Stata begin, to 1 January 1970."""
SPSS_DAYS = 141_428
"""Days from 14 October 1582, where dates of SPSS begin, to 1 January 1970."""
STATA_DATE, STATA_MOMENT = re.compile(r"%-?t?d"), re.compile(r"%-?t[cC]")
SPSS_DATE = re.compile(r"([AEJS]?DATE|QYR|MOYR|WKYR)\d")
SPSS_MOMENT = re.compile(r"(DATETIME|YMDHMS)\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Format:
    """How one of the two formats is read."""

    kind: str
    function: str
    """Name of the function of pyreadstat."""
    user_missing: bool
    """Whether codes for not known are handed out as they stand. Stata has none, only letters."""
    date: re.Pattern[str]
    moment: re.Pattern[str]
    unit: float
    """Dates are counted in these: days of this many."""
    days: int
    """Days from the first date to 1 January 1970."""
    milliseconds: int
    """Milliseconds in a unit of moments."""


_STATA = _Format(
    kind="a Stata file",
    function="read_dta",
    user_missing=False,
    date=STATA_DATE,
    moment=STATA_MOMENT,
    unit=1,
    days=STATA_DAYS,
    milliseconds=1,
)
_SPSS = _Format(
    kind="an SPSS file",
    function="read_sav",
    user_missing=True,
    date=SPSS_DATE,
    moment=SPSS_MOMENT,
    unit=SECONDS,
    days=SPSS_DAYS,
    milliseconds=1_000,
)


def is_stata(head: bytes) -> bool:
    r"""Tell whether a file that begins so is one of Stata.

    Examples
    --------
    >>> is_stata(b"<stata_dta><header>"), is_stata(b"\x73\x02\x01\x00"), is_stata(b"sex,age")
    (True, True, False)
    """
    old = len(head) > 2 and head[0] in STATA_RELEASES and head[1] in (1, 2) and head[2] == 1
    return old or head.startswith(STATA_TEXT)


def open_stata(path: Path, *, name: str) -> MicrodataFile:
    """Open a Stata file; extended missing values (``.a`` to ``.z``) are null.

    Raises
    ------
    InputError
        If it is damaged or has no rows.
    Unavailable
        If everycount[survey] is not installed.
    """
    return _open(path, name, _STATA)


def open_sav(path: Path, *, name: str) -> MicrodataFile:
    """Open an SPSS file, compressed or not; user-missing codes stand and are in its columns.

    Raises
    ------
    InputError
        If it is damaged or has no rows.
    Unavailable
        If everycount[survey] is not installed.
    """
    return _open(path, name, _SPSS)


def _open(path: Path, name: str, how: _Format) -> MicrodataFile:
    """Read what the file says of itself."""
    about = _read(path, name, how, metadataonly=True)[1]
    check_names(about.column_names, subject=name)
    columns = {each: _column(each, about, how) for each in about.column_names}
    formats = dict(about.original_variable_types)
    stored = dict(about.readstat_variable_types)
    rows = about.number_rows if columns else 0
    if rows is None or rows < 0:  # some programs that write .sav do not say
        rows = _count(path, name, how, about.column_names[:1])
    if not rows:
        raise no_rows(name)

    def read(wanted: Sequence[str], at_most: int) -> Iterator[pl.DataFrame]:
        # Each call begins at the top of the file, so few large ones are made and cut.
        limit = max(at_most, CELLS // len(wanted))
        for start in range(0, rows, limit):
            options = {"usecols": list(wanted), "row_offset": start, "row_limit": limit}
            frame = _read(path, name, how, **options)[0]
            typed = frame.select(_typed(each, stored[each], formats[each], how) for each in wanted)
            for at in range(0, typed.height, at_most):
                yield typed.slice(at, at_most)

    return MicrodataFile(name=name, files=(path,), rows=rows, columns=columns, read=read)


def _read(path: Path, name: str, how: _Format, **options: Any) -> tuple[pl.DataFrame, Any]:
    """Call the reader, its errors in our words."""
    library = _library(name)
    try:
        frame, about = getattr(library, how.function)(
            path,
            output_format="polars",
            user_missing=how.user_missing,
            disable_datetime_conversion=True,
            **options,
        )
    except (library.ReadstatError, library.PyreadstatError, OSError, ValueError) as error:
        raise unreadable(name, how.kind, error) from error
    return frame, about


def _column(name: str, about: Any, how: _Format) -> Column:
    """Return what the file says of one column."""
    form = about.original_variable_types[name] or ""
    is_text = about.readstat_variable_types[name] == "string"
    dated = not is_text and (how.date.match(form) or how.moment.match(form))
    labels = about.variable_value_labels.get(name) or {}
    missing: list[Code] = []
    ranges: list[tuple[float, float]] = []
    for each in (about.missing_ranges or {}).get(name, []):
        low, high = each["lo"], each["hi"]
        if low == high:
            missing.append(low)
        else:
            ranges.append((float(low), float(high)))
    return Column(
        name=name,
        kind="text" if is_text else "other" if dated else "number",
        label=about.column_names_to_labels.get(name) or "",
        labels=_labels(labels, is_text=is_text),
        missing=tuple(missing),
        missing_ranges=tuple(ranges),
    )


def _labels(labels: Mapping[Any, str], *, is_text: bool) -> dict[str, str]:
    """Return labels by the code as text; those of Stata's letters for not known are left out."""
    return {
        code_text(code): words
        for code, words in labels.items()
        if is_text or not isinstance(code, str)
    }


def _typed(name: str, stored: str, form: str, how: _Format) -> pl.Expr:
    """Return a column in the type it has in every batch."""
    cells = pl.col(name)
    if stored == "string":
        text = cells.cast(pl.String)
        return pl.when(text != "").then(text).alias(name)
    number = cells.cast(pl.Float64).fill_nan(None)
    if how.date.match(form):
        return ((number / how.unit).floor() - how.days).cast(pl.Int32, strict=False).cast(pl.Date)
    if how.moment.match(form):
        since = number * how.milliseconds - how.days * SECONDS * 1_000
        return since.round().cast(pl.Int64, strict=False).cast(pl.Datetime("ms"))
    return cells.cast(pl.Int64) if stored.startswith("int") else number


def _count(path: Path, name: str, how: _Format, columns: list[str]) -> int:
    """Return the number of rows of a file that does not say it."""
    rows = 0
    options = {"usecols": columns, "row_limit": CELLS}
    while found := _read(path, name, how, row_offset=rows, **options)[0].height:
        rows += found
    return rows


def _library(name: str) -> ModuleType:
    """Return pyreadstat.

    Raises
    ------
    Unavailable
        If it is not installed.
    """
    try:
        import pyreadstat  # noqa: PLC0415  # part of an extra
    except ImportError as error:
        raise Unavailable(
            f"{name} is a Stata or SPSS file, and what reads them is not part of this "
            "installation: install everycount[survey]"
        ) from error
    found: ModuleType = pyreadstat
    return found
