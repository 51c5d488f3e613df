"""Everything that the figures of one indicator say, made in one go."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from everycount.figures.aim import NO_AIM, Aim, aim_of
from everycount.figures.change import changes
from everycount.figures.comparison import Distribution, distribution
from everycount.figures.distance import distances
from everycount.figures.gap import gaps, newest_gaps
from everycount.figures.latest import latest, ranked
from everycount.figures.progress import PACE, Pace, progress
from everycount.figures.reading import Figures, read_figures, seen
from everycount.figures.series import Headline, headline, series_of
from everycount.model.indicator import Indicator
from everycount.model.observation import AREA, INDICATOR


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Summary:
    """What the figures of one indicator say. All tables are of the headline series."""

    key: str
    """Name of the indicator."""
    aim: Aim
    figures: Figures
    series: pl.DataFrame
    """As `everycount.figures.series.series_of` returns it."""
    headline: Headline
    latest: pl.DataFrame
    """The newest figure of each area with its rank, distance and verdict."""
    spread: Distribution
    """Of the newest figures of the areas that are ranked."""
    changes: pl.DataFrame
    gaps: pl.DataFrame
    """The newest gap between women and men of each area, and what became of it."""
    progress: pl.DataFrame
    by_sex: tuple[str, ...]
    """Areas with figures of women and of men in any series."""
    is_of_one_sex: bool
    """Whether every figure is of one and the same sex: the indicator is about it."""


def summarise(
    table: pl.DataFrame,
    *,
    today: date,
    known: date | None = None,
    indicator: Indicator | None = None,
    among: Collection[str] | None = None,
    prefer: str = "",
    pace: Pace = PACE,
) -> Summary | None:
    """Return what the figures of one indicator say.

    Parameters
    ----------
    table : DataFrame
        Observations of one indicator, in the structure OBSERVATION.
    today : date
    known : date, optional
        The day the data were published or fetched, as in `read_figures`.
    indicator : Indicator, optional
        Tells which way is better and where the target lies.
    among : collection of str, optional
        Areas that are ranked and compared, such as countries without regions. Left out: all.
    prefer : str
        Reporting type to come first, such as ``N``.
    pace : Pace
        How progress is measured.

    Returns
    -------
    Summary or None
        None without any figure.

    Examples
    --------
    >>> from everycount.model.observation import OBSERVATION
    >>> row = {c.id: c.default for c in OBSERVATION.components if c.default}
    >>> row |= {"INDICATOR": "5d", "REF_AREA": "704", "TIME_PERIOD": "2020", "OBS_VALUE": 26.7}
    >>> table = pl.DataFrame([row], schema=dict(OBSERVATION.schema))
    >>> seats = Indicator(key="5d", code="5d", title={"en": "Seats"}, worst=0, best=(47, 53))
    >>> found = summarise(table, today=date(2021, 1, 1), indicator=seats)
    >>> found.latest.select("value", "rank", "verdict").rows()
    [(26.7, 1, 'very far')]
    """
    figures = read_figures(table, today=today, known=known)
    every = series_of(figures)
    head = headline(figures, series=every, prefer=prefer)
    if head is None:
        return None
    aim = NO_AIM if indicator is None else aim_of(indicator)
    newest = ranked(latest(figures, head.series), aim, among=among)
    newest = distances(newest, aim, among=among)
    compared = newest if among is None else newest.filter(pl.col(AREA).is_in(list(among)))
    is_ranked = pl.col("rank").is_not_null()
    sexes = every["SEX"].unique()
    return Summary(
        key=head.series.indicator if indicator is None else indicator.key,
        aim=aim,
        figures=figures,
        series=every,
        headline=head,
        latest=newest,
        spread=distribution(compared.filter(is_ranked)),
        changes=changes(figures, head.series, aim),
        gaps=newest_gaps(gaps(figures, head.series, aim)),
        progress=progress(figures, head.series, aim, pace=pace),
        by_sex=_by_sex(figures.table),
        is_of_one_sex=sexes.len() == 1 and sexes[0] in ("F", "M"),
    )


def _by_sex(table: pl.DataFrame) -> tuple[str, ...]:
    """Return the areas with figures of women and of men."""
    known = table.filter(seen() & pl.col("SEX").is_in(["F", "M"])).select(AREA, "SEX").unique()
    both = known.group_by(AREA).len().filter(pl.col("len") == 2)
    return tuple(both[AREA].sort())


def summarise_each(
    table: pl.DataFrame,
    *,
    today: date,
    known: date | None = None,
    indicators: Mapping[str, Indicator] | None = None,
    among: Collection[str] | None = None,
    prefer: str = "",
) -> Iterator[Summary]:
    """Yield what the figures of each indicator say, in the order of their codes.

    Parameters
    ----------
    table : DataFrame
        Observations of many indicators.
    today : date
    known : date, optional
        As in `summarise`.
    indicators : mapping of str to Indicator, optional
        By the code that the observations cite.
    among, prefer
        As in `summarise`.

    Yields
    ------
    Summary
        Of each indicator that has a figure.
    """
    aims = indicators or {}
    parts = table.partition_by(INDICATOR, as_dict=True, maintain_order=False)
    for (code,) in sorted(parts):
        found = summarise(
            parts[code,],
            today=today,
            known=known,
            indicator=aims.get(code),
            among=among,
            prefer=prefer,
        )
        if found is not None:
            yield found
