"""The result of a build: scores, ranks, coverage and status of every node, and the trace."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np
import polars as pl

from everycount.index.averaging import average, not_averaged
from everycount.index.coverage import coverage, known_figures, missing_below, note_of, status_of
from everycount.index.methodology import Methodology
from everycount.index.ranking import band_of, rank_nodes
from everycount.index.state import IMPUTED, TRANSFORMED, WINSORISED, Floats, State
from everycount.index.trace import Counts, MethodFacts, NodeWeight, Trace
from everycount.index.weighting import effective_weights

_GROUP_RANKS = ("grouping", "group", "unit", "period", "node", "rank")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IndexResult:
    """What a build found. Tables are computed when asked for.

    `ranks` has shape (rows, nodes), in the order of the rows of `state` and of the tree.
    """

    methodology: Methodology
    state: State
    ranks: Floats

    @property
    def score(self) -> Floats:
        """The score of the top of the tree for each row, NaN where there is none."""
        return np.asarray(self.state.values[:, self.state.tree.top])

    def scores(self) -> pl.DataFrame:
        """Return one row for each unit, period and node, from the top of the tree down.

        Returns
        -------
        DataFrame
            Columns `unit, period, node, level, score, rank, coverage, status, band, missing,
            note`, as docs/reference/formats.md describes them. `period` is null where the data
            have none; `score` and `rank` are null where there is no score.
        """
        state, tree = self.state, self.state.tree
        nodes = sorted(range(len(tree.codes)), key=lambda j: (-tree.level[j], j))
        rows = len(state.row_units)
        values = state.values[:, nodes]
        statuses = status_of(state)[:, nodes]
        return pl.DataFrame(
            {
                "unit": pl.Series(self._units()).gather(np.repeat(np.arange(rows), len(nodes))),
                "period": self._periods().gather(np.repeat(np.arange(rows), len(nodes))),
                "node": [tree.codes[j] for j in nodes] * rows,
                "level": [tree.level[j] for j in nodes] * rows,
                "score": pl.Series(values.ravel(), dtype=pl.Float64).fill_nan(None),
                "rank": _ranks(self.ranks[:, nodes].ravel()),
                "coverage": coverage(state)[:, nodes].ravel(),
                "status": statuses.ravel().tolist(),
                "band": self._bands(nodes),
                "missing": missing_below(state, nodes),
                "note": note_of(state, nodes, statuses),
            },
            schema_overrides={"band": pl.String, "missing": pl.String, "note": pl.String},
        )

    def data(self) -> pl.DataFrame:
        """Return the normalised figures: a row for each unit and period, a column an indicator."""
        state = self.state
        columns = {"unit": pl.Series(self._units()), "period": self._periods()}
        for j in range(state.leaf_count):
            columns[state.columns[j]] = pl.Series(state.values[:, j]).fill_nan(None)
        return pl.DataFrame(columns)

    def figures(self) -> pl.DataFrame:
        """Return every figure behind the scores, a row each, with its year and source.

        Returns
        -------
        DataFrame
            Columns `unit, period, indicator, value, year, source, score, status`. `value` is the
            figure as observed (or derived), before filling, treatment and normalisation.
        """
        state = self.state
        assert state.observed is not None, "build observes before it returns"
        count, rows = state.leaf_count, len(state.row_units)
        names = np.array([*state.source_names, None], object)
        years = state.years[:, :count].ravel()
        return pl.DataFrame(
            {
                "unit": pl.Series(self._units()).gather(np.repeat(np.arange(rows), count)),
                "period": self._periods().gather(np.repeat(np.arange(rows), count)),
                "indicator": list(state.columns[:count]) * rows,
                "value": pl.Series(state.observed.ravel()).fill_nan(None),
                "year": pl.Series(np.where(years > 0, years, -1)).replace(-1, None),
                "source": names[state.sources[:, :count].ravel()].tolist(),
                "score": pl.Series(state.values[:, :count].ravel()).fill_nan(None),
                "status": status_of(state)[:, :count].ravel().tolist(),
            },
            schema_overrides={"source": pl.String},
        )

    def averages(self) -> pl.DataFrame:
        """Return the averages over groups of units that the method asks for."""
        return average(self.state)

    def ranks_within(self, grouping: str) -> pl.DataFrame:
        """Return ranks among the units of the same group, as `unit, period, group, node, rank`."""
        state = self.state
        labels, _ = state.labels(grouping)
        ranks = rank_nodes(state, labels)
        rows, nodes = ranks.shape
        return pl.DataFrame(
            {
                "unit": pl.Series(self._units()).gather(np.repeat(np.arange(rows), nodes)),
                "period": self._periods().gather(np.repeat(np.arange(rows), nodes)),
                "group": pl.Series(state.grouping(grouping)).gather(
                    np.repeat(np.arange(rows), nodes)
                ),
                "node": list(state.tree.codes) * rows,
                "rank": _ranks(ranks.ravel()),
            }
        )

    def group_ranks(self) -> pl.DataFrame:
        """Return the ranks of groups of indicators within each group of units that has averages.

        Returns
        -------
        DataFrame
            Columns `grouping, group, unit, period, node, rank`: for each grouping under
            `averages` that is at hand, the units that are in a group, at the nodes above the
            indicators.
        """
        above = self.state.tree.codes[self.state.leaf_count :]
        frames = [
            self.ranks_within(each.by)
            .filter(pl.col("node").is_in(above) & (pl.col("group") != ""))
            .select(pl.lit(each.by).alias("grouping"), *_GROUP_RANKS[1:])
            for each in self.methodology.averages
            if self.state.has_grouping(each.by)
        ]
        empty = pl.DataFrame(schema=dict.fromkeys(_GROUP_RANKS, pl.String))
        return pl.concat(frames, how="vertical_relaxed") if frames else empty

    def trace(self) -> Trace:
        """Return what was done: steps, weights, counts of cells touched."""
        state, method = self.state, self.methodology
        marks = state.marks[:, : state.leaf_count]
        filled = state.marks[:, state.leaf_count : len(state.tree.codes)]
        warned = [each for note in state.notes for each in note.get("warnings", ())]
        return Trace(
            method=MethodFacts(
                id=method.id, version=method.version, title=method.title, notice=method.notice
            ),
            counts=Counts(
                units=len(state.units),
                rows=len(state.row_units),
                scored=int((~np.isnan(self.score)).sum()),
                ranked=int((~np.isnan(self.ranks[:, state.tree.top])).sum()),
                indicators=state.leaf_count,
                figures=int(known_figures(state).sum()),
                imputed=int(((marks & IMPUTED) > 0).sum()),
                groups_imputed=int(((filled & IMPUTED) > 0).sum()),
                winsorised=int(((marks & WINSORISED) > 0).sum()),
                transformed=int(((marks & TRANSFORMED) > 0).sum()),
                screened_out=len(state.screened),
                indicators_left_out=len(state.dropped),
            ),
            warnings=(*warned, *not_averaged(state), *self._warnings()),
            weights=self.weights(),
            steps=state.notes,
        )

    def _warnings(self) -> list[str]:
        """Return what is odd about the result as a whole."""
        odd = [] if (~np.isnan(self.score)).any() else ["no unit has a score"]
        patterns = self.methodology.ranking.unranked
        idle = [
            each for each in patterns if not any(fnmatchcase(u, each) for u in self.state.units)
        ]
        return [*odd, *(f"no unit is {each!r}, which ranking.unranked names" for each in idle)]

    def weights(self) -> tuple[NodeWeight, ...]:
        """Return the weight of each node among its siblings, and its share of the top."""
        state, tree = self.state, self.state.tree
        shares = effective_weights(state)
        return tuple(
            NodeWeight(
                node=code,
                level=level,
                weight=float(weight),
                effective=None if np.isnan(share) else float(share),
            )
            for code, level, weight, share in zip(
                tree.codes, tree.level, state.weights, shares, strict=True
            )
        )

    def _units(self) -> list[str]:
        return [self.state.units[u] for u in self.state.row_units]

    def _periods(self) -> pl.Series:
        periods = pl.Series(self.state.row_periods, dtype=pl.Int64)
        return periods.replace(0, None)

    def _bands(self, nodes: list[int]) -> list[str | None]:
        state = self.state
        bands = np.full((len(state.row_units), len(nodes)), None, object)
        for at, j in enumerate(nodes):
            if j >= state.leaf_count:
                bands[:, at] = band_of(state, state.values[:, j])
        return list(bands.ravel())


def _ranks(ranks: Floats) -> pl.Series:
    """Return ranks as whole numbers where all are (ties by their mean are not)."""
    series = pl.Series(ranks, dtype=pl.Float64).fill_nan(None)
    known = series.drop_nulls()
    return series.cast(pl.Int64) if bool((known == known.round()).all()) else series
