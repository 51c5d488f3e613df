"""What published indices say of an area: read from their bundles, never computed here."""

import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from everycount.figures.area_statements import Score
from everycount.model.indicator import wording
from everycount_hub import store
from everycount_hub.contents.archive import unpack
from everycount_hub.contents.index import AUDIT, METHOD
from everycount_hub.edition.nouns import AreaEntry, PublishedDataset
from everycount_hub.edition.read import Edition

SCORES, RANKS = "scores.csv", f"{AUDIT}ranks.csv"
SHARE = 0.9
"""Share of the builds between the 5th and the 95th percentile of the ranks."""
INDICATOR, GROUP = 1, 2
"""Levels of the nodes of an index, from the bottom."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Opened:
    """The tables of an index that a profile needs."""

    scores: pl.DataFrame
    ranks: pl.DataFrame
    names: Mapping[str, str]
    """What its groups and indicators are called, in the language of the method."""
    title: str
    notice: str
    framework: str
    top: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A group or indicator of an index in the newest period."""

    code: str
    name: str
    score: float | None
    status: str
    rank: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An area in an index."""

    dataset: PublishedDataset
    title: str
    notice: str
    framework: str
    score: Score | None
    """None where the area is not ranked."""
    coverage: float | None
    groups: tuple[Node, ...]
    indicators: tuple[Node, ...]


def standings_of(edition: Edition, area: AreaEntry, *, year: int) -> tuple[Standing, ...]:
    """Return what each published index that holds an area says of it.

    Parameters
    ----------
    edition : Edition
    area : AreaEntry
    year : int
        This year, which says how old the scores are.
    """
    found = (_standing(each, area, year) for each in edition.of_content("index"))
    return tuple(each for each in found if each is not None)


def _standing(dataset: PublishedDataset, area: AreaEntry, year: int) -> Standing | None:
    opened = _opened(dataset.digest)
    units = [each for each in (area.iso3, area.code) if each]
    rows = opened.scores.filter(pl.col("unit").is_in(units))
    if not rows.height:
        return None
    period = rows["period"].max()
    rows = rows.filter(pl.col("period") == period)
    tops = rows.filter(pl.col("node") == opened.top)
    if not tops.height:  # the index has figures of the area, and no score
        return None
    top = tops.row(0, named=True)
    return Standing(
        dataset=dataset,
        title=opened.title,
        notice=opened.notice,
        framework=opened.framework,
        score=_score(opened, top, area, year),
        coverage=top["coverage"],
        groups=_nodes(opened, rows, GROUP),
        indicators=_nodes(opened, rows, INDICATOR),
    )


def _score(opened: Opened, top: Mapping[str, object], area: AreaEntry, year: int) -> Score | None:
    if top["score"] is None or top["rank"] is None:
        return None
    period = str(top["period"])
    same = (pl.col("node") == opened.top) & (pl.col("period") == top["period"])
    count = opened.scores.filter(same & pl.col("rank").is_not_null()).height
    tested = opened.ranks.filter(same & (pl.col("unit") == top["unit"]))
    low, high = (
        (round(tested["q05"][0]), round(tested["q95"][0])) if tested.height else (None, None)
    )
    return Score(
        area=area.code,
        period=period,
        score=float(str(top["score"])),
        rank=round(float(str(top["rank"]))),
        count=count,
        low=low,
        high=high,
        share=SHARE,
        age=year - int(period[:4]),
    )


def _nodes(opened: Opened, rows: pl.DataFrame, level: int) -> tuple[Node, ...]:
    return tuple(
        Node(
            code=row["node"],
            name=opened.names.get(row["node"], row["node"]),
            score=row["score"],
            status=row["status"],
            rank=None if row["rank"] is None else round(row["rank"]),
        )
        for row in rows.filter(pl.col("level") == level).iter_rows(named=True)
    )


@lru_cache(16)
def _opened(digest: str) -> Opened:
    files = unpack(store.bundle_path(digest))
    method = tomllib.loads(files[METHOD].decode())
    scores = _table(files[SCORES], ("score", "rank", "coverage"))
    nodes = [*method.get("groups", ()), *method.get("indicators", ())]
    names = {each["code"]: _name(each.get("name") or each["code"]) for each in nodes}
    level = scores["level"].max()
    return Opened(
        scores=scores,
        ranks=_table(files[RANKS], ("q05", "q95")) if RANKS in files else scores.clear(),
        names=names,
        title=_name(method.get("title", "")),
        notice=_name(method.get("notice", "")),
        framework=str(method.get("framework", "")),
        top=str(scores.filter(pl.col("level") == level)["node"][0]),
    )


def _name(value: object) -> str:
    """Return a text of a method, which may be one or several languages."""
    return wording(value) if isinstance(value, dict) else str(value)


def _table(content: bytes, numbers: tuple[str, ...]) -> pl.DataFrame:
    table = pl.read_csv(io.BytesIO(content), infer_schema=False)
    casts = [pl.col(name).cast(pl.Float64, strict=False) for name in numbers]
    if "level" in table.columns:
        casts.append(pl.col("level").cast(pl.Int64))
    return table.with_columns(casts)
