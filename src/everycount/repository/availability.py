"""Availability of data, itself a statistic: collected, by sex, up to date, open."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from everycount.model.codes import TOTAL
from everycount.model.dataset import Dataset
from everycount.model.framework import Framework
from everycount.model.observation import AREA, BREAKDOWNS, INDICATOR, PERIOD, VALUE
from everycount.repository.check import cited
from everycount.repository.check_coverage import dimension_of

RECENT = 5
"""Years back from today, this one included, within which a newest figure is up to date. ODIN and
the SDG gender monitors of UN Women count five years."""
OPEN = (
    "CC0-", "CC-BY-", "ODBL-", "ODC-BY-", "PDDL-", "OGL-", "ETALAB-", "NLOD-", "DL-DE-BY-",
    "DL-DE-ZERO-",
)  # fmt: skip
"""How SPDX identifiers of licences that conform with the Open Definition 2.1 begin, in capitals."""
CLOSED = ("-NC", "-ND")
"""Parts of an identifier that make a licence not open: no commercial use, no derivatives."""
FLAGS = ("collected", "by_sex", "up_to_date", "is_open")
WORDS = {
    "collected": "has figures",
    "by_sex": "has figures for women and for men",
    "up_to_date": "newest figure is recent",
    "is_open": "under an open licence",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Availability:
    """Which indicators of a framework have data, for which areas and breakdowns."""

    framework: str
    indicators: pl.DataFrame
    """One row for each area and indicator of the framework: `REF_AREA`, `INDICATOR` (its key),
    `collected`, `by_sex`, `up_to_date`, `is_open`, `first`, `newest` (years), `periods` (their
    number), `breakdowns` (those there are), `lacking` (those asked for and not there)."""
    periods: pl.DataFrame
    """One row for each area, indicator and year with figures: `collected` and `by_sex`."""
    since: int
    """The year from which a figure is up to date."""

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas, in order."""
        return tuple(self.indicators[AREA].unique(maintain_order=True))

    def counts(self, area: str | None = None) -> Mapping[str, int]:
        """Return how many indicators there are, and how many of them are what.

        For an area, or, without one, how many pairs of area and indicator.
        """
        rows = self.indicators
        if area is not None:
            rows = rows.filter(pl.col(AREA) == area)
        return {"indicators": rows.height, **{flag: int(rows[flag].sum()) for flag in FLAGS}}

    def summary(self) -> pl.DataFrame:
        """Return the counts and shares of every area.

        Returns
        -------
        DataFrame
            `REF_AREA`, `indicators`, and for each flag its count and its share in per cent.
        """
        counts = [pl.col(flag).sum().cast(pl.Int64) for flag in FLAGS]
        shares = [(pl.col(flag).mean() * 100).alias(f"{flag}_share") for flag in FLAGS]
        return self.indicators.group_by(AREA, maintain_order=True).agg(
            pl.len().cast(pl.Int64).alias("indicators"), *counts, *shares
        )

    def sentence(self, area: str, name: str | None = None) -> str:
        """Return the headline of an area in words.

        Parameters
        ----------
        area : str
            Its code.
        name : str, optional
            What people call it.

        Returns
        -------
        str
        """
        found = self.counts(area)
        total = found["indicators"]
        if not total:
            return f"{name or area}: no indicators."
        without = total - found["collected"]

        def told(flag: str) -> str:
            return f"{found[flag]:,} ({found[flag] / total:.0%})"

        have = "has" if found["collected"] == 1 else "have"
        return (
            f"Of {total:,} indicators for {name or area}, {told('collected')} {have} figures and "
            f"{without:,} {'has' if without == 1 else 'have'} none; {told('by_sex')} can be seen "
            f"for women and men, {told('up_to_date')} are up to date ({self.since} or later), "
            f"{told('is_open')} are open."
        )


def availability(
    datasets: Sequence[Dataset],
    framework: Framework,
    *,
    today: date,
    areas: Collection[str] | None = None,
    recent: int = RECENT,
) -> Availability:
    """Return which indicators of a framework have data.

    Parameters
    ----------
    datasets : sequence of Dataset
        All the data there are. What their origins say of licences counts for all of their
        figures; several origins are open when each is.
    framework : Framework
        Its indicators, those that only repeat another left out, are what is counted.
    today : date
        From which it is judged what is recent.
    areas : collection of str, optional
        Codes of areas, also of those without any figure. Those in the data if left out.
    recent : int
        Years back from today, this one included, that count as up to date.

    Returns
    -------
    Availability
        A missing value is no figure; a value in words is one.

    Examples
    --------
    >>> from everycount.io.frameworks import load_framework
    >>> framework = load_framework("un-minimum-set@2021")
    >>> found = availability([], framework, today=date(2026, 1, 1), areas=["704"])
    >>> found.counts("704")["collected"], found.since
    (0, 2022)
    """
    keys = [each.key for each in framework.unique]
    known = _known(datasets, framework)
    if areas is not None:
        known = known.filter(pl.col(AREA).is_in(list(areas)))
    since = today.year - recent + 1
    found = _by_indicator(known, since)
    listed = sorted(known[AREA].unique()) if areas is None else list(dict.fromkeys(areas))
    every = pl.DataFrame({AREA: listed}, schema={AREA: pl.String}).join(
        pl.DataFrame({INDICATOR: keys}, schema={INDICATOR: pl.String}), how="cross"
    )
    table = every.join(found, on=[AREA, INDICATOR], how="left", maintain_order="left")
    table = table.with_columns(
        *(pl.col(flag).fill_null(value=False) for flag in FLAGS),
        pl.col("periods").fill_null(0),
        pl.col("breakdowns").fill_null([]),
    )
    wanted = {each.key: _wanted(framework, each.key) for each in framework.indicators}
    lacking = [
        [asked for asked in wanted[key] if asked not in have]
        for key, have in table.select(INDICATOR, "breakdowns").iter_rows()
    ]
    periods = known.group_by(AREA, INDICATOR, "year").agg(
        pl.lit(value=True).alias("collected"), _by_sex().alias("by_sex")
    )
    return Availability(
        framework=framework.id,
        indicators=table.with_columns(pl.Series("lacking", lacking, dtype=pl.List(pl.String))),
        periods=periods.sort(AREA, INDICATOR, "year"),
        since=since,
    )


def is_open(licence: str) -> bool:
    """Tell whether a licence, by its SPDX identifier, lets everyone use the data for anything.

    Examples
    --------
    >>> is_open("CC BY 4.0"), is_open("CC-BY-NC-4.0"), is_open("ask the ministry")
    (True, False, False)
    """
    known = "-".join(licence.upper().split())
    return known.startswith(OPEN) and not any(part in known for part in CLOSED)


def _known(datasets: Sequence[Dataset], framework: Framework) -> pl.DataFrame:
    """Return the figures of the framework's indicators, each with its year and openness."""
    schema = {INDICATOR: pl.String, AREA: pl.String, **dict.fromkeys(BREAKDOWNS, pl.String)}
    empty = pl.DataFrame(schema={**schema, "year": pl.Int64, "is_open": pl.Boolean})
    return pl.concat([empty, *(_figures(dataset, framework) for dataset in datasets)])


def _figures(dataset: Dataset, framework: Framework) -> pl.DataFrame:
    """Return the figures of one dataset under the keys of the framework's indicators."""
    names = cited(framework, dataset.codes.get(INDICATOR))
    keys = {name: indicator.repeats or indicator.key for name, indicator in names.items()}
    has_figure = pl.col(VALUE).is_not_null() | pl.col("VALUE_TEXT").is_not_null()
    can_be_used = bool(dataset.origins) and all(is_open(o.licence) for o in dataset.origins)
    return dataset.table.filter(has_figure & pl.col(INDICATOR).is_in(list(keys))).select(
        pl.col(INDICATOR).replace(keys),
        AREA,
        *BREAKDOWNS,
        pl.col(PERIOD).str.slice(0, 4).cast(pl.Int64).alias("year"),
        pl.lit(value=can_be_used).alias("is_open"),
    )


def _by_indicator(known: pl.DataFrame, since: int) -> pl.DataFrame:
    """Return what is known of each area and indicator."""
    parts = [pl.when(pl.col(name) != TOTAL).then(pl.lit(name)) for name in BREAKDOWNS]
    combined = pl.concat_str(parts, separator=" x ", ignore_nulls=True)
    singles = [
        pl.when((pl.col(name) != TOTAL).any()).then(pl.lit(name)).alias(f"\0{name}")
        for name in BREAKDOWNS
    ]
    found = known.group_by(AREA, INDICATOR).agg(
        pl.lit(value=True).alias("collected"),
        _by_sex().alias("by_sex"),
        (pl.col("year").max() >= since).alias("up_to_date"),
        pl.col("is_open").any(),
        pl.col("year").min().alias("first"),
        pl.col("year").max().alias("newest"),
        pl.col("year").n_unique().cast(pl.Int64).alias("periods"),
        combined.unique().alias("\0combined"),
        *singles,
    )
    single = pl.concat_list(f"\0{name}" for name in BREAKDOWNS)
    breakdowns = pl.concat_list(single, "\0combined").list.drop_nulls().list.unique().list.sort()
    return found.with_columns(
        breakdowns.list.eval(pl.element().filter(pl.element() != "")).alias("breakdowns")
    ).select(pl.exclude(r"^\x00.*$"))


def _by_sex() -> pl.Expr:
    """Return whether there are figures for women and for men."""
    return (pl.col("SEX") == "F").any() & (pl.col("SEX") == "M").any()


def _wanted(framework: Framework, key: str) -> Sequence[str]:
    """Return the breakdowns that an indicator asks for, as `breakdowns` writes them."""
    indicator = next(each for each in framework.indicators if each.key == key)
    sets = [(name,) for name in indicator.disaggregations]
    wanted = []
    for names in [*sets, *indicator.combined]:
        dimensions = {dimension_of(name) for name in names} - {AREA}
        if dimensions:
            wanted.append(" x ".join(name for name in BREAKDOWNS if name in dimensions))
    return list(dict.fromkeys(wanted))
