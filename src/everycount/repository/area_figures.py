"""Old figures for new areas: sums and weighted means over the areas that were merged."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from everycount.errors import MethodError, Problem
from everycount.model.area import Areas
from everycount.model.codes import CodeList
from everycount.model.dataset import Dataset
from everycount.model.observation import AREA, INDICATOR, VALUE
from everycount.repository.succession import became, cover

WEIGHT = "WEIGHT"
"""Column of a table of weights that holds them."""
SHARED = ("UNIT_MEASURE", "UNIT_MULT")
"""What the figures of areas must have in common to be brought together."""
KEPT = (*SHARED, "OBS_STATUS", "CONF_STATUS", "NATURE", "BASE_PER", "APPRAISAL", "SOURCE_DETAIL")
"""Attributes that stay where all figures have the same."""
NEW = "\0new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """What bringing figures to the areas of a day did, in counts of observations."""

    added: int = 0
    """Old ones that went into new ones by adding up."""
    averaged: int = 0
    """Old ones that went into new ones by a weighted mean."""
    made: int = 0
    """New ones."""
    incomplete: int = 0
    """Old ones left out, as not all areas that were merged have a figure or a weight."""
    replaced: int = 0
    """Old ones left out, as the new area already has a figure of its own."""

    def sentences(self) -> tuple[str, ...]:
        """Return the counts in words.

        Examples
        --------
        >>> Succession(added=2, made=1).sentences()
        ('1 new figure made: 2 old ones added up, 0 averaged',)
        """
        said = [
            f"{_figures(self.made, 'new')} made: {self.added:,} old ones added up, "
            f"{self.averaged:,} averaged"
        ]
        if self.incomplete:
            said.append(
                f"left out: {_figures(self.incomplete, 'old')}, as not all areas that were merged "
                "have a figure and a weight"
            )
        if self.replaced:
            said.append(
                f"left out: {_figures(self.replaced, 'old')}, as the new area has its own figure"
            )
        return tuple(said)


def _figures(number: int, kind: str) -> str:
    """Return a number of figures in words."""
    return f"{number:,} {kind} figure{'' if number == 1 else 's'}"


def carry_over(
    dataset: Dataset,
    areas: Areas,
    at: date,
    *,
    additive: Collection[str] = (),
    weights: pl.DataFrame | None = None,
) -> tuple[Dataset, Succession]:
    """Return the figures of areas that are no more as figures of those that followed them.

    Parameters
    ----------
    dataset : Dataset
        Figures of old areas, new ones and others; those of areas that exist on the day and of
        areas that are not in `areas` stay as they are.
    areas : Areas
        Of one country.
    at : date
        The day whose areas are wanted.
    additive : collection of str
        Indicators whose figures add up over areas, such as numbers of persons.
    weights : DataFrame, optional
        REF_AREA, WEIGHT and any other columns of the key that weights differ by, such as
        TIME_PERIOD and SEX: the denominators of all other indicators. Their figures become
        weighted means.

    Returns
    -------
    Dataset, Succession
        A figure is made only where all areas that were merged have one. Bounds, errors and
        comments are not carried over; sample sizes add up.

    Raises
    ------
    MethodError
        If an indicator neither adds up nor has weights, if an area was divided, if weights are
        negative, repeated or without their columns, or if figures to be brought together
        differ in unit.

    Examples
    --------
    See docs/methods/observation-structure.md for when figures may be brought together.
    """
    following = _following(dataset, areas, at)
    new = pl.col(AREA).replace_strict(following, default=None, return_dtype=pl.String)
    old = dataset.table.with_columns(new.alias(NEW))
    moving = old.filter(pl.col(NEW).is_not_null())
    key = [name for name in dataset.structure.key if name != AREA]
    weighed = _weigh(moving, weights, dataset, additive)
    _demand_units(moving, [*key, NEW])
    merged = _merge(weighed, dataset, areas, key)
    staying = old.filter(pl.col(NEW).is_null()).drop(NEW)
    whole = merged.filter(pl.col("\0whole"))
    own = staying.select(dataset.structure.key)
    kept = whole.join(own, on=dataset.structure.key, how="anti", nulls_equal=True)
    counts = Succession(
        added=int(kept.filter(pl.col("\0adds"))["\0count"].sum()),
        averaged=int(kept.filter(~pl.col("\0adds"))["\0count"].sum()),
        made=kept.height,
        incomplete=int(merged.filter(~pl.col("\0whole"))["\0count"].sum()),
        replaced=int(whole["\0count"].sum()) - int(kept["\0count"].sum()),
    )
    table = pl.concat([staying, kept.select(dataset.table.columns)])
    return replace(dataset, table=table, codes=_labelled(dataset, areas)), counts


def _following(dataset: Dataset, areas: Areas, at: date) -> Mapping[str, str]:
    """Return the one area that followed each old area of a table."""
    following, problems = {}, []
    for code in sorted(set(dataset.table[AREA]) & set(areas.by_code)):
        if areas.by_code[code].exists(at):
            continue
        after = became(areas, code, at)
        if len(after) == 1:
            following[code] = after[0].code
            continue
        names = ", ".join(area.code for area in after) or "no area"
        expected = f"one area that has its land on {at}"
        problems.append(Problem(f"area {code}", f"{names} in its place", expected))
    if problems:
        raise MethodError("areas through time", problems)
    return following


def _weigh(
    moving: pl.DataFrame, weights: pl.DataFrame | None, dataset: Dataset, additive: Collection[str]
) -> pl.DataFrame:
    """Return the old figures with their weights, and whether they add up."""
    adds = pl.col(INDICATOR).is_in(list(additive)).alias("\0adds")
    moving = moving.with_columns(adds)
    if weights is None:
        means = moving.filter(~pl.col("\0adds"))[INDICATOR].unique().sort()
        problems = [
            Problem(
                f"indicator {name}",
                "figures of areas that were merged, and no weights",
                "weights, or that its figures add up over areas",
            )
            for name in means
        ]
        if problems:
            raise MethodError("areas through time", problems)
        return moving.with_columns(pl.lit(1.0).alias(WEIGHT))
    problems = list(_faulty_weights(weights, dataset))
    if problems:
        raise MethodError("weights of areas", problems)
    on = [name for name in weights.columns if name != WEIGHT]
    table = weights.with_columns(pl.col(WEIGHT).cast(pl.Float64))
    joined = moving.join(table, on=on, how="left", maintain_order="left")
    return joined.with_columns(pl.when("\0adds").then(1.0).otherwise(WEIGHT).alias(WEIGHT))


def _faulty_weights(weights: pl.DataFrame, dataset: Dataset) -> Iterator[Problem]:
    """Yield what is wrong with a table of weights."""
    for name in (AREA, WEIGHT):
        if name not in weights.columns:
            yield Problem("header", f"columns {', '.join(weights.columns)}", f"a column {name}")
    on = [name for name in weights.columns if name != WEIGHT]
    for name in on:
        if name not in dataset.structure.key:
            yield Problem("header", f"a column {name}", "columns of the key of observations")
    if WEIGHT not in weights.columns:
        return
    bad = weights.filter(~(pl.col(WEIGHT).cast(pl.Float64) >= 0).fill_null(value=False))
    for row in bad.iter_rows(named=True):
        yield Problem(_place(row, on), f"the weight {row[WEIGHT]}", "a number from 0 on")
    for row in weights.filter(weights.select(on).is_duplicated()).unique(on).iter_rows(named=True):
        yield Problem(_place(row, on), "several weights", "one")


def _place(row: Mapping[str, object], names: Collection[str]) -> str:
    """Return the place of a row of weights in words."""
    return ", ".join(f"{name} {row[name]}" for name in names)


def _demand_units(moving: pl.DataFrame, group: list[str]) -> None:
    """Raise an error if figures that are to be brought together differ in unit."""
    differing = moving.group_by(group, maintain_order=True).agg(
        pl.col(name).unique().sort() for name in SHARED
    )
    problems = [
        Problem(
            f"{row[INDICATOR]}, {row[NEW]}, {row['TIME_PERIOD']}",
            f"{name} {', '.join(map(str, row[name]))}",
            "the same for all areas that were merged",
        )
        for name in SHARED
        for row in differing.filter(pl.col(name).list.len() > 1).iter_rows(named=True)
    ]
    if problems:
        raise MethodError("areas through time", problems)


def _merge(weighed: pl.DataFrame, dataset: Dataset, areas: Areas, key: list[str]) -> pl.DataFrame:
    """Return one figure for each new area and whatever else the key tells apart."""
    has_figure = pl.col(VALUE).is_not_null() & pl.col(WEIGHT).is_not_null()
    total = (pl.col(VALUE) * pl.col(WEIGHT)).sum()
    weight = pl.col(WEIGHT).sum()
    value = pl.when(pl.col("\0adds").first()).then(total).otherwise(total / weight)
    same = [
        pl.when(pl.col(name).n_unique() == 1).then(pl.col(name).first()).alias(name)
        for name in KEPT
        if name in dataset.structure.ids
    ]
    size = pl.when(pl.col("SAMPLE_SIZE").null_count() == 0).then(pl.col("SAMPLE_SIZE").sum())
    merged = weighed.group_by([*key, NEW], maintain_order=True).agg(
        value.alias(VALUE),
        *same,
        size.alias("SAMPLE_SIZE"),
        pl.col(AREA).filter(has_figure).sort().alias("\0present"),
        (weight > 0).alias("\0weighs"),
        pl.col("\0adds").first(),
        pl.len().alias("\0count"),
    )
    whole = pl.struct(NEW, "\0present").map_elements(
        lambda each: cover(areas, each[NEW], each["\0present"]) == set(each["\0present"]),
        return_dtype=pl.Boolean,
    )
    distinct = merged.select(NEW, "\0present").unique()
    judged = distinct.with_columns(whole.alias("\0covered"))
    found = merged.join(judged, on=[NEW, "\0present"], how="left", maintain_order="left")
    named = found.rename({NEW: AREA})
    absent = [name for name in dataset.table.columns if name not in named.columns]
    schema = dataset.structure.schema
    return named.with_columns(
        (pl.col("\0covered") & pl.col("\0weighs")).alias("\0whole"),
        *(pl.lit(None, schema[name]).alias(name) for name in absent),
    )


def _labelled(dataset: Dataset, areas: Areas) -> Mapping[str, CodeList]:
    """Return the labels of a dataset with those of all areas of a country."""
    known = dataset.codes.get(AREA) or CodeList(id="CL_AREA", codes=(), is_open=True)
    return {**dataset.codes, AREA: known.extended(areas.codes())}
