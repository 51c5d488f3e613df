"""Unfold observations from the global SDG structure."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from everycount.errors import MethodError, Problem
from everycount.model.codes import TOTAL, Code, CodeList
from everycount.model.dataset import Dataset
from everycount.model.fold_rules import FoldRules
from everycount.model.observation import AREA, OBSERVATION
from everycount.model.sdg import CUSTOM, LABEL, SDG
from everycount.repository.custom_codes import BETWEEN, part_code
from everycount.repository.fold_codes import FOLDED_FROM, read_label, split_parts

SHOWN = 20  # observations named that would stand twice


def unfold(dataset: Dataset, rules: FoldRules, lists: Mapping[str, CodeList]) -> Dataset:
    """Return observations of the global SDG structure in ours: the inverse of `fold`.

    Parameters
    ----------
    dataset : Dataset
        In the structure `SDG`; or as an importer reads a file of that structure, in ours with
        nothing in the dimensions that the global one does not have.
    rules : FoldRules
        The published mapping.
    lists : mapping of str to CodeList
        The shipped code list of each component of observations.

    Returns
    -------
    Dataset
        Notes say what has no place.

    Raises
    ------
    MethodError
        If the dataset has another structure or uses more dimensions, or if observations become
        the same.

    Examples
    --------
    See `everycount.io.fold.unfold_from_sdg`.
    """
    table, meant = _name_custom(_global_table(dataset, rules), dataset)
    table, codes = _split_custom(table, meant, rules, lists)
    table = _move_back(table, rules)
    longer = {code.lstrip("0"): code for code in rules.areas if code.startswith("0")}
    table = table.with_columns(pl.col(AREA).replace(longer))
    unfolded = table.select(
        pl.col(rules.renamed.get(name, name)).alias(name)
        if rules.renamed.get(name, name) in table.columns
        else pl.lit(None, type_).alias(name)
        for name, type_ in OBSERVATION.schema.items()
    )
    _demand_distinct(unfolded)
    back = {new: old for old, new in rules.renamed.items()}
    labels = {back.get(name, name): known for name, known in dataset.codes.items()}
    if AREA in labels:
        padded = tuple(
            replace(
                each, id=longer.get(each.id, each.id), parent=longer.get(each.parent, each.parent)
            )
            for each in labels[AREA].codes
        )
        labels[AREA] = replace(labels[AREA], codes=padded)
    labels.pop(CUSTOM, None)
    return replace(
        dataset,
        table=unfolded,
        structure=OBSERVATION,
        codes={**labels, **codes},
        notes=(*dataset.notes, *_lost(dataset.table)),
    )


def _global_table(dataset: Dataset, rules: FoldRules) -> pl.DataFrame:
    """Return a table under the names of the global structure."""
    if dataset.structure is SDG:
        return dataset.table
    problems = []
    if dataset.structure is not OBSERVATION:
        found = f"the structure {dataset.structure.id}"
        problems.append(Problem("observations", found, f"{SDG.id} or {OBSERVATION.id}"))
    else:
        problems += [
            Problem(name, "codes other than the total", f"none, as {SDG.id} has no {name}")
            for name in rules.generated
            if (dataset.table[name] != TOTAL).any()
        ]
    if problems:
        raise MethodError("unfold", problems)
    table = dataset.table.drop(rules.generated).rename(dict(rules.renamed))
    return table.with_columns(pl.lit(None, pl.String).alias(LABEL))


def _name_custom(
    dimensioned: pl.DataFrame, dataset: Dataset
) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return a table with numbered breakdowns called by their names, and what codes mean."""
    known = dataset.codes[CUSTOM].codes if CUSTOM in dataset.codes else ()
    named = {
        code.id: code.description.removeprefix(FOLDED_FROM)
        for code in known
        if code.description.startswith(FOLDED_FROM)
    }
    meant = {named.get(code.id, code.id): code.name.get("en", code.id) for code in known}
    table = dimensioned.with_columns(pl.col(CUSTOM).replace(named))
    said = table.filter(pl.col(LABEL).is_not_null()).select(CUSTOM, LABEL).unique().sort(pl.all())
    several = said.filter(pl.len().over(CUSTOM) > 1)
    if several.height:
        # A numbered code means what each country says, so one number may mean several things.
        own = [f"{code}{BETWEEN}{part_code(label)}" for code, label in several.iter_rows()]
        renamed = several.with_columns(pl.Series("\0own", own))
        joined = table.join(renamed, on=[CUSTOM, LABEL], how="left", maintain_order="left")
        table = joined.with_columns(pl.coalesce("\0own", CUSTOM).alias(CUSTOM)).drop("\0own")
        meant |= dict(zip(own, several[LABEL], strict=True))
    meant = {**dict(said.iter_rows()), **meant}
    return table, meant


def _split_custom(
    table: pl.DataFrame,
    meant: Mapping[str, str],
    rules: FoldRules,
    lists: Mapping[str, CodeList],
) -> tuple[pl.DataFrame, dict[str, CodeList]]:
    """Return a table with dimensions taken out of the custom breakdown, and their labels."""
    names = rules.generated
    rows = []
    found: dict[str, dict[str, Code]] = {name: {} for name in (CUSTOM, *names)}
    for code in table[CUSTOM].unique().sort():
        rest, parts = split_parts(code, names)
        rows.append((code, rest, *parts.values()))
        label = meant.get(code, "")
        for name, value in parts.items():
            words = read_label(label, name, lists)
            if words and value not in lists[name].by_id:
                found[name].setdefault(value, Code(id=value, name={"en": words}))
        if rest == code and rest != TOTAL and label:
            found[CUSTOM][rest] = Code(id=rest, name={"en": label})
        elif rest in meant:
            found[CUSTOM].setdefault(rest, Code(id=rest, name={"en": meant[rest]}))
    split = pl.DataFrame(
        rows, schema=dict.fromkeys((CUSTOM, "\0rest", *names), pl.String), orient="row"
    )
    joined = table.join(split, on=CUSTOM, how="left", maintain_order="left")
    codes = {
        name: CodeList(id=OBSERVATION.by_id[name].codes, codes=tuple(each.values()), is_open=True)
        for name, each in found.items()
        if each
    }
    return joined.with_columns(pl.col("\0rest").alias(CUSTOM)), codes


def _move_back(table: pl.DataFrame, rules: FoldRules) -> pl.DataFrame:
    """Return a table with codes back in their own dimension where it is free."""
    for name, codes in rules.codes.items():
        for target in dict.fromkeys(target for target, _ in codes.values()):
            here = {new: code for code, (to, new) in codes.items() if to == target}
            goes = pl.col(target).is_in(list(here)) & (pl.col(name) == TOTAL)
            table = table.with_columns(
                pl.when(goes).then(pl.col(target).replace(here)).otherwise(name).alias(name),
                pl.when(goes).then(pl.lit(TOTAL)).otherwise(target).alias(target),
            )
    return table


def _demand_distinct(table: pl.DataFrame) -> None:
    """Raise an error if observations have become the same."""
    key = list(OBSERVATION.key)
    twice = table.filter(table.select(key).is_duplicated()).select(key).unique(maintain_order=True)
    if twice.height:
        problems = [
            Problem(", ".join(map(str, row)), "several observations", "one")
            for row in twice.head(SHOWN).iter_rows()
        ]
        raise MethodError("unfold", problems)


def _lost(table: pl.DataFrame) -> tuple[str, ...]:
    """Return in words which values have no place in observations."""
    names = [name for name in SDG.attributes if name not in OBSERVATION.by_id and name != LABEL]
    counts = {name: table[name].count() for name in names if name in table.columns}
    return tuple(f"cannot unfold: {name}, {n:,} values" for name, n in counts.items() if n)
