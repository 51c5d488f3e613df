"""Codes for characteristics that no dimension is for: generated from their words, with labels."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence

import polars as pl

from everycount.model.codes import TOTAL, Code

BETWEEN, JOIN = "--", "---"
"""Marks between a characteristic and its value, and between two of them; in no other code."""
LONGEST = 60
"""Characters of one part that are kept; SDMX sets no limit, file names and people do."""


def part_code(words: str) -> str:
    """Return a code made from words: the same words always give the same code.

    Capitals and spaces do not count. Where letters are lost (accents, other scripts, signs) a
    digest of the words follows, so that different words never share a code.

    Examples
    --------
    >>> part_code("Ethnic group"), part_code("Kinh"), part_code("Ba Na")
    ('ETHNIC_GROUP', 'KINH', 'BA_NA')
    >>> part_code("Tày") == part_code("Tay")
    False
    """
    plain = " ".join(unicodedata.normalize("NFC", words).split())
    bare = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    code = re.sub(r"[^A-Z0-9]+", "_", bare.upper()).strip("_")[:LONGEST].strip("_")
    if code and code == plain.upper().replace(" ", "_"):
        return code
    digest = hashlib.sha256(plain.casefold().encode()).hexdigest()[:6].upper()
    return f"{code}_{digest}" if code else f"X_{digest}"


def custom_code(parts: Mapping[str, str]) -> str:
    """Return the code of a breakdown by one or several characteristics.

    Examples
    --------
    >>> custom_code({"Ethnic group": "Kinh", "Migration": "Internal"})
    'ETHNIC_GROUP--KINH---MIGRATION--INTERNAL'
    >>> custom_code({})
    '_T'
    """
    named = [f"{part_code(name)}{BETWEEN}{part_code(value)}" for name, value in parts.items()]
    return JOIN.join(sorted(named)) or TOTAL


def custom_codes(
    table: pl.DataFrame,
    columns: Sequence[str],
    *,
    totals: Sequence[str] = (),
    words: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[pl.Series, tuple[Code, ...]]:
    """Return the code of each row's breakdown by `columns`, and what the codes mean.

    Parameters
    ----------
    table : DataFrame
        Text; an empty cell is the total over that characteristic.
    columns : sequence of str
        Characteristics, by the names that people read.
    totals : sequence of str
        Further texts that mean the total.
    words : mapping, optional
        What labels say in place of a cell's text, by column; for the empty text what they say in
        place of the column's name.

    Returns
    -------
    Series, tuple of Code
        ``_T`` where every characteristic is the total. Labels are the texts of the table.

    Examples
    --------
    >>> rows = pl.DataFrame({"Region": ["North", None], "Cause": ["Illness", None]})
    >>> column, codes = custom_codes(rows, ["Region", "Cause"])
    >>> column.to_list(), codes[0].name["en"]
    (['CAUSE--ILLNESS---REGION--NORTH', '_T'], 'Cause: Illness; Region: North')
    """
    names = list(columns)
    cells = {name: pl.col(name).str.strip_chars() for name in names}
    known = table.select(
        pl.when(~cell.is_in(["", TOTAL, *totals])).then(cell).alias(name)
        for name, cell in cells.items()
    )
    distinct = known.unique(maintain_order=True)
    codes, labels = [], []
    for values in distinct.iter_rows():
        parts = {name: text for name, text in zip(names, values, strict=True) if text is not None}
        codes.append(custom_code(parts))
        labels.append(_label(parts, words or {}))
    found = distinct.with_columns(pl.Series("\0code", codes, dtype=pl.String))
    column = known.join(found, on=names, how="left", nulls_equal=True, maintain_order="left")
    meant = {
        code: Code(id=code, name={"en": label})
        for code, label in zip(codes, labels, strict=True)
        if code != TOTAL
    }
    return column["\0code"].alias("CUST_BREAKDOWN"), tuple(meant.values())


def _label(parts: Mapping[str, str], words: Mapping[str, Mapping[str, str]]) -> str:
    """Return what a breakdown is, in words."""
    said = []
    for name in sorted(parts, key=part_code):
        known = words.get(name, {})
        said.append(f"{known.get('', name)}: {known.get(parts[name], parts[name])}")
    return "; ".join(said)
