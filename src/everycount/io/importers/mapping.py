"""Bring the columns of a file to the components of an observation, as a mapping says."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.areas import translate_areas
from everycount.io.fit import ROW
from everycount.io.words import nearest
from everycount.model.codes import Code
from everycount.model.column_mapping import COMPONENTS, Across, ColumnMapping
from everycount.model.observation import AREA, INDICATOR, PERIOD, VALUE
from everycount.model.period import is_period
from everycount.repository.custom_codes import custom_codes

CUSTOM = "CUST_BREAKDOWN"
NAMED = 30
"""Columns that a message names before it only counts them."""


def overlay(general: ColumnMapping, special: ColumnMapping | None) -> ColumnMapping:
    """Return a format's mapping with a user's own laid over it.

    What the user declares wins, key by key; what the user leaves at its usual value stays as
    the format has it.
    """
    if special is None:
        return general
    general = _without(general, special)
    usual = ColumnMapping()
    fields: dict[str, Any] = {}
    for name in ColumnMapping.__slots__:
        mine, theirs = getattr(special, name), getattr(general, name)
        if isinstance(theirs, dict):
            fields[name] = _merge(theirs, mine)
        else:
            fields[name] = mine if mine != getattr(usual, name) else theirs
    return ColumnMapping(**fields)


def _without(general: ColumnMapping, special: ColumnMapping) -> ColumnMapping:
    """Return a format's mapping without what the user says otherwise."""
    declared = {*special.columns, *special.ignored, *special.breakdown}
    targets = {*special.columns.values(), *special.constants}
    return replace(
        general,
        columns={
            name: component
            for name, component in general.columns.items()
            if name not in declared and component not in targets
        },
        constants={name: text for name, text in general.constants.items() if name not in targets},
        breakdown=tuple(name for name in general.breakdown if name not in declared),
    )


def _merge(general: Mapping[str, Any], special: Mapping[str, Any]) -> dict[str, Any]:
    """Return both, the special one's entries where both have one, also one level down."""
    merged = dict(general)
    for key, value in special.items():
        inner = merged.get(key)
        merged[key] = {**inner, **value} if isinstance(inner, dict) else value
    return merged


def demand_mapped(columns: Sequence[str], mapping: ColumnMapping, *, subject: str) -> list[str]:
    """Return the columns that a mapping says nothing of.

    Raises
    ------
    InputError
        With every column that the mapping names and the file does not have.
    """
    named = [*mapping.columns, *mapping.breakdown]
    problems = []
    for name in named:
        if name not in columns:
            near = nearest(name, list(columns))
            hint = f" (perhaps {near!r})" if near else ""
            found = f"columns {', '.join(columns)}"
            problems.append(Problem("header", found, f"a column {name!r}{hint}"))
    across = _across(columns, mapping.across)
    problems += _across_problems(columns, mapping, across)
    if problems:
        raise InputError(subject, problems)
    known = {*named, *mapping.ignored, *across, *COMPONENTS, ROW}
    return [name for name in columns if name not in known]


def _across_problems(
    columns: Sequence[str], mapping: ColumnMapping, found: Mapping[str, str]
) -> list[Problem]:
    """Return what keeps columns from becoming rows."""
    if mapping.across is None:
        return []
    if not found:
        names = ", ".join(name for name in columns if not name.startswith("\0"))
        pattern = f"a column that matches across.pattern {mapping.across.pattern!r}"
        return [Problem("header", f"no column that does; columns are {names}", pattern)]
    dropped = {*mapping.ignored, *mapping.columns, *mapping.breakdown}
    return [
        Problem("header", f"also a column {name}", f"{name} from the columns across only")
        for name in (mapping.across.component, VALUE)
        if name in columns and name not in found and name not in dropped
    ]


class HiddenAreas:
    """Refuses a constant area that would hide the areas of a file, over all of its batches."""

    def __init__(self, mapping: ColumnMapping | None, *, subject: str) -> None:
        self.mapping, self.subject = mapping or ColumnMapping(), subject
        self._seen: dict[str, dict[str, None]] = {}

    def demand_none(self, batch: pl.DataFrame, general: ColumnMapping) -> None:
        """Look at a batch, with the mapping of its format.

        Raises
        ------
        InputError
            If the user declares one area for a file with a column of several.
        """
        area = self.mapping.constants.get(AREA)
        if area is None:
            return
        named = {name for name, component in general.columns.items() if component == AREA} | {AREA}
        said = {*self.mapping.columns, *self.mapping.ignored, *self.mapping.breakdown}
        for name in sorted((named - said) & set(batch.columns)):
            seen = self._seen.setdefault(name, {})
            seen.update(dict.fromkeys(batch[name].drop_nulls().unique(maintain_order=True)))
            if len(seen) > 1:
                cure = (
                    f'[defaults] {AREA} = "{area}" for rows without an area, '
                    f'or ignored = ["{name}"]'
                )
                found = f"[constants] {AREA}, which would hide {', '.join(list(seen)[:3])}"
                raise InputError(self.subject, [Problem(f"column {name}", found, cure)])


def demand_key(components: Sequence[str], columns: Sequence[str], *, subject: str) -> None:
    """Refuse a file without a column for what every observation must have.

    Raises
    ------
    InputError
        With each of indicator, area, period and value that no column is for.
    """
    absent = [name for name in (INDICATOR, AREA, PERIOD, VALUE) if name not in components]
    if VALUE in absent and "VALUE_TEXT" in components:
        absent.remove(VALUE)
    if absent:
        own = [name for name in columns if not name.startswith("\0")]
        expected = f"columns for {', '.join(absent)} (a column mapping may say which ones they are)"
        hints = "".join(f"; {hint}" for hint in _hints(absent, own))
        raise InputError(subject, [Problem("header", f"columns {_listed(own)}", expected + hints)])


def _listed(names: Sequence[str]) -> str:
    """Return names in words; of very many the first."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more}"


def _hints(absent: Sequence[str], columns: Sequence[str]) -> Iterator[str]:
    """Yield what a mapping may say of components that have no column."""
    spelt = {re.sub(r"[\W_]+", "", name).upper(): name for name in columns}
    alike = [
        f'"{spelt[plain]}" = "{name}"'
        for name in absent
        if (plain := name.replace("_", "")) in spelt
    ]
    if alike:
        yield f"perhaps [columns] {', '.join(alike)}"
    if AREA in absent and not any(AREA in each for each in alike):
        yield f'for one area, [defaults] {AREA} = "826" (its M49 number)'
    wide = [name for name in columns if is_period(name)]
    if PERIOD in absent and len(wide) > 1:
        across = f'[across] component = "{PERIOD}"'
        yield f"{wide[0]} to {wide[-1]} look like periods across: {across}"


def map_columns(
    batch: pl.DataFrame,
    mapping: ColumnMapping,
    words: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[pl.DataFrame, tuple[Code, ...]]:
    """Return a batch by component, and the codes that were made for its own breakdowns.

    Parameters
    ----------
    batch : DataFrame
        Text, by the file's own columns.
    mapping : ColumnMapping
        Where components stand.
    words : mapping, optional
        Words for the codes of breakdown columns; see `custom_codes`.

    Returns
    -------
    DataFrame, tuple of Code
        Text by component. The column of the row's number, if there is one, stays.

    Examples
    --------
    >>> mapping = ColumnMapping(columns={"who": "SEX"}, values={"SEX": {"women": "F"}})
    >>> map_columns(pl.DataFrame({"who": ["women", "M"]}), mapping)[0]["SEX"].to_list()
    ['F', 'M']
    """
    made: tuple[Code, ...] = ()
    if mapping.across:
        batch = _turn(batch, mapping.across)
    renamed = {
        name: component for name, component in mapping.columns.items() if name in batch.columns
    }
    own = [name for name in mapping.breakdown if name in batch.columns and name not in renamed]
    breakdown = None
    if own:
        breakdown, made = custom_codes(batch, own, totals=mapping.totals, words=words)
    taken = set(renamed.values()) | set(mapping.constants)
    kept = [c for c in batch.columns if c not in renamed and c not in taken and c not in own]
    table = batch.select(
        *(name for name in kept if name in COMPONENTS or name == ROW),
        *(pl.col(name).alias(component) for name, component in renamed.items()),
    )
    if breakdown is not None:
        table = table.with_columns(breakdown.alias(CUSTOM))
    table = table.with_columns(pl.lit(text).alias(name) for name, text in mapping.constants.items())
    return _translate(table, mapping), made


def _translate(table: pl.DataFrame, mapping: ColumnMapping) -> pl.DataFrame:
    """Return the table with the texts that a mapping knows turned into codes."""
    changes = [
        pl.col(name).str.strip_chars().replace(codes)
        for name, codes in mapping.values.items()
        if name in table.columns
    ]
    table = _fill(table.with_columns(changes), mapping.defaults)
    if AREA in table.columns:
        table = table.with_columns(in_m49(table[AREA], mapping))
    return table


def _fill(table: pl.DataFrame, defaults: Mapping[str, str]) -> pl.DataFrame:
    """Return the table with empty cells, and columns that are not there, filled."""
    filled = [
        pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name)).otherwise(pl.lit(text))
        if name in table.columns
        else pl.lit(text)
        for name, text in defaults.items()
    ]
    return table.with_columns(each.alias(name) for each, name in zip(filled, defaults, strict=True))


def in_m49(areas: pl.Series, mapping: ColumnMapping) -> pl.Series:
    """Return areas in M49 where a mapping says how they are written; others stay.

    Examples
    --------
    >>> in_m49(pl.Series(["NAM", "ARB"]), ColumnMapping(areas="iso3")).to_list()
    ['516', 'ARB']
    """
    if mapping.areas is None or mapping.areas == "own":
        return areas
    if mapping.areas == "m49":
        # M49 is numbers of three digits; spreadsheets and services drop the zeros before them.
        plain = areas.str.strip_chars()
        areas = plain.str.pad_start(3, "0").zip_with(plain.str.contains(r"^\d{1,2}$"), plain)
    return translate_areas(areas, mapping.areas)


def _across(columns: Sequence[str], across: Across | None) -> dict[str, str]:
    """Return the columns to turn into rows, with what their names stand for."""
    if across is None:
        return {}
    found = {name: re.fullmatch(across.pattern, name) for name in columns}
    return {name: (m[1] if m.re.groups else name) for name, m in found.items() if m}


def _turn(batch: pl.DataFrame, across: Across) -> pl.DataFrame:
    """Return a wide batch with one value a row; empty cells have none."""
    names = _across(batch.columns, across)
    index = [name for name in batch.columns if name not in names]
    long = batch.unpivot(list(names), index=index, variable_name=across.component, value_name=VALUE)
    filled = long.filter(pl.col(VALUE).str.strip_chars() != "")
    return filled.with_columns(pl.col(across.component).replace(names))
