"""Published figures, as tables that are read when they are needed and never more than asked for."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.exporters.found import Found
from everycount.io.words import LENGTH, nearest, quote
from everycount.model.observation import INDICATOR, OBSERVATION, PERIOD
from everycount_hub import store
from everycount_hub.edition.nouns import PublishedDataset
from everycount_hub.edition.read import DATASET, LABEL, Edition, open_edition

SERIES = tuple(name for name in OBSERVATION.dimensions)
"""The columns that tell one series from another, besides the dataset."""
REMEMBERED = 512
"""Datasets whose codes are kept at hand; some kilobytes each."""
DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
PART = re.compile(r"(\d{4})-([ASTQMWD])(\d{1,3})")
MONTHS = {"A": 12, "S": 6, "T": 4, "Q": 3, "M": 1}
"""Months of a part of the year. SDMX 3.0 Technical Notes, reporting periods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which figures are asked for. What is left out does not matter."""

    datasets: tuple[str, ...] = ()
    """Keys of datasets, in the order in which their figures come."""
    where: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Per column the codes a figure may have."""
    indicators: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Per dataset the codes of indicators; all of a dataset that is not named."""
    first: str = ""
    last: str = ""
    """Days from and to which a period may begin, such as 2000-01-01."""


def visible(dataset: PublishedDataset, window: tuple[int, int] | None = None) -> pl.LazyFrame:
    """Return the figures of a dataset that may be shown, each with its label and dataset.

    Third-party figures that no appraisal lets in are not among them. With a window, a first row
    and a number of rows, only those in it.
    """
    table = store.scan(dataset.digest)
    if window:
        table = table.slice(*window)
    if dataset.labels or dataset.kind == "third_party":
        codes = table.select(pl.col(INDICATOR).unique()).collect()[INDICATOR].to_list()
        shown = {code: dataset.label_of(code) for code in codes if dataset.shows(code)}
        table = table.filter(pl.col(INDICATOR).is_in(list(shown)))
        told = {code: label.code for code, label in shown.items() if label is not None}
        label = pl.col(INDICATOR).replace_strict(told, default=None, return_dtype=pl.String)
        table = table.with_columns(pl.coalesce(label, LABEL).alias(LABEL))
    return table.select(*OBSERVATION.ids, pl.lit(dataset.key).alias(DATASET))


def contents(edition: Edition, key: str) -> Found:
    """Return which codes, periods and columns a dataset has; it is counted once an edition."""
    return _contents(edition.digest, key)


@lru_cache(REMEMBERED)
def _contents(digest: str, key: str) -> Found:
    table = visible(open_edition(digest).datasets[key])
    found = Found.of(OBSERVATION)
    columns = list(OBSERVATION.ids)
    counts = table.select(
        pl.len().alias("rows"), pl.col(columns).count().name.prefix("filled ")
    ).collect(engine="streaming")
    found.rows = counts["rows"][0]
    found.filled = {name for name in columns if counts[f"filled {name}"][0]}
    for name in found.values:
        if name in found.filled:
            values = table.select(pl.col(name).unique()).collect(engine="streaming")[name]
            found.values[name] = set(values.drop_nulls())
    pairs = table.select(INDICATOR, "UNIT_MEASURE").unique().drop_nulls()
    for indicator, unit in pairs.collect(engine="streaming").iter_rows():
        found.units.setdefault(indicator, set()).add(unit)
    return found


def together(edition: Edition, keys: Iterable[str]) -> Found:
    """Return which codes, periods and columns some datasets have between them."""
    whole = Found.of(OBSERVATION)
    for key in keys:
        part = contents(edition, key)
        whole.rows += part.rows
        whole.filled |= part.filled
        for name, values in part.values.items():
            whole.values[name] |= values
        for indicator, units in part.units.items():
            whole.units.setdefault(indicator, set()).update(units)
    return whole


def figures(edition: Edition, wanted: Wanted) -> pl.LazyFrame | None:
    """Return the figures that are asked for; None if there can be none.

    Datasets come in the order asked for, their rows in the order of their files, so that the
    same question has the same answer as long as the edition lasts.
    """
    parts = [part for key in wanted.datasets if (part := _part(edition, key, wanted)) is not None]
    return pl.concat(parts) if parts else None


def windows(edition: Edition, wanted: Wanted) -> Iterator[pl.LazyFrame]:
    """Yield the figures that are asked for in tables of at most `store.ROW_GROUP` rows.

    A table that is read whole takes memory for all of its rows; read so, for one table only.
    """
    for key in wanted.datasets:
        whole = _part(edition, key, wanted)
        if whole is None:
            continue
        if whole.select(pl.len()).collect(engine="streaming").item() <= store.ROW_GROUP:
            yield whole
            continue
        rows = store.scan(edition.datasets[key].digest).select(pl.len()).collect().item()
        for first in range(0, rows, store.ROW_GROUP):
            part = _part(edition, key, wanted, (first, store.ROW_GROUP))
            if part is not None:
                yield part


def _part(
    edition: Edition, key: str, wanted: Wanted, window: tuple[int, int] | None = None
) -> pl.LazyFrame | None:
    """Return the rows of one dataset, or None where its codes tell that none can fit."""
    found = contents(edition, key)
    where = dict(wanted.where)
    if key in wanted.indicators:
        asked = set(wanted.indicators[key])
        where[INDICATOR] = asked & set(where.get(INDICATOR, asked))
    if wanted.first or wanted.last:
        periods = set(where.get(PERIOD, found.values[PERIOD]))
        where[PERIOD] = {each for each in periods if _begins_within(each, wanted)}
    table = visible(edition.datasets[key], window)
    for name, codes in where.items():
        known = found.values.get(name, set())
        fitting = known & set(codes)
        if not fitting:
            return None
        if fitting != known:
            table = table.filter(pl.col(name).is_in(sorted(fitting)))
        elif name not in OBSERVATION.key:  # an attribute may be missing where a code is asked for
            table = table.filter(pl.col(name).is_not_null())
    return table


def _begins_within(period: str, wanted: Wanted) -> bool:
    begin = begins(period)
    return wanted.first <= begin and (not wanted.last or begin <= wanted.last)


def nearest_period(table: pl.LazyFrame, year: int, tolerance: int) -> pl.LazyFrame:
    """Return of each series the figure whose period begins nearest to a year, the earlier if two.

    Parameters
    ----------
    table : LazyFrame
        Figures with their dataset.
    year : int
        The year wanted.
    tolerance : int
        Years that a period may be off.
    """
    start = pl.col(PERIOD).str.slice(0, 4).cast(pl.Int32, strict=False)
    off = (start - year).abs()
    series = [*SERIES, DATASET]
    near = table.filter(off <= tolerance).with_columns(off.alias("off"))
    first = near.sort("off", PERIOD, maintain_order=True).unique(
        series, keep="first", maintain_order=True
    )
    return first.sort(DATASET, *SERIES).drop("off")


def ends_of_series(table: pl.LazyFrame, first: int | None, last: int | None) -> pl.LazyFrame:
    """Return the first and the last so many figures of each series, in the order of periods."""
    ordered = table.sort(DATASET, *SERIES, PERIOD)
    series = [DATASET, *SERIES]
    place = pl.int_range(pl.len()).over(series)
    kept = pl.lit(value=False)
    if first is not None:
        kept |= place < first
    if last is not None:
        kept |= place >= pl.len().over(series) - last
    return ordered.filter(kept)


@lru_cache(8192)
def begins(period: str) -> str:
    """Return the first day of a period as text, which orders as days do.

    Examples
    --------
    >>> begins("2019"), begins("2019-Q3"), begins("2019/2021"), begins("2020-W01")
    ('2019-01-01', '2019-07-01', '2019-01-01', '2019-12-30')
    """
    start = period.partition("/")[0]
    if found := PART.fullmatch(start):
        year, kind, number = int(found[1]), found[2], int(found[3])
        if kind == "W":
            return date.fromisocalendar(year, number, 1).isoformat()
        if kind == "D":
            return (date(year, 1, 1) + timedelta(number - 1)).isoformat()
        return f"{year:04}-{(number - 1) * MONTHS[kind] + 1:02}-01"
    year_text, month, day = (*start.split("-"), "", "")[:3]
    return f"{year_text}-{month or '01'}-{day or '01'}"


@lru_cache(1024)
def ends(period: str) -> str:
    """Return the last day of a period as text; of a year, quarter, month, week or day.

    Examples
    --------
    >>> ends("2019"), ends("2019-Q3"), ends("2019-02"), ends("2019/2021")
    ('2019-12-31', '2019-09-30', '2019-02-28', '2021-12-31')
    """
    last = period.rpartition("/")[2]
    start = date.fromisoformat(begins(last))
    if found := PART.fullmatch(last):
        if found[2] in "WD":
            return (start + timedelta(6 if found[2] == "W" else 0)).isoformat()
        return _month_end(start, MONTHS[found[2]])
    plain = DAY.fullmatch(last)
    if plain is not None and plain[3]:
        return start.isoformat()
    return _month_end(start, 1 if plain is not None and plain[2] else 12)


def _month_end(start: date, months: int) -> str:
    after = start.year * 12 + start.month - 1 + months
    if after // 12 > date.max.year:
        return date.max.isoformat()
    return (date(after // 12, after % 12 + 1, 1) - timedelta(1)).isoformat()


def demand_known(
    name: str, asked: Sequence[str], known: Collection[str], *, is_code: Callable[[str], bool]
) -> list[Problem]:
    """Return what is wrong with codes that nothing published has.

    Parameters
    ----------
    name : str
        What the codes are of, as it was asked for.
    asked : sequence of str
        The codes.
    known : collection of str
        Those that are in use.
    is_code : callable
        Tells codes that there are, whether or not they are in use.
    """
    wrong = [each for each in dict.fromkeys(asked) if each not in known and not is_code(each)]
    return [Problem(name, quote(each), _expected(each, known)) for each in wrong]


def _expected(asked: str, known: Collection[str]) -> str:
    near = nearest(asked[:LENGTH], sorted(known))
    some = ", ".join(sorted(known)[:12]) or "none"
    more = ", …" if len(known) > 12 else ""
    return f"perhaps {near!r}" if near else f"one of {some}{more}"


def refuse(subject: str, problems: Sequence[Problem]) -> None:
    """Raise InputError if there is any problem."""
    if problems:
        raise InputError(subject, problems)
