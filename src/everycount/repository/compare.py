"""Compare two versions of a dataset: figures, attributes and codes that changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from everycount.model.codes import GENERIC, CodeList
from everycount.model.observation import OBSERVATION, VALUE

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
    """What changed from one version to the next."""

    added: pl.DataFrame
    """Observations that only the new version has, as it has them."""
    removed: pl.DataFrame
    """Observations that only the old version has, as it had them."""
    revised: pl.DataFrame
    """One row a changed cell: the key, `component`, `old`, `new` as text, and `change`, the
    difference of figures (null where either is missing or no figure)."""
    unchanged: int
    codes: tuple[CodeChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether both versions say the same."""
        tables = (self.added, self.removed, self.revised)
        return not any(table.height for table in tables) and not self.codes

    @property
    def counts(self) -> Mapping[str, int]:
        """How many observations were added, removed, had their value or something else revised."""
        key = self.revised.columns[:-4]
        is_value = pl.col("component") == VALUE
        return {
            "added": self.added.height,
            "removed": self.removed.height,
            "values": self.revised.filter(is_value).height,
            "attributes": self.revised.filter(~is_value).select(key).n_unique(),
            "unchanged": self.unchanged,
            "codes": len(self.codes),
        }

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
    old: pl.DataFrame,
    new: pl.DataFrame,
    key: Sequence[str] = OBSERVATION.key,
    *,
    old_codes: Mapping[str, CodeList] | None = None,
    new_codes: Mapping[str, CodeList] | None = None,
) -> Differences:
    """Return what changed from an old table of observations to a new one.

    Parameters
    ----------
    old, new : DataFrame
        Tables whose `key` identifies a row and is never null. A column that only one of them
        has counts as empty in the other. The order of rows does not matter.
    key : sequence of str
        Columns that identify an observation.
    old_codes, new_codes : mapping of str to CodeList, optional
        Code lists that came with each version, by component. Only codes that the observations
        use are compared, not those such as _T that mean the same everywhere.

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
    names = list(key)
    added = new.join(old, on=names, how="anti").sort(names)
    removed = old.join(new, on=names, how="anti").sort(names)
    columns = [name for name in dict.fromkeys([*old.columns, *new.columns]) if name not in names]
    both = _with(new, columns).join(
        _with(old, columns).select(*names, pl.col(columns).name.suffix(OLD)), on=names, how="inner"
    )
    both = both.sort(names)
    revised = [_revised(both, name, names) for name in columns]
    is_same = both.select(
        pl.all_horizontal(
            pl.lit(value=True), *(pl.col(name).eq_missing(pl.col(name + OLD)) for name in columns)
        )
    ).to_series()
    return Differences(
        added=added,
        removed=removed,
        revised=pl.concat([_no_revisions(both, names), *revised]).sort([*names, "component"]),
        unchanged=int(is_same.sum()),
        codes=tuple(_code_changes(old, new, old_codes or {}, new_codes or {})),
    )


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
    old: pl.DataFrame,
    new: pl.DataFrame,
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
    table: pl.DataFrame, codes: Mapping[str, CodeList], component: str
) -> Mapping[str, str]:
    """Return the names of the codes that a table uses, but for those that mean total and such."""
    if component not in table.columns:
        return {}
    known = codes[component].by_id if component in codes else {}
    used = (str(code) for code in table[component].unique().drop_nulls())
    return {
        code: "; ".join(
            f"{language}: {words}" for language, words in sorted(known[code].name.items())
        )
        if code in known
        else ""
        for code in used
        if code not in GENERIC
    }
