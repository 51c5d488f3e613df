"""An index as its pages read it: rebuilt from its bundle once, with the tables of its audit."""

import io
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import polars as pl

from everycount.audit.uncertainty import quantile_name
from everycount.errors import NotFound
from everycount.index.attribution import Attribution, attribute, standing_alone
from everycount.index.explanation import Explanation, explain
from everycount.index.result import IndexResult
from everycount.index.state import Floats
from everycount.index.steps import Select
from everycount.reports.edition import Edition as Newest
from everycount.reports.edition import newest
from everycount_hub.contents.index import AUDIT, SOURCES, rebuild
from everycount_hub.edition.catalogue import slug_of
from everycount_hub.edition.nouns import PublishedDataset
from everycount_hub.edition.read import Edition

KEPT = 12
"""Indices that are kept rebuilt: some 10 MB each with their tables."""
UNITS_KEPT = 2048
"""Explanations of single units that are kept: some 20 kB each."""
NEAR = 1e-6
"""Scores that differ by less are the same, whatever version of the library computed them."""
RESERVED = frozenset({"audit", "compare", "editions", "files", "goals", "method", "weights"})
"""Parts of addresses below an index that are no units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """What the builds of an audit say of the rank of one unit."""

    nominal: float
    low: float
    high: float
    median: float
    is_outside: bool
    builds: float
    """Share of the builds in which it has a rank."""

    @property
    def width(self) -> float:
        """How many places the interval spans."""
        return self.high - self.low


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """How often one unit leads another over the builds in which both have a score."""

    first: float
    second: float
    ties: float
    builds: int
    told_apart: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenIndex:
    """One published version of an index."""

    digest: str
    files: Mapping[str, bytes]
    result: IndexResult
    inputs: Any

    @cached_property
    def newest(self) -> Newest:
        """The newest period: rows, ranks, scale."""
        return newest(self.result, self.inputs.about)

    @property
    def top(self) -> int:
        """The position of the index in its tree."""
        return self.result.state.tree.top

    @cached_property
    def periods(self) -> tuple[int, ...]:
        """The reference years; (0,) where the data have none."""
        return tuple(int(each) for each in np.unique(self.result.state.row_periods))

    @cached_property
    def is_panel(self) -> bool:
        """Whether there are several reference years."""
        return len(self.periods) > 1

    @cached_property
    def year(self) -> str:
        """The newest reference year in figures; empty where there is none."""
        selects = any(isinstance(each, Select) for each in self.result.methodology.steps)
        return str(self.newest.period) if self.newest.period and (selects or self.is_panel) else ""

    @cached_property
    def place(self) -> Mapping[str, int]:
        """The position of each unit among the rows of the newest period."""
        return {unit: k for k, unit in enumerate(self.newest.units)}

    @cached_property
    def slugs(self) -> Mapping[str, str]:
        """The part of an address that names each unit."""
        wanted = {unit: slug_of(unit) for unit in self.result.state.units}
        counts = Counter(wanted.values())
        taken: dict[str, str] = {}
        used: set[str] = set(RESERVED)
        for unit, slug in sorted(wanted.items(), key=lambda pair: (counts[pair[1]], pair[0])):
            own, number = slug, 2
            while own in used or own.startswith("data."):
                own, number = f"{slug}-{number}", number + 1
            used.add(own)
            taken[unit] = own
        return taken

    @cached_property
    def unit_by_slug(self) -> Mapping[str, str]:
        """The unit of each part of an address."""
        return {slug: unit for unit, slug in self.slugs.items()}

    def unit(self, text: str) -> str:
        """Return the unit that a reader means by a code or a part of an address.

        Raises
        ------
        NotFound
            If there is none.
        """
        if text in self.slugs:
            return text
        unit = self.unit_by_slug.get(text.strip().lower())
        if unit is None:
            raise NotFound(f"this index has no unit {text[:40]!r}")
        return unit

    def row(self, unit: str) -> int:
        """Return the row of a unit in the newest period in which it stands."""
        state = self.result.state
        rows = np.flatnonzero(state.row_units == state.units.index(unit))
        return int(max(rows, key=lambda row: state.row_periods[row]))

    @cached_property
    def is_as_published(self) -> bool:
        """Whether the rebuilt scores are those in the published files."""
        kept = pl.read_csv(io.BytesIO(self.files["scores.csv"]), infer_schema=False)
        own = self.result.scores()
        if kept.select("unit", "node").rows() != own.select("unit", "node").rows():
            return False
        was = kept["score"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        now = own["score"].fill_null(float("nan")).to_numpy()
        return bool(np.allclose(was, now, rtol=0, atol=NEAR, equal_nan=True))

    # ---------------------------------------------------------------- audit

    @cached_property
    def verdict(self) -> Mapping[str, Any]:
        """What the audit came to, as its file has it."""
        verdict: Mapping[str, Any] = json.loads(self.files[f"{AUDIT}verdict.json"])
        return verdict

    def audit_table(self, name: str, *numbers: str) -> pl.DataFrame:
        """Return a table of the audit; columns that are named become numbers, others are text."""
        table = pl.read_csv(io.BytesIO(self.files[f"{AUDIT}{name}.csv"]), infer_schema=False)
        return table.with_columns(pl.col(each).cast(pl.Float64) for each in numbers)

    def of_index(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a table that are of the index itself in its newest period."""
        top = self.result.state.tree.codes[self.top]
        period = str(self.newest.period) if self.newest.period else None
        return table.filter(pl.col("node") == top, pl.col("period").eq_missing(period))

    @cached_property
    def intervals(self) -> Mapping[str, Interval]:
        """The interval of the rank of each unit; none where the index itself was not tested."""
        low, high = (quantile_name(each) for each in self.verdict["percentiles"])
        numbers = ("nominal", "median", low, high, "builds")
        table = self.of_index(self.audit_table("ranks", *numbers)).drop_nulls(numbers)
        return {
            row["unit"]: Interval(
                nominal=row["nominal"],
                low=row[low],
                high=row[high],
                median=row["median"],
                is_outside=row["outside"] == "true",
                builds=row["builds"],
            )
            for row in table.iter_rows(named=True)
        }

    @cached_property
    def pairs(self) -> pl.DataFrame:
        """The pairs of units that were compared."""
        return self.of_index(self.audit_table("pairs", "apart", "leads", "ties", "builds"))

    @cached_property
    def _leads(self) -> Mapping[tuple[str, str], tuple[float, float, float, str]]:
        columns = ("unit", "other", "leads", "ties", "builds", "told_apart")
        return {(row[0], row[1]): row[2:] for row in self.pairs.select(columns).iter_rows()}

    def lead(self, first: str, second: str) -> Lead | None:
        """Return how often one unit leads another; None where the pair was not compared."""
        for pair, is_turned in (((first, second), False), ((second, first), True)):
            found = self._leads.get(pair)
            if found and found[2]:
                leads, ties, builds, told = found
                behind = max(0.0, 1 - leads - ties)
                return Lead(
                    first=behind if is_turned else leads,
                    second=leads if is_turned else behind,
                    ties=ties,
                    builds=int(builds),
                    told_apart=told == "true",
                )
        return None

    # ---------------------------------------------------------------- sources

    @cached_property
    def sources(self) -> Mapping[str, Mapping[str, str]]:
        """What is known of each source of figures, by its name; empty without a file of sources."""
        if SOURCES not in self.files:
            return {}
        table = pl.read_csv(io.BytesIO(self.files[SOURCES]), infer_schema=False).fill_null("")
        if "source" not in table.columns:
            return {}
        return {row["source"]: row for row in table.iter_rows(named=True)}

    # ---------------------------------------------------------------- what a score is made of

    def pull(self, unit: str) -> "Pull":
        """Return what pulls a unit above or below the mean of the ranked units.

        Raises
        ------
        MethodError
            If an ordinal method gives no part of a score to an indicator.
        """
        return _pull(self, unit)

    def explain(self, unit: str) -> Explanation:
        """Return why a unit has its score; faults are those of `explain`."""
        return _explained(self, unit)

    @cached_property
    def means(self) -> Floats:
        """The mean of each node over the ranked rows of the newest period; NaN for none."""
        state, view = self.result.state, self.newest
        rows = view.rows[list(view.order)]
        scores = state.values[rows, : len(state.tree.codes)]
        known = ~np.isnan(scores)
        count = known.sum(axis=0)
        total = np.where(known, scores, 0.0).sum(axis=0)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """Points above or below the score that mean scores in the same indicators would give."""

    baseline: float
    nodes: Mapping[str, float] = field(default_factory=dict)
    """By code of an indicator or group."""


@lru_cache(UNITS_KEPT)
def _explained(index: OpenIndex, unit: str) -> Explanation:
    return explain(index.result, unit, period=_period(index, unit))


def _period(index: OpenIndex, unit: str) -> int | None:
    return int(index.result.state.row_periods[index.row(unit)]) or None


@lru_cache(UNITS_KEPT)
def _pull(index: OpenIndex, unit: str) -> Pull:
    state, row = index.result.state, index.row(unit)
    tree = state.tree
    scores = state.values[row, : len(tree.codes)]
    mean = np.where(np.isnan(index.means), scores, index.means)
    alone = standing_alone(state, row)
    found = attribute(
        index.result.methodology,
        state.weights,
        scores[: tree.indicators],
        mean[: tree.indicators],
        alone={k: (own, float(mean[k])) for k, own in alone.items()},
        dropped=state.dropped.keys(),
    )
    return Pull(baseline=found.baseline, nodes=_by_code(index, found))


def _by_code(index: OpenIndex, found: Attribution) -> dict[str, float]:
    """Return points by code; a group that does not enter the top has those of its indicators."""
    tree = index.result.state.tree
    points = dict(found.parts)
    nodes = {tree.codes[j]: value for j, value in points.items()}
    for k in tree.order:
        if k in found.nodes:
            nodes[tree.codes[k]] = found.nodes[k]
        elif tree.codes[k] not in nodes:
            own = [points[j] for j in tree.leaves[k] if j in points]
            if own:
                nodes[tree.codes[k]] = float(sum(own))
    return nodes


# ---------------------------------------------------------------- opening


@dataclass(frozen=True, slots=True)
class _Source:
    """A bundle, told apart by its digest."""

    digest: str
    files: Mapping[str, bytes] = field(compare=False, hash=False)


def open_index(edition: Edition, dataset: PublishedDataset) -> OpenIndex:
    """Return the index that a dataset holds, rebuilt if nobody asked for it before."""
    return _opened(_Source(dataset.digest, edition.bundle(dataset)))


@lru_cache(KEPT)
def _opened(source: _Source) -> OpenIndex:
    run = rebuild(source.files)
    return OpenIndex(digest=source.digest, files=source.files, result=run.result, inputs=run.inputs)


def as_version(dataset: PublishedDataset, number: int) -> PublishedDataset:
    """Return a dataset as it was in one of its published versions.

    Raises
    ------
    NotFound
        If there is no such version, or it was withdrawn, or its file removed.
    """
    for each in dataset.versions:
        if each.number == number and each.digest and not each.is_withdrawn:
            return replace(dataset, number=number, digest=each.digest)
    raise NotFound(f"there is no published version {number} of this index")


@lru_cache(8)
def addresses(edition: Edition) -> Mapping[str, PublishedDataset]:
    """Return the indices of an edition by their place in addresses, withdrawn ones too.

    Of two workspaces that use one short name, the one that published first keeps it plain.
    """
    found: dict[str, PublishedDataset] = {}
    every = [each for each in edition.datasets.values() if each.content == "index"]
    for each in sorted(every, key=lambda one: (one.versions[0].released_at, one.key)):
        slug = each.slug if each.slug not in found else f"{each.workspace}.{each.slug}"
        found[slug] = each
    return found


def address_of(edition: Edition, dataset: PublishedDataset) -> str:
    """Return the place of an index in addresses."""
    return next(slug for slug, each in addresses(edition).items() if each.key == dataset.key)
