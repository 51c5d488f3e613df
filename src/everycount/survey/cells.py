"""Cells of one column of microdata: as numbers, as codes, and which of them are missing."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.model.conditions import Code, Condition, code_text
from everycount.model.microdata import Column

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
SHORT = 10_000
"""Range of whole numbers up to which codes are looked up in a table instead of searched for."""


def as_codes(series: pl.Series) -> pl.Series:
    """Return a column in which equal codes are equal: whole numbers, or else text.

    Numbers that are all whole become integers, other numbers and everything else text as
    `code_text` writes it, so that 1, 1.0 and "1" are one code, and "A" and " A".

    Examples
    --------
    >>> as_codes(pl.Series([1.0, None, 2.0])).to_list()
    [1, None, 2]
    """
    if series.dtype.is_integer():
        return series
    if series.dtype.is_numeric():  # decimals too
        kept = series.cast(pl.Float64).fill_nan(None)
        whole = kept.drop_nulls()
        if bool((whole == whole.round()).all()) and bool((whole.abs() < 2**53).all()):
            return kept.cast(pl.Int64)
        texts = {value: code_text(value) for value in kept.unique().drop_nulls().to_list()}
        return kept.replace_strict(texts, default=None, return_dtype=pl.String)
    return _tidied(series.cast(pl.String))


def _tidied(texts: pl.Series) -> pl.Series:
    """Return text as `code_text` writes it, null where there is none."""
    values = texts.unique().drop_nulls()
    tidy = values.str.strip_chars().str.normalize("NFC").replace("", None)
    if tidy.equals(values, null_equal=True):  # as nearly always
        return texts
    return texts.replace_strict(values, tidy, default=None, return_dtype=pl.String)


def look_up(codes: pl.Series, positions: Mapping[str, int], *, other: int) -> IntArray:
    """Return the position of each code, -1 where the cell is empty and `other` for unknown codes.

    Parameters
    ----------
    codes : Series
        From `as_codes`.
    positions : mapping
        Position by the code as text.
    other : int
        Position of every other code.

    Examples
    --------
    >>> look_up(pl.Series([2, None, 9]), {"1": 0, "2": 1}, other=-2).tolist()
    [1, -1, -2]
    """
    if codes.dtype.is_integer() and codes.len() > codes.null_count():
        low, high = int(codes.min()), int(codes.max())  # type: ignore[arg-type]
        if high - low < SHORT:
            table = np.full(high - low + 1, other, dtype=np.int64)
            for text, position in positions.items():
                if _is_whole(text) and low <= int(text) <= high:
                    table[int(text) - low] = position
            return _from_table(codes, low, table)
    texts = codes.cast(pl.String)
    found = texts.replace_strict(dict(positions), default=other, return_dtype=pl.Int64)
    return np.where(texts.is_null().to_numpy(), -1, found.fill_null(-1).to_numpy())


def _from_table(codes: pl.Series, low: int, table: IntArray) -> IntArray:
    """Return the position of whole numbers from a table that begins at the lowest of them."""
    is_empty = codes.is_null().to_numpy() if codes.null_count() else None
    if codes.dtype == pl.UInt64:  # which may not fit into other integers
        codes = codes - low
        low = 0
    filled = codes if is_empty is None else codes.fill_null(low)
    places: IntArray = filled.to_numpy().astype(np.int64)
    places -= low
    if np.array_equal(table, np.arange(table[0], table[0] + len(table))):
        places += table[0]  # levels in the order of their codes, as most are: nothing to look up
    else:
        places = table.take(places, mode="clip")  # nothing is clipped; it is the fast mode
    if is_empty is not None:
        places[is_empty] = -1
    return places


def _is_whole(text: str) -> bool:
    """Tell whether a text is a whole number written as `code_text` writes it."""
    return text.removeprefix("-").isdecimal() and str(int(text)) == text


def as_numbers(series: pl.Series) -> tuple[FloatArray, BoolArray]:
    """Return a column as numbers, NaN where there is none, and which cells hold something else.

    Infinity is no number. The array may be that of the column and must not be changed.

    Examples
    --------
    >>> as_numbers(pl.Series(["1.5", None, "many"]))
    (array([1.5, nan, nan]), array([False, False,  True]))
    """
    if series.dtype.is_numeric() or series.dtype == pl.Boolean:
        numbers = _floats(series.cast(pl.Float64))
        if series.dtype.is_integer():
            return numbers, np.zeros(len(numbers), dtype=np.bool_)
        is_strange = np.isinf(numbers)
    else:
        texts = series.cast(pl.String).replace("", None)
        numbers = _floats(texts.str.strip_chars().cast(pl.Float64, strict=False))
        is_strange = texts.is_not_null().to_numpy() & ~np.isfinite(numbers)
    return np.where(is_strange, np.nan, numbers) if is_strange.any() else numbers, is_strange


def _floats(series: pl.Series) -> FloatArray:
    """Return a column of floats, NaN for empty cells."""
    return (series.fill_null(np.nan) if series.null_count() else series).to_numpy()


def is_missing(series: pl.Series, column: Column, more: Iterable[Code] = ()) -> BoolArray:
    """Tell for each cell whether its value is not known.

    That is so for an empty cell or one of blanks, for NaN, for a code or range that the file
    declares, and for the codes of `more`.
    """
    missing = np.zeros(len(series), dtype=np.bool_)
    if series.null_count():
        missing |= series.is_null().to_numpy()
    if series.dtype.is_float():
        missing |= np.isnan(_floats(series))
    if series.dtype == pl.String:
        missing |= (series.str.strip_chars() == "").fill_null(value=False).to_numpy()
    codes = {code_text(code) for code in (*column.missing, *more)}
    if codes:
        missing |= look_up(as_codes(series), dict.fromkeys(codes, 1), other=0) == 1
    if column.missing_ranges:
        numbers, _ = as_numbers(series)
        for low, high in column.missing_ranges:
            missing |= (numbers >= low) & (numbers <= high)
    return missing


def universe(
    frame: pl.DataFrame, conditions: Iterable[Condition], column_of: Callable[[str], Column]
) -> tuple[BoolArray, BoolArray]:
    """Tell for each row whether it meets all conditions, and whether nobody can say.

    Nobody can where a condition asks for a value that is not known, or for a number where there is
    text, and no other condition rules the row out.

    Parameters
    ----------
    frame : DataFrame
        Rows, with the columns of the conditions.
    conditions : iterable of Condition
        All must hold.
    column_of : callable
        Takes a name and returns what the file says of that column.

    Examples
    --------
    >>> rows = pl.DataFrame({"age": ["20", "12", "abc", None]})
    >>> adults = [Condition(column="age", at_least=18)]
    >>> universe(rows, adults, lambda name: Column(name=name, kind="text"))
    (array([ True, False, False, False]), array([False, False,  True,  True]))
    """
    inside = np.ones(len(frame), dtype=np.bool_)
    outside = np.zeros(len(frame), dtype=np.bool_)
    for each in conditions:
        belongs, unknown = meets(frame[each.column], each, column_of(each.column))
        inside &= belongs
        outside |= ~(belongs | unknown)
    return inside, ~(inside | outside)


def meets(series: pl.Series, condition: Condition, column: Column) -> tuple[BoolArray, BoolArray]:
    """Tell for each cell whether it meets a condition, and whether nobody can say.

    Nobody can of a value that is not known, nor of text where a number is asked for.

    Examples
    --------
    >>> ages, column = pl.Series([14, 15, None]), Column(name="age", kind="number")
    >>> meets(ages, Condition(column="age", at_least=15), column)
    (array([False,  True, False]), array([False, False,  True]))
    """
    unknown = is_missing(series, column)
    belongs = ~unknown
    if condition.among:
        wanted = {code_text(code): 1 for code in condition.among}
        belongs &= look_up(as_codes(series), wanted, other=0) == 1
    if condition.at_least is not None or condition.at_most is not None:
        numbers, strange = as_numbers(series)
        unknown = unknown | strange
        if condition.at_least is not None:
            belongs &= numbers >= condition.at_least
        if condition.at_most is not None:
            belongs &= numbers <= condition.at_most
    return belongs, unknown
