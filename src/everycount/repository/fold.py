"""Fold observations to the global SDG structure, and say what has no place there."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import polars as pl

from everycount.errors import MethodError, Problem
from everycount.model.codes import TOTAL, Code, CodeList
from everycount.model.dataset import Dataset
from everycount.model.fold_rules import FoldRules
from everycount.model.observation import AREA, OBSERVATION
from everycount.model.sdg import CUSTOM, LABEL, MANDATORY, SDG
from everycount.repository.fold_codes import join_parts, label_parts, number_codes, split_parts
from everycount.repository.fold_report import FoldReport

CustomCodes = Literal["named", "numbered"]
"""named: codes that say what they are, such as ETHNICITY--KINH; numbered: those of the global
list, C01 to C5000, whose meaning stands in the label."""
FOLDED, WHY = "\0folded", "\0why"
UNREADABLE = "as a code with hyphens at its end or doubled cannot be told apart again"
SAME_AREA = "as the area has the code of another one there"
TWICE = "as another one is the same there"


def fold(
    dataset: Dataset,
    rules: FoldRules,
    lists: Mapping[str, CodeList],
    *,
    custom: CustomCodes = "named",
) -> tuple[Dataset, FoldReport]:
    """Return observations in the global SDG structure.

    Parameters
    ----------
    dataset : Dataset
        Observations.
    rules : FoldRules
        The published mapping.
    lists : mapping of str to CodeList
        The code list of each component, with the labels that came with the data.
    custom : {"named", "numbered"}
        How breakdowns are called that the global structure has no dimension for.

    Returns
    -------
    Dataset, FoldReport
        The code lists of the dataset say what the custom breakdowns mean.

    Raises
    ------
    MethodError
        If the dataset has another structure, or more custom breakdowns than there are numbers.

    Examples
    --------
    See `everycount.io.fold.fold_to_sdg`.
    """
    if dataset.structure is not OBSERVATION:
        found = f"the structure {dataset.structure.id}"
        raise MethodError("fold", [Problem("observations", found, OBSERVATION.id)])
    table, moved = _move_codes(dataset.table, rules)
    table, codes = _join_custom(table, rules, lists)
    table = _number_areas(table, rules)
    first = pl.struct(pl.col(AREA, CUSTOM, *_others(rules))).is_first_distinct()
    alone = pl.when(pl.col(WHY).is_null() & ~first).then(pl.lit(TWICE)).otherwise(WHY)
    table = table.with_columns(alone.alias(WHY))
    kept = table.filter(pl.col(WHY).is_null())
    if custom == "numbered":
        numbered = number_codes(codes[code] for code in _used(kept))
        names = {code: new.id for code, new in numbered.items()}
        kept = kept.with_columns(pl.col(CUSTOM).replace(names))
        codes = {new.id: new for new in numbered.values()}
    folded = _arrange(kept, rules, codes)
    report = FoldReport(
        observations=dataset.table.height,
        folded=folded.height,
        moved=moved,
        lost=_counted({name: dataset.table[name].count() for name in rules.lost}),
        left_out=_reasons(table, WHY),
        altered=_reasons(kept, "\0altered"),
        missing=_counted({name: folded[name].null_count() for name in MANDATORY}),
    )
    used = tuple(codes[code] for code in _used(kept))
    return (
        replace(
            dataset,
            table=folded,
            structure=SDG,
            codes=_folded_lists(dataset, rules, used),
            notes=(*dataset.notes, *report.sentences()),
        ),
        report,
    )


def _move_codes(table: pl.DataFrame, rules: FoldRules) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return a table with codes moved that have their own code elsewhere, and how many moved."""
    moved = {name: table.filter(pl.col(name) != TOTAL).height for name in rules.generated}
    table = table.with_columns(pl.lit(None, pl.String).alias("\0altered"))
    for name, codes in rules.codes.items():
        for target in dict.fromkeys(target for target, _ in codes.values()):
            there = {code: new for code, (to, new) in codes.items() if to == target}
            goes = pl.col(name).is_in(list(there)) & (pl.col(target) == TOTAL)
            comes = pl.col(target).is_in(list(there.values())) & (pl.col(name) == TOTAL)
            why = f"as {target} already says {name}"
            table = table.with_columns(
                pl.when(comes).then(pl.lit(why)).otherwise("\0altered").alias("\0altered"),
                pl.when(goes).then(pl.col(name).replace(there)).otherwise(target).alias(target),
                pl.when(goes).then(pl.lit(TOTAL)).otherwise(name).alias(name),
            )
    return table, _counted(moved)


def _join_custom(
    table: pl.DataFrame, rules: FoldRules, lists: Mapping[str, CodeList]
) -> tuple[pl.DataFrame, dict[str, Code]]:
    """Return a table whose custom breakdown holds the other dimensions, and what codes mean."""
    names = [CUSTOM, *rules.generated]
    distinct = table.select(names).unique(maintain_order=True)
    folded, reasons, altered = [], [], []
    codes: dict[str, Code] = {}
    for own, *rest in distinct.iter_rows():
        parts = dict(zip(rules.generated, rest, strict=True))
        code = join_parts(own, parts)
        is_same = split_parts(code, rules.generated) == (own, parts)
        has_parts = any(each != TOTAL for each in rest)
        folded.append(code)
        reasons.append(UNREADABLE if has_parts and not is_same else None)
        altered.append(None if has_parts or is_same else f"as {CUSTOM} already says a dimension")
        known = lists[CUSTOM].by_id.get(own) if CUSTOM in lists and not has_parts else None
        codes[code] = known or Code(id=code, name=label_parts(own, parts, lists))
    found = distinct.with_columns(
        pl.Series(FOLDED, folded, pl.String),
        pl.Series(WHY, reasons, pl.String),
        pl.Series("\0otherwise", altered, pl.String),
    )
    joined = table.join(found, on=names, how="left", maintain_order="left")
    return joined.with_columns(
        pl.col(FOLDED).alias(CUSTOM), pl.coalesce("\0altered", "\0otherwise").alias("\0altered")
    ), codes


def _number_areas(table: pl.DataFrame, rules: FoldRules) -> pl.DataFrame:
    """Return a table with areas as numbers; those whose code would be another's get a reason."""
    numbers = {code: code.lstrip("0") for code in rules.areas if code.startswith("0")}
    is_taken = pl.col(AREA).is_in(list(numbers.values()))
    return table.with_columns(
        pl.when(is_taken).then(pl.lit(SAME_AREA)).otherwise(WHY).alias(WHY),
        pl.when(~is_taken).then(pl.col(AREA).replace(numbers)).otherwise(AREA).alias(AREA),
    )


def _others(rules: FoldRules) -> list[str]:
    """Return the rest of the key of the other structure, by the names here."""
    back = {new: old for old, new in rules.renamed.items()}
    return [back.get(name, name) for name in SDG.key if name not in {AREA, CUSTOM}]


def _used(table: pl.DataFrame) -> list[str]:
    """Return the custom breakdowns of a table."""
    return [code for code in table[CUSTOM].unique().sort() if code != TOTAL]


def _arrange(table: pl.DataFrame, rules: FoldRules, codes: Mapping[str, Code]) -> pl.DataFrame:
    """Return the columns of the other structure."""
    back = {new: old for old, new in rules.renamed.items()}
    labels = {code.id: code.name["en"] for code in codes.values() if code.name["en"] != code.id}
    label = pl.col(CUSTOM).replace_strict(labels, default=None, return_dtype=pl.String)
    told = table.with_columns(pl.when(pl.col(CUSTOM) != TOTAL).then(label).alias(LABEL))
    return told.select(
        pl.col(back.get(name, name)).alias(name)
        if back.get(name, name) in told.columns
        else pl.lit(None, type_).alias(name)
        for name, type_ in SDG.schema.items()
    )


def _folded_lists(
    dataset: Dataset, rules: FoldRules, custom: tuple[Code, ...]
) -> dict[str, CodeList]:
    """Return the labels of a dataset under the names and codes of the other structure."""
    folded = {
        rules.renamed.get(name, name): known
        for name, known in dataset.codes.items()
        if rules.renamed.get(name, name) in SDG.by_id and name != CUSTOM
    }
    if AREA in folded:
        folded[AREA] = replace(folded[AREA], codes=tuple(_short(folded[AREA], rules)))
    if custom:
        folded[CUSTOM] = CodeList(id=SDG.by_id[CUSTOM].codes, codes=custom, is_open=True)
    return folded


def _short(areas: CodeList, rules: FoldRules) -> list[Code]:
    """Return the labels of areas by number, each once."""
    short: dict[str, Code] = {}
    for code in areas.codes:
        id, parent = (
            each.lstrip("0") if each in rules.areas else each for each in (code.id, code.parent)
        )
        short.setdefault(id, replace(code, id=id, parent=parent))
    return list(short.values())


def _reasons(table: pl.DataFrame, column: str) -> dict[str, int]:
    """Return how often each reason stands in a column."""
    return dict(table[column].drop_nulls().value_counts().sort(column).iter_rows())


def _counted(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts that are not zero."""
    return {name: count for name, count in counts.items() if count}
