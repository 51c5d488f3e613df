"""Write the periods of sources as SDMX does: 2013M01 as 2013-01, 2004/05 as 2004/2005."""

import re
from collections.abc import Callable

import polars as pl

NOTE = re.compile(r"\s*\[note \d+\]", re.IGNORECASE)
YEAR = re.compile(r"(\d{4})(?:\.0+)?")
PART = re.compile(r"(\d{4})[ -]?([QSTW])-?(\d{1,2})", re.IGNORECASE)
MONTH = re.compile(r"(\d{4})-?M(\d{1,2})", re.IGNORECASE)
YEARS = re.compile(r"(\d{4})\s*(?:-|–|/|:|to)\s*(\d{4})")
SHORT = re.compile(r"(\d{4})\s*[/–]\s*(\d{2})")
SHORT_OR_MONTH = re.compile(r"(\d{4})-(\d{2})")


def period(text: str) -> str:
    """Return a period as SDMX writes it; a text that is none stays as it is.

    Examples
    --------
    >>> [period(each) for each in ("2000.0", "2013M01", "2000 Q1", "2015-2019", "2004/05")]
    ['2000', '2013-01', '2000-Q1', '2015/2019', '2004/2005']
    """
    plain = NOTE.sub("", text.strip())
    if found := YEAR.fullmatch(plain):
        return found[1]
    if found := MONTH.fullmatch(plain):
        return f"{found[1]}-{int(found[2]):02}"
    if found := PART.fullmatch(plain):
        letter, number = found[2].upper(), int(found[3])
        return (
            f"{found[1]}-{letter}{number:02}" if letter == "W" else f"{found[1]}-{letter}{number}"
        )
    if found := YEARS.fullmatch(plain):
        return _range(found[1], found[2])
    if found := SHORT.fullmatch(plain):
        return _range(found[1], _century(found[1], found[2]))
    return plain


def period_of_years(text: str) -> str:
    """Return a period where 2003-05 means the years from 2003 to 2005, not May 2003.

    Examples
    --------
    >>> period_of_years("2003-05"), period_of_years("2000-01"), period_of_years("2004/05")
    ('2003/2005', '2000/2001', '2004/2005')
    """
    found = SHORT_OR_MONTH.fullmatch(NOTE.sub("", text.strip()))
    return _range(found[1], _century(found[1], found[2])) if found else period(text)


def has_months(texts: pl.Series) -> bool:
    """Tell whether texts such as 2003-05 must be months: in a span of years the second is later.

    Examples
    --------
    >>> has_months(pl.Series(["2003-05", "2004-06"])), has_months(pl.Series(["2012-12"]))
    (False, True)
    """
    found = [SHORT_OR_MONTH.fullmatch(text) for text in texts.unique().drop_nulls()]
    spans = [(int(each[1]) % 100, int(each[2])) for each in found if each]
    return any(end <= start for start, end in spans if start != 99)


def read_periods(column: pl.Series, read: Callable[[str], str] = period) -> pl.Series:
    """Return a column of periods as SDMX writes them; each text is looked at once."""
    known = {text: read(text) for text in column.unique().drop_nulls()}
    return column.replace_strict(known, default=None, return_dtype=pl.String)


def frequencies(periods: pl.Series) -> pl.Series:
    """Return the code of frequency of each period; null where nothing tells, as for years.

    Examples
    --------
    >>> frequencies(pl.Series(["2019", "2019-Q1", "2019-05", "2019-05-31"])).to_list()
    [None, 'Q', 'M', 'D']
    """
    letter = periods.str.extract(r"^\d{4}-([QSTWMD])\d+$", 1)
    parts = periods.str.extract(r"^\d{4}((?:-\d{2}){1,2})$", 1).str.len_chars()
    frame = pl.DataFrame({"letter": letter, "parts": parts})
    dated = pl.col("parts").replace_strict({3: "M", 6: "D"}, return_dtype=pl.String)
    return frame.select(pl.coalesce("letter", dated).alias("FREQ")).to_series()


def _range(first: str, last: str) -> str:
    """Return the years from the first to the last."""
    return f"{first}/{last}" if first < last else first if first == last else f"{first}-{last}"


def _century(first: str, short: str) -> str:
    """Return the year with two digits that follows another: 2004 and 05, 1999 and 00."""
    year = int(first[:2] + short)
    return str(year if year > int(first) else year + 100)
