"""Uncertainty: what the ranks of many builds say, as shares of the builds that were tested."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from everycount.arrays import pairs, standing
from everycount.audit.builds import Outcome
from everycount.index.ranking import band_of, lower_is_better
from everycount.index.result import IndexResult
from everycount.index.state import Floats, Ints
from everycount.model.strict import STRICT

WINDOW = 250
"""Units are compared with so many behind them in the nominal ranking: cost grows with units."""
DECIMALS = 10
"""Decimals of scores and means in tables: sums in another order differ in the 13th."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Builds that have no result, and why."""

    __pydantic_config__ = STRICT

    builds: int
    """How many."""
    why: str
    """The reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What all builds say of one ranking: one node in one period."""

    __pydantic_config__ = STRICT

    node: str
    """The code of the node."""
    period: int | None
    """The period; null where the data have none."""
    units: int
    """Units with a nominal rank."""
    mean_shift: float
    """Mean absolute shift of ranks against the nominal ones, over builds and units."""
    moved: float
    """Share of units that move more than the declared number of places, mean over builds."""
    outside: tuple[str, ...]
    """Units whose nominal rank lies outside their interval."""
    partly: tuple[str, ...]
    """Units that have no rank in some of the builds."""
    pairs: int
    """Pairs of units that were compared."""
    told_apart: int
    """Of the pairs compared, those in which one leads in enough of the builds."""
    meaningful: int | None
    """From so many places apart on, nearly all pairs at each distance are told apart; None where
    no distance is enough."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Uncertainty:
    """Ranks and scores over the builds tested."""

    builds: int
    """Builds with a result."""
    failed: tuple[Failed, ...]
    standings: tuple[Standing, ...]
    """By node and period; the first is the first node that was asked for, in its newest period."""
    ranks: pl.DataFrame
    """A row a unit: nominal rank and score, and what the builds make of them."""
    acceptability: pl.DataFrame
    """Share of builds at each rank and in each band."""
    pairs: pl.DataFrame
    """Share of common builds in which one unit leads another."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranking:
    """One node in one period under all builds: `places` has shape (builds, units)."""

    node: int
    period: int
    rows: Ints
    nominal: Floats
    places: standing.Places
    scores: Floats


def rankings_of(result: IndexResult, outcome: Outcome, draws: Ints | None = None) -> list[Ranking]:
    """Rank the units of each node and period among those that have a nominal rank.

    A unit without a score in a build has no rank in it; its place stays vacant.

    Parameters
    ----------
    result : IndexResult
        The index as it is declared: its ranks are the nominal ones.
    outcome : Outcome
        The builds.
    draws : ndarray of int, optional
        Some of the builds only.
    """
    state = result.state
    found = []
    for node, scores in outcome.scores.items():
        own = scores if draws is None else scores[draws]
        for period in np.unique(state.row_periods)[::-1]:
            nominal = result.ranks[:, node]
            is_own = (state.row_periods == period) & ~np.isnan(nominal)
            rows = outcome.rows[is_own[outcome.rows]]
            kept = own if rows.size == own.shape[1] else own[:, is_own[outcome.rows]]
            found.append(
                Ranking(
                    node=node,
                    period=int(period),
                    rows=rows,
                    nominal=nominal[rows],
                    places=_places(result, node, kept, nominal[rows]),
                    scores=kept,
                )
            )
    return found


def _places(result: IndexResult, node: int, scores: Floats, nominal: Floats) -> standing.Places:
    ranking = result.methodology.ranking
    ranks = standing.places(
        scores,
        ties=ranking.ties,
        lower_is_better=lower_is_better(result.state, node),
        decimals=ranking.decimals,
    )
    return standing.keep_places(ranks, nominal)


def describe(result: IndexResult, outcome: Outcome) -> Uncertainty:
    """Return what the builds say of ranks and scores.

    Parameters
    ----------
    result : IndexResult
        The index as it is declared; its audit says which percentiles and limits count.
    outcome : Outcome
        The builds. Those that failed are counted and enter nothing else.
    """
    good = outcome.good
    some_failed = bool(outcome.failures)
    rankings = rankings_of(result, outcome, good if some_failed else None)
    tables: dict[str, list[pl.DataFrame]] = {"ranks": [], "acceptability": [], "pairs": []}
    standings = []
    for ranking in rankings:
        leads = pairs.leads(ranking.places, ranking.nominal, window=WINDOW)
        table = _ranks(result, ranking)
        tables["ranks"].append(table)
        tables["acceptability"].append(_acceptability(result, ranking))
        tables["pairs"].append(_pairs(result, ranking, leads))
        standings.append(_standing(result, ranking, table, leads))
    return Uncertainty(
        builds=int(good.size),
        failed=failures_of(outcome),
        standings=tuple(standings),
        **{name: pl.concat(each) for name, each in tables.items()},
    )


def failures_of(outcome: Outcome) -> tuple[Failed, ...]:
    """Return how many builds failed for each reason, the most frequent first."""
    counted = Counter(outcome.failures.values()).most_common()
    return tuple(Failed(builds=count, why=why) for why, count in counted)


def _label(period: int) -> int | None:
    return period or None


def _names(result: IndexResult, ranking: Ranking) -> list[str]:
    state = result.state
    return [state.units[state.row_units[row]] for row in ranking.rows]


def _where(result: IndexResult, ranking: Ranking, length: int) -> dict[str, pl.Series]:
    """Return the columns that say which ranking the rows are of."""
    code = result.state.tree.codes[ranking.node]
    period = pl.Series([_label(ranking.period)] * length, dtype=pl.Int64)
    return {"period": period, "node": pl.Series([code] * length, dtype=pl.String)}


def quantile_name(percent: float) -> str:
    """Return the name of a column of quantiles: 5 is q05, 97.5 is q97.5.

    Examples
    --------
    >>> quantile_name(5), quantile_name(97.5)
    ('q05', 'q97.5')
    """
    whole, _, part = f"{percent:g}".partition(".")
    return f"q{whole:0>2}{'.' + part if part else ''}"


def _ranks(result: IndexResult, ranking: Ranking) -> pl.DataFrame:
    plan = result.methodology.audit
    names = [quantile_name(percent) for percent in plan.percentiles]
    shares = [percent / 100 for percent in plan.percentiles]
    ranks = standing.spread(ranking.places, shares)
    scores = standing.spread(ranking.scores, shares)
    shift = np.abs(ranking.places - ranking.nominal.astype(np.float32))
    known = ~np.isnan(shift)
    counted = np.maximum(known.sum(axis=0), 1)
    far = (shift > plan.thresholds.places).sum(axis=0) / counted
    low, high = ranks.quantiles
    table = pl.DataFrame(
        {
            "unit": _names(result, ranking),
            **_where(result, ranking, len(ranking.rows)),
            "nominal": ranking.nominal,
            "mean": ranks.mean,
            "median": ranks.median,
            **dict(zip(names, ranks.quantiles, strict=True)),
            "best": ranks.lowest,
            "worst": ranks.highest,
            "mean_shift": np.where(known, shift, 0).sum(axis=0, dtype=float) / counted,
            "moved": far,
            "outside": (ranking.nominal < low) | (ranking.nominal > high),
            "builds": ranks.builds,
            "score": result.state.values[ranking.rows, ranking.node],
            "score_mean": scores.mean,
            "score_median": scores.median,
            **{f"score_{n}": q for n, q in zip(names, scores.quantiles, strict=True)},
        },
        schema_overrides={"unit": pl.String},
    )
    floats = [name for name, kind in table.schema.items() if kind == pl.Float64]
    table = table.with_columns(pl.col(floats).fill_nan(None).round(DECIMALS) + 0.0)
    return table.sort("nominal", "unit")


def _acceptability(result: IndexResult, ranking: Ranking) -> pl.DataFrame:
    unit, place, count = standing.acceptability(ranking.places)
    ranked = np.maximum((~np.isnan(ranking.places)).sum(axis=0), 1)
    names = np.array(_names(result, ranking), object)
    by_rank = pl.DataFrame(
        {
            "unit": names[unit].tolist(),
            **_where(result, ranking, len(unit)),
            "kind": ["rank"] * len(unit),
            "at": [str(each) for each in place.tolist()],
            "share": count / ranked[unit],
        },
        schema_overrides={"unit": pl.String, "kind": pl.String, "at": pl.String},
    )
    return pl.concat([by_rank, *_by_band(result, ranking)])


def _by_band(result: IndexResult, ranking: Ranking) -> Iterator[pl.DataFrame]:
    """Yield the share of builds in which each unit's score lies in each band."""
    bands = result.methodology.ranking.bands
    if not bands:
        return
    limits = sorted(band.least for band in bands)
    names = band_of(result.state, np.array(limits))
    # 0 is below all bands; of a missing score nothing is said.
    at = np.searchsorted(limits, ranking.scores.ravel(), side="right").reshape(ranking.scores.shape)
    at = np.where(np.isnan(ranking.scores), -1, at)
    known = np.maximum((at >= 0).sum(axis=0), 1)
    units = _names(result, ranking)
    for k, name in enumerate([None, *names]):
        share = (at == k).sum(axis=0) / known
        held = np.flatnonzero(share)
        yield pl.DataFrame(
            {
                "unit": [units[u] for u in held],
                **_where(result, ranking, len(held)),
                "kind": ["band"] * len(held),
                "at": [name or "below all bands"] * len(held),
                "share": share[held],
            },
            schema_overrides={"unit": pl.String, "kind": pl.String, "at": pl.String},
        )


def _pairs(result: IndexResult, ranking: Ranking, leads: pairs.Leads) -> pl.DataFrame:
    names = np.array(_names(result, ranking), object)
    common = np.maximum(leads.common, 1)
    return pl.DataFrame(
        {
            "unit": names[leads.first].tolist(),
            "other": names[leads.second].tolist(),
            **_where(result, ranking, len(leads.first)),
            "apart": leads.apart,
            "leads": leads.leads / common,
            "ties": leads.ties / common,
            "builds": leads.common,
            "told_apart": is_told_apart(result, leads),
        },
        schema_overrides={"unit": pl.String, "other": pl.String},
    )


def is_told_apart(result: IndexResult, leads: pairs.Leads) -> NDArray[np.bool_]:
    """Tell of which pairs one unit, either of them, leads in enough of the common builds."""
    lead = result.methodology.audit.thresholds.lead
    common = np.maximum(leads.common, 1)
    behind = common - leads.leads - leads.ties
    most = np.maximum(leads.leads, behind) / common
    return np.asarray((most >= lead - 1e-9) & (leads.common > 0))


def _standing(
    result: IndexResult, ranking: Ranking, table: pl.DataFrame, leads: pairs.Leads
) -> Standing:
    limits = result.methodology.audit.thresholds
    told = is_told_apart(result, leads)
    # That the second leads tells them apart, but not in the order of the ranking.
    in_order = told & (leads.leads >= leads.common - leads.leads - leads.ties)
    return Standing(
        node=result.state.tree.codes[ranking.node],
        period=_label(ranking.period),
        units=len(ranking.rows),
        mean_shift=float(np.mean(table["mean_shift"].to_numpy())) if len(table) else float("nan"),
        moved=float(np.mean(table["moved"].to_numpy())) if len(table) else float("nan"),
        outside=tuple(table.filter("outside")["unit"]),
        partly=tuple(table.filter(pl.col("builds") < 1)["unit"]),
        pairs=len(leads.first),
        told_apart=int(told.sum()),
        meaningful=pairs.meaningful_places(leads.apart, in_order, share=limits.apart),
    )
