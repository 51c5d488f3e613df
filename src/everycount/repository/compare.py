"""Compare two versions of a dataset: figures, attributes and codes that changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from everycount.model.codes import GENERIC, CodeList
from everycount.model.observation import AREA, INDICATOR, OBSERVATION, VALUE
from everycount.repository.parts import ROWS, parts, tell_nobody

OLD = "\0old"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChange:
    """What became of one code between two versions."""

    component: str
    code: str
    change: str
    """added, removed or renamed."""
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Differences:
    """What changed from one version to the next: all rows, or the first that were asked for."""

    added: pl.DataFrame
    """Observations that only the new version has, as it has them."""
    removed: pl.DataFrame
    """Observations that only the old version has, as it had them."""
    revised: pl.DataFrame
    """One row a changed cell: the key, `component`, `old`, `new` as text, and `change`, the
    difference of figures (null where either is missing or no figure)."""
    counts: Mapping[str, int]
    """How many observations were added, removed, had their value or something else revised, are
    unchanged; and how many codes changed."""
    cells: int
    """How many cells changed."""
    codes: tuple[CodeChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether both versions say the same."""
        return not any(count for name, count in self.counts.items() if name != "unchanged")

    def words(self) -> str:
        """Return the counts as a sentence."""
        names = {
            "added": "added",
            "removed": "removed",
            "values": "with another value",
            "attributes": "with other attributes",
            "unchanged": "unchanged",
        }
        parts = [f"{self.counts[name]:,} {words}" for name, words in names.items()]
        codes = f"; {len(self.codes):,} codes changed" if self.codes else ""
        return f"Observations: {', '.join(parts)}{codes}."


def compare_versions(
    old: pl.DataFrame | pl.LazyFrame,
    new: pl.DataFrame | pl.LazyFrame,
    key: Sequence[str] = OBSERVATION.key,
    *,
    old_codes: Mapping[str, CodeList] | None = None,
    new_codes: Mapping[str, CodeList] | None = None,
    most: int | None = None,
    rows: int = ROWS,
    tell: Callable[[float], object] | None = None,
) -> Differences:
    """Return what changed from an old table of observations to a new one.

    Tables that do not fit into memory, such as scans of Parquet files, are compared part by part.

    Parameters
    ----------
    old, new : DataFrame or LazyFrame
        Tables whose `key` identifies a row and is never null. A column that only one of them
        has counts as empty in the other. The order of rows does not matter.
    key : sequence of str
        Columns that identify an observation.
    old_codes, new_codes : mapping of str to CodeList, optional
        Code lists that came with each version, by component. Only codes that the observations
        use are compared, not those such as _T that mean the same everywhere.
    most : int, optional
        The first rows of each table of the result that are kept, if not all; all are counted.
    rows : int, optional
        Rows of both tables that are in memory at a time, or more if a key's first part has more.
    tell : callable, optional
        Called with the share of the work that is done, from 0 to 1.

    Returns
    -------
    Differences
        Rows in the order of the key.

    Examples
    --------
    >>> old = pl.DataFrame({"area": ["A", "B"], "OBS_VALUE": [1.0, 2.0]})
    >>> new = pl.DataFrame({"area": ["B", "C"], "OBS_VALUE": [2.5, 3.0]})
    >>> changes = compare_versions(old, new, ["area"])
    >>> changes.revised.rows()
    [('B', 'OBS_VALUE', '2.0', '2.5', 0.5)]
    >>> changes.words()
    'Observations: 1 added, 1 removed, 1 with another value, 0 with other attributes, 0 unchanged.'
    """
    names, was, now = list(key), old.lazy(), new.lazy()
    together = [name for name in (INDICATOR, AREA) if name in names] or names[:1]
    pieces = parts([was, now], together, rows=rows)
    total, done = sum(part.rows for part in pieces), 0
    found: list[Differences] = []
    for part in pieces:
        found.append(_changes(part.of(was), part.of(now), names))
        if most is not None:
            found = [_merged(found, names, most)]
        done += part.rows
        (tell or tell_nobody)(done / max(total, 1))
    changes = _merged(found, names, most)
    codes = tuple(_code_changes(was, now, old_codes or {}, new_codes or {}))
    return replace(changes, codes=codes, counts={**changes.counts, "codes": len(codes)})


def _changes(old: pl.DataFrame, new: pl.DataFrame, names: Sequence[str]) -> Differences:
    """Return what changed in the observations that memory holds."""
    added = new.join(old, on=names, how="anti")
    removed = old.join(new, on=names, how="anti")
    columns = [name for name in dict.fromkeys([*old.columns, *new.columns]) if name not in names]
    both = _with(new, columns).join(
        _with(old, columns).select(*names, pl.col(columns).name.suffix(OLD)),
        on=names,
        how="inner",
        maintain_order="left_right",
    )
    revised = pl.concat(
        [_no_revisions(both, names), *(_revised(both, name, names) for name in columns)]
    )
    is_same = pl.all_horizontal(
        pl.lit(value=True), *(pl.col(name).eq_missing(pl.col(name + OLD)) for name in columns)
    )
    is_value = pl.col("component") == VALUE
    return Differences(
        added=added,
        removed=removed,
        revised=revised,
        cells=revised.height,
        counts={
            "added": added.height,
            "removed": removed.height,
            "values": revised.filter(is_value).height,
            "attributes": revised.filter(~is_value).select(names).n_unique(),
            "unchanged": int(both.select(is_same).to_series().sum()),
        },
    )


def _merged(found: Sequence[Differences], names: Sequence[str], most: int | None) -> Differences:
    """Return what changed in several parts, in the order of the key: all rows, or the first."""
    return Differences(
        added=_first([each.added for each in found], names, most),
        removed=_first([each.removed for each in found], names, most),
        revised=_first([each.revised for each in found], [*names, "component"], most),
        cells=sum(each.cells for each in found),
        counts={name: sum(each.counts[name] for each in found) for name in found[0].counts},
    )


def _first(tables: Sequence[pl.DataFrame], by: Sequence[str], most: int | None) -> pl.DataFrame:
    rows = pl.concat(tables).sort(by, maintain_order=True)
    return rows if most is None else rows.head(most)


def _with(table: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Return the table with every column, empty where it had none."""
    return table.with_columns(
        pl.lit(None).alias(name) for name in columns if name not in table.columns
    )


def _no_revisions(both: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Return a table of changed cells without rows."""
    columns = {"component": pl.String, "old": pl.String, "new": pl.String, "change": pl.Float64}
    return (
        both.select(key)
        .clear()
        .with_columns(pl.lit(None, kind).alias(name) for name, kind in columns.items())
    )


def _revised(both: pl.DataFrame, name: str, key: Sequence[str]) -> pl.DataFrame:
    """Return the cells of one column that changed."""
    new, old = pl.col(name), pl.col(name + OLD)
    changed = both.filter(new.ne_missing(old))
    is_number = both[name].dtype.is_numeric() and both[name + OLD].dtype.is_numeric()
    difference = (new - old).cast(pl.Float64) if is_number else pl.lit(None, pl.Float64)
    return changed.select(
        *key,
        pl.lit(name).alias("component"),
        old.cast(pl.String).alias("old"),
        new.cast(pl.String).alias("new"),
        difference.alias("change"),
    )


def _code_changes(
    old: pl.LazyFrame,
    new: pl.LazyFrame,
    old_codes: Mapping[str, CodeList],
    new_codes: Mapping[str, CodeList],
) -> Iterator[CodeChange]:
    """Yield the codes that the data began or ceased to use, or that are named otherwise."""
    for component in sorted({*old_codes, *new_codes}):
        was = _labels(old, old_codes, component)
        now = _labels(new, new_codes, component)
        for code in sorted({*was, *now}):
            before, after = was.get(code), now.get(code)
            # A label that only one version gives says nothing of a change.
            is_nameless = None not in (before, after) and "" in (before, after)
            if before == after or is_nameless:
                continue
            change = "added" if before is None else "removed" if after is None else "renamed"
            yield CodeChange(
                component=component, code=code, change=change, old=before or "", new=after or ""
            )


def _labels(
    table: pl.LazyFrame, codes: Mapping[str, CodeList], component: str
) -> Mapping[str, str]:
    """Return the names of the codes that a table uses, but for those that mean total and such."""
    if component not in table.collect_schema():
        return {}
    known = codes[component].by_id if component in codes else {}
    found = table.select(pl.col(component).drop_nulls().unique()).collect(engine="streaming")
    used = map(str, found.to_series())
    return {
        code: "; ".join(
            f"{language}: {words}" for language, words in sorted(known[code].name.items())
        )
        if code in known
        else ""
        for code in used
        if code not in GENERIC
    }
