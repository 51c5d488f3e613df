"""Labels in SDMX-CSV: beside the codes in one cell (``F: Female``), or in columns of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from everycount.io.fit import ROW
from everycount.model.codes import Code
from everycount.model.observation import OBSERVATION

BOTH = r"(?s)^([A-Za-z0-9_@$\-.+]+):\s+(.*)$"
"""A code and its label in one cell (SDMX-CSV 2.0, labels=both)."""
LANGUAGE = "en"
"""The format does not say in which language labels are; it is what was asked for, English where
nothing was."""
NAMED = "STRUCTURE_NAME"
"""Stands in the header where every column of codes has one of names behind it (labels=name)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Labelled:
    """A table of codes, and what they mean."""

    table: pl.DataFrame
    names: Mapping[str, str] = field(default_factory=dict)
    """What people call a concept, by column."""
    labels: Mapping[str, Mapping[str, Code]] = field(default_factory=dict)
    """Codes with their names, by column."""


def read_labels(
    table: pl.DataFrame, names: Mapping[str, str], *, special: frozenset[str]
) -> Labelled:
    """Return a table with codes alone, and the labels apart.

    Parameters
    ----------
    table : DataFrame
        Text, by concept.
    names : mapping of str to str
        Names that stood in the header, by concept.
    special : frozenset of str
        Columns that hold no values.

    Returns
    -------
    Labelled

    Examples
    --------
    >>> found = read_labels(
    ...     pl.DataFrame({"SEX": ["F: Female", "M: Male"]}), {"SEX": "Sex"}, special=frozenset()
    ... )
    >>> found.table["SEX"].to_list(), found.labels["SEX"]["F"].name["en"]
    (['F', 'M'], 'Female')
    """
    if NAMED in table.columns:
        return _read_pairs(table, special)
    found = {name: _split(table[name], name) for name in names if name not in special}
    split = {name: parts for name, parts in found.items() if parts is not None}
    columns = [codes.alias(name) for name, (codes, _) in split.items()]
    labels = {name: _label(codes, words) for name, (codes, words) in split.items()}
    return Labelled(table=table.with_columns(columns), names=names, labels=labels)


def _split(cells: pl.Series, name: str) -> tuple[pl.Series, pl.Series] | None:
    """Return codes and labels of a column, or None where it holds texts."""
    component = OBSERVATION.by_id.get(name)
    codes, words = cells.str.extract(BOTH, 1), cells.str.extract(BOTH, 2)
    is_both = codes.is_not_null() & cells.is_not_null()
    if not is_both.any():
        return None
    if component is not None and component.kind != "code":
        # A text may hold a colon of its own; 12.4: 12.4 is a value with itself as label.
        same = (codes == words).fill_null(value=False)
        return codes.zip_with(same, cells), words.set(~same, None)
    if component is None and not (is_both | cells.is_null()).all():
        return None
    return codes.zip_with(is_both, cells), words


def _read_pairs(table: pl.DataFrame, special: frozenset[str]) -> Labelled:
    """Return the columns of codes, with the names in the columns behind them as labels."""
    columns = [name for name in table.columns if name not in special and name != ROW]
    pairs = dict(zip(columns[::2], columns[1::2], strict=False))
    labels = {
        code: _label(table[code], table[name])
        for code, name in pairs.items()
        if code not in OBSERVATION.by_id or OBSERVATION.by_id[code].kind == "code"
    }
    return Labelled(table=table.drop(pairs.values()), names=pairs, labels=labels)


def _label(codes: pl.Series, words: pl.Series) -> dict[str, Code]:
    """Return each code with its label."""
    distinct = pl.DataFrame({"code": codes, "label": words}).drop_nulls().unique("code")
    return {
        code: Code(id=code, name={LANGUAGE: label}) for code, label in distinct.sort("code").rows()
    }
